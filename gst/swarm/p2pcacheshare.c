/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pcacheshare.h"

typedef struct
{
  const P2pCacheShareClass *klass;
  gpointer cache;
} Member;

struct _P2pCacheShare
{
  gatomicrefcount refs;
  guint64 max_bytes;
  guint64 bytes;
  guint64 pinned;               /* of these */
  GArray *members;              /* of Member */
};

P2pCacheShare *
p2p_cache_share_new (guint64 max_bytes)
{
  P2pCacheShare *self = g_new0 (P2pCacheShare, 1);

  g_atomic_ref_count_init (&self->refs);
  self->max_bytes = max_bytes;
  self->members = g_array_new (FALSE, FALSE, sizeof (Member));
  return self;
}

P2pCacheShare *
p2p_cache_share_ref (P2pCacheShare * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
p2p_cache_share_unref (P2pCacheShare * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->members);
  g_free (self);
}

guint64
p2p_cache_share_get_bytes (P2pCacheShare * self)
{
  return self->bytes;
}

void
p2p_cache_share_add (P2pCacheShare * self, const P2pCacheShareClass * klass,
    gpointer cache)
{
  Member member = { klass, cache };

  g_array_append_val (self->members, member);
}

void
p2p_cache_share_remove (P2pCacheShare * self, gpointer cache)
{
  for (guint i = self->members->len; i > 0; i--) {
    if (g_array_index (self->members, Member, i - 1).cache == cache)
      g_array_remove_index_fast (self->members, i - 1);
  }
}

void
p2p_cache_share_count (P2pCacheShare * self, gint64 size)
{
  self->bytes += size;
}

void
p2p_cache_share_count_pinned (P2pCacheShare * self, gint64 size)
{
  self->pinned += size;
}

guint64
p2p_cache_share_get_room (P2pCacheShare * self)
{
  return self->max_bytes > self->pinned ? self->max_bytes - self->pinned : 0;
}

void
p2p_cache_share_make_room (P2pCacheShare * self, guint64 size)
{
  while (self->bytes > 0 && (size > self->max_bytes
          || self->bytes > self->max_bytes - size)) {
    Member *found = NULL;
    gint64 oldest = G_MAXINT64;

    for (guint i = 0; i < self->members->len; i++) {
      Member *member = &g_array_index (self->members, Member, i);
      gint64 accessed = member->klass->get_oldest (member->cache);

      if (accessed < oldest) {
        oldest = accessed;
        found = member;
      }
    }
    if (found == NULL)
      return;
    found->klass->push_out (found->cache);
  }
}
