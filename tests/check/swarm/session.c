/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakefetcher.h"
#include "fakepeer.h"
#include "fakesignaller.h"
#include "p2psession.h"

#define SIZE 30000              /* of a segment */

/* A session, an origin, and a log of what the session tells. */
typedef struct
{
  P2pClock *clock;
  FakeFetcher *fetcher;
  P2pHttpOptions *options;
  P2pSettings settings;
  P2pSession *session;
  GString *log;
  const char *id_prefix;        /* of generated ids; NULL: the default ones */
} Show;

/* A player's request, to its end. */
typedef struct
{
  P2pRequest *request;
  Show *show;
  GByteArray *bytes;
  guint64 sources[P2P_N_SOURCES];
  gboolean done;
  gint64 end;
  GError *error;
} Ask;

static const char *
uri (const char *stream, guint n)
{
  static char text[64];

  g_snprintf (text, sizeof text, "http://h/%s/s%u.ts", stream, n);
  return text;
}

static void
on_loaded (P2pSession * session, P2pSegment * segment, gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "loaded %s\n",
      strrchr (segment->id, '/') + 1);
}

static void
on_error (P2pSession * session, const char *url, const GError * error,
    gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "error %s\n",
      strrchr (url, '/') + 1);
}

static void
on_abort (P2pSession * session, const char *url, gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "abort %s\n", url + 9);
}

static void
on_peer (P2pSession * session, P2pPeer * peer, gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "peer %s\n",
      p2p_peer_get_id (peer));
}

static void
on_peer_gone (P2pSession * session, const char *id, gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "gone %s\n", id);
}

static void
on_piece (P2pSession * session, P2pSource source, gsize size, gpointer data)
{
}

static char *
on_id (P2pSession * session, const char *url, gpointer data)
{
  Show *show = data;

  return show->id_prefix ?
      g_strdup_printf ("x/%s%s", show->id_prefix, strrchr (url, '/') + 1)
      : NULL;
}

static void
on_announced (P2pSession * session, const char *tracker, const char *peer_id,
    guint n_peers, gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "announced %s %s %u\n", tracker,
      peer_id, n_peers);
}

static void
on_warning (P2pSession * session, const char *tracker, const char *text,
    gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "warning %s %s\n", tracker,
      text);
}

static void
on_tracker_error (P2pSession * session, const char *tracker,
    const GError * error, gpointer data)
{
  g_string_append_printf (((Show *) data)->log, "error %s %s\n", tracker,
      error->message);
}

static void
on_stats (P2pSession * session, gpointer data)
{
}

static const P2pSessionEvents session_events = {
  on_loaded, on_error, on_abort, on_peer, on_peer_gone, on_piece, on_id,
  on_announced, on_warning, on_tracker_error, on_stats,
};

static Show *
show_new (void)
{
  Show *show = g_new0 (Show, 1);

  show->clock = p2p_clock_new (P2P_SECOND);
  show->fetcher = fake_fetcher_new (show->clock);
  show->options = p2p_http_options_new ();
  show->log = g_string_new (NULL);
  p2p_settings_init (&show->settings);
  show->settings.buffer_segments_count = 3;
  /* The last of the queue comes like the others. */
  show->settings.last_segment_probability = 1;
  show->settings.last_segment_probability_interval = 1;
  show->session = p2p_session_new (show->clock, g_rand_new_with_seed (1),
      P2P_FETCHER (show->fetcher), &show->settings, show->options,
      &session_events, show);
  for (guint n = 0; n < 20; n++) {
    fake_fetcher_add (show->fetcher, uri ("a", n), SIZE);
    fake_fetcher_add (show->fetcher, uri ("b", n), SIZE);
    fake_fetcher_add (show->fetcher, uri ("audio", n), SIZE);
  }
  return show;
}

static void
show_free (Show * show)
{
  g_object_unref (show->session);
  fake_clock_run_for (show->clock, P2P_SECOND);
  g_assert_cmpuint (fake_fetcher_get_n_open (show->fetcher), ==, 0);
  g_assert_cmpint (p2p_clock_get_next (show->clock), ==, P2P_NEVER);
  p2p_http_options_unref (show->options);
  g_assert_finalize_object (show->fetcher);
  g_assert_finalize_object (show->clock);
  g_string_free (show->log, TRUE);
  g_free (show);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Show, show_free);

/* A media playlist of segments first to last of stream; live without an end. */
static void
show_playlist (Show * show, const char *stream, guint first, guint last,
    gboolean live)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n"
      "#EXT-X-TARGETDURATION:2\n");
  g_autofree char *base = g_strdup_printf ("http://h/%s/index.m3u8", stream);
  g_autoptr (P2pPlaylist) playlist = NULL;

  g_string_append_printf (text, "#EXT-X-MEDIA-SEQUENCE:%u\n", first);
  for (guint n = first; n <= last; n++)
    g_string_append_printf (text, "#EXTINF:2,\ns%u.ts\n", n);
  if (!live)
    g_string_append (text, "#EXT-X-ENDLIST\n");
  playlist = p2p_playlist_parse (base, (const guint8 *) text->str, text->len,
      NULL);
  g_assert_nonnull (playlist);
  p2p_session_add_playlist (show->session, playlist);
}

static void
show_master (Show * show)
{
  static const char text[] = "#EXTM3U\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"en\",URI=\"audio/index.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=400000,AUDIO=\"g\"\na/index.m3u8\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1700000,AUDIO=\"g\"\nb/index.m3u8\n";
  g_autoptr (P2pPlaylist) playlist =
      p2p_playlist_parse ("http://h/master.m3u8", (const guint8 *) text,
      strlen (text), NULL);

  p2p_session_add_playlist (show->session, playlist);
}

static void
on_request_head (P2pRequest * request, P2pHttpHead * head, gpointer data)
{
}

static void
on_request_data (P2pRequest * request, GBytes * bytes, P2pSource source,
    gpointer data)
{
  Ask *ask = data;
  gsize size;
  gconstpointer start = g_bytes_get_data (bytes, &size);

  g_assert_false (ask->done);
  g_byte_array_append (ask->bytes, start, size);
  ask->sources[source] += size;
}

static void
on_request_done (P2pRequest * request, gint64 end, P2pHttpHead * head,
    const GError * error, gpointer data)
{
  Ask *ask = data;

  g_assert_false (ask->done);
  ask->done = TRUE;
  ask->end = end;
  ask->error = error ? g_error_copy (error) : NULL;
}

static const P2pRequestEvents request_events = {
  on_request_head, on_request_data, on_request_done,
};

static Ask *
ask_range (Show * show, const char *what, gint64 start, gint64 stop)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->show = show;
  ask->bytes = g_byte_array_new ();
  ask->request = p2p_session_open (show->session, NULL, what, start, stop,
      show->options, &request_events, ask);
  return ask;
}

static Ask *
ask_for (Show * show, const char *what)
{
  return ask_range (show, what, 0, -1);
}

static void
ask_free (Ask * ask)
{
  p2p_request_close (ask->request);
  g_byte_array_unref (ask->bytes);
  g_clear_error (&ask->error);
  g_free (ask);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, ask_free);

static void
ask_check (Ask * ask, const char *what)
{
  gsize size;
  gconstpointer body =
      g_bytes_get_data (fake_fetcher_get (ask->show->fetcher, what)->body,
      &size);

  g_assert_true (ask->done);
  g_assert_no_error (ask->error);
  g_assert_cmpmem (ask->bytes->data, ask->bytes->len, body, size);
}

/* Plays one segment to its end, as a player does. */
static void
play (Show * show, const char *stream, guint n, P2pSource source)
{
  g_autofree char *what = g_strdup (uri (stream, n));
  g_autoptr (Ask) ask = ask_for (show, what);

  fake_clock_run_for (show->clock, P2P_SECOND);
  ask_check (ask, what);
  g_assert_cmpuint (ask->sources[source], ==, SIZE);
}

static guint
count_requests (Show * show, const char *what)
{
  GPtrArray *requests = fake_fetcher_get_requests (show->fetcher);
  guint count = 0;

  for (guint i = 0; i < requests->len; i++)
    count += g_str_equal (((FakeRequest *) g_ptr_array_index (requests,
                i))->uri, what);
  return count;
}

/* A request for one segment becomes the queue of it and of what follows. */
static void
test_queue_feeds_itself (void)
{
  g_autoptr (Show) show = show_new ();
  P2pStats stats;

  show_playlist (show, "a", 0, 9, FALSE);
  play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_cmpstr (show->log->str, ==,
      "loaded s0.ts\nloaded s1.ts\nloaded s2.ts\n");
  for (guint n = 1; n < 10; n++)
    play (show, "a", n, P2P_SOURCE_CACHE);
  for (guint n = 0; n < 10; n++)
    g_assert_cmpuint (count_requests (show, uri ("a", n)), ==, 1);

  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.http_segments, ==, 1);
  g_assert_cmpuint (stats.cache_segments, ==, 9);
  g_assert_cmpuint (stats.segments_loaded, ==, 10);
  g_assert_cmpuint (stats.http_fetched, ==, 10 * SIZE);
  g_assert_cmpuint (stats.wasted, ==, 0);
}

/* What no playlist named is fetched each time, and never cached. */
static void
test_others_pass (void)
{
  g_autoptr (Show) show = show_new ();
  P2pStats stats;

  for (guint i = 0; i < 2; i++)
    play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (count_requests (show, uri ("a", 0)), ==, 2);
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.cached_segments, ==, 0);
  g_assert_cmpuint (stats.http_fetched, ==, 2 * SIZE);
  g_assert_cmpstr (show->log->str, ==, "");
}

/* A range of a segment that is none itself is no segment. */
static void
test_other_range_passes (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *what = g_strdup (uri ("a", 0));
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
  play (show, "a", 0, P2P_SOURCE_HTTP);
  show->options = shared;
  g_assert_cmpstr (show->log->str, ==, "");
}

/* A seek makes a new queue; what left it is aborted, with its event. */
static void
test_seek_aborts (void)
{
  g_autoptr (Show) show = show_new ();

  show_playlist (show, "a", 0, 19, FALSE);
  fake_fetcher_get (show->fetcher, uri ("a", 1))->rate = SIZE / 4;
  play (show, "a", 0, P2P_SOURCE_HTTP);
  play (show, "a", 10, P2P_SOURCE_HTTP);
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
  fake_fetcher_get (show->fetcher, uri ("a", 1))->rate = SIZE / 4;
  fake_fetcher_get (show->fetcher, uri ("audio", 1))->rate = SIZE / 4;
  play (show, "a", 0, P2P_SOURCE_HTTP);
  play (show, "audio", 0, P2P_SOURCE_HTTP);
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.streams, ==, 2);
  play (show, "b", 1, P2P_SOURCE_HTTP);
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
  play (show, "a", 0, P2P_SOURCE_HTTP);
  for (guint n = 1; n < 16; n++) {
    show_playlist (show, "a", n, n + 2, TRUE);
    fake_clock_run_for (show->clock, P2P_SECOND);
    play (show, "a", n, P2P_SOURCE_CACHE);
  }
  for (guint n = 0; n < 16; n++)
    g_assert_cmpuint (count_requests (show, uri ("a", n)), ==, 1);
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
    play (show, "a", n, P2P_SOURCE_HTTP);
    show_playlist (show, "a", n, n + 3, TRUE);
    fake_clock_run_for (show->clock, P2P_SECOND);
  }
  for (guint n = 0; n < 10; n++)
    g_assert_cmpuint (count_requests (show, uri ("a", n)), ==, 1);
}

static void
test_generated_ids (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *first = g_strdup (uri ("a", 0));
  g_autoptr (Ask) ask = NULL;

  show->id_prefix = "id-";
  show_playlist (show, "a", 0, 0, FALSE);
  play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_cmpstr (show->log->str, ==, "loaded id-s0.ts\n");
  /* Of another URL, but the same segment. */
  show_playlist (show, "b", 0, 0, FALSE);
  ask = ask_for (show, uri ("b", 0));
  fake_clock_run_for (show->clock, P2P_SECOND);
  ask_check (ask, first);
  g_assert_cmpuint (count_requests (show, uri ("b", 0)), ==, 0);
}

/* One that was on its way before it was asked for must not look faster than
 * the network; one that came just now may end when it is there. */
static void
test_pace (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *first = g_strdup (uri ("a", 0)), *second =
      g_strdup (uri ("a", 1));
  g_autoptr (Ask) ask = NULL, ahead = NULL;

  for (guint n = 0; n < 4; n++)
    fake_fetcher_get (show->fetcher, uri ("a", n))->rate = SIZE;
  show_master (show);
  show_playlist (show, "a", 0, 3, FALSE);
  ask = ask_for (show, first);
  fake_clock_run_for (show->clock, 3 * P2P_SECOND);
  ask_check (ask, first);
  g_assert_cmpint (ask->end, <=, 2 * P2P_SECOND + 200 * P2P_MSEC);

  ahead = ask_for (show, second);
  fake_clock_run_for (show->clock, P2P_MSEC);
  ask_check (ahead, second);
  g_assert_cmpuint (ahead->sources[P2P_SOURCE_CACHE], ==, SIZE);
  g_assert_cmpint (ahead->end, >=, 4 * P2P_SECOND + 800 * P2P_MSEC);
  g_assert_cmpint (ahead->end, <=, 5 * P2P_SECOND + 200 * P2P_MSEC);
}

static void
test_pace_off (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *what = g_strdup (uri ("a", 1));
  g_autoptr (Ask) ask = NULL;

  show->settings.pace_eos = FALSE;
  p2p_session_set_settings (show->session, &show->settings);
  for (guint n = 0; n < 4; n++)
    fake_fetcher_get (show->fetcher, uri ("a", n))->rate = SIZE;
  show_master (show);
  show_playlist (show, "a", 0, 3, FALSE);
  ask_free (ask_for (show, uri ("a", 0)));
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
  fake_fetcher_get (show->fetcher, uri ("a", 2))->rate = SIZE / 4;
  play (show, "a", 0, P2P_SOURCE_HTTP);
  g_ptr_array_add (segments, p2p_segment_new (uri ("b", 5), NULL, 0, -1, 0));
  g_ptr_array_add (segments, p2p_segment_new (uri ("b", 6), NULL, 0, -1, 1));
  p2p_session_load (show->session, segments, "swarm", NULL);
  fake_clock_run_for (show->clock, P2P_SECOND);
  g_assert_cmpstr (show->log->str, ==, "loaded s0.ts\nloaded s1.ts\n"
      "abort a/s2.ts\nloaded s5.ts\nloaded s6.ts\n");
  /* The player's next request makes its own queue again. */
  play (show, "a", 1, P2P_SOURCE_CACHE);
  g_assert_cmpuint (count_requests (show, uri ("a", 2)), ==, 2);
}

static void
test_use_p2p_changes (void)
{
  g_autoptr (Show) show = show_new ();

  show_playlist (show, "a", 0, 9, FALSE);
  play (show, "a", 0, P2P_SOURCE_HTTP);
  show->settings.use_p2p = FALSE;
  p2p_session_set_settings (show->session, &show->settings);
  play (show, "a", 5, P2P_SOURCE_HTTP);
  show->settings.use_p2p = TRUE;
  p2p_session_set_settings (show->session, &show->settings);
  play (show, "a", 9, P2P_SOURCE_HTTP);
}

/* After it no socket, timer, event or cached byte. */
static void
test_destroy (void)
{
  g_autoptr (Show) show = show_new ();
  g_autofree char *what = g_strdup (uri ("a", 1));
  g_autoptr (Ask) under_way = NULL, later = NULL;
  P2pStats stats;

  show_playlist (show, "a", 0, 9, FALSE);
  play (show, "a", 0, P2P_SOURCE_HTTP);
  fake_fetcher_get (show->fetcher, uri ("b", 3))->rate = 100;
  under_way = ask_for (show, uri ("b", 3));
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
  play (show, "a", 0, P2P_SOURCE_HTTP);
  for (guint i = 0; i < 2 * P2P_SESSION_MAX_STREAMS; i++) {
    g_autofree char *name = g_strdup_printf ("c%u", i);

    show_playlist (show, name, 0, 1, FALSE);
  }
  play (show, "a", 8, P2P_SOURCE_HTTP);
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
  g_autoptr (P2pPlaylist) playlist =
      p2p_playlist_parse ("http://h/a/index.m3u8", (const guint8 *) text,
      strlen (text), NULL);

  p2p_session_add_playlist (show->session, playlist);
  play (show, "a", 0, P2P_SOURCE_HTTP);
  play (show, "a", 1, P2P_SOURCE_CACHE);
  play (show, "a", 0, P2P_SOURCE_CACHE);
  play (show, "a", 2, P2P_SOURCE_CACHE);
}

/* From a swarm's peer to the player: the peer has all, and so only what is
 * required comes over HTTP. */
static void
test_peers (void)
{
  g_autoptr (Show) show = show_new ();
  g_autoptr (FakePeer) peer = fake_peer_new (show->clock, "p");
  g_autoptr (FakeSignaller) signaller =
      fake_signaller_new (show->clock, show->log, peer);
  P2pSignallerCounts counts;
  P2pStats stats;
  guint from_peer = 0;

  show->settings.buffer_segments_count = 8;
  show->settings.required_segments_count = 1;
  p2p_session_set_settings (show->session, &show->settings);
  p2p_session_add_signaller (show->session, P2P_SIGNALLER (signaller));
  for (guint n = 0; n < 20; n++)
    fake_peer_hold (peer, uri ("a", n),
        fake_fetcher_get (show->fetcher, uri ("a", n))->body);

  show_playlist (show, "a", 0, 19, FALSE);
  for (guint n = 0; n < 20; n++)
    play (show, "a", n, n == 0 ? P2P_SOURCE_HTTP : P2P_SOURCE_CACHE);
  for (guint n = 0; n < 20; n++)
    from_peer += count_requests (show, uri ("a", n)) == 0;
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (from_peer, >=, 15);
  g_assert_cmpuint (stats.p2p_fetched, >=, from_peer * SIZE);
  g_assert_cmpuint (stats.peers, ==, 1);
  g_assert_nonnull (strstr (show->log->str,
          "join http://h/a/index.m3u8\npeer p\n"));
  fake_signaller_get_counts (signaller, &counts);
  g_assert_cmpuint (counts.p2p_bytes, ==, stats.p2p_fetched);
  g_assert_cmpuint (counts.p2p_bytes + counts.http_bytes, >=, 20 * SIZE);

  p2p_session_destroy (show->session);
  g_assert_true (peer->closed);
  g_assert_true (g_str_has_suffix (show->log->str,
          "leave http://h/a/index.m3u8\n"));
}

/* What the segments are called follows the playlist. */
static void
test_names (void)
{
  g_autoptr (Show) show = show_new ();
  g_autoptr (FakePeer) peer = fake_peer_new (show->clock, "p");
  g_autoptr (FakeSignaller) signaller =
      fake_signaller_new (show->clock, show->log, peer);
  const P2pName *name;

  p2p_session_add_signaller (show->session, P2P_SIGNALLER (signaller));
  show_playlist (show, "a", 3, 8, TRUE);
  play (show, "a", 3, P2P_SOURCE_HTTP);
  name = p2p_names_find_sn (signaller->names, 8);
  g_assert_cmpstr (name->id, ==, uri ("a", 8));
  g_assert_cmpstr (name->url, ==, "s8.ts");
  g_assert_null (p2p_names_find_sn (signaller->names, 9));
  g_assert_null (p2p_names_find_id (signaller->names, uri ("a", 2)));

  show_playlist (show, "a", 5, 10, TRUE);
  g_assert_null (p2p_names_find_sn (signaller->names, 4));
  g_assert_nonnull (p2p_names_find_sn (signaller->names, 10));
  p2p_session_destroy (show->session);
}

/* A name of the user's, with a number for the streams of a master playlist. */
static void
test_swarm_id (void)
{
  static const char text[] = "#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://h/b/index.m3u8\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=2\nhttp://h/a/index.m3u8\n";
  g_autoptr (Show) show = show_new ();
  g_autoptr (FakePeer) peer = fake_peer_new (show->clock, "p");
  g_autoptr (FakeSignaller) signaller =
      fake_signaller_new (show->clock, show->log, peer);
  g_autoptr (P2pPlaylist) master =
      p2p_playlist_parse ("http://h/master.m3u8", (const guint8 *) text,
      strlen (text), NULL);

  p2p_session_add_signaller (show->session, P2P_SIGNALLER (signaller));
  p2p_session_set_swarm_id (show->session, "mine");
  show_playlist (show, "a", 0, 8, FALSE);
  play (show, "a", 0, P2P_SOURCE_HTTP);
  g_assert_nonnull (strstr (show->log->str, "join mine\n"));
  p2p_session_add_playlist (show->session, master);
  play (show, "a", 1, P2P_SOURCE_CACHE);
  g_assert_nonnull (strstr (show->log->str, "leave mine\njoin mine-2\n"));
  p2p_session_destroy (show->session);
}

/* What trackers say is told by the session. */
static void
test_tracker_events (void)
{
  g_autoptr (Show) show = show_new ();
  g_autoptr (FakePeer) peer = fake_peer_new (show->clock, "p");
  g_autoptr (FakeSignaller) signaller =
      fake_signaller_new (show->clock, show->log, peer);

  p2p_session_add_signaller (show->session, P2P_SIGNALLER (signaller));
  show_playlist (show, "a", 0, 8, FALSE);
  play (show, "a", 0, P2P_SOURCE_HTTP);
  g_string_truncate (show->log, 0);
  fake_signaller_say (signaller);
  g_assert_cmpstr (show->log->str, ==,
      "announced http://t me 3\nwarning http://t careful\n"
      "error http://t no more\n");
  p2p_session_destroy (show->session);
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
  g_autoptr (Show) show = show_new ();
  g_autoptr (FakePeer) peer = fake_peer_new (show->clock, "p");
  g_autoptr (FakeSignaller) signaller =
      fake_signaller_new (show->clock, show->log, peer);

  p2p_session_add_signaller (show->session, P2P_SIGNALLER (signaller));
  show_playlist (show, "a", 0, 8, FALSE);
  play (show, "a", 0, P2P_SOURCE_HTTP);
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
  g_test_add_func ("/session/tracker-events", test_tracker_events);
  g_test_add_func ("/session/lists", test_lists);
  return g_test_run ();
}
