/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "simpeer.h"
#include "p2perror.h"

struct _SimPeer
{
  GObject parent;

  P2pClock *clock;
  char *id;                     /* of the other viewer */
  SimNode *here, *there;
  SimPeer *other;               /* the end that the other viewer has */
  SimTold **cached;             /* what this viewer told last */
  const P2pPeerEvents *events;
  gpointer user_data;
  gboolean closed;

  SimTold *told, *news;         /* what the other has; what it will be known to
                                 * have */
  gboolean elects, will_elect;  /* the same of its part in the election */
  guint news_call;

  char *asked;
  gboolean urgent, dropped;     /* dropped: it comes and is of no use */
  GPtrArray *answer;            /* of GBytes */
  gsize size;                   /* of all of them */
  guint at;                     /* of them comes next */
  gint64 begin;
  guint call, sent_call;
};

static void sim_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (SimPeer, sim_peer, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, sim_peer_iface_init));
/* *INDENT-ON* */

void
sim_told_unref (SimTold * told)
{
  if (told && g_ref_count_dec (&told->refs))
    g_free (told);
}

static void
sim_told_replace (SimTold ** told, SimTold * by)
{
  if (by)
    g_ref_count_inc (&by->refs);
  sim_told_unref (*told);
  *told = by;
}

static guint
sim_number (const char *id)
{
  return g_ascii_strtoull (id, NULL, 10) % SIM_SEGMENTS;
}

static void
sim_peer_end (SimPeer * self)
{
  p2p_clock_cancel (self->clock, &self->call);
  p2p_clock_cancel (self->clock, &self->sent_call);
  g_clear_pointer (&self->asked, g_free);
  g_clear_pointer (&self->answer, g_ptr_array_unref);
}

/* Both ends are of no use any more. */
static void
sim_peer_shut (SimPeer * self)
{
  self->closed = TRUE;
  self->events = NULL;
  sim_peer_end (self);
  p2p_clock_cancel (self->clock, &self->news_call);
}

static void
sim_peer_finalize (GObject * object)
{
  SimPeer *self = SIM_PEER (object);

  sim_peer_shut (self);
  if (self->other)
    self->other->other = NULL;
  sim_told_unref (self->told);
  sim_told_unref (self->news);
  g_free (self->id);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (sim_peer_parent_class)->finalize (object);
}

static void
sim_peer_class_init (SimPeerClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_peer_finalize;
}

static void
sim_peer_init (SimPeer * self)
{
}

static SimPeer *
sim_peer_new (P2pClock * clock, const char *id, SimNode * here,
    SimNode * there, SimTold ** cached)
{
  SimPeer *self = g_object_new (SIM_TYPE_PEER, NULL);

  self->clock = g_object_ref (clock);
  self->id = g_strdup (id);
  self->here = here;
  self->there = there;
  self->cached = cached;
  return self;
}

void
sim_peer_connect (P2pClock * clock, SimNode * node_a, const char *name_a,
    SimTold ** told_a, SimNode * node_b, const char *name_b,
    SimTold ** told_b, SimPeer ** a, SimPeer ** b)
{
  *a = sim_peer_new (clock, name_b, node_a, node_b, told_a);
  *b = sim_peer_new (clock, name_a, node_b, node_a, told_b);
  (*a)->other = *b;
  (*b)->other = *a;
}

static void
sim_peer_on_news (gpointer data)
{
  SimPeer *self = data;

  self->news_call = 0;
  sim_told_replace (&self->told, self->news);
  self->elects = self->will_elect;
  if (self->events)
    self->events->changed (P2P_PEER (self), self->user_data);
}

/* All of it has left. */
static void
sim_peer_on_sent (gpointer data)
{
  SimPeer *self = data;
  SimPeer *other = self->other;

  self->sent_call = 0;
  if (other && other->events)
    other->events->sent (P2P_PEER (other), other->user_data);
}

static void sim_peer_step (gpointer data);

static void
sim_peer_next (SimPeer * self)
{
  GBytes *bytes = g_ptr_array_index (self->answer, self->at);
  gint64 when = sim_node_carry (self->there, self->here,
      g_bytes_get_size (bytes), p2p_clock_get_time (self->clock),
      &self->begin);

  self->call = p2p_clock_call_at (self->clock, when, sim_peer_step, self);
  if (self->at == self->answer->len - 1)
    self->sent_call = p2p_clock_call_at (self->clock, self->begin,
        sim_peer_on_sent, self);
}

/* It is idle again, and was told all that it asked for, or that that is not
 * there. */
static void
sim_peer_finish (SimPeer * self, const GError * error)
{
  g_autofree char *id = g_strdup (self->asked);
  gboolean dropped = self->dropped;

  sim_peer_end (self);
  if (!self->events)
    return;
  if (dropped)
    self->events->changed (P2P_PEER (self), self->user_data);
  else
    self->events->done (P2P_PEER (self), id, error, self->user_data);
}

static void
sim_peer_on_refused (gpointer data)
{
  g_autoptr (SimPeer) self = g_object_ref (data);
  g_autoptr (GError) error =
      g_error_new_literal (P2P_ERROR, P2P_ERROR_ABSENT, "not there");

  self->call = 0;
  sim_peer_finish (self, error);
}

static void
sim_peer_refuse (SimPeer * self)
{
  self->call = p2p_clock_call_at (self->clock, p2p_clock_get_time (self->clock)
      + sim_node_get_latency (self->there, self->here), sim_peer_on_refused,
      self);
}

/* The other sends it. */
static void
sim_peer_begin (SimPeer * self)
{
  SimPeer *other = self->other;
  g_autoptr (P2pSegment) segment = other->events->wanted (P2P_PEER (other),
      self->asked, other->user_data);

  if (segment == NULL) {
    sim_peer_refuse (self);
    other->events->sent (P2P_PEER (other), other->user_data);
    return;
  }
  self->begin = p2p_clock_get_time (self->clock);
  self->answer = p2p_segment_get_chunks (segment);
  self->size = p2p_segment_get_size (segment);
  self->at = 0;
  sim_peer_next (self);
}

/* The request is there. */
static void
sim_peer_on_asked (gpointer data)
{
  SimPeer *self = data;
  SimPeer *other = self->other;
  P2pPeerTurn turn;

  self->call = 0;
  if (!other || !other->events)
    return;
  turn = other->events->turn (P2P_PEER (other), self->urgent, FALSE,
      other->user_data);
  if (turn == P2P_PEER_TURN_NOW)
    sim_peer_begin (self);
  else if (turn == P2P_PEER_TURN_NEVER)
    sim_peer_refuse (self);
}

static void
sim_peer_step (gpointer data)
{
  g_autoptr (SimPeer) self = g_object_ref (data);
  g_autoptr (GPtrArray) answer = g_ptr_array_ref (self->answer);
  g_autofree char *id = g_strdup (self->asked);
  SimPeer *other = self->other;
  GBytes *bytes = g_ptr_array_index (answer, self->at);
  gboolean first = self->at++ == 0, last = self->at == answer->len;

  self->call = 0;
  if (!other || !other->events)
    return;
  if (!last)
    sim_peer_next (self);
  other->events->uploaded (P2P_PEER (other), g_bytes_get_size (bytes),
      other->user_data);
  if (!self->dropped && first)
    self->events->size (P2P_PEER (self), id, self->size, self->user_data);
  if (!self->dropped)
    self->events->data (P2P_PEER (self), id, bytes, self->user_data);
  if (last)
    sim_peer_finish (self, NULL);
}

/* The interface */

static const char *
sim_peer_get_id (P2pPeer * peer)
{
  return SIM_PEER (peer)->id;
}

static const char *
sim_peer_get_remote_address (P2pPeer * peer)
{
  return NULL;
}

static void
sim_peer_set_events (P2pPeer * peer, const P2pPeerEvents * events,
    gpointer user_data)
{
  SIM_PEER (peer)->events = events;
  SIM_PEER (peer)->user_data = user_data;
}

static P2pPeerHas
sim_peer_has (P2pPeer * peer, const char *id)
{
  SimPeer *self = SIM_PEER (peer);

  return self->told ? self->told->has[sim_number (id)] : P2P_PEER_HAS_NOT;
}

static gboolean
sim_peer_is_idle (P2pPeer * peer)
{
  SimPeer *self = SIM_PEER (peer);

  return !self->asked && !self->closed;
}

static void
sim_peer_request (P2pPeer * peer, const char *id, gboolean urgent)
{
  SimPeer *self = SIM_PEER (peer);

  self->asked = g_strdup (id);
  self->urgent = urgent;
  self->dropped = FALSE;
  self->call = p2p_clock_call_at (self->clock, p2p_clock_get_time (self->clock)
      + sim_node_get_latency (self->here, self->there), sim_peer_on_asked,
      self);
}

/* Nothing of that goes over the wire. */
static void
sim_peer_cancel (P2pPeer * peer, const char *id)
{
  SIM_PEER (peer)->dropped = TRUE;
}

static void
sim_peer_serve (P2pPeer * peer)
{
  SimPeer *other = SIM_PEER (peer)->other;

  if (other && other->asked)
    sim_peer_begin (other);
}

/* What was told to another at this moment is told to this one too. */
static SimTold *
sim_peer_make_told (SimPeer * self, GPtrArray * loaded, GPtrArray * loading)
{
  SimTold *told = *self->cached;
  gint64 now = p2p_clock_get_time (self->clock);

  if (told && told->when == now && told->loaded == loaded->len
      && told->loading == loading->len)
    return told;
  told = g_new0 (SimTold, 1);
  g_ref_count_init (&told->refs);
  told->when = now;
  told->loaded = loaded->len;
  told->loading = loading->len;
  for (guint i = 0; i < loaded->len; i++)
    told->has[sim_number (g_ptr_array_index (loaded, i))] = P2P_PEER_HAS;
  sim_told_unref (*self->cached);
  *self->cached = told;
  return told;
}

static void
sim_peer_announce (P2pPeer * peer, GPtrArray * loaded, GPtrArray * loading,
    gboolean elects)
{
  SimPeer *self = SIM_PEER (peer), *other = self->other;
  SimTold *told = sim_peer_make_told (self, loaded, loading);
  gint64 when = p2p_clock_get_time (self->clock)
      + sim_node_get_latency (self->here, self->there);

  if (!other || other->closed)
    return;
  sim_told_replace (&other->news, told);
  other->will_elect = elects;
  if (other->news_call == 0)
    other->news_call = p2p_clock_call_at (self->clock,
        (when / SIM_PEER_TICK + 1) * SIM_PEER_TICK, sim_peer_on_news, other);
}

static gboolean
sim_peer_elects (P2pPeer * peer)
{
  return SIM_PEER (peer)->elects;
}

static void
sim_peer_on_gone (gpointer data)
{
  g_autoptr (SimPeer) self = data;
  const P2pPeerEvents *events = self->events;

  if (self->closed)
    return;
  sim_peer_shut (self);
  if (events)
    events->closed (P2P_PEER (self), self->user_data);
}

static void
sim_peer_close (P2pPeer * peer)
{
  SimPeer *self = SIM_PEER (peer);

  if (self->other && !self->other->closed && !self->closed)
    p2p_clock_call_at (self->clock, p2p_clock_get_time (self->clock)
        + sim_node_get_latency (self->here, self->there), sim_peer_on_gone,
        g_object_ref (self->other));
  sim_peer_shut (self);
}

static void
sim_peer_iface_init (P2pPeerInterface * iface)
{
  iface->get_id = sim_peer_get_id;
  iface->get_remote_address = sim_peer_get_remote_address;
  iface->set_events = sim_peer_set_events;
  iface->has = sim_peer_has;
  iface->is_idle = sim_peer_is_idle;
  iface->request = sim_peer_request;
  iface->cancel = sim_peer_cancel;
  iface->serve = sim_peer_serve;
  iface->announce = sim_peer_announce;
  iface->elects = sim_peer_elects;
  iface->close = sim_peer_close;
}
