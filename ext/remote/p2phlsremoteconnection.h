/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteclient.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * P2pHlsRemoteConnection:
 *
 * A client with a socket to an engine: each message is a line of JSON. The client
 * can be used at once; what it says goes out when the connection is there. Let go
 * of the connection, and it closes after what was said has gone out.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_TYPE_CONNECTION (p2p_hls_remote_connection_get_type ())
P2P_HLS_REMOTE_API
G_DECLARE_FINAL_TYPE (P2pHlsRemoteConnection, p2p_hls_remote_connection,
    P2P_HLS_REMOTE, CONNECTION, GObject)

/**
 * p2p_hls_remote_get_default_path:
 *
 * Returns: (transfer full) (type filename): where the user's engine listens:
 *   `$XDG_RUNTIME_DIR/p2phls/engine.sock`
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API char *p2p_hls_remote_get_default_path (void);

/**
 * p2p_hls_remote_read_token:
 * @path: (type filename): file with a token as its first line
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the token
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API char *p2p_hls_remote_read_token (const char *path,
    GError ** error);

/**
 * p2p_hls_remote_connection_new: (constructor)
 * @address: (nullable): `unix:PATH`, `tls://HOST:PORT`, or %NULL for the UNIX
 *   socket at p2p_hls_remote_get_default_path()
 * @token: (nullable): what a tls engine wants to be told
 * @certificate: (nullable) (type filename): PEM file of the certificate that a
 *   tls engine has to have; %NULL: one for its host that the system trusts
 * @options: (nullable): the client's, see p2p_hls_remote_client_new()
 * @error: return location
 *
 * Begins to connect and returns. A UNIX socket has to be of the same user (or
 * root): anybody else is refused. What goes wrong later is told by the signal
 * closed, and by the client.
 *
 * Returns: (transfer full) (nullable): %NULL with
 *   %P2P_HLS_REMOTE_ERROR_OPTIONS if something cannot be read
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API P2pHlsRemoteConnection *p2p_hls_remote_connection_new
    (const char *address, const char *token, const char *certificate,
    const char *options, GError ** error);

/**
 * p2p_hls_remote_connection_get_client:
 *
 * Returns: (transfer none): the client of this connection
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API P2pHlsRemoteClient *p2p_hls_remote_connection_get_client
    (P2pHlsRemoteConnection * self);

/**
 * p2p_hls_remote_connection_is_connected:
 *
 * Returns: whether the engine was reached and is there still. Any thread
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API gboolean p2p_hls_remote_connection_is_connected
    (P2pHlsRemoteConnection * self);

/**
 * p2p_hls_remote_connection_close:
 *
 * Sends what was said, and closes; the signal closed comes without an error. A
 * client that was not destroyed dies with it.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_connection_close
    (P2pHlsRemoteConnection * self);

G_END_DECLS
