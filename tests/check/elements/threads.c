/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* All that may be done from any thread is done from several, at once: most of
 * all for ThreadSanitizer to look at. */

#include "stream.h"

#define SIZE (100 * 1000)
#define N_SEGMENTS 4
#define N_ROUNDS 25

/* What an application does to a source while it runs. */
typedef struct
{
  GstElement *src;
  gint done;
  GThread *threads[2];
} Meddlers;

static void
touch_property (GstElement * src, GParamSpec * spec)
{
  GValue value = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (src), spec->name, &value);
  /* The location is what is played. */
  if (spec->flags & G_PARAM_WRITABLE && spec->owner_type == G_OBJECT_TYPE (src)
      && !g_str_equal (spec->name, "location"))
    g_object_set_property (G_OBJECT (src), spec->name, &value);
  g_value_unset (&value);
}

static void
ask (GstElement * src)
{
  GstQuery *queries[] = {
    gst_query_new_duration (GST_FORMAT_BYTES),
    gst_query_new_position (GST_FORMAT_BYTES),
    gst_query_new_scheduling (),
    gst_query_new_seeking (GST_FORMAT_BYTES),
    gst_query_new_uri (),
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    gst_element_query (src, queries[i]);
    gst_query_unref (queries[i]);
  }
  g_free (gst_uri_handler_get_uri (GST_URI_HANDLER (src)));
}

static gpointer
meddle (gpointer user_data)
{
  Meddlers *self = user_data;
  g_autofree GParamSpec **specs = NULL;
  guint n_specs;

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self->src),
      &n_specs);
  while (!g_atomic_int_get (&self->done)) {
    for (guint i = 0; i < n_specs; i++)
      touch_property (self->src, specs[i]);
    ask (self->src);
    g_usleep (500);
  }
  return NULL;
}

static void
meddlers_start (Meddlers * self, GstElement * src)
{
  self->src = src;
  self->done = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (self->threads); i++)
    self->threads[i] = g_thread_new ("meddler", meddle, self);
}

static void
meddlers_stop (Meddlers * self)
{
  g_atomic_int_set (&self->done, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (self->threads); i++)
    g_thread_join (self->threads[i]);
}

GST_START_TEST (test_one_source)
{
  g_autoptr (Stream) stream = stream_new (N_SEGMENTS, SIZE);
  g_autoptr (Rig) rig = stream_make_rig (stream);
  Meddlers meddlers;

  meddlers_start (&meddlers, rig->src);
  for (guint i = 0; i < N_ROUNDS; i++) {
    stream_read (stream, rig, i % N_SEGMENTS);
    if (i % 5 == 4)
      rig_set_state (rig, GST_STATE_NULL);
  }
  meddlers_stop (&meddlers);
}

GST_END_TEST;

/* They share a session, of which each may be the last. */
GST_START_TEST (test_sources_of_a_pipeline)
{
  g_autoptr (Stream) stream = stream_new (N_SEGMENTS, SIZE);
  g_autoptr (Rig) rig = stream_make_rig (stream);
  Meddlers meddlers;

  for (guint i = 1; i <= N_SEGMENTS; i++) {
    g_autofree char *uri = i < N_SEGMENTS ? stream_get_segment_uri (stream, i)
        : site_uri (stream->origin, "/a.m3u8");
    g_autofree char *name = g_strdup_printf ("other%u", i);
    GstElement *other = rig_make_source (uri);
    GstElement *sink = gst_element_factory_make ("fakesink", NULL);

    gst_element_set_name (other, name);
    gst_bin_add_many (GST_BIN (rig->pipeline), other, sink, NULL);
    fail_unless (gst_element_link (other, sink));
  }
  meddlers_start (&meddlers, rig->src);
  for (guint i = 0; i < N_ROUNDS; i++) {
    stream_read (stream, rig, 0);
    if (i % 2)
      rig_set_state (rig, GST_STATE_NULL);
  }
  meddlers_stop (&meddlers);
}

GST_END_TEST;

typedef struct
{
  Stream *stream;
  Rig *rig;
} Viewer;

static gpointer
view (gpointer user_data)
{
  Viewer *self = user_data;

  for (guint i = 0; i < N_ROUNDS; i++) {
    stream_read (self->stream, self->rig, i % N_SEGMENTS);
    rig_set_state (self->rig, GST_STATE_NULL);
  }
  return NULL;
}

/* They share the engine, which ends with the last. */
GST_START_TEST (test_pipelines)
{
  g_autoptr (Stream) stream = stream_new (N_SEGMENTS, SIZE);
  Viewer viewers[3];
  GThread *threads[G_N_ELEMENTS (viewers)];

  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++) {
    viewers[i].stream = stream;
    viewers[i].rig = stream_make_rig (stream);
  }
  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    threads[i] = g_thread_new ("viewer", view, &viewers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    rig_free (viewers[i].rig);
}

GST_END_TEST;

static Suite *
threads_suite (void)
{
  Suite *suite = suite_create ("threads");
  TCase *tests = tcase_create ("threads");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_one_source);
  tcase_add_test (tests, test_sources_of_a_pipeline);
  tcase_add_test (tests, test_pipelines);
  return suite;
}

RIG_MAIN (threads)
