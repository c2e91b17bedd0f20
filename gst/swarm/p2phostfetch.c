/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phostfetch.h"

#include "p2perror.h"
#include "p2pplaylist.h"

struct _P2pHostFetch
{
  P2pFetch parent;

  P2pClock *clock;
  P2pHost *host;
  P2pFetcher *fetcher;
  P2pFetchRequest request;      /* its strings and options are own */
  const P2pFetchEvents *events;
  gpointer user_data;

  P2pHostWaiter waiter;
  guint timer;                  /* of the waiter, or of the host's next byte */
  P2pFetch *fetch;              /* at whom it is asked */
  char *url;                    /* at the host; NULL: the server is asked */
  P2pHttpHead *head;            /* told, or to be told with the first data */
  gboolean told;
  GByteArray *playlist;         /* that comes from the host; NULL: it is none */
  guint64 bytes;                /* handed on */
  guint64 skip;                 /* to come that were handed on before */
  gboolean sniffed;             /* it is known whether it is a playlist */
  gboolean paused;
  gboolean closed;
};

G_DEFINE_TYPE (P2pHostFetch, p2p_host_fetch, P2P_TYPE_FETCH);

static void p2p_host_fetch_ask_server (P2pHostFetch * self);

/* --- what is told --- */

static void
p2p_host_fetch_stop (P2pHostFetch * self)
{
  p2p_host_wait_no_more (self->host, &self->waiter);
  p2p_clock_cancel (self->clock, &self->timer);
  if (self->fetch)
    p2p_fetch_cancel (self->fetch);
  g_clear_object (&self->fetch);
}

static void
p2p_host_fetch_end (P2pHostFetch * self, const GError * error)
{
  p2p_host_fetch_stop (self);
  self->closed = TRUE;
  self->events->done (P2P_FETCH (self), error, self->user_data);
}

/* Who asks may end it in each of these. */
static void
p2p_host_fetch_tell_head (P2pHostFetch * self)
{
  if (self->told || self->closed)
    return;
  self->told = TRUE;
  self->events->head (P2P_FETCH (self), self->head, self->user_data);
}

static void
p2p_host_fetch_tell_data (P2pHostFetch * self, GBytes * bytes)
{
  if (self->closed)
    return;
  self->bytes += g_bytes_get_size (bytes);
  if (self->url)
    p2p_host_count (self->host, g_bytes_get_size (bytes));
  self->events->data (P2P_FETCH (self), bytes, self->user_data);
}

/* --- from the host --- */

static void
p2p_host_fetch_silence (gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);

  self->timer = 0;
  p2p_host_suspect (self->host);
  p2p_host_fetch_ask_server (self);
}

static void
p2p_host_fetch_watch (P2pHostFetch * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  if (!self->paused)
    self->timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + P2P_HOST_PATIENCE,
        p2p_host_fetch_silence, self);
}

/* What the server would say: the host is not seen. Without a validator, as what
 * is left may have to be asked of the server, who has one of its own. */
static P2pHttpHead *
p2p_host_fetch_make_head (P2pHostFetch * self, P2pHttpHead * head)
{
  P2pHttpHead *made = p2p_http_head_new ();

  made->status = head->status;
  made->reason = g_strdup (head->reason);
  made->uri = g_strdup (self->request.uri);
  made->start = head->start;
  made->length = head->length;
  made->total = head->total;
  made->seekable = head->seekable;
  made->content_type = g_strdup (head->content_type);
  return made;
}

static void
p2p_host_fetch_on_host_head (P2pFetch * fetch, P2pHttpHead * head,
    gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);
  gint64 start = head->status == 206 ? self->request.start : 0;

  if ((head->status != 200 && head->status != 206) || head->encoded
      || head->start != start) {
    p2p_host_fetch_ask_server (self);
    return;
  }
  self->head = p2p_host_fetch_make_head (self, head);
  p2p_host_fetch_watch (self);
  /* Of a playlist the length is not yet known. */
  self->sniffed = self->request.start > 0;
  if (self->sniffed)
    p2p_host_fetch_tell_head (self);
}

/* Whether bytes belong to a playlist, and are kept until it is whole. */
static gboolean
p2p_host_fetch_keep (P2pHostFetch * self, GBytes * bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (!self->sniffed && p2p_playlist_sniff (data, size))
    self->playlist = g_byte_array_new ();
  self->sniffed = TRUE;
  if (self->playlist == NULL)
    return FALSE;
  g_byte_array_append (self->playlist, data, size);
  return TRUE;
}

static void
p2p_host_fetch_on_host_data (P2pFetch * fetch, GBytes * bytes,
    gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);

  p2p_host_fetch_watch (self);
  if (!p2p_host_fetch_keep (self, bytes)) {
    p2p_host_fetch_tell_head (self);
    p2p_host_fetch_tell_data (self, bytes);
  } else if (self->playlist->len > P2P_PLAYLIST_MAX_BYTES) {
    p2p_host_fetch_ask_server (self);
  }
}

/* All of the playlist is there. */
static void
p2p_host_fetch_tell_playlist (P2pHostFetch * self)
{
  g_autoptr (GBytes) written =
      g_byte_array_free_to_bytes (g_steal_pointer (&self->playlist));
  g_autoptr (GBytes) bytes = p2p_host_learn (self->host, written, self->url);

  p2p_host_note_playlist (self->host, self->request.uri);
  self->head->length = self->head->total = g_bytes_get_size (bytes);
  p2p_host_fetch_tell_head (self);
  p2p_host_fetch_tell_data (self, bytes);
}

static void
p2p_host_fetch_on_host_done (P2pFetch * fetch, const GError * error,
    gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);

  g_clear_object (&self->fetch);
  if (error) {
    p2p_host_suspect (self->host);
    p2p_host_fetch_ask_server (self);
    return;
  }
  if (self->playlist)
    p2p_host_fetch_tell_playlist (self);
  p2p_host_fetch_tell_head (self);
  if (!self->closed)
    p2p_host_fetch_end (self, NULL);
}

static void
p2p_host_fetch_ask_host (P2pHostFetch * self, const char *url)
{
  static const P2pFetchEvents events = {
    p2p_host_fetch_on_host_head, p2p_host_fetch_on_host_data,
    p2p_host_fetch_on_host_done
  };
  P2pFetchRequest request = self->request;

  self->url = g_strdup (url);
  request.uri = self->url;
  request.if_range = NULL;
  request.options = p2p_host_get_options (self->host);
  self->fetch = p2p_fetcher_fetch (self->fetcher, &request, &events, self);
  if (self->paused)
    p2p_fetch_set_paused (self->fetch, TRUE);
  p2p_host_fetch_watch (self);
}

/* --- from the server --- */

/* Whether head's body goes on where the host stopped. */
static gboolean
p2p_host_fetch_goes_on (P2pHostFetch * self, P2pHttpHead * head)
{
  gint64 wanted = self->head->start + (gint64) self->bytes;

  if (head->status != 200 && head->status != 206)
    return FALSE;
  if (head->encoded || head->start > wanted || (head->total >= 0
          && self->head->total >= 0 && head->total != self->head->total))
    return FALSE;
  self->skip = wanted - head->start;
  return TRUE;
}

static void
p2p_host_fetch_on_head (P2pFetch * fetch, P2pHttpHead * head,
    gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;

  if (!self->told) {
    self->head = p2p_http_head_ref (head);
    p2p_host_fetch_tell_head (self);
  } else if (!p2p_host_fetch_goes_on (self, head)) {
    error = g_error_new_literal (P2P_ERROR, P2P_ERROR_CUT,
        "The engine of this host ended before the body did.");
    p2p_host_fetch_end (self, error);
  }
}

static void
p2p_host_fetch_on_data (P2pFetch * fetch, GBytes * bytes, gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);
  gsize size = g_bytes_get_size (bytes);
  gsize skip = MIN (self->skip, size);
  g_autoptr (GBytes) rest = skip == 0 ? g_bytes_ref (bytes)
      : g_bytes_new_from_bytes (bytes, skip, size - skip);

  self->skip -= skip;
  if (!self->sniffed && p2p_playlist_sniff (g_bytes_get_data (bytes, NULL),
          size))
    p2p_host_note_playlist (self->host, self->request.uri);
  self->sniffed = TRUE;
  if (skip < size)
    p2p_host_fetch_tell_data (self, rest);
}

static void
p2p_host_fetch_on_done (P2pFetch * fetch, const GError * error,
    gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);

  g_clear_object (&self->fetch);
  p2p_host_fetch_end (self, error);
}

/* From where the host stopped, if it was heard at all. */
static void
p2p_host_fetch_ask_server (P2pHostFetch * self)
{
  static const P2pFetchEvents events = {
    p2p_host_fetch_on_head, p2p_host_fetch_on_data, p2p_host_fetch_on_done
  };
  P2pFetchRequest request = self->request;

  p2p_host_fetch_stop (self);
  if (self->closed)
    return;
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->playlist, g_byte_array_unref);
  if (self->told) {
    request.start = self->head->start + (gint64) self->bytes;
    request.if_range = NULL;
  } else {
    g_clear_pointer (&self->head, p2p_http_head_unref);
    self->sniffed = self->request.start > 0;
  }
  self->fetch = p2p_fetcher_fetch (self->fetcher, &request, &events, self);
  if (self->paused)
    p2p_fetch_set_paused (self->fetch, TRUE);
}

/* --- its life --- */

static void
p2p_host_fetch_decide (gpointer user_data)
{
  g_autoptr (P2pHostFetch) self = g_object_ref (user_data);
  const char *url = p2p_host_find (self->host, self->request.uri);

  p2p_host_wait_no_more (self->host, &self->waiter);
  p2p_clock_cancel (self->clock, &self->timer);
  if (url)
    p2p_host_fetch_ask_host (self, url);
  else
    p2p_host_fetch_ask_server (self);
}

static void
p2p_host_fetch_wait_long (gpointer user_data)
{
  P2pHostFetch *self = user_data;

  self->timer = 0;
  /* One wait is enough: it tells this one too. */
  p2p_host_expect (self->host, FALSE);
}

static void
p2p_host_fetch_begin (P2pHostFetch * self)
{
  const char *method = self->request.method;

  if ((method && !g_str_equal (method, "GET")) || self->request.body
      || !p2p_host_may_stand_for (self->request.options)) {
    p2p_host_fetch_ask_server (self);
  } else if (p2p_host_find (self->host, self->request.uri)
      || !p2p_host_is_expected (self->host)) {
    p2p_host_fetch_decide (self);
  } else {
    p2p_host_wait (self->host, &self->waiter, p2p_host_fetch_decide, self);
    self->timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + P2P_HOST_WAIT,
        p2p_host_fetch_wait_long, self);
  }
}

P2pFetch *
p2p_host_fetch_new (P2pClock * clock, P2pHost * host, P2pFetcher * fetcher,
    const P2pFetchRequest * request, const P2pFetchEvents * events,
    gpointer user_data)
{
  P2pHostFetch *self = g_object_new (P2P_TYPE_HOST_FETCH, NULL);

  self->clock = g_object_ref (clock);
  self->host = p2p_host_ref (host);
  self->fetcher = g_object_ref (fetcher);
  self->request = *request;
  self->request.method = g_strdup (request->method);
  self->request.uri = g_strdup (request->uri);
  self->request.if_range = g_strdup (request->if_range);
  self->request.options = p2p_http_options_ref (request->options);
  self->request.body = request->body ? g_bytes_ref (request->body) : NULL;
  self->request.content_type = g_strdup (request->content_type);
  self->events = events;
  self->user_data = user_data;
  p2p_host_fetch_begin (self);
  return P2P_FETCH (self);
}

static void
p2p_host_fetch_set_paused (P2pFetch * fetch, gboolean paused)
{
  P2pHostFetch *self = P2P_HOST_FETCH (fetch);

  self->paused = paused;
  if (self->fetch)
    p2p_fetch_set_paused (self->fetch, paused);
  if (self->fetch && self->url)
    p2p_host_fetch_watch (self);
}

static void
p2p_host_fetch_cancel (P2pFetch * fetch)
{
  P2pHostFetch *self = P2P_HOST_FETCH (fetch);

  p2p_host_fetch_stop (self);
  self->closed = TRUE;
}

static void
p2p_host_fetch_dispose (GObject * object)
{
  p2p_host_fetch_cancel (P2P_FETCH (object));
  G_OBJECT_CLASS (p2p_host_fetch_parent_class)->dispose (object);
}

static void
p2p_host_fetch_finalize (GObject * object)
{
  P2pHostFetch *self = P2P_HOST_FETCH (object);

  g_free ((char *) self->request.method);
  g_free ((char *) self->request.uri);
  g_free ((char *) self->request.if_range);
  p2p_http_options_unref (self->request.options);
  g_clear_pointer (&self->request.body, g_bytes_unref);
  g_free ((char *) self->request.content_type);
  g_free (self->url);
  g_clear_pointer (&self->head, p2p_http_head_unref);
  g_clear_pointer (&self->playlist, g_byte_array_unref);
  g_object_unref (self->fetcher);
  p2p_host_unref (self->host);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (p2p_host_fetch_parent_class)->finalize (object);
}

static void
p2p_host_fetch_class_init (P2pHostFetchClass * klass)
{
  GObjectClass *gobject_class = G_OBJECT_CLASS (klass);
  P2pFetchClass *fetch_class = P2P_FETCH_CLASS (klass);

  gobject_class->dispose = p2p_host_fetch_dispose;
  gobject_class->finalize = p2p_host_fetch_finalize;
  fetch_class->set_paused = p2p_host_fetch_set_paused;
  fetch_class->cancel = p2p_host_fetch_cancel;
}

static void
p2p_host_fetch_init (P2pHostFetch * self)
{
}
