/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljsondownload.h"
#include "p2perror.h"
#include "p2psegment.h"

/* Answers that nobody waits for any more, and that are still not unasked ones. */
#define MAX_STALE 8

struct _P2pMlJsonDownload
{
  P2pClock *clock;
  P2pMlWire kind;
  const P2pMlJsonDownloadEvents *events;        /* NULL: stopped */
  gpointer user_data;

  /* The request under way, or one that was cancelled and is waited for */
  char *id, *wire;              /* NULL: none */
  gboolean cancelled;
  gint64 heard;                 /* when it was made, or anything of it came */
  guint timer;                  /* ends the wait for it */
  guint stale;                  /* those not waited for any more */

  /* Raw bytes, after a DATA */
  gsize left, received;
  guint n_raw;
  gboolean mine;                /* they are what was requested */

  /* Pieces of G0 */
  GPtrArray *pieces;            /* of GBytes, as far as they came; or NULL */
  guint n_pieces;               /* that came */
  gsize size;
};

P2pMlJsonDownload *
p2p_ml_json_download_new (P2pClock * clock, P2pMlWire kind,
    const P2pMlJsonDownloadEvents * events, gpointer user_data)
{
  P2pMlJsonDownload *self = g_new0 (P2pMlJsonDownload, 1);

  self->clock = g_object_ref (clock);
  self->kind = kind;
  self->events = events;
  self->user_data = user_data;
  return self;
}

/* Nothing is asked for any more. */
static void
p2p_ml_json_download_forget (P2pMlJsonDownload * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->wire, g_free);
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
  self->cancelled = self->mine = FALSE;
}

void
p2p_ml_json_download_stop (P2pMlJsonDownload * self)
{
  self->events = NULL;
  p2p_clock_cancel (self->clock, &self->timer);
}

void
p2p_ml_json_download_free (P2pMlJsonDownload * self)
{
  p2p_ml_json_download_stop (self);
  p2p_ml_json_download_forget (self);
  g_object_unref (self->clock);
  g_free (self);
}

gboolean
p2p_ml_json_download_is_idle (P2pMlJsonDownload * self)
{
  return self->events && !self->id;
}

gboolean
p2p_ml_json_download_is_taking (P2pMlJsonDownload * self)
{
  return self->left > 0 && self->mine && !self->cancelled;
}

gboolean
p2p_ml_json_download_waits (P2pMlJsonDownload * self)
{
  return self->kind == P2P_ML_WIRE_ARRAYS && self->id;
}

/* Its ends */

static void
p2p_ml_json_download_fail (P2pMlJsonDownload * self, P2pError code)
{
  g_autofree char *id = g_strdup (self->id);
  g_autoptr (GError) error = g_error_new (P2P_ERROR, code, "%s %s",
      code == P2P_ERROR_ABSENT ? "The peer does not hold"
      : "The peer does not send", id);

  p2p_ml_json_download_forget (self);
  self->events->done (id, error, self->user_data);
}

/* All of it came, or the peer does not have what was cancelled. */
static void
p2p_ml_json_download_finish (P2pMlJsonDownload * self)
{
  g_autofree char *id = g_strdup (self->id);
  gboolean cancelled = self->cancelled;

  p2p_ml_json_download_forget (self);
  if (cancelled)
    self->events->idle (self->user_data);
  else
    self->events->done (id, NULL, self->user_data);
}

/* Not armed anew for each byte: it looks when it fires. */
static void
p2p_ml_json_download_on_timer (gpointer data)
{
  P2pMlJsonDownload *self = data;
  gint64 due = self->heard + (self->kind == P2P_ML_WIRE_ARRAYS
      ? P2P_ML_JSON_DOWNLOAD_TIMEOUT_G0 : P2P_ML_JSON_DOWNLOAD_TIMEOUT);

  self->timer = 0;
  if (p2p_clock_get_time (self->clock) < due) {
    self->timer = p2p_clock_call_at (self->clock, due,
        p2p_ml_json_download_on_timer, self);
    return;
  }
  /* Of bytes that have begun, the rest is known for what it is. */
  if (self->left == 0 || !self->mine)
    self->stale = MIN (self->stale + 1, MAX_STALE);
  if (self->cancelled) {
    p2p_ml_json_download_finish (self);
    return;
  }
  self->events->cancel (self->wire, self->user_data);
  p2p_ml_json_download_fail (self, P2P_ERROR_TIMEOUT);
}

/* Requests */

void
p2p_ml_json_download_begin (P2pMlJsonDownload * self, const char *id,
    const char *wire)
{
  self->id = g_strdup (id);
  self->wire = g_strdup (wire);
  self->heard = p2p_clock_get_time (self->clock);
  p2p_ml_json_download_on_timer (self);
}

static GBytes *
p2p_ml_json_download_get_nothing (void)
{
  return g_bytes_new_static (NULL, 0);
}

void
p2p_ml_json_download_cancel (P2pMlJsonDownload * self, const char *id)
{
  if (!self->events || self->cancelled || g_strcmp0 (self->id, id) != 0)
    return;
  self->cancelled = TRUE;
  for (guint i = 0; self->pieces && i < self->pieces->len; i++) {
    gpointer *piece = &g_ptr_array_index (self->pieces, i);

    if (!*piece)
      continue;
    g_bytes_unref (*piece);
    *piece = p2p_ml_json_download_get_nothing ();
  }
  self->events->cancel (self->wire, self->user_data);
}

void
p2p_ml_json_download_blame (P2pMlJsonDownload * self, const char *what)
{
  g_autofree char *id = g_strdup (self->id && !self->cancelled ? self->id : "");
  g_autoptr (GError) error =
      g_error_new_literal (P2P_ERROR, P2P_ERROR_PEER, what);

  self->events->done (id, error, self->user_data);
  p2p_ml_json_download_cancel (self, id);
}

static void
p2p_ml_json_download_blame_lie (P2pMlJsonDownload * self)
{
  self->left = 0;
  p2p_ml_json_download_blame (self, "Not the bytes that were announced");
  if (self->events)
    self->events->lied (self->user_data);
}

/* What comes */

/* All pieces came: now it is known how much it is. */
static void
p2p_ml_json_download_join (P2pMlJsonDownload * self)
{
  g_autoptr (GPtrArray) pieces = g_steal_pointer (&self->pieces);

  if (!self->cancelled)
    self->events->size (self->id, self->size, self->user_data);
  for (guint i = 0; i < pieces->len && self->events && !self->cancelled; i++)
    self->events->data (self->id, g_ptr_array_index (pieces, i),
        self->user_data);
  if (self->events)
    p2p_ml_json_download_finish (self);
}

static void
p2p_ml_json_download_free_piece (gpointer piece)
{
  if (piece)
    g_bytes_unref (piece);
}

static gboolean
p2p_ml_json_download_fits (P2pMlJsonDownload * self, const P2pMlJson * piece)
{
  return piece->piece && self->pieces->len == piece->n_pieces
      && !g_ptr_array_index (self->pieces, piece->index)
      && self->size + g_bytes_get_size (piece->piece) <= P2P_SEGMENT_MAX_BYTES;
}

static void
p2p_ml_json_download_take_piece (P2pMlJsonDownload * self,
    const P2pMlJson * piece)
{
  if (!self->pieces) {
    self->pieces =
        g_ptr_array_new_with_free_func (p2p_ml_json_download_free_piece);
    g_ptr_array_set_size (self->pieces, piece->n_pieces);
    self->n_pieces = 0;
    self->size = 0;
  }
  if (!p2p_ml_json_download_fits (self, piece)) {
    p2p_ml_json_download_blame_lie (self);
    return;
  }
  g_ptr_array_index (self->pieces, piece->index) = self->cancelled
      ? p2p_ml_json_download_get_nothing () : g_bytes_ref (piece->piece);
  self->n_pieces++;
  self->size += g_bytes_get_size (piece->piece);
  self->heard = p2p_clock_get_time (self->clock);
  if (self->n_pieces == self->pieces->len)
    p2p_ml_json_download_join (self);
  else if (!self->cancelled)
    self->events->alive (self->id, self->user_data);
}

gboolean
p2p_ml_json_download_is_of (P2pMlJsonDownload * self, const P2pMlJson * message)
{
  return self->wire && g_strcmp0 (self->wire, message->id) == 0;
}

void
p2p_ml_json_download_take_absent (P2pMlJsonDownload * self,
    const P2pMlJson * message)
{
  if (!p2p_ml_json_download_is_of (self, message))
    return;
  /* It is being sent all the same. */
  if (self->left > 0 && self->mine)
    return;
  if (self->cancelled)
    p2p_ml_json_download_finish (self);
  else
    p2p_ml_json_download_fail (self, P2P_ERROR_ABSENT);
}

void
p2p_ml_json_download_take_data (P2pMlJsonDownload * self,
    const P2pMlJson * message)
{
  if (self->kind == P2P_ML_WIRE_ARRAYS) {
    if (p2p_ml_json_download_is_of (self, message))
      p2p_ml_json_download_take_piece (self, message);
    return;
  }
  if (p2p_ml_json_download_is_taking (self))
    p2p_ml_json_download_blame (self, "A segment in a segment");
  if (!self->events)
    return;
  if (message->size < 0) {
    p2p_ml_json_download_blame_lie (self);
    return;
  }
  self->left = message->size;
  if (message->size == 0) {
    p2p_ml_json_download_take_absent (self, message);
    return;
  }
  self->received = self->n_raw = 0;
  self->mine = p2p_ml_json_download_is_of (self, message);
  if (self->mine) {
    self->heard = p2p_clock_get_time (self->clock);
    if (!self->cancelled)
      self->events->size (self->id, self->left, self->user_data);
  } else if (self->stale > 0) {
    self->stale--;
  } else {
    p2p_ml_json_download_blame (self, "A segment that was not asked for");
  }
}

void
p2p_ml_json_download_take_raw (P2pMlJsonDownload * self, GBytes * bytes)
{
  gsize size = g_bytes_get_size (bytes);

  if (self->left == 0) {
    p2p_ml_json_download_blame (self, "Bytes that were not announced");
    return;
  }
  self->received += size;
  self->n_raw++;
  if (size == 0 || size > self->left
      || self->n_raw > P2P_ML_JSON_DOWNLOAD_FEW
      + self->received / P2P_ML_JSON_DOWNLOAD_MIN_RAW) {
    p2p_ml_json_download_blame_lie (self);
    return;
  }
  self->left -= size;
  self->heard = p2p_clock_get_time (self->clock);
  if (self->mine && !self->cancelled)
    self->events->data (self->id, bytes, self->user_data);
  if (self->events && self->left == 0 && self->mine)
    p2p_ml_json_download_finish (self);
}
