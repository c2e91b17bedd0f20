/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psnpeer.h"
#include "p2pbudget.h"
#include "p2perror.h"
#include "p2pjson.h"
#include "p2prate.h"
#include "p2psndownload.h"
#include "p2psnmessage.h"
#include "p2psnset.h"
#include "p2psntold.h"
#include "p2psnupload.h"

struct _P2pSnPeer
{
  GObject parent;

  P2pClock *clock;
  P2pChannel *channel;
  P2pNames *names;
  char *id;
  const P2pPeerEvents *events;
  gpointer user_data;
  gboolean bad;                 /* it broke the rules */

  /* What it said */
  gboolean usable;              /* its BITFIELD came */
  gboolean elects;              /* … and said so */
  guint waiting;                /* the call that ends the wait for that */
  GArray *held;                 /* a P2pSnSet */
  P2pBudget budget;             /* of text */
  P2pRate rate;                 /* of what it sends of segments */

  /* What is said to it */
  P2pSnTold *told;
  P2pSnUpload *upload;          /* NULL: it is closed */
  P2pSnDownload *download;
};

static void p2p_sn_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pSnPeer, p2p_sn_peer, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, p2p_sn_peer_iface_init));
/* *INDENT-ON* */

/* Nothing goes out or comes in any more. */
static void
p2p_sn_peer_shut (P2pSnPeer * self)
{
  self->events = NULL;
  p2p_clock_cancel (self->clock, &self->waiting);
  p2p_sn_download_stop (self->download);
  g_clear_pointer (&self->upload, p2p_sn_upload_free);
  p2p_channel_set_events (self->channel, NULL, NULL);
  p2p_channel_close (self->channel);
}

/* Says goodbye: what is told to be held here is not to be asked for. */
static void
p2p_sn_peer_close (P2pPeer * peer)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);

  if (!self->upload)
    return;
  p2p_sn_told_end (self->told);
  p2p_sn_message_say (self->channel, self->bad ? P2P_SN_ERROR : P2P_SN_CLOSE,
      -1, NULL);
  p2p_sn_peer_shut (self);
}

/* It is gone: its last event. */
static void
p2p_sn_peer_vanish (P2pSnPeer * self)
{
  const P2pPeerEvents *events = self->events;

  p2p_sn_peer_shut (self);
  if (events)
    events->closed (P2P_PEER (self), self->user_data);
}

static void
p2p_sn_peer_on_waited (gpointer data)
{
  g_autoptr (P2pSnPeer) self = g_object_ref (data);

  self->waiting = 0;
  p2p_sn_message_say (self->channel, P2P_SN_CLOSE, -1, NULL);
  p2p_sn_peer_vanish (self);
}

static void
p2p_sn_peer_dispose (GObject * object)
{
  p2p_sn_peer_close (P2P_PEER (object));
  G_OBJECT_CLASS (p2p_sn_peer_parent_class)->dispose (object);
}

static void
p2p_sn_peer_finalize (GObject * object)
{
  P2pSnPeer *self = P2P_SN_PEER (object);

  p2p_sn_download_free (self->download);
  g_array_unref (self->held);
  p2p_sn_told_free (self->told);
  p2p_names_unref (self->names);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self->id);
  G_OBJECT_CLASS (p2p_sn_peer_parent_class)->finalize (object);
}

static void
p2p_sn_peer_class_init (P2pSnPeerClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = p2p_sn_peer_dispose;
  object_class->finalize = p2p_sn_peer_finalize;
}

static void
p2p_sn_peer_init (P2pSnPeer * self)
{
  self->held = g_array_new (FALSE, FALSE, sizeof (gint64));
}

/* What it says */

static void
p2p_sn_peer_tell_changed (P2pSnPeer * self)
{
  if (self->usable && self->events)
    self->events->changed (P2P_PEER (self), self->user_data);
}

static void
p2p_sn_peer_on_request (P2pSnPeer * self, const P2pSnMessage * message)
{
  const P2pName *name =
      p2p_sn_told_find (self->told, message->sn, message->url);

  if (name && name->sn <= P2P_JSON_MAX_INT64)
    p2p_sn_upload_ask (self->upload, name, message->url, message->urgent);
  else
    p2p_sn_message_say (self->channel, P2P_SN_PIECE_NOT_FOUND, message->sn,
        message->url);
}

static void
p2p_sn_peer_on_field (P2pSnPeer * self, P2pSnMessage * message)
{
  g_array_unref (self->held);
  self->held = g_steal_pointer (&message->field);
  p2p_sn_set_sort (self->held);
  self->usable = TRUE;
  self->elects = message->elects;
  p2p_clock_cancel (self->clock, &self->waiting);
  if (message->packet)
    p2p_sn_upload_set_packet (self->upload, message->packet);
  p2p_sn_peer_tell_changed (self);
}

/* One without sn is sent by the seed's own client, and means nothing. */
static void
p2p_sn_peer_on_news (P2pSnPeer * self, const P2pSnMessage * message)
{
  gboolean changed = FALSE;

  if (message->sn < 0)
    return;
  if (message->event == P2P_SN_LOST)
    changed = p2p_sn_set_remove (self->held, message->sn);
  else if (self->held->len < P2P_SN_MAX_FIELD)
    changed = p2p_sn_set_add (self->held, message->sn);
  else if (!p2p_sn_set_contains (self->held, message->sn))
    p2p_sn_download_blame (self->download, "More than anybody holds");
  if (changed)
    p2p_sn_peer_tell_changed (self);
}

static void
p2p_sn_peer_dispatch (P2pSnPeer * self, P2pSnMessage * message)
{
  switch (message->event) {
    case P2P_SN_REQUEST:
      p2p_sn_peer_on_request (self, message);
      break;
    case P2P_SN_PIECE:
      p2p_sn_download_take_piece (self->download, message);
      break;
    case P2P_SN_PIECE_ACK:
      p2p_sn_upload_acknowledge (self->upload, message->sn, message->url);
      break;
    case P2P_SN_PIECE_NOT_FOUND:
      p2p_sn_download_take_not_found (self->download, message);
      break;
    case P2P_SN_BITFIELD:
      p2p_sn_peer_on_field (self, message);
      break;
    case P2P_SN_HAVE:
    case P2P_SN_LOST:
      p2p_sn_peer_on_news (self, message);
      break;
    case P2P_SN_PING:
      p2p_sn_message_say (self->channel, P2P_SN_PONG, -1, NULL);
      break;
    case P2P_SN_CLOSE:
    case P2P_SN_ERROR:
      p2p_sn_peer_vanish (self);
      break;
    case P2P_SN_PONG:
    case P2P_SN_UNKNOWN:
      break;
  }
}

static void
p2p_sn_peer_on_message (P2pChannel * channel, GBytes * bytes, gboolean text,
    gpointer data)
{
  g_autoptr (P2pSnPeer) self = g_object_ref (data);
  g_auto (P2pSnMessage) message = { 0, };
  gint64 now = p2p_clock_get_time (self->clock);
  gsize size = g_bytes_get_size (bytes);

  if (!text)
    p2p_rate_add (&self->rate, now, size);
  if (!text)
    p2p_sn_download_take_packet (self->download, bytes);
  else if (!p2p_budget_spend (&self->budget, now, size))
    p2p_sn_download_blame (self->download, "More messages than anybody needs");
  else if (p2p_sn_message_parse (&message, bytes))
    p2p_sn_peer_dispatch (self, &message);
  else
    p2p_sn_download_blame (self->download, "A message that makes no sense");
}

static void
p2p_sn_peer_on_drained (P2pChannel * channel, gpointer data)
{
  p2p_sn_upload_go_on (P2P_SN_PEER (data)->upload);
}

static void
p2p_sn_peer_on_closed (P2pChannel * channel, const GError * error,
    gpointer data)
{
  g_autoptr (P2pSnPeer) self = g_object_ref (data);

  p2p_sn_peer_vanish (self);
}

static void
p2p_sn_peer_on_size (const char *id, gsize size, gpointer data)
{
  P2pSnPeer *self = data;

  self->events->size (P2P_PEER (self), id, size, self->user_data);
}

static void
p2p_sn_peer_on_data (const char *id, GBytes * bytes, gpointer data)
{
  P2pSnPeer *self = data;

  self->events->data (P2P_PEER (self), id, bytes, self->user_data);
}

static void
p2p_sn_peer_on_done (const char *id, const GError * error, gpointer data)
{
  P2pSnPeer *self = data;

  if (g_error_matches (error, P2P_ERROR, P2P_ERROR_PEER))
    self->bad = TRUE;
  self->events->done (P2P_PEER (self), id, error, self->user_data);
}

static void
p2p_sn_peer_on_idle (gpointer data)
{
  p2p_sn_peer_tell_changed (data);
}

static P2pSegment *
p2p_sn_peer_on_wanted (const char *id, gpointer data)
{
  P2pSnPeer *self = data;

  return self->events->wanted (P2P_PEER (self), id, self->user_data);
}

static void
p2p_sn_peer_on_uploaded (gsize size, gpointer data)
{
  P2pSnPeer *self = data;

  self->events->uploaded (P2P_PEER (self), size, self->user_data);
}

static P2pPeerTurn
p2p_sn_peer_on_turn (gboolean urgent, gboolean patient, gpointer data)
{
  P2pSnPeer *self = data;

  return self->events->turn ? self->events->turn (P2P_PEER (self), urgent,
      patient, self->user_data) : P2P_PEER_TURN_NOW;
}

static void
p2p_sn_peer_on_sent (gpointer data)
{
  P2pSnPeer *self = data;

  if (self->events->sent)
    self->events->sent (P2P_PEER (self), self->user_data);
}

P2pPeer *
p2p_sn_peer_new (P2pClock * clock, P2pChannel * channel, P2pNames * names,
    const char *id)
{
  static const P2pSnUploadEvents upload_events = {
    p2p_sn_peer_on_wanted, p2p_sn_peer_on_uploaded, p2p_sn_peer_on_turn,
    p2p_sn_peer_on_sent
  };
  static const P2pSnDownloadEvents download_events = {
    p2p_sn_peer_on_size, p2p_sn_peer_on_data, p2p_sn_peer_on_done,
    p2p_sn_peer_on_idle
  };
  P2pSnPeer *self = g_object_new (P2P_TYPE_SN_PEER, NULL);

  self->clock = g_object_ref (clock);
  self->channel = g_object_ref (channel);
  self->names = p2p_names_ref (names);
  self->id = g_strdup (id);
  p2p_budget_init (&self->budget, p2p_clock_get_time (clock));
  self->told = p2p_sn_told_new (channel, names);
  self->upload = p2p_sn_upload_new (clock, channel, &upload_events, self);
  self->download = p2p_sn_download_new (clock, channel, names,
      &download_events, self);
  return P2P_PEER (self);
}

/* The interface */

static const char *
p2p_sn_peer_get_id (P2pPeer * peer)
{
  return P2P_SN_PEER (peer)->id;
}

static const char *
p2p_sn_peer_get_remote_address (P2pPeer * peer)
{
  return p2p_channel_get_remote_address (P2P_SN_PEER (peer)->channel);
}

static P2pPeerState
p2p_sn_peer_get_state (P2pSnPeer * self)
{
  if (!self->upload)
    return P2P_PEER_STATE_CLOSED;
  if (!self->usable)
    return P2P_PEER_STATE_NEW;
  return p2p_sn_download_is_idle (self->download) ? P2P_PEER_STATE_IDLE
      : P2P_PEER_STATE_ASKED;
}

static void
p2p_sn_peer_get_stats (P2pPeer * peer, P2pPeerStats * stats)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);
  P2pChannelStats channel;

  p2p_channel_get_stats (self->channel, &channel);
  stats->state = p2p_sn_peer_get_state (self);
  stats->round_trip = channel.round_trip;
  stats->relayed = channel.relayed;
  stats->bytes_received = channel.bytes_received;
  stats->bytes_sent = channel.bytes_sent
      - MIN (channel.bytes_sent, p2p_channel_get_buffered (self->channel));
  stats->download_rate =
      p2p_rate_get (&self->rate, p2p_clock_get_time (self->clock));
  if (self->upload)
    stats->upload_rate = p2p_sn_upload_get_rate (self->upload);
}

static void
p2p_sn_peer_set_events (P2pPeer * peer, const P2pPeerEvents * events,
    gpointer user_data)
{
  static const P2pChannelEvents channel_events = {
    p2p_sn_peer_on_message, p2p_sn_peer_on_drained, p2p_sn_peer_on_closed
  };
  P2pSnPeer *self = P2P_SN_PEER (peer);

  if (!self->upload)
    return;
  self->events = events;
  self->user_data = user_data;
  p2p_clock_cancel (self->clock, &self->waiting);
  if (events && !self->usable)
    self->waiting = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + P2P_SN_PEER_PATIENCE,
        p2p_sn_peer_on_waited, self);
  p2p_channel_set_events (self->channel, events ? &channel_events : NULL, self);
}

static P2pPeerHas
p2p_sn_peer_has (P2pPeer * peer, const char *id)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);
  const P2pName *name = p2p_names_find_id (self->names, id);

  /* Of two with one number it would not be known which. */
  return self->usable && name && name->sn <= P2P_JSON_MAX_INT64
      && p2p_names_find_sn (self->names, name->sn) == name
      && p2p_sn_set_contains (self->held, name->sn) ? P2P_PEER_HAS
      : P2P_PEER_HAS_NOT;
}

static gboolean
p2p_sn_peer_is_idle (P2pPeer * peer)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);

  return self->usable && p2p_sn_download_is_idle (self->download);
}

static void
p2p_sn_peer_request (P2pPeer * peer, const char *id, gboolean urgent)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);
  const P2pName *name = p2p_names_find_id (self->names, id);

  g_return_if_fail (name != NULL && p2p_sn_peer_is_idle (peer));
  p2p_sn_download_request (self->download, name, urgent);
}

static void
p2p_sn_peer_cancel (P2pPeer * peer, const char *id)
{
  p2p_sn_download_cancel (P2P_SN_PEER (peer)->download, id);
}

static void
p2p_sn_peer_accept (P2pPeer * peer, const char *id)
{
  p2p_sn_download_accept (P2P_SN_PEER (peer)->download, id);
}

static void
p2p_sn_peer_serve (P2pPeer * peer)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);

  if (self->upload)
    p2p_sn_upload_serve (self->upload);
}

static void
p2p_sn_peer_announce (P2pPeer * peer, GPtrArray * loaded, GPtrArray * loading,
    gboolean elects)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);

  if (self->upload)
    p2p_sn_told_update (self->told, loaded, elects);
}

static gboolean
p2p_sn_peer_elects (P2pPeer * peer)
{
  return P2P_SN_PEER (peer)->elects;
}

static void
p2p_sn_peer_iface_init (P2pPeerInterface * iface)
{
  iface->get_id = p2p_sn_peer_get_id;
  iface->get_remote_address = p2p_sn_peer_get_remote_address;
  iface->get_stats = p2p_sn_peer_get_stats;
  iface->set_events = p2p_sn_peer_set_events;
  iface->has = p2p_sn_peer_has;
  iface->is_idle = p2p_sn_peer_is_idle;
  iface->request = p2p_sn_peer_request;
  iface->cancel = p2p_sn_peer_cancel;
  iface->accept = p2p_sn_peer_accept;
  iface->serve = p2p_sn_peer_serve;
  iface->announce = p2p_sn_peer_announce;
  iface->elects = p2p_sn_peer_elects;
  iface->close = p2p_sn_peer_close;
}
