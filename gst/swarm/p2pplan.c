/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pplan.h"

#include <math.h>

gint64
p2p_plan_get_last (gint64 deadline, gint64 http)
{
  return deadline == P2P_NEVER ? P2P_NEVER : deadline - http - P2P_PLAN_MARGIN;
}

/* How long before the last moment a stand-in steps in: so that it can still be
 * handed on to all. In the time of handing it on twice as many have it, less
 * some for all that does not go as well as it could. Those after the first take
 * it that fewer have to be reached, as they are themselves some that step in. */
static gint64
p2p_plan_get_lead (const P2pPlan * self, guint rank)
{
  double rounds = log2 ((self->peers + 1.0) / rank) - 1;
  gint64 least = (self->http + self->hand) / rank;

  return MAX (least, self->http
      + (gint64) (P2P_PLAN_SLACK * MAX (rounds, 0) * self->hand));
}

/* Until when it is left to another: who is elected then still has it, and has handed
 * it to a first stand-in, before that would step in. Who has nobody to hand it to
 * leaves it for all of that time, if there is little. */
static gint64
p2p_plan_get_left (const P2pPlan * self, gint64 last)
{
  gint64 lead = p2p_plan_get_lead (self, 1) + self->http + self->hand;
  gint64 until = last - MIN ((last - self->known) / P2P_PLAN_LEAVE_PART,
      P2P_PLAN_LEAVE);

  if (self->peers == 0)
    until = MAX (until, self->known + P2P_PLAN_LEAVE);
  return MIN (until, last - lead);
}

P2pPlanStep
p2p_plan_decide (const P2pPlan * self, gint64 * until)
{
  gint64 last = p2p_plan_get_last (self->deadline, self->http);

  *until = last;
  if (self->now >= last)
    return P2P_PLAN_HTTP;
  if (self->holders > 0)
    return P2P_PLAN_PEER;
  if (self->coming)
    return P2P_PLAN_WAIT;
  if (self->left && last != P2P_NEVER) {
    *until = p2p_plan_get_left (self, last);
    if (self->now < *until)
      return P2P_PLAN_WAIT;
  }
  if (self->rank == 0)
    return P2P_PLAN_HTTP;
  if (last != P2P_NEVER)
    *until = last - p2p_plan_get_lead (self, self->rank);
  return self->now < *until ? P2P_PLAN_WAIT : P2P_PLAN_HTTP;
}
