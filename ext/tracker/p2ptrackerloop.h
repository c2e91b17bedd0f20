/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackercore.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a server does while it serves: a thread in a loop of libev (epoll),
 * where libwebsockets is a guest, since its own loop polls all connections. */
typedef struct _P2pTrackerLoop P2pTrackerLoop;

/* core: kept, has to outlive it. listener: kept */
P2pTrackerLoop *p2p_tracker_loop_start (P2pTrackerCore * core,
    GSocket * listener, GError ** error);
/* Joins the thread. */
void p2p_tracker_loop_stop (P2pTrackerLoop * self);

G_END_DECLS
