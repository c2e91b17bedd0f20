/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlssession.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsBody:
 *
 * The answer to one request, as a streaming thread reads it: a head, bytes as
 * they come, or, where the body is a playlist of HLS, all of it in one piece.
 */
typedef struct _GstP2pHlsBody GstP2pHlsBody;

typedef enum
{
  GST_P2P_HLS_BODY_HEAD,
  GST_P2P_HLS_BODY_BYTES,
  GST_P2P_HLS_BODY_PLAYLIST,    /* whole, then END */
  GST_P2P_HLS_BODY_END,
  GST_P2P_HLS_BODY_ERROR,
  GST_P2P_HLS_BODY_FLUSHING,
} GstP2pHlsBodyKind;

/* What is read; cleared with gst_p2p_hls_pipe_item_clear(): its head with HEAD
 * and, of a status that is no success, with ERROR and END; its bytes and source
 * with BYTES and PLAYLIST; its error with ERROR. */
GstP2pHlsBodyKind gst_p2p_hls_body_read (GstP2pHlsBody * self,
    GstP2pHlsPipeItem * item);

/* What GstBaseSrc has unless it was set, and stands for: as they come. */
#define GST_P2P_HLS_BODY_ANY_BLOCKSIZE 4096

/* Opens the request. uri: plain http(s). blocksize: no BYTES are more than
 * these. */
GstP2pHlsBody *gst_p2p_hls_body_new (GstP2pHlsSession * session,
    const char *method, const char *uri, gint64 start, gint64 stop,
    P2pHttpOptions * options, guint blocksize);

/* bytes as they go downstream, at offset of the resource: read-only, since the
 * cache, and so other viewers, may hold the same. Returns: (transfer full) */
GstBuffer *gst_p2p_hls_body_make_buffer (GBytes * bytes, gint64 offset);

/* Any thread: read() returns FLUSHING at once, losing nothing, until it is
 * taken back. */
void gst_p2p_hls_body_set_flushing (GstP2pHlsBody * self, gboolean flushing);

/* Ends the request; while nobody reads. */
void gst_p2p_hls_body_free (GstP2pHlsBody * self);

G_END_DECLS
