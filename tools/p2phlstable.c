/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlstable.h"

#include <glib/gi18n.h>

#define COLUMNS 8
/* Characters of a name; of the others, that all fits in a terminal's 80. */
#define NAME 20

/* --- cells --- */

static double
get_number (JsonObject * object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) != G_TYPE_STRING
      ? json_node_get_double (node) : 0;
}

static char *
make_size (double bytes)
{
  static const char units[] = "kMGT";
  const char *unit = units;

  if (!(bytes >= 0 && bytes < 1e18))
    return g_strdup ("-");
  for (bytes /= 1000; bytes >= 999.5 && unit[1]; unit++)
    bytes /= 1000;
  return g_strdup_printf ("%.*f %cB", bytes < 99.95 ? 1 : 0, bytes, *unit);
}

static char *
make_rate (double bytes)
{
  g_autofree char *size = make_size (bytes);

  return g_strconcat (size, "/s", NULL);
}

/* What a terminal would take for commands is left out. */
static char *
make_name (JsonObject * torrent)
{
  const char *name =
      json_object_get_string_member_with_default (torrent, "name", "-");
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  GString *text = g_string_new (NULL);
  glong length = 0;

  for (const char *p = valid; *p && length < NAME; p = g_utf8_next_char (p)) {
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      continue;
    g_string_append_unichar (text, g_utf8_get_char (p));
    length++;
  }
  return g_string_free (text, FALSE);
}

static char *
make_progress (JsonObject * torrent)
{
  /* It has no end to be near to. */
  if (json_object_get_boolean_member_with_default (torrent, "live", FALSE))
    return g_strdup (_("live"));
  return g_strdup_printf ("%.0f %%", 100 * get_number (torrent, "progress"));
}

/* Returns: (transfer full): the cells of a line */
static char **
make_cells (JsonObject * torrent)
{
  char **cells = g_new0 (char *, COLUMNS + 1);

  cells[0] = make_name (torrent);
  cells[1] = make_progress (torrent);
  cells[2] = make_rate (get_number (torrent, "downloadSpeed"));
  cells[3] = make_rate (get_number (torrent, "uploadSpeed"));
  cells[4] = g_strdup_printf ("%.0f", get_number (torrent, "numPeers"));
  cells[5] = make_size (get_number (torrent, "fromWeb"));
  cells[6] = make_size (get_number (torrent, "fromPeers"));
  cells[7] = g_strdup_printf ("%.0f", get_number (torrent, "clients"));
  return cells;
}

/* --- lines --- */

static void
append_line (GString * table, char **cells, const glong * widths)
{
  for (guint i = 0; i < COLUMNS; i++) {
    glong gap = widths[i] - g_utf8_strlen (cells[i], -1);

    if (i == 0)
      g_string_append (table, cells[i]);
    for (; gap > 0; gap--)
      g_string_append_c (table, ' ');
    if (i > 0)
      g_string_append_printf (table, "  %s", cells[i]);
  }
  g_string_append_c (table, '\n');
}

static char **
make_header (void)
{
  const char *const names[] = {
    _("STREAM"), _("THERE"), _("DOWN"), _("UP"), _("PEERS"), _("FROM WEB"),
    _("FROM PEERS"), _("CLIENTS"), NULL
  };

  return g_strdupv ((char **) names);
}

char *
p2p_hls_table_make (JsonObject * status)
{
  JsonArray *torrents = json_object_has_member (status, "torrents") ?
      json_object_get_array_member (status, "torrents") : NULL;
  g_autoptr (GPtrArray) lines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  GString *table = g_string_new (NULL);
  glong widths[COLUMNS] = { 0 };

  if (torrents == NULL || json_array_get_length (torrents) == 0) {
    g_string_assign (table, _("The engine plays nothing.\n"));
    return g_string_free (table, FALSE);
  }
  g_ptr_array_add (lines, make_header ());
  for (guint i = 0; i < json_array_get_length (torrents); i++)
    g_ptr_array_add (lines,
        make_cells (json_array_get_object_element (torrents, i)));
  for (guint i = 0; i < lines->len; i++)
    for (guint j = 0; j < COLUMNS; j++)
      widths[j] = MAX (widths[j],
          g_utf8_strlen (((char **) g_ptr_array_index (lines, i))[j], -1));
  for (guint i = 0; i < lines->len; i++)
    append_line (table, g_ptr_array_index (lines, i), widths);
  return g_string_free (table, FALSE);
}

char *
p2p_hls_table_fit (const char *table, guint columns, guint rows)
{
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);
  GString *fitting = g_string_new (NULL);

  for (guint i = 0; lines[i] && *lines[i] && i + 1 < rows; i++) {
    g_autofree char *line = g_utf8_substring (lines[i], 0,
        MIN (g_utf8_strlen (lines[i], -1), columns));

    g_string_append_printf (fitting, "%s\n", line);
  }
  return g_string_free (fitting, FALSE);
}
