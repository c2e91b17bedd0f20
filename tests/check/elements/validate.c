/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* validate-segment, asked on a thread of its own, whatever its handler does. */

#include "rig.h"

#define PLAYLIST "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n0.ts\n" \
    "#EXTINF:2,\n1.ts\n#EXT-X-ENDLIST\n"

static Site *
make_origin (void)
{
  Site *origin = site_new ();

  site_serve_text (origin, "/a.m3u8", NULL, PLAYLIST);
  site_serve_text (origin, "/0.ts", NULL, "the first");
  site_serve_text (origin, "/1.ts", NULL, "the second");
  return origin;
}

/* What a handler is to do, and was asked. */
typedef struct
{
  Rig *rig;
  GThread *own;                 /* the test's */
  gint answered, bad;           /* atomic; how many are still bad */
  gboolean stops;
} Judge;

static gboolean
on_validate (GstElement * src, const char *url, GBytes * data,
    const char *method, const char *peer_id, Judge * judge)
{
  gboolean good;

  fail_unless (g_thread_self () != judge->own);
  fail_unless (g_bytes_get_size (data) >= strlen ("the first"));
  fail_unless_equals_string (method, "http");
  fail_unless (peer_id == NULL);
  if (judge->stops)
    gst_element_set_state (judge->rig->pipeline, GST_STATE_NULL);
  good = g_atomic_int_add (&judge->bad, -1) <= 0;
  g_atomic_int_inc (&judge->answered);
  return good;
}

/* Plays the playlist, so that the session knows the segments, then looks at
 * them. */
static Rig *
looking_rig (Site * origin, Judge * judge)
{
  Rig *rig = rig_new (origin, "/a.m3u8");

  judge->rig = rig;
  judge->own = g_thread_self ();
  rig_run_to_eos (rig);
  g_signal_connect (rig->src, "validate-segment", G_CALLBACK (on_validate),
      judge);
  rig_clear (rig);
  return rig;
}

static void
set_path (Rig * rig, Site * origin, const char *path)
{
  g_autofree char *uri = site_uri (origin, path);

  g_object_set (rig->src, "location", uri, NULL);
}

GST_START_TEST (test_good)
{
  g_autoptr (Site) origin = make_origin ();
  Judge judge = { NULL, };
  g_autoptr (Rig) rig = looking_rig (origin, &judge);

  set_path (rig, origin, "/0.ts");
  rig_run_to_eos (rig);
  rig_check_text (rig, "the first");
  fail_unless (g_atomic_int_get (&judge.answered) >= 1);
}

GST_END_TEST;

GST_START_TEST (test_bad_once)
{
  g_autoptr (Site) origin = make_origin ();
  Judge judge = { NULL,.bad = 1 };
  g_autoptr (Rig) rig = looking_rig (origin, &judge);

  set_path (rig, origin, "/0.ts");
  rig_run_to_eos (rig);
  rig_check_text (rig, "the first");
  fail_unless (site_count (origin, "/0.ts") >= 2);
}

GST_END_TEST;

GST_START_TEST (test_always_bad)
{
  g_autoptr (Site) origin = make_origin ();
  Judge judge = { NULL,.bad = 1000 };
  g_autoptr (Rig) rig = looking_rig (origin, &judge);

  set_path (rig, origin, "/0.ts");
  rig_run_to_error (rig, GST_RESOURCE_ERROR_READ);
  rig_check_text (rig, "");
}

GST_END_TEST;

/* The pipeline goes while it is asked, with all that waits. */
GST_START_TEST (test_stops)
{
  g_autoptr (Site) origin = make_origin ();
  Judge judge = { NULL,.stops = TRUE };
  g_autoptr (Rig) rig = looking_rig (origin, &judge);

  set_path (rig, origin, "/0.ts");
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  while (g_atomic_int_get (&judge.answered) == 0)
    g_usleep (1000);
  fail_unless_equals_int (gst_element_set_state (rig->pipeline,
          GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
}

GST_END_TEST;

static Suite *
validate_suite (void)
{
  Suite *suite = suite_create ("validate");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_good);
  tcase_add_test (tc, test_bad_once);
  tcase_add_test (tc, test_always_bad);
  tcase_add_test (tc, test_stops);
  return suite;
}

RIG_MAIN (validate)
