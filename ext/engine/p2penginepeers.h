/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pengine.h"
#include "p2psession.h"

G_BEGIN_DECLS

/* By which ways connections are made: see P2pNicePolicy. */
typedef enum
{
  P2P_ENGINE_ICE_POLICY_ALL,
  P2P_ENGINE_ICE_POLICY_RELAY,
  P2P_ENGINE_ICE_POLICY_LAN,
} P2pEngineIcePolicy;

/* Who finds the peers of a session, and how they are connected to. Nothing of it is
 * kept. Strings are NULL where there is none. */
typedef struct
{
  const char *const *trackers;
  const char *signal_url;
  const char *swarm_id;
  guint swarm_compat;           /* P2pGenerations */
  gboolean elects;              /* takes part in the election among browsers */
  const char *stun_server;
  const char *turn_server;
  P2pEngineIcePolicy ice_policy;
  const char *pem;
  const char *browser;          /* told to seed 002's trackers: "GStreamer/1.22" */
} P2pEnginePeers;

/* What counts where the user says nothing. */
#define P2P_ENGINE_STUN_SERVER "stun://stun.l.google.com:19302"
const char *const *p2p_engine_peers_get_default_trackers (void);

/* Joins what ext/ has to what peers says, in place of what was said before. On the
 * engine's thread; only for a session for which P2P was asked for. Returns: FALSE,
 * and there are no peers, if it makes no sense */
gboolean p2p_engine_peers_set_up (P2pEngine * engine, P2pSession * session,
    const P2pEnginePeers * peers, GError ** error);

G_END_DECLS
