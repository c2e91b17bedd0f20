/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupbody.h"
#include "p2psouperror.h"
#include "p2psoupfetch.h"
#include "p2psouphead.h"
#include "p2psouprequest.h"

/* Informational answers before the one that counts. */
#define MAX_INFORMATIONAL 16
/* Bytes of a body that libsoup gathers before it answers a challenge. */
#define MAX_CHALLENGE (1024 * 1024)

struct _P2pSoupFetch
{
  P2pFetch parent;

  P2pClock *clock;
  GMainContext *context;
  const P2pFetchEvents *events;
  gpointer user_data;

  P2pSoupReach *reach;
  P2pSoupRequest *request;      /* NULL: it cannot be made, see error */
  GError *error;
  SoupSession *session;
  SoupMessage *message;
  GCancellable *cancellable;
  P2pSoupPhase phase;
  guint n_informational;
  gboolean hostile;
  gboolean out_of_reach;

  /* Whoever calls out while the fetch may end: gets NULL when it has. */
  P2pSoupFetch **watcher;

  P2pSoupBody *body;
  GSource *source;
  gboolean paused;
};

/* *INDENT-OFF* */
G_DEFINE_TYPE (P2pSoupFetch, p2p_soup_fetch, P2P_TYPE_FETCH);
/* *INDENT-ON* */

static void p2p_soup_fetch_send (P2pSoupFetch * self);

static void
p2p_soup_fetch_unwatch (P2pSoupFetch * self)
{
  if (self->source)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
p2p_soup_fetch_drop_message (P2pSoupFetch * self)
{
  if (self->message) {
    g_signal_handlers_disconnect_by_data (self->message, self);
    p2p_soup_request_unwatch (self->request, self->message);
  }
  g_clear_object (&self->message);
}

static gboolean
p2p_soup_fetch_on_late (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* Once the head of the answer is there, libsoup is about to say so, and frees
 * what it still uses if cancelled before it did (3.4 to 3.6.5): it is let say
 * so first. Then only the body of a challenge is left to be cancelled. */
static void
p2p_soup_fetch_cancel_sending (P2pSoupFetch * self)
{
  if (soup_message_get_status (self->message) == SOUP_STATUS_NONE) {
    g_cancellable_cancel (self->cancellable);
  } else {
    g_autoptr (GSource) source = g_idle_source_new ();

    g_source_set_callback (source, p2p_soup_fetch_on_late,
        g_object_ref (self->cancellable), g_object_unref);
    g_source_attach (source, self->context);
  }
}

static void
p2p_soup_fetch_close (P2pFetch * fetch)
{
  P2pSoupFetch *self = P2P_SOUP_FETCH (fetch);

  if (self->watcher) {
    *self->watcher = NULL;
    self->watcher = NULL;
  }
  if (self->cancellable)
    p2p_soup_fetch_cancel_sending (self);
  g_clear_object (&self->cancellable);
  p2p_soup_fetch_unwatch (self);
  g_clear_pointer (&self->body, p2p_soup_body_free);
  p2p_soup_fetch_drop_message (self);
  g_clear_object (&self->session);
}

/* The last event. (transfer full error) */
static void
p2p_soup_fetch_end (P2pSoupFetch * self, GError * error)
{
  g_autoptr (GError) owned = error;

  p2p_soup_fetch_close (P2P_FETCH (self));
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  self->events->done (P2P_FETCH (self), error, self->user_data);
}

/* Returns: whether the fetch goes on after the event */
static gboolean
p2p_soup_fetch_tell_head (P2pSoupFetch * self, P2pHttpHead * head)
{
  P2pSoupFetch *alive = self;

  self->watcher = &alive;
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  self->events->head (P2P_FETCH (self), head, self->user_data);
  if (alive)
    self->watcher = NULL;
  return alive != NULL;
}

/* Hands on what was read since the last time. Returns: whether the fetch goes
 * on after the event */
static gboolean
p2p_soup_fetch_tell_data (P2pSoupFetch * self)
{
  P2pSoupFetch *alive = self;
  g_autoptr (GBytes) bytes = p2p_soup_body_take (self->body);

  if (!bytes)
    return TRUE;
  self->watcher = &alive;
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  self->events->data (P2P_FETCH (self), bytes, self->user_data);
  if (alive)
    self->watcher = NULL;
  return alive != NULL;
}

/* The body came to what libsoup takes for its end. */
static void
p2p_soup_fetch_end_body (P2pSoupFetch * self)
{
  p2p_soup_fetch_end (self, p2p_soup_body_is_cut (self->body)
      ? p2p_soup_error_new_cut (self->request->uri) : NULL);
}

static void
p2p_soup_fetch_fail (P2pSoupFetch * self, const GError * error)
{
  GUri *uri = self->request->uri;

  if (self->out_of_reach)
    p2p_soup_fetch_end (self, p2p_soup_error_new_out_of_reach (uri));
  else
    p2p_soup_fetch_end (self, self->hostile ? p2p_soup_error_new_malformed (uri)
        : p2p_soup_error_new (error, self->phase, uri));
}

/* Reads until nothing is left or others are to get their turn, which they are
 * when budget bytes are read. Returns: whether the fetch goes on. drained:
 * nothing more is to be had now. */
static gboolean
p2p_soup_fetch_take_turn (P2pSoupFetch * self, gsize budget, gboolean * drained)
{
  g_autoptr (GError) error = NULL;
  gssize n;

  do {
    n = p2p_soup_body_read (self->body, drained, &error);
    budget -= MIN (budget, (gsize) MAX (n, 0));
    if ((n <= 0 || *drained || budget == 0 || p2p_soup_body_is_due (self->body))
        && !p2p_soup_fetch_tell_data (self))
      return FALSE;
  } while (n > 0 && !*drained && !self->paused && budget > 0);

  if (n > 0)
    return TRUE;
  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    *drained = TRUE;
    return TRUE;
  }
  if (n == 0)
    p2p_soup_fetch_end_body (self);
  else
    p2p_soup_fetch_fail (self, error);
  return FALSE;
}

static void p2p_soup_fetch_wait (P2pSoupFetch * self);

/* The next turn, whatever the socket says: libsoup or a decoder may hold bytes
 * that no socket announces. */
static gboolean
p2p_soup_fetch_on_turn (gpointer user_data)
{
  P2pSoupFetch *self = user_data;
  gboolean drained;

  if (p2p_soup_fetch_take_turn (self, P2P_SOUP_TURN, &drained) && !self->paused
      && drained)
    p2p_soup_fetch_wait (self);
  return G_SOURCE_CONTINUE;
}

static void
p2p_soup_fetch_watch (P2pSoupFetch * self)
{
  p2p_soup_fetch_unwatch (self);
  if (self->paused)
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, p2p_soup_fetch_on_turn, self, NULL);
  g_source_attach (self->source, self->context);
}

static gboolean
p2p_soup_fetch_on_readable (GObject * stream, gpointer user_data)
{
  P2pSoupFetch *self = user_data;
  gboolean drained;

  if (p2p_soup_fetch_take_turn (self, P2P_SOUP_TURN, &drained) && !drained)
    p2p_soup_fetch_watch (self);
  return G_SOURCE_CONTINUE;
}

/* For the socket, now that all else is drained. */
static void
p2p_soup_fetch_wait (P2pSoupFetch * self)
{
  p2p_soup_fetch_unwatch (self);
  self->source = p2p_soup_body_create_source (self->body);
  g_source_set_callback (self->source,
      G_SOURCE_FUNC (p2p_soup_fetch_on_readable), self, NULL);
  g_source_attach (self->source, self->context);
}

/* With the head the first bytes came, most often: they need not wait for a turn
 * of the loop, and who waits for them is let at them before more is read. */
static void
p2p_soup_fetch_take_first_turn (P2pSoupFetch * self)
{
  gboolean drained;

  if (self->paused || !p2p_soup_fetch_take_turn (self, 1, &drained))
    return;
  g_thread_yield ();
  if (drained && !self->paused)
    p2p_soup_fetch_wait (self);
  else
    p2p_soup_fetch_watch (self);
}

static void
p2p_soup_fetch_redirect (P2pSoupFetch * self)
{
  GError *error = NULL;

  p2p_soup_body_drain (self->body);
  g_clear_pointer (&self->body, p2p_soup_body_free);
  if (p2p_soup_request_follow (self->request, self->message, &error))
    p2p_soup_fetch_send (self);
  else
    p2p_soup_fetch_end (self, error);
}

static void
p2p_soup_fetch_begin_body (P2pSoupFetch * self)
{
  g_autoptr (P2pHttpHead) head = p2p_soup_head_new (self->request,
      self->message, p2p_soup_body_is_decoded (self->body));

  self->phase = P2P_SOUP_READING;
  if (!p2p_soup_fetch_tell_head (self, head))
    return;
  if (head->status < 200 || head->status > 299) {
    p2p_soup_body_drain (self->body);
    p2p_soup_fetch_end (self, NULL);
  } else {
    p2p_soup_fetch_take_first_turn (self);
  }
}

static void
p2p_soup_fetch_on_sent (GObject * session, GAsyncResult * result,
    gpointer user_data)
{
  P2pSoupFetch **watcher = user_data, *self = *watcher;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
      soup_session_send_finish (SOUP_SESSION (session), result, &error);

  g_free (watcher);
  if (!self) {
    if (stream)
      g_input_stream_close (stream, NULL, NULL);
    return;
  }
  self->watcher = NULL;
  g_clear_object (&self->cancellable);
  if (error) {
    p2p_soup_fetch_fail (self, error);
    return;
  }
  self->body = p2p_soup_body_new (self->message, g_steal_pointer (&stream));
  if (p2p_soup_request_is_redirect (self->request, self->message))
    p2p_soup_fetch_redirect (self);
  else
    p2p_soup_fetch_begin_body (self);
}

static void
p2p_soup_fetch_check_reach (P2pSoupFetch * self, GSocketAddress * address,
    gboolean answered)
{
  if (p2p_soup_reach_allows (self->reach, address, answered))
    return;
  self->out_of_reach = TRUE;
  g_cancellable_cancel (self->cancellable);
}

static void
p2p_soup_fetch_on_network_event (SoupMessage * message,
    GSocketClientEvent event, GIOStream * connection, P2pSoupFetch * self)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (event != G_SOCKET_CLIENT_CONNECTING || !self->cancellable)
    return;
  address = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION
      (connection), NULL);
  p2p_soup_fetch_check_reach (self, address, FALSE);
}

static void
p2p_soup_fetch_on_starting (SoupMessage * message, P2pSoupFetch * self)
{
  self->phase = P2P_SOUP_WAITING;
  /* The connection may be one that stood open. */
  p2p_soup_fetch_check_reach (self, soup_message_get_remote_address (message),
      TRUE);
}

static void
p2p_soup_fetch_give_up (P2pSoupFetch * self)
{
  self->hostile = TRUE;
  g_cancellable_cancel (self->cancellable);
}

static void
p2p_soup_fetch_on_informational (SoupMessage * message, P2pSoupFetch * self)
{
  if (++self->n_informational > MAX_INFORMATIONAL)
    p2p_soup_fetch_give_up (self);
}

/* libsoup gathers the whole body that comes with a challenge. */
static void
p2p_soup_fetch_on_got_headers (SoupMessage * message, P2pSoupFetch * self)
{
  guint status = soup_message_get_status (message);

  if ((status == SOUP_STATUS_UNAUTHORIZED
          || status == SOUP_STATUS_PROXY_UNAUTHORIZED)
      && soup_message_headers_get_content_length
      (soup_message_get_response_headers (message)) > MAX_CHALLENGE)
    p2p_soup_fetch_give_up (self);
}

static void
p2p_soup_fetch_connect (P2pSoupFetch * self)
{
  p2p_soup_request_watch (self->request, self->message);
  g_signal_connect (self->message, "starting",
      G_CALLBACK (p2p_soup_fetch_on_starting), self);
  if (p2p_soup_reach_is_guarded (self->reach))
    g_signal_connect (self->message, "network-event",
        G_CALLBACK (p2p_soup_fetch_on_network_event), self);
  g_signal_connect (self->message, "got-informational",
      G_CALLBACK (p2p_soup_fetch_on_informational), self);
  if (!soup_message_is_feature_disabled (self->message, SOUP_TYPE_AUTH_MANAGER))
    g_signal_connect (self->message, "got-headers",
        G_CALLBACK (p2p_soup_fetch_on_got_headers), self);
}

static void
p2p_soup_fetch_send (P2pSoupFetch * self)
{
  p2p_soup_fetch_drop_message (self);
  self->message = p2p_soup_request_make_message (self->request);
  p2p_soup_fetch_connect (self);
  self->phase = P2P_SOUP_CONNECTING;
  self->cancellable = g_cancellable_new ();
  self->watcher = g_new (P2pSoupFetch *, 1);
  *self->watcher = self;
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT,
      self->cancellable, p2p_soup_fetch_on_sent, self->watcher);
}

static gboolean
p2p_soup_fetch_on_impossible (gpointer user_data)
{
  P2pSoupFetch *self = user_data;

  p2p_soup_fetch_end (self, g_steal_pointer (&self->error));
  return G_SOURCE_REMOVE;
}

P2pFetch *
p2p_soup_fetch_new (P2pClock * clock, GMainContext * context,
    P2pSoupPool * pool, P2pSoupReach * reach, const P2pFetchRequest * request,
    const P2pFetchEvents * events, gpointer user_data)
{
  P2pSoupFetch *self = g_object_new (P2P_TYPE_SOUP_FETCH, NULL);

  self->clock = g_object_ref (clock);
  self->context = g_main_context_ref (context);
  self->events = events;
  self->user_data = user_data;
  self->reach = p2p_soup_reach_ref (reach);
  self->request = p2p_soup_request_new (request, &self->error);
  if (self->request)
    self->session = p2p_soup_pool_get (pool, request->options, &self->error);
  if (self->session) {
    p2p_soup_fetch_send (self);
  } else {
    self->source = g_idle_source_new ();
    g_source_set_callback (self->source, p2p_soup_fetch_on_impossible, self,
        NULL);
    g_source_attach (self->source, context);
  }
  return P2P_FETCH (self);
}

static void
p2p_soup_fetch_set_paused (P2pFetch * fetch, gboolean paused)
{
  P2pSoupFetch *self = P2P_SOUP_FETCH (fetch);

  if (self->paused == paused)
    return;
  self->paused = paused;
  if (!self->body)
    return;
  if (paused)
    p2p_soup_fetch_unwatch (self);
  else
    p2p_soup_fetch_watch (self);
}

static void
p2p_soup_fetch_dispose (GObject * object)
{
  p2p_soup_fetch_close (P2P_FETCH (object));
  G_OBJECT_CLASS (p2p_soup_fetch_parent_class)->dispose (object);
}

static void
p2p_soup_fetch_finalize (GObject * object)
{
  P2pSoupFetch *self = P2P_SOUP_FETCH (object);

  g_object_unref (self->clock);
  g_main_context_unref (self->context);
  p2p_soup_reach_unref (self->reach);
  g_clear_pointer (&self->request, p2p_soup_request_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (p2p_soup_fetch_parent_class)->finalize (object);
}

static void
p2p_soup_fetch_class_init (P2pSoupFetchClass * klass)
{
  G_OBJECT_CLASS (klass)->dispose = p2p_soup_fetch_dispose;
  G_OBJECT_CLASS (klass)->finalize = p2p_soup_fetch_finalize;
  P2P_FETCH_CLASS (klass)->set_paused = p2p_soup_fetch_set_paused;
  P2P_FETCH_CLASS (klass)->cancel = p2p_soup_fetch_close;
}

static void
p2p_soup_fetch_init (P2pSoupFetch * self)
{
}
