/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Over each limit of the tracker, and that it still serves then.
 */

#include "client.h"

#include <string.h>

static gboolean
some_are_dropped (const P2pTrackerStats * stats, guint value)
{
  return stats->dropped >= value;
}

static gboolean
peers_are (const P2pTrackerStats * stats, guint value)
{
  return stats->peers == value;
}

static void
assert_refused (P2pTrackerServer * server, guint64 value)
{
  P2pTrackerStats stats;

  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.refused, ==, value);
}

static void
assert_status (P2pTrackerServer * server, const char *target,
    const char *headers, guint status)
{
  g_autoptr (Reply) reply = request (server, "GET", target, headers, NULL);

  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (reply_get (reply, "access-control-allow-origin"), ==, "*");
}

static void
test_message (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) good = NULL, one = NULL, parts = NULL;
  char text[3000];

  server_config (&config);
  config.max_message = 2000;
  server = server_start (&config);
  good = socket_new (server, "/ws?id=good");
  one = socket_new (server, "/ws?id=one");
  parts = socket_new (server, "/ws?id=parts");
  memset (text, 'x', sizeof (text));
  socket_send (good, WS_TEXT, text, 2000);
  socket_send (one, WS_TEXT, text, 2001);
  socket_assert_closed (one, 1009);
  /* Without an end */
  socket_send (parts, 0x01, text, 1000);
  socket_send (parts, 0x00, text, 1000);
  socket_send (parts, 0x00, text, 1);
  socket_assert_closed (parts, 1009);
  assert_refused (server, 2);
  socket_say (good, "{\"action\":\"ping\"}");
  socket_assert_read (good, "{\"action\":\"pong\"}");
}

static void
test_messages (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) client = NULL, other = NULL;
  guint n = 0, code;
  char *pong;

  server_config (&config);
  config.max_messages_per_second = 2;
  server = server_start (&config);
  client = socket_new (server, "/ws?id=x");
  other = socket_new (server, "/ws?id=y");
  for (guint i = 0; i < 100; i++)
    socket_say (client, "{\"action\":\"ping\"}");
  while ((pong = socket_read (client, &code))) {
    g_assert_cmpstr (pong, ==, "{\"action\":\"pong\"}");
    g_free (pong);
    n++;
  }
  g_assert_cmpuint (code, ==, 1008);
  g_assert_cmpuint (n, >=, 2 * P2P_TRACKER_BURST);
  g_assert_cmpuint (n, <, 100);
  socket_say (other, "{\"action\":\"ping\"}");
  socket_assert_read (other, "{\"action\":\"pong\"}");
}

/* Asks until it is too much: time may go by meanwhile, but not so much. */
static void
ask_too_much (P2pTrackerServer * server, const char *headers)
{
  guint status = 200;

  for (guint i = 0; i < 200 && status == 200; i++) {
    g_autoptr (Reply) reply = request (server, "GET", "/announce/?info_hash=x",
        headers, NULL);

    status = reply->status;
    g_assert_cmpstr (reply_get (reply, "access-control-allow-origin"), ==, "*");
  }
  g_assert_cmpuint (status, ==, 429);
}

static void
test_requests (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;

  server_config (&config);
  config.max_requests_per_second = 2;
  server = server_start (&config);
  for (guint i = 0; i < 2 * P2P_TRACKER_BURST; i++)
    assert_status (server, "/announce/?info_hash=x", NULL, 200);
  ask_too_much (server, NULL);
}

static void
test_connections (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  Client *clients[3];

  server_config (&config);
  config.max_connections_per_address = 3;
  server = server_start (&config);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *target = g_strdup_printf ("/ws?id=%u", i);

    clients[i] = socket_new (server, target);
  }
  for (guint i = 0; i < 5; i++) {
    g_autoptr (Client) client = client_new (server);

    client_assert_closed (client);
  }
  assert_refused (server, 5);
  client_free (clients[0]);
  server_wait (server, connections_are, 2);
  assert_status (server, "/announce/?info_hash=x", NULL, 200);
  client_free (clients[1]);
  client_free (clients[2]);
}

static void
test_all_connections (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) first = NULL, second = NULL, third = NULL;

  server_config (&config);
  config.max_connections = 2;
  server = server_start (&config);
  first = socket_new (server, "/ws?id=a");
  second = socket_new (server, "/ws?id=b");
  third = client_new (server);
  client_assert_closed (third);
  assert_refused (server, 1);
}

static void
test_header (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) line = NULL, longer = NULL, lines = NULL;
  g_autofree char *fill = g_strnfill (1500, 'x');
  g_autoptr (Reply) reply = NULL, refused = NULL;

  server_config (&config);
  config.max_header = 2048;
  server = server_start (&config);
  line = client_new (server);
  client_say (line, "GET /announce/?info_hash=%s HTTP/1.1\r\n\r\n", fill);
  reply = client_read_reply (line);
  g_assert_cmpuint (reply->status, ==, 200);
  longer = client_new (server);
  client_say (longer, "GET /announce/?info_hash=%s%s HTTP/1.1\r\n\r\n", fill,
      fill);
  refused = client_read_reply (longer);
  g_assert_true (!refused || refused->status >= 400);
  client_assert_closed (longer);
  /* Without an end */
  lines = client_new (server);
  client_say (lines, "GET /announce/?info_hash=x HTTP/1.1\r\n");
  for (guint i = 0; i < 100; i++)
    client_say (lines, "X-Forwarded-For: %s\r\n", fill);
  client_assert_closed (lines);
  assert_status (server, "/announce/?info_hash=x", NULL, 200);
}

static void
test_body (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *id = announce (server, "x");
  g_autofree char *target = g_strdup_printf ("/stats/?info_hash=x&peer_id=%s",
      id);
  g_autofree char *fill = g_strnfill (P2P_TRACKER_MAX_BODY - 2, ' ');
  g_autofree char *most = g_strconcat ("{", fill, "}", NULL);
  g_autofree char *more = g_strconcat ("{ ", fill, "}", NULL);
  g_autofree char *body = post (server, target, most);
  g_autoptr (Reply) reply = request (server, "POST", target, NULL, more);
  g_autoptr (Client) kept = client_new (server), huge = client_new (server);
  g_autoptr (Client) chunked = client_new (server);
  g_autoptr (Reply) kept_reply = NULL, huge_reply = NULL, chunked_reply = NULL;

  g_assert_cmpstr (body, ==, "{}");
  g_assert_cmpuint (reply->status, ==, 413);
  /* It is skipped, so that the answer arrives. */
  client_say (kept, "POST %s HTTP/1.1\r\nContent-Length: %d\r\n\r\n", target,
      P2P_TRACKER_MAX_BODY + 1);
  client_say (kept, "%s", more);
  kept_reply = client_read_reply (kept);
  g_assert_cmpuint (kept_reply->status, ==, 413);
  client_assert_closed (kept);
  client_say (huge, "POST %s HTTP/1.1\r\nContent-Length: 99999999999999999999"
      "\r\n\r\n", target);
  huge_reply = client_read_reply (huge);
  g_assert_cmpuint (huge_reply->status, ==, 411);
  client_assert_closed (huge);
  client_say (chunked, "POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
      target);
  chunked_reply = client_read_reply (chunked);
  g_assert_cmpuint (chunked_reply->status, ==, 411);
}

static void
test_book (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;

  server_config (&config);
  config.max_swarms = 2;
  config.max_peers = 3;
  config.max_ids = 4;
  config.heartbeat_interval = 1;
  server = server_start (&config);
  for (guint i = 0; i < 3; i++)
    assert_status (server, "/announce/?info_hash=a", NULL, 200);
  assert_status (server, "/announce/?info_hash=a", NULL, 503);
  assert_status (server, "/announce/?info_hash=b", NULL, 200);
  assert_status (server, "/announce/?info_hash=b", NULL, 503);
  assert_status (server, "/announce/?info_hash=c", NULL, 503);
  /* All are silent for three heartbeats. */
  server_wait (server, peers_are, 0);
  assert_status (server, "/announce/?info_hash=c", NULL, 200);
}

/* One that does not read costs no more than the bound, and no other. */
static void
test_queue (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) deaf = NULL, loud = NULL;
  g_autofree char *data = g_strnfill (60000, 'x');

  server_config (&config);
  config.max_messages_per_second = 100000;
  server = server_start (&config);
  deaf = socket_new (server, "/ws?id=deaf");
  loud = socket_new (server, "/ws?id=loud");
  for (guint i = 0; i < 500; i++)
    socket_say (loud, "{\"action\":\"signal\",\"to_peer_id\":\"deaf\","
        "\"data\":\"%s\"}", data);
  server_wait (server, some_are_dropped, 1);
  socket_say (loud, "{\"action\":\"ping\"}");
  socket_assert_read (loud, "{\"action\":\"pong\"}");
}

static void
test_idle (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) silent = NULL, alive = NULL;
  gint64 start = g_get_monotonic_time ();

  server_config (&config);
  config.idle_timeout = 1;
  server = server_start (&config);
  silent = socket_new (server, "/ws?id=silent");
  alive = socket_new (server, "/ws?id=alive");
  server_wait (server, sockets_are, 2);
  /* Reading answers the pings, of which there is one each half second. */
  while (g_get_monotonic_time () < start + 3 * G_USEC_PER_SEC) {
    socket_say (alive, "{\"action\":\"ping\"}");
    socket_assert_read (alive, "{\"action\":\"pong\"}");
    g_usleep (100 * 1000);
  }
  server_wait (server, sockets_are, 1);
}

static void
test_request_time (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) nothing = NULL, half = NULL, body = NULL;

  server_config (&config);
  config.request_timeout = 1;
  server = server_start (&config);
  nothing = client_new (server);
  half = client_new (server);
  body = client_new (server);
  client_say (half, "GET /announce/?info_hash=x HTTP/1.1\r\nHo");
  client_say (body, "POST /channel HTTP/1.1\r\nContent-Length: 10\r\n\r\n{");
  client_assert_closed (nothing);
  client_assert_closed (half);
  client_assert_closed (body);
  server_wait (server, connections_are, 0);
}

/* Behind a proxy that is trusted its clients are counted one by one. */
static void
test_trusted (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) first = NULL, second = NULL;
  g_autoptr (Reply) reply = NULL, refused = NULL;

  server_config (&config);
  config.max_connections_per_address = 1;
  config.max_requests_per_second = 2;
  config.trusted_proxy = "127.0.0.1";
  server = server_start (&config);
  for (guint i = 0; i < 50; i++) {
    g_autofree char *header = g_strdup_printf ("X-Forwarded-For: 192.0.2.1, "
        "198.51.100.%u\r\n", i);

    assert_status (server, "/announce/?info_hash=x", header, 200);
  }
  ask_too_much (server, "X-Forwarded-For: 192.0.2.1\r\n");
  assert_status (server, "/announce/?info_hash=x", NULL, 429);
  assert_status (server, "/announce/?info_hash=x", "X-Forwarded-For: x\r\n",
      429);
  first = client_new (server);
  reply = socket_upgrade (first, "/ws?id=x",
      "X-Forwarded-For: 203.0.113.1\r\n");
  g_assert_cmpuint (reply->status, ==, 101);
  second = client_new (server);
  refused = socket_upgrade (second, "/ws?id=y",
      "X-Forwarded-For: 203.0.113.1\r\n");
  g_assert_cmpuint (refused->status, ==, 429);
}

/* Of anybody else X-Forwarded-For is not believed. */
static void
test_not_trusted (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  guint status = 200;

  server_config (&config);
  config.max_requests_per_second = 2;
  config.trusted_proxy = "127.0.0.2";
  server = server_start (&config);
  for (guint i = 0; i < 200 && status == 200; i++) {
    g_autofree char *header = g_strdup_printf
        ("X-Forwarded-For: 198.51.100.%u\r\n", i);
    g_autoptr (Reply) reply = request (server, "GET", "/announce/?info_hash=x",
        header, NULL);

    status = reply->status;
  }
  g_assert_cmpuint (status, ==, 429);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limits/message", test_message);
  g_test_add_func ("/limits/messages", test_messages);
  g_test_add_func ("/limits/requests", test_requests);
  g_test_add_func ("/limits/connections", test_connections);
  g_test_add_func ("/limits/all-connections", test_all_connections);
  g_test_add_func ("/limits/header", test_header);
  g_test_add_func ("/limits/body", test_body);
  g_test_add_func ("/limits/book", test_book);
  g_test_add_func ("/limits/queue", test_queue);
  g_test_add_func ("/limits/idle", test_idle);
  g_test_add_func ("/limits/request-time", test_request_time);
  g_test_add_func ("/limits/trusted", test_trusted);
  g_test_add_func ("/limits/not-trusted", test_not_trusted);
  return g_test_run ();
}
