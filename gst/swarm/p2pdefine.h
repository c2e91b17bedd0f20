/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of a name in {$name}, and tags of a playlist; what is more is left as it is. */
#define P2P_DEFINE_MAX_NAME 256
#define P2P_DEFINE_MAX_TAGS 1000

/* Puts what EXT-X-DEFINE defines (draft-pantos-hls-rfc8216bis, 4.4.2.3) in the place
 * of {$name}: in URI lines and in the tags of HLS. For who is to read a playlist
 * that is at another URL now, whose query and whose master playlist it cannot see:
 * a QUERYPARAM becomes a NAME with its VALUE, too. What is not defined stays, and so
 * does all of what is no playlist or would grow over P2P_PLAYLIST_MAX_BYTES.
 * uri: of the playlist, with the query. imported: (nullable) (element-type utf8
 * utf8): what its master playlist defined, by name. defined: (out) (transfer full)
 * (nullable): the same of this one; NULL: nothing.
 * Returns: (transfer full): playlist itself (a reference) if nothing is defined */
GBytes *p2p_playlist_define (GBytes * playlist, const char *uri,
    GHashTable * imported, GHashTable ** defined);

G_END_DECLS
