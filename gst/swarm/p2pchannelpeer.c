/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pchannelpeer.h"
#include "p2pbudget.h"
#include "p2prate.h"

typedef struct
{
  P2pClock *clock;
  P2pChannel *channel;
  char *id;
  const P2pPeerEvents *events;
  gpointer user_data;
  gboolean closed;

  gboolean spoke, usable, elects;
  guint waiting;                /* the call that ends the wait for its words */
  P2pBudget budget;             /* of messages */
  P2pRate rate;                 /* of what it sends of segments */
} P2pChannelPeerPrivate;

static void p2p_channel_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (P2pChannelPeer, p2p_channel_peer,
    G_TYPE_OBJECT, G_ADD_PRIVATE (P2pChannelPeer)
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, p2p_channel_peer_iface_init));
/* *INDENT-ON* */

#define PRIV(self) ((P2pChannelPeerPrivate *) \
    p2p_channel_peer_get_instance_private ((P2pChannelPeer *) (self)))

/* Its end */

/* Nothing goes out or comes in any more. */
static void
p2p_channel_peer_shut (P2pChannelPeer * self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->closed)
    return;
  priv->closed = TRUE;
  priv->events = NULL;
  p2p_clock_cancel (priv->clock, &priv->waiting);
  P2P_CHANNEL_PEER_GET_CLASS (self)->stop (self);
  p2p_channel_set_events (priv->channel, NULL, NULL);
  p2p_channel_close (priv->channel);
}

void
p2p_channel_peer_vanish (P2pChannelPeer * self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);
  const P2pPeerEvents *events = priv->events;

  p2p_channel_peer_shut (self);
  if (events)
    events->closed (P2P_PEER (self), priv->user_data);
}

static void
p2p_channel_peer_say_goodbye (P2pChannelPeer * self, gboolean silent)
{
  P2pChannelPeerClass *klass = P2P_CHANNEL_PEER_GET_CLASS (self);

  if (!PRIV (self)->closed && klass->say_goodbye)
    klass->say_goodbye (self, silent);
}

static void
p2p_channel_peer_close (P2pPeer * peer)
{
  P2pChannelPeer *self = P2P_CHANNEL_PEER (peer);

  p2p_channel_peer_say_goodbye (self, FALSE);
  p2p_channel_peer_shut (self);
}

static void
p2p_channel_peer_on_waited (gpointer data)
{
  g_autoptr (P2pChannelPeer) self = g_object_ref (data);

  PRIV (self)->waiting = 0;
  p2p_channel_peer_say_goodbye (self, TRUE);
  p2p_channel_peer_vanish (self);
}

static void
p2p_channel_peer_dispose (GObject * object)
{
  p2p_channel_peer_close (P2P_PEER (object));
  G_OBJECT_CLASS (p2p_channel_peer_parent_class)->dispose (object);
}

static void
p2p_channel_peer_finalize (GObject * object)
{
  P2pChannelPeerPrivate *priv = PRIV (object);

  g_object_unref (priv->channel);
  g_object_unref (priv->clock);
  g_free (priv->id);
  G_OBJECT_CLASS (p2p_channel_peer_parent_class)->finalize (object);
}

static void
p2p_channel_peer_class_init (P2pChannelPeerClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = p2p_channel_peer_dispose;
  object_class->finalize = p2p_channel_peer_finalize;
}

static void
p2p_channel_peer_init (P2pChannelPeer * self)
{
}

gpointer
p2p_channel_peer_new (GType type, P2pClock * clock, P2pChannel * channel,
    const char *id)
{
  P2pChannelPeer *self = g_object_new (type, NULL);
  P2pChannelPeerPrivate *priv = PRIV (self);

  priv->clock = g_object_ref (clock);
  priv->channel = g_object_ref (channel);
  priv->id = g_strdup (id);
  p2p_budget_init (&priv->budget, p2p_clock_get_time (clock));
  return self;
}

/* What it says */

static void
p2p_channel_peer_on_message (P2pChannel * channel, GBytes * bytes,
    gboolean text, gpointer data)
{
  g_autoptr (P2pChannelPeer) self = g_object_ref (data);

  P2P_CHANNEL_PEER_GET_CLASS (self)->take (self, bytes, text);
}

static void
p2p_channel_peer_on_drained (P2pChannel * channel, gpointer data)
{
  P2P_CHANNEL_PEER_GET_CLASS (data)->drained (data);
}

static void
p2p_channel_peer_on_closed (P2pChannel * channel, const GError * error,
    gpointer data)
{
  g_autoptr (P2pChannelPeer) self = g_object_ref (data);

  p2p_channel_peer_vanish (self);
}

void
p2p_channel_peer_set_spoke (P2pChannelPeer * self)
{
  PRIV (self)->spoke = TRUE;
  p2p_clock_cancel (PRIV (self)->clock, &PRIV (self)->waiting);
}

void
p2p_channel_peer_set_usable (P2pChannelPeer * self)
{
  PRIV (self)->usable = TRUE;
  p2p_channel_peer_set_spoke (self);
}

gboolean
p2p_channel_peer_is_usable (P2pChannelPeer * self)
{
  return PRIV (self)->usable;
}

void
p2p_channel_peer_set_elects (P2pChannelPeer * self, gboolean elects)
{
  PRIV (self)->elects = elects;
}

gboolean
p2p_channel_peer_spend (P2pChannelPeer * self, GBytes * message)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  return p2p_budget_spend (&priv->budget, p2p_clock_get_time (priv->clock),
      g_bytes_get_size (message));
}

void
p2p_channel_peer_count (P2pChannelPeer * self, GBytes * bytes)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  p2p_rate_add (&priv->rate, p2p_clock_get_time (priv->clock),
      g_bytes_get_size (bytes));
}

/* What is told of it. Clocks may tell of an end when nobody hears it any more. */

void
p2p_channel_peer_on_changed (gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->usable && priv->events)
    priv->events->changed (P2P_PEER (self), priv->user_data);
}

void
p2p_channel_peer_on_size (const char *id, gsize size, gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->events)
    priv->events->size (P2P_PEER (self), id, size, priv->user_data);
}

void
p2p_channel_peer_on_data (const char *id, GBytes * bytes, gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->events)
    priv->events->data (P2P_PEER (self), id, bytes, priv->user_data);
}

void
p2p_channel_peer_on_alive (const char *id, gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->events && priv->events->alive)
    priv->events->alive (P2P_PEER (self), id, priv->user_data);
}

void
p2p_channel_peer_on_done (const char *id, const GError * error, gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->events)
    priv->events->done (P2P_PEER (self), id, error, priv->user_data);
}

P2pSegment *
p2p_channel_peer_on_wanted (const char *id, gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  return priv->events ? priv->events->wanted (P2P_PEER (self), id,
      priv->user_data) : NULL;
}

void
p2p_channel_peer_on_uploaded (gsize size, gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->events)
    priv->events->uploaded (P2P_PEER (self), size, priv->user_data);
}

P2pPeerTurn
p2p_channel_peer_on_turn (gboolean urgent, gboolean patient, gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  return priv->events && priv->events->turn ? priv->events->turn (P2P_PEER
      (self), urgent, patient, priv->user_data) : P2P_PEER_TURN_NOW;
}

void
p2p_channel_peer_on_sent (gpointer self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->events && priv->events->sent)
    priv->events->sent (P2P_PEER (self), priv->user_data);
}

/* The interface */

static const char *
p2p_channel_peer_get_id (P2pPeer * peer)
{
  return PRIV (peer)->id;
}

static const char *
p2p_channel_peer_get_remote_address (P2pPeer * peer)
{
  return p2p_channel_get_remote_address (PRIV (peer)->channel);
}

P2pChannel *
p2p_channel_peer_get_channel (P2pChannelPeer * self)
{
  return PRIV (self)->channel;
}

P2pPeerState
p2p_channel_peer_get_state (P2pChannelPeer * self)
{
  P2pChannelPeerPrivate *priv = PRIV (self);

  if (priv->closed)
    return P2P_PEER_STATE_CLOSED;
  if (!priv->usable)
    return P2P_PEER_STATE_NEW;
  return P2P_CHANNEL_PEER_GET_CLASS (self)->is_asked (self)
      ? P2P_PEER_STATE_ASKED : P2P_PEER_STATE_IDLE;
}

static gboolean
p2p_channel_peer_is_idle (P2pPeer * peer)
{
  return p2p_channel_peer_get_state (P2P_CHANNEL_PEER (peer))
      == P2P_PEER_STATE_IDLE;
}

static void
p2p_channel_peer_get_stats (P2pPeer * peer, P2pPeerStats * stats)
{
  P2pChannelPeer *self = P2P_CHANNEL_PEER (peer);
  P2pChannelPeerPrivate *priv = PRIV (self);
  P2pChannelStats channel;

  p2p_channel_get_stats (priv->channel, &channel);
  stats->state = p2p_channel_peer_get_state (self);
  stats->round_trip = channel.round_trip;
  stats->relayed = channel.relayed;
  stats->bytes_received = channel.bytes_received;
  stats->bytes_sent = channel.bytes_sent
      - MIN (channel.bytes_sent, p2p_channel_get_buffered (priv->channel));
  stats->download_rate =
      p2p_rate_get (&priv->rate, p2p_clock_get_time (priv->clock));
  if (!priv->closed)
    stats->upload_rate = P2P_CHANNEL_PEER_GET_CLASS (self)->get_upload_rate
        (self);
}

static void
p2p_channel_peer_set_events (P2pPeer * peer, const P2pPeerEvents * events,
    gpointer user_data)
{
  static const P2pChannelEvents channel_events = {
    p2p_channel_peer_on_message, p2p_channel_peer_on_drained,
    p2p_channel_peer_on_closed
  };
  P2pChannelPeer *self = P2P_CHANNEL_PEER (peer);
  P2pChannelPeerPrivate *priv = PRIV (self);
  gint64 patience = P2P_CHANNEL_PEER_GET_CLASS (self)->patience;

  if (priv->closed)
    return;
  priv->events = events;
  priv->user_data = user_data;
  p2p_clock_cancel (priv->clock, &priv->waiting);
  if (events && !priv->spoke && patience > 0)
    priv->waiting = p2p_clock_call_at (priv->clock,
        p2p_clock_get_time (priv->clock) + patience,
        p2p_channel_peer_on_waited, self);
  p2p_channel_set_events (priv->channel, events ? &channel_events : NULL, self);
}

static gboolean
p2p_channel_peer_elects (P2pPeer * peer)
{
  return PRIV (peer)->elects;
}

static void
p2p_channel_peer_iface_init (P2pPeerInterface * iface)
{
  iface->get_id = p2p_channel_peer_get_id;
  iface->get_remote_address = p2p_channel_peer_get_remote_address;
  iface->get_stats = p2p_channel_peer_get_stats;
  iface->set_events = p2p_channel_peer_set_events;
  iface->is_idle = p2p_channel_peer_is_idle;
  iface->elects = p2p_channel_peer_elects;
  iface->close = p2p_channel_peer_close;
}
