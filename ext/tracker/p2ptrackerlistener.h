/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Opens the socket that a tracker listens on. libwebsockets could too, but does
 * not say why it did not come about.
 * address: (nullable): numeric; NULL: any, IPv4 and IPv6 where there is IPv6 */
GSocket *p2p_tracker_listener_open (const char *address, guint16 port,
    GError ** error);
/* Returns: 0 if it has none */
guint16 p2p_tracker_listener_get_port (GSocket * listener);

/* Takes a connection that waits.
 * Returns: its file descriptor; -1: none waits; -2: there is no descriptor left
 * for it, later perhaps. address: (transfer full): of the other side */
int p2p_tracker_listener_accept (GSocket * listener, char **address);

G_END_DECLS
