/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sessionworld.h"

#include <string.h>

const char *
show_uri (const char *stream, guint n)
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

static const P2pSessionEvents session_events = {
  on_loaded, on_error, on_abort, on_peer, on_peer_gone, NULL, on_id,
  on_announced, on_warning, on_tracker_error,
};

Show *
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
    fake_fetcher_add (show->fetcher, show_uri ("a", n), SHOW_SIZE);
    fake_fetcher_add (show->fetcher, show_uri ("b", n), SHOW_SIZE);
    fake_fetcher_add (show->fetcher, show_uri ("audio", n), SHOW_SIZE);
  }
  return show;
}

Show *
show_new_in_swarm (void)
{
  Show *show = show_new ();

  show->peer = fake_peer_new (show->clock, "p");
  show->signaller = fake_signaller_new (show->clock, show->log, show->peer);
  p2p_session_add_signaller (show->session, P2P_SIGNALLER (show->signaller));
  return show;
}

void
show_free (Show * show)
{
  g_object_unref (show->session);
  g_clear_object (&show->signaller);
  g_clear_object (&show->peer);
  fake_clock_run_for (show->clock, P2P_SECOND);
  g_assert_cmpuint (fake_fetcher_get_n_open (show->fetcher), ==, 0);
  g_assert_cmpint (p2p_clock_get_next (show->clock), ==, P2P_NEVER);
  p2p_http_options_unref (show->options);
  g_assert_finalize_object (show->fetcher);
  g_assert_finalize_object (show->clock);
  g_string_free (show->log, TRUE);
  g_free (show);
}

void
show_add (Show * show, const char *uri, const char *text)
{
  g_autoptr (P2pPlaylist) playlist =
      p2p_playlist_parse (uri, (const guint8 *) text, strlen (text), NULL);

  g_assert_nonnull (playlist);
  p2p_session_add_playlist (show->session, playlist);
}

void
show_playlist (Show * show, const char *stream, guint first, guint last,
    gboolean live)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n"
      "#EXT-X-TARGETDURATION:2\n");
  g_autofree char *base = g_strdup_printf ("http://h/%s/index.m3u8", stream);

  g_string_append_printf (text, "#EXT-X-MEDIA-SEQUENCE:%u\n", first);
  for (guint n = first; n <= last; n++)
    g_string_append_printf (text, "#EXTINF:2,\ns%u.ts\n", n);
  if (!live)
    g_string_append (text, "#EXT-X-ENDLIST\n");
  show_add (show, base, text->str);
}

void
show_master (Show * show)
{
  show_add (show, "http://h/master.m3u8", "#EXTM3U\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"en\",URI=\"audio/index.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=400000,AUDIO=\"g\"\na/index.m3u8\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1700000,AUDIO=\"g\"\nb/index.m3u8\n");
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

Ask *
ask_range (Show * show, const char *what, gint64 start, gint64 stop)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->show = show;
  ask->bytes = g_byte_array_new ();
  ask->request =
      p2p_session_open (show->session, show->player, NULL, what, start, stop,
      show->options, &request_events, ask);
  return ask;
}

Ask *
ask_for (Show * show, const char *what)
{
  return ask_range (show, what, 0, -1);
}

void
ask_free (Ask * ask)
{
  p2p_request_close (ask->request);
  g_byte_array_unref (ask->bytes);
  g_clear_error (&ask->error);
  g_free (ask);
}

void
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

void
show_play (Show * show, const char *stream, guint n, P2pSource source)
{
  g_autofree char *what = g_strdup (show_uri (stream, n));
  g_autoptr (Ask) ask = ask_for (show, what);

  fake_clock_run_for (show->clock, P2P_SECOND);
  ask_check (ask, what);
  g_assert_cmpuint (ask->sources[source], ==, SHOW_SIZE);
}

guint
show_count_requests (Show * show, const char *what)
{
  GPtrArray *requests = fake_fetcher_get_requests (show->fetcher);
  guint count = 0;

  for (guint i = 0; i < requests->len; i++)
    count += g_str_equal (((FakeRequest *) g_ptr_array_index (requests,
                i))->uri, what);
  return count;
}
