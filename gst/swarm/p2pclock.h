/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * P2pClock:
 *
 * The time as the engine knows it, and what is to happen later. The engine
 * never reads a clock: its owner tells the time (microseconds, monotonic), so
 * that a test can run hours of a swarm in milliseconds, twice with the same
 * result. Not thread-safe: belongs to the thread that runs the engine.
 */
#define P2P_TYPE_CLOCK (p2p_clock_get_type ())
G_DECLARE_FINAL_TYPE (P2pClock, p2p_clock, P2P, CLOCK, GObject)

/* Never: what p2p_clock_get_next() says when nothing is waiting. */
#define P2P_NEVER G_MAXINT64
#define P2P_MSEC G_GINT64_CONSTANT (1000)
#define P2P_SECOND G_GINT64_CONSTANT (1000000)

typedef void (*P2pClockFunc) (gpointer user_data);

P2pClock *p2p_clock_new (gint64 now);
gint64 p2p_clock_get_time (P2pClock * self);

/* Tells the time without running anything. Going back is ignored. */
void p2p_clock_set_time (P2pClock * self, gint64 now);

/* Tells the time and runs, in the order of their times, all that is due at it,
 * what those calls add for the same time included. */
void p2p_clock_run (P2pClock * self, gint64 now);

/* When the next call is due; P2P_NEVER if none. */
gint64 p2p_clock_get_next (P2pClock * self);

/* Calls func once at when (a time of the past is due at the next run).
 * Returns: an id, never 0, for p2p_clock_cancel(). */
guint p2p_clock_call_at (P2pClock * self, gint64 when, P2pClockFunc func,
    gpointer user_data);

/* Forgets the call *id, if it is not 0, and sets it to 0. A call that has
 * begun sets its owner's id to 0 itself. */
void p2p_clock_cancel (P2pClock * self, guint * id);

G_END_DECLS
