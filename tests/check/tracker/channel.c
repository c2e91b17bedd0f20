/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The calls of the clients of 2018-08 and later: POST /channel.
 */

#include "client.h"
#include "p2pjson.h"

#include <string.h>

/* base64 of "x", and of the path of a playlist with all that base64 can hold */
#define X "eA=="
#define PATH "Y2RuLmV4YW1wbGUvfn5+fj9iPz4+Pi9hLm0zdTg="
#define PATH_TEXT "cdn.example/~~~~?b?>>>/a.m3u8"

static char *
join (P2pTrackerServer * server, const char *channel, const char *expected)
{
  g_autofree char *body = g_strdup_printf ("{\"device\":\"PC\","
      "\"netType\":\"wifi\",\"host\":\"page.example\",\"version\":\"0.2.0\","
      "\"tag\":\"\",\"channel\":\"%s\",\"ts\":1534000000}", channel);
  g_autofree char *reply = post (server, "/channel", body);
  g_autoptr (P2pJson) json = p2p_json_parse (reply, strlen (reply), 10000);
  P2pJson *data = p2p_json_get_object (json, "data");
  g_autofree char *id = g_strdup (p2p_json_get_string (data, "id"));
  g_autofree char *whole = g_strdup_printf ("{\"ret\":0,\"name\":\"channel\","
      "\"data\":{\"id\":\"%s\",\"report_interval\":60,\"peers\":[%s]}}", id,
      expected);

  g_assert_cmpstr (reply, ==, whole);
  return g_steal_pointer (&id);
}

static void
test_all (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *a = join (server, PATH, ""), *b = NULL;
  g_autofree char *a_json = g_strdup_printf ("{\"id\":\"%s\"}", a);
  g_autofree char *peers = NULL, *stats = NULL, *put = NULL, *expected = NULL;
  g_autofree char *peers_reply = NULL, *stats_reply = NULL;
  g_autoptr (Reply) put_reply = NULL;
  P2pTrackerStats figures;

  b = join (server, PATH, a_json);
  peers = g_strdup_printf ("/channel/" PATH "/node/%s/peers", a);
  expected = g_strdup_printf ("{\"ret\":0,\"name\":\"peers\",\"data\":"
      "{\"peers\":[{\"id\":\"%s\"}]}}", b);
  peers_reply = post (server, peers, "{}");
  g_assert_cmpstr (peers_reply, ==, expected);
  stats = g_strdup_printf ("/channel/" PATH "/node/%s/stats", a);
  stats_reply = post (server, stats,
      "{\"http\":100,\"p2p\":20,\"share\":7,\"conns\":1,\"failConns\":2}");
  g_assert_cmpstr (stats_reply, ==,
      "{\"ret\":0,\"name\":\"stats\",\"data\":{}}");
  put_reply = request (server, "PUT", stats, NULL, "{\"http\":1}");
  g_assert_cmpuint (put_reply->status, ==, 200);
  g_assert_true (p2p_tracker_server_get_swarm_stats (server, PATH_TEXT,
          &figures));
  g_assert_cmpuint (figures.source_kb, ==, 101);
  g_assert_cmpuint (figures.p2p_kb, ==, 20);
  g_assert_cmpuint (figures.conns, ==, 1);
  g_assert_cmpuint (figures.fail_conns, ==, 2);
}

/* One swarm, whichever generation names it */
static void
test_generations (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *old = announce (server, "x");
  g_autofree char *old_json = g_strdup_printf ("{\"id\":\"%s\"}", old);
  g_autofree char *new = join (server, X, old_json);
  g_autofree char *target = g_strdup_printf
      ("/get_peers/?info_hash=x&peer_id=%s", old);
  g_autofree char *expected = g_strdup_printf ("{\"peers\":[{\"id\":\"%s\"}]}",
      new);
  g_autofree char *body = get (server, target);

  g_assert_cmpstr (body, ==, expected);
}

/* What is no base64 of a text is the name itself. */
static void
test_not_base64 (void)
{
  static const char *const channels[] = {
    "9a0364b9e99bb480dd25e1f0284c8555a5d4f0f8", "abc", "////", "x"
  };
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  P2pTrackerStats stats;

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++) {
    g_free (join (server, channels[i], ""));
    g_assert_true (p2p_tracker_server_get_swarm_stats (server, channels[i],
            &stats));
  }
}

/* There is no heartbeat: reports have to come as often as one would. */
static void
test_interval (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autofree char *reply = NULL;

  server_config (&config);
  config.report_interval = 100;
  config.heartbeat_interval = 7;
  server = server_start (&config);
  reply = post (server, "/channel/", "{\"channel\":\"eA==\"}");
  g_assert_nonnull (strstr (reply, "\"report_interval\":7,"));
}

static const struct
{
  const char *method;
  const char *target;
  const char *body;
  guint status;
} bad[] = {
  /* *INDENT-OFF* */
  { "GET", "/channel", NULL, 405 },
  { "POST", "/channel", "", 400 },
  { "POST", "/channel", "{}", 400 },
  { "POST", "/channel", "{\"channel\":1}", 400 },
  { "POST", "/channel", "{\"channel\":\"\"}", 400 },
  { "POST", "/channels", "{}", 404 },
  { "POST", "/channel/eA==", "{}", 404 },
  { "POST", "/channel/eA==/node", "{}", 404 },
  { "POST", "/channel/eA==/node/x", "{}", 404 },
  { "POST", "/channel/eA==/node/x/peers", "{}", 404 },
  { "POST", "/channel/node/x/peers", "{}", 404 },
  { "POST", "/channel//node/x/peers", "{}", 404 },
  { "POST", "/channel/eA==/node/00000000000000a1/other", "{}", 404 },
  { "POST", "/channel/eA==/node/00000000000000a1/stats", "1", 400 },
  /* *INDENT-ON* */
};

static void
test_bad (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (Reply) reply = request (server, bad[i].method, bad[i].target,
        NULL, bad[i].body);

    g_test_message ("%s %s", bad[i].target, reply->body);
    g_assert_cmpuint (reply->status, ==, bad[i].status);
    g_assert_cmpstr (reply_get (reply, "access-control-allow-origin"), ==, "*");
    if (bad[i].status == 400)
      g_assert_true (g_str_has_prefix (reply->body, "{\"ret\":-1,"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/all", test_all);
  g_test_add_func ("/channel/generations", test_generations);
  g_test_add_func ("/channel/not-base64", test_not_base64);
  g_test_add_func ("/channel/interval", test_interval);
  g_test_add_func ("/channel/bad", test_bad);
  return g_test_run ();
}
