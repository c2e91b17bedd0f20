/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pqueue.h"

P2pQueue *
p2p_queue_new (P2pCache * cache)
{
  P2pQueue *self = g_new0 (P2pQueue, 1);

  self->cache = cache;
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) p2p_item_unref);
  self->list = g_ptr_array_new ();
  self->strays = g_ptr_array_new ();
  return self;
}

void
p2p_queue_free (P2pQueue * self)
{
  g_hash_table_unref (self->items);
  g_ptr_array_unref (self->list);
  g_ptr_array_unref (self->strays);
  g_free (self);
}

P2pItem *
p2p_queue_lookup (P2pQueue * self, const char *id)
{
  return g_hash_table_lookup (self->items, id);
}

guint64
p2p_queue_get_priority (P2pQueue * self, P2pItem * item)
{
  P2pItem *first = g_ptr_array_index (self->list, 0);

  return (guint64) first->segment->priority + item->index;
}

guint
p2p_queue_count_ahead (P2pQueue * self, guint64 required)
{
  guint count = 0;

  for (guint i = 0; i < self->list->len; i++) {
    P2pItem *item = g_ptr_array_index (self->list, i);

    count += p2p_item_is_coming (item)
        || (item->state == P2P_ITEM_LOADED
        && p2p_cache_contains (self->cache, item->segment->id))
        || (item->state == P2P_ITEM_PENDING && item->at_least == 0
        && p2p_queue_get_priority (self, item) < required);
  }
  return count;
}

P2pItem *
p2p_queue_find_http (P2pQueue * self, gboolean bounded)
{
  GPtrArray *lists[] = { self->strays, self->list };

  for (guint n = 0; n < G_N_ELEMENTS (lists); n++)
    for (guint i = 0; i < lists[n]->len; i++) {
      P2pItem *item = g_ptr_array_index (lists[n], i);

      if (item->state == P2P_ITEM_HTTP && !(bounded && item->streaming))
        return item;
    }
  return NULL;
}

static void
p2p_queue_enter (P2pQueue * self, P2pSegment * segment,
    const P2pItemEvents * events, gpointer user_data)
{
  P2pItem *item = p2p_queue_lookup (self, segment->id);

  if (!item) {
    item = p2p_item_new (segment, events, user_data);
    g_hash_table_insert (self->items, g_strdup (segment->id), item);
    p2p_cache_pin (self->cache, segment->id);
  } else if (item->index != P2P_ITEM_STRAY) {
    return;                     /* named twice */
  } else if (g_ptr_array_remove (self->strays, item)) {
    p2p_cache_pin (self->cache, segment->id);
  }
  p2p_segment_ref (segment);
  p2p_segment_unref (item->segment);
  item->segment = segment;
  item->index = self->list->len;
  g_ptr_array_add (self->list, item);

  if (p2p_item_is_coming (item))
    return;
  if (p2p_cache_contains (self->cache, segment->id))
    item->state = P2P_ITEM_LOADED;
  else if (item->state != P2P_ITEM_LOADED || item->at_least == 0)
    item->state = P2P_ITEM_PENDING;
}

GPtrArray *
p2p_queue_set (P2pQueue * self, GPtrArray * segments,
    const P2pItemEvents * events, gpointer user_data)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->list);
  GPtrArray *left = g_ptr_array_new ();

  self->list = g_ptr_array_new ();
  for (guint i = 0; i < old->len; i++)
    ((P2pItem *) g_ptr_array_index (old, i))->index = P2P_ITEM_STRAY;
  g_ptr_array_extend (sorted, segments, NULL, NULL);
  g_ptr_array_sort (sorted, p2p_segment_compare);
  for (guint i = 0; i < sorted->len; i++)
    p2p_queue_enter (self, g_ptr_array_index (sorted, i), events, user_data);

  for (guint i = 0; i < old->len; i++) {
    P2pItem *item = g_ptr_array_index (old, i);

    if (item->index != P2P_ITEM_STRAY)
      continue;
    p2p_cache_unpin (self->cache, item->segment->id);
    g_ptr_array_add (left, item);
  }
  return left;
}

gboolean
p2p_queue_leave (P2pQueue * self, P2pItem * item)
{
  g_ptr_array_remove (self->strays, item);
  if (!p2p_item_is_read (item))
    return FALSE;
  g_ptr_array_add (self->strays, item);
  return TRUE;
}

void
p2p_queue_remove (P2pQueue * self, P2pItem * item)
{
  g_hash_table_remove (self->items, item->segment->id);
}

void
p2p_queue_remove_all (P2pQueue * self)
{
  for (guint i = 0; i < self->list->len; i++)
    p2p_cache_unpin (self->cache,
        ((P2pItem *) g_ptr_array_index (self->list, i))->segment->id);
  g_ptr_array_set_size (self->list, 0);
  g_ptr_array_set_size (self->strays, 0);
  g_hash_table_remove_all (self->items);
}
