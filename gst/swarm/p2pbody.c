/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbody.h"

P2pBody *
p2p_body_new (P2pSource source, GPtrArray * chunks)
{
  P2pBody *self = g_new0 (P2pBody, 1);

  g_ref_count_init (&self->refs);
  self->source = source;
  self->chunks = chunks ? chunks
      : g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < self->chunks->len; i++)
    self->size += g_bytes_get_size (g_ptr_array_index (self->chunks, i));
  return self;
}

P2pBody *
p2p_body_ref (P2pBody * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_body_unref (P2pBody * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->chunks);
  g_free (self->from);
  g_clear_pointer (&self->head, p2p_http_head_unref);
  g_free (self);
}

void
p2p_body_add (P2pBody * self, GBytes * bytes)
{
  g_ptr_array_add (self->chunks, g_bytes_ref (bytes));
  self->size += g_bytes_get_size (bytes);
}

void
p2p_body_drop (P2pBody * self)
{
  self->dropped += self->chunks->len;
  g_ptr_array_set_size (self->chunks, 0);
}
