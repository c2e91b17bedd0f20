/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pCacheShare:
 *
 * One limit in bytes for the caches of several sessions, beside that of each.
 * When they are over it together, what of all of them was accessed longest ago
 * goes first; what queues wait for stays. Ref-counted, not thread-safe.
 */
typedef struct _P2pCacheShare P2pCacheShare;

/* Returns: (transfer full) */
P2pCacheShare *p2p_cache_share_new (guint64 max_bytes);
P2pCacheShare *p2p_cache_share_ref (P2pCacheShare * self);
void p2p_cache_share_unref (P2pCacheShare * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pCacheShare, p2p_cache_share_unref)

/* Of all caches together. */
guint64 p2p_cache_share_get_bytes (P2pCacheShare * self);

/* The rest is for the caches. */

typedef struct
{
  /* When that was accessed which would go next; G_MAXINT64 if nothing may. */
  gint64 (*get_oldest) (gpointer cache);
  void (*push_out) (gpointer cache);
} P2pCacheShareClass;

void p2p_cache_share_add (P2pCacheShare * self,
    const P2pCacheShareClass * klass, gpointer cache);
/* It is empty. */
void p2p_cache_share_remove (P2pCacheShare * self, gpointer cache);

/* size bytes came into a cache (below 0: left it); of these pinned ones. */
void p2p_cache_share_count (P2pCacheShare * self, gint64 size);
void p2p_cache_share_count_pinned (P2pCacheShare * self, gint64 size);
/* What could be put now at most, with all out of the way that may go. */
guint64 p2p_cache_share_get_room (P2pCacheShare * self);
/* Pushes out until size more bytes fit, as far as it may. */
void p2p_cache_share_make_room (P2pCacheShare * self, guint64 size);

G_END_DECLS
