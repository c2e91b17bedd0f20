/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pwtmessage.h"
#include "p2ptrackeridle.h"

G_BEGIN_DECLS

/**
 * P2pTrackerWtBook:
 *
 * The swarms of WebTorrent that a tracker knows, each by its info hash, and their
 * peers, each by the id that it gave itself and the WebSocket that announced it
 * last. A peer that does not announce itself again for P2P_TRACKER_WT_LIVES
 * intervals is gone, and a swarm without peers takes no memory. No call costs more
 * in a large swarm than in a small one, and nobody outside can choose ids that
 * make it cost more.
 */
typedef struct _P2pTrackerWtBook P2pTrackerWtBook;

#define P2P_TRACKER_WT_LIVES 3
/* Peers of one WebSocket: pages use one for all of their streams. */
#define P2P_TRACKER_WT_MAX_OWNED 64

typedef struct
{
  guint interval;               /* seconds between two announces */
  guint max_swarms;
  guint max_peers;              /* of a swarm */
  guint max_ids;                /* of all swarms */
} P2pTrackerWtBookConfig;

/* One side of a WebSocket; begins with no peers (G_QUEUE_INIT). */
typedef struct
{
  gpointer socket;
  GQueue peers;                 /* of P2pTrackerWtPeer */
} P2pTrackerWtOwner;

typedef struct
{
  P2pWtId info_hash;
  guint complete;               /* peers that have all */
  GPtrArray *peers;             /* of P2pTrackerWtPeer */
  /*< private >*/
  guint hash;
  P2pTrackerWtBook *book;
} P2pTrackerWtSwarm;

typedef struct
{
  P2pWtId id;
  P2pTrackerWtSwarm *swarm;
  P2pTrackerWtOwner *owner;
  gboolean complete;
  /*< private >*/
  guint hash;
  guint index;                  /* in the swarm's peers */
  GList link;                   /* in the owner's peers */
  P2pTrackerIdleItem idle;
} P2pTrackerWtPeer;

/* clock, rand: not kept, have to outlive the book. */
P2pTrackerWtBook *p2p_tracker_wt_book_new (P2pClock * clock, GRand * rand,
    const P2pTrackerWtBookConfig * config);
/* No owner may have a peer left. */
void p2p_tracker_wt_book_free (P2pTrackerWtBook * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrackerWtBook, p2p_tracker_wt_book_free)

guint p2p_tracker_wt_book_get_n_swarms (P2pTrackerWtBook * self);
guint p2p_tracker_wt_book_get_n_peers (P2pTrackerWtBook * self);
P2pTrackerWtSwarm *p2p_tracker_wt_book_get_swarm (P2pTrackerWtBook * self,
    const P2pWtId * info_hash);
P2pTrackerWtPeer *p2p_tracker_wt_book_get_peer (P2pTrackerWtBook * self,
    const P2pWtId * info_hash, const P2pWtId * peer_id);
/* Until func returns FALSE. It may not change the book. */
void p2p_tracker_wt_book_foreach (P2pTrackerWtBook * self,
    gboolean (*func) (const P2pTrackerWtSwarm * swarm, gpointer user_data),
    gpointer user_data);

/* The peer is there, and owner's from now on, whosever it was.
 * Returns: (nullable): NULL: a limit is reached */
P2pTrackerWtPeer *p2p_tracker_wt_book_announce (P2pTrackerWtBook * self,
    const P2pWtId * info_hash, const P2pWtId * peer_id,
    P2pTrackerWtOwner * owner);
void p2p_tracker_wt_book_complete (P2pTrackerWtPeer * peer);
void p2p_tracker_wt_book_remove (P2pTrackerWtBook * self,
    P2pTrackerWtPeer * peer);

/* Others of its swarm, n of them if there are so many, taken at random, in random
 * order, the first of the peers of the swarm then.
 * Returns: how many */
guint p2p_tracker_wt_book_draw (P2pTrackerWtBook * self,
    P2pTrackerWtPeer * peer, guint n);

G_END_DECLS
