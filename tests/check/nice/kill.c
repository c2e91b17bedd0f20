/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The other viewer is killed in the middle: nobody says goodbye.
 */

#include "pair.h"

#include "p2perror.h"

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

static void
test_kill (void)
{
  int fds[2];
  World *world;
  Peer a = { 0 };
  g_autofree char *answer = NULL;
  pid_t child;

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
  world_wait (world, a.n_closed);
  g_assert_error (a.error, P2P_ERROR, P2P_ERROR_GONE);
  peer_clear (&a);
  close (fds[0]);
  world_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kill/kill", test_kill);
  return g_test_run ();
}
