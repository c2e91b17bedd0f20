/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2plink.h"

G_BEGIN_DECLS

/**
 * P2pSwarm:
 *
 * The peers that hold the same stream: who of them is asked for what, and what
 * they are told of what is held here.
 */
typedef struct _P2pSwarm P2pSwarm;

/* What it takes to tell of a segment and to be asked for it. */
#define P2P_SWARM_ROUND (150 * P2P_MSEC)
/* A peer over these is closed as it comes. */
#define P2P_SWARM_MAX_PEERS 128
/* So many ids are remembered of those who were banned; the oldest is forgotten
 * then. */
#define P2P_SWARM_MAX_BANNED 256

/* So many are remembered of what was played last, … */
#define P2P_SWARM_PASSED 4
/* … and who came so late is given time to get what is played here. */
#define P2P_SWARM_YOUNG (5 * P2P_SECOND)

typedef struct
{
  void (*connected) (P2pPeer * peer, gpointer user_data);
  void (*closed) (const char *id, gpointer user_data);
  /* What can be had of whom has changed; once for all changes of a moment. */
  void (*changed) (gpointer user_data);
  /* Fills what the peers are told (element-type utf8, not copied) */
  void (*list) (GPtrArray * loaded, GPtrArray * loading, gpointer user_data);
  /* As in P2pLinkEvents */
  void (*piece) (gsize size, gpointer user_data);
  void (*loaded) (const char *id, P2pBody * body, gint64 elapsed,
      gpointer user_data);
  void (*failed) (const char *id, P2pBody * body, gsize of, gsize wasted,
      gpointer user_data);
  void (*bad) (gpointer user_data);
  P2pSegment *(*wanted) (const char *id, gpointer user_data);
  void (*uploaded) (gsize size, gpointer user_data);
} P2pSwarmEvents;

P2pSwarm *p2p_swarm_new (P2pClock * clock, GRand * rand,
    const P2pSwarmEvents * events, gpointer user_data);
/* Closes all peers. No event comes after it. */
void p2p_swarm_free (P2pSwarm * self);
/* Bytes a second to all peers together; 0: no limit. See P2pTurns. */
void p2p_swarm_set_upload_rate (P2pSwarm * self, guint64 rate);

/* Closes a peer that is one too many, was banned, or whose id is there
 * already. */
void p2p_swarm_add (P2pSwarm * self, P2pPeer * peer);
guint p2p_swarm_get_n_peers (P2pSwarm * self);
/* Adds them to peers (element-type P2pPeer), borrowed. */
void p2p_swarm_list_peers (P2pSwarm * self, GPtrArray * peers);
/* Closes all peers, with their events; none may be asked for anything. */
void p2p_swarm_clear (P2pSwarm * self);
/* What a peer sent of id, all of it, is good. */
void p2p_swarm_accept (P2pSwarm * self, const char *peer_id, const char *id);
/* It is not: the peer is closed, with its events, and does not come back. */
void p2p_swarm_ban (P2pSwarm * self, const char *peer_id);
/* What is held here has changed: the peers are told soon. */
void p2p_swarm_update (P2pSwarm * self);

/* The most that any peer has of it. */
P2pPeerHas p2p_swarm_has (P2pSwarm * self, const char *id);
/* Returns: the number of peers that have it and are thought to send so many
 * bytes, or half of them, within a time (P2P_NEVER: any): the rest then comes
 * another way. coming: (out): another will have it, or may be asked again;
 * again: (inout): no later than that. */
guint p2p_swarm_count (P2pSwarm * self, const char *id, guint64 bytes,
    gint64 within, gboolean * coming, gint64 * again);
/* Asks one of the idle peers that p2p_swarm_count() counts: the faster, the
 * more often; what was not proven yet, or is slow, has its chance too. length:
 * -1 if not known. urgent: see p2p_peer_request(). held: (inout) (nullable): the
 * first bytes of it, of of in all; taken, if only the rest is asked for. again: as
 * before. Returns: FALSE if there is none. */
gboolean p2p_swarm_request (P2pSwarm * self, const char *id, gint64 length,
    guint64 bytes, gint64 within, gboolean urgent, P2pBody ** held, gsize of,
    gint64 * again);
guint p2p_swarm_get_n_requests (P2pSwarm * self);
/* Returns: (transfer full) (nullable): what came of it, of of bytes in all */
P2pBody *p2p_swarm_cancel (P2pSwarm * self, const char *id, gsize * of);
/* Whether a peer is asked for it now. */
gboolean p2p_swarm_is_asked (P2pSwarm * self, const char *id);
/* How much of it came. */
gsize p2p_swarm_get_received (P2pSwarm * self, const char *id);
/* When it will be there, of so many bytes, if it is on its way; or else how long
 * the fastest takes that has it and may be asked at once. P2P_NEVER: none. */
gint64 p2p_swarm_estimate_rest (P2pSwarm * self, const char *id, guint64 bytes);

/* Time in which a usual one of the peers sends so many bytes. */
gint64 p2p_swarm_estimate (P2pSwarm * self, guint64 bytes);
/* The id that peers who are added from now on know this viewer by (a tracker that
 * began anew gives another one), and those who came when there was none. */
void p2p_swarm_set_own (P2pSwarm * self, const char *own);
/* Whether this viewer takes part in the election, and tells its peers so: FALSE at
 * first. */
void p2p_swarm_set_elects (P2pSwarm * self, gboolean elects);
/* The number of peers that take part in it. */
guint p2p_swarm_get_n_electors (P2pSwarm * self);
/* The number of those that p2p_election_is_before() puts before this viewer: all,
 * if it takes no part. */
guint p2p_swarm_get_rank (P2pSwarm * self, const char *id);
/* The number of those that do not, and tell that they have what they were sent. */
guint p2p_swarm_get_n_others (P2pSwarm * self);
/* Whether there is one, and it got from here at least credit bytes more than it gave:
 * what is left to several is fetched by several of them. */
gboolean p2p_swarm_is_left (P2pSwarm * self, gint64 credit);
/* Whether who is elected for it, if it is not this viewer, has only just come, or
 * holds something of ahead (element-type utf8), which is to be played here, or of
 * what was forgotten last: it may fetch it in time. */
gboolean p2p_swarm_is_elected_near (P2pSwarm * self, const char *id,
    GPtrArray * ahead);
/* Whether who is elected for it, if it is not this viewer, may have begun it before
 * this viewer came: it has told of nothing new since. */
gboolean p2p_swarm_has_begun (P2pSwarm * self, const char *id);
/* Changes whenever a rank may have changed; never 0. */
guint p2p_swarm_get_membership (P2pSwarm * self);
/* When all peers will have told what they have: the past if they have. */
gint64 p2p_swarm_get_settled (P2pSwarm * self);
/* id is of no interest any more. */
void p2p_swarm_forget (P2pSwarm * self, const char *id);

G_END_DECLS
