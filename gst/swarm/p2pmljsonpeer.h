/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannelpeer.h"
#include "p2pmljson.h"
#include "p2pnames.h"

G_BEGIN_DECLS

/**
 * P2pMlJsonPeer:
 *
 * A viewer that speaks one of the three JSON protocols of p2p-media-loader 0.x over
 * a data channel (npm 0.0.1; 0.1.0 to 0.4.0; 0.5.0 to 0.6.2). See p2pmljson.h for
 * the bounds of a message.
 *
 * Each tells the other all that it holds, when the channel is open and each time
 * that changes. One that shares nothing never does: it holds nothing, and is
 * served. It is asked for one segment at a time, and in G1 and G2 not while it is
 * sent one, as no command may be among the bytes; a command among its own ends its
 * download. As nobody there takes a request back, a peer whose request was
 * cancelled is not idle until all of it came and was dropped, or nothing did for
 * %P2P_ML_JSON_DOWNLOAD_TIMEOUT.
 *
 * What breaks the rules is dropped, and told as done with P2P_ERROR_PEER; a peer
 * that lies about a length is closed at once. There is no goodbye.
 */
#define P2P_TYPE_ML_JSON_PEER (p2p_ml_json_peer_get_type ())
G_DECLARE_FINAL_TYPE (P2pMlJsonPeer, p2p_ml_json_peer, P2P, ML_JSON_PEER,
    P2pChannelPeer)

/* One that says nothing at all for so long once the channel is open is closed. */
#define P2P_ML_JSON_PEER_PATIENCE (60 * P2P_SECOND)

/* channel: open, of this peer alone. names: what the stream's segments are called.
 * id: of the peer at the tracker. stream: G1, G2: what is before "+" and the media
 * sequence number in the id of a segment (as one level of a master playlist:
 * "<master>+V<n>"); base: G0: the URL of the playlist, to which those of the
 * segments may be relative. Each is kept (a reference, a copy); what the kind does
 * not need may be NULL. Nothing is read before its events are set, nothing sent
 * before it is announced to. */
P2pPeer *p2p_ml_json_peer_new (P2pClock * clock, P2pChannel * channel,
    P2pNames * names, const char *id, P2pMlWire kind, const char *stream,
    const char *base);

G_END_DECLS
