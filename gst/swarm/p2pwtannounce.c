/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pwtannounce.h"

#include <string.h>

#include "p2pbackoff.h"

/* Bytes of an announce without its offers, at most. */
#define REST_OF_MESSAGE 2048

struct _P2pWtAnnounce
{
  P2pClock *clock;
  GRand *rand;
  P2pWtDialer *dialer;
  P2pWtWay *way;
  guint n_offers;
  const P2pWtAnnounceEvents *events;
  gpointer user_data;

  gboolean online;
  guint timer;                  /* to the next announce */
  gint64 interval;
  gint64 sent_at;
  gboolean waiting;             /* for a reply */
  guint unanswered;             /* in a row */
  guint failures;               /* in a row */
  gboolean started;             /* the tracker took that */
  gboolean sent_start;
  char *tracker_id;             /* JSON, or NULL */
  guint n_viewers;

  char *words;                  /* to be handed on, or NULL */
  guint words_timer;
  gint64 next_words;
};

/* --- writing --- */

static void
init_message (P2pWtAnnounce * self, P2pWtMessage * message, P2pWtEvent event,
    GString * ids)
{
  gsize hash_size;

  p2p_wt_id_write (p2p_wt_dialer_get_info_hash (self->dialer), ids);
  hash_size = ids->len;
  p2p_wt_id_write (p2p_wt_dialer_get_peer_id (self->dialer), ids);
  p2p_wt_message_init (message);
  message->action = P2P_WT_ACTION_ANNOUNCE;
  message->event = event;
  message->info_hash.text = ids->str;
  message->info_hash.size = hash_size;
  message->peer_id.text = ids->str + hash_size;
  message->peer_id.size = ids->len - hash_size;
}

static void
add_tracker_id (P2pWtAnnounce * self, P2pWtMessage * message)
{
  message->uploaded = message->downloaded = 0;
  message->trackerid.text = self->tracker_id;
  message->trackerid.size = self->tracker_id ? strlen (self->tracker_id) : 0;
}

static void
p2p_wt_announce_send (P2pWtAnnounce * self, const P2pWtMessage * message)
{
  g_autoptr (GString) text = g_string_new (NULL);

  p2p_wt_message_write (message, text);
  self->events->send (text, self->user_data);
}

/* Adds to message what fits. texts: keeps what it points to. */
static void
add_offers (P2pWtMessage * message, const P2pWtAhead * offers, guint n_offers,
    GPtrArray * texts)
{
  gsize size = REST_OF_MESSAGE;

  message->has_offers = TRUE;
  for (guint i = 0; i < n_offers; i++) {
    P2pWtOffer *offer = &message->offers[message->n_offers];
    GString *text = g_string_new (NULL);

    p2p_wt_write_sdp (text, "offer", offers[i].sdp);
    offer->offer.size = text->len;
    p2p_wt_id_write (&offers[i].id, text);
    offer->offer.text = text->str;
    offer->offer_id.text = text->str + offer->offer.size;
    offer->offer_id.size = text->len - offer->offer.size;
    size += text->len + strlen ("{\"offer\":,\"offer_id\":},");
    g_ptr_array_add (texts, g_string_free (text, FALSE));
    if (size <= P2P_WT_MAX_SIZE && message->n_offers < P2P_WT_MAX_OFFERS)
      message->n_offers++;
  }
  message->numwant = message->n_offers;
}

/* --- announces --- */

static void
p2p_wt_announce_on_due (gpointer user_data)
{
  P2pWtAnnounce *self = user_data;

  self->timer = 0;
  self->unanswered += self->waiting;
  if (self->unanswered >= P2P_WT_MAX_UNANSWERED)
    self->events->silent (self->user_data);
  else
    p2p_wt_way_make_offers (self->way, self->n_offers);
}

static void
p2p_wt_announce_schedule (P2pWtAnnounce * self, gint64 when)
{
  p2p_clock_cancel (self->clock, &self->timer);
  self->timer = p2p_clock_call_at (self->clock, when, p2p_wt_announce_on_due,
      self);
}

static void
p2p_wt_announce_on_offers (const P2pWtAhead * offers, guint n_offers,
    gpointer user_data)
{
  P2pWtAnnounce *self = user_data;
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) ids = g_string_new (NULL);
  P2pWtMessage message;

  if (!self->online)
    return;
  init_message (self, &message, self->started ? P2P_WT_EVENT_NONE
      : P2P_WT_EVENT_STARTED, ids);
  add_tracker_id (self, &message);
  add_offers (&message, offers, n_offers, texts);
  self->waiting = TRUE;
  self->sent_start = TRUE;
  self->sent_at = p2p_clock_get_time (self->clock);
  p2p_wt_announce_schedule (self, self->sent_at + self->interval);
  p2p_wt_announce_send (self, &message);
}

static void
p2p_wt_announce_on_answer (const P2pWtId * to, const P2pJsonSlice * offer_id,
    const char *sdp, gpointer user_data)
{
  P2pWtAnnounce *self = user_data;
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GString) target = g_string_new (NULL);
  g_autoptr (GString) answer = g_string_new (NULL);
  P2pWtMessage message;

  if (!self->online)
    return;
  init_message (self, &message, P2P_WT_EVENT_NONE, ids);
  p2p_wt_id_write (to, target);
  p2p_wt_write_sdp (answer, "answer", sdp);
  message.to_peer_id.text = target->str;
  message.to_peer_id.size = target->len;
  message.answer.text = answer->str;
  message.answer.size = answer->len;
  message.offer_id = *offer_id;
  p2p_wt_announce_send (self, &message);
}

static const P2pWtWayEvents way_events = {
  p2p_wt_announce_on_offers,
  p2p_wt_announce_on_answer,
};

/* --- replies --- */

static void
p2p_wt_announce_on_words (gpointer user_data)
{
  P2pWtAnnounce *self = user_data;
  g_autofree char *words = g_steal_pointer (&self->words);

  self->words_timer = 0;
  self->next_words = p2p_clock_get_time (self->clock) + P2P_WT_WORDS_PAUSE;
  self->events->warning (words, self->user_data);
}

/* A stranger's words, cut, in one line */
static char *
clean (const P2pJsonSlice * slice)
{
  g_autofree char *text = p2p_json_slice_dup_string (slice);
  GString *words = g_string_new (NULL);
  const char *at = text;

  for (guint i = 0; at && *at && i < P2P_WT_MAX_WORDS; i++) {
    gunichar c = g_utf8_get_char (at);

    g_string_append_unichar (words, g_unichar_isprint (c)
        && g_unichar_type (c) != G_UNICODE_PRIVATE_USE ? c : '?');
    at = g_utf8_next_char (at);
  }
  return g_string_free (words, FALSE);
}

/* What it said last, not too often. */
static void
p2p_wt_announce_say (P2pWtAnnounce * self, const char *format,
    const P2pJsonSlice * slice)
{
  g_autofree char *theirs = clean (slice);
  gint64 now = p2p_clock_get_time (self->clock);

  g_free (self->words);
  self->words = g_strdup_printf (format, theirs);
  if (!self->words_timer)
    self->words_timer = p2p_clock_call_at (self->clock,
        MAX (now, self->next_words), p2p_wt_announce_on_words, self);
}

/* Returns: microseconds, in bounds; -1: it says nothing */
static gint64
get_interval (const P2pWtMessage * message)
{
  gint64 seconds = MAX (message->interval, message->min_interval);

  if (message->interval <= 0 && message->min_interval <= 0)
    return -1;
  return CLAMP (seconds, P2P_WT_MIN_INTERVAL / P2P_SECOND,
      P2P_WT_MAX_INTERVAL / P2P_SECOND) * P2P_SECOND;
}

static void
p2p_wt_announce_fail (P2pWtAnnounce * self, const P2pWtMessage * message)
{
  gint64 now = p2p_clock_get_time (self->clock);
  gint64 pause;

  p2p_wt_announce_say (self, "The tracker refused the announce and is asked "
      "again later. It says: %s", &message->failure);
  if (!self->waiting)
    return;
  self->waiting = self->started = FALSE;
  self->unanswered = 0;
  pause = p2p_backoff (self->rand, P2P_WT_RETRY, P2P_WT_RETRY_MAX,
      ++self->failures);
  p2p_wt_announce_schedule (self, now + MAX (pause, get_interval (message)));
}

/* Also what comes when nobody waits for it may be news. */
static void
p2p_wt_announce_take (P2pWtAnnounce * self, const P2pWtMessage * message)
{
  gint64 interval = get_interval (message);
  gboolean first = self->waiting && !self->started;

  if (message->complete >= 0 || message->incomplete >= 0)
    self->n_viewers = MIN (MAX (message->complete, 0)
        + MAX (message->incomplete, 0), G_MAXUINT);
  if (interval > 0)
    self->interval = interval;
  if (!self->waiting)
    return;
  self->waiting = FALSE;
  self->started = TRUE;
  self->unanswered = self->failures = 0;
  p2p_wt_announce_schedule (self, self->sent_at + self->interval);
  if (first)
    self->events->announced (self->n_viewers, self->user_data);
}

static void
p2p_wt_announce_read (P2pWtAnnounce * self, const P2pWtMessage * message)
{
  const P2pJsonSlice *id = &message->tracker_id;

  if (id->text && *id->text == '"' && id->size <= P2P_WT_MAX_TRACKER_ID) {
    g_free (self->tracker_id);
    self->tracker_id = g_strndup (id->text, id->size);
  }
  if (message->failure.text) {
    p2p_wt_announce_fail (self, message);
    return;
  }
  if (message->warning.text)
    p2p_wt_announce_say (self, "The tracker warns: %s", &message->warning);
  if (message->interval >= 0 || message->min_interval >= 0
      || message->complete >= 0 || message->incomplete >= 0)
    p2p_wt_announce_take (self, message);
}

void
p2p_wt_announce_receive (P2pWtAnnounce * self, const P2pWtMessage * message)
{
  if (!self->online || message->action > P2P_WT_ACTION_ANNOUNCE)
    return;
  if (message->offer.text || message->answer.text)
    p2p_wt_way_receive (self->way, message);
  else
    p2p_wt_announce_read (self, message);
}

/* --- life --- */

void
p2p_wt_announce_set_online (P2pWtAnnounce * self, gboolean online)
{
  self->online = online;
  self->waiting = self->started = self->sent_start = FALSE;
  self->unanswered = 0;
  p2p_clock_cancel (self->clock, &self->timer);
  if (online)
    p2p_wt_announce_schedule (self, p2p_clock_get_time (self->clock));
}

guint
p2p_wt_announce_get_n_viewers (P2pWtAnnounce * self)
{
  return self->n_viewers;
}

gboolean
p2p_wt_announce_is_taken (P2pWtAnnounce * self)
{
  return self->started;
}

gboolean
p2p_wt_announce_is_refused (P2pWtAnnounce * self)
{
  return self->failures > 0 && !self->waiting;
}

P2pWtAnnounce *
p2p_wt_announce_new (P2pClock * clock, GRand * rand, P2pWtDialer * dialer,
    guint n_offers, const P2pWtAnnounceEvents * events, gpointer user_data)
{
  P2pWtAnnounce *self = g_new0 (P2pWtAnnounce, 1);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->dialer = dialer;
  self->way = p2p_wt_way_new (dialer, &way_events, self);
  self->n_offers = n_offers;
  self->events = events;
  self->user_data = user_data;
  self->interval = P2P_WT_INTERVAL;
  return self;
}

static void
p2p_wt_announce_stop (P2pWtAnnounce * self)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  P2pWtMessage message;

  init_message (self, &message, P2P_WT_EVENT_STOPPED, ids);
  add_tracker_id (self, &message);
  p2p_wt_announce_send (self, &message);
}

void
p2p_wt_announce_free (P2pWtAnnounce * self)
{
  if (self->online && self->sent_start)
    p2p_wt_announce_stop (self);
  p2p_clock_cancel (self->clock, &self->timer);
  p2p_clock_cancel (self->clock, &self->words_timer);
  p2p_wt_way_free (self->way);
  g_object_unref (self->clock);
  g_free (self->tracker_id);
  g_free (self->words);
  g_free (self);
}
