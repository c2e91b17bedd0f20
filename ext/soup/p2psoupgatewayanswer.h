/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2psoupgatewaydoor.h"
#include "p2psoupgatewaystream.h"

G_BEGIN_DECLS

/**
 * P2pSoupGatewayAnswer:
 *
 * The answer to one request for something of a stream: a request to the stream's
 * session, whose bytes go to the player as they come. A playlist is gathered,
 * shown to the session and rewritten. It ends itself.
 */
typedef struct _P2pSoupGatewayAnswer P2pSoupGatewayAnswer;

/* Answers at once for one stream. */
#define P2P_SOUP_GATEWAY_MAX_ANSWERS 128
/* Over the first of these many bytes waiting for the player, the request is
 * paused; below the second, it goes on. */
#define P2P_SOUP_GATEWAY_HIGH (1024 * 1024)
#define P2P_SOUP_GATEWAY_LOW (256 * 1024)
/* Held back of a body that is not to end yet. */
#define P2P_SOUP_GATEWAY_TAIL 1024

/* message: a GET or HEAD of uri, which a playlist of stream named; NULL: of the
 * stream's page. player: who asks, or NULL. query: of the request, or NULL.
 * visitor: (transfer full) */
void p2p_soup_gateway_answer_start (P2pSoupGatewayStream * stream,
    P2pClock * clock, P2pSoupGatewayVisitor * visitor,
    SoupServerMessage * message, const char *uri, const char *player,
    const char *query);
/* The stream goes: ends it, and its connection. */
void p2p_soup_gateway_answer_abort (P2pSoupGatewayAnswer * self);

G_END_DECLS
