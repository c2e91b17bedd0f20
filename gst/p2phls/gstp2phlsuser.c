/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsuser.h"

#define GROUP "p2phls"
#define TRACKERS "tracker-announce"

static char *
gst_p2p_hls_user_make_path (void)
{
  const char *path = g_getenv (GST_P2P_HLS_USER_CONFIG);

  return path ? g_strdup (path) :
      g_build_filename (g_get_user_config_dir (), "p2phls", "p2phls.conf",
      NULL);
}

/* Without the blanks around each, and without what is nothing. Returns:
 * (transfer full) (nullable): NULL for none */
static char **
gst_p2p_hls_user_clean (char **urls)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean any = FALSE;

  for (guint i = 0; urls[i]; i++) {
    if (*g_strstrip (urls[i]) == '\0')
      continue;
    g_strv_builder_add (builder, urls[i]);
    any = TRUE;
  }
  return any ? g_strv_builder_end (builder) : NULL;
}

static void
gst_p2p_hls_user_take_trackers (GstP2pHlsSettings * settings, char **urls)
{
  g_strfreev (settings->session.tracker_announce);
  settings->session.tracker_announce = gst_p2p_hls_user_clean (urls);
  g_strfreev (urls);
}

static void
gst_p2p_hls_user_read_key (GstP2pHlsSettings * settings, GKeyFile * file,
    const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);

  if (g_str_equal (key, TRACKERS))
    gst_p2p_hls_user_take_trackers (settings,
        g_key_file_get_string_list (file, GROUP, key, NULL, NULL));
  else if (text == NULL || !gst_p2p_hls_settings_parse (settings, key, text))
    GST_WARNING ("[" GROUP "] %s=%s: no such setting, or no value of it", key,
        text ? text : "");
}

static void
gst_p2p_hls_user_read_file (GstP2pHlsSettings * settings)
{
  g_autofree char *path = gst_p2p_hls_user_make_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) keys = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error)) {
    if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      GST_WARNING ("%s: %s", path, error->message);
    return;
  }
  keys = g_key_file_get_keys (file, GROUP, NULL, NULL);
  for (guint i = 0; keys && keys[i]; i++)
    gst_p2p_hls_user_read_key (settings, file, keys[i]);
}

void
gst_p2p_hls_user_read (GstP2pHlsSettings * settings)
{
  const char *trackers = g_getenv (GST_P2P_HLS_USER_TRACKERS);

  gst_p2p_hls_user_read_file (settings);
  if (trackers)
    gst_p2p_hls_user_take_trackers (settings, g_strsplit_set (trackers, ", ",
            -1));
}

gboolean
gst_p2p_hls_user_asks (void)
{
  GstP2pHlsSettings settings;
  gboolean asks;

  gst_p2p_hls_settings_init (&settings);
  gst_p2p_hls_user_read (&settings);
  asks = gst_p2p_hls_settings_ask (&settings);
  gst_p2p_hls_settings_clear (&settings);
  return asks;
}
