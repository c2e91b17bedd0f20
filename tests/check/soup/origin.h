/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Origin:
 *
 * A web server that says exactly what a test makes it say, byte by byte, on a
 * port of its own, one thread for each connection.
 */
typedef struct _Origin Origin;

/* One request came in. request: its head as it was sent; n: how many came
 * before it, on all connections. Writes the answer. Returns: whether another
 * request may follow on this connection. */
typedef gboolean (*OriginFunc) (Origin * origin, const char *request, guint n,
    GIOStream * connection, gpointer user_data);

Origin *origin_new (OriginFunc func, gpointer user_data);
/* With a certificate that it signed itself. */
Origin *origin_new_tls (OriginFunc func, gpointer user_data);
/* Every client must have closed its connections, or be about to. */
void origin_free (Origin * self);

/* Returns: (transfer full) */
char *origin_get_uri (Origin * self, const char *path);
/* The certificate of origin_new_tls(). */
const char *origin_get_pem (void);
guint origin_get_n_connections (Origin * self);
guint origin_get_n_requests (Origin * self);
/* Connections that are open now. */
guint origin_get_n_open (Origin * self);

/* What the answers need. Writing to a client that has left is no error. */
void origin_say (GIOStream * connection, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
gboolean origin_write (GIOStream * connection, gconstpointer data,
    gsize size);
/* Returns once the client closes the connection. */
void origin_wait_closed (GIOStream * connection);

G_END_DECLS
