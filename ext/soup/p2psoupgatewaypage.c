/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgatewaypage.h"

#include "p2pclock.h"

#define STYLE "body{font-family:sans-serif;max-width:60em;margin:2em auto;" \
    "padding:0 1em}video{width:100%;background:#000}li{margin:.3em 0}"

/* Who plays no HLS sees the words in place of the player. */
#define SCRIPT "const v=document.querySelector('video');" \
    "if(v.canPlayType('application/vnd.apple.mpegurl'))" \
    "document.getElementById('no').remove();else v.remove();"

/* --- policy --- */

static char *
p2p_soup_gateway_page_hash (const char *text)
{
  GChecksum *sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;
  g_autofree char *base64 = NULL;

  g_checksum_update (sum, (const guint8 *) text, -1);
  g_checksum_get_digest (sum, digest, &size);
  g_checksum_free (sum);
  base64 = g_base64_encode (digest, size);
  return g_strdup_printf ("'sha256-%s'", base64);
}

const char *
p2p_soup_gateway_page_get_policy (void)
{
  static char *policy = NULL;

  if (g_once_init_enter (&policy)) {
    g_autofree char *style = p2p_soup_gateway_page_hash (STYLE);
    g_autofree char *script = p2p_soup_gateway_page_hash (SCRIPT);

    g_once_init_leave (&policy, g_strdup_printf ("default-src 'none'; "
            "media-src 'self' blob:; connect-src 'self'; style-src %s; "
            "script-src %s; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'", style, script));
  }
  return policy;
}

/* --- what there is --- */

static void
G_GNUC_PRINTF (2, 3)
p2p_soup_gateway_page_add (GString * html, const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL, *escaped = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  escaped = g_markup_escape_text (text, -1);
  g_string_append (html, escaped);
}

static void
p2p_soup_gateway_page_begin_link (GString * html, const char *path)
{
  g_string_append (html, "<li><a href=\"");
  p2p_soup_gateway_page_add (html, "%s", path);
  g_string_append (html, "\">");
}

/* The last part of a path. */
static const char *
p2p_soup_gateway_page_get_name (const char *path)
{
  return strrchr (path, '/') + 1;
}

static void
p2p_soup_gateway_page_add_variant (GString * html, P2pSoupGatewayLinks * links,
    P2pVariant * variant)
{
  g_autofree char *path = p2p_soup_gateway_links_sign (links, variant->uri,
      NULL);

  p2p_soup_gateway_page_begin_link (html, path);
  p2p_soup_gateway_page_add (html, "%s", p2p_soup_gateway_page_get_name (path));
  g_string_append (html, "</a>");
  if (variant->has_resolution)
    p2p_soup_gateway_page_add (html, " %ux%u", variant->width, variant->height);
  if (variant->bandwidth)
    p2p_soup_gateway_page_add (html, " %.1f Mbit/s", variant->bandwidth / 1e6);
  if (variant->codecs)
    p2p_soup_gateway_page_add (html, " %s", variant->codecs);
  if (variant->iframes_only)
    g_string_append (html, " (key frames)");
  g_string_append (html, "</li>\n");
}

static void
p2p_soup_gateway_page_add_rendition (GString * html,
    P2pSoupGatewayLinks * links, P2pRendition * rendition)
{
  static const char *const types[] = { "audio", "video", "subtitles",
    "closed captions",
  };
  g_autofree char *path = NULL;

  if (!rendition->uri)
    return;
  path = p2p_soup_gateway_links_sign (links, rendition->uri, NULL);
  p2p_soup_gateway_page_begin_link (html, path);
  p2p_soup_gateway_page_add (html, "%s", p2p_soup_gateway_page_get_name (path));
  g_string_append (html, "</a> ");
  p2p_soup_gateway_page_add (html, "%s", types[rendition->type]);
  if (rendition->name)
    p2p_soup_gateway_page_add (html, " %s", rendition->name);
  if (rendition->language)
    p2p_soup_gateway_page_add (html, " (%s)", rendition->language);
  g_string_append (html, "</li>\n");
}

static void
p2p_soup_gateway_page_add_playlist (GString * html, const char *path,
    P2pPlaylist * playlist)
{
  gint64 duration = 0;

  for (guint i = 0; i < playlist->segments->len; i++)
    duration += g_array_index (playlist->segments, P2pMediaSegment, i).duration;
  p2p_soup_gateway_page_begin_link (html, path);
  p2p_soup_gateway_page_add (html, "%s", p2p_soup_gateway_page_get_name (path));
  g_string_append (html, "</a>");
  if (playlist->is_master)
    p2p_soup_gateway_page_add (html, ", %u variants", playlist->variants->len);
  else
    p2p_soup_gateway_page_add (html, ", %u segments, %" G_GINT64_FORMAT " s%s",
        playlist->segments->len, duration / P2P_SECOND,
        playlist->is_live ? ", live" : "");
  g_string_append (html, "</li>\n");
}

GBytes *
p2p_soup_gateway_page_new (P2pSoupGatewayLinks * links, const char *path,
    P2pPlaylist * playlist)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n<html lang=\"en\">"
      "<meta charset=\"utf-8\"><title>");

  p2p_soup_gateway_page_add (html, "%s", p2p_soup_gateway_page_get_name (path));
  g_string_append (html, "</title><style>" STYLE "</style>\n"
      "<video controls autoplay playsinline src=\"");
  p2p_soup_gateway_page_add (html, "%s", path);
  g_string_append (html, "\"></video>\n<p id=\"no\">This browser plays no HLS "
      "by itself. Open the playlist's URL in another player, as in mpv, VLC or "
      "ffplay.</p>\n<script>" SCRIPT "</script>\n<ul>\n");
  p2p_soup_gateway_page_add_playlist (html, path, playlist);
  for (guint i = 0; i < playlist->variants->len; i++)
    p2p_soup_gateway_page_add_variant (html, links,
        g_ptr_array_index (playlist->variants, i));
  for (guint i = 0; i < playlist->renditions->len; i++)
    p2p_soup_gateway_page_add_rendition (html, links,
        g_ptr_array_index (playlist->renditions, i));
  g_string_append (html, "</ul>\n</html>\n");
  return g_string_free_to_bytes (html);
}
