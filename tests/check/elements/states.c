/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* State changes, in all orders; at once, whatever the server does. */

#include "process.h"
#include "rig.h"

#include <string.h>

#define SIZE (500 * 1000)

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

static void
on_silence (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_wait (connection);
}

static void
on_stall (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_stalled (connection, request, bytes, SIZE);
}

static void
on_late (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_sleep (connection, 3);
  site_reply_range (connection, request, NULL, bytes, SIZE);
}

static void
on_404 (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_text (connection, "404 Not Found", NULL, "");
}

static Site *
make_origin (void)
{
  Site *origin = site_new ();

  site_serve (origin, "/good", NULL, bytes, SIZE);
  site_handle (origin, "/silent", on_silence, NULL);
  site_handle (origin, "/stalls", on_stall, NULL);
  site_handle (origin, "/late", on_late, NULL);
  site_handle (origin, "/bad", on_404, NULL);
  return origin;
}

static const char *const paths[] = {
  "/good", "/silent", "/stalls", "/late", "/bad"
};

/* From any state to any other, with any server. */
GST_START_TEST (test_any_order)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, paths[__i__]);
  g_autoptr (GRand) rand = g_rand_new_with_seed (__i__);
  g_autofree char *good = site_uri (origin, "/good");

  for (guint i = 0; i < 200; i++) {
    GstState state = g_rand_int_range (rand, GST_STATE_NULL,
        GST_STATE_PLAYING + 1);

    rig_set_state (rig, state);
    if (g_rand_int_range (rand, 0, 3) == 0)
      g_usleep (g_rand_int_range (rand, 0, 5000));
  }
  /* It is as good as new. */
  rig_set_state (rig, GST_STATE_READY);
  g_object_set (rig->src, "location", good, NULL);
  rig_clear (rig);
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes, SIZE);
}

GST_END_TEST;

/* As hlsdemux does it: a source that is in no bin, set_uri() in READY, and back
 * to READY before or after the end. */
GST_START_TEST (test_reuse_without_null)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/good");

  for (guint i = 0; i < 100; i++) {
    g_autofree char *good = site_uri (origin, "/good");
    g_autofree char *other = site_uri (origin,
        paths[i % G_N_ELEMENTS (paths)]);

    fail_unless (gst_uri_handler_set_uri (GST_URI_HANDLER (rig->src), other,
            NULL));
    rig_set_state (rig, GST_STATE_PLAYING);
    if (i % 3)
      g_usleep (i * 50);
    rig_set_state (rig, GST_STATE_READY);

    rig_clear (rig);
    fail_unless (gst_uri_handler_set_uri (GST_URI_HANDLER (rig->src), good,
            NULL));
    rig_run_to_eos (rig);
    rig_check_bytes (rig, bytes, SIZE);
  }
}

GST_END_TEST;

/* The best of five: the machine may have other things to do. */
static gint64
measure (Rig * rig, GstState from, GstState to, Site * origin, const char *path)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < 5; i++) {
    guint before = site_count (origin, path);
    gint64 started;

    rig_set_state (rig, from);
    if (from >= GST_STATE_PAUSED)
      fail_unless (site_wait_for (origin, path, before + 1));
    started = g_get_monotonic_time ();
    rig_set_state (rig, to);
    best = MIN (best, g_get_monotonic_time () - started);
    rig_set_state (rig, GST_STATE_NULL);
  }
  return best / 1000;
}

static const GstState changes[][2] = {
  {GST_STATE_NULL, GST_STATE_READY}, {GST_STATE_READY, GST_STATE_PAUSED},
  {GST_STATE_NULL, GST_STATE_PLAYING}, {GST_STATE_PLAYING, GST_STATE_READY},
  {GST_STATE_PAUSED, GST_STATE_READY}, {GST_STATE_PLAYING, GST_STATE_NULL},
  {GST_STATE_PAUSED, GST_STATE_NULL},
};

GST_START_TEST (test_at_once)
{
  g_autoptr (Site) origin = make_origin ();

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (Rig) rig = rig_new (origin, "/silent");
    gint64 took = measure (rig, changes[i][0], changes[i][1], origin,
        "/silent");

    fail_unless (took < 200 * process_get_slowness (), "%s to %s: %d ms",
        gst_element_state_get_name (changes[i][0]),
        gst_element_state_get_name (changes[i][1]), (int) took);
  }
}

GST_END_TEST;

/* A name server that does not answer, a server that does not accept: nobody
 * waits for them. */
GST_START_TEST (test_at_once_while_it_retries)
{
  g_autoptr (Site) origin = site_new_closed ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  gint64 started;

  rig_set_state (rig, GST_STATE_PLAYING);
  g_usleep (50 * 1000);
  started = g_get_monotonic_time ();
  rig_set_state (rig, GST_STATE_NULL);
  fail_unless (g_get_monotonic_time () - started
      < 200 * 1000 * process_get_slowness ());
  fail_unless (gst_bus_pop_filtered (rig->bus, GST_MESSAGE_ERROR) == NULL);
}

GST_END_TEST;

static GstFlowReturn
on_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  gint *count = gst_pad_get_element_private (pad);

  g_atomic_int_add (count, gst_buffer_get_size (buffer));
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
on_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    gst_pad_set_element_private (pad, NULL);
  return gst_pad_event_default (pad, parent, event);
}

/* What a GstUriDownloader does: a source with a bus of its own and a loose pad
 * behind it; create() is cancelled, and the element is of use at once. */
GST_START_TEST (test_cancelled_create)
{
  g_autoptr (Site) origin = make_origin ();
  g_autofree char *silent = site_uri (origin, "/silent");
  g_autofree char *good = site_uri (origin, "/good");
  GstElement *src = rig_make_source (NULL);
  GstBus *bus = gst_bus_new ();
  GstPad *pad = gst_pad_new ("sink", GST_PAD_SINK);
  GstPad *src_pad = gst_element_get_static_pad (src, "src");
  gint count = 0;

  gst_pad_set_chain_function (pad, on_chain);
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_active (pad, TRUE);
  fail_unless_equals_int (gst_pad_link (src_pad, pad), GST_PAD_LINK_OK);
  gst_element_set_bus (src, bus);
  for (guint i = 0; i < 20; i++) {
    g_atomic_int_set (&count, 0);
    gst_pad_set_element_private (pad, &count);
    fail_unless (gst_uri_handler_set_uri (GST_URI_HANDLER (src), silent, NULL));
    gst_element_set_state (src, GST_STATE_PLAYING);
    fail_unless (site_wait_for (origin, "/silent", i + 1));
    gst_element_set_state (src, GST_STATE_READY);

    fail_unless (gst_uri_handler_set_uri (GST_URI_HANDLER (src), good, NULL));
    gst_element_set_state (src, GST_STATE_PLAYING);
    while (gst_pad_get_element_private (pad))
      g_usleep (500);
    fail_unless_equals_int (g_atomic_int_get (&count), SIZE);
    gst_element_set_state (src, GST_STATE_READY);
  }
  fail_if (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));
  gst_element_set_state (src, GST_STATE_NULL);
  gst_element_set_bus (src, NULL);
  gst_object_unref (src_pad);
  gst_object_unref (pad);
  gst_object_unref (bus);
  gst_object_unref (src);
}

GST_END_TEST;

/* Neither the plugin nor an element that nobody started does anything. */
GST_START_TEST (test_nothing_before_ready)
{
  guint threads = process_count_threads (NULL);
  guint sockets = process_count_files ("socket:");
  GstElement *src = rig_make_source ("p2phls+http://127.0.0.1:1/a.m3u8");
  const char *const trackers[] = { "ws://127.0.0.1:1/", NULL };

  g_object_set (src, "tracker-announce", trackers, "use-p2p", TRUE, NULL);
  fail_unless_equals_int (process_count_threads (NULL), threads);
  fail_unless_equals_int (process_count_files ("socket:"), sockets);
  gst_object_unref (src);
}

GST_END_TEST;

/* And afterwards nothing of it is left. */
GST_START_TEST (test_nothing_after_null)
{
  g_autoptr (Site) origin = make_origin ();
  guint threads = 0, files = 0;

  for (guint i = 0; i < 12; i++) {
    g_autoptr (Rig) rig = rig_new (origin, paths[i % G_N_ELEMENTS (paths)]);

    rig_set_state (rig, GST_STATE_PLAYING);
    g_usleep (i * 1000);
    rig_set_state (rig, GST_STATE_NULL);
    fail_unless (process_wait_for_threads ("p2phls", 0));
    if (i == 5) {
      threads = process_count_threads ("p2phls");
      files = process_count_files (NULL);
    }
  }
  fail_unless (process_wait_for_threads ("p2phls", threads));
  fail_unless (process_wait_for_files (NULL, files));
}

GST_END_TEST;

/* Many at once share the one thread. */
GST_START_TEST (test_one_thread)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (GPtrArray) rigs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) rig_free);

  for (guint i = 0; i < 8; i++) {
    Rig *rig = rig_new (origin, "/silent");

    g_ptr_array_add (rigs, rig);
    rig_set_state (rig, GST_STATE_PLAYING);
  }
  fail_unless (site_wait_for (origin, "/silent", 8));
  /* A thread that a library starts on it has its name for a moment. */
  fail_unless (process_wait_for_threads ("p2phls-engine", 1));
  fail_unless_equals_int (process_count_threads ("p2phls-engine"), 1);
  g_ptr_array_set_size (rigs, 0);
  fail_unless (process_wait_for_threads ("p2phls-engine", 0));
}

GST_END_TEST;

static Suite *
states_suite (void)
{
  Suite *suite = suite_create ("states");
  TCase *tests = tcase_create ("states");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, setup, teardown);
  tcase_add_test (tests, test_nothing_before_ready);
  tcase_add_loop_test (tests, test_any_order, 0, G_N_ELEMENTS (paths));
  tcase_add_test (tests, test_reuse_without_null);
  tcase_add_test (tests, test_at_once);
  tcase_add_test (tests, test_at_once_while_it_retries);
  tcase_add_test (tests, test_cancelled_create);
  tcase_add_test (tests, test_nothing_after_null);
  tcase_add_test (tests, test_one_thread);
  return suite;
}

RIG_MAIN (states)
