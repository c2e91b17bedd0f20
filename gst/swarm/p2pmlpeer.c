/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmlpeer.h"
#include "p2pbudget.h"
#include "p2pelection.h"
#include "p2pmldownload.h"
#include "p2pmlreader.h"
#include "p2pmlsend.h"
#include "p2pmltold.h"
#include "p2prate.h"
#include "p2psnset.h"

#include <string.h>

struct _P2pMlPeer
{
  GObject parent;

  P2pClock *clock;
  P2pChannel *channel;
  char *id;
  gboolean request_ids;
  const P2pPeerEvents *events;
  gpointer user_data;

  /* What it says */
  P2pMlReader *reader;
  P2pBudget budget;             /* of commands */
  gboolean usable;              /* it has announced what it holds */
  GArray *loaded, *loading;     /* P2pSnSets of numbers */
  P2pRate rate;                 /* of what it sends of segments */
  P2pMlDownload *download;

  /* What is said to it */
  P2pMlTold *told;
  P2pMlSend *send;              /* NULL: it is closed */
  gint64 number, request;       /* of what it asked for */
};

static void p2p_ml_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pMlPeer, p2p_ml_peer, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, p2p_ml_peer_iface_init));
/* *INDENT-ON* */

static void
p2p_ml_peer_close (P2pPeer * peer)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  if (!self->send)
    return;
  self->events = NULL;
  p2p_ml_download_stop (self->download);
  g_clear_pointer (&self->send, p2p_ml_send_free);
  p2p_channel_set_events (self->channel, NULL, NULL);
  p2p_channel_close (self->channel);
}

/* It is gone: its last event. */
static void
p2p_ml_peer_vanish (P2pMlPeer * self)
{
  const P2pPeerEvents *events = self->events;

  p2p_ml_peer_close (P2P_PEER (self));
  if (events)
    events->closed (P2P_PEER (self), self->user_data);
}

static void
p2p_ml_peer_dispose (GObject * object)
{
  p2p_ml_peer_close (P2P_PEER (object));
  G_OBJECT_CLASS (p2p_ml_peer_parent_class)->dispose (object);
}

static void
p2p_ml_peer_finalize (GObject * object)
{
  P2pMlPeer *self = P2P_ML_PEER (object);

  p2p_ml_download_free (self->download);
  p2p_ml_told_free (self->told);
  p2p_ml_reader_free (self->reader);
  g_array_unref (self->loaded);
  g_array_unref (self->loading);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self->id);
  G_OBJECT_CLASS (p2p_ml_peer_parent_class)->finalize (object);
}

static void
p2p_ml_peer_class_init (P2pMlPeerClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = p2p_ml_peer_dispose;
  object_class->finalize = p2p_ml_peer_finalize;
}

static void
p2p_ml_peer_init (P2pMlPeer * self)
{
  self->loaded = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->loading = g_array_new (FALSE, FALSE, sizeof (gint64));
}

/* What it says */

/* Returns: whether it is another one */
static gboolean
replace_set (GArray ** set, GArray * numbers)
{
  g_autoptr (GArray) before = g_steal_pointer (set);

  *set = numbers ? g_array_ref (numbers)
      : g_array_new (FALSE, FALSE, sizeof (gint64));
  p2p_sn_set_sort (*set);
  return before->len != (*set)->len || (before->len > 0
      && memcmp (before->data, (*set)->data, before->len * sizeof (gint64)));
}

static void
p2p_ml_peer_on_announcement (P2pMlPeer * self, const P2pMlCommand * command)
{
  gboolean changed = !self->usable;

  changed |= replace_set (&self->loaded, command->loaded);
  changed |= replace_set (&self->loading, command->loading);
  self->usable = TRUE;
  if (changed)
    self->events->changed (P2P_PEER (self), self->user_data);
}

/* Says type of what it asked for. */
static void
p2p_ml_peer_say (P2pMlPeer * self, P2pMlType type, gsize size)
{
  P2pMlCommand command = { type, P2P_ML_HAS_SEGMENT,.segment = self->number,
    .request = self->request,.size = size
  };

  if (self->request_ids)
    command.has |= P2P_ML_HAS_REQUEST;
  if (type == P2P_ML_DATA)
    command.has |= P2P_ML_HAS_SIZE;
  p2p_ml_command_send (&command, self->channel);
}

static void
p2p_ml_peer_on_request (P2pMlPeer * self, const P2pMlCommand * command)
{
  const char *id = p2p_ml_told_find (self->told, command->segment);

  self->number = command->segment;
  self->request = command->request;
  if (id) {
    p2p_ml_send_ask (self->send, id, command->first);
    return;
  }
  /* p2p-media-loader says nothing, and lets it wait. */
  p2p_ml_peer_say (self, P2P_ML_ABSENT, 0);
  p2p_ml_send_stop (self->send);
}

static void
p2p_ml_peer_on_cancel (P2pMlPeer * self, const P2pMlCommand * command)
{
  if (p2p_ml_send_is_busy (self->send)
      && (self->request_ids ? command->request == self->request
          : command->segment == self->number))
    p2p_ml_send_stop (self->send);
}

static void
p2p_ml_peer_dispatch (P2pMlPeer * self, const P2pMlCommand * command)
{
  switch (command->type) {
    case P2P_ML_ANNOUNCEMENT:
      p2p_ml_peer_on_announcement (self, command);
      break;
    case P2P_ML_REQUEST:
      p2p_ml_peer_on_request (self, command);
      break;
    case P2P_ML_CANCEL:
      p2p_ml_peer_on_cancel (self, command);
      break;
    case P2P_ML_ABSENT:
      p2p_sn_set_remove (self->loaded, command->segment);
      p2p_ml_download_take (self->download, command);
      break;
    case P2P_ML_DATA:
      /* As if it were not there */
      if (command->size == 0)
        p2p_sn_set_remove (self->loaded, command->segment);
      p2p_ml_download_take (self->download, command);
      break;
    default:
      p2p_ml_download_take (self->download, command);
      break;
  }
}

static void
p2p_ml_peer_take_command (P2pMlPeer * self, GBytes * message)
{
  g_auto (P2pMlCommand) command = { 0, };

  switch (p2p_ml_reader_take (self->reader, message, &command)) {
    case P2P_ML_READ_COMMAND:
      p2p_ml_peer_dispatch (self, &command);
      break;
    case P2P_ML_READ_BAD:
      p2p_ml_download_blame (self->download, "A command that makes no sense");
      break;
    default:
      break;
  }
}

static void
p2p_ml_peer_on_message (P2pChannel * channel, GBytes * bytes, gboolean text,
    gpointer data)
{
  g_autoptr (P2pMlPeer) self = g_object_ref (data);
  gint64 now = p2p_clock_get_time (self->clock);
  gsize size = g_bytes_get_size (bytes);

  if (!text && !p2p_ml_message_is_command (bytes)) {
    p2p_rate_add (&self->rate, now, size);
    p2p_ml_download_take_bytes (self->download, bytes);
  } else if (!p2p_budget_spend (&self->budget, now, size)) {
    p2p_ml_download_blame (self->download, "More commands than anybody needs");
  } else if (text) {
    p2p_ml_download_blame (self->download, "Text, where all is binary");
  } else {
    p2p_ml_peer_take_command (self, bytes);
  }
}

static void
p2p_ml_peer_on_drained (P2pChannel * channel, gpointer data)
{
  P2pMlPeer *self = data;

  p2p_ml_told_go_on (self->told);
  p2p_ml_send_go_on (self->send);
}

static void
p2p_ml_peer_on_channel_closed (P2pChannel * channel, const GError * error,
    gpointer data)
{
  g_autoptr (P2pMlPeer) self = g_object_ref (data);

  p2p_ml_peer_vanish (self);
}

/* Its download. Clocks may tell of an end when nobody hears it any more. */

static void
p2p_ml_peer_on_size (const char *id, gsize size, gpointer data)
{
  P2pMlPeer *self = data;

  self->events->size (P2P_PEER (self), id, size, self->user_data);
}

static void
p2p_ml_peer_on_data (const char *id, GBytes * bytes, gpointer data)
{
  P2pMlPeer *self = data;

  self->events->data (P2P_PEER (self), id, bytes, self->user_data);
}

static void
p2p_ml_peer_on_done (const char *id, const GError * error, gboolean broken,
    gpointer data)
{
  g_autoptr (P2pMlPeer) self = g_object_ref (data);

  if (self->events)
    self->events->done (P2P_PEER (self), id, error, self->user_data);
  if (broken)
    p2p_ml_peer_vanish (self);
}

/* What it is sent */

static P2pSegment *
p2p_ml_peer_on_wanted (const char *id, gpointer data)
{
  P2pMlPeer *self = data;

  return self->events ? self->events->wanted (P2P_PEER (self), id,
      self->user_data) : NULL;
}

static void
p2p_ml_peer_on_uploaded (gsize size, gpointer data)
{
  P2pMlPeer *self = data;

  if (self->events)
    self->events->uploaded (P2P_PEER (self), size, self->user_data);
}

/* It does not tell how urgent it is; told that something is absent it forgets that
 * it is here. */
static P2pPeerTurn
p2p_ml_peer_on_turn (gpointer data)
{
  P2pMlPeer *self = data;

  return self->events
      && self->events->turn ? self->events->turn (P2P_PEER (self), FALSE, TRUE,
      self->user_data) : P2P_PEER_TURN_NOW;
}

static void
p2p_ml_peer_on_sent (gpointer data)
{
  P2pMlPeer *self = data;

  if (self->events && self->events->sent)
    self->events->sent (P2P_PEER (self), self->user_data);
}

static void
p2p_ml_peer_on_begin (gsize size, gpointer data)
{
  p2p_ml_peer_say (data, P2P_ML_DATA, size);
}

static void
p2p_ml_peer_on_end (gpointer data)
{
  p2p_ml_peer_say (data, P2P_ML_COMPLETED, 0);
}

static void
p2p_ml_peer_on_refuse (gpointer data)
{
  p2p_ml_peer_say (data, P2P_ML_ABSENT, 0);
}

static gboolean
p2p_ml_peer_misreads (GBytes * bytes, gpointer data)
{
  return p2p_ml_message_is_command (bytes);
}

P2pPeer *
p2p_ml_peer_new (P2pClock * clock, P2pChannel * channel, P2pNames * names,
    const char *id, gboolean request_ids, gboolean counts_places)
{
  static const P2pMlSendEvents send_events = {
    p2p_ml_peer_on_wanted, p2p_ml_peer_on_uploaded, p2p_ml_peer_on_turn,
    p2p_ml_peer_on_sent, p2p_ml_peer_on_begin, p2p_ml_peer_on_end,
    p2p_ml_peer_on_refuse, p2p_ml_peer_misreads
  };
  static const P2pMlDownloadEvents download_events = {
    p2p_ml_peer_on_size, p2p_ml_peer_on_data, p2p_ml_peer_on_done
  };
  P2pMlPeer *self = g_object_new (P2P_TYPE_ML_PEER, NULL);

  self->clock = g_object_ref (clock);
  self->channel = g_object_ref (channel);
  self->id = g_strdup (id);
  self->request_ids = request_ids;
  p2p_budget_init (&self->budget, p2p_clock_get_time (clock));
  self->reader = p2p_ml_reader_new (request_ids);
  self->told = p2p_ml_told_new (channel, names, counts_places);
  self->send = p2p_ml_send_new (clock, channel, P2P_ML_MAX_MESSAGE,
      request_ids ? P2P_ML_PEER_PATIENCE : P2P_ML_PEER_SHORT_PATIENCE,
      &send_events, self);
  self->download = p2p_ml_download_new (clock, channel, request_ids,
      &download_events, self);
  return P2P_PEER (self);
}

/* The interface */

static const char *
p2p_ml_peer_get_id (P2pPeer * peer)
{
  return P2P_ML_PEER (peer)->id;
}

static const char *
p2p_ml_peer_get_remote_address (P2pPeer * peer)
{
  return p2p_channel_get_remote_address (P2P_ML_PEER (peer)->channel);
}

static P2pPeerState
p2p_ml_peer_get_state (P2pMlPeer * self)
{
  if (!self->send)
    return P2P_PEER_STATE_CLOSED;
  if (!self->usable)
    return P2P_PEER_STATE_NEW;
  return p2p_ml_download_is_idle (self->download) ? P2P_PEER_STATE_IDLE
      : P2P_PEER_STATE_ASKED;
}

static void
p2p_ml_peer_get_stats (P2pPeer * peer, P2pPeerStats * stats)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);
  P2pChannelStats channel;

  p2p_channel_get_stats (self->channel, &channel);
  stats->state = p2p_ml_peer_get_state (self);
  stats->round_trip = channel.round_trip;
  stats->relayed = channel.relayed;
  stats->bytes_received = channel.bytes_received;
  stats->bytes_sent = channel.bytes_sent
      - MIN (channel.bytes_sent, p2p_channel_get_buffered (self->channel));
  stats->download_rate =
      p2p_rate_get (&self->rate, p2p_clock_get_time (self->clock));
  if (self->send)
    stats->upload_rate = p2p_ml_send_get_rate (self->send);
}

static void
p2p_ml_peer_set_events (P2pPeer * peer, const P2pPeerEvents * events,
    gpointer user_data)
{
  static const P2pChannelEvents channel_events = {
    p2p_ml_peer_on_message, p2p_ml_peer_on_drained,
    p2p_ml_peer_on_channel_closed
  };
  P2pMlPeer *self = P2P_ML_PEER (peer);

  if (!self->send)
    return;
  self->events = events;
  self->user_data = user_data;
  p2p_channel_set_events (self->channel, events ? &channel_events : NULL, self);
}

static P2pPeerHas
p2p_ml_peer_has (P2pPeer * peer, const char *id)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);
  gint64 number = p2p_ml_told_get_number (self->told, id);

  if (number < 0)
    return P2P_PEER_HAS_NOT;
  if (p2p_sn_set_contains (self->loaded, number))
    return P2P_PEER_HAS;
  return p2p_sn_set_contains (self->loading, number) ? P2P_PEER_IS_LOADING
      : P2P_PEER_HAS_NOT;
}

static gboolean
p2p_ml_peer_is_idle (P2pPeer * peer)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  return self->usable && p2p_ml_download_is_idle (self->download);
}

static void
p2p_ml_peer_resume (P2pPeer * peer, const char *id, gsize first,
    gboolean urgent)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);
  gint64 number = p2p_ml_told_get_number (self->told, id);

  g_return_if_fail (number >= 0 && p2p_ml_peer_is_idle (peer));
  p2p_ml_download_request (self->download, id, number, first);
}

static void
p2p_ml_peer_request (P2pPeer * peer, const char *id, gboolean urgent)
{
  p2p_ml_peer_resume (peer, id, 0, urgent);
}

static void
p2p_ml_peer_cancel (P2pPeer * peer, const char *id)
{
  p2p_ml_download_cancel (P2P_ML_PEER (peer)->download, id);
}

static void
p2p_ml_peer_serve (P2pPeer * peer)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  if (self->send)
    p2p_ml_send_serve (self->send);
}

static void
p2p_ml_peer_announce (P2pPeer * peer, GPtrArray * loaded, GPtrArray * loading,
    gboolean elects)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  if (self->send)
    p2p_ml_told_update (self->told, loaded, loading);
}

static gboolean
p2p_ml_peer_elects (P2pPeer * peer)
{
  return p2p_election_is_marked (P2P_ML_PEER (peer)->id);
}

static void
p2p_ml_peer_iface_init (P2pPeerInterface * iface)
{
  iface->get_id = p2p_ml_peer_get_id;
  iface->get_remote_address = p2p_ml_peer_get_remote_address;
  iface->get_stats = p2p_ml_peer_get_stats;
  iface->set_events = p2p_ml_peer_set_events;
  iface->has = p2p_ml_peer_has;
  iface->is_idle = p2p_ml_peer_is_idle;
  iface->request = p2p_ml_peer_request;
  iface->resume = p2p_ml_peer_resume;
  iface->cancel = p2p_ml_peer_cancel;
  iface->serve = p2p_ml_peer_serve;
  iface->announce = p2p_ml_peer_announce;
  iface->elects = p2p_ml_peer_elects;
  iface->close = p2p_ml_peer_close;
}
