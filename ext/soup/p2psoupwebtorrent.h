/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2psignaller.h"
#include "p2pwtannounce.h"

G_BEGIN_DECLS

/**
 * P2pSoupWebtorrent:
 *
 * A client of one WebTorrent WebSocket tracker, for any number of swarms: all go
 * over one WebSocket, which is open while there are any. A #P2pWtDialer finds
 * the viewers of a swarm at several trackers: it joins each.
 *
 * When the WebSocket breaks, or the tracker is silent, it is opened again, later
 * and later, and each swarm announced anew. Trouble is told as a warning each
 * time. The only error is a URL that is none.
 */
typedef struct _P2pSoupWebtorrent P2pSoupWebtorrent;
typedef struct _P2pSoupWebtorrentSwarm P2pSoupWebtorrentSwarm;

/* Pauses before it comes back (p2p_backoff()). Not started anew when the last
 * swarm leaves and another joins. */
#define P2P_SOUP_WEBTORRENT_RETRY (10 * P2P_SECOND)
#define P2P_SOUP_WEBTORRENT_RETRY_MAX (600 * P2P_SECOND)
/* Seconds between PING frames, so that proxies, that cut what is silent for a
 * minute, do not. */
#define P2P_SOUP_WEBTORRENT_KEEPALIVE 50

/* None comes from inside a call of these functions; a callback may leave, and free
 * the client. */
typedef struct
{
  /* The tracker took the announce. n_peers: others in the swarm, that it told
   * of */
  void (*announced) (guint n_peers, gpointer user_data);
  /* Trouble that it goes on with by itself, and words of the tracker's own. */
  void (*warning) (const char *text, gpointer user_data);
  /* It is not tried again. */
  void (*error) (const GError * error, gpointer user_data);
} P2pSoupWebtorrentEvents;

/* url: ws(s)://…, or http(s). clock: kept (a reference); rand: borrowed. Of the
 * thread whose default context is the engine's. */
P2pSoupWebtorrent *p2p_soup_webtorrent_new (P2pClock * clock, GRand * rand,
    const char *url);
/* Leaves all swarms. */
void p2p_soup_webtorrent_free (P2pSoupWebtorrent * self);
/* As p2p_signaller_set_options(). */
void p2p_soup_webtorrent_set_options (P2pSoupWebtorrent * self,
    P2pHttpOptions * options);

/* dialer: borrowed, until it leaves. n_offers: with each announce, see
 * P2pGenerationInfo. events: static. Returns: (transfer none): until
 * p2p_soup_webtorrent_leave(), or the client is freed */
P2pSoupWebtorrentSwarm *p2p_soup_webtorrent_join (P2pSoupWebtorrent * self,
    P2pWtDialer * dialer, guint n_offers,
    const P2pSoupWebtorrentEvents * events, gpointer user_data);
/* Says "stopped" without waiting; no event comes after it. Whoever is connected
 * stays so. */
void p2p_soup_webtorrent_leave (P2pSoupWebtorrentSwarm * swarm);
/* All but swarm_id, that is left as it is. The strings are the swarm's, until the
 * next call. */
void p2p_soup_webtorrent_get_stats (P2pSoupWebtorrentSwarm * swarm,
    P2pSignallerStats * stats);

G_END_DECLS
