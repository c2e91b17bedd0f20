/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pmljsonkeys.h"

G_BEGIN_DECLS

/**
 * P2pMlJsonTold:
 *
 * What a peer of p2p-media-loader 0.x is told of what is held here: a MAP of
 * all of it, each time anew. A key that was told stays good for as long as the
 * segment is held, though the playlist goes on.
 */
typedef struct _P2pMlJsonTold P2pMlJsonTold;

/* The most bytes of a MAP, which any browser takes in one message: of what would be
 * more, the first that are loaded are left out. So many each needs beside its id. */
#define P2P_ML_JSON_TOLD_MAX_BYTES 60000
#define P2P_ML_JSON_TOLD_EACH 24

/* keys: outlive it */
P2pMlJsonTold *p2p_ml_json_told_new (const P2pMlJsonKeys * keys);
void p2p_ml_json_told_free (P2pMlJsonTold * self);

/* loaded, loading: (element-type utf8): the ids of all that is held now, or
 * fetched over HTTP. Returns: (transfer full): the MAP */
GBytes *p2p_ml_json_told_update (P2pMlJsonTold * self, GPtrArray * loaded,
    GPtrArray * loading);

/* Returns: (nullable): the engine's id of the segment with that key, until the
 * names change or an update */
const char *p2p_ml_json_told_find (P2pMlJsonTold * self, const char *key);

G_END_DECLS
