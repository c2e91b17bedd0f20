/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What goes to the server: the header fields, the method, the connections. */

#include "rig.h"

#include <string.h>

#define BODY "a body that is long enough to be no playlist"
#define PATH "/body"

/* Runs to the end. Returns: (transfer full) (nullable): the header field name
 * as the server got it. */
static char *
ask (Site * origin, Rig * rig, const char *name)
{
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
  return site_get_header (origin, PATH, name);
}

#define check_header(origin, rig, name, wanted) \
  G_STMT_START { \
    g_autofree char *got_ = ask (origin, rig, name); \
    fail_unless_equals_string (got_, wanted); \
  } G_STMT_END

static Site *
make_origin (void)
{
  Site *origin = site_new ();

  site_serve_text (origin, PATH, "text/plain", BODY);
  return origin;
}

/* A space at its end: the library's name is appended. */
GST_START_TEST (test_user_agent)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autofree char *agent = ask (origin, rig, "User-Agent");

  fail_unless (g_str_has_prefix (agent, "GStreamer p2phlssrc "), "%s", agent);
  fail_unless (strstr (agent, " libsoup/3.") != NULL, "%s", agent);
}

GST_END_TEST;

GST_START_TEST (test_user_agent_set)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autofree char *agent = NULL;

  g_object_set (rig->src, "user-agent", "me/1.0", NULL);
  check_header (origin, rig, "User-Agent", "me/1.0");
  rig_clear (rig);
  g_object_set (rig->src, "user-agent", "", NULL);
  agent = ask (origin, rig, "User-Agent");
  fail_unless (g_str_has_prefix (agent, "libsoup/3."), "%s", agent);
}

GST_END_TEST;

GST_START_TEST (test_cookies)
{
  const char *cookies[] = { "a=1", "b=two; path=/", NULL };
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autofree char *cookie = NULL;

  g_object_set (rig->src, "cookies", cookies, NULL);
  cookie = ask (origin, rig, "Cookie");
  fail_unless (cookie && strstr (cookie, "a=1") && strstr (cookie, "b=two"),
      "%s", cookie);
}

GST_END_TEST;

static void
on_set_cookie (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_text (connection, "200 OK", "Set-Cookie: from=server\r\n", BODY);
}

/* Where the application gave none, those of the server come back to it. */
GST_START_TEST (test_cookie_jar)
{
  const char *cookies[] = { "mine=1", NULL };
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);

  site_handle (origin, PATH, on_set_cookie, NULL);
  check_header (origin, rig, "Cookie", NULL);
  rig_clear (rig);
  check_header (origin, rig, "Cookie", "from=server");
  rig_clear (rig);
  g_object_set (rig->src, "cookies", cookies, NULL);
  check_header (origin, rig, "Cookie", "mine=1");
}

GST_END_TEST;

GST_START_TEST (test_extra_headers)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autoptr (GstStructure) extra = gst_structure_from_string ("extra-headers, "
      "X-Text=(string)\"a, b\", X-Int=(int)-7, X-Uint=(uint)7, "
      "X-Double=(double)0.5, X-Bool=(boolean)true, Referer=http://a/b, "
      "X-Array=(string)<one, two>, X-List=(string){three, four}, "
      "X-Numbers=(int)<1, 2>;", NULL);
  static const char *const wanted[][2] = {
    {"X-Text", "a, b"}, {"X-Int", "-7"}, {"X-Uint", "7"}, {"X-Bool", "TRUE"},
    {"X-Array", "one, two"}, {"X-List", "three, four"},
    {"X-Numbers", "1, 2"}, {"Referer", "http://a/b"}
  };
  g_autofree char *number = NULL;

  fail_unless (extra != NULL);
  g_object_set (rig->src, "extra-headers", extra, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    check_header (origin, rig, wanted[i][0], wanted[i][1]);
    rig_clear (rig);
  }
  number = ask (origin, rig, "X-Double");
  fail_unless (g_ascii_strtod (number, NULL) == 0.5, "%s", number);
}

GST_END_TEST;

/* What cannot be a header does not become one, nor two. */
GST_START_TEST (test_hostile_headers)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autoptr (GstStructure) extra = gst_structure_new ("extra-headers",
      "X-Split", G_TYPE_STRING, "a\r\nX-Smuggled: 1",
      "X-Null", G_TYPE_STRING, NULL, "X-Good", G_TYPE_STRING, "1", NULL);

  g_object_set (rig->src, "extra-headers", extra, NULL);
  check_header (origin, rig, "X-Smuggled", NULL);
  rig_clear (rig);
  check_header (origin, rig, "X-Good", "1");
}

GST_END_TEST;

/* Set anew, as hlsdemux does for every request: nothing of before is left. */
GST_START_TEST (test_extra_headers_anew)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autoptr (GstStructure) one =
      gst_structure_new ("x", "X-First", G_TYPE_STRING, "1", NULL);
  g_autoptr (GstStructure) two =
      gst_structure_new ("x", "X-Second", G_TYPE_STRING, "2", NULL);

  g_object_set (rig->src, "extra-headers", one, NULL);
  check_header (origin, rig, "X-First", "1");
  rig_clear (rig);
  g_object_set (rig->src, "extra-headers", two, NULL);
  check_header (origin, rig, "X-First", NULL);
  rig_clear (rig);
  g_object_set (rig->src, "extra-headers", NULL, NULL);
  check_header (origin, rig, "X-Second", NULL);
}

GST_END_TEST;

/* The private scheme is nobody's business on the wire. */
GST_START_TEST (test_referer)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autoptr (GstStructure) extra = gst_structure_new ("extra-headers",
      "Referer", G_TYPE_STRING, "p2phls+http://example.com/a.m3u8?x=1", NULL);

  g_object_set (rig->src, "extra-headers", extra, NULL);
  check_header (origin, rig, "Referer", "http://example.com/a.m3u8?x=1");
  fail_unless (strstr (site_get (origin, PATH, 0)->head, "p2phls+") == NULL);
}

GST_END_TEST;

GST_START_TEST (test_method)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);

  g_object_set (rig->src, "method", "OPTIONS", NULL);
  rig_run_to_eos (rig);
  fail_unless_equals_string (site_get (origin, PATH, 1)->method, "OPTIONS");
  rig_clear (rig);
  g_object_set (rig->src, "method", "HEAD", NULL);
  rig_run_to_eos (rig);
  fail_unless_equals_string (site_get (origin, PATH, 2)->method, "HEAD");
  fail_unless_equals_int (rig->bytes->len, 0);
  fail_unless (rig_get_headers (rig) != NULL);
  g_object_set (rig->src, "method", NULL, NULL);
  rig_run_to_eos (rig);
  fail_unless_equals_string (site_get (origin, PATH, 3)->method, "GET");
}

GST_END_TEST;

GST_START_TEST (test_no_compression)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);

  check_header (origin, rig, "Accept-Encoding", "identity");
}

GST_END_TEST;

static GBytes *
gzip (const char *text)
{
  GZlibCompressor *compressor =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  gsize read, written, size = strlen (text);
  guint8 *out = g_malloc (size + 100);

  fail_unless_equals_int (g_converter_convert (G_CONVERTER (compressor), text,
          size, out, size + 100, G_CONVERTER_INPUT_AT_END, &read, &written,
          NULL), G_CONVERTER_FINISHED);
  g_object_unref (compressor);
  return g_bytes_new_take (out, written);
}

static void
on_gzip (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (user_data, &size);

  site_reply (connection, "200 OK", "Content-Encoding: gzip\r\n", data, size);
}

GST_START_TEST (test_compression)
{
  g_autoptr (GBytes) packed = gzip (BODY);
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);
  g_autofree char *accepted = NULL;

  site_handle (origin, PATH, on_gzip, packed);
  g_object_set (rig->src, "compress", TRUE, NULL);
  accepted = ask (origin, rig, "Accept-Encoding");
  fail_unless (strstr (accepted, "gzip") != NULL);
}

GST_END_TEST;

GST_START_TEST (test_keep_alive)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);

  for (guint i = 0; i < 5; i++) {
    rig_clear (rig);
    rig_run_to_eos (rig);
    rig_check_text (rig, BODY);
  }
  fail_unless_equals_int (site_get_connections (origin), 1);
}

GST_END_TEST;

GST_START_TEST (test_no_keep_alive)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, PATH);

  g_object_set (rig->src, "keep-alive", FALSE, NULL);
  for (guint i = 0; i < 3; i++) {
    rig_clear (rig);
    rig_run_to_eos (rig);
    rig_check_text (rig, BODY);
  }
  fail_unless_equals_int (site_get_connections (origin), 3);
}

GST_END_TEST;

static Suite *
requests_suite (void)
{
  Suite *suite = suite_create ("requests");
  TCase *tests = tcase_create ("requests");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_user_agent);
  tcase_add_test (tests, test_user_agent_set);
  tcase_add_test (tests, test_cookies);
  tcase_add_test (tests, test_cookie_jar);
  tcase_add_test (tests, test_extra_headers);
  tcase_add_test (tests, test_hostile_headers);
  tcase_add_test (tests, test_extra_headers_anew);
  tcase_add_test (tests, test_referer);
  tcase_add_test (tests, test_method);
  tcase_add_test (tests, test_no_compression);
  tcase_add_test (tests, test_compression);
  tcase_add_test (tests, test_keep_alive);
  tcase_add_test (tests, test_no_keep_alive);
  return suite;
}

RIG_MAIN (requests)
