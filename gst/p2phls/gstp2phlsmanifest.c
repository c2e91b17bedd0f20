/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsmanifest.h"

#include "p2prewrite.h"

static void
gst_p2p_hls_manifest_teach (GstP2pHlsMember * member, GBytes * text,
    const char *base, const char *location)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_member_get_session (member);
  g_autoptr (P2pPlaylist) playlist = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (text, &size);

  playlist = p2p_playlist_parse (base, data, size, &error);
  GST_DEBUG ("playlist %s: %s", base, error ? error->message : "good");
  if (playlist == NULL)
    return;
  p2p_playlist_set_requested (playlist, location);
  gst_p2p_hls_session_add_playlist (session, playlist);
}

/* Returns: FALSE without a gateway */
static gboolean
gst_p2p_hls_manifest_take_gateway (GstP2pHlsManifest * self,
    GstP2pHlsMember * member, GBytes * text, const char *base)
{
  g_autoptr (P2pSoupGatewayLinks) links = NULL;
  char *url = NULL;

  if (!gst_p2p_hls_member_serve (member, self->uri, &url, &links))
    return FALSE;
  self->text = p2p_soup_gateway_links_rewrite (links, text, base, NULL);
  g_free (self->uri);
  self->uri = url;
  g_clear_pointer (&self->redirection, g_free);
  return TRUE;
}

void
gst_p2p_hls_manifest_init (GstP2pHlsManifest * self, GstP2pHlsMember * member,
    GBytes * text, const char *location, const char *redirection,
    GstP2pHlsWay way)
{
  const char *base;

  self->uri = gst_p2p_hls_downstream_spell (location, way);
  self->redirection = redirection ?
      gst_p2p_hls_downstream_spell (redirection, way) : NULL;
  base = redirection ? self->redirection : self->uri;
  gst_p2p_hls_manifest_teach (member, text, base, location);
  switch (way) {
    case GST_P2P_HLS_WAY_SCHEME:
      self->text = p2p_playlist_rewrite (text, base);
      self->serves = TRUE;
      break;
    case GST_P2P_HLS_WAY_GATEWAY:
      self->serves =
          gst_p2p_hls_manifest_take_gateway (self, member, text, base);
      break;
    case GST_P2P_HLS_WAY_PLAIN:
      break;
  }
  if (self->text == NULL)
    self->text = g_bytes_ref (text);
}

void
gst_p2p_hls_manifest_clear (GstP2pHlsManifest * self)
{
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->redirection, g_free);
}
