/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsserved.h"

#include <gst/gst.h>

struct _GstP2pHlsServed
{
  P2pEngine *engine;
  P2pSession *session;
  GQueue streams;               /* of P2pSoupGatewayStream, newest first */
  guint64 handed[P2P_N_SOURCES];        /* by those that are gone */
  GCancellable *cancellable;
};

GstP2pHlsServed *
gst_p2p_hls_served_new (P2pEngine * engine, P2pSession * session)
{
  GstP2pHlsServed *self = g_new0 (GstP2pHlsServed, 1);

  self->engine = engine;
  self->session = g_object_ref (session);
  self->cancellable = g_cancellable_new ();
  return self;
}

static void
gst_p2p_hls_served_add (guint64 handed[P2P_N_SOURCES],
    const guint64 more[P2P_N_SOURCES])
{
  for (guint i = 0; i < P2P_N_SOURCES; i++)
    handed[i] += more[i];
}

static void
gst_p2p_hls_served_remove (GstP2pHlsServed * self,
    P2pSoupGatewayStream * stream)
{
  gst_p2p_hls_served_add (self->handed, stream->handed);
  p2p_soup_gateway_remove (p2p_engine_get_gateway (self->engine, NULL), stream);
}

void
gst_p2p_hls_served_free (GstP2pHlsServed * self)
{
  gpointer stream;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  while ((stream = g_queue_pop_head (&self->streams)))
    gst_p2p_hls_served_remove (self, stream);
  g_object_unref (self->session);
  g_free (self);
}

void
gst_p2p_hls_served_count (GstP2pHlsServed * self, guint64 handed[P2P_N_SOURCES])
{
  gst_p2p_hls_served_add (handed, self->handed);
  for (GList * l = self->streams.head; l; l = l->next)
    gst_p2p_hls_served_add (handed, ((P2pSoupGatewayStream *) l->data)->handed);
}

/* Returns: (transfer none) (nullable) */
static P2pSoupGatewayStream *
gst_p2p_hls_served_get (GstP2pHlsServed * self, const char *uri,
    GError ** error)
{
  P2pSoupGateway *gateway = p2p_engine_get_gateway (self->engine,
      error);
  P2pSoupGatewayStream *stream;

  if (gateway == NULL)
    return NULL;
  for (GList * l = self->streams.head; l; l = l->next) {
    stream = l->data;
    if (g_str_equal (stream->uri, uri))
      return stream;
  }
  stream = p2p_soup_gateway_add (gateway, self->session, uri, error);
  if (stream == NULL)
    return NULL;
  if (self->streams.length >= GST_P2P_HLS_MAX_SERVED)
    gst_p2p_hls_served_remove (self, g_queue_pop_tail (&self->streams));
  g_queue_push_head (&self->streams, stream);
  return stream;
}

/* --- whether the way there is direct --- */

typedef struct
{
  GstP2pHlsLocal *local;
  char *url;
  P2pSoupGatewayLinks *links;
} Asking;

static void
gst_p2p_hls_served_on_proxy (GObject * resolver, GAsyncResult * result,
    gpointer user_data)
{
  Asking *asking = user_data;
  g_auto (GStrv) proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER
      (resolver), result, NULL);
  gboolean direct = proxies && g_strcmp0 (proxies[0], "direct://") == 0;

  if (!direct)
    GST_WARNING ("a proxy is between here and %s: no P2P where the demuxer "
        "fetches by itself; no_proxy=127.0.0.1 helps", asking->url);
  gst_p2p_hls_local_set (asking->local, direct ? asking->url : NULL,
      asking->links);
  gst_p2p_hls_local_unref (asking->local);
  p2p_soup_gateway_links_unref (asking->links);
  g_free (asking->url);
  g_free (asking);
}

void
gst_p2p_hls_served_find (GstP2pHlsServed * self, const char *uri,
    GstP2pHlsLocal * local)
{
  g_autoptr (GError) error = NULL;
  P2pSoupGatewayStream *stream = gst_p2p_hls_served_get (self, uri, &error);
  Asking *asking;

  if (stream == NULL) {
    GST_WARNING ("no gateway for %s: %s", uri, error->message);
    gst_p2p_hls_local_set (local, NULL, NULL);
    return;
  }
  asking = g_new (Asking, 1);
  asking->local = gst_p2p_hls_local_ref (local);
  asking->url = g_strdup (p2p_soup_gateway_stream_get_playlist_url (stream));
  asking->links =
      p2p_soup_gateway_links_ref (p2p_soup_gateway_stream_get_links (stream));
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), asking->url,
      self->cancellable, gst_p2p_hls_served_on_proxy, asking);
}
