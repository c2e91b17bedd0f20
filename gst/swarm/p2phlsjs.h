/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pplaylist.h"
#include "p2pproperties.h"

G_BEGIN_DECLS

/* A stream of a master playlist, as a client of p2p-media-loader sees it */
typedef struct
{
  gboolean secondary;           /* an alternate audio */
  guint index;                  /* hls.js: of its level or audio track */
  P2pProperties properties;     /* to be cleared */
  gboolean ambiguous;           /* an audio at another URI has the same ones */
} P2pHlsJsStream;

/* master: a master playlist. uri: canonical, after redirects.
 * Returns: FALSE if there is none in which uri is a stream. */

/* As hls.js 1.5 to 1.7 counts and describes levels and audio tracks: levels with
 * codecs it does not know are left out unless all are such; the first of those with
 * the same URI counts, levels before audio; there is one more audio track before
 * all others if all have URIs, and the first level has audio and no group. The
 * properties are normalised. */
gboolean p2p_hlsjs_find (const P2pPlaylist * master, const char *uri,
    P2pHlsJsStream * stream);

/* As p2p-media-loader 5 does, which reads playlists itself: properties as they are
 * written, the bit rate only of variants that are alike without; audio only of
 * groups that a variant names. */
gboolean p2p_hlsjs_find_plain (const P2pPlaylist * master, const char *uri,
    P2pHlsJsStream * stream);

G_END_DECLS
