/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupsignalling.h"

#include "p2pbackoff.h"
#include "p2psouperror.h"
#include "p2psoupguard.h"
#include "p2psouprequest.h"

struct _P2pSoupSignalling
{
  P2pClock *clock;
  GRand *rand;
  P2pSoupPool *pool;
  P2pHttpOptions *options;
  char *uri;
  char *own_id;
  const P2pSoupSignallingEvents *events;
  gpointer user_data;

  guint timer;                  /* to open; open: to ping; else the time-out */
  guint failures;               /* in a row */
  GQueue waiting;               /* of texts */

  /* while opening */
  P2pSoupSignalling **watcher;  /* gets NULL when nobody waits any more */
  P2pSoupRequest *request;
  SoupMessage *message;
  GCancellable *cancellable;
  GSocket *socket;

  /* while open */
  SoupWebsocketConnection *connection;
  GSource *guard;
  gint64 opened_at;
  gint64 ponged_at;             /* when a PING was answered last */
  gboolean pinged;              /* and nothing was heard since */
  gboolean heard_pong;
  gint64 window_start;          /* of the messages counted */
  guint n_messages;
};

static void p2p_soup_signalling_open (gpointer user_data);

static void
drop_guard (gpointer guard)
{
  g_source_destroy (guard);
  g_source_unref (guard);
}

static gboolean
hang_up (gpointer connection)
{
  g_signal_handlers_disconnect_by_func (connection, g_object_unref, NULL);
  g_object_unref (connection);
  return G_SOURCE_REMOVE;
}

/* The last reference goes when the server has closed its side too, or after
 * libsoup's time for that, in which it is watched still. (transfer full) */
static void
say_goodbye (SoupWebsocketConnection * connection, GSource * guard)
{
  SoupWebsocketState state = soup_websocket_connection_get_state (connection);

  g_source_set_callback (guard, hang_up, connection, NULL);
  g_object_set_data_full (G_OBJECT (connection), "guard", guard, drop_guard);
  if (state == SOUP_WEBSOCKET_STATE_CLOSED) {
    g_object_unref (connection);
    return;
  }
  g_signal_connect (connection, "closed", G_CALLBACK (g_object_unref), NULL);
  if (state == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL,
        NULL);
}

static void
p2p_soup_signalling_stop_opening (P2pSoupSignalling * self)
{
  if (self->watcher)
    *self->watcher = NULL;
  self->watcher = NULL;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->message) {
    p2p_soup_request_unwatch (self->request, self->message);
    g_signal_handlers_disconnect_by_data (self->message, self);
  }
  g_clear_object (&self->message);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->request, p2p_soup_request_free);
}

static void
p2p_soup_signalling_stop (P2pSoupSignalling * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  p2p_soup_signalling_stop_opening (self);
  if (self->connection) {
    g_signal_handlers_disconnect_by_data (self->connection, self);
    say_goodbye (g_steal_pointer (&self->connection),
        g_steal_pointer (&self->guard));
  }
}

static void
p2p_soup_signalling_start_timer (P2pSoupSignalling * self, gint64 delay,
    P2pClockFunc func)
{
  p2p_clock_cancel (self->clock, &self->timer);
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + delay, func, self);
}

static void
p2p_soup_signalling_fail (P2pSoupSignalling * self, const GError * error)
{
  if (self->connection && p2p_clock_get_time (self->clock) - self->opened_at
      >= P2P_SOUP_SIGNALLING_STABLE)
    self->failures = 0;
  self->failures++;
  p2p_soup_signalling_stop (self);
  p2p_soup_signalling_start_timer (self, p2p_backoff (self->rand,
          P2P_SOUP_SIGNALLING_RETRY, P2P_SOUP_SIGNALLING_RETRY_MAX,
          self->failures), p2p_soup_signalling_open);
  self->events->closed (error, self->user_data);
}

static void
p2p_soup_signalling_fail_with (P2pSoupSignalling * self, P2pError code,
    const char *words)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR, code, words);

  p2p_soup_signalling_fail (self, error);
}

static void
p2p_soup_signalling_say (P2pSoupSignalling * self, P2pSnSignalType type)
{
  P2pSnSignal signal = { type, NULL, NULL, NULL };

  p2p_soup_signalling_send (self, &signal);
}

static void
p2p_soup_signalling_on_ping (gpointer user_data)
{
  P2pSoupSignalling *self = user_data;

  self->timer = 0;
  if (self->pinged && self->heard_pong) {
    p2p_soup_signalling_fail_with (self, P2P_ERROR_TIMEOUT,
        "The signalling server is silent. Check that it runs, and the "
        "network.");
    return;
  }
  self->pinged = TRUE;
  p2p_soup_signalling_start_timer (self, P2P_SOUP_SIGNALLING_PING,
      p2p_soup_signalling_on_ping);
  p2p_soup_signalling_say (self, P2P_SN_SIGNAL_PING);
}

static void
p2p_soup_signalling_on_closed (SoupWebsocketConnection * connection,
    P2pSoupSignalling * self)
{
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  p2p_soup_signalling_fail_with (self, P2P_ERROR_CUT,
      "The signalling server closed the connection. If it does so again, "
      "check signal-url.");
}

/* Whoever does that gets no goodbye. */
static gboolean
p2p_soup_signalling_on_too_much (gpointer user_data)
{
  P2pSoupSignalling *self = user_data;

  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  g_clear_pointer (&self->guard, drop_guard);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  p2p_soup_signalling_fail_with (self, P2P_ERROR_TOO_LARGE,
      "The signalling server sends a message without end.");
  return G_SOURCE_REMOVE;
}

static gboolean
p2p_soup_signalling_is_flooded (P2pSoupSignalling * self)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (now - self->window_start >= P2P_SOUP_SIGNALLING_WINDOW) {
    self->window_start = now;
    self->n_messages = 0;
  }
  return ++self->n_messages > P2P_SOUP_SIGNALLING_MAX_MESSAGES;
}

static void
p2p_soup_signalling_answer_ping (P2pSoupSignalling * self)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (now - self->ponged_at < P2P_SOUP_SIGNALLING_PONG)
    return;
  self->ponged_at = now;
  p2p_soup_signalling_say (self, P2P_SN_SIGNAL_PONG);
}

static void
p2p_soup_signalling_on_message (SoupWebsocketConnection * connection,
    int type, GBytes * bytes, P2pSoupSignalling * self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pSnSignal) signal = NULL;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  self->pinged = FALSE;
  p2p_soup_guard_reset (self->guard);
  if (p2p_soup_signalling_is_flooded (self)) {
    p2p_soup_signalling_fail_with (self, P2P_ERROR_MALFORMED,
        "The signalling server sends far too many messages.");
    return;
  }
  signal = p2p_sn_signal_parse (text, size, &error);
  if (!signal) {
    self->events->garbage (error, self->user_data);
  } else if (signal->type == P2P_SN_SIGNAL_PING) {
    p2p_soup_signalling_answer_ping (self);
  } else if (signal->type == P2P_SN_SIGNAL_PONG) {
    self->heard_pong = TRUE;
  } else {
    self->events->signal (signal, self->user_data);
  }
}

static void
p2p_soup_signalling_on_network_event (SoupMessage * message,
    GSocketClientEvent event, GIOStream * connection, P2pSoupSignalling * self)
{
  if (event == G_SOCKET_CLIENT_CONNECTED)
    g_set_object (&self->socket,
        g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)));
}

static void
p2p_soup_signalling_start_guard (P2pSoupSignalling * self)
{
  self->guard = p2p_soup_guard_new (self->socket,
      P2P_SOUP_SIGNALLING_MAX_PARTS);
  g_source_set_callback (self->guard, p2p_soup_signalling_on_too_much, self,
      NULL);
  g_source_attach (self->guard, g_main_context_get_thread_default ());
}

static void
p2p_soup_signalling_begin (P2pSoupSignalling * self,
    SoupWebsocketConnection * connection)
{
  self->connection = connection;
  self->opened_at = p2p_clock_get_time (self->clock);
  self->pinged = self->heard_pong = FALSE;
  self->n_messages = 0;
  soup_websocket_connection_set_max_incoming_payload_size (connection,
      P2P_SN_SIGNAL_MAX_SIZE);
  g_signal_connect (connection, "message",
      G_CALLBACK (p2p_soup_signalling_on_message), self);
  g_signal_connect (connection, "closed",
      G_CALLBACK (p2p_soup_signalling_on_closed), self);
  p2p_soup_signalling_start_timer (self, P2P_SOUP_SIGNALLING_PING,
      p2p_soup_signalling_on_ping);
  while (!g_queue_is_empty (&self->waiting)) {
    g_autofree char *text = g_queue_pop_head (&self->waiting);

    soup_websocket_connection_send_text (connection, text);
  }
  self->events->opened (self->user_data);
}

static void
p2p_soup_signalling_on_connected (GObject * session, GAsyncResult * result,
    gpointer user_data)
{
  P2pSoupSignalling **watcher = user_data, *self = *watcher;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (session), result,
      &reason);

  g_free (watcher);
  if (!self) {
    g_clear_object (&connection);
    return;
  }
  self->watcher = NULL;
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  if (connection)
    p2p_soup_signalling_start_guard (self);
  else
    error = p2p_soup_error_new (reason, P2P_SOUP_CONNECTING,
        self->request->uri);
  p2p_soup_signalling_stop_opening (self);
  if (connection)
    p2p_soup_signalling_begin (self, connection);
  else
    p2p_soup_signalling_fail (self, error);
}

static void
p2p_soup_signalling_on_timeout (gpointer user_data)
{
  P2pSoupSignalling *self = user_data;

  self->timer = 0;
  p2p_soup_signalling_fail_with (self, P2P_ERROR_TIMEOUT,
      "The signalling server did not answer in time. Check that it runs, and "
      "the network.");
}

static void
p2p_soup_signalling_open (gpointer user_data)
{
  P2pSoupSignalling *self = user_data;
  P2pFetchRequest request = { NULL, self->uri, 0, -1, NULL, self->options };
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupSession) session = NULL;

  self->timer = 0;
  self->request = p2p_soup_request_new (&request, &error);
  if (self->request)
    session = p2p_soup_pool_get (self->pool, self->options, &error);
  if (!session) {
    p2p_soup_signalling_fail (self, error);
    return;
  }
  self->message = p2p_soup_request_make_message (self->request);
  /* Deflated messages cost 100 KB a connection, and few bytes are saved. */
  soup_message_disable_feature (self->message,
      SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  p2p_soup_request_watch (self->request, self->message);
  g_signal_connect (self->message, "network-event",
      G_CALLBACK (p2p_soup_signalling_on_network_event), self);
  self->cancellable = g_cancellable_new ();
  self->watcher = g_new (P2pSoupSignalling *, 1);
  *self->watcher = self;
  p2p_soup_signalling_start_timer (self, P2P_SOUP_SIGNALLING_TIMEOUT,
      p2p_soup_signalling_on_timeout);
  soup_session_websocket_connect_async (session, self->message, NULL, NULL,
      G_PRIORITY_DEFAULT, self->cancellable, p2p_soup_signalling_on_connected,
      self->watcher);
}

P2pSoupSignalling *
p2p_soup_signalling_new (P2pClock * clock, GRand * rand, P2pSoupPool * pool,
    P2pHttpOptions * options, const char *uri, const char *own_id,
    const P2pSoupSignallingEvents * events, gpointer user_data)
{
  P2pSoupSignalling *self = g_new0 (P2pSoupSignalling, 1);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->pool = pool;
  self->options = p2p_http_options_ref (options);
  self->uri = g_strdup (uri);
  self->own_id = g_strdup (own_id);
  self->events = events;
  self->user_data = user_data;
  g_queue_init (&self->waiting);
  p2p_soup_signalling_start_timer (self, 0, p2p_soup_signalling_open);
  return self;
}

void
p2p_soup_signalling_free (P2pSoupSignalling * self)
{
  p2p_soup_signalling_stop (self);
  g_queue_clear_full (&self->waiting, g_free);
  p2p_http_options_unref (self->options);
  g_object_unref (self->clock);
  g_free (self->uri);
  g_free (self->own_id);
  g_free (self);
}

void
p2p_soup_signalling_send (P2pSoupSignalling * self, const P2pSnSignal * signal)
{
  g_autofree char *text = p2p_sn_signal_write (signal, self->own_id);

  if (self->connection && soup_websocket_connection_get_state (self->connection)
      == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->connection, text);
  else if (self->waiting.length < P2P_SOUP_SIGNALLING_MAX_QUEUE)
    g_queue_push_tail (&self->waiting, g_steal_pointer (&text));
}
