/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackergate.h"

static void
test_bucket (void)
{
  P2pTrackerBucket bucket = { 0 };
  gint64 now = 100 * P2P_SECOND;

  for (guint i = 0; i < 3 * P2P_TRACKER_BURST; i++)
    g_assert_true (p2p_tracker_bucket_take (&bucket, 3, now));
  g_assert_false (p2p_tracker_bucket_take (&bucket, 3, now));
  g_assert_false (p2p_tracker_bucket_take (&bucket, 3, now + P2P_SECOND / 4));
  now += P2P_SECOND;
  for (guint i = 0; i < 3; i++)
    g_assert_true (p2p_tracker_bucket_take (&bucket, 3, now));
  g_assert_false (p2p_tracker_bucket_take (&bucket, 3, now));
  /* No more than that is saved. */
  now += 1000 * P2P_SECOND;
  for (guint i = 0; i < 3 * P2P_TRACKER_BURST; i++)
    g_assert_true (p2p_tracker_bucket_take (&bucket, 3, now));
  g_assert_false (p2p_tracker_bucket_take (&bucket, 3, now));
  g_assert_false (p2p_tracker_bucket_take (&bucket, 0, now + P2P_SECOND));
}

static void
test_connections (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (P2P_SECOND);
  g_autoptr (P2pTrackerGate) gate = p2p_tracker_gate_new (clock, 2, 1);
  P2pTrackerVisitor *a = p2p_tracker_gate_enter (gate, "192.0.2.1");
  P2pTrackerVisitor *b = p2p_tracker_gate_enter (gate, "192.0.2.1");

  g_assert_nonnull (a);
  g_assert_true (a == b);
  g_assert_null (p2p_tracker_gate_enter (gate, "192.0.2.1"));
  /* The same, as IPv6 spells it */
  g_assert_null (p2p_tracker_gate_enter (gate, "::ffff:192.0.2.1"));
  p2p_tracker_gate_leave (gate, a);
  g_assert_true (p2p_tracker_gate_enter (gate, "::ffff:192.0.2.1") == a);
  g_assert_null (p2p_tracker_gate_enter (gate, ""));
  g_assert_null (p2p_tracker_gate_enter (gate, "localhost"));
  p2p_tracker_gate_leave (gate, a);
  p2p_tracker_gate_leave (gate, a);
}

/* One customer has 64 bits of an IPv6 address. */
static void
test_network (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (P2P_SECOND);
  g_autoptr (P2pTrackerGate) gate = p2p_tracker_gate_new (clock, 1, 1);
  P2pTrackerVisitor *a = p2p_tracker_gate_enter (gate, "2001:db8:1:2::1");
  P2pTrackerVisitor *b = p2p_tracker_gate_enter (gate, "2001:db8:1:3::1");

  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_null (p2p_tracker_gate_enter (gate, "2001:db8:1:2:f::9"));
  p2p_tracker_gate_leave (gate, a);
  p2p_tracker_gate_leave (gate, b);
}

/* Who does nothing is forgotten, who is connected or asked too much is not. */
static void
test_forgets (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (P2P_SECOND);
  g_autoptr (P2pTrackerGate) gate = p2p_tracker_gate_new (clock, 10, 1);
  P2pTrackerVisitor *stays = p2p_tracker_gate_enter (gate, "192.0.2.1");

  for (guint i = 0; i < 100; i++) {
    g_autofree char *address = g_strdup_printf ("198.51.100.%u", i);

    g_assert_true (p2p_tracker_gate_request (gate,
            p2p_tracker_gate_find (gate, address)));
  }
  g_assert_cmpuint (p2p_tracker_gate_get_size (gate), ==, 101);
  p2p_clock_run (clock, 4 * P2P_SECOND);
  g_assert_true (p2p_tracker_gate_request (gate,
          p2p_tracker_gate_find (gate, "198.51.100.7")));
  p2p_clock_run (clock, 5 * P2P_SECOND);
  g_assert_cmpuint (p2p_tracker_gate_get_size (gate), ==, 2);
  p2p_clock_run (clock, 9 * P2P_SECOND);
  g_assert_cmpuint (p2p_tracker_gate_get_size (gate), ==, 1);
  p2p_tracker_gate_leave (gate, stays);
  p2p_clock_run (clock, 13 * P2P_SECOND);
  g_assert_cmpuint (p2p_tracker_gate_get_size (gate), ==, 0);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
}

static void
test_addresses (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (P2P_SECOND);
  g_autoptr (P2pTrackerGate) gate = p2p_tracker_gate_new (clock, 10, 1);

  for (guint i = 0; i < P2P_TRACKER_MAX_ADDRESSES; i++) {
    g_autofree char *address = g_strdup_printf ("10.%u.%u.%u", i >> 16,
        i >> 8 & 255, i & 255);

    g_assert_nonnull (p2p_tracker_gate_find (gate, address));
  }
  g_assert_null (p2p_tracker_gate_find (gate, "192.0.2.1"));
  g_assert_nonnull (p2p_tracker_gate_find (gate, "10.0.0.1"));
  p2p_clock_run (clock, 5 * P2P_SECOND);
  g_assert_nonnull (p2p_tracker_gate_find (gate, "192.0.2.1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gate/bucket", test_bucket);
  g_test_add_func ("/gate/connections", test_connections);
  g_test_add_func ("/gate/network", test_network);
  g_test_add_func ("/gate/forgets", test_forgets);
  g_test_add_func ("/gate/addresses", test_addresses);
  return g_test_run ();
}
