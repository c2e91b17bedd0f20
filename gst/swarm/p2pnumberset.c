/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnumberset.h"

static int
p2p_number_compare (gconstpointer a, gconstpointer b)
{
  gint64 m = *(const gint64 *) a, n = *(const gint64 *) b;

  return m < n ? -1 : m > n;
}

GArray *
p2p_number_set_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (gint64));
}

void
p2p_number_set_sort (GArray * array)
{
  guint n = 0;

  g_array_sort (array, p2p_number_compare);
  for (guint i = 0; i < array->len; i++) {
    gint64 number = g_array_index (array, gint64, i);

    if (n == 0 || g_array_index (array, gint64, n - 1) != number)
      g_array_index (array, gint64, n++) = number;
  }
  g_array_set_size (array, n);
}

gboolean
p2p_number_set_contains (GArray * self, gint64 number)
{
  return g_array_binary_search (self, &number, p2p_number_compare, NULL);
}

gboolean
p2p_number_set_add (GArray * self, gint64 number)
{
  guint at = self->len;

  if (p2p_number_set_contains (self, number))
    return FALSE;
  /* Nearly always at the end. */
  while (at > 0 && g_array_index (self, gint64, at - 1) > number)
    at--;
  g_array_insert_val (self, at, number);
  return TRUE;
}

gboolean
p2p_number_set_remove (GArray * self, gint64 number)
{
  guint at;

  if (!g_array_binary_search (self, &number, p2p_number_compare, &at))
    return FALSE;
  g_array_remove_index (self, at);
  return TRUE;
}
