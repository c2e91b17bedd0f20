/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbody.h"

#include <string.h>

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

/* Where a byte of a body is. */
typedef struct
{
  GPtrArray *chunks;
  guint chunk;
  gsize at;                     /* in it */
} P2pPlace;

/* Returns: (transfer none): what is in one piece from there, of most bytes */
static const guint8 *
p2p_place_get (P2pPlace * self, gsize * most)
{
  gsize size;
  const guint8 *data =
      g_bytes_get_data (g_ptr_array_index (self->chunks, self->chunk), &size);

  *most = MIN (*most, size - self->at);
  return data + self->at;
}

static void
p2p_place_move (P2pPlace * self, gsize by)
{
  self->at += by;
  while (self->chunk < self->chunks->len && self->at
      == g_bytes_get_size (g_ptr_array_index (self->chunks, self->chunk))) {
    self->chunk++;
    self->at = 0;
  }
}

gboolean
p2p_body_add_rest (P2pBody * self, P2pBody * whole)
{
  P2pPlace own = { self->chunks }, other = { whole->chunks };
  gsize left = self->size;

  if (whole->size < left)
    return FALSE;
  p2p_place_move (&own, 0);
  p2p_place_move (&other, 0);
  while (left > 0) {
    gsize most = left;
    const guint8 *a = p2p_place_get (&own, &most);
    const guint8 *b = p2p_place_get (&other, &most);

    if (memcmp (a, b, most) != 0)
      return FALSE;
    p2p_place_move (&own, most);
    p2p_place_move (&other, most);
    left -= most;
  }
  for (left = whole->size - self->size; left > 0;) {
    GBytes *chunk = g_ptr_array_index (other.chunks, other.chunk);
    gsize most = g_bytes_get_size (chunk) - other.at;
    g_autoptr (GBytes) rest = g_bytes_new_from_bytes (chunk, other.at, most);

    p2p_body_add (self, rest);
    p2p_place_move (&other, most);
    left -= most;
  }
  return TRUE;
}

void
p2p_body_drop (P2pBody * self)
{
  self->dropped += self->chunks->len;
  g_ptr_array_set_size (self->chunks, 0);
}
