/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pfetcher.h"
#include "p2psignaller.h"
#include "p2psndialer.h"
#include "p2psouppool.h"

G_BEGIN_DECLS

/**
 * P2pSoupTrackerSwarm:
 *
 * One swarm that was joined at a tracker of seed 002: announce, get_peers, stats
 * and heartbeat, each when it is time, and the signalling that goes with them.
 */
typedef struct _P2pSoupTrackerSwarm P2pSoupTrackerSwarm;

/* More viewers are asked for while there are few, first after this and then,
 * as long as it is of no use, ever later. The same again when one is gone, but
 * not more often than that. */
#define P2P_SN_GET_PEERS (25 * P2P_SECOND)
#define P2P_SN_GET_PEERS_GROWTH 1.7
#define P2P_SN_GET_PEERS_MAX (300 * P2P_SECOND)

/* What the swarms of a tracker share. It outlives them. */
typedef struct
{
  P2pSignaller *signaller;      /* whose events they are; borrowed */
  P2pClock *clock;
  GRand *rand;
  P2pFetcher *fetcher;
  P2pSoupPool *pool;
  P2pHttpOptions *options;
  P2pConnector *connector;
  P2pPeer *(*make_peer) (P2pClock * clock, P2pChannel * channel,
      P2pNames * names, const char *peer_id);
  guint max_peers;
  char *announce;               /* as the user spells it: the tracker's name */
  char *base;                   /* … without its query */
  char *query;                  /* "", or that query and a & */
  char *signal_url;             /* as http(s) */
  GError *error;                /* what is wrong with these, or NULL */
  char *client;                 /* what announce tells of us: &browser=… */
  GHashTable *own_ids;          /* of all swarms, former ones too */
} P2pSoupTrackerWorld;

P2pSoupTrackerSwarm *p2p_soup_tracker_swarm_new (P2pSoupTrackerWorld * world,
    const char *swarm_id, P2pNames * names, const P2pSignallerEvents * events,
    gpointer user_data);
/* Leaves it. */
void p2p_soup_tracker_swarm_free (P2pSoupTrackerSwarm * self);

void p2p_soup_tracker_swarm_set_max_peers (P2pSoupTrackerSwarm * self,
    guint max_peers);
void p2p_soup_tracker_swarm_get_stats (P2pSoupTrackerSwarm * self,
    P2pSignallerStats * stats);

gboolean p2p_soup_tracker_swarm_is (P2pSoupTrackerSwarm * self,
    const char *swarm_id, gpointer user_data);

G_END_DECLS
