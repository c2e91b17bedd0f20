/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the element answers to as a URI handler. */

#include "rig.h"

static const char *const accepted[] = {
  "http://example.com/a.m3u8",
  "https://example.com/a.m3u8?x=1&y=%20#t",
  "p2phls+http://example.com:8080/a.m3u8",
  "p2phls+https://[::1]:8443/a.m3u8",
};

static const char *const refused[] = {
  "p2phls://example.com/a.m3u8",
  "p2phls+ftp://example.com/a.m3u8",
  "ftp://example.com/a.m3u8",
  "file:///etc/passwd",
  "icy://example.com/a",
  "example.com/a.m3u8",
  "/a.m3u8",
  "http:",
  "",
};

GST_START_TEST (test_protocols)
{
  static const char *const wanted[] = {
    "p2phls+http", "p2phls+https", "http", "https"
  };
  GstElement *src = rig_make_source (NULL);
  const gchar *const *protocols =
      gst_uri_handler_get_protocols (GST_URI_HANDLER (src));

  fail_unless (gst_uri_handler_get_uri_type (GST_URI_HANDLER (src))
      == GST_URI_SRC);
  fail_unless_equals_int (g_strv_length ((char **) protocols),
      G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    fail_unless (g_strv_contains (protocols, wanted[i]));
  gst_object_unref (src);
}

GST_END_TEST;

GST_START_TEST (test_rank)
{
  GstElementFactory *factory = gst_element_factory_find ("p2phlssrc");

  fail_unless_equals_int (gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE
          (factory)), GST_RANK_MARGINAL);
  fail_unless_equals_string (gst_element_factory_get_metadata (factory,
          GST_ELEMENT_METADATA_KLASS), "Source/Network");
  gst_object_unref (factory);
}

GST_END_TEST;

static void
check_maker (const char *uri, const char *name)
{
  GstElement *src = gst_element_make_from_uri (GST_URI_SRC, uri, NULL, NULL);
  GstElementFactory *factory = gst_element_get_factory (src);

  fail_unless_equals_string (GST_OBJECT_NAME (factory), name);
  gst_object_unref (src);
}

/* Plain http stays with souphttpsrc, unless the user raises the rank. */
GST_START_TEST (test_maker)
{
  GstElementFactory *factory = gst_element_factory_find ("p2phlssrc");

  check_maker ("p2phls+http://127.0.0.1/a", "p2phlssrc");
  check_maker ("p2phls+https://127.0.0.1/a", "p2phlssrc");
  check_maker ("http://127.0.0.1/a", "souphttpsrc");
  check_maker ("https://127.0.0.1/a", "souphttpsrc");
  gst_plugin_feature_set_rank (GST_PLUGIN_FEATURE (factory),
      GST_RANK_PRIMARY + 1);
  check_maker ("http://127.0.0.1/a", "p2phlssrc");
  check_maker ("https://127.0.0.1/a", "p2phlssrc");
  gst_plugin_feature_set_rank (GST_PLUGIN_FEATURE (factory), GST_RANK_NONE);
  check_maker ("p2phls+http://127.0.0.1/a", "p2phlssrc");
  gst_plugin_feature_set_rank (GST_PLUGIN_FEATURE (factory), GST_RANK_MARGINAL);
  gst_object_unref (factory);
}

GST_END_TEST;

GST_START_TEST (test_accepted)
{
  GstElement *src = rig_make_source (NULL);
  GstURIHandler *handler = GST_URI_HANDLER (src);
  GError *error = NULL;

  fail_unless (gst_uri_handler_get_uri (handler) == NULL);
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++) {
    g_autofree char *uri = NULL, *location = NULL;

    fail_unless (gst_uri_handler_set_uri (handler, accepted[i], &error));
    g_assert_no_error (error);
    uri = gst_uri_handler_get_uri (handler);
    g_object_get (src, "location", &location, NULL);
    fail_unless_equals_string (uri, accepted[i]);
    fail_unless_equals_string (location, accepted[i]);
  }
  gst_object_unref (src);
}

GST_END_TEST;

/* hlsdemux reads the error's message: there must be one. What was set before
 * stays. */
GST_START_TEST (test_refused)
{
  const char *before = "http://example.com/before";
  GstElement *src = rig_make_source (before);

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *uri = NULL;
    GError *error = NULL;

    /* gst_uri_handler_set_uri() would keep most of these to itself. */
    fail_if (GST_URI_HANDLER_GET_INTERFACE (src)->set_uri (GST_URI_HANDLER
            (src), refused[i], &error), "%s", refused[i]);
    fail_unless (error != NULL, "%s", refused[i]);
    fail_unless (error->domain == GST_URI_ERROR);
    fail_unless (*error->message != '\0');
    g_clear_error (&error);
    uri = gst_uri_handler_get_uri (GST_URI_HANDLER (src));
    fail_unless_equals_string (uri, before);
  }
  gst_object_unref (src);
}

GST_END_TEST;

GST_START_TEST (test_refused_location)
{
  GstElement *src = rig_make_source (NULL);

  ASSERT_WARNING (g_object_set (src, "location", "ftp://example.com/", NULL));
  fail_unless (gst_uri_handler_get_uri (GST_URI_HANDLER (src)) == NULL);
  g_object_set (src, "location", "http://example.com/", NULL);
  g_object_set (src, "location", NULL, NULL);
  fail_unless (gst_uri_handler_get_uri (GST_URI_HANDLER (src)) == NULL);
  gst_object_unref (src);
}

GST_END_TEST;

GST_START_TEST (test_no_location)
{
  g_autoptr (Rig) rig = rig_new_uri (NULL);
  GError *error = NULL;

  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_ERROR);
  gst_message_parse_error (g_ptr_array_index (rig->messages,
          rig->messages->len - 1), &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR,
          GST_RESOURCE_ERROR_OPEN_READ));
  g_error_free (error);
}

GST_END_TEST;

/* In whichever spelling: on the wire it is plain HTTP, without the fragment. */
GST_START_TEST (test_wire)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *host =
      g_strdup_printf ("127.0.0.1:%u", site_get_port (origin));
  const char *const target = "/a%20b?q=%2F&x=+;y=a:b@c";
  const char *const schemes[] = {
    "http", "p2phls+http", "P2PHLS+HTTP", "HTTP"
  };

  site_serve_text (origin, "/a%20b", NULL, "hello, world");
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
    g_autofree char *uri =
        g_strdup_printf ("%s://%s%s#part", schemes[i], host, target);
    g_autofree char *header = NULL;
    g_autoptr (Rig) rig = rig_new_uri (uri);

    rig_run_to_eos (rig);
    rig_check_text (rig, "hello, world");
    fail_unless_equals_string (site_get (origin, NULL, 0)->target, target);
    header = site_get_header (origin, NULL, "Host");
    fail_unless_equals_string (header, host);
  }
}

GST_END_TEST;

static Suite *
uri_suite (void)
{
  Suite *suite = suite_create ("uri");
  TCase *tests = tcase_create ("uri");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_protocols);
  tcase_add_test (tests, test_rank);
  tcase_add_test (tests, test_maker);
  tcase_add_test (tests, test_accepted);
  tcase_add_test (tests, test_refused);
  tcase_add_test (tests, test_refused_location);
  tcase_add_test (tests, test_no_location);
  tcase_add_test (tests, test_wire);
  return suite;
}

RIG_MAIN (uri)
