/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "p2phttp.h"
#include "p2psouplog.h"

G_BEGIN_DECLS

/* The SoupSessions of a fetcher: one for each set of options that a connection
 * or an answered challenge depends on. */
typedef struct _P2pSoupPool P2pSoupPool;

/* Connections at once of each of them, in all and to one host: so many that a
 * request that stands still never keeps another one waiting. */
#define P2P_SOUP_MAX_CONNS 256
#define P2P_SOUP_MAX_CONNS_PER_HOST 64

P2pSoupPool *p2p_soup_pool_new (void);
void p2p_soup_pool_free (P2pSoupPool * self);
void p2p_soup_pool_set_log (P2pSoupPool * self, P2pSoupLogFunc func,
    gpointer user_data);

/* As if uri had answered with the header Set-Cookie. */
void p2p_soup_pool_add_cookie (P2pSoupPool * self, const char *uri,
    const char *set_cookie);

/* Returns: (transfer full) (nullable): NULL if the options cannot be used. */
SoupSession *p2p_soup_pool_get (P2pSoupPool * self, P2pHttpOptions * options,
    GError ** error);

G_END_DECLS
