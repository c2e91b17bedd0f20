/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsjs.h"
#include "p2pcodecs.h"
#include "p2puri.h"

#include <string.h>

/* Number.MAX_SAFE_INTEGER; what is larger hls.js takes for infinite. */
#define MAX_SAFE_INTEGER ((G_GUINT64_CONSTANT (1) << 53) - 1)

static gboolean
is_at (const char *uri, const char *canonical, gboolean without_query)
{
  g_autofree char *other = uri && *uri ? p2p_uri_canonical (uri) : NULL;
  gsize len;

  if (!without_query || !other)
    return g_strcmp0 (other, canonical) == 0;
  len = strcspn (canonical, "?");
  return strcspn (other, "?") == len && strncmp (other, canonical, len) == 0;
}

/* --- hls.js --- */

/* Returns: (transfer container): of P2pVariant */
static GPtrArray *
get_levels (const P2pPlaylist * master)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  GPtrArray *known = g_ptr_array_new ();

  for (guint i = 0; i < master->variants->len; i++) {
    P2pVariant *variant = g_ptr_array_index (master->variants, i);

    if (variant->iframes_only)
      continue;
    g_ptr_array_add (all, variant);
    if (p2p_codecs_are_known (variant->codecs))
      g_ptr_array_add (known, variant);
  }
  if (known->len == 0)
    g_ptr_array_extend (known, all, NULL, NULL);
  return known;
}

static void
set_resolution (P2pProperties * properties, const P2pVariant * variant)
{
  if (variant->has_resolution) {
    p2p_properties_set_number (properties, P2P_PROPERTY_WIDTH, variant->width);
    p2p_properties_set_number (properties, P2P_PROPERTY_HEIGHT,
        variant->height);
  }
}

static void
describe_level (P2pProperties * properties, const P2pVariant * variant)
{
  guint64 bitrate = variant->bandwidth > 0 ? variant->bandwidth
      : variant->average_bandwidth;
  g_autofree char *codecs = NULL;

  if (bitrate == 0 && variant->has_average_bandwidth) {
    p2p_properties_set (properties, P2P_PROPERTY_BITRATE, "0");
    return;
  }
  if (bitrate == 0 || bitrate > MAX_SAFE_INTEGER)
    p2p_properties_set (properties, P2P_PROPERTY_BITRATE,
        bitrate == 0 ? "NaN" : "Infinity");
  else
    p2p_properties_set_number (properties, P2P_PROPERTY_BITRATE, bitrate);
  codecs = p2p_codecs_pick (variant->codecs, P2P_CODEC_VIDEO);
  p2p_properties_set (properties, P2P_PROPERTY_CODECS, codecs);
  set_resolution (properties, variant);
  p2p_properties_set (properties, P2P_PROPERTY_FRAME_RATE, variant->frame_rate);
  p2p_properties_set (properties, P2P_PROPERTY_VIDEO_RANGE,
      variant->video_range);
}

/* The codecs of the first level of the group, or of the first at all */
static void
describe_track (P2pProperties * properties, const P2pRendition * rendition,
    GPtrArray * levels)
{
  const char *group = rendition->group_id ? rendition->group_id : "";
  const P2pVariant *level = g_ptr_array_index (levels, 0);
  g_autofree char *codecs = NULL;

  for (guint i = 0; i < levels->len; i++) {
    const P2pVariant *other = g_ptr_array_index (levels, i);

    if (g_strcmp0 (other->audio, group) == 0) {
      level = other;
      break;
    }
  }
  codecs = p2p_codecs_pick (level->codecs, P2P_CODEC_AUDIO);
  p2p_properties_set (properties, P2P_PROPERTY_BITRATE, "0");
  p2p_properties_set (properties, P2P_PROPERTY_CODECS, codecs);
  p2p_properties_set (properties, P2P_PROPERTY_LANGUAGE, rendition->language);
  p2p_properties_set (properties, P2P_PROPERTY_CHANNELS, rendition->channels);
  p2p_properties_set (properties, P2P_PROPERTY_NAME,
      rendition->name && *rendition->name ? rendition->name
      : rendition->language);
}

/* Whether hls.js puts a track of its own before the others: for the audio in the
 * levels, which no rendition stands for */
static gboolean
has_own_track (const P2pPlaylist * master, GPtrArray * levels)
{
  const P2pVariant *first = g_ptr_array_index (levels, 0);
  g_autofree char *codecs = p2p_codecs_pick (first->codecs, P2P_CODEC_AUDIO);

  for (guint i = 0; i < master->renditions->len; i++) {
    P2pRendition *rendition = g_ptr_array_index (master->renditions, i);

    if (rendition->type == P2P_MEDIA_AUDIO
        && (!rendition->uri || !*rendition->uri))
      return FALSE;
  }
  return codecs && (!first->audio || !*first->audio);
}

gboolean
p2p_hlsjs_find (const P2pPlaylist * master, const char *uri,
    P2pHlsJsStream * stream)
{
  g_autoptr (GPtrArray) levels = get_levels (master);

  memset (stream, 0, sizeof (*stream));
  for (guint i = 0; i < levels->len; i++) {
    const P2pVariant *variant = g_ptr_array_index (levels, i);

    if (is_at (variant->uri, uri, FALSE)) {
      describe_level (&stream->properties, variant);
      stream->index = i;
      return TRUE;
    }
  }
  if (levels->len == 0)
    return FALSE;
  stream->secondary = TRUE;
  stream->index = has_own_track (master, levels);
  for (guint i = 0; i < master->renditions->len; i++) {
    const P2pRendition *rendition = g_ptr_array_index (master->renditions, i);

    if (rendition->type != P2P_MEDIA_AUDIO)
      continue;
    if (is_at (rendition->uri, uri, FALSE)) {
      describe_track (&stream->properties, rendition, levels);
      return TRUE;
    }
    stream->index++;
  }
  return FALSE;
}

/* --- p2p-media-loader 5 --- */

/* All but the bit rate */
static void
describe_variant (P2pProperties * properties, const P2pVariant * variant)
{
  g_autofree char *codecs = p2p_codecs_pick_plain (variant->codecs,
      P2P_CODEC_VIDEO);
  g_autofree char *rate = variant->frame_rate ?
      p2p_properties_spell_number (variant->frame_rate) : NULL;

  p2p_properties_set (properties, P2P_PROPERTY_BITRATE, "0");
  p2p_properties_set (properties, P2P_PROPERTY_CODECS, codecs);
  set_resolution (properties, variant);
  p2p_properties_set (properties, P2P_PROPERTY_FRAME_RATE, rate);
  p2p_properties_set (properties, P2P_PROPERTY_VIDEO_RANGE,
      variant->video_range);
}

static gboolean
is_like (const P2pProperties * properties, const P2pVariant * variant)
{
  P2pProperties other = { {NULL,} };
  gboolean like = TRUE;

  describe_variant (&other, variant);
  for (guint i = 0; i < P2P_N_PROPERTIES; i++)
    like &= g_strcmp0 (properties->values[i], other.values[i]) == 0;
  p2p_properties_clear (&other);
  return like;
}

/* Of those with the same URI, the last one counts. */
static const P2pVariant *
find_variant (const P2pPlaylist * master, const char *uri,
    gboolean without_query)
{
  const P2pVariant *found = NULL;

  for (guint i = 0; i < master->variants->len; i++) {
    const P2pVariant *variant = g_ptr_array_index (master->variants, i);

    if (!variant->iframes_only && (found ? g_str_equal (variant->uri,
                found->uri) : is_at (variant->uri, uri, without_query)))
      found = variant;
  }
  return found;
}

static void
describe_plain (P2pProperties * properties, const P2pPlaylist * master,
    const P2pVariant * variant)
{
  describe_variant (properties, variant);
  for (guint i = 0; i < master->variants->len; i++) {
    const P2pVariant *other = g_ptr_array_index (master->variants, i);

    if (other != variant && !other->iframes_only && is_like (properties, other)) {
      p2p_properties_set_number (properties, P2P_PROPERTY_BITRATE,
          variant->bandwidth);
      return;
    }
  }
}

/* Returns: (transfer container): for each group that a variant names, the audio
 * codecs of the first that has some, or NULL */
static GHashTable *
get_groups (const P2pPlaylist * master)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      g_free);

  for (guint i = 0; i < master->variants->len; i++) {
    const P2pVariant *variant = g_ptr_array_index (master->variants, i);

    if (!variant->iframes_only && variant->audio
        && !g_hash_table_lookup (groups, variant->audio))
      g_hash_table_insert (groups, variant->audio,
          p2p_codecs_pick_plain (variant->codecs, P2P_CODEC_AUDIO));
  }
  return groups;
}

static gboolean
find_audio (const P2pPlaylist * master, const char *uri,
    gboolean without_query, P2pProperties * properties)
{
  g_autoptr (GHashTable) groups = get_groups (master);

  for (guint i = 0; i < master->renditions->len; i++) {
    const P2pRendition *rendition = g_ptr_array_index (master->renditions, i);

    if (rendition->type != P2P_MEDIA_AUDIO || !rendition->group_id
        || !*rendition->group_id || !rendition->name || !*rendition->name
        || !g_hash_table_contains (groups, rendition->group_id)
        || !is_at (rendition->uri, uri, without_query))
      continue;
    p2p_properties_set (properties, P2P_PROPERTY_BITRATE, "0");
    p2p_properties_set (properties, P2P_PROPERTY_CODECS,
        g_hash_table_lookup (groups, rendition->group_id));
    p2p_properties_set (properties, P2P_PROPERTY_LANGUAGE, rendition->language);
    p2p_properties_set (properties, P2P_PROPERTY_CHANNELS, rendition->channels);
    p2p_properties_set (properties, P2P_PROPERTY_NAME, rendition->name);
    return TRUE;
  }
  return FALSE;
}

gboolean
p2p_hlsjs_find_plain (const P2pPlaylist * master, const char *uri,
    P2pHlsJsStream * stream)
{
  memset (stream, 0, sizeof (*stream));
  /* A token in the query may have changed since the master was read. */
  for (gboolean without_query = FALSE; without_query <= TRUE; without_query++) {
    const P2pVariant *variant = find_variant (master, uri, without_query);

    if (variant) {
      describe_plain (&stream->properties, master, variant);
      return TRUE;
    }
    if (find_audio (master, uri, without_query, &stream->properties)) {
      stream->secondary = TRUE;
      return TRUE;
    }
  }
  return FALSE;
}
