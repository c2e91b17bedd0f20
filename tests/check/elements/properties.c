/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The properties, beside those of souphttpsrc itself. */

#include "rig.h"

#include <string.h>

static GstElement *ours, *theirs;

static void
setup (void)
{
  g_unsetenv ("http_proxy");
  ours = gst_element_factory_make ("p2phlssrc", NULL);
  theirs = gst_element_factory_make ("souphttpsrc", NULL);
  fail_unless (ours && theirs);
}

static void
teardown (void)
{
  gst_object_unref (ours);
  gst_object_unref (theirs);
}

/* Those of both classes that are not the base classes' own. */
static gboolean
is_own (GParamSpec * pspec, GstElement * element)
{
  return pspec->owner_type == G_OBJECT_TYPE (element);
}

static GParamSpec *
find (GstElement * element, const char *name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (element), name);
}

static char *
get_value (GstElement * element, GParamSpec * pspec)
{
  GValue value = G_VALUE_INIT;
  char *text;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (element), pspec->name, &value);
  text = G_VALUE_HOLDS_BOXED (&value) && !g_value_get_boxed (&value) ?
      g_strdup ("NULL") : g_strdup_value_contents (&value);
  g_value_unset (&value);
  return text;
}

/* A type of its own may stand for theirs if it has the same values. */
static gboolean
is_same_type (GParamSpec * a, GParamSpec * b)
{
  if (a->value_type == b->value_type)
    return TRUE;
  if (!G_IS_PARAM_SPEC_ENUM (a) || !G_IS_PARAM_SPEC_ENUM (b))
    return FALSE;
  for (gint i = 0; i < 4; i++) {
    GEnumValue *x = g_enum_get_value (G_PARAM_SPEC_ENUM (a)->enum_class, i);
    GEnumValue *y = g_enum_get_value (G_PARAM_SPEC_ENUM (b)->enum_class, i);

    if (!x || !y || !g_str_equal (x->value_nick, y->value_nick))
      return FALSE;
  }
  return TRUE;
}

/* Which of theirs differ, and why: user-agent, as it says who asks. */
GST_START_TEST (test_all_of_souphttpsrc)
{
  guint n, own = 0;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (theirs), &n);

  for (guint i = 0; i < n; i++) {
    GParamSpec *pspec = find (ours, pspecs[i]->name);
    g_autofree char *a = NULL, *b = NULL;

    own += is_own (pspecs[i], theirs);
    fail_unless (pspec != NULL, "%s", pspecs[i]->name);
    fail_unless (is_same_type (pspec, pspecs[i]), "%s", pspec->name);
    fail_unless ((pspec->flags & G_PARAM_READWRITE)
        == (pspecs[i]->flags & G_PARAM_READWRITE), "%s", pspec->name);
    if (g_str_equal (pspec->name, "name")
        || g_str_equal (pspec->name, "user-agent"))
      continue;
    a = get_value (ours, pspec);
    b = get_value (theirs, pspecs[i]);
    if (!G_IS_PARAM_SPEC_ENUM (pspec))
      fail_unless (g_str_equal (a, b), "%s: %s, not %s", pspec->name, a, b);
  }
  fail_unless (own >= 20);
}

GST_END_TEST;

GST_START_TEST (test_user_agent)
{
  g_autofree char *own = NULL, *other = NULL;

  g_object_get (ours, "user-agent", &own, NULL);
  g_object_get (theirs, "user-agent", &other, NULL);
  fail_unless (g_str_has_prefix (own, "GStreamer p2phlssrc "));
  fail_unless (g_str_has_prefix (other, "GStreamer souphttpsrc "));
  fail_unless (g_str_has_suffix (own, " ") && g_str_has_suffix (other, " "));
}

GST_END_TEST;

GST_START_TEST (test_http_log_level)
{
  gint a, b;

  g_object_get (ours, "http-log-level", &a, NULL);
  g_object_get (theirs, "http-log-level", &b, NULL);
  fail_unless_equals_int (a, b);
}

GST_END_TEST;

/* The numbers' bounds. */
GST_START_TEST (test_bounds)
{
  GParamSpecUInt *timeout = G_PARAM_SPEC_UINT (find (ours, "timeout"));
  GParamSpecUInt *their_timeout = G_PARAM_SPEC_UINT (find (theirs, "timeout"));
  GParamSpecInt *retries = G_PARAM_SPEC_INT (find (ours, "retries"));
  GParamSpecInt *their_retries = G_PARAM_SPEC_INT (find (theirs, "retries"));

  fail_unless_equals_int (timeout->minimum, their_timeout->minimum);
  fail_unless_equals_int (timeout->maximum, their_timeout->maximum);
  fail_unless_equals_int (retries->minimum, their_retries->minimum);
  fail_unless_equals_int (retries->maximum, their_retries->maximum);
}

GST_END_TEST;

/* Whoever reads gst-inspect learns what it is and when it may be set. */
GST_START_TEST (test_described)
{
  guint n;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (ours), &n);

  for (guint i = 0; i < n; i++) {
    const char *blurb = g_param_spec_get_blurb (pspecs[i]);

    if (!is_own (pspecs[i], ours))
      continue;
    fail_unless (blurb && strlen (blurb) > 5, "%s", pspecs[i]->name);
    if (pspecs[i]->flags & G_PARAM_WRITABLE)
      fail_unless (pspecs[i]->flags & (GST_PARAM_MUTABLE_READY
              | GST_PARAM_MUTABLE_PLAYING), "%s", pspecs[i]->name);
  }
}

GST_END_TEST;

static void
set_another (GstElement * element, GParamSpec * pspec)
{
  GValue value = G_VALUE_INIT;
  static const char *const texts[] = { "http://127.0.0.1/a?b", NULL };

  g_value_init (&value, pspec->value_type);
  if (G_IS_PARAM_SPEC_STRING (pspec))
    g_value_set_string (&value, texts[0]);
  else if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    g_value_set_boolean (&value, !G_PARAM_SPEC_BOOLEAN (pspec)->default_value);
  else if (G_IS_PARAM_SPEC_UINT (pspec))
    g_value_set_uint (&value, 77);
  else if (G_IS_PARAM_SPEC_UINT64 (pspec))
    g_value_set_uint64 (&value, G_GUINT64_CONSTANT (77) << 32);
  else if (G_IS_PARAM_SPEC_INT (pspec))
    g_value_set_int (&value, 77);
  else if (G_IS_PARAM_SPEC_DOUBLE (pspec))
    g_value_set_double (&value, 0.77);
  else if (G_IS_PARAM_SPEC_ENUM (pspec))
    g_value_set_enum (&value, 1);
  else if (G_IS_PARAM_SPEC_FLAGS (pspec))
    g_value_set_flags (&value, 3);
  else if (pspec->value_type == G_TYPE_STRV)
    g_value_set_boxed (&value, texts);
  else if (pspec->value_type == GST_TYPE_STRUCTURE)
    g_value_take_boxed (&value, gst_structure_new ("x", "a", G_TYPE_INT, 1,
            NULL));
  else
    fail_unless (g_type_is_a (pspec->value_type, G_TYPE_OBJECT), "%s",
        pspec->name);
  g_object_set_property (G_OBJECT (element), pspec->name, &value);
  g_value_unset (&value);
}

/* What is set is read back; what was set before is freed (a leak checker
 * sees to that). */
GST_START_TEST (test_set_and_get)
{
  guint n, set = 0;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (ours), &n);

  for (guint i = 0; i < n; i++) {
    g_autofree char *before = NULL, *after = NULL;

    if (!is_own (pspecs[i], ours) || !(pspecs[i]->flags & G_PARAM_WRITABLE)
        || g_type_is_a (pspecs[i]->value_type, G_TYPE_OBJECT))
      continue;
    before = get_value (ours, pspecs[i]);
    set_another (ours, pspecs[i]);
    set_another (ours, pspecs[i]);
    after = get_value (ours, pspecs[i]);
    fail_if (g_str_equal (before, after), "%s", pspecs[i]->name);
    set++;
  }
  fail_unless (set > 30, "%u", set);
}

GST_END_TEST;

/* Properties are set while other threads read them, and while it plays. */
static gpointer
read_all (gpointer user_data)
{
  guint n;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (ours), &n);

  for (guint turn = 0; turn < 100; turn++)
    for (guint i = 0; i < n; i++)
      g_free (get_value (ours, pspecs[i]));
  return NULL;
}

GST_START_TEST (test_threads)
{
  GThread *thread = g_thread_new ("reader", read_all, NULL);
  guint n;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (ours), &n);

  for (guint turn = 0; turn < 100; turn++) {
    for (guint i = 0; i < n; i++) {
      if (is_own (pspecs[i], ours) && pspecs[i]->flags & G_PARAM_WRITABLE
          && !g_type_is_a (pspecs[i]->value_type, G_TYPE_OBJECT))
        set_another (ours, pspecs[i]);
    }
  }
  g_thread_join (thread);
}

GST_END_TEST;

static Suite *
properties_suite (void)
{
  Suite *suite = suite_create ("properties");
  TCase *tests = tcase_create ("properties");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, setup, teardown);
  tcase_add_test (tests, test_all_of_souphttpsrc);
  tcase_add_test (tests, test_user_agent);
  tcase_add_test (tests, test_http_log_level);
  tcase_add_test (tests, test_bounds);
  tcase_add_test (tests, test_described);
  tcase_add_test (tests, test_set_and_get);
  tcase_add_test (tests, test_threads);
  return suite;
}

RIG_MAIN (properties)
