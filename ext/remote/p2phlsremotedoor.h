/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What both ends of a socket have to agree on, and who may be at the other. */

/* The lines before the protocol's own, on tls only: {"type":"token","token":"…"}
 * and, if it was the right one, {"type":"welcome"}. */
#define P2P_HLS_REMOTE_TOKEN "token"
#define P2P_HLS_REMOTE_WELCOME "welcome"
/* Seconds that connecting, TLS and the token may take together */
#define P2P_HLS_REMOTE_PATIENCE 10

/* Returns: (transfer full) (nullable): NULL with P2P_HLS_REMOTE_ERROR_OPTIONS if path
 * is longer than a socket's can be: GLib would cut it off */
GSocketAddress *p2p_hls_remote_door_new_address (const char *path,
    GError ** error);

/* Returns: (transfer full): type with a token, if there is one */
char *p2p_hls_remote_door_make (const char *type, const char *token);
/* Whether text is a message of type, with token if that is not NULL; compared in
 * the same time wherever they differ. */
gboolean p2p_hls_remote_door_check (const char *text, gsize size,
    const char *type, const char *token);

/* Whether the process at the other end of a UNIX socket is of this user, or root.
 * Where no kernel tells, the modes of the socket have to do. */
gboolean p2p_hls_remote_door_is_own (GSocketConnection * connection,
    GError ** error);

G_END_DECLS
