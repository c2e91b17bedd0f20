/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannelpeer.h"
#include "p2pnames.h"

G_BEGIN_DECLS

/**
 * P2pMlPeer:
 *
 * A viewer that speaks the binary wire of p2p-media-loader 1.0 and later over a data
 * channel: the browsers. See docs/wires.md for what is said when.
 *
 * It holds nothing before its first announcement, each of which replaces the one
 * before. What it then says is absent it does not hold until the next one. It is
 * asked for one segment at a time, or the end of one, by its number (see
 * p2p_names_set_first()), and asks for one at a time. Its id says whether it takes
 * part in elections (P2P_ELECTION_MARK). As it takes whoever is silent for 2 s for
 * dead, it does not wait longer than %P2P_ML_PEER_PATIENCE for its turn.
 *
 * What breaks the protocol's rules is dropped, and told as done with
 * P2P_ERROR_PEER; id is that of the request under way, or "". It is closed for what
 * p2p-media-loader closes a connection for: bytes that are not as many as was
 * announced, the end of an answer to something else, a size that cannot be, three
 * time-outs in a row.
 */
#define P2P_TYPE_ML_PEER (p2p_ml_peer_get_type ())
G_DECLARE_FINAL_TYPE (P2pMlPeer, p2p_ml_peer, P2P, ML_PEER, P2pChannelPeer)

/* How long it waits for its turn, and what is left of the time after which it takes
 * us for dead is for the way; 1.0.0 has only half of that time. */
#define P2P_ML_PEER_PATIENCE (1500 * P2P_MSEC)
#define P2P_ML_PEER_SHORT_PATIENCE (600 * P2P_MSEC)

/* channel: open, of this peer alone. names: what its segments are called. id: of the
 * peer at the tracker. Each is kept (a reference, a copy). request_ids: FALSE for
 * 1.0.0 to 1.0.3. counts_places: see p2p_identity_counts_places(). Nothing is read
 * before its events are set, nothing sent before it is announced to. */
P2pPeer *p2p_ml_peer_new (P2pClock * clock, P2pChannel * channel,
    P2pNames * names, const char *id, gboolean request_ids,
    gboolean counts_places);

G_END_DECLS
