/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phostfetcher.h"

#include "p2phostfetch.h"

struct _P2pHostFetcher
{
  GObject parent;

  P2pClock *clock;
  P2pHost *host;
  P2pFetcher *fetcher;

  GPtrArray *returning;         /* playlists to be read anew; NULL: none */
  P2pFetch *reading;
};

static void p2p_host_fetcher_iface_init (P2pFetcherInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pHostFetcher, p2p_host_fetcher, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_FETCHER, p2p_host_fetcher_iface_init));
/* *INDENT-ON* */

static P2pFetch *
p2p_host_fetcher_fetch (P2pFetcher * fetcher, const P2pFetchRequest * request,
    const P2pFetchEvents * events, gpointer user_data)
{
  P2pHostFetcher *self = P2P_HOST_FETCHER (fetcher);

  if (!p2p_host_is_wanted (self->host))
    return p2p_fetcher_fetch (self->fetcher, request, events, user_data);
  return p2p_host_fetch_new (self->clock, self->host, self->fetcher, request,
      events, user_data);
}

static void
p2p_host_fetcher_iface_init (P2pFetcherInterface * iface)
{
  iface->fetch = p2p_host_fetcher_fetch;
}

/* --- the host's return --- */

static void p2p_host_fetcher_read_next (P2pHostFetcher * self);

static void
p2p_host_fetcher_on_head (P2pFetch * fetch, P2pHttpHead * head,
    gpointer user_data)
{
}

/* The host learns from it as it comes. */
static void
p2p_host_fetcher_on_data (P2pFetch * fetch, GBytes * bytes, gpointer user_data)
{
}

static void
p2p_host_fetcher_on_done (P2pFetch * fetch, const GError * error,
    gpointer user_data)
{
  P2pHostFetcher *self = user_data;

  g_clear_object (&self->reading);
  p2p_host_fetcher_read_next (self);
}

static void
p2p_host_fetcher_read_next (P2pHostFetcher * self)
{
  static const P2pFetchEvents events = {
    p2p_host_fetcher_on_head, p2p_host_fetcher_on_data,
    p2p_host_fetcher_on_done
  };
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();
  P2pFetchRequest request = {.stop = -1,.options = options };

  /* One may be known only when another was read that names it. */
  for (guint i = 0; i < self->returning->len && !self->reading; i++) {
    g_autofree char *uri = NULL;

    if (!p2p_host_find (self->host, g_ptr_array_index (self->returning, i)))
      continue;
    request.uri = uri = g_ptr_array_steal_index (self->returning, i);
    self->reading = p2p_host_fetcher_fetch (P2P_FETCHER (self), &request,
        &events, self);
  }
  /* What is asked for meanwhile may be in one of them. */
  p2p_host_expect (self->host, self->reading != NULL);
}

static void
p2p_host_fetcher_stop (P2pHostFetcher * self)
{
  if (self->reading)
    p2p_fetch_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->returning, g_ptr_array_unref);
}

void
p2p_host_fetcher_return (P2pHostFetcher * self)
{
  p2p_host_fetcher_stop (self);
  self->returning = p2p_host_list_playlists (self->host);
  p2p_host_fetcher_read_next (self);
}

/* --- its life --- */

static void
p2p_host_fetcher_dispose (GObject * object)
{
  p2p_host_fetcher_stop (P2P_HOST_FETCHER (object));
  G_OBJECT_CLASS (p2p_host_fetcher_parent_class)->dispose (object);
}

static void
p2p_host_fetcher_finalize (GObject * object)
{
  P2pHostFetcher *self = P2P_HOST_FETCHER (object);

  g_object_unref (self->fetcher);
  p2p_host_unref (self->host);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (p2p_host_fetcher_parent_class)->finalize (object);
}

static void
p2p_host_fetcher_class_init (P2pHostFetcherClass * klass)
{
  G_OBJECT_CLASS (klass)->dispose = p2p_host_fetcher_dispose;
  G_OBJECT_CLASS (klass)->finalize = p2p_host_fetcher_finalize;
}

static void
p2p_host_fetcher_init (P2pHostFetcher * self)
{
}

P2pHostFetcher *
p2p_host_fetcher_new (P2pClock * clock, P2pHost * host, P2pFetcher * fetcher)
{
  P2pHostFetcher *self = g_object_new (P2P_TYPE_HOST_FETCHER, NULL);

  self->clock = g_object_ref (clock);
  self->host = p2p_host_ref (host);
  self->fetcher = g_object_ref (fetcher);
  return self;
}
