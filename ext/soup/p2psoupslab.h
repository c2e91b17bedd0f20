/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pSoupSlab:
 *
 * Memory that a body is read into, and handed on from in slices, without a
 * copy. It lives as long as its last slice, which may be let go of on any
 * thread.
 */
typedef struct
{
  gatomicrefcount refs;
  gsize size;
  guint8 data[];
} P2pSoupSlab;

P2pSoupSlab *p2p_soup_slab_new (gsize size);
void p2p_soup_slab_unref (P2pSoupSlab * self);

/* Returns: (transfer full) */
GBytes *p2p_soup_slab_slice (P2pSoupSlab * self, gsize start, gsize size);

/* Of chunks, those from at that lie one behind the other in memory, as slices of one
 * slab do. Returns: (transfer full): all of them in one piece, without a copy; at is
 * set to the next one */
GBytes *p2p_soup_slab_join (GPtrArray * chunks, guint * at);

G_END_DECLS
