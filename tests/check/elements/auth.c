/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* user-id and user-pw: Basic and Digest, for their own origin only. */

#include "rig.h"

#include <string.h>

#define BODY "what only its owner may read"
#define REALM "vault"
#define NONCE "dcd98b7102dd2f0e8b11d0f600bfb0c093"

static void
demand (SiteConnection * connection, const char *challenge)
{
  g_autofree char *header =
      g_strdup_printf ("WWW-Authenticate: %s\r\n", challenge);

  site_reply_text (connection, "401 Unauthorized", header, "who are you?");
}

static void
on_basic (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  g_autofree char *given = site_request_get (request, "Authorization");

  /* me:secret */
  if (g_strcmp0 (given, "Basic bWU6c2VjcmV0") == 0)
    site_reply_text (connection, "200 OK", NULL, BODY);
  else
    demand (connection, "Basic realm=\"" REALM "\"");
}

static char *
get_parameter (const char *header, const char *name)
{
  g_autofree char *pattern =
      g_strdup_printf ("[ ,]%s=\"?([^\",]*)\"?(,|$)", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (regex, header, 0, &match);
  return g_match_info_matches (match) ? g_match_info_fetch (match, 1) : NULL;
}

static char *
md5 (const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);
}

/* RFC 7616, 3.4.1, with qop=auth. */
static gboolean
check_digest (const SiteRequest * request, const char *given)
{
  g_autofree char *response = get_parameter (given, "response");
  g_autofree char *cnonce = get_parameter (given, "cnonce");
  g_autofree char *count = get_parameter (given, "nc");
  g_autofree char *uri = get_parameter (given, "uri");
  g_autofree char *a1 = md5 ("me:%s:secret", REALM);
  g_autofree char *a2 = md5 ("%s:%s", request->method, request->target);
  g_autofree char *wanted = md5 ("%s:%s:%s:%s:auth:%s", a1, NONCE, count,
      cnonce, a2);

  return g_strcmp0 (uri, request->target) == 0
      && g_strcmp0 (response, wanted) == 0;
}

static void
on_digest (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  g_autofree char *given = site_request_get (request, "Authorization");

  if (given && check_digest (request, given))
    site_reply_text (connection, "200 OK", NULL, BODY);
  else
    demand (connection,
        "Digest realm=\"" REALM "\", qop=\"auth\", nonce=\"" NONCE "\"");
}

static const SiteHandler handlers[] = { on_basic, on_digest };

static Rig *
make_rig (Site * origin, const char *path, const char *password)
{
  Rig *rig = rig_new (origin, path);

  g_object_set (rig->src, "user-id", "me", "user-pw", password, NULL);
  return rig;
}

GST_START_TEST (test_right)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = make_rig (origin, "/vault?a=b", "secret");

  site_handle (origin, "/vault", handlers[__i__], NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
  fail_unless_equals_int (site_count (origin, NULL), 2);
  /* A challenge that was answered is no response to tell of. */
  fail_unless_equals_int (rig_count_messages (rig, GST_MESSAGE_ELEMENT), 1);
}

GST_END_TEST;

static void
check_refused (Rig * rig)
{
  const GstStructure *details =
      rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  guint code;

  fail_unless (gst_structure_get_uint (details, "http-status-code", &code));
  fail_unless_equals_int (code, 401);
  fail_unless_equals_int (rig->bytes->len, 0);
}

/* It is not tried for ever, and not as a fault of the network. */
GST_START_TEST (test_wrong)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = make_rig (origin, "/vault", "guess");

  site_handle (origin, "/vault", handlers[__i__], NULL);
  check_refused (rig);
  fail_unless (site_count (origin, NULL) <= 3);
}

GST_END_TEST;

GST_START_TEST (test_none)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/vault");

  site_handle (origin, "/vault", handlers[__i__], NULL);
  check_refused (rig);
  fail_unless_equals_int (site_count (origin, NULL), 1);
}

GST_END_TEST;

static void
on_redirect (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  g_autofree char *header =
      g_strdup_printf ("Location: %s\r\n", (char *) user_data);

  site_reply_text (connection, "302 Found", header, "");
}

/* Another origin that asks for them does not get them: not the password, not
 * the cookies. */
GST_START_TEST (test_other_origin)
{
  const char *cookies[] = { "session=mine", NULL };
  g_autoptr (Site) first = site_new ();
  g_autoptr (Site) second = site_new ();
  g_autofree char *to = site_uri (second, "/vault");
  g_autoptr (Rig) rig = make_rig (first, "/from", "secret");

  g_object_set (rig->src, "cookies", cookies, NULL);
  site_handle (first, "/from", on_redirect, to);
  site_handle (second, "/vault", handlers[__i__], NULL);
  check_refused (rig);
  for (guint i = 1; site_get (second, NULL, i); i++) {
    const char *head = site_get (second, NULL, i)->head;

    fail_unless (strstr (head, "Authorization") == NULL);
    fail_unless (strstr (head, "session=mine") == NULL);
  }
}

GST_END_TEST;

static Suite *
auth_suite (void)
{
  Suite *suite = suite_create ("auth");
  TCase *tests = tcase_create ("auth");
  const int n = G_N_ELEMENTS (handlers);

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_right, 0, n);
  tcase_add_loop_test (tests, test_wrong, 0, n);
  tcase_add_loop_test (tests, test_none, 0, n);
  tcase_add_loop_test (tests, test_other_origin, 0, n);
  return suite;
}

RIG_MAIN (auth)
