/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The calls of seed 002 over HTTP, as the browser's client of 2018-04 makes
 * them.
 */

#include "client.h"
#include "p2pjson.h"

#include <string.h>

#define HASH "9a0364b9e99bb480dd25e1f0284c8555a5d4f0f8"

/* Each answer lets any page read it. */
static void
assert_headers (Reply * reply)
{
  g_assert_cmpstr (reply_get (reply, "access-control-allow-origin"), ==, "*");
  g_assert_cmpstr (reply_get (reply, "cache-control"), ==, "no-store");
  if (*reply->body)
    g_assert_cmpstr (reply_get (reply, "content-type"), ==,
        "application/json; charset=utf-8");
}

static char *
target_of (const char *call, const char *info_hash, const char *peer_id)
{
  return g_strdup_printf ("%skey=free&info_hash=%s&peer_id=%s", call,
      info_hash, peer_id);
}

static void
assert_get (P2pTrackerServer * server, const char *call, const char *peer_id,
    const char *expected)
{
  g_autofree char *target = target_of (call, HASH, peer_id);
  g_autoptr (Reply) reply = request (server, "GET", target, NULL, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->body, ==, expected);
  assert_headers (reply);
}

static void
test_announce (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Reply) first = request (server, "GET",
      "/announce/?key=free&info_hash=" HASH, NULL, NULL);
  g_autoptr (Reply) second = request (server, "GET",
      "/announce?info_hash=" HASH "&browser=Chrome&device=PC&os=Linux", NULL,
      NULL);
  g_autoptr (P2pJson) json = NULL;
  g_autofree char *expected = NULL, *id = NULL, *again = NULL;

  g_assert_cmpuint (first->status, ==, 200);
  assert_headers (first);
  json = p2p_json_parse (first->body, strlen (first->body), 1000);
  id = g_strdup (p2p_json_get_string (json, "peer_id"));
  g_assert_cmpuint (strlen (id), ==, 16);
  expected = g_strdup_printf ("{\"peer_id\":\"%s\",\"report_interval\":60,"
      "\"heartbeat_interval\":60,\"peers\":[]}", id);
  g_assert_cmpstr (first->body, ==, expected);
  g_assert_cmpuint (second->status, ==, 200);
  again = g_strdup_printf (",\"peers\":[{\"id\":\"%s\"}]}", id);
  g_assert_true (g_str_has_suffix (second->body, again));
}

static void
test_get_peers (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *a = announce (server, HASH), *b = NULL, *expected = NULL;

  assert_get (server, "/get_peers/?", a, "{\"peers\":[]}");
  b = announce (server, HASH);
  g_free (announce (server, "another"));
  expected = g_strdup_printf ("{\"peers\":[{\"id\":\"%s\"}]}", b);
  assert_get (server, "/get_peers/?", a, expected);
  assert_get (server, "/get_peers?", a, expected);
  assert_get (server, "/v1/get_peers?", a, expected);
}

static void
test_heartbeat (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *id = announce (server, HASH);

  assert_get (server, "/heartbeat/?", id, "{}");
  assert_get (server, "/heartbeat?", id, "{}");
}

static void
test_stats (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *id = announce (server, HASH), *body = NULL, *bodies = NULL;
  g_autofree char *target = target_of ("/stats/?", HASH, id);
  P2pTrackerStats stats;

  body = post (server, target,
      "{\"source\":120,\"p2p\":30,\"conns\":2,\"failConns\":1,"
      "\"errsFragLoad\":4}");
  g_assert_cmpstr (body, ==, "{}");
  bodies = post (server, target, "{\"source\":1,\"p2p\":0,\"conns\":-1}");
  g_assert_cmpstr (bodies, ==, "{}");
  g_assert_true (p2p_tracker_server_get_swarm_stats (server, HASH, &stats));
  g_assert_cmpuint (stats.peers, ==, 1);
  g_assert_cmpuint (stats.source_kb, ==, 121);
  g_assert_cmpuint (stats.p2p_kb, ==, 30);
  g_assert_cmpuint (stats.conns, ==, 1);
  g_assert_cmpuint (stats.fail_conns, ==, 1);
  g_assert_false (p2p_tracker_server_get_swarm_stats (server, "x", &stats));
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.source_kb, ==, 121);
  g_assert_cmpuint (stats.requests, ==, 3);
}

/* From 2018-04-17 on the URL itself is the info_hash; anything may be. */
static void
test_opaque (void)
{
  static const char *const hashes[] = {
    "https%3A%2F%2Fcdn.example%2Flive%2F%C3%A9%2Fa.m3u8", "%3D%26%3D%25",
    "%C3%28%FF", "a+b", "0", "...",
  };
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  P2pTrackerStats stats;

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++) {
    g_autofree char *a = announce (server, hashes[i]);
    g_autofree char *b = announce (server, hashes[i]);
    g_autofree char *target = target_of ("/get_peers/?", hashes[i], a);
    g_autofree char *expected = g_strdup_printf
        ("{\"peers\":[{\"id\":\"%s\"}]}", b);
    g_autofree char *body = get (server, target);

    g_assert_cmpstr (body, ==, expected);
  }
  g_assert_true (p2p_tracker_server_get_swarm_stats (server,
          "https://cdn.example/live/é/a.m3u8", &stats));
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.swarms, ==, G_N_ELEMENTS (hashes));
}

static const struct
{
  const char *method;
  const char *target;
  const char *body;
  guint status;
} bad[] = {
  /* *INDENT-OFF* */
  { "GET", "/index.html", NULL, 404 },
  { "GET", "/announces/?info_hash=x", NULL, 404 },
  { "GET", "/announce/x?info_hash=x", NULL, 404 },
  { "GET", "/announce/", NULL, 400 },
  { "GET", "/announce/?info_hash", NULL, 400 },
  { "GET", "/announce/?info_hash=", NULL, 400 },
  { "GET", "/announce/?xinfo_hash=x", NULL, 400 },
  { "POST", "/announce/?info_hash=x", "{}", 405 },
  { "DELETE", "/announce/?info_hash=x", NULL, 405 },
  { "GET", "/heartbeat/?info_hash=x", NULL, 400 },
  { "GET", "/heartbeat/?peer_id=x", NULL, 400 },
  { "GET", "/heartbeat/?info_hash=x&peer_id=nobody", NULL, 404 },
  { "GET", "/get_peers/?info_hash=x&peer_id=", NULL, 404 },
  { "GET", "/stats/?info_hash=" HASH "&peer_id=00000000000000a1", NULL, 405 },
  { "POST", "/stats/?info_hash=" HASH "&peer_id=00000000000000a1", "", 400 },
  { "POST", "/stats/?info_hash=" HASH "&peer_id=00000000000000a1", "x", 400 },
  { "POST", "/stats/?info_hash=" HASH "&peer_id=00000000000000a1", "[]", 400 },
  { "POST", "/stats/?info_hash=" HASH "&peer_id=00000000000000a1",
    "{\"source\":\"1\"}", 400 },
  { "POST", "/stats/?info_hash=" HASH "&peer_id=00000000000000a1",
    "{\"p2p\":1e99}", 400 },
  { "POST", "/stats/", NULL, 411 },
  { "POST", "/stats/?info_hash=x&peer_id=y", "{}", 404 },
  /* *INDENT-ON* */
};

static void
test_bad (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (Reply) reply = NULL;

    g_test_message ("%s %s", bad[i].method, bad[i].target);
    reply = request (server, bad[i].method, bad[i].target, NULL, bad[i].body);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->status, ==, bad[i].status);
    g_assert_true (g_str_has_prefix (reply->body, "{\"error\":\""));
    assert_headers (reply);
  }
}

static void
test_options (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Reply) reply = request (server, "OPTIONS",
      "/stats/?info_hash=x&peer_id=y", "Access-Control-Request-Method: POST\r\n"
      "Access-Control-Request-Headers: content-type\r\n", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  assert_headers (reply);
  g_assert_nonnull (strstr (reply_get (reply, "access-control-allow-methods"),
          "POST"));
  g_assert_nonnull (strstr (reply_get (reply, "access-control-allow-headers"),
          "Content-Type"));
  g_assert_cmpstr (reply->body, ==, "");
}

/* What comes before the answer to the request before it is not read: libwebsockets
 * would, wrongly, if it has a body. */
static void
test_one_request (void)
{
  static const char *const methods[] =
      { "GET", "POST", "PUT", "PATCH", "HEAD" };
  static const char *const ends[] = {
    "\r\n", "\r\n{}", "Content-Length: 0\r\n\r\n",
    "Content-Length: 2\r\n\r\n{}", "Content-Length: 3000\r\n\r\n{}",
    "Content-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  g_autoptr (P2pTrackerServer) server = server_start_default ();

  for (guint i = 0; i < G_N_ELEMENTS (methods) * G_N_ELEMENTS (ends); i++) {
    g_autoptr (Client) client = client_new (server);
    g_autoptr (Reply) reply = NULL;

    client_say (client, "GET /announce/?info_hash=x HTTP/1.1\r\nHost: a\r\n"
        "\r\n%s /stats/?info_hash=x&peer_id=00000000000000a1 HTTP/1.1\r\n"
        "Host: a\r\n%s", methods[i % G_N_ELEMENTS (methods)],
        ends[i / G_N_ELEMENTS (methods)]);
    reply = client_read_reply (client);
    g_assert_cmpuint (reply->status, ==, 200);
    g_assert_cmpstr (reply_get (reply, "connection"), ==, "close");
    client_assert_closed (client);
  }
  server_wait (server, connections_are, 0);
}

static void
test_head (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) client = client_new (server);
  g_autoptr (Reply) reply = NULL;

  client_say (client, "HEAD /announce/?info_hash=x HTTP/1.1\r\nHost: a\r\n"
      "\r\n");
  reply = client_read_reply (client);
  g_assert_cmpuint (reply->status, ==, 405);
  client_assert_closed (client);
}

/* However it is cut on the wire */
static void
test_pieces (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *id = announce (server, "x");
  g_autofree char *text = g_strdup_printf
      ("POST /stats/?info_hash=x&peer_id=%s HTTP/1.1\r\nHost: a\r\n"
      "Content-Length: 13\r\n\r\n{\"source\":12}", id);
  g_autoptr (Client) client = client_new (server);
  g_autoptr (Reply) reply = NULL;
  P2pTrackerStats stats;

  for (gsize i = 0; i < strlen (text); i++) {
    client_write (client, text + i, 1);
    g_usleep (200);
  }
  reply = client_read_reply (client);
  g_assert_cmpuint (reply->status, ==, 200);
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.source_kb, ==, 12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/announce/announce", test_announce);
  g_test_add_func ("/announce/get-peers", test_get_peers);
  g_test_add_func ("/announce/heartbeat", test_heartbeat);
  g_test_add_func ("/announce/stats", test_stats);
  g_test_add_func ("/announce/opaque", test_opaque);
  g_test_add_func ("/announce/bad", test_bad);
  g_test_add_func ("/announce/options", test_options);
  g_test_add_func ("/announce/one-request", test_one_request);
  g_test_add_func ("/announce/head", test_head);
  g_test_add_func ("/announce/pieces", test_pieces);
  return g_test_run ();
}
