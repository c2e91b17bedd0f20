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

G_END_DECLS
