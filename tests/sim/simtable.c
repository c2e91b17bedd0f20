/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Prints the table of docs/swarm.md: what swarms of many sizes take from the
 * origin. sim-table [viewers [degree]]: only that size. */

#include "simswarm.h"

#include <stdio.h>

#define SEGMENTS_2S 60

/* All over the same two minutes, at 1 Mbit/s. */
static const struct
{
  const char *name;
  guint window, seconds;
} streams[] = {
  {"VOD 60 x 2 s", 0, 2}, {"live 15 x 2 s", 15, 2}, {"live 10 x 4 s", 10, 4},
  {"live 6 x 2 s", 6, 2}, {"live 4 x 5 s", 4, 5}
};

static void
print_row (guint stream, guint viewers, guint degree, guint seconds,
    guint cache)
{
  guint time = streams[stream].seconds;
  SimConfig config = { streams[stream].name, viewers,
    {time * P2P_SECOND, streams[stream].window, seconds / time,
        time * 125000}, degree, cache, TRUE,
    viewers > 50 ? 60 * P2P_SECOND / viewers : 3 * P2P_SECOND, 0, 1
  };
  SimOutcome o;

  sim_swarm_run (&config, &o);
  printf ("| %s | %u | %u | %.1f %% | %.1f %% | %.2f s | %u (%.1f s) | %.2f | "
      "%.1f %% | %.2f |\n", config.name, viewers, MIN (degree, viewers - 1)
      ? MIN (degree, viewers - 1) : viewers - 1, 100 * o.offload,
      100 * o.offload / o.bound, o.startup, o.stalls, o.stalled, o.duplicates,
      100 * o.unplayed, o.fairness);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 2, 3, 4, 8, 16, 32, 100, 1000 };
  guint only = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 0;
  guint degree = argc > 2 ? g_ascii_strtoull (argv[2], NULL, 10) : 30;
  guint seconds = argc > 3 ? g_ascii_strtoull (argv[3], NULL, 10) : 120;
  guint cache = argc > 4 ? g_ascii_strtoull (argv[4], NULL, 10) : 120;

  printf ("| stream | viewers | peers each | offload | of the bound | startup "
      "| stalls | duplicates | not played | fairness |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n");
  for (guint stream = 0; stream < G_N_ELEMENTS (streams); stream++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      guint viewers = only ? only : sizes[i];

      print_row (stream, viewers, degree < viewers - 1 ? degree : 0, seconds,
          cache);
      if (only)
        break;
    }
  return 0;
}
