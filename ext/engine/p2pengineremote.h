/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteengine.h"

G_BEGIN_DECLS

/* The engine that a server of the remote control drives, on the engine's thread,
 * wherever the server lives. */
const P2pHlsRemoteEngineClass *p2p_engine_remote_get_class (void);

G_END_DECLS
