/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlspipe.h"

struct _GstP2pHlsPipe
{
  gatomicrefcount refs;

  GMutex lock;
  GCond cond;
  /* Under the lock: */
  GQueue items;                 /* of GstP2pHlsPipeItem */
  gsize size;                   /* bytes waiting */
  gboolean full;
  gboolean flushing;
};

void
gst_p2p_hls_pipe_item_clear (GstP2pHlsPipeItem * item)
{
  g_clear_pointer (&item->head, p2p_http_head_unref);
  g_clear_pointer (&item->bytes, g_bytes_unref);
  g_clear_error (&item->error);
}

static void
gst_p2p_hls_pipe_item_free (gpointer item)
{
  gst_p2p_hls_pipe_item_clear (item);
  g_free (item);
}

GstP2pHlsPipe *
gst_p2p_hls_pipe_new (void)
{
  GstP2pHlsPipe *self = g_new0 (GstP2pHlsPipe, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->items);
  return self;
}

GstP2pHlsPipe *
gst_p2p_hls_pipe_ref (GstP2pHlsPipe * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
gst_p2p_hls_pipe_unref (GstP2pHlsPipe * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_queue_clear_full (&self->items, gst_p2p_hls_pipe_item_free);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
gst_p2p_hls_pipe_push (GstP2pHlsPipe * self, GstP2pHlsPipeItem * item)
{
  GstP2pHlsPipeItem *copy = g_memdup2 (item, sizeof *item);
  gboolean filled = FALSE;

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->items, copy);
  if (copy->bytes)
    self->size += g_bytes_get_size (copy->bytes);
  if (!self->full && self->size > GST_P2P_HLS_PIPE_HIGH)
    filled = self->full = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  return filled;
}

/* Under the lock. Waits for the first item, and for the time it may be told
 * at. Returns: NULL if flushing. */
static GstP2pHlsPipeItem *
gst_p2p_hls_pipe_wait (GstP2pHlsPipe * self)
{
  while (!self->flushing) {
    GstP2pHlsPipeItem *item = g_queue_peek_head (&self->items);

    if (item == NULL) {
      g_cond_wait (&self->cond, &self->lock);
    } else if (item->kind == GST_P2P_HLS_PIPE_DONE && item->error == NULL
        && g_get_monotonic_time () < item->end) {
      g_cond_wait_until (&self->cond, &self->lock, item->end);
    } else {
      return g_queue_pop_head (&self->items);
    }
  }
  return NULL;
}

void
gst_p2p_hls_pipe_pop (GstP2pHlsPipe * self, GstP2pHlsPipeItem * item,
    gboolean * drained)
{
  GstP2pHlsPipeItem *first;

  *drained = FALSE;
  g_mutex_lock (&self->lock);
  first = gst_p2p_hls_pipe_wait (self);
  if (first && first->bytes) {
    self->size -= g_bytes_get_size (first->bytes);
    if (self->full && self->size < GST_P2P_HLS_PIPE_LOW) {
      self->full = FALSE;
      *drained = TRUE;
    }
  }
  g_mutex_unlock (&self->lock);

  if (first)
    *item = *first;
  else
    *item = (GstP2pHlsPipeItem) {
    GST_P2P_HLS_PIPE_FLUSHING};
  g_free (first);
}

void
gst_p2p_hls_pipe_set_flushing (GstP2pHlsPipe * self, gboolean flushing)
{
  g_mutex_lock (&self->lock);
  self->flushing = flushing;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}
