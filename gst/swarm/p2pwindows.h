/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What several players of one stream want to be loaded ahead: a window of it for
 * each, from where it is on. Where one would begin in another's, that one ends. */

/* Where the windows begin, in the order of the stream: that of who asks at start, and
 * of players (element-type guint64, nullable), each behind the media sequence number
 * that it asked for; first is that of the stream's first segment, of end segments.
 * Returns: (transfer full) (element-type guint): each place once */
GArray *p2p_windows_place (GArray * players, guint64 first, guint start,
    guint end);

/* How long each window may be that begins at one of starts, so that all together
 * are no more than length; least is always. */
guint p2p_windows_share (GArray * starts, guint end, guint length,
    guint least);

G_END_DECLS
