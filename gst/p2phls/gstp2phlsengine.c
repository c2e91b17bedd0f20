/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsengine.h"

struct _GstP2pHlsEngine
{
  guint users;                  /* under the lock */
  GMainContext *context;
  GMainLoop *loop;
  GSource *timer;
  P2pClock *clock;
};

typedef struct
{
  GstP2pHlsEngine *engine;
  void (*func) (gpointer);
  gpointer data;
  GDestroyNotify notify;
} Call;

static GMutex lock;
static GstP2pHlsEngine *the_engine;     /* under the lock */

static gboolean
gst_p2p_hls_engine_on_timer (GSource * timer, GSourceFunc callback,
    gpointer user_data)
{
  GstP2pHlsEngine *self = user_data;

  /* Off while it runs: what is called may ask for a time before the others,
   * and arms it anew. */
  g_source_set_ready_time (timer, -1);
  p2p_clock_run (self->clock, g_get_monotonic_time ());
  if (p2p_clock_get_next (self->clock) != P2P_NEVER)
    g_source_set_ready_time (timer, p2p_clock_get_next (self->clock));
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = { NULL, NULL, gst_p2p_hls_engine_on_timer, };

static void
gst_p2p_hls_engine_arm (gpointer user_data)
{
  GstP2pHlsEngine *self = user_data;

  g_source_set_ready_time (self->timer, p2p_clock_get_next (self->clock));
}

static gpointer
gst_p2p_hls_engine_run (gpointer user_data)
{
  GstP2pHlsEngine *self = user_data;

  g_main_context_push_thread_default (self->context);
  self->clock = p2p_clock_new (g_get_monotonic_time ());
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, NULL, self, NULL);
  g_source_set_static_name (self->timer, "p2phls-timer");
  g_source_attach (self->timer, self->context);
  p2p_clock_set_notify (self->clock, gst_p2p_hls_engine_arm, self);

  g_main_loop_run (self->loop);

  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_object_unref (self->clock);
  /* What libraries still have to say to themselves about what was cancelled. */
  while (g_main_context_iteration (self->context, FALSE));
  g_main_context_pop_thread_default (self->context);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
  return NULL;
}

GstP2pHlsEngine *
gst_p2p_hls_engine_acquire (void)
{
  GstP2pHlsEngine *self;

  g_mutex_lock (&lock);
  if (the_engine == NULL) {
    the_engine = g_new0 (GstP2pHlsEngine, 1);
    the_engine->context = g_main_context_new ();
    the_engine->loop = g_main_loop_new (the_engine->context, FALSE);
    g_thread_unref (g_thread_new ("p2phls-engine", gst_p2p_hls_engine_run,
            the_engine));
  }
  self = the_engine;
  self->users++;
  g_mutex_unlock (&lock);
  return self;
}

static void
gst_p2p_hls_engine_quit (gpointer user_data)
{
  GstP2pHlsEngine *self = user_data;
  gboolean unused;

  g_mutex_lock (&lock);
  unused = --self->users == 0;
  if (unused)
    the_engine = NULL;
  g_mutex_unlock (&lock);
  if (unused)
    g_main_loop_quit (self->loop);
}

void
gst_p2p_hls_engine_release (GstP2pHlsEngine * self)
{
  gst_p2p_hls_engine_call (self, gst_p2p_hls_engine_quit, self, NULL);
}

static gboolean
gst_p2p_hls_engine_on_call (gpointer user_data)
{
  Call *call = user_data;

  p2p_clock_set_time (call->engine->clock, g_get_monotonic_time ());
  call->func (call->data);
  return G_SOURCE_REMOVE;
}

static void
gst_p2p_hls_engine_call_free (gpointer user_data)
{
  Call *call = user_data;

  if (call->notify)
    call->notify (call->data);
  g_free (call);
}

void
gst_p2p_hls_engine_call (GstP2pHlsEngine * self, void (*func) (gpointer),
    gpointer data, GDestroyNotify notify)
{
  GSource *source = g_idle_source_new ();
  Call *call = g_new (Call, 1);

  call->engine = self;
  call->func = func;
  call->data = data;
  call->notify = notify;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, gst_p2p_hls_engine_on_call, call,
      gst_p2p_hls_engine_call_free);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

P2pClock *
gst_p2p_hls_engine_get_clock (GstP2pHlsEngine * self)
{
  return self->clock;
}

GMainContext *
gst_p2p_hls_engine_get_context (GstP2pHlsEngine * self)
{
  return self->context;
}
