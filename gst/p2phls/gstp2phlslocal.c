/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlslocal.h"

struct _GstP2pHlsLocal
{
  gatomicrefcount refs;
  GMutex lock;
  GCond cond;
  /* Under the lock: */
  gboolean done;
  char *url;
  P2pSoupGatewayLinks *links;
};

GstP2pHlsLocal *
gst_p2p_hls_local_new (void)
{
  GstP2pHlsLocal *self = g_new0 (GstP2pHlsLocal, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  return self;
}

GstP2pHlsLocal *
gst_p2p_hls_local_ref (GstP2pHlsLocal * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
gst_p2p_hls_local_unref (GstP2pHlsLocal * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_clear_pointer (&self->links, p2p_soup_gateway_links_unref);
  g_free (self->url);
  g_free (self);
}

void
gst_p2p_hls_local_set (GstP2pHlsLocal * self, const char *url,
    P2pSoupGatewayLinks * links)
{
  g_mutex_lock (&self->lock);
  if (!self->done && url) {
    self->url = g_strdup (url);
    self->links = p2p_soup_gateway_links_ref (links);
  }
  self->done = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

gboolean
gst_p2p_hls_local_wait (GstP2pHlsLocal * self, char **url,
    P2pSoupGatewayLinks ** links)
{
  gint64 end = g_get_monotonic_time () + GST_P2P_HLS_LOCAL_PATIENCE;
  gboolean found;

  g_mutex_lock (&self->lock);
  while (!self->done && g_cond_wait_until (&self->cond, &self->lock, end));
  found = self->url != NULL;
  if (found) {
    *url = g_strdup (self->url);
    *links = p2p_soup_gateway_links_ref (self->links);
  }
  g_mutex_unlock (&self->lock);
  return found;
}
