/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the element tells: messages, events and the answers to queries. */

#include "rig.h"

#include <string.h>

#define BODY "0123456789 and so on"

static void
on_headers (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_text (connection, user_data,
      "X-One: 1\r\nX-Two: a\r\nX-Two: b\r\nX-Two: c\r\nX-Odd: \377\r\n", BODY);
}

static void
check_headers (const GstStructure * headers, const char *uri, guint status)
{
  g_autofree char *agent = NULL, *one = NULL, *two = NULL;
  guint code;

  fail_unless (headers != NULL);
  fail_unless_equals_string (gst_structure_get_string (headers, "uri"), uri);
  fail_unless (gst_structure_get_uint (headers, "http-status-code", &code));
  fail_unless_equals_int (code, status);
  fail_if (gst_structure_has_field (headers, "redirection-uri"));
  /* hlsdemux2 takes it from there. */
  agent = rig_get_header (headers, "request-headers", "User-Agent");
  fail_unless (agent && strstr (agent, "GStreamer"));
  one = rig_get_header (headers, "response-headers", "X-One");
  fail_unless_equals_string (one, "1");
  two = rig_get_header (headers, "response-headers", "X-Two");
  fail_unless (two && strchr (two, 'a') && strchr (two, 'b')
      && strchr (two, 'c'), "%s", two);
}

GST_START_TEST (test_http_headers)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = site_uri (origin, "/body");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  site_handle (origin, "/body", on_headers, (gpointer) "200 OK");
  rig_run_to_eos (rig);
  check_headers (rig_get_headers (rig), uri, 200);
  check_headers (rig_get_headers_event (rig), uri, 200);
  fail_unless_equals_int (rig_count_messages (rig, GST_MESSAGE_ELEMENT), 1);
}

GST_END_TEST;

/* An error's headers are told too, but not downstream. */
GST_START_TEST (test_http_headers_of_error)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = site_uri (origin, "/body");
  g_autoptr (Rig) rig = rig_new_uri (uri);

  site_handle (origin, "/body", on_headers, (gpointer) "404 Not Found");
  rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_FOUND);
  check_headers (rig_get_headers (rig), uri, 404);
  fail_unless (rig_get_headers_event (rig) == NULL);
  fail_unless_equals_int (rig_count_messages (rig, GST_MESSAGE_ELEMENT), 1);
}

GST_END_TEST;

GST_START_TEST (test_order_of_events)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  static const GstEventType wanted[] = {
    GST_EVENT_STREAM_START, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
    GST_EVENT_SEGMENT, GST_EVENT_EOS
  };
  GstEvent *event;

  site_serve_text (origin, "/body", NULL, BODY);
  rig_run_to_eos (rig);
  fail_unless_equals_int (rig->events->len, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    event = g_ptr_array_index (rig->events, i);
    fail_unless (GST_EVENT_TYPE (event) == wanted[i], "%u: %s", i,
        GST_EVENT_TYPE_NAME (event));
  }
}

GST_END_TEST;

GST_START_TEST (test_segment)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  const GstSegment *segment;

  site_serve_text (origin, "/body", NULL, BODY);
  rig_run_to_eos (rig);
  gst_event_parse_segment (rig_find_event (rig, GST_EVENT_SEGMENT), &segment);
  fail_unless_equals_int (segment->format, GST_FORMAT_BYTES);
  fail_unless_equals_int (segment->start, 0);
}

GST_END_TEST;

/* A run of buffers, each of which says where it begins and ends. */
GST_START_TEST (test_offsets)
{
  const gsize size = 300 * 1000;
  g_autofree guint8 *bytes = site_make_bytes (size);
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  guint64 position = 0;

  site_serve (origin, "/body", NULL, bytes, size);
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes, size);
  for (guint i = 0; i < rig->buffers->len; i++) {
    GstBuffer *buffer = g_ptr_array_index (rig->buffers, i);

    fail_unless (gst_buffer_get_size (buffer) > 0);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), position);
    position += gst_buffer_get_size (buffer);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET_END (buffer), position);
  }
}

GST_END_TEST;

static gboolean
query_duration (Rig * rig, gint64 * duration)
{
  return gst_element_query_duration (rig->src, GST_FORMAT_BYTES, duration);
}

GST_START_TEST (test_duration)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  gint64 duration = 0;

  site_serve_text (origin, "/body", NULL, BODY);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  fail_unless_equals_int (rig_count_messages (rig,
          GST_MESSAGE_DURATION_CHANGED), 1);
  fail_unless (query_duration (rig, &duration));
  fail_unless_equals_int64 (duration, strlen (BODY));
}

GST_END_TEST;

static void
on_chunks (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_print (connection, "HTTP/1.1 200 OK\r\n"
      "Transfer-Encoding: chunked\r\n\r\n" "5\r\n01234\r\n");
  site_sleep (connection, 20);
  site_print (connection, "F;x=y\r\n56789 and so on\r\n0\r\nA: b\r\n\r\n");
}

static void
on_until_close (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_print (connection, "HTTP/1.0 200 OK\r\n\r\n" BODY);
  site_close (connection);
}

static const SiteHandler unknown_lengths[] = { on_chunks, on_until_close };

GST_START_TEST (test_no_duration)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  gint64 duration;

  site_handle (origin, "/body", unknown_lengths[__i__], NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  rig_check_text (rig, BODY);
  fail_unless_equals_int (rig_count_messages (rig,
          GST_MESSAGE_DURATION_CHANGED), 0);
  fail_if (query_duration (rig, &duration) && duration >= 0);
}

GST_END_TEST;

GST_START_TEST (test_scheduling)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  GstPad *pad = gst_element_get_static_pad (rig->src, "src");
  GstQuery *query = gst_query_new_scheduling ();
  GstSchedulingFlags flags;

  /* uridecodebin asks before it starts. */
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (gst_pad_query (pad, query));
  gst_query_parse_scheduling (query, &flags, NULL, NULL, NULL);
  fail_unless (flags & GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED);
  fail_unless (gst_query_has_scheduling_mode (query, GST_PAD_MODE_PUSH));
  fail_if (gst_query_has_scheduling_mode (query, GST_PAD_MODE_PULL));
  gst_query_unref (query);
  gst_object_unref (pad);
}

GST_END_TEST;

static void
check_seekable (Rig * rig, gboolean wanted)
{
  GstQuery *query = gst_query_new_seeking (GST_FORMAT_BYTES);
  gboolean seekable;

  fail_unless (gst_element_query (rig->src, query));
  gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  fail_unless_equals_int (seekable, wanted);
  gst_query_unref (query);
}

static void
on_no_ranges (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_text (connection, "200 OK", "Accept-Ranges: none\r\n", BODY);
}

GST_START_TEST (test_seeking)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/ranges");
  g_autoptr (Rig) other = rig_new (origin, "/none");

  site_serve_text (origin, "/ranges", NULL, BODY);
  site_handle (origin, "/none", on_no_ranges, NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  check_seekable (rig, TRUE);
  fail_unless_equals_int (rig_run (other), GST_MESSAGE_EOS);
  check_seekable (other, FALSE);
}

GST_END_TEST;

GST_START_TEST (test_live)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  GstQuery *query = gst_query_new_latency ();
  gboolean live;

  site_serve_text (origin, "/body", NULL, BODY);
  g_object_set (rig->src, "is-live", TRUE, NULL);
  fail_unless_equals_int (gst_element_set_state (rig->pipeline,
          GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  rig_check_text (rig, BODY);
  fail_unless (gst_element_query (rig->src, query));
  gst_query_parse_latency (query, &live, NULL, NULL);
  fail_unless (live);
  gst_query_unref (query);
}

GST_END_TEST;

/* GstBaseSrc's own: they work with this source too. */
GST_START_TEST (test_num_buffers)
{
  const gsize size = 3 * 1000 * 1000;
  g_autofree guint8 *bytes = site_make_bytes (size);
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_serve (origin, "/body", NULL, bytes, size);
  g_object_set (rig->src, "num-buffers", 2, NULL);
  rig_run_to_eos (rig);
  fail_unless_equals_int (rig->buffers->len, 2);
}

GST_END_TEST;

/* The same resource has the same stream id, another one another. */
GST_START_TEST (test_stream_id)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  g_autofree char *id = NULL, *again = NULL, *other = NULL;
  g_autofree char *uri = site_uri (origin, "/other");
  GstPad *pad = gst_element_get_static_pad (rig->src, "src");

  site_serve_text (origin, "/body", NULL, BODY);
  site_serve_text (origin, "/other", NULL, BODY);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  id = gst_pad_get_stream_id (pad);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  again = gst_pad_get_stream_id (pad);
  rig_set_state (rig, GST_STATE_READY);
  g_object_set (rig->src, "location", uri, NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  other = gst_pad_get_stream_id (pad);
  fail_unless (id != NULL);
  fail_unless_equals_string (id, again);
  fail_if (g_str_equal (id, other));
  gst_object_unref (pad);
}

GST_END_TEST;

static Suite *
messages_suite (void)
{
  Suite *suite = suite_create ("messages");
  TCase *tests = tcase_create ("messages");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_http_headers);
  tcase_add_test (tests, test_http_headers_of_error);
  tcase_add_test (tests, test_order_of_events);
  tcase_add_test (tests, test_segment);
  tcase_add_test (tests, test_offsets);
  tcase_add_test (tests, test_duration);
  tcase_add_loop_test (tests, test_no_duration, 0,
      G_N_ELEMENTS (unknown_lengths));
  tcase_add_test (tests, test_scheduling);
  tcase_add_test (tests, test_seeking);
  tcase_add_test (tests, test_live);
  tcase_add_test (tests, test_num_buffers);
  tcase_add_test (tests, test_stream_id);
  return suite;
}

RIG_MAIN (messages)
