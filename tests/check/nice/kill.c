/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The other viewer is killed in the middle: nobody says goodbye. One who only has
 * nothing to say is another matter.
 */

#include "pair.h"

#include "p2perror.h"
#include "p2pnicetransport.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE (64 * 1024)

static void
say (int fd, const char *text)
{
  gsize size = strlen (text) + 1;

  g_assert_cmpint (write (fd, text, size), ==, size);
}

/* Returns: (transfer full): up to a NUL */
static char *
hear (int fd)
{
  GString *text = g_string_new (NULL);
  char c;

  while (read (fd, &c, 1) == 1 && c)
    g_string_append_c (text, c);
  g_assert_cmpuint (text->len, >, 0);
  return g_string_free (text, FALSE);
}

/* The other viewer: takes the offer, answers, and sends without end. */
static void
run_victim (int fd)
{
  World *world = world_new ();
  Peer b = { 0 };
  g_autofree char *offer = hear (fd);
  g_autofree char *data = g_malloc0 (MESSAGE);
  g_autoptr (GBytes) bytes = g_bytes_new (data, MESSAGE);

  world_start (world);
  peer_start (world, &b, NULL, P2P_CONNECTION_ANSWER, FALSE);
  p2p_connection_set_remote (b.connection, offer);
  world_wait (world, b.n_described);
  say (fd, b.described);
  world_wait (world, b.n_open);
  for (;;) {
    if (p2p_channel_get_buffered (b.channel) < MESSAGE)
      p2p_channel_send (b.channel, bytes, FALSE);
    world_turn (world);
  }
}

/* Returns: the port of the candidate that an SDP offers */
static guint16
get_port (const char *sdp)
{
  g_autoptr (GRegex) regex =
      g_regex_new (" 127\\.0\\.0\\.1 (\\d+) typ host", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *port = NULL;

  g_assert_true (g_regex_match (regex, sdp, 0, &match));
  port = g_match_info_fetch (match, 1);
  return g_ascii_strtoull (port, NULL, 10);
}

/* Who has the port now says what it heard. */
static gboolean
echo (GSocket * socket, GIOCondition condition, gpointer user_data)
{
  guint *n_said = user_data;
  char data[2048];
  g_autoptr (GSocketAddress) from = NULL;
  gssize size;

  size = g_socket_receive_from (socket, &from, data, sizeof data, NULL, NULL);
  if (size > 0)
    *n_said += g_socket_send_to (socket, from, data, size, NULL, NULL) > 0;
  return G_SOURCE_CONTINUE;
}

static GSource *
take_port (World * world, guint16 port, guint * n_said)
{
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GError) error = NULL;
  GSource *source = g_socket_create_source (socket, G_IO_IN, NULL);

  g_socket_bind (socket, address, FALSE, &error);
  g_assert_no_error (error);
  g_source_set_callback (source, G_SOURCE_FUNC (echo), n_said, NULL);
  g_source_attach (source, world->context);
  return source;
}

/* taken: whether another has its port at once */
static void
test_kill (gconstpointer taken)
{
  int fds[2];
  World *world;
  Peer a = { 0 };
  g_autofree char *answer = NULL;
  pid_t child;
  guint n_said = 0;
  GSource *stranger = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  child = fork ();
  if (child == 0) {
    close (fds[0]);
    run_victim (fds[1]);
  }
  close (fds[1]);
  world = world_new ();
  world_start (world);
  peer_start (world, &a, NULL, P2P_CONNECTION_OFFER, FALSE);
  world_wait (world, a.n_described);
  say (fds[0], a.described);
  answer = hear (fds[0]);
  p2p_connection_set_remote (a.connection, answer);
  world_wait (world, a.n_open && a.messages->len >= 16);
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  if (taken)
    stranger = take_port (world, get_port (answer), &n_said);
  world_wait (world, a.n_closed);
  g_assert_cmpint (n_said > 0, ==, taken != NULL);
  if (stranger) {
    g_source_destroy (stranger);
    g_source_unref (stranger);
  }
  g_assert_error (a.error, P2P_ERROR, P2P_ERROR_GONE);
  peer_clear (&a);
  close (fds[0]);
  world_free (world);
}

static void
test_quiet (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("still there", 11);

  world_start (world);
  peers_open (world, &a, &b, FALSE);
  world_run (world, P2P_NICE_TRANSPORT_SILENCE * 4 / 3);
  g_assert_cmpuint (a.n_closed + b.n_closed, ==, 0);
  g_assert_true (p2p_channel_send (a.channel, bytes, FALSE));
  world_wait (world, b.messages->len == 1);
  peers_finish (world, &a, &b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/kill/kill", NULL, test_kill);
  g_test_add_data_func ("/kill/port-taken", "", test_kill);
  g_test_add_func ("/kill/quiet", test_quiet);
  return g_test_run ();
}
