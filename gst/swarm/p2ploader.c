/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ploader.h"
#include "p2pplayhead.h"

/* What is found to be slow is thought to have brought such a part of it. */
#define P2P_LOADER_LITTLE 8

typedef struct
{
  P2pLoaderWorld world;
  P2pSettings settings;
  P2pHttpOptions *options;
  const P2pLoaderEvents *events;
  gpointer user_data;

  P2pTeller *teller;
  P2pQueue *queue;
  GPtrArray *readers;           /* of P2pReader: all that are open */
  char *swarm_id;
  char *own_id;
  P2pPlayhead playhead;
  gsize last_size;              /* of a segment: a guess at the next one's */
  guint64 http_rate;            /* bytes a second of late; 0: not measured */
  gboolean destroyed;
} P2pLoaderPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (P2pLoader, p2p_loader, G_TYPE_OBJECT);

#define PRIV(self) \
  ((P2pLoaderPrivate *) p2p_loader_get_instance_private (self))

static void
p2p_loader_dispose (GObject * object)
{
  p2p_loader_destroy (P2P_LOADER (object));
  G_OBJECT_CLASS (p2p_loader_parent_class)->dispose (object);
}

static void
p2p_loader_finalize (GObject * object)
{
  P2pLoaderPrivate *priv = PRIV (P2P_LOADER (object));

  p2p_queue_free (priv->queue);
  g_ptr_array_unref (priv->readers);
  g_free (priv->swarm_id);
  g_free (priv->own_id);
  p2p_playhead_clear (&priv->playhead);
  g_clear_pointer (&priv->options, p2p_http_options_unref);
  G_OBJECT_CLASS (p2p_loader_parent_class)->finalize (object);
}

static void
p2p_loader_class_init (P2pLoaderClass * klass)
{
  G_OBJECT_CLASS (klass)->dispose = p2p_loader_dispose;
  G_OBJECT_CLASS (klass)->finalize = p2p_loader_finalize;
}

static void
p2p_loader_init (P2pLoader * self)
{
  P2pLoaderPrivate *priv = PRIV (self);

  priv->readers = g_ptr_array_new ();
  p2p_playhead_init (&priv->playhead);
}

static void
p2p_loader_pump (P2pLoader * self)
{
  if (!PRIV (self)->destroyed)
    P2P_LOADER_GET_CLASS (self)->pump (self);
}

static void
p2p_loader_holdings_changed (P2pLoader * self)
{
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);

  if (klass->holdings_changed)
    klass->holdings_changed (self);
}

/* What is told to the owner */

static void
p2p_loader_on_news (const P2pNews * news, gpointer data)
{
  g_autoptr (P2pLoader) self = g_object_ref (data);
  const P2pLoaderEvents *events = PRIV (self)->events;
  gpointer user_data = PRIV (self)->user_data;

  switch (news->kind) {
    case P2P_NEWS_SEGMENT_LOADED:
      events->segment_loaded (self, news->segment, user_data);
      break;
    case P2P_NEWS_SEGMENT_ERROR:
      events->segment_error (self, news->segment, news->error, user_data);
      break;
    case P2P_NEWS_SEGMENT_ABORT:
      events->segment_abort (self, news->segment, user_data);
      break;
    case P2P_NEWS_PEER_CONNECT:
      events->peer_connect (self, news->peer, user_data);
      break;
    case P2P_NEWS_PEER_CLOSE:
      events->peer_close (self, news->id, user_data);
      break;
    case P2P_NEWS_PIECE_BYTES_LOADED:
      events->piece_bytes_loaded (self, news->source, news->size, user_data);
      break;
    case P2P_NEWS_SWARM_CHANGED:
      events->swarm_changed (self, news->id, user_data);
      break;
    case P2P_NEWS_UPLOADED:
      events->uploaded (self, news->size, user_data);
      break;
  }
}

void
p2p_loader_tell (P2pLoader * self, const P2pNews * news)
{
  p2p_teller_tell (PRIV (self)->teller, news);
}

void
p2p_loader_tell_size (P2pLoader * self, const P2pNews * news)
{
  p2p_teller_tell_size (PRIV (self)->teller, news);
}

static void
p2p_loader_tell_segment (P2pLoader * self, P2pNewsKind kind,
    P2pSegment * segment, const GError * error)
{
  P2pNews news = { kind, segment, error };

  p2p_loader_tell (self, &news);
}

/* What the classes ask */

const P2pLoaderWorld *
p2p_loader_get_world (P2pLoader * self)
{
  return &PRIV (self)->world;
}

const P2pSettings *
p2p_loader_get_settings (P2pLoader * self)
{
  return &PRIV (self)->settings;
}

GPtrArray *
p2p_loader_get_queue (P2pLoader * self)
{
  return PRIV (self)->queue->list;
}

P2pItem *
p2p_loader_lookup (P2pLoader * self, const char *id)
{
  return p2p_queue_lookup (PRIV (self)->queue, id);
}

const char *
p2p_loader_get_own_id (P2pLoader * self)
{
  return PRIV (self)->own_id;
}

gint64
p2p_loader_estimate_http (P2pLoader * self, guint64 bytes)
{
  guint64 rate = PRIV (self)->http_rate;

  return rate > 0 ? (gint64) (bytes * P2P_SECOND / rate) : P2P_NEVER;
}

guint64
p2p_loader_get_priority (P2pLoader * self, P2pItem * item)
{
  return p2p_queue_get_priority (PRIV (self)->queue, item);
}

guint
p2p_loader_count_ahead (P2pLoader * self, guint64 required)
{
  return p2p_queue_count_ahead (PRIV (self)->queue, required);
}

gboolean
p2p_loader_is_http_busy (P2pLoader * self)
{
  return p2p_queue_find_http (PRIV (self)->queue, FALSE) != NULL;
}

guint64
p2p_loader_get_expected (P2pLoader * self, P2pItem * item)
{
  return p2p_item_get_expected (item, PRIV (self)->last_size);
}

void
p2p_loader_get_room (P2pLoader * self, P2pRoom * room)
{
  P2pLoaderPrivate *priv = PRIV (self);

  room->count = p2p_cache_get_room (priv->world.cache, self, &room->bytes);
  p2p_room_spend (room, priv->queue->list, priv->last_size);
}

gboolean
p2p_loader_fits (P2pLoader * self, P2pItem * item, const P2pRoom * room)
{
  return p2p_room_takes (room, item, PRIV (self)->last_size);
}

/* Something of item has ended. wasted: what came of it in vain */
static void
p2p_loader_count (P2pLoader * self, P2pItem * item, gsize wasted)
{
  P2pStats *stats = PRIV (self)->world.stats;

  stats->wasted += wasted + item->wasted;
  stats->retries += item->retries;
  item->retries = 0;
  item->wasted = 0;
}

void
p2p_loader_stop_also (P2pLoader * self, P2pItem * item)
{
  if (item->also)
    P2P_LOADER_GET_CLASS (self)->stop_p2p (self, item);
}

/* What is broken off keeps what came. */
void
p2p_loader_stop (P2pLoader * self, P2pItem * item)
{
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);

  p2p_loader_stop_also (self, item);
  if (item->state == P2P_ITEM_HTTP || item->state == P2P_ITEM_CHECK) {
    p2p_loader_count (self, item, p2p_item_break (item));
    p2p_loader_holdings_changed (self);
  } else if (item->state == P2P_ITEM_P2P) {
    klass->stop_p2p (self, item);
  }
  item->state = P2P_ITEM_PENDING;
}

/* The same, for good. */
static void
p2p_loader_drop (P2pLoader * self, P2pItem * item)
{
  p2p_loader_stop (self, item);
  p2p_item_drop_kept (item);
  p2p_loader_count (self, item, 0);
}

void
p2p_loader_stop_p2p (P2pLoader * self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, PRIV (self)->queue->items);
  while (g_hash_table_iter_next (&iter, NULL, &item)) {
    p2p_loader_stop_also (self, item);
    if (((P2pItem *) item)->state == P2P_ITEM_P2P)
      p2p_loader_stop (self, item);
  }
}

void
p2p_loader_fetch (P2pLoader * self, P2pItem * item)
{
  P2pLoaderPrivate *priv = PRIV (self);

  p2p_loader_stop (self, item);
  p2p_item_fetch (item, priv->world.clock, priv->world.rand,
      priv->world.fetcher, priv->options);
  p2p_loader_holdings_changed (self);
}

/* How fast HTTP is, is known by what came of it; of little, that it is slow. */
gboolean
p2p_loader_join (P2pLoader * self, P2pItem * item, P2pBody * body)
{
  P2pLoaderPrivate *priv = PRIV (self);
  gint64 elapsed = p2p_clock_get_time (priv->world.clock) - item->started;
  gsize size = MAX (item->body->size, body->size / P2P_LOADER_LITTLE);
  gint64 all = item->answered + (elapsed - item->answered) * body->size
      / MAX (size, 1);

  priv->http_rate = p2p_bandwidth_mix (priv->http_rate, body->size, all);
  return p2p_item_join (item, body);
}

static gboolean
p2p_loader_may_wait (P2pLoader * self, P2pItem * item)
{
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);

  return item->index != P2P_ITEM_STRAY && klass->may_wait
      && klass->may_wait (self, item);
}

/* The first of items that a reader waits for, and that HTTP does not bring. */
static P2pItem *
p2p_loader_find_read (P2pLoader * self, GPtrArray * items)
{
  for (guint i = 0; i < items->len; i++) {
    P2pItem *item = g_ptr_array_index (items, i);

    if (p2p_item_is_read (item) && item->state != P2P_ITEM_HTTP
        && item->state != P2P_ITEM_CHECK && !p2p_loader_may_wait (self, item))
      return item;
  }
  return NULL;
}

static P2pItem *
p2p_loader_find_required (P2pLoader * self, guint64 required)
{
  GPtrArray *queue = p2p_loader_get_queue (self);
  P2pRoom room;

  p2p_loader_get_room (self, &room);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (p2p_loader_get_priority (self, item) >= required)
      break;
    if ((item->state == P2P_ITEM_P2P || (item->state == P2P_ITEM_PENDING
                && p2p_loader_fits (self, item, &room)))
        && !p2p_loader_may_wait (self, item))
      return item;
  }
  return NULL;
}

void
p2p_loader_fetch_urgent (P2pLoader * self, guint64 required)
{
  P2pQueue *queue = PRIV (self)->queue;
  P2pItem *urgent = p2p_loader_find_read (self, queue->strays), *busy;
  gboolean first = TRUE;

  if (!urgent)
    urgent = p2p_loader_find_read (self, queue->list);
  if (!urgent) {
    urgent = p2p_loader_find_required (self, required);
    if (!urgent)
      return;
    first = p2p_loader_get_priority (self, urgent) == 0;
  }

  /* What streams stands still when its reader does: no other reader may have
   * to wait for that. */
  busy = p2p_queue_find_http (queue, p2p_item_is_read (urgent));
  if (busy) {
    if (!first || p2p_item_is_read (busy))
      return;
    p2p_loader_stop (self, busy);
  }
  p2p_loader_fetch (self, urgent);
}

/* An item that is not in the queue (any more) goes, unless it is read. */
static void
p2p_loader_leave (P2pLoader * self, P2pItem * item)
{
  P2pLoaderPrivate *priv = PRIV (self);
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);
  const char *id = item->segment->id;

  if (p2p_queue_leave (priv->queue, item))
    return;
  if (item->state != P2P_ITEM_LOADED) {
    p2p_loader_drop (self, item);
    if (!p2p_cache_contains (priv->world.cache, id))
      p2p_loader_tell_segment (self, P2P_NEWS_SEGMENT_ABORT, item->segment,
          NULL);
  }
  if (klass->forget)
    klass->forget (self, item);
  p2p_queue_remove (priv->queue, item);
}

/* What items tell */

static void
p2p_loader_on_piece (P2pItem * item, gsize size, gpointer data)
{
  P2pNews news = { P2P_NEWS_PIECE_BYTES_LOADED,.source = P2P_SOURCE_HTTP,
    .size = size
  };

  p2p_loader_tell_size (data, &news);
}

static gboolean
p2p_loader_on_fits (P2pItem * item, gsize size, gpointer data)
{
  P2pLoader *self = data;
  guint64 room;

  return size <= P2P_SEGMENT_MAX_BYTES
      && p2p_cache_get_room (PRIV (self)->world.cache, self, &room) > 0
      && size <= room;
}

static void
p2p_loader_on_overflow (P2pItem * item, gpointer data)
{
  P2pLoader *self = data;

  p2p_loader_drop (self, item);
  p2p_loader_pump (self);
}

static void
p2p_loader_on_anew (P2pItem * item, gpointer data)
{
  p2p_loader_fetch (data, item);
}

static gboolean
p2p_loader_on_validate (P2pItem * item, P2pCheck * check, gpointer data)
{
  const P2pLoaderEvents *events = PRIV (data)->events;
  gboolean looks;

  if (check)                    /* no other is of use now */
    p2p_loader_stop_also (data, item);
  looks = events->validate
      && events->validate (data, check, PRIV (data)->user_data);
  if (looks && check)           /* meanwhile others may come */
    p2p_loader_pump (data);
  return looks;
}

gboolean
p2p_loader_is_looked_at (P2pLoader * self, P2pItem * item)
{
  return p2p_loader_on_validate (item, NULL, self);
}

static void
p2p_loader_on_judged (P2pItem * item, const char *peer_id, gboolean good,
    gpointer data)
{
  P2pLoader *self = data;

  PRIV (self)->world.stats->rejected_segments += !good;
  if (peer_id)
    P2P_LOADER_GET_CLASS (self)->judged (self, item, peer_id, good);
  if (item->state != P2P_ITEM_PENDING)
    return;
  p2p_loader_count (self, item, 0);
  if (item->index == P2P_ITEM_STRAY)
    p2p_loader_leave (self, item);
  p2p_loader_pump (self);
}

static void
p2p_loader_on_done (P2pItem * item, P2pSegment * loaded, P2pSource source,
    gint64 elapsed, gsize wasted, const GError * error, gpointer data)
{
  P2pLoader *self = data;
  P2pLoaderPrivate *priv = PRIV (self);

  p2p_loader_stop_also (self, item);
  p2p_item_drop_kept (item);
  p2p_loader_count (self, item, wasted);
  if (loaded) {
    gsize size = p2p_segment_get_size (loaded);

    if (elapsed > 0)
      p2p_bandwidth_add (priv->world.bandwidth, size, elapsed);
    if (elapsed > 0 && source == P2P_SOURCE_HTTP)
      priv->http_rate = p2p_bandwidth_mix (priv->http_rate, size, elapsed);
    if (p2p_segment_is_loaded (loaded)) {
      priv->last_size = size;
      if (!p2p_cache_put (priv->world.cache, self, loaded))
        item->at_least = MAX (size, 1);
    }
    p2p_loader_tell_segment (self, P2P_NEWS_SEGMENT_LOADED, loaded, NULL);
  } else {
    p2p_loader_tell_segment (self, P2P_NEWS_SEGMENT_ERROR, item->segment,
        error);
  }
  p2p_loader_holdings_changed (self);
  if (item->index == P2P_ITEM_STRAY)
    p2p_loader_leave (self, item);
  p2p_loader_pump (self);
}

static const P2pItemEvents item_events = {
  p2p_loader_on_piece, p2p_loader_on_fits, p2p_loader_on_overflow,
  p2p_loader_on_anew, p2p_loader_on_validate, p2p_loader_on_judged,
  p2p_loader_on_done
};

static void
p2p_loader_on_evicted (P2pCache * cache, P2pSegment * segment, gpointer data)
{
  p2p_loader_holdings_changed (data);
}

/* What the owner calls */

P2pLoader *
p2p_loader_new (GType type, const P2pLoaderWorld * world,
    const P2pSettings * settings, P2pHttpOptions * options,
    const P2pLoaderEvents * events, gpointer user_data)
{
  P2pLoader *self = g_object_new (type, NULL);
  P2pLoaderPrivate *priv = PRIV (self);
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);

  priv->world = *world;
  priv->settings = *settings;
  priv->options = p2p_http_options_ref (options);
  priv->events = events;
  priv->user_data = user_data;
  priv->queue = p2p_queue_new (world->cache);
  priv->teller = p2p_teller_new (world->clock, p2p_loader_on_news, self);
  p2p_cache_set_evicted (world->cache, self, p2p_loader_on_evicted, self);
  if (klass->set_up)
    klass->set_up (self);
  return self;
}

void
p2p_loader_set_settings (P2pLoader * self, const P2pSettings * settings)
{
  P2pLoaderPrivate *priv = PRIV (self);
  gboolean upload = priv->settings.upload;

  priv->settings = *settings;
  if (upload != settings->upload && !priv->destroyed)
    p2p_loader_holdings_changed (self);
  p2p_loader_pump (self);
}

void
p2p_loader_set_own_id (P2pLoader * self, const char *id)
{
  P2pLoaderPrivate *priv = PRIV (self);

  if (g_strcmp0 (priv->own_id, id) == 0)
    return;
  g_free (priv->own_id);
  priv->own_id = g_strdup (id);
  p2p_loader_pump (self);
}

void
p2p_loader_set_position (P2pLoader * self, gint64 when)
{
  if (p2p_playhead_set (&PRIV (self)->playhead, when)) {
    p2p_playhead_place (&PRIV (self)->playhead, PRIV (self)->queue->list);
    p2p_loader_pump (self);
  }
}

void
p2p_loader_set_options (P2pLoader * self, P2pHttpOptions * options)
{
  P2pHttpOptions *old = PRIV (self)->options;

  PRIV (self)->options = p2p_http_options_ref (options);
  p2p_http_options_unref (old);
}

static void
p2p_loader_set_swarm (P2pLoader * self, const char *swarm_id)
{
  P2pLoaderPrivate *priv = PRIV (self);
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);

  if (g_strcmp0 (priv->swarm_id, swarm_id) == 0)
    return;
  g_free (priv->swarm_id);
  priv->swarm_id = g_strdup (swarm_id);
  if (klass->set_swarm)
    klass->set_swarm (self, swarm_id);
}

static void
p2p_loader_emit_now (P2pLoader * self, const char *url)
{
  g_autoptr (P2pSegment) segment =
      p2p_cache_get_by_url (PRIV (self)->world.cache, url);

  if (segment)
    p2p_loader_tell_segment (self, P2P_NEWS_SEGMENT_LOADED, segment, NULL);
}

void
p2p_loader_load (P2pLoader * self, GPtrArray * segments,
    const char *swarm_id, const char *emit_now_url)
{
  P2pLoaderPrivate *priv = PRIV (self);
  g_autoptr (GPtrArray) left = NULL;

  if (priv->destroyed)
    return;
  p2p_loader_set_swarm (self, swarm_id);
  left = p2p_queue_set (priv->queue, segments, &item_events, self);
  for (guint i = 0; i < left->len; i++)
    p2p_loader_leave (self, g_ptr_array_index (left, i));
  if (emit_now_url)
    p2p_loader_emit_now (self, emit_now_url);
  p2p_playhead_place (&priv->playhead, priv->queue->list);
  p2p_loader_pump (self);
}

void
p2p_loader_add_peer (P2pLoader * self, P2pPeer * peer)
{
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);

  if (PRIV (self)->destroyed || !klass->add_peer)
    p2p_peer_close (peer);
  else
    klass->add_peer (self, peer);
}

guint
p2p_loader_get_n_peers (P2pLoader * self)
{
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);

  return klass->get_n_peers ? klass->get_n_peers (self) : 0;
}

gboolean
p2p_loader_contains (P2pLoader * self, const char *id)
{
  P2pItem *item = p2p_loader_lookup (self, id);

  return item && item->index != P2P_ITEM_STRAY;
}

static void
p2p_loader_end_readers (P2pLoader * self)
{
  P2pLoaderPrivate *priv = PRIV (self);
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR,
      P2P_ERROR_DESTROYED, "The session was destroyed by the application.");

  for (guint i = 0; i < priv->readers->len; i++) {
    P2pReader *reader = g_ptr_array_index (priv->readers, i);

    reader->item = NULL;
    p2p_reader_set_body (reader, NULL);
    p2p_reader_end (reader, P2P_SOURCE_CACHE, NULL, error);
  }
}

void
p2p_loader_destroy (P2pLoader * self)
{
  P2pLoaderPrivate *priv = PRIV (self);
  P2pLoaderClass *klass = P2P_LOADER_GET_CLASS (self);
  GHashTableIter iter;
  gpointer item;

  if (priv->destroyed)
    return;
  priv->destroyed = TRUE;
  g_hash_table_iter_init (&iter, priv->queue->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    p2p_loader_drop (self, item);
  if (klass->tear_down)
    klass->tear_down (self);
  p2p_teller_free (priv->teller);
  p2p_loader_end_readers (self);
  p2p_queue_remove_all (priv->queue);
  p2p_cache_set_evicted (priv->world.cache, self, NULL, NULL);
  p2p_cache_clear (priv->world.cache, self);
}

static void
p2p_loader_on_reader_changed (P2pReader * reader, gpointer data)
{
  P2pLoader *self = data;
  P2pLoaderPrivate *priv = PRIV (self);
  P2pItem *item = reader->item;

  if (item && !p2p_item_reader_changed (item, reader))
    p2p_loader_stop (self, item);
  if (!reader->closed)
    return;
  g_ptr_array_remove (priv->readers, reader);
  if (item && item->index == P2P_ITEM_STRAY)
    p2p_loader_leave (self, item);
  if (item)
    p2p_loader_pump (self);
  g_object_unref (self);
}

P2pReader *
p2p_loader_read (P2pLoader * self, const char *id,
    const P2pReaderEvents * events, gpointer user_data)
{
  P2pLoaderPrivate *priv = PRIV (self);
  P2pItem *item = p2p_loader_lookup (self, id);
  g_autoptr (P2pSegment) segment = NULL;
  P2pReader *reader;

  if (!p2p_loader_contains (self, id))
    return NULL;
  p2p_playhead_read (&priv->playhead, item->segment,
      p2p_clock_get_time (priv->world.clock));
  p2p_playhead_place (&priv->playhead, priv->queue->list);
  reader = p2p_reader_new (priv->world.clock, events, user_data,
      p2p_loader_on_reader_changed, g_object_ref (self));
  g_ptr_array_add (priv->readers, reader);

  segment = p2p_cache_get (priv->world.cache, id);
  if (segment) {
    g_autoptr (P2pBody) body =
        p2p_body_new (P2P_SOURCE_CACHE, p2p_segment_get_chunks (segment));

    segment->n_reads++;
    reader->ahead = TRUE;
    p2p_reader_set_body (reader, body);
    p2p_reader_end (reader, P2P_SOURCE_CACHE, NULL, NULL);
    return reader;
  }
  p2p_item_add_reader (item, reader, p2p_clock_get_time (priv->world.clock));
  p2p_loader_pump (self);
  return reader;
}
