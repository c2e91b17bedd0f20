/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What goes wrong for a while: nobody downstream notices. */

#include "rig.h"

#include <string.h>

#define SIZE (200 * 1000)

static guint8 *bytes;

static void
setup (void)
{
  bytes = site_make_bytes (SIZE);
}

static void
teardown (void)
{
  g_free (bytes);
}

/* The first request gets user_data for a status. */
static void
on_status_once (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  if (request->number == 1)
    site_reply_text (connection, user_data, NULL, "not now");
  else
    site_reply_range (connection, request, NULL, bytes, SIZE);
}

static void
check_all (Rig * rig)
{
  rig_run_to_eos (rig);
  rig_check_bytes (rig, bytes, SIZE);
}

GST_START_TEST (test_busy_server)
{
  static const char *const statuses[] = {
    "500 Internal Server Error", "503 Service Unavailable",
    "502 Bad Gateway", "504 Gateway Timeout"
  };
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  gint64 started = g_get_monotonic_time ();

  site_handle (origin, "/body", on_status_once, (gpointer) statuses[__i__]);
  check_all (rig);
  fail_unless_equals_int (site_count (origin, NULL), 2);
  fail_unless (g_get_monotonic_time () - started >= 500 * 1000);
}

GST_END_TEST;

static void
on_always_500 (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_text (connection, "500 No", NULL, "never");
}

GST_START_TEST (test_enough_retries)
{
  static const gint retries[] = { 0, 1, 2 };
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_always_500, NULL);
  g_object_set (rig->src, "retries", retries[__i__], NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_OPEN_READ);
  fail_unless_equals_int (site_count (origin, NULL), retries[__i__] + 1);
}

GST_END_TEST;

/* A request that is the server's last word is not repeated. */
GST_START_TEST (test_no_retry)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_status_once, (gpointer) "403 Forbidden");
  rig_run_to_error (rig, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  fail_unless_equals_int (site_count (origin, NULL), 1);
}

GST_END_TEST;

static gpointer
open_later (gpointer origin)
{
  g_usleep (200 * 1000);
  site_open (origin);
  return NULL;
}

GST_START_TEST (test_server_starts_late)
{
  g_autoptr (Site) origin = site_new_closed ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  GThread *thread = g_thread_new ("open", open_later, origin);

  site_serve (origin, "/body", NULL, bytes, SIZE);
  check_all (rig);
  g_thread_join (thread);
}

GST_END_TEST;

static void
on_close_once (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  if (request->number == 1)
    site_close (connection);
  else
    site_reply_range (connection, request, NULL, bytes, SIZE);
}

GST_START_TEST (test_closed_before_the_head)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_close_once, NULL);
  check_all (rig);
}

GST_END_TEST;

/* Every request gets at most a fifth of the body, then the connection ends. */
static void
on_cut (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  g_autofree char *range = site_request_get (request, "Range");
  gsize start = range ? g_ascii_strtoull (range + 6, NULL, 10) : 0;
  g_autofree char *head = range ?
      g_strdup_printf ("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %"
      G_GSIZE_FORMAT "-%d/%d\r\nETag: \"a\"\r\nContent-Length: %"
      G_GSIZE_FORMAT "\r\n\r\n", start, SIZE - 1, SIZE, SIZE - start) :
      g_strdup_printf ("HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\n"
      "ETag: \"a\"\r\nContent-Length: %d\r\n\r\n", SIZE);

  site_print (connection, head);
  site_write (connection, bytes + start, MIN (SIZE / 5, SIZE - start));
  site_close (connection);
}

/* It goes on where it was cut, and only if it is still the same body. */
GST_START_TEST (test_cut)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");
  g_autofree char *range = NULL, *condition = NULL;

  site_handle (origin, "/body", on_cut, NULL);
  check_all (rig);
  fail_unless_equals_int (site_count (origin, NULL), 5);
  range = site_request_get (site_get (origin, NULL, 2), "Range");
  fail_unless (g_str_has_prefix (range, "bytes=40000-"), "%s", range);
  condition = site_request_get (site_get (origin, NULL, 2), "If-Range");
  fail_unless_equals_string (condition, "\"a\"");
  /* One resource, one response to tell of. */
  fail_unless_equals_int (rig_count_messages (rig, GST_MESSAGE_ELEMENT), 1);
}

GST_END_TEST;

static void
on_other_after_cut (SiteConnection * connection,
    const SiteRequest * request, gpointer user_data)
{
  if (request->number == 1) {
    on_cut (connection, request, NULL);
    return;
  }
  site_reply (connection, "200 OK", "ETag: \"b\"\r\n", bytes + 1, SIZE - 1);
}

/* Half of one and half of another would be wrong bytes. */
GST_START_TEST (test_another_body_after_the_cut)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_other_after_cut, NULL);
  fail_unless_equals_int (rig_run (rig), GST_MESSAGE_ERROR);
  rig_check_bytes (rig, bytes, SIZE / 5);
}

GST_END_TEST;

static void
on_cut_for_good (SiteConnection * connection,
    const SiteRequest * request, gpointer user_data)
{
  if (request->number == 1)
    on_cut (connection, request, NULL);
  else
    site_close (connection);
}

GST_START_TEST (test_cut_for_good)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_cut_for_good, NULL);
  g_object_set (rig->src, "retries", 1, NULL);
  rig_run_to_error (rig, GST_RESOURCE_ERROR_READ);
  rig_check_bytes (rig, bytes, SIZE / 5);
}

GST_END_TEST;

static void
on_stall (SiteConnection * connection, const SiteRequest * request,
    gpointer user_data)
{
  site_reply_stalled (connection, request, bytes, SIZE);
}

/* The path to the server died without a word. */
GST_START_TEST (test_silent_body)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_handle (origin, "/body", on_stall, NULL);
  g_object_set (rig->src, "timeout", 1, NULL);
  check_all (rig);
}

GST_END_TEST;

/* A wait of the player is no silence of the server. */
GST_START_TEST (test_paused_player)
{
  g_autoptr (Site) origin = site_new ();
  g_autoptr (Rig) rig = rig_new (origin, "/body");

  site_serve (origin, "/body", NULL, bytes, SIZE);
  g_object_set (rig->src, "timeout", 1, NULL);
  rig_set_state (rig, GST_STATE_PAUSED);
  rig_wait_for (rig, GST_MESSAGE_ASYNC_DONE);
  g_usleep (1500 * 1000);
  check_all (rig);
}

GST_END_TEST;

static Suite *
retries_suite (void)
{
  Suite *suite = suite_create ("retries");
  TCase *tests = tcase_create ("retries");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, setup, teardown);
  tcase_add_loop_test (tests, test_busy_server, 0, 4);
  tcase_add_loop_test (tests, test_enough_retries, 0, 3);
  tcase_add_test (tests, test_no_retry);
  tcase_add_test (tests, test_server_starts_late);
  tcase_add_test (tests, test_closed_before_the_head);
  tcase_add_test (tests, test_cut);
  tcase_add_test (tests, test_another_body_after_the_cut);
  tcase_add_test (tests, test_cut_for_good);
  tcase_add_test (tests, test_silent_body);
  tcase_add_test (tests, test_paused_player);
  return suite;
}

RIG_MAIN (retries)
