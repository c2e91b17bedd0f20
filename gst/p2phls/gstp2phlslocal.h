/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2psoupgatewaylinks.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsLocal:
 *
 * What the gateway calls a stream: the engine finds it, a streaming thread waits
 * for it, and can be woken at any time. Ref-counted, thread-safe.
 */
typedef struct _GstP2pHlsLocal GstP2pHlsLocal;

/* How long anybody waits at most (µs): the engine needs less than a millisecond,
 * unless it is stuck; the stream is then played without it. */
#define GST_P2P_HLS_LOCAL_PATIENCE (500 * 1000)

GstP2pHlsLocal *gst_p2p_hls_local_new (void);
GstP2pHlsLocal *gst_p2p_hls_local_ref (GstP2pHlsLocal * self);
void gst_p2p_hls_local_unref (GstP2pHlsLocal * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstP2pHlsLocal, gst_p2p_hls_local_unref)

/* url: of the playlist; NULL: it cannot be had. Only the first call counts, so
 * that one with NULL wakes who waits. */
void gst_p2p_hls_local_set (GstP2pHlsLocal * self, const char *url,
    P2pSoupGatewayLinks * links);

/* url, links: (transfer full). Returns: FALSE if it cannot be had, nothing is
 * set then */
gboolean gst_p2p_hls_local_wait (GstP2pHlsLocal * self, char **url,
    P2pSoupGatewayLinks ** links);

G_END_DECLS
