/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The program: one engine for all players of a host, and what is to be said to it.
 * See docs/p2phls.md. */

#include "p2phlscommands.h"

#include "p2phlsremote.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

static const struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *summary;
} commands[] = {
  {"serve", p2p_hls_command_serve, N_("Run the engine of this host")},
  {"add", p2p_hls_command_add, N_("Have it play a stream, and print its URL")},
  {"get", p2p_hls_command_get, N_("Print the URL of a stream that it plays")},
  {"status", p2p_hls_command_status, N_("Show what it does")},
  {"stop", p2p_hls_command_stop, N_("End a stream, or the engine")},
};

static void
print_usage (void (*print) (const char *format, ...))
{
  print ("%s\n\n", _("Usage: p2phls COMMAND [OPTION…]"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    print ("  %-8s%s\n", commands[i].name, _(commands[i].summary));
  print ("\n%s\n", _("p2phls COMMAND --help says what its options are."));
}

char **
p2p_hls_command_parse (int argc, char **argv, const GOptionEntry * entries,
    const char *words, guint min_words, guint max_words, const char *summary)
{
  g_autoptr (GOptionContext) context = g_option_context_new (words);
  g_auto (GStrv) arguments = g_new0 (char *, argc + 1);
  g_autoptr (GError) error = NULL;
  guint n_words;

  for (int i = 0; i < argc; i++)
    arguments[i] = g_strdup (argv[i]);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, &arguments, &error)) {
    g_printerr ("p2phls: %s\n", error->message);
    return NULL;
  }
  n_words = g_strv_length (arguments) - 1;
  if (n_words < min_words || n_words > max_words) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

    if (n_words < min_words)
      g_printerr (_("p2phls: %s is missing\n\n"), words);
    else
      g_printerr (_("p2phls: “%s” is one word too many\n\n"),
          arguments[1 + max_words]);
    g_printerr ("%s", help);
    return NULL;
  }
  return g_strdupv (arguments + 1);
}

gboolean
p2p_hls_command_check (const char *option, int value, int most)
{
  if (value >= 0 && value <= most)
    return TRUE;
  g_printerr (_("p2phls: %s has to be a number from 0 to %d\n"), option, most);
  return FALSE;
}

static JsonNode *
make_value (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);
  gint64 number;
  char *end;

  if (*text == '\0')
    json_node_init_null (node);
  else if (g_str_equal (text, "true") || g_str_equal (text, "false"))
    json_node_set_boolean (node, *text == 't');
  else if (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number,
          NULL))
    json_node_set_int (node, number);
  else if (g_ascii_strtod (text, &end), *end == '\0')
    json_node_set_double (node, g_ascii_strtod (text, NULL));
  else
    json_node_set_string (node, text);
  return node;
}

gboolean
p2p_hls_command_set (JsonObject * object, char **texts)
{
  for (; texts && *texts; texts++) {
    const char *equals = strchr (*texts, '=');
    g_autofree char *name = NULL;

    if (equals == NULL || equals == *texts) {
      g_printerr (_("p2phls: “%s” has to be NAME=VALUE\n"), *texts);
      return FALSE;
    }
    name = g_strndup (*texts, equals - *texts);
    json_object_set_member (object, name, make_value (equals + 1));
  }
  return TRUE;
}

char *
p2p_hls_command_read_secret (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *token = p2p_hls_remote_read_token (path, &error);

  if (token == NULL)
    g_printerr ("p2phls: %s\n", error->message);
  return token;
}

int
main (int argc, char **argv)
{
  const char *word = argc > 1 ? argv[1] : "";

  setlocale (LC_ALL, "");
#ifdef ENABLE_NLS
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
#endif
  g_set_prgname ("p2phls");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (word, commands[i].name)) {
      g_autofree char *name = g_strconcat ("p2phls ", word, NULL);

      g_set_prgname (name);
      argv[1] = name;
      return commands[i].run (argc - 1, argv + 1);
    }
  }
  if (g_str_equal (word, "--version")) {
    g_print ("p2phls %s\n", PACKAGE_VERSION);
    return P2P_HLS_EXIT_GOOD;
  }
  if (g_str_equal (word, "--help") || g_str_equal (word, "-h")) {
    print_usage (g_print);
    return P2P_HLS_EXIT_GOOD;
  }
  if (*word)
    g_printerr (_("p2phls: there is no command “%s”\n\n"), word);
  print_usage (g_printerr);
  return P2P_HLS_EXIT_USAGE;
}
