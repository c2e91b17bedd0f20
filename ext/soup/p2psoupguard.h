/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * P2pSoupGuard:
 *
 * Tells when a socket has received too much of which nothing became a message:
 * libsoup before 3.8 bounds the frames of a WebSocket, but puts together as many
 * as come. It looks whenever the loop does, so that what one turn of the loop
 * reads comes on top. Where the system does not count what a socket receives
 * (it is Linux that does) it tells nothing.
 */

/* Returns: (transfer full): to be destroyed and unref'd; not attached. Its
 * callback is a GSourceFunc. */
GSource *p2p_soup_guard_new (GSocket * socket, guint64 max_bytes);
/* All that was received is well. */
void p2p_soup_guard_reset (GSource * source);

G_END_DECLS
