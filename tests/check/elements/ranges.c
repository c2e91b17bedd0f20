/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Parts of a resource: as hlsdemux asks for them, by a SEEK in READY, and
 * seeks while it plays. */

#include "rig.h"

#include <string.h>

#define SIZE (2 * 1024 * 1024)

static guint8 *bytes;

static void
setup (void)
{
  bytes = site_make_bytes (SIZE);
}

static void
teardown (void)
{
  g_free (bytes);
}

static gboolean
seek (Rig * rig, gint64 start, gint64 stop)
{
  return gst_element_send_event (rig->src, gst_event_new_seek (1.0,
          GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, start,
          GST_SEEK_TYPE_SET, stop));
}

typedef struct
{
  gint64 start;
  gint64 stop;                  /* as asked for, -1: to the end */
  gint64 end;                   /* what it comes to */
} Range;

static const Range ranges[] = {
  {0, 1, 1},
  {0, 1000, 1000},
  {1, 1000, 1000},
  {1000, 1500 * 1000, 1500 * 1000},
  {1, -1, SIZE},
  {SIZE - 1, SIZE, SIZE},
  {SIZE - 10, SIZE + 10, SIZE},
};

/* Of one element that never goes to NULL. */
GST_START_TEST (test_in_ready)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_serve (origin, "/body", NULL, bytes, SIZE);
  rig_set_state (rig, GST_STATE_READY);
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    const Range *range = &ranges[i];
    g_autofree char *uri = site_uri (origin, "/body");
    const GstSegment *segment;

    fail_unless (gst_uri_handler_set_uri (GST_URI_HANDLER (rig->src), uri,
            NULL));
    fail_unless (seek (rig, range->start, range->stop));
    rig_run_to_eos (rig);
    rig_check_bytes (rig, bytes + range->start, range->end - range->start);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (g_ptr_array_index
            (rig->buffers, 0)), range->start);
    gst_event_parse_segment (rig_find_event (rig, GST_EVENT_SEGMENT), &segment);
    fail_unless_equals_int64 (segment->start, range->start);
    rig_clear (rig);
  }
  fail_unless_equals_int (site_count (origin, NULL), G_N_ELEMENTS (ranges));
}

GST_END_TEST;

/* A range that was asked for once is not there any more at the next start. */
GST_START_TEST (test_all_after_a_part)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  g_autofree char *header = NULL;

  site_serve (origin, "/body", NULL, bytes, SIZE);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (seek (rig, 10, 20));
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes + 10, 10);
  rig_clear (rig);
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes, SIZE);
  header = site_get_header (origin, "/body", "Range");
  fail_unless (header == NULL, "%s", header);
}

GST_END_TEST;

/* The whole resource's size is the duration: hlsdemux counts on nothing else,
 * but a queue2 would. */
GST_START_TEST (test_duration_of_a_part)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  gint64 duration;

  site_serve (origin, "/body", NULL, bytes, SIZE);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (seek (rig, 1000, 2000));
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_EOS);
  fail_unless (gst_element_query_duration (rig->src, GST_FORMAT_BYTES,
          &duration));
  fail_unless_equals_int64 (duration, SIZE);
}

GST_END_TEST;

GST_START_TEST (test_beyond_the_end)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_serve (origin, "/body", NULL, bytes, 1000);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (seek (rig, 1000, -1));
  rig_run_to_eos (rig);
  fail_unless_equals_int (rig->bytes->len, 0);
  rig_clear (rig);
  /* And it is no worse for that. */
  fail_unless (seek (rig, 999, -1));
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes + 999, 1);
}

GST_END_TEST;

static void
on_416 (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply (connection, "416 Range Not Satisfiable", NULL, "", 0);
}

/* One that cannot be right: it was asked for within the resource. */
GST_START_TEST (test_416_without_reason)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_416, NULL);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (seek (rig, 10, 20));
  rig_run_to_error (rig, GST_RESOURCE_ERROR_SEEK);
}

GST_END_TEST;

static void
on_whole (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply (connection, "200 OK", user_data, bytes, SIZE);
}

/* Says no word of ranges, and serves none. */
GST_START_TEST (test_no_ranges)
{
  static const char *const headers[] = { NULL, "Accept-Ranges: none\r\n" };
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_whole, (gpointer) headers[__i__]);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (seek (rig, 1000, 2000));
  rig_run_to_error (rig, GST_RESOURCE_ERROR_SEEK);
  fail_unless_equals_int (rig->bytes->len, 0);
  /* From the start on, it plays. */
  rig_clear (rig);
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes, SIZE);
}

GST_END_TEST;

static void
on_other_part (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply (connection, "206 Partial Content", user_data, bytes, 1000);
}

/* It lies about the part: a wrong byte must not go downstream. */
GST_START_TEST (test_wrong_part)
{
  static const char *const headers[] = {
    "Content-Range: bytes 0-999/2000\r\n",
    "Content-Range: bytes 1500-2499/5000\r\n",
    "Content-Range: bytes 999-1998/5000\r\n",
    "Content-Range: bytes */5000\r\n",
    "Content-Range: nonsense\r\n",
    "Content-Range: bytes 99999999999999999999-1/2\r\n",
  };
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_other_part, (gpointer) headers[__i__]);
  g_object_set (rig->src, "retries", 0, NULL);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (seek (rig, 1000, 2000));
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_ERROR);
  fail_unless_equals_int (rig->bytes->len, 0);
}

GST_END_TEST;

static void
on_too_much (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply (connection, "206 Partial Content",
      "Content-Range: bytes 1000-4999/5000\r\n", bytes + 1000, 4000);
}

GST_START_TEST (test_more_than_asked)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_too_much, NULL);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (seek (rig, 1000, 2000));
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes + 1000, 1000);
}

GST_END_TEST;

/* The first part of the body, and then nothing. */
static void
on_stall (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_stalled (connection, request, bytes, SIZE);
}

/* The request there is goes, at once, and nothing of it comes any more. */
GST_START_TEST (test_while_playing)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  g_autofree char *range = NULL;

  G_STATIC_ASSERT (SIZE == 2097152);
  site_handle (origin, "/body", on_stall, NULL);
  rig_play (rig);
  rig_wait_for_bytes (rig, 1000);
  rig_clear (rig);
  fail_unless (seek (rig, 5000, -1));
  rig_wait_for (rig, GST_MESSAGE_EOS);
  rig_check_bytes (rig, bytes + 5000, SIZE - 5000);
  range = site_get_header (origin, "/body", "Range");
  fail_unless (g_str_has_prefix (range, "bytes=5000-"));
}

GST_END_TEST;

GST_START_TEST (test_many_while_playing)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  gint64 start = 0;

  site_serve (origin, "/body", NULL, bytes, SIZE);
  rig_play (rig);
  rig_wait_for_bytes (rig, 1);
  for (guint i = 0; i < 100; i++) {
    start = g_rand_int_range (rand, 0, SIZE);
    fail_unless (seek (rig, start, -1), "seek %u", i);
    if (g_rand_boolean (rand))
      g_usleep (g_rand_int_range (rand, 0, 3000));
  }
  /* Now that it stands still: the last one once more, to the end. */
  rig_set_state (rig, GST_STATE_READY);
  rig_clear (rig);
  fail_unless (seek (rig, start, -1));
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes + start, SIZE - start);
}

GST_END_TEST;

GST_START_TEST (test_refused_seeks)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  GstEvent *backward = gst_event_new_seek (-1.0, GST_FORMAT_BYTES,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, 100);
  GstEvent *in_time = gst_event_new_seek (1.0, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, 100);

  site_handle (origin, "/body", on_stall, NULL);
  rig_play (rig);
  rig_wait_for_bytes (rig, 1000);
  fail_if (gst_element_send_event (rig->src, backward));
  fail_if (gst_element_send_event (rig->src, in_time));
  fail_unless_equals_int (site_count (origin, NULL), 1);
}

GST_END_TEST;

static Suite *
ranges_suite (void)
{
  Suite *suite = suite_create ("ranges");
  TCase *tests = tcase_create ("ranges");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, setup, teardown);
  tcase_add_test (tests, test_in_ready);
  tcase_add_test (tests, test_all_after_a_part);
  tcase_add_test (tests, test_duration_of_a_part);
  tcase_add_test (tests, test_beyond_the_end);
  tcase_add_test (tests, test_416_without_reason);
  tcase_add_loop_test (tests, test_no_ranges, 0, 2);
  tcase_add_loop_test (tests, test_wrong_part, 0, 6);
  tcase_add_test (tests, test_more_than_asked);
  tcase_add_test (tests, test_while_playing);
  tcase_add_test (tests, test_many_while_playing);
  tcase_add_test (tests, test_refused_seeks);
  return suite;
}

RIG_MAIN (ranges)
