/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackerwtbook.h"

G_BEGIN_DECLS

/**
 * P2pTrackerWebtorrent:
 *
 * A WebTorrent tracker: who is in the swarm of an info hash, and the offers and
 * answers from one to another, which it passes on as they are. A drop-in for
 * bittorrent-tracker and wt-tracker. Where those two differ:
 *
 * - `stopped` is answered as any announce is.
 * - A failure says which `action` it is of; a viewer could not read it else. The
 *   WebSocket stays open.
 * - An answer for a peer that is not there is dropped and counted.
 * - An answer has to come from the WebSocket that announced its peer id.
 * - The newest WebSocket that announces a peer id has it.
 * - `numwant` is the most offers that are handed out, all of them if there is no
 *   such number; an item of `offers` without an offer is handed out too.
 */
typedef struct _P2pTrackerWebtorrent P2pTrackerWebtorrent;

/* Swarms that the answer to one scrape tells of */
#define P2P_TRACKER_WT_MAX_SCRAPED 1024

/* text: UTF-8, not terminated; may not call the tracker */
typedef void (*P2pTrackerSend) (gpointer socket, const char *text, gsize size);

typedef struct
{
  P2pTrackerWtBookConfig book;
  /* (nullable): the only info hashes that there may be swarms of, as
   * p2p_tracker_webtorrent_read_info_hash() takes them */
  const char *const *allowed_info_hashes;
} P2pTrackerWebtorrentConfig;

typedef struct
{
  guint sockets;                /* now */
  guint swarms;                 /* now */
  guint peers;                  /* now, of all swarms */
  guint64 announces;            /* answered with success */
  guint64 scrapes;              /* … */
  guint64 offers;               /* that were passed on */
  guint64 answers;              /* … */
  guint64 absent;               /* answers for who is not there */
  guint64 failed;               /* messages that were answered with a failure */
} P2pTrackerWebtorrentStats;

/* Returns: FALSE if text is neither 40 hexadecimal digits nor 20 printable
 * characters, the two spellings of an info hash that people use */
gboolean p2p_tracker_webtorrent_read_info_hash (const char *text,
    P2pWtId * info_hash);

/* clock, rand: not kept, have to outlive it. */
P2pTrackerWebtorrent *p2p_tracker_webtorrent_new (P2pClock * clock,
    GRand * rand, const P2pTrackerWebtorrentConfig * config,
    P2pTrackerSend send);
/* No owner may be left. */
void p2p_tracker_webtorrent_free (P2pTrackerWebtorrent * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrackerWebtorrent,
    p2p_tracker_webtorrent_free)

/* Returns: (transfer full): for p2p_tracker_webtorrent_leave() */
P2pTrackerWtOwner *p2p_tracker_webtorrent_join (P2pTrackerWebtorrent * self,
    gpointer socket);
void p2p_tracker_webtorrent_leave (P2pTrackerWebtorrent * self,
    P2pTrackerWtOwner * owner);
void p2p_tracker_webtorrent_message (P2pTrackerWebtorrent * self,
    P2pTrackerWtOwner * owner, const char *text, gsize size);

void p2p_tracker_webtorrent_get_stats (P2pTrackerWebtorrent * self,
    P2pTrackerWebtorrentStats * stats);
P2pTrackerWtBook *p2p_tracker_webtorrent_get_book (P2pTrackerWebtorrent *
    self);

G_END_DECLS
