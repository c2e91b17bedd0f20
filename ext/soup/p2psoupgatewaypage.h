/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pplaylist.h"
#include "p2psoupgatewaylinks.h"

G_BEGIN_DECLS

/* What a stream's URL shows in a browser: a player (the browser's own: Chromium
 * plays HLS since 142, Safari ever did) and a list of what the playlist names. For
 * other browsers it says what to do with the playlist's URL. */

/* The security policy of the page: nothing but what it holds itself. */
const char *p2p_soup_gateway_page_get_policy (void);

/* path: of the playlist at the gateway. Returns: (transfer full): HTML */
GBytes *p2p_soup_gateway_page_new (P2pSoupGatewayLinks * links,
    const char *path, P2pPlaylist * playlist);

G_END_DECLS
