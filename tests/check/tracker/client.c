/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "client.h"
#include "p2pjson.h"

#include <gio/gio.h>
#include <string.h>

#define TIMEOUT 60              /* seconds, for what hangs */

struct _Client
{
  GIOStream *stream;
  GInputStream *in;             /* buffered */
};

void
server_config (P2pTrackerConfig * config)
{
  p2p_tracker_config_init (config);
  config->listen_address = "127.0.0.1";
}

P2pTrackerServer *
server_start (const P2pTrackerConfig * config)
{
  P2pTrackerServer *server = p2p_tracker_server_new (config);
  g_autoptr (GError) error = NULL;

  p2p_tracker_server_start (server, &error);
  g_assert_no_error (error);
  return server;
}

P2pTrackerServer *
server_start_default (void)
{
  P2pTrackerConfig config;

  server_config (&config);
  return server_start (&config);
}

void
server_wait (P2pTrackerServer * server,
    gboolean (*func) (const P2pTrackerStats * stats, guint value), guint value)
{
  P2pTrackerStats stats;

  do {
    g_usleep (1000);
    p2p_tracker_server_get_stats (server, &stats);
  } while (!func (&stats, value));
}

gboolean
sockets_are (const P2pTrackerStats * stats, guint value)
{
  return stats->sockets == value;
}

gboolean
connections_are (const P2pTrackerStats * stats, guint value)
{
  return stats->connections == value;
}

static gboolean
accept_any (GTlsConnection * tls, GTlsCertificate * certificate,
    GTlsCertificateFlags flags, gpointer user_data)
{
  return TRUE;
}

static Client *
connect_to (P2pTrackerServer * server, gboolean tls)
{
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketConnectable) where = g_network_address_new ("127.0.0.1",
      p2p_tracker_server_get_port (server));
  g_autoptr (GError) error = NULL;
  Client *self = g_new0 (Client, 1);
  GSocketConnection *connection;

  g_socket_client_set_timeout (connector, TIMEOUT);
  g_socket_client_set_enable_proxy (connector, FALSE);
  connection = g_socket_client_connect (connector, where, NULL, &error);
  g_assert_no_error (error);
  self->stream = G_IO_STREAM (connection);
  if (tls) {
    self->stream = g_tls_client_connection_new (G_IO_STREAM (connection), where,
        &error);
    g_assert_no_error (error);
    g_object_unref (connection);
    g_signal_connect (self->stream, "accept-certificate",
        G_CALLBACK (accept_any), NULL);
  }
  self->in = g_buffered_input_stream_new (g_io_stream_get_input_stream
      (self->stream));
  return self;
}

Client *
client_new (P2pTrackerServer * server)
{
  return connect_to (server, FALSE);
}

Client *
client_new_tls (P2pTrackerServer * server)
{
  return connect_to (server, TRUE);
}

void
client_free (Client * self)
{
  g_io_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->in);
  g_object_unref (self->stream);
  g_free (self);
}

gboolean
client_write (Client * self, gconstpointer data, gsize size)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream
      (self->stream), data, size, NULL, NULL, NULL);
}

void
client_say (Client * self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  client_write (self, text, strlen (text));
}

static gboolean
read_all (Client * self, gpointer data, gsize size)
{
  gsize got;

  return g_input_stream_read_all (self->in, data, size, &got,
      NULL, NULL) && got == size;
}

Reply *
client_read_reply (Client * self)
{
  Reply *reply = reply_read (self->in, FALSE);

  g_assert_false (reply && reply->cut);
  return reply;
}

void
client_assert_closed (Client * self)
{
  char byte;

  g_assert_false (read_all (self, &byte, 1));
}

Reply *
request (P2pTrackerServer * server, const char *method, const char *target,
    const char *headers, const char *body)
{
  g_autoptr (Client) client = client_new (server);

  client_say (client, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      "Origin: http://page.example\r\n%s", method, target,
      headers ? headers : "");
  if (body)
    client_say (client, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
        strlen (body), body);
  else
    client_say (client, "\r\n");
  return client_read_reply (client);
}

static char *
succeed (Reply * reply)
{
  g_autoptr (Reply) r = reply;

  g_assert_nonnull (r);
  if (r->status != 200)
    g_error ("%u %s", r->status, r->body);
  return g_steal_pointer (&r->body);
}

char *
get (P2pTrackerServer * server, const char *target)
{
  return succeed (request (server, "GET", target, NULL, NULL));
}

char *
post (P2pTrackerServer * server, const char *target, const char *body)
{
  return succeed (request (server, "POST", target,
          "Content-Type: text/plain;charset=UTF-8\r\n", body));
}

char *
announce (P2pTrackerServer * server, const char *info_hash)
{
  g_autofree char *target = g_strdup_printf ("/announce/?key=free&info_hash=%s",
      info_hash);
  g_autofree char *body = get (server, target);
  g_autoptr (P2pJson) json = p2p_json_parse (body, strlen (body), G_MAXSIZE);

  return g_strdup (p2p_json_get_string (json, "peer_id"));
}

Reply *
socket_upgrade (Client * self, const char *target, const char *headers)
{
  client_say (self, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      "Connection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n"
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: avWyhHSbhLd8reuzw1axPg==\r\n"
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
      "%s\r\n", target, headers ? headers : "Origin: http://page.example\r\n");
  return client_read_reply (self);
}

Client *
socket_new (P2pTrackerServer * server, const char *target)
{
  Client *self = client_new (server);
  g_autoptr (Reply) reply = socket_upgrade (self, target, NULL);

  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, 101);
  g_assert_null (reply_get (reply, "sec-websocket-extensions"));
  return self;
}

void
socket_send (Client * self, guint first_byte, gconstpointer data, gsize size)
{
  static const guint8 mask[4] = { 0x12, 0x34, 0x56, 0x78 };
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8 head[10] = { first_byte };
  gsize n = 2;

  if (size < 126) {
    head[1] = size;
  } else if (size < 65536) {
    head[1] = 126;
    n = 4;
  } else {
    head[1] = 127;
    n = 10;
  }
  for (gsize i = 2; i < n; i++)
    head[i] = (guint64) size >> 8 * (n - 1 - i);
  head[1] |= 0x80;
  g_byte_array_append (frame, head, n);
  g_byte_array_append (frame, mask, sizeof (mask));
  n = frame->len;
  g_byte_array_append (frame, data, size);
  for (gsize i = 0; i < size; i++)
    frame->data[n + i] ^= mask[i % 4];
  client_write (self, frame->data, frame->len);
}

void
socket_say (Client * self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  socket_send (self, WS_TEXT, text, strlen (text));
}

/* Returns: (transfer full) (nullable): of one frame */
static char *
read_frame (Client * self, guint * first_byte, gsize * size)
{
  guint8 head[2], more[8];
  guint n;
  char *data;

  if (!read_all (self, head, 2))
    return NULL;
  *first_byte = head[0];
  *size = head[1];
  n = *size == 126 ? 2 : *size == 127 ? 8 : 0;
  if (n) {
    *size = 0;
    g_assert_true (read_all (self, more, n));
    for (guint i = 0; i < n; i++)
      *size = *size << 8 | more[i];
  }
  data = g_malloc0 (*size + 1);
  g_assert_true (read_all (self, data, *size));
  return data;
}

char *
socket_read (Client * self, guint * code)
{
  guint first_byte;
  gsize size;
  char *data;

  *code = 0;
  while ((data = read_frame (self, &first_byte, &size))) {
    g_autofree char *payload = data;

    if (first_byte == WS_TEXT)
      return g_steal_pointer (&payload);
    if (first_byte == 0x89) {
      socket_send (self, 0x8a, payload, size);
    } else if (first_byte == WS_CLOSE) {
      if (size >= 2)
        *code = (guint8) payload[0] << 8 | (guint8) payload[1];
      return NULL;
    } else {
      g_assert_cmpuint (first_byte, ==, 0x8a);
    }
  }
  return NULL;
}

void
socket_assert_read (Client * self, const char *format, ...)
{
  g_autofree char *expected = NULL, *text = NULL;
  guint code;
  va_list args;

  va_start (args, format);
  expected = g_strdup_vprintf (format, args);
  va_end (args);
  text = socket_read (self, &code);
  g_assert_cmpstr (text, ==, expected);
}

void
socket_assert_closed (Client * self, guint code)
{
  guint got;

  g_assert_null (socket_read (self, &got));
  g_assert_cmpuint (got, ==, code);
}
