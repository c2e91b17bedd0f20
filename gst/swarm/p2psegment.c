/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psegment.h"
#include "p2puri.h"

#include <string.h>

P2pSegment *
p2p_segment_new (const char *url, const char *id, gint64 offset, gint64 length,
    guint priority)
{
  P2pSegment *self = g_new0 (P2pSegment, 1);

  g_ref_count_init (&self->refs);
  self->url = g_strdup (url);
  self->id = id ? g_strdup (id)
      : p2p_segment_make_id (NULL, url, offset, length);
  self->offset = MAX (offset, 0);
  self->length = MAX (length, -1);
  self->priority = priority;
  return self;
}

P2pSegment *
p2p_segment_ref (P2pSegment * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_segment_unref (P2pSegment * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_free (self->url);
  g_free (self->id);
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
  g_free (self);
}

char *
p2p_segment_make_id (const char *base, const char *url, gint64 offset,
    gint64 length)
{
  g_autofree char *canonical = base ? NULL : p2p_uri_canonical (url);

  if (!base)
    base = canonical;
  if (length >= 0)
    return g_strdup_printf ("%s|%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, base,
        offset, offset + length - 1);
  if (offset > 0)
    return g_strdup_printf ("%s|%" G_GINT64_FORMAT "-", base, offset);
  return g_strdup (base);
}

gboolean
p2p_segment_is_loaded (P2pSegment * self)
{
  return self->chunks != NULL;
}

void
p2p_segment_take_data (P2pSegment * self, GPtrArray * chunks)
{
  g_return_if_fail (self->chunks == NULL);

  self->chunks = chunks;
  for (guint i = 0; i < chunks->len; i++)
    self->size += g_bytes_get_size (g_ptr_array_index (chunks, i));
}

static GBytes *
p2p_segment_join (P2pSegment * self)
{
  guint8 *all = g_malloc (self->size);
  gsize at = 0;

  for (guint i = 0; i < self->chunks->len; i++) {
    gsize size;
    gconstpointer data =
        g_bytes_get_data (g_ptr_array_index (self->chunks, i), &size);

    if (size)
      memcpy (all + at, data, size);
    at += size;
  }
  return g_bytes_new_take (all, self->size);
}

void
p2p_segment_move_data (P2pSegment * self, GBytes * whole)
{
  /* A new array: who reads the old one goes on with that. */
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (chunks, g_bytes_ref (whole));
  g_ptr_array_unref (self->chunks);
  self->chunks = chunks;
}

GBytes *
p2p_segment_get_data (P2pSegment * self)
{
  if (!self->chunks)
    return NULL;
  if (self->chunks->len != 1) {
    g_autoptr (GBytes) whole = p2p_segment_join (self);

    p2p_segment_move_data (self, whole);
  }
  return g_bytes_ref (g_ptr_array_index (self->chunks, 0));
}

GPtrArray *
p2p_segment_get_chunks (P2pSegment * self)
{
  return self->chunks ? g_ptr_array_ref (self->chunks) : NULL;
}

gsize
p2p_segment_get_size (P2pSegment * self)
{
  return self->size;
}

int
p2p_segment_compare (gconstpointer a, gconstpointer b)
{
  const P2pSegment *x = *(P2pSegment * const *) a;
  const P2pSegment *y = *(P2pSegment * const *) b;

  return x->priority < y->priority ? -1 : x->priority > y->priority;
}
