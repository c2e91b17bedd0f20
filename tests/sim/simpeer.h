/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ppeer.h"
#include "simnode.h"

G_BEGIN_DECLS

/* One end of a connection of two viewers, as the loader of the one sees the
 * other. */
#define SIM_TYPE_PEER (sim_peer_get_type ())
G_DECLARE_FINAL_TYPE (SimPeer, sim_peer, SIM, PEER, GObject)

/* News of the network are told at these moments, all at once. */
#define SIM_PEER_TICK (20 * P2P_MSEC)
#define SIM_SEGMENTS 2048       /* ids are numbers below this */

/* What a viewer has, P2pPeerHas of each segment; shared by all it tells. */
typedef struct
{
  grefcount refs;
  gint64 when;
  guint loaded, loading;        /* how many … */
  guint8 has[SIM_SEGMENTS];
} SimTold;

/* A connection of two viewers. told: what each told last (cached).
 * Returns: both ends in a and b (transfer full) */
void sim_peer_connect (P2pClock * clock, SimNode * node_a, const char *name_a,
    SimTold ** told_a, SimNode * node_b, const char *name_b,
    SimTold ** told_b, SimPeer ** a, SimPeer ** b);

void sim_told_unref (SimTold * told);

G_END_DECLS
