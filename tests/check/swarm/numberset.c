/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnumberset.h"

static void
assert_set (GArray * set, const gint64 * numbers, guint n)
{
  g_assert_cmpmem (set->data, set->len * sizeof (gint64), numbers,
      n * sizeof (gint64));
}

static void
test_sort (void)
{
  const gint64 numbers[] = { 7, G_MAXINT64, -1, 7, G_MININT64, -1, 7 };
  const gint64 sorted[] = { G_MININT64, -1, 7, G_MAXINT64 };
  g_autoptr (GArray) set = p2p_number_set_new ();

  p2p_number_set_sort (set);
  assert_set (set, NULL, 0);
  g_array_append_vals (set, numbers, G_N_ELEMENTS (numbers));
  p2p_number_set_sort (set);
  assert_set (set, sorted, G_N_ELEMENTS (sorted));
}

static void
test_change (void)
{
  const gint64 all[] = { G_MININT64, 3, 4, 9 }, few[] = { 3, 4 };
  g_autoptr (GArray) set = p2p_number_set_new ();

  g_assert_false (p2p_number_set_contains (set, 4));
  g_assert_false (p2p_number_set_remove (set, 4));
  g_assert_true (p2p_number_set_add (set, 4));
  g_assert_true (p2p_number_set_add (set, 9));
  g_assert_true (p2p_number_set_add (set, G_MININT64));
  g_assert_true (p2p_number_set_add (set, 3));
  g_assert_false (p2p_number_set_add (set, 9));
  assert_set (set, all, G_N_ELEMENTS (all));
  g_assert_true (p2p_number_set_contains (set, 3));
  g_assert_false (p2p_number_set_contains (set, 5));
  g_assert_false (p2p_number_set_remove (set, 5));
  g_assert_true (p2p_number_set_remove (set, G_MININT64));
  g_assert_true (p2p_number_set_remove (set, 9));
  assert_set (set, few, G_N_ELEMENTS (few));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number-set/sort", test_sort);
  g_test_add_func ("/number-set/change", test_change);
  return g_test_run ();
}
