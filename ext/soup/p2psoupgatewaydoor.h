/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pSoupGatewayDoor:
 *
 * Lets connections in to a SoupServer, so many and no more: who is one too many
 * takes the place of the one who has done nothing for the longest time, so that
 * no number of those who read slowly, or say nothing, keeps others out.
 */
typedef struct _P2pSoupGatewayDoor P2pSoupGatewayDoor;
/* One connection. */
typedef struct _P2pSoupGatewayVisitor P2pSoupGatewayVisitor;

/* Connections at once. */
#define P2P_SOUP_GATEWAY_MAX_CONNECTIONS 256
/* Bytes that may wait for them to be read, over all. */
#define P2P_SOUP_GATEWAY_MAX_HELD (G_GUINT64_CONSTANT (256) * 1024 * 1024)
/* Who did nothing for less than this keeps its place. */
#define P2P_SOUP_GATEWAY_GRACE (250 * P2P_MSEC)
/* How long a connection may be silent before its first request, between two, and
 * while an answer waits to be read, even if there is room. */
#define P2P_SOUP_GATEWAY_MAX_SILENCE (30 * P2P_SECOND)
#define P2P_SOUP_GATEWAY_MAX_IDLE (120 * P2P_SECOND)
#define P2P_SOUP_GATEWAY_MAX_STALL (300 * P2P_SECOND)

/* server: borrowed, outlives it. */
P2pSoupGatewayDoor *p2p_soup_gateway_door_new (SoupServer * server,
    P2pClock * clock, GMainContext * context, GSocketAddress * address,
    GError ** error);
void p2p_soup_gateway_door_free (P2pSoupGatewayDoor * self);

guint16 p2p_soup_gateway_door_get_port (P2pSoupGatewayDoor * self);
/* Connections now. */
guint p2p_soup_gateway_door_get_n_visitors (P2pSoupGatewayDoor * self);
/* Whether more may wait to be read. */
gboolean p2p_soup_gateway_door_has_room (P2pSoupGatewayDoor * self);
/* Drops who has let an answer wait for the longest time. Returns: FALSE if all do
 * read */
gboolean p2p_soup_gateway_door_make_room (P2pSoupGatewayDoor * self);

/* Returns: (transfer full): who sent message. */
P2pSoupGatewayVisitor *p2p_soup_gateway_door_find (P2pSoupGatewayDoor * self,
    SoupServerMessage * message);
void p2p_soup_gateway_visitor_unref (P2pSoupGatewayVisitor * self);
/* It asked for something, or what it asked for has ended. */
void p2p_soup_gateway_visitor_set_busy (P2pSoupGatewayVisitor * self,
    gboolean busy);
/* So many bytes are to be read by it, or were read. */
void p2p_soup_gateway_visitor_give (P2pSoupGatewayVisitor * self, gsize size);
void p2p_soup_gateway_visitor_take (P2pSoupGatewayVisitor * self, gsize size);
/* What is written next, a head, waits for what follows it, which is there. */
void p2p_soup_gateway_visitor_hold (P2pSoupGatewayVisitor * self);
/* Answers message, which is refused, before what it says is to come has come: its
 * sender may wait for the answer, or never send it. What comes yet is passed over. */
void p2p_soup_gateway_visitor_turn_away (P2pSoupGatewayVisitor * self,
    SoupServerMessage * message);
/* Ends the connection. */
void p2p_soup_gateway_visitor_drop (P2pSoupGatewayVisitor * self);

G_END_DECLS
