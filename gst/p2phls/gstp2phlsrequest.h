/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlscore.h"
#include "gstp2phlspipe.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsRequest:
 *
 * A P2pRequest as a streaming thread holds it: opened, resumed and closed on
 * the engine, what comes goes into a pipe.
 */
typedef struct _GstP2pHlsRequest GstP2pHlsRequest;

/* pipe: a reference is kept; for this request only. method, uri, start, stop:
 * as of p2p_session_open(). */
GstP2pHlsRequest *gst_p2p_hls_request_open (GstP2pHlsCore * core,
    GstP2pHlsPipe * pipe, const char *method, const char *uri, gint64 start,
    gint64 stop, P2pHttpOptions * options);

/* After the pipe said it is drained. */
void gst_p2p_hls_request_resume (GstP2pHlsRequest * self);

/* Ends it and gives it back; returns before the engine has seen it. */
void gst_p2p_hls_request_close (GstP2pHlsRequest * self);

G_END_DECLS
