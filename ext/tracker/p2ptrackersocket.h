/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackercore.h"

#include <libwebsockets.h>

G_BEGIN_DECLS

/* The WebSocket of a viewer: its messages put together on the way in, and waiting
 * on the way out. */
typedef struct _P2pTrackerSocket P2pTrackerSocket;

extern const P2pTrackerHubFuncs p2p_tracker_socket_hub_funcs;
extern const P2pTrackerIdleFuncs p2p_tracker_socket_idle_funcs;

/* id: (nullable): of a peer of seed 002's signalling; NULL: it speaks
 * WebTorrent's protocol */
P2pTrackerSocket *p2p_tracker_socket_new (P2pTrackerCore * core,
    struct lws *wsi, const char *id);
void p2p_tracker_socket_free (P2pTrackerSocket * self);

/* These return what a callback of libwebsockets returns then. */
int p2p_tracker_socket_receive (P2pTrackerSocket * self, const char *data,
    gsize size);
int p2p_tracker_socket_receive_pong (P2pTrackerSocket * self);
int p2p_tracker_socket_writable (P2pTrackerSocket * self);

G_END_DECLS
