/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phybridloader.h"
#include "p2pswarm.h"

struct _P2pHybridLoader
{
  P2pLoader parent;

  P2pSwarm *swarm;
  gint64 last_check;            /* when the last segment had its chance */
  guint check_call;
};

G_DEFINE_TYPE (P2pHybridLoader, p2p_hybrid_loader, P2P_TYPE_LOADER);

static gboolean
p2p_hybrid_loader_may_go_ahead (P2pLoader * loader)
{
  const P2pSettings *settings = p2p_loader_get_settings (loader);

  return p2p_loader_count_ahead (loader, settings->required_segments_count)
      < settings->buffer_segments_count;
}

/* Asks peers for what is not required. */
static void
p2p_hybrid_loader_pump_p2p (P2pHybridLoader * self)
{
  P2pLoader *loader = P2P_LOADER (self);
  const P2pSettings *settings = p2p_loader_get_settings (loader);
  GPtrArray *queue = p2p_loader_get_queue (loader);
  guint looked = 0;
  P2pRoom room;

  if (p2p_swarm_get_n_peers (self->swarm) == 0)
    return;
  p2p_loader_get_room (loader, &room);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);
    P2pSegment *segment = item->segment;
    gboolean urgent;

    if (item->state != P2P_ITEM_PENDING)
      continue;
    if (p2p_swarm_get_n_requests (self->swarm)
        >= settings->simultaneous_p2p_downloads
        || looked++ >= settings->buffer_segments_count
        || !p2p_hybrid_loader_may_go_ahead (loader))
      return;
    urgent = p2p_loader_get_priority (loader, item)
        < settings->required_segments_count;
    if (urgent || !p2p_loader_fits (loader, item, &room)
        || !p2p_swarm_request (self->swarm, segment->id, segment->length,
            urgent))
      continue;
    item->state = P2P_ITEM_P2P;
    item->started = p2p_clock_get_time (p2p_loader_get_world (loader)->clock);
    p2p_loader_get_room (loader, &room);
  }
}

static void p2p_hybrid_loader_pump (P2pLoader * loader);

static void
p2p_hybrid_loader_on_check (gpointer data)
{
  P2pHybridLoader *self = data;

  self->check_call = 0;
  p2p_hybrid_loader_pump (data);
}

/* Whether the only one left, the last of the queue, has its chance now. All
 * viewers of a live stream come to this point at once: few may go on. */
static gboolean
p2p_hybrid_loader_roll (P2pHybridLoader * self)
{
  const P2pLoaderWorld *world = p2p_loader_get_world (P2P_LOADER (self));
  const P2pSettings *settings = p2p_loader_get_settings (P2P_LOADER (self));
  gint64 interval =
      MAX (settings->last_segment_probability_interval, 1) * P2P_MSEC;
  gint64 now = p2p_clock_get_time (world->clock);

  if (settings->last_segment_probability <= 0)
    return FALSE;
  if (now - self->last_check >= interval) {
    self->last_check = now;
    if (g_rand_double (world->rand) < settings->last_segment_probability)
      return TRUE;
  }
  if (self->check_call == 0)
    self->check_call = p2p_clock_call_at (world->clock,
        self->last_check + interval, p2p_hybrid_loader_on_check, self);
  return FALSE;
}

/* Of the segments that are still to come those that no peer has, or will have
 * soon. Returns: (transfer container) */
static GPtrArray *
p2p_hybrid_loader_find_rare (P2pHybridLoader * self, gboolean * only_last)
{
  P2pLoader *loader = P2P_LOADER (self);
  GPtrArray *queue = p2p_loader_get_queue (loader);
  GPtrArray *rare = g_ptr_array_new ();
  guint max = p2p_loader_get_settings (loader)->buffer_segments_count;
  guint pending = 0;
  P2pRoom room;

  *only_last = FALSE;
  p2p_loader_get_room (loader, &room);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (item->state != P2P_ITEM_PENDING)
      continue;
    *only_last = pending == 0 && i == queue->len - 1;
    if (++pending <= max && p2p_loader_fits (loader, item, &room)
        && p2p_swarm_has (self->swarm, item->segment->id) == P2P_PEER_HAS_NOT)
      g_ptr_array_add (rare, item);
  }
  return rare;
}

/* With nothing else to do over HTTP, a later segment: with peers any of them,
 * so that each viewer brings another one to the swarm. */
static void
p2p_hybrid_loader_pump_rare (P2pHybridLoader * self)
{
  P2pLoader *loader = P2P_LOADER (self);
  const P2pLoaderWorld *world = p2p_loader_get_world (loader);
  guint max = p2p_loader_get_settings (loader)->simultaneous_p2p_downloads;
  g_autoptr (GPtrArray) rare = NULL;
  gboolean only_last;
  guint chosen = 0;

  if (p2p_loader_is_http_busy (loader)
      || p2p_swarm_get_n_requests (self->swarm) >= MAX (max, 1)
      || !p2p_hybrid_loader_may_go_ahead (loader))
    return;
  rare = p2p_hybrid_loader_find_rare (self, &only_last);
  if (rare->len == 0 || (only_last && !p2p_hybrid_loader_roll (self)))
    return;
  if (rare->len > 1 && p2p_swarm_get_n_peers (self->swarm) > 0)
    chosen = g_rand_int_range (world->rand, 0, rare->len);
  p2p_loader_fetch (loader, g_ptr_array_index (rare, chosen));
}

static void
p2p_hybrid_loader_pump (P2pLoader * loader)
{
  P2pHybridLoader *self = P2P_HYBRID_LOADER (loader);
  const P2pSettings *settings = p2p_loader_get_settings (loader);

  p2p_clock_cancel (p2p_loader_get_world (loader)->clock, &self->check_call);
  p2p_loader_fetch_urgent (loader, settings->required_segments_count);
  p2p_hybrid_loader_pump_p2p (self);
  p2p_hybrid_loader_pump_rare (self);
}

/* What the swarm tells */

static void
p2p_hybrid_loader_on_connected (P2pPeer * peer, gpointer data)
{
  P2pNews news = { P2P_NEWS_PEER_CONNECT,.peer = peer };

  p2p_loader_tell (data, &news);
}

static void
p2p_hybrid_loader_on_closed (const char *id, gpointer data)
{
  P2pNews news = { P2P_NEWS_PEER_CLOSE,.id = id };

  p2p_loader_tell (data, &news);
}

static void
p2p_hybrid_loader_on_changed (gpointer data)
{
  p2p_hybrid_loader_pump (data);
}

static void
p2p_hybrid_loader_list_loaded (P2pCache * cache, P2pSegment * segment,
    gpointer data)
{
  g_ptr_array_add (data, segment->id);
}

static void
p2p_hybrid_loader_on_list (GPtrArray * loaded, GPtrArray * loading,
    gpointer data)
{
  GPtrArray *queue = p2p_loader_get_queue (data);

  if (!p2p_loader_get_settings (data)->upload)
    return;
  p2p_cache_foreach (p2p_loader_get_world (data)->cache, data,
      p2p_hybrid_loader_list_loaded, loaded);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (item->state == P2P_ITEM_HTTP && !item->streaming)
      g_ptr_array_add (loading, item->segment->id);
  }
}

static void
p2p_hybrid_loader_on_piece (gsize size, gpointer data)
{
  P2pNews news = { P2P_NEWS_PIECE_BYTES_LOADED,.source = P2P_SOURCE_P2P,
    .size = size
  };

  p2p_loader_tell_size (data, &news);
}

static void
p2p_hybrid_loader_on_loaded (const char *id, P2pBody * body, gint64 elapsed,
    gpointer data)
{
  g_autoptr (P2pItem) item = p2p_item_ref (p2p_loader_lookup (data, id));

  p2p_item_take (item, body,
      body->size >= P2P_BANDWIDTH_MIN_BYTES ? elapsed : 0);
}

static void
p2p_hybrid_loader_on_failed (const char *id, gsize wasted, gpointer data)
{
  p2p_loader_lookup (data, id)->state = P2P_ITEM_PENDING;
  p2p_loader_get_world (data)->stats->wasted += wasted;
  p2p_hybrid_loader_pump (data);
}

static void
p2p_hybrid_loader_on_bad (gpointer data)
{
  p2p_loader_get_world (data)->stats->bad_messages++;
}

static P2pSegment *
p2p_hybrid_loader_on_wanted (const char *id, gpointer data)
{
  return p2p_loader_get_settings (data)->upload ?
      p2p_cache_get (p2p_loader_get_world (data)->cache, id) : NULL;
}

static void
p2p_hybrid_loader_on_uploaded (gsize size, gpointer data)
{
  P2pNews news = { P2P_NEWS_UPLOADED,.size = size };

  p2p_loader_tell_size (data, &news);
}

/* What the base asks for */

static void
p2p_hybrid_loader_set_up (P2pLoader * loader)
{
  static const P2pSwarmEvents events = {
    p2p_hybrid_loader_on_connected, p2p_hybrid_loader_on_closed,
    p2p_hybrid_loader_on_changed, p2p_hybrid_loader_on_list,
    p2p_hybrid_loader_on_piece, p2p_hybrid_loader_on_loaded,
    p2p_hybrid_loader_on_failed, p2p_hybrid_loader_on_bad,
    p2p_hybrid_loader_on_wanted, p2p_hybrid_loader_on_uploaded
  };
  const P2pLoaderWorld *world = p2p_loader_get_world (loader);

  P2P_HYBRID_LOADER (loader)->swarm =
      p2p_swarm_new (world->clock, world->rand, &events, loader);
}

static void
p2p_hybrid_loader_tear_down (P2pLoader * loader)
{
  P2pHybridLoader *self = P2P_HYBRID_LOADER (loader);

  p2p_clock_cancel (p2p_loader_get_world (loader)->clock, &self->check_call);
  g_clear_pointer (&self->swarm, p2p_swarm_free);
}

static void
p2p_hybrid_loader_add_peer (P2pLoader * loader, P2pPeer * peer)
{
  P2pSwarm *swarm = P2P_HYBRID_LOADER (loader)->swarm;

  if (p2p_swarm_get_n_peers (swarm)
      < p2p_loader_get_settings (loader)->max_peers)
    p2p_swarm_add (swarm, peer);
  else
    p2p_peer_close (peer);
}

static guint
p2p_hybrid_loader_get_n_peers (P2pLoader * loader)
{
  P2pSwarm *swarm = P2P_HYBRID_LOADER (loader)->swarm;

  return swarm ? p2p_swarm_get_n_peers (swarm) : 0;
}

static void
p2p_hybrid_loader_set_swarm (P2pLoader * loader, const char *swarm_id)
{
  P2pNews news = { P2P_NEWS_SWARM_CHANGED,.id = swarm_id };

  p2p_loader_stop_p2p (loader);
  p2p_swarm_clear (P2P_HYBRID_LOADER (loader)->swarm);
  p2p_loader_tell (loader, &news);
}

static void
p2p_hybrid_loader_holdings_changed (P2pLoader * loader)
{
  p2p_swarm_update (P2P_HYBRID_LOADER (loader)->swarm);
}

static gsize
p2p_hybrid_loader_stop_p2p (P2pLoader * loader, P2pItem * item)
{
  return p2p_swarm_cancel (P2P_HYBRID_LOADER (loader)->swarm,
      item->segment->id);
}

static void
p2p_hybrid_loader_forget (P2pLoader * loader, P2pItem * item)
{
  p2p_swarm_forget (P2P_HYBRID_LOADER (loader)->swarm, item->segment->id);
}

static void
p2p_hybrid_loader_class_init (P2pHybridLoaderClass * klass)
{
  P2pLoaderClass *loader_class = P2P_LOADER_CLASS (klass);

  loader_class->pump = p2p_hybrid_loader_pump;
  loader_class->set_up = p2p_hybrid_loader_set_up;
  loader_class->tear_down = p2p_hybrid_loader_tear_down;
  loader_class->add_peer = p2p_hybrid_loader_add_peer;
  loader_class->get_n_peers = p2p_hybrid_loader_get_n_peers;
  loader_class->set_swarm = p2p_hybrid_loader_set_swarm;
  loader_class->holdings_changed = p2p_hybrid_loader_holdings_changed;
  loader_class->stop_p2p = p2p_hybrid_loader_stop_p2p;
  loader_class->forget = p2p_hybrid_loader_forget;
}

static void
p2p_hybrid_loader_init (P2pHybridLoader * self)
{
  /* The first chance comes at once. */
  self->last_check = G_MININT64 / 2;
}
