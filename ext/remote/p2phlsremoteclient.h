/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremotetorrent.h"

G_BEGIN_DECLS

/**
 * P2pHlsRemoteClient:
 *
 * Seed 001's client: controls an engine that is elsewhere. How messages travel is
 * not its business: see #P2pHlsRemoteConnection for sockets. It lives on the
 * thread that made it, whose main context has to run.
 *
 * It says heartbeat until it is destroyed, or nobody holds it any more, which
 * destroys it.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_TYPE_CLIENT (p2p_hls_remote_client_get_type ())
P2P_HLS_REMOTE_API
G_DECLARE_FINAL_TYPE (P2pHlsRemoteClient, p2p_hls_remote_client,
    P2P_HLS_REMOTE, CLIENT, GObject)

/**
 * P2P_HLS_REMOTE_DEFAULT_HEARTBEAT:
 *
 * "default 5000 (5 seconds)" (seed 001).
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_DEFAULT_HEARTBEAT 5000

/**
 * p2p_hls_remote_client_new: (constructor)
 * @options: (nullable): a JSON object: `heartbeat`, in milliseconds, 0 for none
 * @send: (scope notified) (closure user_data) (destroy notify): takes messages
 *   for the server
 * @user_data: for @send
 * @notify: (nullable): frees @user_data
 * @error: return location
 *
 * `new WebTorrentRemoteClient(send, options)`
 *
 * Returns: (transfer full) (nullable): %NULL with
 *   %P2P_HLS_REMOTE_ERROR_OPTIONS
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API P2pHlsRemoteClient *p2p_hls_remote_client_new
    (const char *options, P2pHlsRemoteSendFunc send, gpointer user_data,
    GDestroyNotify notify, GError ** error);

/**
 * p2p_hls_remote_client_receive:
 * @message: JSON, from the server
 * @length: bytes of @message, or -1 if it ends with a zero byte
 * @error: return location
 *
 * "When messages come back from the server, call: client.receive(message)". What is
 * for another client, of an unknown type, or comes after destroy() is passed over.
 *
 * Returns: %FALSE with %P2P_HLS_REMOTE_ERROR_MESSAGE if it cannot be read or is
 *   about a torrent that this client does not have ("Unrecognized torrentKey: …")
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API gboolean p2p_hls_remote_client_receive
    (P2pHlsRemoteClient * self, const char *message, gssize length,
    GError ** error);

/**
 * p2p_hls_remote_client_add:
 * @torrent_id: the URL of a playlist (http, https, p2phls+http, p2phls+https), the
 *   infohash of a torrent that the engine has, or a magnet that carries such a URL
 *   (in `xs`, `as` or `ws`)
 * @options: (nullable): a JSON object: `server`, an object, "to immediately call
 *   createServer() on the underlying torrent, passing that object as options";
 *   others are the engine's for this torrent, if it is not there yet
 * @callback: (scope async) (closure user_data) (nullable): told when the engine has
 *   it, and with `server` when that listens
 * @user_data: for @callback
 *
 * "like WebTorrent.add, but async … calls back with (err, torrent)" (seed 001).
 * This is the user's word: the stream is announced, where the engine has trackers.
 *
 * Returns: (transfer full): its handle, at once
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API P2pHlsRemoteTorrent *p2p_hls_remote_client_add
    (P2pHlsRemoteClient * self, const char *torrent_id, const char *options,
    P2pHlsRemoteCallback callback, gpointer user_data);

/**
 * p2p_hls_remote_client_get:
 * @torrent_id: as of p2p_hls_remote_client_add()
 * @callback: (scope async) (closure user_data): told what is there
 * @user_data: for @callback
 *
 * "like WebTorrent.get, but async. calls back with (err, torrent)":
 * %P2P_HLS_REMOTE_ERROR_TORRENT_MISSING "if the torrentID is not yet in the
 * client" (seed 001).
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_client_get (P2pHlsRemoteClient * self,
    const char *torrent_id, P2pHlsRemoteCallback callback,
    gpointer user_data);

/**
 * P2pHlsRemoteTextCallback:
 * @error: (nullable): why there is no answer
 * @text: (nullable): the answer: JSON
 * @user_data: as it was given
 *
 * Called once, never from inside the call that was given it.
 *
 * Since: 0.1
 */
typedef void (*P2pHlsRemoteTextCallback) (const GError * error,
    const char *text, gpointer user_data);

/**
 * p2p_hls_remote_client_get_status:
 * @callback: (scope async) (closure user_data): told what the server has and
 *   does, as of p2p_hls_remote_server_get_status(); `leftOut` says of how many
 *   torrents there was no room to tell
 * @user_data: for @callback
 *
 * Beyond seed 001, whose own server does not answer.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_client_get_status
    (P2pHlsRemoteClient * self, P2pHlsRemoteTextCallback callback,
    gpointer user_data);

/**
 * p2p_hls_remote_client_stop:
 * @torrent_id: (nullable): as of p2p_hls_remote_client_add(); %NULL: the server
 * @callback: (scope async) (closure user_data): told when it is done, with no text
 * @user_data: for @callback
 *
 * Ends a torrent for all clients that have it, who get
 * %P2P_HLS_REMOTE_ERROR_STOPPED, or asks who runs the server to end it. Beyond
 * seed 001, whose own server does not answer.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_client_stop (P2pHlsRemoteClient *
    self, const char *torrent_id, P2pHlsRemoteTextCallback callback,
    gpointer user_data);

/**
 * p2p_hls_remote_client_destroy:
 * @delay: milliseconds
 *
 * "destroys only this client. if a given torrent has no clients left, it will be
 * destroyed too … optionally takes {delay: <milliseconds>} to wait before
 * destroying the client" at the server (seed 001): who comes meanwhile finds the
 * torrent as it is. This object is dead at once, and what it was asked and not
 * answered ends with %P2P_HLS_REMOTE_ERROR_DESTROYED. Once; again is nothing.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_client_destroy
    (P2pHlsRemoteClient * self, guint delay);

/**
 * p2p_hls_remote_client_fail:
 * @error: why
 *
 * For who carries messages: the server is gone. As
 * p2p_hls_remote_client_destroy(), but nothing is sent, what is not answered ends
 * with @error, and the signal error is emitted.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_client_fail (P2pHlsRemoteClient * self,
    const GError * error);

/**
 * p2p_hls_remote_client_get_key:
 *
 * Returns: its key in messages: 32 hexadecimal digits
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API const char *p2p_hls_remote_client_get_key
    (P2pHlsRemoteClient * self);

G_END_DECLS
