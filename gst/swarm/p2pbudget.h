/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pBudget:
 *
 * What a stranger may say: each message costs one, and one more for each KiB.
 * A plain value.
 */

/* So many a second, and that many at once. */
#define P2P_BUDGET_RATE 500
#define P2P_BUDGET_BURST 1000

typedef struct
{
  /*< private >*/
  gint64 left, time;
} P2pBudget;

void p2p_budget_init (P2pBudget * self, gint64 now);
/* Returns: FALSE if a message of size bytes is more than it may say now */
gboolean p2p_budget_spend (P2pBudget * self, gint64 now, gsize size);

G_END_DECLS
