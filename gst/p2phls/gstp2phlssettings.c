/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlssettings.h"

#include <string.h>

#define AT_ONCE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_PLAYING)
#define IN_READY (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_READY)

static const char *const default_trackers[] = {
  "wss://tracker.btorrent.xyz/", "wss://tracker.openwebtorrent.com/", NULL
};

#define N_FIELDS 11

/* For where they are and of what type, whichever class has them. */
static GstP2pHlsField fields[N_FIELDS];

#define LOADER(field) G_STRUCT_OFFSET (GstP2pHlsSettings, loader.field)

/* A spec belongs to one class, so each class gets its own. */
static void
gst_p2p_hls_settings_fill (GstP2pHlsField * fields)
{
  guint n = 0;

  /**
   * GstP2pHlsSrc:cache-segment-expiration:
   *
   * "Segment lifetime in cache. The segment is deleted from the cache if the
   * last access time is greater than this value (in milliseconds)" (seed 000).
   * An access is handing it on or uploading it; 0 keeps nothing. At once.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (cache_segment_expiration);
  fields[n++].pspec = g_param_spec_uint ("cache-segment-expiration",
      "Cache segment expiration",
      "How long a segment stays in the cache after it was last handed on or "
      "uploaded (ms)", 0, G_MAXUINT, P2P_DEFAULT_CACHE_SEGMENT_EXPIRATION,
      AT_ONCE);
  /**
   * GstP2pHlsSrc:max-cache-segments-count:
   *
   * "Max number of segments that can be stored in the cache" (seed 000), of each
   * stream: the variant, each alternate audio. 0 keeps nothing. At once.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (max_cache_segments_count);
  fields[n++].pspec = g_param_spec_uint ("max-cache-segments-count",
      "Maximum of cached segments",
      "How many segments of each stream the cache keeps", 0, G_MAXUINT,
      P2P_DEFAULT_MAX_CACHE_SEGMENTS_COUNT, AT_ONCE);
  /**
   * GstP2pHlsSrc:max-cache-bytes:
   *
   * Bytes that all cached segments may have together. Beside seed 000's count,
   * which says nothing of memory. 0 keeps nothing. At once.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (max_cache_bytes);
  fields[n++].pspec = g_param_spec_uint64 ("max-cache-bytes",
      "Maximum of cached bytes", "How large the whole cache may get (bytes)",
      0, G_MAXUINT64, P2P_DEFAULT_MAX_CACHE_BYTES, AT_ONCE);
  /**
   * GstP2pHlsSrc:required-segments-count:
   *
   * "The number of the segments to be downloaded as quickly as possible via HTTP
   * method" (seed 000), from the one that is asked for. At once.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (required_segments_count);
  fields[n++].pspec = g_param_spec_uint ("required-segments-count",
      "Required segments",
      "How many segments are fetched as quickly as possible, over HTTP", 0,
      G_MAXUINT, P2P_DEFAULT_REQUIRED_SEGMENTS_COUNT, AT_ONCE);
  /**
   * GstP2pHlsSrc:use-p2p:
   *
   * "Enable/Disable peers interaction" (seed 000): %TRUE for its HybridLoader,
   * %FALSE for its HttpLoader, with no peer-* signals. From the next segment that
   * is asked for.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (use_p2p);
  fields[n++].pspec = g_param_spec_boolean ("use-p2p", "Use P2P",
      "Whether segments are exchanged with other viewers; if not, all come "
      "over HTTP", P2P_DEFAULT_USE_P2P, IN_READY);
  /**
   * GstP2pHlsSrc:simultaneous-p2p-downloads:
   *
   * "Max number of simultaneous downloads from peers" (seed 000), of each stream.
   * At once.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (simultaneous_p2p_downloads);
  fields[n++].pspec = g_param_spec_uint ("simultaneous-p2p-downloads",
      "Simultaneous P2P downloads",
      "How many segments of a stream are fetched from peers at a time", 0,
      G_MAXUINT, P2P_DEFAULT_SIMULTANEOUS_P2P_DOWNLOADS, AT_ONCE);
  /**
   * GstP2pHlsSrc:last-segment-probability:
   *
   * "Probability of downloading the last one in the row and the only remaining
   * not downloaded file in the segments queue via HTTP" (seed 000). From the next
   * check.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (last_segment_probability);
  fields[n++].pspec = g_param_spec_double ("last-segment-probability",
      "Last segment probability",
      "How probable it is that the last segment of the queue, if it is the "
      "only one not loaded, is fetched over HTTP at a check", 0, 1,
      P2P_DEFAULT_LAST_SEGMENT_PROBABILITY, AT_ONCE);
  /**
   * GstP2pHlsSrc:last-segment-probability-interval:
   *
   * "Interval of the lastSegmentProbability check (in milliseconds)" (seed 000).
   * From the next check.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (last_segment_probability_interval);
  fields[n++].pspec = g_param_spec_uint ("last-segment-probability-interval",
      "Last segment probability interval",
      "How often last-segment-probability is checked (ms)", 1, G_MAXUINT,
      P2P_DEFAULT_LAST_SEGMENT_PROBABILITY_INTERVAL, AT_ONCE);
  /**
   * GstP2pHlsSrc:buffer-segments-count:
   *
   * "Max number of the segments to be downloaded via HTTP or P2P methods" (seed
   * 000): how many of a stream are there or on their way ahead. At once.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (buffer_segments_count);
  fields[n++].pspec = g_param_spec_uint ("buffer-segments-count",
      "Buffered segments",
      "How many segments of a stream are loaded ahead, over HTTP or P2P", 0,
      G_MAXUINT, P2P_DEFAULT_BUFFER_SEGMENTS_COUNT, AT_ONCE);
  /**
   * GstP2pHlsSrc:pace-eos:
   *
   * Holds back the end, not the data, of a segment that was there before it was
   * asked for until the network would have brought it: hlsdemux measures until
   * the end. Only where there are variants to choose from, and for 10 s at the
   * most.
   *
   * Since: 0.1
   */
  fields[n].offset = LOADER (pace_eos);
  fields[n++].pspec = g_param_spec_boolean ("pace-eos", "Pace EOS",
      "Hold back the end (not the data) of a segment that did not come over "
      "the network just now, so that a demuxer does not take it for the speed "
      "of the network", P2P_DEFAULT_PACE_EOS, AT_ONCE);
  /**
   * GstP2pHlsSrc:tracker-announce:
   *
   * "Torrent trackers (announcers) to use" (seed 000). To set it is to ask for
   * P2P; the default alone announces nothing.
   *
   * Since: 0.1
   */
  fields[n].offset = G_STRUCT_OFFSET (GstP2pHlsSettings, tracker_announce);
  fields[n++].pspec = g_param_spec_boxed ("tracker-announce",
      "Tracker announce",
      "URLs of the trackers that find the other viewers; setting it asks for "
      "P2P", G_TYPE_STRV, IN_READY);
  g_assert (n == N_FIELDS);
}

guint
gst_p2p_hls_settings_install (GObjectClass * klass, guint first)
{
  static gsize filled = 0;
  GstP2pHlsField own[N_FIELDS];

  gst_p2p_hls_settings_fill (own);
  for (guint i = 0; i < N_FIELDS; i++)
    g_object_class_install_property (klass, first + i, own[i].pspec);
  /* Element classes stay for the life of the process, and their specs too. */
  if (g_once_init_enter (&filled)) {
    memcpy (fields, own, sizeof fields);
    g_once_init_leave (&filled, 1);
  }
  return first + N_FIELDS;
}

void
gst_p2p_hls_settings_init (GstP2pHlsSettings * self)
{
  p2p_settings_init (&self->loader);
  self->tracker_announce = g_strdupv ((char **) default_trackers);
}

void
gst_p2p_hls_settings_clear (GstP2pHlsSettings * self)
{
  g_clear_pointer (&self->tracker_announce, g_strfreev);
}

int
gst_p2p_hls_settings_find (const char *name)
{
  for (int i = 0; i < N_FIELDS; i++) {
    if (g_str_equal (fields[i].pspec->name, name))
      return i;
  }
  return -1;
}

void
gst_p2p_hls_settings_set (GstP2pHlsSettings * self, int number,
    const GValue * value)
{
  gst_p2p_hls_field_set (&fields[number], self, value);
}

void
gst_p2p_hls_settings_get (const GstP2pHlsSettings * self, int number,
    GValue * value)
{
  gst_p2p_hls_field_get (&fields[number], self, value);
}

void
gst_p2p_hls_settings_merge (GstP2pHlsSettings * self,
    const GstP2pHlsSettings * other, guint64 mask)
{
  for (guint i = 0; i < N_FIELDS; i++) {
    if (mask & (G_GUINT64_CONSTANT (1) << i))
      gst_p2p_hls_field_copy (&fields[i], self, other);
  }
}

guint64
gst_p2p_hls_settings_get_tracker_bit (void)
{
  return G_GUINT64_CONSTANT (1) << (N_FIELDS - 1);
}

GstStructure *
gst_p2p_hls_settings_to_structure (const GstP2pHlsSettings * self)
{
  GstStructure *structure = gst_structure_new_empty ("settings");

  for (guint i = 0; i < N_FIELDS; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (fields[i].pspec));
    gst_p2p_hls_field_get (&fields[i], self, &value);
    gst_structure_take_value (structure, fields[i].pspec->name, &value);
  }
  return structure;
}
