/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2ptrackerconfig.h"

G_BEGIN_DECLS

/* What may be done so often a second: saves up for P2P_TRACKER_BURST seconds.
 * All zero at first. */
typedef struct
{
  double tokens;
  gint64 filled;                /* microseconds; 0: never */
} P2pTrackerBucket;

/* now: microseconds. Returns: FALSE if it is once too often */
gboolean p2p_tracker_bucket_take (P2pTrackerBucket * self, guint per_second,
    gint64 now);

/**
 * P2pTrackerGate:
 *
 * How much each address does. One entry stands for an IPv4 address, or for the
 * 64 bits of an IPv6 address that one customer has. What does nothing is
 * forgotten.
 */
typedef struct _P2pTrackerGate P2pTrackerGate;
typedef struct _P2pTrackerVisitor P2pTrackerVisitor;

P2pTrackerGate *p2p_tracker_gate_new (P2pClock * clock,
    guint max_connections_per_address, guint max_requests_per_second);
/* No visitor may be left. */
void p2p_tracker_gate_free (P2pTrackerGate * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrackerGate, p2p_tracker_gate_free)

/* Returns: (transfer none) (nullable): who comes from that address (numeric),
 * valid until the clock runs, or as long as a connection is counted; NULL: no
 * address, or too many are watched */
P2pTrackerVisitor *p2p_tracker_gate_find (P2pTrackerGate * self,
    const char *address);

/* Counts a connection of an address.
 * Returns: (transfer full) (nullable): for p2p_tracker_gate_leave(); NULL: that
 * is too many, or no address */
P2pTrackerVisitor *p2p_tracker_gate_enter (P2pTrackerGate * self,
    const char *address);
void p2p_tracker_gate_leave (P2pTrackerGate * self,
    P2pTrackerVisitor * visitor);

/* Counts a request. Returns: FALSE: that is too many */
gboolean p2p_tracker_gate_request (P2pTrackerGate * self,
    P2pTrackerVisitor * visitor);

/* Addresses that are watched now */
guint p2p_tracker_gate_get_size (P2pTrackerGate * self);

G_END_DECLS
