/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerwtbook.h"

#include <string.h>

struct _P2pTrackerWtBook
{
  GRand *rand;
  P2pTrackerWtBookConfig config;
  guint64 seed;
  GHashTable *swarms;           /* of P2pTrackerWtSwarm, by info_hash */
  GHashTable *peers;            /* of P2pTrackerWtPeer, by swarm and id */
  P2pTrackerIdle idle;
};

/* --- tables --- */

/* Of ids that strangers choose; they do not know the seed. */
static guint
hash_id (guint64 seed, const P2pWtId * id)
{
  const guint64 odd = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 hash = seed, word;

  G_STATIC_ASSERT (P2P_WT_ID_SIZE == 20);
  for (guint at = 0; at <= 12; at += at == 0 ? 8 : 4) {
    memcpy (&word, id->bytes + at, sizeof (word));
    hash = (hash ^ word) * odd;
    hash ^= hash >> 29;
  }
  return hash ^ hash >> 32;
}

static guint
swarm_hash (gconstpointer data)
{
  const P2pTrackerWtSwarm *swarm = data;

  return swarm->hash;
}

static gboolean
swarm_equal (gconstpointer a, gconstpointer b)
{
  const P2pTrackerWtSwarm *one = a, *two = b;

  return p2p_wt_id_equal (&one->info_hash, &two->info_hash);
}

static void
swarm_free (gpointer data)
{
  P2pTrackerWtSwarm *swarm = data;

  g_ptr_array_unref (swarm->peers);
  g_free (swarm);
}

static guint
peer_hash (gconstpointer data)
{
  const P2pTrackerWtPeer *peer = data;

  return peer->hash;
}

static gboolean
peer_equal (gconstpointer a, gconstpointer b)
{
  const P2pTrackerWtPeer *one = a, *two = b;

  return one->swarm == two->swarm && p2p_wt_id_equal (&one->id, &two->id);
}

static void
ask (gpointer owner)
{
}

static void
give_up (gpointer owner)
{
  P2pTrackerWtPeer *peer = owner;

  p2p_tracker_wt_book_remove (peer->swarm->book, peer);
}

P2pTrackerWtBook *
p2p_tracker_wt_book_new (P2pClock * clock, GRand * rand,
    const P2pTrackerWtBookConfig * config)
{
  static const P2pTrackerIdleFuncs funcs = { ask, give_up };
  P2pTrackerWtBook *self = g_new0 (P2pTrackerWtBook, 1);

  self->rand = rand;
  self->config = *config;
  self->seed = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  self->swarms = g_hash_table_new_full (swarm_hash, swarm_equal, swarm_free,
      NULL);
  self->peers = g_hash_table_new_full (peer_hash, peer_equal, g_free, NULL);
  p2p_tracker_idle_init (&self->idle, clock,
      P2P_TRACKER_WT_LIVES * config->interval, &funcs);
  return self;
}

void
p2p_tracker_wt_book_free (P2pTrackerWtBook * self)
{
  p2p_tracker_idle_clear (&self->idle);
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->swarms);
  g_free (self);
}

guint
p2p_tracker_wt_book_get_n_swarms (P2pTrackerWtBook * self)
{
  return g_hash_table_size (self->swarms);
}

guint
p2p_tracker_wt_book_get_n_peers (P2pTrackerWtBook * self)
{
  return g_hash_table_size (self->peers);
}

P2pTrackerWtSwarm *
p2p_tracker_wt_book_get_swarm (P2pTrackerWtBook * self,
    const P2pWtId * info_hash)
{
  const P2pTrackerWtSwarm key = {
    .info_hash = *info_hash,
    .hash = hash_id (self->seed, info_hash),
  };

  return g_hash_table_lookup (self->swarms, &key);
}

static P2pTrackerWtPeer *
get_peer (P2pTrackerWtBook * self, P2pTrackerWtSwarm * swarm,
    const P2pWtId * id)
{
  const P2pTrackerWtPeer key = {
    .id = *id,
    .swarm = swarm,
    .hash = hash_id (self->seed + swarm->hash, id),
  };

  return g_hash_table_lookup (self->peers, &key);
}

P2pTrackerWtPeer *
p2p_tracker_wt_book_get_peer (P2pTrackerWtBook * self,
    const P2pWtId * info_hash, const P2pWtId * peer_id)
{
  P2pTrackerWtSwarm *swarm = p2p_tracker_wt_book_get_swarm (self, info_hash);

  return swarm ? get_peer (self, swarm, peer_id) : NULL;
}

void
p2p_tracker_wt_book_foreach (P2pTrackerWtBook * self,
    gboolean (*func) (const P2pTrackerWtSwarm * swarm, gpointer user_data),
    gpointer user_data)
{
  GHashTableIter iter;
  gpointer swarm;

  g_hash_table_iter_init (&iter, self->swarms);
  while (g_hash_table_iter_next (&iter, &swarm, NULL)
      && func (swarm, user_data));
}

/* --- who comes and goes --- */

static P2pTrackerWtSwarm *
add_swarm (P2pTrackerWtBook * self, const P2pWtId * info_hash)
{
  P2pTrackerWtSwarm *swarm;

  if (g_hash_table_size (self->swarms) >= self->config.max_swarms)
    return NULL;
  swarm = g_new0 (P2pTrackerWtSwarm, 1);
  swarm->info_hash = *info_hash;
  swarm->hash = hash_id (self->seed, info_hash);
  swarm->peers = g_ptr_array_new ();
  swarm->book = self;
  g_hash_table_add (self->swarms, swarm);
  return swarm;
}

static void
own (P2pTrackerWtPeer * peer, P2pTrackerWtOwner * owner)
{
  if (peer->owner)
    g_queue_unlink (&peer->owner->peers, &peer->link);
  peer->owner = owner;
  g_queue_push_tail_link (&owner->peers, &peer->link);
}

static P2pTrackerWtPeer *
add_peer (P2pTrackerWtBook * self, P2pTrackerWtSwarm * swarm,
    const P2pWtId * id, P2pTrackerWtOwner * owner)
{
  P2pTrackerWtPeer *peer = g_new0 (P2pTrackerWtPeer, 1);

  peer->id = *id;
  peer->swarm = swarm;
  peer->hash = hash_id (self->seed + swarm->hash, id);
  peer->index = swarm->peers->len;
  peer->link.data = peer;
  g_ptr_array_add (swarm->peers, peer);
  g_hash_table_add (self->peers, peer);
  p2p_tracker_idle_add (&self->idle, &peer->idle, peer);
  own (peer, owner);
  return peer;
}

P2pTrackerWtPeer *
p2p_tracker_wt_book_announce (P2pTrackerWtBook * self,
    const P2pWtId * info_hash, const P2pWtId * peer_id,
    P2pTrackerWtOwner * owner)
{
  P2pTrackerWtSwarm *swarm = p2p_tracker_wt_book_get_swarm (self, info_hash);
  P2pTrackerWtPeer *peer = swarm ? get_peer (self, swarm, peer_id) : NULL;

  if (peer && peer->owner == owner) {
    p2p_tracker_idle_hear (&self->idle, &peer->idle);
    return peer;
  }
  if (g_queue_get_length (&owner->peers) >= P2P_TRACKER_WT_MAX_OWNED)
    return NULL;
  if (peer) {
    p2p_tracker_idle_hear (&self->idle, &peer->idle);
    own (peer, owner);
    return peer;
  }
  if (g_hash_table_size (self->peers) >= self->config.max_ids
      || (swarm && swarm->peers->len >= self->config.max_peers))
    return NULL;
  if (!swarm)
    swarm = add_swarm (self, info_hash);
  return swarm ? add_peer (self, swarm, peer_id, owner) : NULL;
}

void
p2p_tracker_wt_book_complete (P2pTrackerWtPeer * peer)
{
  peer->swarm->complete += !peer->complete;
  peer->complete = TRUE;
}

static void
swap (GPtrArray * peers, guint a, guint b)
{
  P2pTrackerWtPeer *one = peers->pdata[a], *two = peers->pdata[b];

  one->index = b;
  peers->pdata[b] = one;
  two->index = a;
  peers->pdata[a] = two;
}

void
p2p_tracker_wt_book_remove (P2pTrackerWtBook * self, P2pTrackerWtPeer * peer)
{
  P2pTrackerWtSwarm *swarm = peer->swarm;

  swap (swarm->peers, peer->index, swarm->peers->len - 1);
  g_ptr_array_set_size (swarm->peers, swarm->peers->len - 1);
  swarm->complete -= peer->complete;
  g_queue_unlink (&peer->owner->peers, &peer->link);
  p2p_tracker_idle_remove (&self->idle, &peer->idle);
  g_hash_table_remove (self->peers, peer);
  if (swarm->peers->len == 0)
    g_hash_table_remove (self->swarms, swarm);
}

guint
p2p_tracker_wt_book_draw (P2pTrackerWtBook * self, P2pTrackerWtPeer * peer,
    guint n)
{
  GPtrArray *peers = peer->swarm->peers;
  guint others = peers->len - 1;

  swap (peers, peer->index, others);
  n = MIN (n, others);
  for (guint i = 0; i < n; i++)
    swap (peers, i, g_rand_int_range (self->rand, i, others));
  return n;
}
