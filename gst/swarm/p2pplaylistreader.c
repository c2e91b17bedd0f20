/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where players differ it follows hlsdemux, because that is what asks for what
 * is read here: a line without EXTINF is no segment, EXTINF makes a media
 * playlist also of one with EXT-X-STREAM-INF.
 */

#include "p2perror.h"
#include "p2pm3u8.h"
#include "p2pplaylist.h"
#include "p2puri.h"

#include <string.h>

typedef struct
{
  P2pPlaylist *playlist;
  char *base;                   /* without query, which no reference needs */
  gsize uri_bytes;              /* of all resolved URIs, at most */
  gboolean full;                /* over a bound: nothing is added any more */
  gboolean vod;
  gboolean has_extinf;          /* anywhere: it is a media playlist */
  gboolean is_delta;            /* it says what is new since another one */

  /* What tags said about the URI line that comes next */
  gboolean is_segment;
  P2pMediaSegment next;
  P2pRange range;
  gint64 range_end;             /* of the segment before, -1: none */
  P2pVariant *variant;          /* of the array; waits for its line */
  guint variant_index;
} Reader;

/* Reads a tag's value. Returns: FALSE if it makes no sense. */
typedef gboolean (*TagFunc) (Reader * self, P2pText value);

static gboolean
has_room (Reader * self, guint len)
{
  if (len >= P2P_PLAYLIST_MAX_SEGMENTS
      || self->uri_bytes >= P2P_PLAYLIST_MAX_URI_BYTES)
    self->full = TRUE;
  return !self->full;
}

/* Returns: (transfer full): absolute and plain; what cannot be resolved as it
 * is, what is over the bound as "" */
static char *
read_uri (Reader * self, P2pText text)
{
  g_autofree char *ref = NULL, *uri = NULL;

  if (self->uri_bytes >= P2P_PLAYLIST_MAX_URI_BYTES)
    return g_strdup ("");
  ref = p2p_text_dup (p2p_text_trim (text));
  uri = p2p_uri_resolve (self->base, ref);
  self->uri_bytes += strlen (self->base) + strlen (ref);
  return p2p_uri_to_http (uri ? uri : ref);
}

/* U+FFFD stands for bytes that are no text. */
static gboolean
is_text (const char *uri)
{
  return !strstr (uri, "\xef\xbf\xbd");
}

static gboolean
read_extinf (Reader * self, P2pText value)
{
  self->has_extinf = TRUE;
  self->is_segment = p2p_m3u8_read_seconds (value, &self->next.duration);
  return self->is_segment;
}

static gboolean
read_byterange (Reader * self, P2pText value)
{
  p2p_m3u8_read_range (value, &self->range);
  return self->range.kind != P2P_RANGE_ODD;
}

static gboolean
read_discontinuity (Reader * self, P2pText value)
{
  self->next.discontinuity++;
  return TRUE;
}

static gboolean
read_discontinuity_sequence (Reader * self, P2pText value)
{
  return p2p_m3u8_read_uint (value, &self->next.discontinuity);
}

static gboolean
read_media_sequence (Reader * self, P2pText value)
{
  return self->playlist->segments->len == 0
      && p2p_m3u8_read_uint (value, &self->playlist->media_sequence);
}

static gboolean
read_date_time (Reader * self, P2pText value)
{
  g_autofree char *string = p2p_text_dup (value);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (string, utc);

  if (!time)
    return FALSE;
  self->next.date_time = g_date_time_to_unix (time) * G_USEC_PER_SEC
      + g_date_time_get_microsecond (time);
  return TRUE;
}

static gboolean
read_gap (Reader * self, P2pText value)
{
  self->next.gap = TRUE;
  return TRUE;
}

static gboolean
read_endlist (Reader * self, P2pText value)
{
  self->playlist->has_end = TRUE;
  return TRUE;
}

static gboolean
read_playlist_type (Reader * self, P2pText value)
{
  self->vod = p2p_text_equals (value, "VOD");
  return self->vod || p2p_text_equals (value, "EVENT");
}

static gboolean
read_iframes_only (Reader * self, P2pText value)
{
  self->playlist->iframes_only = TRUE;
  return TRUE;
}

/* Which segments these are, only who has the playlist before knows. */
static gboolean
read_skip (Reader * self, P2pText value)
{
  self->is_delta = TRUE;
  return TRUE;
}

static gboolean
read_version (Reader * self, P2pText value)
{
  guint64 version;

  if (!p2p_m3u8_read_uint (value, &version) || version > G_MAXUINT)
    return FALSE;
  self->playlist->version = version;
  return TRUE;
}

static gboolean
read_target_duration (Reader * self, P2pText value)
{
  return p2p_m3u8_read_seconds (value, &self->playlist->target_duration);
}

static gboolean
read_key (Reader * self, P2pText value)
{
  GPtrArray *keys = self->playlist->keys;
  P2pKey key = { NULL, }, *last;
  P2pText name, text;
  gboolean none, same, sane;

  if (!has_room (self, keys->len))
    return FALSE;
  while (p2p_m3u8_next_attribute (&value, &name, &text)) {
    char **string = p2p_text_equals (name, "METHOD") ? &key.method
        : p2p_text_equals (name, "KEYFORMAT") ? &key.keyformat
        : p2p_text_equals (name, "URI") ? &key.uri : NULL;

    if (string) {
      g_free (*string);
      *string = string == &key.uri ? read_uri (self, text)
          : p2p_text_dup (text);
    }
  }
  none = g_strcmp0 (key.method, "NONE") == 0;
  sane = none || (key.method && key.uri);
  last = self->next.key > 0 ? g_ptr_array_index (keys, self->next.key - 1)
      : NULL;
  same = last && g_strcmp0 (key.method, last->method) == 0
      && g_strcmp0 (key.uri, last->uri) == 0
      && g_strcmp0 (key.keyformat, last->keyformat) == 0;
  if (!none && !same) {
    g_ptr_array_add (keys, g_memdup2 (&key, sizeof (key)));
    self->next.key = keys->len;
    return sane;
  }
  if (none)
    self->next.key = 0;
  g_free (key.method);
  g_free (key.uri);
  g_free (key.keyformat);
  return sane;
}

static gboolean
read_map (Reader * self, P2pText value)
{
  GPtrArray *maps = self->playlist->maps;
  P2pMap *last = self->next.map > 0 ? g_ptr_array_index (maps,
      self->next.map - 1) : NULL;
  g_autofree char *uri = NULL;
  P2pRange range = { P2P_RANGE_NONE, 0, -1 };
  P2pText name, text;

  if (!has_room (self, maps->len))
    return FALSE;
  while (p2p_m3u8_next_attribute (&value, &name, &text)) {
    if (p2p_text_equals (name, "URI")) {
      g_free (uri);
      uri = read_uri (self, text);
    } else if (p2p_text_equals (name, "BYTERANGE")) {
      p2p_m3u8_read_range (text, &range);
    }
  }
  if (last && g_strcmp0 (last->uri, uri) == 0 && last->offset == range.offset
      && last->length == range.length)
    return TRUE;

  self->next.map = 0;
  if (!uri || !is_text (uri) || range.kind == P2P_RANGE_ODD)
    return FALSE;
  if (p2p_uri_is_http (uri)) {
    P2pMap map = { g_steal_pointer (&uri), range.offset, range.length };

    g_ptr_array_add (maps, g_memdup2 (&map, sizeof (map)));
    self->next.map = maps->len;
  }
  return TRUE;
}

/* EXT-X-STREAM-INF without its line */
static void
drop_variant (Reader * self)
{
  if (self->variant) {
    g_ptr_array_remove_index (self->playlist->variants, self->variant_index);
    self->playlist->odd_lines++;
    self->variant = NULL;
  }
}

/* Attributes of both kinds of variant */
static gboolean
read_variant (Reader * self, P2pText value, P2pVariant * variant)
{
  const struct
  {
    const char *name;
    char **string;
  } strings[] = {
    {"CODECS", &variant->codecs},
    {"FRAME-RATE", &variant->frame_rate},
    {"VIDEO-RANGE", &variant->video_range},
    {"AUDIO", &variant->audio},
    {"VIDEO", &variant->video},
    {"SUBTITLES", &variant->subtitles},
  };
  P2pText name, text;
  gboolean sane = TRUE;

  while (p2p_m3u8_next_attribute (&value, &name, &text)) {
    if (p2p_text_equals (name, "BANDWIDTH"))
      sane &= p2p_m3u8_read_uint (text, &variant->bandwidth);
    else if (p2p_text_equals (name, "AVERAGE-BANDWIDTH"))
      sane &= variant->has_average_bandwidth =
          p2p_m3u8_read_uint (text, &variant->average_bandwidth);
    else if (p2p_text_equals (name, "RESOLUTION"))
      sane &= variant->has_resolution = p2p_m3u8_read_resolution (text,
          &variant->width, &variant->height);
    else if (variant->iframes_only && p2p_text_equals (name, "URI")) {
      g_free (variant->uri);
      variant->uri = read_uri (self, text);
    }
    for (guint i = 0; i < G_N_ELEMENTS (strings); i++) {
      if (p2p_text_equals (name, strings[i].name)) {
        g_free (*strings[i].string);
        *strings[i].string = p2p_text_dup (text);
      }
    }
  }
  return sane;
}

static P2pVariant *
add_variant (Reader * self, gboolean iframes_only)
{
  P2pVariant *variant = g_new0 (P2pVariant, 1);

  variant->iframes_only = iframes_only;
  g_ptr_array_add (self->playlist->variants, variant);
  return variant;
}

static gboolean
read_stream_inf (Reader * self, P2pText value)
{
  drop_variant (self);
  if (!has_room (self, self->playlist->variants->len))
    return FALSE;
  self->variant_index = self->playlist->variants->len;
  self->variant = add_variant (self, FALSE);
  return read_variant (self, value, self->variant);
}

static gboolean
read_iframe_stream_inf (Reader * self, P2pText value)
{
  GPtrArray *variants = self->playlist->variants;
  P2pVariant *variant;
  gboolean sane;

  if (!has_room (self, variants->len))
    return FALSE;
  variant = add_variant (self, TRUE);
  sane = read_variant (self, value, variant);
  if (variant->uri)
    return sane;
  g_ptr_array_remove_index (variants, variants->len - 1);
  return FALSE;
}

static gboolean
read_media_type (P2pText text, P2pMediaType * type)
{
  static const char *const names[] = { "AUDIO", "VIDEO", "SUBTITLES",
    "CLOSED-CAPTIONS",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (p2p_text_equals (text, names[i])) {
      *type = i;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
read_media (Reader * self, P2pText value)
{
  GPtrArray *renditions = self->playlist->renditions;
  P2pRendition *rendition;
  P2pText name, text;
  gboolean sane = FALSE;

  if (!has_room (self, renditions->len))
    return FALSE;
  rendition = g_new0 (P2pRendition, 1);
  g_ptr_array_add (renditions, rendition);
  while (p2p_m3u8_next_attribute (&value, &name, &text)) {
    char **string = p2p_text_equals (name, "GROUP-ID") ? &rendition->group_id
        : p2p_text_equals (name, "NAME") ? &rendition->name
        : p2p_text_equals (name, "LANGUAGE") ? &rendition->language
        : p2p_text_equals (name, "CHANNELS") ? &rendition->channels : NULL;

    if (string) {
      g_free (*string);
      *string = p2p_text_dup (text);
    } else if (p2p_text_equals (name, "URI")) {
      g_free (rendition->uri);
      rendition->uri = read_uri (self, text);
    } else if (p2p_text_equals (name, "TYPE")) {
      sane = read_media_type (text, &rendition->type);
    } else if (p2p_text_equals (name, "DEFAULT")) {
      rendition->is_default = p2p_text_equals (text, "YES");
    } else if (p2p_text_equals (name, "AUTOSELECT")) {
      rendition->autoselect = p2p_text_equals (text, "YES");
    }
  }
  if (!sane)
    g_ptr_array_remove_index (renditions, renditions->len - 1);
  return sane;
}

/* RFC 8216, 4.3.2.2. Without an offset a range goes on only after one of the
 * same resource. */
static gboolean
place_range (Reader * self, P2pMediaSegment * segment)
{
  GArray *segments = self->playlist->segments;
  P2pRange *range = &self->range;

  if (range->kind == P2P_RANGE_NEXT && segments->len > 0) {
    P2pMediaSegment *last = &g_array_index (segments, P2pMediaSegment,
        segments->len - 1);

    if (self->range_end < 0 || strcmp (last->uri, segment->uri) != 0
        || self->range_end > G_MAXINT64 - range->length)
      range->kind = P2P_RANGE_ODD;
    range->offset = self->range_end;
  }
  self->range_end = -1;
  if (range->kind == P2P_RANGE_ODD)
    return FALSE;
  if (range->kind != P2P_RANGE_NONE) {
    segment->offset = range->offset;
    segment->length = range->length;
    self->range_end = range->offset + range->length;
  }
  return TRUE;
}

static gboolean
read_segment (Reader * self, P2pText line)
{
  GArray *segments = self->playlist->segments;
  P2pMediaSegment segment = self->next;
  gboolean sane;

  if (!has_room (self, segments->len))
    return FALSE;
  segment.sequence = self->playlist->media_sequence + segments->len;
  segment.uri = read_uri (self, line);
  sane = is_text (segment.uri);
  sane &= place_range (self, &segment);
  if (!sane || !p2p_uri_is_http (segment.uri))
    segment.gap = TRUE;
  g_array_append_val (segments, segment);

  if (segment.date_time != G_MININT64)
    self->next.date_time += segment.duration;
  self->next.duration = 0;
  self->next.gap = FALSE;
  self->is_segment = FALSE;
  self->range.kind = P2P_RANGE_NONE;
  return sane;
}

static gboolean
read_uri_line (Reader * self, P2pText line)
{
  if (self->is_segment)
    return read_segment (self, line);
  if (!self->variant)
    return FALSE;
  self->variant->uri = read_uri (self, line);
  self->variant = NULL;
  return TRUE;
}

static gboolean
read_tag (Reader * self, P2pText name, P2pText value)
{
  static const struct
  {
    const char *name;
    TagFunc read;
  } tags[] = {
    {"EXTINF", read_extinf},
    {"EXT-X-BYTERANGE", read_byterange},
    {"EXT-X-DISCONTINUITY", read_discontinuity},
    {"EXT-X-DISCONTINUITY-SEQUENCE", read_discontinuity_sequence},
    {"EXT-X-ENDLIST", read_endlist},
    {"EXT-X-GAP", read_gap},
    {"EXT-X-I-FRAMES-ONLY", read_iframes_only},
    {"EXT-X-I-FRAME-STREAM-INF", read_iframe_stream_inf},
    {"EXT-X-KEY", read_key},
    {"EXT-X-MAP", read_map},
    {"EXT-X-MEDIA", read_media},
    {"EXT-X-MEDIA-SEQUENCE", read_media_sequence},
    {"EXT-X-PLAYLIST-TYPE", read_playlist_type},
    {"EXT-X-PROGRAM-DATE-TIME", read_date_time},
    {"EXT-X-SKIP", read_skip},
    {"EXT-X-STREAM-INF", read_stream_inf},
    {"EXT-X-TARGETDURATION", read_target_duration},
    {"EXT-X-VERSION", read_version},
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    if (p2p_text_equals (name, tags[i].name))
      return tags[i].read (self, value);
  }
  return TRUE;                  /* a comment, or a tag that is not needed */
}

static void
read_line (Reader * self, P2pText line)
{
  P2pText name, value;
  gboolean sane = TRUE;

  if (p2p_m3u8_split_tag (line, &name, &value))
    sane = read_tag (self, name, value);
  else if (p2p_text_trim (line).len > 0)
    sane = read_uri_line (self, line);
  if (!sane)
    self->playlist->odd_lines++;
}

static void
finish (Reader * self)
{
  P2pPlaylist *playlist = self->playlist;

  drop_variant (self);
  if (self->has_extinf) {
    g_ptr_array_set_size (playlist->variants, 0);
    g_ptr_array_set_size (playlist->renditions, 0);
  }
  playlist->is_master = playlist->variants->len + playlist->renditions->len > 0;
  playlist->is_live = !playlist->is_master && !playlist->has_end && !self->vod;
}

P2pPlaylist *
p2p_playlist_parse (const char *uri, const guint8 * data, gsize size,
    GError ** error)
{
  P2pText rest = { (const char *) data, size }, line;
  Reader reader = {
    .next = {.length = -1,.date_time = G_MININT64},
    .range_end = -1,
  };

  if (size > P2P_PLAYLIST_MAX_BYTES) {
    g_set_error (error, P2P_ERROR, P2P_ERROR_TOO_LARGE,
        "A playlist of more than %d bytes", P2P_PLAYLIST_MAX_BYTES);
    return NULL;
  }
  if (!p2p_playlist_sniff (data, size)) {
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_PLAYLIST,
        "It does not begin with #EXTM3U");
    return NULL;
  }
  reader.playlist = p2p_playlist_new (uri);
  reader.base = g_strndup (reader.playlist->uri,
      strcspn (reader.playlist->uri, "?#"));
  p2p_m3u8_next_line (&rest, &line);    /* #EXTM3U, perhaps after a BOM */
  while (p2p_m3u8_next_line (&rest, &line))
    read_line (&reader, line);
  finish (&reader);
  g_free (reader.base);
  if (!reader.is_delta)
    return reader.playlist;
  p2p_playlist_unref (reader.playlist);
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_PLAYLIST,
      "It is what changed since another one (EXT-X-SKIP)");
  return NULL;
}
