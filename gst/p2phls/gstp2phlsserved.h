/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pengine.h"
#include "gstp2phlslocal.h"

#include "p2psession.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsServed:
 *
 * The streams of one session that the process's gateway serves, to demuxers of
 * the same process. On the engine's thread only.
 */
typedef struct _GstP2pHlsServed GstP2pHlsServed;

/* The oldest is no longer served when there is one more. */
#define GST_P2P_HLS_MAX_SERVED 8

/* session: kept until they are freed. engine: outlives it */
GstP2pHlsServed *gst_p2p_hls_served_new (P2pEngine * engine,
    P2pSession * session);
void gst_p2p_hls_served_free (GstP2pHlsServed * self);

/* Adds the bytes that it handed on. */
void gst_p2p_hls_served_count (GstP2pHlsServed * self,
    guint64 handed[P2P_N_SOURCES]);

/* Tells local what the playlist at uri is called at the gateway, now or later;
 * or that it cannot be had: nothing can be listened on, or who fetches would
 * ask a proxy for it. */
void gst_p2p_hls_served_find (GstP2pHlsServed * self, const char *uri,
    GstP2pHlsLocal * local);

G_END_DECLS
