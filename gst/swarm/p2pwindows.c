/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pwindows.h"

static int
compare (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

GArray *
p2p_windows_place (GArray * players, guint64 first, guint start, guint end)
{
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (guint));

  g_array_append_val (starts, start);
  for (guint i = 0; players && i < players->len; i++) {
    guint64 sequence = g_array_index (players, guint64, i);
    guint place;

    if (sequence < first || sequence - first + 1 >= end)
      continue;
    place = sequence - first + 1;
    /* It asked for what is at start, and follows. */
    if (place != start + 1)
      g_array_append_val (starts, place);
  }
  g_array_sort (starts, compare);
  for (guint i = starts->len - 1; i > 0; i--) {
    if (g_array_index (starts, guint, i) == g_array_index (starts, guint,
            i - 1))
      g_array_remove_index (starts, i);
  }
  return starts;
}

guint
p2p_windows_share (GArray * starts, guint end, guint length, guint least)
{
  guint share;

  for (share = length; share > least; share--) {
    guint sum = 0;

    for (guint i = 0; i < starts->len; i++) {
      guint from = g_array_index (starts, guint, i);
      guint to = i + 1 < starts->len ? g_array_index (starts, guint, i + 1)
          : end;

      sum += MIN (to - MIN (from, to), share);
    }
    if (sum <= length)
      break;
  }
  return share;
}
