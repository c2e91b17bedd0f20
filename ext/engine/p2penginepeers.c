/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2penginepeers.h"

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

const char *const *
p2p_engine_peers_get_default_trackers (void)
{
  static const char *const trackers[] = {
    "wss://tracker.btorrent.xyz/", "wss://tracker.openwebtorrent.com/", NULL
  };

  return trackers;
}

/* An empty text is what shells make of nothing. */
static const char *
p2p_engine_peers_or_null (const char *text)
{
  return text && *text ? text : NULL;
}

/* Returns: (transfer full) (nullable): NULL if peers makes no sense. */
static P2pConnector *
p2p_engine_peers_make_connector (P2pEngine * engine,
    const P2pEnginePeers * peers, GError ** error)
{
  static const P2pNicePolicy policies[] = {
    [P2P_ENGINE_ICE_POLICY_ALL] = P2P_NICE_POLICY_ALL,
    [P2P_ENGINE_ICE_POLICY_RELAY] = P2P_NICE_POLICY_RELAY,
    [P2P_ENGINE_ICE_POLICY_LAN] = P2P_NICE_POLICY_LAN,
  };
  P2pNiceConfig config;

  p2p_nice_config_init (&config, p2p_engine_get_context (engine),
      p2p_engine_get_clock (engine));
  config.stun_server = p2p_engine_peers_or_null (peers->stun_server);
  config.turn_server = p2p_engine_peers_or_null (peers->turn_server);
  config.policy = policies[peers->ice_policy];
  config.pem = p2p_engine_peers_or_null (peers->pem);
  return (P2pConnector *) p2p_nice_connector_new (&config, error);
}

static gboolean
p2p_engine_peers_is_websocket (const char *url)
{
  const char *scheme = g_uri_peek_scheme (url);

  return g_strcmp0 (scheme, "ws") == 0 || g_strcmp0 (scheme, "wss") == 0;
}

/* Seed 002's: one signaller for each tracker. */
static void
p2p_engine_peers_add_trackers (P2pEngine * engine, P2pSession * session,
    const P2pEnginePeers * peers, P2pConnector * connector)
{
  struct utsname system;
  P2pSoupTrackerConfig config = {
    .signal_url = peers->signal_url,.browser = peers->browser,.device = DEVICE,
    .os = uname (&system) == 0 ? system.sysname : NULL,
    .connector = connector,.make_peer = p2p_sn_peer_new
  };

  for (const char *const *url = peers->trackers; *url; url++) {
    g_autoptr (P2pSoupTracker) tracker = NULL;

    if (p2p_engine_peers_is_websocket (*url))
      continue;
    config.announce = *url;
    tracker = p2p_soup_tracker_new (p2p_engine_get_clock (engine),
        p2p_engine_get_context (engine),
        g_rand_new_with_seed (g_random_int ()), &config);
    p2p_session_add_signaller (session, P2P_SIGNALLER (tracker));
  }
}

/* WebTorrent's: one signaller for all, so that who is met at two is one. */
static void
p2p_engine_peers_add_websockets (P2pEngine * engine,
    P2pSession * session, const P2pEnginePeers * peers,
    P2pConnector * connector)
{
  g_autoptr (GPtrArray) urls = g_ptr_array_new ();
  g_autoptr (P2pSoupGenerations) generations = NULL;

  for (const char *const *url = peers->trackers; *url; url++)
    if (p2p_engine_peers_is_websocket (*url))
      g_ptr_array_add (urls, (gpointer) * url);
  if (urls->len == 0 || peers->swarm_compat == P2P_GENERATIONS_NONE)
    return;
  g_ptr_array_add (urls, NULL);
  generations =
      p2p_soup_generations_new (p2p_engine_get_clock (engine),
      g_rand_new_with_seed (g_random_int ()), connector,
      (const char *const *) urls->pdata, peers->swarm_compat, peers->elects);
  p2p_session_add_signaller (session, P2P_SIGNALLER (generations));
}

gboolean
p2p_engine_peers_set_up (P2pEngine * engine, P2pSession * session,
    const P2pEnginePeers * peers, GError ** error)
{
  g_autoptr (P2pConnector) connector =
      p2p_engine_peers_make_connector (engine, peers, error);

  p2p_session_clear_signallers (session);
  if (connector == NULL)
    return FALSE;
  p2p_session_set_swarm_id (session, peers->swarm_id);
  p2p_engine_peers_add_trackers (engine, session, peers, connector);
  p2p_engine_peers_add_websockets (engine, session, peers, connector);
  return TRUE;
}
