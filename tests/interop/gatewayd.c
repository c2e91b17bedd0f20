/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * gatewayd [--origin=ORIGIN]... [--pace-eos=0] URL...: a gateway with a session for
 * each playlist and no peers. Prints of each the URLs of its page and of its
 * playlist, a line each, then "loaded URL" of each segment that was loaded. From
 * standard input it takes lines: "load URL..." has the first session load these
 * segments, "stats" prints JSON; at its end it leaves.
 */

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "p2pjson.h"
#include "p2psoupfetcher.h"
#include "p2psoupgateway.h"

static P2pClock *the_clock;
static P2pSettings settings;
static GPtrArray *sessions;
static GMainLoop *loop;

/* --- time --- */

static gboolean
prepare (GSource * source, gint * timeout)
{
  gint64 next = p2p_clock_get_next (the_clock);
  gint64 now = g_source_get_time (source);

  *timeout = next == P2P_NEVER ? -1
      : CLAMP ((next - now - 1) / P2P_MSEC + 1, 0, G_MAXINT);
  return next <= now;
}

static gboolean
check (GSource * source)
{
  return p2p_clock_get_next (the_clock) <= g_source_get_time (source);
}

static gboolean
dispatch (GSource * source, GSourceFunc callback, gpointer user_data)
{
  p2p_clock_run (the_clock, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = { prepare, check, dispatch, };

/* --- sessions --- */

static void
on_loaded (P2pSession * session, P2pSegment * segment, gpointer user_data)
{
  printf ("loaded %s\n", segment->url);
  fflush (stdout);
}

static void
on_error (P2pSession * session, const char *url, const GError * error,
    gpointer user_data)
{
  g_printerr ("gatewayd: %s: %s\n", url, error->message);
}

static const P2pSessionEvents session_events = {
  .segment_loaded = on_loaded,
  .segment_error = on_error,
};

static gboolean
serve (P2pSoupGateway * gateway, const char *uri, GError ** error)
{
  g_autoptr (P2pSoupFetcher) fetcher = p2p_soup_fetcher_new (the_clock,
      g_main_context_default ());
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();
  P2pSession *session = p2p_session_new (the_clock, g_rand_new (),
      P2P_FETCHER (fetcher), &settings, options, &session_events, NULL);
  P2pSoupGatewayStream *stream = p2p_soup_gateway_add (gateway, session, uri,
      error);

  g_ptr_array_add (sessions, session);
  if (!stream)
    return FALSE;
  puts (p2p_soup_gateway_stream_get_url (stream));
  puts (p2p_soup_gateway_stream_get_playlist_url (stream));
  return TRUE;
}

/* --- what is said to it --- */

static void
load (char **urls)
{
  g_autoptr (GPtrArray) segments =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);

  for (; *urls; urls++)
    g_ptr_array_add (segments, p2p_segment_new (*urls, *urls, 0, -1,
            segments->len));
  p2p_session_load (g_ptr_array_index (sessions, 0), segments, NULL, NULL);
}

static double
get_seconds (struct timeval time)
{
  return time.tv_sec + time.tv_usec / 1e6;
}

static void
tell (void)
{
  g_autoptr (P2pJson) json = p2p_json_new ();
  g_autofree char *text = NULL;
  struct rusage usage;
  P2pStats stats;

  getrusage (RUSAGE_SELF, &usage);
  p2p_session_get_stats (g_ptr_array_index (sessions, 0), &stats);
  p2p_json_set_int64 (json, "http-fetched", stats.http_fetched);
  p2p_json_set_int64 (json, "cache-segments", stats.cache_segments);
  p2p_json_set_int64 (json, "http-segments", stats.http_segments);
  p2p_json_set_int64 (json, "cpu-us", (get_seconds (usage.ru_utime)
          + get_seconds (usage.ru_stime)) * 1e6);
  p2p_json_set_int64 (json, "rss-kb", usage.ru_maxrss);
  text = p2p_json_to_text (json);
  puts (text);
  fflush (stdout);
}

static gboolean
on_line (GIOChannel * input, GIOCondition condition, gpointer user_data)
{
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;

  if (g_io_channel_read_line (input, &line, NULL, NULL, NULL)
      != G_IO_STATUS_NORMAL) {
    g_main_loop_quit (loop);
    return G_SOURCE_REMOVE;
  }
  words = g_strsplit (g_strstrip (line), " ", -1);
  p2p_clock_set_time (the_clock, g_get_monotonic_time ());
  if (g_strcmp0 (words[0], "load") == 0)
    load (words + 1);
  else
    tell ();
  return G_SOURCE_CONTINUE;
}

static P2pSoupGateway *
set_up (int argc, char **argv, GError ** error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) origins = NULL;
  P2pSoupGatewayConfig config = { 0 };
  P2pSoupGateway *gateway;

  p2p_settings_init (&settings);
  for (int i = 1; i < argc; i++) {
    const char *value = strchr (argv[i], '=');

    if (g_str_has_prefix (argv[i], "--origin="))
      g_strv_builder_add (builder, value + 1);
    else if (g_str_has_prefix (argv[i], "--pace-eos="))
      settings.pace_eos = g_ascii_strtoull (value + 1, NULL, 10);
  }
  origins = g_strv_builder_end (builder);
  config.origins = (const char *const *) origins;
  gateway = p2p_soup_gateway_new (the_clock, g_main_context_default (),
      &config, error);
  for (int i = 1; gateway && i < argc; i++) {
    if (argv[i][0] != '-' && !serve (gateway, argv[i], error)) {
      p2p_soup_gateway_free (gateway);
      return NULL;
    }
  }
  fflush (stdout);
  return gateway;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSource) timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (STDIN_FILENO);
  P2pSoupGateway *gateway;

  g_main_context_push_thread_default (g_main_context_default ());
  the_clock = p2p_clock_new (g_get_monotonic_time ());
  loop = g_main_loop_new (NULL, FALSE);
  sessions = g_ptr_array_new_with_free_func (g_object_unref);
  g_source_attach (timer, NULL);
  gateway = set_up (argc, argv, &error);
  if (!gateway) {
    g_printerr ("gatewayd: %s\n", error->message);
    return 1;
  }
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_line, NULL);
  g_main_loop_run (loop);
  p2p_soup_gateway_free (gateway);
  g_ptr_array_unref (sessions);
  while (g_main_context_iteration (NULL, FALSE));
  g_source_destroy (timer);
  g_object_unref (the_clock);
  g_main_loop_unref (loop);
  return 0;
}
