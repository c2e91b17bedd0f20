/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * P2pSoupGatewayRules:
 *
 * Who may ask the gateway: only by a name that is its own (Host), so that no page
 * gets to it by a name that it has turned to this machine; from a web page of
 * another origin only if that is on the list (CORS); only GET, HEAD and OPTIONS.
 */
typedef struct _P2pSoupGatewayRules P2pSoupGatewayRules;

/* host: by which it is reached; beside localhost, 127.0.0.1 and [::1] unless
 * host_only. origins: NULL: none. Nothing is kept. */
P2pSoupGatewayRules *p2p_soup_gateway_rules_new (const char *host,
    gboolean host_only, guint16 port, const char *const *origins);
void p2p_soup_gateway_rules_free (P2pSoupGatewayRules * self);

/* Returns: (transfer full): "http://HOST:PORT" */
char *p2p_soup_gateway_rules_make_base (P2pSoupGatewayRules * self);

/* Says in the answer to message what holds for all of them, and the whole answer
 * if that is not up to others: then its status is set. */
void p2p_soup_gateway_rules_apply (P2pSoupGatewayRules * self,
    SoupServerMessage * message);

G_END_DECLS
