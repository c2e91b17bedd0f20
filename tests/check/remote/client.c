/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The client of seed 001, W12 to W18 of what is known of the original.
 */

#include "remoteworld.h"

#include <string.h>

/* W12: a heartbeat each 5 s, or as often as is wanted. */
static void
test_heartbeat (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Client) other = NULL;
  const char *heartbeat;
  g_autofree char *expected =
      g_strdup_printf ("{\"type\":\"heartbeat\",\"clientKey\":\"%s\"}",
      p2p_hls_remote_client_get_key (client));

  remote_world_pass (world, 4999);
  g_assert_cmpuint (world->heard->len, ==, 0);
  remote_world_pass (world, 15001);
  g_assert_cmpuint (remote_world_count_heard (world, "heartbeat", &heartbeat),
      ==, 4);
  g_assert_cmpstr (heartbeat, ==, expected);

  g_object_set (client, "heartbeat", 0, NULL);
  other = remote_world_add_client (world, "{\"heartbeat\":100}");
  remote_world_forget (world);
  remote_world_pass (world, 1000);
  g_assert_cmpuint (world->heard->len, ==, 10);
  g_assert_null (p2p_hls_remote_client_new ("{\"heartbeat\":\"x\"}",
          remote_world_ignore, NULL, NULL, NULL));
}

/* W12, a bug of the original: who is destroyed says nothing any more. */
static void
test_heartbeat_stops (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  Client *dropped = remote_world_add_client (world, NULL);
  guint n;

  p2p_hls_remote_client_destroy (client, 0);
  g_object_unref (dropped);
  remote_world_settle (world);
  g_assert_cmpuint (remote_world_count_heard (world, "destroy", NULL), ==, 2);
  remote_world_pass (world, 60000);
  g_assert_cmpuint (world->heard->len, ==, 2);
  g_object_get (world->server, "n-clients", &n, NULL);
  g_assert_cmpuint (n, ==, 0);
}

/* W13: what is for others, unknown or late is passed over; an unknown torrentKey
 * is an error. */
static void
test_receive (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (GError) error = NULL;
  const char *key = p2p_hls_remote_client_get_key (client);
  g_autofree char *unknown = g_strdup_printf ("{\"type\":\"whatever\","
      "\"clientKey\":\"%s\"}", key);
  g_autofree char *missing = g_strdup_printf ("{\"type\":\"update\","
      "\"clientKey\":\"%s\",\"torrentKey\":\"K\",\"torrent\":{}}", key);

  g_assert_true (p2p_hls_remote_client_receive (client,
          "{\"type\":\"update\",\"clientKey\":\"x\",\"torrentKey\":\"K\"}", -1,
          &error));
  g_assert_true (p2p_hls_remote_client_receive (client, unknown, -1, &error));
  g_assert_no_error (error);
  g_assert_false (p2p_hls_remote_client_receive (client, missing, -1, &error));
  g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_MESSAGE);
  g_assert_cmpstr (error->message, ==, "Unrecognized torrentKey: K");
  g_clear_error (&error);
  p2p_hls_remote_client_destroy (client, 0);
  g_assert_true (p2p_hls_remote_client_receive (client, missing, -1, &error));
  g_assert_false (p2p_hls_remote_client_receive (client, "{", -1, &error));
}

/* W14, a bug of the original: add() returns the handle at once, and it takes
 * handlers; the callback may be left out. */
static void
test_handle_at_once (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A, NULL,
      NULL, NULL);
  guint metadata = 0;

  g_assert_nonnull (torrent);
  remote_world_listen (torrent, "metadata", &metadata);
  remote_world_settle (world);
  fake_torrent_tell_metadata (fake_engine_get (0), 1000);
  remote_world_settle (world);
  g_assert_cmpuint (metadata, ==, 1);
}

/* W14: … and it calls back with the same, later. */
static void
test_callback (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A, NULL,
      remote_answer_take, &answer);

  g_assert_cmpuint (answer.calls, ==, 0);
  remote_world_pass (world, 60000);
  g_assert_cmpuint (answer.calls, ==, 1);
  g_assert_no_error (answer.error);
  g_assert_true (answer.torrent == torrent);
}

/* W15: options.server makes a server at once; the callback waits for its URL. */
static void
test_add_with_server (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A,
      "{\"server\":{}}", remote_answer_take, &answer);
  guint ready = 0;

  remote_world_listen (torrent, "server-ready", &ready);
  remote_world_pass (world, 3000);
  g_assert_cmpuint (answer.calls, ==, 0);
  g_assert_null (p2p_hls_remote_torrent_get_server_url (torrent));
  fake_torrent_tell_server (fake_engine_get (0), NULL);
  remote_world_settle (world);
  g_assert_cmpuint (answer.calls, ==, 1);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (torrent), ==,
      "http://localhost:9876/token/");
  g_assert_cmpuint (ready, ==, 1);
}

/* W15, a bug of the original: the options of the server arrive. */
static void
test_server_options (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A,
      "{\"server\":{\"origin\":\"https://a.example\"},\"swarmId\":\"s\"}",
      NULL, NULL);

  remote_world_settle (world);
  g_assert_cmpstr (p2p_json_get_string (fake_engine_get (0)->server_options,
          "origin"), ==, "https://a.example");
  g_assert_cmpstr (p2p_json_get_string (fake_engine_get (0)->options,
          "swarm-id"), ==, "s");
}

/* W15: who says true means a server with no options, who says false none. */
static void
test_server_true (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) with = p2p_hls_remote_client_add (client, URL_A,
      "{\"server\":true}", NULL, NULL);
  g_autoptr (Torrent) without = p2p_hls_remote_client_add (client, URL_B,
      "{\"server\":false}", NULL, NULL);

  remote_world_settle (world);
  g_assert_cmpuint (fake_engine_get (0)->hosts->len, ==, 1);
  g_assert_cmpuint (fake_engine_get (1)->hosts->len, ==, 0);
}

/* W15: a server that cannot be is an error of add(), and nothing stays. */
static void
test_server_fails (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (GError) error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_FAILED, "no port is free");
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A,
      "{\"server\":{}}", remote_answer_take, &answer);

  remote_world_settle (world);
  fake_torrent_tell_server (fake_engine_get (0), error);
  remote_world_settle (world);
  g_assert_cmpuint (answer.calls, ==, 1);
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_FAILED);
  g_assert_cmpstr (answer.error->message, ==, "no port is free");
  g_assert_false (fake_engine.running);
}

/* W15: options that are none, and ids that are none. */
static void
test_add_refused (void)
{
  static const char *const ids[] = {
    "", "nonsense", "ftp://example.com/a.m3u8", "magnet:?xt=urn:btih:12",
    "http://", "file:///etc/passwd", "http:///a.m3u8",
    "magnet:?xs=file:///etc/passwd",
    "02767050e0be2fd4db9a2ad6c12416ac806ed6ed",
    "magnet:?xt=urn:btih:02767050e0be2fd4db9a2ad6c12416ac806ed6ed", "\xff\xfe"
  };
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_auto (RemoteAnswer) answer = { 0 };
    g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, ids[i],
        NULL, remote_answer_take, &answer);

    remote_world_settle (world);
    g_assert_cmpuint (answer.calls, ==, 1);
    g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_INVALID_TORRENT);
    g_assert_cmpstr (p2p_hls_remote_error_get_name (answer.error), ==,
        "InvalidTorrentError");
  }
  g_assert_cmpuint (fake_engine.engines, ==, 0);
}

static void
test_add_bad_options (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A,
      "[1]", remote_answer_take, &answer);

  g_assert_cmpuint (answer.calls, ==, 0);
  remote_world_settle (world);
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_OPTIONS);
  g_assert_cmpuint (world->heard->len, ==, 0);
}

/* A torrentID is a playlist's URL, a known infohash, or a magnet with the URL. */
static void
test_torrent_ids (void)
{
  static const char *const ids[] = {
    URL_A, "p2phls+" URL_A, "magnet:?xs=https%3A%2F%2Fexample.com%2Fa%2Fmaster"
        ".m3u8", "magnet:?dn=A&as=" URL_A, "MAGNET:?ws=" URL_A
  };
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1,
      URL_A, -1);
  g_autofree char *upper = g_ascii_strup (hash, -1);
  g_autofree char *magnet = g_strconcat ("magnet:?xt=urn:btih:", hash, NULL);
  const char *known[] = { hash, upper, magnet };

  for (guint i = 0; i < G_N_ELEMENTS (ids) + G_N_ELEMENTS (known); i++) {
    g_auto (RemoteAnswer) answer = { 0 };
    g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client,
        i < G_N_ELEMENTS (ids) ? ids[i] : known[i - G_N_ELEMENTS (ids)], NULL,
        remote_answer_take, &answer);

    remote_world_settle (world);
    g_assert_no_error (answer.error);
    g_assert_cmpstr (p2p_hls_remote_torrent_get_info_hash (torrent), ==, hash);
  }
  g_assert_cmpuint (fake_engine.joined, ==, 1);
  g_assert_cmpstr (fake_engine_get (0)->url, ==, URL_A);
}

/* The swarm has no query in it, but what is fetched has. */
static void
test_queries (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) one = p2p_hls_remote_client_add (client, URL_B, NULL,
      NULL, NULL);
  g_autoptr (Torrent) two = p2p_hls_remote_client_add (client, URL_B "2", NULL,
      NULL, NULL);

  remote_world_settle (world);
  g_assert_cmpuint (fake_engine.joined, ==, 2);
  g_assert_cmpstr (fake_engine_get (0)->url, ==, URL_B);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_info_hash (one), ==,
      p2p_hls_remote_torrent_get_info_hash (two));
  g_assert_cmpstr (p2p_hls_remote_torrent_get_name (one), ==, "live.m3u8");
}

/* W16: two clients share one torrent; each has its key, both get all events, the
 * second one what is known already. */
static void
test_shared (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) a = remote_world_add_client (world, NULL);
  g_autoptr (Client) b = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) first = p2p_hls_remote_client_add (a, URL_A,
      "{\"server\":{}}", NULL, NULL);
  g_autoptr (Torrent) second = NULL;
  guint updates_a = 0, updates_b = 0, metadata = 0, ready = 0;

  remote_world_settle (world);
  fake_torrent_tell_server (fake_engine_get (0), NULL);
  fake_torrent_tell_metadata (fake_engine_get (0), 1000);
  fake_engine_get (0)->progress.downloaded = 500;
  remote_world_settle (world);
  second = p2p_hls_remote_client_add (b, URL_A, NULL, NULL, NULL);
  remote_world_listen (second, "metadata", &metadata);
  remote_world_listen (second, "server-ready", &ready);
  remote_world_settle (world);
  g_assert_cmpuint (fake_engine.joined, ==, 1);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_key (first), !=,
      p2p_hls_remote_torrent_get_key (second));
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (second), ==,
      p2p_hls_remote_torrent_get_server_url (first));
  g_assert_cmpuint (p2p_hls_remote_torrent_get_files (second)->len, ==, 1);
  g_assert_cmpuint (metadata, ==, 1);
  g_assert_cmpuint (ready, ==, 1);
  remote_world_listen (first, "update", &updates_a);
  remote_world_listen (second, "update", &updates_b);
  remote_world_pass (world, 2000);
  g_assert_cmpuint (updates_a, ==, 2);
  g_assert_cmpuint (updates_b, ==, 2);
}

/* W17: get() finds what somebody added, and makes nothing. */
static void
test_get (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) a = remote_world_add_client (world, NULL);
  g_autoptr (Client) b = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) missing = { 0 };
  g_auto (RemoteAnswer) there = { 0 };
  g_autoptr (Torrent) torrent = NULL;

  p2p_hls_remote_client_get (b, URL_A, remote_answer_take, &missing);
  remote_world_settle (world);
  g_assert_cmpuint (missing.calls, ==, 1);
  g_assert_null (missing.torrent);
  g_assert_error (missing.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_TORRENT_MISSING);
  g_assert_cmpstr (p2p_hls_remote_error_get_name (missing.error), ==,
      "TorrentMissingError");
  g_assert_cmpstr (missing.error->message, ==, "TorrentID not found: " URL_A);
  g_assert_cmpuint (fake_engine.engines, ==, 0);

  torrent = p2p_hls_remote_client_add (a, URL_A, NULL, NULL, NULL);
  p2p_hls_remote_client_get (b, URL_A, remote_answer_take, &there);
  remote_world_settle (world);
  g_assert_cmpuint (there.calls, ==, 1);
  g_assert_no_error (there.error);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_info_hash (there.torrent), ==,
      p2p_hls_remote_torrent_get_info_hash (torrent));
  /* Whoever got it holds it, as who added it does. */
  p2p_hls_remote_client_destroy (a, 0);
  remote_world_settle (world);
  g_assert_true (fake_engine.running);
}

/* W17, a bug of the original: a malformed id is answered. */
static void
test_get_malformed (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) answer = { 0 };

  p2p_hls_remote_client_get (client, "no torrent", remote_answer_take, &answer);
  remote_world_settle (world);
  g_assert_cmpuint (answer.calls, ==, 1);
  g_assert_null (answer.torrent);
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_INVALID_TORRENT);
}

/* W17: seed 001's own server says null only. */
static void
test_get_of_the_original (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (P2pJson) sent = NULL;
  g_autofree char *text = NULL;
  g_autofree char *reply = NULL;

  p2p_hls_remote_client_get (client, URL_A, remote_answer_take, &answer);
  text = g_queue_pop_head (&world->to_server);
  sent = p2p_json_parse (text, strlen (text), 1 << 20);
  reply = g_strdup_printf ("{\"type\":\"torrent-subscribed\",\"torrent\":null,"
      "\"clientKey\":\"%s\",\"torrentKey\":\"%s\"}",
      p2p_hls_remote_client_get_key (client), p2p_json_get_string (sent,
          "torrentKey"));
  g_assert_true (p2p_hls_remote_client_receive (client, reply, -1, NULL));
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_TORRENT_MISSING);
}

/* W18: destroy() is of this client only; what it waits for ends. */
static void
test_destroy (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) a = remote_world_add_client (world, NULL);
  g_autoptr (Client) b = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) of_a = p2p_hls_remote_client_add (a, URL_A, NULL, NULL,
      NULL);
  g_autoptr (Torrent) of_b = p2p_hls_remote_client_add (b, URL_A, NULL, NULL,
      NULL);
  g_auto (RemoteAnswer) server = { 0 };
  g_auto (RemoteAnswer) late = { 0 };
  g_autoptr (Torrent) dead = NULL;
  const char *destroy;

  remote_world_settle (world);
  p2p_hls_remote_torrent_create_server (of_a, NULL, remote_answer_take,
      &server);
  p2p_hls_remote_client_destroy (a, 0);
  p2p_hls_remote_client_destroy (a, 0);
  g_assert_error (server.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_DESTROYED);
  dead = p2p_hls_remote_client_add (a, URL_A, NULL, remote_answer_take, &late);
  g_assert_cmpuint (late.calls, ==, 0);
  remote_world_settle (world);
  g_assert_error (late.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_DESTROYED);
  g_assert_cmpuint (remote_world_count_heard (world, "destroy", &destroy), ==,
      1);
  g_assert_null (strstr (destroy, "options"));
  g_assert_true (fake_engine.running);
  p2p_hls_remote_client_destroy (b, 0);
  remote_world_settle (world);
  g_assert_false (fake_engine.running);
}

/* W18: with a delay a successor finds the torrent as it is. */
static void
test_delay (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) a = remote_world_add_client (world, NULL);
  g_autoptr (Client) b = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) of_a = p2p_hls_remote_client_add (a, URL_A, NULL, NULL,
      NULL);
  g_autoptr (Torrent) of_b = NULL;
  const char *destroy;

  remote_world_settle (world);
  p2p_hls_remote_client_destroy (a, 2000);
  remote_world_settle (world);
  remote_world_count_heard (world, "destroy", &destroy);
  g_assert_nonnull (strstr (destroy, "\"options\":{\"delay\":2000}"));
  remote_world_forget (world);
  remote_world_pass (world, 1999);
  g_assert_true (fake_engine.running);
  /* The dead hear nothing. */
  g_assert_cmpuint (world->said->len, ==, 0);
  of_b = p2p_hls_remote_client_add (b, URL_A, NULL, NULL, NULL);
  remote_world_pass (world, 10000);
  g_assert_cmpuint (fake_engine.joined, ==, 1);
  g_assert_true (fake_engine.running);
}

/* W18: … which ends as it was said, with the connection gone too, and not later
 * for a delay that is beyond all bounds. */
static void
test_delay_ends (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) a = remote_world_add_client (world, NULL);
  g_autoptr (Client) b = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) of_a = p2p_hls_remote_client_add (a, URL_A, NULL, NULL,
      NULL);
  g_autoptr (Torrent) of_b = p2p_hls_remote_client_add (b, URL_B, NULL, NULL,
      NULL);

  remote_world_settle (world);
  p2p_hls_remote_client_destroy (a, 40000);
  p2p_hls_remote_client_destroy (b, G_MAXUINT);
  remote_world_settle (world);
  p2p_hls_remote_server_lose_client (world->server,
      p2p_hls_remote_client_get_key (a));
  remote_world_pass (world, 39999);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 2);
  remote_world_pass (world, 1);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 1);
  remote_world_pass (world, P2P_HLS_REMOTE_MAX_DELAY);
  g_assert_false (fake_engine.running);
}

/* A client whose connection ended leaves nothing behind, at once. */
static void
test_lost (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A, NULL,
      NULL, NULL);

  remote_world_settle (world);
  p2p_hls_remote_server_lose_client (world->server, "nobody");
  g_assert_true (fake_engine.running);
  p2p_hls_remote_server_lose_client (world->server,
      p2p_hls_remote_client_get_key (client));
  g_assert_false (fake_engine.running);
}

static void
take_error (gpointer object, GError * error, GError ** taken)
{
  g_clear_error (taken);
  *taken = g_error_copy (error);
}

/* The engine is gone: what was asked ends with why. */
static void
test_fail (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (RemoteAnswer) answer = { 0 };
  g_autoptr (GError) why = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_CONNECTION, "gone");
  g_autoptr (GError) told = NULL;
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A, NULL,
      remote_answer_take, &answer);

  g_signal_connect (client, "error", G_CALLBACK (take_error), &told);
  p2p_hls_remote_client_fail (client, why);
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_CONNECTION);
  g_assert_error (told, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_CONNECTION);
  g_queue_clear_full (&world->to_server, g_free);
  remote_world_pass (world, 20000);
  g_assert_cmpuint (world->heard->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote/W12/heartbeat", test_heartbeat);
  g_test_add_func ("/remote/W12/stops", test_heartbeat_stops);
  g_test_add_func ("/remote/W13/receive", test_receive);
  g_test_add_func ("/remote/W14/handle-at-once", test_handle_at_once);
  g_test_add_func ("/remote/W14/callback", test_callback);
  g_test_add_func ("/remote/W15/add-with-server", test_add_with_server);
  g_test_add_func ("/remote/W15/server-options", test_server_options);
  g_test_add_func ("/remote/W15/server-true", test_server_true);
  g_test_add_func ("/remote/W15/server-fails", test_server_fails);
  g_test_add_func ("/remote/W15/refused", test_add_refused);
  g_test_add_func ("/remote/W15/bad-options", test_add_bad_options);
  g_test_add_func ("/remote/W15/torrent-ids", test_torrent_ids);
  g_test_add_func ("/remote/W15/queries", test_queries);
  g_test_add_func ("/remote/W16/shared", test_shared);
  g_test_add_func ("/remote/W17/get", test_get);
  g_test_add_func ("/remote/W17/malformed", test_get_malformed);
  g_test_add_func ("/remote/W17/of-the-original", test_get_of_the_original);
  g_test_add_func ("/remote/W18/destroy", test_destroy);
  g_test_add_func ("/remote/W18/delay", test_delay);
  g_test_add_func ("/remote/W18/delay-ends", test_delay_ends);
  g_test_add_func ("/remote/lost", test_lost);
  g_test_add_func ("/remote/fail", test_fail);
  return g_test_run ();
}
