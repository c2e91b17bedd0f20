/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psnupload.h"
#include "p2pchunks.h"
#include "p2prate.h"
#include "p2psnmessage.h"

/* A packet is sent while no more than this waits in the channel, or again when
 * it is no more than that. */
#define HIGH_WATER (P2P_SN_MAX_BUFFERED - P2P_SN_TEXT_ROOM - P2P_SN_MAX_PACKET)
#define LOW_WATER (P2P_SN_MAX_BUFFERED / 2)

G_STATIC_ASSERT (LOW_WATER <= HIGH_WATER);

/* A piece: asked for, then under way, then sent. */
typedef struct
{
  char *id;
  gint64 sn;
  char *url;                    /* as the peer knows it */
  gboolean urgent;
  gsize size;                   /* bytes */
  gint64 deadline;              /* to be acknowledged at */
} P2pSnPiece;

struct _P2pSnUpload
{
  P2pClock *clock;
  P2pChannel *channel;
  const P2pSnUploadEvents *events;
  gpointer user_data;

  gsize packet;                 /* bytes that the peer takes in one */
  gboolean patient;             /* it has to be served what it asks for */
  gboolean waits, turn, spent;  /* for its turn; has it; had a piece in it */
  GQueue waiting;               /* of P2pSnPiece */
  GQueue sent;                  /* of P2pSnPiece, the oldest first */
  guint timer;

  P2pSnPiece *piece;            /* under way, or NULL */
  gsize piece_packet;           /* bytes of each of its packets */
  P2pChunks chunks;             /* its bytes */
  P2pRate rate;
};

static void
p2p_sn_piece_free (gpointer data)
{
  P2pSnPiece *piece = data;

  g_free (piece->id);
  g_free (piece->url);
  g_free (piece);
}

P2pSnUpload *
p2p_sn_upload_new (P2pClock * clock, P2pChannel * channel,
    const P2pSnUploadEvents * events, gpointer user_data)
{
  P2pSnUpload *self = g_new0 (P2pSnUpload, 1);

  self->clock = g_object_ref (clock);
  self->channel = g_object_ref (channel);
  self->events = events;
  self->user_data = user_data;
  self->packet = P2P_SN_PACKET;
  self->patient = TRUE;
  p2p_channel_set_low_water (channel, LOW_WATER);
  return self;
}

static void
p2p_sn_upload_drop_piece (P2pSnUpload * self)
{
  g_clear_pointer (&self->piece, p2p_sn_piece_free);
  p2p_chunks_clear (&self->chunks);
}

void
p2p_sn_upload_free (P2pSnUpload * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  p2p_sn_upload_drop_piece (self);
  g_queue_clear_full (&self->waiting, p2p_sn_piece_free);
  g_queue_clear_full (&self->sent, p2p_sn_piece_free);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self);
}

void
p2p_sn_upload_set_packet (P2pSnUpload * self, gsize size)
{
  self->patient = FALSE;
  self->packet = CLAMP (size, P2P_SN_PACKET, P2P_SN_MAX_PACKET);
}

/* What was sent */

static void p2p_sn_upload_watch (P2pSnUpload * self);

static void
p2p_sn_upload_on_timer (gpointer data)
{
  P2pSnUpload *self = data;
  gint64 now = p2p_clock_get_time (self->clock);
  P2pSnPiece *oldest = g_queue_peek_head (&self->sent);

  self->timer = 0;
  /* It cannot have what waits here. */
  if (p2p_channel_get_buffered (self->channel) > 0)
    oldest->deadline = now + P2P_SN_UPLOAD_TIMEOUT;
  for (; oldest && oldest->deadline <= now;
      oldest = g_queue_peek_head (&self->sent))
    p2p_sn_piece_free (g_queue_pop_head (&self->sent));
  p2p_sn_upload_watch (self);
}

static void
p2p_sn_upload_watch (P2pSnUpload * self)
{
  P2pSnPiece *oldest = g_queue_peek_head (&self->sent);

  if (oldest && self->timer == 0)
    self->timer = p2p_clock_call_at (self->clock, oldest->deadline,
        p2p_sn_upload_on_timer, self);
}

static void
p2p_sn_upload_finish_piece (P2pSnUpload * self)
{
  if (self->sent.length == P2P_SN_UPLOAD_MAX_REQUESTS)
    p2p_sn_piece_free (g_queue_pop_head (&self->sent));
  self->piece->deadline =
      p2p_clock_get_time (self->clock) + P2P_SN_UPLOAD_TIMEOUT;
  g_queue_push_tail (&self->sent, g_steal_pointer (&self->piece));
  p2p_sn_upload_drop_piece (self);
  p2p_sn_upload_watch (self);
}

void
p2p_sn_upload_acknowledge (P2pSnUpload * self, gint64 sn, const char *url)
{
  for (GList * l = self->sent.head; l; l = l->next) {
    P2pSnPiece *piece = l->data;
    gsize size = piece->size;

    if (sn >= 0 ? piece->sn != sn : g_strcmp0 (piece->url, url) != 0)
      continue;
    g_queue_delete_link (&self->sent, l);
    p2p_sn_piece_free (piece);
    if (self->sent.length == 0)
      p2p_clock_cancel (self->clock, &self->timer);
    self->events->uploaded (size, self->user_data);
    return;
  }
}

/* What is under way */

static void
p2p_sn_upload_refuse (P2pSnUpload * self, P2pSnPiece * piece)
{
  p2p_sn_message_say (self->channel, P2P_SN_PIECE_NOT_FOUND, piece->sn,
      piece->url);
}

/* Whether the next piece may be sent now. One that never may is refused. */
static gboolean
p2p_sn_upload_may_begin (P2pSnUpload * self)
{
  while (!self->turn && !self->waits && self->waiting.length > 0) {
    P2pSnPiece *next = g_queue_peek_head (&self->waiting);

    switch (self->events->turn (next->urgent, self->patient, self->user_data)) {
      case P2P_PEER_TURN_NOW:
        self->turn = TRUE;
        break;
      case P2P_PEER_TURN_LATER:
        self->waits = TRUE;
        break;
      case P2P_PEER_TURN_NEVER:
        p2p_sn_upload_refuse (self, g_queue_pop_head (&self->waiting));
        p2p_sn_piece_free (next);
        break;
    }
  }
  return self->turn && !self->spent && self->waiting.length > 0;
}

/* Takes the next piece and announces it. Returns: FALSE if it cannot be had or
 * said */
static gboolean
p2p_sn_upload_begin (P2pSnUpload * self)
{
  P2pSnPiece *piece = self->piece = g_queue_pop_head (&self->waiting);
  g_autoptr (P2pSegment) segment =
      self->events->wanted (piece->id, self->user_data);
  P2pSnMessage message = { P2P_SN_PIECE,.sn = piece->sn,.url = piece->url };

  self->spent = TRUE;
  piece->size = segment ? p2p_segment_get_size (segment) : 0;
  if (piece->size == 0 || piece->size > P2P_SEGMENT_MAX_BYTES) {
    p2p_sn_upload_refuse (self, piece);
    return FALSE;
  }
  self->piece_packet =
      MIN (self->packet, p2p_channel_get_max_message (self->channel));
  message.size = piece->size;
  message.attachments = (piece->size - 1) / self->piece_packet + 1;
  p2p_chunks_begin (&self->chunks, segment, 0);
  return p2p_sn_message_send (&message, self->channel);
}

static gboolean
p2p_sn_upload_send_packet (P2pSnUpload * self)
{
  g_autoptr (GBytes) bytes = p2p_chunks_take (&self->chunks,
      MIN (self->chunks.left, self->piece_packet));

  p2p_rate_add (&self->rate, p2p_clock_get_time (self->clock),
      g_bytes_get_size (bytes));
  return p2p_channel_send (self->channel, bytes, FALSE);
}

/* Others may be served, as the most of what it was sent has left. Returns: TRUE
 * if it now has to ask for another turn */
static gboolean
p2p_sn_upload_end_turn (P2pSnUpload * self)
{
  if (!self->turn || self->piece
      || p2p_channel_get_buffered (self->channel) > LOW_WATER)
    return FALSE;
  self->turn = self->spent = FALSE;
  self->events->sent (self->user_data);
  return self->waiting.length > 0;
}

void
p2p_sn_upload_go_on (P2pSnUpload * self)
{
  do {
    while ((self->piece || p2p_sn_upload_may_begin (self))
        && p2p_channel_get_buffered (self->channel) <= HIGH_WATER) {
      gboolean fine = self->piece ? p2p_sn_upload_send_packet (self)
          : p2p_sn_upload_begin (self);

      if (!fine)
        p2p_sn_upload_drop_piece (self);
      else if (self->chunks.left == 0)
        p2p_sn_upload_finish_piece (self);
    }
  } while (p2p_sn_upload_end_turn (self));
}

void
p2p_sn_upload_serve (P2pSnUpload * self)
{
  self->waits = FALSE;
  self->turn = TRUE;
  p2p_sn_upload_go_on (self);
}

guint64
p2p_sn_upload_get_rate (P2pSnUpload * self)
{
  return p2p_rate_get (&self->rate, p2p_clock_get_time (self->clock));
}

/* What is asked for */

static void
p2p_sn_upload_insert (P2pSnUpload * self, P2pSnPiece * piece)
{
  GList *at = self->waiting.head;

  while (at && (!piece->urgent || ((P2pSnPiece *) at->data)->urgent))
    at = at->next;
  g_queue_insert_before (&self->waiting, at, piece);
}

static GList *
p2p_sn_upload_find (P2pSnUpload * self, const char *id)
{
  GList *l = self->waiting.head;

  while (l && !g_str_equal (((P2pSnPiece *) l->data)->id, id))
    l = l->next;
  return l;
}

void
p2p_sn_upload_ask (P2pSnUpload * self, const P2pName * name, const char *url,
    gboolean urgent)
{
  GList *again = p2p_sn_upload_find (self, name->id);
  P2pSnPiece *piece = again ? again->data : NULL;

  if (piece && (piece->urgent || !urgent))
    return;
  if (!piece && self->waiting.length == P2P_SN_UPLOAD_MAX_REQUESTS) {
    p2p_sn_message_say (self->channel, P2P_SN_PIECE_NOT_FOUND, name->sn,
        url ? url : name->url);
    return;
  }
  if (piece) {
    g_queue_delete_link (&self->waiting, again);
  } else {
    piece = g_new0 (P2pSnPiece, 1);
    piece->id = g_strdup (name->id);
    piece->sn = name->sn;
    piece->url = g_strdup (url ? url : name->url);
  }
  piece->urgent = urgent;
  /* It waits for a better turn now. */
  if (urgent)
    self->waits = FALSE;
  p2p_sn_upload_insert (self, piece);
  p2p_sn_upload_go_on (self);
}
