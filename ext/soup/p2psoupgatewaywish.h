/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * P2pSoupGatewayWish:
 *
 * What a player wants of a resource, and on which conditions: HEAD, Range,
 * If-None-Match, If-Range (RFC 9110). A Range of several parts is passed over, as
 * a server may.
 */
typedef struct
{
  gboolean head_only;
  gboolean has_range;
  gint64 start;                 /* below 0: counted from the end */
  gint64 stop;                  /* byte after the last; -1: to the end; 0: the last
                                 * 0 bytes, which is no part */
  SoupMessageHeaders *headers;  /* of the request, borrowed */
} P2pSoupGatewayWish;

/* What a player of a live playlist tells the server in the query of its request
 * (_HLS_msn and _HLS_part: wait for that), and nothing else of it.
 * Returns: (transfer full): to go behind uri; empty: nothing */
char *p2p_soup_gateway_wish_read_directives (const char *query,
    const char *uri);

void p2p_soup_gateway_wish_read (P2pSoupGatewayWish * self,
    SoupServerMessage * message);

/* Whether the player has what is called etag (NULL: it has no name) already. */
gboolean p2p_soup_gateway_wish_is_held (P2pSoupGatewayWish * self,
    const char *etag);

/* Whether a Range holds, whatever the resource has become: If-Range does not say
 * otherwise. */
gboolean p2p_soup_gateway_wish_is_firm (P2pSoupGatewayWish * self,
    const char *etag);

/* The part of a body of total bytes (-1: not known) that is wanted, if a part is:
 * Returns: 206, 416, or 200 for all of it. start and stop: set for 206, with
 * numbers from the start. */
guint p2p_soup_gateway_wish_cut (P2pSoupGatewayWish * self, const char *etag,
    gint64 total, gint64 * start, gint64 * stop);

G_END_DECLS
