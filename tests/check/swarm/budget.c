/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbudget.h"

/* What it may say at once, in messages of size bytes. */
static guint
spend_all (P2pBudget * budget, gint64 now, gsize size)
{
  guint n = 0;

  while (p2p_budget_spend (budget, now, size))
    n++;
  return n;
}

static void
test_burst (void)
{
  P2pBudget budget;

  p2p_budget_init (&budget, 5);
  g_assert_cmpuint (spend_all (&budget, 5, 0), ==, P2P_BUDGET_BURST);
  g_assert_false (p2p_budget_spend (&budget, 5, 0));
  /* It is not saved up beyond that. */
  g_assert_cmpuint (spend_all (&budget, 3600 * P2P_SECOND, 1023), ==,
      P2P_BUDGET_BURST);
}

static void
test_rate (void)
{
  P2pBudget budget;

  p2p_budget_init (&budget, 0);
  spend_all (&budget, 0, 0);
  g_assert_false (p2p_budget_spend (&budget, P2P_SECOND / P2P_BUDGET_RATE - 1,
          0));
  g_assert_true (p2p_budget_spend (&budget, P2P_SECOND / P2P_BUDGET_RATE, 0));
  g_assert_cmpuint (spend_all (&budget, P2P_SECOND, 0), ==,
      P2P_BUDGET_RATE - 1);
}

static void
test_long (void)
{
  P2pBudget budget;

  p2p_budget_init (&budget, 0);
  g_assert_cmpuint (spend_all (&budget, 0, 1024), ==, P2P_BUDGET_BURST / 2);
  p2p_budget_init (&budget, 0);
  g_assert_false (p2p_budget_spend (&budget, 0, P2P_BUDGET_BURST * 1024));
  g_assert_false (p2p_budget_spend (&budget, 0, G_MAXSIZE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/budget/burst", test_burst);
  g_test_add_func ("/budget/rate", test_rate);
  g_test_add_func ("/budget/long", test_long);
  return g_test_run ();
}
