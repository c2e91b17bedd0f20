/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pfetcher.h"
#include "p2psouppool.h"
#include "p2psoupreach.h"

G_BEGIN_DECLS

/* One request by libsoup, through its redirects. */
#define P2P_TYPE_SOUP_FETCH (p2p_soup_fetch_get_type ())
G_DECLARE_FINAL_TYPE (P2pSoupFetch, p2p_soup_fetch, P2P, SOUP_FETCH, P2pFetch)

/* Bytes read in one turn of the main loop, before others get theirs. */
#define P2P_SOUP_TURN (2 * 1024 * 1024)

/* pool: outlives the call only. Returns: (transfer full) */
P2pFetch *p2p_soup_fetch_new (P2pClock * clock, GMainContext * context,
    P2pSoupPool * pool, P2pSoupReach * reach,
    const P2pFetchRequest * request, const P2pFetchEvents * events,
    gpointer user_data);

G_END_DECLS
