/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* p2phlsdemux: which demuxer is inside, and what it is given and told. */

#include "rig.h"

#include <gst/check/gstharness.h>
#include <string.h>

#define TRACKERS "P2PHLS_TRACKERS"
/* Nobody is there, and nothing of this host leaves it. */
#define NOBODY "http://127.0.0.1:9"
#define URI "http://127.0.0.1:9/a/master.m3u8"

#define MASTER "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/index.m3u8\n" \
    "#EXT-X-STREAM-INF:BANDWIDTH=2\nhttp://127.0.0.1:9/b/index.m3u8\n"
#define REWRITTEN "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/index.m3u8\n" \
    "#EXT-X-STREAM-INF:BANDWIDTH=2\np2phls+http://127.0.0.1:9/b/index.m3u8\n"

/* p2phlsdemux in a bin, a pad before it that answers as a source would, and what
 * the demuxer inside gets. */
typedef struct
{
  GstElement *bin;
  GstElement *demux;
  GstPad *src;
  const char *uri;              /* of the source; NULL: it knows none */
  const char *redirection;
  gboolean permanent;
  GByteArray *got;
  char *told, *told_redirection;        /* at the end of the playlist */
} World;

static gboolean
world_on_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  World *self = gst_pad_get_element_private (pad);

  if (GST_QUERY_TYPE (query) != GST_QUERY_URI || self->uri == NULL)
    return gst_pad_query_default (pad, parent, query);
  gst_query_set_uri (query, self->uri);
  gst_query_set_uri_redirection (query, self->redirection);
  gst_query_set_uri_redirection_permanent (query, self->permanent);
  return TRUE;
}

static void
world_ask (World * self, GstPad * pad)
{
  GstQuery *query = gst_query_new_uri ();

  if (gst_pad_peer_query (pad, query)) {
    gst_query_parse_uri (query, &self->told);
    gst_query_parse_uri_redirection (query, &self->told_redirection);
  }
  gst_query_unref (query);
}

/* At the demuxer's pad; the end does not get there, so that it fetches
 * nothing. */
static GstPadProbeReturn
world_on_data (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  World *self = data;
  GstMapInfo map;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    fail_unless (gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map,
            GST_MAP_READ));
    g_byte_array_append (self->got, map.data, map.size);
    gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
    return GST_PAD_PROBE_OK;
  }
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  world_ask (self, pad);
  return GST_PAD_PROBE_DROP;
}

static GstElement *
world_get_inner (World * self)
{
  GstElement *inner = GST_BIN_CHILDREN (self->demux)->data;

  fail_unless_equals_int (GST_BIN_NUMCHILDREN (self->demux), 1);
  return inner;
}

static World *
world_new (const char *uri, gboolean streams_aware)
{
  World *self = g_new0 (World, 1);
  g_autoptr (GstPad) sink = NULL, inner = NULL;

  self->uri = uri;
  self->got = g_byte_array_new ();
  self->bin = gst_bin_new (NULL);
  if (streams_aware)
    GST_OBJECT_FLAG_SET (self->bin, GST_BIN_FLAG_STREAMS_AWARE);
  self->demux = gst_element_factory_make ("p2phlsdemux", NULL);
  gst_bin_add (GST_BIN (self->bin), self->demux);
  self->src = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_element_private (self->src, self);
  gst_pad_set_query_function (self->src, world_on_query);
  sink = gst_element_get_static_pad (self->demux, "sink");
  fail_unless (gst_pad_link_full (self->src, sink, GST_PAD_LINK_CHECK_NOTHING)
      == GST_PAD_LINK_OK);
  fail_unless (gst_pad_set_active (self->src, TRUE));
  return self;
}

static void
world_start (World * self)
{
  g_autoptr (GstPad) inner = NULL;

  fail_if (gst_element_set_state (self->bin, GST_STATE_PAUSED)
      == GST_STATE_CHANGE_FAILURE);
  inner = gst_element_get_static_pad (world_get_inner (self), "sink");
  gst_pad_add_probe (inner, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, world_on_data, self, NULL);
}

static void
world_free (World * self)
{
  fail_unless_equals_int (gst_element_set_state (self->bin, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (self->demux), 0);
  gst_pad_set_active (self->src, FALSE);
  gst_object_unref (self->bin);
  gst_object_unref (self->src);
  g_byte_array_unref (self->got);
  g_free (self->told);
  g_free (self->told_redirection);
  g_free (self);
}

static void
world_push (World * self, gconstpointer data, gsize size)
{
  fail_unless_equals_int (gst_pad_push (self->src,
          gst_buffer_new_memdup (data, size)), GST_FLOW_OK);
}

static void
world_begin (World * self)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("application/x-hls");
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_pad_push_event (self->src, gst_event_new_stream_start ("a"));
  gst_pad_push_event (self->src, gst_event_new_caps (caps));
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
}

/* Plays text, in two pieces. */
static void
world_feed (World * self, const char *text)
{
  gsize half = strlen (text) / 2;

  world_start (self);
  world_begin (self);
  if (half > 0)
    world_push (self, text, half);
  if (*text)
    world_push (self, text + half, strlen (text) - half);
  gst_pad_push_event (self->src, gst_event_new_eos ());
}

static void
world_check (World * self, const char *text, const char *uri,
    const char *redirection)
{
  fail_unless_equals_int (self->got->len, strlen (text));
  fail_unless (self->got->len == 0
      || memcmp (self->got->data, text, self->got->len) == 0);
  fail_unless_equals_string (self->told, uri);
  fail_unless_equals_string (self->told_redirection, redirection);
}

static void
set_up (void)
{
  g_unsetenv (TRACKERS);
  g_setenv ("P2PHLS_CONFIG", "", TRUE);
}

GST_START_TEST (test_factory)
{
  GstElementFactory *factory = gst_element_factory_find ("p2phlsdemux");

  fail_unless_equals_int (gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE
          (factory)), GST_RANK_NONE);
  fail_unless_equals_string (gst_element_factory_get_metadata (factory,
          GST_ELEMENT_METADATA_KLASS), "Codec/Demuxer/Adaptive");
  gst_object_unref (factory);
}

GST_END_TEST;

/* Which one is inside is for the parent to say, anew each time; what the parent
 * sets on it reaches that one, before or after. */
GST_START_TEST (test_inside)
{
  gboolean aware = __i__;
  World *world = world_new (URI, aware);
  guint speed;

  g_object_set (world->demux, "connection-speed", 1234, NULL);
  for (guint i = 0; i < 3; i++) {
    gst_element_set_state (world->bin, GST_STATE_READY);
    fail_unless_equals_string (GST_OBJECT_NAME (gst_element_get_factory
            (world_get_inner (world))), aware ? "hlsdemux2" : "hlsdemux");
    g_object_get (world_get_inner (world), "connection-speed", &speed, NULL);
    fail_unless_equals_int (speed, 1234);
    gst_element_set_state (world->bin, GST_STATE_NULL);
  }
  gst_element_set_state (world->bin, GST_STATE_READY);
  g_object_set (world->demux, "connection-speed", 4321, NULL);
  g_object_get (world_get_inner (world), "connection-speed", &speed, NULL);
  fail_unless_equals_int (speed, 4321);
  world_free (world);
}

GST_END_TEST;

/* urisourcebin asks in NULL whether it has to buffer for the demuxer. */
GST_START_TEST (test_buffering)
{
  gboolean aware = __i__;
  World *world = world_new (URI, aware);
  GstQuery *query = gst_query_new_buffering (GST_FORMAT_TIME);

  fail_unless_equals_int (gst_element_query (world->demux, query), aware);
  gst_query_unref (query);
  gst_element_set_state (world->bin, GST_STATE_READY);
  world_free (world);
}

GST_END_TEST;

/* Nobody asked: nothing is changed, nothing is made. */
GST_START_TEST (test_unasked)
{
  World *world = world_new (URI, FALSE);
  GstContext *context;

  world_feed (world, MASTER);
  world_check (world, MASTER, URI, NULL);
  context = gst_element_get_context (world->bin, "gst.p2phls.session");
  fail_unless (context == NULL);
  world_free (world);
}

GST_END_TEST;

GST_START_TEST (test_variable)
{
  World *world = world_new (URI, FALSE);

  g_setenv (TRACKERS, NOBODY, TRUE);
  world_feed (world, MASTER);
  world_check (world, REWRITTEN, "p2phls+" URI, NULL);
  world_free (world);
}

GST_END_TEST;

GST_START_TEST (test_property)
{
  World *world = world_new (URI, FALSE);

  gst_util_set_object_arg (G_OBJECT (world->demux), "tracker-announce", NOBODY);
  world_feed (world, MASTER);
  world_check (world, REWRITTEN, "p2phls+" URI, NULL);
  world_free (world);
}

GST_END_TEST;

/* Naming an engine is asking it; own and auto name none. */
GST_START_TEST (test_engine)
{
  static const char *const engines[] = {
    "own", "auto", "unix:/nonexistent/engine", "tls://127.0.0.1:9"
  };
  World *world = world_new (URI, FALSE);
  gboolean named = __i__ >= 2;

  gst_util_set_object_arg (G_OBJECT (world->demux), "engine", engines[__i__]);
  world_feed (world, MASTER);
  world_check (world, named ? REWRITTEN : MASTER, named ? "p2phls+" URI : URI,
      NULL);
  world_free (world);
}

GST_END_TEST;

GST_START_TEST (test_tracker)
{
  World *world = world_new (URI, FALSE);
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", NULL);

  gst_util_set_object_arg (G_OBJECT (tracker), "tracker-announce", NOBODY);
  gst_bin_add (GST_BIN (world->bin), tracker);
  world_feed (world, MASTER);
  world_check (world, REWRITTEN, "p2phls+" URI, NULL);
  world_free (world);
}

GST_END_TEST;

GST_START_TEST (test_redirection)
{
  World *world = world_new (URI, FALSE);

  g_setenv (TRACKERS, NOBODY, TRUE);
  world->redirection = "http://127.0.0.1:9/c/d.m3u8";
  world->permanent = __i__;
  world_feed (world, MASTER);
  if (world->permanent)
    world_check (world, REWRITTEN, "p2phls+http://127.0.0.1:9/c/d.m3u8", NULL);
  else
    world_check (world, REWRITTEN, "p2phls+" URI,
        "p2phls+http://127.0.0.1:9/c/d.m3u8");
  world_free (world);
}

GST_END_TEST;

static const char *const others[] = {
  "file:///a/master.m3u8", "ftp://a/b", "p2phls+http://127.0.0.1:9/a", "", "a",
};

/* What no session could fetch, or another of ours fetched, is left alone. */
GST_START_TEST (test_other_uris)
{
  World *world = world_new (others[__i__], FALSE);

  g_setenv (TRACKERS, NOBODY, TRUE);
  world_feed (world, MASTER);
  world_check (world, MASTER, others[__i__], NULL);
  world_free (world);
}

GST_END_TEST;

static const char *const texts[] = {
  "#EXTM3U", "no playlist", "\377\377\377", "#EXTM3U\n\n\n#EXT-X-\n", "#",
};

/* Handed on as they are, for the demuxer to judge. */
GST_START_TEST (test_hostile_text)
{
  World *world = world_new (URI, FALSE);

  g_setenv (TRACKERS, NOBODY, TRUE);
  world_feed (world, texts[__i__]);
  world_check (world, texts[__i__], "p2phls+" URI, NULL);
  world_free (world);
}

GST_END_TEST;

GST_START_TEST (test_nothing_comes)
{
  World *world = world_new (NULL, FALSE);

  g_setenv (TRACKERS, NOBODY, TRUE);
  world_feed (world, "");
  world_check (world, "", NULL, NULL);
  world_free (world);
}

GST_END_TEST;

/* More than any playlist has is not kept back. */
GST_START_TEST (test_endless)
{
  const gsize size = 1024 * 1024;
  g_autofree char *line = g_malloc (size);
  World *world = world_new (URI, FALSE);
  guint n = 0;

  memset (line, '#', size);
  g_setenv (TRACKERS, NOBODY, TRUE);
  world_start (world);
  world_begin (world);
  while (world->got->len == 0 && n < 1000) {
    world_push (world, line, size);
    n++;
  }
  fail_unless_equals_int (world->got->len, n * size);
  world_push (world, "x", 1);
  gst_pad_push_event (world->src, gst_event_new_eos ());
  fail_unless_equals_int (world->got->len, n * size + 1);
  fail_unless_equals_string (world->told, URI);
  world_free (world);
}

GST_END_TEST;

/* A list of buffers, and after a flush another playlist. */
GST_START_TEST (test_again)
{
  World *world = world_new (URI, FALSE);
  GstBufferList *list = gst_buffer_list_new ();

  g_setenv (TRACKERS, NOBODY, TRUE);
  world_start (world);
  world_begin (world);
  world_push (world, "#EXTM3U\ngone", 12);
  gst_pad_push_event (world->src, gst_event_new_flush_start ());
  gst_pad_push_event (world->src, gst_event_new_flush_stop (TRUE));
  world_begin (world);
  gst_buffer_list_add (list, gst_buffer_new_memdup (MASTER, 20));
  gst_buffer_list_add (list, gst_buffer_new_memdup (&MASTER[20],
          strlen (MASTER) - 20));
  fail_unless_equals_int (gst_pad_push_list (world->src, list), GST_FLOW_OK);
  gst_pad_push_event (world->src, gst_event_new_eos ());
  world_check (world, REWRITTEN, "p2phls+" URI, NULL);
  world_free (world);
}

GST_END_TEST;

static Suite *
demux_suite (void)
{
  Suite *suite = suite_create ("demux");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, NULL);
  tcase_add_test (tcase, test_factory);
  tcase_add_loop_test (tcase, test_inside, 0, 2);
  tcase_add_loop_test (tcase, test_buffering, 0, 2);
  tcase_add_test (tcase, test_unasked);
  tcase_add_test (tcase, test_variable);
  tcase_add_test (tcase, test_property);
  tcase_add_loop_test (tcase, test_engine, 0, 4);
  tcase_add_test (tcase, test_tracker);
  tcase_add_loop_test (tcase, test_redirection, 0, 2);
  tcase_add_loop_test (tcase, test_other_uris, 0, G_N_ELEMENTS (others));
  tcase_add_loop_test (tcase, test_hostile_text, 0, G_N_ELEMENTS (texts));
  tcase_add_test (tcase, test_nothing_comes);
  tcase_add_test (tcase, test_endless);
  tcase_add_test (tcase, test_again);
  return suite;
}

RIG_MAIN (demux)
