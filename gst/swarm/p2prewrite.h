/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pm3u8.h"

G_BEGIN_DECLS

/* Puts p2phls+ before every absolute http(s) URI of a playlist, so that what a
 * demuxer asks for next comes back to the element: URI lines, and URI= of KEY,
 * SESSION-KEY, MAP, MEDIA, I-FRAME-STREAM-INF, PART, PRELOAD-HINT and
 * SESSION-DATA, RENDITION-REPORT, IMAGE-STREAM-INF. "//host/path" gets the scheme
 * of base too. data:, skd: and all other schemes, and relative URIs, stay. Every
 * other byte is handed on as it is, line ends included; so is all of what is no
 * playlist.
 * base: absolute URI of the playlist, plain or p2phls+.
 * Returns: (transfer full): playlist itself (a reference) if nothing had to
 * change. */
GBytes *p2p_playlist_rewrite (GBytes * playlist, const char *base);

/* Returns: (transfer full) (nullable): what stands in place of uri, which is as
 * the playlist has it, absolute or not; NULL: it stays. */
typedef GBytes *(*P2pRewriteFunc) (P2pText uri, gpointer user_data);

/* The same places, written otherwise. other: of those that lead to something beside
 * the stream (X-ASSET-URI, X-ASSET-LIST, SERVER-URI, and URI of all other tags);
 * NULL: they stay. */
GBytes *p2p_playlist_rewrite_uris (GBytes * playlist, P2pRewriteFunc func,
    P2pRewriteFunc other, gpointer user_data);

G_END_DECLS
