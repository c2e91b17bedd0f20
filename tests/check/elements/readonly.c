/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Nobody downstream can change what the cache holds, and other viewers get. */

#include "stream.h"

#include <string.h>

#define SIZE (300 * 1000)

typedef struct
{
  guint n_buffers;
  guint n_readonly;
} Seen;

/* What an element that works in place does. */
static GstPadProbeReturn
scribble (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Seen *seen = user_data;
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstMapInfo map;

  seen->n_buffers++;
  seen->n_readonly += GST_MEMORY_IS_READONLY (gst_buffer_peek_memory (buffer,
          0));
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READWRITE));
  memset (map.data, 0xaa, map.size);
  gst_buffer_unmap (buffer, &map);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static void
add_scribbler (Rig * rig, Seen * seen)
{
  GstPad *pad = gst_element_get_static_pad (rig->src, "src");

  rig->forget_buffers = TRUE;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, scribble, seen, NULL);
  gst_object_unref (pad);
}

GST_START_TEST (test_cached_segment)
{
  g_autoptr (Stream) stream = stream_new (3, SIZE);
  g_autoptr (Rig) rig = stream_make_rig (stream);
  Seen seen = { 0 };

  add_scribbler (rig, &seen);
  for (guint i = 0; i < 5; i++) {
    stream_read (stream, rig, 0);
    stream_read (stream, rig, 1);
  }
  fail_unless_equals_int (site_count (stream->origin, "/0.ts"), 1);
  fail_unless_equals_int (site_count (stream->origin, "/1.ts"), 1);
  fail_unless (seen.n_buffers > 0);
  fail_unless_equals_int (seen.n_readonly, seen.n_buffers);
}

GST_END_TEST;

/* Two who read the same at once. */
GST_START_TEST (test_two_readers)
{
  g_autoptr (Stream) stream = stream_new (2, SIZE);
  g_autoptr (Rig) rig = stream_make_rig (stream);
  g_autofree char *uri = stream_get_segment_uri (stream, 0);
  GstElement *other = rig_make_source (uri);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  Seen seen = { 0 };

  add_scribbler (rig, &seen);
  gst_element_set_name (other, "other");
  gst_bin_add_many (GST_BIN (rig->pipeline), other, sink, NULL);
  fail_unless (gst_element_link (other, sink));
  for (guint i = 0; i < 3; i++)
    stream_read (stream, rig, 0);
  fail_unless_equals_int (site_count (stream->origin, "/0.ts"), 1);
}

GST_END_TEST;

/* Of what is no segment nothing is kept, but it is shared with nobody. */
GST_START_TEST (test_other_body)
{
  g_autofree guint8 *bytes = site_make_bytes (SIZE);
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  Seen seen = { 0 };

  site_serve (origin, "/body", NULL, bytes, SIZE);
  add_scribbler (rig, &seen);
  for (guint i = 0; i < 3; i++) {
    rig_run_to_eos (rig);
    rig_check_bytes (rig, bytes, SIZE);
    rig_clear (rig);
  }
  fail_unless_equals_int (site_count (origin, NULL), 3);
}

GST_END_TEST;

static Suite *
readonly_suite (void)
{
  Suite *suite = suite_create ("readonly");
  TCase *tests = tcase_create ("readonly");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_cached_segment);
  tcase_add_test (tests, test_two_readers);
  tcase_add_test (tests, test_other_body);
  return suite;
}

RIG_MAIN (readonly)
