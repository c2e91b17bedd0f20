/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Messages of strangers, and too many of them.
 */

#include "remoteworld.h"

#include <string.h>

static const char *const malformed[] = {
  "", " ", "{", "}", "[]", "null", "\"type\"", "{}", "7", "{\"type\":1}",
  "{\"type\":\"heartbeat\"}", "{\"type\":null,\"clientKey\":\"k\"}",
  "{\"type\":\"heartbeat\",\"clientKey\":null}",
  "{\"type\":\"heartbeat\",\"clientKey\":\"\"}",
  "{\"type\":\"heartbeat\",\"clientKey\":\"a b\"}",
  "{\"type\":\"heartbeat\",\"clientKey\":\"\\u0000\"}",
  "{\"type\":\"heartbeat\",\"clientKey\":\"k\"} {}",
  "{\"type\":\"heartbeat\",\"clientKey\":\"\xff\"}",
  "{\"type\":\"heartbeat\",\"clientKey\":{\"a\":1}}",
  "{\"clientKey\":\"k\"}",
};

/* Of a known client: without what they need. */
static const char *const incomplete[] = {
  "{\"type\":\"subscribe\",\"clientKey\":\"k\"}",
  "{\"type\":\"add-torrent\",\"clientKey\":\"k\",\"torrentKey\":7}",
  "{\"type\":\"create-server\",\"clientKey\":\"k\",\"torrentKey\":\"\"}",
};

/* Answered, with an error where there is something to answer. */
static const char *const strange[] = {
  "{\"type\":\"destroy\",\"clientKey\":\"k\",\"options\":7}",
  "{\"type\":\"destroy\",\"clientKey\":\"k\",\"options\":{\"delay\":-1e18}}",
  "{\"type\":\"destroy\",\"clientKey\":\"k\",\"options\":{\"delay\":\"x\"}}",
  "{\"type\":\"subscribe\",\"clientKey\":\"k\",\"torrentKey\":\"t\"}",
  "{\"type\":\"subscribe\",\"clientKey\":\"k\",\"torrentKey\":\"t\","
      "\"torrentID\":[]}",
  "{\"type\":\"add-torrent\",\"clientKey\":\"k\",\"torrentKey\":\"t\"}",
  "{\"type\":\"add-torrent\",\"clientKey\":\"k\",\"torrentKey\":\"t\","
      "\"torrentID\":{\"infoHash\":\"x\"},\"options\":[]}",
  "{\"type\":\"add-torrent\",\"clientKey\":\"k\",\"torrentKey\":\"t\","
      "\"torrentID\":\"http://[\",\"options\":{\"server\":[]}}",
};

static guint
count_clients (RemoteWorld * world)
{
  guint n;

  g_object_get (world->server, "n-clients", &n, NULL);
  return n;
}

static void
test_malformed (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    g_assert_false (remote_world_tell (world, malformed[i]));
  g_assert_cmpuint (count_clients (world), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (incomplete); i++)
    g_assert_false (remote_world_tell (world, incomplete[i]));
  g_assert_cmpuint (count_clients (world), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    g_assert_true (remote_world_tell (world, strange[i]));
  g_assert_cmpuint (world->said->len, ==, 5);
  g_assert_cmpuint (fake_engine.engines, ==, 0);
}

/* Too long, too deep */
static void
test_large (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autofree char *name = g_strnfill (P2P_HLS_REMOTE_MAX_MESSAGE, 'x');
  g_autofree char *deep = g_strnfill (1000, '[');
  g_autofree char *key = g_strnfill (129, 'k');
  g_autofree char *text = g_strdup_printf ("{\"type\":\"heartbeat\","
      "\"clientKey\":\"k\",\"more\":\"%s\"}", name);
  g_autofree char *nested = g_strdup_printf ("{\"type\":\"heartbeat\","
      "\"clientKey\":\"k\",\"more\":%s", deep);
  g_autofree char *keyed = g_strdup_printf ("{\"type\":\"heartbeat\","
      "\"clientKey\":\"%s\"}", key);
  g_autofree char *url = g_strdup_printf ("{\"type\":\"add-torrent\","
      "\"clientKey\":\"k\",\"torrentKey\":\"t\",\"torrentID\":"
      "\"http://example.com/%.9000s\"}", name);

  g_assert_false (remote_world_tell (world, text));
  g_assert_false (remote_world_tell (world, nested));
  g_assert_false (remote_world_tell (world, keyed));
  g_assert_cmpuint (count_clients (world), ==, 0);
  g_assert_true (remote_world_tell (world, url));
  g_assert_cmpuint (remote_world_count (world, "error", NULL), ==, 1);
  g_assert_cmpuint (fake_engine.engines, ==, 0);
}

/* A torrentKey is used once. */
static void
test_same_key (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  const char *add = "{\"type\":\"add-torrent\",\"clientKey\":\"k\","
      "\"torrentKey\":\"t\",\"torrentID\":\"" URL_A "\"}";

  g_assert_true (remote_world_tell (world, add));
  g_assert_false (remote_world_tell (world, add));
  g_assert_cmpuint (fake_engine.joined, ==, 1);
}

static void
tell_add (RemoteWorld * world, guint client, guint torrent)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"add-torrent\","
      "\"clientKey\":\"%u\",\"torrentKey\":\"%u\",\"torrentID\":"
      "\"http://example.com/%u.m3u8\"}", client, torrent, torrent);

  g_assert_true (remote_world_tell (world, text));
}

/* 1,000 clients with 1,000 torrents, and each hears of its own. */
static void
test_thousand (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  for (guint i = 0; i < 1000; i++)
    tell_add (world, i, i);
  g_assert_cmpuint (count_clients (world), ==, 1000);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 1000);
  remote_world_forget (world);
  remote_world_pass (world, 1000);
  g_assert_cmpuint (remote_world_count (world, "update", NULL), ==, 1000);
  remote_world_pass (world, 30000);
  g_assert_cmpuint (count_clients (world), ==, 0);
  g_assert_false (fake_engine.running);
}

/* Whatever one sends, what is kept is bounded. */
static void
test_limits (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new ("{\"updateInterval\":0}");
  const char *error;

  for (guint i = 0; i < P2P_HLS_REMOTE_MAX_TORRENTS; i++)
    tell_add (world, 0, i);
  g_assert_cmpuint (remote_world_count (world, "error", NULL), ==, 0);
  tell_add (world, 0, P2P_HLS_REMOTE_MAX_TORRENTS);
  g_assert_cmpuint (remote_world_count (world, "error", &error), ==, 1);
  g_assert_nonnull (strstr (error, "too many torrents"));
  g_assert_cmpuint (fake_engine.torrents->len, ==, P2P_HLS_REMOTE_MAX_TORRENTS);
  remote_world_forget (world);

  for (guint i = 0; i < P2P_HLS_REMOTE_MAX_HANDLES; i++) {
    g_autofree char *text = g_strdup_printf ("{\"type\":\"subscribe\","
        "\"clientKey\":\"1\",\"torrentKey\":\"%u\",\"torrentID\":"
        "\"http://example.com/0.m3u8\"}", i);

    g_assert_true (remote_world_tell (world, text));
  }
  g_assert_cmpuint (remote_world_count (world, "torrent-subscribed", &error),
      ==, P2P_HLS_REMOTE_MAX_HANDLES);
  g_assert_nonnull (strstr (error, "too many handles"));
  remote_world_forget (world);

  for (guint i = 2; i < P2P_HLS_REMOTE_MAX_CLIENTS; i++) {
    g_autofree char *text = g_strdup_printf ("{\"type\":\"heartbeat\","
        "\"clientKey\":\"%u\"}", i);

    g_assert_true (remote_world_tell (world, text));
  }
  g_assert_false (remote_world_tell (world,
          "{\"type\":\"heartbeat\",\"clientKey\":\"more\"}"));
  g_assert_cmpuint (count_clients (world), ==, P2P_HLS_REMOTE_MAX_CLIENTS);
}

/* What an engine that cannot be trusted says to a client. */
static void
test_client (void)
{
  static const char *const bodies[] = {
    "\"type\":\"torrent-subscribed\"",
    "\"type\":\"torrent-subscribed\",\"torrent\":{\"name\":7,\"infohash\":[],"
        "\"length\":-5,\"files\":[1,{},{\"name\":{}},{\"length\":1e300}],"
        "\"progress\":\"x\",\"downloaded\":-1,\"numPeers\":-7,"
        "\"timeRemaining\":\"soon\"}",
    "\"type\":\"metadata\",\"torrent\":[]",
    "\"type\":\"metadata\",\"torrent\":{\"files\":{}}",
    "\"type\":\"update\"",
    "\"type\":\"update\",\"torrent\":{\"numPeers\":1e15,\"progress\":1e400}",
    "\"type\":\"server-ready\"",
    "\"type\":\"server-ready\",\"serverURL\":7",
    "\"type\":\"error\"",
    "\"type\":\"warning\",\"error\":{\"message\":7}",
    "\"type\":\"nonsense\"",
  };
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (bodies); j++) {
      g_autoptr (Client) client = remote_world_add_client (world, NULL);
      g_auto (RemoteAnswer) added = { 0 };
      g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A,
          NULL, remote_answer_take, &added);
      const char *both[] = { bodies[i], bodies[j] };

      for (guint k = 0; k < 2; k++) {
        g_autofree char *text = g_strdup_printf ("{%s,\"clientKey\":\"%s\","
            "\"torrentKey\":\"%s\"}", both[k],
            p2p_hls_remote_client_get_key (client),
            p2p_hls_remote_torrent_get_key (torrent));

        p2p_hls_remote_client_receive (client, text, -1, NULL);
      }
      p2p_hls_remote_client_destroy (client, 0);
      g_assert_cmpuint (added.calls, ==, 1);
      g_queue_clear_full (&world->to_server, g_free);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote/hostile/malformed", test_malformed);
  g_test_add_func ("/remote/hostile/large", test_large);
  g_test_add_func ("/remote/hostile/same-key", test_same_key);
  g_test_add_func ("/remote/hostile/thousand", test_thousand);
  g_test_add_func ("/remote/hostile/limits", test_limits);
  g_test_add_func ("/remote/hostile/client", test_client);
  return g_test_run ();
}
