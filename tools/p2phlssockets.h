/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sockets that systemd handed over (sd_listen_fds(3)): the first one is
 * *first, the others follow it. Programs that are started from here do not see
 * them. Returns: how many; 0: started otherwise */
guint p2p_hls_sockets_take (int *first);

G_END_DECLS
