/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlssession.h"

G_BEGIN_DECLS

/* How the elements of one pipeline find their session: by GstContext, as
 * souphttpsrc shares its own; and where contexts do not reach, by the URIs that
 * the session's playlists named. */

/* Persistent; field "session" (GstP2pHlsSession). */
#define GST_P2P_HLS_CONTEXT_SESSION "gst.p2phls.session"

/* element, of no bin yet, brings session to the bin that it will be in. */
void gst_p2p_hls_context_give (GstElement * element,
    GstP2pHlsSession * session);

/* Returns: (transfer full) (nullable): the session that element was told. */
GstP2pHlsSession *gst_p2p_hls_context_get (GstElement * element);

/* … or is told when it asks, at pad's other side and by message. */
GstP2pHlsSession *gst_p2p_hls_context_look_up (GstElement * element,
    GstPad * pad);

/* The session of element's pipeline: what it was told or is told; the one whose
 * playlists name uri, if element is in no bin or no pipeline was told of that one;
 * and if there is none, a new one. The pipeline is then told about it.
 * Returns: (transfer full) */
GstP2pHlsSession *gst_p2p_hls_context_find (GstElement * element,
    GstPad * pad, const char *uri);

G_END_DECLS
