/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pconnection.h"
#include "p2phttp.h"
#include "p2psignaller.h"

G_BEGIN_DECLS

/**
 * P2pSoupTracker:
 *
 * A client of seed 002's tracker, and of the signalling over WebSocket that goes
 * with it: a #P2pSignaller. Each swarm that is joined has an id of its own
 * there, its own timers and its own WebSocket.
 *
 * It sends what the browsers' client of that protocol sends, which is more exact
 * than the seed's words: `source` and `p2p` in stats are kilobytes since the
 * last stats that the tracker took, `conns` is by how many connections there are
 * more (or, negative, less) than then, and both it and `failConns` are left out
 * when they are 0. Where that client gives up for good (a request or the
 * WebSocket that failed, a viewer that could not be connected) this one tries
 * again, later and later. A heartbeat that the tracker refuses (a status from
 * 400 to 499), or that finds nobody there, is followed by a new announce.
 * Trouble is told as a warning each time. Errors, that end it, are an announce
 * or signal URL that is none, and the signalling's "reject".
 */
#define P2P_TYPE_SOUP_TRACKER (p2p_soup_tracker_get_type ())
G_DECLARE_FINAL_TYPE (P2pSoupTracker, p2p_soup_tracker, P2P, SOUP_TRACKER,
    GObject)

typedef struct
{
  /* http(s) URL to which /announce, /get_peers, /stats and /heartbeat are
   * added; a query of its own ("?key=…") is sent with each. */
  const char *announce;
  /* ws(s) URL of the signalling; NULL: host and port of announce, path /ws */
  const char *signal_url;
  /* What the announce tells of us; NULL: it is left out. */
  const char *browser;          /* "GStreamer/1.22.0" */
  const char *device;           /* "PC" or "mobile" */
  const char *os;               /* "Linux" */
  P2pConnector *connector;
  /* Makes what speaks over a channel; that keeps what it is given (a reference
   * or a copy). Returns: (transfer full) */
  P2pPeer *(*make_peer) (P2pClock * clock, P2pChannel * channel,
      P2pNames * names, const char *peer_id);
} P2pSoupTrackerConfig;

/* context: as for p2p_soup_fetcher_new(). clock and connector are kept (a
 * reference each), strings are copied. rand: (transfer full) */
P2pSoupTracker *p2p_soup_tracker_new (P2pClock * clock, GMainContext * context,
    GRand * rand, const P2pSoupTrackerConfig * config);

G_END_DECLS
