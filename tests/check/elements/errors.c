/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What goes wrong for good: one error, of the right domain and code, with the
 * details that hlsdemux looks at. */

#include "rig.h"

#include <string.h>

typedef struct
{
  const char *status;
  guint number;
  gint code;
} Status;

static const Status statuses[] = {
  {"400 Bad Request", 400, GST_RESOURCE_ERROR_OPEN_READ},
  {"401 Unauthorized", 401, GST_RESOURCE_ERROR_NOT_AUTHORIZED},
  {"402 Payment Required", 402, GST_RESOURCE_ERROR_NOT_AUTHORIZED},
  {"403 Forbidden", 403, GST_RESOURCE_ERROR_NOT_AUTHORIZED},
  {"404 Not Found", 404, GST_RESOURCE_ERROR_NOT_FOUND},
  {"405 Method Not Allowed", 405, GST_RESOURCE_ERROR_OPEN_READ},
  {"410 Gone", 410, GST_RESOURCE_ERROR_OPEN_READ},
  {"418 I'm a teapot", 418, GST_RESOURCE_ERROR_OPEN_READ},
  {"429 Too Many Requests", 429, GST_RESOURCE_ERROR_OPEN_READ},
  {"451 ", 451, GST_RESOURCE_ERROR_OPEN_READ},
  {"500 Internal Server Error", 500, GST_RESOURCE_ERROR_OPEN_READ},
  {"501 Not Implemented", 501, GST_RESOURCE_ERROR_OPEN_READ},
  {"503 Service Unavailable", 503, GST_RESOURCE_ERROR_OPEN_READ},
  {"599 Strange", 599, GST_RESOURCE_ERROR_OPEN_READ},
  {"304 Not Modified", 304, GST_RESOURCE_ERROR_OPEN_READ},
};

static void
on_status (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  /* A status without a body has none. */
  site_reply_text (connection, user_data, NULL,
      g_str_has_prefix (user_data, "304") ? "" : "<html>sorry</html>");
}

GST_START_TEST (test_status)
{
  const Status *status = &statuses[__i__];
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  const GstStructure *details;
  guint code;

  site_handle (origin, "/body", on_status, (gpointer) status->status);
  g_object_set (rig->src, "retries", 0, NULL);
  details = rig_run_to_error (rig, status->code);
  fail_unless (details != NULL);
  fail_unless (gst_structure_has_field_typed (details, "http-status-code",
          G_TYPE_UINT));
  fail_unless (gst_structure_get_uint (details, "http-status-code", &code));
  fail_unless_equals_int (code, status->number);
  fail_unless_equals_int (site_count (origin, NULL), 1);
  fail_unless_equals_int (rig->bytes->len, 0);
}

GST_END_TEST;

/* The words are the server's, the debug text says which URL it was. */
GST_START_TEST (test_words)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = site_uri (origin, "/body");
  g_autofree char *p2p = g_strconcat ("p2phls+", uri, NULL);
  g_autoptr (Rig) rig = rig_new_uri (p2p);
  GError *error = NULL;
  gchar *debug = NULL;

  site_handle (origin, "/body", on_status, (gpointer) "404 Not here, friend");
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_ERROR);
  gst_message_parse_error (g_ptr_array_index (rig->messages,
          rig->messages->len - 1), &error, &debug);
  fail_unless_equals_string (error->message, "Not here, friend");
  fail_unless (strstr (debug, uri) != NULL, "%s", debug);
  g_error_free (error);
  g_free (debug);
}

GST_END_TEST;

/* A second, generic one may come from GstBaseSrc; never more. */
GST_START_TEST (test_one_error)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  guint own = 0;

  rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_FOUND);
  for (guint i = 0; i < rig->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (rig->messages, i);
    GError *error = NULL;

    if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
      continue;
    gst_message_parse_error (message, &error, NULL);
    own += error->domain == GST_RESOURCE_ERROR;
    g_error_free (error);
  }
  fail_unless_equals_int (own, 1);
  fail_unless (rig_count_messages (rig, GST_MESSAGE_ERROR) <= 2);
}

GST_END_TEST;

/* An error is no end: it plays when the server has come to its senses. */
GST_START_TEST (test_after_an_error)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  for (guint i = 0; i < 3; i++) {
    rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_FOUND);
    rig_clear (rig);
  }
  site_serve_text (origin, "/body", NULL, "here it is after all");
  rig_run_to_eos (rig);
  rig_check_text (rig, "here it is after all");
}

GST_END_TEST;

/* Not the network's words ("Connection refused") but none at all would be what
 * souphttpsrc says. */
GST_START_TEST (test_refused_connection)
{
  g_autoptr (Site) origin = site_new_closed ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  const GstStructure *details;
  gint64 started = g_get_monotonic_time ();

  g_object_set (rig->src, "retries", 1, NULL);
  details = rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
  fail_if (details && gst_structure_has_field (details, "http-status-code"));
  fail_unless (rig_get_headers (rig) == NULL);
  /* It was tried again, after a pause. */
  fail_unless (g_get_monotonic_time () - started >= 500 * 1000);
}

GST_END_TEST;

GST_START_TEST (test_unknown_host)
{
  g_autoptr (Rig) rig = rig_new_uri ("http://nowhere.invalid/body");
  gint64 started = g_get_monotonic_time ();

  g_object_set (rig->src, "retries", 1, NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_FOUND);
  fail_unless (g_get_monotonic_time () - started >= 500 * 1000);
}

GST_END_TEST;

static const char *const bad_uris[] = {
  "http://", "http:///path", "http://[::1/path", "http://host:99999/",
  "http://host:port/", "p2phls+http://",
};

GST_START_TEST (test_bad_uri)
{
  GstElement *src = rig_make_source (NULL);
  g_autoptr (Rig) rig = NULL;
  gboolean accepted = GST_URI_HANDLER_GET_INTERFACE (src)->set_uri
      (GST_URI_HANDLER (src), bad_uris[__i__], NULL);

  gst_object_unref (src);
  if (!accepted)
    return;
  rig = rig_new_uri (bad_uris[__i__]);
  g_object_set (rig->src, "retries", 0, NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_ERROR);
}

GST_END_TEST;

static const char *const nonsense[] = {
  "", "\r\n\r\n", "hello\r\n\r\n", "HTTP/1.1\r\n\r\n",
  "HTTP/1.1 abc OK\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
  "HTTP/1.1 99 OK\r\n\r\n", "\377\376\375\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "ffffffffffffffffff\r\nhello\r\n",
};

static void
on_nonsense (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_print (connection, user_data);
  site_close (connection);
}

/* What is not HTTP ends, one way or the other, soon and without a crash. */
GST_START_TEST (test_nonsense)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_nonsense, (gpointer) nonsense[__i__]);
  g_object_set (rig->src, "retries", 0, "timeout", 5, NULL);
  rig_run (rig);
}

GST_END_TEST;

static void
on_long_head (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_print (connection, "HTTP/1.1 200 OK\r\n");
  while (site_print (connection, "X-Again: and again and again\r\n"));
}

GST_START_TEST (test_endless_head)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_long_head, NULL);
  g_object_set (rig->src, "retries", 0, "timeout", 2, NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_ERROR);
}

GST_END_TEST;

static void
on_silence (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_wait (connection);
}

GST_START_TEST (test_timeout)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  gint64 started = g_get_monotonic_time ();

  site_handle (origin, "/body", on_silence, NULL);
  g_object_set (rig->src, "timeout", 1, "retries", 0, NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_READ);
  fail_unless (g_get_monotonic_time () - started >= 990 * 1000);
}

GST_END_TEST;

static GThread *streaming, *posting;

static GstPadProbeReturn
note_streaming (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  streaming = g_thread_self ();
  return GST_PAD_PROBE_REMOVE;
}

static GstBusSyncReply
note_posting (GstBus * bus, GstMessage * message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    posting = g_thread_self ();
  return GST_BUS_PASS;
}

/* hlsdemux hangs for good if an error comes from a source that it has stopped
 * (its lock is taken where it is posted): so only create() may post one. */
GST_START_TEST (test_posted_by_create)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  GstPad *pad = gst_element_get_static_pad (rig->src, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note_streaming,
      NULL, NULL);
  gst_object_unref (pad);
  gst_bus_set_sync_handler (rig->bus, note_posting, NULL, NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_FOUND);
  fail_unless (posting != NULL);
  fail_unless (posting == streaming);
}

GST_END_TEST;

static Suite *
errors_suite (void)
{
  Suite *suite = suite_create ("errors");
  TCase *tests = tcase_create ("errors");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_status, 0, G_N_ELEMENTS (statuses));
  tcase_add_test (tests, test_words);
  tcase_add_test (tests, test_one_error);
  tcase_add_test (tests, test_after_an_error);
  tcase_add_test (tests, test_refused_connection);
  tcase_add_test (tests, test_unknown_host);
  tcase_add_loop_test (tests, test_bad_uri, 0, G_N_ELEMENTS (bad_uris));
  tcase_add_loop_test (tests, test_nonsense, 0, G_N_ELEMENTS (nonsense));
  tcase_add_test (tests, test_endless_head);
  tcase_add_test (tests, test_timeout);
  tcase_add_test (tests, test_posted_by_create);
  return suite;
}

RIG_MAIN (errors)
