/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremotetypes.h"

G_BEGIN_DECLS

/**
 * P2pHlsRemoteTorrent:
 *
 * Seed 001's torrent object: a client's handle of one stream that the engine has.
 * It is there at once, and filled as the engine tells: its properties are those of
 * seed 001, its signals come from the thread of its client.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_TYPE_TORRENT (p2p_hls_remote_torrent_get_type ())
P2P_HLS_REMOTE_API
G_DECLARE_FINAL_TYPE (P2pHlsRemoteTorrent, p2p_hls_remote_torrent,
    P2P_HLS_REMOTE, TORRENT, GObject)

/**
 * p2p_hls_remote_torrent_create_server:
 * @options: (nullable): a JSON object: `origin`, who may read it in a browser (a
 *   string or an array of them; "*": anybody; false: nobody); `hostname`, the only
 *   name (without a port) by which it may be asked for, and is in the URL; others
 *   are passed over
 * @callback: (scope async) (closure user_data) (nullable): told when it listens,
 *   or that it cannot
 * @user_data: for @callback
 *
 * "calls back with (err, torrent). if there's no error, the torrent will contain
 * serverURL pointing to a local torrent-to-HTTP streaming server" (seed 001). Any
 * number of calls, of any clients: the URL is the same.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_torrent_create_server
    (P2pHlsRemoteTorrent * self, const char *options,
    P2pHlsRemoteCallback callback, gpointer user_data);

/**
 * p2p_hls_remote_torrent_get_key:
 *
 * Returns: its key in messages: 32 hexadecimal digits
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API const char *p2p_hls_remote_torrent_get_key
    (P2pHlsRemoteTorrent * self);

/**
 * p2p_hls_remote_torrent_get_server_url:
 *
 * Returns: (nullable): "serverURL", or %NULL before server-ready
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API const char *p2p_hls_remote_torrent_get_server_url
    (P2pHlsRemoteTorrent * self);

/**
 * p2p_hls_remote_torrent_get_playlist_url:
 *
 * Returns: (nullable): of its playlist there, which is what players open, while
 *   the server URL is a page for people; %NULL before server-ready
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API const char *p2p_hls_remote_torrent_get_playlist_url
    (P2pHlsRemoteTorrent * self);

/**
 * p2p_hls_remote_torrent_get_info_hash:
 *
 * Returns: (nullable): 40 hexadecimal digits that name its swarm; %NULL before
 *   infohash
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API const char *p2p_hls_remote_torrent_get_info_hash
    (P2pHlsRemoteTorrent * self);

/**
 * p2p_hls_remote_torrent_get_name:
 *
 * Returns: (nullable): its name for people; %NULL before infohash
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API const char *p2p_hls_remote_torrent_get_name
    (P2pHlsRemoteTorrent * self);

/**
 * p2p_hls_remote_torrent_get_files:
 *
 * Returns: (transfer none) (element-type P2pHlsRemoteFile): its renditions; empty
 *   before metadata
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API GPtrArray *p2p_hls_remote_torrent_get_files
    (P2pHlsRemoteTorrent * self);

G_END_DECLS
