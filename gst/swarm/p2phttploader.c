/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phttploader.h"

struct _P2pHttpLoader
{
  P2pLoader parent;
};

G_DEFINE_TYPE (P2pHttpLoader, p2p_http_loader, P2P_TYPE_LOADER);

static void
p2p_http_loader_pump (P2pLoader * loader)
{
  const P2pSettings *settings = p2p_loader_get_settings (loader);

  /* The one of priority 0 does not count as ahead. */
  if (p2p_loader_count_ahead (loader, 0) < settings->buffer_segments_count)
    p2p_loader_fetch_urgent (loader, G_MAXUINT64);
  else
    p2p_loader_fetch_urgent (loader, 1);
}

static void
p2p_http_loader_class_init (P2pHttpLoaderClass * klass)
{
  P2P_LOADER_CLASS (klass)->pump = p2p_http_loader_pump;
}

static void
p2p_http_loader_init (P2pHttpLoader * self)
{
}
