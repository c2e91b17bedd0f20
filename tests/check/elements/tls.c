/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* https: which certificates are good enough. The server's is its own
 * authority, of 127.0.0.1. */

#include "rig.h"

#define BODY "what was said in confidence"

static const char *
get_certificate (void)
{
  const char *file = g_getenv ("P2P_TLS_PEM");

  fail_unless (file != NULL, "P2P_TLS_PEM: certificate and key");
  return file;
}

static Site *
make_origin (void)
{
  Site *origin = site_new_tls (get_certificate ());

  site_serve_text (origin, "/body", NULL, BODY);
  return origin;
}

/* As it is by default, too. */
GST_START_TEST (test_unknown_authority)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
  fail_unless_equals_int (site_count (origin, NULL), 0);
  fail_unless_equals_int (rig->bytes->len, 0);
}

GST_END_TEST;

GST_START_TEST (test_not_strict)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  g_object_set (rig->src, "ssl-strict", FALSE, NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

/* A connection that was made without a look at the certificate is not for
 * those who want one. */
GST_START_TEST (test_strict_after_not_strict)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  g_object_set (rig->src, "ssl-strict", FALSE, NULL);
  rig_run_to_eos (rig);
  g_object_set (rig->src, "ssl-strict", TRUE, NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
  fail_unless_equals_int (site_count (origin, NULL), 1);
}

GST_END_TEST;

GST_START_TEST (test_ca_file)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  g_object_set (rig->src, "ssl-ca-file", get_certificate (), NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

GST_START_TEST (test_bad_ca_file)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  g_object_set (rig->src, "ssl-ca-file", "/nowhere/ca.pem", NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
}

GST_END_TEST;

GST_START_TEST (test_database)
{
  g_autoptr (Site) origin = make_origin ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  g_autoptr (GTlsDatabase) database = NULL, got = NULL;
  GError *error = NULL;

  database = g_tls_file_database_new (get_certificate (), &error);
  g_assert_no_error (error);
  g_object_set (rig->src, "tls-database", database, NULL);
  g_object_get (rig->src, "tls-database", &got, NULL);
  fail_unless (got == database);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

/* Not what speaks TLS at all. */
GST_START_TEST (test_plain_server)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u/body",
      site_get_port (origin));
  g_autoptr (Rig) rig = rig_new_uri (uri);

  rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
}

GST_END_TEST;

GST_START_TEST (test_p2p_scheme)
{
  g_autoptr (Site) origin = make_origin ();
  g_autofree char *uri = g_strdup_printf ("p2phls+https://127.0.0.1:%u/body",
      site_get_port (origin));
  g_autoptr (Rig) rig = rig_new_uri (uri);

  g_object_set (rig->src, "ssl-ca-file", get_certificate (), NULL);
  rig_run_to_eos (rig);
  rig_check_text (rig, BODY);
}

GST_END_TEST;

static Suite *
tls_suite (void)
{
  Suite *suite = suite_create ("tls");
  TCase *tests = tcase_create ("tls");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_unknown_authority);
  tcase_add_test (tests, test_not_strict);
  tcase_add_test (tests, test_strict_after_not_strict);
  tcase_add_test (tests, test_ca_file);
  tcase_add_test (tests, test_bad_ca_file);
  tcase_add_test (tests, test_database);
  tcase_add_test (tests, test_plain_server);
  tcase_add_test (tests, test_p2p_scheme);
  return suite;
}

RIG_MAIN (tls)
