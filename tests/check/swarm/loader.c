/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"

#define RATE 40000              /* a segment a second */

/* What all loaders do, shown by the one without peers; its rules. */

static Stage *
http_stage (guint64 rate)
{
  return stage_new (P2P_TYPE_HTTP_LOADER, rate);
}

static void
test_loads_in_order (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  stage_load (s, 0, 3);
  stage_settle (s);
  stage_assert_log (s, "loaded 0\nloaded 1\nloaded 2\nloaded 3\n");
  stage_assert_requests (s, "0 1 2 3 ");
  g_assert_cmpuint (fake_fetcher_get_max_open (s->fetcher), ==, 1);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, 4 * STAGE_SIZE);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
}

static void
test_order_of_priorities (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (GPtrArray) segments =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);
  static const guint order[] = { 3, 1, 3, 0, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_ptr_array_add (segments, p2p_segment_new (stage_uri (order[i]),
            stage_id (order[i]), 0, -1, order[i]));
  p2p_loader_load (s->loader, segments, NULL, NULL);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 3 ");
}

static void
test_segment_loaded_has_data (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (P2pSegment) segment = NULL;
  g_autoptr (GBytes) bytes = NULL;

  stage_load (s, 5, 5);
  stage_settle (s);
  segment = p2p_cache_get (s->cache, stage_id (5));
  bytes = p2p_segment_get_data (segment);
  g_assert_true (g_bytes_equal (bytes, stage_bytes (s, 5)));
  g_assert_cmpstr (segment->url, ==, stage_uri (5));
}

static void
test_byte_range (void)
{
  g_autoptr (Stage) s = http_stage (0);
  g_autoptr (GPtrArray) segments =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);
  g_autoptr (P2pSegment) segment = NULL;
  g_autoptr (GBytes) got = NULL, expect = NULL;
  FakeRequest *request;

  g_ptr_array_add (segments, p2p_segment_new (stage_uri (0), "s0", 1000, 500,
          0));
  p2p_loader_load (s->loader, segments, NULL, NULL);
  stage_settle (s);
  request = g_ptr_array_index (fake_fetcher_get_requests (s->fetcher), 0);
  g_assert_cmpint (request->start, ==, 1000);
  g_assert_cmpint (request->stop, ==, 1500);
  segment = p2p_cache_get (s->cache, "s0");
  got = p2p_segment_get_data (segment);
  expect = g_bytes_new_from_bytes (stage_bytes (s, 0), 1000, 500);
  g_assert_true (g_bytes_equal (got, expect));
}

static void
test_empty_load (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  p2p_loader_load (s->loader, none, NULL, NULL);
  stage_load (s, 0, 1);
  stage_run (s, P2P_SECOND / 2);
  p2p_loader_load (s->loader, none, NULL, NULL);
  stage_settle (s);
  stage_assert_log (s, "abort 0\nabort 1\n");
  g_assert_cmpuint (fake_fetcher_get_n_open (s->fetcher), ==, 0);
}

static void
test_segment_abort (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  stage_load (s, 0, 3);
  stage_run (s, 3 * P2P_SECOND / 2);
  stage_load (s, 2, 4);
  stage_settle (s);
  /* 0 was loaded; 1 was half there. */
  stage_assert_log (s, "loaded 0\nabort 1\nloaded 2\nloaded 3\nloaded 4\n");
  stage_assert_requests (s, "0 1 2 3 4 ");
  g_assert_cmpuint (s->stats.wasted, >, 0);
  g_assert_cmpuint (s->stats.wasted + 4 * STAGE_SIZE, ==,
      s->pieces[P2P_SOURCE_HTTP]);
}

static void
test_same_queue_goes_on (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  for (guint i = 0; i < 8; i++) {
    stage_load (s, 0, 2);
    stage_run (s, P2P_SECOND / 4);
  }
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 ");
  stage_assert_log (s, "loaded 0\nloaded 1\nloaded 2\n");
}

static void
test_segment_error (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  fake_fetcher_remove (s->fetcher, stage_uri (1));
  stage_load (s, 0, 2);
  stage_settle (s);
  stage_assert_log (s, "loaded 0\nerror 1 7\nloaded 2\n");
  /* Once, until it is loaded or read anew. */
  p2p_loader_set_settings (s->loader, &s->settings);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 ");
  stage_load (s, 0, 2);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 1 ");
  stage_assert_log (s, "loaded 0\nerror 1 7\nloaded 2\nerror 1 7\n");
}

static void
test_cut_body_is_error (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  s->options->retries = 0;
  fake_resource_fault (stage_resource (s, 0), FAKE_CUT, 20000, 1);
  stage_load (s, 0, 0);
  stage_settle (s);
  stage_assert_log (s, "error 0 5\n");
  g_assert_false (stage_is_cached (s, 0));
  g_assert_cmpuint (s->stats.wasted, ==, 20000);
}

static void
test_retries_are_counted (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  fake_resource_fault (stage_resource (s, 0), FAKE_STATUS, 503, 2);
  stage_load (s, 0, 0);
  stage_settle (s);
  stage_assert_log (s, "loaded 0\n");
  g_assert_cmpuint (s->stats.retries, ==, 2);
}

static void
test_emit_now (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  stage_load_full (s, 0, 1, 0, NULL, stage_uri (0));
  stage_assert_log (s, "");
  stage_settle (s);
  stage_assert_log (s, "loaded 0\nloaded 1\n");
  /* Not from inside the call, and by any spelling, or the id. */
  stage_load_full (s, 0, 1, 0, NULL, "HTTP://Origin.example:80/x/../0.ts");
  stage_assert_log (s, "loaded 0\nloaded 1\n");
  stage_run (s, 0);
  stage_assert_log (s, "loaded 0\nloaded 1\nloaded 0\n");
  stage_load_full (s, 5, 5, 0, NULL, stage_id (1));
  stage_load_full (s, 5, 5, 0, NULL, "http://origin.example/none.ts");
  stage_run (s, 0);
  stage_assert_log (s, "loaded 0\nloaded 1\nloaded 0\nloaded 1\n");
}

static void
test_piece_bytes_loaded (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  stage_load (s, 0, 0);
  stage_run (s, P2P_SECOND / 2);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], >, 0);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], <, STAGE_SIZE);
  stage_settle (s);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, STAGE_SIZE);
}

static void
test_bandwidth (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  stage_load (s, 0, 1);
  stage_settle (s);
  g_assert_cmpuint (s->bandwidth.count, ==, 2);
  g_assert_cmpuint (p2p_bandwidth_get (&s->bandwidth), >, 8 * RATE * 9 / 10);
  g_assert_cmpuint (p2p_bandwidth_get (&s->bandwidth), <=, 8 * RATE);
}

static void
test_http_takes_no_peer (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (FakePeer) peer = fake_peer_new (s->clock, "p");

  p2p_loader_add_peer (s->loader, P2P_PEER (peer));
  g_assert_true (peer->closed);
  stage_load_full (s, 0, 0, 0, "swarm", NULL);
  stage_settle (s);
  stage_assert_log (s, "loaded 0\n");
  g_assert_cmpuint (p2p_loader_get_n_peers (s->loader), ==, 0);
}

static void
test_http_buffer_segments_count (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  s->settings.buffer_segments_count = 3;
  stage_apply (s);
  stage_load (s, 0, 9);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 ");
  stage_load (s, 1, 10);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 3 ");
  s->settings.buffer_segments_count = 4;
  stage_apply (s);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 3 4 ");
  /* The first is not ahead. */
  s->settings.buffer_segments_count = 0;
  stage_apply (s);
  stage_load (s, 8, 10);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 3 4 8 ");
}

static void
test_max_cache_segments_count (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  /* What is ahead stays: no more is fetched than can be kept. */
  s->settings.max_cache_segments_count = 3;
  stage_apply (s);
  stage_load (s, 0, 9);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 ");
  stage_load (s, 2, 9);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 3 4 ");
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 3);
  g_assert_true (stage_is_cached (s, 2));
  g_assert_true (stage_is_cached (s, 4));
}

static void
test_max_cache_bytes (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  s->settings.max_cache_bytes = 3 * STAGE_SIZE + 100;
  stage_apply (s);
  stage_load (s, 0, 9);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 ");
  g_assert_cmpuint (p2p_cache_get_bytes (s->cache), ==, 3 * STAGE_SIZE);
}

static void
test_cache_segment_expiration (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  s->settings.cache_segment_expiration = 10000;
  stage_apply (s);
  stage_load (s, 0, 2);
  stage_run (s, 9 * P2P_SECOND);
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 3);
  stage_settle (s);
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 0);
  /* Nobody is there who wants them: not fetched again and again. */
  stage_assert_requests (s, "0 1 2 ");
  stage_load (s, 0, 2);
  stage_run (s, 5 * P2P_SECOND);
  stage_assert_requests (s, "0 1 2 0 1 2 ");
}

static void
test_options_hold_from_now_on (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();

  options->retries = 0;
  fake_resource_fault (stage_resource (s, 0), FAKE_STATUS, 503, -1);
  p2p_loader_set_options (s->loader, options);
  stage_load (s, 0, 0);
  stage_run (s, P2P_SECOND / 10);
  stage_assert_log (s, "error 0 7\n");
}

static void
test_contains (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  stage_load (s, 0, 1);
  stage_settle (s);
  stage_load (s, 1, 2);
  g_assert_false (p2p_loader_contains (s->loader, stage_id (0)));
  g_assert_true (p2p_loader_contains (s->loader, stage_id (1)));
  g_assert_true (p2p_loader_contains (s->loader, stage_id (2)));
}

static void
test_destroy (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (FakePeer) peer = fake_peer_new (s->clock, "p");
  g_autoptr (Audience) a = NULL, b = NULL;
  gsize length;

  stage_load (s, 0, 3);
  stage_run (s, 3 * P2P_SECOND / 2);
  a = stage_read (s, 1);
  b = stage_read (s, 0);
  length = s->log->len;
  s->calling = TRUE;
  p2p_loader_destroy (s->loader);
  s->calling = FALSE;
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 0);
  g_assert_cmpuint (fake_fetcher_get_n_open (s->fetcher), ==, 0);
  stage_settle (s);
  g_assert_error (a->error, P2P_ERROR, P2P_ERROR_DESTROYED);
  g_assert_error (b->error, P2P_ERROR, P2P_ERROR_DESTROYED);
  g_assert_cmpuint (a->data->len + b->data->len, ==, 0);

  /* And it stays so. */
  stage_load (s, 0, 3);
  p2p_loader_set_settings (s->loader, &s->settings);
  p2p_loader_add_peer (s->loader, P2P_PEER (peer));
  g_assert_true (peer->closed);
  p2p_loader_destroy (s->loader);
  stage_settle (s);
  g_assert_false (p2p_loader_contains (s->loader, stage_id (0)));
  g_assert_cmpuint (s->log->len, ==, length);
}

static void
destroy_in_event (gpointer stage, const char *what)
{
  Stage *s = stage;

  s->on_event = NULL;
  p2p_loader_destroy (s->loader);
}

static void
test_destroy_in_any_event (void)
{
  /* The first event is a piece of bytes, or the first byte of a reader. */
  for (guint n = 0; n < 3; n++) {
    g_autoptr (Stage) s = http_stage (RATE);
    g_autoptr (Audience) a = NULL;

    if (n == 2)
      fake_fetcher_remove (s->fetcher, stage_uri (0));
    stage_load (s, 0, 3);
    if (n == 1)
      a = stage_read (s, 0);
    s->on_event = destroy_in_event;
    stage_settle (s);
    g_assert_null (s->on_event);
    stage_assert_log (s, n == 2 ? "error 0 7\n" : "");
    if (a)
      g_assert_error (a->error, P2P_ERROR, P2P_ERROR_DESTROYED);
  }
}

static void
load_in_event (gpointer stage, const char *what)
{
  Stage *s = stage;

  s->on_event = NULL;
  stage_load (s, 10, 11);
}

static void
test_load_in_any_event (void)
{
  for (guint n = 0; n < 2; n++) {
    g_autoptr (Stage) s = http_stage (RATE);
    g_autoptr (Audience) a = NULL;

    stage_load (s, 0, 1);
    if (n == 1)
      a = stage_read (s, 0);
    s->on_event = load_in_event;
    stage_settle (s);
    g_assert_null (s->on_event);
    g_assert_true (stage_is_cached (s, 11));
    if (a)
      audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  }
}

#define add(name, func) g_test_add_func ("/loader/" name, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("loads-in-order", test_loads_in_order);
  add ("order-of-priorities", test_order_of_priorities);
  add ("segment-loaded-has-data", test_segment_loaded_has_data);
  add ("byte-range", test_byte_range);
  add ("empty-load", test_empty_load);
  add ("event/segment-abort", test_segment_abort);
  add ("event/segment-error", test_segment_error);
  add ("event/segment-loaded-by-emit-now", test_emit_now);
  add ("event/piece-bytes-loaded", test_piece_bytes_loaded);
  add ("same-queue-goes-on", test_same_queue_goes_on);
  add ("cut-body-is-error", test_cut_body_is_error);
  add ("retries-are-counted", test_retries_are_counted);
  add ("bandwidth", test_bandwidth);
  add ("http-takes-no-peer", test_http_takes_no_peer);
  add ("setting/http-buffer-segments-count", test_http_buffer_segments_count);
  add ("setting/max-cache-segments-count", test_max_cache_segments_count);
  add ("setting/max-cache-bytes", test_max_cache_bytes);
  add ("setting/cache-segment-expiration", test_cache_segment_expiration);
  add ("options-hold-from-now-on", test_options_hold_from_now_on);
  add ("contains", test_contains);
  add ("destroy", test_destroy);
  add ("destroy-in-any-event", test_destroy_in_any_event);
  add ("load-in-any-event", test_load_in_any_event);
  return g_test_run ();
}
