/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmlsend.h"
#include "p2pchunks.h"
#include "p2prate.h"

struct _P2pMlSend
{
  P2pClock *clock;
  P2pChannel *channel;
  gsize piece;
  gint64 patience;
  const P2pMlSendEvents *events;
  gpointer user_data;

  char *id;                     /* what is asked for, or NULL */
  gsize first;
  gboolean begun;
  P2pChunks chunks;             /* what is left of it */
  gboolean waits, turn;         /* for its turn; has it, or goes without */
  guint timer;                  /* the end of its patience */
  P2pRate rate;
};

P2pMlSend *
p2p_ml_send_new (P2pClock * clock, P2pChannel * channel, gsize piece,
    gint64 patience, const P2pMlSendEvents * events, gpointer user_data)
{
  P2pMlSend *self = g_new0 (P2pMlSend, 1);

  self->clock = g_object_ref (clock);
  self->channel = g_object_ref (channel);
  self->piece = piece;
  self->patience = patience;
  self->events = events;
  self->user_data = user_data;
  p2p_channel_set_low_water (channel, P2P_ML_WATER);
  return self;
}

/* It is not sent any more. */
static void
p2p_ml_send_drop (P2pMlSend * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  g_clear_pointer (&self->id, g_free);
  p2p_chunks_clear (&self->chunks);
  self->begun = FALSE;
}

void
p2p_ml_send_free (P2pMlSend * self)
{
  p2p_ml_send_drop (self);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self);
}

/* Turns */

static void
p2p_ml_send_on_patience (gpointer data)
{
  P2pMlSend *self = data;

  self->timer = 0;
  p2p_ml_send_serve (self);
}

static void
p2p_ml_send_end_turn (P2pMlSend * self)
{
  if (!self->turn && !self->waits)
    return;
  self->turn = self->waits = FALSE;
  self->events->sent (self->user_data);
}

/* Whether what is asked for may be sent now. What never may is refused. */
static gboolean
p2p_ml_send_may_begin (P2pMlSend * self)
{
  if (self->turn || self->waits)
    return self->turn;
  /* It does not say what is urgent, and forgets what it is told to be absent. */
  switch (self->events->turn (FALSE, TRUE, self->user_data)) {
    case P2P_PEER_TURN_NOW:
      self->turn = TRUE;
      break;
    case P2P_PEER_TURN_LATER:
      self->waits = TRUE;
      if (self->patience != P2P_NEVER)
        self->timer = p2p_clock_call_at (self->clock,
            p2p_clock_get_time (self->clock) + self->patience,
            p2p_ml_send_on_patience, self);
      break;
    case P2P_PEER_TURN_NEVER:
      p2p_ml_send_drop (self);
      self->events->refuse (self->user_data);
      break;
  }
  return self->turn;
}

void
p2p_ml_send_serve (P2pMlSend * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  self->waits = FALSE;
  self->turn = TRUE;
  p2p_ml_send_go_on (self);
}

/* What is under way */

static void
p2p_ml_send_begin (P2pMlSend * self)
{
  g_autoptr (P2pSegment) segment =
      self->events->wanted (self->id, self->user_data);

  if (!segment || p2p_segment_get_size (segment) == 0) {
    p2p_ml_send_drop (self);
    self->events->refuse (self->user_data);
    return;
  }
  self->begun = TRUE;
  p2p_chunks_begin (&self->chunks, segment, self->first);
  self->events->begin (self->chunks.left, self->user_data);
}

static GBytes *
p2p_ml_send_take (P2pMlSend * self)
{
  gsize most = MIN (self->piece, p2p_channel_get_max_message (self->channel));
  gsize size = MIN (self->chunks.left, most);
  P2pChunks at = self->chunks;
  GBytes *bytes = p2p_chunks_take (&self->chunks, size);

  if (size > 1 && self->events->misread
      && self->events->misread (bytes, self->user_data)) {
    g_bytes_unref (bytes);
    self->chunks = at;
    bytes = p2p_chunks_take (&self->chunks, size - 1);
  }
  return bytes;
}

/* Returns: bytes that were sent, 0 if that cannot be */
static gsize
p2p_ml_send_send_piece (P2pMlSend * self)
{
  g_autoptr (GBytes) bytes = p2p_ml_send_take (self);
  g_autoptr (GBytes) message = self->events->pack
      ? self->events->pack (bytes, self->user_data) : g_bytes_ref (bytes);
  gsize size = g_bytes_get_size (bytes);

  if (!p2p_channel_send (self->channel, message, FALSE))
    return 0;
  p2p_rate_add (&self->rate, p2p_clock_get_time (self->clock), size);
  return size;
}

/* Sends the next of it. Returns: bytes of the segment */
static gsize
p2p_ml_send_step (P2pMlSend * self)
{
  gsize size = 0;

  if (!self->begun) {
    p2p_ml_send_begin (self);
  } else if (self->chunks.left > 0) {
    size = p2p_ml_send_send_piece (self);
    if (size == 0)
      p2p_ml_send_drop (self);
  } else {
    p2p_ml_send_drop (self);
    self->events->end (self->user_data);
  }
  return size;
}

void
p2p_ml_send_go_on (P2pMlSend * self)
{
  gsize sent = 0;

  while (self->id && p2p_channel_get_buffered (self->channel) <= P2P_ML_WATER
      && p2p_ml_send_may_begin (self))
    sent += p2p_ml_send_step (self);
  /* Others may be served, as the most of it has left. */
  if (!self->id && p2p_channel_get_buffered (self->channel) <= P2P_ML_WATER)
    p2p_ml_send_end_turn (self);
  if (sent > 0)
    self->events->uploaded (sent, self->user_data);
}

/* What is asked for */

void
p2p_ml_send_stop (P2pMlSend * self)
{
  p2p_ml_send_drop (self);
  p2p_ml_send_go_on (self);
}

void
p2p_ml_send_ask (P2pMlSend * self, const char *id, gsize first)
{
  g_autofree char *copy = g_strdup (id);

  p2p_ml_send_drop (self);
  p2p_ml_send_end_turn (self);
  self->id = g_steal_pointer (&copy);
  self->first = first;
  p2p_ml_send_go_on (self);
}

gboolean
p2p_ml_send_is_busy (P2pMlSend * self)
{
  return self->id != NULL;
}

gboolean
p2p_ml_send_has_begun (P2pMlSend * self)
{
  return self->begun;
}

guint64
p2p_ml_send_get_rate (P2pMlSend * self)
{
  return p2p_rate_get (&self->rate, p2p_clock_get_time (self->clock));
}
