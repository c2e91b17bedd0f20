/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"

#include <string.h>

#define RATE 40000              /* a segment a second */

static Stage *
hybrid_stage (guint64 rate)
{
  return stage_new (P2P_TYPE_HYBRID_LOADER, rate);
}

static void
assert_asked (FakePeer * peer, const char *expect)
{
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < peer->requests->len; i++)
    g_string_append_printf (got, "%s ",
        (const char *) g_ptr_array_index (peer->requests, i) + 1);
  g_assert_cmpstr (got->str, ==, expect);
}

static guint
count_loaded (Stage * s)
{
  return p2p_cache_get_count (s->cache);
}

/* Rule 1: what is required comes over HTTP */

static void
test_required_segments_count (void)
{
  static const char *const http[] = { "", "0 ", "0 1 ", "0 1 2 3 " };
  static const guint counts[] = { 0, 1, 2, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autoptr (Stage) s = hybrid_stage (RATE);

    s->settings.required_segments_count = counts[i];
    stage_apply (s);
    stage_add_peer (s, "p", 0, 9);
    stage_run (s, 0);
    stage_load (s, 0, 5);
    stage_settle (s);
    stage_assert_requests (s, http[i]);
    g_assert_cmpuint (count_loaded (s), ==, 6);
    g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==,
        (6 - counts[i]) * STAGE_SIZE);
  }
}

/* The queue's priorities may begin elsewhere. */
static void
test_priority_of_first_counts (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);

  stage_add_peer (s, "p", 0, 9);
  stage_load_full (s, 0, 3, 1, NULL, NULL);
  stage_settle (s);
  stage_assert_requests (s, "0 ");
}

static void
test_first_takes_the_place (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);

  s->settings.last_segment_probability = 0;
  stage_apply (s);
  stage_load (s, 1, 4);
  stage_run (s, P2P_SECOND / 2);
  /* 1 was on its way; now 0 is first. */
  stage_load (s, 0, 4);
  stage_settle (s);
  stage_assert_requests (s, "1 0 1 2 3 ");
  g_assert_null (strstr (s->log->str, "abort"));
  g_assert_cmpuint (fake_fetcher_get_max_open (s->fetcher), ==, 1);
}

static void
test_http_takes_over_from_peer (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 0, 9);

  peer->rate = RATE / 10;
  s->settings.required_segments_count = 1;
  stage_apply (s);
  stage_run (s, 0);
  stage_load (s, 0, 1);
  stage_run (s, 2 * P2P_SECOND);
  assert_asked (peer, "1 ");
  stage_load (s, 1, 1);
  stage_settle (s);
  stage_assert_requests (s, "0 1 ");
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  stage_assert_log (s, "connect p 192.0.2.1:5000\nloaded 0\nloaded 1\n");
  g_assert_cmpuint (s->stats.wasted, ==, s->pieces[P2P_SOURCE_P2P]);
}

static void
test_reader_does_not_wait_for_peer (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 3, 3);
  g_autoptr (Audience) a = NULL;

  peer->rate = RATE / 10;
  stage_run (s, 0);
  stage_load (s, 0, 3);
  stage_run (s, P2P_SECOND / 2);
  assert_asked (peer, "3 ");
  a = stage_read (s, 3);
  stage_run (s, 3 * P2P_SECOND / 2);
  audience_assert_all (a, 3, P2P_SOURCE_HTTP);
  g_assert_false (p2p_reader_was_ahead (a->reader));
}

static void
test_reader_gets_peers_bytes_at_once (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 3, 3);
  g_autoptr (Audience) a = NULL, b = NULL;

  peer->rate = RATE / 2;
  stage_resource (s, 0)->rate = RATE / 4;
  stage_run (s, 0);
  stage_load (s, 0, 3);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND);
  b = stage_read (s, 3);
  /* HTTP is busy for another reader. */
  stage_run (s, P2P_SECOND / 2);
  g_assert_cmpuint (b->data->len, ==, 0);
  stage_run (s, P2P_SECOND);
  audience_assert_all (b, 3, P2P_SOURCE_P2P);
  g_assert_true (p2p_reader_was_ahead (b->reader));
}

/* Rule 2: peers */

static void
test_simultaneous_p2p_downloads (void)
{
  static const guint counts[] = { 0, 1, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autoptr (Stage) s = hybrid_stage (RATE);
    FakePeer *peers[5];
    guint asked = 0;

    s->settings.simultaneous_p2p_downloads = counts[i];
    stage_apply (s);
    for (guint n = 0; n < 5; n++) {
      peers[n] = stage_add_peer (s, stage_id (n), 0, 9);
      peers[n]->rate = RATE / 10;
    }
    stage_run (s, 0);
    stage_load (s, 0, 9);
    stage_run (s, P2P_SECOND);
    for (guint n = 0; n < 5; n++)
      asked += peers[n]->requests->len;
    g_assert_cmpuint (asked, ==, counts[i]);
  }
}

static void
test_buffer_segments_count (void)
{
  static const guint counts[] = { 4, 7 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    for (guint peers = 0; peers < 2; peers++) {
      g_autoptr (Stage) s = hybrid_stage (RATE);

      s->settings.buffer_segments_count = counts[i];
      stage_apply (s);
      if (peers)
        stage_add_peer (s, "p", 0, 19);
      stage_run (s, 0);
      stage_load (s, 0, 19);
      stage_settle (s);
      g_assert_cmpuint (count_loaded (s), ==, counts[i]);
    }
}

/* What is not required comes from peers only as far as they have it; the
 * choice among them is by chance. */
static void
test_choice_of_peer (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *a = stage_add_peer (s, "a", 0, 19);
  FakePeer *b = stage_add_peer (s, "b", 0, 19);
  FakePeer *none = stage_add_peer (s, "none", 1, 0);
  FakePeer *busy = stage_add_peer (s, "busy", 0, 19);

  /* One at a time: all others are idle at each choice. */
  s->settings.simultaneous_p2p_downloads = 1;
  stage_apply (s);
  busy->busy = TRUE;
  stage_run (s, 0);
  stage_load (s, 0, 19);
  stage_settle (s);
  g_assert_cmpuint (a->requests->len + b->requests->len, ==, 18);
  g_assert_cmpuint (a->requests->len, >, 2);
  g_assert_cmpuint (b->requests->len, >, 2);
  assert_asked (none, "");
  assert_asked (busy, "");
}

static void
test_news_of_peer (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 1, 0);

  s->settings.last_segment_probability = 0;
  stage_apply (s);
  stage_load (s, 0, 2);
  stage_settle (s);
  stage_assert_requests (s, "0 1 ");
  fake_peer_hold (peer, stage_id (2), stage_bytes (s, 2));
  stage_settle (s);
  assert_asked (peer, "2 ");
  g_assert_true (stage_is_cached (s, 2));
}

static void
test_abort_stops_peer (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 5, 5);

  peer->rate = RATE / 10;
  stage_run (s, 0);
  stage_load (s, 0, 5);
  stage_run (s, P2P_SECOND / 2);
  assert_asked (peer, "5 ");
  stage_load (s, 0, 1);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  stage_settle (s);
  stage_assert_log (s, "connect p 192.0.2.1:5000\nabort 2\nabort 3\n"
      "abort 4\nabort 5\nloaded 0\nloaded 1\n");
}

static void
test_no_room_no_peer (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 0, 9);

  s->settings.max_cache_segments_count = 3;
  stage_apply (s);
  stage_run (s, 0);
  stage_load (s, 0, 9);
  stage_settle (s);
  g_assert_cmpuint (count_loaded (s), ==, 3);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
  g_assert_cmpuint (peer->requests->len, <=, 2);
}

/* Only when it came it is seen to be too much: once is enough. */
static void
test_too_large_of_peer (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 3, 3);

  s->settings.required_segments_count = 0;
  s->settings.max_cache_bytes = STAGE_SIZE - 1;
  stage_apply (s);
  stage_run (s, 0);
  for (guint i = 0; i < 3; i++) {
    stage_load (s, 3, 3);
    stage_settle (s);
  }
  stage_load (s, 5, 4);
  stage_settle (s);
  assert_asked (peer, "3 ");
  stage_assert_log (s, "connect p 192.0.2.1:5000\nloaded 3\n");
}

/* Rule 3: what no peer has */

static void
test_alone_in_order (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);

  stage_load (s, 0, 7);
  stage_settle (s);
  /* But for the last one, whose turn comes by chance. */
  g_assert_true (g_str_has_prefix (s->log->str, "loaded 0\nloaded 1\n"
          "loaded 2\nloaded 3\nloaded 4\nloaded 5\nloaded 6\n"));
  g_assert_cmpuint (fake_fetcher_get_max_open (s->fetcher), ==, 1);
}

static void
test_rare_by_chance (void)
{
  gboolean seen[STAGE_SEGMENTS] = { FALSE };
  guint distinct = 0;

  for (guint seed = 0; seed < 40; seed++) {
    g_autoptr (Stage) s = hybrid_stage (RATE);
    GPtrArray *requests = fake_fetcher_get_requests (s->fetcher);
    FakeRequest *third;
    guint64 n;

    g_rand_set_seed (s->rand, seed);
    s->settings.buffer_segments_count = 6;
    stage_apply (s);
    /* 3 is had, 4 will be had: neither is rare. */
    fake_peer_set_coming (stage_add_peer (s, "p", 3, 3), stage_id (4));
    stage_load (s, 0, 19);
    stage_run (s, 9 * P2P_SECOND / 4);
    g_assert_cmpuint (requests->len, ==, 3);
    third = g_ptr_array_index (requests, 2);
    n = g_ascii_strtoull (strrchr (third->uri, '/') + 1, NULL, 10);
    /* 3 came from the peer at once: the first six that are left are 2, 4 to
     * 8. */
    g_assert_cmpuint (n, <=, 8);
    g_assert_true (n == 2 || n > 4);
    distinct += !seen[n];
    seen[n] = TRUE;
  }
  g_assert_cmpuint (distinct, ==, 5);
}

static gint64
last_requested_at (double probability, guint interval, guint32 seed)
{
  g_autoptr (Stage) s = hybrid_stage (0);
  GPtrArray *requests = fake_fetcher_get_requests (s->fetcher);

  g_rand_set_seed (s->rand, seed);
  s->settings.last_segment_probability = probability;
  s->settings.last_segment_probability_interval = interval;
  stage_apply (s);
  stage_load (s, 0, 2);
  stage_run (s, 1000 * P2P_SECOND);
  if (requests->len < 3)
    return -1;
  return ((FakeRequest *) g_ptr_array_index (requests, 2))->when;
}

static void
test_last_segment_probability (void)
{
  gint64 rare = 0, often = 0;

  g_assert_cmpint (last_requested_at (0, 1000, 1), ==, -1);
  g_assert_cmpint (last_requested_at (1, 1000, 1), ==, 0);
  for (guint32 seed = 0; seed < 100; seed++) {
    rare += last_requested_at (0.05, 1000, seed);
    often += last_requested_at (0.5, 1000, seed);
  }
  /* The mean number of tries before is (1 - p) / p. */
  g_assert_cmpint (rare / 100, >, 15 * P2P_SECOND);
  g_assert_cmpint (rare / 100, <, 24 * P2P_SECOND);
  g_assert_cmpint (often / 100, >, 6 * P2P_SECOND / 10);
  g_assert_cmpint (often / 100, <, 14 * P2P_SECOND / 10);
}

static void
test_last_segment_probability_interval (void)
{
  for (guint32 seed = 0; seed < 10; seed++)
    g_assert_cmpint (3 * last_requested_at (0.3, 1000, seed), ==,
        last_requested_at (0.3, 3000, seed));
  /* None is no endless loop. */
  g_assert_cmpint (last_requested_at (0.05, 0, 1), >=, 0);
}

/* However often there is a reason to look, there is one try an interval. */
static void
test_last_is_tried_once_an_interval (void)
{
  g_autoptr (Stage) s = hybrid_stage (0);

  s->settings.last_segment_probability_interval = 1000000;
  stage_apply (s);
  stage_load (s, 0, 2);
  for (guint i = 0; i < 1000; i++)
    stage_load (s, 0, 2);
  stage_run (s, 0);
  stage_assert_requests (s, "0 1 ");
}

static void
test_last_that_is_read (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  g_autoptr (Audience) a = NULL;

  s->settings.last_segment_probability = 0;
  stage_apply (s);
  stage_load (s, 0, 2);
  a = stage_read (s, 2);
  stage_settle (s);
  audience_assert_all (a, 2, P2P_SOURCE_HTTP);
}

/* Peers come and go */

static void
test_peer_events (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 1, 0), *twin;

  stage_assert_log (s, "");
  stage_run (s, 0);
  stage_assert_log (s, "connect p 192.0.2.1:5000\n");
  g_assert_cmpuint (p2p_loader_get_n_peers (s->loader), ==, 1);
  twin = fake_peer_new (s->clock, "p");
  p2p_loader_add_peer (s->loader, P2P_PEER (twin));
  g_assert_true (twin->closed);
  g_object_unref (twin);
  fake_peer_vanish (peer);
  stage_run (s, 0);
  stage_assert_log (s, "connect p 192.0.2.1:5000\nclose p\n");
  g_assert_cmpuint (p2p_loader_get_n_peers (s->loader), ==, 0);
}

static void
test_too_many_peers (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  g_autoptr (FakePeer) last = fake_peer_new (s->clock, "last");

  for (guint i = 0; i < P2P_DEFAULT_MAX_PEERS; i++)
    stage_add_peer (s, stage_id (i), 1, 0);
  p2p_loader_add_peer (s->loader, P2P_PEER (last));
  g_assert_true (last->closed);
  g_assert_cmpuint (p2p_loader_get_n_peers (s->loader), ==,
      P2P_DEFAULT_MAX_PEERS);
}

/* Whatever the settings say. */
static void
test_far_too_many_peers (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  g_autoptr (FakePeer) last = fake_peer_new (s->clock, "last");

  s->settings.max_peers = G_MAXUINT;
  stage_apply (s);
  for (guint i = 0; i < P2P_SWARM_MAX_PEERS; i++)
    stage_add_peer (s, stage_id (i), 1, 0);
  p2p_loader_add_peer (s->loader, P2P_PEER (last));
  g_assert_true (last->closed);
}

static void
test_swarm_changed (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer;

  stage_load_full (s, 0, 5, 0, "a", NULL);
  peer = stage_add_peer (s, "p", 4, 4);
  peer->rate = RATE / 10;
  stage_load_full (s, 0, 5, 0, "a", NULL);
  stage_run (s, P2P_SECOND / 2);
  assert_asked (peer, "4 ");
  stage_load_full (s, 0, 5, 0, "b", NULL);
  g_assert_true (peer->closed);
  stage_settle (s);
  g_assert_true (g_str_has_prefix (s->log->str, "swarm a\n"
          "connect p 192.0.2.1:5000\nclose p\nswarm b\nloaded 0\n"));
  g_assert_true (stage_is_cached (s, 4));
  g_string_truncate (s->log, 0);
  stage_load_full (s, 0, 5, 0, NULL, NULL);
  stage_run (s, 0);
  stage_assert_log (s, "swarm -\n");
}

static void
test_announce (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 1, 0), *late;
  guint n;

  stage_run (s, 0);
  g_assert_cmpuint (peer->n_announced, ==, 1);
  g_assert_cmpstr (peer->loaded->str, ==, "");
  stage_load (s, 0, 1);
  stage_run (s, P2P_SECOND / 2);
  g_assert_cmpuint (peer->n_announced, ==, 2);
  g_assert_cmpstr (peer->loading->str, ==, "s0 ");
  stage_run (s, P2P_SECOND);
  /* Loaded one and began the other: told in one. */
  g_assert_cmpuint (peer->n_announced, ==, 3);
  g_assert_cmpstr (peer->loaded->str, ==, "s0 ");
  g_assert_cmpstr (peer->loading->str, ==, "s1 ");
  stage_run (s, P2P_SECOND);
  g_assert_cmpstr (peer->loaded->str, ==, "s0 s1 ");
  g_assert_cmpstr (peer->loading->str, ==, "");

  /* Who comes later hears it all, who knows it nothing. */
  n = peer->n_announced;
  late = stage_add_peer (s, "late", 1, 0);
  stage_run (s, 0);
  g_assert_cmpstr (late->loaded->str, ==, "s0 s1 ");
  g_assert_cmpuint (peer->n_announced, ==, n);
  p2p_cache_clear (s->cache, NULL);
  stage_run (s, 0);
  g_assert_cmpuint (peer->n_announced, ==, n + 1);
  g_assert_cmpstr (peer->loaded->str, ==, "");
}

static void
test_upload (void)
{
  g_autoptr (Stage) s = hybrid_stage (0);
  FakePeer *peer = stage_add_peer (s, "p", 1, 0);
  g_autoptr (P2pSegment) segment = NULL;

  stage_load (s, 0, 1);
  stage_run (s, 200 * P2P_SECOND);
  segment = peer->events->wanted (P2P_PEER (peer), stage_id (1),
      peer->user_data);
  g_assert_cmpuint (p2p_segment_get_size (segment), ==, STAGE_SIZE);
  g_assert_null (peer->events->wanted (P2P_PEER (peer), "none",
          peer->user_data));
  peer->events->uploaded (P2P_PEER (peer), 100, peer->user_data);
  g_assert_cmpuint (s->uploaded, ==, 100);
  /* An upload is an access. */
  stage_run (s, 200 * P2P_SECOND);
  g_assert_false (stage_is_cached (s, 0));
  g_assert_true (stage_is_cached (s, 1));
}

/* No more than the limit, on the mean; and again when time has passed. */
static void
test_max_upload_rate (void)
{
  g_autoptr (Stage) s = hybrid_stage (0);
  FakePeer *peer = stage_add_peer (s, "p", 1, 0);
  guint given = 0;

  s->settings.max_upload_rate = STAGE_SIZE / 4;
  stage_apply (s);
  stage_load (s, 0, 1);
  for (guint i = 0; i < 100; i++) {
    g_autoptr (P2pSegment) segment = NULL;

    stage_run (s, P2P_SECOND);
    segment = peer->events->wanted (P2P_PEER (peer), stage_id (1),
        peer->user_data);
    given += segment != NULL;
  }
  g_assert_cmpuint (given, >=, 25);
  g_assert_cmpuint (given, <=, 26);
}

static void
test_no_upload (void)
{
  g_autoptr (Stage) s = hybrid_stage (0);
  FakePeer *peer = stage_add_peer (s, "p", 1, 0);

  stage_load (s, 0, 1);
  stage_run (s, P2P_SECOND);
  g_assert_cmpstr (peer->loaded->str, ==, "s0 s1 ");
  s->settings.upload = FALSE;
  stage_apply (s);
  stage_run (s, 0);
  g_assert_cmpstr (peer->loaded->str, ==, "");
  g_assert_null (peer->events->wanted (P2P_PEER (peer), stage_id (1),
          peer->user_data));
}

static void
test_bandwidth_of_peers (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  g_autoptr (GBytes) small = g_bytes_new_from_bytes (stage_bytes (s, 0), 0,
      P2P_BANDWIDTH_MIN_BYTES - 1);
  FakePeer *peer = stage_add_peer (s, "p", 0, 9);

  s->settings.required_segments_count = 0;
  stage_apply (s);
  peer->rate = RATE;
  fake_peer_hold (peer, stage_id (1), small);
  stage_run (s, 0);
  stage_load (s, 0, 2);
  stage_settle (s);
  g_assert_cmpuint (s->bandwidth.count, ==, 2);
}

/* Two streams of a session may name the same segment. */
static void
test_loaded_by_another_loader (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 3, 3);
  g_autoptr (P2pSegment) segment =
      p2p_segment_new (stage_uri (3), stage_id (3), 0, -1, 0);
  g_autoptr (Audience) a = NULL;

  peer->rate = RATE / 2;
  stage_run (s, 0);
  stage_load (s, 0, 3);
  stage_run (s, P2P_SECOND / 2);
  assert_asked (peer, "3 ");
  p2p_segment_take_data (segment, g_ptr_array_new_with_free_func (NULL));
  g_assert_true (p2p_cache_put (s->cache, s, segment));
  a = stage_read (s, 3);
  stage_run (s, 0);
  g_assert_cmpint (a->source, ==, P2P_SOURCE_CACHE);
  g_assert_cmpuint (a->n_done, ==, 1);
  stage_load (s, 0, 0);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  stage_settle (s);
  g_assert_null (strstr (s->log->str, "abort 3"));
  p2p_cache_clear (s->cache, s);
}

static void
test_destroy_closes_peers (void)
{
  g_autoptr (Stage) s = hybrid_stage (RATE);
  FakePeer *peer = stage_add_peer (s, "p", 0, 9);

  stage_run (s, 0);
  stage_load_full (s, 0, 9, 0, "a", NULL);
  p2p_loader_destroy (s->loader);
  g_assert_true (peer->closed);
  g_assert_cmpuint (p2p_loader_get_n_peers (s->loader), ==, 0);
  stage_settle (s);
  stage_assert_log (s, "connect p 192.0.2.1:5000\n");
}

#define add(name, func) g_test_add_func ("/hybrid-loader/" name, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("setting/required-segments-count", test_required_segments_count);
  add ("setting/simultaneous-p2p-downloads", test_simultaneous_p2p_downloads);
  add ("setting/buffer-segments-count", test_buffer_segments_count);
  add ("setting/last-segment-probability", test_last_segment_probability);
  add ("setting/last-segment-probability-interval",
      test_last_segment_probability_interval);
  add ("last/is-tried-once-an-interval", test_last_is_tried_once_an_interval);
  add ("last/that-is-read", test_last_that_is_read);
  add ("priority-of-first-counts", test_priority_of_first_counts);
  add ("first-takes-the-place", test_first_takes_the_place);
  add ("http-takes-over-from-peer", test_http_takes_over_from_peer);
  add ("reader/does-not-wait-for-peer", test_reader_does_not_wait_for_peer);
  add ("reader/gets-peers-bytes-at-once", test_reader_gets_peers_bytes_at_once);
  add ("choice-of-peer", test_choice_of_peer);
  add ("news-of-peer", test_news_of_peer);
  add ("abort-stops-peer", test_abort_stops_peer);
  add ("no-room-no-peer", test_no_room_no_peer);
  add ("too-large-of-peer", test_too_large_of_peer);
  add ("alone-in-order", test_alone_in_order);
  add ("rare-by-chance", test_rare_by_chance);
  add ("event/peer-connect-and-close", test_peer_events);
  add ("event/swarm-changed", test_swarm_changed);
  add ("too-many-peers", test_too_many_peers);
  add ("far-too-many-peers", test_far_too_many_peers);
  add ("announce", test_announce);
  add ("upload", test_upload);
  add ("max-upload-rate", test_max_upload_rate);
  add ("no-upload", test_no_upload);
  add ("bandwidth-of-peers", test_bandwidth_of_peers);
  add ("loaded-by-another-loader", test_loaded_by_another_loader);
  add ("destroy-closes-peers", test_destroy_closes_peers);
  return g_test_run ();
}
