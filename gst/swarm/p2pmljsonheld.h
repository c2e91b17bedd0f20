/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pmljsonkeys.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/* What a peer of p2p-media-loader 0.x said that it holds of our stream: by key
 * (see P2pMlJsonKeys), a P2pPeerHas. */

/* streams: of its MAP. Returns: (transfer full) */
GHashTable *p2p_ml_json_held_new (const P2pMlJsonKeys * keys,
    GPtrArray * streams);
/* name: (nullable) */
P2pPeerHas p2p_ml_json_held_get (GHashTable * self,
    const P2pMlJsonKeys * keys, const P2pName * name);

G_END_DECLS
