/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psnset.h"

static int
p2p_sn_compare (gconstpointer a, gconstpointer b)
{
  gint64 m = *(const gint64 *) a, n = *(const gint64 *) b;

  return m < n ? -1 : m > n;
}

void
p2p_sn_set_sort (GArray * array)
{
  guint n = 0;

  g_array_sort (array, p2p_sn_compare);
  for (guint i = 0; i < array->len; i++) {
    gint64 sn = g_array_index (array, gint64, i);

    if (n == 0 || g_array_index (array, gint64, n - 1) != sn)
      g_array_index (array, gint64, n++) = sn;
  }
  g_array_set_size (array, n);
}

gboolean
p2p_sn_set_contains (GArray * self, gint64 sn)
{
  return g_array_binary_search (self, &sn, p2p_sn_compare, NULL);
}

gboolean
p2p_sn_set_add (GArray * self, gint64 sn)
{
  guint at = self->len;

  if (p2p_sn_set_contains (self, sn))
    return FALSE;
  /* Nearly always at the end. */
  while (at > 0 && g_array_index (self, gint64, at - 1) > sn)
    at--;
  g_array_insert_val (self, at, sn);
  return TRUE;
}

gboolean
p2p_sn_set_remove (GArray * self, gint64 sn)
{
  guint at;

  if (!g_array_binary_search (self, &sn, p2p_sn_compare, &at))
    return FALSE;
  g_array_remove_index (self, at);
  return TRUE;
}
