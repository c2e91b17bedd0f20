/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a client sends to a tracker on one connection, before it
 * closes its side; a form feed in it is a pause, so that what follows comes
 * apart. The tracker runs as it ships, on its thread and a port.
 */

#include "fuzz.h"
#include "p2ptrackerserver.h"

#include <gio/gio.h>
#include <string.h>

#define PATIENCE 120            /* seconds; others may have the processor for long */
#define PAUSE 500               /* microseconds */

static P2pTrackerServer *
get_server (void)
{
  static P2pTrackerServer *server;
  P2pTrackerConfig config;

  if (server)
    return server;
  p2p_tracker_config_init (&config);
  config.listen_address = "127.0.0.1";
  config.max_ids = 50;
  config.max_swarms = 10;
  config.max_message = 4096;
  config.max_requests_per_second = config.max_messages_per_second = G_MAXINT;
  server = p2p_tracker_server_new (&config);
  g_assert_true (p2p_tracker_server_start (server, NULL));
  return server;
}

static GSocket *
dial (guint16 port)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", port);
  GSocket *self = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_nonnull (self);
  g_socket_set_timeout (self, PATIENCE);
  g_assert_true (g_socket_connect (self, address, NULL, NULL));
  return self;
}

/* Returns: FALSE: the tracker closed */
static gboolean
say (GSocket * self, const char *text, gsize size)
{
  while (size > 0) {
    gssize n = g_socket_send (self, text, size, NULL, NULL);

    if (n <= 0)
      return FALSE;
    text += n;
    size -= n;
  }
  return TRUE;
}

static void
say_all (GSocket * self, const char *text, gsize size)
{
  const char *end = text + size, *pause;

  while ((pause = memchr (text, '\f', end - text))) {
    if (!say (self, text, pause - text))
      return;
    g_usleep (PAUSE);
    text = pause + 1;
  }
  say (self, text, end - text);
}

/* Until the tracker closes. */
static GString *
hear (GSocket * self)
{
  GString *heard = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char buffer[4096];
  gssize n;

  while ((n = g_socket_receive (self, buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (heard, buffer, n);
  /* It has to, as the other side has. */
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  return heard;
}

static GString *
ask (const char *text, gsize size)
{
  g_autoptr (GSocket) socket =
      dial (p2p_tracker_server_get_port (get_server ()));
  GString *heard;

  say_all (socket, text, size);
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  heard = hear (socket);
  g_socket_close (socket, NULL);
  return heard;
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  static const char good[] = "GET /heartbeat?info_hash=x&peer_id="
      "3a32e4c41388f0a4 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  g_autoptr (GString) heard = ask ((const char *) data, size);
  g_autoptr (GString) well = ask (good, strlen (good));
  P2pTrackerStats stats;

  if (heard->len > 0)
    g_assert_true (g_str_has_prefix (heard->str, "HTTP/1."));
  /* It goes on serving the others. */
  g_assert_true (g_str_has_prefix (well->str, "HTTP/1.1 200"));
  p2p_tracker_server_get_stats (get_server (), &stats);
  g_assert_cmpuint (stats.connections, <=, 2);
  g_assert_cmpuint (stats.peers, <=, 50);
  return 0;
}
