/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupslab.h"

P2pSoupSlab *
p2p_soup_slab_new (gsize size)
{
  P2pSoupSlab *self = g_malloc (sizeof (P2pSoupSlab) + size);

  g_atomic_ref_count_init (&self->refs);
  self->size = size;
  return self;
}

void
p2p_soup_slab_unref (P2pSoupSlab * self)
{
  if (g_atomic_ref_count_dec (&self->refs))
    g_free (self);
}

GBytes *
p2p_soup_slab_slice (P2pSoupSlab * self, gsize start, gsize size)
{
  g_atomic_ref_count_inc (&self->refs);
  return g_bytes_new_with_free_func (self->data + start, size,
      (GDestroyNotify) p2p_soup_slab_unref, self);
}

GBytes *
p2p_soup_slab_join (GPtrArray * chunks, guint * at)
{
  GPtrArray *joined =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const guint8 *start = g_bytes_get_data (g_ptr_array_index (chunks, *at),
      NULL);
  gsize size = 0;

  do {
    GBytes *chunk = g_ptr_array_index (chunks, *at);

    size += g_bytes_get_size (chunk);
    g_ptr_array_add (joined, g_bytes_ref (chunk));
  } while (++*at < chunks->len
      && g_bytes_get_data (g_ptr_array_index (chunks, *at), NULL)
      == start + size);
  return g_bytes_new_with_free_func (start, size,
      (GDestroyNotify) g_ptr_array_unref, joined);
}
