/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "p2psession.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsPipe:
 *
 * What lies between the engine, which fills it, and one streaming thread, which
 * empties it: the heads, bytes and end of one request. The streaming thread
 * waits here and nowhere else, and can be woken at any time. Ref-counted,
 * thread-safe.
 */
typedef struct _GstP2pHlsPipe GstP2pHlsPipe;

/* Over the first of these many bytes waiting, the request is paused; below the
 * second, it goes on. */
#define GST_P2P_HLS_PIPE_HIGH (1024 * 1024)
#define GST_P2P_HLS_PIPE_LOW (512 * 1024)

typedef enum
{
  GST_P2P_HLS_PIPE_HEAD,
  GST_P2P_HLS_PIPE_DATA,
  GST_P2P_HLS_PIPE_DONE,
  GST_P2P_HLS_PIPE_FLUSHING,
} GstP2pHlsPipeKind;

typedef struct
{
  GstP2pHlsPipeKind kind;
  P2pHttpHead *head;            /* HEAD; DONE with a status that failed */
  GBytes *bytes;                /* DATA */
  P2pSource source;             /* DATA */
  gint64 end;                   /* DONE: not to be told before this time */
  GError *error;                /* DONE: NULL for a whole body */
} GstP2pHlsPipeItem;

void gst_p2p_hls_pipe_item_clear (GstP2pHlsPipeItem * item);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstP2pHlsPipeItem,
    gst_p2p_hls_pipe_item_clear)

GstP2pHlsPipe *gst_p2p_hls_pipe_new (void);
GstP2pHlsPipe *gst_p2p_hls_pipe_ref (GstP2pHlsPipe * self);
void gst_p2p_hls_pipe_unref (GstP2pHlsPipe * self);

/* By the engine; takes what is in item. Returns: whether the pipe has become
 * full: pause the request. */
gboolean gst_p2p_hls_pipe_push (GstP2pHlsPipe * self,
    GstP2pHlsPipeItem * item);

/* By the streaming thread: waits for the next item, and for a DONE without an
 * error until its end has come. drained: set if the pipe was full and is so no
 * more: resume the request. FLUSHING loses nothing. */
void gst_p2p_hls_pipe_pop (GstP2pHlsPipe * self, GstP2pHlsPipeItem * item,
    gboolean * drained);

/* Any thread: wakes who waits; nobody waits until it is taken back. */
void gst_p2p_hls_pipe_set_flushing (GstP2pHlsPipe * self, gboolean flushing);

G_END_DECLS
