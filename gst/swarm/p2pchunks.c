/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pchunks.h"

#include <string.h>

void
p2p_chunks_begin (P2pChunks * self, P2pSegment * segment, gsize first)
{
  gsize size = p2p_segment_get_size (segment);

  p2p_chunks_clear (self);
  if (first >= size)
    return;
  self->left = size - first;
  self->chunks = p2p_segment_get_chunks (segment);
  while (first > 0) {
    gsize length =
        g_bytes_get_size (g_ptr_array_index (self->chunks, self->chunk));

    if (first < length)
      break;
    first -= length;
    self->chunk++;
  }
  self->offset = first;
}

void
p2p_chunks_clear (P2pChunks * self)
{
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
  *self = (P2pChunks) {
  0,};
}

GBytes *
p2p_chunks_take (P2pChunks * self, gsize size)
{
  guint8 *buffer = NULL;
  gsize got = 0;

  self->left -= size;
  while (TRUE) {
    GBytes *chunk = g_ptr_array_index (self->chunks, self->chunk);
    gsize length;
    const guint8 *data = g_bytes_get_data (chunk, &length);
    gsize n = MIN (length - self->offset, size - got);
    gsize at = self->offset;

    self->offset += n;
    if (n == size)
      return g_bytes_new_from_bytes (chunk, at, n);
    if (self->offset == length) {
      self->chunk++;
      self->offset = 0;
    }
    if (n == 0)
      continue;
    if (buffer == NULL)
      buffer = g_malloc (size);
    memcpy (buffer + got, data + at, n);
    got += n;
    if (got == size)
      return g_bytes_new_take (buffer, size);
  }
}
