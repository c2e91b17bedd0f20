/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsbody.h"

#include "p2perror.h"

/* So many bytes tell a playlist from what is none: a BOM and #EXTM3U. */
#define SNIFF_BYTES 10

typedef enum
{
  SNIFFING,
  PLAYLIST,                     /* gathering all of it */
  PLAIN,
} State;

struct _GstP2pHlsBody
{
  GstP2pHlsPipe *pipe;
  GstP2pHlsRequest *request;
  State state;
  GByteArray *gathered;         /* while sniffing, and of a playlist */
  P2pSource source;             /* of what is gathered */
  guint blocksize;
  GBytes *rest;                 /* of BYTES that were more than a block */
  gboolean ended;               /* END was read */
};

GstP2pHlsBody *
gst_p2p_hls_body_new (GstP2pHlsSession * session, const char *method,
    const char *uri, gint64 start, gint64 stop, P2pHttpOptions * options,
    guint blocksize)
{
  GstP2pHlsBody *self = g_new0 (GstP2pHlsBody, 1);

  self->pipe = gst_p2p_hls_pipe_new ();
  self->state = start == 0 && method == NULL ? SNIFFING : PLAIN;
  self->gathered = g_byte_array_new ();
  self->blocksize = blocksize == GST_P2P_HLS_BODY_ANY_BLOCKSIZE ? 0 : blocksize;
  self->request = gst_p2p_hls_session_open (session, self->pipe, method, uri,
      start, stop, options);
  return self;
}

void
gst_p2p_hls_body_set_flushing (GstP2pHlsBody * self, gboolean flushing)
{
  gst_p2p_hls_pipe_set_flushing (self->pipe, flushing);
}

void
gst_p2p_hls_body_free (GstP2pHlsBody * self)
{
  gst_p2p_hls_request_close (self->request);
  gst_p2p_hls_pipe_unref (self->pipe);
  g_byte_array_unref (self->gathered);
  g_clear_pointer (&self->rest, g_bytes_unref);
  g_free (self);
}

static GstP2pHlsBodyKind
gst_p2p_hls_body_give_gathered (GstP2pHlsBody * self, GstP2pHlsPipeItem * item,
    GstP2pHlsBodyKind kind)
{
  item->bytes = g_byte_array_free_to_bytes (self->gathered);
  item->source = self->source;
  self->gathered = g_byte_array_new ();
  self->state = PLAIN;
  return kind;
}

/* Whether an #EXTM3U is one of HLS and not a plain list of songs. */
static gboolean
gst_p2p_hls_body_is_hls (GByteArray * text)
{
  static const char tag[] = "#EXT-X-";

  return g_strstr_len ((const char *) text->data, text->len, tag) != NULL;
}

/* Takes in bytes whose nature is not known yet, or that are of a playlist.
 * Returns: whether there is something to give; kind is set. */
static gboolean
gst_p2p_hls_body_gather (GstP2pHlsBody * self, GstP2pHlsPipeItem * item,
    GstP2pHlsBodyKind * kind)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (item->bytes, &size);

  /* Most bodies tell what they are with their first bytes, and then nothing is
   * copied. */
  if (self->state == SNIFFING && self->gathered->len == 0
      && size >= SNIFF_BYTES && !p2p_playlist_sniff (data, size)) {
    self->state = PLAIN;
    *kind = GST_P2P_HLS_BODY_BYTES;
    return TRUE;
  }

  self->source = item->source;
  g_byte_array_append (self->gathered, data, size);
  gst_p2p_hls_pipe_item_clear (item);
  if (self->state == SNIFFING && self->gathered->len >= SNIFF_BYTES) {
    if (!p2p_playlist_sniff (self->gathered->data, self->gathered->len)) {
      *kind = gst_p2p_hls_body_give_gathered (self, item,
          GST_P2P_HLS_BODY_BYTES);
      return TRUE;
    }
    self->state = PLAYLIST;
  }
  if (self->gathered->len > P2P_PLAYLIST_MAX_BYTES) {
    item->error = g_error_new (P2P_ERROR, P2P_ERROR_TOO_LARGE,
        "A playlist is over %d bytes", P2P_PLAYLIST_MAX_BYTES);
    *kind = GST_P2P_HLS_BODY_ERROR;
    return TRUE;
  }
  return FALSE;
}

static GstP2pHlsBodyKind
gst_p2p_hls_body_finish (GstP2pHlsBody * self, GstP2pHlsPipeItem * item)
{
  if (item->error)
    return GST_P2P_HLS_BODY_ERROR;
  self->ended = TRUE;
  if (self->state == PLAYLIST && gst_p2p_hls_body_is_hls (self->gathered))
    return gst_p2p_hls_body_give_gathered (self, item,
        GST_P2P_HLS_BODY_PLAYLIST);
  if (self->gathered->len > 0)
    return gst_p2p_hls_body_give_gathered (self, item, GST_P2P_HLS_BODY_BYTES);
  return GST_P2P_HLS_BODY_END;
}

static GstP2pHlsBodyKind
gst_p2p_hls_body_read_pipe (GstP2pHlsBody * self, GstP2pHlsPipeItem * item)
{
  GstP2pHlsBodyKind kind;
  gboolean drained;

  while (!self->ended) {
    gst_p2p_hls_pipe_pop (self->pipe, item, &drained);
    if (drained)
      gst_p2p_hls_request_resume (self->request);
    switch (item->kind) {
      case GST_P2P_HLS_PIPE_HEAD:
        return GST_P2P_HLS_BODY_HEAD;
      case GST_P2P_HLS_PIPE_DATA:
        if (self->state == PLAIN)
          return GST_P2P_HLS_BODY_BYTES;
        if (gst_p2p_hls_body_gather (self, item, &kind))
          return kind;
        break;
      case GST_P2P_HLS_PIPE_DONE:
        return gst_p2p_hls_body_finish (self, item);
      case GST_P2P_HLS_PIPE_FLUSHING:
        return GST_P2P_HLS_BODY_FLUSHING;
    }
  }
  return GST_P2P_HLS_BODY_END;
}

/* Gives no more of item than a block, and keeps what is behind it. */
static void
gst_p2p_hls_body_split (GstP2pHlsBody * self, GstP2pHlsPipeItem * item)
{
  g_autoptr (GBytes) whole = item->bytes;
  gsize size = g_bytes_get_size (whole);

  self->source = item->source;
  item->bytes = g_bytes_new_from_bytes (whole, 0, self->blocksize);
  self->rest = g_bytes_new_from_bytes (whole, self->blocksize,
      size - self->blocksize);
}

GstP2pHlsBodyKind
gst_p2p_hls_body_read (GstP2pHlsBody * self, GstP2pHlsPipeItem * item)
{
  GstP2pHlsBodyKind kind = GST_P2P_HLS_BODY_BYTES;

  memset (item, 0, sizeof *item);
  if (self->rest) {
    item->bytes = g_steal_pointer (&self->rest);
    item->source = self->source;
  } else {
    kind = gst_p2p_hls_body_read_pipe (self, item);
  }
  if (kind == GST_P2P_HLS_BODY_BYTES && self->blocksize > 0
      && g_bytes_get_size (item->bytes) > self->blocksize)
    gst_p2p_hls_body_split (self, item);
  return kind;
}

GstBuffer *
gst_p2p_hls_body_make_buffer (GBytes * bytes, gint64 offset)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  GstBuffer *buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
      (gpointer) data, size, 0, size, g_bytes_ref (bytes),
      (GDestroyNotify) g_bytes_unref);

  GST_BUFFER_OFFSET (buffer) = offset;
  GST_BUFFER_OFFSET_END (buffer) = offset + size;
  return buffer;
}
