/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pair.h"

#include <string.h>

/* The clock, as the engine's loop runs it. */
typedef struct
{
  GSource source;
  P2pClock *clock;
} Timer;

static gboolean
timer_prepare (GSource * source, gint * timeout)
{
  gint64 next = p2p_clock_get_next (((Timer *) source)->clock);
  gint64 now = g_get_monotonic_time ();

  *timeout = next == P2P_NEVER ? -1 : MAX (0, (next - now - 1) / 1000 + 1);
  return next <= now;
}

static gboolean
timer_check (GSource * source)
{
  return p2p_clock_get_next (((Timer *) source)->clock)
      <= g_get_monotonic_time ();
}

static gboolean
timer_dispatch (GSource * source, GSourceFunc callback, gpointer user_data)
{
  p2p_clock_run (((Timer *) source)->clock, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = {
  timer_prepare, timer_check, timer_dispatch,
};

World *
world_new (void)
{
  World *self = g_new0 (World, 1);
  P2pClock *clock = p2p_clock_new (g_get_monotonic_time ());

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  self->timer = g_source_new (&timer_funcs, sizeof (Timer));
  ((Timer *) self->timer)->clock = clock;
  g_source_attach (self->timer, self->context);
  p2p_nice_config_init (&self->config, self->context, clock);
  self->config.stun_server = NULL;
  self->config.local_address = "127.0.0.1";
  return self;
}

void
world_start (World * self)
{
  g_autoptr (GError) error = NULL;

  self->connector =
      P2P_CONNECTOR (p2p_nice_connector_new (&self->config, &error));
  g_assert_no_error (error);
}

void
world_turn (World * self)
{
  g_main_context_iteration (self->context, TRUE);
}

static gboolean
on_timeout (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
world_run (World * self, gint64 time)
{
  GSource *source = g_timeout_source_new (time / 1000);
  gboolean done = FALSE;

  g_source_set_callback (source, on_timeout, &done, NULL);
  g_source_attach (source, self->context);
  while (!done)
    world_turn (self);
  g_source_unref (source);
}

void
world_settle (World * self)
{
  p2p_clock_run (self->config.clock, g_get_monotonic_time ());
  while (g_main_context_iteration (self->context, FALSE));
}

void
world_free (World * self)
{
  g_clear_object (&self->connector);
  world_settle (self);
  /* Nothing is left that would call anybody. */
  g_assert_cmpint (p2p_clock_get_next (self->config.clock), ==, P2P_NEVER);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_object_unref (self->config.clock);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
}

static guint
count_in (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

guint
count_fds (void)
{
  return count_in ("/proc/self/fd");
}

guint
count_threads (void)
{
  return count_in ("/proc/self/task");
}

/* Returns: whether it left */
static gboolean
leave (Peer * self, char event)
{
  if (self->leave != event)
    return FALSE;
  self->leave = '\0';
  if (self->connection && !self->unref)
    p2p_connection_close (self->connection);
  if (self->channel && !self->unref)
    p2p_channel_close (self->channel);
  g_clear_object (&self->connection);
  g_clear_object (&self->channel);
  return TRUE;
}

static void
on_message (P2pChannel * channel, GBytes * bytes, gboolean text,
    gpointer user_data)
{
  Peer *self = user_data;

  g_assert_true (channel == self->channel);
  g_assert_cmpuint (self->n_closed, ==, 0);
  g_ptr_array_add (self->messages, g_bytes_ref (bytes));
  g_array_append_val (self->texts, text);
  leave (self, 'm');
}

static void
on_drained (P2pChannel * channel, gpointer user_data)
{
  Peer *self = user_data;

  g_assert_true (channel == self->channel);
  self->n_drained++;
  leave (self, 'r');
}

static void
on_closed (P2pChannel * channel, const GError * error, gpointer user_data)
{
  Peer *self = user_data;

  g_assert_true (channel == self->channel);
  self->n_closed++;
  self->error = error ? g_error_copy (error) : NULL;
  leave (self, 'x');
}

static const P2pChannelEvents channel_events = {
  on_message, on_drained, on_closed,
};

static void
on_described (P2pConnection * connection, const char *sdp, gpointer user_data)
{
  Peer *self = user_data;
  g_autofree char *edited = NULL;

  g_assert_true (connection == self->connection);
  self->n_described++;
  self->described = g_strdup (sdp);
  if (leave (self, 'd'))
    return;
  if (self->edit)
    sdp = edited = self->edit (sdp);
  if (sdp && self->other && self->other->connection)
    p2p_connection_set_remote (self->other->connection, sdp);
}

static void
on_candidate (P2pConnection * connection, const char *candidate,
    const char *mid, gpointer user_data)
{
  Peer *self = user_data;

  g_assert_true (connection == self->connection);
  g_assert_cmpuint (self->n_described, ==, 1);
  g_assert_cmpstr (mid, ==, "0");
  self->n_candidates += candidate != NULL;
  self->n_last_candidates += candidate == NULL;
  if (!leave (self, 'c') && self->other && self->other->connection)
    p2p_connection_add_candidate (self->other->connection, candidate);
}

void
peer_listen (Peer * self)
{
  p2p_channel_set_events (self->channel, &channel_events, self);
}

static void
on_open (P2pConnection * connection, P2pChannel * channel, gpointer user_data)
{
  Peer *self = user_data;

  g_assert_true (connection == self->connection);
  self->n_open++;
  self->channel = g_object_ref (channel);
  if (!self->mute)
    peer_listen (self);
  leave (self, 'o');
}

static void
on_failed (P2pConnection * connection, const GError * error, gpointer user_data)
{
  Peer *self = user_data;

  g_assert_true (connection == self->connection);
  self->n_failed++;
  self->error = g_error_copy (error);
  leave (self, 'f');
}

static const P2pConnectionEvents connection_events = {
  on_described, on_candidate, on_open, on_failed,
};

void
peer_start (World * world, Peer * self, Peer * other, P2pConnectionRole role,
    gboolean trickle)
{
  self->world = world;
  self->other = other;
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)
      g_bytes_unref);
  self->texts = g_array_new (FALSE, FALSE, sizeof (gboolean));
  self->connection = p2p_connector_connect (world->connector, role, trickle,
      "test", &connection_events, self);
  g_assert_cmpuint (self->n_described, ==, 0);
}

void
peers_start (World * world, Peer * a, Peer * b, gboolean trickle)
{
  peer_start (world, a, b, P2P_CONNECTION_OFFER, trickle);
  peer_start (world, b, a, P2P_CONNECTION_ANSWER, trickle);
}

void
peers_open (World * world, Peer * a, Peer * b, gboolean trickle)
{
  peers_start (world, a, b, trickle);
  world_wait (world, (a->n_open && b->n_open) || a->n_failed || b->n_failed);
  g_assert_no_error (a->error);
  g_assert_no_error (b->error);
}

void
peer_clear (Peer * self)
{
  g_clear_object (&self->connection);
  g_clear_object (&self->channel);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_array_unref);
  g_clear_error (&self->error);
  g_free (self->described);
  memset (self, 0, sizeof *self);
}

void
peers_finish (World * world, Peer * a, Peer * b)
{
  peer_clear (a);
  peer_clear (b);
  world_free (world);
}
