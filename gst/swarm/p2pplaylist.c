/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pplaylist.h"
#include "p2puri.h"

#include <string.h>

static void
free_variant (P2pVariant * self)
{
  g_free (self->uri);
  g_free (self->codecs);
  g_free (self->frame_rate);
  g_free (self->video_range);
  g_free (self->audio);
  g_free (self->video);
  g_free (self->subtitles);
  g_free (self);
}

static void
free_rendition (P2pRendition * self)
{
  g_free (self->group_id);
  g_free (self->name);
  g_free (self->language);
  g_free (self->channels);
  g_free (self->uri);
  g_free (self);
}

static void
free_map (P2pMap * self)
{
  g_free (self->uri);
  g_free (self);
}

static void
free_key (P2pKey * self)
{
  g_free (self->method);
  g_free (self->uri);
  g_free (self->keyformat);
  g_free (self);
}

static void
clear_segment (gpointer data)
{
  P2pMediaSegment *segment = data;

  g_free (segment->uri);
}

P2pPlaylist *
p2p_playlist_new (const char *uri)
{
  P2pPlaylist *self = g_new0 (P2pPlaylist, 1);

  g_atomic_ref_count_init (&self->refs);
  self->uri = p2p_uri_to_http (uri);
  self->requested = g_strdup (self->uri);
  self->variants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) free_variant);
  self->renditions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) free_rendition);
  self->maps = g_ptr_array_new_with_free_func ((GDestroyNotify) free_map);
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) free_key);
  self->segments = g_array_new (FALSE, FALSE, sizeof (P2pMediaSegment));
  g_array_set_clear_func (self->segments, clear_segment);
  self->version = 1;
  self->is_live = TRUE;
  return self;
}

void
p2p_playlist_set_requested (P2pPlaylist * self, const char *requested)
{
  g_free (self->requested);
  self->requested = p2p_uri_to_http (requested);
}

P2pPlaylist *
p2p_playlist_ref (P2pPlaylist * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
p2p_playlist_unref (P2pPlaylist * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->uri);
  g_free (self->requested);
  g_ptr_array_unref (self->variants);
  g_ptr_array_unref (self->renditions);
  g_array_unref (self->segments);
  g_ptr_array_unref (self->maps);
  g_ptr_array_unref (self->keys);
  g_free (self);
}

gboolean
p2p_playlist_sniff (const guint8 * data, gsize size)
{
  static const char magic[] = "\xef\xbb\xbf#EXTM3U";
  const gsize bom = 3, len = sizeof (magic) - 1;

  return (size >= len && memcmp (data, magic, len) == 0)
      || (size >= len - bom && memcmp (data, magic + bom, len - bom) == 0);
}

/* of: structs with their URI at this offset */
static gboolean
p2p_playlist_any_is (GPtrArray * of, gsize offset, const char *uri)
{
  for (guint i = 0; i < of->len; i++) {
    if (g_strcmp0 (G_STRUCT_MEMBER (char *, of->pdata[i], offset), uri) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean
p2p_playlist_names (const P2pPlaylist * self, const char *uri)
{
  if (g_str_equal (self->uri, uri)
      || p2p_playlist_any_is (self->variants, G_STRUCT_OFFSET (P2pVariant, uri),
          uri)
      || p2p_playlist_any_is (self->renditions,
          G_STRUCT_OFFSET (P2pRendition, uri), uri)
      || p2p_playlist_any_is (self->maps, G_STRUCT_OFFSET (P2pMap, uri), uri)
      || p2p_playlist_any_is (self->keys, G_STRUCT_OFFSET (P2pKey, uri), uri))
    return TRUE;
  for (guint i = 0; i < self->segments->len; i++) {
    if (g_strcmp0 (g_array_index (self->segments, P2pMediaSegment, i).uri,
            uri) == 0)
      return TRUE;
  }
  return FALSE;
}

guint
p2p_playlist_get_rank (const P2pPlaylist * self, const char *uri)
{
  guint n_variants = self->variants->len;
  guint n = n_variants + self->renditions->len;
  g_autofree char *canonical = p2p_uri_canonical (uri);

  for (guint i = 0; i < n; i++) {
    const char *named = i < n_variants ?
        ((P2pVariant *) g_ptr_array_index (self->variants, i))->uri
        : ((P2pRendition *) g_ptr_array_index (self->renditions,
            i - n_variants))->uri;
    g_autofree char *other = named ? p2p_uri_canonical (named) : NULL;

    if (g_strcmp0 (other, canonical) == 0)
      return i + 1;
  }
  return 0;
}
