/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Playlists on their way downstream: caps before the first byte, absolute URIs
 * rewritten for those who have to come back, and nothing else touched. */

#include "rig.h"

#include <gst/check/gstharness.h>

#include <string.h>

#define ABSOLUTE(P) \
  "#EXTM3U\r\n#EXT-X-VERSION:7\n\n" \
  "#EXT-X-KEY:METHOD=AES-128,URI=\"" P "https://a/key?x=1\",IV=0x1\n" \
  "#EXT-X-MAP:URI=\"" P "http://b/init.mp4\",BYTERANGE=\"1@2\"\r\n" \
  "#EXT-X-SESSION-DATA:DATA-ID=\"a\",URI=\"data:text/plain,http://x\"\n" \
  "#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI=\"skd://k\"\n" \
  "#EXT-X-TARGETDURATION:2\n#EXTINF:2,http://is.a.title/\n" \
  P "http://c/1.ts?a=http://d/\r\n" \
  "#EXTINF:2,\nrelative/2.ts#part\n#EXTINF:2,\n/3.ts\n" \
  "# a comment with http://e/\n#EXT-X-UNKNOWN:http://f/\n" \
  "#EXT-X-ENDLIST"

#define PLAIN ABSOLUTE ("")
#define REWRITTEN ABSOLUTE ("p2phls+")

static void
raise_rank (guint rank)
{
  GstElementFactory *factory = gst_element_factory_find ("p2phlssrc");

  gst_plugin_feature_set_rank (GST_PLUGIN_FEATURE (factory), rank);
  gst_object_unref (factory);
}

static void
reset_rank (void)
{
  raise_rank (GST_RANK_MARGINAL);
}

static char *
make_uri (Site * origin, const char *prefix)
{
  g_autofree char *uri = site_uri (origin, "/a.m3u8");

  return g_strconcat (prefix, uri, NULL);
}

static GstPadProbeReturn
on_buffer (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);

  if (caps && gst_structure_has_name (gst_caps_get_structure (caps, 0),
          "application/x-hls"))
    *(gboolean *) user_data = TRUE;
  gst_clear_caps (&caps);
  return GST_PAD_PROBE_REMOVE;
}

/* Whatever the server says that it is. */
GST_START_TEST (test_caps)
{
  static const char *const types[] = {
    "application/vnd.apple.mpegurl", "text/html", NULL
  };
  g_autoptr (Site) origin = site_new ();

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (Rig) rig = rig_new (origin, "/a.m3u8");
    GstPad *pad = gst_element_get_static_pad (rig->src, "src");
    gboolean had_caps = FALSE;

    site_serve_text (origin, "/a.m3u8", types[i], PLAIN);
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, &had_caps,
        NULL);
    rig_run_to_eos (rig);
    fail_unless (had_caps);
    fail_unless_equals_int (rig->buffers->len, 1);
    gst_object_unref (pad);
  }
}

GST_END_TEST;

typedef struct
{
  const char *prefix;           /* of the location */
  const char *downstream;
  guint rank;
  const char *wanted;
} Reader;

static const Reader readers[] = {
  /* Nobody who would come back: as it is, if the user did not ask for P2P. */
  {"", "fakesink", GST_RANK_MARGINAL, PLAIN},
  {"", "filesink location=/dev/null", GST_RANK_MARGINAL, PLAIN},
  {"", "queue ! fakesink", GST_RANK_MARGINAL, PLAIN},
  {"p2phls+", "fakesink", GST_RANK_MARGINAL, REWRITTEN},
  {"p2phls+", "fakesink", GST_RANK_PRIMARY + 1, REWRITTEN},
  /* hlsdemux comes back by the scheme, or by the rank. */
  {"", "hlsdemux", GST_RANK_MARGINAL, REWRITTEN},
  {"p2phls+", "hlsdemux", GST_RANK_MARGINAL, REWRITTEN},
  {"", "queue ! hlsdemux", GST_RANK_MARGINAL, REWRITTEN},
  {"", "identity ! tee ! queue ! hlsdemux", GST_RANK_MARGINAL, REWRITTEN},
  {"", "hlsdemux", GST_RANK_PRIMARY + 1, PLAIN},
};

static void
wait_for_eos_event (Rig * rig)
{
  for (guint i = 0;; i++) {
    gboolean eos;

    g_mutex_lock (&rig->lock);
    eos = rig_find_event (rig, GST_EVENT_EOS) != NULL;
    g_mutex_unlock (&rig->lock);
    if (eos)
      return;
    fail_unless (i < 10000, "no EOS");
    g_usleep (2000);
  }
}

GST_START_TEST (test_readers)
{
  const Reader *reader = &readers[__i__];
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, reader->prefix);
  g_autoptr (Rig) rig = NULL;

  raise_rank (reader->rank);
  rig = rig_new_launch (uri, reader->downstream);
  site_serve_text (origin, "/a.m3u8", NULL, PLAIN);
  rig_set_state (rig, GST_STATE_PLAYING);
  wait_for_eos_event (rig);
  rig_set_state (rig, GST_STATE_NULL);
  rig_check_text (rig, reader->wanted);
}

GST_END_TEST;

/* The size downstream is the size of what goes there. */
GST_START_TEST (test_duration)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, "p2phls+");
  g_autoptr (Rig) rig = rig_new_uri (uri);
  gint64 duration;

  site_serve_text (origin, "/a.m3u8", NULL, PLAIN);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  rig_check_text (rig, REWRITTEN);
  fail_unless (gst_element_query_duration (rig->src, GST_FORMAT_BYTES,
          &duration));
  fail_unless_equals_int64 (duration, strlen (REWRITTEN));
}

GST_END_TEST;

/* A loose pad: the downloader of a demuxer. It has no scheme of its own to go
 * by but the location's. */
static void
check_loose (Site * origin, const char *prefix, const char *wanted)
{
  g_autofree char *uri = make_uri (origin, prefix);
  GstElement *src = rig_make_source (uri);
  GstHarness *harness = gst_harness_new_with_element (src, NULL, "src");
  GstBuffer *buffer;

  gst_harness_play (harness);
  buffer = gst_harness_pull (harness);
  fail_unless (buffer != NULL);
  gst_check_buffer_data (buffer, wanted, strlen (wanted));
  gst_buffer_unref (buffer);
  gst_element_set_state (src, GST_STATE_NULL);
  gst_harness_teardown (harness);
  gst_object_unref (src);
}

GST_START_TEST (test_loose_pad)
{
  g_autoptr (Site) origin = site_new ();

  site_serve_text (origin, "/a.m3u8", NULL, PLAIN);
  check_loose (origin, "", PLAIN);
  check_loose (origin, "p2phls+", REWRITTEN);
  raise_rank (GST_RANK_PRIMARY + 1);
  check_loose (origin, "p2phls+", PLAIN);
}

GST_END_TEST;

/* Handed on as they are, to whomever. */
static const char *const texts[] = {
  "#EXTM3U\n#EXTINF:100,a song\nhttp://a/song.mp3\n",
  "#EXTM3U", "#EXTM3", "#EXTM3U8\nhttp://a/\n", "#", "", "\357\273\277",
  "\357\273\277#EXTM3U", " #EXTM3U\n#EXT-X-ENDLIST\nhttp://a/1.ts\n",
  "#extm3u\n#EXT-X-TARGETDURATION:1\nhttp://a/1.ts\n",
  "no playlist\n#EXTM3U\n#EXT-X-TARGETDURATION:1\nhttp://a/1.ts\n",
};

GST_START_TEST (test_no_playlist)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, "p2phls+");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  site_serve_text (origin, "/a.m3u8", "application/x-mpegurl", texts[__i__]);
  rig_run_to_eos (rig);
  rig_check_text (rig, texts[__i__]);
  fail_unless (rig_find_event (rig, GST_EVENT_CAPS) == NULL);
}

GST_END_TEST;

GST_START_TEST (test_byte_order_mark)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, "p2phls+");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  site_serve_text (origin, "/a.m3u8", NULL, "\357\273\277" PLAIN);
  rig_run_to_eos (rig);
  rig_check_text (rig, "\357\273\277" REWRITTEN);
  fail_unless (rig_find_event (rig, GST_EVENT_CAPS) != NULL);
}

GST_END_TEST;

/* Byte by byte, it is the same playlist. */
static void
on_drops (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  g_autofree char *head = g_strdup_printf
      ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      strlen (PLAIN));

  site_print (connection, head);
  for (const char *c = PLAIN; *c; c++) {
    site_write (connection, c, 1);
    if (c - PLAIN < 20)
      site_sleep (connection, 2);
  }
}

GST_START_TEST (test_in_drops)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, "p2phls+");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  site_handle (origin, "/a.m3u8", on_drops, NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, REWRITTEN);
}

GST_END_TEST;

static void
on_endless (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  g_autofree char *line = g_strnfill (100 * 1000, 'x');

  site_print (connection, "HTTP/1.1 200 OK\r\n\r\n#EXTM3U\n#EXT-X-ENDLIST\n");
  while (site_print (connection, line));
}

/* It ends in an error, not in all the memory there is. */
GST_START_TEST (test_endless)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/a.m3u8");

  site_handle (origin, "/a.m3u8", on_endless, NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_READ);
  fail_unless_equals_int (rig->bytes->len, 0);
}

GST_END_TEST;

/* hlsdemux would join it wrongly. */
GST_START_TEST (test_network_path)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, "p2phls+");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  site_serve_text (origin, "/a.m3u8", NULL,
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n//host:1/1.ts\n");
  rig_run_to_eos (rig);
  rig_check_text (rig, "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n"
      "p2phls+http://host:1/1.ts\n");
}

GST_END_TEST;

/* A part of a playlist is no playlist. */
GST_START_TEST (test_part)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, "p2phls+");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  site_serve_text (origin, "/a.m3u8", NULL, PLAIN);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (gst_element_send_event (rig->src, gst_event_new_seek (1.0,
              GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 10,
              GST_SEEK_TYPE_NONE, -1)));
  rig_run_to_eos (rig);
  rig_check_text (rig, PLAIN + 10);
}

GST_END_TEST;

/* Playlists are read again and again. */
GST_START_TEST (test_again)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = make_uri (origin, "p2phls+");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  for (guint i = 0; i < 10; i++) {
    site_serve_text (origin, "/a.m3u8", NULL,
        i % 2 ? PLAIN : "no playlist this time");
    rig_run_to_eos (rig);
    rig_check_text (rig, i % 2 ? REWRITTEN : "no playlist this time");
    rig_clear (rig);
  }
  fail_unless_equals_int (site_count (origin, NULL), 10);
}

GST_END_TEST;

static Suite *
playlist_suite (void)
{
  Suite *suite = suite_create ("playlist");
  TCase *tests = tcase_create ("playlist");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, reset_rank, NULL);
  tcase_add_test (tests, test_caps);
  tcase_add_loop_test (tests, test_readers, 0, G_N_ELEMENTS (readers));
  tcase_add_test (tests, test_duration);
  tcase_add_test (tests, test_loose_pad);
  tcase_add_loop_test (tests, test_no_playlist, 0, G_N_ELEMENTS (texts));
  tcase_add_test (tests, test_byte_order_mark);
  tcase_add_test (tests, test_in_drops);
  tcase_add_test (tests, test_endless);
  tcase_add_test (tests, test_network_path);
  tcase_add_test (tests, test_part);
  tcase_add_test (tests, test_again);
  return suite;
}

RIG_MAIN (playlist)
