/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pnicetransport.h"

G_BEGIN_DECLS

/* Bytes that may wait to be sent: a message that would make it more is not
 * taken. Who sends is to look at what is buffered long before. */
#define P2P_NICE_CHANNEL_MAX_BUFFERED (16 * 1024 * 1024)
/* Bytes that may wait for somebody who listens; with more it is closed. */
#define P2P_NICE_CHANNEL_MAX_UNREAD (4 * 1024 * 1024)

/**
 * P2pNiceChannel:
 *
 * The data channel of a connection, and its only one.
 */
#define P2P_TYPE_NICE_CHANNEL (p2p_nice_channel_get_type ())
G_DECLARE_FINAL_TYPE (P2pNiceChannel, p2p_nice_channel, P2P, NICE_CHANNEL,
    GObject)

/* transport: (transfer full): one that is up. max_message: that the peer takes */
P2pNiceChannel *p2p_nice_channel_new (P2pClock * clock,
    P2pNiceTransport * transport, guint16 stream, gsize max_message);

G_END_DECLS
