/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pfetcher.h"

G_DEFINE_ABSTRACT_TYPE (P2pFetch, p2p_fetch, G_TYPE_OBJECT);
G_DEFINE_INTERFACE (P2pFetcher, p2p_fetcher, G_TYPE_OBJECT);

static void
p2p_fetch_class_init (P2pFetchClass * klass)
{
}

static void
p2p_fetch_init (P2pFetch * self)
{
}

static void
p2p_fetcher_default_init (P2pFetcherInterface * iface)
{
}

void
p2p_fetch_set_paused (P2pFetch * self, gboolean paused)
{
  P2P_FETCH_GET_CLASS (self)->set_paused (self, paused);
}

void
p2p_fetch_cancel (P2pFetch * self)
{
  P2P_FETCH_GET_CLASS (self)->cancel (self);
}

P2pFetch *
p2p_fetcher_fetch (P2pFetcher * self, const P2pFetchRequest * request,
    const P2pFetchEvents * events, gpointer user_data)
{
  return P2P_FETCHER_GET_IFACE (self)->fetch (self, request, events, user_data);
}
