/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsdownstream.h"

#include <string.h>

#include "p2puri.h"

/* Microseconds that others may hold a lock: they do so for moments. */
#define PATIENCE (100 * 1000)
/* Longer chains of elements than this are a loop. */
#define MAX_DEPTH 64

static GstP2pHlsDownstream gst_p2p_hls_downstream_walk (GstPad * pad,
    guint depth);

static gboolean
gst_p2p_hls_downstream_is_legacy (GstElement * element)
{
  GType base = g_type_from_name ("GstAdaptiveDemux");

  return base != 0 && G_TYPE_CHECK_INSTANCE_TYPE (element, base);
}

static gboolean
gst_p2p_hls_downstream_is_adaptive (GstElement * element)
{
  const char *klass = gst_element_get_metadata (element,
      GST_ELEMENT_METADATA_KLASS);

  return klass && strstr (klass, "Adaptive");
}

/* Returns: (transfer full) (nullable): the element's source pads; NULL if its
 * lock is taken. */
static GPtrArray *
gst_p2p_hls_downstream_get_pads (GstElement * element)
{
  GPtrArray *pads;

  if (!g_mutex_trylock (GST_OBJECT_GET_LOCK (element)))
    return NULL;
  pads = g_ptr_array_new_with_free_func (gst_object_unref);
  for (GList * l = element->srcpads; l; l = l->next)
    g_ptr_array_add (pads, gst_object_ref (l->data));
  GST_OBJECT_UNLOCK (element);
  return pads;
}

static GstP2pHlsDownstream
gst_p2p_hls_downstream_walk_element (GstElement * element, guint depth)
{
  GstP2pHlsDownstream found = GST_P2P_HLS_DOWNSTREAM_OTHER;
  g_autoptr (GPtrArray) pads = NULL;

  if (gst_p2p_hls_downstream_is_adaptive (element))
    return gst_p2p_hls_downstream_is_legacy (element) ?
        GST_P2P_HLS_DOWNSTREAM_LEGACY : GST_P2P_HLS_DOWNSTREAM_ADAPTIVE;
  pads = gst_p2p_hls_downstream_get_pads (element);
  if (pads == NULL)
    return GST_P2P_HLS_DOWNSTREAM_UNKNOWN;
  for (guint i = 0; i < pads->len; i++) {
    GstP2pHlsDownstream further =
        gst_p2p_hls_downstream_walk (g_ptr_array_index (pads, i), depth + 1);

    if (further >= GST_P2P_HLS_DOWNSTREAM_LEGACY)
      return further;
    if (further == GST_P2P_HLS_DOWNSTREAM_UNKNOWN)
      found = further;
  }
  return found;
}

/* Steps over the border of a bin: from its ghost pad to the pad inside, or from
 * the inner pad of a ghost pad to the one outside. */
static GstPad *
gst_p2p_hls_downstream_cross (GstPad * peer)
{
  GstProxyPad *other = gst_proxy_pad_get_internal (GST_PROXY_PAD (peer));

  return other ? GST_PAD (other) : NULL;
}

static GstP2pHlsDownstream
gst_p2p_hls_downstream_walk (GstPad * pad, guint depth)
{
  GstP2pHlsDownstream found;
  g_autoptr (GstPad) peer = NULL;
  g_autoptr (GstObject) parent = NULL;

  if (depth > MAX_DEPTH)
    return GST_P2P_HLS_DOWNSTREAM_OTHER;
  peer = gst_pad_get_peer (pad);
  if (peer == NULL)
    return GST_P2P_HLS_DOWNSTREAM_OTHER;

  if (GST_IS_PROXY_PAD (peer)) {
    g_autoptr (GstPad) other = gst_p2p_hls_downstream_cross (peer);

    return other ? gst_p2p_hls_downstream_walk (other, depth + 1) :
        GST_P2P_HLS_DOWNSTREAM_OTHER;
  }
  parent = gst_pad_get_parent (peer);
  if (parent == NULL)
    return depth == 0 ? GST_P2P_HLS_DOWNSTREAM_LOOSE :
        GST_P2P_HLS_DOWNSTREAM_OTHER;
  found = gst_p2p_hls_downstream_walk_element (GST_ELEMENT (parent), depth);
  return found;
}

GstP2pHlsDownstream
gst_p2p_hls_downstream_find (GstPad * pad)
{
  return gst_p2p_hls_downstream_walk (pad, 0);
}

static gboolean
gst_p2p_hls_downstream_handles (GstElementFactory * factory,
    const char *protocol)
{
  const gchar *const *protocols =
      gst_element_factory_get_uri_protocols (factory);

  return protocols && g_strv_contains (protocols, protocol);
}

/* Those that handle http or https, of whatever rank. Finding them takes a walk
 * through the whole registry, so it is done when that has changed.
 * Returns: (transfer full) */
static GPtrArray *
gst_p2p_hls_downstream_get_handlers (void)
{
  static GMutex lock;
  static GPtrArray *handlers;
  static guint32 known;
  guint32 cookie = gst_registry_get_feature_list_cookie (gst_registry_get ());
  GPtrArray *result;

  g_mutex_lock (&lock);
  if (handlers == NULL || cookie != known) {
    GList *sources = gst_element_factory_list_get_elements
        (GST_ELEMENT_FACTORY_TYPE_SRC, GST_RANK_NONE);

    g_clear_pointer (&handlers, g_ptr_array_unref);
    handlers = g_ptr_array_new_with_free_func (gst_object_unref);
    known = cookie;
    for (GList * l = sources; l; l = l->next) {
      if (gst_element_factory_get_uri_type (l->data) == GST_URI_SRC
          && (gst_p2p_hls_downstream_handles (l->data, "http")
              || gst_p2p_hls_downstream_handles (l->data, "https")))
        g_ptr_array_add (handlers, gst_object_ref (l->data));
    }
    gst_plugin_feature_list_free (sources);
  }
  result = g_ptr_array_ref (handlers);
  g_mutex_unlock (&lock);
  return result;
}

gboolean
gst_p2p_hls_downstream_http_is_ours (void)
{
  static const char *const protocols[] = { "http", "https" };
  g_autoptr (GPtrArray) handlers = gst_p2p_hls_downstream_get_handlers ();
  gboolean ours = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (protocols) && ours; i++) {
    const char *best_name = "";
    guint best_rank = 0;

    for (guint n = 0; n < handlers->len; n++) {
      GstElementFactory *factory = g_ptr_array_index (handlers, n);
      guint rank = gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory));

      if (!gst_p2p_hls_downstream_handles (factory, protocols[i]))
        continue;
      /* Of equals the first in the registry's order would win; not knowing it,
       * rewriting is the safe answer. */
      if (rank > best_rank) {
        best_rank = rank;
        best_name = GST_OBJECT_NAME (factory);
      } else if (rank == best_rank) {
        best_name = "";
      }
    }
    ours = g_str_equal (best_name, "p2phlssrc");
  }
  return ours;
}

GstP2pHlsWay
gst_p2p_hls_downstream_get_way (GstPad * pad, gboolean is_p2p, gboolean asked,
    gboolean patient)
{
  gint64 end = patient ? g_get_monotonic_time () + PATIENCE : 0;
  gboolean with_scheme = FALSE;
  GstP2pHlsDownstream found;

  while ((found = gst_p2p_hls_downstream_find (pad))
      == GST_P2P_HLS_DOWNSTREAM_UNKNOWN && g_get_monotonic_time () < end)
    g_usleep (PATIENCE / 100);
  switch (found) {
    case GST_P2P_HLS_DOWNSTREAM_LEGACY:
      with_scheme = !gst_p2p_hls_downstream_http_is_ours ();
      break;
    case GST_P2P_HLS_DOWNSTREAM_LOOSE:
      with_scheme = is_p2p && !gst_p2p_hls_downstream_http_is_ours ();
      break;
    case GST_P2P_HLS_DOWNSTREAM_OTHER:
      with_scheme = is_p2p;
      break;
    case GST_P2P_HLS_DOWNSTREAM_ADAPTIVE:
      if (is_p2p || asked)
        return GST_P2P_HLS_WAY_GATEWAY;
      break;
    case GST_P2P_HLS_DOWNSTREAM_UNKNOWN:
      break;
  }
  return with_scheme ? GST_P2P_HLS_WAY_SCHEME : GST_P2P_HLS_WAY_PLAIN;
}

#define QUERY_NAME "p2phls-is-served"

GstQuery *
gst_p2p_hls_downstream_new_query (void)
{
  return gst_query_new_custom (GST_QUERY_CUSTOM,
      gst_structure_new_empty (QUERY_NAME));
}

gboolean
gst_p2p_hls_downstream_is_query (GstQuery * query)
{
  return GST_QUERY_TYPE (query) == GST_QUERY_CUSTOM
      && gst_structure_has_name (gst_query_get_structure (query), QUERY_NAME);
}

char *
gst_p2p_hls_downstream_spell (const char *uri, GstP2pHlsWay way)
{
  return way == GST_P2P_HLS_WAY_SCHEME ? p2p_uri_to_p2p (uri) :
      p2p_uri_to_http (uri);
}
