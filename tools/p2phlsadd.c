/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlscommands.h"
#include "p2phlsline.h"

#include "p2phlsremotelimits.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <math.h>

static P2pHlsLine line;
static char **settings, **origins;
static int delay;

/* --- what is printed --- */

static void
set_string (JsonObject * object, const char *name, const char *value)
{
  if (value)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static void
set_double (JsonObject * object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static void
set_files (JsonObject * object, GPtrArray * files)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < files->len; i++) {
    P2pHlsRemoteFile *file = g_ptr_array_index (files, i);

    json_array_add_string_element (array, file->name);
  }
  json_object_set_array_member (object, "files", array);
}

static void
print_json (P2pHlsRemoteTorrent * torrent)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  double progress, down, up;
  guint64 downloaded, uploaded;
  guint num_peers;
  g_autofree char *text = NULL;

  g_object_get (torrent, "progress", &progress, "download-speed", &down,
      "upload-speed", &up, "downloaded", &downloaded, "uploaded", &uploaded,
      "num-peers", &num_peers, NULL);
  set_string (object, "serverURL",
      p2p_hls_remote_torrent_get_server_url (torrent));
  set_string (object, "playlistURL",
      p2p_hls_remote_torrent_get_playlist_url (torrent));
  set_string (object, "infohash",
      p2p_hls_remote_torrent_get_info_hash (torrent));
  set_string (object, "name", p2p_hls_remote_torrent_get_name (torrent));
  set_files (object, p2p_hls_remote_torrent_get_files (torrent));
  set_double (object, "progress", progress);
  json_object_set_int_member (object, "downloaded", downloaded);
  json_object_set_int_member (object, "uploaded", uploaded);
  set_double (object, "downloadSpeed", down);
  set_double (object, "uploadSpeed", up);
  json_object_set_int_member (object, "numPeers", num_peers);
  json_node_set_object (root, object);
  text = json_to_string (root, FALSE);
  g_print ("%s\n", text);
}

static void
print (P2pHlsRemoteTorrent * torrent)
{
  const char *url = p2p_hls_remote_torrent_get_server_url (torrent);

  if (line.json)
    print_json (torrent);
  else
    g_print ("%s\n", url ? url : p2p_hls_remote_torrent_get_name (torrent));
}

/* --- add --- */

static void
on_error (P2pHlsRemoteTorrent * torrent, const GError * error,
    gpointer user_data)
{
  if (g_error_matches (error, P2P_HLS_REMOTE_ERROR,
          P2P_HLS_REMOTE_ERROR_STOPPED))
    p2p_hls_line_end (&line, P2P_HLS_EXIT_GOOD);
  else
    p2p_hls_line_fail (&line, error);
}

static void
on_warning (P2pHlsRemoteTorrent * torrent, const GError * error,
    gpointer user_data)
{
  g_printerr ("p2phls: %s\n", error->message);
}

static void
on_added (const GError * error, P2pHlsRemoteTorrent * torrent,
    gpointer user_data)
{
  p2p_hls_line_heard (&line);
  if (error) {
    p2p_hls_line_fail (&line, error);
    return;
  }
  print (torrent);
  g_signal_connect (torrent, "error", G_CALLBACK (on_error), NULL);
  g_signal_connect (torrent, "warning", G_CALLBACK (on_warning), NULL);
}

/* {"server":{"origin":[…]},"NAME":"VALUE",…}. Returns: (transfer full) (nullable) */
static char *
make_options (void)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *server = json_object_new ();
  JsonArray *pages = json_array_new ();

  for (char **origin = origins; origin && *origin; origin++)
    json_array_add_string_element (pages, *origin);
  json_object_set_array_member (server, "origin", pages);
  json_object_set_object_member (object, "server", server);
  if (!p2p_hls_command_set (object, settings))
    return NULL;
  json_node_set_object (root, object);
  return json_to_string (root, FALSE);
}

int
p2p_hls_command_add (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    P2P_HLS_LINE_ENTRIES (line),
    {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &settings,
          N_("A setting of this stream, if the engine does not have it yet"),
        N_("NAME=VALUE")},
    {"origin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &origins,
        N_("Web pages that may play it, as https://example.com (again for "
              "more)"), N_("ORIGIN")},
    {"delay", 0, 0, G_OPTION_ARG_INT, &delay,
          N_
          ("How long the engine keeps the stream after this program ends, ten "
              "minutes at most"),
        N_("MILLISECONDS")},
    {NULL}
  };
  g_auto (GStrv) words = p2p_hls_command_parse (argc, argv, entries,
      _("URL"), 1, 1, _("Has the engine play a stream, prints the URL at which "
          "every player of this host can open it, and keeps it until this "
          "program is interrupted, or told to with “p2phls stop”."));
  g_autoptr (P2pHlsRemoteTorrent) torrent = NULL;
  g_autofree char *options = words ? make_options () : NULL;

  if (options == NULL || !p2p_hls_command_check ("--delay", delay,
          P2P_HLS_REMOTE_MAX_DELAY))
    return P2P_HLS_EXIT_USAGE;
  if (!p2p_hls_line_open (&line))
    return line.code;
  line.delay = delay;
  p2p_hls_line_expect (&line);
  torrent = p2p_hls_remote_client_add (line.client, words[0], options, on_added,
      NULL);
  return p2p_hls_line_run (&line);
}

/* --- get --- */

static void
on_got (const GError * error, P2pHlsRemoteTorrent * torrent, gpointer user_data)
{
  p2p_hls_line_heard (&line);
  if (error) {
    p2p_hls_line_fail (&line, error);
    return;
  }
  print (torrent);
  p2p_hls_line_end (&line, P2P_HLS_EXIT_GOOD);
}

int
p2p_hls_command_get (int argc, char **argv)
{
  const GOptionEntry entries[] = { P2P_HLS_LINE_ENTRIES (line), {NULL} };
  g_auto (GStrv) words = p2p_hls_command_parse (argc, argv, entries,
      _("URL"), 1, 1, _("Prints the URL at which players of this host can open "
          "a stream that the engine plays."));

  if (words == NULL)
    return P2P_HLS_EXIT_USAGE;
  if (!p2p_hls_line_open (&line))
    return line.code;
  p2p_hls_line_expect (&line);
  p2p_hls_remote_client_get (line.client, words[0], on_got, NULL);
  return p2p_hls_line_run (&line);
}
