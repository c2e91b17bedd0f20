/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteoptions.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_OPTIONS (32 * 1024)

/* heartbeatTimeout -> heartbeat-timeout */
static char *
make_name (const char *name)
{
  GString *made = g_string_new (NULL);

  for (; *name; name++) {
    if (g_ascii_isupper (*name))
      g_string_append_c (made, '-');
    g_string_append_c (made, g_ascii_tolower (*name));
  }
  return g_string_free (made, FALSE);
}

P2pJson *
p2p_hls_remote_options_rename (P2pJson * options)
{
  g_autoptr (GPtrArray) names =
      options ? p2p_json_get_names (options) : g_ptr_array_new ();
  P2pJson *renamed = p2p_json_new ();

  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *made = make_name (name);

    json_object_set_member (renamed, made,
        json_object_dup_member (options, name));
  }
  return renamed;
}

P2pJson *
p2p_hls_remote_options_parse (const char *text, GError ** error)
{
  P2pJson *options;

  if (text == NULL)
    return p2p_json_new ();
  options = p2p_json_parse (text, strlen (text), MAX_OPTIONS);
  if (options == NULL)
    g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_OPTIONS, "options have to be one JSON object");
  return options;
}

static gboolean
refuse (const char *name, const char *what, GError ** error)
{
  g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_OPTIONS,
      "option %s has to be %s", name, what);
  return FALSE;
}

gboolean
p2p_hls_remote_options_get_uint (P2pJson * options, const char *name,
    guint * value, GError ** error)
{
  gint64 number;

  if (!p2p_json_has (options, name))
    return TRUE;
  if (!p2p_json_get_int64 (options, name, &number) || number < 0
      || number > G_MAXINT)
    return refuse (name, "a whole number, not below 0", error);
  *value = number;
  return TRUE;
}

gboolean
p2p_hls_remote_options_get_boolean (P2pJson * options, const char *name,
    gboolean * value, GError ** error)
{
  if (!p2p_json_has (options, name))
    return TRUE;
  return p2p_json_get_boolean (options, name, value)
      || refuse (name, "true or false", error);
}
