/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pcacheshare.h"
#include "p2pclock.h"
#include "p2psegment.h"

G_BEGIN_DECLS

/**
 * P2pCache:
 *
 * The loaded segments of a session, by id. Each has an owner (the stream it
 * was loaded for); a limit of segments for each owner, one of bytes for all.
 * What can be spared (p2p_cache_set_spare()), and of that and of the others what
 * was accessed longest ago, goes first; what a queue still waits for (it
 * is pinned) never goes for the sake of another. A segment not accessed for
 * the expiration goes by the cache's own timer, pinned or not.
 */
#define P2P_TYPE_CACHE (p2p_cache_get_type ())
G_DECLARE_FINAL_TYPE (P2pCache, p2p_cache, P2P, CACHE, GObject)

/* Tells that a segment left the cache: expired, pushed out or cleared. */
typedef void (*P2pCacheFunc) (P2pCache * self, P2pSegment * segment,
    gpointer user_data);

P2pCache *p2p_cache_new (P2pClock * clock);

/* Acts at once. expiration: microseconds. A count or size of 0 keeps nothing. */
void p2p_cache_set_limits (P2pCache * self, guint max_count,
    guint64 max_bytes, gint64 expiration);

/* A limit of bytes with other caches, beside its own; NULL: none. Of an empty
 * cache only. */
void p2p_cache_set_share (P2pCache * self, P2pCacheShare * share);

/* func is told what of owner leaves; it must not change the cache. NULL: nobody
 * is. */
void p2p_cache_set_evicted (P2pCache * self, gconstpointer owner,
    P2pCacheFunc func, gpointer user_data);

/* func: whether a segment of owner may go before those of which it may not. NULL:
 * none may. */
typedef gboolean (*P2pCacheSpareFunc) (P2pSegment * segment,
    gpointer user_data);
void p2p_cache_set_spare (P2pCache * self, gconstpointer owner,
    P2pCacheSpareFunc func, gpointer user_data);

/* What owner could put now at most, with all out of the way that may go.
 * bytes: (out). Returns: the number of segments */
guint p2p_cache_get_room (P2pCache * self, gconstpointer owner,
    guint64 * bytes);

/* segment: loaded. Keeps a reference. Returns: FALSE if there is no room, or it
 * is there already. */
gboolean p2p_cache_put (P2pCache * self, gconstpointer owner,
    P2pSegment * segment);

/* An access: it counts as used now. Returns: (transfer full) (nullable) */
P2pSegment *p2p_cache_get (P2pCache * self, const char *id);

/* The same, of that with the id url or else, of those of the resource url, that
 * with the first range. */
P2pSegment *p2p_cache_get_by_url (P2pCache * self, const char *url);

/* No access. */
gboolean p2p_cache_contains (P2pCache * self, const char *id);

/* Pins are counted; of ids that need not be there (yet). */
void p2p_cache_pin (P2pCache * self, const char *id);
void p2p_cache_unpin (P2pCache * self, const char *id);

/* Calls func for each segment of owner (NULL: of all), that accessed longest ago
 * first; func must not change the cache. */
void p2p_cache_foreach (P2pCache * self, gconstpointer owner,
    P2pCacheFunc func, gpointer user_data);

/* Of segments; of their bytes. */
guint p2p_cache_get_count (P2pCache * self);
guint64 p2p_cache_get_bytes (P2pCache * self);

/* Drops one, if it is there. */
void p2p_cache_remove (P2pCache * self, const char *id);
/* Drops what owner (NULL: anybody) put. */
void p2p_cache_clear (P2pCache * self, gconstpointer owner);

G_END_DECLS
