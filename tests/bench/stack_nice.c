/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ours. Options: letters (p: plain, neither GSO nor GRO; s: GSO only; w: the
 * description waits for all candidates), and behind them, with a space before
 * each: stun=URI, turn=URI, policy=relay, policy=lan.
 */

#include "p2pniceconnector.h"
#include "stack.h"

#include <string.h>

static P2pClock *clock_;
static P2pConnection *connection;
static P2pChannel *channel;

typedef struct
{
  GSource source;
} Timer;

static gboolean
timer_prepare (GSource * source, gint * timeout)
{
  gint64 next = p2p_clock_get_next (clock_), now = g_source_get_time (source);

  *timeout = next == P2P_NEVER ? -1 : MAX (0, (next - now - 1) / 1000 + 1);
  return next <= now;
}

static gboolean
timer_check (GSource * source)
{
  return p2p_clock_get_next (clock_) <= g_source_get_time (source);
}

static gboolean
timer_dispatch (GSource * source, GSourceFunc callback, gpointer user_data)
{
  p2p_clock_run (clock_, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = {
  timer_prepare, timer_check, timer_dispatch,
};

static void
on_message (P2pChannel * self, GBytes * bytes, gboolean text,
    gpointer user_data)
{
  gsize size;
  gconstpointer content = g_bytes_get_data (bytes, &size);

  bench_message (content, size, text);
}

static void
on_drained (P2pChannel * self, gpointer user_data)
{
  bench_room ();
}

static void
on_closed (P2pChannel * self, const GError * error, gpointer user_data)
{
  bench_closed (error ? error->message : NULL);
}

static const P2pChannelEvents channel_events = {
  on_message, on_drained, on_closed,
};

static void
on_described (P2pConnection * self, const char *sdp, gpointer user_data)
{
  bench_say (sdp);
}

static void
on_candidate (P2pConnection * self, const char *candidate, const char *mid,
    gpointer user_data)
{
  if (candidate)
    bench_say (candidate);
}

static void
on_open (P2pConnection * self, P2pChannel * opened, gpointer user_data)
{
  channel = g_object_ref (opened);
  p2p_channel_set_events (channel, &channel_events, NULL);
  p2p_channel_set_low_water (channel, BENCH_LOW);
  bench_open ();
}

static void
on_failed (P2pConnection * self, const GError * error, gpointer user_data)
{
  bench_failed (error->message);
}

static const P2pConnectionEvents connection_events = {
  on_described, on_candidate, on_open, on_failed,
};

static void
read_options (P2pNiceConfig * config, char **words)
{
  for (; *words; words++) {
    if (g_str_has_prefix (*words, "stun="))
      config->stun_server = *words + strlen ("stun=");
    else if (g_str_has_prefix (*words, "turn="))
      config->turn_server = *words + strlen ("turn=");
    else if (strcmp (*words, "policy=relay") == 0)
      config->policy = P2P_NICE_POLICY_RELAY;
    else if (strcmp (*words, "policy=lan") == 0)
      config->policy = P2P_NICE_POLICY_LAN;
    else
      g_error ("%s?", *words);
  }
}

static void
start (gboolean offer, const char *options)
{
  g_auto (GStrv) words = g_strsplit (options, " ", -1);
  const char *letters = words[0] ? words[0] : "";
  P2pNiceConfig config;
  P2pNiceConnector *connector;
  GSource *timer = g_source_new (&timer_funcs, sizeof (Timer));

  clock_ = p2p_clock_new (g_get_monotonic_time ());
  g_source_attach (timer, NULL);
  p2p_nice_config_init (&config, g_main_context_default (), clock_);
  config.stun_server = NULL;
  if (strchr (letters, 'p'))
    config.gso = config.gro = FALSE;
  if (strchr (letters, 's'))
    config.gro = FALSE;
  if (words[0])
    read_options (&config, words + 1);
  connector = p2p_nice_connector_new (&config, NULL);
  connection = p2p_connector_connect (P2P_CONNECTOR (connector),
      offer ? P2P_CONNECTION_OFFER : P2P_CONNECTION_ANSWER,
      !strchr (letters, 'w'), "bench", &connection_events, NULL);
}

static void
hear (const char *text)
{
  if (g_str_has_prefix (text, "v="))
    p2p_connection_set_remote (connection, text);
  else
    p2p_connection_add_candidate (connection, text);
}

static gboolean
send_message (GBytes * bytes, gboolean text)
{
  return p2p_channel_send (channel, bytes, text);
}

static gsize
get_buffered (void)
{
  return p2p_channel_get_buffered (channel);
}

static gsize
get_max_message (void)
{
  return p2p_channel_get_max_message (channel);
}

static void
close_channel (void)
{
  p2p_channel_close (channel);
}

static char *
get_route (void)
{
  P2pChannelStats stats;

  p2p_channel_get_stats (channel, &stats);
  return g_strdup_printf ("%s %s", stats.relayed ? "relayed" : "direct",
      p2p_channel_get_remote_address (channel));
}

/* *INDENT-OFF* */
const Stack stack_nice = {
  start, hear, send_message, get_buffered, get_max_message, close_channel,
  get_route,
};
/* *INDENT-ON* */
