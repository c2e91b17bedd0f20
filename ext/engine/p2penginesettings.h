/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2penginepeers.h"
#include "p2pjson.h"

G_BEGIN_DECLS

/* What a session is told, under the names of p2phlssrc's properties, which say what
 * each is: how to load, how to find peers, how to connect to them. Of the host's
 * engine, max_cache_bytes and max_upload_rate are of all its torrents together. */
typedef struct
{
  P2pSettings loader;
  char **tracker_announce;      /* NULL: the default */
  char *signal_url;
  char *swarm_id;
  guint swarm_compat;           /* P2pGenerations */
  char *stun_server;
  char *turn_server;
  guint ice_policy;             /* P2pEngineIcePolicy */
  char *pem;
} P2pEngineSettings;

void p2p_engine_settings_init (P2pEngineSettings * self);
void p2p_engine_settings_clear (P2pEngineSettings * self);
/* to: not initialised */
void p2p_engine_settings_copy (const P2pEngineSettings * self,
    P2pEngineSettings * to);

/* What a server was given. Returns: FALSE with P2P_HLS_REMOTE_ERROR_OPTIONS that
 * names what cannot be, or is not known */
gboolean p2p_engine_settings_read (P2pEngineSettings * self, P2pJson * options,
    GError ** error);
/* What a client gave with a torrent: of that, what may be different for one:
 * tracker-announce, signal-url, swarm-id, swarm-compat, use-p2p. Others are passed
 * over, as they are other people's, and the engine's to say. */
gboolean p2p_engine_settings_read_torrent (P2pEngineSettings * self,
    P2pJson * options, GError ** error);

/* Whether both find peers, and connect to them, in the same way. */
gboolean p2p_engine_settings_find_alike (const P2pEngineSettings * self,
    const P2pEngineSettings * other);
/* With the default in place of NULL. */
const char *const *p2p_engine_settings_get_trackers (const P2pEngineSettings *
    self);
/* What of them finds peers; borrowed. There is no browser in it. */
void p2p_engine_settings_get_peers (const P2pEngineSettings * self,
    P2pEnginePeers * peers);

G_END_DECLS
