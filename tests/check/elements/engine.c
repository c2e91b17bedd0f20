/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* An engine that was named and cannot be used: a WARNING says why, and what plays
 * does not notice. */

#include "stream.h"

#define PEM "P2P_TLS_PEM"

typedef struct
{
  const char *engine;           /* %s: port of a server that has PEM */
  const char *token_file, *certificate_file;
  const char *said;             /* by the warning */
} Case;

static const Case cases[] = {
  {"nonsense", NULL, NULL, "not an address"},
  {"tls:", NULL, NULL, "not an address"},
  {"tls://127.0.0.1", NULL, NULL, "not an address"},
  {"tls://127.0.0.1:%s", "/nonexistent/token", PEM, "/nonexistent/token"},
  {"tls://127.0.0.1:%s", "/", PEM, "/"},
  {"tls://127.0.0.1:%s", PEM, "/nonexistent/pem", "/nonexistent/pem"},
  {"tls://127.0.0.1:%s", PEM, "/dev/null", "no certificate in /dev/null"},
  /* Nobody has signed it. */
  {"tls://127.0.0.1:%s", PEM, NULL, "ertificate"},
};

static void
set_file (Rig * rig, const char *name, const char *file)
{
  if (file)
    g_object_set (rig->src, name, *file == '/' ? file : g_getenv (file), NULL);
}

static Rig *
make_rig (Stream * stream, const Case * c, Site * other)
{
  g_autofree char *port = g_strdup_printf ("%u", site_get_port (other));
  g_auto (GStrv) parts = g_strsplit (c->engine, "%s", 2);
  g_autofree char *engine = g_strjoinv (port, parts);
  Rig *rig = rig_new (stream->origin, "/a.m3u8");

  g_object_set (rig->src, "engine", engine, NULL);
  set_file (rig, "engine-token-file", c->token_file);
  set_file (rig, "engine-certificate-file", c->certificate_file);
  return rig;
}

GST_START_TEST (test_refused)
{
  const Case *c = &cases[__i__];
  g_autoptr (Site) other = site_new_tls (g_getenv (PEM));
  g_autoptr (Stream) stream = stream_new (2, 100000);
  g_autoptr (Rig) rig = make_rig (stream, c, other);
  g_autoptr (GError) error = NULL;
  GstMessage *message;

  /* It may come before or after the end of the playlist. */
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  message = rig_wait_for (rig, GST_MESSAGE_WARNING);
  fail_unless (GST_MESSAGE_SRC (message) == GST_OBJECT (rig->src));
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (strstr (error->message, c->said), "%s", error->message);
  rig_set_state (rig, GST_STATE_READY);
  rig_clear (rig);

  g_object_set (rig->src, "pace-eos", FALSE, NULL);
  for (guint i = 0; i < 2; i++)
    stream_read (stream, rig, i);
  fail_unless_equals_int (site_count (other, NULL), 0);
}

GST_END_TEST;

/* What is no trouble is not said: it may come. */
GST_START_TEST (test_absent)
{
  static const Case absent[] = {
    {"tls://127.0.0.1:%s", PEM, PEM}, {"unix:/nonexistent/engine"}
  };
  g_autoptr (Site) closed = site_new_closed ();
  g_autoptr (Stream) stream = stream_new (2, 100000);
  g_autoptr (Rig) rig = make_rig (stream, &absent[__i__], closed);

  rig_run_to_eos (rig);
  for (guint i = 0; i < 2; i++)
    stream_read (stream, rig, i);
  fail_unless_equals_int (rig_count_messages (rig, GST_MESSAGE_WARNING), 0);
}

GST_END_TEST;

/* One that lets nobody know whether it is there. */
GST_START_TEST (test_silent)
{
  static const Case c = { "tls://127.0.0.1:%s", PEM, PEM };
  g_autoptr (Site) silent = site_new ();
  g_autoptr (Stream) stream = stream_new (2, 100000);
  g_autoptr (Rig) rig = make_rig (stream, &c, silent);

  rig_run_to_eos (rig);
  for (guint i = 0; i < 2; i++)
    stream_read (stream, rig, i);
  fail_unless_equals_int (rig_count_messages (rig, GST_MESSAGE_WARNING), 0);
}

GST_END_TEST;

static Suite *
engine_suite (void)
{
  Suite *suite = suite_create ("engine");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_refused, 0, G_N_ELEMENTS (cases));
  tcase_add_loop_test (tests, test_absent, 0, 2);
  tcase_add_test (tests, test_silent);
  return suite;
}

RIG_MAIN (engine)
