/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits: datagrams, and the longest. */
#define P2P_NICE_BATCH_MAX 32
#define P2P_NICE_BATCH_MTU 1500

/**
 * P2pNiceBatch:
 *
 * Datagrams to one peer, behind each other in memory, so that one call can send
 * them all.
 */
typedef struct
{
  guint first, n;               /* those from first to n wait */
  gsize start, end;             /* where their bytes are */
  guint16 sizes[P2P_NICE_BATCH_MAX];
  guint8 data[P2P_NICE_BATCH_MAX * P2P_NICE_BATCH_MTU];
} P2pNiceBatch;

P2pNiceBatch *p2p_nice_batch_new (void);
#define p2p_nice_batch_free g_free
void p2p_nice_batch_clear (P2pNiceBatch * self);

/* Returns: FALSE if it is full, or data is too long */
gboolean p2p_nice_batch_add (P2pNiceBatch * self, const guint8 * data,
    gsize size);
gboolean p2p_nice_batch_is_full (const P2pNiceBatch * self);
gboolean p2p_nice_batch_is_empty (const P2pNiceBatch * self);

/* How many of the first ones make one segmented datagram of the kernel's: all
 * of a size but the last, which may be shorter. bytes: of all those together */
guint p2p_nice_batch_get_run (const P2pNiceBatch * self, gsize * bytes);
/* Lets the first n go. */
void p2p_nice_batch_drop (P2pNiceBatch * self, guint n);

G_END_DECLS
