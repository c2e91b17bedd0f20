/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "p2phttp.h"

G_BEGIN_DECLS

/* What the gateway says of a resource in the head of an answer. */

#define P2P_SOUP_GATEWAY_PLAYLIST_TYPE "application/vnd.apple.mpegurl"

/* Whether a type, or a URI's extension, is that of a playlist. */
gboolean p2p_soup_gateway_head_is_playlist_type (const char *content_type);
gboolean p2p_soup_gateway_head_is_playlist_name (const char *uri);

/* The type of what uri names: what the origin says (NULL: nothing) if it is one
 * of media, else what the URI's extension says; never one that a browser takes
 * for a page or a script. */
const char *p2p_soup_gateway_head_get_type (const char *content_type,
    const char *uri);

/* type: as above. etag: NULL: none */
void p2p_soup_gateway_head_describe (SoupServerMessage * message,
    const char *type, const char *etag);

/* Returns: the status by which a player is told of error; head: of the origin's
 * answer that failed, or NULL */
guint p2p_soup_gateway_head_get_status (P2pHttpHead * head,
    const GError * error);
/* … and when it may come back, if the origin says so. */
void p2p_soup_gateway_head_excuse (SoupServerMessage * message,
    P2pHttpHead * head);

G_END_DECLS
