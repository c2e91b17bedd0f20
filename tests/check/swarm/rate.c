/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2prate.h"

static void
test_none (void)
{
  P2pRate rate = { 0, };

  g_assert_cmpuint (p2p_rate_get (&rate, 0), ==, 0);
  g_assert_cmpuint (p2p_rate_get (&rate, 12345 * P2P_SECOND), ==, 0);
}

/* What flows evenly is measured as it is, whenever one looks. */
static void
test_steady (void)
{
  P2pRate rate = { 0, };
  gint64 now = 77 * P2P_SECOND;

  for (guint i = 0; i < 200; i++, now += P2P_SECOND / 10) {
    p2p_rate_add (&rate, now, 12500);
    if (i > 80) {
      g_assert_cmpuint (p2p_rate_get (&rate, now), >, 950000);
      g_assert_cmpuint (p2p_rate_get (&rate, now), <, 1050000);
    }
  }
}

static void
test_fades (void)
{
  P2pRate rate = { 0, };
  gint64 now = 100 * P2P_RATE_WINDOW;

  p2p_rate_add (&rate, now, 500000);
  g_assert_cmpuint (p2p_rate_get (&rate, now), ==, 1000000);
  now += P2P_RATE_WINDOW;
  g_assert_cmpuint (p2p_rate_get (&rate, now), ==, 1000000);
  g_assert_cmpuint (p2p_rate_get (&rate, now + P2P_RATE_WINDOW / 2), ==,
      500000);
  g_assert_cmpuint (p2p_rate_get (&rate, now + P2P_RATE_WINDOW), ==, 0);
}

/* A long silence leaves nothing behind. */
static void
test_silence (void)
{
  P2pRate rate = { 0, };

  p2p_rate_add (&rate, P2P_SECOND, G_MAXUINT32);
  p2p_rate_add (&rate, 3600 * P2P_SECOND, 500000);
  g_assert_cmpuint (p2p_rate_get (&rate, 3600 * P2P_SECOND), ==, 1000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate/none", test_none);
  g_test_add_func ("/rate/steady", test_steady);
  g_test_add_func ("/rate/fades", test_fades);
  g_test_add_func ("/rate/silence", test_silence);
  return g_test_run ();
}
