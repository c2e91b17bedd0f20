/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "dump.h"

static void
add_string (GString * out, const char *string)
{
  g_string_append_printf (out, " %s", string ? string : "(null)");
}

static void
add_int (GString * out, gint64 number)
{
  g_string_append_printf (out, " %" G_GINT64_FORMAT, number);
}

static void
dump_variants (GString * out, GPtrArray * variants)
{
  for (guint i = 0; i < variants->len; i++) {
    P2pVariant *variant = g_ptr_array_index (variants, i);

    g_string_append (out, "\nvariant");
    add_string (out, variant->uri);
    add_int (out, variant->bandwidth);
    add_int (out, variant->average_bandwidth);
    add_int (out, variant->has_average_bandwidth);
    add_string (out, variant->codecs);
    add_int (out, variant->width);
    add_int (out, variant->height);
    add_int (out, variant->has_resolution);
    add_string (out, variant->frame_rate);
    add_string (out, variant->video_range);
    add_string (out, variant->audio);
    add_string (out, variant->video);
    add_string (out, variant->subtitles);
    add_int (out, variant->iframes_only);
  }
}

static void
dump_renditions (GString * out, GPtrArray * renditions)
{
  for (guint i = 0; i < renditions->len; i++) {
    P2pRendition *rendition = g_ptr_array_index (renditions, i);

    g_string_append (out, "\nrendition");
    add_int (out, rendition->type);
    add_string (out, rendition->group_id);
    add_string (out, rendition->name);
    add_string (out, rendition->language);
    add_string (out, rendition->channels);
    add_string (out, rendition->uri);
    add_int (out, rendition->is_default);
    add_int (out, rendition->autoselect);
  }
}

static void
dump_segments (GString * out, GArray * segments)
{
  for (guint i = 0; i < segments->len; i++) {
    P2pMediaSegment *segment = &g_array_index (segments, P2pMediaSegment, i);

    g_string_append (out, "\nsegment");
    add_string (out, segment->uri);
    add_int (out, segment->offset);
    add_int (out, segment->length);
    add_int (out, segment->duration);
    add_int (out, segment->sequence);
    add_int (out, segment->discontinuity);
    add_int (out, segment->date_time);
    add_int (out, segment->map);
    add_int (out, segment->key);
    add_int (out, segment->gap);
  }
}

char *
dump_playlist (const P2pPlaylist * playlist)
{
  GString *out = g_string_new (playlist->uri);

  add_int (out, playlist->is_master);
  add_int (out, playlist->version);
  add_int (out, playlist->target_duration);
  add_int (out, playlist->media_sequence);
  add_int (out, playlist->is_live);
  add_int (out, playlist->has_end);
  add_int (out, playlist->iframes_only);
  add_int (out, playlist->odd_lines);
  dump_variants (out, playlist->variants);
  dump_renditions (out, playlist->renditions);
  dump_segments (out, playlist->segments);
  for (guint i = 0; i < playlist->maps->len; i++) {
    P2pMap *map = g_ptr_array_index (playlist->maps, i);

    g_string_append (out, "\nmap");
    add_string (out, map->uri);
    add_int (out, map->offset);
    add_int (out, map->length);
  }
  for (guint i = 0; i < playlist->keys->len; i++) {
    P2pKey *key = g_ptr_array_index (playlist->keys, i);

    g_string_append (out, "\nkey");
    add_string (out, key->method);
    add_string (out, key->uri);
    add_string (out, key->keyformat);
  }
  return g_string_free (out, FALSE);
}
