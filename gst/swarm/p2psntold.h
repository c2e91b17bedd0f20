/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pnames.h"

G_BEGIN_DECLS

/**
 * P2pSnTold:
 *
 * What a peer was told in seed 002's protocol of what is held here: a BITFIELD
 * first, then the differences as HAVE and LOST. What has no name, or one that
 * the protocol cannot say (above 2^53), is not told. A name that was told stays
 * good for as long as the segment is held, though the playlist goes on.
 */
typedef struct _P2pSnTold P2pSnTold;

/* The most entries of the BITFIELD sent (2^53 has 16 digits, and any browser
 * takes 64 KiB), and HAVEs of one update; what is over it comes later. */
#define P2P_SN_TOLD_MAX_FIELD 3000
#define P2P_SN_TOLD_MAX_NEWS 256

P2pSnTold *p2p_sn_told_new (P2pChannel * channel, P2pNames * names);
void p2p_sn_told_free (P2pSnTold * self);

/* loaded: (element-type utf8): the ids of all that is held now. elects: whether
 * this viewer takes part in the election; if that is not as it was told, a new
 * BITFIELD says so. */
void p2p_sn_told_update (P2pSnTold * self, GPtrArray * loaded,
    gboolean elects);

/* LOST for all that was told. */
void p2p_sn_told_end (P2pSnTold * self);

/* What a peer means by sn (-1: none) and url (NULL: none); by a url that belongs
 * to another segment than the sn it means nothing.
 * Returns: (nullable): until the names or what was told change */
const P2pName *p2p_sn_told_find (P2pSnTold * self, gint64 sn,
    const char *url);

G_END_DECLS
