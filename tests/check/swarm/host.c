/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakefetcher.h"

#include "p2pdownload.h"
#include "p2phostfetcher.h"

#include <string.h>

#define ORIGIN "http://origin.example/"
#define GATEWAY "http://127.0.0.1:1"
#define PREFIX "/token/"
#define SIZE 100000
/* Latency and rate of what has either. */
#define LATENCY (10 * P2P_MSEC)

/* A server and a gateway that has the same, and downloads through a host's
 * fetcher. */
typedef struct
{
  P2pClock *clock;
  GRand *rand;
  FakeFetcher *web;
  P2pHost *host;
  P2pFetcher *fetcher;
  P2pHttpOptions *options;

  P2pDownload *download;
  GByteArray *data;
  P2pHttpHead *head;
  GError *error;
  gint64 took;
  gboolean done;
} World;

static char *
read_path (const char *path)
{
  const char *name = path + strlen (PREFIX);

  if (!g_str_has_prefix (path, PREFIX))
    return NULL;
  return g_strconcat (ORIGIN, name, NULL);
}

static World *
world_new (void)
{
  World *w = g_new0 (World, 1);

  w->clock = p2p_clock_new (0);
  w->rand = g_rand_new_with_seed (1);
  w->web = fake_fetcher_new (w->clock);
  w->host = p2p_host_new (w->clock, read_path);
  p2p_host_set_wanted (w->host, TRUE);
  w->fetcher = P2P_FETCHER (p2p_host_fetcher_new (w->clock, w->host,
          P2P_FETCHER (w->web)));
  w->options = p2p_http_options_new ();
  w->data = g_byte_array_new ();
  return w;
}

static void
world_clear (World * w)
{
  g_clear_object (&w->download);
  g_clear_pointer (&w->head, p2p_http_head_unref);
  g_clear_error (&w->error);
  g_byte_array_set_size (w->data, 0);
  w->done = FALSE;
}

static void
world_free (World * w)
{
  world_clear (w);
  g_object_unref (w->fetcher);
  fake_clock_run_for (w->clock, P2P_SECOND);
  g_assert_cmpuint (fake_fetcher_get_n_open (w->web), ==, 0);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  p2p_host_unref (w->host);
  g_object_unref (w->web);
  p2p_http_options_unref (w->options);
  g_byte_array_unref (w->data);
  g_rand_free (w->rand);
  g_object_unref (w->clock);
  g_free (w);
}

/* The same body at both. Returns: the gateway's */
static FakeResource *
world_add (World * w, const char *name, gsize size)
{
  g_autofree char *uri = g_strconcat (ORIGIN, name, NULL);
  g_autofree char *url = g_strconcat (GATEWAY PREFIX, name, NULL);
  FakeResource *server = fake_fetcher_add (w->web, uri, size);
  FakeResource *gateway = fake_fetcher_add (w->web, url, 0);

  g_bytes_unref (gateway->body);
  gateway->body = g_bytes_ref (server->body);
  server->latency = gateway->latency = LATENCY;
  server->rate = gateway->rate = SIZE;
  server->validator = g_strdup ("\"server\"");
  gateway->validator = g_strdup ("\"gateway\"");
  return gateway;
}

static FakeResource *
world_get_server (World * w, const char *name)
{
  g_autofree char *uri = g_strconcat (ORIGIN, name, NULL);

  return fake_fetcher_get (w->web, uri);
}

/* A playlist of these, as each of both writes it. */
static void
world_add_playlist (World * w, const char *name, const char *const *names)
{
  FakeResource *gateway = world_add (w, name, 0);
  FakeResource *server = world_get_server (w, name);
  g_autoptr (GString) ours = g_string_new ("#EXTM3U\n");
  g_autoptr (GString) theirs = g_string_new ("#EXTM3U\n");

  for (; *names; names++) {
    g_string_append_printf (ours, "#EXTINF:2,\n%s\n", *names);
    g_string_append_printf (theirs, "#EXTINF:2,\n%s%s\n", PREFIX, *names);
  }
  g_bytes_unref (server->body);
  g_bytes_unref (gateway->body);
  server->body = g_string_free_to_bytes (g_steal_pointer (&ours));
  gateway->body = g_string_free_to_bytes (g_steal_pointer (&theirs));
}

static void
on_head (P2pDownload * download, P2pHttpHead * head, gpointer user_data)
{
  World *w = user_data;

  g_assert_null (w->head);
  w->head = p2p_http_head_ref (head);
}

static void
on_data (P2pDownload * download, GBytes * bytes, gpointer user_data)
{
  World *w = user_data;

  g_assert_nonnull (w->head);
  g_byte_array_append (w->data, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
}

static void
on_done (P2pDownload * download, const GError * error, gpointer user_data)
{
  World *w = user_data;

  g_assert_false (w->done);
  w->done = TRUE;
  w->took = p2p_download_get_elapsed (download);
  w->error = error ? g_error_copy (error) : NULL;
}

static void
world_start (World * w, const char *name, gint64 start, gint64 stop)
{
  static const P2pDownloadEvents events = { on_head, on_data, on_done };
  g_autofree char *uri = g_strconcat (ORIGIN, name, NULL);

  world_clear (w);
  w->download = p2p_download_new (w->clock, w->rand, w->fetcher, NULL, uri,
      start, stop, w->options, &events, w);
}

static void
world_finish (World * w)
{
  while (!w->done) {
    g_assert_cmpint (p2p_clock_get_next (w->clock), <, P2P_NEVER);
    p2p_clock_run (w->clock, p2p_clock_get_next (w->clock));
  }
}

static void
world_load (World * w, const char *name)
{
  world_start (w, name, 0, -1);
  world_finish (w);
  g_assert_no_error (w->error);
}

/* What the server has. */
static void
world_assert_body (World * w, const char *name, gsize start, gsize stop)
{
  gsize size;
  const guint8 *body =
      g_bytes_get_data (world_get_server (w, name)->body, &size);

  g_assert_no_error (w->error);
  g_assert_cmpmem (w->data->data, w->data->len, body + start, stop - start);
}

/* Requests to the server since the last time. */
static guint
world_count_asked (World * w)
{
  GPtrArray *requests = fake_fetcher_get_requests (w->web);
  guint count = 0;

  for (guint i = 0; i < requests->len; i++) {
    FakeRequest *request = g_ptr_array_index (requests, i);

    count += g_str_has_prefix (request->uri, ORIGIN);
  }
  g_ptr_array_set_size (requests, 0);
  return count;
}

/* The stream is at the gateway, and its playlist was read there. */
static World *
world_new_playing (void)
{
  static const char *const names[] = { "0.ts", "1.ts", "2.ts", NULL };
  World *w = world_new ();

  world_add_playlist (w, "a.m3u8", names);
  for (guint i = 0; names[i]; i++)
    world_add (w, names[i], SIZE);
  p2p_host_add (w->host, ORIGIN "a.m3u8", GATEWAY PREFIX "a.m3u8");
  world_load (w, "a.m3u8");
  g_assert_cmpuint (world_count_asked (w), ==, 0);
  return w;
}

/* --- the tests --- */

static void
test_playlist (void)
{
  World *w = world_new_playing ();
  const char *text = "#EXTM3U\n#EXTINF:2,\n" ORIGIN "0.ts\n#EXTINF:2,\n"
      ORIGIN "1.ts\n#EXTINF:2,\n" ORIGIN "2.ts\n";

  g_assert_cmpmem (w->data->data, w->data->len, text, strlen (text));
  g_assert_cmpint (w->head->total, ==, strlen (text));
  g_assert_cmpint (w->head->length, ==, strlen (text));
  g_assert_cmpstr (w->head->uri, ==, ORIGIN "a.m3u8");
  g_assert_false (w->head->redirected);
  world_free (w);
}

static void
test_segments (void)
{
  World *w = world_new_playing ();

  world_load (w, "1.ts");
  world_assert_body (w, "1.ts", 0, SIZE);
  g_assert_cmpstr (w->head->uri, ==, ORIGIN "1.ts");
  world_start (w, "2.ts", 500, 900);
  world_finish (w);
  world_assert_body (w, "2.ts", 500, 900);
  g_assert_cmpuint (world_count_asked (w), ==, 0);
  g_assert_cmpuint (p2p_host_get_bytes (w->host), >, SIZE);

  /* No playlist of the host named it. */
  world_add (w, "other.ts", SIZE);
  world_load (w, "other.ts");
  world_assert_body (w, "other.ts", 0, SIZE);
  g_assert_cmpuint (world_count_asked (w), ==, 1);
  world_free (w);
}

/* Killed at any place of a body: what is missing comes from the server, and only
 * that, without a pause. */
static void
test_killed (void)
{
  static const gint64 places[] = { -1, 0, 1, 16384, 50000, SIZE - 1, SIZE };
  static const gboolean no_ranges[] = { FALSE, TRUE };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (places); i++) {
    World *w = world_new_playing ();
    gint64 place = places[i / 2];
    FakeResource *gateway = fake_fetcher_get (w->web, GATEWAY PREFIX "1.ts");

    world_get_server (w, "1.ts")->no_ranges = no_ranges[i % 2];
    fake_resource_fault (gateway, place < 0 ? FAKE_ERROR : FAKE_CUT,
        place < 0 ? P2P_ERROR_CONNECT : place, 1);
    world_load (w, "1.ts");
    world_assert_body (w, "1.ts", 0, SIZE);
    g_assert_cmpuint (world_count_asked (w), ==, 1);
    if (i % 2 == 0)
      g_assert_cmpint (w->took, <=, P2P_SECOND + 3 * LATENCY);
    /* It is not asked again at once. */
    world_load (w, "2.ts");
    g_assert_cmpuint (world_count_asked (w), ==, 1);
    world_free (w);
  }
}

static void
test_hung (void)
{
  static const FakeFault faults[] = { FAKE_SILENT, FAKE_STALL };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    World *w = world_new_playing ();

    fake_resource_fault (fake_fetcher_get (w->web, GATEWAY PREFIX "1.ts"),
        faults[i], 20000, -1);
    world_load (w, "1.ts");
    world_assert_body (w, "1.ts", 0, SIZE);
    g_assert_cmpint (w->took, <, P2P_HOST_PATIENCE + 1.5 * P2P_SECOND);
    world_load (w, "1.ts");
    g_assert_cmpint (w->took, <, 1.5 * P2P_SECOND);

    fake_resource_heal (fake_fetcher_get (w->web, GATEWAY PREFIX "1.ts"));
    fake_clock_run_for (w->clock, P2P_HOST_WARY);
    world_count_asked (w);
    world_load (w, "1.ts");
    g_assert_cmpuint (world_count_asked (w), ==, 0);
    world_free (w);
  }
}

/* A host that has something else there is not believed. */
static void
test_other (void)
{
  World *w = world_new_playing ();
  FakeResource *gateway = fake_fetcher_get (w->web, GATEWAY PREFIX "1.ts");

  fake_resource_fault (gateway, FAKE_STATUS, 404, 1);
  world_load (w, "1.ts");
  world_assert_body (w, "1.ts", 0, SIZE);
  g_assert_cmpuint (world_count_asked (w), ==, 1);

  fake_resource_fault (gateway, FAKE_STATUS, 404, 1);
  fake_resource_fault (world_get_server (w, "1.ts"), FAKE_STATUS, 410, 1);
  world_start (w, "1.ts", 0, -1);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_STATUS);
  g_assert_cmpuint (w->head->status, ==, 410);

  /* What is left does not fit to what came. */
  fake_resource_fault (gateway, FAKE_CUT, 50000, 1);
  g_bytes_unref (gateway->body);
  gateway->body = g_bytes_new_take (g_malloc0 (SIZE + 1), SIZE + 1);
  w->options->retries = 0;
  world_start (w, "1.ts", 0, -1);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_CUT);
  world_free (w);
}

/* Requests that a server would answer otherwise go to it. */
static void
test_options (void)
{
  World *w = world_new_playing ();
  char *cookies[] = { (char *) "a=b", NULL };

  g_free (w->options->user_agent);
  w->options->user_agent = g_strdup ("player");
  w->options->extra_headers = p2p_headers_new ();
  p2p_headers_add (w->options->extra_headers, "referer", ORIGIN "a.m3u8");
  p2p_headers_add (w->options->extra_headers, "Cache-Control", "no-cache");
  world_load (w, "1.ts");
  g_assert_cmpuint (world_count_asked (w), ==, 0);
  p2p_headers_add (w->options->extra_headers, "X-Key", "secret");
  world_load (w, "1.ts");
  g_assert_cmpuint (world_count_asked (w), ==, 1);
  g_clear_pointer (&w->options->extra_headers, g_ptr_array_unref);
  w->options->cookies = g_strdupv (cookies);
  world_load (w, "1.ts");
  g_assert_cmpuint (world_count_asked (w), ==, 1);
  world_free (w);
}

static void
test_expected (void)
{
  World *w = world_new ();

  world_add (w, "a.ts", SIZE);
  p2p_host_expect (w->host, TRUE);
  world_start (w, "a.ts", 0, -1);
  fake_clock_run_for (w->clock, P2P_HOST_WAIT / 2);
  g_assert_cmpuint (world_count_asked (w), ==, 0);
  p2p_host_add (w->host, ORIGIN "a.ts", GATEWAY PREFIX "a.ts");
  world_finish (w);
  world_assert_body (w, "a.ts", 0, SIZE);
  g_assert_cmpuint (world_count_asked (w), ==, 0);

  /* It does not come, or not in time: that is waited for once. */
  p2p_host_lose (w->host);
  p2p_host_expect (w->host, TRUE);
  world_start (w, "a.ts", 0, -1);
  p2p_host_lose (w->host);
  world_finish (w);
  g_assert_cmpint (w->took, <=, P2P_SECOND + 2 * LATENCY);
  p2p_host_expect (w->host, TRUE);
  world_start (w, "a.ts", 0, -1);
  p2p_host_expect (w->host, FALSE);
  world_finish (w);
  g_assert_cmpint (w->took, <=, P2P_SECOND + 2 * LATENCY);
  p2p_host_expect (w->host, TRUE);
  world_load (w, "a.ts");
  g_assert_cmpint (w->took, <=, P2P_SECOND + P2P_HOST_WAIT + 2 * LATENCY);
  world_load (w, "a.ts");
  g_assert_cmpint (w->took, <=, P2P_SECOND + 2 * LATENCY);
  g_assert_cmpuint (world_count_asked (w), ==, 4);

  p2p_host_expect (w->host, TRUE);
  world_start (w, "a.ts", 0, -1);
  g_clear_object (&w->download);
  p2p_host_lose (w->host);
  world_free (w);
}

/* With other URLs, all of which it is to tell again. */
static void
test_return (void)
{
  static const char *const names[] = { "a.m3u8", NULL };
  World *w = world_new_playing ();

  world_add_playlist (w, "master.m3u8", names);
  p2p_host_lose (w->host);
  world_load (w, "master.m3u8");
  world_load (w, "1.ts");
  g_assert_cmpuint (world_count_asked (w), ==, 2);

  p2p_host_add (w->host, ORIGIN "master.m3u8", GATEWAY PREFIX "master.m3u8");
  p2p_host_fetcher_return (P2P_HOST_FETCHER (w->fetcher));
  fake_clock_run_for (w->clock, P2P_SECOND);
  world_load (w, "2.ts");
  world_assert_body (w, "2.ts", 0, SIZE);
  g_assert_cmpuint (world_count_asked (w), ==, 0);
  world_free (w);
}

/* Nothing is looked for then. */
static void
test_unwanted (void)
{
  World *w = world_new ();

  world_add (w, "a.ts", SIZE);
  p2p_host_add (w->host, ORIGIN "a.ts", GATEWAY PREFIX "a.ts");
  p2p_host_set_wanted (w->host, FALSE);
  world_load (w, "a.ts");
  world_assert_body (w, "a.ts", 0, SIZE);
  g_assert_cmpuint (world_count_asked (w), ==, 1);
  world_free (w);
}

static void
test_bounds (void)
{
  World *w = world_new ();

  for (guint i = 0; i < P2P_HOST_MAX_URIS + 2; i++) {
    g_autofree char *uri = g_strdup_printf (ORIGIN "%u", i);

    p2p_host_add (w->host, uri, GATEWAY);
    p2p_host_note_playlist (w->host, uri);
  }
  g_assert_null (p2p_host_find (w->host, ORIGIN "1"));
  g_assert_cmpstr (p2p_host_find (w->host, ORIGIN "2"), ==, GATEWAY);
  {
    g_autoptr (GPtrArray) list = p2p_host_list_playlists (w->host);

    g_assert_cmpuint (list->len, ==, P2P_HOST_MAX_PLAYLISTS);
  }
  world_free (w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host/playlist", test_playlist);
  g_test_add_func ("/host/segments", test_segments);
  g_test_add_func ("/host/killed", test_killed);
  g_test_add_func ("/host/hung", test_hung);
  g_test_add_func ("/host/other", test_other);
  g_test_add_func ("/host/options", test_options);
  g_test_add_func ("/host/expected", test_expected);
  g_test_add_func ("/host/return", test_return);
  g_test_add_func ("/host/unwanted", test_unwanted);
  g_test_add_func ("/host/bounds", test_bounds);
  return g_test_run ();
}
