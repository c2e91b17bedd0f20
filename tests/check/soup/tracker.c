/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the client of seed 002's tracker asks, when, and what it does when the
 * tracker is not as it should be.
 */

#include "p2perror.h"
#include "p2psncall.h"
#include "p2psnreply.h"
#include "p2psouptrackerswarm.h"
#include "snviewer.h"

#define HASH "info_hash=" SN_INFO_HASH

static void
test_requests (void)
{
  SnWorld *world = sn_world_new ();
  P2pSoupTrackerConfig config = {.browser = "GStreamer/1.22.0",
    .device = "PC",.os = "GNU/Linux 12 & more"
  };
  SnViewer *viewer = sn_viewer_new (world, &config);

  sn_viewer_join (viewer, SN_SWARM);
  g_assert_cmpuint (world->server->n_requests, ==, 0);
  sn_wait (world, viewer->n_announced == 1);
  sn_world_settle (world);
  g_assert_cmpstr (viewer->id, ==, "id00001");
  g_assert_cmpuint (viewer->n_listed, ==, 0);
  g_assert_nonnull (sn_server_get_socket (world->server, "id00001"));
  sn_server_check_log (world->server, "GET /announce?" HASH
      "&browser=GStreamer/1.22.0&device=PC&os=GNU/Linux%2012%20%26%20more\n");

  /* Stats every 9 s, a heartbeat every 20. */
  sn_world_run (world, 8.9);
  sn_server_check_log (world->server, "");
  viewer->counts.http_bytes = 1024 * 330 + 511;
  viewer->counts.p2p_bytes = 1024 * 12 + 512;
  sn_world_run (world, 0.2);
  g_assert_cmpstr (soup_message_headers_get_one (world->server->headers,
          "Content-Type"), ==, "text/plain;charset=UTF-8");
  sn_server_check_log (world->server, "POST /stats?" HASH
      "&peer_id=id00001 {\"source\":330,\"p2p\":13}\n");
  viewer->counts.http_bytes += 1;
  sn_world_run (world, 11);
  sn_server_check_log (world->server,
      "POST /stats?" HASH "&peer_id=id00001 {\"source\":1,\"p2p\":0}\n"
      "GET /heartbeat?" HASH "&peer_id=id00001\n");

  /* There is nobody yet. */
  sn_world_run (world, 5.5);
  sn_server_check_log (world->server,
      "GET /get_peers?" HASH "&peer_id=id00001\n");
  g_assert_cmpuint (viewer->n_warnings + viewer->n_errors, ==, 0);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
check_announced (const char *announce_path, const char *swarm_id,
    const char *expected)
{
  SnWorld *world = sn_world_new ();
  g_autofree char *announce = g_strconcat (world->server->announce,
      announce_path, NULL);
  P2pSoupTrackerConfig config = {.announce = announce };
  SnViewer *viewer = sn_viewer_new (world, &config);

  sn_viewer_join (viewer, swarm_id);
  sn_wait (world, viewer->n_announced == 1);
  sn_wait (world, sn_server_get_socket (world->server, viewer->id));
  sn_server_check_log (world->server, expected);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
test_urls (void)
{
  /* What comes after ? of a playlist is nobody's business. */
  check_announced ("", SN_SWARM "?token=secret", "GET /announce?" HASH "\n");
  check_announced ("/", SN_SWARM "?", "GET /announce?" HASH "\n");
  check_announced ("/v1//", SN_SWARM, "GET /v1/announce?" HASH "\n");
  check_announced ("/v1?key=free", SN_SWARM,
      "GET /v1/announce?key=free&" HASH "\n");
  check_announced ("?#x", SN_SWARM, "GET /announce?" HASH "\n");
  /* A name that somebody gave is taken as it is: printf 'a?b' | sha1sum */
  check_announced ("", "a?b", "GET /announce?info_hash="
      "c644e1a4ff342fc6853ca057c84ae4b022c8678d\n");
}

/* Nothing of what the playlist's server is told. */
static void
test_private (void)
{
  SnWorld *world = sn_world_new ();
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();
  P2pSoupTrackerConfig config = { NULL };
  SnViewer *viewer;
  SoupMessageHeaders *headers;

  options->cookies = g_strsplit ("a=1,b=2", ",", -1);
  options->extra_headers = p2p_headers_new ();
  p2p_headers_add (options->extra_headers, "X-Key", "secret");
  options->user_id = g_strdup ("me");
  options->user_pw = g_strdup ("secret");
  g_free (options->user_agent);
  options->user_agent = g_strdup ("mine");
  viewer = sn_viewer_new (world, &config);
  p2p_signaller_set_options (viewer->tracker, options);
  world->server->status = 401;
  sn_viewer_join (viewer, SN_SWARM);
  sn_wait (world, viewer->n_warnings == 1);
  headers = world->server->headers;
  g_assert_null (soup_message_headers_get_one (headers, "Cookie"));
  g_assert_null (soup_message_headers_get_one (headers, "X-Key"));
  g_assert_null (soup_message_headers_get_one (headers, "Authorization"));
  g_assert_null (soup_message_headers_get_one (headers, "Referer"));
  g_assert_cmpstr (soup_message_headers_get_one (headers, "User-Agent"), ==,
      "mine");
  g_assert_cmpstr (options->user_id, ==, "me");
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
check_state (SnViewer * viewer, const char *expected)
{
  g_autofree char *state = sn_viewer_describe (viewer);

  g_assert_cmpstr (state, ==, expected);
}

static void
check_wrong_url (const char *announce, const char *signal_url,
    const char *words)
{
  SnWorld *world = sn_world_new ();
  P2pSoupTrackerConfig config = {.announce = announce,
    .signal_url = signal_url
  };
  SnViewer *viewer = sn_viewer_new (world, &config);

  sn_viewer_join (viewer, SN_SWARM);
  g_assert_cmpuint (viewer->n_errors, ==, 0);
  sn_world_run (world, 1000);
  g_assert_cmpuint (viewer->n_errors, ==, 1);
  g_assert_error (viewer->error, P2P_ERROR, P2P_ERROR_URI);
  g_assert_nonnull (strstr (viewer->error->message, words));
  g_assert_cmpuint (viewer->n_warnings, ==, 0);
  g_assert_cmpuint (world->server->n_requests, ==, 0);
  check_state (viewer, "failed -id +trouble");
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
test_wrong_urls (void)
{
  check_wrong_url ("", NULL, "tracker-announce");
  check_wrong_url ("tracker.example", NULL, "tracker-announce");
  check_wrong_url ("ws://tracker.example", NULL, "tracker-announce");
  check_wrong_url ("http://", NULL, "tracker-announce");
  check_wrong_url ("http://[", NULL, "tracker-announce");
  check_wrong_url (NULL, "", "signal-url");
  check_wrong_url (NULL, "ws://", "signal-url");
  check_wrong_url (NULL, "ftp://h/ws", "signal-url");
}

/* --- a tracker that is not as it should be --- */

/* Whatever it answers, it is asked again, but not at once. */
static void
check_bad_announce (guint status, const char *body, const char *words)
{
  SnWorld *world = sn_world_new_rare_stats ();
  P2pSoupTrackerConfig config = { 0 };
  SnViewer *viewer = sn_viewer_new (world, &config);
  guint n;

  world->server->status = status;
  world->server->body = g_strdup (body);
  sn_viewer_join (viewer, SN_SWARM);
  sn_wait (world, viewer->n_warnings == 1);
  g_assert_nonnull (strstr (viewer->warning, words));
  g_assert_cmpint (p2p_clock_get_next (world->clock), >=,
      p2p_clock_get_time (world->clock) + P2P_SN_CALL_RETRY / 2);
  sn_world_run (world, 1000);
  n = world->server->n_requests;
  g_assert_cmpuint (n, >=, 6);
  g_assert_cmpuint (n, <=, 14);
  g_assert_cmpuint (viewer->n_announced, ==, 0);
  g_assert_null (sn_server_get_socket (world->server, "id00001"));

  world->server->status = 0;
  g_clear_pointer (&world->server->body, g_free);
  sn_world_run (world, 450);
  g_assert_cmpuint (viewer->n_announced, ==, 1);
  g_assert_cmpuint (viewer->n_warnings, ==, n);
  g_assert_cmpuint (viewer->n_errors, ==, 0);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
test_bad_announce (void)
{
  g_autofree char *huge = g_strnfill (8 << 20, ' ');
  g_autofree char *nested = g_strnfill (100000, '[');
  g_autofree char *deep = g_strconcat ("{\"peers\":", nested, NULL);

  check_bad_announce (500, NULL, "status 500");
  check_bad_announce (404, NULL, "status 404");
  check_bad_announce (304, NULL, "status 304");
  check_bad_announce (0, "", "not one of its protocol");
  check_bad_announce (0, "<html>", "not one of its protocol");
  check_bad_announce (0, "[]", "not one of its protocol");
  check_bad_announce (0, deep, "not one of its protocol");
  check_bad_announce (0, huge, "too long");
  check_bad_announce (0, "{}", "no peer id");
  check_bad_announce (0, "{\"peer_id\":\"a b\",\"peers\":[]}", "no peer id");
}

/* Down at the start, then up; then again. */
static void
test_down (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  P2pSoupTrackerConfig config = { 0 };
  SnViewer *viewer = sn_viewer_new (world, &config);
  g_autofree char *id = NULL;

  sn_server_stop (world->server);
  sn_viewer_join (viewer, SN_SWARM);
  check_state (viewer, "announcing -id -trouble");
  sn_wait (world, viewer->n_warnings == 1);
  g_assert_nonnull (strstr (viewer->warning, "cannot be reached"));
  check_state (viewer, "waiting -id +trouble");
  sn_server_start (world->server);
  sn_world_run (world, P2P_SN_CALL_RETRY * 1.5 / P2P_SECOND);
  g_assert_cmpuint (viewer->n_announced, ==, 1);
  id = g_strdup (viewer->id);
  sn_wait (world, sn_server_get_socket (world->server, id));
  sn_world_settle (world);
  check_state (viewer, "connected +id +trouble");

  /* It was restarted and knows nobody: whoever notices announces anew. */
  sn_server_stop (world->server);
  sn_world_settle (world);
  check_state (viewer, "connecting +id +trouble");
  sn_world_run (world, 21);
  check_state (viewer, "waiting -id +trouble");
  g_assert_cmpuint (viewer->n_announced, ==, 1);
  sn_server_start (world->server);
  sn_world_run (world, 60);
  g_assert_cmpuint (viewer->n_announced, ==, 2);
  g_assert_cmpstr (viewer->id, !=, id);
  g_assert_nonnull (sn_server_get_socket (world->server, viewer->id));
  sn_world_run (world, 40);
  sn_server_clear_log (world->server);
  sn_world_run (world, 20);
  g_assert_nonnull (strstr (world->server->log, "GET /heartbeat?" HASH));
  g_assert_nonnull (strstr (world->server->log, viewer->id));
  g_assert_null (strstr (world->server->log, id));
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* An answer counts also if it comes late. */
static void
test_late (void)
{
  SnWorld *world = sn_world_new ();
  P2pSoupTrackerConfig config = { 0 };
  SnViewer *viewer = sn_viewer_new (world, &config);

  world->server->silent = TRUE;
  sn_viewer_join (viewer, SN_SWARM);
  sn_world_wait_requests (world, 1);
  sn_world_run (world, 30);
  g_assert_cmpuint (viewer->n_announced, ==, 0);
  sn_server_answer (world->server);
  sn_wait (world, viewer->n_announced == 1);
  g_assert_cmpuint (world->server->n_requests, ==, 1);
  g_assert_cmpuint (viewer->n_warnings, ==, 0);
  sn_viewer_free (viewer);

  viewer = sn_viewer_new (world, &config);
  sn_server_clear_log (world->server);
  world->server->silent = TRUE;
  sn_viewer_join (viewer, SN_SWARM);
  sn_world_wait_requests (world, 1);
  sn_world_run (world, P2P_SN_CALL_TIMEOUT / P2P_SECOND);
  g_assert_cmpuint (viewer->n_warnings, ==, 1);
  g_assert_nonnull (strstr (viewer->warning, "in time"));
  sn_server_answer (world->server);
  sn_world_run (world, 10);
  g_assert_cmpuint (viewer->n_announced, ==, 1);
  g_assert_cmpuint (world->server->n_requests, ==, 2);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* A tracker that has trouble knows us still; one that refuses does not. */
static void
test_heartbeat (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *viewer = sn_viewer_new_open (world);
  g_autofree char *id = g_strdup (viewer->id);

  world->server->only = "/heartbeat";
  world->server->status = 503;
  sn_world_run (world, 120);
  g_assert_cmpuint (sn_count (world->server->log, "/heartbeat?"), >=, 4);
  g_assert_cmpuint (sn_count (world->server->log, "/heartbeat?"), <=, 8);
  g_assert_cmpuint (sn_count (world->server->log, "/announce?"), ==, 0);
  world->server->status = 0;
  sn_world_run (world, 120);
  sn_server_clear_log (world->server);
  sn_world_run (world, 100);
  g_assert_cmpuint (sn_count (world->server->log, "/heartbeat?"), ==, 5);
  g_assert_cmpstr (viewer->id, ==, id);

  world->server->status = 404;
  sn_world_run (world, 40);
  g_assert_cmpuint (viewer->n_announced, ==, 2);
  g_assert_cmpstr (viewer->id, !=, id);
  g_assert_nonnull (sn_server_get_socket (world->server, viewer->id));
  g_assert_null (sn_server_get_socket (world->server, id));

  /* A tracker that never takes a heartbeat is announced to ever more rarely. */
  sn_server_clear_log (world->server);
  sn_world_run (world, 3600);
  g_assert_cmpuint (sn_count (world->server->log, "/announce?"), <=, 30);
  g_assert_cmpuint (sn_count (world->server->log, "/announce?"), >=, 6);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* What a tracker did not take is told again, with what came since. */
static void
test_stats_retried (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);

  world->server->only = "/stats";
  world->server->status = 500;
  viewer->counts.http_bytes = 1024 * 10;
  sn_world_run (world, 9.1);
  sn_server_check_log (world->server, "POST /stats?" HASH
      "&peer_id=id00001 {\"source\":10,\"p2p\":0}\n");
  viewer->counts.http_bytes += 1024 * 5;
  viewer->counts.p2p_bytes += 1024 * 3;
  world->server->status = 0;
  sn_world_run (world, 7.5);
  sn_server_check_log (world->server, "POST /stats?" HASH
      "&peer_id=id00001 {\"source\":15,\"p2p\":3}\n");

  /* What came while the tracker thought about it is not lost. */
  world->server->silent = TRUE;
  sn_world_run (world, 8.9);
  while (!strstr (world->server->log, "/stats"))
    sn_world_run (world, 0.1);
  viewer->counts.p2p_bytes += 1024 * 7;
  sn_server_answer (world->server);
  sn_server_clear_log (world->server);
  sn_world_run (world, 10.1);
  g_assert_nonnull (strstr (world->server->log, "{\"source\":0,\"p2p\":7}"));
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
test_intervals (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer;

  world->server->report_interval = 0;
  world->server->heartbeat_interval = 1000000;
  viewer = sn_viewer_new_open (world);
  sn_world_run (world, 10.5);
  g_assert_cmpuint (sn_count (world->server->log, "/stats?"), ==, 10);
  sn_viewer_leave (viewer, SN_SWARM);
  sn_viewer_free (viewer);

  world->server->report_interval = 100000;
  viewer = sn_viewer_new_open (world);
  sn_world_run (world, P2P_SN_MAX_INTERVAL - 1);
  g_assert_cmpuint (sn_count (world->server->log, "/stats?"), ==, 0);
  g_assert_cmpuint (sn_count (world->server->log, "/heartbeat?"), ==, 0);
  sn_world_run (world, 2);
  g_assert_cmpuint (sn_count (world->server->log, "/stats?"), ==, 1);
  g_assert_cmpuint (sn_count (world->server->log, "/heartbeat?"), ==, 1);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* Alone: asked ever more rarely, whatever is answered. */
static void
test_get_peers (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *viewer = sn_viewer_new_open (world);
  guint n;

  sn_world_run (world, 24);
  g_assert_cmpuint (sn_count (world->server->log, "/get_peers?"), ==, 0);
  sn_world_run (world, 2);
  g_assert_cmpuint (sn_count (world->server->log, "/get_peers?"), ==, 1);
  sn_world_run (world, 41);
  g_assert_cmpuint (sn_count (world->server->log, "/get_peers?"), ==, 1);
  sn_world_run (world, 2);
  g_assert_cmpuint (sn_count (world->server->log, "/get_peers?"), ==, 2);

  world->server->only = "/get_peers";
  world->server->status = 404;
  sn_world_run (world, 3000);
  n = sn_count (world->server->log, "/get_peers?");
  g_assert_cmpuint (n, >=, 10);
  g_assert_cmpuint (n, <=, 14);
  g_assert_cmpuint (viewer->n_announced, ==, 1);
  world->server->status = 0;
  world->server->body = g_strdup ("nothing");
  sn_world_run (world, 600);
  g_assert_cmpuint (viewer->n_warnings, ==, n);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracker/requests", test_requests);
  g_test_add_func ("/tracker/urls", test_urls);
  g_test_add_func ("/tracker/private", test_private);
  g_test_add_func ("/tracker/wrong-urls", test_wrong_urls);
  g_test_add_func ("/tracker/bad-announce", test_bad_announce);
  g_test_add_func ("/tracker/down", test_down);
  g_test_add_func ("/tracker/late", test_late);
  g_test_add_func ("/tracker/heartbeat", test_heartbeat);
  g_test_add_func ("/tracker/stats-retried", test_stats_retried);
  g_test_add_func ("/tracker/intervals", test_intervals);
  g_test_add_func ("/tracker/get-peers", test_get_peers);
  return g_test_run ();
}
