/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pslot.h"

G_BEGIN_DECLS

/**
 * P2pAudience:
 *
 * The players of one session, and the slot that each one reads from, for each name
 * of a slot. Where there are several, one may choose another variant than the
 * others; it gets a slot beside theirs, and who chooses the same shares it.
 */
typedef struct _P2pAudience P2pAudience;

/* Who asked for nothing for so long has left. */
#define P2P_AUDIENCE_PATIENCE (120 * P2P_SECOND)
/* Who asked for nothing for so long may have left: nothing is loaded ahead for it. */
#define P2P_AUDIENCE_PRESENT (30 * P2P_SECOND)
/* Players that are told apart; more are one to it. */
#define P2P_AUDIENCE_MAX 64

P2pAudience *p2p_audience_new (void);
void p2p_audience_free (P2pAudience * self);

/* The slot of slots (element-type P2pSlot) in which player (NULL: the only one)
 * is to read stream: the one where that plays, its own if nobody else reads there,
 * or one that nobody reads from. Returns: (nullable): NULL: a new one is needed */
P2pSlot *p2p_audience_choose (P2pAudience * self, GPtrArray * slots,
    const char *name, P2pStream * stream, const char *player);
/* player asked in slot for the segment of that media sequence number. */
void p2p_audience_seat (P2pAudience * self, P2pSlot * slot,
    const char *player, guint64 sequence, gint64 now);
/* Where in the stream of slot its players are that are still there. Returns:
 * (transfer full) (element-type guint64): what each asked for last */
GArray *p2p_audience_list (P2pAudience * self, P2pSlot * slot, gint64 now);
/* Removes from slots those that nobody reads from, but for one of each name. */
void p2p_audience_sweep (P2pAudience * self, GPtrArray * slots, gint64 now);

G_END_DECLS
