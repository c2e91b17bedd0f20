/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pplan.h"

gint64
p2p_plan_get_last (gint64 deadline, gint64 http)
{
  return deadline == P2P_NEVER ? P2P_NEVER : deadline - http - P2P_PLAN_MARGIN;
}

/* when at which something else is to be done; not before there is a last. */
static P2pPlanStep
p2p_plan_wait (const P2pPlan * self, gint64 last, gint64 before,
    P2pPlanStep then, gint64 * until)
{
  *until = last == P2P_NEVER ? P2P_NEVER : last - before;
  if (self->now < *until)
    return P2P_PLAN_WAIT;
  *until = last;
  return then;
}

/* How long before the last moment a stand-in steps in. The first one so that it
 * can still be handed on to all. Where they are so many that this takes longer
 * than there is time, the next ones have to fetch it as well: with each of them
 * fewer are left to get it. */
static gint64
p2p_plan_get_lead (const P2pPlan * self)
{
  gint64 lead = (self->http + self->hand) / self->rank, rounds = 0;

  for (guint64 reach = (guint64) self->rank * P2P_PLAN_SPREAD;
      reach <= self->peers; reach *= P2P_PLAN_SPREAD)
    rounds++;
  return MAX (lead, rounds > 0 ? self->http + rounds * self->hand : 0);
}

P2pPlanStep
p2p_plan_decide (const P2pPlan * self, gint64 * until)
{
  gint64 last = p2p_plan_get_last (self->deadline, self->http);

  *until = last;
  if (self->now >= last)
    return P2P_PLAN_HTTP;
  if (self->holders > 0) {
    if (self->rank <= (guint64) P2P_PLAN_ASKERS * self->holders)
      return P2P_PLAN_PEER;
    /* Late enough to ask whoever has it. */
    return p2p_plan_wait (self, last, self->hand, P2P_PLAN_PEER, until);
  }
  if (self->coming)
    return P2P_PLAN_WAIT;
  if (self->rank == 0)
    return P2P_PLAN_HTTP;
  return p2p_plan_wait (self, last, p2p_plan_get_lead (self), P2P_PLAN_HTTP,
      until);
}
