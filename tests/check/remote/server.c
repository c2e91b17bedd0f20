/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The server of seed 001, W1 to W11 of what is known of the original.
 */

#include "remoteworld.h"

#include <string.h>

#define KEY "e63820e1409b7ccd53106aa164d18e74"
#define KEY_2 "0b634c3fb8f64a88906fa6f4b24c7af0"

static char *
make_add (const char *client, const char *torrent, const char *url)
{
  return g_strdup_printf ("{\"type\":\"add-torrent\",\"clientKey\":\"%s\","
      "\"torrentKey\":\"%s\",\"torrentID\":\"%s\",\"options\":{}}", client,
      torrent, url);
}

static void
tell_add (RemoteWorld * world, const char *client, const char *torrent,
    const char *url)
{
  g_autofree char *text = make_add (client, torrent, url);

  g_assert_true (remote_world_tell (world, text));
}

static void
tell (RemoteWorld * world, const char *type, const char *client)
{
  g_autofree char *text =
      g_strdup_printf ("{\"type\":\"%s\",\"clientKey\":\"%s\"}", type, client);

  g_assert_true (remote_world_tell (world, text));
}

static guint
count_clients (RemoteWorld * world)
{
  guint n;

  g_object_get (world->server, "n-clients", &n, NULL);
  return n;
}

/* W1: null options are all defaults. */
static void
test_defaults (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  guint timeout, interval;
  gboolean trace;

  g_object_get (world->server, "heartbeat-timeout", &timeout,
      "update-interval", &interval, "trace", &trace, NULL);
  g_assert_cmpuint (timeout, ==, 30000);
  g_assert_cmpuint (interval, ==, 1000);
  g_assert_false (trace);
  tell_add (world, KEY, "t", URL_A);
  g_assert_cmpuint (remote_world_count (world, "torrent-subscribed", NULL), ==,
      1);
  g_assert_cmpstr (world->trace->str, ==, "");
}

static void
note_free (gpointer data)
{
  ++*(guint *) data;
}

static void
test_options_refused (void)
{
  static const char *const bad[] = {
    "", "[]", "{", "7", "{\"heartbeatTimeout\":-1}",
    "{\"heartbeatTimeout\":\"30\"}", "{\"updateInterval\":1.5}",
    "{\"updateInterval\":1e300}", "{\"trace\":1}",
    "{\"heartbeat-timeout\":null}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    guint freed = 0;

    g_assert_null (p2p_hls_remote_server_new (bad[i], remote_world_ignore,
            &freed, note_free, &error));
    g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
    g_assert_cmpuint (freed, ==, 1);
  }
}

/* W2: what is sent is JSON and names whom it is for by clientKey. */
static void
test_addressee (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  tell_add (world, KEY, "t1", URL_A);
  tell_add (world, KEY_2, "t2", URL_A);
  remote_world_pass (world, 1000);
  g_assert_cmpuint (world->said->len, >, 3);
  for (guint i = 0; i < world->said->len; i++) {
    const char *text = g_ptr_array_index (world->said, i);
    g_autoptr (P2pJson) message = p2p_json_parse (text, strlen (text), 1 << 20);
    const char *client = p2p_json_get_string (message, "clientKey");
    const char *torrent = p2p_json_get_string (message, "torrentKey");

    g_assert_true ((!strcmp (client, KEY) && !strcmp (torrent, "t1"))
        || (!strcmp (client, KEY_2) && !strcmp (torrent, "t2")));
    g_assert_null (strchr (text, '\n'));
  }
}

/* W3: any transport: what is received is text, and nothing else comes in. */
static void
test_transport_free (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autofree char *text = make_add (KEY, "t", URL_A);
  g_autofree char *longer = g_strconcat (text, "garbage behind it", NULL);

  g_assert_true (p2p_hls_remote_server_receive (world->server, longer,
          strlen (text), NULL));
  g_assert_cmpuint (fake_engine.joined, ==, 1);
  g_assert_false (p2p_hls_remote_server_receive (world->server, longer, -1,
          NULL));
}

/* W4: trace says exactly this. */
static void
test_trace (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new ("{\"trace\":true}");
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1,
      URL_A, -1);
  g_autofree char *joined = g_strdup_printf ("adding  client, clientKey: " KEY
      "\njoining swarm: %s master.m3u8\n", hash);

  tell_add (world, KEY, "t", URL_A);
  g_assert_cmpstr (world->trace->str, ==, joined);
  remote_world_forget (world);
  tell (world, "heartbeat", KEY_2);
  g_assert_cmpstr (world->trace->str, ==,
      "adding  client, clientKey: " KEY_2 "\n");
  remote_world_forget (world);
  tell (world, "destroy", KEY_2);
  g_assert_cmpstr (world->trace->str, ==, "destroying client " KEY_2 "\n");
  remote_world_forget (world);
  remote_world_pass (world, 31000);
  g_assert_cmpstr (world->trace->str, ==,
      "torrent client died, clientKey: " KEY "\n"
      "torrent destroyed, all clients died: master.m3u8\n"
      "torrent instance destroyed, all torrents gone\n");
  remote_world_forget (world);
  g_object_set (world->server, "trace", FALSE, NULL);
  tell_add (world, KEY, "t", URL_A);
  g_assert_cmpstr (world->trace->str, ==, "");
}

/* No name makes a line of its own. */
static void
test_trace_is_not_forged (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new ("{\"trace\":true}");

  tell_add (world, KEY, "t", "https://example.com/a%0Adestroying%20client");
  g_assert_nonnull (strstr (world->trace->str, " a?destroying client\n"));
  g_assert_false (remote_world_tell (world,
          "{\"type\":\"heartbeat\",\"clientKey\":\"a\\nb\"}"));
}

/* W5: after 30 s without a word, a client is removed. */
static void
test_heartbeat_timeout (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  tell_add (world, KEY, "t", URL_A);
  remote_world_pass (world, 20000);
  tell (world, "heartbeat", KEY);
  remote_world_pass (world, 30000);
  g_assert_cmpuint (count_clients (world), ==, 1);
  remote_world_pass (world, 2);
  g_assert_cmpuint (count_clients (world), ==, 0);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 0);
}

/* W5, a bug of the original: no word but heartbeat counted. */
static void
test_any_message_is_a_heartbeat (void)
{
  static const char *const types[] = {
    "{\"type\":\"whatever\",\"clientKey\":\"" KEY "\"}",
    "{\"type\":\"create-server\",\"clientKey\":\"" KEY "\",\"torrentKey\":"
        "\"t\",\"options\":{}}",
    "{\"type\":\"subscribe\",\"clientKey\":\"" KEY "\",\"torrentKey\":\"s\","
        "\"torrentID\":\"" URL_C "\"}",
  };
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  tell_add (world, KEY, "t", URL_A);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    remote_world_pass (world, 20000);
    g_assert_true (remote_world_tell (world, types[i]));
  }
  remote_world_pass (world, 20000);
  g_assert_cmpuint (count_clients (world), ==, 1);
}

/* W5, a bug of the original: without updates nobody was looked for. */
static void
test_heartbeat_without_updates (void)
{
  g_autoptr (RemoteWorld) world =
      remote_world_new ("{\"updateInterval\":0,\"heartbeatTimeout\":5000}");

  tell_add (world, KEY, "t", URL_A);
  remote_world_pass (world, 5001);
  g_assert_cmpuint (count_clients (world), ==, 0);
}

/* W5: 0 disables the check. */
static void
test_heartbeat_off (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new ("{\"heartbeatTimeout\":0}");

  tell_add (world, KEY, "t", URL_A);
  remote_world_pass (world, 1000 * 1000);
  g_assert_cmpuint (count_clients (world), ==, 1);
  g_object_set (world->server, "heartbeat-timeout", 1000, NULL);
  g_assert_cmpuint (count_clients (world), ==, 0);
}

/* W6: a torrent goes with its last client, the engine with its last torrent. */
static void
test_last_client (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  tell_add (world, KEY, "t", URL_A);
  tell_add (world, KEY_2, "t", URL_A);
  tell_add (world, KEY_2, "u", URL_B);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 2);
  tell (world, "destroy", KEY);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 2);
  tell (world, "destroy", KEY_2);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 0);
  g_assert_false (fake_engine.running);
  g_assert_cmpuint (count_clients (world), ==, 0);
}

/* W7: the engine is made by the first add(), and made anew. */
static void
test_lazy_engine (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  tell (world, "heartbeat", KEY);
  g_assert_true (remote_world_tell (world, "{\"type\":\"subscribe\","
          "\"clientKey\":\"" KEY "\",\"torrentKey\":\"t\",\"torrentID\":\""
          URL_A "\"}"));
  g_assert_true (remote_world_tell (world, "{\"type\":\"add-torrent\","
          "\"clientKey\":\"" KEY "\",\"torrentKey\":\"t\",\"torrentID\":"
          "\"nonsense\"}"));
  g_assert_cmpuint (fake_engine.engines, ==, 0);
  tell_add (world, KEY, "t", URL_A);
  g_assert_cmpuint (fake_engine.engines, ==, 1);
  tell (world, "destroy", KEY);
  g_assert_false (fake_engine.running);
  tell_add (world, KEY, "t", URL_A);
  g_assert_cmpuint (fake_engine.engines, ==, 2);
  g_assert_true (fake_engine.running);
}

/* Who starts a server may ask whether there will be an engine; none is made. */
static void
test_check (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (p2p_hls_remote_server_check (world->server, &error));
  g_assert_no_error (error);
  fake_engine.refuse = "no such option";
  g_assert_false (p2p_hls_remote_server_check (world->server, &error));
  g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
  g_assert_cmpuint (fake_engine.engines, ==, 0);
}

/* An engine that takes no torrent does not stay, and says why. */
static void
test_refused_torrent (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  const char *error;

  fake_engine.refuse = "no such option";
  tell_add (world, KEY, "t", URL_A);
  g_assert_false (fake_engine.running);
  g_assert_cmpuint (remote_world_count (world, "error", &error), ==, 1);
  g_assert_nonnull (strstr (error, "no such option"));
  g_assert_nonnull (strstr (error, "\"torrentKey\":\"t\""));
}

/* W8: each second an update to all clients of all torrents. */
static void
test_updates (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  const char *update;

  tell_add (world, KEY, "t", URL_A);
  tell_add (world, KEY_2, "t", URL_A);
  tell_add (world, KEY_2, "u", URL_B);
  remote_world_pass (world, 999);
  g_assert_cmpuint (remote_world_count (world, "update", NULL), ==, 0);
  remote_world_pass (world, 1);
  g_assert_cmpuint (remote_world_count (world, "update", &update), ==, 3);
  g_assert_cmpstr (update, ==, "{\"type\":\"update\",\"torrent\":{"
      "\"progress\":0.0,\"downloaded\":0,\"uploaded\":0,\"length\":null,"
      "\"downloadSpeed\":0.0,\"uploadSpeed\":0.0,\"ratio\":0.0,\"numPeers\":0,"
      "\"timeRemaining\":null},\"clientKey\":\"" KEY_2 "\",\"torrentKey\":"
      "\"u\"}");
  remote_world_pass (world, 10000);
  g_assert_cmpuint (remote_world_count (world, "update", NULL), ==, 33);
  g_object_set (world->server, "update-interval", 0, NULL);
  remote_world_forget (world);
  remote_world_pass (world, 10000);
  g_assert_cmpuint (remote_world_count (world, "update", NULL), ==, 0);
  g_object_set (world->server, "update-interval", 100, NULL);
  remote_world_pass (world, 100);
  g_assert_cmpuint (remote_world_count (world, "update", NULL), ==, 3);
}

/* W9: all options go to the engine. */
static void
test_engine_options (void)
{
  g_autoptr (RemoteWorld) world =
      remote_world_new ("{\"trace\":false,\"maxUploadRate\":1000,"
      "\"tracker-announce\":[\"http://t/\"],\"updateInterval\":5}");
  gint64 number;

  tell_add (world, KEY, "t", URL_A);
  g_assert_true (p2p_json_get_int64 (fake_engine.options, "max-upload-rate",
          &number));
  g_assert_cmpint (number, ==, 1000);
  g_assert_true (p2p_json_get_int64 (fake_engine.options, "update-interval",
          &number));
  g_assert_nonnull (p2p_json_get_array (fake_engine.options,
          "tracker-announce"));
  g_assert_true (p2p_json_has (fake_engine.options, "trace"));
}

/* W10: whatever an unknown client says first, it is known then. */
static void
test_first_message (void)
{
  static const char *const types[] = { "heartbeat", "whatever", "destroy" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (RemoteWorld) world = remote_world_new ("{\"trace\":true}");

    tell (world, types[i], KEY);
    g_assert_true (g_str_has_prefix (world->trace->str,
            "adding  client, clientKey: " KEY "\n"));
    g_assert_cmpuint (count_clients (world), ==, i == 2 ? 0 : 1);
  }
}

/* W11: a type that is not known is passed over. */
static void
test_unknown_type (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);

  tell (world, "whatever", KEY);
  tell (world, "", KEY);
  g_assert_cmpuint (world->said->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote/W1/defaults", test_defaults);
  g_test_add_func ("/remote/W1/options-refused", test_options_refused);
  g_test_add_func ("/remote/W2/addressee", test_addressee);
  g_test_add_func ("/remote/W3/transport-free", test_transport_free);
  g_test_add_func ("/remote/W4/trace", test_trace);
  g_test_add_func ("/remote/W4/not-forged", test_trace_is_not_forged);
  g_test_add_func ("/remote/W5/heartbeat-timeout", test_heartbeat_timeout);
  g_test_add_func ("/remote/W5/any-message", test_any_message_is_a_heartbeat);
  g_test_add_func ("/remote/W5/without-updates",
      test_heartbeat_without_updates);
  g_test_add_func ("/remote/W5/off", test_heartbeat_off);
  g_test_add_func ("/remote/W6/last-client", test_last_client);
  g_test_add_func ("/remote/W7/lazy-engine", test_lazy_engine);
  g_test_add_func ("/remote/W7/check", test_check);
  g_test_add_func ("/remote/W7/refused-torrent", test_refused_torrent);
  g_test_add_func ("/remote/W8/updates", test_updates);
  g_test_add_func ("/remote/W9/engine-options", test_engine_options);
  g_test_add_func ("/remote/W10/first-message", test_first_message);
  g_test_add_func ("/remote/W11/unknown-type", test_unknown_type);
  return g_test_run ();
}
