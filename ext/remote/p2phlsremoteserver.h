/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremotetypes.h"

G_BEGIN_DECLS

/**
 * P2pHlsRemoteServer:
 *
 * Seed 001's server: the end at which the engine is. It knows clients by their
 * keys, and a torrent for each infohash that they added; a torrent is a channel:
 * one HLS stream, live or not. The engine is made by the first add(), a torrent
 * goes with the last of its clients, the engine with the last torrent, and it is
 * made anew when it is wanted again.
 *
 * How messages travel is not its business: see #P2pHlsRemoteListener for sockets.
 * It lives on the thread that made it, whose main context has to run.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_TYPE_SERVER (p2p_hls_remote_server_get_type ())
P2P_HLS_REMOTE_API
G_DECLARE_FINAL_TYPE (P2pHlsRemoteServer, p2p_hls_remote_server,
    P2P_HLS_REMOTE, SERVER, GObject)

/**
 * P2P_HLS_REMOTE_DEFAULT_HEARTBEAT_TIMEOUT:
 *
 * "default 30000 (30 seconds)" (seed 001).
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_DEFAULT_HEARTBEAT_TIMEOUT 30000
/**
 * P2P_HLS_REMOTE_DEFAULT_UPDATE_INTERVAL:
 *
 * "default 1000 (1 second)" (seed 001).
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_DEFAULT_UPDATE_INTERVAL 1000

/**
 * p2p_hls_remote_server_new: (constructor)
 * @options: (nullable): a JSON object, or %NULL for all defaults
 * @send: (scope notified) (closure user_data) (destroy notify): takes messages
 *   for clients
 * @user_data: for @send
 * @notify: (nullable): frees @user_data
 * @error: return location
 *
 * `new WebTorrentRemoteServer(send, options)`. Of the @options, `trace`,
 * `heartbeatTimeout` and `updateInterval` are the properties of these names
 * (heartbeat-timeout may be written so, too); "all WebTorrent options. the
 * options object is passed to the constructor for the underlying WebTorrent
 * instance": the others are the engine's: the settings of p2phlssrc by their
 * names (max-upload-rate or maxUploadRate, tracker-announce …), for all torrents.
 *
 * Returns: (transfer full) (nullable): %NULL with
 *   %P2P_HLS_REMOTE_ERROR_OPTIONS
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API P2pHlsRemoteServer *p2p_hls_remote_server_new
    (const char *options, P2pHlsRemoteSendFunc send, gpointer user_data,
    GDestroyNotify notify, GError ** error);

/**
 * p2p_hls_remote_server_check:
 * @error: return location
 *
 * Whether the engine takes the options, which it else says at the first add. It is
 * looked for, but not made.
 *
 * Returns: %FALSE with %P2P_HLS_REMOTE_ERROR_OPTIONS, or with
 *   %P2P_HLS_REMOTE_ERROR_FAILED if there is no engine
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API gboolean p2p_hls_remote_server_check
    (P2pHlsRemoteServer * self, GError ** error);

/**
 * p2p_hls_remote_server_receive:
 * @message: JSON, from a client
 * @length: bytes of @message, or -1 if it ends with a zero byte
 * @error: return location
 *
 * "When messages come back from the IPC channel, call: server.receive(message)".
 * Takes anything: what makes no sense is dropped. A message of any type from a
 * client that is not known makes it known.
 *
 * Returns: %FALSE with %P2P_HLS_REMOTE_ERROR_MESSAGE or
 *   %P2P_HLS_REMOTE_ERROR_LIMIT if it was dropped
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API gboolean p2p_hls_remote_server_receive
    (P2pHlsRemoteServer * self, const char *message, gssize length,
    GError ** error);

/**
 * p2p_hls_remote_server_lose_client:
 * @client_key: of a client
 *
 * For who carries messages: its connection ended, so that nothing more comes from
 * this client. It is removed at once, and not after heartbeat-timeout, but for one
 * that said destroy({delay}), which ends when it said.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_server_lose_client
    (P2pHlsRemoteServer * self, const char *client_key);

/**
 * p2p_hls_remote_server_set_client_host:
 * @client_key: of a client, that need not have said anything yet
 * @host: (nullable): the address of this machine by which the client reaches it;
 *   %NULL: it is on this machine
 *
 * For who carries messages: the serverURL that this client gets is one that it
 * can reach. Forgotten when the client goes.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_server_set_client_host
    (P2pHlsRemoteServer * self, const char *client_key, const char *host);

/**
 * p2p_hls_remote_server_get_status:
 *
 * What goes on: `{"clients":N,"engine":true|false,"torrents":[…]}`, each torrent
 * as in `torrent-subscribed`, with its `clients` (how many), its `url`, whether it
 * is `live`, and where its bytes came from, `fromWeb` and `fromPeers`.
 *
 * Returns: (transfer full): JSON
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API char *p2p_hls_remote_server_get_status
    (P2pHlsRemoteServer * self);

G_END_DECLS
