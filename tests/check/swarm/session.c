/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sessionworld.h"

/* A request for one segment becomes the queue of it and of what follows. */
static void
test_queue_feeds_itself (void)
{
  g_autoptr (Show) show = show_new ();
  P2pStats stats;

  show_playlist (show, "a", 0, 9, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_cmpstr (show->log->str, ==,
      "loaded s0.ts\nloaded s1.ts\nloaded s2.ts\n");
  for (guint n = 1; n < 10; n++)
    show_play (show, "a", n, P2P_SOURCE_CACHE);
  for (guint n = 0; n < 10; n++)
    g_assert_cmpuint (show_count_requests (show, show_uri ("a", n)), ==, 1);

  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.http_segments, ==, 1);
  g_assert_cmpuint (stats.cache_segments, ==, 9);
  g_assert_cmpuint (stats.segments_loaded, ==, 10);
  g_assert_cmpuint (stats.http_fetched, ==, 10 * SHOW_SIZE);
  g_assert_cmpuint (stats.wasted, ==, 0);
}

/* What no playlist named is fetched each time, and never cached. */
static void
test_others_pass (void)
{
  g_autoptr (Show) show = show_new ();
  P2pStats stats;

  for (guint i = 0; i < 2; i++)
    show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (show_count_requests (show, show_uri ("a", 0)), ==, 2);
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.cached_segments, ==, 0);
  g_assert_cmpuint (stats.http_fetched, ==, 2 * SHOW_SIZE);
  g_assert_cmpstr (show->log->str, ==, "");
}

/* A range of a segment that is none itself is no segment. */
static void
test_other_range_passes (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *what = g_strdup (show_uri ("a", 0));
  g_autoptr (Ask) ask = NULL;

  show_playlist (show, "a", 0, 9, FALSE);
  ask = ask_range (show, what, 100, 200);
  fake_clock_run_for (show->clock, P2P_SECOND);
  g_assert_true (ask->done);
  g_assert_cmpuint (ask->bytes->len, ==, 100);
  g_assert_cmpstr (show->log->str, ==, "");
}

/* A source with headers of its own gets what the server says to those. */
static void
test_own_headers_pass (void)
{
  g_autoptr (Show) show = show_new ();
  g_autoptr (P2pHttpOptions) own = p2p_http_options_copy (show->options);
  P2pHttpOptions *shared = show->options;

  show_playlist (show, "a", 0, 9, FALSE);
  own->extra_headers = p2p_headers_new ();
  p2p_headers_add (own->extra_headers, "Authorization", "Bearer x");
  show->options = own;
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  show->options = shared;
  g_assert_cmpstr (show->log->str, ==, "");
}

/* A seek makes a new queue; what left it is aborted, with its event. */
static void
test_seek_aborts (void)
{
  g_autoptr (Show) show = show_new ();

  show_playlist (show, "a", 0, 19, FALSE);
  fake_fetcher_get (show->fetcher, show_uri ("a", 1))->rate = SHOW_SIZE / 4;
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  show_play (show, "a", 10, P2P_SOURCE_HTTP);
  g_assert_cmpstr (show->log->str, ==, "loaded s0.ts\n"
      "abort a/s1.ts\nabort a/s2.ts\n"
      "loaded s10.ts\nloaded s11.ts\nloaded s12.ts\n");
}

/* A variant takes the place of the other; alternate audio plays beside it. */
static void
test_variants_and_renditions (void)
{
  g_autoptr (Show) show = show_new ();
  P2pStats stats;

  show_master (show);
  show_playlist (show, "a", 0, 19, FALSE);
  show_playlist (show, "b", 0, 19, FALSE);
  show_playlist (show, "audio", 0, 19, FALSE);
  fake_fetcher_get (show->fetcher, show_uri ("a", 1))->rate = SHOW_SIZE / 4;
  fake_fetcher_get (show->fetcher, show_uri ("audio", 1))->rate = SHOW_SIZE / 4;
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  show_play (show, "audio", 0, P2P_SOURCE_HTTP);
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.streams, ==, 2);
  show_play (show, "b", 1, P2P_SOURCE_HTTP);
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.streams, ==, 2);
  g_assert_nonnull (strstr (show->log->str, "abort a/s1.ts\n"));
  g_assert_null (strstr (show->log->str, "abort audio"));
}

/* A live refresh goes on behind what was played, and nothing comes twice. */
static void
test_live (void)
{
  g_autoptr (Show) show = show_new ();

  show_playlist (show, "a", 0, 2, TRUE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  for (guint n = 1; n < 16; n++) {
    show_playlist (show, "a", n, n + 2, TRUE);
    fake_clock_run_for (show->clock, P2P_SECOND);
    show_play (show, "a", n, P2P_SOURCE_CACHE);
  }
  for (guint n = 0; n < 16; n++)
    g_assert_cmpuint (show_count_requests (show, show_uri ("a", n)), ==, 1);
}

/* What a server has under the name of stream's n-th segment from now on. */
static void
change (Show * show, const char *stream, guint n)
{
  FakeResource *resource = fake_fetcher_get (show->fetcher, show_uri (stream,
          n));
  char *body = g_strnfill (SHOW_SIZE, 'a' + n);

  g_bytes_unref (resource->body);
  resource->body = g_bytes_new_take (body, SHOW_SIZE);
}

/* An encoder that was started again writes other segments under the same names;
 * one server that is behind another has the same ones. */
static void
test_anew (void)
{
  g_autoptr (Show) show = show_new ();

  show_playlist (show, "a", 0, 4, TRUE);
  for (guint n = 0; n < 5; n++)
    show_play (show, "a", n, n == 0 ? P2P_SOURCE_HTTP : P2P_SOURCE_CACHE);
  show_playlist (show, "a", 0, 2, TRUE);
  g_assert_cmpuint (p2p_session_get_n_anew (show->session), ==, 0);
  show_play (show, "a", 0, P2P_SOURCE_CACHE);
  show_playlist (show, "a", 1, 5, TRUE);
  fake_clock_run_for (show->clock, P2P_SECOND);

  for (guint n = 0; n < 5; n++)
    change (show, "a", n);
  show_playlist (show, "a", 0, 2, TRUE);
  g_assert_cmpuint (p2p_session_get_n_anew (show->session), ==, 1);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  show_playlist (show, "a", 0, 4, TRUE);
  g_assert_cmpuint (p2p_session_get_n_anew (show->session), ==, 1);
  for (guint n = 0; n < 3; n++)
    show_play (show, "a", n, P2P_SOURCE_CACHE);
}

/* What was played is not fetched again at a refresh, cached or not. */
static void
test_live_without_cache (void)
{
  g_autoptr (Show) show = show_new ();

  show->settings.max_cache_segments_count = 0;
  p2p_session_set_settings (show->session, &show->settings);
  show_playlist (show, "a", 0, 2, TRUE);
  for (guint n = 0; n < 10; n++) {
    show_play (show, "a", n, P2P_SOURCE_HTTP);
    show_playlist (show, "a", n, n + 3, TRUE);
    fake_clock_run_for (show->clock, P2P_SECOND);
  }
  for (guint n = 0; n < 10; n++)
    g_assert_cmpuint (show_count_requests (show, show_uri ("a", n)), ==, 1);
}

static void
test_generated_ids (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *first = g_strdup (show_uri ("a", 0));
  g_autoptr (Ask) ask = NULL;

  show->id_prefix = "id-";
  show_playlist (show, "a", 0, 0, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_cmpstr (show->log->str, ==, "loaded id-s0.ts\n");
  /* Of another URL, but the same segment. */
  show_playlist (show, "b", 0, 0, FALSE);
  ask = ask_for (show, show_uri ("b", 0));
  fake_clock_run_for (show->clock, P2P_SECOND);
  ask_check (ask, first);
  g_assert_cmpuint (show_count_requests (show, show_uri ("b", 0)), ==, 0);
}

/* One that was on its way before it was asked for must not look faster than
 * the network; one that came just now may end when it is there. */
static void
test_pace (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *first = g_strdup (show_uri ("a", 0)), *second =
      g_strdup (show_uri ("a", 1));
  g_autoptr (Ask) ask = NULL, ahead = NULL;

  for (guint n = 0; n < 4; n++)
    fake_fetcher_get (show->fetcher, show_uri ("a", n))->rate = SHOW_SIZE;
  show_master (show);
  show_playlist (show, "a", 0, 3, FALSE);
  ask = ask_for (show, first);
  fake_clock_run_for (show->clock, 3 * P2P_SECOND);
  ask_check (ask, first);
  g_assert_cmpint (ask->end, <=, 2 * P2P_SECOND + 200 * P2P_MSEC);

  ahead = ask_for (show, second);
  fake_clock_run_for (show->clock, P2P_MSEC);
  ask_check (ahead, second);
  g_assert_cmpuint (ahead->sources[P2P_SOURCE_CACHE], ==, SHOW_SIZE);
  g_assert_cmpint (ahead->end, >=, 4 * P2P_SECOND + 800 * P2P_MSEC);
  g_assert_cmpint (ahead->end, <=, 5 * P2P_SECOND + 200 * P2P_MSEC);
}

static void
test_pace_off (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *what = g_strdup (show_uri ("a", 1));
  g_autoptr (Ask) ask = NULL;

  show->settings.pace_eos = FALSE;
  p2p_session_set_settings (show->session, &show->settings);
  for (guint n = 0; n < 4; n++)
    fake_fetcher_get (show->fetcher, show_uri ("a", n))->rate = SHOW_SIZE;
  show_master (show);
  show_playlist (show, "a", 0, 3, FALSE);
  ask_free (ask_for (show, show_uri ("a", 0)));
  fake_clock_run_for (show->clock, 5 * P2P_SECOND);
  ask = ask_for (show, what);
  fake_clock_run_for (show->clock, P2P_MSEC);
  g_assert_true (ask->done);
  g_assert_cmpint (ask->end, <=, p2p_clock_get_time (show->clock));
}

static void
test_load_by_application (void)
{
  g_autoptr (Show) show = show_new ();
  g_autoptr (GPtrArray) segments =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);

  show_playlist (show, "a", 0, 19, FALSE);
  fake_fetcher_get (show->fetcher, show_uri ("a", 2))->rate = SHOW_SIZE / 4;
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_ptr_array_add (segments, p2p_segment_new (show_uri ("b", 5), NULL, 0, -1,
          0));
  g_ptr_array_add (segments, p2p_segment_new (show_uri ("b", 6), NULL, 0, -1,
          1));
  p2p_session_load (show->session, segments, "swarm", NULL);
  fake_clock_run_for (show->clock, P2P_SECOND);
  g_assert_cmpstr (show->log->str, ==, "loaded s0.ts\nloaded s1.ts\n"
      "abort a/s2.ts\nloaded s5.ts\nloaded s6.ts\n");
  /* The player's next request makes its own queue again. */
  show_play (show, "a", 1, P2P_SOURCE_CACHE);
  g_assert_cmpuint (show_count_requests (show, show_uri ("a", 2)), ==, 2);
}

static void
test_use_p2p_changes (void)
{
  g_autoptr (Show) show = show_new ();

  show_playlist (show, "a", 0, 9, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  show->settings.use_p2p = FALSE;
  p2p_session_set_settings (show->session, &show->settings);
  show_play (show, "a", 5, P2P_SOURCE_HTTP);
  show->settings.use_p2p = TRUE;
  p2p_session_set_settings (show->session, &show->settings);
  show_play (show, "a", 9, P2P_SOURCE_HTTP);
}

/* After it no socket, timer, event or cached byte. */
static void
test_destroy (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *what = g_strdup (show_uri ("a", 1));
  g_autoptr (Ask) under_way = NULL, later = NULL;
  P2pStats stats;

  show_playlist (show, "a", 0, 9, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  fake_fetcher_get (show->fetcher, show_uri ("b", 3))->rate = 100;
  under_way = ask_for (show, show_uri ("b", 3));
  fake_clock_run_for (show->clock, P2P_SECOND);
  g_string_truncate (show->log, 0);

  p2p_session_destroy (show->session);
  g_assert_cmpuint (fake_fetcher_get_n_open (show->fetcher), ==, 0);
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.cached_segments, ==, 0);
  g_assert_cmpuint (stats.streams, ==, 0);
  later = ask_for (show, what);
  fake_clock_run_for (show->clock, P2P_SECOND);
  g_assert_error (under_way->error, P2P_ERROR, P2P_ERROR_DESTROYED);
  g_assert_error (later->error, P2P_ERROR, P2P_ERROR_DESTROYED);
  g_assert_cmpstr (show->log->str, ==, "");
  g_assert_cmpint (p2p_clock_get_next (show->clock), ==, P2P_NEVER);
}

/* The oldest streams go; what is asked for of them is fetched all the same. */
static void
test_many_streams (void)
{
  g_autoptr (Show) show = show_new ();

  show_playlist (show, "a", 0, 9, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  for (guint i = 0; i < 2 * P2P_SESSION_MAX_STREAMS; i++) {
    g_autofree char *name = g_strdup_printf ("c%u", i);

    show_playlist (show, name, 0, 1, FALSE);
  }
  show_play (show, "a", 8, P2P_SOURCE_HTTP);
  g_assert_null (strstr (show->log->str, "loaded s8.ts"));
}

/* A playlist that names one segment many times. */
static void
test_repeated_segment (void)
{
  static const char text[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXTINF:2,\ns0.ts\n#EXTINF:2,\ns1.ts\n#EXTINF:2,\ns0.ts\n"
      "#EXTINF:2,\ns2.ts\n#EXT-X-ENDLIST\n";
  g_autoptr (Show) show = show_new ();

  show_add (show, "http://h/a/index.m3u8", text);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  show_play (show, "a", 1, P2P_SOURCE_CACHE);
  show_play (show, "a", 0, P2P_SOURCE_CACHE);
  show_play (show, "a", 2, P2P_SOURCE_CACHE);
}

/* From a swarm's peer to the player: the peer has all, and so only what is
 * required comes over HTTP. */
static void
test_peers (void)
{
  g_autoptr (Show) show = show_new_in_swarm ();
  P2pSignallerCounts counts;
  P2pStats stats;
  guint from_peer = 0;

  show->settings.buffer_segments_count = 8;
  show->settings.required_segments_count = 1;
  p2p_session_set_settings (show->session, &show->settings);
  for (guint n = 0; n < 20; n++)
    fake_peer_hold (show->peer, show_uri ("a", n),
        fake_fetcher_get (show->fetcher, show_uri ("a", n))->body);

  show_playlist (show, "a", 0, 19, FALSE);
  for (guint n = 0; n < 20; n++)
    show_play (show, "a", n, n == 0 ? P2P_SOURCE_HTTP : P2P_SOURCE_CACHE);
  for (guint n = 0; n < 20; n++)
    from_peer += show_count_requests (show, show_uri ("a", n)) == 0;
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (from_peer, >=, 15);
  g_assert_cmpuint (stats.p2p_fetched, >=, from_peer * SHOW_SIZE);
  g_assert_cmpuint (stats.peers, ==, 1);
  g_assert_nonnull (strstr (show->log->str,
          "join http://h/a/index.m3u8\npeer p\n"));
  fake_signaller_get_counts (show->signaller, &counts);
  g_assert_cmpuint (counts.p2p_bytes, ==, stats.p2p_fetched);
  g_assert_cmpuint (counts.p2p_bytes + counts.http_bytes, >=, 20 * SHOW_SIZE);

  p2p_session_destroy (show->session);
  g_assert_true (show->peer->closed);
  g_assert_true (g_str_has_suffix (show->log->str,
          "leave http://h/a/index.m3u8\n"));
}

/* What the segments are called follows the playlist. */
static void
test_names (void)
{
  g_autoptr (Show) show = show_new_in_swarm ();
  const P2pName *name;

  show_playlist (show, "a", 3, 8, TRUE);
  show_play (show, "a", 3, P2P_SOURCE_HTTP);
  name = p2p_names_find_sn (show->signaller->names, 8);
  g_assert_cmpstr (name->id, ==, show_uri ("a", 8));
  g_assert_cmpstr (name->url, ==, "s8.ts");
  g_assert_null (p2p_names_find_sn (show->signaller->names, 9));
  g_assert_null (p2p_names_find_id (show->signaller->names, show_uri ("a", 2)));

  show_playlist (show, "a", 5, 10, TRUE);
  g_assert_null (p2p_names_find_sn (show->signaller->names, 4));
  g_assert_nonnull (p2p_names_find_sn (show->signaller->names, 10));
}

/* A name of the user's, with a number for the streams of a master playlist. */
static void
test_swarm_id (void)
{
  static const char text[] = "#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://h/b/index.m3u8\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=2\nhttp://h/a/index.m3u8\n";
  g_autoptr (Show) show = show_new_in_swarm ();

  p2p_session_set_swarm_id (show->session, "mine");
  show_playlist (show, "a", 0, 8, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_nonnull (strstr (show->log->str, "join mine\n"));
  show_add (show, "http://h/master.m3u8", text);
  show_play (show, "a", 1, P2P_SOURCE_CACHE);
  g_assert_nonnull (strstr (show->log->str, "leave mine\njoin mine-2\n"));
  p2p_session_set_swarm_id (show->session, "ours");
  show_play (show, "a", 2, P2P_SOURCE_CACHE);
  g_assert_nonnull (strstr (show->log->str, "leave mine-2\njoin ours-2\n"));
}

/* What browsers call a stream that is played of itself, after a master playlist of
 * something else. */
static void
test_other_master (void)
{
  static const char text[] = "#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://h/a/index.m3u8\n";
  g_autoptr (Show) show = show_new_in_swarm ();

  show_add (show, "http://h/master.m3u8", text);
  show_playlist (show, "a", 0, 8, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_true (strstr (p2p_identity_get_hashed (show->signaller->identity,
              P2P_GENERATION_5), "http://h/master.m3u8"));
  show_playlist (show, "b", 0, 8, FALSE);
  show_play (show, "b", 0, P2P_SOURCE_HTTP);
  g_assert_true (strstr (p2p_identity_get_hashed (show->signaller->identity,
              P2P_GENERATION_5), "http://h/b/index.m3u8"));
}

/* A playlist that is typed VOD and has no end is live to hls.js, which decides
 * how browsers number its segments. */
static void
test_vod_without_end (void)
{
  static const char text[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:7\n"
      "#EXTINF:2,\ns7.ts\n#EXTINF:2,\ns8.ts\n";

  for (guint end = 0; end < 2; end++) {
    g_autoptr (Show) show = show_new_in_swarm ();
    g_autofree char *all = g_strconcat (text, end ? "#EXT-X-ENDLIST\n" : NULL,
        NULL);

    show_add (show, "http://h/a/index.m3u8", all);
    show_play (show, "a", 7, P2P_SOURCE_HTTP);
    g_assert_cmpint (p2p_identity_counts_places (show->signaller->identity,
            P2P_GENERATION_5), ==, end);
    g_assert_cmpuint (p2p_names_get_first (show->signaller->names), ==, 7);
  }
}

/* What trackers say is told by the session. */
static void
test_tracker_events (void)
{
  g_autoptr (Show) show = show_new_in_swarm ();

  show_playlist (show, "a", 0, 8, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_string_truncate (show->log, 0);
  fake_signaller_say (show->signaller);
  g_assert_cmpstr (show->log->str, ==,
      "announced http://t me 3\nwarning http://t careful\n"
      "error http://t no more\n");
}

static void
list_tracker (const P2pSignallerStats * stats, gpointer user_data)
{
  g_string_append_printf (user_data, "tracker %s %s %s %s %u %s\n",
      stats->tracker, stats->swarm_id,
      p2p_signaller_state_get_name (stats->state), stats->peer_id,
      stats->n_peers, stats->trouble);
}

static void
list_peer (P2pPeer * peer, const char *swarm_id, gpointer user_data)
{
  g_string_append_printf (user_data, "peer %s %s\n", p2p_peer_get_id (peer),
      swarm_id);
}

/* Who is there, while it is there. */
static void
test_lists (void)
{
  g_autoptr (Show) show = show_new_in_swarm ();

  show_playlist (show, "a", 0, 8, FALSE);
  show_play (show, "a", 0, P2P_SOURCE_HTTP);
  g_string_truncate (show->log, 0);
  p2p_session_foreach_tracker (show->session, list_tracker, show->log);
  p2p_session_foreach_peer (show->session, list_peer, show->log);
  g_assert_cmpstr (show->log->str, ==,
      "tracker http://t http://h/a/index.m3u8 connected me 3 careful\n"
      "peer p http://h/a/index.m3u8\n");
  p2p_session_destroy (show->session);
  g_string_truncate (show->log, 0);
  p2p_session_foreach_tracker (show->session, list_tracker, show->log);
  p2p_session_foreach_peer (show->session, list_peer, show->log);
  g_assert_cmpstr (show->log->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/queue-feeds-itself", test_queue_feeds_itself);
  g_test_add_func ("/session/others-pass", test_others_pass);
  g_test_add_func ("/session/other-range-passes", test_other_range_passes);
  g_test_add_func ("/session/own-headers-pass", test_own_headers_pass);
  g_test_add_func ("/session/seek-aborts", test_seek_aborts);
  g_test_add_func ("/session/variants-and-renditions",
      test_variants_and_renditions);
  g_test_add_func ("/session/live", test_live);
  g_test_add_func ("/session/anew", test_anew);
  g_test_add_func ("/session/live-without-cache", test_live_without_cache);
  g_test_add_func ("/session/generated-ids", test_generated_ids);
  g_test_add_func ("/session/pace", test_pace);
  g_test_add_func ("/session/pace-off", test_pace_off);
  g_test_add_func ("/session/load-by-application", test_load_by_application);
  g_test_add_func ("/session/use-p2p-changes", test_use_p2p_changes);
  g_test_add_func ("/session/destroy", test_destroy);
  g_test_add_func ("/session/many-streams", test_many_streams);
  g_test_add_func ("/session/repeated-segment", test_repeated_segment);
  g_test_add_func ("/session/peers", test_peers);
  g_test_add_func ("/session/names", test_names);
  g_test_add_func ("/session/swarm-id", test_swarm_id);
  g_test_add_func ("/session/other-master", test_other_master);
  g_test_add_func ("/session/vod-without-end", test_vod_without_end);
  g_test_add_func ("/session/tracker-events", test_tracker_events);
  g_test_add_func ("/session/lists", test_lists);
  return g_test_run ();
}
