/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The handle of seed 001, W19 to W26 of what is known of the original.
 */

#include "remoteworld.h"

#include <math.h>
#include <string.h>

typedef struct
{
  RemoteWorld *world;
  Client *client;
  Torrent *torrent;             /* of URL_A, added */
  FakeTorrent *fake;
} Fixture;

static void
set_up (Fixture * self, gconstpointer data)
{
  self->world = remote_world_new (NULL);
  self->client = remote_world_add_client (self->world, NULL);
  self->torrent = p2p_hls_remote_client_add (self->client, URL_A, NULL, NULL,
      NULL);
  remote_world_settle (self->world);
  self->fake = fake_engine_get (0);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  g_object_unref (self->torrent);
  g_object_unref (self->client);
  remote_world_free (self->world);
}

/* W19: createServer calls back with the URL, and, which the original forgot, emits
 * server-ready. */
static void
test_create_server (Fixture * self, gconstpointer data)
{
  g_auto (RemoteAnswer) answer = { 0 };
  guint ready = 0;
  const char *text;

  remote_world_listen (self->torrent, "server-ready", &ready);
  p2p_hls_remote_torrent_create_server (self->torrent,
      "{\"origin\":[\"https://a.example\"]}", remote_answer_take, &answer);
  remote_world_settle (self->world);
  g_assert_cmpuint (answer.calls, ==, 0);
  g_assert_nonnull (p2p_json_get_array (self->fake->server_options, "origin"));
  fake_torrent_tell_server (self->fake, NULL);
  remote_world_settle (self->world);
  g_assert_cmpuint (answer.calls, ==, 1);
  g_assert_no_error (answer.error);
  g_assert_true (answer.torrent == self->torrent);
  g_assert_cmpuint (ready, ==, 1);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (self->torrent), ==,
      "http://localhost:9876/token/");
  g_assert_cmpuint (remote_world_count (self->world, "server-ready", &text), ==,
      1);
  g_assert_true (g_str_has_prefix (text, "{\"type\":\"server-ready\","
          "\"serverURL\":\"http://localhost:9876/token/\",\"playlistURL\":"
          "\"http://localhost:9876/token/master.m3u8\",\"clientKey\":"));
  g_assert_cmpstr (p2p_hls_remote_torrent_get_playlist_url (self->torrent), ==,
      "http://localhost:9876/token/master.m3u8");
}

/* W19: without a callback, as the seed's example has it. */
static void
test_create_server_event (Fixture * self, gconstpointer data)
{
  guint ready = 0;

  p2p_hls_remote_torrent_create_server (self->torrent, NULL, NULL, NULL);
  remote_world_listen (self->torrent, "server-ready", &ready);
  remote_world_settle (self->world);
  fake_torrent_tell_server (self->fake, NULL);
  remote_world_settle (self->world);
  g_assert_cmpuint (ready, ==, 1);
}

/* W20: one server, however often and by whom it is asked for. */
static void
test_one_server (Fixture * self, gconstpointer data)
{
  g_autoptr (Client) other = remote_world_add_client (self->world, NULL);
  g_autoptr (Torrent) theirs = p2p_hls_remote_client_add (other, URL_A, NULL,
      NULL, NULL);
  g_auto (RemoteAnswer) first = { 0 };
  g_auto (RemoteAnswer) second = { 0 };
  g_auto (RemoteAnswer) third = { 0 };

  p2p_hls_remote_torrent_create_server (self->torrent, NULL,
      remote_answer_take, &first);
  p2p_hls_remote_torrent_create_server (theirs, NULL, remote_answer_take,
      &second);
  remote_world_settle (self->world);
  g_assert_cmpuint (self->fake->hosts->len, ==, 1);
  fake_torrent_tell_server (self->fake, NULL);
  remote_world_settle (self->world);
  g_assert_cmpuint (first.calls, ==, 1);
  g_assert_cmpuint (second.calls, ==, 1);
  p2p_hls_remote_torrent_create_server (theirs, NULL, remote_answer_take,
      &third);
  remote_world_settle (self->world);
  g_assert_cmpuint (third.calls, ==, 1);
  g_assert_cmpuint (self->fake->hosts->len, ==, 0);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (theirs), ==,
      p2p_hls_remote_torrent_get_server_url (self->torrent));
}

/* W20, a bug of the original: of two calls on one handle, each is answered once. */
static void
test_two_calls (Fixture * self, gconstpointer data)
{
  g_auto (RemoteAnswer) first = { 0 };
  g_auto (RemoteAnswer) second = { 0 };

  p2p_hls_remote_torrent_create_server (self->torrent, NULL,
      remote_answer_take, &first);
  p2p_hls_remote_torrent_create_server (self->torrent, NULL,
      remote_answer_take, &second);
  remote_world_settle (self->world);
  fake_torrent_tell_server (self->fake, NULL);
  remote_world_pass (self->world, 10000);
  g_assert_cmpuint (first.calls, ==, 1);
  g_assert_cmpuint (second.calls, ==, 1);
  g_assert_cmpuint (remote_world_count (self->world, "server-ready", NULL), ==,
      2);
}

static void
take_error (gpointer object, GError * error, GError ** taken)
{
  g_clear_error (taken);
  *taken = g_error_copy (error);
}

/* A server that cannot be is told, and may be asked for again. */
static void
test_server_fails (Fixture * self, gconstpointer data)
{
  g_auto (RemoteAnswer) answer = { 0 };
  g_auto (RemoteAnswer) again = { 0 };
  g_autoptr (GError) why = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_FAILED, "no port is free");

  p2p_hls_remote_torrent_create_server (self->torrent, NULL,
      remote_answer_take, &answer);
  remote_world_settle (self->world);
  fake_torrent_tell_server (self->fake, why);
  remote_world_settle (self->world);
  g_assert_cmpuint (answer.calls, ==, 1);
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_FAILED);
  p2p_hls_remote_torrent_create_server (self->torrent, NULL,
      remote_answer_take, &again);
  remote_world_settle (self->world);
  fake_torrent_tell_server (self->fake, NULL);
  remote_world_settle (self->world);
  g_assert_cmpuint (again.calls, ==, 1);
  g_assert_no_error (again.error);
}

/* Options that are none are refused, later, and nothing is sent. */
static void
test_bad_server_options (Fixture * self, gconstpointer data)
{
  g_auto (RemoteAnswer) answer = { 0 };

  remote_world_forget (self->world);
  p2p_hls_remote_torrent_create_server (self->torrent, "nonsense",
      remote_answer_take, &answer);
  g_assert_cmpuint (answer.calls, ==, 0);
  remote_world_settle (self->world);
  g_assert_error (answer.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_OPTIONS);
  g_assert_cmpuint (self->world->heard->len, ==, 0);
}

/* Who comes from another machine gets a URL that it can reach. */
static void
test_host (Fixture * self, gconstpointer data)
{
  g_autoptr (Client) far = remote_world_add_client (self->world, NULL);
  g_autoptr (Torrent) theirs = NULL;

  p2p_hls_remote_server_set_client_host (self->world->server,
      p2p_hls_remote_client_get_key (far), "192.0.2.1");
  theirs = p2p_hls_remote_client_add (far, URL_A, "{\"server\":{}}", NULL,
      NULL);
  p2p_hls_remote_torrent_create_server (self->torrent, NULL, NULL, NULL);
  remote_world_settle (self->world);
  g_assert_cmpuint (self->fake->hosts->len, ==, 2);
  fake_torrent_tell_server (self->fake, NULL);
  fake_torrent_tell_server (self->fake, NULL);
  remote_world_settle (self->world);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (self->torrent), ==,
      "http://localhost:9876/token/");
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (theirs), ==,
      "http://192.0.2.1:9876/token/");
  fake_torrent_tell_metadata (self->fake, 1000);
  remote_world_settle (self->world);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_server_url (theirs), ==,
      "http://192.0.2.1:9876/token/");
}

/* W21: an unknown torrentKey is a warning to all. */
static void
test_missing_key (Fixture * self, gconstpointer data)
{
  g_autoptr (Client) other = remote_world_add_client (self->world, NULL);
  g_autoptr (GError) mine = NULL;
  g_autoptr (GError) theirs = NULL;
  g_autofree char *text = g_strdup_printf ("{\"type\":\"create-server\","
      "\"clientKey\":\"%s\",\"torrentKey\":\"K\",\"options\":{}}",
      p2p_hls_remote_client_get_key (other));
  g_autofree char *hello = g_strdup_printf ("{\"type\":\"heartbeat\","
      "\"clientKey\":\"%s\"}", p2p_hls_remote_client_get_key (other));

  g_signal_connect (self->client, "warning", G_CALLBACK (take_error), &mine);
  g_signal_connect (other, "warning", G_CALLBACK (take_error), &theirs);
  g_assert_true (remote_world_tell (self->world, hello));
  g_assert_true (remote_world_tell (self->world, text));
  remote_world_settle (self->world);
  g_assert_nonnull (mine);
  g_assert_cmpstr (mine->message, ==, "missing torrentKey: K");
  g_assert_cmpstr (theirs->message, ==, "missing torrentKey: K");

  /* Who goes on with it is told alone. */
  remote_world_forget (self->world);
  for (guint i = 0; i < 100; i++)
    g_assert_true (remote_world_tell (self->world, text));
  g_assert_cmpuint (remote_world_count (self->world, "warning", NULL), ==, 100);
  remote_world_pass (self->world, 1000);
  remote_world_forget (self->world);
  g_assert_true (remote_world_tell (self->world, text));
  g_assert_cmpuint (remote_world_count (self->world, "warning", NULL), ==, 2);
}

/* W21: another client's torrentKey is an unknown one. */
static void
test_key_of_another (Fixture * self, gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"create-server\","
      "\"clientKey\":\"x\",\"torrentKey\":\"%s\"}",
      p2p_hls_remote_torrent_get_key (self->torrent));

  g_assert_true (remote_world_tell (self->world, text));
  g_assert_cmpuint (self->fake->hosts->len, ==, 0);
  g_assert_cmpuint (remote_world_count (self->world, "warning", NULL), ==, 2);
}

/* W22: each event of the engine is one of the handle. */
static void
test_events (Fixture * self, gconstpointer data)
{
  static const char *const names[] = {
    "metadata", "download", "upload", "done", "update"
  };
  guint counts[G_N_ELEMENTS (names)] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    remote_world_listen (self->torrent, names[i], &counts[i]);
  fake_torrent_tell_metadata (self->fake, 1000);
  self->fake->events->download (self->fake->user_data);
  self->fake->events->upload (self->fake->user_data);
  self->fake->progress.progress = 1;
  self->fake->events->done (self->fake->user_data);
  remote_world_pass (self->world, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (counts[i], ==, 1);
}

/* W22: infohash comes once, whichever message has it first. */
static void
test_infohash_once (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A, NULL,
      NULL, NULL);
  guint count = 0;

  remote_world_listen (torrent, "infohash", &count);
  remote_world_settle (world);
  g_assert_cmpuint (remote_world_count (world, "infohash", NULL), ==, 1);
  fake_torrent_tell_metadata (fake_engine_get (0), 1000);
  remote_world_settle (world);
  g_assert_cmpuint (count, ==, 1);
}

/* W22: trouble goes to the torrent if it has a listener, else to the client, and
 * that of the engine to every client. */
static void
test_trouble (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) why = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_FAILED, "\"quoted\"\nand \xff more");
  g_autoptr (GError) client = NULL;
  g_autoptr (GError) torrent = NULL;
  g_autoptr (GError) warning = NULL;
  const char *text;

  g_signal_connect (self->client, "error", G_CALLBACK (take_error), &client);
  self->fake->events->error (why, self->fake->user_data);
  remote_world_settle (self->world);
  g_assert_cmpstr (client->message, ==, "\"quoted\"\nand \357\277\275 more");
  remote_world_count (self->world, "error", &text);
  g_assert_nonnull (strstr (text, "\"message\":"));
  g_assert_nonnull (strstr (text, "\"stack\":"));
  g_clear_error (&client);

  g_signal_connect (self->torrent, "error", G_CALLBACK (take_error), &torrent);
  g_signal_connect (self->torrent, "warning", G_CALLBACK (take_error),
      &warning);
  self->fake->events->error (why, self->fake->user_data);
  self->fake->events->warning (why, self->fake->user_data);
  remote_world_settle (self->world);
  g_assert_null (client);
  g_assert_nonnull (torrent);
  g_assert_nonnull (warning);
  g_clear_error (&torrent);

  fake_engine.events->error (why, fake_engine.user_data);
  remote_world_settle (self->world);
  g_assert_nonnull (client);
  g_assert_null (torrent);
}

/* W23: whose it is, by which key, and no URL before there is one. */
static void
test_own_properties (Fixture * self, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  g_autofree char *key = NULL;
  g_autofree char *url = NULL;

  g_object_get (self->torrent, "client", &client, "key", &key, "server-url",
      &url, NULL);
  g_assert_true (client == self->client);
  g_assert_cmpstr (key, ==, p2p_hls_remote_torrent_get_key (self->torrent));
  g_assert_cmpstr (key, !=, p2p_hls_remote_client_get_key (self->client));
  g_assert_null (url);
}

/* W24: null and [] before they are told; infoHash too, which the original forgot. */
static void
test_info (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A, NULL,
      NULL, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1,
      URL_A, -1);
  P2pHlsRemoteFile *file;
  gint64 length;

  g_object_get (torrent, "length", &length, NULL);
  g_assert_cmpint (length, ==, -1);
  g_assert_null (p2p_hls_remote_torrent_get_info_hash (torrent));
  g_assert_null (p2p_hls_remote_torrent_get_name (torrent));
  g_assert_cmpuint (p2p_hls_remote_torrent_get_files (torrent)->len, ==, 0);
  remote_world_settle (world);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_info_hash (torrent), ==, hash);
  g_assert_cmpstr (p2p_hls_remote_torrent_get_name (torrent), ==,
      "master.m3u8");
  fake_torrent_tell_metadata (fake_engine_get (0), 1000);
  remote_world_settle (world);
  g_object_get (torrent, "length", &length, NULL);
  g_assert_cmpint (length, ==, 1000);
  file = g_ptr_array_index (p2p_hls_remote_torrent_get_files (torrent), 0);
  g_assert_cmpstr (file->name, ==, "video.m3u8");
  g_assert_cmpint (file->length, ==, 1000);
}

/* W24: of a live stream the length is null. */
static void
test_live_length (Fixture * self, gconstpointer data)
{
  const char *text;
  gint64 length;

  fake_torrent_tell_metadata (self->fake, 1000);
  fake_torrent_tell_metadata (self->fake, -1);
  remote_world_settle (self->world);
  g_object_get (self->torrent, "length", &length, NULL);
  g_assert_cmpint (length, ==, -1);
  remote_world_count (self->world, "metadata", &text);
  g_assert_nonnull (strstr (text, "\"length\":null,\"serverURL\":null,"
          "\"files\":[{\"name\":\"video.m3u8\",\"length\":null}]"));
}

/* W25: all of them are set by each progress. */
static void
test_progress (Fixture * self, gconstpointer data)
{
  double progress, down, up, ratio, remaining;
  guint64 downloaded, uploaded;
  guint peers;

  self->fake->progress = (P2pHlsRemoteProgress) {
  0.5, 1000, 500, 12.5, 6.25, 0.5, 3, 2000};
  self->fake->events->download (self->fake->user_data);
  remote_world_settle (self->world);
  g_object_get (self->torrent, "progress", &progress, "downloaded",
      &downloaded, "uploaded", &uploaded, "download-speed", &down,
      "upload-speed", &up, "ratio", &ratio, "num-peers", &peers,
      "time-remaining", &remaining, NULL);
  g_assert_cmpfloat (progress, ==, 0.5);
  g_assert_cmpuint (downloaded, ==, 1000);
  g_assert_cmpuint (uploaded, ==, 500);
  g_assert_cmpfloat (down, ==, 12.5);
  g_assert_cmpfloat (up, ==, 6.25);
  g_assert_cmpfloat (ratio, ==, 0.5);
  g_assert_cmpuint (peers, ==, 3);
  g_assert_cmpfloat (remaining, ==, 2000);
}

/* W25: infinity is null on the wire, at first and later. */
static void
test_infinity (Fixture * self, gconstpointer data)
{
  double remaining;
  const char *text;

  g_object_get (self->torrent, "time-remaining", &remaining, NULL);
  g_assert_true (isinf (remaining));
  self->fake->progress.time_remaining = 1;
  remote_world_pass (self->world, 1000);
  self->fake->progress.time_remaining = INFINITY;
  self->fake->progress.ratio = NAN;
  remote_world_pass (self->world, 1000);
  remote_world_count (self->world, "update", &text);
  g_assert_nonnull (strstr (text, "\"ratio\":null"));
  g_assert_nonnull (strstr (text, "\"timeRemaining\":null"));
  g_object_get (self->torrent, "time-remaining", &remaining, NULL);
  g_assert_true (isinf (remaining));
}

/* W26: keys are 16 random bytes in hexadecimal digits. */
static void
test_keys (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal,
      g_free, NULL);

  for (guint i = 0; i < 100; i++) {
    g_autoptr (Client) client = remote_world_add_client (world, NULL);
    g_autoptr (Torrent) torrent = p2p_hls_remote_client_add (client, URL_A,
        NULL, NULL, NULL);
    const char *both[] = { p2p_hls_remote_client_get_key (client),
      p2p_hls_remote_torrent_get_key (torrent)
    };

    for (guint j = 0; j < 2; j++) {
      g_assert_cmpuint (strlen (both[j]), ==, 32);
      g_assert_cmpuint (strspn (both[j], "0123456789abcdef"), ==, 32);
      g_assert_true (g_hash_table_add (keys, g_strdup (both[j])));
    }
  }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture * self, gconstpointer data);
  } tests[] = {
    {"/remote/W19/create-server", test_create_server},
    {"/remote/W19/event", test_create_server_event},
    {"/remote/W20/one-server", test_one_server},
    {"/remote/W20/two-calls", test_two_calls},
    {"/remote/W20/fails", test_server_fails},
    {"/remote/W21/bad-options", test_bad_server_options},
    {"/remote/W21/host", test_host},
    {"/remote/W21/missing-key", test_missing_key},
    {"/remote/W21/key-of-another", test_key_of_another},
    {"/remote/W22/events", test_events},
    {"/remote/W22/trouble", test_trouble},
    {"/remote/W23/own-properties", test_own_properties},
    {"/remote/W24/live-length", test_live_length},
    {"/remote/W25/progress", test_progress},
    {"/remote/W25/infinity", test_infinity},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  g_test_add_func ("/remote/W22/infohash-once", test_infohash_once);
  g_test_add_func ("/remote/W24/info", test_info);
  g_test_add_func ("/remote/W26/keys", test_keys);
  return g_test_run ();
}
