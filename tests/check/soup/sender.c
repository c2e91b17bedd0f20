/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bytes that go out without a copy: the right ones, to the right one, whatever
 * becomes of the memory and of who reads them.
 */

#include "p2psoupsender.h"
#include "p2psoupshelf.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE 3000001

/* A connection with both of its ends. */
typedef struct
{
  GSocket *ours, *theirs;
  GSocketConnection *sender;
  GPollableOutputStream *output;        /* of sender */
} Line;

static void
line_free (Line * line)
{
  g_object_unref (line->sender);
  g_object_unref (line->ours);
  g_object_unref (line->theirs);
  g_free (line);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Line, line_free)
    G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSoupPipe, p2p_soup_pipe_unref)
     static GSocket *make_socket (void)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_nonnull (socket);
  return socket;
}

static Line *
line_new (P2pSoupPipe * pipe)
{
  Line *line = g_new0 (Line, 1);
  g_autoptr (GSocket) listener = make_socket ();
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  g_assert_true (g_socket_bind (listener, any, TRUE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  address = g_socket_get_local_address (listener, NULL);
  line->theirs = make_socket ();
  g_assert_true (g_socket_connect (line->theirs, address, NULL, NULL));
  line->ours = g_socket_accept (listener, NULL, NULL);
  g_assert_nonnull (line->ours);
  line->sender = p2p_soup_sender_new (line->ours, pipe);
  line->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream
      (G_IO_STREAM (line->sender)));
  return line;
}

static guint8
get_byte (guint seed, gsize place)
{
  return seed * 31 + place * 7 + (place >> 8) * 13;
}

static GBytes *
put (guint seed)
{
  guint8 *data = g_malloc (SIZE);
  g_autoptr (GPtrArray) chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GBytes *bytes;

  for (gsize i = 0; i < SIZE; i++)
    data[i] = get_byte (seed, i);
  g_ptr_array_add (chunks, g_bytes_new_take (data, SIZE));
  bytes = p2p_soup_shelf_put (chunks);
  g_assert_nonnull (bytes);
  return bytes;
}

/* Returns: the bytes that went, 0 if the line is full, -1 if it is broken */
static gssize
write_some (Line * line, GBytes * bytes, gsize from)
{
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_output_stream_write_nonblocking (line->output,
      (const guint8 *) g_bytes_get_data (bytes, NULL) + from,
      g_bytes_get_size (bytes) - from, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return 0;
  g_assert_true (error ? n == -1 : n > 0);
  return n;
}

/* Writes until the line is full, or all is written. Returns: up to where */
static gsize
fill (Line * line, GBytes * bytes, gsize from)
{
  gssize n;

  while (from < SIZE && (n = write_some (line, bytes, from)) > 0)
    from += n;
  return from;
}

static void
read_all (Line * line, guint seed, gsize from, gsize to)
{
  g_autofree char *block = g_malloc (65536);

  while (from < to) {
    gssize n = g_socket_receive (line->theirs, block, MIN (65536, to - from),
        NULL, NULL);

    g_assert_cmpint (n, >, 0);
    for (gssize i = 0; i < n; i++) {
      if ((guint8) block[i] != get_byte (seed, from + i))
        g_error ("byte %" G_GSIZE_FORMAT " is wrong", from + i);
    }
    from += n;
  }
}

/* Whether the system does it at all; a container may not let it. */
static gboolean
can_send (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) line = line_new (pipe);
  g_autoptr (GBytes) bytes = put (1);

  if (p2p_soup_pipe_send (pipe, g_socket_get_fd (line->ours),
          g_bytes_get_data (bytes, NULL), SIZE) > 0)
    return TRUE;
  g_test_skip ("no bytes go through a pipe here");
  return FALSE;
}

/* All of it, by one who reads as it comes, from any place on. */
static void
test_all (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) line = line_new (pipe);
  g_autoptr (GBytes) bytes = put (2);

  for (guint i = 0; i < 5; i++) {
    gsize at = i * 4097, read = at;

    while (at < SIZE) {
      at = fill (line, bytes, at);
      read_all (line, 2, read, at);
      read = at;
    }
  }
}

/* The memory goes while the bytes lie in the queue, and others come in its place. */
static void
test_let_go (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) line = line_new (pipe);
  g_autoptr (GPtrArray) others =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) bytes = put (3);
  gsize at = fill (line, bytes, 0);

  g_assert_cmpuint (at, >, 0);
  g_clear_pointer (&bytes, g_bytes_unref);
  for (guint i = 0; i < 4; i++)
    g_ptr_array_add (others, put (100 + i));
  read_all (line, 3, 0, at);
}

/* What one has no room for gets to nobody else. */
static void
test_full (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) slow = line_new (pipe);
  g_autoptr (Line) other = line_new (pipe);
  g_autoptr (GBytes) first = put (4);
  g_autoptr (GBytes) second = put (5);
  gsize at, read = 0;

  g_socket_set_option (slow->ours, SOL_SOCKET, SO_SNDBUF, 65536, NULL);
  g_socket_set_option (slow->theirs, SOL_SOCKET, SO_RCVBUF, 65536, NULL);
  at = fill (slow, first, 0);
  g_assert_cmpuint (at, <, SIZE);
  while (at < SIZE) {
    gsize sent = fill (other, second, 0);

    read_all (other, 5, 0, sent);
    read_all (slow, 4, read, at);
    read = at;
    at = fill (slow, first, at);
  }
  read_all (slow, 4, read, SIZE);
}

/* Who leaves costs no more than that, even where SIGPIPE is deadly. */
static void
test_gone (void)
{
  struct linger abrupt = { 1, 0 };
  void (*before) (int) = signal (SIGPIPE, SIG_DFL);

  for (guint i = 0; i < 4; i++) {
    g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
    g_autoptr (Line) line = line_new (pipe);
    g_autoptr (GBytes) bytes = put (6);
    sigset_t pending;

    if (i % 2)
      fill (line, bytes, 0);
    if (i / 2)
      g_assert_cmpint (setsockopt (g_socket_get_fd (line->theirs), SOL_SOCKET,
              SO_LINGER, &abrupt, sizeof abrupt), ==, 0);
    g_socket_close (line->theirs, NULL);
    while (write_some (line, bytes, 0) >= 0);
    g_assert_cmpint (write_some (line, bytes, 0), ==, -1);
    sigpending (&pending);
    g_assert_false (sigismember (&pending, SIGPIPE));
  }
  signal (SIGPIPE, before);
}

/* The number of a socket that is closed may soon be another one's. */
static void
test_closed (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) line = line_new (pipe);
  g_autoptr (GBytes) bytes = put (7);
  g_autoptr (Line) other = line_new (pipe);
  int fd = g_socket_get_fd (line->ours);
  char byte;

  g_socket_close (line->ours, NULL);
  g_assert_cmpint (dup2 (g_socket_get_fd (other->ours), fd), ==, fd);
  g_assert_cmpint (write_some (line, bytes, 0), ==, -1);
  close (fd);
  g_socket_set_blocking (other->theirs, FALSE);
  g_assert_cmpint (g_socket_receive (other->theirs, &byte, 1, NULL, NULL), ==,
      -1);
}

/* Where there can be no pipe, bytes are copied, and when there can, they are not. */
static void
test_no_pipe (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) line = line_new (pipe);
  g_autoptr (GBytes) bytes = put (8);
  struct rlimit before, none;
  gsize at;
  int fd = g_socket_get_fd (line->ours);

  getrlimit (RLIMIT_NOFILE, &before);
  none = before;
  none.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  g_assert_cmpuint (p2p_soup_pipe_send (pipe, fd, g_bytes_get_data (bytes,
              NULL), SIZE), ==, 0);
  at = fill (line, bytes, 0);
  g_assert_cmpuint (at, >, 0);
  setrlimit (RLIMIT_NOFILE, &before);
  read_all (line, 8, 0, at);
  if (can_send ())
    g_assert_cmpuint (p2p_soup_pipe_send (pipe, fd, g_bytes_get_data (bytes,
                NULL), SIZE), >, 0);
}

/* What lies nowhere near the shelf, and what is small, goes as ever. */
static void
test_other (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) line = line_new (pipe);
  g_autofree guint8 *data = g_malloc (SIZE);
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, SIZE);
  g_autoptr (GBytes) shelved = put (9);
  gsize at;

  for (gsize i = 0; i < SIZE; i++)
    data[i] = get_byte (9, i);
  at = fill (line, bytes, 0);
  g_assert_cmpuint (at, >, 0);
  memset (data, 0, SIZE);       /* it was copied */
  read_all (line, 9, 0, at);
  at = SIZE - 1000;
  g_assert_cmpint (write_some (line, shelved, at), ==, 1000);
  read_all (line, 9, at, SIZE);
}

static gboolean
has_come (Line * line)
{
  return g_socket_condition_timed_wait (line->theirs, G_IO_IN,
      20 * G_TIME_SPAN_MILLISECOND, NULL, NULL);
}

/* The head leaves with what follows it, or a while later if nothing does. */
static void
test_hold (void)
{
  g_autoptr (P2pSoupPipe) pipe = p2p_soup_pipe_new ();
  g_autoptr (Line) line = line_new (pipe);
  g_autoptr (GBytes) bytes = put (10);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize at;

  g_socket_set_option (line->ours, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GBytes) head = g_bytes_new (data, 100);

    p2p_soup_sender_hold (P2P_SOUP_SENDER (line->sender));
    g_assert_cmpint (write_some (line, head, 0), ==, 100);
    g_assert_false (has_come (line));
    at = 100;
    if (i == 0)
      at = fill (line, bytes, at);
    read_all (line, 10, 0, at);
  }
  /* It was for that one only. */
  g_assert_cmpint (write_some (line, bytes, SIZE - 1000), ==, 1000);
  g_assert_true (has_come (line));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sender/all", test_all);
  g_test_add_func ("/sender/let-go", test_let_go);
  g_test_add_func ("/sender/full", test_full);
  g_test_add_func ("/sender/gone", test_gone);
  g_test_add_func ("/sender/closed", test_closed);
  g_test_add_func ("/sender/no-pipe", test_no_pipe);
  g_test_add_func ("/sender/other", test_other);
  g_test_add_func ("/sender/hold", test_hold);
  return g_test_run ();
}
