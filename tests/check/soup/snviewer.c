/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "snviewer.h"

#include <string.h>

/* Rounds without anything to do until it is believed that there is nothing. */
#define IDLE_ROUNDS 10

SnWorld *
sn_world_new (void)
{
  SnWorld *self = g_new0 (SnWorld, 1);

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  /* Ahead of any clock, so that nobody sets it. */
  self->clock = p2p_clock_new (G_MAXINT64 / 2);
  self->server = sn_server_new ();
  sn_server_start (self->server);
  return self;
}

SnWorld *
sn_world_new_rare_stats (void)
{
  SnWorld *self = sn_world_new ();

  self->server->report_interval = 10000;
  return self;
}

void
sn_world_settle (SnWorld * self)
{
  for (guint i = 0; i < IDLE_ROUNDS; i++) {
    p2p_clock_run (self->clock, p2p_clock_get_time (self->clock));
    while (g_main_context_iteration (self->context, FALSE))
      i = 0;
    g_usleep (100);
  }
}

void
sn_world_run (SnWorld * self, double seconds)
{
  gint64 end = p2p_clock_get_time (self->clock)
      + (gint64) (seconds * P2P_SECOND);

  sn_world_settle (self);
  while (p2p_clock_get_next (self->clock) <= end) {
    p2p_clock_run (self->clock, p2p_clock_get_next (self->clock));
    sn_world_settle (self);
  }
  p2p_clock_run (self->clock, end);
}

void
sn_world_wait_requests (SnWorld * self, guint n)
{
  sn_wait (self, self->server->n_requests >= n);
}

void
sn_world_free (SnWorld * self)
{
  sn_server_free (self->server);
  sn_world_settle (self);
  g_assert_finalize_object (self->clock);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
}

/* --- a viewer --- */

static void
leave (SnViewer * self, char now)
{
  g_assert_false (self->left);
  if (self->leave == now)
    sn_viewer_leave (self, SN_SWARM);
}

static void
on_peer (P2pSignaller * tracker, P2pPeer * peer, const char *own_id,
    gpointer user_data)
{
  SnViewer *self = user_data;

  g_ptr_array_add (self->peers, g_object_ref (peer));
  leave (self, 'p');
}

static void
on_announced (P2pSignaller * tracker, const char *name, const char *peer_id,
    guint n_peers, gpointer user_data)
{
  SnViewer *self = user_data;

  self->n_announced++;
  g_free (self->id);
  self->id = g_strdup (peer_id);
  self->n_listed = n_peers;
  leave (self, 'a');
}

static void
on_warning (P2pSignaller * tracker, const char *name, const char *text,
    gpointer user_data)
{
  SnViewer *self = user_data;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  self->n_warnings++;
  g_free (self->warning);
  self->warning = g_strdup (text);
  leave (self, 'w');
}

static void
on_error (P2pSignaller * tracker, const char *name, const GError * error,
    gpointer user_data)
{
  SnViewer *self = user_data;

  self->n_errors++;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  leave (self, 'e');
}

static void
get_counts (P2pSignaller * tracker, P2pSignallerCounts * counts,
    gpointer user_data)
{
  *counts = ((SnViewer *) user_data)->counts;
}

static const P2pSignallerEvents events = {
  on_peer,
  on_announced,
  on_warning,
  on_error,
  get_counts,
};

static P2pPeer *
make_peer (P2pClock * clock, P2pChannel * channel, P2pNames * names,
    const char *peer_id)
{
  g_assert_nonnull (names);
  return fake_peer_new_over (clock, channel, peer_id);
}

SnViewer *
sn_viewer_new (SnWorld * world, const P2pSoupTrackerConfig * config)
{
  SnViewer *self = g_new0 (SnViewer, 1);
  P2pSoupTrackerConfig full = *config;

  self->world = world;
  self->connector = fake_connector_new (world->clock);
  self->names = p2p_names_new ();
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  if (!full.announce)
    full.announce = world->server->announce;
  full.connector = P2P_CONNECTOR (self->connector);
  full.make_peer = make_peer;
  self->tracker = P2P_SIGNALLER (p2p_soup_tracker_new (world->clock,
          world->context, g_rand_new_with_seed (1), &full));
  return self;
}

void
sn_viewer_join (SnViewer * self, const char *swarm_id)
{
  g_autoptr (P2pIdentity) identity = p2p_identity_new_named (swarm_id);

  self->left = FALSE;
  p2p_signaller_join (self->tracker, identity, self->names, &events, self);
}

void
sn_viewer_leave (SnViewer * self, const char *swarm_id)
{
  self->left = TRUE;
  p2p_signaller_leave (self->tracker, swarm_id, self);
}

void
sn_viewer_free (SnViewer * self)
{
  self->left = TRUE;
  g_assert_finalize_object (self->tracker);
  sn_world_settle (self->world);
  g_ptr_array_unref (self->peers);
  g_assert_finalize_object (self->connector);
  p2p_names_unref (self->names);
  g_clear_error (&self->error);
  g_free (self->warning);
  g_free (self->id);
  g_free (self);
}

static void
on_tracker (const P2pSignallerStats * tracker, gpointer stats)
{
  *(P2pSignallerStats *) stats = *tracker;
}

char *
sn_viewer_describe (SnViewer * self)
{
  P2pSignallerStats stats;

  p2p_signaller_foreach_tracker (self->tracker, SN_SWARM, self, on_tracker,
      &stats);
  g_assert_cmpstr (stats.swarm_id, ==, SN_SWARM);
  g_assert_cmpuint (stats.n_peers, ==, self->n_listed);
  if (stats.peer_id)
    g_assert_cmpstr (stats.peer_id, ==, self->id);
  if (stats.trouble)
    g_assert_cmpstr (stats.trouble, ==, self->error ? self->error->message
        : self->warning);
  return g_strdup_printf ("%s %cid %ctrouble",
      p2p_signaller_state_get_name (stats.state), stats.peer_id ? '+' : '-',
      stats.trouble ? '+' : '-');
}

SnViewer *
sn_viewer_new_open (SnWorld * world)
{
  P2pSoupTrackerConfig config = { 0 };
  SnViewer *self = sn_viewer_new (world, &config);

  sn_viewer_join (self, SN_SWARM);
  sn_wait (world, self->n_announced == 1);
  sn_wait (world, sn_server_get_socket (world->server, self->id));
  sn_world_settle (world);
  sn_server_clear_log (world->server);
  return self;
}

guint
sn_count (const char *text, const char *part)
{
  guint n = 0;

  for (; (text = strstr (text, part)); text += strlen (part))
    n++;
  return n;
}
