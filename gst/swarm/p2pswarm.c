/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pswarm.h"
#include "p2pbandwidth.h"
#include "p2pelection.h"
#include "p2pturns.h"

struct _P2pSwarm
{
  P2pClock *clock;
  GRand *rand;
  const P2pSwarmEvents *events;
  gpointer user_data;

  GPtrArray *links;             /* of P2pLink, as they came */
  GQueue banned;                /* of ids, the oldest first */
  P2pTurns *turns;              /* of P2pLink */
  guint64 rate;                 /* bytes a second at which one sends; 0: not
                                 * measured */
  guint version;                /* of what is held here */
  guint membership;
  gboolean elects;
  char *own;
  char *passed[P2P_SWARM_PASSED];       /* ids, of what was forgotten last */
  guint n_passed;
  gboolean changed;
  guint call;
};

static void
p2p_swarm_announce (P2pSwarm * self)
{
  g_autoptr (GPtrArray) loaded = NULL, loading = NULL;

  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    if (link->version == self->version)
      continue;
    if (!loaded) {
      loaded = g_ptr_array_new ();
      loading = g_ptr_array_new ();
      self->events->list (loaded, loading, self->user_data);
    }
    link->version = self->version;
    p2p_peer_announce (link->peer, loaded, loading, self->elects);
  }
}

/* All that changed at one moment is handled at once: a peer that joins says
 * much, and what changed on its account may change what is told to others. */
static void
p2p_swarm_on_call (gpointer data)
{
  P2pSwarm *self = data;

  if (self->changed) {
    self->changed = FALSE;
    self->events->changed (self->user_data);
  }
  p2p_clock_cancel (self->clock, &self->call);
  p2p_swarm_announce (self);
}

static void
p2p_swarm_call_soon (P2pSwarm * self)
{
  if (self->call == 0)
    self->call = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock), p2p_swarm_on_call, self);
}

static void
p2p_swarm_count_member (P2pSwarm * self)
{
  self->membership = MAX (self->membership + 1, 1);
}

static void
p2p_swarm_on_changed (P2pLink * link, gpointer data)
{
  P2pSwarm *self = data;

  if (link && link->elects != p2p_peer_elects (link->peer)) {
    link->elects = !link->elects;
    p2p_swarm_count_member (self);
  }
  if (link && link->sent)
    link->shares |= p2p_peer_has (link->peer, link->sent) == P2P_PEER_HAS;
  self->changed = TRUE;
  p2p_swarm_call_soon (self);
}

static void
p2p_swarm_on_piece (P2pLink * link, gsize size, gpointer data)
{
  P2pSwarm *self = data;

  link->given -= size;
  self->events->piece (size, self->user_data);
}

static void
p2p_swarm_on_loaded (P2pLink * link, const char *id, P2pBody * body,
    gint64 elapsed, gpointer data)
{
  P2pSwarm *self = data;

  if (elapsed > 0)
    self->rate = p2p_bandwidth_mix (self->rate, link->came,
        p2p_clock_get_time (self->clock) - link->began);
  self->events->loaded (id, body, elapsed, self->user_data);
}

static void
p2p_swarm_on_failed (P2pLink * link, const char *id, P2pBody * body, gsize of,
    gsize wasted, gpointer data)
{
  P2pSwarm *self = data;

  self->events->failed (id, body, of, wasted, self->user_data);
}

static void
p2p_swarm_on_bad (P2pLink * link, gpointer data)
{
  P2pSwarm *self = data;

  self->events->bad (self->user_data);
}

static P2pSegment *
p2p_swarm_on_wanted (P2pLink * link, const char *id, gpointer data)
{
  P2pSwarm *self = data;
  g_autoptr (P2pSegment) segment = self->events->wanted (id, self->user_data);

  if (!segment
      || !p2p_turns_spend (self->turns, p2p_segment_get_size (segment)))
    return NULL;
  g_free (link->sent);
  link->sent = g_strdup (id);
  return g_steal_pointer (&segment);
}

static void
p2p_swarm_on_uploaded (P2pLink * link, gsize size, gpointer data)
{
  P2pSwarm *self = data;

  link->given += size;
  self->events->uploaded (size, self->user_data);
}

static P2pPeerTurn
p2p_swarm_on_turn (P2pLink * link, gboolean urgent, gboolean patient,
    gpointer data)
{
  P2pSwarm *self = data;

  return p2p_turns_ask (self->turns, link, urgent, patient);
}

static void
p2p_swarm_on_sent (P2pLink * link, gpointer data)
{
  P2pSwarm *self = data;

  p2p_turns_end (self->turns, link);
}

static void
p2p_swarm_serve (gpointer who, gpointer data)
{
  p2p_peer_serve (((P2pLink *) who)->peer);
}

static void
p2p_swarm_on_closed (P2pLink * link, gpointer data)
{
  P2pSwarm *self = data;

  p2p_link_close (link);
  p2p_turns_end (self->turns, link);
  self->events->closed (p2p_peer_get_id (link->peer), self->user_data);
  g_ptr_array_remove (self->links, link);
  p2p_swarm_count_member (self);
  p2p_swarm_on_changed (NULL, self);
}

static const P2pLinkEvents link_events = {
  p2p_swarm_on_changed, p2p_swarm_on_piece, p2p_swarm_on_loaded,
  p2p_swarm_on_failed, p2p_swarm_on_bad, p2p_swarm_on_wanted,
  p2p_swarm_on_uploaded, p2p_swarm_on_turn, p2p_swarm_on_sent,
  p2p_swarm_on_closed
};

P2pSwarm *
p2p_swarm_new (P2pClock * clock, GRand * rand, const P2pSwarmEvents * events,
    gpointer user_data)
{
  P2pSwarm *self = g_new0 (P2pSwarm, 1);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->events = events;
  self->user_data = user_data;
  self->membership = 1;
  self->turns = p2p_turns_new (clock, p2p_swarm_serve, self);
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify)
      p2p_link_unref);
  return self;
}

void
p2p_swarm_free (P2pSwarm * self)
{
  for (guint i = 0; i < self->links->len; i++)
    p2p_link_close (g_ptr_array_index (self->links, i));
  g_ptr_array_unref (self->links);
  p2p_turns_free (self->turns);
  g_queue_clear_full (&self->banned, g_free);
  g_free (self->own);
  for (guint i = 0; i < P2P_SWARM_PASSED; i++)
    g_free (self->passed[i]);
  p2p_clock_cancel (self->clock, &self->call);
  g_object_unref (self->clock);
  g_free (self);
}

void
p2p_swarm_set_upload_rate (P2pSwarm * self, guint64 rate)
{
  p2p_turns_set_rate (self->turns, rate);
}

void
p2p_swarm_set_own (P2pSwarm * self, const char *own)
{
  if (g_strcmp0 (self->own, own) == 0)
    return;
  g_free (self->own);
  self->own = g_strdup (own);
  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    if (!link->own)
      link->own = g_strdup (own);
  }
  p2p_swarm_count_member (self);
}

void
p2p_swarm_set_elects (P2pSwarm * self, gboolean elects)
{
  if (self->elects == elects)
    return;
  self->elects = elects;
  p2p_swarm_count_member (self);
  p2p_swarm_update (self);
}

static P2pLink *
p2p_swarm_find_peer (P2pSwarm * self, const char *peer_id)
{
  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    if (g_str_equal (p2p_peer_get_id (link->peer), peer_id))
      return link;
  }
  return NULL;
}

static gboolean
p2p_swarm_is_banned (P2pSwarm * self, const char *peer_id)
{
  return g_queue_find_custom (&self->banned, peer_id,
      (GCompareFunc) g_strcmp0) != NULL;
}

void
p2p_swarm_add (P2pSwarm * self, P2pPeer * peer)
{
  P2pLink *link;

  if (self->links->len >= P2P_SWARM_MAX_PEERS
      || p2p_swarm_find_peer (self, p2p_peer_get_id (peer))
      || p2p_swarm_is_banned (self, p2p_peer_get_id (peer))) {
    p2p_peer_close (peer);
    return;
  }
  link = p2p_link_new (self->clock, peer, &link_events, self);
  link->version = self->version - 1;
  link->own = g_strdup (self->own);
  g_ptr_array_add (self->links, link);
  self->events->connected (peer, self->user_data);
  p2p_swarm_on_changed (link, self);
}

void
p2p_swarm_accept (P2pSwarm * self, const char *peer_id, const char *id)
{
  P2pLink *link = p2p_swarm_find_peer (self, peer_id);

  if (link)
    p2p_peer_accept (link->peer, id);
}

void
p2p_swarm_ban (P2pSwarm * self, const char *peer_id)
{
  P2pLink *link = p2p_swarm_find_peer (self, peer_id);

  if (!p2p_swarm_is_banned (self, peer_id))
    g_queue_push_tail (&self->banned, g_strdup (peer_id));
  if (self->banned.length > P2P_SWARM_MAX_BANNED)
    g_free (g_queue_pop_head (&self->banned));
  if (link)
    p2p_link_drop (link);
}

guint
p2p_swarm_get_n_peers (P2pSwarm * self)
{
  return self->links->len;
}

void
p2p_swarm_list_peers (P2pSwarm * self, GPtrArray * peers)
{
  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    g_ptr_array_add (peers, link->peer);
  }
}

void
p2p_swarm_clear (P2pSwarm * self)
{
  while (self->links->len > 0)
    p2p_swarm_on_closed (g_ptr_array_index (self->links, 0), self);
}

void
p2p_swarm_update (P2pSwarm * self)
{
  self->version++;
  if (self->links->len > 0)
    p2p_swarm_call_soon (self);
}

P2pPeerHas
p2p_swarm_has (P2pSwarm * self, const char *id)
{
  P2pPeerHas most = P2P_PEER_HAS_NOT;
  gint64 again = P2P_NEVER;

  for (guint i = 0; i < self->links->len && most < P2P_PEER_HAS; i++)
    most = MAX (most, p2p_link_has (g_ptr_array_index (self->links, i), id,
            &again));
  return most;
}

static gboolean
p2p_swarm_may_ask (P2pLink * link, const char *id, guint64 bytes,
    gint64 within, gint64 * again)
{
  return p2p_link_has (link, id, again) == P2P_PEER_HAS
      && p2p_link_estimate (link, bytes) / 2 <= within;
}

guint
p2p_swarm_count (P2pSwarm * self, const char *id, guint64 bytes,
    gint64 within, gboolean * coming, gint64 * again)
{
  guint n = 0;

  *coming = FALSE;
  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);
    P2pPeerHas has = p2p_link_has (link, id, again);

    *coming |= has == P2P_PEER_IS_LOADING;
    n += has == P2P_PEER_HAS && p2p_link_estimate (link, bytes) / 2 <= within;
  }
  return n;
}

/* What a link weighs when one is chosen: its rate, a tenth of that of the best
 * at least. Of one that is not proven nobody knows better than the best. */
static guint64
p2p_swarm_get_best (P2pSwarm * self)
{
  guint64 best = 0;

  for (guint i = 0; i < self->links->len; i++)
    best = MAX (best, ((P2pLink *) g_ptr_array_index (self->links, i))->rate);
  return best > 0 ? best : P2P_LINK_DEFAULT_RATE;
}

gboolean
p2p_swarm_request (P2pSwarm * self, const char *id, gint64 length,
    guint64 bytes, gint64 within, gboolean urgent, P2pBody ** held, gsize of,
    gint64 * again)
{
  guint64 best = p2p_swarm_get_best (self);
  P2pLink *chosen = NULL;
  double total = 0;

  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);
    double weight = MAX (link->rate > 0 ? link->rate : best, best / 10);

    if (!p2p_link_is_idle (link) || !p2p_swarm_may_ask (link, id, bytes,
            within, again))
      continue;
    /* Takes the place of those before with the chance of its weight. */
    total += weight;
    if (!chosen || g_rand_double (self->rand) * total < weight)
      chosen = link;
  }
  if (!chosen)
    return FALSE;
  if (held && *held && p2p_peer_can_resume (chosen->peer))
    p2p_link_request (chosen, id, length, urgent, g_steal_pointer (held), of);
  else
    p2p_link_request (chosen, id, length, urgent, NULL, 0);
  return TRUE;
}

guint
p2p_swarm_get_n_requests (P2pSwarm * self)
{
  guint n = 0;

  for (guint i = 0; i < self->links->len; i++)
    n += ((P2pLink *) g_ptr_array_index (self->links, i))->asked != NULL;
  return n;
}

static P2pLink *
p2p_swarm_find (P2pSwarm * self, const char *id)
{
  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    if (g_strcmp0 (link->asked, id) == 0)
      return link;
  }
  return NULL;
}

P2pBody *
p2p_swarm_cancel (P2pSwarm * self, const char *id, gsize * of)
{
  P2pLink *link = p2p_swarm_find (self, id);

  return link ? p2p_link_cancel (link, of) : NULL;
}

gboolean
p2p_swarm_is_asked (P2pSwarm * self, const char *id)
{
  return p2p_swarm_find (self, id) != NULL;
}

gsize
p2p_swarm_get_received (P2pSwarm * self, const char *id)
{
  P2pLink *link = p2p_swarm_find (self, id);

  return link ? link->body->size : 0;
}

gint64
p2p_swarm_estimate_rest (P2pSwarm * self, const char *id, guint64 bytes)
{
  P2pLink *asked = p2p_swarm_find (self, id);
  gint64 least = P2P_NEVER, again = P2P_NEVER;

  if (asked)
    return p2p_link_estimate_rest (asked, bytes);
  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    if (p2p_link_is_idle (link)
        && p2p_link_has (link, id, &again) == P2P_PEER_HAS)
      least = MIN (least, p2p_link_estimate (link, bytes));
  }
  return least;
}

gint64
p2p_swarm_estimate (P2pSwarm * self, guint64 bytes)
{
  guint64 rate = self->rate > 0 ? self->rate : P2P_LINK_DEFAULT_RATE;

  return bytes * P2P_SECOND / rate + P2P_SWARM_ROUND;
}

guint
p2p_swarm_get_rank (P2pSwarm * self, const char *id)
{
  guint rank = 0;

  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    rank += link->elects && (!self->elects
        || p2p_election_is_before (p2p_peer_get_id (link->peer), link->own,
            id));
  }
  return rank;
}

/* One that only takes is none. */
static gboolean
p2p_swarm_is_other (P2pLink * link)
{
  return link->shares && !link->elects;
}

guint
p2p_swarm_get_n_others (P2pSwarm * self)
{
  guint n = 0;

  for (guint i = 0; i < self->links->len; i++)
    n += p2p_swarm_is_other (g_ptr_array_index (self->links, i));
  return n;
}

gboolean
p2p_swarm_is_left (P2pSwarm * self, gint64 credit)
{
  gint64 given = 0;

  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    given += p2p_swarm_is_other (link) ? link->given : 0;
  }
  return p2p_swarm_get_n_others (self) == 1 && given >= credit;
}

static P2pLink *
p2p_swarm_get_elected (P2pSwarm * self, const char *id)
{
  P2pLink *first = NULL;

  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    if (link->elects && (!first || p2p_election_is_before (p2p_peer_get_id
                (link->peer), p2p_peer_get_id (first->peer), id)))
      first = link;
  }
  return first;
}

gboolean
p2p_swarm_has_begun (P2pSwarm * self, const char *id)
{
  P2pLink *first = p2p_swarm_get_elected (self, id);

  return first && !first->fresh;
}

gboolean
p2p_swarm_is_elected_near (P2pSwarm * self, const char *id, GPtrArray * ahead)
{
  P2pLink *first = p2p_swarm_get_elected (self, id);
  gboolean near;

  if (!first)
    return FALSE;
  near = p2p_clock_get_time (self->clock) < first->since + P2P_SWARM_YOUNG;
  for (guint i = 0; i < P2P_SWARM_PASSED && !near; i++)
    near = self->passed[i]
        && p2p_peer_has (first->peer, self->passed[i]) == P2P_PEER_HAS;
  for (guint i = 0; i < ahead->len && !near; i++)
    near = p2p_peer_has (first->peer, g_ptr_array_index (ahead, i))
        == P2P_PEER_HAS;
  return near;
}

guint
p2p_swarm_get_n_electors (P2pSwarm * self)
{
  guint n = 0;

  for (guint i = 0; i < self->links->len; i++)
    n += ((P2pLink *) g_ptr_array_index (self->links, i))->elects;
  return n;
}

guint
p2p_swarm_get_membership (P2pSwarm * self)
{
  return self->membership;
}

gint64
p2p_swarm_get_settled (P2pSwarm * self)
{
  gint64 when = G_MININT64;

  for (guint i = 0; i < self->links->len; i++) {
    P2pLink *link = g_ptr_array_index (self->links, i);

    if (!link->told)
      when = MAX (when, link->since + P2P_LINK_SETTLED);
  }
  return when;
}

void
p2p_swarm_forget (P2pSwarm * self, const char *id)
{
  char **oldest = &self->passed[self->n_passed++ % P2P_SWARM_PASSED];

  g_free (*oldest);
  *oldest = g_strdup (id);
  for (guint i = 0; i < self->links->len; i++)
    p2p_link_forget (g_ptr_array_index (self->links, i), id);
}
