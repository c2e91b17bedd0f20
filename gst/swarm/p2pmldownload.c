/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmldownload.h"
#include "p2perror.h"
#include "p2psegment.h"

/* A request, on the wire. */
typedef struct
{
  gint64 number, request;       /* -1: none */
} P2pMlAsk;

/* What the bytes that come belong to: */
typedef enum
{
  P2P_ML_FLOW_NONE,             /* nothing was announced */
  P2P_ML_FLOW_OURS,             /* the request under way */
  P2P_ML_FLOW_LATE,             /* one that was cancelled */
  P2P_ML_FLOW_UNASKED,
} P2pMlFlow;

struct _P2pMlDownload
{
  P2pClock *clock;
  P2pChannel *channel;
  gboolean request_ids;
  const P2pMlDownloadEvents *events;    /* NULL: stopped */
  gpointer user_data;

  /* The request under way */
  char *id;                     /* NULL: none */
  P2pMlAsk ask;
  guint n_asked;                /* that there ever were */
  gsize held;                   /* bytes from the first one on: that were held, and
                                 * have come */
  gsize size;                   /* of the segment; 0: not known yet */
  gint64 heard;                 /* when anything came */
  guint timer;
  guint timeouts;               /* in a row */

  /* What comes */
  P2pMlFlow flow;
  gsize left;                   /* bytes of it */
  gsize skip;                   /* … of which the first are held */
  P2pMlAsk stale[P2P_ML_DOWNLOAD_MAX_STALE];
  guint n_stale;                /* that there ever were */
};

P2pMlDownload *
p2p_ml_download_new (P2pClock * clock, P2pChannel * channel,
    gboolean request_ids, const P2pMlDownloadEvents * events,
    gpointer user_data)
{
  P2pMlDownload *self = g_new0 (P2pMlDownload, 1);

  self->clock = g_object_ref (clock);
  self->channel = g_object_ref (channel);
  self->request_ids = request_ids;
  self->events = events;
  self->user_data = user_data;
  return self;
}

void
p2p_ml_download_stop (P2pMlDownload * self)
{
  self->events = NULL;
  p2p_clock_cancel (self->clock, &self->timer);
}

void
p2p_ml_download_free (P2pMlDownload * self)
{
  p2p_ml_download_stop (self);
  g_free (self->id);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self);
}

/* Requests */

gboolean
p2p_ml_download_is_idle (P2pMlDownload * self)
{
  return self->events && !self->id;
}

static gboolean
p2p_ml_ask_equal (const P2pMlAsk * a, const P2pMlAsk * b)
{
  return a->number == b->number && a->request == b->request;
}

static P2pMlAsk
p2p_ml_download_get_ask (P2pMlDownload * self, const P2pMlCommand * command)
{
  P2pMlAsk ask =
      { command->segment, self->request_ids ? command->request : -1 };

  return ask;
}

static gboolean
p2p_ml_download_is_stale (P2pMlDownload * self, const P2pMlAsk * ask)
{
  for (guint i = 0; i < MIN (self->n_stale, P2P_ML_DOWNLOAD_MAX_STALE); i++)
    if (p2p_ml_ask_equal (&self->stale[i], ask))
      return TRUE;
  return FALSE;
}

/* Says type of the request under way. */
static void
p2p_ml_download_say (P2pMlDownload * self, P2pMlType type)
{
  P2pMlCommand command = { type, P2P_ML_HAS_SEGMENT,
    .segment = self->ask.number,.request = self->ask.request
  };

  if (self->request_ids)
    command.has |= P2P_ML_HAS_REQUEST;
  if (self->request_ids && type == P2P_ML_REQUEST && self->held > 0) {
    command.has |= P2P_ML_HAS_FIRST;
    command.first = self->held;
  }
  p2p_ml_command_send (&command, self->channel);
}

static void p2p_ml_download_watch (P2pMlDownload * self);

void
p2p_ml_download_request (P2pMlDownload * self, const char *id, gint64 number,
    gsize first)
{
  self->id = g_strdup (id);
  self->ask.number = number;
  self->ask.request =
      self->request_ids ? (gint64) (self->n_asked++ % P2P_ML_DOWNLOAD_IDS) : -1;
  self->held = first;
  self->size = 0;
  self->heard = p2p_clock_get_time (self->clock);
  p2p_ml_download_watch (self);
  p2p_ml_download_say (self, P2P_ML_REQUEST);
}

/* Their ends */

/* stale: more of it may come. Returns: (transfer full): its id */
static char *
p2p_ml_download_end (P2pMlDownload * self, gboolean stale)
{
  if (stale)
    self->stale[self->n_stale++ % P2P_ML_DOWNLOAD_MAX_STALE] = self->ask;
  if (self->flow == P2P_ML_FLOW_OURS)
    self->flow = stale ? P2P_ML_FLOW_LATE : P2P_ML_FLOW_NONE;
  p2p_clock_cancel (self->clock, &self->timer);
  return g_steal_pointer (&self->id);
}

/* Nothing comes of the request, or of none; broken: or of any other. */
static void
p2p_ml_download_fail (P2pMlDownload * self, P2pError code, const char *what,
    gboolean broken)
{
  g_autofree char *id =
      self->id ? p2p_ml_download_end (self, TRUE) : g_strdup ("");
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR, code, what);

  self->events->done (id, error, broken, self->user_data);
}

void
p2p_ml_download_cancel (P2pMlDownload * self, const char *id)
{
  if (!self->events || g_strcmp0 (self->id, id) != 0)
    return;
  p2p_ml_download_say (self, P2P_ML_CANCEL);
  g_free (p2p_ml_download_end (self, TRUE));
}

static void
p2p_ml_download_accuse (P2pMlDownload * self, const char *what, gboolean broken)
{
  if (self->id)
    p2p_ml_download_say (self, P2P_ML_CANCEL);
  p2p_ml_download_fail (self, P2P_ERROR_PEER, what, broken);
}

void
p2p_ml_download_blame (P2pMlDownload * self, const char *what)
{
  p2p_ml_download_accuse (self, what, FALSE);
}

static void
p2p_ml_download_on_timer (gpointer data)
{
  P2pMlDownload *self = data;

  self->timer = 0;
  if (p2p_clock_get_time (self->clock)
      < self->heard + P2P_ML_DOWNLOAD_TIMEOUT) {
    p2p_ml_download_watch (self);
    return;
  }
  self->timeouts++;
  p2p_ml_download_say (self, P2P_ML_CANCEL);
  p2p_ml_download_fail (self, P2P_ERROR_TIMEOUT, "The peer is silent",
      self->timeouts >= P2P_ML_DOWNLOAD_MAX_TIMEOUTS);
}

/* Not armed anew for each message: it looks when it fires. */
static void
p2p_ml_download_watch (P2pMlDownload * self)
{
  self->timer = p2p_clock_call_at (self->clock,
      self->heard + P2P_ML_DOWNLOAD_TIMEOUT, p2p_ml_download_on_timer, self);
}

/* What comes */

/* The answer to the request begins, of size bytes. */
static void
p2p_ml_download_begin (P2pMlDownload * self, guint64 size)
{
  gboolean again = self->size > 0;

  if (again && self->request_ids) {
    p2p_ml_download_blame (self, "An answer in an answer");
    return;
  }
  self->skip = self->request_ids ? 0 : self->held;
  if (self->request_ids)
    size += self->held;
  if (size > P2P_SEGMENT_MAX_BYTES || (again && size != self->size)) {
    p2p_ml_download_accuse (self, "A size that cannot be", TRUE);
  } else if (size <= self->held && !again) {
    /* Of what hls.js's worker took away, pages of 2.x send 0 bytes. */
    p2p_ml_download_fail (self, P2P_ERROR_ABSENT, "The peer has no more of it",
        FALSE);
  } else if (!again) {
    self->size = size;
    self->events->size (self->id, size, self->user_data);
  }
}

static void
p2p_ml_download_take_header (P2pMlDownload * self, const P2pMlCommand * command)
{
  P2pMlAsk ask = p2p_ml_download_get_ask (self, command);

  self->left = MIN (command->size, P2P_SEGMENT_MAX_BYTES);
  self->heard = p2p_clock_get_time (self->clock);
  if (self->id && p2p_ml_ask_equal (&self->ask, &ask)) {
    self->flow = P2P_ML_FLOW_OURS;
    p2p_ml_download_begin (self, command->size);
  } else if (p2p_ml_download_is_stale (self, &ask)) {
    self->flow = P2P_ML_FLOW_LATE;
  } else {
    self->flow = P2P_ML_FLOW_UNASKED;
    p2p_ml_download_blame (self, "An answer that was not asked for");
  }
}

static void
p2p_ml_download_take_completed (P2pMlDownload * self,
    const P2pMlCommand * command)
{
  P2pMlAsk ask = p2p_ml_download_get_ask (self, command);
  gboolean ours = self->id && p2p_ml_ask_equal (&self->ask, &ask);

  if (self->flow == P2P_ML_FLOW_OURS ? !ours || self->left > 0 : ours) {
    p2p_ml_download_accuse (self, "An answer that is not what it was to be",
        TRUE);
  } else if (ours) {
    g_autofree char *id = p2p_ml_download_end (self, FALSE);

    self->timeouts = 0;
    self->events->done (id, NULL, FALSE, self->user_data);
  } else {
    self->flow = P2P_ML_FLOW_NONE;
  }
}

static void
p2p_ml_download_take_absent (P2pMlDownload * self, const P2pMlCommand * command)
{
  P2pMlAsk ask = p2p_ml_download_get_ask (self, command);

  if (self->id && p2p_ml_ask_equal (&self->ask, &ask))
    p2p_ml_download_fail (self, P2P_ERROR_ABSENT, "The peer does not have it",
        FALSE);
}

void
p2p_ml_download_take (P2pMlDownload * self, const P2pMlCommand * command)
{
  switch (command->type) {
    case P2P_ML_DATA:
      p2p_ml_download_take_header (self, command);
      break;
    case P2P_ML_COMPLETED:
      p2p_ml_download_take_completed (self, command);
      break;
    case P2P_ML_ABSENT:
      p2p_ml_download_take_absent (self, command);
      break;
    default:
      break;
  }
}

/* Hands on what is not held yet. */
static void
p2p_ml_download_hand_on (P2pMlDownload * self, GBytes * bytes)
{
  gsize size = g_bytes_get_size (bytes);
  gsize skip = MIN (size, self->skip);
  g_autoptr (GBytes) rest = g_bytes_new_from_bytes (bytes, skip, size - skip);

  self->skip -= skip;
  self->held += size - skip;
  if (size > skip)
    self->events->data (self->id, rest, self->user_data);
}

void
p2p_ml_download_take_bytes (P2pMlDownload * self, GBytes * bytes)
{
  gsize size = g_bytes_get_size (bytes);
  P2pMlFlow flow = self->flow;

  if (flow != P2P_ML_FLOW_NONE && size > 0 && size <= self->left) {
    self->left -= size;
    self->heard = p2p_clock_get_time (self->clock);
    if (flow == P2P_ML_FLOW_OURS)
      p2p_ml_download_hand_on (self, bytes);
    return;
  }
  self->flow = P2P_ML_FLOW_NONE;
  if (flow == P2P_ML_FLOW_OURS)
    p2p_ml_download_accuse (self, "More than was announced", TRUE);
  else
    p2p_ml_download_blame (self, "Bytes that were not announced");
}
