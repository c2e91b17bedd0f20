/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteid.h"

#include "p2puri.h"

#include <string.h>

#define INFO_HASH_LENGTH 40
#define URN "urn:btih:"

static gboolean
is_info_hash (const char *text)
{
  return strlen (text) == INFO_HASH_LENGTH
      && strspn (text, "0123456789abcdefABCDEF") == INFO_HASH_LENGTH;
}

/* The last part of a path that says something: "live/master.m3u8" of
 * https://example.com/live/master.m3u8. */
static char *
make_name (const char *url)
{
  g_autofree char *plain = p2p_uri_strip (url);
  const char *path = strstr (plain, "://") + 3;
  const char *slash;

  slash = strrchr (path, '/');
  return g_uri_unescape_string (slash && slash[1] ? slash + 1 : path, NULL);
}

static gboolean
set_url (P2pHlsRemoteId * self, const char *text)
{
  g_autofree char *plain = NULL;
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED
      | G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || !*g_uri_get_host (uri))
    return FALSE;
  self->url = p2p_uri_to_http (text);
  plain = p2p_uri_strip (text);
  g_free (self->info_hash);
  self->info_hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1, plain, -1);
  if (self->name == NULL)
    self->name = make_name (self->url);
  return TRUE;
}

static void
set_info_hash (P2pHlsRemoteId * self, const char *text)
{
  g_free (self->info_hash);
  self->info_hash = g_ascii_strdown (text, -1);
}

/* magnet:?xt=urn:btih:HASH&dn=NAME&xs=URL. The URL names the swarm, whatever hash
 * stands beside it. */
static gboolean
parse_magnet (P2pHlsRemoteId * self, const char *query)
{
  g_autofree char *url = NULL;
  GUriParamsIter iter;
  char *name, *value;

  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &value, NULL)) {
    if (g_str_equal (name, "xt") && g_str_has_prefix (value, URN)
        && is_info_hash (value + strlen (URN)))
      set_info_hash (self, value + strlen (URN));
    if (g_str_equal (name, "dn") && self->name == NULL)
      self->name = g_strdup (value);
    if ((g_str_equal (name, "xs") || g_str_equal (name, "as")
            || g_str_equal (name, "ws")) && url == NULL
        && (p2p_uri_is_http (value) || p2p_uri_is_p2p (value)))
      url = g_strdup (value);
    g_free (name);
    g_free (value);
  }
  return url ? set_url (self, url) : self->info_hash != NULL;
}

gboolean
p2p_hls_remote_id_parse (P2pHlsRemoteId * self, const char *text,
    GError ** error)
{
  static const char magnet[] = "magnet:?";
  gboolean good = FALSE;

  memset (self, 0, sizeof *self);
  if (text == NULL || strlen (text) > P2P_HLS_REMOTE_MAX_ID)
    good = FALSE;
  else if (p2p_uri_is_http (text) || p2p_uri_is_p2p (text))
    good = set_url (self, text);
  else if (g_ascii_strncasecmp (text, magnet, strlen (magnet)) == 0)
    good = parse_magnet (self, text + strlen (magnet));
  else if (is_info_hash (text)) {
    set_info_hash (self, text);
    good = TRUE;
  }
  if (!good) {
    p2p_hls_remote_id_clear (self);
    g_set_error (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_INVALID_TORRENT,
        "Invalid torrent identifier: %.*s", 200, text ? text : "none");
  }
  return good;
}

void
p2p_hls_remote_id_clear (P2pHlsRemoteId * self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->info_hash, g_free);
  g_clear_pointer (&self->name, g_free);
}

char *
p2p_hls_remote_id_make_key (void)
{
  return g_strdup_printf ("%08x%08x%08x%08x", g_random_int (), g_random_int (),
      g_random_int (), g_random_int ());
}
