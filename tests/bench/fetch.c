/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench-fetch PORT CONNECTIONS TIMES: reads paths from standard input, a line
 * each, and gets all of them TIMES times over each of so many connections to
 * 127.0.0.1 at once, one request after another. What comes is read, as players
 * do, and thrown away. Prints "seconds=S bytes=B".
 */

#include <arpa/inet.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD 4096
#define BLOCK (64 * 1024)

static guint16 port;
static guint times;
static GPtrArray *paths;

static void G_GNUC_NORETURN
fail (const char *what)
{
  perror (what);
  exit (1);
}

static int
connect_to_server (void)
{
  struct sockaddr_in address = {.sin_family = AF_INET };
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  address.sin_port = htons (port);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    fail ("connect");
  return fd;
}

/* Returns: the length of the body that follows */
static gsize
read_head (int fd)
{
  char head[HEAD + 1];
  const char *length;
  char *end = NULL;
  gssize n = 0, used;

  /* Looked at first, so that nothing of the body is taken. */
  while (!end) {
    n = recv (fd, head, HEAD, MSG_PEEK);
    if (n <= 0)
      fail ("recv");
    head[n] = '\0';
    end = strstr (head, "\r\n\r\n");
  }
  used = end + 4 - head;
  length = strstr (head, "Content-Length: ");
  if (!g_str_has_prefix (head, "HTTP/1.1 200") || !length || length > end
      || recv (fd, head, used, 0) != used)
    fail ("answer");
  return g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10);
}

static gsize
get (int fd, const char *path)
{
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\n"
      "Host: 127.0.0.1:%u\r\n\r\n", path, port);
  static _Thread_local char block[BLOCK];
  gsize size, left;

  if (send (fd, request, strlen (request), 0) < 0)
    fail ("send");
  size = left = read_head (fd);
  while (left > 0) {
    gssize n = recv (fd, block, MIN (left, BLOCK), 0);

    if (n <= 0)
      fail ("recv");
    left -= n;
  }
  return size;
}

static gpointer
run (gpointer user_data)
{
  int fd = connect_to_server ();
  guint first = GPOINTER_TO_UINT (user_data);
  gsize total = 0;

  for (guint i = 0; i < times * paths->len; i++)
    total += get (fd, g_ptr_array_index (paths, (first + i) % paths->len));
  close (fd);
  return GSIZE_TO_POINTER (total);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  char line[HEAD / 2];
  gsize total = 0;
  gint64 began;
  guint connections;

  if (argc != 4)
    return 2;
  port = g_ascii_strtoull (argv[1], NULL, 10);
  connections = g_ascii_strtoull (argv[2], NULL, 10);
  times = g_ascii_strtoull (argv[3], NULL, 10);
  paths = g_ptr_array_new_with_free_func (g_free);
  while (fgets (line, sizeof line, stdin))
    g_ptr_array_add (paths, g_strdup (g_strstrip (line)));
  began = g_get_monotonic_time ();
  for (guint i = 0; i < connections; i++)
    g_ptr_array_add (threads, g_thread_new ("fetch", run,
            GUINT_TO_POINTER (i)));
  for (guint i = 0; i < connections; i++)
    total += GPOINTER_TO_SIZE (g_thread_join (g_ptr_array_index (threads, i)));
  printf ("seconds=%f bytes=%" G_GSIZE_FORMAT "\n",
      (g_get_monotonic_time () - began) / 1e6, total);
  g_ptr_array_unref (paths);
  return 0;
}
