/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pSoupShelf:
 *
 * Memory for the bytes of whole segments that are sent again and again. Nothing is
 * written there once it is given out, and what is let go of goes back to the system,
 * not to malloc(): so its pages may lie in the queue of a socket as they are, and stay
 * right for as long as they lie there. In huge pages, where the system has them: small
 * ones cost nearly as much there as the copy that is saved. Of any thread.
 */

/* Less is copied at no more cost; more would take the engine's thread for long. */
#define P2P_SOUP_SHELF_MIN (256 * 1024)
#define P2P_SOUP_SHELF_MAX (8 * 1024 * 1024)

/* chunks: of GBytes. Returns: (transfer full) (nullable): a copy of them in one piece;
 * NULL if they lie there, are too small or too large, or there is no memory */
GBytes *p2p_soup_shelf_put (GPtrArray * chunks);

/* data: of a GBytes that is held. Returns: whether it lies on the shelf, all of it */
gboolean p2p_soup_shelf_has (gconstpointer data, gsize size);

G_END_DECLS
