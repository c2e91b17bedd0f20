/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "../elements/process.h"
#include "names.h"
#include "origin.h"
#include "probe.h"

#define SIZE (8 * 1024 * 1024)

static gboolean
serve (Origin * origin, const char *request, guint n, GIOStream * connection,
    gpointer user_data)
{
  g_autofree char *body = g_malloc0 (SIZE);
  const char *path = request + strlen ("GET ");

  if (g_str_has_prefix (path, "/silent")) {
    origin_wait_closed (connection);
    return FALSE;
  }
  if (g_str_has_prefix (path, "/redirect")) {
    origin_say (connection, "HTTP/1.1 302 Found\r\nLocation: /silent\r\n"
        "Content-Length: 0\r\n\r\n");
    return TRUE;
  }
  if (g_str_has_prefix (path, "/404")) {
    origin_say (connection, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    return TRUE;
  }
  if (g_str_has_prefix (path, "/stall")) {
    origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx");
    origin_wait_closed (connection);
    return FALSE;
  }
  if (g_str_has_prefix (path, "/cut")) {
    origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
        SIZE + 1);
    origin_write (connection, body, SIZE);
    return FALSE;
  }
  origin_say (connection, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
      SIZE);
  return origin_write (connection, body, SIZE);
}

/* Leaves each of these in each event, by cancel and by unref. */
static void
leave_events (Origin * origin)
{
  static const char *const paths[] = { "/", "/404", "/stall", "/cut" };
  static const char events[] = "hde";

  for (guint i = 0; i < G_N_ELEMENTS (paths) * 3 * 2; i++) {
    g_autofree char *uri = origin_get_uri (origin, paths[i / 6]);
    char event = events[i / 2 % 3];
    Probe *p;

    if ((event == 'd' && i / 6 == 1) || (event == 'e' && i / 6 == 2))
      continue;
    p = probe_new ();
    p->leave = event;
    p->cancel = i % 2;
    probe_start (p, uri);
    while (p->leave)
      g_main_context_iteration (p->context, TRUE);
    probe_settle (p);
    g_assert_cmpuint (p->n_heads, ==, 1);
    g_assert_cmpuint (p->n_done, ==, event == 'e');
    g_assert_true (event != 'h' || p->n_data == 0);
    g_assert_true (event != 'd' || p->n_data == 1);
    probe_free (p);
  }
}

static void
test_events (void)
{
  Origin *origin = origin_new (serve, NULL);
  guint before;

  leave_events (origin);
  before = process_count_files (NULL);
  leave_events (origin);
  leave_events (origin);
  /* The origin closes its ends on threads of its own. */
  g_assert_true (process_wait_for_files (NULL, before));
  origin_free (origin);
}

/* Leaves after each number of turns of the main loop, in whichever state that
 * is: resolving, connecting, waiting, reading. */
static void
leave_turns (const char *uri)
{
  for (guint turns = 0; turns < 40; turns++) {
    Probe *p = probe_new ();

    probe_start (p, uri);
    for (guint i = 0; i < turns && p->n_done == 0; i++)
      g_main_context_iteration (p->context, FALSE);
    if (turns % 2)
      p2p_fetch_cancel (p->fetch);
    probe_free (p);
  }
}

static void
test_turns (void)
{
  static const char *const paths[] = { "/", "/silent", "/redirect", "/404" };
  Origin *origin = origin_new (serve, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *uri = origin_get_uri (origin, paths[i]);

    leave_turns (uri);
  }
  leave_turns ("http://does-not-exist.invalid/");
  leave_turns ("not a uri");
  origin_free (origin);
}

/* A fetch outlives its fetcher. */
static void
test_fetcher_goes (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/");
  Probe *p = probe_new ();
  P2pFetcher *fetcher = p->fetcher;

  probe_start (p, uri);
  p->fetcher = P2P_FETCHER (p2p_soup_fetcher_new (p->clock, p->context));
  g_object_unref (fetcher);
  probe_run (p);
  g_assert_no_error (p->error);
  g_assert_cmpuint (p->size, ==, SIZE);
  probe_free (p);
  origin_free (origin);
}

/* Runs while nothing is to happen, long enough for it to happen. */
static void
assert_still (Probe * p)
{
  guint n = p->n_data;

  for (guint i = 0; i < 100; i++) {
    probe_settle (p);
    g_thread_yield ();
  }
  g_assert_cmpuint (p->n_data, ==, n);
  g_assert_cmpuint (p->n_done, ==, 0);
}

static void
test_pause (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/");
  Probe *p = probe_new ();

  /* Paused from the start: the head comes, no data. */
  probe_start (p, uri);
  p2p_fetch_set_paused (p->fetch, TRUE);
  while (p->n_heads == 0)
    g_main_context_iteration (p->context, TRUE);
  assert_still (p);

  /* After every piece of data again. */
  p->pause = TRUE;
  for (guint n = 1; n <= 3; n++) {
    p2p_fetch_set_paused (p->fetch, FALSE);
    while (p->n_data < n)
      g_main_context_iteration (p->context, TRUE);
    assert_still (p);
  }
  p->pause = FALSE;
  p2p_fetch_set_paused (p->fetch, FALSE);
  p2p_fetch_set_paused (p->fetch, TRUE);
  p2p_fetch_set_paused (p->fetch, FALSE);
  probe_run (p);
  g_assert_no_error (p->error);
  g_assert_cmpuint (p->size, ==, SIZE);
  probe_free (p);
  origin_free (origin);
}

/* The server leaves while the fetch is paused: all that it sent still comes. */
static void
test_pause_cut (void)
{
  Origin *origin = origin_new (serve, NULL);
  g_autofree char *uri = origin_get_uri (origin, "/cut");
  Probe *p = probe_new ();

  p->pause = TRUE;
  probe_start (p, uri);
  while (p->n_heads == 0)
    g_main_context_iteration (p->context, TRUE);
  assert_still (p);
  p->pause = FALSE;
  p2p_fetch_set_paused (p->fetch, FALSE);
  probe_run (p);
  g_assert_error (p->error, P2P_ERROR, P2P_ERROR_CUT);
  g_assert_cmpuint (p->size, ==, SIZE);
  probe_free (p);
  origin_free (origin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  names_forget ();
  g_test_add_func ("/leave/events", test_events);
  g_test_add_func ("/leave/turns", test_turns);
  g_test_add_func ("/leave/fetcher-goes", test_fetcher_goes);
  g_test_add_func ("/leave/pause", test_pause);
  g_test_add_func ("/leave/pause-cut", test_pause_cut);
  return g_test_run ();
}
