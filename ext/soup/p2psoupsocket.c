/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupsocket.h"

#include "p2pbackoff.h"
#include "p2psouperror.h"
#include "p2psoupguard.h"
#include "p2psouprequest.h"
#include "p2puri.h"

#include <gio/gnetworking.h>

struct _P2pSoupSocket
{
  P2pClock *clock;
  GRand *rand;
  P2pSoupPool *pool;
  P2pHttpOptions *options;
  char *uri;
  const P2pSoupSocketKind *kind;
  const P2pSoupSocketEvents *events;
  gpointer user_data;

  gboolean wanted;
  guint timer;                  /* to open; while opening the time-out */
  guint failures;               /* in a row */
  gint64 not_before;            /* it is opened again */

  /* while opening */
  P2pSoupSocket **watcher;      /* gets NULL when nobody waits any more */
  P2pSoupRequest *request;
  SoupMessage *message;
  GCancellable *cancellable;
  GSocket *socket;

  /* while open */
  SoupWebsocketConnection *connection;
  GSource *guard;
  gint64 opened_at;
  gint64 window_start;          /* of the messages counted */
  guint n_messages;
};

static void p2p_soup_socket_open (gpointer user_data);

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
p2p_soup_socket_stop_opening (P2pSoupSocket * self)
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
p2p_soup_socket_stop (P2pSoupSocket * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  p2p_soup_socket_stop_opening (self);
  if (self->connection) {
    g_signal_handlers_disconnect_by_data (self->connection, self);
    say_goodbye (g_steal_pointer (&self->connection),
        g_steal_pointer (&self->guard));
  }
}

static void
p2p_soup_socket_start_timer (P2pSoupSocket * self, gint64 when,
    P2pClockFunc func)
{
  p2p_clock_cancel (self->clock, &self->timer);
  self->timer = p2p_clock_call_at (self->clock, when, func, self);
}

/* What was open for long had not failed. */
static void
p2p_soup_socket_judge (P2pSoupSocket * self)
{
  if (self->connection && p2p_clock_get_time (self->clock) - self->opened_at
      >= P2P_SOUP_SOCKET_STABLE)
    self->failures = 0;
}

static void
p2p_soup_socket_break (P2pSoupSocket * self, const GError * error)
{
  const P2pSoupSocketKind *kind = self->kind;

  p2p_soup_socket_judge (self);
  p2p_soup_socket_stop (self);
  self->not_before = p2p_clock_get_time (self->clock)
      + p2p_backoff (self->rand, kind->retry, kind->retry_max,
      ++self->failures);
  p2p_soup_socket_start_timer (self, self->not_before, p2p_soup_socket_open);
  self->events->closed (error, self->user_data);
}

void
p2p_soup_socket_fail (P2pSoupSocket * self, P2pError code, const char *words)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR, code, words);

  p2p_soup_socket_break (self, error);
}

static void
p2p_soup_socket_on_closed (SoupWebsocketConnection * connection,
    P2pSoupSocket * self)
{
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  p2p_soup_socket_fail (self, P2P_ERROR_CUT, self->kind->closed);
}

/* Whoever does that gets no goodbye. */
static gboolean
p2p_soup_socket_on_too_much (gpointer user_data)
{
  P2pSoupSocket *self = user_data;

  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  p2p_soup_socket_judge (self);
  g_clear_pointer (&self->guard, drop_guard);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  p2p_soup_socket_fail (self, P2P_ERROR_TOO_LARGE, self->kind->endless);
  return G_SOURCE_REMOVE;
}

static gboolean
p2p_soup_socket_is_flooded (P2pSoupSocket * self)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (now - self->window_start >= P2P_SOUP_SOCKET_WINDOW) {
    self->window_start = now;
    self->n_messages = 0;
  }
  return ++self->n_messages > P2P_SOUP_SOCKET_MAX_MESSAGES;
}

static void
p2p_soup_socket_on_message (SoupWebsocketConnection * connection,
    int type, GBytes * bytes, P2pSoupSocket * self)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
  p2p_soup_guard_reset (self->guard);
  if (p2p_soup_socket_is_flooded (self))
    p2p_soup_socket_fail (self, P2P_ERROR_MALFORMED, self->kind->flooded);
  else
    self->events->message (text, size, self->user_data);
}

static void
p2p_soup_socket_on_network_event (SoupMessage * message,
    GSocketClientEvent event, GIOStream * connection, P2pSoupSocket * self)
{
  GSocket *socket;

  if (event != G_SOCKET_CLIENT_CONNECTING && event != G_SOCKET_CLIENT_CONNECTED)
    return;
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection));
  if (event == G_SOCKET_CLIENT_CONNECTED)
    g_set_object (&self->socket, socket);
  else
    g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF, P2P_SOUP_SOCKET_BUFFER,
        NULL);
}

static void
p2p_soup_socket_start_guard (P2pSoupSocket * self)
{
  self->guard = p2p_soup_guard_new (self->socket, P2P_SOUP_SOCKET_MAX_PARTS);
  g_source_set_callback (self->guard, p2p_soup_socket_on_too_much, self, NULL);
  g_source_attach (self->guard, g_main_context_get_thread_default ());
}

static void
p2p_soup_socket_begin (P2pSoupSocket * self,
    SoupWebsocketConnection * connection)
{
  self->connection = connection;
  self->opened_at = p2p_clock_get_time (self->clock);
  self->n_messages = 0;
  soup_websocket_connection_set_max_incoming_payload_size (connection,
      P2P_SOUP_SOCKET_MAX_SIZE);
  soup_websocket_connection_set_keepalive_interval (connection,
      self->kind->keepalive);
  g_signal_connect (connection, "message",
      G_CALLBACK (p2p_soup_socket_on_message), self);
  g_signal_connect (connection, "closed",
      G_CALLBACK (p2p_soup_socket_on_closed), self);
  self->events->opened (self->user_data);
}

/* What the server answered instead of opening it says more than libsoup does. */
static GError *
p2p_soup_socket_explain (P2pSoupSocket * self, const GError * reason)
{
  guint status = soup_message_get_status (self->message);
  g_autoptr (GError) said = NULL;

  if (reason->domain == SOUP_WEBSOCKET_ERROR
      && status != SOUP_STATUS_SWITCHING_PROTOCOLS)
    said = g_error_new (reason->domain, reason->code, "%u %s", status,
        soup_message_get_reason_phrase (self->message));
  return p2p_soup_error_new (said ? said : reason, P2P_SOUP_CONNECTING,
      self->request->uri);
}

static void
p2p_soup_socket_on_connected (GObject * session, GAsyncResult * result,
    gpointer user_data)
{
  P2pSoupSocket **watcher = user_data, *self = *watcher;
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
    p2p_soup_socket_start_guard (self);
  else
    error = p2p_soup_socket_explain (self, reason);
  p2p_clock_cancel (self->clock, &self->timer);
  p2p_soup_socket_stop_opening (self);
  if (connection)
    p2p_soup_socket_begin (self, connection);
  else
    p2p_soup_socket_break (self, error);
}

static void
p2p_soup_socket_on_timeout (gpointer user_data)
{
  P2pSoupSocket *self = user_data;

  self->timer = 0;
  p2p_soup_socket_fail (self, P2P_ERROR_TIMEOUT, self->kind->late);
}

static void
p2p_soup_socket_open (gpointer user_data)
{
  P2pSoupSocket *self = user_data;
  P2pFetchRequest request = { NULL, self->uri, 0, -1, NULL, self->options };
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupSession) session = NULL;

  self->timer = 0;
  self->request = p2p_soup_request_new (&request, &error);
  if (self->request)
    session = p2p_soup_pool_get (self->pool, self->options, &error);
  if (!session) {
    p2p_soup_socket_break (self, error);
    return;
  }
  self->message = p2p_soup_request_make_message (self->request);
  soup_message_disable_feature (self->message,
      SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  p2p_soup_request_watch (self->request, self->message);
  g_signal_connect (self->message, "network-event",
      G_CALLBACK (p2p_soup_socket_on_network_event), self);
  self->cancellable = g_cancellable_new ();
  self->watcher = g_new (P2pSoupSocket *, 1);
  *self->watcher = self;
  p2p_soup_socket_start_timer (self, p2p_clock_get_time (self->clock)
      + P2P_SOUP_SOCKET_TIMEOUT, p2p_soup_socket_on_timeout);
  soup_session_websocket_connect_async (session, self->message, NULL, NULL,
      G_PRIORITY_DEFAULT, self->cancellable, p2p_soup_socket_on_connected,
      self->watcher);
}

void
p2p_soup_socket_set_wanted (P2pSoupSocket * self, gboolean wanted)
{
  if (wanted == self->wanted)
    return;
  self->wanted = wanted;
  p2p_soup_socket_judge (self);
  p2p_soup_socket_stop (self);
  if (wanted)
    p2p_soup_socket_start_timer (self, self->not_before, p2p_soup_socket_open);
}

void
p2p_soup_socket_set_options (P2pSoupSocket * self, P2pHttpOptions * options)
{
  p2p_http_options_unref (self->options);
  self->options = p2p_http_options_ref (options);
}

gboolean
p2p_soup_socket_send (P2pSoupSocket * self, const char *text)
{
  if (!self->connection || soup_websocket_connection_get_state
      (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return FALSE;
  soup_websocket_connection_send_text (self->connection, text);
  return TRUE;
}

char *
p2p_soup_socket_make_uri (const char *url)
{
  g_autofree char *uri = g_ascii_strncasecmp (url, "ws", 2) == 0
      ? g_strconcat ("http", url + 2, NULL) : g_strdup (url);
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD
      | G_URI_FLAGS_ENCODED, NULL);

  if (!p2p_uri_is_http (uri) || !parsed || !g_uri_get_host (parsed)
      || !*g_uri_get_host (parsed))
    return NULL;
  return g_steal_pointer (&uri);
}

P2pSoupSocket *
p2p_soup_socket_new (P2pClock * clock, GRand * rand, P2pSoupPool * pool,
    P2pHttpOptions * options, const char *uri, const P2pSoupSocketKind * kind,
    const P2pSoupSocketEvents * events, gpointer user_data)
{
  P2pSoupSocket *self = g_new0 (P2pSoupSocket, 1);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->pool = pool;
  self->options = p2p_http_options_ref (options);
  self->uri = g_strdup (uri);
  self->kind = kind;
  self->events = events;
  self->user_data = user_data;
  return self;
}

void
p2p_soup_socket_free (P2pSoupSocket * self)
{
  p2p_soup_socket_stop (self);
  p2p_http_options_unref (self->options);
  g_object_unref (self->clock);
  g_free (self->uri);
  g_free (self);
}
