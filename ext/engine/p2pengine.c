/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pengine.h"

#include "p2pniceconnector.h"

#include <stdlib.h>

struct _P2pEngine
{
  guint users;                  /* under the lock */
  GMainContext *context;
  GMainLoop *loop;
  GSource *timer;
  P2pClock *clock;
  P2pSoupGateway *gateway;      /* NULL: nobody needed it yet */
};

typedef struct
{
  P2pEngine *engine;
  void (*func) (gpointer);
  gpointer data;
  GDestroyNotify notify;
} Call;

static GMutex lock;
static P2pEngine *the_engine;   /* under the lock */

/* Looks at the clock whenever the loop turns. A ready time would be one to set
 * again and again, and each time it is set costs the loop a wake-up. */
typedef struct
{
  GSource source;
  P2pClock *clock;
} Timer;

static gboolean
p2p_engine_timer_check (GSource * source)
{
  return p2p_clock_get_next (((Timer *) source)->clock)
      <= g_source_get_time (source);
}

static gboolean
p2p_engine_timer_prepare (GSource * source, gint * timeout)
{
  gint64 next = p2p_clock_get_next (((Timer *) source)->clock);
  gint64 now = g_source_get_time (source);

  *timeout = -1;
  if (next > now && next != P2P_NEVER)
    *timeout = MIN ((next - now - 1) / P2P_MSEC + 1, G_MAXINT);
  return next <= now;
}

static gboolean
p2p_engine_timer_dispatch (GSource * source, GSourceFunc callback,
    gpointer user_data)
{
  p2p_clock_run (((Timer *) source)->clock, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = {
  p2p_engine_timer_prepare,
  p2p_engine_timer_check,
  p2p_engine_timer_dispatch,
};

/* --- the end of the process --- */

/* Held by the engine's thread but while it waits. */
static GMutex gate;

/* How long exit() waits for what the engine is at. */
#define EXIT_PATIENCE (G_USEC_PER_SEC)

/* Libraries free what they share in exit(), which comes as it likes: from then
 * on the engine stands still. */
static void
p2p_engine_on_exit (void)
{
  gint64 end = g_get_monotonic_time () + EXIT_PATIENCE;

  while (!g_mutex_trylock (&gate) && g_get_monotonic_time () < end)
    g_usleep (1000);
}

static gint
p2p_engine_poll (GPollFD * fds, guint n_fds, gint timeout)
{
  gint n;

  g_mutex_unlock (&gate);
  n = g_poll (fds, n_fds, timeout);
  g_mutex_lock (&gate);
  return n;
}

/* Under the lock. What others registered before is called after ours. */
static void
p2p_engine_prepare_exit (void)
{
  static gboolean prepared = FALSE;

  if (prepared)
    return;
  prepared = TRUE;
  p2p_nice_connector_prepare ();
  atexit (p2p_engine_on_exit);
}

/* --- the thread --- */

static gpointer
p2p_engine_run (gpointer user_data)
{
  P2pEngine *self = user_data;

  g_mutex_lock (&gate);
  g_main_context_set_poll_func (self->context, p2p_engine_poll);
  g_main_context_push_thread_default (self->context);
  self->clock = p2p_clock_new (g_get_monotonic_time ());
  self->timer = g_source_new (&timer_funcs, sizeof (Timer));
  ((Timer *) self->timer)->clock = self->clock;
  g_source_set_static_name (self->timer, "p2phls-timer");
  g_source_attach (self->timer, self->context);

  g_main_loop_run (self->loop);

  g_clear_pointer (&self->gateway, p2p_soup_gateway_free);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_object_unref (self->clock);
  /* What libraries still have to say to themselves about what was cancelled. */
  while (g_main_context_iteration (self->context, FALSE));
  g_main_context_pop_thread_default (self->context);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
  g_mutex_unlock (&gate);
  return NULL;
}

P2pEngine *
p2p_engine_acquire (void)
{
  P2pEngine *self;

  g_mutex_lock (&lock);
  if (the_engine == NULL) {
    p2p_engine_prepare_exit ();
    the_engine = g_new0 (P2pEngine, 1);
    the_engine->context = g_main_context_new ();
    the_engine->loop = g_main_loop_new (the_engine->context, FALSE);
    g_thread_unref (g_thread_new ("p2phls-engine", p2p_engine_run, the_engine));
  }
  self = the_engine;
  self->users++;
  g_mutex_unlock (&lock);
  return self;
}

static void
p2p_engine_quit (gpointer user_data)
{
  P2pEngine *self = user_data;
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
p2p_engine_release (P2pEngine * self)
{
  p2p_engine_call (self, p2p_engine_quit, self, NULL);
}

static gboolean
p2p_engine_on_call (gpointer user_data)
{
  Call *call = user_data;

  p2p_clock_set_time (call->engine->clock, g_get_monotonic_time ());
  call->func (call->data);
  return G_SOURCE_REMOVE;
}

static void
p2p_engine_call_free (gpointer user_data)
{
  Call *call = user_data;

  if (call->notify)
    call->notify (call->data);
  g_free (call);
}

void
p2p_engine_call (P2pEngine * self, void (*func) (gpointer),
    gpointer data, GDestroyNotify notify)
{
  GSource *source = g_idle_source_new ();
  Call *call = g_new (Call, 1);

  call->engine = self;
  call->func = func;
  call->data = data;
  call->notify = notify;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, p2p_engine_on_call, call,
      p2p_engine_call_free);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

P2pClock *
p2p_engine_get_clock (P2pEngine * self)
{
  return self->clock;
}

GMainContext *
p2p_engine_get_context (P2pEngine * self)
{
  return self->context;
}

P2pSoupGateway *
p2p_engine_get_gateway (P2pEngine * self, GError ** error)
{
  if (self->gateway == NULL)
    self->gateway =
        p2p_soup_gateway_new (self->clock, self->context, NULL, error);
  return self->gateway;
}
