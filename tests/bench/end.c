/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * end offer|answer [OPTIONS]: one end of a data channel, for whoever has the
 * other. What goes between the ends comes from standard input and goes to
 * standard output, each text with a NUL behind it: descriptions and candidates.
 * Beside those, in:
 *
 *   !send text|binary SIZE    a message of that many bytes, of any content
 *   !flood SIZE SECONDS       as many as go, then the text "last"
 *   !count                    from here on messages are counted, and the text
 *                             "last" tells of them
 *   !close
 *   !route
 *
 * and out: "=open MAX" (the longest message that the other end takes), "=sent",
 * "=got" (text|binary SIZE SHA-256), "=refused SIZE", "=counted BYTES SECONDS"
 * (since the first), "=closed WHY", "=failed WHY", "=route WAY
 * ADDRESS".
 */

#include "stack.h"

#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const Stack *stack = &stack_nice;
static GMainLoop *loop;
static gboolean counting;
static guint64 counted;
static gint64 first, until;
static GBytes *flood;

void
bench_say (const char *text)
{
  gsize size = strlen (text) + 1;

  if (write (STDOUT_FILENO, text, size) != (gssize) size)
    abort ();
}

G_GNUC_PRINTF (1, 2)
     static void report (const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  bench_say (text);
}

static void
report_message (const char *what, gconstpointer data, gsize size, gboolean text)
{
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data,
      size);

  report ("=%s %s %" G_GSIZE_FORMAT " %s", what, text ? "text" : "binary", size,
      hash);
}

void
bench_open (void)
{
  report ("=open %" G_GSIZE_FORMAT, stack->get_max_message ());
}

void
bench_closed (const char *why)
{
  report ("=closed %s", why ? why : "");
}

void
bench_failed (const char *why)
{
  report ("=failed %s", why);
}

void
bench_message (gconstpointer data, gsize size, gboolean text)
{
  gint64 now = counting ? g_get_monotonic_time () : 0;

  if (!counting) {
    report_message ("got", data, size, text);
    return;
  }
  if (!first)
    first = now;
  counted += size;
  if (text)
    report ("=counted %" G_GUINT64_FORMAT " %f", counted, (now - first) / 1e6);
}

void
bench_room (void)
{
  while (flood && stack->get_buffered () < 2 * BENCH_LOW) {
    if (g_get_monotonic_time () < until)
      stack->send (flood, FALSE);
    else {
      g_autoptr (GBytes) last = g_bytes_new_static ("last", 4);

      stack->send (last, TRUE);
      g_clear_pointer (&flood, g_bytes_unref);
    }
  }
}

/* Text is of characters of one to four bytes. */
static GBytes *
make_message (gboolean text, gsize size)
{
  GString *content = g_string_sized_new (size);
  GRand *rand = g_rand_new ();

  while (content->len < size) {
    if (!text)
      g_string_append_c (content, g_rand_int (rand));
    else if (size - content->len < 4)
      g_string_append_c (content, 'x');
    else
      g_string_append_unichar (content, g_rand_boolean (rand) ?
          (gunichar) g_rand_int_range (rand, 1, 0xd800) :
          (gunichar) g_rand_int_range (rand, 0x10000, 0x110000));
  }
  g_rand_free (rand);
  return g_string_free_to_bytes (content);
}

static void
send_one (gboolean text, gsize size)
{
  g_autoptr (GBytes) message = make_message (text, size);

  if (stack->send (message, text))
    report_message ("sent", g_bytes_get_data (message, NULL), size, text);
  else
    report ("=refused %" G_GSIZE_FORMAT, size);
}

static void
obey (const char *command)
{
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  guint n = g_strv_length (words);

  if (strcmp (words[0], "!send") == 0 && n == 3)
    send_one (strcmp (words[1], "text") == 0,
        g_ascii_strtoull (words[2], NULL, 10));
  else if (strcmp (words[0], "!flood") == 0 && n == 3) {
    gsize size = g_ascii_strtoull (words[1], NULL, 10);

    flood = g_bytes_new_take (g_malloc0 (size), size);
    until = g_get_monotonic_time ()
        + (gint64) (g_ascii_strtod (words[2], NULL) * G_USEC_PER_SEC);
    bench_room ();
  } else if (strcmp (words[0], "!count") == 0)
    counting = TRUE;
  else if (strcmp (words[0], "!close") == 0)
    stack->close ();
  else if (strcmp (words[0], "!route") == 0) {
    g_autofree char *route = stack->get_route ();

    report ("=route %s", route);
  } else
    g_error ("%s?", command);
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer user_data)
{
  GString *text = user_data;
  char buffer[4096];
  gssize n = read (fd, buffer, sizeof buffer);

  if (n <= 0) {
    g_main_loop_quit (loop);
    return G_SOURCE_REMOVE;
  }
  for (gssize i = 0; i < n; i++) {
    g_string_append_c (text, buffer[i]);
    if (buffer[i])
      continue;
    if (text->str[0] == '!')
      obey (text->str);
    else
      stack->hear (text->str);
    g_string_truncate (text, 0);
  }
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    return 2;
  loop = g_main_loop_new (NULL, FALSE);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input,
      g_string_new (NULL));
  stack->start (strcmp (argv[1], "offer") == 0, argc > 2 ? argv[2] : "");
  g_main_loop_run (loop);
  /* What is left of a stack ends with its process. */
  _exit (0);
}
