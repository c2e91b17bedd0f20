/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pcache.h"
#include "p2puri.h"

typedef struct
{
  P2pSegment *segment;
  gconstpointer owner;
  gint64 accessed;
  gboolean pinned;              /* what pins say of it */
  GList link;                   /* in entries */
} P2pEntry;

typedef struct
{
  P2pCacheFunc func;
  gpointer user_data;
} P2pListener;

typedef struct
{
  P2pCacheSpareFunc func;
  gpointer user_data;
} P2pSpare;

struct _P2pCache
{
  GObject parent;

  P2pClock *clock;
  GHashTable *by_id;            /* id -> P2pEntry, owned */
  GQueue entries;               /* that accessed longest ago first */
  GHashTable *pins;             /* id -> how often */
  GPtrArray *pinned;            /* of P2pEntry: those that are */
  GHashTable *listeners;        /* owner -> P2pListener */
  GHashTable *spares;           /* owner -> P2pSpare */
  guint64 bytes;
  P2pCacheShare *share;         /* NULL: none */

  guint max_count;
  guint64 max_bytes;
  gint64 expiration;
  guint expire_call;
};

G_DEFINE_TYPE (P2pCache, p2p_cache, G_TYPE_OBJECT);

static void
p2p_entry_free (P2pEntry * entry)
{
  p2p_segment_unref (entry->segment);
  g_free (entry);
}

static void
p2p_cache_set_pinned (P2pCache * self, P2pEntry * entry, gboolean pinned)
{
  gint64 size = p2p_segment_get_size (entry->segment);

  if (pinned == entry->pinned)
    return;
  entry->pinned = pinned;
  if (pinned)
    g_ptr_array_add (self->pinned, entry);
  else
    g_ptr_array_remove_fast (self->pinned, entry);
  if (self->share)
    p2p_cache_share_count_pinned (self->share, pinned ? size : -size);
}

static void
p2p_cache_evict (P2pCache * self, P2pEntry * entry)
{
  g_autoptr (P2pSegment) segment = p2p_segment_ref (entry->segment);
  P2pListener *listener = g_hash_table_lookup (self->listeners, entry->owner);

  self->bytes -= p2p_segment_get_size (segment);
  p2p_cache_set_pinned (self, entry, FALSE);
  if (self->share)
    p2p_cache_share_count (self->share,
        -(gint64) p2p_segment_get_size (segment));
  g_queue_unlink (&self->entries, &entry->link);
  g_hash_table_remove (self->by_id, segment->id);
  if (listener)
    listener->func (self, segment, listener->user_data);
}

static void
p2p_cache_finalize (GObject * object)
{
  P2pCache *self = P2P_CACHE (object);

  p2p_clock_cancel (self->clock, &self->expire_call);
  g_hash_table_remove_all (self->listeners);
  while (self->entries.length > 0)
    p2p_cache_evict (self, g_queue_peek_head (&self->entries));
  p2p_cache_set_share (self, NULL);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->pinned);
  g_hash_table_unref (self->pins);
  g_hash_table_unref (self->listeners);
  g_hash_table_unref (self->spares);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (p2p_cache_parent_class)->finalize (object);
}

static void
p2p_cache_class_init (P2pCacheClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_cache_finalize;
}

static void
p2p_cache_init (P2pCache * self)
{
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      (GDestroyNotify) p2p_entry_free);
  self->pins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pinned = g_ptr_array_new ();
  self->listeners = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->spares = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

P2pCache *
p2p_cache_new (P2pClock * clock)
{
  P2pCache *self = g_object_new (P2P_TYPE_CACHE, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

static void
p2p_cache_expire (gpointer data)
{
  P2pCache *self = data;
  P2pEntry *first;

  p2p_clock_cancel (self->clock, &self->expire_call);
  while ((first = g_queue_peek_head (&self->entries))) {
    gint64 end = first->accessed + self->expiration;

    if (end > p2p_clock_get_time (self->clock)) {
      self->expire_call =
          p2p_clock_call_at (self->clock, end, p2p_cache_expire, self);
      return;
    }
    p2p_cache_evict (self, first);
  }
}

/* The first that may go: of owner (NULL: of anybody). */
static P2pEntry *
p2p_cache_find (P2pCache * self, gconstpointer owner, gboolean pinned)
{
  for (GList * l = self->entries.head; l; l = l->next) {
    P2pEntry *entry = l->data;

    if ((!owner || entry->owner == owner)
        && (pinned || !entry->pinned))
      return entry;
  }
  return NULL;
}

/* The first that may go and can be spared. */
static P2pEntry *
p2p_cache_find_spare (P2pCache * self, gconstpointer owner)
{
  for (GList * l = self->entries.head; l; l = l->next) {
    P2pEntry *entry = l->data;
    P2pSpare *spare = g_hash_table_lookup (self->spares, entry->owner);

    if (spare && !entry->pinned && (!owner || entry->owner == owner)
        && spare->func (entry->segment, spare->user_data))
      return entry;
  }
  return NULL;
}

static guint
p2p_cache_count (P2pCache * self, gconstpointer owner)
{
  guint count = 0;

  for (GList * l = self->entries.head; l; l = l->next)
    count += ((P2pEntry *) l->data)->owner == owner;
  return count;
}

static void
p2p_cache_push_out (P2pCache * self, gconstpointer owner)
{
  P2pEntry *entry = p2p_cache_find_spare (self, owner);

  if (!entry)
    entry = p2p_cache_find (self, owner, FALSE);
  p2p_cache_evict (self, entry ? entry : p2p_cache_find (self, owner, TRUE));
}

static gint64
p2p_cache_get_oldest (gpointer cache)
{
  P2pCache *self = cache;
  P2pEntry *entry = p2p_cache_find_spare (self, NULL);

  if (!entry)
    entry = p2p_cache_find (self, NULL, FALSE);
  return entry ? entry->accessed : G_MAXINT64;
}

static void
p2p_cache_push_out_any (gpointer cache)
{
  p2p_cache_push_out (cache, NULL);
}

void
p2p_cache_set_share (P2pCache * self, P2pCacheShare * share)
{
  static const P2pCacheShareClass klass = {
    p2p_cache_get_oldest, p2p_cache_push_out_any
  };

  g_return_if_fail (self->entries.length == 0);

  if (self->share)
    p2p_cache_share_remove (self->share, self);
  g_clear_pointer (&self->share, p2p_cache_share_unref);
  if (share == NULL)
    return;
  self->share = p2p_cache_share_ref (share);
  p2p_cache_share_add (share, &klass, self);
}

void
p2p_cache_set_limits (P2pCache * self, guint max_count, guint64 max_bytes,
    gint64 expiration)
{
  g_autoptr (GHashTable) owners = g_hash_table_new (NULL, NULL);
  g_autoptr (GList) list = NULL;

  self->max_count = max_count;
  self->max_bytes = max_bytes;
  self->expiration = expiration;

  for (GList * l = self->entries.head; l; l = l->next) {
    gpointer owner = (gpointer) ((P2pEntry *) l->data)->owner;

    if (g_hash_table_add (owners, owner))
      list = g_list_prepend (list, owner);
  }
  for (GList * l = list; l; l = l->next)
    for (guint n = p2p_cache_count (self, l->data); n > max_count; n--)
      p2p_cache_push_out (self, l->data);
  while (self->bytes > max_bytes)
    p2p_cache_push_out (self, NULL);
  p2p_cache_expire (self);
}

void
p2p_cache_set_evicted (P2pCache * self, gconstpointer owner,
    P2pCacheFunc func, gpointer user_data)
{
  P2pListener *listener;

  if (!func) {
    g_hash_table_remove (self->listeners, owner);
    return;
  }
  listener = g_new (P2pListener, 1);
  listener->func = func;
  listener->user_data = user_data;
  g_hash_table_insert (self->listeners, (gpointer) owner, listener);
}

void
p2p_cache_set_spare (P2pCache * self, gconstpointer owner,
    P2pCacheSpareFunc func, gpointer user_data)
{
  P2pSpare *spare;

  if (!func) {
    g_hash_table_remove (self->spares, owner);
    return;
  }
  spare = g_new (P2pSpare, 1);
  spare->func = func;
  spare->user_data = user_data;
  g_hash_table_insert (self->spares, (gpointer) owner, spare);
}

guint
p2p_cache_get_room (P2pCache * self, gconstpointer owner, guint64 * bytes)
{
  guint count = self->max_count;

  *bytes = self->max_bytes;
  for (guint i = 0; i < self->pinned->len; i++) {
    P2pEntry *entry = g_ptr_array_index (self->pinned, i);

    *bytes -= p2p_segment_get_size (entry->segment);
    count -= entry->owner == owner;
  }
  if (self->share)
    *bytes = MIN (*bytes, p2p_cache_share_get_room (self->share));
  return count;
}

gboolean
p2p_cache_put (P2pCache * self, gconstpointer owner, P2pSegment * segment)
{
  gsize size = p2p_segment_get_size (segment);
  P2pEntry *entry;
  guint64 room;

  if (p2p_cache_contains (self, segment->id)
      || p2p_cache_get_room (self, owner, &room) == 0 || size > room)
    return FALSE;

  if (p2p_cache_count (self, owner) == self->max_count)
    p2p_cache_push_out (self, owner);
  while (self->bytes + size > self->max_bytes)
    p2p_cache_push_out (self, NULL);
  if (self->share) {
    p2p_cache_share_make_room (self->share, size);
    p2p_cache_share_count (self->share, size);
  }

  entry = g_new0 (P2pEntry, 1);
  entry->segment = p2p_segment_ref (segment);
  entry->owner = owner;
  p2p_cache_set_pinned (self, entry,
      g_hash_table_contains (self->pins, segment->id));
  entry->accessed = p2p_clock_get_time (self->clock);
  entry->link.data = entry;
  g_queue_push_tail_link (&self->entries, &entry->link);
  g_hash_table_insert (self->by_id, segment->id, entry);
  self->bytes += size;
  if (self->expire_call == 0)
    self->expire_call = p2p_clock_call_at (self->clock,
        entry->accessed + self->expiration, p2p_cache_expire, self);
  return TRUE;
}

P2pSegment *
p2p_cache_get (P2pCache * self, const char *id)
{
  P2pEntry *entry = g_hash_table_lookup (self->by_id, id);

  if (!entry)
    return NULL;
  entry->accessed = p2p_clock_get_time (self->clock);
  g_queue_unlink (&self->entries, &entry->link);
  g_queue_push_tail_link (&self->entries, &entry->link);
  return p2p_segment_ref (entry->segment);
}

P2pSegment *
p2p_cache_get_by_url (P2pCache * self, const char *url)
{
  g_autofree char *canonical = p2p_uri_canonical (url);
  P2pSegment *found = NULL;

  if (p2p_cache_contains (self, url))
    return p2p_cache_get (self, url);
  for (GList * l = self->entries.head; l; l = l->next) {
    P2pSegment *segment = ((P2pEntry *) l->data)->segment;
    g_autofree char *other = p2p_uri_canonical (segment->url);

    if (g_str_equal (other, canonical)
        && (!found || segment->offset < found->offset))
      found = segment;
  }
  return found ? p2p_cache_get (self, found->id) : NULL;
}

gboolean
p2p_cache_contains (P2pCache * self, const char *id)
{
  return g_hash_table_contains (self->by_id, id);
}

static void
p2p_cache_set_id_pinned (P2pCache * self, const char *id, gboolean pinned)
{
  P2pEntry *entry = g_hash_table_lookup (self->by_id, id);

  if (entry)
    p2p_cache_set_pinned (self, entry, pinned);
}

void
p2p_cache_pin (P2pCache * self, const char *id)
{
  guint pins = GPOINTER_TO_UINT (g_hash_table_lookup (self->pins, id));

  g_hash_table_insert (self->pins, g_strdup (id), GUINT_TO_POINTER (pins + 1));
  if (pins == 0)
    p2p_cache_set_id_pinned (self, id, TRUE);
}

void
p2p_cache_unpin (P2pCache * self, const char *id)
{
  guint pins = GPOINTER_TO_UINT (g_hash_table_lookup (self->pins, id));

  g_return_if_fail (pins > 0);

  if (pins > 1) {
    g_hash_table_insert (self->pins, g_strdup (id),
        GUINT_TO_POINTER (pins - 1));
    return;
  }
  g_hash_table_remove (self->pins, id);
  p2p_cache_set_id_pinned (self, id, FALSE);
}

void
p2p_cache_foreach (P2pCache * self, gconstpointer owner, P2pCacheFunc func,
    gpointer user_data)
{
  for (GList * l = self->entries.head; l; l = l->next) {
    P2pEntry *entry = l->data;

    if (!owner || entry->owner == owner)
      func (self, entry->segment, user_data);
  }
}

guint
p2p_cache_get_count (P2pCache * self)
{
  return self->entries.length;
}

guint64
p2p_cache_get_bytes (P2pCache * self)
{
  return self->bytes;
}

void
p2p_cache_remove (P2pCache * self, const char *id)
{
  P2pEntry *entry = g_hash_table_lookup (self->by_id, id);

  if (entry)
    p2p_cache_evict (self, entry);
}

void
p2p_cache_clear (P2pCache * self, gconstpointer owner)
{
  P2pEntry *entry;

  while ((entry = p2p_cache_find (self, owner, TRUE)))
    p2p_cache_evict (self, entry);
  /* The timer is for the first of those that stay, if any does. */
  p2p_cache_expire (self);
}
