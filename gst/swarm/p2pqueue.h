/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pcache.h"
#include "p2pitem.h"

G_BEGIN_DECLS

/**
 * P2pQueue:
 *
 * The segments that a loader has to load, in the order of their priorities,
 * and those that left it and are still read. What is in it is pinned in the
 * cache.
 */
typedef struct
{
  /*< read-only >*/
  GHashTable *items;            /* id -> P2pItem, of both */
  GPtrArray *list;              /* of P2pItem */
  GPtrArray *strays;            /* of P2pItem */

  /*< private >*/
  P2pCache *cache;
} P2pQueue;

/* cache: outlives it. */
P2pQueue *p2p_queue_new (P2pCache * cache);
void p2p_queue_free (P2pQueue * self);

/* Returns: (nullable): of the queue, or a stray */
P2pItem *p2p_queue_lookup (P2pQueue * self, const char *id);
/* Its place in the queue, counted on from the priority of the first. */
guint64 p2p_queue_get_priority (P2pQueue * self, P2pItem * item);
/* Segments that are there, on their way or, of a priority below required, soon
 * will be. */
guint p2p_queue_count_ahead (P2pQueue * self, guint64 required);
/* The first on its way over HTTP; bounded: that does not merely stream. */
P2pItem *p2p_queue_find_http (P2pQueue * self, gboolean bounded);

/* Makes it anew, of segments (element-type P2pSegment). events: for those that
 * are new. Returns: (transfer container): the items that are not in it any
 * more, each to be given to p2p_queue_leave() */
GPtrArray *p2p_queue_set (P2pQueue * self, GPtrArray * segments,
    const P2pItemEvents * events, gpointer user_data);
/* Of an item that is not in the queue: it is a stray now, or, if nobody reads
 * it (any more), none. Returns: FALSE: it is to be removed */
gboolean p2p_queue_leave (P2pQueue * self, P2pItem * item);
void p2p_queue_remove (P2pQueue * self, P2pItem * item);
void p2p_queue_remove_all (P2pQueue * self);

G_END_DECLS
