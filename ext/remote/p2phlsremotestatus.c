/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotestatus.h"

#include "p2phlsremotelimits.h"

#include <string.h>

/* Beside the torrents. */
#define REST 1024

P2pJson *
p2p_hls_remote_status_make (P2pHlsRemoteHub * hub, gsize max)
{
  P2pJson *status = p2p_json_new ();
  g_autoptr (GPtrArray) torrents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_json_unref);
  gsize size = 0;

  for (guint i = 0; i < hub->channels->len; i++) {
    P2pHlsRemoteChannel *channel = g_ptr_array_index (hub->channels, i);
    P2pJson *torrent = p2p_hls_remote_channel_describe (channel, NULL);
    g_autofree char *text = NULL;

    p2p_hls_remote_channel_write_sources (channel, torrent);
    p2p_json_set_string (torrent, "url", channel->id.url);
    p2p_json_set_boolean (torrent, "live", channel->info.live);
    p2p_json_set_int64 (torrent, "clients", channel->handles->len);
    g_ptr_array_add (torrents, torrent);
    text = p2p_json_to_text (torrent);
    size += strlen (text) + 1;
    if (size > max) {
      g_ptr_array_set_size (torrents, i);
      break;
    }
  }
  p2p_json_set_int64 (status, "clients", g_hash_table_size (hub->peers));
  p2p_json_set_boolean (status, "engine", hub->engine != NULL);
  p2p_json_set_objects (status, "torrents", torrents);
  p2p_json_set_int64 (status, "leftOut", hub->channels->len - torrents->len);
  return status;
}

static void
p2p_hls_remote_status_send (P2pHlsRemoteHub * hub, P2pHlsRemotePeer * peer)
{
  g_autoptr (P2pJson) status = p2p_hls_remote_status_make (hub,
      P2P_HLS_REMOTE_MAX_ANSWER / 2 - REST);
  g_autoptr (P2pJson) answer = p2p_json_new ();

  p2p_json_set_string (answer, "type", "status");
  p2p_json_set_object (answer, "status", status);
  p2p_hls_remote_hub_send (hub, peer, NULL, answer);
}

static gboolean
p2p_hls_remote_status_stop (P2pHlsRemoteHub * hub, const char *torrent_id,
    GError ** error)
{
  g_auto (P2pHlsRemoteId) id = { 0 };
  P2pHlsRemoteChannel *channel;

  if (torrent_id == NULL) {
    hub->stop (hub->user_data);
    return TRUE;
  }
  if (!p2p_hls_remote_id_parse (&id, torrent_id, error))
    return FALSE;
  channel = p2p_hls_remote_hub_find (hub, &id);
  if (channel == NULL) {
    g_set_error (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_TORRENT_MISSING, "TorrentID not found: %s",
        torrent_id);
    return FALSE;
  }
  p2p_hls_remote_hub_stop_channel (hub, channel);
  return TRUE;
}

gboolean
p2p_hls_remote_status_take (P2pHlsRemoteHub * hub, P2pHlsRemotePeer * peer,
    const char *type, P2pJson * message)
{
  g_autoptr (P2pJson) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (type, "status")) {
    p2p_hls_remote_status_send (hub, peer);
    return TRUE;
  }
  if (!g_str_equal (type, "stop"))
    return FALSE;
  answer = p2p_json_new ();
  p2p_json_set_string (answer, "type", "stopped");
  if (!p2p_hls_remote_status_stop (hub,
          p2p_json_get_string (message, "torrentID"), &error)) {
    g_autoptr (P2pJson) written = p2p_hls_remote_error_write (error);

    p2p_json_set_object (answer, "error", written);
  }
  p2p_hls_remote_hub_send (hub, peer, NULL, answer);
  return TRUE;
}
