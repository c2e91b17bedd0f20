/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the user says to all players: the environment variable and the file. */

#include "rig.h"

#include <glib/gstdio.h>

#define TRACKERS "P2PHLS_TRACKERS"
#define CONFIG "P2PHLS_CONFIG"

static char *folder, *path;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("p2phls-user-XXXXXX", NULL);
  path = g_build_filename (folder, "p2phls.conf", NULL);
  g_unsetenv (TRACKERS);
  g_setenv (CONFIG, path, TRUE);
}

static void
tear_down (void)
{
  g_unlink (path);
  g_rmdir (folder);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&folder, g_free);
  g_unsetenv (CONFIG);
  g_unsetenv (TRACKERS);
}

static void
write_file (const char *text)
{
  fail_unless (g_file_set_contents (path, text, -1, NULL));
}

/* Those of a session that begins now, in a program that set what properties
 * say. */
static GstStructure *
read_settings (const char *property, const char *value)
{
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", NULL);
  GstStructure *settings;

  if (property)
    gst_util_set_object_arg (G_OBJECT (tracker), property, value);
  fail_unless_equals_int (gst_element_set_state (tracker, GST_STATE_READY),
      GST_STATE_CHANGE_SUCCESS);
  g_object_get (tracker, "settings", &settings, NULL);
  gst_element_set_state (tracker, GST_STATE_NULL);
  gst_object_unref (tracker);
  return settings;
}

static void
check_trackers (GstStructure * settings, const char *wanted)
{
  char **urls;
  g_autofree char *joined = NULL;

  fail_unless (gst_structure_get (settings, "tracker-announce", G_TYPE_STRV,
          &urls, NULL));
  joined = g_strjoinv (" ", urls);
  fail_unless_equals_string (joined, wanted);
  g_strfreev (urls);
  gst_structure_free (settings);
}

#define DEFAULT "wss://tracker.btorrent.xyz/ wss://tracker.openwebtorrent.com/"

GST_START_TEST (test_nothing)
{
  check_trackers (read_settings (NULL, NULL), DEFAULT);
}

GST_END_TEST;

GST_START_TEST (test_variable)
{
  g_setenv (TRACKERS, " http://a:1,  https://b/?x=1&y=2 ws://c ,", TRUE);
  check_trackers (read_settings (NULL, NULL),
      "http://a:1 https://b/?x=1&y=2 ws://c");
}

GST_END_TEST;

GST_START_TEST (test_file)
{
  GstStructure *settings;
  guint64 rate;

  write_file ("# mine\n[other]\nupload=false\n[p2phls]\n"
      "tracker-announce=http://a:1; ws://b/x ;\nmax-upload-rate=12345\n"
      "stun-server=NULL\nice-policy=lan\n");
  settings = read_settings (NULL, NULL);
  fail_unless (gst_structure_get_uint64 (settings, "max-upload-rate", &rate));
  fail_unless_equals_uint64 (rate, 12345);
  fail_unless (gst_structure_get_string (settings, "stun-server") == NULL);
  check_trackers (settings, "http://a:1 ws://b/x");
}

GST_END_TEST;

GST_START_TEST (test_variable_wins_over_file)
{
  write_file ("[p2phls]\ntracker-announce=http://a:1\nmax-peers=7\n");
  g_setenv (TRACKERS, "http://b:2", TRUE);
  check_trackers (read_settings (NULL, NULL), "http://b:2");
  g_setenv (TRACKERS, "", TRUE);
  check_trackers (read_settings (NULL, NULL), DEFAULT);
}

GST_END_TEST;

GST_START_TEST (test_program_wins_over_both)
{
  write_file ("[p2phls]\nmax-peers=7\n");
  g_setenv (TRACKERS, "http://b:2", TRUE);
  check_trackers (read_settings ("tracker-announce", "http://c:3"),
      "http://c:3");
}

GST_END_TEST;

static const char *const hostile[] = {
  "", "\n", "[", "[p2phls", "[p2phls]", "max-peers=7\n", "\377\376\375",
  "[p2phls]\nno-such-thing=1\nmax-peers=\nmax-peers=x\nmax-peers=-1\n"
      "max-peers=99999999999\nupload=perhaps\n=\n==\nname=x\nstats=x\n"
      "ice-policy=99\nlast-segment-probability=7\n",
  "[p2phls]\nmax-peers=129\ntracker-announce=\n",
  "[p2phls]\ntracker-announce=;; ;\nmax-peers=\\\\\\q\n",
};

/* What is no setting, or no value of one, is left out, and the rest counts. */
GST_START_TEST (test_hostile)
{
  GstStructure *settings;
  guint peers;

  write_file (hostile[__i__]);
  settings = read_settings (NULL, NULL);
  fail_unless (gst_structure_get_uint (settings, "max-peers", &peers));
  fail_unless_equals_int (peers, 50);
  check_trackers (settings, DEFAULT);
}

GST_END_TEST;

GST_START_TEST (test_no_file)
{
  g_setenv (CONFIG, folder, TRUE);
  check_trackers (read_settings (NULL, NULL), DEFAULT);
  g_setenv (CONFIG, "", TRUE);
  check_trackers (read_settings (NULL, NULL), DEFAULT);
}

GST_END_TEST;

static Suite *
user_suite (void)
{
  Suite *suite = suite_create ("user");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, test_nothing);
  tcase_add_test (tcase, test_variable);
  tcase_add_test (tcase, test_file);
  tcase_add_test (tcase, test_variable_wins_over_file);
  tcase_add_test (tcase, test_program_wins_over_both);
  tcase_add_loop_test (tcase, test_hostile, 0, G_N_ELEMENTS (hostile));
  tcase_add_test (tcase, test_no_file);
  return suite;
}

RIG_MAIN (user)
