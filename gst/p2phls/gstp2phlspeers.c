/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlspeers.h"

#include "p2pniceconnector.h"
#include "p2psnpeer.h"
#include "p2psoupgenerations.h"
#include "p2psouptracker.h"

#include <sys/utsname.h>

#ifdef __ANDROID__
#define DEVICE "mobile"
#else
#define DEVICE "PC"
#endif

/* Returns: (transfer full) (nullable): NULL if the settings make no sense. */
static P2pConnector *
gst_p2p_hls_peers_make_connector (GstP2pHlsEngine * engine,
    const GstP2pHlsSettings * settings, GError ** error)
{
  static const P2pNicePolicy policies[] = {
    [GST_P2P_HLS_ICE_POLICY_ALL] = P2P_NICE_POLICY_ALL,
    [GST_P2P_HLS_ICE_POLICY_RELAY] = P2P_NICE_POLICY_RELAY,
    [GST_P2P_HLS_ICE_POLICY_LAN] = P2P_NICE_POLICY_LAN,
  };
  P2pNiceConfig config;

  p2p_nice_config_init (&config, gst_p2p_hls_engine_get_context (engine),
      gst_p2p_hls_engine_get_clock (engine));
  config.stun_server = settings->stun_server;
  config.turn_server = settings->turn_server;
  config.policy = policies[settings->ice_policy];
  config.pem = settings->pem;
  return (P2pConnector *) p2p_nice_connector_new (&config, error);
}

static gboolean
gst_p2p_hls_peers_is_websocket (const char *url)
{
  const char *scheme = g_uri_peek_scheme (url);

  return g_strcmp0 (scheme, "ws") == 0 || g_strcmp0 (scheme, "wss") == 0;
}

/* Seed 002's: one signaller for each tracker. */
static void
gst_p2p_hls_peers_add_trackers (GstP2pHlsEngine * engine, P2pSession * session,
    const GstP2pHlsSettings * settings, P2pConnector * connector)
{
  g_autofree char *browser = g_strdup_printf ("GStreamer/%u.%u.%u",
      GST_VERSION_MAJOR, GST_VERSION_MINOR, GST_VERSION_MICRO);
  struct utsname system;
  P2pSoupTrackerConfig config = {
    .signal_url = settings->signal_url,.browser = browser,.device = DEVICE,
    .os = uname (&system) == 0 ? system.sysname : NULL,
    .connector = connector,.make_peer = p2p_sn_peer_new
  };

  for (const char *const *url = gst_p2p_hls_settings_get_trackers (settings);
      *url; url++) {
    g_autoptr (P2pSoupTracker) tracker = NULL;

    if (gst_p2p_hls_peers_is_websocket (*url))
      continue;
    config.announce = *url;
    tracker = p2p_soup_tracker_new (gst_p2p_hls_engine_get_clock (engine),
        gst_p2p_hls_engine_get_context (engine),
        g_rand_new_with_seed (g_random_int ()), &config);
    p2p_session_add_signaller (session, P2P_SIGNALLER (tracker));
  }
}

/* WebTorrent's: one signaller for all, so that who is met at two is one. */
static void
gst_p2p_hls_peers_add_websockets (GstP2pHlsEngine * engine,
    P2pSession * session, const GstP2pHlsSettings * settings,
    P2pConnector * connector)
{
  g_autoptr (GPtrArray) urls = g_ptr_array_new ();
  g_autoptr (P2pSoupGenerations) generations = NULL;

  for (const char *const *url = gst_p2p_hls_settings_get_trackers (settings);
      *url; url++)
    if (gst_p2p_hls_peers_is_websocket (*url))
      g_ptr_array_add (urls, (gpointer) * url);
  if (urls->len == 0 || settings->swarm_compat == P2P_GENERATIONS_NONE)
    return;
  g_ptr_array_add (urls, NULL);
  generations =
      p2p_soup_generations_new (gst_p2p_hls_engine_get_clock (engine),
      g_rand_new_with_seed (g_random_int ()), connector,
      (const char *const *) urls->pdata, settings->swarm_compat,
      settings->loader.http_election && settings->loader.upload);
  p2p_session_add_signaller (session, P2P_SIGNALLER (generations));
}

gboolean
gst_p2p_hls_peers_set_up (GstP2pHlsEngine * engine, P2pSession * session,
    const GstP2pHlsSettings * settings, GError ** error)
{
  g_autoptr (P2pConnector) connector =
      gst_p2p_hls_peers_make_connector (engine, settings, error);

  p2p_session_clear_signallers (session);
  if (connector == NULL)
    return FALSE;
  p2p_session_set_swarm_id (session, settings->swarm_id);
  gst_p2p_hls_peers_add_trackers (engine, session, settings, connector);
  gst_p2p_hls_peers_add_websockets (engine, session, settings, connector);
  return TRUE;
}
