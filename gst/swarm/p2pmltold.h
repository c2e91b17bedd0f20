/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pnames.h"

G_BEGIN_DECLS

/**
 * P2pMlTold:
 *
 * What segments are called on the binary wire of p2p-media-loader (see
 * p2p_names_set_first()), and what a peer was told of those held here: all of it
 * each time. A number that was told stays good for as long as its segment is held,
 * though the playlist goes on. What has none, or one that the wire cannot say, is
 * not told.
 */
typedef struct _P2pMlTold P2pMlTold;

P2pMlTold *p2p_ml_told_new (P2pChannel * channel, P2pNames * names,
    gboolean counts_places);
void p2p_ml_told_free (P2pMlTold * self);

/* loaded, loading: (element-type utf8): the ids of all that is held, and is being
 * fetched over HTTP; of more than P2P_ML_MAX_IDS the last numbers are told. It goes
 * out at once, or when the channel has drained; then only the last. */
void p2p_ml_told_update (P2pMlTold * self, GPtrArray * loaded,
    GPtrArray * loading);
/* The channel drained. */
void p2p_ml_told_go_on (P2pMlTold * self);

/* Returns: the number of a segment of the playlist; -1: it has none */
gint64 p2p_ml_told_get_number (P2pMlTold * self, const char *id);
/* Returns: (nullable): the id of what the peer means by number, until the names or
 * what was told change */
const char *p2p_ml_told_find (P2pMlTold * self, gint64 number);

G_END_DECLS
