/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a server has, and how a client ends it.
 */

#include "remoteworld.h"

#include "p2pjson.h"

#include <string.h>

typedef struct
{
  guint calls;
  GError *error;
  char *text;
} Told;

static void
told_clear (Told * self)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->text, g_free);
  self->calls = 0;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Told, told_clear)
     static void on_told (const GError * error, const char *text,
    gpointer user_data)
{
  Told *told = user_data;

  told->calls++;
  told->error = error ? g_error_copy (error) : NULL;
  told->text = g_strdup (text);
}

static void
on_error (P2pHlsRemoteTorrent * torrent, const GError * error, GError ** told)
{
  g_assert_null (*told);
  *told = g_error_copy (error);
}

static void
test_status (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) one = remote_world_add_client (world, NULL);
  g_autoptr (Client) two = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) a =
      p2p_hls_remote_client_add (one, URL_A, NULL, NULL, NULL);
  g_autoptr (Torrent) again =
      p2p_hls_remote_client_add (two, URL_A, NULL, NULL, NULL);
  g_autoptr (P2pJson) status = NULL;
  g_autoptr (GPtrArray) torrents = NULL;
  g_auto (Told) told = { 0 };
  gint64 number;
  gboolean live;

  remote_world_settle (world);
  fake_engine_get (0)->progress.downloaded = 1000;
  fake_engine_get (0)->progress.from_peers = 700;
  fake_torrent_tell_metadata (fake_engine_get (0), -1);
  p2p_hls_remote_client_get_status (one, on_told, &told);
  g_assert_cmpuint (told.calls, ==, 0);
  remote_world_settle (world);
  g_assert_cmpuint (told.calls, ==, 1);
  g_assert_no_error (told.error);

  status = p2p_json_parse (told.text, strlen (told.text), G_MAXSIZE);
  torrents = p2p_json_get_objects (status, "torrents");
  g_assert_true (p2p_json_get_int64 (status, "clients", &number));
  g_assert_cmpint (number, ==, 2);
  g_assert_true (p2p_json_get_int64 (status, "leftOut", &number));
  g_assert_cmpint (number, ==, 0);
  g_assert_cmpuint (torrents->len, ==, 1);
  g_assert_cmpstr (p2p_json_get_string (torrents->pdata[0], "url"), ==, URL_A);
  g_assert_true (p2p_json_get_int64 (torrents->pdata[0], "clients", &number));
  g_assert_cmpint (number, ==, 2);
  g_assert_true (p2p_json_get_int64 (torrents->pdata[0], "fromWeb", &number));
  g_assert_cmpint (number, ==, 300);
  g_assert_true (p2p_json_get_int64 (torrents->pdata[0], "fromPeers", &number));
  g_assert_cmpint (number, ==, 700);
  g_assert_true (p2p_json_get_boolean (torrents->pdata[0], "live", &live));
  g_assert_true (live);
}

/* It goes over the wire, however much there is. */
static void
test_status_is_bounded (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_autoptr (P2pJson) status = NULL;
  g_autofree char *path = g_strnfill (7000, 'x');
  g_auto (Told) told = { 0 };
  gint64 left_out = 0;

  for (guint i = 0; i < 400; i++) {
    g_autofree char *url =
        g_strdup_printf ("https://example.com/%u/%s.m3u8", i, path);

    g_object_unref (p2p_hls_remote_client_add (client, url, NULL, NULL, NULL));
  }
  remote_world_settle (world);
  p2p_hls_remote_client_get_status (client, on_told, &told);
  remote_world_settle (world);
  g_assert_no_error (told.error);
  g_assert_cmpuint (strlen (told.text), <, P2P_HLS_REMOTE_MAX_ANSWER / 2);
  status = p2p_json_parse (told.text, strlen (told.text), G_MAXSIZE);
  g_assert_true (p2p_json_get_int64 (status, "leftOut", &left_out));
  g_assert_cmpint (left_out, >, 0);
}

static void
test_stop (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) one = remote_world_add_client (world, NULL);
  g_autoptr (Client) two = remote_world_add_client (world, NULL);
  g_autoptr (Torrent) a =
      p2p_hls_remote_client_add (one, URL_A, NULL, NULL, NULL);
  g_autoptr (Torrent) b =
      p2p_hls_remote_client_add (one, URL_B, NULL, NULL, NULL);
  g_autoptr (Torrent) again =
      p2p_hls_remote_client_add (two, URL_A, NULL, NULL, NULL);
  g_autoptr (GError) first = NULL, second = NULL;
  g_auto (Told) told = { 0 };

  g_signal_connect (a, "error", G_CALLBACK (on_error), &first);
  g_signal_connect (again, "error", G_CALLBACK (on_error), &second);
  remote_world_settle (world);
  p2p_hls_remote_client_stop (two, URL_A, on_told, &told);
  remote_world_settle (world);
  g_assert_cmpuint (told.calls, ==, 1);
  g_assert_no_error (told.error);
  g_assert_error (first, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_STOPPED);
  g_assert_error (second, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_STOPPED);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 1);
  told_clear (&told);

  p2p_hls_remote_client_stop (two, URL_A, on_told, &told);
  remote_world_settle (world);
  g_assert_error (told.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_TORRENT_MISSING);
  told_clear (&told);
  p2p_hls_remote_client_stop (two, "nonsense", on_told, &told);
  remote_world_settle (world);
  g_assert_error (told.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_INVALID_TORRENT);
}

static void
test_stop_server (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (Told) told = { 0 };
  guint stopped = 0;

  remote_world_listen (world->server, "stop", &stopped);
  p2p_hls_remote_client_stop (client, NULL, on_told, &told);
  remote_world_settle (world);
  g_assert_cmpuint (stopped, ==, 1);
  g_assert_cmpuint (told.calls, ==, 1);
  g_assert_no_error (told.error);
}

/* Who asks is told in any case. */
static void
test_unanswered (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  g_auto (Told) told = { 0 };

  p2p_hls_remote_client_get_status (client, on_told, &told);
  p2p_hls_remote_client_destroy (client, 0);
  g_assert_error (told.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_DESTROYED);
  told_clear (&told);
  p2p_hls_remote_client_stop (client, NULL, on_told, &told);
  g_assert_cmpuint (told.calls, ==, 0);
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (told.calls, ==, 1);
  g_assert_error (told.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_DESTROYED);
  remote_world_settle (world);
}

/* Of a server that says what nobody asked, or nothing. */
static void
test_answers (void)
{
  g_autoptr (RemoteWorld) world = remote_world_new (NULL);
  g_autoptr (Client) client = remote_world_add_client (world, NULL);
  static const char *const types[] = { "status", "stopped" };
  g_auto (Told) told = { 0 };

  for (guint i = 0; i < 4; i++) {
    g_autofree char *text =
        g_strdup_printf ("{\"type\":\"%s\",\"clientKey\":\"%s\"}",
        types[i % 2], p2p_hls_remote_client_get_key (client));

    if (i == 2)
      p2p_hls_remote_client_get_status (client, on_told, &told);
    g_assert_true (p2p_hls_remote_client_receive (client, text, -1, NULL));
  }
  g_assert_cmpuint (told.calls, ==, 1);
  g_assert_error (told.error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_FAILED);
  remote_world_settle (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/status", test_status);
  g_test_add_func ("/status/is-bounded", test_status_is_bounded);
  g_test_add_func ("/status/stop", test_stop);
  g_test_add_func ("/status/stop-server", test_stop_server);
  g_test_add_func ("/status/unanswered", test_unanswered);
  g_test_add_func ("/status/answers", test_answers);
  return g_test_run ();
}
