/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlscommands.h"
#include "p2phlsline.h"
#include "p2phlstable.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CLEAR "\033[H\033[2J"

static P2pHlsLine line;
static int interval = G_MININT; /* ms; 0: once */

/* --- status --- */

/* Returns: (transfer full): what of table a screen has room for */
static char *
fit (const char *table)
{
  struct winsize size = { 0, };

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0
      || size.ws_row == 0)
    return g_strdup (table);
  return p2p_hls_table_fit (table, size.ws_col, size.ws_row);
}

static void
print (const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  g_autofree char *table = NULL;

  if (line.json) {
    g_print ("%s\n", text);
    return;
  }
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return;
  table = p2p_hls_table_make (json_node_get_object (root));
  if (interval > 0 && isatty (STDOUT_FILENO)) {
    g_autofree char *fitting = fit (table);

    g_print (CLEAR "%s", fitting);
  } else {
    g_print ("%s", table);
  }
}

static void ask (void);

static gboolean
on_time (gpointer user_data)
{
  ask ();
  return G_SOURCE_REMOVE;
}

static void
on_status (const GError * error, const char *text, gpointer user_data)
{
  p2p_hls_line_heard (&line);
  if (error) {
    p2p_hls_line_fail (&line, error);
    return;
  }
  print (text);
  /* GIO ignores the signal of a pipe that nobody reads any more. */
  if (interval > 0 && !ferror (stdout))
    g_timeout_add (interval, on_time, NULL);
  else
    p2p_hls_line_end (&line, P2P_HLS_EXIT_GOOD);
}

static void
ask (void)
{
  p2p_hls_line_expect (&line);
  p2p_hls_remote_client_get_status (line.client, on_status, NULL);
}

int
p2p_hls_command_status (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    P2P_HLS_LINE_ENTRIES (line),
    {"interval", 'i', 0, G_OPTION_ARG_INT, &interval,
          N_("How often (0: once; default: 1000 in a terminal, else 0)"),
        N_("MILLISECONDS")},
    {NULL}
  };
  g_auto (GStrv) words = p2p_hls_command_parse (argc, argv, entries, NULL, 0, 0,
      _("Shows what the engine plays, and from where it comes."));

  if (words == NULL || (interval != G_MININT
          && !p2p_hls_command_check ("--interval", interval, G_MAXINT)))
    return P2P_HLS_EXIT_USAGE;
  if (interval == G_MININT)
    interval = isatty (STDOUT_FILENO) && !line.json ? 1000 : 0;
  if (!p2p_hls_line_open (&line))
    return line.code;
  ask ();
  return p2p_hls_line_run (&line);
}

/* --- stop --- */

static void
on_stopped (const GError * error, const char *text, gpointer user_data)
{
  if (error)
    p2p_hls_line_fail (&line, error);
  else
    p2p_hls_line_end (&line, P2P_HLS_EXIT_GOOD);
}

int
p2p_hls_command_stop (int argc, char **argv)
{
  const GOptionEntry entries[] = { P2P_HLS_LINE_ENTRIES (line), {NULL} };
  g_auto (GStrv) words = p2p_hls_command_parse (argc, argv, entries,
      _("[URL]"), 0, 1, _("Ends a stream for all who play it, or, without URL, "
          "the engine. Players go on over plain HTTP."));

  if (words == NULL)
    return P2P_HLS_EXIT_USAGE;
  if (!p2p_hls_line_open (&line))
    return line.code;
  p2p_hls_line_expect (&line);
  p2p_hls_remote_client_stop (line.client, words[0], on_stopped, NULL);
  return p2p_hls_line_run (&line);
}
