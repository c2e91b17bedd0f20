/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The engine as a server drives it: on a thread of its own, with a real web server.
 */

#include "p2pengineremote.h"

#include "../elements/process.h"
#include "../soup/origin.h"

#include <gio/gio.h>
#include <string.h>

#define PLAYLIST "#EXTM3U\n#EXT-X-TARGETDURATION:2\n" \
    "#EXTINF:2,\ns0.ts\n#EXTINF:2,\ns1.ts\n#EXT-X-ENDLIST\n"
#define SEGMENT_SIZE 20000

typedef struct
{
  Origin *origin;
  const P2pHlsRemoteEngineClass *klass;
  gpointer engine;
  GThread *thread;
  guint metadata, downloads, dones, warnings, servers;
  gint64 length;
  char *url, *playlist_url;
  GError *error;
} Fixture;

/* Until what holds. */
#define WAIT(what) G_STMT_START { \
  gint64 end_ = g_get_monotonic_time () \
      + 20 * process_get_slowness () * G_TIME_SPAN_SECOND; \
  while (!(what)) { \
    g_assert_cmpint (g_get_monotonic_time (), <, end_); \
    if (!g_main_context_iteration (NULL, FALSE)) \
      g_usleep (1000); \
  } } G_STMT_END

static gboolean
answer (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  g_autofree char *segment = g_strnfill (SEGMENT_SIZE, 's');
  const char *body = strstr (request, ".m3u8 ") ? PLAYLIST : segment;

  /* What would come between the bytes that a player gets. */
  g_assert_null (strstr (request, "icy-metadata"));
  if (strstr (request, "/missing"))
    origin_say (connection, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
  else
    origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n%s",
        (guint) strlen (body), body);
  return TRUE;
}

static void
on_metadata (const P2pHlsRemoteInfo * info, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_true (g_thread_self () == self->thread);
  self->metadata++;
  self->length = info->length;
  g_assert_false (info->live);
  g_assert_cmpuint (info->files->len, ==, 1);
}

static void
on_download (gpointer user_data)
{
  ((Fixture *) user_data)->downloads++;
}

static void
on_upload (gpointer user_data)
{
  g_assert_not_reached ();
}

static void
on_done (gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpuint (self->downloads, >, 0);
  self->dones++;
}

static void
on_warning (const GError * error, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_true (g_thread_self () == self->thread);
  g_assert_nonnull (error->message);
  self->warnings++;
}

static void
on_error (const GError * error, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
on_server (const char *host, const char *url, const char *playlist_url,
    const GError * error, gpointer user_data)
{
  Fixture *self = user_data;

  self->servers++;
  g_free (self->url);
  g_free (self->playlist_url);
  g_clear_error (&self->error);
  self->url = g_strdup (url);
  self->playlist_url = g_strdup (playlist_url);
  self->error = error ? g_error_copy (error) : NULL;
}

static const P2pHlsRemoteTorrentEvents torrent_events = {
  on_metadata, on_download, on_upload, on_done, on_warning, on_error, on_server
};

static const P2pHlsRemoteEngineEvents engine_events = { on_warning, on_error };

static P2pJson *
parse (const char *text)
{
  P2pJson *json = p2p_json_parse (text, strlen (text), 1 << 20);

  g_assert_nonnull (json);
  return json;
}

static void
set_up (Fixture * self, gconstpointer data)
{
  g_autoptr (P2pJson) options = parse ("{\"tracker-announce\":[],"
      "\"stun-server\":null,\"ice-policy\":\"lan\",\"max-upload-rate\":1000}");
  g_autoptr (GError) error = NULL;

  self->thread = g_thread_self ();
  self->origin = origin_new (answer, NULL);
  self->klass = p2p_engine_remote_get_class ();
  self->engine = self->klass->engine_new (options, g_main_context_default (),
      &engine_events, self, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  self->klass->engine_free (self->engine);
  /* What was told and not yet heard keeps the engine. */
  while (process_count_threads ("p2phls-engine") > 0
      && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (5000);
  g_assert_cmpuint (process_count_threads ("p2phls-engine"), ==, 0);
  origin_free (self->origin);
  g_free (self->url);
  g_free (self->playlist_url);
  g_clear_error (&self->error);
}

static gpointer
add (Fixture * self, const char *path)
{
  g_autofree char *uri = origin_get_uri (self->origin, path);
  g_autoptr (P2pJson) none = p2p_json_new ();
  g_autoptr (GError) error = NULL;
  gpointer torrent = self->klass->torrent_new (self->engine, uri, none,
      &torrent_events, self, &error);

  g_assert_no_error (error);
  return torrent;
}

static void
serve (Fixture * self, gpointer torrent, const char *host, const char *options)
{
  g_autoptr (P2pJson) parsed = parse (options);
  guint before = self->servers;

  self->klass->create_server (torrent, host, parsed);
  /* Never from inside. */
  g_assert_cmpuint (self->servers, ==, before);
  WAIT (self->servers > before);
}

/* Returns: (transfer full): what the gateway says to a GET of url */
static char *
get (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: "
      "%s:%d\r\nConnection: close\r\n\r\n", g_uri_get_path (uri),
      g_uri_get_host (uri), g_uri_get_port (uri));
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, g_uri_get_host (uri),
      g_uri_get_port (uri), NULL, NULL);
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize size;

  if (connection == NULL)
    return g_string_free (text, FALSE);
  g_assert_true (origin_write (G_IO_STREAM (connection), request,
          strlen (request)));
  while ((size = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM
                  (connection)), buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (text, buffer, size);
  return g_string_free (text, FALSE);
}

static gboolean
is_served (const char *url)
{
  g_autofree char *text = get (url);

  return strstr (text, " 200 ") != NULL;
}

/* A VOD is known, served, loaded as it is read, and done. */
static void
test_vod (Fixture * self, gconstpointer data)
{
  gpointer torrent = add (self, "/vod.m3u8");
  P2pHlsRemoteProgress progress;
  g_autofree char *playlist = NULL;
  g_auto (GStrv) lines = NULL;

  WAIT (self->metadata == 1);
  g_assert_cmpint (self->length, ==, -1);
  serve (self, torrent, NULL, "{}");
  g_assert_no_error (self->error);
  playlist = get (self->playlist_url);
  lines = g_strsplit (strstr (playlist, "#EXTM3U"), "\n", -1);
  for (char **line = lines; *line; line++) {
    g_autofree char *segment = NULL;
    g_autofree char *body = NULL;

    if (**line == '\0' || **line == '#')
      continue;
    segment = g_uri_resolve_relative (self->playlist_url, *line,
        G_URI_FLAGS_ENCODED, NULL);
    body = get (segment);
    g_assert_cmpuint (strlen (strstr (body, "ssss")), >=, SEGMENT_SIZE);
  }
  WAIT (self->dones == 1);
  self->klass->get_progress (torrent, &progress);
  g_assert_cmpfloat (progress.progress, ==, 1);
  g_assert_cmpuint (progress.downloaded, >=, 2 * SEGMENT_SIZE);
  g_assert_cmpfloat (progress.time_remaining, ==, 0);
  self->klass->torrent_free (torrent);
  WAIT (!is_served (self->playlist_url));
}

/* A playlist that is not there is a warning, and its torrent may go any time. */
static void
test_missing (Fixture * self, gconstpointer data)
{
  gpointer torrent = add (self, "/missing.m3u8");

  WAIT (self->warnings == 1);
  g_assert_cmpuint (self->metadata, ==, 0);
  self->klass->torrent_free (torrent);
}

/* No event comes after it was freed, whatever was on its way. */
static void
test_freed (Fixture * self, gconstpointer data)
{
  for (guint i = 0; i < 10; i++) {
    gpointer torrent = add (self, "/vod.m3u8");
    g_autoptr (P2pJson) none = p2p_json_new ();

    self->klass->create_server (torrent, NULL, none);
    g_usleep (i * 1000);
    self->klass->torrent_free (torrent);
  }
  g_usleep (20000);
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (self->metadata + self->warnings + self->servers, ==, 0);
}

/* Servers that cannot be, and those for other hosts and origins. */
static void
test_servers (Fixture * self, gconstpointer data)
{
  static const char *const bad[] = { "7", "true", "\"\"", "\"h:80\"",
    "\"h/x\"", "\"u@h\"", "\"h i\"", "[\"h\"]",
  };
  gpointer torrent = add (self, "/vod.m3u8");
  g_autofree char *first = NULL;

  serve (self, torrent, NULL, "{\"origin\":7}");
  g_assert_error (self->error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_OPTIONS);
  serve (self, torrent, NULL, "{\"origin\":[null]}");
  g_assert_nonnull (self->error);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *options = g_strdup_printf ("{\"hostname\":%s}", bad[i]);

    serve (self, torrent, NULL, options);
    g_assert_error (self->error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_OPTIONS);
  }
  serve (self, torrent, "192.0.2.1", "{}");
  g_assert_nonnull (self->error);
  serve (self, torrent, "nonsense", "{}");
  g_assert_nonnull (self->error);
  serve (self, torrent, "127.0.0.1", "{}");
  g_assert_no_error (self->error);
  first = g_strdup (self->url);
  g_assert_true (g_str_has_prefix (first, "http://127.0.0.1:"));
  serve (self, torrent, NULL, "{\"origin\":\"https://a.example\"}");
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->url, !=, first);
  /* As WebTorrent has them: false, and nothing, are the default. */
  serve (self, torrent, NULL, "{\"origin\":false,\"hostname\":null,"
      "\"path\":\"/webtorrent\"}");
  g_assert_no_error (self->error);
  g_assert_true (is_served (self->playlist_url));
  serve (self, torrent, NULL, "{\"hostname\":\"localhost\"}");
  g_assert_no_error (self->error);
  g_assert_true (g_str_has_prefix (self->url, "http://localhost:"));
  self->klass->torrent_free (torrent);
}

static void
test_options (void)
{
  const P2pHlsRemoteEngineClass *klass = p2p_engine_remote_get_class ();
  g_autoptr (P2pJson) none = parse ("{}");
  g_autoptr (P2pJson) options = parse ("{\"max-peers\":\"many\"}");
  g_autoptr (GError) error = NULL;

  g_assert_true (klass->check (none, &error));
  g_assert_no_error (error);
  g_assert_false (klass->check (options, &error));
  g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
  g_clear_error (&error);
  g_assert_null (klass->engine_new (options, g_main_context_default (),
          &engine_events, NULL, &error));
  g_assert_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS);
  g_assert_cmpuint (process_count_threads ("p2phls-engine"), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture * self, gconstpointer data);
  } tests[] = {
    {"/engine/remote/vod", test_vod},
    {"/engine/remote/missing", test_missing},
    {"/engine/remote/freed", test_freed},
    {"/engine/remote/servers", test_servers},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  g_test_add_func ("/engine/remote/options", test_options);
  return g_test_run ();
}
