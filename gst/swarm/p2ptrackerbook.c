/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerbook.h"

#include <string.h>

#define AWAY G_MAXUINT

typedef struct
{
  char *info_hash;
  GPtrArray *present;           /* of P2pTrackerPeer, those not away */
  guint n_peers;                /* those away too */
  P2pTrackerBookStats stats;
} P2pTrackerSwarm;

typedef struct
{
  char id[P2P_TRACKER_BOOK_ID_LENGTH + 1];
  guint index;                  /* in present, or AWAY */
  P2pTrackerSwarm *swarm;
  gint64 heard;
  gint64 conns;
  GList link;                   /* in by_heard */
} P2pTrackerPeer;

struct _P2pTrackerBook
{
  P2pClock *clock;
  GRand *rand;
  P2pTrackerBookConfig config;
  gint64 lifetime;

  GHashTable *swarms;           /* info_hash -> P2pTrackerSwarm */
  GHashTable *peers;            /* id -> P2pTrackerPeer */
  GQueue by_heard;              /* of P2pTrackerPeer, the longest silent first */
  guint expiry;
  P2pTrackerBookStats stats;
};

static void expire (gpointer user_data);

static void
p2p_tracker_swarm_free (gpointer data)
{
  P2pTrackerSwarm *swarm = data;

  g_free (swarm->info_hash);
  g_ptr_array_unref (swarm->present);
  g_free (swarm);
}

P2pTrackerBook *
p2p_tracker_book_new (P2pClock * clock, GRand * rand,
    const P2pTrackerBookConfig * config)
{
  P2pTrackerBook *self = g_new0 (P2pTrackerBook, 1);

  g_assert (config->max_listed <= P2P_TRACKER_BOOK_MAX_LISTED);
  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->config = *config;
  self->lifetime = P2P_TRACKER_BOOK_HEARTBEATS * P2P_SECOND
      * config->heartbeat_interval;
  self->swarms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      p2p_tracker_swarm_free);
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_queue_init (&self->by_heard);
  return self;
}

void
p2p_tracker_book_free (P2pTrackerBook * self)
{
  p2p_clock_cancel (self->clock, &self->expiry);
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->swarms);
  g_object_unref (self->clock);
  g_free (self);
}

static char
check_digit (const char *id)
{
  guint sum = 0;

  for (guint i = 0; i < P2P_TRACKER_BOOK_ID_LENGTH - 1; i++)
    sum += id[i];
  return "0123456789abcdef"[sum % 16];
}

gboolean
p2p_tracker_book_is_id (const char *peer_id)
{
  return strlen (peer_id) == P2P_TRACKER_BOOK_ID_LENGTH
      && strspn (peer_id, "0123456789abcdef") == P2P_TRACKER_BOOK_ID_LENGTH
      && peer_id[P2P_TRACKER_BOOK_ID_LENGTH - 1] == check_digit (peer_id);
}

static void
make_id (P2pTrackerBook * self, char *id)
{
  do {
    g_snprintf (id, P2P_TRACKER_BOOK_ID_LENGTH, "%08x%07x",
        g_rand_int (self->rand), g_rand_int (self->rand) >> 4);
    id[P2P_TRACKER_BOOK_ID_LENGTH - 1] = check_digit (id);
    id[P2P_TRACKER_BOOK_ID_LENGTH] = '\0';
  } while (g_hash_table_contains (self->peers, id));
}

static void
set_away (P2pTrackerPeer * peer, gboolean away)
{
  GPtrArray *present = peer->swarm->present;

  if (away == (peer->index == AWAY))
    return;
  if (away) {
    P2pTrackerPeer *last = present->pdata[present->len - 1];

    last->index = peer->index;
    g_ptr_array_remove_index_fast (present, peer->index);
    peer->index = AWAY;
  } else {
    peer->index = present->len;
    g_ptr_array_add (present, peer);
  }
}

static void
schedule (P2pTrackerBook * self)
{
  P2pTrackerPeer *first = g_queue_peek_head (&self->by_heard);

  if (first && !self->expiry)
    self->expiry = p2p_clock_call_at (self->clock,
        first->heard + self->lifetime, expire, self);
}

static void
hear (P2pTrackerBook * self, P2pTrackerPeer * peer)
{
  peer->heard = p2p_clock_get_time (self->clock);
  g_queue_unlink (&self->by_heard, &peer->link);
  g_queue_push_tail_link (&self->by_heard, &peer->link);
}

static void
remove_peer (P2pTrackerBook * self, P2pTrackerPeer * peer)
{
  P2pTrackerSwarm *swarm = peer->swarm;

  set_away (peer, TRUE);
  g_queue_unlink (&self->by_heard, &peer->link);
  swarm->stats.conns -= peer->conns;
  self->stats.conns -= peer->conns;
  if (--swarm->n_peers == 0)
    g_hash_table_remove (self->swarms, swarm->info_hash);
  g_hash_table_remove (self->peers, peer->id);
}

static void
expire (gpointer user_data)
{
  P2pTrackerBook *self = user_data;
  gint64 limit = p2p_clock_get_time (self->clock) - self->lifetime;
  P2pTrackerPeer *first;

  self->expiry = 0;
  while ((first = g_queue_peek_head (&self->by_heard)) && first->heard <= limit)
    remove_peer (self, first);
  schedule (self);
}

/* Returns: (nullable): NULL if a limit is reached */
static P2pTrackerSwarm *
get_swarm (P2pTrackerBook * self, const char *info_hash)
{
  P2pTrackerSwarm *swarm = g_hash_table_lookup (self->swarms, info_hash);

  if (swarm)
    return swarm->n_peers < self->config.max_peers ? swarm : NULL;
  if (g_hash_table_size (self->swarms) >= self->config.max_swarms
      || self->config.max_peers == 0)
    return NULL;
  swarm = g_new0 (P2pTrackerSwarm, 1);
  swarm->info_hash = g_strdup (info_hash);
  swarm->present = g_ptr_array_new ();
  g_hash_table_insert (self->swarms, swarm->info_hash, swarm);
  return swarm;
}

/* id: (nullable): one that is not taken; NULL: to be made */
static P2pTrackerPeer *
add_peer (P2pTrackerBook * self, const char *info_hash, const char *id)
{
  P2pTrackerSwarm *swarm;
  P2pTrackerPeer *peer;

  if (*info_hash == '\0' || strlen (info_hash) > P2P_TRACKER_BOOK_MAX_INFO_HASH
      || g_hash_table_size (self->peers) >= self->config.max_ids
      || !(swarm = get_swarm (self, info_hash)))
    return NULL;
  peer = g_new0 (P2pTrackerPeer, 1);
  if (id)
    g_strlcpy (peer->id, id, sizeof (peer->id));
  else
    make_id (self, peer->id);
  peer->swarm = swarm;
  peer->index = AWAY;
  peer->link.data = peer;
  peer->heard = p2p_clock_get_time (self->clock);
  swarm->n_peers++;
  set_away (peer, FALSE);
  g_queue_push_tail_link (&self->by_heard, &peer->link);
  g_hash_table_insert (self->peers, peer->id, peer);
  schedule (self);
  return peer;
}

const char *
p2p_tracker_book_announce (P2pTrackerBook * self, const char *info_hash)
{
  P2pTrackerPeer *peer = add_peer (self, info_hash, NULL);

  return peer ? peer->id : NULL;
}

gboolean
p2p_tracker_book_touch (P2pTrackerBook * self, const char *info_hash,
    const char *peer_id)
{
  P2pTrackerPeer *peer = g_hash_table_lookup (self->peers, peer_id);

  if (!peer)
    return p2p_tracker_book_is_id (peer_id)
        && add_peer (self, info_hash, peer_id);
  if (strcmp (peer->swarm->info_hash, info_hash) != 0)
    return FALSE;
  hear (self, peer);
  return TRUE;
}

static gboolean
contains (const guint * numbers, guint n, guint number)
{
  for (guint i = 0; i < n; i++) {
    if (numbers[i] == number)
      return TRUE;
  }
  return FALSE;
}

/* wanted different numbers below n, any of them with the same chance, in any
 * order with the same chance: R. Floyd's way, which looks at no others. */
static void
sample (GRand * rand, guint n, guint wanted, guint * numbers)
{
  for (guint i = 0; i < wanted; i++) {
    guint last = n - wanted + i;
    guint number = g_rand_int_range (rand, 0, last + 1);

    numbers[i] = contains (numbers, i, number) ? last : number;
  }
  for (guint i = wanted; i > 1; i--) {
    guint other = g_rand_int_range (rand, 0, i);
    guint number = numbers[other];

    numbers[other] = numbers[i - 1];
    numbers[i - 1] = number;
  }
}

guint
p2p_tracker_book_get_peers (P2pTrackerBook * self, const char *peer_id,
    const char **ids)
{
  P2pTrackerPeer *asker = g_hash_table_lookup (self->peers, peer_id);
  guint numbers[P2P_TRACKER_BOOK_MAX_LISTED];
  GPtrArray *present;
  guint n;

  if (!asker)
    return 0;
  present = asker->swarm->present;
  n = present->len - (asker->index != AWAY);
  sample (self->rand, n, MIN (n, self->config.max_listed), numbers);
  n = MIN (n, self->config.max_listed);
  for (guint i = 0; i < n; i++) {
    /* Those behind the asker move up by one. */
    guint index = numbers[i] + (numbers[i] >= asker->index);

    ids[i] = ((P2pTrackerPeer *) present->pdata[index])->id;
  }
  return n;
}

void
p2p_tracker_book_set_away (P2pTrackerBook * self, const char *peer_id,
    gboolean away)
{
  P2pTrackerPeer *peer = g_hash_table_lookup (self->peers, peer_id);

  if (!peer)
    return;
  if (!away)
    hear (self, peer);
  set_away (peer, away);
}

static void
add_report (P2pTrackerBookStats * stats, const P2pTrackerReport * report,
    gint64 conns)
{
  stats->source_kb += CLAMP (report->source_kb, 0, P2P_TRACKER_BOOK_MAX_KB);
  stats->p2p_kb += CLAMP (report->p2p_kb, 0, P2P_TRACKER_BOOK_MAX_KB);
  stats->fail_conns += CLAMP (report->fail_conns, 0,
      P2P_TRACKER_BOOK_MAX_CONNS);
  stats->conns += conns;
}

void
p2p_tracker_book_report (P2pTrackerBook * self, const char *peer_id,
    const P2pTrackerReport * report)
{
  P2pTrackerPeer *peer = g_hash_table_lookup (self->peers, peer_id);
  gint64 conns;

  if (!peer)
    return;
  conns = CLAMP (report->conns, -peer->conns,
      P2P_TRACKER_BOOK_MAX_CONNS - peer->conns);
  peer->conns += conns;
  add_report (&peer->swarm->stats, report, conns);
  add_report (&self->stats, report, conns);
}

void
p2p_tracker_book_get_stats (P2pTrackerBook * self, P2pTrackerBookStats * stats)
{
  *stats = self->stats;
  stats->swarms = g_hash_table_size (self->swarms);
  stats->peers = g_hash_table_size (self->peers);
}

static P2pTrackerBookStats
get_swarm_stats (const P2pTrackerSwarm * swarm)
{
  P2pTrackerBookStats stats = swarm->stats;

  stats.swarms = 1;
  stats.peers = swarm->n_peers;
  return stats;
}

gboolean
p2p_tracker_book_get_swarm_stats (P2pTrackerBook * self, const char *info_hash,
    P2pTrackerBookStats * stats)
{
  P2pTrackerSwarm *swarm = g_hash_table_lookup (self->swarms, info_hash);

  if (!swarm)
    return FALSE;
  *stats = get_swarm_stats (swarm);
  return TRUE;
}

void
p2p_tracker_book_foreach_swarm (P2pTrackerBook * self,
    void (*func) (const char *info_hash, const P2pTrackerBookStats * stats,
        gpointer user_data), gpointer user_data)
{
  GHashTableIter iter;
  gpointer swarm;

  g_hash_table_iter_init (&iter, self->swarms);
  while (g_hash_table_iter_next (&iter, NULL, &swarm)) {
    P2pTrackerBookStats stats = get_swarm_stats (swarm);

    func (((P2pTrackerSwarm *) swarm)->info_hash, &stats, user_data);
  }
}
