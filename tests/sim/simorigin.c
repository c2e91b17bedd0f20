/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "simorigin.h"

static void sim_origin_iface_init (P2pFetcherInterface * iface);

/* *INDENT-OFF* */
#define SIM_TYPE_FETCH (sim_fetch_get_type ())
G_DECLARE_FINAL_TYPE (SimFetch, sim_fetch, SIM, FETCH, P2pFetch)

struct _SimFetch
{
  P2pFetch parent;

  SimOrigin *origin;
  const P2pFetchEvents *events;
  gpointer user_data;
  P2pHttpHead *head;            /* to be told */
  gsize at, stop;
  gsize coming;                 /* bytes that arrive next */
  gint64 begin;
  guint timer;
};

G_DEFINE_TYPE (SimFetch, sim_fetch, P2P_TYPE_FETCH);
G_DEFINE_TYPE_WITH_CODE (SimOrigin, sim_origin, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_FETCHER, sim_origin_iface_init));
/* *INDENT-ON* */

static void sim_fetch_step (gpointer data);

static void
sim_fetch_next (SimFetch * self)
{
  SimOrigin *origin = self->origin;
  gint64 when;

  self->coming = MIN (self->stop - self->at, SIM_CHUNK);
  when = sim_node_carry (origin->server, origin->node, self->coming,
      p2p_clock_get_time (origin->clock), &self->begin);
  self->timer = p2p_clock_call_at (origin->clock, when, sim_fetch_step, self);
}

static void
sim_fetch_step (gpointer data)
{
  g_autoptr (SimFetch) self = g_object_ref (data);
  g_autoptr (P2pHttpHead) head = g_steal_pointer (&self->head);
  g_autoptr (GBytes) bytes = NULL;

  self->timer = 0;
  if (head) {
    sim_fetch_next (self);
    self->events->head (P2P_FETCH (self), head, self->user_data);
    return;
  }
  bytes = g_bytes_new_from_bytes (self->origin->body, self->at, self->coming);
  self->at += self->coming;
  if (self->at < self->stop)
    sim_fetch_next (self);
  self->events->data (P2P_FETCH (self), bytes, self->user_data);
  if (self->at == self->stop && self->origin)
    self->events->done (P2P_FETCH (self), NULL, self->user_data);
}

static void
sim_fetch_cancel (P2pFetch * fetch)
{
  SimFetch *self = SIM_FETCH (fetch);

  if (self->origin)
    p2p_clock_cancel (self->origin->clock, &self->timer);
  g_clear_object (&self->origin);
}

static void
sim_fetch_set_paused (P2pFetch * fetch, gboolean paused)
{
  g_assert_not_reached ();      /* all segments can be kept */
}

static void
sim_fetch_finalize (GObject * object)
{
  SimFetch *self = SIM_FETCH (object);

  sim_fetch_cancel (P2P_FETCH (self));
  g_clear_pointer (&self->head, p2p_http_head_unref);
  G_OBJECT_CLASS (sim_fetch_parent_class)->finalize (object);
}

static void
sim_fetch_class_init (SimFetchClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_fetch_finalize;
  P2P_FETCH_CLASS (klass)->set_paused = sim_fetch_set_paused;
  P2P_FETCH_CLASS (klass)->cancel = sim_fetch_cancel;
}

static void
sim_fetch_init (SimFetch * self)
{
}

static P2pFetch *
sim_origin_fetch (P2pFetcher * fetcher, const P2pFetchRequest * request,
    const P2pFetchEvents * events, gpointer user_data)
{
  SimOrigin *self = SIM_ORIGIN (fetcher);
  SimFetch *fetch = g_object_new (SIM_TYPE_FETCH, NULL);
  gint64 total = g_bytes_get_size (self->body);

  self->requests++;
  fetch->origin = g_object_ref (self);
  fetch->events = events;
  fetch->user_data = user_data;
  fetch->at = request->start;
  fetch->stop = request->stop < 0 ? total : MIN (request->stop, total);
  fetch->begin = p2p_clock_get_time (self->clock) + 2 * self->node->latency;
  fetch->head = p2p_http_head_new ();
  fetch->head->uri = g_strdup (request->uri);
  fetch->head->status = request->start > 0 ? 206 : 200;
  fetch->head->start = fetch->at;
  fetch->head->length = fetch->stop - fetch->at;
  fetch->head->total = total;
  fetch->head->seekable = TRUE;
  fetch->timer = p2p_clock_call_at (self->clock, fetch->begin, sim_fetch_step,
      fetch);
  return P2P_FETCH (fetch);
}

static void
sim_origin_iface_init (P2pFetcherInterface * iface)
{
  iface->fetch = sim_origin_fetch;
}

static void
sim_origin_finalize (GObject * object)
{
  SimOrigin *self = SIM_ORIGIN (object);

  g_object_unref (self->clock);
  g_bytes_unref (self->body);
  G_OBJECT_CLASS (sim_origin_parent_class)->finalize (object);
}

static void
sim_origin_class_init (SimOriginClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_origin_finalize;
}

static void
sim_origin_init (SimOrigin * self)
{
}

SimOrigin *
sim_origin_new (P2pClock * clock, SimNode * server, SimNode * node,
    GBytes * body)
{
  SimOrigin *self = g_object_new (SIM_TYPE_ORIGIN, NULL);

  self->clock = g_object_ref (clock);
  self->server = server;
  self->node = node;
  self->body = g_bytes_ref (body);
  return self;
}
