/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

#include "p2psouppipe.h"

G_BEGIN_DECLS

/**
 * P2pSoupSender:
 *
 * A connection of a server, as any other, but that what is written to it and lies on
 * the shelf (p2psoupshelf.h) goes out without a copy, if the system can.
 */
#define P2P_TYPE_SOUP_SENDER (p2p_soup_sender_get_type ())
G_DECLARE_FINAL_TYPE (P2pSoupSender, p2p_soup_sender, P2P, SOUP_SENDER,
    GSocketConnection)

/* Nothing is kept but references. Returns: (transfer full) */
GSocketConnection *p2p_soup_sender_new (GSocket * socket, P2pSoupPipe * pipe);

/* More follows at once on what is written next, which waits for it, so that both
 * leave in one frame. If nothing follows after all, it leaves 200 ms later. */
void p2p_soup_sender_hold (P2pSoupSender * self);

G_END_DECLS
