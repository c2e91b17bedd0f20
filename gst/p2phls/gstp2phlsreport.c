/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsreport.h"

#include "gstp2phlssignals.h"

/* Lists are GValueArrays, deprecated as they are: what gi makes a list of by
 * itself, as it does of rtpsession's "source-stats". */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS static void
gst_p2p_hls_report_append (GValueArray * list, GstStructure * structure)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, structure);
  g_value_array_append (list, &value);
  g_value_unset (&value);
}

static void
gst_p2p_hls_report_take_list (GstStructure * structure, const char *name,
    GValueArray * list)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, g_value_array_get_type ());
  g_value_take_boxed (&value, list);
  gst_structure_take_value (structure, name, &value);
}

static void
gst_p2p_hls_report_set_string (GstStructure * structure, const char *field,
    const char *text)
{
  if (text)
    gst_structure_set (structure, field, G_TYPE_STRING, text, NULL);
}

static void
gst_p2p_hls_report_add_tracker (const P2pSignallerStats * tracker,
    gpointer list)
{
  GstStructure *structure = gst_structure_new ("tracker",
      "url", G_TYPE_STRING, tracker->tracker,
      "swarm-id", G_TYPE_STRING, tracker->swarm_id,
      "state", G_TYPE_STRING, p2p_signaller_state_get_name (tracker->state),
      "peers-told", G_TYPE_UINT, tracker->n_peers, NULL);

  gst_p2p_hls_report_set_string (structure, "peer-id", tracker->peer_id);
  gst_p2p_hls_report_set_string (structure, "error", tracker->trouble);
  gst_p2p_hls_report_append (list, structure);
}

static void
gst_p2p_hls_report_add_peer (P2pPeer * peer, const char *swarm_id,
    gpointer list)
{
  GstStructure *structure = gst_p2p_hls_signals_describe_peer (peer);
  P2pPeerStats stats;

  p2p_peer_get_stats (peer, &stats);
  gst_structure_set (structure,
      "state", G_TYPE_STRING, p2p_peer_state_get_name (stats.state),
      "relayed", G_TYPE_BOOLEAN, stats.relayed,
      "bytes-received", G_TYPE_UINT64, stats.bytes_received,
      "bytes-sent", G_TYPE_UINT64, stats.bytes_sent,
      "download-rate", G_TYPE_UINT64, stats.download_rate,
      "upload-rate", G_TYPE_UINT64, stats.upload_rate, NULL);
  gst_p2p_hls_report_set_string (structure, "swarm-id", swarm_id);
  if (stats.round_trip >= 0)
    gst_structure_set (structure, "round-trip", G_TYPE_UINT64,
        (guint64) stats.round_trip, NULL);
  gst_p2p_hls_report_append (list, structure);
}

GstStructure *
gst_p2p_hls_report_list (P2pSession * session)
{
  GstStructure *lists = gst_structure_new_empty ("lists");
  GValueArray *trackers = g_value_array_new (0);
  GValueArray *peers = g_value_array_new (0);

  p2p_session_foreach_tracker (session, gst_p2p_hls_report_add_tracker,
      trackers);
  p2p_session_foreach_peer (session, gst_p2p_hls_report_add_peer, peers);
  gst_p2p_hls_report_take_list (lists, "tracker-list", trackers);
  gst_p2p_hls_report_take_list (lists, "peer-list", peers);
  return lists;
}

static void
gst_p2p_hls_report_set_list (GstStructure * structure,
    const GstStructure * lists, const char *name)
{
  if (lists)
    gst_structure_set_value (structure, name,
        gst_structure_get_value (lists, name));
  else
    gst_p2p_hls_report_take_list (structure, name, g_value_array_new (0));
}

G_GNUC_END_IGNORE_DEPRECATIONS
    GstStructure *
gst_p2p_hls_report_new (const P2pStats * stats,
    const guint64 handed[P2P_N_SOURCES], gboolean asked,
    const GstStructure * lists)
{
  GstStructure *structure = gst_structure_new ("stats",
      "cache-bytes", G_TYPE_UINT64, handed[P2P_SOURCE_CACHE],
      "http-bytes", G_TYPE_UINT64, handed[P2P_SOURCE_HTTP],
      "p2p-bytes", G_TYPE_UINT64, handed[P2P_SOURCE_P2P],
      "cache-segments", G_TYPE_UINT, stats->cache_segments,
      "http-segments", G_TYPE_UINT, stats->http_segments,
      "p2p-segments", G_TYPE_UINT, stats->p2p_segments,
      "http-fetched", G_TYPE_UINT64, stats->http_fetched,
      "host-fetched", G_TYPE_UINT64, stats->host_fetched,
      "p2p-fetched", G_TYPE_UINT64, stats->p2p_fetched,
      "p2p-uploaded", G_TYPE_UINT64, stats->p2p_uploaded,
      "wasted", G_TYPE_UINT64, stats->wasted,
      "segments-loaded", G_TYPE_UINT, stats->segments_loaded,
      "segments-failed", G_TYPE_UINT, stats->segments_failed,
      "segments-aborted", G_TYPE_UINT, stats->segments_aborted,
      "retries", G_TYPE_UINT, stats->retries,
      "cached-segments", G_TYPE_UINT, stats->cached_segments,
      "cached-bytes", G_TYPE_UINT64, stats->cached_bytes,
      "queued-segments", G_TYPE_UINT, stats->queued_segments,
      "streams", G_TYPE_UINT, stats->streams,
      "buffered", G_TYPE_UINT64, stats->buffered,
      "playlists", G_TYPE_UINT, stats->playlists,
      "odd-lines", G_TYPE_UINT, stats->odd_lines,
      "peers", G_TYPE_UINT, stats->peers,
      "bad-messages", G_TYPE_UINT, stats->bad_messages,
      "rejected-segments", G_TYPE_UINT, stats->rejected_segments,
      "deadline", G_TYPE_INT64, stats->deadline,
      "bandwidth", G_TYPE_UINT64, stats->bandwidth,
      "p2p-asked", G_TYPE_BOOLEAN, asked, NULL);

  gst_p2p_hls_report_set_list (structure, lists, "tracker-list");
  gst_p2p_hls_report_set_list (structure, lists, "peer-list");
  return structure;
}
