/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlscommands.h"
#include "p2phlssockets.h"

#include "p2phlsremote.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>

/* How often it is looked whether anybody is there, with --idle. */
#define IDLE_CHECKS 4

static struct
{
  char *path;
  char **tls;                   /* HOST:PORT */
  char *token_file;
  char *certificate;
  char **trackers;
  char **settings;
  int idle;                     /* seconds; 0: for ever */
  gboolean trace;
  gboolean json;
} options;

static struct
{
  GMainLoop *loop;
  P2pHlsRemoteListener *listener;
  int quiet;                    /* checks at which nobody was there */
} serving;

/* --- what it listens at --- */

static void
print_json (const char *name, const char *text)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *line = NULL;

  json_object_set_string_member (object, name, valid);
  json_node_set_object (root, object);
  line = json_to_string (root, FALSE);
  puts (line);
  fflush (stdout);
}

/* What the server prints is what it traces. */
static void
on_print (const char *text)
{
  g_autofree char *line = g_strchomp (g_strdup (text));

  print_json ("trace", line);
}

static void
tell (const char *format, const char *address)
{
  if (options.json)
    print_json ("listening", address);
  else
    g_print (format, address);
}

static gboolean
listen_fds (guint count, int first, GError ** error)
{
  for (guint i = 0; i < count; i++) {
    if (!p2p_hls_remote_listener_add_fd (serving.listener, first + i, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
listen_unix (GError ** error)
{
  g_autofree char *path = options.path ? g_strdup (options.path)
      : p2p_hls_remote_get_default_path ();
  g_autofree char *address = g_strconcat ("unix:", path, NULL);

  if (!p2p_hls_remote_listener_add_unix (serving.listener, path, error))
    return FALSE;
  tell (_("The engine listens at %s\n"), address);
  return TRUE;
}

static gboolean
listen_tls (const char *text, const char *token, GError ** error)
{
  g_autoptr (GSocketConnectable) place =
      g_network_address_parse (text, 0, error);
  g_autofree char *address = NULL;
  const char *host;
  guint16 port;

  if (place == NULL)
    return FALSE;
  host = g_network_address_get_hostname (G_NETWORK_ADDRESS (place));
  port = p2p_hls_remote_listener_add_tls (serving.listener,
      *host == '\0' || g_str_equal (host, "*") ? NULL : host,
      g_network_address_get_port (G_NETWORK_ADDRESS (place)),
      options.certificate, token, error);
  if (port == 0)
    return FALSE;
  address = g_strdup_printf (strchr (host, ':') ? "tls://[%s]:%u"
      : "tls://%s:%u", host, port);
  tell (_("The engine listens at %s\n"), address);
  return TRUE;
}

static gboolean
listen_everywhere (const char *token, GError ** error)
{
  int first;
  guint count = p2p_hls_sockets_take (&first);

  if (count > 0 ? !listen_fds (count, first, error) : !listen_unix (error))
    return FALSE;
  for (char **text = options.tls; text && *text; text++) {
    if (!listen_tls (*text, token, error))
      return FALSE;
  }
  return TRUE;
}

/* --- its life --- */

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (serving.loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_idle_check (gpointer user_data)
{
  if (p2p_hls_remote_listener_get_n_connections (serving.listener) > 0)
    serving.quiet = 0;
  else if (++serving.quiet > IDLE_CHECKS)
    g_main_loop_quit (serving.loop);
  return G_SOURCE_CONTINUE;
}

/* Returns: (transfer full) (nullable) */
static char *
make_options (void)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  if (!p2p_hls_command_set (object, options.settings))
    return NULL;
  if (options.trackers) {
    JsonArray *urls = json_array_new ();

    for (char **url = options.trackers; *url; url++)
      json_array_add_string_element (urls, *url);
    json_object_set_array_member (object, "tracker-announce", urls);
  }
  if (options.trace)
    json_object_set_boolean_member (object, "trace", TRUE);
  json_node_set_object (root, object);
  return json_to_string (root, FALSE);
}

static int
serve (const char *text, const char *token)
{
  g_autoptr (GError) error = NULL;

  serving.listener = p2p_hls_remote_listener_new (text, &error);
  if (serving.listener == NULL
      || !p2p_hls_remote_server_check (p2p_hls_remote_listener_get_server
          (serving.listener), &error)
      || !listen_everywhere (token, &error)) {
    g_printerr ("p2phls: %s\n", error->message);
    g_clear_object (&serving.listener);
    return g_error_matches (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_OPTIONS) ? P2P_HLS_EXIT_USAGE
        : P2P_HLS_EXIT_FAILED;
  }
  serving.loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect_swapped (p2p_hls_remote_listener_get_server
      (serving.listener), "stop", G_CALLBACK (g_main_loop_quit), serving.loop);
  g_unix_signal_add (SIGINT, on_signal, NULL);
  g_unix_signal_add (SIGTERM, on_signal, NULL);
  if (options.idle > 0)
    g_timeout_add (options.idle * 1000 / IDLE_CHECKS, on_idle_check, NULL);
  g_main_loop_run (serving.loop);

  p2p_hls_remote_listener_close (serving.listener);
  g_clear_object (&serving.listener);
  g_main_loop_unref (serving.loop);
  return P2P_HLS_EXIT_GOOD;
}

int
p2p_hls_command_serve (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"socket", 0, 0, G_OPTION_ARG_FILENAME, &options.path,
          N_("UNIX socket to listen at (default: that of the user)"),
        N_("PATH")},
    {"listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &options.tls,
          N_("Where to listen for other machines, with TLS; port 0: any"),
        N_("HOST:PORT")},
    {"token-file", 0, 0, G_OPTION_ARG_FILENAME, &options.token_file,
        N_("File with what other machines have to say, 16 characters or "
              "more"), N_("FILE")},
    {"certificate", 0, 0, G_OPTION_ARG_FILENAME, &options.certificate,
          N_("Certificate and private key (PEM) for other machines"),
        N_("FILE")},
    {"tracker", 't', 0, G_OPTION_ARG_STRING_ARRAY, &options.trackers,
          N_("Tracker at which streams are announced (again for more)"),
        N_("URL")},
    {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.settings,
        N_("A setting of the engine, as max-upload-rate=500000 (again for "
              "more)"), N_("NAME=VALUE")},
    {"idle", 0, 0, G_OPTION_ARG_INT, &options.idle,
          N_("Ends when nobody was connected for so long (0: never)"),
        N_("SECONDS")},
    {"trace", 0, 0, G_OPTION_ARG_NONE, &options.trace,
        N_("Say who comes and goes"), NULL},
    {"json", 'j', 0, G_OPTION_ARG_NONE, &options.json,
        N_("Print JSON, for scripts"), NULL},
    {NULL}
  };
  g_auto (GStrv) words = p2p_hls_command_parse (argc, argv, entries, NULL, 0, 0,
      _
      ("Runs one engine for all players of this host: they share one swarm for "
          "each stream, one cache and one upload limit."));
  g_autofree char *text = words ? make_options () : NULL;
  g_autofree char *token = NULL;

  if (text == NULL || !p2p_hls_command_check ("--idle", options.idle,
          G_MAXINT / 1000))
    return P2P_HLS_EXIT_USAGE;
  if (options.json)
    g_set_print_handler (on_print);
  if (options.tls && !(options.token_file && options.certificate)) {
    g_printerr ("p2phls: %s\n",
        _("--listen needs --token-file and --certificate."));
    return P2P_HLS_EXIT_USAGE;
  }
  if (options.token_file) {
    token = p2p_hls_command_read_secret (options.token_file);
    if (token == NULL)
      return P2P_HLS_EXIT_USAGE;
  }
  return serve (text, token);
}
