/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * load cycles N FIRST: seconds a cycle; fds, threads, and the growth of memory in
 *   bytes since the first ones
 * load open N: the median, least and most of milliseconds
 * load crowd N SECONDS: bytes of an endpoint, and CPU of all of them, of a core
 */

#include "load.h"

#include <stdio.h>
#include <stdlib.h>

static void
print_cycles (guint n, guint first)
{
  LoadCycles cycles;

  load_cycles (n, first, &cycles);
  printf ("%f %d %d %.0f\n", cycles.seconds / n,
      (int) (cycles.after.fds - cycles.before.fds),
      (int) (cycles.after.threads - cycles.before.threads),
      (double) cycles.after.memory - (double) cycles.early.memory);
}

static int
compare (const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static void
print_open (guint n)
{
  g_autofree double *times = g_new (double, n);

  load_open (n, times);
  qsort (times, n, sizeof *times, compare);
  printf ("%.2f %.2f %.2f\n", (times[(n - 1) / 2] + times[n / 2]) / 2,
      times[0], times[n - 1]);
}

static void
print_crowd (guint n, guint seconds)
{
  LoadCrowd crowd;

  load_crowd (n, seconds * P2P_SECOND, &crowd);
  printf ("%.0f %.4f\n", crowd.memory, crowd.cpu);
}

static guint
get_number (const char *text)
{
  return text ? g_ascii_strtoull (text, NULL, 10) : 0;
}

int
main (int argc, char **argv)
{
  const char *what = argc > 2 ? argv[1] : "";
  guint n = argc > 2 ? get_number (argv[2]) : 0;

  if (g_str_equal (what, "cycles") && argc == 4)
    print_cycles (n, get_number (argv[3]));
  else if (g_str_equal (what, "open") && n > 0)
    print_open (n);
  else if (g_str_equal (what, "crowd") && argc == 4)
    print_crowd (n, get_number (argv[3]));
  else
    return 2;
  return 0;
}
