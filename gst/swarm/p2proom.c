/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2proom.h"

void
p2p_room_reserve (P2pRoom * self, guint64 bytes)
{
  self->count -= MIN (self->count, 1);
  self->bytes -= MIN (self->bytes, bytes);
}

void
p2p_room_spend (P2pRoom * self, GPtrArray * queue, guint64 guess)
{
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (p2p_item_is_coming (item) && !item->streaming)
      p2p_room_reserve (self, p2p_item_get_expected (item, guess));
  }
}

gboolean
p2p_room_takes (const P2pRoom * self, P2pItem * item, guint64 guess)
{
  guint64 bytes = MIN (self->bytes, P2P_SEGMENT_MAX_BYTES);

  return self->count > 0 && item->at_least <= bytes
      && p2p_item_get_expected (item, guess) <= bytes;
}
