/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackercore.h"

#include <libwebsockets.h>

G_BEGIN_DECLS

/* A connection that was accepted: HTTP first, a WebSocket perhaps. The callback
 * is that of the one protocol of the vhost; the context's user is the core. */
int p2p_tracker_conn_callback (struct lws *wsi,
    enum lws_callback_reasons reason, void *user, void *in, size_t size);

/* Hands a socket that was just accepted to vhost, or closes it if that is too
 * many. address: of the other side, numeric */
void p2p_tracker_conn_accept (P2pTrackerCore * core, struct lws_vhost *vhost,
    int fd, const char *address);

G_END_DECLS
