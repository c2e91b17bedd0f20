/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

/* What there is at most, whatever others send. */

/**
 * P2P_HLS_REMOTE_MAX_MESSAGE:
 *
 * Bytes of a message to a server; a longer one is dropped.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_MESSAGE (64 * 1024)

/**
 * P2P_HLS_REMOTE_MAX_CLIENTS:
 *
 * Clients of a server; messages of more are dropped.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_CLIENTS 4096

/**
 * P2P_HLS_REMOTE_MAX_TORRENTS:
 *
 * Torrents of a server; more are answered with %P2P_HLS_REMOTE_ERROR_LIMIT.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_TORRENTS 2048

/**
 * P2P_HLS_REMOTE_MAX_HANDLES:
 *
 * Torrent keys of all clients of a server; more are answered with
 * %P2P_HLS_REMOTE_ERROR_LIMIT.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_HANDLES 16384

/**
 * P2P_HLS_REMOTE_MAX_DELAY:
 *
 * Milliseconds that destroy({delay}) waits at most.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_DELAY 600000

/**
 * P2P_HLS_REMOTE_MAX_ANSWER:
 *
 * Bytes of a message to a client; a longer one cannot be read.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_ANSWER (1024 * 1024)

/**
 * P2P_HLS_REMOTE_MAX_CONNECTIONS:
 *
 * Connections of a listener; more are closed as they come.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_CONNECTIONS 2048

/**
 * P2P_HLS_REMOTE_MAX_STRANGERS:
 *
 * Connections over TLS that have not said the token yet; of more the oldest is
 * closed, so that strangers keep nobody out.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_STRANGERS 64
/**
 * P2P_HLS_REMOTE_MAX_UNSENT:
 *
 * Bytes that wait for a client that does not read; updates are left out over a
 * quarter of it, and over it the connection is closed.
 *
 * Since: 0.1
 */
#define P2P_HLS_REMOTE_MAX_UNSENT (1024 * 1024)
