/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Viewers that find each other by the tracker's signalling, and what else comes
 * over its WebSocket.
 */

#include "p2perror.h"
#include "../elements/process.h"
#include "p2psoupsignalling.h"
#include "p2psoupsocket.h"
#include "p2psouptrackerswarm.h"
#include "snviewer.h"

static void
say (SnViewer * viewer, const char *text)
{
  SoupWebsocketConnection *socket =
      sn_server_get_socket (viewer->world->server, viewer->id);

  soup_websocket_connection_send_text (socket, text);
}

static void
say_signal (SnViewer * viewer, const char *from, const char *data)
{
  g_autofree char *text = g_strdup_printf ("{\"action\":\"signal\","
      "\"from_peer_id\":\"%s\",\"data\":%s}", from, data);

  say (viewer, text);
}

#define OFFER "{\"type\":\"offer\",\"sdp\":\"offer 1000000\"}"
#define CANDIDATE "{\"candidate\":{\"candidate\":\"candidate:1\"," \
    "\"sdpMLineIndex\":0,\"sdpMid\":\"0\"}}"

/* --- */

static void
test_two (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *a = sn_viewer_new_open (world);
  SnViewer *b = sn_viewer_new_open (world);
  g_autofree char *expected = NULL;

  g_assert_cmpuint (b->n_listed, ==, 1);
  sn_wait (world, a->peers->len == 1 && b->peers->len == 1);
  g_assert_cmpstr (p2p_peer_get_id (a->peers->pdata[0]), ==, b->id);
  g_assert_cmpstr (p2p_peer_get_id (b->peers->pdata[0]), ==, a->id);

  /* The newcomer offered; exactly this went over the wire. */
  expected = g_strdup_printf ("id00002 {\"peer_id\":\"id00002\","
      "\"action\":\"signal\",\"to_peer_id\":\"id00001\","
      "\"data\":{\"type\":\"offer\",\"sdp\":\"offer %u\"}}\n"
      "id00002 {\"peer_id\":\"id00002\",\"action\":\"signal\","
      "\"to_peer_id\":\"id00001\",\"data\":{\"candidate\":{\"candidate\":"
      "\"candidate:0\",\"sdpMLineIndex\":0,\"sdpMid\":\"0\"}}}\n",
      fake_connector_get (b->connector, 1)->number);
  g_assert_true (g_str_has_prefix (world->server->signals, expected));
  g_assert_nonnull (strstr (world->server->signals,
          "id00001 {\"peer_id\":\"id00001\",\"action\":\"signal\","
          "\"to_peer_id\":\"id00002\",\"data\":{\"type\":\"answer\""));

  /* One more connection, then one less; then one that failed. */
  sn_world_run (world, 9.5);
  g_assert_nonnull (strstr (world->server->log, "&peer_id=id00001 "
          "{\"source\":0,\"p2p\":0,\"conns\":1}"));
  g_ptr_array_set_size (a->peers, 0);
  sn_server_clear_log (world->server);
  sn_world_run (world, 9);
  g_assert_nonnull (strstr (world->server->log, "&peer_id=id00001 "
          "{\"source\":0,\"p2p\":0,\"conns\":-1}"));
  g_assert_nonnull (strstr (world->server->log, "&peer_id=id00002 "
          "{\"source\":0,\"p2p\":0}"));
  sn_viewer_free (a);
  sn_viewer_free (b);
  sn_world_free (world);
}

/* Who was told of somebody who is not there tries a little longer. */
static void
test_peer_gone (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *a = sn_viewer_new_open (world);
  SnViewer *b;

  sn_viewer_leave (a, SN_SWARM);
  sn_wait (world, !sn_server_get_socket (world->server, a->id));
  b = sn_viewer_new_open (world);
  sn_wait (world, b->connector->connections->len == 1
      && fake_connector_get (b->connector, 1)->closed);
  sn_world_run (world, 9.5);
  g_assert_nonnull (strstr (world->server->log,
          "{\"source\":0,\"p2p\":0,\"failConns\":3}"));
  g_assert_cmpuint (b->n_warnings, ==, 0);
  sn_viewer_free (a);
  sn_viewer_free (b);
  sn_world_free (world);
}

/* A neighbour that is lost is missed at once, but not again and again. */
static void
test_peer_lost (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *a = sn_viewer_new_open (world);
  SnViewer *b = sn_viewer_new_open (world);

  sn_wait (world, a->peers->len == 1 && b->peers->len == 1);
  sn_viewer_free (b);
  sn_world_run (world, 500);
  sn_server_clear_log (world->server);
  g_ptr_array_set_size (a->peers, 0);
  sn_world_run (world, P2P_SN_GET_PEERS / P2P_SECOND + 2);
  g_assert_nonnull (strstr (world->server->log, "/get_peers?"));
  sn_viewer_free (a);
  sn_world_free (world);
}

static void
test_swarms (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *a = sn_viewer_new_open (world);
  SnViewer *b;

  /* One viewer twice in a swarm is no peer of its own. */
  sn_viewer_join (a, SN_SWARM "?again");
  sn_wait (world, a->n_announced == 2);
  g_assert_cmpuint (a->n_listed, ==, 1);
  sn_world_run (world, 100);
  g_assert_cmpuint (a->connector->connections->len, ==, 0);

  /* The other swarm goes on when one is left. */
  sn_viewer_join (a, "another");
  sn_wait (world, a->n_announced == 3);
  g_assert_cmpuint (a->n_listed, ==, 0);
  sn_wait (world, sn_server_get_socket (world->server, "id00003"));
  sn_viewer_leave (a, SN_SWARM);
  a->left = FALSE;
  sn_viewer_leave (a, SN_SWARM "?again");
  a->left = FALSE;
  sn_wait (world, !sn_server_get_socket (world->server, "id00001")
      && !sn_server_get_socket (world->server, "id00002"));
  sn_server_clear_log (world->server);
  sn_world_run (world, 100);
  g_assert_null (strstr (world->server->log, SN_INFO_HASH));
  g_assert_nonnull (strstr (world->server->log, "/heartbeat?"));
  b = sn_viewer_new_open (world);
  sn_world_run (world, 10);
  g_assert_cmpuint (a->peers->len, ==, 0);
  sn_viewer_free (a);
  sn_viewer_free (b);
  sn_world_free (world);
}

/* --- the WebSocket --- */

/* It comes back, later and later; who is connected does not mind. */
static void
test_broken (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *a = sn_viewer_new_open (world);
  SnViewer *b = sn_viewer_new_open (world);
  SoupWebsocketConnection *socket;

  sn_wait (world, a->peers->len == 1 && b->peers->len == 1);
  socket = sn_server_get_socket (world->server, a->id);
  soup_websocket_connection_close (socket, 1001, NULL);
  sn_wait (world, a->n_warnings == 1);
  g_assert_nonnull (strstr (a->warning, "closed the connection"));
  g_assert_null (sn_server_get_socket (world->server, a->id));
  sn_world_run (world, P2P_SOUP_SIGNALLING_RETRY * 1.5 / P2P_SECOND);
  g_assert_nonnull (sn_server_get_socket (world->server, a->id));
  g_assert_cmpuint (a->n_announced, ==, 1);
  g_assert_cmpuint (a->peers->len, ==, 1);

  /* A server that takes everybody in and throws them out at once. */
  for (guint i = 0; i < 40; i++) {
    sn_world_run (world, 10);
    socket = sn_server_get_socket (world->server, a->id);
    if (socket)
      soup_websocket_connection_close (socket, 1001, NULL);
  }
  g_assert_cmpuint (a->n_warnings, >=, 4);
  g_assert_cmpuint (a->n_warnings, <=, 12);
  sn_viewer_free (a);
  sn_viewer_free (b);
  sn_world_free (world);
}

static void
test_refused (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  g_autofree char *elsewhere = g_strdup_printf ("ws://127.0.0.1:%u/other?x=1",
      world->server->port);
  P2pSoupTrackerConfig config = {.signal_url = elsewhere };
  SnViewer *viewer = sn_viewer_new (world, &config);
  guint n = 0;

  world->server->only = "/other";
  world->server->status = 403;
  sn_viewer_join (viewer, SN_SWARM);
  sn_wait (world, viewer->n_warnings == 1);
  g_assert_nonnull (strstr (world->server->log, "GET /other?x=1&id=id00001\n"));
  sn_server_clear_log (world->server);
  sn_world_run (world, 1000);
  for (const char *p = world->server->log; (p = strstr (p, "/other")); p++)
    n++;
  g_assert_cmpuint (n, >=, 5);
  g_assert_cmpuint (n, <=, 25);
  g_assert_cmpuint (viewer->n_announced, ==, 1);

  /* It may be one that never says anything. */
  world->server->silent = TRUE;
  viewer->n_warnings = 0;
  sn_world_run (world, 400);
  g_assert_cmpuint (viewer->n_warnings, >=, 1);
  sn_server_answer (world->server);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* Nobody is offered anything that could not be sent. */
static void
test_waits_for_socket (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *a = sn_viewer_new_open (world);
  P2pSoupTrackerConfig config = { 0 };
  SnViewer *b = sn_viewer_new (world, &config);

  sn_viewer_join (b, SN_SWARM);
  sn_wait (world, b->n_announced == 1);
  g_assert_cmpuint (b->connector->connections->len, ==, 0);
  sn_wait (world, a->peers->len == 1 && b->peers->len == 1);
  sn_viewer_free (a);
  sn_viewer_free (b);
  sn_world_free (world);
}

static void
test_ping (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *viewer = sn_viewer_new_open (world);

  say (viewer, "{\"action\":\"ping\"}");
  sn_wait (world, *world->server->signals);
  g_assert_cmpstr (world->server->signals, ==,
      "id00001 {\"action\":\"pong\"}\n");
  /* Many at once get one answer. */
  for (guint i = 0; i < 1000; i++)
    say (viewer, "{\"action\":\"ping\"}");
  sn_world_settle (world);
  g_assert_cmpuint (sn_count (world->server->signals, "pong"), <=, 2);

  /* A server that never answered ours may stay silent. */
  world->server->no_pong = TRUE;
  sn_world_run (world, 1000);
  g_assert_cmpuint (sn_count (world->server->signals, "ping"), ==, 20);
  g_assert_cmpuint (viewer->n_warnings, ==, 0);
  world->server->no_pong = FALSE;
  sn_world_run (world, 100);
  world->server->no_pong = TRUE;
  sn_world_run (world, 101);
  g_assert_cmpuint (viewer->n_warnings, ==, 1);
  g_assert_nonnull (strstr (viewer->warning, "silent"));
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
test_rejected (void)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *a = sn_viewer_new_open (world);
  SnViewer *b = sn_viewer_new_open (world);

  sn_wait (world, a->peers->len == 1 && b->peers->len == 1);
  say (a, "{\"action\":\"reject\",\"reason\":\"too old\"}");
  sn_wait (world, a->n_errors == 1);
  g_assert_error (a->error, P2P_ERROR, P2P_ERROR_STATUS);
  g_assert_nonnull (strstr (a->error->message, "too old"));
  sn_wait (world, !sn_server_get_socket (world->server, a->id));
  sn_viewer_leave (b, SN_SWARM);
  sn_server_clear_log (world->server);
  g_ptr_array_set_size (a->peers, 0);
  sn_world_run (world, 1000);
  g_assert_cmpuint (world->server->n_requests, ==, 0);
  g_assert_cmpuint (a->n_errors, ==, 1);
  sn_viewer_free (a);
  sn_viewer_free (b);
  sn_world_free (world);
}

/* --- what strangers send --- */

/* Dropped, whatever it is; the next good one is taken. */
static void
test_garbage (void)
{
  static const char *const texts[] = {
    "", "{", "[]", "9", "{\"action\":\"signal\"}", "{\"action\":\"nothing\"}",
    "{\"action\":\"signal\",\"from_peer_id\":\"\",\"data\":" OFFER "}",
    "{\"action\":\"signal\",\"from_peer_id\":\"a b\",\"data\":" OFFER "}",
    "{\"action\":\"signal\",\"from_peer_id\":\"id00001\",\"data\":" OFFER "}",
    "{\"action\":\"signal\",\"from_peer_id\":\"x\",\"data\":\"offer\"}",
    "{\"action\":\"signal\",\"from_peer_id\":\"x\",\"data\":{\"sdp\":{}}}",
  };
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);
  g_autofree char *nested = g_strnfill (30000, '[');
  g_autofree char *deep = g_strconcat ("{\"data\":", nested, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    say (viewer, texts[i]);
  say (viewer, deep);
  say_signal (viewer, "x", CANDIDATE);
  say_signal (viewer, "x", "{\"type\":\"answer\",\"sdp\":\"answer 7\"}");
  sn_world_settle (world);
  g_assert_cmpuint (viewer->connector->connections->len, ==, 0);
  /* Told once. */
  g_assert_cmpuint (viewer->n_warnings, ==, 1);

  soup_websocket_connection_send_binary (sn_server_get_socket (world->server,
          viewer->id), "\0\1\2", 3);
  say_signal (viewer, "x", OFFER);
  sn_wait (world, viewer->connector->connections->len == 1);
  g_assert_cmpuint (viewer->n_warnings, ==, 1);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* A message that is too long ends the connection, for a while. */
static void
test_huge (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);
  g_autofree char *text = g_strnfill (P2P_SN_SIGNAL_MAX_SIZE + 1, ' ');

  say (viewer, text);
  sn_wait (world, viewer->n_warnings == 1);
  sn_world_run (world, 10);
  g_assert_nonnull (sn_server_get_socket (world->server, viewer->id));
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* The same in parts, none of which is too long. */
static void
test_fragments (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);
  GPollableOutputStream *out = G_POLLABLE_OUTPUT_STREAM
      (g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream
          (sn_server_get_socket (world->server, viewer->id))));
  static guint8 frame[4 + 32768] = { 0x01, 126, 32768 >> 8, 32768 & 0xff };
  gsize at = 0;

  while (viewer->n_warnings == 0) {
    gssize n = g_pollable_output_stream_write_nonblocking (out,
        frame + at % sizeof (frame), sizeof (frame) - at % sizeof (frame),
        NULL, NULL);

    at += MAX (n, 0);
    if (at >= sizeof (frame))
      frame[0] = 0x00;
    g_main_context_iteration (world->context, FALSE);
    g_assert_cmpuint (at, <, 32 * P2P_SOUP_SOCKET_MAX_PARTS);
  }
  g_assert_nonnull (strstr (viewer->warning, "without end"));
  sn_world_run (world, 10);
  g_assert_nonnull (sn_server_get_socket (world->server, viewer->id));
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* PINGs are no messages either, and the engine answers each. */
static void
test_pings (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);
  GPollableOutputStream *out = G_POLLABLE_OUTPUT_STREAM
      (g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream
          (sn_server_get_socket (world->server, viewer->id))));
  static guint8 pings[127 * 64];
  gsize at = 0;

  for (gsize i = 0; i < sizeof (pings); i += 127) {
    pings[i] = 0x89;
    pings[i + 1] = 125;
  }
  while (viewer->n_warnings == 0) {
    gssize n = g_pollable_output_stream_write_nonblocking (out,
        pings + at % sizeof (pings), sizeof (pings) - at % sizeof (pings),
        NULL, NULL);

    at += MAX (n, 0);
    g_main_context_iteration (world->context, FALSE);
    g_assert_cmpuint (at, <, 16 * P2P_SOUP_SOCKET_MAX_SIZE);
  }
  g_assert_nonnull (strstr (viewer->warning, "without end"));
  g_assert_cmpuint (at, >, P2P_SOUP_SOCKET_MAX_PARTS);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

static void
test_flood (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);

  for (guint i = 0; i < 2 * P2P_SOUP_SOCKET_MAX_MESSAGES; i++) {
    g_autofree char *id = g_strdup_printf ("x%u", i);

    say_signal (viewer, id, OFFER);
  }
  sn_wait (world, viewer->n_warnings == 1);
  g_assert_nonnull (strstr (viewer->warning, "too many"));
  g_assert_cmpuint (viewer->connector->connections->len, <=,
      P2P_SN_DEFAULT_MAX_PEERS);
  sn_world_run (world, 10);
  g_assert_nonnull (sn_server_get_socket (world->server, viewer->id));
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* --- leaving --- */

/* Leaves after so many rounds of the context, whatever happens then. */
static void
check_leave_after (guint rounds)
{
  SnWorld *world = sn_world_new_rare_stats ();
  SnViewer *a = sn_viewer_new_open (world);
  P2pSoupTrackerConfig config = { 0 };
  SnViewer *b = sn_viewer_new (world, &config);
  guint announced, n_peers, warnings;

  sn_viewer_join (b, SN_SWARM);
  for (guint i = 0; i < rounds; i++) {
    p2p_clock_run (world->clock, p2p_clock_get_time (world->clock));
    g_main_context_iteration (world->context, FALSE);
  }
  sn_viewer_leave (b, SN_SWARM);
  announced = b->n_announced;
  n_peers = b->peers->len;
  warnings = b->n_warnings;
  sn_world_run (world, 10);
  g_assert_cmpuint (b->n_announced, ==, announced);
  g_assert_cmpuint (b->peers->len, ==, n_peers);
  g_assert_cmpuint (b->n_warnings, ==, warnings);
  if (b->id)
    g_assert_null (sn_server_get_socket (world->server, b->id));
  sn_viewer_free (b);
  sn_viewer_free (a);
  sn_world_free (world);
}

static void
test_leave_any_time (void)
{
  guint n_fds;

  check_leave_after (50);
  n_fds = process_count_files (NULL);
  for (guint rounds = 0; rounds < 60; rounds++)
    check_leave_after (rounds);
  g_assert_true (process_wait_for_files (NULL, n_fds));
}

static void
test_goodbye (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);

  sn_viewer_leave (viewer, SN_SWARM);
  sn_wait (world, world->server->closed->len);
  g_assert_cmpstr (world->server->closed->str, ==, "id00001 1000\n");
  g_assert_cmpint (p2p_clock_get_next (world->clock), ==, P2P_NEVER);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

/* In each event. */
static void
check_leave_in (char event)
{
  SnWorld *world = sn_world_new ();
  SnViewer *a = sn_viewer_new_open (world);
  P2pSoupTrackerConfig config = { 0 };
  SnViewer *b = sn_viewer_new (world, &config);

  b->leave = event;
  sn_viewer_join (b, SN_SWARM);
  if (event == 'w')
    world->server->status = 500;
  if (event == 'e') {
    sn_wait (world, b->n_announced == 1);
    sn_wait (world, sn_server_get_socket (world->server, b->id));
    say (b, "{\"action\":\"reject\"}");
  }
  sn_wait (world, b->left);
  sn_world_run (world, 100);
  sn_viewer_free (a);
  sn_viewer_free (b);
  sn_world_free (world);
}

static void
test_leave_in_event (void)
{
  check_leave_in ('a');
  check_leave_in ('p');
  check_leave_in ('w');
  check_leave_in ('e');
}

/* Left while it waits to come back. */
static void
test_leave_broken (void)
{
  SnWorld *world = sn_world_new ();
  SnViewer *viewer = sn_viewer_new_open (world);

  sn_server_stop (world->server);
  sn_wait (world, viewer->n_warnings == 1);
  sn_viewer_leave (viewer, SN_SWARM);
  g_assert_cmpint (p2p_clock_get_next (world->clock), ==, P2P_NEVER);
  sn_viewer_free (viewer);

  sn_server_start (world->server);
  viewer = sn_viewer_new_open (world);
  sn_server_stop (world->server);
  sn_wait (world, viewer->n_warnings == 1);
  viewer->leave = 'w';
  sn_world_run (world, 10);
  g_assert_true (viewer->left);
  sn_viewer_free (viewer);
  sn_world_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signalling/two", test_two);
  g_test_add_func ("/signalling/peer-gone", test_peer_gone);
  g_test_add_func ("/signalling/peer-lost", test_peer_lost);
  g_test_add_func ("/signalling/swarms", test_swarms);
  g_test_add_func ("/signalling/broken", test_broken);
  g_test_add_func ("/signalling/refused", test_refused);
  g_test_add_func ("/signalling/waits-for-socket", test_waits_for_socket);
  g_test_add_func ("/signalling/ping", test_ping);
  g_test_add_func ("/signalling/rejected", test_rejected);
  g_test_add_func ("/signalling/garbage", test_garbage);
  g_test_add_func ("/signalling/huge", test_huge);
  g_test_add_func ("/signalling/fragments", test_fragments);
  g_test_add_func ("/signalling/pings", test_pings);
  g_test_add_func ("/signalling/flood", test_flood);
  g_test_add_func ("/signalling/leave/any-time", test_leave_any_time);
  g_test_add_func ("/signalling/leave/goodbye", test_goodbye);
  g_test_add_func ("/signalling/leave/in-event", test_leave_in_event);
  g_test_add_func ("/signalling/leave/broken", test_leave_broken);
  return g_test_run ();
}
