/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsstrv.h"

#include <gst/gst.h>

/* Reads one item from *text up to the next comma; moves *text behind it. Spaces
 * around it do not count, but for those in quotes; nor does an item without
 * anything, but for one in quotes: is_item tells. Returns: (nullable): NULL if
 * a quote is not closed. */
static char *
gst_p2p_hls_strv_read_item (const char **text, gboolean * is_item)
{
  GString *item = g_string_new (NULL);
  gboolean quoted = FALSE;
  gsize keep = 0;

  *is_item = FALSE;
  while (g_ascii_isspace (**text))
    (*text)++;
  for (; **text && (quoted || **text != ','); (*text)++) {
    if (**text == '"') {
      quoted = !quoted;
      *is_item = TRUE;
      keep = item->len;
    } else if (quoted && **text == '\\' && (*text)[1]) {
      g_string_append_c (item, *++(*text));
    } else {
      g_string_append_c (item, **text);
    }
  }
  if (quoted) {
    g_string_free (item, TRUE);
    return NULL;
  }
  if (**text == ',')
    (*text)++;
  while (item->len > keep && g_ascii_isspace (item->str[item->len - 1]))
    g_string_truncate (item, item->len - 1);
  *is_item |= item->len > 0;
  return g_string_free (item, FALSE);
}

static gboolean
gst_p2p_hls_strv_deserialize (GValue * value, const gchar * string)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *text = g_strstrip (g_strdup (string));
  gsize length = strlen (text);
  const char *next = text;

  if (g_ascii_strcasecmp (text, "NULL") == 0) {
    g_value_set_boxed (value, NULL);
    return TRUE;
  }
  if (length >= 2 && ((text[0] == '<' && text[length - 1] == '>')
          || (text[0] == '{' && text[length - 1] == '}'))) {
    text[length - 1] = '\0';
    next++;
  }
  while (*next) {
    gboolean is_item;
    g_autofree char *item = gst_p2p_hls_strv_read_item (&next, &is_item);

    if (item == NULL)
      return FALSE;
    if (is_item)
      g_strv_builder_add (builder, item);
  }
  g_value_take_boxed (value, g_strv_builder_end (builder));
  return TRUE;
}

static gchar *
gst_p2p_hls_strv_serialize (const GValue * value)
{
  char **strv = g_value_get_boxed (value);
  GString *text;

  if (strv == NULL)
    return g_strdup ("NULL");
  text = g_string_new ("<");
  for (guint i = 0; strv[i]; i++) {
    g_string_append (text, i ? ", \"" : " \"");
    for (const char *c = strv[i]; *c; c++) {
      if (*c == '"' || *c == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *c);
    }
    g_string_append_c (text, '"');
  }
  return g_string_free (g_string_append (text, " >"), FALSE);
}

void
gst_p2p_hls_strv_register (void)
{
  GValue probe = G_VALUE_INIT;
  /* GStreamer keeps the pointer. */
  static GstValueTable table;
  gboolean known;

  g_value_init (&probe, G_TYPE_STRV);
  /* As the core writes it, which wants the quotes. */
  known = gst_value_deserialize (&probe, "<\"a\">");
  g_value_unset (&probe);
  if (known)
    return;
  table.type = G_TYPE_STRV;
  table.serialize = gst_p2p_hls_strv_serialize;
  table.deserialize = gst_p2p_hls_strv_deserialize;
  gst_value_register (&table);
}
