/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The server as its owner has it: starting, stopping, errors.
 */

#include "../elements/process.h"
#include "client.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gio/gio.h>
#include <string.h>

static void
test_taken (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (P2pTrackerServer) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *port = g_strdup_printf ("127.0.0.1 port %u",
      p2p_tracker_server_get_port (server));
  P2pTrackerConfig config;

  server_config (&config);
  config.listen_port = p2p_tracker_server_get_port (server);
  other = p2p_tracker_server_new (&config);
  g_assert_false (p2p_tracker_server_start (other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_nonnull (strstr (error->message, port));
  g_assert_cmpuint (p2p_tracker_server_get_port (other), ==, 0);
  /* When it is free, it can be had. */
  p2p_tracker_server_stop (server);
  g_clear_error (&error);
  p2p_tracker_server_start (other, &error);
  g_assert_no_error (error);
  g_free (announce (other, "x"));
}

static void
test_address (void)
{
  static const char *const bad[] = { "", "localhost", "127.0.0.1:80",
    "192.0.2.1"
  };
  P2pTrackerConfig config;

  server_config (&config);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (P2pTrackerServer) server = NULL;
    g_autoptr (GError) error = NULL;

    config.listen_address = bad[i];
    server = p2p_tracker_server_new (&config);
    g_assert_false (p2p_tracker_server_start (server, &error));
    g_assert_nonnull (strstr (error->message, bad[i]));
  }
}

static void
test_proxy (void)
{
  static const char *const bad[] = { "", "localhost", "127.0.0.1:80" };
  P2pTrackerConfig config;

  server_config (&config);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (P2pTrackerServer) server = NULL;
    g_autoptr (GError) error = NULL;

    config.trusted_proxy = bad[i];
    server = p2p_tracker_server_new (&config);
    g_assert_false (p2p_tracker_server_start (server, &error));
    g_assert_nonnull (strstr (error->message, bad[i]));
  }
}

/* Any address: those of IPv4 too */
static void
test_any (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autofree char *id = NULL;

  p2p_tracker_config_init (&config);
  server = server_start (&config);
  id = announce (server, "x");
  g_assert_nonnull (id);
}

static void
test_again (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (GError) error = NULL;
  P2pTrackerStats stats;

  for (guint i = 0; i < 20; i++) {
    g_free (announce (server, "x"));
    p2p_tracker_server_get_stats (server, &stats);
    g_assert_cmpuint (stats.peers, ==, 1);
    p2p_tracker_server_stop (server);
    p2p_tracker_server_stop (server);
    p2p_tracker_server_get_stats (server, &stats);
    g_assert_cmpuint (stats.peers, ==, 0);
    g_assert_cmpuint (p2p_tracker_server_get_port (server), ==, 0);
    g_assert_false (p2p_tracker_server_get_swarm_stats (server, "x", &stats));
    g_assert_true (p2p_tracker_server_start (server, &error));
    g_assert_true (p2p_tracker_server_start (server, &error));
    g_assert_no_error (error);
  }
}

/* But for those that wake a loop: libwebsockets 4.3.5 never closes its own. */
static guint
count_files (void)
{
  return process_count_files (NULL) -
      process_count_files ("anon_inode:[eventfd]");
}

/* In the middle of all that can be; nothing is left. */
static void
test_stop (void)
{
  guint before = 0;

  for (guint i = 0; i < 10; i++) {
    P2pTrackerServer *server = server_start_default ();
    g_autoptr (Client) nothing = client_new (server);
    g_autoptr (Client) half = client_new (server);
    g_autoptr (Client) body = client_new (server);
    g_autoptr (Client) socket = socket_new (server, "/ws?id=x");
    g_autoptr (Client) part = socket_new (server, "/ws?id=y");

    client_say (half, "GET /announce/?info_hash=x HTTP/1.1\r\nHo");
    client_say (body, "POST /channel HTTP/1.1\r\nContent-Length: 10\r\n\r\n{");
    socket_send (part, 0x01, "{", 1);
    server_wait (server, connections_are, 5);
    p2p_tracker_server_free (server);
    client_assert_closed (nothing);
    client_assert_closed (half);
    client_assert_closed (body);
    client_assert_closed (part);
    socket_assert_closed (socket, 0);
    if (i == 1)
      before = count_files ();
    if (i > 1)
      g_assert_cmpuint (count_files (), ==, before);
  }
}

static gpointer
look (gpointer data)
{
  P2pTrackerServer *server = data;
  P2pTrackerStats stats;
  guint64 sum = 0;

  for (guint i = 0; i < 2000; i++) {
    p2p_tracker_server_get_stats (server, &stats);
    sum += stats.requests;
    p2p_tracker_server_get_swarm_stats (server, "x", &stats);
    sum += p2p_tracker_server_get_port (server);
  }
  return sum > 0 ? server : NULL;
}

/* Figures are asked for, and it is stopped, from other threads. */
static void
test_threads (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  GThread *threads[4];

  server_config (&config);
  config.max_requests_per_second = 1000;
  server = server_start (&config);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("look", look, server);
  for (guint i = 0; i < 50; i++)
    g_free (announce (server, "x"));
  p2p_tracker_server_stop (server);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == server);
}

/* Peers that a restarted tracker does not know go on with their ids. */
static void
test_restart (void)
{
  g_autoptr (P2pTrackerServer) old = server_start_default ();
  g_autoptr (P2pTrackerServer) new = server_start_default ();
  g_autofree char *a = announce (old, "x"), *b = announce (old, "x");
  g_autofree char *beat = g_strdup_printf ("/heartbeat?info_hash=x&peer_id=%s",
      a);
  g_autofree char *ask = g_strdup_printf ("/get_peers?info_hash=x&peer_id=%s",
      b);
  g_autofree char *expected = g_strdup_printf ("{\"peers\":[{\"id\":\"%s\"}]}",
      a);
  g_autofree char *first = NULL, *second = NULL;

  p2p_tracker_server_stop (old);
  first = get (new, beat);
  g_assert_cmpstr (first, ==, "{}");
  second = get (new, ask);
  g_assert_cmpstr (second, ==, expected);
}

/* As many files as connections are allowed, if the process may. */
static void
test_files (void)
{
  g_autoptr (P2pTrackerServer) server = NULL;
  P2pTrackerConfig config;
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = MIN (256, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  p2p_tracker_config_init (&config);
  config.listen_address = "127.0.0.1";
  server = p2p_tracker_server_new (&config);
  g_assert_true (p2p_tracker_server_start (server, NULL));
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, >=, MIN (config.max_connections,
          limit.rlim_max));
}

#define N_HELD 64

/* Opens and closes files all the time, and holds some, each of which has to stay
 * its own. Returns: how many did not */
static gpointer
open_files (gpointer user_data)
{
  gint *ended = user_data;
  int held[N_HELD];
  guint lost = 0;

  memset (held, -1, sizeof (held));
  for (guint i = 0; !g_atomic_int_get (ended); i = (i + 1) % N_HELD) {
    lost += held[i] >= 0 && close (held[i]) != 0;
    held[i] = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  for (guint i = 0; i < N_HELD; i++)
    lost += held[i] >= 0 && close (held[i]) != 0;
  return GUINT_TO_POINTER (lost);
}

/* What ends closes what is its own, once. */
static void
test_other_files (void)
{
  GThread *threads[2];
  gint ended = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("files", open_files, &ended);
  for (guint i = 0; i < 100; i++) {
    g_autoptr (P2pTrackerServer) server = server_start_default ();
    g_autoptr (Client) client = i % 4 == 0 ? client_new (server) : NULL;
  }
  g_atomic_int_set (&ended, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/taken", test_taken);
  g_test_add_func ("/server/address", test_address);
  g_test_add_func ("/server/proxy", test_proxy);
  g_test_add_func ("/server/any", test_any);
  g_test_add_func ("/server/again", test_again);
  g_test_add_func ("/server/stop", test_stop);
  g_test_add_func ("/server/threads", test_threads);
  g_test_add_func ("/server/restart", test_restart);
  g_test_add_func ("/server/files", test_files);
  g_test_add_func ("/server/other-files", test_other_files);
  return g_test_run ();
}
