/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pengineprobe.h"
#include "sessionworld.h"

#include <string.h>

#define URI "http://h/live/master.m3u8?key=1"
#define LOW "http://h/live/low/index.m3u8"

#define MASTER "#EXTM3U\n" \
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"en\",URI=\"/en.m3u8\"\n" \
    "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"i.m3u8\"\n" \
    "#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000\n" \
    "low/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1600000\nhigh.m3u8?t=1\n" \
    "#EXT-X-STREAM-INF:BANDWIDTH=1700000\nhigh.m3u8?t=2\n"
#define MEDIA "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\ns0.ts\n" \
    "#EXTINF:2,\ns1.ts\n"
#define RANGES "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-VERSION:4\n" \
    "#EXTINF:2,\n#EXT-X-BYTERANGE:1000@0\ns.ts\n" \
    "#EXTINF:2,\n#EXT-X-BYTERANGE:500@1000\ns.ts\n#EXT-X-ENDLIST\n"

/* What it told. */
typedef struct
{
  guint known, failed;
  gboolean is_live;
  gint64 length;
  GString *files;
  int code;
} Told;

static void
on_known (const P2pHlsRemoteInfo * info, gpointer user_data)
{
  Told *told = user_data;

  told->known++;
  told->is_live = info->live;
  told->length = info->length;
  for (guint i = 0; i < info->files->len; i++) {
    P2pHlsRemoteFile *file = g_ptr_array_index (info->files, i);

    g_string_append_printf (told->files, "%s %" G_GINT64_FORMAT "\n",
        file->name, file->length);
  }
}

static void
on_failed (const GError * error, gpointer user_data)
{
  Told *told = user_data;

  told->failed++;
  told->code = error->code;
}

static const P2pEngineProbeEvents events = { on_known, on_failed };

typedef struct
{
  Show *show;
  GRand *rand;
  P2pEngineProbe *probe;
  Told told;
} Fixture;

static void
set_up (Fixture * self, gconstpointer data)
{
  self->show = show_new ();
  self->rand = g_rand_new_with_seed (1);
  self->told.files = g_string_new (NULL);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  p2p_engine_probe_free (self->probe);
  g_assert_cmpuint (fake_fetcher_get_n_open (self->show->fetcher), ==, 0);
  g_rand_free (self->rand);
  g_string_free (self->told.files, TRUE);
  show_free (self->show);
}

static FakeResource *
serve (Fixture * self, const char *uri, const char *text)
{
  FakeResource *resource = fake_fetcher_add (self->show->fetcher, uri, 1);

  g_bytes_unref (resource->body);
  resource->body = g_bytes_new (text, strlen (text));
  return resource;
}

static void
begin (Fixture * self)
{
  self->probe = p2p_engine_probe_new (self->show->clock, self->rand,
      self->show->session, URI, &events, &self->told);
  fake_clock_run_for (self->show->clock, P2P_SECOND);
}

/* All renditions of a master, and of one stream whether it is live. */
static void
test_vod (Fixture * self, gconstpointer data)
{
  serve (self, URI, MASTER);
  serve (self, LOW, MEDIA "#EXT-X-ENDLIST\n");
  begin (self);
  g_assert_cmpuint (self->told.known, ==, 1);
  g_assert_false (self->told.is_live);
  g_assert_cmpint (self->told.length, ==, 400000);
  g_assert_cmpstr (self->told.files->str, ==, "low/index.m3u8 400000\n"
      "high.m3u8 800000\nen.m3u8 -1\n");
}

static void
test_live (Fixture * self, gconstpointer data)
{
  serve (self, URI, MASTER);
  serve (self, LOW, MEDIA);
  begin (self);
  g_assert_true (self->told.is_live);
  g_assert_cmpint (self->told.length, ==, -1);
  g_assert_cmpstr (self->told.files->str, ==, "low/index.m3u8 -1\n"
      "high.m3u8 -1\nen.m3u8 -1\n");
}

/* A media playlist is a file itself; with all ranges its length is known. */
static void
test_media (Fixture * self, gconstpointer data)
{
  serve (self, URI, RANGES);
  begin (self);
  g_assert_cmpuint (self->told.known, ==, 1);
  g_assert_cmpint (self->told.length, ==, 1500);
  g_assert_cmpstr (self->told.files->str, ==, "master.m3u8 1500\n");
}

static void
test_unknown_length (Fixture * self, gconstpointer data)
{
  serve (self, URI, MEDIA "#EXT-X-ENDLIST\n");
  begin (self);
  g_assert_false (self->told.is_live);
  g_assert_cmpint (self->told.length, ==, -1);
}

/* After a redirect names are those of where it is now. */
static void
test_redirect (Fixture * self, gconstpointer data)
{
  serve (self, URI, MASTER)->location = g_strdup ("http://h/live/m.m3u8");
  serve (self, LOW, MEDIA);
  begin (self);
  g_assert_cmpuint (self->told.known, ==, 1);
}

/* A server that is not there yet is asked again; so is one whose stream is not. */
static void
test_retry (Fixture * self, gconstpointer data)
{
  begin (self);
  fake_clock_run_for (self->show->clock, 60 * P2P_SECOND);
  g_assert_cmpuint (self->told.failed, >=, 3);
  g_assert_cmpint (self->told.code, ==, P2P_ERROR_STATUS);
  g_assert_cmpuint (self->told.known, ==, 0);
  serve (self, URI, MASTER);
  fake_clock_run_for (self->show->clock, 90 * P2P_SECOND);
  g_assert_cmpuint (self->told.known, ==, 0);
  serve (self, LOW, MEDIA);
  fake_clock_run_for (self->show->clock, 180 * P2P_SECOND);
  g_assert_cmpuint (self->told.known, ==, 1);
}

/* What is no playlist is not read to its end. */
static void
test_no_playlist (Fixture * self, gconstpointer data)
{
  fake_fetcher_add (self->show->fetcher, URI, 10 * 1024 * 1024)->rate =
      100 * 1024;
  begin (self);
  g_assert_cmpuint (self->told.failed, ==, 1);
  g_assert_cmpint (self->told.code, ==, P2P_ERROR_PLAYLIST);
  g_assert_cmpuint (fake_fetcher_get_n_open (self->show->fetcher), ==, 0);
}

/* Nor is one without end. */
static void
test_endless (Fixture * self, gconstpointer data)
{
  g_autofree char *text = g_malloc (P2P_PLAYLIST_MAX_BYTES + 100000);

  memset (text, '\n', P2P_PLAYLIST_MAX_BYTES + 100000);
  memcpy (text, "#EXTM3U", strlen ("#EXTM3U"));
  text[P2P_PLAYLIST_MAX_BYTES + 99999] = '\0';
  serve (self, URI, text);
  begin (self);
  g_assert_cmpint (self->told.code, ==, P2P_ERROR_PLAYLIST);
}

/* A master of nothing is known too. */
static void
test_empty_master (Fixture * self, gconstpointer data)
{
  serve (self, URI, "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\","
      "NAME=\"en\",URI=\"en.m3u8\"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n"
      "ftp://h/x\n");
  begin (self);
  g_assert_cmpuint (self->told.known + self->told.failed, ==, 1);
}

/* It is gone in the middle of it. */
static void
test_freed (Fixture * self, gconstpointer data)
{
  serve (self, URI, MASTER)->latency = 10 * P2P_SECOND;
  begin (self);
  g_assert_cmpuint (fake_fetcher_get_n_open (self->show->fetcher), ==, 1);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture * self, gconstpointer data);
  } tests[] = {
    {"/engine/probe/vod", test_vod},
    {"/engine/probe/live", test_live},
    {"/engine/probe/media", test_media},
    {"/engine/probe/unknown-length", test_unknown_length},
    {"/engine/probe/redirect", test_redirect},
    {"/engine/probe/retry", test_retry},
    {"/engine/probe/no-playlist", test_no_playlist},
    {"/engine/probe/endless", test_endless},
    {"/engine/probe/empty-master", test_empty_master},
    {"/engine/probe/freed", test_freed},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
