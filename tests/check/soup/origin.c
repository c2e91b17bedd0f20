/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "origin.h"

/* Signed by itself, for 127.0.0.1, until 2100; its key guards
 * nothing. */
static const char pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBQDCB56ADAgECAgEBMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC3AycGhscyB0\n"
    "ZXN0MCAXDTAwMDEwMTAwMDAwMFoYDzIxMDAwMTAxMDAwMDAwWjAWMRQwEgYDVQQD\n"
    "DAtwMnBobHMgdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDpXYICSKcyo\n"
    "taZ2q31o7Bal8YD/S8qq1I1XnsRIakG+f9JWMVIRDY/mfY0GqwOb1gmKq96k0CvT\n"
    "mM/NCBwzxp+jJDAiMA8GA1UdEQQIMAaHBH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAK\n"
    "BggqhkjOPQQDAgNIADBFAiEA8eblEsaz3HVnIlekg1C1uw2c0wVAVMxB+MaaUHDo\n"
    "5nYCIBtKhxsAtJ1gZFuIwU1ZF8+cUxIs6vpQ9aHcDah+m860\n"
    "-----END CERTIFICATE-----\n"
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNIrhvCTAyGz5ImcG\n"
    "3WMLe0F7HzaOzKzofllE8K/jY16hRANCAAQ6V2CAkinMqLWmdqt9aOwWpfGA/0vK\n"
    "qtSNV57ESGpBvn/SVjFSEQ2P5n2NBqsDm9YJiqvepNAr05jPzQgcM8af\n"
    "-----END PRIVATE KEY-----\n";

struct _Origin
{
  OriginFunc func;
  gpointer user_data;
  GTlsCertificate *certificate;
  guint16 port;
  int n_connections;
  int n_requests;

  GSocketService *service;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;

  GMutex lock;
  GCond left;
  guint n_open;
};

void
origin_say (GIOStream * connection, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  origin_write (connection, text, strlen (text));
}

gboolean
origin_write (GIOStream * connection, gconstpointer data, gsize size)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (connection),
      data, size, NULL, NULL, NULL);
}

void
origin_wait_closed (GIOStream * connection)
{
  GInputStream *input = g_io_stream_get_input_stream (connection);
  char buffer[256];

  while (g_input_stream_read (input, buffer, sizeof (buffer), NULL, NULL) > 0);
}

/* Returns: (transfer full) (nullable): the head of the next request */
static char *
read_request (GInputStream * input)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char c;

  while (!g_str_has_suffix (text->str, "\r\n\r\n")) {
    if (g_input_stream_read (input, &c, 1, NULL, NULL) != 1)
      return NULL;
    g_string_append_c (text, c);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
serve (Origin * self, GIOStream * connection)
{
  GInputStream *input = g_io_stream_get_input_stream (connection);
  gboolean more = TRUE;

  while (more) {
    g_autofree char *request = read_request (input);

    if (!request)
      break;
    more = self->func (self, request, g_atomic_int_add (&self->n_requests, 1),
        connection, self->user_data);
  }
}

static gboolean
on_run (GThreadedSocketService * service, GSocketConnection * connection,
    GObject * source, gpointer user_data)
{
  static const char *const protocols[] = { "h2", "http/1.1", NULL };
  Origin *self = user_data;
  g_autoptr (GIOStream) stream = g_object_ref (G_IO_STREAM (connection));

  g_atomic_int_inc (&self->n_connections);
  if (self->certificate) {
    GIOStream *tls = g_tls_server_connection_new (stream, self->certificate,
        NULL);

    /* Whoever could speak HTTP/2 would have to. */
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls),
        protocols);
    g_object_unref (stream);
    stream = tls;
  }
  serve (self, stream);
  g_io_stream_close (stream, NULL, NULL);

  g_mutex_lock (&self->lock);
  self->n_open--;
  g_cond_signal (&self->left);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
on_incoming (GSocketService * service, GSocketConnection * connection,
    GObject * source, gpointer user_data)
{
  Origin *self = user_data;

  g_mutex_lock (&self->lock);
  self->n_open++;
  g_mutex_unlock (&self->lock);
  return FALSE;
}

static gpointer
run (gpointer user_data)
{
  Origin *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_socket_service_start (self->service);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

Origin *
origin_new (OriginFunc func, gpointer user_data)
{
  Origin *self = g_new0 (Origin, 1);
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;

  self->func = func;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->left);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (64);
  g_socket_service_stop (self->service);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER
          (self->service), any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
          NULL, &address, NULL));
  g_main_context_pop_thread_default (self->context);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_signal_connect (self->service, "run", G_CALLBACK (on_run), self);
  self->thread = g_thread_new ("origin", run, self);
  return self;
}

Origin *
origin_new_tls (OriginFunc func, gpointer user_data)
{
  Origin *self = origin_new (func, user_data);

  self->certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);
  g_assert_nonnull (self->certificate);
  return self;
}

static gboolean
quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
origin_free (Origin * self)
{
  g_main_context_invoke (self->context, quit, self->loop);
  g_thread_join (self->thread);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));

  g_mutex_lock (&self->lock);
  while (self->n_open > 0)
    g_cond_wait (&self->left, &self->lock);
  g_mutex_unlock (&self->lock);

  g_object_unref (self->service);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_clear_object (&self->certificate);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->left);
  g_free (self);
}

char *
origin_get_uri (Origin * self, const char *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s",
      self->certificate ? "https" : "http", self->port, path);
}

const char *
origin_get_pem (void)
{
  return pem;
}

guint
origin_get_n_connections (Origin * self)
{
  return g_atomic_int_get (&self->n_connections);
}

guint
origin_get_n_requests (Origin * self)
{
  return g_atomic_int_get (&self->n_requests);
}

guint
origin_get_n_open (Origin * self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_open;
  g_mutex_unlock (&self->lock);
  return n;
}
