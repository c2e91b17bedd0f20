/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "downloadworld.h"

static void
test_plain (void)
{
  World *w = world_new ();

  w->resource->latency = P2P_SECOND;
  w->resource->rate = WORLD_SIZE;
  world_start (w);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  g_assert_cmpint (world_get_request (w, 0)->start, ==, 0);
  g_assert_cmpint (world_get_request (w, 0)->stop, ==, -1);
  g_assert_null (world_get_request (w, 0)->if_range);
  g_assert_cmpint (w->head->length, ==, WORLD_SIZE);
  g_assert_cmpint (w->when, >=, 2 * P2P_SECOND - 10);
  g_assert_cmpint (w->when, <=, 2 * P2P_SECOND + 10);
  g_assert_cmpuint (p2p_download_get_retries (w->download), ==, 0);
  world_free (w);
}

static void
test_range (void)
{
  static const struct
  {
    gint64 start, stop;
    gsize from, to;
  } cases[] = {
    {10, 20, 10, 20}, {0, 1, 0, 1}, {WORLD_SIZE - 1, -1, WORLD_SIZE - 1,
        WORLD_SIZE},
    {50, WORLD_SIZE + 500, 50, WORLD_SIZE}, {0, WORLD_SIZE, 0, WORLD_SIZE}, {7,
        7, 0, 0}, {9, 3, 0, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    World *w = world_new ();

    world_start_full (w, "GET", cases[i].start, cases[i].stop);
    world_finish (w);
    world_assert_body (w, cases[i].from, cases[i].to);
    world_free (w);
  }
}

/* A server that ignores ranges: only what was asked for comes out. */
static void
test_range_ignored (void)
{
  World *w = world_new ();

  w->resource->no_ranges = TRUE;
  w->resource->rate = WORLD_SIZE;
  world_start_full (w, NULL, 0, 20000);
  world_finish (w);
  world_assert_body (w, 0, 20000);
  g_assert_cmpint (w->head->length, ==, 20000);
  g_assert_cmpint (w->when, <, P2P_SECOND / 2);
  world_free (w);

  w = world_new ();
  w->resource->no_ranges = w->resource->no_length = TRUE;
  fake_resource_fault (w->resource, FAKE_STALL, 32768, 1);
  world_start_full (w, NULL, 0, 32768);
  world_finish (w);
  world_assert_body (w, 0, 32768);
  g_assert_cmpint (w->when, ==, 0);
  world_free (w);

  w = world_new ();
  w->resource->no_ranges = TRUE;
  world_start_full (w, NULL, 100, -1);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_RANGE);
  g_assert_nonnull (strstr (w->error->message, "origin.example"));
  g_assert_cmpuint (w->n_heads, ==, 0);
  g_assert_cmpuint (w->data->len, ==, 0);
  world_free (w);
}

static void
test_past_end (void)
{
  World *w = world_new ();

  world_start_full (w, NULL, WORLD_SIZE, -1);
  world_finish (w);
  g_assert_no_error (w->error);
  g_assert_cmpuint (w->head->status, ==, 416);
  g_assert_cmpuint (w->data->len, ==, 0);
  world_free (w);

  w = world_new ();
  fake_resource_fault (w->resource, FAKE_STATUS, 416, -1);
  world_start_full (w, NULL, 5, 10);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_RANGE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);
}

/* Nothing comes: every retry, after a pause that grows, then what it is. */
static void
test_refused (void)
{
  static const P2pError codes[] = {
    P2P_ERROR_CONNECT, P2P_ERROR_RESOLVE, P2P_ERROR_CUT
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    World *w = world_new ();

    fake_resource_fault (w->resource, FAKE_ERROR, codes[i], -1);
    world_start (w);
    world_finish (w);
    g_assert_error (w->error, P2P_ERROR, (int) codes[i]);
    g_assert_cmpuint (w->n_heads, ==, 0);
    g_assert_cmpuint (world_get_n_requests (w), ==, 4);
    g_assert_cmpuint (p2p_download_get_retries (w->download), ==, 3);
    world_assert_gap (w, 1, P2P_SECOND / 2);
    world_assert_gap (w, 2, P2P_SECOND);
    world_assert_gap (w, 3, 2 * P2P_SECOND);
    world_free (w);
  }
}

static void
test_recovers (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_ERROR, P2P_ERROR_CONNECT, 2);
  fake_resource_fault (w->resource, FAKE_STATUS, 503, 1);
  world_start (w);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (w->n_heads, ==, 1);
  g_assert_cmpuint (w->head->status, ==, 200);
  world_free (w);
}

static void
test_hopeless (void)
{
  static const P2pError codes[] = {
    P2P_ERROR_TLS, P2P_ERROR_MALFORMED, P2P_ERROR_REDIRECT, P2P_ERROR_URI
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    World *w = world_new ();

    fake_resource_fault (w->resource, FAKE_ERROR, codes[i], -1);
    world_start (w);
    world_finish (w);
    g_assert_error (w->error, P2P_ERROR, (int) codes[i]);
    g_assert_cmpuint (world_get_n_requests (w), ==, 1);
    world_free (w);
  }
}

static void
test_retries_option (void)
{
  World *w = world_new ();

  w->options->retries = 0;
  fake_resource_fault (w->resource, FAKE_CUT, 100, -1);
  world_start (w);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_CUT);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);

  /* For ever, at most every eight seconds. */
  w = world_new ();
  w->options->retries = -1;
  fake_resource_fault (w->resource, FAKE_ERROR, P2P_ERROR_CONNECT, -1);
  world_start (w);
  fake_clock_run_for (w->clock, 800 * P2P_SECOND);
  g_assert_cmpuint (w->n_done, ==, 0);
  g_assert_cmpuint (world_get_n_requests (w), >=, 90);
  g_assert_cmpuint (world_get_n_requests (w), <=, 106);
  world_free (w);
}

/* As souphttpsrc 1.26 does it. */
static void
test_backoff_option (void)
{
  World *w = world_new ();

  w->options->retry_backoff_factor = 3;
  w->options->retry_backoff_max = 15;
  fake_resource_fault (w->resource, FAKE_ERROR, P2P_ERROR_CONNECT, -1);
  world_start (w);
  world_finish (w);
  world_assert_gap (w, 1, 6 * P2P_SECOND);
  world_assert_gap (w, 2, 12 * P2P_SECOND);
  world_assert_gap (w, 3, 15 * P2P_SECOND);
  world_free (w);

  /* No number is too large. */
  w = world_new ();
  w->options->retry_backoff_factor = w->options->retry_backoff_max =
      G_MAXDOUBLE;
  fake_resource_fault (w->resource, FAKE_ERROR, P2P_ERROR_CONNECT, 1);
  world_start (w);
  fake_clock_run_for (w->clock, 2 * P2P_DOWNLOAD_BACKOFF_LONGEST);
  world_assert_body (w, 0, WORLD_SIZE);
  world_assert_gap (w, 1, P2P_DOWNLOAD_BACKOFF_LONGEST);
  world_free (w);
}

static void
test_statuses (void)
{
  static const struct
  {
    guint status;
    guint n;
  } cases[] = {
    {404, 1}, {401, 1}, {403, 1}, {304, 1}, {302, 1}, {429, 1}, {501, 1},
    {500, 4}, {502, 4}, {503, 4}, {504, 4},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    World *w = world_new ();

    fake_resource_fault (w->resource, FAKE_STATUS, cases[i].status, -1);
    world_start (w);
    world_finish (w);
    g_assert_error (w->error, P2P_ERROR, P2P_ERROR_STATUS);
    g_assert_cmpuint (w->n_heads, ==, 1);
    g_assert_cmpuint (w->head->status, ==, cases[i].status);
    g_assert_cmpuint (world_get_n_requests (w), ==, cases[i].n);
    world_free (w);
  }
}

static void
test_retry_after (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_STATUS, 503, 2);
  w->resource->retry_after = 4;
  world_start (w);
  fake_clock_run_for (w->clock, 3 * P2P_SECOND);
  w->resource->retry_after = G_MAXUINT;
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  world_assert_gap (w, 1, 4 * P2P_SECOND);
  world_assert_gap (w, 2, P2P_DOWNLOAD_BACKOFF_MAX);
  world_free (w);
}

/* Slow is not silent. */
static void
test_slow (void)
{
  World *w = world_new ();

  w->resource->rate = 1;
  w->resource->chunk = 7;
  w->resource->latency = 14 * P2P_SECOND;
  world_start_full (w, NULL, 0, 1000);
  world_finish (w);
  world_assert_body (w, 0, 1000);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);
}

static void
test_pause (void)
{
  World *w = world_new ();

  w->resource->rate = WORLD_SIZE;
  w->resource->latency = 10 * P2P_SECOND;
  world_start (w);
  p2p_download_set_paused (w->download, TRUE);
  fake_clock_run_for (w->clock, 100 * P2P_SECOND);
  g_assert_cmpuint (w->n_heads, ==, 1);
  g_assert_cmpuint (w->data->len + w->n_done, ==, 0);

  p2p_download_set_paused (w->download, FALSE);
  fake_clock_run_for (w->clock, P2P_SECOND / 2);
  g_assert_cmpuint (w->data->len, >, 0);
  p2p_download_set_paused (w->download, TRUE);
  p2p_download_set_paused (w->download, TRUE);
  fake_clock_run_for (w->clock, 1000 * P2P_SECOND);
  p2p_download_set_paused (w->download, FALSE);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);
}

/* The time-out goes on where the pause stopped it. */
static void
test_pause_silent (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_SILENT, 0, -1);
  world_start (w);
  fake_clock_run_for (w->clock, 5 * P2P_SECOND);
  p2p_download_set_paused (w->download, TRUE);
  fake_clock_run_for (w->clock, 100 * P2P_SECOND);
  p2p_download_set_paused (w->download, FALSE);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_TIMEOUT);
  g_assert_cmpint (w->when, ==, 115 * P2P_SECOND);
  world_free (w);
}

/* A retry that falls into a pause is paused, too. */
static void
test_pause_retry (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_ERROR, P2P_ERROR_CONNECT, 1);
  world_start (w);
  fake_clock_run_for (w->clock, 0);
  p2p_download_set_paused (w->download, TRUE);
  fake_clock_run_for (w->clock, 100 * P2P_SECOND);
  g_assert_cmpuint (world_get_n_requests (w), ==, 2);
  g_assert_cmpuint (w->data->len, ==, 0);
  p2p_download_set_paused (w->download, FALSE);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  world_free (w);
}

/* Methods without a body to come are not cut, and nothing is resumed. */
static void
test_head_method (void)
{
  World *w = world_new ();

  world_start_full (w, "HEAD", 0, -1);
  world_finish (w);
  g_assert_no_error (w->error);
  g_assert_cmpstr (world_get_request (w, 0)->method, ==, "HEAD");
  g_assert_cmpint (w->head->length, ==, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);
}

/* Cancelled or dropped in every event: nothing comes after it. */
static void
test_leave (void)
{
  static const char where[] = "hhddee";

  for (guint i = 0; where[i]; i++) {
    World *w = world_new ();

    w->leave = where[i];
    w->cancel = i % 2;
    world_start (w);
    fake_clock_run_for (w->clock, 100 * P2P_SECOND);
    g_assert_cmpuint (w->leave, ==, 0);
    g_assert_cmpuint (w->n_heads, ==, 1);
    g_assert_cmpuint (w->n_done, ==, where[i] == 'e');
    g_assert_true (w->data->len == 0 || where[i] != 'h');
    world_free (w);
  }
}

static void
test_leave_refused (void)
{
  for (guint i = 0; i < 4; i++) {
    World *w = world_new ();

    w->leave = i < 2 ? 'h' : 'e';
    w->cancel = i % 2;
    fake_resource_fault (w->resource, FAKE_STATUS, 404, 1);
    world_start (w);
    fake_clock_run_for (w->clock, 100 * P2P_SECOND);
    g_assert_cmpuint (w->n_heads, ==, 1);
    g_assert_cmpuint (w->n_done, ==, i >= 2);
    world_free (w);
  }
}

static void
test_cancel_in_pause (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_ERROR, P2P_ERROR_CONNECT, 1);
  world_start (w);
  fake_clock_run_for (w->clock, P2P_MSEC);
  p2p_download_cancel (w->download);
  p2p_download_cancel (w->download);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  fake_clock_run_for (w->clock, P2P_SECOND);
  g_assert_cmpint (p2p_download_get_elapsed (w->download), ==, P2P_MSEC);
  g_assert_cmpuint (w->n_done, ==, 0);
  world_free (w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/download/plain", test_plain);
  g_test_add_func ("/download/range", test_range);
  g_test_add_func ("/download/range-ignored", test_range_ignored);
  g_test_add_func ("/download/past-end", test_past_end);
  g_test_add_func ("/download/refused", test_refused);
  g_test_add_func ("/download/recovers", test_recovers);
  g_test_add_func ("/download/hopeless", test_hopeless);
  g_test_add_func ("/download/retries-option", test_retries_option);
  g_test_add_func ("/download/backoff-option", test_backoff_option);
  g_test_add_func ("/download/statuses", test_statuses);
  g_test_add_func ("/download/retry-after", test_retry_after);
  g_test_add_func ("/download/slow", test_slow);
  g_test_add_func ("/download/pause", test_pause);
  g_test_add_func ("/download/pause-silent", test_pause_silent);
  g_test_add_func ("/download/pause-retry", test_pause_retry);
  g_test_add_func ("/download/head-method", test_head_method);
  g_test_add_func ("/download/leave", test_leave);
  g_test_add_func ("/download/leave-refused", test_leave_refused);
  g_test_add_func ("/download/cancel-in-pause", test_cancel_in_pause);
  return g_test_run ();
}
