/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psndownload.h"
#include "p2perror.h"

/* What is asked for. */
typedef struct
{
  P2pName name;
} P2pSnAsk;

/* What a message answers: */
typedef enum
{
  P2P_SN_ANSWER,                /* the request under way */
  P2P_SN_ANSWER_CANCELLED,      /* one that was cancelled */
  P2P_SN_ANSWER_STALE,          /* … too long ago to be waited for */
  P2P_SN_ANSWER_UNASKED,
} P2pSnAnswer;

struct _P2pSnDownload
{
  P2pClock *clock;
  P2pChannel *channel;
  P2pNames *names;
  const P2pSnDownloadEvents *events;    /* NULL: stopped */
  gpointer user_data;

  P2pSnAsk *ask;                /* the request under way */
  GPtrArray *done;              /* of P2pSnAsk: not accepted yet, the oldest
                                 * first */
  P2pSnAsk *cancelled;          /* one whose answer is waited for */
  GPtrArray *stale;             /* of P2pSnAsk, the oldest first */
  gint64 heard;                 /* when it sent anything, or was cancelled */
  guint timer;                  /* ends the wait for what was cancelled */

  /* The piece that comes */
  guint packets;                /* that are still to come; 0: no piece */
  gsize left;                   /* bytes of them */
  P2pSnAnswer answer;
};

static void
p2p_sn_ask_free (gpointer data)
{
  P2pSnAsk *ask = data;

  g_free (ask->name.id);
  g_free (ask->name.url);
  g_free (ask);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSnAsk, p2p_sn_ask_free);

P2pSnDownload *
p2p_sn_download_new (P2pClock * clock, P2pChannel * channel, P2pNames * names,
    const P2pSnDownloadEvents * events, gpointer user_data)
{
  P2pSnDownload *self = g_new0 (P2pSnDownload, 1);

  self->clock = g_object_ref (clock);
  self->channel = g_object_ref (channel);
  self->names = p2p_names_ref (names);
  self->events = events;
  self->user_data = user_data;
  self->done = g_ptr_array_new_with_free_func (p2p_sn_ask_free);
  self->stale = g_ptr_array_new_with_free_func (p2p_sn_ask_free);
  return self;
}

void
p2p_sn_download_stop (P2pSnDownload * self)
{
  self->events = NULL;
  p2p_clock_cancel (self->clock, &self->timer);
}

void
p2p_sn_download_free (P2pSnDownload * self)
{
  p2p_sn_download_stop (self);
  g_clear_pointer (&self->ask, p2p_sn_ask_free);
  g_clear_pointer (&self->cancelled, p2p_sn_ask_free);
  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->stale);
  p2p_names_unref (self->names);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self);
}

/* Requests */

gboolean
p2p_sn_download_is_idle (P2pSnDownload * self)
{
  return self->events && !self->ask && !self->cancelled;
}

void
p2p_sn_download_request (P2pSnDownload * self, const P2pName * name,
    gboolean urgent)
{
  P2pSnMessage message = { P2P_SN_REQUEST,.sn = name->sn,.urgent = urgent };

  self->ask = g_new0 (P2pSnAsk, 1);
  self->ask->name.id = g_strdup (name->id);
  self->ask->name.sn = name->sn;
  self->ask->name.url = g_strdup (name->url);
  p2p_sn_message_send (&message, self->channel);
}

static void
p2p_sn_download_end_cancelled (P2pSnDownload * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  g_clear_pointer (&self->cancelled, p2p_sn_ask_free);
  self->events->idle (self->user_data);
}

static void
p2p_sn_download_on_timer (gpointer data)
{
  P2pSnDownload *self = data;
  gint64 due = self->heard + P2P_SN_DOWNLOAD_TIMEOUT;

  self->timer = 0;
  if (p2p_clock_get_time (self->clock) < due) {
    self->timer = p2p_clock_call_at (self->clock, due,
        p2p_sn_download_on_timer, self);
    return;
  }
  /* Of a piece that has begun, the rest is known for what it is. */
  if (self->packets > 0 && self->answer == P2P_SN_ANSWER_CANCELLED)
    self->answer = P2P_SN_ANSWER_STALE;
  else
    g_ptr_array_add (self->stale, g_steal_pointer (&self->cancelled));
  if (self->stale->len > P2P_SN_DOWNLOAD_MAX_STALE)
    g_ptr_array_remove_index (self->stale, 0);
  p2p_sn_download_end_cancelled (self);
}

void
p2p_sn_download_cancel (P2pSnDownload * self, const char *id)
{
  if (!self->ask || !g_str_equal (self->ask->name.id, id))
    return;
  self->cancelled = g_steal_pointer (&self->ask);
  if (self->answer == P2P_SN_ANSWER)
    self->answer = P2P_SN_ANSWER_CANCELLED;
  self->heard = p2p_clock_get_time (self->clock);
  self->timer = p2p_clock_call_at (self->clock,
      self->heard + P2P_SN_DOWNLOAD_TIMEOUT, p2p_sn_download_on_timer, self);
}

void
p2p_sn_download_blame (P2pSnDownload * self, const char *what)
{
  g_autofree char *id = g_strdup (self->ask ? self->ask->name.id : "");
  g_autoptr (GError) error =
      g_error_new_literal (P2P_ERROR, P2P_ERROR_PEER, what);

  self->events->done (id, error, self->user_data);
  if (self->events)
    p2p_sn_download_cancel (self, id);
}

/* Its ends */

/* All bytes came: whoever hears it may accept them, or ask for more. */
static void
p2p_sn_download_finish (P2pSnDownload * self)
{
  g_autofree char *id = g_strdup (self->ask->name.id);

  if (self->done->len == P2P_SN_DOWNLOAD_MAX_DONE)
    g_ptr_array_remove_index (self->done, 0);
  g_ptr_array_add (self->done, g_steal_pointer (&self->ask));
  self->events->done (id, NULL, self->user_data);
}

void
p2p_sn_download_accept (P2pSnDownload * self, const char *id)
{
  for (guint i = 0; self->events && i < self->done->len; i++) {
    P2pSnAsk *ask = g_ptr_array_index (self->done, i);

    if (!g_str_equal (ask->name.id, id))
      continue;
    p2p_sn_message_say (self->channel, P2P_SN_PIECE_ACK, ask->name.sn,
        ask->name.url);
    g_ptr_array_remove_index (self->done, i);
    return;
  }
}

/* The peer does not have it. */
static void
p2p_sn_download_fail (P2pSnDownload * self)
{
  g_autoptr (P2pSnAsk) ask = g_steal_pointer (&self->ask);
  g_autoptr (GError) error = g_error_new (P2P_ERROR, P2P_ERROR_ABSENT,
      "The peer does not hold %s", ask->name.id);

  self->events->done (ask->name.id, error, self->user_data);
}

/* What comes */

static gboolean
p2p_sn_ask_matches (const P2pSnAsk * self, P2pNames * names,
    const P2pSnMessage * message)
{
  if (!self)
    return FALSE;
  if (message->sn >= 0)
    return self->name.sn == (guint64) message->sn;
  return message->url && p2p_names_match (names, &self->name, message->url);
}

/* What is stale is forgotten by its answer. */
static P2pSnAnswer
p2p_sn_download_find (P2pSnDownload * self, const P2pSnMessage * message)
{
  if (p2p_sn_ask_matches (self->ask, self->names, message))
    return P2P_SN_ANSWER;
  if (p2p_sn_ask_matches (self->cancelled, self->names, message))
    return P2P_SN_ANSWER_CANCELLED;
  for (guint i = 0; i < self->stale->len; i++)
    if (p2p_sn_ask_matches (g_ptr_array_index (self->stale, i), self->names,
            message)) {
      g_ptr_array_remove_index (self->stale, i);
      return P2P_SN_ANSWER_STALE;
    }
  return P2P_SN_ANSWER_UNASKED;
}

void
p2p_sn_download_take_piece (P2pSnDownload * self, const P2pSnMessage * message)
{
  if (self->packets > 0 && self->answer == P2P_SN_ANSWER)
    p2p_sn_download_blame (self, "A piece in a piece");
  if (!self->events)
    return;
  self->answer = p2p_sn_download_find (self, message);
  self->packets = message->attachments;
  self->left = message->size;
  self->heard = p2p_clock_get_time (self->clock);
  if (self->answer == P2P_SN_ANSWER_UNASKED) {
    p2p_sn_download_blame (self, "A piece that was not asked for");
  } else if (self->answer == P2P_SN_ANSWER && message->url
      && !p2p_names_match (self->names, &self->ask->name, message->url)) {
    /* Of another variant, or of a stream whose numbers mean something else. */
    self->answer = P2P_SN_ANSWER_STALE;
    p2p_sn_download_fail (self);
  } else if (self->answer == P2P_SN_ANSWER) {
    self->events->size (self->ask->name.id, message->size, self->user_data);
  }
}

/* Each packet that is still to come has a byte, and the last one all. */
static gboolean
p2p_sn_download_fits (P2pSnDownload * self, gsize size)
{
  if (self->packets == 0 || size == 0 || size > P2P_SN_MAX_PACKET)
    return FALSE;
  return self->packets == 1 ? size == self->left
      : size + self->packets - 1 <= self->left;
}

void
p2p_sn_download_take_packet (P2pSnDownload * self, GBytes * bytes)
{
  gsize size = g_bytes_get_size (bytes);

  if (!p2p_sn_download_fits (self, size)) {
    self->packets = 0;
    p2p_sn_download_blame (self, "Bytes that were not announced");
    return;
  }
  self->packets--;
  self->left -= size;
  self->heard = p2p_clock_get_time (self->clock);
  if (self->answer == P2P_SN_ANSWER)
    self->events->data (self->ask->name.id, bytes, self->user_data);
  if (self->packets > 0 || !self->events)
    return;
  if (self->answer == P2P_SN_ANSWER)
    p2p_sn_download_finish (self);
  else if (self->answer == P2P_SN_ANSWER_CANCELLED)
    p2p_sn_download_end_cancelled (self);
}

void
p2p_sn_download_take_not_found (P2pSnDownload * self,
    const P2pSnMessage * message)
{
  P2pSnAnswer answer = p2p_sn_download_find (self, message);

  /* It is being sent all the same. */
  if (self->packets > 0 && self->answer == answer)
    return;
  if (answer == P2P_SN_ANSWER)
    p2p_sn_download_fail (self);
  else if (answer == P2P_SN_ANSWER_CANCELLED)
    p2p_sn_download_end_cancelled (self);
}
