/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Many connections, one after the other and all at a time: what they cost. With
 * -m slow as many as docs/performance.md tells of.
 */

#include "load.h"

#define MEGABYTE 1e6

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_OWN_MEMORY FALSE    /* a sanitizer keeps what was freed */
#else
#define HAS_OWN_MEMORY TRUE
#endif

static void
test_cycles (void)
{
  guint n = g_test_slow ()? 10000 : 300;
  LoadCycles cycles;

  load_cycles (n, g_test_slow ()? 1000 : 150, &cycles);
  g_test_message ("%u cycles in %.0f s: %.2f MB more", n, cycles.seconds,
      (cycles.after.memory - (double) cycles.early.memory) / MEGABYTE);
  g_assert_cmpuint (cycles.after.fds, ==, cycles.before.fds);
  g_assert_cmpuint (cycles.after.threads, ==, cycles.before.threads);
  if (HAS_OWN_MEMORY)
    g_assert_cmpfloat (cycles.after.memory, <, cycles.early.memory
        + (g_test_slow ()? MEGABYTE : 4 * MEGABYTE));
}

/* The bounds of the short run are such that a busy machine holds them too. */
static void
test_memory (void)
{
  LoadCrowd crowd;

  load_crowd (g_test_slow ()? 512 : 64, P2P_SECOND, &crowd);
  g_test_message ("%.0f bytes an endpoint", crowd.memory);
  if (HAS_OWN_MEMORY)
    g_assert_cmpfloat (crowd.memory, <, g_test_slow ()? 100e3 : 160e3);
}

static void
test_idle (void)
{
  LoadCrowd crowd;

  load_crowd (g_test_slow ()? 128 : 32, (g_test_slow ()? 20 : 3) * P2P_SECOND,
      &crowd);
  g_test_message ("%.1f %% of a core", 100 * crowd.cpu);
  g_assert_cmpfloat (crowd.cpu, <, g_test_slow ()? 0.03 : 0.10);
}

/* The fastest of some, since a machine may be busy: nothing was sent twice, for
 * that is 50 ms later. */
static void
test_open (void)
{
  double times[20], least = G_MAXDOUBLE;

  load_open (G_N_ELEMENTS (times), times);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    least = MIN (least, times[i]);
  g_test_message ("%.1f ms", least);
  g_assert_cmpfloat (least, <, g_test_slow ()? 15 : 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crowd/cycles", test_cycles);
  g_test_add_func ("/crowd/memory", test_memory);
  g_test_add_func ("/crowd/idle", test_idle);
  g_test_add_func ("/crowd/open", test_open);
  return g_test_run ();
}
