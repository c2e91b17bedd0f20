/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"

#include <string.h>

#define RATE 40000              /* a segment a second */

static Stage *
http_stage (guint64 rate)
{
  return stage_new (P2P_TYPE_HTTP_LOADER, rate);
}

static void
test_bytes_as_they_come (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 1);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  g_assert_cmpuint (a->data->len, >, 0);
  g_assert_cmpuint (a->data->len, <, STAGE_SIZE);
  g_assert_cmpuint (a->n_done, ==, 0);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_false (p2p_reader_was_ahead (a->reader));
}

static void
test_not_in_queue (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  g_assert_null (p2p_loader_read (s->loader, "none", NULL, NULL));
  stage_load (s, 0, 0);
  stage_load (s, 1, 1);
  g_assert_null (p2p_loader_read (s->loader, stage_id (0), NULL, NULL));
}

static void
test_joins_what_is_on_its_way (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL, b = NULL;

  stage_load (s, 0, 0);
  stage_run (s, P2P_SECOND / 2);
  a = stage_read (s, 0);
  b = stage_read (s, 0);
  g_assert_cmpuint (a->data->len, ==, 0);
  stage_run (s, 0);
  g_assert_cmpuint (a->data->len, >, 0);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  audience_assert_all (b, 0, P2P_SOURCE_HTTP);
  g_assert_true (p2p_reader_was_ahead (a->reader));
  stage_assert_requests (s, "0 ");
}

static void
test_from_cache (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 0);
  stage_settle (s);
  a = stage_read (s, 0);
  stage_run (s, 0);
  audience_assert_all (a, 0, P2P_SOURCE_CACHE);
  g_assert_true (p2p_reader_was_ahead (a->reader));
}

static void
test_reading_is_an_access (void)
{
  g_autoptr (Stage) s = http_stage (0);

  stage_load (s, 0, 1);
  stage_run (s, 200 * P2P_SECOND);
  audience_free (stage_read (s, 0));
  stage_run (s, 200 * P2P_SECOND);
  g_assert_true (stage_is_cached (s, 0));
  g_assert_false (stage_is_cached (s, 1));
}

/* A cached segment that is dropped while it is handed on is handed on. */
static void
test_evicted_while_read (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 0);
  stage_settle (s);
  a = stage_read (s, 0);
  p2p_cache_clear (s->cache, NULL);
  stage_run (s, 0);
  audience_assert_all (a, 0, P2P_SOURCE_CACHE);
}

static void
test_failure (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL, b = NULL;

  fake_resource_fault (stage_resource (s, 0), FAKE_STATUS, 403, 1);
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_settle (s);
  g_assert_error (a->error, P2P_ERROR, P2P_ERROR_STATUS);
  g_assert_cmpuint (a->n_done, ==, 1);
  g_assert_cmpuint (a->n_heads, ==, 0);
  g_assert_cmpuint (a->status, ==, 403);

  /* Who asks anew is served anew, at once. */
  b = stage_read (s, 0);
  stage_settle (s);
  audience_assert_all (b, 0, P2P_SOURCE_HTTP);
  stage_assert_log (s, "error 0 7\nloaded 0\n");
}

static void
test_cut_after_bytes (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  s->options->retries = 0;
  fake_resource_fault (stage_resource (s, 0), FAKE_CUT, 20000, 1);
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_settle (s);
  g_assert_error (a->error, P2P_ERROR, P2P_ERROR_CUT);
  g_assert_cmpuint (a->data->len, ==, 20000);
  g_assert_cmpuint (a->n_heads, ==, 1);
  g_assert_cmpuint (a->status, ==, 0);
}

static void
test_read_goes_first (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 5);
  stage_run (s, P2P_SECOND / 2);
  a = stage_read (s, 4);
  stage_settle (s);
  audience_assert_all (a, 4, P2P_SOURCE_HTTP);
  /* What gave way stays in the queue, and is not aborted as seed 000 means
   * it. */
  stage_assert_requests (s, "0 4 0 1 2 3 5 ");
  g_assert_null (strstr (s->log->str, "abort"));
  g_assert_cmpuint (fake_fetcher_get_max_open (s->fetcher), ==, 1);
}

static void
test_readers_wait_for_each_other (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL, b = NULL;

  stage_load (s, 0, 5);
  a = stage_read (s, 3);
  stage_run (s, P2P_SECOND / 2);
  b = stage_read (s, 1);
  stage_settle (s);
  audience_assert_all (a, 3, P2P_SOURCE_HTTP);
  audience_assert_all (b, 1, P2P_SOURCE_HTTP);
  stage_assert_requests (s, "0 3 1 0 2 4 5 ");
}

static void
test_what_is_read_survives_load (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 1);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  stage_load (s, 5, 6);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  stage_assert_log (s, "abort 1\nloaded 0\nloaded 5\nloaded 6\n");
  g_assert_true (stage_is_cached (s, 0));
}

static void
test_aborted_when_closed (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL, b = NULL;

  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  b = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  stage_load (s, 5, 5);
  g_clear_pointer (&a, audience_free);
  stage_run (s, P2P_SECOND / 10);
  stage_assert_log (s, "");
  g_clear_pointer (&b, audience_free);
  stage_settle (s);
  stage_assert_log (s, "abort 0\nloaded 5\n");
}

static void
test_comes_back_into_queue (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  stage_load (s, 5, 5);
  stage_load (s, 0, 0);
  g_clear_pointer (&a, audience_free);
  stage_settle (s);
  stage_assert_log (s, "abort 5\nloaded 0\n");
  stage_assert_requests (s, "0 ");
}

static void
test_stays_in_queue_when_closed (void)
{
  g_autoptr (Stage) s = http_stage (RATE);

  stage_load (s, 0, 0);
  audience_free (stage_read (s, 0));
  stage_settle (s);
  stage_assert_log (s, "loaded 0\n");
  stage_assert_requests (s, "0 ");
}

/* Bodies that cannot be kept */

static void
test_too_large_streams (void)
{
  g_autoptr (Stage) s = http_stage (10 << 20);
  g_autoptr (Audience) a = NULL;

  fake_fetcher_add (s->fetcher, stage_uri (0), P2P_SEGMENT_MAX_BYTES + 1)
      ->rate = 10 << 20;
  stage_resource (s, 0)->chunk = 1 << 20;
  stage_resource (s, 0)->no_length = TRUE;
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  stage_assert_log (s, "loaded 0 unkept\n");
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 0);
}

static void
test_too_large_is_not_fetched_ahead (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Stage) s = http_stage (RATE);

    s->settings.max_cache_bytes = STAGE_SIZE;
    stage_apply (s);
    fake_fetcher_add (s->fetcher, stage_uri (0), STAGE_SIZE + 1)->no_length = i;
    stage_load (s, 0, 1);
    stage_settle (s);
    stage_assert_requests (s, "0 1 ");
    stage_load (s, 0, 1);
    stage_settle (s);
    stage_assert_requests (s, "0 1 ");
    stage_assert_log (s, "loaded 1\n");
    /* By its head alone, if that says it. */
    if (i == 0)
      g_assert_cmpuint (s->stats.wasted, ==, 0);
  }
}

static void
test_streaming_stands_still (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;
  gsize got;

  s->settings.max_cache_bytes = 0;
  stage_apply (s);
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  p2p_reader_set_paused (a->reader, TRUE);
  got = a->data->len;
  g_assert_cmpuint (got, >, 0);
  g_assert_cmpuint (p2p_loader_lookup (s->loader,
          stage_id (0))->body->chunks->len, ==, 0);
  stage_settle (s);
  g_assert_cmpuint (a->data->len, ==, got);
  p2p_reader_set_paused (a->reader, FALSE);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  /* Its time says nothing about the network. */
  g_assert_cmpuint (s->bandwidth.count, ==, 0);
}

static void
test_kept_does_not_stand_still (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  p2p_reader_set_paused (a->reader, TRUE);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
}

static void
test_who_comes_late_to_a_stream (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL, b = NULL, c = NULL;

  s->settings.max_cache_bytes = 0;
  stage_apply (s);
  stage_load (s, 0, 1);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  b = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 10);
  g_assert_cmpuint (b->data->len, ==, 0);
  /* One that stands still keeps nobody else from reading. */
  p2p_reader_set_paused (a->reader, TRUE);
  c = stage_read (s, 1);
  stage_run (s, 5 * P2P_SECOND);
  audience_assert_all (c, 1, P2P_SOURCE_HTTP);
  g_assert_cmpuint (a->n_done, ==, 0);

  p2p_reader_set_paused (a->reader, FALSE);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  audience_assert_all (b, 0, P2P_SOURCE_HTTP);
  stage_assert_requests (s, "0 1 0 ");
}

static void
test_stream_ends_with_its_reader (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL, b = NULL;

  s->settings.max_cache_bytes = 0;
  stage_apply (s);
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  b = stage_read (s, 0);
  g_clear_pointer (&a, audience_free);
  stage_settle (s);
  audience_assert_all (b, 0, P2P_SOURCE_HTTP);
  stage_assert_requests (s, "0 0 ");
  g_clear_pointer (&b, audience_free);
  b = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  g_clear_pointer (&b, audience_free);
  stage_settle (s);
  stage_assert_requests (s, "0 0 0 ");
  g_assert_cmpuint (fake_fetcher_get_n_open (s->fetcher), ==, 0);
}

/* What came, though it was not kept, was loaded. */
static void
test_streamed_is_not_aborted (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  s->settings.max_cache_bytes = 0;
  stage_apply (s);
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_settle (s);
  stage_load (s, 0, 1);
  stage_load (s, 2, 2);
  stage_settle (s);
  stage_assert_log (s, "loaded 0 unkept\nabort 1\n");
}

static Audience *closing;

static void
close_in_data (gpointer stage, const char *what)
{
  if (g_str_equal (what, "data"))
    g_clear_pointer (&closing, audience_free);
}

static void
test_close_in_data (void)
{
  g_autoptr (Stage) s = http_stage (RATE);
  g_autoptr (Audience) a = NULL;

  s->on_event = close_in_data;
  stage_load (s, 0, 0);
  closing = stage_read (s, 0);
  a = stage_read (s, 0);
  stage_settle (s);
  g_assert_null (closing);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  closing = stage_read (s, 0);
  stage_settle (s);
  g_assert_null (closing);
}

#define add(name, func) g_test_add_func ("/reader/" name, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("bytes-as-they-come", test_bytes_as_they_come);
  add ("not-in-queue", test_not_in_queue);
  add ("joins-what-is-on-its-way", test_joins_what_is_on_its_way);
  add ("from-cache", test_from_cache);
  add ("reading-is-an-access", test_reading_is_an_access);
  add ("evicted-while-read", test_evicted_while_read);
  add ("failure", test_failure);
  add ("cut-after-bytes", test_cut_after_bytes);
  add ("read-goes-first", test_read_goes_first);
  add ("readers-wait-for-each-other", test_readers_wait_for_each_other);
  add ("what-is-read-survives-load", test_what_is_read_survives_load);
  add ("aborted-when-closed", test_aborted_when_closed);
  add ("comes-back-into-queue", test_comes_back_into_queue);
  add ("stays-in-queue-when-closed", test_stays_in_queue_when_closed);
  add ("too-large/streams", test_too_large_streams);
  add ("too-large/is-not-fetched-ahead", test_too_large_is_not_fetched_ahead);
  add ("too-large/stands-still", test_streaming_stands_still);
  add ("too-large/kept-does-not", test_kept_does_not_stand_still);
  add ("too-large/who-comes-late", test_who_comes_late_to_a_stream);
  add ("too-large/ends-with-its-reader", test_stream_ends_with_its_reader);
  add ("too-large/streamed-is-not-aborted", test_streamed_is_not_aborted);
  add ("close-in-data", test_close_in_data);
  return g_test_run ();
}
