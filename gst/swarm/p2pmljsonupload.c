/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljsonupload.h"
#include "p2pmlsend.h"

typedef struct
{
  char *id, *wire;
} P2pMlJsonAsk;

struct _P2pMlJsonUpload
{
  P2pClock *clock;
  P2pChannel *channel;
  P2pMlWire kind;
  const P2pMlJsonUploadEvents *events;  /* NULL: stopped */
  gpointer user_data;

  P2pMlSend *send;
  GQueue waiting;               /* of P2pMlJsonAsk */
  P2pMlJsonAsk *ask;            /* what send has */
  guint index, n_pieces;        /* of it, in G0 */
  GQueue commands;              /* of GBytes, to be said */
  GBytes *map;                  /* the same, or NULL */
  guint call;                   /* between two segments */
};

static void
p2p_ml_json_ask_free (gpointer data)
{
  P2pMlJsonAsk *ask = data;

  g_free (ask->id);
  g_free (ask->wire);
  g_free (ask);
}

/* What is said */

gboolean
p2p_ml_json_upload_is_sending (P2pMlJsonUpload * self)
{
  return self->kind != P2P_ML_WIRE_ARRAYS && self->send
      && p2p_ml_send_has_begun (self->send);
}

/* Returns: FALSE if it has to wait */
static gboolean
p2p_ml_json_upload_try (P2pMlJsonUpload * self, GBytes * command)
{
  if (p2p_ml_json_upload_is_sending (self)
      || p2p_channel_get_buffered (self->channel) + g_bytes_get_size (command)
      > P2P_ML_JSON_UPLOAD_MAX_BUFFERED)
    return FALSE;
  p2p_channel_send (self->channel, command, FALSE);
  return TRUE;
}

static void
p2p_ml_json_upload_flush (P2pMlJsonUpload * self)
{
  while (self->commands.length > 0
      && p2p_ml_json_upload_try (self, g_queue_peek_head (&self->commands)))
    g_bytes_unref (g_queue_pop_head (&self->commands));
  if (self->map && self->commands.length == 0
      && p2p_ml_json_upload_try (self, self->map))
    g_clear_pointer (&self->map, g_bytes_unref);
}

void
p2p_ml_json_upload_say_map (P2pMlJsonUpload * self, GBytes * map)
{
  if (!self->events)
    return;
  g_clear_pointer (&self->map, g_bytes_unref);
  self->map = g_bytes_ref (map);
  p2p_ml_json_upload_flush (self);
}

static GBytes *
p2p_ml_json_upload_write (P2pMlJsonUpload * self, P2pMlJsonCommand command,
    const char *wire, gsize size)
{
  P2pMlJson message = { command,.id = (char *) wire,.size = size };

  return p2p_ml_json_write (&message, self->kind);
}

void
p2p_ml_json_upload_say (P2pMlJsonUpload * self, P2pMlJsonCommand command,
    const char *wire)
{
  if (!self->events || self->commands.length == P2P_ML_JSON_UPLOAD_MAX_COMMANDS)
    return;
  g_queue_push_tail (&self->commands,
      p2p_ml_json_upload_write (self, command, wire, 0));
  p2p_ml_json_upload_flush (self);
}

/* One segment after the other */

static void
p2p_ml_json_upload_next (P2pMlJsonUpload * self)
{
  if (self->call || p2p_ml_send_is_busy (self->send)
      || self->waiting.length == 0)
    return;
  g_clear_pointer (&self->ask, p2p_ml_json_ask_free);
  self->ask = g_queue_pop_head (&self->waiting);
  p2p_ml_send_ask (self->send, self->ask->id, 0);
}

static void
p2p_ml_json_upload_on_pause (gpointer data)
{
  P2pMlJsonUpload *self = data;

  self->call = 0;
  p2p_ml_json_upload_next (self);
}

static void
p2p_ml_json_upload_on_call (gpointer data)
{
  P2pMlJsonUpload *self = data;

  self->call = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + P2P_ML_JSON_UPLOAD_PAUSE,
      p2p_ml_json_upload_on_pause, self);
  p2p_ml_json_upload_flush (self);
  self->events->free (self->user_data);
}

/* Not at once, as this may be inside a call of the peer's or of send's. */
static void
p2p_ml_json_upload_end (P2pMlJsonUpload * self)
{
  g_clear_pointer (&self->ask, p2p_ml_json_ask_free);
  if (self->call == 0)
    self->call = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock), p2p_ml_json_upload_on_call, self);
}

static P2pSegment *
p2p_ml_json_upload_on_wanted (const char *id, gpointer data)
{
  P2pMlJsonUpload *self = data;

  return self->events->wanted (id, self->user_data);
}

static void
p2p_ml_json_upload_on_uploaded (gsize size, gpointer data)
{
  P2pMlJsonUpload *self = data;

  self->events->uploaded (size, self->user_data);
}

static P2pPeerTurn
p2p_ml_json_upload_on_turn (gboolean urgent, gboolean patient, gpointer data)
{
  P2pMlJsonUpload *self = data;

  return self->events->turn (urgent, patient, self->user_data);
}

static void
p2p_ml_json_upload_on_sent (gpointer data)
{
  P2pMlJsonUpload *self = data;

  self->events->sent (self->user_data);
}

static void
p2p_ml_json_upload_on_begin (gsize size, gpointer data)
{
  P2pMlJsonUpload *self = data;
  g_autoptr (GBytes) header = NULL;

  self->index = 0;
  self->n_pieces = (size + P2P_ML_JSON_PIECE - 1) / P2P_ML_JSON_PIECE;
  if (self->kind == P2P_ML_WIRE_ARRAYS)
    return;
  header = p2p_ml_json_upload_write (self, P2P_ML_JSON_DATA, self->ask->wire,
      size);
  p2p_channel_send (self->channel, header, FALSE);
}

static void
p2p_ml_json_upload_on_end (gpointer data)
{
  p2p_ml_json_upload_end (data);
}

static void
p2p_ml_json_upload_on_refuse (gpointer data)
{
  P2pMlJsonUpload *self = data;

  p2p_ml_json_upload_say (self, P2P_ML_JSON_ABSENT, self->ask->wire);
  p2p_ml_json_upload_end (self);
}

/* A part of a segment that is a command by their rules would end its download. */
static gboolean
p2p_ml_json_upload_is_misread (GBytes * bytes, gpointer data)
{
  P2pMlJsonUpload *self = data;
  g_auto (P2pMlJson) message = { 0, };

  return p2p_ml_json_read (&message, self->kind, bytes);
}

static GBytes *
p2p_ml_json_upload_pack (GBytes * bytes, gpointer data)
{
  P2pMlJsonUpload *self = data;
  P2pMlJson message = { P2P_ML_JSON_DATA,.id = self->ask->wire,.piece = bytes,
    .index = self->index++,.n_pieces = self->n_pieces
  };

  return p2p_ml_json_write (&message, self->kind);
}

P2pMlJsonUpload *
p2p_ml_json_upload_new (P2pClock * clock, P2pChannel * channel,
    P2pMlWire kind, const P2pMlJsonUploadEvents * events, gpointer user_data)
{
  static const P2pMlSendEvents raw_events = {
    p2p_ml_json_upload_on_wanted, p2p_ml_json_upload_on_uploaded,
    p2p_ml_json_upload_on_turn, p2p_ml_json_upload_on_sent,
    p2p_ml_json_upload_on_begin, p2p_ml_json_upload_on_end,
    p2p_ml_json_upload_on_refuse, p2p_ml_json_upload_is_misread, NULL
  }, json_events = {
    p2p_ml_json_upload_on_wanted, p2p_ml_json_upload_on_uploaded,
    p2p_ml_json_upload_on_turn, p2p_ml_json_upload_on_sent,
    p2p_ml_json_upload_on_begin, p2p_ml_json_upload_on_end,
    p2p_ml_json_upload_on_refuse, NULL, p2p_ml_json_upload_pack
  };
  P2pMlJsonUpload *self = g_new0 (P2pMlJsonUpload, 1);
  gboolean is_raw = kind != P2P_ML_WIRE_ARRAYS;

  self->clock = g_object_ref (clock);
  self->channel = g_object_ref (channel);
  self->kind = kind;
  self->events = events;
  self->user_data = user_data;
  self->send = p2p_ml_send_new (clock, channel,
      is_raw ? P2P_ML_MAX_MESSAGE : P2P_ML_JSON_PIECE,
      is_raw ? P2P_ML_JSON_UPLOAD_PATIENCE : P2P_ML_JSON_UPLOAD_PATIENCE_G0,
      is_raw ? &raw_events : &json_events, self);
  return self;
}

void
p2p_ml_json_upload_stop (P2pMlJsonUpload * self)
{
  self->events = NULL;
  p2p_clock_cancel (self->clock, &self->call);
  g_clear_pointer (&self->send, p2p_ml_send_free);
}

void
p2p_ml_json_upload_free (P2pMlJsonUpload * self)
{
  p2p_ml_json_upload_stop (self);
  g_queue_clear_full (&self->waiting, p2p_ml_json_ask_free);
  g_clear_pointer (&self->ask, p2p_ml_json_ask_free);
  g_queue_clear_full (&self->commands, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&self->map, g_bytes_unref);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self);
}

/* What is asked for */

static GList *
p2p_ml_json_upload_find (P2pMlJsonUpload * self, const char *wire)
{
  GList *l = self->waiting.head;

  while (l && !g_str_equal (((P2pMlJsonAsk *) l->data)->wire, wire))
    l = l->next;
  return l;
}

void
p2p_ml_json_upload_ask (P2pMlJsonUpload * self, const char *id,
    const char *wire)
{
  P2pMlJsonAsk *ask;

  if (p2p_ml_json_upload_find (self, wire))
    return;
  if (self->waiting.length == P2P_ML_JSON_UPLOAD_MAX_REQUESTS) {
    p2p_ml_json_upload_say (self, P2P_ML_JSON_ABSENT, wire);
    return;
  }
  ask = g_new0 (P2pMlJsonAsk, 1);
  ask->id = g_strdup (id);
  ask->wire = g_strdup (wire);
  g_queue_push_tail (&self->waiting, ask);
  p2p_ml_json_upload_next (self);
}

/* Others of us wait for an answer all the same, theirs do not mind one. */
void
p2p_ml_json_upload_cancel (P2pMlJsonUpload * self, const char *wire)
{
  GList *l = p2p_ml_json_upload_find (self, wire);

  if (l) {
    p2p_ml_json_ask_free (l->data);
    g_queue_delete_link (&self->waiting, l);
  } else if (self->ask && g_str_equal (self->ask->wire, wire)
      && !p2p_ml_json_upload_is_sending (self)) {
    p2p_ml_send_stop (self->send);
    p2p_ml_json_upload_end (self);
  } else {
    return;
  }
  p2p_ml_json_upload_say (self, P2P_ML_JSON_ABSENT, wire);
}

void
p2p_ml_json_upload_serve (P2pMlJsonUpload * self)
{
  if (self->send)
    p2p_ml_send_serve (self->send);
}

void
p2p_ml_json_upload_go_on (P2pMlJsonUpload * self)
{
  p2p_ml_json_upload_flush (self);
  p2p_ml_send_go_on (self->send);
}

guint64
p2p_ml_json_upload_get_rate (P2pMlJsonUpload * self)
{
  return self->send ? p2p_ml_send_get_rate (self->send) : 0;
}
