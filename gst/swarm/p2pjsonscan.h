/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands for U+0000 in the strings of P2pJson: the last code point for
 * private use, in UTF-8. One that comes as itself is written as U+0000. */
#define P2P_JSON_NUL "\xf4\x8f\xbf\xbd"

/* Objects and arrays in each other, the outermost counted. */
#define P2P_JSON_MAX_DEPTH 16

/* Whether text is one JSON object (RFC 8259, nothing lax), in UTF-8, not nested
 * deeper than P2P_JSON_MAX_DEPTH. json-glib would take more than that, and
 * recurses as deep as a stranger likes.
 *
 * copy: (nullable): gets what json-glib reads well: U+0000 replaced, and
 * integers that it would wrap around made into real numbers.
 * raw_name, raw, raw_size: (nullable): where in text the value of the
 * outermost object's member of that name is (the last one, if several); NULL if
 * there is none. A name that is spelled with an escape is not found. */
gboolean p2p_json_scan (const char *text, gsize size, GString * copy,
    const char *raw_name, const char **raw, gsize * raw_size);

G_END_DECLS
