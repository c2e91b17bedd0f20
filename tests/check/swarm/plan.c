/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pplan.h"

#define S P2P_SECOND

static P2pPlanStep
decide (P2pPlan plan, gint64 * until)
{
  gint64 own;

  return p2p_plan_decide (&plan, until ? until : &own);
}

/* Whatever is known of peers: at the last moment, HTTP. */
static void
test_last (void)
{
  gint64 last = p2p_plan_get_last (10 * S, S);

  g_assert_cmpint (last, ==, 9 * S - P2P_PLAN_MARGIN);
  for (guint holders = 0; holders < 3; holders++)
    for (guint rank = 0; rank < 9; rank++)
      for (guint coming = 0; coming < 2; coming++) {
        P2pPlan plan = { last, 10 * S, S, S, holders, coming, rank };

        g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_HTTP);
        plan.now = last - 1;
        if (holders > 0)
          g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_PEER);
        else
          g_assert_cmpint (decide (plan, NULL), ==,
              coming ? P2P_PLAN_WAIT : P2P_PLAN_HTTP);
      }
}

static void
test_elected (void)
{
  P2pPlan plan = { 0, 100 * S, S, S, 0, FALSE, 0 };
  gint64 until;

  g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_HTTP);
  plan.deadline = P2P_NEVER;
  g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_HTTP);
  /* A stand-in was quicker. */
  plan.coming = TRUE;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, P2P_NEVER);
}

/* The first stand-in is first, and in time to hand it on. */
static void
test_stand_ins (void)
{
  P2pPlan plan = { 0, 100 * S, S, 3 * S, 0, FALSE, 1 };
  gint64 last = p2p_plan_get_last (100 * S, S), before = 0, until;

  for (; plan.rank < 5; plan.rank++) {
    plan.now = 0;
    g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
    g_assert_cmpint (until, ==, last - 4 * S / plan.rank);
    g_assert_cmpint (until, >, before);
    before = plan.now = until;
    g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_HTTP);
  }
  plan.now = 0;
  plan.deadline = P2P_NEVER;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, P2P_NEVER);
}

/* What is left to another is fetched in time. */
static void
test_left (void)
{
  P2pPlan plan = { 0, 100 * S, S / 2, S / 2, 0, FALSE, 0, 0, TRUE, 0 };
  gint64 last = p2p_plan_get_last (100 * S, S / 2), until;

  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, last - P2P_PLAN_LEAVE);
  plan.now = until;
  g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_HTTP);
  /* Of less time, a part, … */
  plan.now = plan.known = last - 40 * S;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, last - 8 * S);
  /* … but as long, … */
  plan.now = plan.known = last - P2P_PLAN_LEAVE - 11 * S / 5;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, plan.known + P2P_PLAN_LEAVE);
  /* … if it still comes in time. */
  plan.now = plan.known = last - 5 * S;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, last - 2 * S);
  plan.deadline = P2P_NEVER;
  g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_HTTP);
}

/* Among several, who is elected for what is left begins before anybody stands in,
 * and has handed it to the first of them by then. */
static void
test_left_of_many (void)
{
  P2pPlan plan = { 0, 100 * S, S, 3 * S, 0, FALSE, 0, 0, TRUE, 0 };
  gint64 last = p2p_plan_get_last (100 * S, S), begins, until;

  for (plan.peers = 1; plan.peers < 32; plan.peers++) {
    plan.rank = 0;
    plan.now = plan.known = last - 50 * S;
    g_assert_cmpint (decide (plan, &begins), ==, P2P_PLAN_WAIT);
    plan.rank = 1;
    plan.now = begins;
    g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
    g_assert_cmpint (begins, ==, MIN (last - P2P_PLAN_LEAVE, until - 4 * S));
  }
  /* If it cannot be so long, nothing is left. */
  plan.rank = 0;
  plan.now = plan.known = last - 10 * S;
  g_assert_cmpint (decide (plan, NULL), ==, P2P_PLAN_HTTP);
}

/* Among many, it begins sooner: each round, twice as many have it. */
static void
test_many (void)
{
  P2pPlan plan = { 0, 100 * S, S, 3 * S, 0, FALSE, 1, 7 };
  gint64 last = p2p_plan_get_last (100 * S, S), until;

  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, last - S - (gint64) (P2P_PLAN_SLACK * 2 * 3 * S));
  plan.peers = 31;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, last - S - (gint64) (P2P_PLAN_SLACK * 4 * 3 * S));
  /* Whoever is later has fewer to reach. */
  plan.rank = 4;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, last - S - (gint64) (P2P_PLAN_SLACK * 2 * 3 * S));
  plan.rank = 31;
  g_assert_cmpint (decide (plan, &until), ==, P2P_PLAN_WAIT);
  g_assert_cmpint (until, ==, last - S);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/last", test_last);
  g_test_add_func ("/plan/elected", test_elected);
  g_test_add_func ("/plan/stand-ins", test_stand_ins);
  g_test_add_func ("/plan/many", test_many);
  g_test_add_func ("/plan/left", test_left);
  g_test_add_func ("/plan/left-of-many", test_left_of_many);
  return g_test_run ();
}
