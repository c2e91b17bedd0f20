/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pPlan:
 *
 * What is known of a segment that is not on its way yet, and what follows from
 * it: to ask a peer, to fetch it over HTTP, or to wait for who will have it. It
 * never waits longer than HTTP still brings it in time.
 */
typedef struct
{
  gint64 now;
  gint64 deadline;              /* when it has to be there; P2P_NEVER: unknown */
  gint64 http;                  /* time that HTTP needs for it */
  gint64 hand;                  /* time that a peer takes to hand it on */
  guint holders;                /* peers that have it and are fast enough */
  gboolean coming;              /* a peer will have it, or may turn out to */
  guint rank;                   /* own, in the election; 0: elected */
  guint peers;                  /* that take part in it */
  gboolean left;                /* it is left to a peer that does not */
  gint64 known;                 /* since when it could be fetched */
} P2pPlan;

typedef enum
{
  P2P_PLAN_WAIT,
  P2P_PLAN_PEER,
  P2P_PLAN_HTTP,
} P2pPlanStep;

/* What HTTP gets beside the time it is thought to need. */
#define P2P_PLAN_MARGIN (300 * P2P_MSEC)
/* So many times as long as it could be is how long it takes to reach all. */
#define P2P_PLAN_SLACK 1.6

/* What is left to a peer that takes no part in the election, but fetches by itself,
 * is until this part of the time that there is, and so long before HTTP has to begin
 * at the latest; but, by who has nobody else to hand it to, for so long at least, if
 * it is still in time. */
#define P2P_PLAN_LEAVE_PART 5
#define P2P_PLAN_LEAVE (10 * P2P_SECOND)
/* Percent of a full queue that one who takes no part is given before it gave
 * anything: tried out with one stream of a minute and one page. */
#define P2P_PLAN_CREDIT 30

/* When HTTP has to begin at the latest; P2P_NEVER if that is unknown. */
gint64 p2p_plan_get_last (gint64 deadline, gint64 http);

/* until: (out): when to look again though nothing happened, or P2P_NEVER. */
P2pPlanStep p2p_plan_decide (const P2pPlan * self, gint64 * until);

G_END_DECLS
