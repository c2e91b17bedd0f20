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

/* --- alternate audio --- */

/* How a client reads it */
typedef struct
{
  const P2pPlaylist *master;
  GHashTable *groups;           /* of audio codecs, or NULL, by GROUP-ID */
  const char *others;           /* codecs of a group that is not there */
  gboolean plain;               /* p2p-media-loader 5, not hls.js */
} Audio;

/* Whether it is a stream of its own */
static gboolean
is_track (const Audio * audio, const P2pRendition * rendition)
{
  if (rendition->type != P2P_MEDIA_AUDIO || !rendition->uri || !*rendition->uri)
    return FALSE;
  return !audio->plain || (rendition->name && *rendition->name
      && rendition->group_id && *rendition->group_id
      && g_hash_table_contains (audio->groups, rendition->group_id));
}

static const char *
get_group (const P2pRendition * rendition)
{
  return rendition->group_id ? rendition->group_id : "";
}

static const char *
get_codecs (const Audio * audio, const P2pRendition * rendition)
{
  gpointer codecs;

  return g_hash_table_lookup_extended (audio->groups, get_group (rendition),
      NULL, &codecs) ? codecs : audio->others;
}

static void
describe_track (const Audio * audio, const P2pRendition * rendition,
    const char *codecs, P2pProperties * properties)
{
  gboolean has_name = rendition->name && *rendition->name;

  p2p_properties_set (properties, P2P_PROPERTY_BITRATE, "0");
  p2p_properties_set (properties, P2P_PROPERTY_CODECS, codecs);
  p2p_properties_set (properties, P2P_PROPERTY_LANGUAGE, rendition->language);
  p2p_properties_set (properties, P2P_PROPERTY_CHANNELS, rendition->channels);
  p2p_properties_set (properties, P2P_PROPERTY_NAME,
      has_name ? rendition->name : rendition->language);
  if (!audio->plain)
    p2p_properties_normalise (properties);
}

static gboolean
is_same (const P2pProperties * a, const P2pProperties * b, gboolean with_codecs)
{
  for (guint i = 0; i < P2P_N_PROPERTIES; i++) {
    if ((with_codecs || i != P2P_PROPERTY_CODECS)
        && g_strcmp0 (a->values[i], b->values[i]) != 0)
      return FALSE;
  }
  return TRUE;
}

/* Whether a client calls another track by the same properties, which then has other
 * bytes: groups are there for that. Codecs are compared once a group. */
static gboolean
has_double (const Audio * audio, const P2pRendition * rendition,
    const P2pProperties * properties)
{
  g_autoptr (GHashTable) compared = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *renditions = audio->master->renditions;
  gboolean found = FALSE;

  for (guint i = 0; i < renditions->len && !found; i++) {
    const P2pRendition *other = g_ptr_array_index (renditions, i);
    P2pProperties described = { {NULL,} };

    if (!is_track (audio, other) || g_str_equal (other->uri, rendition->uri))
      continue;
    describe_track (audio, other, NULL, &described);
    if (is_same (properties, &described, FALSE)
        && g_hash_table_add (compared, (char *) get_group (other))) {
      describe_track (audio, other, get_codecs (audio, other), &described);
      found = is_same (properties, &described, TRUE);
    }
    p2p_properties_clear (&described);
  }
  return found;
}

/* Returns: FALSE if uri is none. index: counts up at each before it, if not a
 * stream, too */
static gboolean
find_track (const Audio * audio, const char *uri, gboolean without_query,
    P2pHlsJsStream * stream)
{
  for (guint i = 0; i < audio->master->renditions->len; i++) {
    const P2pRendition *rendition =
        g_ptr_array_index (audio->master->renditions, i);

    if (is_track (audio, rendition)
        && is_at (rendition->uri, uri, without_query)) {
      describe_track (audio, rendition, get_codecs (audio, rendition),
          &stream->properties);
      stream->secondary = TRUE;
      stream->ambiguous = has_double (audio, rendition, &stream->properties);
      return TRUE;
    }
    stream->index += rendition->type == P2P_MEDIA_AUDIO;
  }
  return FALSE;
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

/* Whether hls.js puts a track of its own before the others: for the audio in the
 * levels, which no rendition stands for */
static gboolean
has_own_track (const Audio * audio, const P2pVariant * first)
{
  for (guint i = 0; i < audio->master->renditions->len; i++) {
    const P2pRendition *rendition =
        g_ptr_array_index (audio->master->renditions, i);

    if (rendition->type == P2P_MEDIA_AUDIO && !is_track (audio, rendition))
      return FALSE;
  }
  return audio->others && (!first->audio || !*first->audio);
}

/* Returns: (transfer container): of each group, those of its first level */
static GHashTable *
get_level_groups (GPtrArray * levels)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      g_free);

  for (guint i = 0; i < levels->len; i++) {
    const P2pVariant *level = g_ptr_array_index (levels, i);

    if (level->audio && !g_hash_table_contains (groups, level->audio))
      g_hash_table_insert (groups, level->audio,
          p2p_codecs_pick (level->codecs, P2P_CODEC_AUDIO));
  }
  return groups;
}

gboolean
p2p_hlsjs_find (const P2pPlaylist * master, const char *uri,
    P2pHlsJsStream * stream)
{
  g_autoptr (GPtrArray) levels = get_levels (master);
  g_autoptr (GHashTable) groups = get_level_groups (levels);
  g_autofree char *others = NULL;
  Audio audio = { master, groups, NULL, FALSE };

  memset (stream, 0, sizeof (*stream));
  for (guint i = 0; i < levels->len; i++) {
    const P2pVariant *variant = g_ptr_array_index (levels, i);

    if (is_at (variant->uri, uri, FALSE)) {
      describe_level (&stream->properties, variant);
      p2p_properties_normalise (&stream->properties);
      stream->index = i;
      return TRUE;
    }
  }
  if (levels->len == 0)
    return FALSE;
  others = p2p_codecs_pick (((P2pVariant *) g_ptr_array_index (levels,
              0))->codecs, P2P_CODEC_AUDIO);
  audio.others = others;
  stream->index = has_own_track (&audio, g_ptr_array_index (levels, 0));
  return find_track (&audio, uri, FALSE, stream);
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
  gboolean like;

  describe_variant (&other, variant);
  like = is_same (properties, &other, TRUE);
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

gboolean
p2p_hlsjs_find_plain (const P2pPlaylist * master, const char *uri,
    P2pHlsJsStream * stream)
{
  g_autoptr (GHashTable) groups = get_groups (master);
  const Audio audio = { master, groups, NULL, TRUE };

  memset (stream, 0, sizeof (*stream));
  /* A token in the query may have changed since the master was read. */
  for (gboolean without_query = FALSE; without_query <= TRUE; without_query++) {
    const P2pVariant *variant = find_variant (master, uri, without_query);

    if (variant) {
      describe_plain (&stream->properties, master, variant);
      return TRUE;
    }
    if (find_track (&audio, uri, without_query, stream))
      return TRUE;
  }
  return FALSE;
}
