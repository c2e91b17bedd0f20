/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2penginepeers.h"
#include "p2pjson.h"

G_BEGIN_DECLS

/* What an engine is told: the settings of p2phlssrc, by their names. */
typedef struct
{
  P2pSettings loader;           /* max_cache_bytes and max_upload_rate: of all
                                 * torrents together */
  char **tracker_announce;      /* NULL: the default */
  char *signal_url;
  char *swarm_id;
  guint swarm_compat;
  char *stun_server;
  char *turn_server;
  guint ice_policy;
  char *pem;
} P2pEngineOptions;

void p2p_engine_options_init (P2pEngineOptions * self);
void p2p_engine_options_clear (P2pEngineOptions * self);
/* to: not initialised */
void p2p_engine_options_copy (const P2pEngineOptions * self,
    P2pEngineOptions * to);

/* What a server was given. Returns: FALSE with P2P_HLS_REMOTE_ERROR_OPTIONS that
 * names what cannot be, or is not known */
gboolean p2p_engine_options_read (P2pEngineOptions * self, P2pJson * options,
    GError ** error);
/* What a client gave with a torrent: of that, what may be different for one:
 * tracker-announce, signal-url, swarm-id, swarm-compat, use-p2p. Others are passed
 * over, as they are other people's, and the engine's to say. */
gboolean p2p_engine_options_read_torrent (P2pEngineOptions * self,
    P2pJson * options, GError ** error);

/* Borrowed */
void p2p_engine_options_get_peers (const P2pEngineOptions * self,
    P2pEnginePeers * peers);

G_END_DECLS
