/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbandwidth.h"
#include "p2pclock.h"

#define MBIT 1000000

static void
test_none (void)
{
  P2pBandwidth bandwidth = { 0, };

  g_assert_cmpuint (p2p_bandwidth_get (&bandwidth), ==, 0);
  g_assert_cmpint (p2p_bandwidth_pace (&bandwidth, 10, 20, 1 << 20, MBIT), ==,
      20);
}

static void
test_last_ones (void)
{
  P2pBandwidth bandwidth = { 0, };

  p2p_bandwidth_add (&bandwidth, 125000, P2P_SECOND);
  g_assert_cmpuint (p2p_bandwidth_get (&bandwidth), ==, MBIT);
  p2p_bandwidth_add (&bandwidth, 125000, 3 * P2P_SECOND);
  g_assert_cmpuint (p2p_bandwidth_get (&bandwidth), ==, MBIT / 2);
  for (guint i = 0; i < P2P_BANDWIDTH_TRANSFERS; i++)
    p2p_bandwidth_add (&bandwidth, 250000, P2P_SECOND);
  g_assert_cmpuint (p2p_bandwidth_get (&bandwidth), ==, 2 * MBIT);
}

static void
test_extremes (void)
{
  P2pBandwidth bandwidth = { 0, };

  /* No time, no bytes, more than 64 bits hold. */
  p2p_bandwidth_add (&bandwidth, 1 << 20, 0);
  g_assert_cmpuint (p2p_bandwidth_get (&bandwidth), >, MBIT);
  for (guint i = 0; i < P2P_BANDWIDTH_TRANSFERS; i++)
    p2p_bandwidth_add (&bandwidth, 0, G_MAXINT64);
  g_assert_cmpuint (p2p_bandwidth_get (&bandwidth), ==, 1);
  g_assert_cmpint (p2p_bandwidth_pace (&bandwidth, 5, 20, G_MAXUINT64, MBIT),
      ==, 5 + P2P_BANDWIDTH_PACE_MAX);
  bandwidth.count = G_MAXUINT;
  p2p_bandwidth_add (&bandwidth, 1, 1);
  g_assert_cmpuint (bandwidth.count, >=, P2P_BANDWIDTH_TRANSFERS);
}

static void
test_pace (void)
{
  P2pBandwidth bandwidth = { 0, };

  p2p_bandwidth_add (&bandwidth, 125000, P2P_SECOND);
  /* As long as the network would have taken … */
  g_assert_cmpint (p2p_bandwidth_pace (&bandwidth, 100, 200, 125000, MBIT),
      ==, 100 + P2P_SECOND);
  /* … unless it took longer, */
  g_assert_cmpint (p2p_bandwidth_pace (&bandwidth, 100, 2 * P2P_SECOND,
          125000, MBIT), ==, 2 * P2P_SECOND);
  /* or the network is fast enough, or there is nothing to choose from. */
  g_assert_cmpint (p2p_bandwidth_pace (&bandwidth, 100, 200, 125000,
          MBIT / 2), ==, 200);
  g_assert_cmpint (p2p_bandwidth_pace (&bandwidth, 100, 200, 125000, 0), ==,
      200);
}

static void
test_mix (void)
{
  g_assert_cmpuint (p2p_bandwidth_mix (0, 1000, 500000), ==, 2000);
  g_assert_cmpuint (p2p_bandwidth_mix (2000, 1000, 250000), ==, 2500);
  /* Neither too short nor too long a time. */
  g_assert_cmpuint (p2p_bandwidth_mix (0, 1, 0), ==, 1000000);
  g_assert_cmpuint (p2p_bandwidth_mix (0, 1, G_MAXINT64), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bandwidth/none", test_none);
  g_test_add_func ("/bandwidth/last-ones", test_last_ones);
  g_test_add_func ("/bandwidth/extremes", test_extremes);
  g_test_add_func ("/bandwidth/pace", test_pace);
  g_test_add_func ("/bandwidth/mix", test_mix);
  return g_test_run ();
}
