/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pfetcher.h"
#include "p2phost.h"

G_BEGIN_DECLS

/**
 * P2pHostFetch:
 *
 * One request that the host's gateway is asked for, where it has what is wanted,
 * and the stream's server where it has not, or does not do what it should: from
 * where the host stopped. Who asks sees the server's answer in both cases.
 */
#define P2P_TYPE_HOST_FETCH (p2p_host_fetch_get_type ())
G_DECLARE_FINAL_TYPE (P2pHostFetch, p2p_host_fetch, P2P, HOST_FETCH, P2pFetch)

/* fetcher: asks both; kept, as clock and host are (a reference each). The rest
 * as of p2p_fetcher_fetch() */
P2pFetch *p2p_host_fetch_new (P2pClock * clock, P2pHost * host,
    P2pFetcher * fetcher, const P2pFetchRequest * request,
    const P2pFetchEvents * events, gpointer user_data);

G_END_DECLS
