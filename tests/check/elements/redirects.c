/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Redirections, and what the URI query says of them. */

#include "rig.h"

#define BODY "the body at the end of the way"

typedef struct
{
  const char *status;
  gboolean permanent;
} Kind;

static const Kind kinds[] = {
  {"301 Moved Permanently", TRUE},
  {"302 Found", FALSE},
  {"303 See Other", FALSE},
  {"307 Temporary Redirect", FALSE},
  {"308 Permanent Redirect", TRUE},
};

typedef struct
{
  const char *status;
  const char *location;
} Way;

static void
on_redirect (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  const Way *way = user_data;
  g_autofree char *header = g_strdup_printf ("Location: %s\r\n", way->location);

  site_reply_text (connection, way->status, *way->location ? header : NULL,
      "moved");
}

static void
check_uri_query (Rig * rig, const char *uri, const char *redirection,
    gboolean permanent)
{
  GstQuery *query = gst_query_new_uri ();
  GstPad *pad = gst_element_get_static_pad (rig->src, "src");
  g_autofree char *got_uri = NULL, *got_redirection = NULL;
  gboolean got_permanent = FALSE;

  fail_unless (gst_pad_query (pad, query));
  gst_query_parse_uri (query, &got_uri);
  gst_query_parse_uri_redirection (query, &got_redirection);
  gst_query_parse_uri_redirection_permanent (query, &got_permanent);
  fail_unless_equals_string (got_uri, uri);
  fail_unless_equals_string (got_redirection, redirection);
  if (redirection)
    fail_unless_equals_int (got_permanent, permanent);
  gst_query_unref (query);
  gst_object_unref (pad);
}

GST_START_TEST (test_followed)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *from = site_uri (origin, "/from?a=1");
  g_autofree char *to = site_uri (origin, "/to?b=2");

  g_autoptr (Rig) rig = rig_new_uri (from);
  Way way = { kinds[__i__].status, to };
  const GstStructure *headers;

  site_serve_text (origin, "/to", NULL, BODY);
  site_handle (origin, "/from", on_redirect, &way);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
  check_uri_query (rig, from, to, kinds[__i__].permanent);
  headers = rig_get_headers (rig);
  fail_unless_equals_string (gst_structure_get_string (headers, "uri"), from);
  fail_unless_equals_string (gst_structure_get_string (headers,
          "redirection-uri"), to);

  /* It was of that location. */
  g_object_set (rig->src, "location", to, NULL);
  check_uri_query (rig, to, NULL, FALSE);
}

GST_END_TEST;

/* hlsdemux would go on with the wrong scheme otherwise. */
GST_START_TEST (test_scheme_is_kept)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *from = site_uri (origin, "/from");
  g_autofree char *to = site_uri (origin, "/to");
  g_autofree char *p2p_from = g_strconcat ("p2phls+", from, NULL);
  g_autofree char *p2p_to = g_strconcat ("p2phls+", to, NULL);
  g_autoptr (Rig) rig = rig_new_uri (p2p_from);
  Way way = { "302 Found", to };

  site_serve_text (origin, "/to", NULL, BODY);
  site_handle (origin, "/from", on_redirect, &way);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
  check_uri_query (rig, p2p_from, p2p_to, FALSE);
  /* Messages are for applications: they speak of what went over the wire. */
  fail_unless_equals_string (gst_structure_get_string (rig_get_headers (rig),
          "redirection-uri"), to);
}

GST_END_TEST;

GST_START_TEST (test_relative)
{
  static const char *const forms[] = {
    "/dir/to", "to", "./to", "../dir/to", "//"
  };
  g_autoptr (Site) origin = site_new ();
  g_autofree char *to = site_uri (origin, "/dir/to");

  site_serve_text (origin, "/dir/to", NULL, BODY);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree char *with_port = g_strdup_printf ("//127.0.0.1:%u/dir/to",
        site_get_port (origin));
    g_autoptr (Rig) rig = rig_new (origin, "/dir/from");
    Way way = {
      "302 Found", g_str_has_prefix (forms[i], "//") ? with_port : forms[i]
    };

    site_handle (origin, "/dir/from", on_redirect, &way);
    rig_run_to_eos (rig);
    rig_check_text (rig, BODY);
    fail_unless_equals_string (gst_structure_get_string (rig_get_headers (rig),
            "redirection-uri"), to);
  }
}

GST_END_TEST;

/* Only a way that is permanent from its beginning to its end may be remembered
 * for good. */
GST_START_TEST (test_mixed_chain)
{
  g_autoptr (Site) first = site_new ();
  g_autoptr (Site) second = site_new ();
  g_autofree char *from = site_uri (first, "/from");
  g_autofree char *middle = site_uri (first, "/middle");
  g_autofree char *to = site_uri (second, "/to");
  g_autoptr (Rig) rig = rig_new_uri (from);
  Way ways[] = { {"301 Moved Permanently", middle}, {"302 Found", to} };

  site_handle (first, "/from", on_redirect, &ways[0]);
  site_handle (first, "/middle", on_redirect, &ways[1]);
  site_serve_text (second, "/to", NULL, BODY);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
  check_uri_query (rig, from, to, FALSE);
}

GST_END_TEST;

GST_START_TEST (test_not_followed)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *to = site_uri (origin, "/to");
  g_autoptr (Rig) rig = rig_new (origin, "/from");
  const GstStructure *details;
  guint code;
  Way way = { "302 Found", to };

  site_handle (origin, "/from", on_redirect, &way);
  g_object_set (rig->src, "automatic-redirect", FALSE, NULL);
  details = rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
  fail_unless (gst_structure_get_uint (details, "http-status-code", &code));
  fail_unless_equals_int (code, 302);
  fail_unless_equals_int (site_count (origin, "/to"), 0);
  fail_unless_equals_int (site_count (origin, "/from"), 1);
}

GST_END_TEST;

GST_START_TEST (test_loop)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *from = site_uri (origin, "/from");
  g_autoptr (Rig) rig = rig_new_uri (from);
  Way way = { "302 Found", from };

  site_handle (origin, "/from", on_redirect, &way);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
  fail_unless (site_count (origin, "/from") <= 50);
}

GST_END_TEST;

/* What leads nowhere, or out of HTTP, is an error and nothing else. */
GST_START_TEST (test_nowhere)
{
  static const char *const nowhere[] = {
    "", "file:///etc/passwd", "http://", "gopher://127.0.0.1/", "data:,x"
  };
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/from");
  Way way = { "302 Found", nowhere[__i__] };

  site_handle (origin, "/from", on_redirect, &way);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
  fail_unless_equals_int (rig->bytes->len, 0);
}

GST_END_TEST;

/* A range is asked for where the redirection leads. */
GST_START_TEST (test_range)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *to = site_uri (origin, "/to");
  g_autofree char *range = NULL;
  g_autoptr (Rig) rig = rig_new (origin, "/from");
  Way way = { "302 Found", to };

  site_serve_text (origin, "/to", NULL, "0123456789");
  site_handle (origin, "/from", on_redirect, &way);
  rig_set_state (rig, GST_STATE_READY);
  fail_unless (gst_element_send_event (rig->src, gst_event_new_seek (1.0,
              GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 3,
              GST_SEEK_TYPE_SET, 6)));
  rig_run_to_eos (rig);
  rig_check_text (rig, "345");
  range = site_get_header (origin, "/to", "Range");
  fail_unless_equals_string (range, "bytes=3-5");
}

GST_END_TEST;

static Suite *
redirects_suite (void)
{
  Suite *suite = suite_create ("redirects");
  TCase *tests = tcase_create ("redirects");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_followed, 0, G_N_ELEMENTS (kinds));
  tcase_add_test (tests, test_scheme_is_kept);
  tcase_add_test (tests, test_relative);
  tcase_add_test (tests, test_mixed_chain);
  tcase_add_test (tests, test_not_followed);
  tcase_add_test (tests, test_loop);
  tcase_add_loop_test (tests, test_nowhere, 0, 5);
  tcase_add_test (tests, test_range);
  return suite;
}

RIG_MAIN (redirects)
