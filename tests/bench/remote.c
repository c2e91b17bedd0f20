/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Clients of an engine, for tests/bench/remote:
 *
 *   bench-remote ADDRESS echo N         N questions, one after the other: prints
 *                                       the median and the 99th of 100 (us)
 *   bench-remote ADDRESS idle N URL     N clients that have added URL: prints
 *                                       "ready", and ends with its input */

#include "p2phlsremote.h"

#include <glib-unix.h>
#include <stdlib.h>
#include <unistd.h>

static GMainLoop *loop;
static P2pHlsRemoteClient *client;
static GArray *times;           /* of gint64, us */
static gint64 begun;
static guint left;

static P2pHlsRemoteConnection *
connect_to (const char *address)
{
  g_autoptr (GError) error = NULL;
  P2pHlsRemoteConnection *connection =
      p2p_hls_remote_connection_new (address, NULL, NULL, NULL, &error);

  if (connection == NULL)
    g_error ("%s", error->message);
  return connection;
}

/* --- echo --- */

static void ask (void);

static void
on_answer (const GError * error, P2pHlsRemoteTorrent * torrent,
    gpointer user_data)
{
  gint64 took = g_get_monotonic_time () - begun;

  if (!g_error_matches (error, P2P_HLS_REMOTE_ERROR,
          P2P_HLS_REMOTE_ERROR_TORRENT_MISSING))
    g_error ("%s", error ? error->message : "there is such a torrent");
  g_array_append_val (times, took);
  if (--left > 0)
    ask ();
  else
    g_main_loop_quit (loop);
}

static void
ask (void)
{
  begun = g_get_monotonic_time ();
  p2p_hls_remote_client_get (client, "http://nowhere.example/a.m3u8",
      on_answer, NULL);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static void
echo (const char *address, guint count)
{
  g_autoptr (P2pHlsRemoteConnection) connection = connect_to (address);

  times = g_array_new (FALSE, FALSE, sizeof (gint64));
  client = p2p_hls_remote_connection_get_client (connection);
  left = count;
  ask ();
  g_main_loop_run (loop);
  g_array_sort (times, compare);
  g_print ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
      g_array_index (times, gint64, count / 2),
      g_array_index (times, gint64, count * 99 / 100));
  g_array_unref (times);
}

/* --- idle --- */

static void
on_added (const GError * error, P2pHlsRemoteTorrent * torrent,
    gpointer user_data)
{
  if (error)
    g_error ("%s", error->message);
  if (--left == 0)
    g_print ("ready\n");
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer user_data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
idle (const char *address, guint count, const char *url)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);

  left = count;
  for (guint i = 0; i < count; i++) {
    P2pHlsRemoteConnection *connection = connect_to (address);

    g_ptr_array_add (kept, connection);
    g_ptr_array_add (kept,
        p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
            (connection), url, NULL, on_added, NULL));
  }
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, NULL);
  g_main_loop_run (loop);
}

int
main (int argc, char **argv)
{
  guint count = argc > 3 ? g_ascii_strtoull (argv[3], NULL, 10) : 0;

  if (count == 0) {
    g_printerr ("bench-remote ADDRESS echo N | idle N URL\n");
    return EXIT_FAILURE;
  }
  loop = g_main_loop_new (NULL, FALSE);
  if (g_str_equal (argv[2], "echo"))
    echo (argv[1], count);
  else
    idle (argv[1], count, argv[4]);
  g_main_loop_unref (loop);
  return EXIT_SUCCESS;
}
