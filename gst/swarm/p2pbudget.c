/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbudget.h"

#define MOST (P2P_BUDGET_BURST * P2P_SECOND)

void
p2p_budget_init (P2pBudget * self, gint64 now)
{
  self->left = MOST;
  self->time = now;
}

gboolean
p2p_budget_spend (P2pBudget * self, gint64 now, gsize size)
{
  gint64 cost = (1 + MIN (size, G_MAXINT32) / 1024) * P2P_SECOND;
  gint64 elapsed = MIN (now - self->time, MOST / P2P_BUDGET_RATE);

  self->left = MIN (self->left + elapsed * P2P_BUDGET_RATE, MOST);
  self->time = now;
  if (self->left < cost)
    return FALSE;
  self->left -= cost;
  return TRUE;
}
