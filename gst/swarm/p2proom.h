/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pitem.h"

G_BEGIN_DECLS

/**
 * P2pRoom:
 *
 * What may be fetched ahead, so that the cache can take all that is on its way.
 */
typedef struct
{
  guint count;
  guint64 bytes;
} P2pRoom;

/* One segment of so many bytes. */
void p2p_room_reserve (P2pRoom * self, guint64 bytes);
/* What of a queue (element-type P2pItem) is on its way. guess: the size of what
 * nothing is known of */
void p2p_room_spend (P2pRoom * self, GPtrArray * queue, guint64 guess);
/* Whether there is room for the item. */
gboolean p2p_room_takes (const P2pRoom * self, P2pItem * item,
    guint64 guess);

G_END_DECLS
