/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The proxy, set or from http_proxy. */

#include "rig.h"

#include <string.h>

#define BODY "through the proxy"
/* Nobody would resolve that one: the proxy does. */
#define LOCATION "http://origin.invalid/body?x=1"

static void
on_proxy (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  if (g_str_equal (request->target, LOCATION))
    site_reply_text (connection, "200 OK", NULL, BODY);
  else
    site_reply_text (connection, "400 Bad Request", NULL, "");
}

static void
on_guarded_proxy (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  g_autofree char *given = site_request_get (request, "Proxy-Authorization");

  if (g_strcmp0 (given, "Basic bWU6c2VjcmV0") == 0)
    on_proxy (connection, request, NULL);
  else
    site_reply_text (connection, "407 Proxy Authentication Required",
        "Proxy-Authenticate: Basic realm=\"proxy\"\r\n", "");
}

static Site *
make_proxy (SiteHandler handler)
{
  Site *origin = site_new ();

  site_handle (origin, "*", handler, NULL);
  return origin;
}

static char *
get_host (Site * origin)
{
  return g_strdup_printf ("127.0.0.1:%u", site_get_port (origin));
}

GST_START_TEST (test_property)
{
  g_autoptr (Site) proxy = make_proxy (on_proxy);
  g_autoptr (Rig) rig = rig_new_uri (LOCATION);
  g_autofree char *uri = site_uri (proxy, "/");

  g_object_set (rig->src, "proxy", uri, NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

GST_START_TEST (test_without_scheme)
{
  g_autoptr (Site) proxy = make_proxy (on_proxy);
  g_autoptr (Rig) rig = rig_new_uri (LOCATION);
  g_autofree char *host = get_host (proxy);

  g_object_set (rig->src, "proxy", host, NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

/* Read when the element is made, as souphttpsrc does. */
GST_START_TEST (test_environment)
{
  g_autoptr (Site) proxy = make_proxy (on_proxy);
  g_autofree char *host = get_host (proxy);
  g_autofree char *got = NULL;
  g_autoptr (Rig) rig = NULL;

  g_setenv ("http_proxy", host, TRUE);
  rig = rig_new_uri (LOCATION);
  g_unsetenv ("http_proxy");
  g_object_get (rig->src, "proxy", &got, NULL);
  fail_unless (got && strstr (got, host), "%s", got);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

GST_START_TEST (test_property_wins)
{
  g_autoptr (Site) proxy = make_proxy (on_proxy);
  g_autoptr (Site) other = make_proxy (on_proxy);
  g_autofree char *host = get_host (proxy);
  g_autofree char *other_host = get_host (other);
  g_autoptr (Rig) rig = NULL;

  g_setenv ("http_proxy", other_host, TRUE);
  rig = rig_new_uri (LOCATION);
  g_unsetenv ("http_proxy");
  g_object_set (rig->src, "proxy", host, NULL);
  rig_run_to_eos (rig);
  fail_unless_equals_int (site_count (proxy, NULL), 1);
  fail_unless_equals_int (site_count (other, NULL), 0);
}

GST_END_TEST;

GST_START_TEST (test_password)
{
  g_autoptr (Site) proxy = make_proxy (on_guarded_proxy);
  g_autofree char *host = get_host (proxy);
  g_autoptr (Rig) rig = rig_new_uri (LOCATION);

  g_object_set (rig->src, "proxy", host, "proxy-id", "me", "proxy-pw", "secret",
      NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

GST_START_TEST (test_wrong_password)
{
  g_autoptr (Site) proxy = make_proxy (on_guarded_proxy);
  g_autofree char *host = get_host (proxy);
  g_autoptr (Rig) rig = rig_new_uri (LOCATION);
  const GstStructure *details;
  guint code;

  g_object_set (rig->src, "proxy", host, "proxy-id", "me", "proxy-pw", "guess",
      NULL);
  details = rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  fail_unless (gst_structure_get_uint (details, "http-status-code", &code));
  fail_unless_equals_int (code, 407);
}

GST_END_TEST;

static Suite *
proxy_suite (void)
{
  Suite *suite = suite_create ("proxy");
  TCase *tests = tcase_create ("proxy");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_property);
  tcase_add_test (tests, test_without_scheme);
  tcase_add_test (tests, test_environment);
  tcase_add_test (tests, test_property_wins);
  tcase_add_test (tests, test_password);
  tcase_add_test (tests, test_wrong_password);
  return suite;
}

RIG_MAIN (proxy)
