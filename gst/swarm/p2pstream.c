/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pstream.h"
#include "p2puri.h"

typedef struct
{
  const char *uri;
  gint64 offset;
} P2pStreamKey;

static guint
p2p_stream_key_hash (gconstpointer key)
{
  const P2pStreamKey *k = key;

  return g_str_hash (k->uri) ^ g_int64_hash (&k->offset);
}

static gboolean
p2p_stream_key_equal (gconstpointer a, gconstpointer b)
{
  const P2pStreamKey *x = a, *y = b;

  return x->offset == y->offset && g_str_equal (x->uri, y->uri);
}

static void
p2p_stream_set_playlist (P2pStream * self, P2pPlaylist * playlist)
{
  p2p_playlist_ref (playlist);
  g_clear_pointer (&self->playlist, p2p_playlist_unref);
  self->playlist = playlist;
  g_ptr_array_set_size (self->ids, 0);
  g_ptr_array_set_size (self->ids, playlist->segments->len);
  g_hash_table_remove_all (self->index);
  g_ptr_array_set_size (self->canonical, 0);
  g_ptr_array_set_size (self->canonical, playlist->segments->len);
  self->indexed = FALSE;
}

static const char *
p2p_stream_get_canonical (P2pStream * self, guint position)
{
  char **uri = (char **) &g_ptr_array_index (self->canonical, position);

  if (!*uri)
    *uri = p2p_uri_canonical (p2p_stream_get (self, position)->uri);
  return *uri;
}

static gpointer
p2p_stream_look_up (P2pStream * self, const P2pStreamKey * wanted)
{
  for (guint i = 0; !self->indexed && i < self->playlist->segments->len; i++) {
    P2pMediaSegment *segment = p2p_stream_get (self, i);
    P2pStreamKey *key;

    if (segment->gap)
      continue;
    key = g_new (P2pStreamKey, 1);
    key->uri = p2p_stream_get_canonical (self, i);
    key->offset = segment->offset;
    if (g_hash_table_contains (self->index, key))
      g_free (key);
    else
      g_hash_table_insert (self->index, key, GUINT_TO_POINTER (i + 1));
  }
  self->indexed = TRUE;
  return g_hash_table_lookup (self->index, wanted);
}

P2pStream *
p2p_stream_new (P2pPlaylist * playlist)
{
  P2pStream *self = g_new0 (P2pStream, 1);

  self->has_end = playlist->has_end;
  self->uri = p2p_uri_canonical (playlist->uri);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->canonical = g_ptr_array_new_with_free_func (g_free);
  self->index = g_hash_table_new_full (p2p_stream_key_hash,
      p2p_stream_key_equal, g_free, NULL);
  p2p_stream_set_playlist (self, playlist);
  return self;
}

void
p2p_stream_free (P2pStream * self)
{
  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->canonical);
  g_ptr_array_unref (self->ids);
  p2p_playlist_unref (self->playlist);
  g_clear_pointer (&self->identity, p2p_identity_unref);
  g_free (self->uri);
  g_free (self);
}

gboolean
p2p_stream_get_time (P2pStream * self, guint64 sequence, gint64 * time)
{
  guint64 n = sequence - self->playlist->media_sequence;

  if (self->time == G_MININT64 || sequence < self->playlist->media_sequence
      || n > self->playlist->segments->len)
    return FALSE;
  *time = self->time;
  for (guint i = 0; i < n; i++)
    *time += p2p_stream_get (self, i)->duration;
  return TRUE;
}

void
p2p_stream_align (P2pStream * self, P2pStream * other)
{
  if (!p2p_stream_get_time (other, self->playlist->media_sequence, &self->time))
    self->time = G_MININT64;
}

gboolean
p2p_stream_is_anew (P2pStream * self, const P2pPlaylist * playlist)
{
  const P2pPlaylist *old = self->playlist;

  return old->is_live && playlist->is_live
      && playlist->media_sequence + playlist->segments->len
      + P2P_STREAM_MAX_BEHIND <= old->media_sequence + old->segments->len;
}

void
p2p_stream_update (P2pStream * self, P2pPlaylist * playlist)
{
  guint64 first = playlist->media_sequence;
  guint last;

  /* What a window has lost is still counted. */
  if (!p2p_stream_get_time (self, first, &self->time))
    self->time = G_MININT64;
  if (!g_str_equal (playlist->uri, self->playlist->uri)
      || !g_str_equal (playlist->requested, self->playlist->requested))
    g_clear_pointer (&self->identity, p2p_identity_unref);
  p2p_stream_set_playlist (self, playlist);
  last = playlist->segments->len ? playlist->segments->len - 1 : 0;
  if (!self->started || self->sequence < first) {
    /* What was asked for last is out of the window. */
    self->current = 0;
    self->consumed = FALSE;
  } else {
    self->current = MIN (self->sequence - first, last);
  }
}

static gboolean
p2p_stream_is_at (P2pStream * self, guint position, const P2pStreamKey * key)
{
  P2pMediaSegment *segment;

  if (position >= self->playlist->segments->len)
    return FALSE;
  segment = p2p_stream_get (self, position);
  return !segment->gap && segment->offset == key->offset
      && g_str_equal (p2p_stream_get_canonical (self, position), key->uri);
}

gboolean
p2p_stream_find (P2pStream * self, const char *uri, gint64 start, gint64 stop,
    guint * position)
{
  P2pStreamKey key = { uri, start };
  P2pMediaSegment *segment;

  /* A playlist may name a segment many times; then it is the next one. To most
   * requests that is the answer, and takes no index. */
  if (p2p_stream_is_at (self, self->current, &key)) {
    *position = self->current;
  } else if (self->started && p2p_stream_is_at (self, self->current + 1, &key)) {
    *position = self->current + 1;
  } else {
    gpointer value = p2p_stream_look_up (self, &key);

    if (value == NULL)
      return FALSE;
    *position = GPOINTER_TO_UINT (value) - 1;
  }
  segment = p2p_stream_get (self, *position);
  return stop == (segment->length < 0 ? -1 : start + segment->length);
}

P2pMediaSegment *
p2p_stream_get (P2pStream * self, guint position)
{
  return &g_array_index (self->playlist->segments, P2pMediaSegment, position);
}

void
p2p_stream_set_current (P2pStream * self, guint position)
{
  guint64 sequence = p2p_stream_get (self, position)->sequence;

  if (!self->started || sequence < self->sequence
      || sequence > self->sequence + 1)
    self->run = sequence;
  self->started = TRUE;
  self->consumed = FALSE;
  self->current = position;
  self->sequence = sequence;
}
