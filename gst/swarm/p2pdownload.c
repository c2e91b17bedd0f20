/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pdownload.h"

typedef enum
{
  STATE_WAITING,
  STATE_BODY,
  STATE_REFUSED,                /* the status is no success, done is to come */
  STATE_PAUSE,
  STATE_ENDING,                 /* done is all that is to come */
  STATE_DONE,
} State;

struct _P2pDownload
{
  GObject parent;

  P2pClock *clock;
  GRand *rand;
  P2pFetcher *fetcher;
  char *method;
  char *uri;
  gint64 start;
  gint64 stop;
  P2pHttpOptions *options;
  const P2pDownloadEvents *events;
  gpointer user_data;

  State state;
  gboolean paused;
  gint64 paused_at;
  guint timer;                  /* of PAUSE the next attempt, else silence */
  gint64 began;
  gint64 ended;
  gint64 last;                  /* when the server was last heard */

  P2pFetch *fetch;
  gint64 asked;                 /* the first byte asked for */
  gint64 skip;                  /* bytes to come that were handed on before */
  gboolean exact;               /* this body ends where it is wanted to */
  P2pHttpHead *head;            /* of the first success */
  P2pHttpHead *refusal;         /* of this attempt, if it is none */
  guint64 bytes;                /* handed on */
  GError *outcome;              /* of ENDING */

  gint64 first_pause, longest_pause;    /* of those before retries */
  gint64 pause;                 /* before the next retry */
  int tries;                    /* retries since the last byte */
  guint retries;                /* all of them */
  gboolean brought;             /* this attempt brought bytes */
  gboolean cut;                 /* a body was cut before */
  gboolean abandoned;           /* silent: this is a fresh connection */
};

G_DEFINE_TYPE (P2pDownload, p2p_download, G_TYPE_OBJECT);

static void p2p_download_send (P2pDownload * self);

/* The first byte that is still wanted. */
static gint64
p2p_download_get_position (P2pDownload * self)
{
  return self->start + (gint64) self->bytes;
}

/* The byte after the last one wanted, or -1 if nobody knows. */
static gint64
p2p_download_get_end (P2pDownload * self)
{
  gint64 total = self->head ? self->head->total : -1;

  if (self->stop < 0 || total < 0)
    return MAX (self->stop, total);
  return MIN (self->stop, total);
}

static gboolean
p2p_download_is_get (P2pDownload * self)
{
  return self->method == NULL || g_str_equal (self->method, "GET");
}

/* For the words of an error. */
static char *
p2p_download_dup_host (P2pDownload * self)
{
  char *host = NULL;

  g_uri_split_network (self->uri, G_URI_FLAGS_NONE, NULL, &host, NULL, NULL);
  return host ? host : g_strdup (self->uri);
}

static void
p2p_download_stop (P2pDownload * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  if (self->fetch)
    p2p_fetch_cancel (self->fetch);
  g_clear_object (&self->fetch);
}

/* Ends it. error: (transfer full) (nullable) */
static void
p2p_download_end (P2pDownload * self, GError * error)
{
  g_autoptr (GError) owned = error;

  p2p_download_stop (self);
  self->state = STATE_DONE;
  self->ended = p2p_clock_get_time (self->clock);
  self->events->done (self, error, self->user_data);
}

static void
p2p_download_end_now (gpointer user_data)
{
  P2pDownload *self = user_data;

  self->timer = 0;
  p2p_download_end (self, g_steal_pointer (&self->outcome));
}

/* Ends it right after the event that is told now, in which it may be dropped:
 * whatever tells an event does nothing after it. (transfer full error) */
static void
p2p_download_end_next (P2pDownload * self, GError * error)
{
  p2p_download_stop (self);
  self->state = STATE_ENDING;
  self->outcome = error;
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock), p2p_download_end_now, self);
}

static void
p2p_download_end_timeout (P2pDownload * self)
{
  g_autofree char *host = p2p_download_dup_host (self);

  p2p_download_end (self, g_error_new (P2P_ERROR, P2P_ERROR_TIMEOUT,
          "The server %s sent nothing for %u seconds. Try again later, or set "
          "a longer timeout.", host, self->options->timeout));
}

static gboolean
p2p_download_may_retry (P2pDownload * self)
{
  return self->options->retries < 0 || self->tries < self->options->retries;
}

/* Whether the rest of the body may be asked for anew with a good chance. */
static gboolean
p2p_download_may_abandon (P2pDownload * self)
{
  if (self->state != STATE_BODY || self->abandoned
      || !p2p_download_is_get (self) || !p2p_download_may_retry (self))
    return FALSE;
  /* What is encoded comes again from its start, and is known again. */
  return self->bytes == 0 || (self->head->encoded ?
      self->head->validator != NULL : self->head->seekable);
}

static void
p2p_download_again (P2pDownload * self)
{
  self->tries++;
  self->retries++;
  p2p_download_send (self);
}

static void p2p_download_watch (P2pDownload * self);

static void
p2p_download_silence (gpointer user_data)
{
  P2pDownload *self = user_data;
  gint64 timeout = self->options->timeout * P2P_SECOND;
  gint64 silent = p2p_clock_get_time (self->clock) - self->last;

  self->timer = 0;
  if (silent >= timeout) {
    p2p_download_end_timeout (self);
  } else if (silent >= timeout / 2 && p2p_download_may_abandon (self)) {
    self->abandoned = TRUE;
    p2p_download_stop (self);
    p2p_download_again (self);
  } else {
    p2p_download_watch (self);
  }
}

/* Arms the timer for the next moment at which silence matters. It is not armed
 * anew for each byte: it looks at the time of the last one when it fires. */
static void
p2p_download_watch (P2pDownload * self)
{
  gint64 timeout = self->options->timeout * P2P_SECOND;
  gint64 when = self->last + timeout;

  if (timeout == 0 || self->paused || self->timer != 0)
    return;
  if (p2p_clock_get_time (self->clock) < self->last + timeout / 2)
    when = self->last + timeout / 2;
  self->timer = p2p_clock_call_at (self->clock, when, p2p_download_silence,
      self);
}

static void
p2p_download_resume (gpointer user_data)
{
  P2pDownload *self = user_data;

  self->timer = 0;
  self->last = p2p_clock_get_time (self->clock);
  self->abandoned = FALSE;
  p2p_download_again (self);
}

static gboolean
p2p_download_is_passing (const GError * error)
{
  return g_error_matches (error, P2P_ERROR, P2P_ERROR_RESOLVE)
      || g_error_matches (error, P2P_ERROR, P2P_ERROR_CONNECT)
      || g_error_matches (error, P2P_ERROR, P2P_ERROR_CUT);
}

/* The pause before the next retry: what the header promises. */
static gint64
p2p_download_next_pause (P2pDownload * self, gint64 at_least)
{
  gint64 pause = MAX (self->pause, MIN (at_least, P2P_DOWNLOAD_BACKOFF_MAX));

  self->pause = MIN (2 * self->pause, self->longest_pause);
  return pause + pause * g_rand_double (self->rand) / 10;
}

/* This attempt failed in a way that may pass: tries again, or ends with error
 * when there was enough of that. at_once: no pause. (transfer full error) */
static void
p2p_download_retry (P2pDownload * self, GError * error, gboolean at_once,
    gint64 at_least)
{
  gint64 when = p2p_clock_get_time (self->clock);

  p2p_download_stop (self);
  if (!p2p_download_may_retry (self)) {
    p2p_download_end (self, error);
    return;
  }
  g_error_free (error);
  if (!at_once)
    when += p2p_download_next_pause (self, at_least);
  self->state = STATE_PAUSE;
  self->timer = p2p_clock_call_at (self->clock, when, p2p_download_resume,
      self);
}

/* A body ended before its end. (transfer full error) */
static void
p2p_download_fail_cut (P2pDownload * self, GError * error)
{
  gboolean at_once = self->brought && !self->cut;

  if (self->bytes > 0) {
    if (p2p_download_get_position (self) == p2p_download_get_end (self)) {
      g_error_free (error);
      p2p_download_end (self, NULL);
      return;
    }
    if (!p2p_download_is_get (self)
        || (self->head->encoded && !self->head->validator)) {
      p2p_download_end (self, error);
      return;
    }
  }
  self->cut |= self->brought;
  p2p_download_retry (self, error, at_once, 0);
}

static GError *
p2p_download_error_cut (P2pDownload * self)
{
  g_autofree char *host = p2p_download_dup_host (self);

  return g_error_new (P2P_ERROR, P2P_ERROR_CUT,
      "The server %s ended the connection before the end of the body. Try "
      "again later.", host);
}

static GError *
p2p_download_error_status (P2pDownload * self)
{
  g_autofree char *host = p2p_download_dup_host (self);
  const char *reason = self->refusal->reason ? self->refusal->reason : "";

  return g_error_new (P2P_ERROR, P2P_ERROR_STATUS,
      "The server %s refused the request with status %u%s%s. Check the "
      "location and the rights to it.", host, self->refusal->status,
      *reason ? " " : "", reason);
}

static GError *
p2p_download_error_range (P2pDownload * self, const char *why)
{
  g_autofree char *host = p2p_download_dup_host (self);

  return g_error_new (P2P_ERROR, P2P_ERROR_RANGE,
      "The server %s %s. Play from the start, or from another server.", host,
      why);
}

/* Seconds that the server asks to wait. Of dates nothing can be made without
 * the time of day. */
static gint64
p2p_download_get_retry_after (P2pHttpHead * head)
{
  const char *value = p2p_headers_get (head->response_headers, "Retry-After");
  guint64 seconds = value ? g_ascii_strtoull (value, NULL, 10) : 0;

  return MIN (seconds, P2P_DOWNLOAD_BACKOFF_MAX / P2P_SECOND) * P2P_SECOND;
}

/* Status 416: what is wanted begins where the resource ends, or the end of the
 * body was a wrong one. */
static void
p2p_download_fail_416 (P2pDownload * self)
{
  gint64 total = self->refusal->total;
  gint64 position = p2p_download_get_position (self);

  if (self->head) {
    if (self->head->total < 0 && (total < 0 || total == position))
      p2p_download_end (self, NULL);
    else
      p2p_download_retry (self, p2p_download_error_cut (self), FALSE, 0);
    return;
  }

  if (total < 0 || position < total)
    p2p_download_end_next (self, p2p_download_error_range (self,
            "does not serve this range"));
  else
    p2p_download_end_next (self, NULL);
  self->events->head (self, self->refusal, self->user_data);
}

static void
p2p_download_fail_status (P2pDownload * self)
{
  switch (self->refusal->status) {
    case 416:
      p2p_download_fail_416 (self);
      return;
    case 500:
    case 502:
    case 503:
    case 504:
      if (p2p_download_may_retry (self)) {
        p2p_download_retry (self, p2p_download_error_status (self), FALSE,
            p2p_download_get_retry_after (self->refusal));
        return;
      }
      break;
    default:
      break;
  }
  p2p_download_end_next (self, p2p_download_error_status (self));
  self->events->head (self, self->refusal, self->user_data);
}

/* Whether head's body is of the same resource as what came before. */
static gboolean
p2p_download_is_same (P2pDownload * self, P2pHttpHead * head)
{
  const char *old = self->head->validator;

  if (old && head->validator && !g_str_equal (old, head->validator))
    return FALSE;
  if (self->head->total >= 0 && head->total >= 0
      && self->head->total != head->total)
    return FALSE;
  /* A part says itself where it belongs; a whole has to be known again. */
  return head->status == 206 || self->bytes == 0 || (old && head->validator);
}

/* Finds out which of the bytes to come are wanted. */
static gboolean
p2p_download_place (P2pDownload * self, P2pHttpHead * head, GError ** error)
{
  gint64 end;

  if (self->head && !p2p_download_is_same (self, head)) {
    g_propagate_error (error, p2p_download_error_range (self,
            "has something else there now and cannot go on where it stopped"));
    return FALSE;
  }
  if (head->start != self->asked && (!self->head || head->status == 206)) {
    g_propagate_error (error, p2p_download_error_range (self,
            "does not serve ranges"));
    return FALSE;
  }
  self->skip = p2p_download_get_position (self) - head->start;

  end = head->length < 0 ? -1 : head->start + head->length;
  self->exact = self->stop < 0 || (end >= 0 && end <= self->stop);
  return TRUE;
}

static void
p2p_download_on_head (P2pFetch * fetch, P2pHttpHead * head, gpointer user_data)
{
  P2pDownload *self = user_data;
  GError *error = NULL;

  g_clear_pointer (&self->refusal, p2p_http_head_unref);
  if (!self->head)
    self->last = p2p_clock_get_time (self->clock);
  if (head->status < 200 || head->status > 299) {
    self->refusal = p2p_http_head_ref (head);
    self->state = STATE_REFUSED;
    return;
  }
  if (!p2p_download_place (self, head, &error)) {
    p2p_download_end (self, error);
    return;
  }
  self->state = STATE_BODY;
  if (self->head)
    return;
  if (self->stop >= 0 && head->length > self->stop - head->start)
    head->length = self->stop - head->start;
  self->head = p2p_http_head_ref (head);
  self->events->head (self, head, self->user_data);
}

/* Drops what was handed on before and what is not wanted. Returns: (nullable)
 * (transfer full) */
static GBytes *
p2p_download_clip (P2pDownload * self, GBytes * bytes)
{
  gsize size = g_bytes_get_size (bytes);
  gsize skip = MIN ((guint64) self->skip, size);
  gsize take = size - skip;

  self->skip -= skip;
  if (self->stop >= 0)
    take =
        MIN (take, (guint64) (self->stop - p2p_download_get_position (self)));
  if (take == 0)
    return NULL;
  return take == size ? g_bytes_ref (bytes)
      : g_bytes_new_from_bytes (bytes, skip, take);
}

static void
p2p_download_on_data (P2pFetch * fetch, GBytes * bytes, gpointer user_data)
{
  P2pDownload *self = user_data;
  g_autoptr (GBytes) wanted = p2p_download_clip (self, bytes);

  self->last = p2p_clock_get_time (self->clock);
  self->abandoned = FALSE;
  if (!wanted)
    return;
  self->bytes += g_bytes_get_size (wanted);
  self->brought = TRUE;
  self->tries = 0;
  self->pause = self->first_pause;
  if (!self->exact && p2p_download_get_position (self) == self->stop)
    p2p_download_end_next (self, NULL);
  self->events->data (self, wanted, self->user_data);
}

/* Whether a body that came to its end was all that is wanted. */
static gboolean
p2p_download_is_complete (P2pDownload * self)
{
  return !p2p_download_is_get (self) || self->head->encoded
      || p2p_download_get_position (self) >= p2p_download_get_end (self);
}

static void
p2p_download_on_done (P2pFetch * fetch, const GError * error,
    gpointer user_data)
{
  P2pDownload *self = user_data;

  g_clear_object (&self->fetch);
  if (error && g_error_matches (error, P2P_ERROR, P2P_ERROR_CUT))
    p2p_download_fail_cut (self, g_error_copy (error));
  else if (error && p2p_download_is_passing (error))
    p2p_download_retry (self, g_error_copy (error), FALSE, 0);
  else if (error)
    p2p_download_end (self, g_error_copy (error));
  else if (self->state == STATE_REFUSED)
    p2p_download_fail_status (self);
  else if (p2p_download_is_complete (self))
    p2p_download_end (self, NULL);
  else if (self->brought)
    /* A server may serve less than the range, piece by piece. */
    p2p_download_send (self);
  else
    p2p_download_retry (self, p2p_download_error_cut (self), FALSE, 0);
}

/* One attempt at what is still wanted. */
static void
p2p_download_send (P2pDownload * self)
{
  static const P2pFetchEvents events = {
    p2p_download_on_head, p2p_download_on_data, p2p_download_on_done
  };
  gboolean whole = self->head && self->head->encoded;
  P2pFetchRequest request = { 0 };

  self->asked = whole ? self->start : p2p_download_get_position (self);
  self->state = STATE_WAITING;
  self->brought = FALSE;
  request.method = self->method;
  request.uri = self->uri;
  request.start = self->asked;
  request.stop = self->stop;
  request.if_range = self->bytes > 0 && !whole ? self->head->validator : NULL;
  request.options = self->options;
  self->fetch = p2p_fetcher_fetch (self->fetcher, &request, &events, self);
  if (self->paused)
    p2p_fetch_set_paused (self->fetch, TRUE);
  p2p_download_watch (self);
}

static void
p2p_download_choose_pauses (P2pDownload * self)
{
  gdouble factor = self->options->retry_backoff_factor;
  gdouble longest = MIN (self->options->retry_backoff_max * P2P_SECOND,
      P2P_DOWNLOAD_BACKOFF_LONGEST);

  self->first_pause = P2P_DOWNLOAD_BACKOFF;
  self->longest_pause = P2P_DOWNLOAD_BACKOFF_MAX;
  if (factor > 0) {
    self->first_pause = MIN (2 * factor * P2P_SECOND, longest);
    self->longest_pause = longest;
  }
  self->pause = self->first_pause;
}

P2pDownload *
p2p_download_new (P2pClock * clock, GRand * rand, P2pFetcher * fetcher,
    const char *method, const char *uri, gint64 start, gint64 stop,
    P2pHttpOptions * options, const P2pDownloadEvents * events,
    gpointer user_data)
{
  P2pDownload *self = g_object_new (P2P_TYPE_DOWNLOAD, NULL);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->fetcher = g_object_ref (fetcher);
  self->method = g_strdup (method);
  self->uri = g_strdup (uri);
  self->start = start;
  self->stop = stop;
  self->options = p2p_http_options_ref (options);
  self->events = events;
  self->user_data = user_data;
  self->began = self->last = p2p_clock_get_time (clock);
  p2p_download_choose_pauses (self);

  if (stop >= 0 && stop <= start)
    p2p_download_end_next (self, NULL);
  else
    p2p_download_send (self);
  return self;
}

void
p2p_download_set_paused (P2pDownload * self, gboolean paused)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (self->state == STATE_DONE || paused == self->paused)
    return;
  self->paused = paused;
  if (paused)
    self->paused_at = now;
  else
    self->last = MIN (now, self->last + now - self->paused_at);

  if (!self->fetch)
    return;
  p2p_fetch_set_paused (self->fetch, paused);
  p2p_clock_cancel (self->clock, &self->timer);
  p2p_download_watch (self);
}

void
p2p_download_cancel (P2pDownload * self)
{
  if (self->state == STATE_DONE)
    return;
  p2p_download_stop (self);
  self->state = STATE_DONE;
  self->ended = p2p_clock_get_time (self->clock);
}

gint64
p2p_download_get_elapsed (P2pDownload * self)
{
  return (self->state == STATE_DONE ? self->ended
      : p2p_clock_get_time (self->clock)) - self->began;
}

guint
p2p_download_get_retries (P2pDownload * self)
{
  return self->retries;
}

static void
p2p_download_dispose (GObject * object)
{
  p2p_download_cancel (P2P_DOWNLOAD (object));
  G_OBJECT_CLASS (p2p_download_parent_class)->dispose (object);
}

static void
p2p_download_finalize (GObject * object)
{
  P2pDownload *self = P2P_DOWNLOAD (object);

  g_object_unref (self->clock);
  g_object_unref (self->fetcher);
  g_free (self->method);
  g_free (self->uri);
  p2p_http_options_unref (self->options);
  g_clear_pointer (&self->head, p2p_http_head_unref);
  g_clear_pointer (&self->refusal, p2p_http_head_unref);
  g_clear_error (&self->outcome);
  G_OBJECT_CLASS (p2p_download_parent_class)->finalize (object);
}

static void
p2p_download_class_init (P2pDownloadClass * klass)
{
  G_OBJECT_CLASS (klass)->dispose = p2p_download_dispose;
  G_OBJECT_CLASS (klass)->finalize = p2p_download_finalize;
}

static void
p2p_download_init (P2pDownload * self)
{
}
