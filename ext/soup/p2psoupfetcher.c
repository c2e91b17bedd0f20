/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupfetch.h"
#include "p2psoupfetcher.h"
#include "p2psouppool.h"

struct _P2pSoupFetcher
{
  GObject parent;

  P2pClock *clock;
  GMainContext *context;
  P2pSoupPool *pool;
  P2pSoupReach *reach;
};

static void p2p_soup_fetcher_iface_init (P2pFetcherInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pSoupFetcher, p2p_soup_fetcher, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_FETCHER, p2p_soup_fetcher_iface_init));
/* *INDENT-ON* */

static P2pFetch *
p2p_soup_fetcher_fetch (P2pFetcher * fetcher, const P2pFetchRequest * request,
    const P2pFetchEvents * events, gpointer user_data)
{
  P2pSoupFetcher *self = P2P_SOUP_FETCHER (fetcher);

  return p2p_soup_fetch_new (self->clock, self->context, self->pool,
      self->reach, request, events, user_data);
}

static void
p2p_soup_fetcher_iface_init (P2pFetcherInterface * iface)
{
  iface->fetch = p2p_soup_fetcher_fetch;
}

static void
p2p_soup_fetcher_finalize (GObject * object)
{
  P2pSoupFetcher *self = P2P_SOUP_FETCHER (object);

  p2p_soup_pool_free (self->pool);
  p2p_soup_reach_unref (self->reach);
  g_object_unref (self->clock);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (p2p_soup_fetcher_parent_class)->finalize (object);
}

static void
p2p_soup_fetcher_class_init (P2pSoupFetcherClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_soup_fetcher_finalize;
}

static void
p2p_soup_fetcher_init (P2pSoupFetcher * self)
{
  self->pool = p2p_soup_pool_new ();
  self->reach = p2p_soup_reach_new ();
}

P2pSoupFetcher *
p2p_soup_fetcher_new (P2pClock * clock, GMainContext * context)
{
  P2pSoupFetcher *self = g_object_new (P2P_TYPE_SOUP_FETCHER, NULL);

  self->clock = g_object_ref (clock);
  self->context = g_main_context_ref (context);
  return self;
}

void
p2p_soup_fetcher_set_log (P2pSoupFetcher * self, P2pSoupLogFunc func,
    gpointer user_data)
{
  p2p_soup_pool_set_log (self->pool, func, user_data);
}

P2pSoupReach *
p2p_soup_fetcher_get_reach (P2pSoupFetcher * self)
{
  return self->reach;
}

void
p2p_soup_fetcher_add_cookie (P2pSoupFetcher * self, const char *uri,
    const char *set_cookie)
{
  p2p_soup_pool_add_cookie (self->pool, uri, set_cookie);
}
