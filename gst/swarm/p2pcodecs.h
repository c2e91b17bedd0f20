/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The CODECS of a variant (RFC 6381) as p2p-media-loader's clients see them.
 * codecs: NULL is none. */

typedef enum
{
  P2P_CODEC_UNKNOWN,
  P2P_CODEC_VIDEO,
  P2P_CODEC_AUDIO,
  P2P_CODEC_TEXT,
} P2pCodecKind;

/* As hls.js 1.x does: blanks and commas separate, what is behind a slash is cut
 * off, and the kind is known by four characters. avc1 with decimal numbers gets
 * hexadecimal ones.
 * Returns: (transfer full) (nullable): those of a kind, with commas; NULL: none */
char *p2p_codecs_pick (const char *codecs, P2pCodecKind kind);
/* Whether hls.js knows the kind of each. What it does not know it asks the browser
 * about, which is not known here. */
gboolean p2p_codecs_are_known (const char *codecs);

/* As p2p-media-loader 5 does, which leaves them as they are written; otherwise
 * like p2p_codecs_pick(). */
char *p2p_codecs_pick_plain (const char *codecs, P2pCodecKind kind);

G_END_DECLS
