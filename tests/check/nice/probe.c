/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceprobe.h"

#include <string.h>

static void
test_answer (void)
{
  P2pNiceProbe a = { {0} }, b = { {0} };
  guint8 data[P2P_NICE_PROBE_SIZE], answer[P2P_NICE_PROBE_SIZE];

  g_assert_false (p2p_nice_probe_answer (&b, data));
  p2p_nice_probe_ask (&a, 1, data);
  g_assert_cmpint (data[0], ==, P2P_NICE_PROBE_FIRST);
  g_assert_cmpint (a.asked, ==, 1);
  g_assert_false (p2p_nice_probe_read (&b, data, sizeof data));
  g_assert_true (p2p_nice_probe_answer (&b, answer));
  g_assert_false (p2p_nice_probe_answer (&b, data));
  g_assert_true (p2p_nice_probe_read (&a, answer, sizeof answer));
  /* What answers nobody's question, or another one's, or is cut. */
  g_assert_false (p2p_nice_probe_read (&b, answer, sizeof answer));
  g_assert_false (p2p_nice_probe_read (&a, answer, sizeof answer - 1));
  for (guint i = 0; i < 24; i++) {
    answer[i] ^= 1;
    g_assert_false (p2p_nice_probe_read (&a, answer, sizeof answer));
    answer[i] ^= 1;
  }
  g_assert_true (p2p_nice_probe_read (&a, answer, sizeof answer));
}

static void
test_rubbish (void)
{
  P2pNiceProbe probe = { {0} };
  guint8 data[P2P_NICE_PROBE_SIZE], asked[P2P_NICE_PROBE_SIZE];

  /* Nothing was asked: the cookie of zeros is none. */
  p2p_nice_probe_read (&probe, memset (data, 0, sizeof data), sizeof data);
  probe.has_question = TRUE;
  g_assert_true (p2p_nice_probe_answer (&probe, data));
  g_assert_false (p2p_nice_probe_read (&probe, data, sizeof data));
  /* Our own question that comes back is a question. */
  p2p_nice_probe_ask (&probe, 1, asked);
  g_assert_false (p2p_nice_probe_read (&probe, asked, sizeof asked));
  g_assert_true (p2p_nice_probe_answer (&probe, data));
  for (gsize size = 0; size < 64; size++) {
    g_autofree guint8 *cut = g_memdup2 (asked, MAX (size, 1));

    g_assert_false (p2p_nice_probe_read (&probe, cut, size));
  }
  g_assert_false (p2p_nice_probe_answer (&probe, data));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/answer", test_answer);
  g_test_add_func ("/probe/rubbish", test_rubbish);
  return g_test_run ();
}
