/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pSoupGatewayLinks:
 *
 * What the URIs of one stream are called at the gateway:
 *
 *     /<token>/<signature><the URI, in base64url>/[<player>/]<name.ext>
 *
 * token is 128 bits of chance. The signature (128 bits of HMAC-SHA256 with a key
 * that nobody is told) says that a playlist of this stream named the URI; so that
 * nothing has to be remembered, however long a live stream goes on. The name is
 * the URI's own, for players that look at its extension. The player's number, which
 * it got with a master playlist, only tells the session's players apart.
 * Immutable, ref-counted, thread-safe.
 */
typedef struct _P2pSoupGatewayLinks P2pSoupGatewayLinks;

/* A longer URI is left as it is in a playlist. */
#define P2P_SOUP_GATEWAY_MAX_URI (16 * 1024)
/* Characters of a token. */
#define P2P_SOUP_GATEWAY_TOKEN 32

/* Returns: (transfer full) (nullable): NULL if the system has no chance to give */
P2pSoupGatewayLinks *p2p_soup_gateway_links_new (GError ** error);
P2pSoupGatewayLinks *p2p_soup_gateway_links_ref (P2pSoupGatewayLinks * self);
void p2p_soup_gateway_links_unref (P2pSoupGatewayLinks * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSoupGatewayLinks,
    p2p_soup_gateway_links_unref)

const char *p2p_soup_gateway_links_get_token (P2pSoupGatewayLinks * self);

/* uri: absolute http(s). player: as p2p_soup_gateway_links_name_player() gives it;
 * NULL: none. Returns: (transfer full): its path at the gateway */
char *p2p_soup_gateway_links_sign (P2pSoupGatewayLinks * self,
    const char *uri, const char *player);
/* path: any text, without query. player: set to a string or NULL. Returns:
 * (transfer full) (nullable): the URI whose path it is; NULL if no playlist of the
 * stream named it. */
char *p2p_soup_gateway_links_open (P2pSoupGatewayLinks * self,
    const char *path, char **player);
/* Returns: (transfer full): all are of one length */
char *p2p_soup_gateway_links_name_player (guint number);

/* The same, of any stream and any gateway: what a path says it is, for who knows
 * from whom the path came. */
char *p2p_soup_gateway_links_read (const char *path);

/* Has every http(s) URI of a playlist come back to the gateway. What it cannot, or
 * is no part of the stream, is made absolute; all else stays.
 * base: absolute URI of the playlist, after redirects. player: as above.
 * Returns: (transfer full) */
GBytes *p2p_soup_gateway_links_rewrite (P2pSoupGatewayLinks * self,
    GBytes * playlist, const char *base, const char *player);

G_END_DECLS
