/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The time, and what is to happen later, as server and client ask for it: of the
 * main context in which they live, or of a test. Microseconds, monotonic. */
typedef struct
{
  gint64 (*get_time) (gpointer data);
  /* Returns: an id, never 0 */
  guint (*call_at) (gpointer data, gint64 when, void (*func) (gpointer),
      gpointer user_data);
  void (*cancel) (gpointer data, guint id);
} P2pHlsRemoteTimeClass;

typedef struct
{
  const P2pHlsRemoteTimeClass *klass;
  gpointer data;
} P2pHlsRemoteTime;

/* Of a main context, that has to be there as long. */
void p2p_hls_remote_time_init (P2pHlsRemoteTime * self,
    GMainContext * context);
gint64 p2p_hls_remote_time_get (const P2pHlsRemoteTime * self);
/* func is called once, in ms milliseconds; *id, that it has to be 0 before, is
 * set, and to be set to 0 by func. */
void p2p_hls_remote_time_call (const P2pHlsRemoteTime * self, guint * id,
    guint ms, void (*func) (gpointer), gpointer user_data);
void p2p_hls_remote_time_cancel (const P2pHlsRemoteTime * self, guint * id);

/* Calls func(data) once, from the main context that this thread has now. */
void p2p_hls_remote_defer (void (*func) (gpointer), gpointer data);

G_END_DECLS
