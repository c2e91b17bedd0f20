/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One engine for several players, controlled over a UNIX socket:
 *
 *     p2phls-remote PATH &          runs the engine
 *     p2phls-remote PATH URL        has it play a stream, and says where
 *
 *     cc p2phls-remote.c $(pkg-config --cflags --libs p2phls-remote-1.0)
 */

#include <p2phlsremote.h>

static void
on_metadata (P2pHlsRemoteTorrent * torrent, gpointer unused)
{
  GPtrArray *files = p2p_hls_remote_torrent_get_files (torrent);

  for (guint i = 0; i < files->len; i++)
    g_print ("file %s\n",
        ((P2pHlsRemoteFile *) g_ptr_array_index (files, i))->name);
}

static void
on_server_ready (P2pHlsRemoteTorrent * torrent, gpointer unused)
{
  g_print ("playlist %s\n", p2p_hls_remote_torrent_get_playlist_url (torrent));
  g_print ("page %s\n", p2p_hls_remote_torrent_get_server_url (torrent));
}

static void
on_update (P2pHlsRemoteTorrent * torrent, gpointer unused)
{
  double progress, speed;
  guint peers;

  g_object_get (torrent, "progress", &progress, "download-speed", &speed,
      "num-peers", &peers, NULL);
  g_print ("%.0f %%, %.0f kB/s, %u peers\n", progress * 100, speed / 1000,
      peers);
}

static void
on_added (const GError * error, P2pHlsRemoteTorrent * torrent, gpointer loop)
{
  if (error == NULL)
    return;
  g_printerr ("%s\n", error->message);
  g_main_loop_quit (loop);
}

static void
on_closed (P2pHlsRemoteConnection * connection, GError * error,
    GMainLoop * loop)
{
  g_main_loop_quit (loop);
}

/* Returns: the program's exit status */
static int
watch (const char *path, const char *url)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pHlsRemoteConnection) connection =
      p2p_hls_remote_connection_new (address, NULL, NULL, NULL, &error);
  g_autoptr (P2pHlsRemoteTorrent) torrent = NULL;

  if (connection == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  torrent = p2p_hls_remote_client_add (p2p_hls_remote_connection_get_client
      (connection), url, NULL, on_added, loop);
  g_signal_connect (torrent, "metadata", G_CALLBACK (on_metadata), NULL);
  g_signal_connect (torrent, "server-ready", G_CALLBACK (on_server_ready),
      NULL);
  g_signal_connect (torrent, "update", G_CALLBACK (on_update), NULL);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), loop);
  p2p_hls_remote_torrent_create_server (torrent, NULL, NULL, NULL);
  g_main_loop_run (loop);
  return 1;
}

static int
serve (const char *path)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pHlsRemoteListener) listener =
      p2p_hls_remote_listener_new ("{\"trace\":true,\"tracker-announce\":[]}",
      &error);

  if (listener == NULL
      || !p2p_hls_remote_listener_add_unix (listener, path, &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  g_print ("listens at %s\n", path);
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc < 2 || argc > 3) {
    g_printerr ("%s PATH [URL]\n", argv[0]);
    return 1;
  }
  return argc == 2 ? serve (argv[1]) : watch (argv[1], argv[2]);
}
