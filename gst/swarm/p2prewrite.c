/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2prewrite.h"
#include "p2pplaylist.h"
#include "p2puri.h"

#include <string.h>

typedef struct
{
  P2pRewriteFunc func, other;
  gpointer user_data;
  const char *copied;           /* up to here the input is in out */
  GByteArray *out;              /* NULL as long as nothing changed */
} Rewriter;

static void
copy_until (Rewriter * self, const char *end)
{
  g_byte_array_append (self->out, (const guint8 *) self->copied,
      end - self->copied);
}

static void
rewrite_uri (Rewriter * self, P2pRewriteFunc func, P2pText uri)
{
  g_autoptr (GBytes) written = func (uri, self->user_data);
  gconstpointer data;
  gsize size;

  if (!written)
    return;
  if (!self->out)
    self->out = g_byte_array_new ();
  copy_until (self, uri.ptr);
  data = g_bytes_get_data (written, &size);
  g_byte_array_append (self->out, data, size);
  self->copied = uri.ptr + uri.len;
}

/* Whether its URI is one of the stream. */
static gboolean
has_uri (P2pText tag)
{
  static const char *const tags[] = { "EXT-X-KEY", "EXT-X-SESSION-KEY",
    "EXT-X-MAP", "EXT-X-MEDIA", "EXT-X-I-FRAME-STREAM-INF", "EXT-X-PART",
    "EXT-X-PRELOAD-HINT", "EXT-X-SESSION-DATA", "EXT-X-RENDITION-REPORT",
    "EXT-X-IMAGE-STREAM-INF",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    if (p2p_text_equals (tag, tags[i]))
      return TRUE;
  }
  return FALSE;
}

/* Whether an attribute of any tag leads to something beside the stream: an
 * interstitial, a steering server, what a tag that is not known names. */
static gboolean
leads_elsewhere (P2pText name)
{
  return p2p_text_equals (name, "URI") || p2p_text_equals (name, "SERVER-URI")
      || p2p_text_equals (name, "X-ASSET-URI")
      || p2p_text_equals (name, "X-ASSET-LIST");
}

static void
rewrite_attributes (Rewriter * self, P2pText tag, P2pText attributes)
{
  gboolean ours = has_uri (tag);
  P2pText name, value;

  if (!ours && !(self->other && p2p_text_starts_with (tag, "EXT-X-")))
    return;
  while (p2p_m3u8_next_attribute (&attributes, &name, &value)) {
    if (ours && p2p_text_equals (name, "URI"))
      rewrite_uri (self, self->func, value);
    else if (self->other && leads_elsewhere (name))
      rewrite_uri (self, self->other, value);
  }
}

static void
rewrite_line (Rewriter * self, P2pText line)
{
  P2pText tag, attributes;

  if (p2p_m3u8_split_tag (line, &tag, &attributes))
    rewrite_attributes (self, tag, attributes);
  else
    rewrite_uri (self, self->func, p2p_text_trim (line));
}

GBytes *
p2p_playlist_rewrite_uris (GBytes * playlist, P2pRewriteFunc func,
    P2pRewriteFunc other, gpointer user_data)
{
  Rewriter self = { func, other, user_data, };
  P2pText rest, line;
  const char *end;

  rest.ptr = g_bytes_get_data (playlist, &rest.len);
  if (!p2p_playlist_sniff ((const guint8 *) rest.ptr, rest.len))
    return g_bytes_ref (playlist);
  self.copied = rest.ptr;
  end = rest.ptr + rest.len;
  p2p_m3u8_next_line (&rest, &line);    /* #EXTM3U, perhaps after a BOM */
  while (p2p_m3u8_next_line (&rest, &line))
    rewrite_line (&self, line);
  if (!self.out)
    return g_bytes_ref (playlist);
  copy_until (&self, end);
  return g_byte_array_free_to_bytes (self.out);
}

/* --- so that a demuxer asks p2phlssrc --- */

static gboolean
starts_with (P2pText text, const char *prefix)
{
  gsize len = strlen (prefix);

  return text.len > len && g_ascii_strncasecmp (text.ptr, prefix, len) == 0;
}

/* scheme: for "//host", NULL: such stay */
static GBytes *
add_prefix (P2pText uri, gpointer scheme)
{
  const char *prefix = P2P_URI_PREFIX;
  GByteArray *out;

  if (!starts_with (uri, "http://") && !starts_with (uri, "https://")) {
    if (!scheme || !starts_with (uri, "//") || uri.ptr[2] == '/')
      return NULL;
    prefix = scheme;
  }
  out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *) prefix, strlen (prefix));
  g_byte_array_append (out, (const guint8 *) uri.ptr, uri.len);
  return g_byte_array_free_to_bytes (out);
}

GBytes *
p2p_playlist_rewrite (GBytes * playlist, const char *base)
{
  g_autofree char *plain = p2p_uri_to_http (base);
  const char *scheme = NULL;

  if (p2p_uri_is_http (plain))
    scheme = g_ascii_tolower (plain[4]) == 's' ? P2P_URI_PREFIX "https:"
        : P2P_URI_PREFIX "http:";
  return p2p_playlist_rewrite_uris (playlist, add_prefix, NULL,
      (gpointer) scheme);
}
