/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlssignals.h"

#include "p2puri.h"

GST_DEBUG_CATEGORY_EXTERN (gst_p2p_hls_src_debug);
#define GST_CAT_DEFAULT gst_p2p_hls_src_debug

/* The first answer counts. */
static gboolean
gst_p2p_hls_signals_accumulate (GSignalInvocationHint * hint,
    GValue * accumulated, const GValue * returned, gpointer user_data)
{
  g_value_copy (returned, accumulated);
  return g_value_get_string (returned) == NULL;
}

/* One that says FALSE is enough. */
static gboolean
gst_p2p_hls_signals_accumulate_valid (GSignalInvocationHint * hint,
    GValue * accumulated, const GValue * returned, gpointer user_data)
{
  g_value_copy (returned, accumulated);
  return g_value_get_boolean (returned);
}

static void
gst_p2p_hls_signals_install_questions (GType type)
{
  /**
   * GstP2pHlsSrc::generate-segment-id:
   * @src: the element
   * @url: URL of a segment
   *
   * Generates the identifier of a segment from its URL (seed 000,
   * "segmentIdGenerator"). Two viewers that make the same identifier hold the
   * same segment. A byte range is added to it by the element.
   *
   * Returns: (nullable): the identifier; %NULL for the default, the URL in
   *   its canonical spelling
   *
   * Since: 0.1
   */
  g_signal_new ("generate-segment-id", type, G_SIGNAL_RUN_LAST, 0,
      gst_p2p_hls_signals_accumulate, NULL, NULL, G_TYPE_STRING, 1,
      G_TYPE_STRING);

  /**
   * GstP2pHlsSrc::validate-segment:
   * @src: the element
   * @url: URL of the segment
   * @data: all of its bytes
   * @method: "http", or "p2p" if a peer sent them, or the first of them
   * @peer_id: (nullable): id of that peer; %NULL for "http"
   *
   * Asks whether a segment is what it should be (a checksum, say), before
   * anybody sees it: nothing of a segment is handed on, cached, announced or
   * acknowledged before the answer, so that with a handler the first bytes come
   * when the segment is whole. What is bad is thrown away and counted
   * (rejected-segments); a peer that sent it is closed and not let in again,
   * and the segment comes another way; from the web it is fetched again, and
   * after three times in a row that is an error.
   *
   * Emitted on a thread of its own, one segment after the other: the handler may
   * take its time, during which only the segments asked about wait. A segment
   * too large to be cached is handed on as it comes, without asking.
   *
   * Returns: %FALSE if it is bad
   *
   * Since: 0.1
   */
  g_signal_new ("validate-segment", type, G_SIGNAL_RUN_LAST, 0,
      gst_p2p_hls_signals_accumulate_valid, NULL, NULL, G_TYPE_BOOLEAN, 4,
      G_TYPE_STRING, G_TYPE_BYTES, G_TYPE_STRING, G_TYPE_STRING);
}

static void
gst_p2p_hls_signals_install_segments (GType type)
{
  /**
   * GstP2pHlsSrc::segment-loaded:
   * @src: the element
   * @segment: a #GstStructure "segment" with url (string), priority (uint),
   *   data (#GBytes); of a byte range also offset and length (int64)
   *
   * Emitted when a segment has been downloaded, or on a call of #load with its
   * URL as emit-now-url if it is in the cache (seed 000, "SegmentLoaded").
   *
   * Since: 0.1
   */
  g_signal_new ("segment-loaded", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
      NULL, G_TYPE_NONE, 1, GST_TYPE_STRUCTURE | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * GstP2pHlsSrc::segment-error:
   * @src: the element
   * @url: URL of the segment
   * @error: what happened; domain "p2p-error-quark"
   *
   * Emitted when an error occurred while loading the segment (seed 000,
   * "SegmentError"). It is no error of the pipeline yet: what it waits for is
   * tried again when it asks again.
   *
   * Since: 0.1
   */
  g_signal_new ("segment-error", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);

  /**
   * GstP2pHlsSrc::segment-abort:
   * @src: the element
   * @url: URL of the segment
   *
   * Emitted for each segment that was to be loaded and is not in the new queue
   * (seed 000, "SegmentAbort").
   *
   * Since: 0.1
   */
  g_signal_new ("segment-abort", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * GstP2pHlsSrc::piece-bytes-loaded:
   * @src: the element
   * @method: "http" or "p2p"
   * @size: bytes loaded since the last emission for this method
   * @timestamp: Unix time in milliseconds
   *
   * Emitted when pieces of segments were loaded (seed 000,
   * "PieceBytesLoaded"), at most 20 times a second.
   *
   * Since: 0.1
   */
  g_signal_new ("piece-bytes-loaded", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
      NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_UINT64, G_TYPE_INT64);
}

static void
gst_p2p_hls_signals_install_peers (GType type)
{
  /**
   * GstP2pHlsSrc::peer-connect:
   * @src: the element
   * @peer: a #GstStructure "peer" with id (string) and remote-address (string)
   *
   * Emitted when a peer is connected (seed 000, "PeerConnect").
   *
   * Since: 0.1
   */
  g_signal_new ("peer-connect", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, GST_TYPE_STRUCTURE | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * GstP2pHlsSrc::peer-close:
   * @src: the element
   * @id: id of the peer
   *
   * Emitted when a peer is disconnected (seed 000, "PeerClose").
   *
   * Since: 0.1
   */
  g_signal_new ("peer-close", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
gst_p2p_hls_signals_install_trackers (GType type)
{
  /**
   * GstP2pHlsSrc::announced:
   * @src: the element
   * @tracker: URL of a tracker, as it was given
   * @peer_id: the own peer id at that tracker
   * @n_peers: how many other viewers it told of
   *
   * Emitted each time a tracker took the announce of a stream.
   *
   * Since: 0.1
   */
  g_signal_new ("announced", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_UINT);

  /**
   * GstP2pHlsSrc::tracker-warning:
   * @src: the element
   * @tracker: URL of a tracker, as it was given
   * @message: what happened, or what the tracker said
   *
   * Emitted at trouble with a tracker that passes by itself: it is tried again.
   *
   * Since: 0.1
   */
  g_signal_new ("tracker-warning", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  /**
   * GstP2pHlsSrc::tracker-error:
   * @src: the element
   * @tracker: URL of a tracker, as it was given
   * @error: why it is not tried again; domain "p2p-error-quark"
   *
   * Emitted when a tracker is given up, or is of no use as stun-server,
   * turn-server or pem cannot be read. Playback goes on.
   *
   * Since: 0.1
   */
  g_signal_new ("tracker-error", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
}

static void
gst_p2p_hls_signals_install_actions (GType type,
    const GstP2pHlsActions * actions)
{
  /* Deprecated for new code in C, but the one array type that languages make of
   * their own lists. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS;
  /**
   * GstP2pHlsSrc::load:
   * @src: the element
   * @segments: a #GValueArray of URLs (strings) and of #GstStructure "segment"
   *   with url (string), priority (int, uint or double; the lower the sooner),
   *   and for a byte range offset and length (bytes)
   * @swarm_id: (nullable): gathers the peers; %NULL: that of the stream that
   *   plays
   * @emit_now_url: (nullable): URL of a segment whose segment-loaded is to be
   *   emitted at once if it is in the cache
   *
   * Makes a new queue of segments (seed 000, "load"): what was in the queue and
   * is not in the new one is aborted. It takes the place of the queue that
   * feeds itself from the playlists until the pipeline's next request for a
   * segment makes that anew; what the pipeline is reading is never aborted.
   * Returns at once.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("load", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (actions->load), NULL, NULL, NULL, G_TYPE_NONE, 3,
      g_value_array_get_type (), G_TYPE_STRING, G_TYPE_STRING);
  G_GNUC_END_IGNORE_DEPRECATIONS;

  /**
   * GstP2pHlsSrc::destroy:
   * @src: the element
   *
   * Destroys the loaders of the session (seed 000, "destroy"): all connections
   * are aborted, the cache is cleared, no signal is emitted any more. Requests
   * of the pipeline end with an ERROR RESOURCE/CLOSE until the elements have
   * been in NULL. Returns at once.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("destroy", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (actions->destroy), NULL, NULL, NULL, G_TYPE_NONE, 0);
}

void
gst_p2p_hls_signals_install (GObjectClass * klass,
    const GstP2pHlsActions * actions)
{
  GType type = G_OBJECT_CLASS_TYPE (klass);

  gst_p2p_hls_signals_install_segments (type);
  gst_p2p_hls_signals_install_questions (type);
  gst_p2p_hls_signals_install_peers (type);
  gst_p2p_hls_signals_install_trackers (type);
  gst_p2p_hls_signals_install_actions (type, actions);
}

gboolean
gst_p2p_hls_signals_has_handler (GstElement * element, const char *name)
{
  guint id = g_signal_lookup (name, G_OBJECT_TYPE (element));

  return g_signal_has_handler_pending (element, id, 0, TRUE);
}

gboolean
gst_p2p_hls_signals_validate (GstElement * element, const char *url,
    GBytes * data, const char *method, const char *peer_id)
{
  guint id = g_signal_lookup ("validate-segment", G_OBJECT_TYPE (element));
  GValue values[5] = { G_VALUE_INIT, }, answer = G_VALUE_INIT;
  const char *const texts[] = { method, peer_id };
  gboolean good;

  g_value_init (&values[0], G_OBJECT_TYPE (element));
  g_value_set_object (&values[0], element);
  g_value_init (&values[1], G_TYPE_STRING);
  g_value_set_string (&values[1], url);
  g_value_init (&values[2], G_TYPE_BYTES);
  g_value_set_boxed (&values[2], data);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_value_init (&values[3 + i], G_TYPE_STRING);
    g_value_set_string (&values[3 + i], texts[i]);
  }
  g_value_init (&answer, G_TYPE_BOOLEAN);
  /* What the last handler leaves as it goes is not FALSE. */
  g_value_set_boolean (&answer, TRUE);
  g_signal_emitv (values, id, 0, &answer);
  good = g_value_get_boolean (&answer);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_value_unset (&values[i]);
  return good;
}

GstStructure *
gst_p2p_hls_signals_describe_segment (P2pSegment * segment)
{
  GstStructure *structure = gst_structure_new ("segment",
      "url", G_TYPE_STRING, segment->url,
      "priority", G_TYPE_UINT, segment->priority, NULL);
  g_autoptr (GBytes) data = p2p_segment_get_data (segment);

  if (segment->offset != 0 || segment->length >= 0)
    gst_structure_set (structure, "offset", G_TYPE_INT64, segment->offset,
        "length", G_TYPE_INT64, segment->length, NULL);
  if (data)
    gst_structure_set (structure, "data", G_TYPE_BYTES, data, NULL);
  return structure;
}

GstStructure *
gst_p2p_hls_signals_describe_peer (P2pPeer * peer)
{
  const char *address = p2p_peer_get_remote_address (peer);
  GstStructure *structure = gst_structure_new ("peer",
      "id", G_TYPE_STRING, p2p_peer_get_id (peer), NULL);

  if (address)
    gst_structure_set (structure, "remote-address", G_TYPE_STRING, address,
        NULL);
  return structure;
}

/* gst-launch and languages without unsigned types write numbers as they can. */
static gboolean
gst_p2p_hls_signals_get_number (const GstStructure * structure,
    const char *name, gint64 * number)
{
  const GValue *value = gst_structure_get_value (structure, name);
  GValue real = G_VALUE_INIT;
  gboolean good;

  if (value == NULL)
    return FALSE;
  g_value_init (&real, G_TYPE_DOUBLE);
  good = !G_VALUE_HOLDS_STRING (value) && g_value_transform (value, &real)
      && g_value_get_double (&real) >= 0
      && g_value_get_double (&real) <= (double) (G_GINT64_CONSTANT (1) << 53);
  if (good)
    *number = g_value_get_double (&real);
  g_value_unset (&real);
  return good;
}

static P2pSegment *
gst_p2p_hls_signals_read_structure (const GstStructure * structure,
    guint position)
{
  const char *url = gst_structure_get_string (structure, "url");
  gint64 offset = 0, length = -1, priority = position;
  g_autofree char *http = NULL;

  if (url == NULL)
    return NULL;
  http = p2p_uri_to_http (url);
  if (!p2p_uri_is_http (http))
    return NULL;
  gst_p2p_hls_signals_get_number (structure, "offset", &offset);
  gst_p2p_hls_signals_get_number (structure, "length", &length);
  gst_p2p_hls_signals_get_number (structure, "priority", &priority);
  return p2p_segment_new (http, NULL, offset, length,
      MIN (priority, G_MAXUINT));
}

static P2pSegment *
gst_p2p_hls_signals_read_segment (const GValue * value, guint position)
{
  g_autoptr (GstStructure) made = NULL;

  if (GST_VALUE_HOLDS_STRUCTURE (value) && g_value_get_boxed (value))
    return gst_p2p_hls_signals_read_structure (g_value_get_boxed (value),
        position);
  if (!G_VALUE_HOLDS_STRING (value))
    return NULL;
  made = gst_structure_new ("segment", "url", G_TYPE_STRING,
      g_value_get_string (value), NULL);
  return gst_p2p_hls_signals_read_structure (made, position);
}

GPtrArray *
gst_p2p_hls_signals_read_segments (GstElement * element, GValueArray * segments)
{
  GPtrArray *queue =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);

  for (guint i = 0; segments && i < segments->n_values; i++) {
    P2pSegment *segment =
        gst_p2p_hls_signals_read_segment (segments->values + i, i);

    if (segment)
      g_ptr_array_add (queue, segment);
    else
      GST_WARNING_OBJECT (element, "load: item %u is no segment: a URL, or a "
          "structure with url, is needed", i);
  }
  g_ptr_array_sort (queue, p2p_segment_compare);
  return queue;
}
