/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2penginelimit.h"
#include "p2penginesettings.h"
#include "p2psoupgateway.h"

G_BEGIN_DECLS

/* What the torrents of an engine share: a limit of bytes for what is cached, one of
 * what is uploaded, and the servers that players ask. On the engine's thread. */
typedef struct _P2pEngineShared P2pEngineShared;

/* Servers at once: one for each host, hostname and set of origins. */
#define P2P_ENGINE_MAX_GATEWAYS 32

/* Nothing of settings is kept. */
P2pEngineShared *p2p_engine_shared_new (P2pEngine * engine,
    const P2pEngineSettings * settings);
/* It has no torrents any more. */
void p2p_engine_shared_free (P2pEngineShared * self);

P2pEngine *p2p_engine_shared_get_engine (P2pEngineShared * self);
P2pCacheShare *p2p_engine_shared_get_cache (P2pEngineShared * self);
P2pEngineLimit *p2p_engine_shared_get_limit (P2pEngineShared * self);

/* host: numeric address of this machine; NULL: for this machine only. options: of
 * createServer. Returns: (transfer none) (nullable): NULL with an error; it stays as
 * long as there are torrents */
P2pSoupGateway *p2p_engine_shared_get_gateway (P2pEngineShared * self,
    const char *host, P2pJson * options, GError ** error);

G_END_DECLS
