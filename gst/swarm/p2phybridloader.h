/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ploader.h"

G_BEGIN_DECLS

/**
 * P2pHybridLoader:
 *
 * Seed 000's HybridLoader: the first segments of the queue over HTTP, those
 * that come later from peers, and now and then a later one over HTTP, so that
 * the swarm gets it once.
 *
 * It looks ahead no further than buffer_segments_count segments that are still
 * to come: what is beyond is worth less than what is before.
 */
#define P2P_TYPE_HYBRID_LOADER (p2p_hybrid_loader_get_type ())
G_DECLARE_FINAL_TYPE (P2pHybridLoader, p2p_hybrid_loader, P2P, HYBRID_LOADER,
    P2pLoader)

/* How many others will be connected if all goes well: what they may have is
 * waited for at first. G_MAXUINT: nobody knows yet; 0, as at first in each
 * swarm: nobody looks for them. */
void p2p_hybrid_loader_expect_peers (P2pHybridLoader * self, guint n);
/* Adds those that are connected to peers (element-type P2pPeer), borrowed. */
void p2p_hybrid_loader_list_peers (P2pHybridLoader * self, GPtrArray * peers);

G_END_DECLS
