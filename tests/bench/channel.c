/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * channel STACK[:OPTIONS] SIZE SECONDS: two processes, one data channel, as many
 * messages of SIZE bytes as go one way in SECONDS, by an address of this machine.
 * Prints: MB/s, CPU seconds a GB of both ends (from open on), ms to open
 */

#include "stack.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const Stack *stack;
static GMainLoop *loop;
static int fd;
static gboolean sending;
static GBytes *message, *last;
static gint64 began, opened, first, until;
static double cpu_at_open;
static guint64 received;
static double elapsed, cpu;
static gboolean over;

static double
get_cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void
bench_say (const char *text)
{
  gsize size = strlen (text) + 1;

  if (write (fd, text, size) != (gssize) size)
    abort ();
}

void
bench_room (void)
{
  while (sending && !over && stack->get_buffered () < 2 * BENCH_LOW) {
    over = g_get_monotonic_time () > until;
    if (!stack->send (over ? last : message, over))
      g_error ("a message was refused");
  }
}

void
bench_open (void)
{
  opened = g_get_monotonic_time ();
  cpu_at_open = get_cpu ();
  until = g_get_monotonic_time () + until;
  bench_room ();
}

void
bench_closed (const char *why)
{
  g_error ("closed: %s", why ? why : "by the other end");
}

void
bench_failed (const char *why)
{
  g_error ("failed: %s", why);
}

void
bench_message (gconstpointer data, gsize size, gboolean text)
{
  if (!first)
    first = g_get_monotonic_time ();
  received += size;
  if (text) {
    g_autofree char *report = g_strdup_printf ("=%f %f %f",
        (double) received, (g_get_monotonic_time () - first) / 1e6,
        get_cpu () - cpu_at_open);

    bench_say (report);
    g_main_loop_quit (loop);
  }
}

static gboolean
on_heard (int from, GIOCondition condition, gpointer user_data)
{
  static GString *text;
  char buffer[4096];
  gssize n = read (from, buffer, sizeof buffer);

  if (n <= 0) {
    g_main_loop_quit (loop);
    return G_SOURCE_REMOVE;
  }
  if (!text)
    text = g_string_new (NULL);
  for (gssize i = 0; i < n; i++) {
    if (buffer[i])
      g_string_append_c (text, buffer[i]);
    else {
      if (text->str[0] == '=') {
        double bytes;
        char *end;

        bytes = g_ascii_strtod (text->str + 1, &end);
        elapsed = g_ascii_strtod (end, &end);
        cpu = get_cpu () - cpu_at_open + g_ascii_strtod (end, NULL);
        received = bytes;
        g_main_loop_quit (loop);
      } else
        stack->hear (text->str);
      g_string_truncate (text, 0);
    }
  }
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) name = g_strsplit (argc == 4 ? argv[1] : "", ":", 2);
  int fds[2];

  if (argc != 4)
    return 2;
  stack = strcmp (name[0], "webrtcbin") == 0 ? &stack_webrtc : &stack_nice;
  if (socketpair (AF_UNIX, SOCK_STREAM, 0, fds) < 0)
    return 2;
  sending = fork () != 0;
  fd = fds[sending];
  close (fds[!sending]);
  message = g_bytes_new_take (g_malloc0 (g_ascii_strtoull (argv[2], NULL, 10)),
      g_ascii_strtoull (argv[2], NULL, 10));
  last = g_bytes_new_static ("last", 5);
  until = g_ascii_strtod (argv[3], NULL) * G_USEC_PER_SEC;
  loop = g_main_loop_new (NULL, FALSE);
  g_unix_fd_add (fd, G_IO_IN | G_IO_HUP, on_heard, NULL);
  began = g_get_monotonic_time ();
  stack->start (sending, name[1] ? name[1] : "");
  g_main_loop_run (loop);
  if (sending && elapsed > 0)
    printf ("%.1f %.2f %.1f\n", received / elapsed / 1e6,
        cpu / (received / 1e9), (opened - began) / 1e3);
  fflush (stdout);
  /* What is left of a stack ends with its process. */
  if (sending)
    shutdown (fd, SHUT_RDWR), wait (NULL);
  _exit (elapsed > 0 || !sending ? 0 : 1);
}
