/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Our own client at our own tracker.
 */

#include "p2ptrackerserver.h"
#include "snviewer.h"

typedef struct
{
  SnWorld *world;
  P2pTrackerServer *server;
  char *announce;
} Both;

static void
set_up (Both * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  P2pTrackerConfig config;

  self->world = sn_world_new ();
  p2p_tracker_config_init (&config);
  config.listen_address = "127.0.0.1";
  self->server = p2p_tracker_server_new (&config);
  p2p_tracker_server_start (self->server, &error);
  g_assert_no_error (error);
  self->announce = g_strdup_printf ("http://127.0.0.1:%u",
      p2p_tracker_server_get_port (self->server));
}

static void
tear_down (Both * self, gconstpointer data)
{
  p2p_tracker_server_free (self->server);
  sn_world_free (self->world);
  g_free (self->announce);
}

static SnViewer *
join (Both * self)
{
  P2pSoupTrackerConfig config = {.announce = self->announce };
  SnViewer *viewer = sn_viewer_new (self->world, &config);

  sn_viewer_join (viewer, SN_SWARM);
  sn_wait (self->world, viewer->n_announced == 1);
  return viewer;
}

/* The figures of a tracker that has a thread of its own. */
static void
wait_for (Both * self, guint sockets, guint64 conns, guint64 source_kb)
{
  P2pTrackerStats stats, swarm = { 0 };

  do {
    sn_world_settle (self->world);
    p2p_tracker_server_get_stats (self->server, &stats);
    p2p_tracker_server_get_swarm_stats (self->server, SN_INFO_HASH, &swarm);
  } while (stats.sockets != sockets || swarm.conns != conns
      || swarm.source_kb != source_kb);
}

static void
test_two (Both * self, gconstpointer data)
{
  SnViewer *a = join (self), *b;

  /* Whom somebody offers to has to be there. */
  wait_for (self, 1, 0, 0);
  b = join (self);
  g_assert_cmpuint (b->n_listed, ==, 1);
  sn_wait (self->world, a->peers->len == 1 && b->peers->len == 1);
  g_assert_cmpstr (p2p_peer_get_id (a->peers->pdata[0]), ==, b->id);
  g_assert_cmpstr (p2p_peer_get_id (b->peers->pdata[0]), ==, a->id);

  a->counts.http_bytes = 1024 * 1024;
  sn_world_run (self->world, 61);
  wait_for (self, 2, 2, 1024);
  g_ptr_array_set_size (a->peers, 0);
  sn_world_run (self->world, 61);
  wait_for (self, 2, 1, 1024);

  sn_viewer_leave (b, SN_SWARM);
  wait_for (self, 1, 1, 1024);
  g_assert_cmpuint (a->n_warnings + b->n_warnings, ==, 0);
  g_assert_cmpuint (a->n_announced + b->n_announced, ==, 2);
  sn_viewer_free (a);
  sn_viewer_free (b);
}

/* It goes, with all its WebSockets. */
static void
test_stopped (Both * self, gconstpointer data)
{
  SnViewer *viewer = join (self);
  g_autofree char *id = g_strdup (viewer->id);

  wait_for (self, 1, 0, 0);
  p2p_tracker_server_stop (self->server);
  sn_wait (self->world, viewer->n_warnings == 1);
  g_assert_cmpstr (viewer->id, ==, id);
  sn_world_run (self->world, 200);
  g_assert_cmpuint (viewer->n_announced, ==, 1);
  g_assert_cmpuint (viewer->n_errors, ==, 0);
  sn_viewer_free (viewer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/tracker-soup/two", Both, NULL, set_up, test_two, tear_down);
  g_test_add ("/tracker-soup/stopped", Both, NULL, set_up, test_stopped,
      tear_down);
  return g_test_run ();
}
