/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotetime.h"

typedef struct
{
  void (*func) (gpointer);
  gpointer user_data;
} Call;

static gint64
context_get_time (gpointer data)
{
  return g_get_monotonic_time ();
}

static gboolean
context_on_call (gpointer data)
{
  Call *call = data;

  call->func (call->user_data);
  return G_SOURCE_REMOVE;
}

static guint
context_call_at (gpointer data, gint64 when, void (*func) (gpointer),
    gpointer user_data)
{
  GSource *source = g_timeout_source_new (0);
  Call *call = g_new (Call, 1);
  guint id;

  call->func = func;
  call->user_data = user_data;
  g_source_set_callback (source, context_on_call, call, g_free);
  g_source_set_ready_time (source, when);
  id = g_source_attach (source, data);
  g_source_unref (source);
  return id;
}

static void
context_cancel (gpointer data, guint id)
{
  g_source_destroy (g_main_context_find_source_by_id (data, id));
}

static const P2pHlsRemoteTimeClass context_class = {
  context_get_time,
  context_call_at,
  context_cancel,
};

void
p2p_hls_remote_time_init (P2pHlsRemoteTime * self, GMainContext * context)
{
  self->klass = &context_class;
  self->data = context;
}

gint64
p2p_hls_remote_time_get (const P2pHlsRemoteTime * self)
{
  return self->klass->get_time (self->data);
}

void
p2p_hls_remote_time_call (const P2pHlsRemoteTime * self, guint * id, guint ms,
    void (*func) (gpointer), gpointer user_data)
{
  *id = self->klass->call_at (self->data,
      p2p_hls_remote_time_get (self) + ms * G_TIME_SPAN_MILLISECOND, func,
      user_data);
}

void
p2p_hls_remote_time_cancel (const P2pHlsRemoteTime * self, guint * id)
{
  guint which = *id;

  *id = 0;
  if (which)
    self->klass->cancel (self->data, which);
}

void
p2p_hls_remote_defer (void (*func) (gpointer), gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  context_call_at (context, 0, func, data);
}
