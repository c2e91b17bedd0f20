/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The session that the sources of a pipeline share, and those of two do not. */

#include <gst/check/gstharness.h>

#include "process.h"
#include "stream.h"

#include <string.h>

#define CONTEXT "gst.p2phls.session"
#define BODY "nothing that would be kept"

static Site *
make_origin (void)
{
  Site *origin = site_new ();

  site_serve_text (origin, "/one", NULL, BODY);
  site_serve_text (origin, "/two", NULL, BODY);
  return origin;
}

/* Another source in the pipeline of rig. Returns: (transfer none) */
static GstElement *
add_source (Rig * rig, const char *uri)
{
  GstElement *src = gst_element_factory_make ("p2phlssrc", "other");
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (src, "location", uri, NULL);
  gst_bin_add_many (GST_BIN (rig->pipeline), src, sink, NULL);
  fail_unless (gst_element_link (src, sink));
  return src;
}

/* With the sink behind it. */
static void
remove_source (Rig * rig, GstElement * src)
{
  GstPad *pad = gst_element_get_static_pad (src, "src");
  GstPad *peer = gst_pad_get_peer (pad);
  GstElement *sink = gst_pad_get_parent_element (peer);

  gst_object_ref (src);
  gst_bin_remove_many (GST_BIN (rig->pipeline), src, sink, NULL);
  gst_element_set_state (src, GST_STATE_NULL);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (src);
  gst_object_unref (sink);
  gst_object_unref (peer);
  gst_object_unref (pad);
}

static GstMessage *
find_message (Rig * rig, GstMessageType type)
{
  for (guint i = 0; i < rig->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (rig->messages, i);

    if (GST_MESSAGE_TYPE (message) == type)
      return message;
  }
  return NULL;
}

static GstContext *
run_for_context (Rig * rig)
{
  GstContext *context = NULL;

  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  gst_message_parse_have_context (find_message (rig, GST_MESSAGE_HAVE_CONTEXT),
      &context);
  return context;
}

GST_START_TEST (test_asked_and_published)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/one");
  g_autoptr (GstContext) context = run_for_context (rig);
  const char *type;

  fail_unless (gst_message_parse_context_type (find_message (rig,
              GST_MESSAGE_NEED_CONTEXT), &type));
  fail_unless_equals_string (type, CONTEXT);
  fail_unless_equals_string (gst_context_get_context_type (context), CONTEXT);
  fail_unless (gst_context_is_persistent (context));
}

GST_END_TEST;

/* Once it has one, it does not ask again. */
GST_START_TEST (test_given)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) one = rig_new (origin, "/one");
  g_autoptr (Rig) two = rig_new (origin, "/two");
  g_autoptr (GstContext) context = NULL;
  g_autofree char *agent = NULL;

  g_object_set (one->src, "user-agent", "shared/1.0", NULL);
  context = run_for_context (one);
  gst_element_set_context (two->pipeline, context);
  fail_unless_equals_int (rig_run (two), GST_MESSAGE_EOS);
  fail_unless (find_message (two, GST_MESSAGE_NEED_CONTEXT) == NULL);
  fail_unless (find_message (two, GST_MESSAGE_HAVE_CONTEXT) == NULL);
  agent = site_get_header (origin, "/two", "User-Agent");
  fail_unless_equals_string (agent, "shared/1.0");
}

GST_END_TEST;

static GstPadProbeReturn
on_query (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_CONTEXT)
    return GST_PAD_PROBE_OK;
  gst_query_set_context (query, user_data);
  return GST_PAD_PROBE_HANDLED;
}

/* Downstream is asked first. */
GST_START_TEST (test_from_downstream)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) one = rig_new (origin, "/one");
  g_autoptr (Rig) two = rig_new (origin, "/two");
  g_autoptr (GstContext) context = NULL;
  g_autofree char *agent = NULL;
  GstPad *pad = gst_element_get_static_pad (two->sink, "sink");

  g_object_set (one->src, "user-agent", "shared/1.0", NULL);
  context = run_for_context (one);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, on_query,
      context, NULL);
  gst_object_unref (pad);
  fail_unless_equals_int (rig_run (two), GST_MESSAGE_EOS);
  fail_unless (find_message (two, GST_MESSAGE_NEED_CONTEXT) == NULL);
  agent = site_get_header (origin, "/two", "User-Agent");
  fail_unless_equals_string (agent, "shared/1.0");
}

GST_END_TEST;

static guint
get_setting (GstElement * src, const char *name)
{
  g_autoptr (GstStructure) settings = NULL;
  guint number;

  g_object_get (src, "settings", &settings, NULL);
  fail_unless (gst_structure_get_uint (settings, name, &number));
  return number;
}

/* What was set on one holds for the others of its pipeline. */
GST_START_TEST (test_one_pipeline)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/one");
  g_autofree char *uri = site_uri (origin, "/two");
  g_autofree char *agent = NULL;
  GstElement *other;

  g_object_set (rig->src, "user-agent", "me/1.0", "required-segments-count", 9,
      NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  other = add_source (rig, uri);
  gst_element_set_state (rig->pipeline, GST_STATE_READY);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  fail_unless (site_wait_for (origin, "/two", 1));
  agent = site_get_header (origin, "/two", "User-Agent");
  fail_unless_equals_string (agent, "me/1.0");
  fail_unless_equals_int (get_setting (other, "required-segments-count"), 9);
}

GST_END_TEST;

/* Cookies and passwords are for the server that they were given for. */
GST_START_TEST (test_secrets)
{
  const char *cookies[] = { "session=mine", NULL };
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Site) stranger = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/one");
  g_autofree char *own = site_uri (origin, "/two");
  g_autofree char *foreign = site_uri (stranger, "/two");
  g_autofree char *sent = NULL, *leaked = NULL;
  GstElement *other;

  g_object_set (rig->src, "cookies", cookies, "user-id", "me", "user-pw",
      "secret", NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  other = add_source (rig, own);
  gst_element_set_state (rig->pipeline, GST_STATE_READY);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  fail_unless (site_wait_for (origin, "/two", 1));
  gst_element_set_state (rig->pipeline, GST_STATE_READY);
  g_object_set (other, "location", foreign, NULL);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  fail_unless (site_wait_for (stranger, "/two", 1));
  sent = site_get_header (origin, "/two", "Cookie");
  leaked = site_get_header (stranger, "/two", "Cookie");
  fail_unless_equals_string (sent, "session=mine");
  fail_unless (leaked == NULL, "%s", leaked);
}

GST_END_TEST;

/* Not even with the same stream. */
GST_START_TEST (test_two_pipelines)
{
  g_autoptr (Stream) stream = stream_new (3, 1000);
  g_autoptr (Rig) one = stream_make_rig (stream);
  g_autoptr (Rig) two = NULL;
  g_autofree char *agent = NULL;

  g_object_set (one->src, "user-agent", "first/1.0", "buffer-segments-count",
      11, NULL);
  stream_read (stream, one, 0);
  two = stream_make_rig (stream);
  g_object_set (two->src, "user-agent", "second/1.0", NULL);
  stream_read (stream, two, 1);
  agent = site_get_header (stream->origin, "/1.ts", "User-Agent");
  fail_unless_equals_string (agent, "second/1.0");
  fail_unless_equals_int (get_setting (one->src, "buffer-segments-count"), 11);
  fail_unless_equals_int (get_setting (two->src, "buffer-segments-count"), 20);
}

GST_END_TEST;

/* A source to which no context comes (the downloader's, in hlsdemux) is known
 * by what it asks for. Returns: (transfer full): what the server saw of it */
static char *
read_loose (Stream * stream)
{
  g_autofree char *uri = stream_get_segment_uri (stream, 2);
  GstElement *src = rig_make_source (uri);
  GstHarness *harness = gst_harness_new_with_element (src, NULL, "src");
  GstBus *bus = gst_bus_new ();

  gst_element_set_bus (src, bus);
  gst_harness_play (harness);
  gst_buffer_unref (gst_harness_pull (harness));
  gst_element_set_state (src, GST_STATE_NULL);
  gst_element_set_bus (src, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (harness);
  gst_object_unref (src);
  return site_get_header (stream->origin, "/2.ts", "User-Agent");
}

static Rig *
make_rig_with_agent (Stream * stream, const char *agent)
{
  Rig *rig = rig_new (stream->origin, "/a.m3u8");

  g_object_set (rig->src, "user-agent", agent, NULL);
  rig_run_to_eos (rig);
  return rig;
}

GST_START_TEST (test_lost_context)
{
  g_autoptr (Stream) stream = stream_new (3, 1000);
  g_autoptr (Rig) rig = make_rig_with_agent (stream, "only/1.0");
  g_autofree char *agent = read_loose (stream);

  fail_unless_equals_string (agent, "only/1.0");
}

GST_END_TEST;

/* Two could be meant: then it is neither. */
GST_START_TEST (test_lost_context_of_two)
{
  g_autoptr (Stream) stream = stream_new (3, 1000);
  g_autoptr (Rig) one = make_rig_with_agent (stream, "first/1.0");
  g_autoptr (Rig) two = make_rig_with_agent (stream, "second/1.0");
  g_autofree char *agent = read_loose (stream);

  fail_unless (strstr (agent, "p2phlssrc") != NULL, "%s", agent);
}

GST_END_TEST;

/* The application may keep the context for ever: it holds nothing alive. */
GST_START_TEST (test_end)
{
  g_autoptr (Stream) stream = stream_new (3, 1000);
  g_autoptr (Rig) rig = rig_new (stream->origin, "/a.m3u8");
  g_autoptr (GstContext) context = run_for_context (rig);
  guint cached;
  g_autoptr (GstStructure) stats = NULL;

  rig_set_state (rig, GST_STATE_READY);
  stream_read (stream, rig, 0);
  /* A thread that the engine starts has its name for a moment. */
  fail_unless (process_wait_for_threads ("p2phls-engine", 1));
  fail_unless_equals_int (process_count_threads ("p2phls-engine"), 1);
  rig_set_state (rig, GST_STATE_NULL);
  fail_unless (process_wait_for_threads ("p2phls-engine", 0));
  for (guint i = 0; site_get_open_connections (stream->origin) > 0; i++) {
    fail_unless (i < 2000);
    g_usleep (5000);
  }
  g_object_get (rig->src, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint (stats, "cached-segments", &cached));
  fail_unless_equals_int (cached, 0);
  /* And it begins anew. */
  stream_read (stream, rig, 0);
  fail_unless_equals_int (site_count (stream->origin, "/0.ts"), 2);
}

GST_END_TEST;

/* One that goes leaves the others what is theirs. */
GST_START_TEST (test_one_leaves)
{
  g_autoptr (Stream) stream = stream_new (3, 1000);
  g_autoptr (Rig) rig = stream_make_rig (stream);
  g_autofree char *uri = stream_get_segment_uri (stream, 0);
  GstElement *other = add_source (rig, uri);

  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  fail_unless (site_wait_for (stream->origin, "/0.ts", 1));
  gst_element_set_state (rig->pipeline, GST_STATE_READY);
  remove_source (rig, other);
  stream_read (stream, rig, 1);
  stream_read (stream, rig, 1);
  fail_unless_equals_int (site_count (stream->origin, "/1.ts"), 1);
}

GST_END_TEST;

static Suite *
session_suite (void)
{
  Suite *suite = suite_create ("session");
  TCase *tests = tcase_create ("session");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_asked_and_published);
  tcase_add_test (tests, test_given);
  tcase_add_test (tests, test_from_downstream);
  tcase_add_test (tests, test_one_pipeline);
  tcase_add_test (tests, test_secrets);
  tcase_add_test (tests, test_two_pipelines);
  tcase_add_test (tests, test_lost_context);
  tcase_add_test (tests, test_lost_context_of_two);
  tcase_add_test (tests, test_end);
  tcase_add_test (tests, test_one_leaves);
  return suite;
}

RIG_MAIN (session)
