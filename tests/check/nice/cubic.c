/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecubic.h"

#define MSEC 1000
#define PACKET 1000             /* so that the numbers below are packets */

static gint64 now;

static double
lose (P2pNiceCubic * self, double packets)
{
  return p2p_nice_cubic_lose (self, packets * PACKET, PACKET, now)
      / (double) PACKET;
}

static double
grow (P2pNiceCubic * self, double packets, gint64 round_trip)
{
  return p2p_nice_cubic_grow (self, packets * PACKET, PACKET, round_trip,
      now) / (double) PACKET;
}

/* All that is allowed is used, and acknowledged ten times a round trip. */
static double
go_on (P2pNiceCubic * self, gint64 round_trip, guint n)
{
  double packets = self->limit;

  for (guint i = 0; i < 10 * n; i++) {
    now += round_trip / 10;
    packets = grow (self, packets, round_trip);
  }
  return packets;
}

static void
test_nothing_lost (void)
{
  P2pNiceCubic cubic = { 0 };

  for (guint i = 0; i < 100; i++) {
    now += 20 * MSEC;
    g_assert_cmpfloat (grow (&cubic, i, 20 * MSEC), ==, 0);
  }
}

/* Where there is no room for the curve it gets what Reno gets, which halves and
 * adds one a round trip. */
static void
test_short_line (void)
{
  P2pNiceCubic cubic = { 0 };

  g_assert_cmpfloat_with_epsilon (lose (&cubic, 40), 28, 0.01);
  g_assert_cmpfloat_with_epsilon (go_on (&cubic, 20 * MSEC, 10), 33.3, 0.1);
  g_assert_cmpfloat_with_epsilon (go_on (&cubic, 20 * MSEC, 12), 39.6, 0.1);
  g_assert_cmpfloat_with_epsilon (go_on (&cubic, 20 * MSEC, 10), 49.3, 0.3);
}

/* From 700 fast, then slowly around what was too much, then faster again. */
static void
test_long_line (void)
{
  P2pNiceCubic cubic = { 0 };

  g_assert_cmpfloat_with_epsilon (lose (&cubic, 1000), 700, 0.01);
  g_assert_cmpfloat_with_epsilon (cubic.knee, 9.086, 0.001);
  g_assert_cmpfloat_with_epsilon (go_on (&cubic, 100 * MSEC, 45), 961, 1);
  g_assert_cmpfloat_with_epsilon (go_on (&cubic, 100 * MSEC, 46), 1000, 1);
  g_assert_cmpfloat_with_epsilon (go_on (&cubic, 100 * MSEC, 45), 1037, 2);
  g_assert_cmpfloat_with_epsilon (go_on (&cubic, 100 * MSEC, 46), 1303, 5);
}

static void
test_less_than_last_time (void)
{
  P2pNiceCubic cubic = { 0 };

  lose (&cubic, 1000);
  g_assert_cmpfloat_with_epsilon (lose (&cubic, 800), 560, 0.01);
  g_assert_cmpfloat_with_epsilon (cubic.most, 680, 0.01);
  g_assert_cmpfloat_with_epsilon (lose (&cubic, 900), 630, 0.01);
  g_assert_cmpfloat_with_epsilon (cubic.most, 900, 0.01);
}

static void
test_unused (void)
{
  P2pNiceCubic cubic = { 0 };

  lose (&cubic, 100);
  for (guint i = 0; i < 1000; i++) {
    now += 1000 * MSEC;
    g_assert_cmpfloat_with_epsilon (grow (&cubic, 68, 20 * MSEC), 70, 0.01);
  }
  /* Nor does an hour of silence, nor a clock that goes back. */
  now += G_GINT64_CONSTANT (3600000) * MSEC;
  g_assert_cmpfloat_with_epsilon (grow (&cubic, 70, 20 * MSEC), 70.5, 0.1);
  now -= 1000 * MSEC;
  g_assert_cmpfloat_with_epsilon (grow (&cubic, 70.5, 20 * MSEC), 70.5, 0.1);
}

static void
test_least (void)
{
  P2pNiceCubic cubic = { 0 };

  g_assert_cmpfloat (lose (&cubic, 2), ==, 2);
  g_assert_cmpfloat (lose (&cubic, 0), ==, 2);
  g_assert_cmpfloat (cubic.knee, ==, 0);
  g_assert_cmpfloat (go_on (&cubic, 20 * MSEC, 10), >=, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cubic/nothing-lost", test_nothing_lost);
  g_test_add_func ("/cubic/short-line", test_short_line);
  g_test_add_func ("/cubic/long-line", test_long_line);
  g_test_add_func ("/cubic/less-than-last-time", test_less_than_last_time);
  g_test_add_func ("/cubic/unused", test_unused);
  g_test_add_func ("/cubic/least", test_least);
  return g_test_run ();
}
