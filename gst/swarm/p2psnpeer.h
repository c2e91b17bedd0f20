/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannelpeer.h"
#include "p2pnames.h"

G_BEGIN_DECLS

/**
 * P2pSnPeer:
 *
 * A viewer that speaks seed 002's protocol over a data channel
 * ("datachannel交互协议": REQUEST, PIECE, PIECE_ACK, CLOSE, ERROR, BITFIELD,
 * HAVE, LOST), with what its own client sends beside the seed's text: PING,
 * PONG, PIECE_NOT_FOUND, requests by URL. A PING is answered and none is sent: the
 * transport measures the round trip by itself, where a PONG would wait behind
 * the pieces, does not say which PING it answers, and is not sent by later
 * generations of that client. See p2psnmessage.h for the bounds of a
 * message.
 *
 * It holds nothing before its BITFIELD came. It is asked for one segment at a
 * time, by media sequence number. As the protocol cannot take a request back, a
 * peer whose request was cancelled is not idle until its answer came and was
 * dropped, or %P2P_SN_DOWNLOAD_TIMEOUT passed without any of it.
 *
 * A segment that is done is acknowledged when it is accepted.
 *
 * What breaks the protocol's rules is dropped, and told as done with
 * P2P_ERROR_PEER; id is that of the request under way, or "". The peer's CLOSE
 * and ERROR end it.
 */
#define P2P_TYPE_SN_PEER (p2p_sn_peer_get_type ())
G_DECLARE_FINAL_TYPE (P2pSnPeer, p2p_sn_peer, P2P, SN_PEER, P2pChannelPeer)

/* Its BITFIELD comes as soon as the channel is open: one whose does not come for
 * so long is of no use, and is closed. */
#define P2P_SN_PEER_PATIENCE (10 * P2P_SECOND)

/* Text over its P2pBudget is dropped unread. */

/* channel: open, of this peer alone. names: what its segments are called. id:
 * of the peer at the tracker. Each is kept (a reference, a copy). Nothing is
 * read before its events are set, nothing sent before it is announced to. */
P2pPeer *p2p_sn_peer_new (P2pClock * clock, P2pChannel * channel,
    P2pNames * names, const char *id);

G_END_DECLS
