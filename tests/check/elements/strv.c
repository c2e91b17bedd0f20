/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Lists of strings, written in gst-launch: GStreamer 1.22 has no way for them
 * of its own. */

#include "rig.h"

typedef struct
{
  const char *written;
  const char *wanted;           /* joined with a bar */
} Case;

/* What GStreamer's core takes too, from 1.26 on, comes first. */
#define N_CORE 7
static const Case cases[] = {
  {"ws://a,ws://b", "ws://a|ws://b"},
  {"ws://a", "ws://a"},
  {"wss://a:8/x?y=1&z=2", "wss://a:8/x?y=1&z=2"},
  {"<\"wss://a/?x=1,2\",\"ws://b\">", "wss://a/?x=1,2|ws://b"},
  {"NULL", "wss://tracker.btorrent.xyz/|wss://tracker.openwebtorrent.com/"},
  {"\"\"", ""},
  {"<>", ""},
  {"\"ws://a, ws://b\"", "ws://a|ws://b"},
  {"<ws://a,ws://b>", "ws://a|ws://b"},
  {"\"< ws://a , ws://b >\"", "ws://a|ws://b"},
  {"\"{ws://a,ws://b}\"", "ws://a|ws://b"},
  {"ws://a,,ws://b,", "ws://a|ws://b"},
};

/* Whether it is the core that reads them. */
static gboolean
is_core (void)
{
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  return major > 1 || minor >= 26;
}

static char *
get (GstElement * src, const char *name)
{
  g_auto (GStrv) strv = NULL;

  g_object_get (src, name, &strv, NULL);
  return strv ? g_strjoinv ("|", strv) : NULL;
}

static GstElement *
launch (const char *name, const char *written)
{
  g_autofree char *line = g_strdup_printf ("p2phlssrc %s=%s", name, written);
  GError *error = NULL;
  GstElement *src = gst_parse_launch (line, &error);

  fail_unless (error == NULL, "%s: %s", line, error ? error->message : "");
  return src;
}

GST_START_TEST (test_trackers)
{
  GstElement *src = launch ("tracker-announce", cases[__i__].written);
  g_autofree char *got = get (src, "tracker-announce");

  fail_unless_equals_string (got, cases[__i__].wanted);
  gst_object_unref (src);
}

GST_END_TEST;

GST_START_TEST (test_cookies)
{
  GstElement *src = launch ("cookies", "a=1,b=2");
  g_autofree char *got = get (src, "cookies");

  fail_unless_equals_string (got, "a=1|b=2");
  gst_object_unref (src);
}

GST_END_TEST;

GST_START_TEST (test_open_quote)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRV);
  fail_if (gst_value_deserialize (&value, "<\"ws://a>"));
  g_value_unset (&value);
}

GST_END_TEST;

/* What is written is read back the same. */
GST_START_TEST (test_both_ways)
{
  const char *strv[] = { "a b", "c,d", "e\"f", "g\\h", "", "<i>", " j ", NULL };
  g_autofree char *text = NULL;
  GValue value = G_VALUE_INIT, again = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRV);
  g_value_init (&again, G_TYPE_STRV);
  g_value_set_boxed (&value, strv);
  text = gst_value_serialize (&value);
  fail_unless (text != NULL);
  fail_unless (gst_value_deserialize (&again, text), "%s", text);
  fail_unless (g_strv_equal ((const char *const *) strv,
          g_value_get_boxed (&again)), "%s", text);
  g_value_unset (&value);
  g_value_unset (&again);
}

GST_END_TEST;

/* A structure with numbers of whichever type. */
GST_START_TEST (test_extra_headers)
{
  GError *error = NULL;
  GstElement *src = gst_parse_launch ("p2phlssrc extra-headers="
      "\"x,A=1,B=(uint)2,C=2.5,D=text\" compress=true retries=-1 timeout=7",
      &error);
  g_autoptr (GstStructure) headers = NULL;
  guint timeout;
  gint retries;

  g_assert_no_error (error);
  g_object_get (src, "extra-headers", &headers, "timeout", &timeout, "retries",
      &retries, NULL);
  fail_unless_equals_int (gst_structure_n_fields (headers), 4);
  fail_unless_equals_int (timeout, 7);
  fail_unless_equals_int (retries, -1);
  gst_object_unref (src);
}

GST_END_TEST;

static void
gst_launch_plugin (void)
{
  /* The table comes with the plugin. */
  gst_object_unref (rig_make_source (NULL));
}

static Suite *
strv_suite (void)
{
  Suite *suite = suite_create ("strv");
  TCase *tests = tcase_create ("strv");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, gst_launch_plugin, NULL);
  tcase_add_loop_test (tests, test_trackers, 0, is_core ()? N_CORE
      : G_N_ELEMENTS (cases));
  tcase_add_test (tests, test_cookies);
  tcase_add_test (tests, test_open_quote);
  tcase_add_test (tests, test_both_ways);
  tcase_add_test (tests, test_extra_headers);
  return suite;
}

RIG_MAIN (strv)
