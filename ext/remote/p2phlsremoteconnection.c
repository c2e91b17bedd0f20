/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteconnection.h"

#include "p2phlsremotedoor.h"
#include "p2phlsremoteline.h"
#include "p2phlsremotelimits.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#define UNIX_PREFIX "unix:"
#define TLS_PREFIX "tls://"

struct _P2pHlsRemoteConnection
{
  GObject parent;

  P2pHlsRemoteClient *client;
  GSocketConnectable *address;
  gboolean is_unix;
  char *token;
  GTlsCertificate *certificate; /* NULL: one that the system trusts */
  GTlsCertificateFlags faults;  /* of the one that was refused */
  GMainContext *context;
  GCancellable *cancellable;    /* of connecting */
  GSource *patience;            /* while it connects */
  GPtrArray *waiting;           /* of strings, for when it is connected */
  gsize waiting_bytes;
  P2pHlsRemoteLine *line;
  gint connected;               /* atomic */
  gboolean closed;              /* it was told */
};

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* *INDENT-OFF* */
G_DEFINE_TYPE (P2pHlsRemoteConnection, p2p_hls_remote_connection,
    G_TYPE_OBJECT)
/* *INDENT-ON* */

char *
p2p_hls_remote_get_default_path (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "p2phls", "engine.sock",
      NULL);
}

char *
p2p_hls_remote_read_token (const char *path, GError ** error)
{
  char *text;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  text[strcspn (text, "\r\n")] = '\0';
  return text;
}

/* --- the end --- */

static void
p2p_hls_remote_connection_stop_waiting (P2pHlsRemoteConnection * self)
{
  if (self->patience == NULL)
    return;
  g_source_destroy (self->patience);
  g_clear_pointer (&self->patience, g_source_unref);
}

/* error: NULL if the application wanted it */
static void
p2p_hls_remote_connection_end (P2pHlsRemoteConnection * self,
    const GError * error)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  p2p_hls_remote_connection_stop_waiting (self);
  g_object_ref (self);
  if (error)
    p2p_hls_remote_client_fail (self->client, error);
  else
    p2p_hls_remote_client_destroy (self->client, 0);
  g_atomic_int_set (&self->connected, FALSE);
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->line, p2p_hls_remote_line_free);
  g_signal_emit (self, signals[CLOSED], 0, error);
  g_object_unref (self);
}

static void
p2p_hls_remote_connection_fail (P2pHlsRemoteConnection * self,
    P2pHlsRemoteError code, const char *text)
{
  g_autoptr (GError) error = g_error_new (P2P_HLS_REMOTE_ERROR, code,
      "no connection to the engine: %s", text);

  p2p_hls_remote_connection_end (self, error);
}

/* --- messages --- */

static void
p2p_hls_remote_connection_send (const char *client_key, const char *message,
    gpointer user_data)
{
  P2pHlsRemoteConnection *self = user_data;

  if (g_atomic_int_get (&self->connected)) {
    p2p_hls_remote_line_send (self->line, message);
    return;
  }
  self->waiting_bytes += strlen (message);
  if (!self->closed && self->waiting_bytes <= P2P_HLS_REMOTE_MAX_UNSENT)
    g_ptr_array_add (self->waiting, g_strdup (message));
}

static void
p2p_hls_remote_connection_welcome (P2pHlsRemoteConnection * self)
{
  p2p_hls_remote_connection_stop_waiting (self);
  g_atomic_int_set (&self->connected, TRUE);
  for (guint i = 0; i < self->waiting->len; i++)
    p2p_hls_remote_line_send (self->line, g_ptr_array_index (self->waiting, i));
  g_ptr_array_set_size (self->waiting, 0);
}

static void
p2p_hls_remote_connection_received (P2pHlsRemoteLine * line, const char *text,
    gsize size, gpointer user_data)
{
  P2pHlsRemoteConnection *self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_atomic_int_get (&self->connected)) {
    g_object_ref (self);
    if (!p2p_hls_remote_client_receive (self->client, text, size, &error))
      g_debug ("dropped a message: %s", error->message);
    g_object_unref (self);
  } else if (p2p_hls_remote_door_check (text, size, P2P_HLS_REMOTE_WELCOME,
          NULL)) {
    p2p_hls_remote_connection_welcome (self);
  }
}

static void
p2p_hls_remote_connection_line_closed (P2pHlsRemoteLine * line,
    const GError * error, gpointer user_data)
{
  P2pHlsRemoteConnection *self = user_data;

  if (!self->is_unix && !g_atomic_int_get (&self->connected))
    p2p_hls_remote_connection_fail (self, P2P_HLS_REMOTE_ERROR_REFUSED,
        "it does not take the token");
  else
    p2p_hls_remote_connection_fail (self, P2P_HLS_REMOTE_ERROR_CONNECTION,
        error ? error->message : "it ended");
}

static const P2pHlsRemoteLineEvents line_events = {
  p2p_hls_remote_connection_received,
  p2p_hls_remote_connection_line_closed,
};

/* --- connecting --- */

static gboolean
p2p_hls_remote_connection_on_certificate (GTlsConnection * connection,
    GTlsCertificate * certificate, GTlsCertificateFlags errors,
    P2pHlsRemoteConnection * self)
{
  if (self->certificate
      && g_tls_certificate_is_same (certificate, self->certificate))
    return TRUE;
  self->faults = errors;
  return FALSE;
}

/* Returns: (nullable): what is wrong with the certificate; NULL: nothing is */
static const char *
p2p_hls_remote_connection_get_fault (P2pHlsRemoteConnection * self)
{
  static const struct
  {
    GTlsCertificateFlags fault;
    const char *text;
  } faults[] = {
    {G_TLS_CERTIFICATE_EXPIRED, "its certificate has expired"},
    {G_TLS_CERTIFICATE_NOT_ACTIVATED, "its certificate is not valid yet"},
    {G_TLS_CERTIFICATE_BAD_IDENTITY, "its certificate is of another host"},
    {G_TLS_CERTIFICATE_UNKNOWN_CA,
        "its certificate is of nobody that this system trusts"},
  };

  if (self->faults && self->certificate)
    return "it has another certificate";
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    if (self->faults & faults[i].fault)
      return faults[i].text;
  }
  return NULL;
}

static void
p2p_hls_remote_connection_on_event (GSocketClient * client,
    GSocketClientEvent event, GSocketConnectable * address, GIOStream * stream,
    P2pHlsRemoteConnection * self)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    g_signal_connect_object (stream, "accept-certificate",
        G_CALLBACK (p2p_hls_remote_connection_on_certificate), self, 0);
}

/* With a certificate that is known no other will do, whoever signed it. Returns:
 * NULL if all is as it has to be */
static GError *
p2p_hls_remote_connection_check (P2pHlsRemoteConnection * self,
    GSocketConnection * stream)
{
  GError *error = NULL;
  GTlsCertificate *shown;

  if (self->is_unix) {
    p2p_hls_remote_door_is_own (stream, &error);
    return error;
  }
  if (self->certificate == NULL)
    return NULL;
  shown = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION
      (g_tcp_wrapper_connection_get_base_io_stream (G_TCP_WRAPPER_CONNECTION
              (stream))));
  if (shown == NULL || !g_tls_certificate_is_same (shown, self->certificate))
    error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_REFUSED, "the engine has another certificate");
  return error;
}

static void
p2p_hls_remote_connection_on_connected (GObject * client, GAsyncResult * result,
    gpointer user_data)
{
  g_autoptr (P2pHlsRemoteConnection) self = g_weak_ref_get (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) stream =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, &error);

  g_weak_ref_clear (user_data);
  g_free (user_data);
  if (self == NULL || self->closed)
    return;
  if (stream == NULL) {
    const char *fault = p2p_hls_remote_connection_get_fault (self);

    p2p_hls_remote_connection_fail (self,
        error->domain == G_TLS_ERROR ? P2P_HLS_REMOTE_ERROR_REFUSED
        : P2P_HLS_REMOTE_ERROR_CONNECTION, fault ? fault : error->message);
    return;
  }
  error = p2p_hls_remote_connection_check (self, stream);
  if (error) {
    p2p_hls_remote_connection_end (self, error);
    return;
  }
  self->line = p2p_hls_remote_line_new (G_IO_STREAM (stream),
      P2P_HLS_REMOTE_MAX_ANSWER, P2P_HLS_REMOTE_MAX_UNSENT, &line_events, self);
  if (self->is_unix) {
    p2p_hls_remote_connection_welcome (self);
  } else {
    g_autofree char *hello = p2p_hls_remote_door_make (P2P_HLS_REMOTE_TOKEN,
        self->token ? self->token : "");

    p2p_hls_remote_line_send (self->line, hello);
  }
}

static gboolean
p2p_hls_remote_connection_on_patience (gpointer user_data)
{
  p2p_hls_remote_connection_fail (user_data, P2P_HLS_REMOTE_ERROR_CONNECTION,
      "it takes too long");
  return G_SOURCE_REMOVE;
}

static void
p2p_hls_remote_connection_connect (P2pHlsRemoteConnection * self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GWeakRef *weak = g_new (GWeakRef, 1);

  g_socket_client_set_enable_proxy (client, FALSE);
  if (!self->is_unix)
    g_socket_client_set_tls (client, TRUE);
  g_signal_connect_object (client, "event",
      G_CALLBACK (p2p_hls_remote_connection_on_event), self, 0);
  self->patience = g_timeout_source_new_seconds (P2P_HLS_REMOTE_PATIENCE);
  g_source_set_callback (self->patience, p2p_hls_remote_connection_on_patience,
      self, NULL);
  g_source_attach (self->patience, self->context);
  g_weak_ref_init (weak, self);
  g_socket_client_connect_async (client, self->address, self->cancellable,
      p2p_hls_remote_connection_on_connected, weak);
}

/* --- the object --- */

static void
p2p_hls_remote_connection_dispose (GObject * object)
{
  P2pHlsRemoteConnection *self = P2P_HLS_REMOTE_CONNECTION (object);

  if (self->client)
    p2p_hls_remote_connection_end (self, NULL);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (p2p_hls_remote_connection_parent_class)->dispose (object);
}

static void
p2p_hls_remote_connection_finalize (GObject * object)
{
  P2pHlsRemoteConnection *self = P2P_HLS_REMOTE_CONNECTION (object);

  g_clear_object (&self->address);
  g_clear_object (&self->certificate);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->waiting);
  g_main_context_unref (self->context);
  g_free (self->token);
  G_OBJECT_CLASS (p2p_hls_remote_connection_parent_class)->finalize (object);
}

static void
p2p_hls_remote_connection_class_init (P2pHlsRemoteConnectionClass * klass)
{
  G_OBJECT_CLASS (klass)->dispose = p2p_hls_remote_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = p2p_hls_remote_connection_finalize;
  /**
   * P2pHlsRemoteConnection::closed:
   * @self: whose it is
   * @error: (nullable): why; %NULL after p2p_hls_remote_connection_close()
   *
   * There is no way to the engine, or not any more; the client is dead. For
   * another try, make another connection.
   *
   * Since: 0.1
   */
  signals[CLOSED] = g_signal_new ("closed",
      P2P_HLS_REMOTE_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
p2p_hls_remote_connection_init (P2pHlsRemoteConnection * self)
{
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->waiting = g_ptr_array_new_with_free_func (g_free);
}

static gboolean
p2p_hls_remote_connection_set_address (P2pHlsRemoteConnection * self,
    const char *address, GError ** error)
{
  g_autofree char *path = NULL;

  self->is_unix = address == NULL || g_str_has_prefix (address, UNIX_PREFIX);
  if (self->is_unix) {
    path = address ? g_strdup (address + strlen (UNIX_PREFIX))
        : p2p_hls_remote_get_default_path ();
    if (*path) {
      self->address = (GSocketConnectable *) p2p_hls_remote_door_new_address
          (path, error);
      return self->address != NULL;
    }
  } else if (g_str_has_prefix (address, TLS_PREFIX)) {
    self->address = g_network_address_parse (address + strlen (TLS_PREFIX), 0,
        NULL);
    if (self->address && g_network_address_get_port (G_NETWORK_ADDRESS
            (self->address)) == 0)
      g_clear_object (&self->address);
  }
  if (self->address == NULL)
    g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS,
        "not an address (unix:PATH or tls://HOST:PORT): %s", address);
  return self->address != NULL;
}

P2pHlsRemoteConnection *
p2p_hls_remote_connection_new (const char *address, const char *token,
    const char *certificate, const char *options, GError ** error)
{
  g_autoptr (P2pHlsRemoteConnection) self =
      g_object_new (P2P_HLS_REMOTE_TYPE_CONNECTION, NULL);
  g_autoptr (GError) why = NULL;

  self->closed = TRUE;
  if (!p2p_hls_remote_connection_set_address (self, address, error))
    return NULL;
  if (certificate) {
    self->certificate = g_tls_certificate_new_from_file (certificate, &why);
    if (self->certificate == NULL) {
      g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS,
          "no certificate in %s: %s", certificate, why->message);
      return NULL;
    }
  }
  self->token = g_strdup (token);
  self->client = p2p_hls_remote_client_new (options,
      p2p_hls_remote_connection_send, self, NULL, error);
  if (self->client == NULL)
    return NULL;
  self->closed = FALSE;
  p2p_hls_remote_connection_connect (self);
  return g_steal_pointer (&self);
}

P2pHlsRemoteClient *
p2p_hls_remote_connection_get_client (P2pHlsRemoteConnection * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_CONNECTION (self), NULL);
  return self->client;
}

gboolean
p2p_hls_remote_connection_is_connected (P2pHlsRemoteConnection * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_CONNECTION (self), FALSE);
  return g_atomic_int_get (&self->connected);
}

void
p2p_hls_remote_connection_close (P2pHlsRemoteConnection * self)
{
  g_return_if_fail (P2P_HLS_REMOTE_IS_CONNECTION (self));
  p2p_hls_remote_connection_end (self, NULL);
}
