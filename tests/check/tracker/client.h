/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The other end of a tracker: HTTP and WebSocket as bytes, so that nothing is
 * nicer than what strangers send. What fails here fails the test.
 */
#pragma once

#include "p2ptrackerserver.h"
#include "../soup/reply.h"

typedef struct _Client Client;

/* A server on loopback at any port, with short times; config may be changed
 * before. */
void server_config (P2pTrackerConfig * config);
P2pTrackerServer *server_start (const P2pTrackerConfig * config);
P2pTrackerServer *server_start_default (void);
/* Waits until func says that it is so. */
void server_wait (P2pTrackerServer * server,
    gboolean (*func) (const P2pTrackerStats * stats, guint value),
    guint value);
gboolean sockets_are (const P2pTrackerStats * stats, guint value);
gboolean connections_are (const P2pTrackerStats * stats, guint value);

Client *client_new (P2pTrackerServer * server);
Client *client_new_tls (P2pTrackerServer * server);
void client_free (Client * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

/* Returns: FALSE if the other end closed */
gboolean client_write (Client * self, gconstpointer data, gsize size);
void client_say (Client * self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Returns: (nullable): NULL: it closed */
Reply *client_read_reply (Client * self);
/* The other end closes, without another word. */
void client_assert_closed (Client * self);

/* One request with a connection of its own. headers: (nullable): lines. body:
 * (nullable) */
Reply *request (P2pTrackerServer * server, const char *method,
    const char *target, const char *headers, const char *body);
/* … that succeeds. Returns: (transfer full): the body */
char *get (P2pTrackerServer * server, const char *target);
char *post (P2pTrackerServer * server, const char *target, const char *body);
/* Announces. Returns: (transfer full): the peer id */
char *announce (P2pTrackerServer * server, const char *info_hash);

/* A WebSocket that is open */
Client *socket_new (P2pTrackerServer * server, const char *target);
/* Asks for one. headers: (nullable): lines; NULL: the origin of a page
 * Returns: (nullable): the reply of the server */
Reply *socket_upgrade (Client * self, const char *target,
    const char *headers);
void socket_send (Client * self, guint first_byte, gconstpointer data,
    gsize size);
void socket_say (Client * self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Returns: (transfer full) (nullable): the next text; pings are answered; NULL:
 * it closed, and code says why (0: without a word) */
char *socket_read (Client * self, guint * code);
void socket_assert_read (Client * self, const char *format,
    ...) G_GNUC_PRINTF (2, 3);
void socket_assert_closed (Client * self, guint code);

#define WS_TEXT 0x81
#define WS_BINARY 0x82
#define WS_CLOSE 0x88
