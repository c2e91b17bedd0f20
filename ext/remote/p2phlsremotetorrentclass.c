/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotetorrentclass.h"

#include <math.h>

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

static void
p2p_hls_remote_torrent_install_handle (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:client: (type P2pHlsRemoteClient)
   *
   * "client: the WebTorrentRemoteClient"; %NULL once it is destroyed.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_CLIENT,
      g_param_spec_object ("client", "Client", "Whose handle it is",
          G_TYPE_OBJECT, READ));
  /**
   * P2pHlsRemoteTorrent:key:
   *
   * "key: the clientKey used for messaging" (seed 001), which is the torrent's own.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_KEY,
      g_param_spec_string ("key", "Key", "Its name in messages", NULL, READ));
  /**
   * P2pHlsRemoteTorrent:server-url:
   *
   * "serverURL: the base URL for the local HTTP server if running, or null".
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_SERVER_URL,
      g_param_spec_string ("server-url", "Server URL",
          "A page of it on the engine's HTTP server", NULL, READ));
  /**
   * P2pHlsRemoteTorrent:playlist-url:
   *
   * Beyond the seed: its playlist below server-url, which is what any player opens.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_PLAYLIST_URL,
      g_param_spec_string ("playlist-url", "Playlist URL",
          "Where any player opens it", NULL, READ));
}

static void
p2p_hls_remote_torrent_install_info (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:info-hash:
   *
   * `infoHash` of seed 001: 40 hexadecimal digits that name the swarm, as trackers
   * of seed 002 have it; %NULL before the signal infohash.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_INFO_HASH,
      g_param_spec_string ("info-hash", "Info hash", "Name of its swarm", NULL,
          READ));
  /**
   * P2pHlsRemoteTorrent:name:
   *
   * `name` of seed 001; %NULL before the signal infohash.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_NAME,
      g_param_spec_string ("name", "Name", "For people", NULL, READ));
  /**
   * P2pHlsRemoteTorrent:length:
   *
   * `length` of seed 001, in bytes; -1 is its null: of a live stream, and where it
   * is not known.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_LENGTH,
      g_param_spec_int64 ("length", "Length", "Bytes; -1: not known, or live",
          -1, G_MAXINT64, -1, READ));
  /**
   * P2pHlsRemoteTorrent:files: (type GLib.PtrArray(P2pHlsRemoteFile))
   *
   * `files` of seed 001, of #P2pHlsRemoteFile: the renditions; empty before the
   * signal metadata.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_FILES,
      g_param_spec_boxed ("files", "Files", "Its renditions",
          G_TYPE_PTR_ARRAY, READ));
}

static void
p2p_hls_remote_torrent_install_progress (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:progress:
   *
   * How much of it is there or was, from 0 to 1: of a VOD all, of a live stream
   * its window.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_PROGRESS,
      g_param_spec_double ("progress", "Progress", "From 0 to 1", 0, INFINITY,
          0, READ));
  /**
   * P2pHlsRemoteTorrent:downloaded:
   *
   * Bytes that came, over HTTP and from peers.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_DOWNLOADED,
      g_param_spec_uint64 ("downloaded", "Downloaded", "Bytes that came", 0,
          G_MAXUINT64, 0, READ));
  /**
   * P2pHlsRemoteTorrent:uploaded:
   *
   * Bytes that went to peers.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_UPLOADED,
      g_param_spec_uint64 ("uploaded", "Uploaded", "Bytes that went to peers",
          0, G_MAXUINT64, 0, READ));
  /**
   * P2pHlsRemoteTorrent:download-speed:
   *
   * Bytes a second that come.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_DOWNLOAD_SPEED,
      g_param_spec_double ("download-speed", "Download speed",
          "Bytes a second", 0, INFINITY, 0, READ));
  /**
   * P2pHlsRemoteTorrent:upload-speed:
   *
   * Bytes a second that go to peers.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_UPLOAD_SPEED,
      g_param_spec_double ("upload-speed", "Upload speed", "Bytes a second", 0,
          INFINITY, 0, READ));
}

static void
p2p_hls_remote_torrent_install_standing (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:ratio:
   *
   * uploaded to downloaded.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_RATIO,
      g_param_spec_double ("ratio", "Ratio", "Uploaded to downloaded", 0,
          INFINITY, 0, READ));
  /**
   * P2pHlsRemoteTorrent:num-peers:
   *
   * Peers that are connected.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_NUM_PEERS,
      g_param_spec_uint ("num-peers", "Peers", "That are connected", 0,
          G_MAXUINT, 0, READ));
  /**
   * P2pHlsRemoteTorrent:time-remaining:
   *
   * Milliseconds until it is done; infinity where nobody knows, which is null in
   * messages.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_TIME_REMAINING,
      g_param_spec_double ("time-remaining", "Time remaining",
          "Milliseconds until it is done", 0, INFINITY, INFINITY, READ));
}

static guint
p2p_hls_remote_torrent_add_signal (GObjectClass * klass, const char *name)
{
  return g_signal_new (name, G_OBJECT_CLASS_TYPE (klass), G_SIGNAL_RUN_LAST, 0,
      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
p2p_hls_remote_torrent_add_signals (GObjectClass * klass,
    guint signals[N_SIGNALS])
{
  /**
   * P2pHlsRemoteTorrent::infohash:
   *
   * name and info-hash are set. Once.
   *
   * Since: 0.1
   */
  signals[INFOHASH] = p2p_hls_remote_torrent_add_signal (klass, "infohash");
  /**
   * P2pHlsRemoteTorrent::metadata:
   *
   * The playlist was read: files and length are set.
   *
   * Since: 0.1
   */
  signals[METADATA] = p2p_hls_remote_torrent_add_signal (klass, "metadata");
  /**
   * P2pHlsRemoteTorrent::download:
   *
   * Bytes came; told a few times a second at most.
   *
   * Since: 0.1
   */
  signals[DOWNLOAD] = p2p_hls_remote_torrent_add_signal (klass, "download");
  /**
   * P2pHlsRemoteTorrent::upload:
   *
   * Bytes went to peers; told a few times a second at most.
   *
   * Since: 0.1
   */
  signals[UPLOAD] = p2p_hls_remote_torrent_add_signal (klass, "upload");
  /**
   * P2pHlsRemoteTorrent::update:
   *
   * "fires periodically, see updateInterval" (seed 001).
   *
   * Since: 0.1
   */
  signals[UPDATE] = p2p_hls_remote_torrent_add_signal (klass, "update");
  /**
   * P2pHlsRemoteTorrent::done:
   *
   * All of a VOD was loaded; never of a live stream.
   *
   * Since: 0.1
   */
  signals[DONE] = p2p_hls_remote_torrent_add_signal (klass, "done");
  /**
   * P2pHlsRemoteTorrent::server-ready:
   *
   * server-url can be opened.
   *
   * Since: 0.1
   */
  signals[SERVER_READY] =
      p2p_hls_remote_torrent_add_signal (klass, "server-ready");
}

static void
p2p_hls_remote_torrent_add_troubles (GObjectClass * klass,
    guint signals[N_SIGNALS])
{
  /**
   * P2pHlsRemoteTorrent::warning:
   * @self: whose it is
   * @error: what happened; the engine goes on by itself
   *
   * Where nobody is connected to it, the client emits its own.
   *
   * Since: 0.1
   */
  signals[WARNING] = g_signal_new ("warning", G_OBJECT_CLASS_TYPE (klass),
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  /**
   * P2pHlsRemoteTorrent::error:
   * @self: whose it is
   * @error: what happened
   *
   * Where nobody is connected to it, the client emits its own.
   *
   * Since: 0.1
   */
  signals[ERROR] = g_signal_new ("error", G_OBJECT_CLASS_TYPE (klass),
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

void
p2p_hls_remote_torrent_install (GObjectClass * klass, guint signals[N_SIGNALS])
{
  p2p_hls_remote_torrent_install_handle (klass);
  p2p_hls_remote_torrent_install_info (klass);
  p2p_hls_remote_torrent_install_progress (klass);
  p2p_hls_remote_torrent_install_standing (klass);
  p2p_hls_remote_torrent_add_signals (klass, signals);
  p2p_hls_remote_torrent_add_troubles (klass, signals);
}
