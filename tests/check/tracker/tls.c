/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "client.h"

#include <gio/gio.h>
#include <string.h>

static void
test_tls (void)
{
  P2pTrackerConfig config;
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (Client) client = NULL, socket = NULL, plain = NULL;
  g_autoptr (Reply) reply = NULL, upgraded = NULL;
  const char *pem = g_getenv ("P2P_TLS_PEM");
  g_autofree char *data = g_strnfill (60000, 'x');

  server_config (&config);
  config.certificate_file = config.key_file = pem;
  server = server_start (&config);
  client = client_new_tls (server);
  client_say (client, "GET /announce/?info_hash=x HTTP/1.1\r\nHost: a\r\n\r\n");
  reply = client_read_reply (client);
  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, 200);
  socket = client_new_tls (server);
  upgraded = socket_upgrade (socket, "/wss?id=x", NULL);
  g_assert_cmpuint (upgraded->status, ==, 101);
  socket_say (socket, "{\"action\":\"signal\",\"to_peer_id\":\"y\",\"data\":"
      "\"%s\"}", data);
  socket_assert_read (socket, "{\"action\":\"signal\",\"from_peer_id\":\"y\"}");
  plain = client_new (server);
  client_say (plain, "GET /announce/?info_hash=x HTTP/1.1\r\nHost: a\r\n\r\n");
  client_assert_closed (plain);
}

static void
test_bad (void)
{
  static const char *const files[][2] = {
    {"/nowhere/cert.pem", "/nowhere/key.pem"}, {"", ""}, {"/proc/self/maps",
        "/proc/self/maps"},
    {"/nowhere/cert.pem", NULL}, {NULL, "/nowhere/key.pem"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    P2pTrackerConfig config;
    P2pTrackerServer *server;
    g_autoptr (GError) error = NULL;

    server_config (&config);
    config.certificate_file = files[i][0];
    config.key_file = files[i][1];
    server = p2p_tracker_server_new (&config);
    g_assert_false (p2p_tracker_server_start (server, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    g_assert_nonnull (strstr (error->message, "ertificate"));
    p2p_tracker_server_free (server);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tls/tls", test_tls);
  g_test_add_func ("/tls/bad", test_bad);
  return g_test_run ();
}
