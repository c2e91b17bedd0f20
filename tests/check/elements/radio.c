/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Internet radio and raw audio: caps and tags from the response. */

#include "rig.h"

#include <string.h>

#define SOUND "sound that goes on and on and on"

static void
on_headers (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_text (connection, "200 OK", user_data, SOUND);
}

static Rig *
run (Site * origin, const char *headers)
{
  Rig *rig = rig_new (origin, "/radio");

  site_handle (origin, "/radio", on_headers, (gpointer) headers);
  rig_run_to_eos (rig);
  rig_check_text (rig, SOUND);
  return rig;
}

static GstStructure *
get_caps (Rig * rig)
{
  GstEvent *event = rig_find_event (rig, GST_EVENT_CAPS);
  GstCaps *caps;

  fail_unless (event != NULL, "no caps");
  gst_event_parse_caps (event, &caps);
  return gst_caps_get_structure (caps, 0);
}

GST_START_TEST (test_icy)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = run (origin, "icy-metaint: 8192\r\n"
      "Content-Type: audio/mpeg; x=1\r\nicy-name: Radio Name\r\n"
      "icy-genre: Jazz\r\nicy-url: http://example.com/\r\n");
  g_autofree char *asked = site_get_header (origin, "/radio", "icy-metadata");
  g_autofree char *name = NULL, *genre = NULL, *location = NULL;
  GstStructure *caps = get_caps (rig);
  GstEvent *event = rig_find_event (rig, GST_EVENT_TAG);
  GstTagList *tags;
  gint interval;

  fail_unless_equals_string (asked, "1");
  fail_unless (gst_structure_has_name (caps, "application/x-icy"));
  fail_unless (gst_structure_get_int (caps, "metadata-interval", &interval));
  fail_unless_equals_int (interval, 8192);
  fail_unless_equals_string (gst_structure_get_string (caps, "content-type"),
      "audio/mpeg");
  fail_unless (event != NULL);
  gst_event_parse_tag (event, &tags);
  fail_unless (gst_tag_list_get_string (tags, GST_TAG_ORGANIZATION, &name));
  fail_unless (gst_tag_list_get_string (tags, GST_TAG_GENRE, &genre));
  fail_unless (gst_tag_list_get_string (tags, GST_TAG_LOCATION, &location));
  fail_unless_equals_string (name, "Radio Name");
  fail_unless_equals_string (genre, "Jazz");
  fail_unless_equals_string (location, "http://example.com/");
}

GST_END_TEST;

/* Latin-1 has been seen there. */
GST_START_TEST (test_strange_name)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = run (origin, "icy-metaint: 1\r\nicy-name: R\351\r\n");
  GstEvent *event = rig_find_event (rig, GST_EVENT_TAG);
  g_autofree char *name = NULL;
  GstTagList *tags;

  if (event == NULL)
    return;
  gst_event_parse_tag (event, &tags);
  if (gst_tag_list_get_string (tags, GST_TAG_ORGANIZATION, &name))
    fail_unless (g_utf8_validate (name, -1, NULL));
}

GST_END_TEST;

static const char *const bad_intervals[] = {
  "icy-metaint: 0\r\n", "icy-metaint: -1\r\n", "icy-metaint: x\r\n",
  "icy-metaint: 99999999999999999999\r\n", "icy-metaint:\r\n",
};

GST_START_TEST (test_bad_interval)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = run (origin, bad_intervals[__i__]);

  fail_unless (rig_find_event (rig, GST_EVENT_CAPS) == NULL);
}

GST_END_TEST;

GST_START_TEST (test_not_asked)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/radio");
  g_autofree char *asked = NULL;

  g_object_set (rig->src, "iradio-mode", FALSE, NULL);
  site_serve_text (origin, "/radio", NULL, SOUND);
  rig_run_to_eos (rig);
  asked = site_get_header (origin, "/radio", "icy-metadata");
  fail_unless (asked == NULL);
}

GST_END_TEST;

GST_START_TEST (test_raw_audio)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = run (origin,
      "Content-Type: audio/L16; rate=48000; channels=1\r\n");
  GstStructure *caps = get_caps (rig);
  gint rate, channels;

  fail_unless (gst_structure_has_name (caps, "audio/x-unaligned-raw"));
  fail_unless (gst_structure_get_int (caps, "rate", &rate));
  fail_unless (gst_structure_get_int (caps, "channels", &channels));
  fail_unless_equals_int (rate, 48000);
  fail_unless_equals_int (channels, 1);
  fail_unless_equals_string (gst_structure_get_string (caps, "format"),
      "S16BE");
}

GST_END_TEST;

/* Nothing else gets caps: typefind knows better than servers do. */
GST_START_TEST (test_others)
{
  static const char *const others[] = {
    "Content-Type: video/mp2t\r\n", "Content-Type: text/plain\r\n",
    "Content-Type: audio/L16; rate=0\r\n", "Content-Type: \377\r\n", "",
    "Content-Type: ;;;=\r\n",
  };
  g_autoptr (Site) origin = site_new ();

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (Rig) rig = run (origin, others[i]);

    fail_unless (rig_find_event (rig, GST_EVENT_CAPS) == NULL, "%u", i);
  }
}

GST_END_TEST;

static Suite *
radio_suite (void)
{
  Suite *suite = suite_create ("radio");
  TCase *tests = tcase_create ("radio");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_icy);
  tcase_add_test (tests, test_strange_name);
  tcase_add_loop_test (tests, test_bad_interval, 0,
      G_N_ELEMENTS (bad_intervals));
  tcase_add_test (tests, test_not_asked);
  tcase_add_test (tests, test_raw_audio);
  tcase_add_test (tests, test_others);
  return suite;
}

RIG_MAIN (radio)
