/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#include "p2pclock.h"
#include "p2psoupgateway.h"

G_BEGIN_DECLS

/**
 * P2pEngine:
 *
 * The one thread of the process that runs the engine of all sessions, with its
 * own main context and the clock it tells the time to.
 * It lives as long as somebody holds it, and nobody ever waits for its end.
 */
typedef struct _P2pEngine P2pEngine;

/* Starts the thread if there is none. Any thread. */
P2pEngine *p2p_engine_acquire (void);

/* The last one lets the thread end, after what was called before has run. Any
 * thread, the engine's too: returns at once. */
void p2p_engine_release (P2pEngine * self);

/* Runs func(data) on the thread, then notify(data). In order; never from
 * inside this call. Any thread. */
void p2p_engine_call (P2pEngine * self, void (*func) (gpointer),
    gpointer data, GDestroyNotify notify);

/* Only on the engine's thread. */
P2pClock *p2p_engine_get_clock (P2pEngine * self);
/* The thread's default context too. */
GMainContext *p2p_engine_get_context (P2pEngine * self);
/* The gateway of the process, begun with the first call that can.
 * Returns: (transfer none) (nullable) */
P2pSoupGateway *p2p_engine_get_gateway (P2pEngine * self,
    GError ** error);

G_END_DECLS
