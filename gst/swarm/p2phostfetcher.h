/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pfetcher.h"
#include "p2phost.h"

G_BEGIN_DECLS

/**
 * P2pHostFetcher:
 *
 * A fetcher that takes from the engine of this host what that has, and all else
 * from another fetcher: a session over it does not see from whom its bytes come,
 * nor when the host comes and goes.
 */
#define P2P_TYPE_HOST_FETCHER (p2p_host_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (P2pHostFetcher, p2p_host_fetcher, P2P, HOST_FETCHER,
    GObject)

/* All are kept (a reference each). */
P2pHostFetcher *p2p_host_fetcher_new (P2pClock * clock, P2pHost * host,
    P2pFetcher * fetcher);

/* To be called after p2p_host_add(): of what was read while the host was not
 * there the playlists are read anew, so that the rest of the stream comes from
 * it. */
void p2p_host_fetcher_return (P2pHostFetcher * self);

G_END_DECLS
