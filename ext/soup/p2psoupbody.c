/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupbody.h"
#include "p2psoupslab.h"

/* First slab of a body of unknown length; each further one is twice as large,
 * up to the most, which all of a known length are but the last: a fast body
 * costs a quarter less CPU in slabs of 2 MiB than in those of 256 KiB. Less
 * room than the least is not worth a read, and libsoup refuses a byte or two of
 * it for a chunked body. */
#define FIRST_SLAB (16 * 1024)
#define MAX_SLAB (2 * 1024 * 1024)
#define LEAST_ROOM (4 * 1024)
/* Bytes that are handed on at once: few at first, since who has to find out what
 * they are takes longer the more there are (but of an MPEG-TS cannot with 4 KiB),
 * then by so much more. */
#define FIRST_DUE (8 * 1024)
#define GROWTH 8
/* Bytes of a body that nobody wants. */
#define MAX_DRAIN (64 * 1024)

struct _P2pSoupBody
{
  SoupMessage *message;
  GPollableInputStream *stream;
  gboolean decoded;
  gboolean chunked;             /* … and not decoded */
  gint64 left;                  /* bytes to come, -1 if not known */

  P2pSoupSlab *slab;
  gsize filled;                 /* bytes of the slab that are read */
  gsize taken;
  gsize due;                    /* bytes to read before they are taken */
  gsize next_size;              /* of the next slab, if left is not known */
};

/* libsoup before 3.6.5 does not notice a chunked body that ends between two
 * chunks. It does read the end of the last chunk into the reader's buffer, so a
 * buffer left alone tells; but not in every version, so only what was seen to
 * be so is relied upon. */
static gboolean last_chunk_is_seen;

static gboolean
has_converter (GInputStream * stream)
{
  while (G_IS_FILTER_INPUT_STREAM (stream)) {
    if (G_IS_CONVERTER_INPUT_STREAM (stream))
      return TRUE;
    stream = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM
        (stream));
  }
  return FALSE;
}

P2pSoupBody *
p2p_soup_body_new (SoupMessage * message, GInputStream * stream)
{
  P2pSoupBody *self = g_new0 (P2pSoupBody, 1);
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  guint status = soup_message_get_status (message);

  self->message = g_object_ref (message);
  self->stream = G_POLLABLE_INPUT_STREAM (stream);
  self->decoded = has_converter (stream);
  self->chunked = encoding == SOUP_ENCODING_CHUNKED && !self->decoded;
  self->left = -1;
  if (soup_message_get_method (message) == SOUP_METHOD_HEAD
      || status == SOUP_STATUS_NO_CONTENT || status == SOUP_STATUS_NOT_MODIFIED)
    self->left = 0;
  else if (encoding == SOUP_ENCODING_CONTENT_LENGTH && !self->decoded)
    self->left = soup_message_headers_get_content_length (headers);
  self->due = FIRST_DUE;
  self->next_size = FIRST_SLAB;
  return self;
}

void
p2p_soup_body_free (P2pSoupBody * self)
{
  g_input_stream_close (G_INPUT_STREAM (self->stream), NULL, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->message);
  g_clear_pointer (&self->slab, p2p_soup_slab_unref);
  g_free (self);
}

gboolean
p2p_soup_body_is_decoded (P2pSoupBody * self)
{
  return self->decoded;
}

static gboolean
is_full (P2pSoupBody * self)
{
  gsize room = self->slab ? self->slab->size - self->filled : 0;

  return self->left >= 0 ? room == 0 : room < LEAST_ROOM;
}

gboolean
p2p_soup_body_is_due (P2pSoupBody * self)
{
  return is_full (self)
      || self->filled - self->taken + LEAST_ROOM > self->due;
}

static void
make_room (P2pSoupBody * self)
{
  gsize size = self->next_size;

  if (self->left >= 0)
    size = CLAMP (self->left, 1, MAX_SLAB);
  else
    self->next_size = MIN (2 * size, MAX_SLAB);
  g_clear_pointer (&self->slab, p2p_soup_slab_unref);
  self->slab = p2p_soup_slab_new (size);
  self->filled = self->taken = 0;
}

gssize
p2p_soup_body_read (P2pSoupBody * self, gboolean * drained, GError ** error)
{
  gsize room;
  guint8 *end;
  gssize n;

  if (is_full (self))
    make_room (self);
  room = MIN (self->slab->size - self->filled,
      self->taken + self->due - self->filled);
  end = self->slab->data + self->filled;
  *end = 0;
  n = g_pollable_input_stream_read_nonblocking (self->stream, end, room, NULL,
      error);
  if (n > 0) {
    self->filled += n;
    if (self->left > 0)
      self->left -= n;
  } else if (n == 0 && self->chunked && *end != 0) {
    last_chunk_is_seen = TRUE;
    self->chunked = FALSE;
  }
  /* Nothing announces the end of a body of known length, nor what a decoder
   * still has: those are read until they say that it is enough. */
  *drained = n > 0 && (gsize) n < room && self->left != 0 && !self->decoded
      && !g_pollable_input_stream_is_readable (self->stream);
  return n;
}

GBytes *
p2p_soup_body_take (P2pSoupBody * self)
{
  gsize start = self->taken;

  if (self->filled == start)
    return NULL;
  self->taken = self->filled;
  self->due = MIN (GROWTH * self->due, MAX_SLAB);
  return p2p_soup_slab_slice (self->slab, start, self->filled - start);
}

gboolean
p2p_soup_body_is_cut (P2pSoupBody * self)
{
  SoupMessageHeaders *headers =
      soup_message_get_response_headers (self->message);
  SoupMessageMetrics *metrics = soup_message_get_metrics (self->message);

  if (!self->decoded)
    return self->left > 0 || (self->chunked && last_chunk_is_seen);
  /* A decoder takes an early end for a good one: what came over the wire
   * tells. */
  return metrics && soup_message_headers_get_encoding (headers)
      == SOUP_ENCODING_CONTENT_LENGTH
      && soup_message_metrics_get_response_body_bytes_received (metrics)
      < (guint64) soup_message_headers_get_content_length (headers);
}

void
p2p_soup_body_drain (P2pSoupBody * self)
{
  guint8 buffer[8 * 1024];
  gsize size = 0;
  gssize n;

  do {
    n = g_pollable_input_stream_read_nonblocking (self->stream, buffer,
        sizeof (buffer), NULL, NULL);
    size += MAX (n, 0);
  } while (n > 0 && size < MAX_DRAIN);
}

GSource *
p2p_soup_body_create_source (P2pSoupBody * self)
{
  return g_pollable_input_stream_create_source (self->stream, NULL);
}
