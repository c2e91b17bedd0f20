/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a demuxer gets and is told that fetches by itself, and what it then finds
 * at the gateway. */

#include "rig.h"

#include <gst/base/gstbasesink.h>
#include <string.h>

#define MASTER "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/index.m3u8\n"
#define MEDIA "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nsegment.ts\n" \
    "#EXT-X-ENDLIST\n"
#define SIZE 300000

/* An adaptive demuxer, but of no kind that fetches with sources. */
typedef GstBaseSink Demuxer;
typedef GstBaseSinkClass DemuxerClass;

GType demuxer_get_type (void);
G_DEFINE_TYPE (Demuxer, demuxer, GST_TYPE_BASE_SINK);

static void
demuxer_class_init (DemuxerClass * klass)
{
  static GstStaticPadTemplate sink = GST_STATIC_PAD_TEMPLATE ("sink",
      GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass), &sink);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Demuxer",
      "Codec/Demuxer/Adaptive", "Fetches by itself", "The p2phls developers");
}

static void
demuxer_init (Demuxer * self)
{
}

static void
set_up (void)
{
  g_unsetenv ("P2PHLS_TRACKERS");
  gst_element_register (NULL, "testdemuxer", GST_RANK_NONE,
      demuxer_get_type ());
}

static void
tear_down (void)
{
  GstPluginFeature *feature = gst_registry_find_feature (gst_registry_get (),
      "testdemuxer", GST_TYPE_ELEMENT_FACTORY);

  gst_registry_remove_feature (gst_registry_get (), feature);
  gst_object_unref (feature);
}

static Rig *
make_rig (Site * origin, const char *prefix, const char *path)
{
  g_autofree char *plain = site_uri (origin, path);
  g_autofree char *uri = g_strconcat (prefix, plain, NULL);

  return rig_new_launch (uri, "testdemuxer sync=false");
}

/* Returns: (transfer full): what the demuxer is told */
static char *
get_uri (Rig * rig)
{
  GstQuery *query = gst_query_new_uri ();
  char *uri;

  fail_unless (gst_element_query (rig->src, query));
  gst_query_parse_uri (query, &uri);
  gst_query_unref (query);
  return uri;
}

/* Returns: (transfer full): what is at url, its head too; empty if nobody is
 * there */
static GByteArray *
fetch (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, g_uri_get_host (uri),
      g_uri_get_port (uri), NULL, NULL);
  g_autofree char *request =
      g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
      "Connection: close\r\n\r\n", g_uri_get_path (uri), g_uri_get_port (uri));
  GByteArray *answer = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  if (connection == NULL
      || !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM
              (connection)), request, strlen (request), NULL, NULL, NULL))
    return answer;
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM
                  (connection)), buffer, sizeof buffer, NULL, NULL)) > 0)
    g_byte_array_append (answer, buffer, n);
  return answer;
}

/* Returns: (transfer full): where the first line leads that is no tag, of what
 * came from base */
static char *
find_url (const char *base, gconstpointer text, gsize size)
{
  g_autofree char *copy = g_strndup (text, size);
  const char *playlist = strstr (copy, "#EXTM3U");
  g_auto (GStrv) lines = g_strsplit (playlist ? playlist : "", "\n", -1);

  for (guint i = 0; lines[i]; i++) {
    if (*g_strstrip (lines[i]) && *lines[i] != '#')
      return g_uri_resolve_relative (base, lines[i], G_URI_FLAGS_NONE, NULL);
  }
  fail ("no URL in %s", copy);
  return NULL;
}

/* From the playlist that the demuxer got to the bytes of the segment. */
GST_START_TEST (test_served)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree guint8 *bytes = site_make_bytes (SIZE);
  g_autoptr (Rig) rig = make_rig (origin, "p2phls+", "/master.m3u8");
  g_autoptr (GByteArray) master = NULL, media = NULL, segment = NULL;
  g_autofree char *told = NULL, *media_url = NULL, *segment_url = NULL;

  site_serve_text (origin, "/master.m3u8", NULL, MASTER);
  site_serve_text (origin, "/low/index.m3u8", NULL, MEDIA);
  site_serve (origin, "/low/segment.ts", NULL, bytes, SIZE);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  told = get_uri (rig);
  fail_unless (g_str_has_prefix (told, "http://127.0.0.1:"));
  fail_unless (g_str_has_suffix (told, "/master.m3u8"));
  master = fetch (told);
  fail_unless (g_strstr_len ((char *) master->data, master->len, "#EXTM3U"));

  media_url = find_url (told, rig->bytes->data, rig->bytes->len);
  media = fetch (media_url);
  segment_url = find_url (told, media->data, media->len);
  segment = fetch (segment_url);
  fail_unless (segment->len > SIZE);
  fail_unless (memcmp (segment->data + segment->len - SIZE, bytes, SIZE) == 0);
  fail_unless_equals_int (site_count (origin, "/low/segment.ts"), 1);
}

GST_END_TEST;

/* Nobody asked for P2P: the playlist as it is, and its own URI. */
GST_START_TEST (test_unasked)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = make_rig (origin, "", "/master.m3u8");
  g_autofree char *told = NULL, *uri = site_uri (origin, "/master.m3u8");

  site_serve_text (origin, "/master.m3u8", NULL, MASTER);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  rig_check_text (rig, MASTER);
  told = get_uri (rig);
  fail_unless_equals_string (told, uri);
}

GST_END_TEST;

/* Another location is another URL; in time the first one's is worth nothing. */
GST_START_TEST (test_many)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = make_rig (origin, "p2phls+", "/0.m3u8");
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal,
      g_free, NULL);
  g_autofree char *oldest = NULL;
  g_autoptr (GByteArray) answer = NULL;

  for (guint i = 0; i < 12; i++) {
    g_autofree char *path = g_strdup_printf ("/%u.m3u8", i);
    g_autofree char *plain = site_uri (origin, path);
    g_autofree char *uri = g_strconcat ("p2phls+", plain, NULL);

    site_serve_text (origin, path, NULL, MASTER);
    g_object_set (rig->src, "location", uri, NULL);
    fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
    if (oldest == NULL)
      oldest = get_uri (rig);
    fail_unless (g_hash_table_add (told, get_uri (rig)));
    rig_set_state (rig, GST_STATE_READY);
    rig_clear (rig);
  }
  answer = fetch (oldest);
  fail_unless (g_strstr_len ((char *) answer->data, answer->len, " 404 "));
}

GST_END_TEST;

/* With the session goes what it served. */
GST_START_TEST (test_afterwards)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = make_rig (origin, "p2phls+", "/master.m3u8");
  g_autofree char *told = NULL;

  site_serve_text (origin, "/master.m3u8", NULL, MASTER);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  told = get_uri (rig);
  rig_set_state (rig, GST_STATE_NULL);
  for (guint i = 0;; i++) {
    g_autoptr (GByteArray) answer = fetch (told);

    if (answer->len == 0
        || g_strstr_len ((char *) answer->data, answer->len, " 404 "))
      break;
    fail_unless (i < 1000, "it is still served");
    g_usleep (10000);
  }
}

GST_END_TEST;

/* Stopped at any moment, also while the gateway is waited for. */
GST_START_TEST (test_stopped)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = make_rig (origin, "p2phls+", "/master.m3u8");

  site_serve_text (origin, "/master.m3u8", NULL, MASTER);
  for (guint i = 0; i < 100; i++) {
    rig_set_state (rig, GST_STATE_PLAYING);
    g_usleep (i * 50);
    rig_set_state (rig, i % 2 ? GST_STATE_NULL : GST_STATE_READY);
  }
}

GST_END_TEST;

static Suite *
served_suite (void)
{
  Suite *suite = suite_create ("served");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, test_served);
  tcase_add_test (tcase, test_unasked);
  tcase_add_test (tcase, test_many);
  tcase_add_test (tcase, test_afterwards);
  tcase_add_test (tcase, test_stopped);
  return suite;
}

RIG_MAIN (served)
