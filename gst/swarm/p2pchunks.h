/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2psegment.h"

G_BEGIN_DECLS

/**
 * P2pChunks:
 *
 * A place in the bytes of a segment, from which they are taken in other pieces
 * than those they came in. A plain value, at first all zero: nothing is left.
 */
typedef struct
{
  gsize left;                   /* bytes that can be taken */

  /*< private >*/
  GPtrArray *chunks;
  guint chunk;                  /* the next one … */
  gsize offset;                 /* … from here on */
} P2pChunks;

/* segment: loaded. first: bytes of it that are passed over; all, if it has no more.
 * What was there before goes. */
void p2p_chunks_begin (P2pChunks * self, P2pSegment * segment, gsize first);
void p2p_chunks_clear (P2pChunks * self);

/* size: as many as are left at most, 1 at least. Returns: (transfer full): the next
 * bytes, as they are in memory if they are there in one, else a copy */
GBytes *p2p_chunks_take (P2pChunks * self, gsize size);

G_END_DECLS
