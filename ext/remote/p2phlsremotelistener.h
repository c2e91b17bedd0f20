/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteserver.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * P2pHlsRemoteListener:
 *
 * A server with sockets, on which clients of #P2pHlsRemoteConnection come: each
 * message is a line of JSON. A key belongs to the connection that used it first,
 * and when that ends, so do its clients, at once.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_TYPE_LISTENER (p2p_hls_remote_listener_get_type ())
P2P_HLS_REMOTE_API
G_DECLARE_FINAL_TYPE (P2pHlsRemoteListener, p2p_hls_remote_listener,
    P2P_HLS_REMOTE, LISTENER, GObject)

/**
 * p2p_hls_remote_listener_new: (constructor)
 * @options: (nullable): the server's, see p2p_hls_remote_server_new()
 * @error: return location
 *
 * Returns: (transfer full) (nullable): %NULL with
 *   %P2P_HLS_REMOTE_ERROR_OPTIONS
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API P2pHlsRemoteListener *p2p_hls_remote_listener_new
    (const char *options, GError ** error);

/**
 * p2p_hls_remote_listener_get_server:
 *
 * Returns: (transfer none): the server behind it
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API P2pHlsRemoteServer *p2p_hls_remote_listener_get_server
    (P2pHlsRemoteListener * self);

/**
 * p2p_hls_remote_listener_add_unix:
 * @path: (nullable) (type filename): of the socket, which is made for this user
 *   only; %NULL: p2p_hls_remote_get_default_path(). One at which nobody listens
 *   any more is replaced.
 * @error: return location
 *
 * Listens for clients of the same user (or root), by the credentials that the
 * kernel tells.
 *
 * Returns: %FALSE with an error of %G_IO_ERROR: %G_IO_ERROR_ADDRESS_IN_USE if
 *   another engine listens there
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API gboolean p2p_hls_remote_listener_add_unix
    (P2pHlsRemoteListener * self, const char *path, GError ** error);

/**
 * p2p_hls_remote_listener_add_fd:
 * @fd: a UNIX socket that listens already, as systemd hands it over; kept
 * @error: return location
 *
 * Returns: %FALSE with an error of %G_IO_ERROR
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API gboolean p2p_hls_remote_listener_add_fd
    (P2pHlsRemoteListener * self, int fd, GError ** error);

/**
 * p2p_hls_remote_listener_add_tls:
 * @host: (nullable): numeric address of this machine to listen at; %NULL: all
 * @port: TCP port, or 0 for any that is free
 * @certificate: (type filename): PEM file of the certificate and its private key
 * @token: what a client has to say before anything else; 16 characters or more
 * @error: return location
 *
 * Listens for clients of other machines. They get a serverURL at the address by
 * which they came.
 *
 * Returns: the port, or 0 with an error
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API guint16 p2p_hls_remote_listener_add_tls
    (P2pHlsRemoteListener * self, const char *host, guint16 port,
    const char *certificate, const char *token, GError ** error);

/**
 * p2p_hls_remote_listener_get_n_connections:
 *
 * Returns: how many are connected
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API guint p2p_hls_remote_listener_get_n_connections
    (P2pHlsRemoteListener * self);

/**
 * p2p_hls_remote_listener_close:
 *
 * Listens no more and closes all connections; a socket file that it made goes.
 *
 * Since: 0.1
 */
P2P_HLS_REMOTE_API void p2p_hls_remote_listener_close
    (P2pHlsRemoteListener * self);

G_END_DECLS
