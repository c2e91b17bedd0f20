/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "downloadworld.h"

static void
test_cut (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_CUT, 30001, 3);
  world_start (w);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 4);
  for (guint i = 1; i < 4; i++) {
    g_assert_cmpint (world_get_request (w, i)->start, ==, i * 30001);
    g_assert_cmpint (world_get_request (w, i)->stop, ==, -1);
    g_assert_cmpstr (world_get_request (w, i)->if_range, ==, "\"v1\"");
  }
  /* The first at once, but no server makes us spin. */
  world_assert_gap (w, 1, 0);
  world_assert_gap (w, 2, P2P_SECOND / 2);
  world_assert_gap (w, 3, P2P_SECOND / 2);
  world_free (w);
}

/* One byte at a time, for ever: any byte gives back all retries. */
static void
test_cut_always (void)
{
  World *w = world_new ();

  w->options->retries = 1;
  fake_resource_fault (w->resource, FAKE_CUT, 1, 50);
  world_start_full (w, NULL, 1000, 1050);
  world_finish (w);
  world_assert_body (w, 1000, 1050);
  world_free (w);
}

static void
test_cut_at_end (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_CUT, WORLD_SIZE, 1);
  world_start (w);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);

  /* Nobody knows that this was the end until the server says 416. */
  w = world_new ();
  w->resource->no_length = TRUE;
  fake_resource_fault (w->resource, FAKE_CUT, WORLD_SIZE, 1);
  world_start (w);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 2);
  g_assert_cmpuint (w->n_heads, ==, 1);
  world_free (w);
}

static void
test_wrong_length (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_LENGTH, WORLD_SIZE + 10, -1);
  world_start (w);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_CUT);
  g_assert_cmpuint (w->data->len, ==, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 4);
  world_free (w);
}

/* A server that serves ranges piece by piece. */
static void
test_pieces (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_SHORT, 30000, 3);
  fake_resource_fault (w->resource, FAKE_SHORT, 0, 2);
  world_start (w);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 6);
  world_assert_gap (w, 3, 0);
  world_assert_gap (w, 4, P2P_SECOND / 2);
  world_free (w);
}

/* A resume that gets the whole: only the same whole will do. */
static void
test_resume_whole (void)
{
  static const struct
  {
    const char *before, *after;
    gboolean good;
  } cases[] = {
    {"\"v1\"", "\"v1\"", TRUE}, {"\"v1\"", "\"v2\"", FALSE},
    {NULL, NULL, FALSE}, {"\"v1\"", NULL, FALSE}, {NULL, "\"v1\"", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    World *w = world_new ();

    w->resource->no_ranges = TRUE;
    g_free (w->resource->validator);
    w->resource->validator = g_strdup (cases[i].before);
    fake_resource_fault (w->resource, FAKE_CUT, 40000, 1);
    w->resource->rate = WORLD_SIZE;
    world_start (w);
    fake_clock_run_for (w->clock, P2P_SECOND / 10);
    g_free (w->resource->validator);
    w->resource->validator = g_strdup (cases[i].after);
    world_finish (w);
    if (cases[i].good) {
      world_assert_body (w, 0, WORLD_SIZE);
    } else {
      g_assert_error (w->error, P2P_ERROR, P2P_ERROR_RANGE);
      g_assert_cmpuint (w->data->len, ==, 40000);
    }
    world_free (w);
  }
}

/* The same address, another resource: its bytes are never joined to the old. */
static void
test_resume_changed (void)
{
  for (guint i = 0; i < 3; i++) {
    World *w = world_new ();

    w->resource->rate = WORLD_SIZE;
    fake_resource_fault (w->resource, FAKE_CUT, 40000, 1);
    if (i == 1)
      g_clear_pointer (&w->resource->validator, g_free);
    world_start (w);
    fake_clock_run_for (w->clock, P2P_SECOND / 10);
    w->resource =
        fake_fetcher_add (w->fetcher, WORLD_URI, WORLD_SIZE + (i == 1));
    w->resource->validator = i == 1 ? NULL : g_strdup ("\"v2\"");
    if (i == 2) {
      /* If-Range is ignored. */
      w->resource->validator[2] = '1';
      fake_resource_fault (w->resource, FAKE_LENGTH, 1, 1);
    }
    world_finish (w);
    g_assert_error (w->error, P2P_ERROR, P2P_ERROR_RANGE);
    g_assert_cmpuint (w->data->len, ==, 40000);
    world_free (w);
  }
}

static void
test_resume_refused (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_CUT, 40000, 1);
  fake_resource_fault (w->resource, FAKE_STATUS, 404, 1);
  world_start (w);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_STATUS);
  g_assert_cmpuint (w->n_heads, ==, 2);
  g_assert_cmpuint (w->head->status, ==, 404);
  world_free (w);
}

static void
test_resume_encoded (void)
{
  for (guint i = 0; i < 2; i++) {
    World *w = world_new ();

    w->resource->encoded = TRUE;
    if (i == 1)
      g_clear_pointer (&w->resource->validator, g_free);
    fake_resource_fault (w->resource, FAKE_CUT, 40000, 2);
    world_start (w);
    world_finish (w);
    if (i == 0) {
      world_assert_body (w, 0, WORLD_SIZE);
      g_assert_cmpuint (world_get_n_requests (w), ==, 3);
      g_assert_cmpint (world_get_request (w, 2)->start, ==, 0);
      g_assert_null (world_get_request (w, 2)->if_range);
    } else {
      g_assert_error (w->error, P2P_ERROR, P2P_ERROR_CUT);
      g_assert_cmpuint (world_get_n_requests (w), ==, 1);
    }
    world_free (w);
  }
}

static void
test_silent_head (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_SILENT, 0, -1);
  world_start (w);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_TIMEOUT);
  g_assert_cmpint (w->when, ==, 15 * P2P_SECOND);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);

  w = world_new ();
  w->options->timeout = 0;
  fake_resource_fault (w->resource, FAKE_SILENT, 0, -1);
  world_start (w);
  fake_clock_run_for (w->clock, 3600 * P2P_SECOND);
  g_assert_cmpuint (w->n_done, ==, 0);
  world_free (w);
}

static void
test_silent_body (void)
{
  World *w = world_new ();

  fake_resource_fault (w->resource, FAKE_STALL, 50000, 1);
  world_start (w);
  world_finish (w);
  world_assert_body (w, 0, WORLD_SIZE);
  g_assert_cmpuint (world_get_n_requests (w), ==, 2);
  world_assert_gap (w, 1, 15 * P2P_SECOND / 2);
  g_assert_cmpint (w->when, ==, 15 * P2P_SECOND / 2);
  world_free (w);

  /* Not a byte more: one fresh connection, then the time-out. */
  for (guint i = 0; i < 2; i++) {
    w = world_new ();
    fake_resource_fault (w->resource, FAKE_STALL, 50000, 1);
    fake_resource_fault (w->resource, i ? FAKE_SILENT : FAKE_STALL, 0, -1);
    world_start (w);
    world_finish (w);
    g_assert_error (w->error, P2P_ERROR, P2P_ERROR_TIMEOUT);
    g_assert_cmpint (w->when, ==, 15 * P2P_SECOND);
    g_assert_cmpuint (world_get_n_requests (w), ==, 2);
    world_free (w);
  }
}

/* What could not go on elsewhere is waited for. */
static void
test_silent_unseekable (void)
{
  World *w = world_new ();

  w->resource->no_ranges = TRUE;
  fake_resource_fault (w->resource, FAKE_STALL, 50000, 1);
  world_start (w);
  world_finish (w);
  g_assert_error (w->error, P2P_ERROR, P2P_ERROR_TIMEOUT);
  g_assert_cmpuint (world_get_n_requests (w), ==, 1);
  world_free (w);
}

/* … unless it can be had again from its start. */
static void
test_silent_whole (void)
{
  for (guint i = 0; i < 3; i++) {
    World *w = world_new ();

    w->resource->encoded = i > 0;
    w->resource->no_ranges = i == 0;
    fake_resource_fault (w->resource, FAKE_STALL, i == 1 ? 50000 : 0, 1);
    world_start (w);
    world_finish (w);
    world_assert_body (w, 0, WORLD_SIZE);
    g_assert_cmpuint (world_get_n_requests (w), ==, 2);
    g_assert_cmpint (world_get_request (w, 1)->start, ==, 0);
    world_assert_gap (w, 1, 15 * P2P_SECOND / 2);
    world_free (w);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resume/cut", test_cut);
  g_test_add_func ("/resume/cut-always", test_cut_always);
  g_test_add_func ("/resume/cut-at-end", test_cut_at_end);
  g_test_add_func ("/resume/wrong-length", test_wrong_length);
  g_test_add_func ("/resume/pieces", test_pieces);
  g_test_add_func ("/resume/whole", test_resume_whole);
  g_test_add_func ("/resume/changed", test_resume_changed);
  g_test_add_func ("/resume/refused", test_resume_refused);
  g_test_add_func ("/resume/encoded", test_resume_encoded);
  g_test_add_func ("/resume/silent-head", test_silent_head);
  g_test_add_func ("/resume/silent-body", test_silent_body);
  g_test_add_func ("/resume/silent-unseekable", test_silent_unseekable);
  g_test_add_func ("/resume/silent-whole", test_silent_whole);
  return g_test_run ();
}
