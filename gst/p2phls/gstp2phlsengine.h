/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "p2pclock.h"
#include "p2psoupgateway.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsEngine:
 *
 * The one thread of the process that runs the engine of all sessions, with its
 * own main context and the clock it tells the time to.
 * It lives as long as somebody holds it, and nobody ever waits for its end.
 */
typedef struct _GstP2pHlsEngine GstP2pHlsEngine;

/* Starts the thread if there is none. Any thread. */
GstP2pHlsEngine *gst_p2p_hls_engine_acquire (void);

/* The last one lets the thread end, after what was called before has run. Any
 * thread, the engine's too: returns at once. */
void gst_p2p_hls_engine_release (GstP2pHlsEngine * self);

/* Runs func(data) on the thread, then notify(data). In order; never from
 * inside this call. Any thread. */
void gst_p2p_hls_engine_call (GstP2pHlsEngine * self, void (*func) (gpointer),
    gpointer data, GDestroyNotify notify);

/* Only on the engine's thread. */
P2pClock *gst_p2p_hls_engine_get_clock (GstP2pHlsEngine * self);
/* The thread's default context too. */
GMainContext *gst_p2p_hls_engine_get_context (GstP2pHlsEngine * self);
/* The gateway of the process, begun with the first call that can.
 * Returns: (transfer none) (nullable) */
P2pSoupGateway *gst_p2p_hls_engine_get_gateway (GstP2pHlsEngine * self,
    GError ** error);

G_END_DECLS
