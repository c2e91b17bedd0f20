/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteguest.h"

#include "p2phlsremotedoor.h"
#include "p2phlsremoteline.h"
#include "p2phlsremotelimits.h"

#include <string.h>

#define UPDATE "{\"type\":\"update\""

struct _P2pHlsRemoteGuest
{
  P2pHlsRemoteLine *line;       /* NULL: TLS is not there yet */
  GCancellable *cancellable;    /* of TLS */
  P2pHlsRemoteGuestState state;
  GIOStream *tls;               /* until it is set up */
  GSource *wake;                /* while nothing came */
  char *token;
  gint64 came;
  char *host;
  GHashTable *keys;
  guint silence;                /* ms; 0: for ever */
  GMainContext *context;
  GSource *timer;               /* until it has to have a key */
  const P2pHlsRemoteGuestEvents *events;
  gpointer user_data;
};

static void
p2p_hls_remote_guest_stop_timer (P2pHlsRemoteGuest * self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static gboolean
p2p_hls_remote_guest_on_timer (gpointer user_data)
{
  P2pHlsRemoteGuest *self = user_data;

  p2p_hls_remote_guest_stop_timer (self);
  self->events->closed (self, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
p2p_hls_remote_guest_start_timer (P2pHlsRemoteGuest * self, guint ms)
{
  p2p_hls_remote_guest_stop_timer (self);
  if (ms == 0)
    return;
  self->timer = g_timeout_source_new (ms);
  g_source_set_callback (self->timer, p2p_hls_remote_guest_on_timer, self,
      NULL);
  g_source_attach (self->timer, self->context);
}

static void
p2p_hls_remote_guest_received (P2pHlsRemoteLine * line, const char *text,
    gsize size, gpointer user_data)
{
  P2pHlsRemoteGuest *self = user_data;
  g_autoptr (P2pJson) message = NULL;

  if (self->state == P2P_HLS_REMOTE_GUEST_KNOWN) {
    message = p2p_json_parse (text, size, P2P_HLS_REMOTE_MAX_MESSAGE);
    if (message)
      self->events->received (self, message, self->user_data);
  } else if (p2p_hls_remote_door_check (text, size, P2P_HLS_REMOTE_TOKEN,
          self->token)) {
    g_autofree char *welcome =
        p2p_hls_remote_door_make (P2P_HLS_REMOTE_WELCOME, NULL);

    self->state = P2P_HLS_REMOTE_GUEST_KNOWN;
    p2p_hls_remote_guest_start_timer (self, self->silence);
    p2p_hls_remote_line_send (self->line, welcome);
  } else {
    self->events->closed (self, self->user_data);
  }
}

static void
p2p_hls_remote_guest_line_closed (P2pHlsRemoteLine * line,
    const GError * error, gpointer user_data)
{
  P2pHlsRemoteGuest *self = user_data;

  self->events->closed (self, self->user_data);
}

static const P2pHlsRemoteLineEvents line_events = {
  p2p_hls_remote_guest_received,
  p2p_hls_remote_guest_line_closed,
};

static void
p2p_hls_remote_guest_begin (P2pHlsRemoteGuest * self, GIOStream * stream)
{
  self->line = p2p_hls_remote_line_new (stream, P2P_HLS_REMOTE_MAX_MESSAGE,
      P2P_HLS_REMOTE_MAX_UNSENT, &line_events, self);
}

/* --- TLS --- */

static void
p2p_hls_remote_guest_on_handshake (GObject * stream, GAsyncResult * result,
    gpointer user_data)
{
  P2pHlsRemoteGuest *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean good = g_tls_connection_handshake_finish (G_TLS_CONNECTION (stream),
      result, &error);

  /* It is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (good) {
    self->state = P2P_HLS_REMOTE_GUEST_ASKED;
    p2p_hls_remote_guest_begin (self, self->tls);
    g_clear_object (&self->tls);
  } else {
    self->events->closed (self, self->user_data);
  }
}

static void
p2p_hls_remote_guest_stop_waiting (P2pHlsRemoteGuest * self)
{
  if (self->wake == NULL)
    return;
  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
}

/* GLib has few threads for all that blocks, and one who says nothing would keep
 * one of them. */
static gboolean
p2p_hls_remote_guest_on_first_byte (GSocket * socket, GIOCondition condition,
    gpointer user_data)
{
  P2pHlsRemoteGuest *self = user_data;

  p2p_hls_remote_guest_stop_waiting (self);
  self->events->shaking (self, self->user_data);
  self->state = P2P_HLS_REMOTE_GUEST_SHAKING;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->tls),
      G_PRIORITY_DEFAULT, self->cancellable, p2p_hls_remote_guest_on_handshake,
      self);
  return G_SOURCE_REMOVE;
}

/* IPv4 on a socket that takes both */
#define MAPPED "::ffff:"

/* Returns: (transfer full) (nullable): NULL on loopback */
static char *
p2p_hls_remote_guest_find_host (GSocketConnection * connection)
{
  g_autoptr (GSocketAddress) local =
      g_socket_connection_get_local_address (connection, NULL);
  GInetAddress *address;
  char *host;

  if (!G_IS_INET_SOCKET_ADDRESS (local))
    return NULL;
  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local));
  host = g_inet_address_to_string (address);
  if (g_str_has_prefix (host, MAPPED))
    memmove (host, host + strlen (MAPPED), strlen (host) - strlen (MAPPED) + 1);
  if (g_inet_address_get_is_loopback (address)
      || g_str_has_prefix (host, "127."))
    g_clear_pointer (&host, g_free);
  return host;
}

static void
p2p_hls_remote_guest_shake_hands (P2pHlsRemoteGuest * self,
    GSocketConnection * connection, GTlsCertificate * certificate)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  self->tls = g_tls_server_connection_new (G_IO_STREAM (connection),
      certificate, NULL);
  g_socket_set_keepalive (socket, TRUE);
  p2p_hls_remote_guest_start_timer (self,
      P2P_HLS_REMOTE_PATIENCE * G_TIME_SPAN_MILLISECOND);
  if (self->tls == NULL)
    return;
  self->wake = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->wake,
      G_SOURCE_FUNC (p2p_hls_remote_guest_on_first_byte), self, NULL);
  g_source_attach (self->wake, self->context);
}

/* --- what it is for --- */

P2pHlsRemoteGuest *
p2p_hls_remote_guest_new (GSocketConnection * connection,
    GTlsCertificate * certificate, const char *token, guint silence,
    const P2pHlsRemoteGuestEvents * events, gpointer user_data)
{
  P2pHlsRemoteGuest *self = g_new0 (P2pHlsRemoteGuest, 1);

  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->token = g_strdup (token);
  self->came = g_get_monotonic_time ();
  self->host = p2p_hls_remote_guest_find_host (connection);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->silence = silence;
  self->events = events;
  self->user_data = user_data;
  if (certificate) {
    p2p_hls_remote_guest_shake_hands (self, connection, certificate);
  } else {
    self->state = P2P_HLS_REMOTE_GUEST_KNOWN;
    p2p_hls_remote_guest_start_timer (self, silence);
    p2p_hls_remote_guest_begin (self, G_IO_STREAM (connection));
  }
  return self;
}

void
p2p_hls_remote_guest_free (P2pHlsRemoteGuest * self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  p2p_hls_remote_guest_stop_timer (self);
  p2p_hls_remote_guest_stop_waiting (self);
  g_clear_object (&self->tls);
  g_clear_pointer (&self->line, p2p_hls_remote_line_free);
  g_hash_table_unref (self->keys);
  g_main_context_unref (self->context);
  g_free (self->token);
  g_free (self->host);
  g_free (self);
}

void
p2p_hls_remote_guest_send (P2pHlsRemoteGuest * self, const char *text)
{
  if (g_str_has_prefix (text, UPDATE)
      && p2p_hls_remote_line_get_unsent (self->line)
      > P2P_HLS_REMOTE_MAX_UNSENT / 4)
    return;
  p2p_hls_remote_line_send (self->line, text);
}

P2pHlsRemoteGuestState
p2p_hls_remote_guest_get_state (P2pHlsRemoteGuest * self)
{
  return self->state;
}

gint64
p2p_hls_remote_guest_get_came (P2pHlsRemoteGuest * self)
{
  return self->came;
}

const char *
p2p_hls_remote_guest_get_host (P2pHlsRemoteGuest * self)
{
  return self->host;
}

void
p2p_hls_remote_guest_add_key (P2pHlsRemoteGuest * self, const char *key)
{
  g_hash_table_add (self->keys, g_strdup (key));
  p2p_hls_remote_guest_stop_timer (self);
}

void
p2p_hls_remote_guest_remove_key (P2pHlsRemoteGuest * self, const char *key)
{
  g_hash_table_remove (self->keys, key);
  if (g_hash_table_size (self->keys) == 0)
    p2p_hls_remote_guest_start_timer (self, self->silence);
}

guint
p2p_hls_remote_guest_get_n_keys (P2pHlsRemoteGuest * self)
{
  return g_hash_table_size (self->keys);
}

GList *
p2p_hls_remote_guest_get_keys (P2pHlsRemoteGuest * self)
{
  return g_hash_table_get_keys (self->keys);
}
