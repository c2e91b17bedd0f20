/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2plink.h"
#include "p2pbandwidth.h"
#include "p2perror.h"

/* What a peer did not send. */
typedef struct
{
  guint times;
  gint64 again;                 /* when it may be asked for it again */
} P2pAbsent;

static void p2p_link_watch (P2pLink * self);

gsize
p2p_link_get_received (P2pLink * self)
{
  return self->body->size - (self->held ? self->held->size : 0);
}

/* What a transfer says of its rate; of one that was broken off too. */
static void
p2p_link_measure (P2pLink * self)
{
  gint64 elapsed = p2p_clock_get_time (self->clock) - self->started;

  if (!self->body || (p2p_link_get_received (self) < P2P_BANDWIDTH_MIN_BYTES
          && elapsed < P2P_SECOND))
    return;
  self->rate = p2p_bandwidth_mix (self->rate, p2p_link_get_received (self),
      elapsed);
}

/* Forgets the request. Returns: (transfer full) (nullable): what came */
static P2pBody *
p2p_link_end (P2pLink * self)
{
  g_autoptr (P2pBody) body = g_steal_pointer (&self->body);

  p2p_clock_cancel (self->clock, &self->timer);
  g_clear_pointer (&self->asked, g_free);
  g_clear_pointer (&self->held, p2p_body_unref);
  return body && body->size > 0 ? g_steal_pointer (&body) : NULL;
}

/* What was asked for is not to be asked for again of this peer, or not now. */
static void
p2p_link_avoid (P2pLink * self, gboolean for_good)
{
  P2pAbsent *absent = g_hash_table_lookup (self->absent, self->asked);

  if (!absent) {
    absent = g_new0 (P2pAbsent, 1);
    g_hash_table_insert (self->absent, g_strdup (self->asked), absent);
  }
  absent->times++;
  absent->again = for_good || absent->times > P2P_LINK_MAX_AGAIN ? P2P_NEVER
      : p2p_clock_get_time (self->clock) + P2P_LINK_AGAIN;
}

/* It has no time, or has not what it said: the more often it said so, the longer
 * it is left alone. */
static void
p2p_link_rest (P2pLink * self)
{
  gint64 pause = P2P_LINK_AGAIN;

  for (guint i = P2P_LINK_MAX_REFUSED; i < self->refused
      && pause < P2P_LINK_AGAIN_MAX; i++)
    pause *= 2;
  if (self->refused++ >= P2P_LINK_MAX_REFUSED)
    self->rested = p2p_clock_get_time (self->clock)
        + MIN (pause, P2P_LINK_AGAIN_MAX);
}

/* The request came to nothing. */
static void
p2p_link_fail (P2pLink * self, gboolean lie, gboolean for_good)
{
  g_autofree char *id = g_strdup (self->asked);
  g_autoptr (P2pBody) held = self->held ? p2p_body_ref (self->held) : NULL;
  gsize before = held ? held->size : 0, size;
  gsize of = lie || self->declared < 0 ? self->held_of : (gsize) self->declared;
  g_autoptr (P2pBody) body = NULL;

  p2p_link_measure (self);
  p2p_link_avoid (self, for_good);
  body = p2p_link_end (self);
  size = body ? body->size : 0;
  if (lie)
    self->events->failed (self, id, g_steal_pointer (&held), of,
        size - before, self->user_data);
  else
    self->events->failed (self, id, g_steal_pointer (&body), of, 0,
        self->user_data);
}

/* What comes from a peer is data from a stranger. */
static void
p2p_link_blame (P2pLink * self)
{
  g_autoptr (P2pLink) alive = p2p_link_ref (self);

  self->bad++;
  self->gone = self->bad >= P2P_LINK_MAX_BAD;
  self->events->bad (self, self->user_data);
  if (self->asked) {
    p2p_peer_cancel (self->peer, self->asked);
    p2p_link_fail (self, TRUE, TRUE);
  }
  if (self->gone)
    self->events->closed (self, self->user_data);
}

static gboolean
p2p_link_is_asked (P2pLink * self, const char *id)
{
  return g_strcmp0 (self->asked, id) == 0;
}

static void
p2p_link_on_timer (gpointer data)
{
  g_autoptr (P2pLink) self = p2p_link_ref (data);

  self->timer = 0;
  if (p2p_clock_get_time (self->clock) < self->heard + P2P_LINK_TIMEOUT) {
    p2p_link_watch (self);
    return;
  }
  self->timeouts++;
  self->gone = self->timeouts >= P2P_LINK_MAX_TIMEOUTS;
  p2p_peer_cancel (self->peer, self->asked);
  p2p_link_fail (self, FALSE, TRUE);
  if (self->gone)
    self->events->closed (self, self->user_data);
}

/* Not armed anew for each byte: it looks when it fires. */
static void
p2p_link_watch (P2pLink * self)
{
  self->timer = p2p_clock_call_at (self->clock,
      self->heard + P2P_LINK_TIMEOUT, p2p_link_on_timer, self);
}

/* What it lost it may have again. */
static gboolean
p2p_link_is_lost (gpointer id, gpointer absent, gpointer data)
{
  P2pLink *self = data;

  return p2p_peer_has (self->peer, id) == P2P_PEER_HAS_NOT;
}

static void
p2p_link_on_changed (P2pPeer * peer, gpointer data)
{
  P2pLink *self = data;

  g_hash_table_foreach_remove (self->absent, p2p_link_is_lost, self);
  self->fresh = self->told;
  self->told = TRUE;
  self->events->changed (self, self->user_data);
}

static void
p2p_link_on_size (P2pPeer * peer, const char *id, gsize size, gpointer data)
{
  P2pLink *self = data;

  /* Who sent what is held, or who sends the rest: one of them has another one. */
  if (p2p_link_is_asked (self, id) && self->declared < 0 && self->held
      && size != self->held_of) {
    g_autoptr (P2pLink) alive = p2p_link_ref (self);

    p2p_peer_cancel (self->peer, self->asked);
    p2p_link_fail (self, FALSE, TRUE);
    return;
  }
  if (!p2p_link_is_asked (self, id) || self->declared >= 0
      || size == 0 || size > P2P_SEGMENT_MAX_BYTES
      || (self->expected >= 0 && size != (guint64) self->expected)) {
    p2p_link_blame (self);
    return;
  }
  self->declared = size;
  self->heard = self->began = p2p_clock_get_time (self->clock);
}

static void
p2p_link_on_data (P2pPeer * peer, const char *id, GBytes * bytes, gpointer data)
{
  P2pLink *self = data;
  gsize size = g_bytes_get_size (bytes);

  if (!p2p_link_is_asked (self, id) || self->declared < 0 || size == 0
      || self->body->size + size > (guint64) self->declared) {
    p2p_link_blame (self);
    return;
  }
  p2p_body_add (self->body, bytes);
  self->heard = p2p_clock_get_time (self->clock);
  self->events->piece (self, size, self->user_data);
}

static void
p2p_link_on_alive (P2pPeer * peer, const char *id, gpointer data)
{
  P2pLink *self = data;

  if (p2p_link_is_asked (self, id))
    self->heard = p2p_clock_get_time (self->clock);
}

static void
p2p_link_on_done (P2pPeer * peer, const char *id, const GError * error,
    gpointer data)
{
  g_autoptr (P2pLink) self = p2p_link_ref (data);
  g_autoptr (P2pBody) body = NULL;
  gint64 elapsed;

  if (!p2p_link_is_asked (self, id)
      || g_error_matches (error, P2P_ERROR, P2P_ERROR_PEER)
      || (!error && (gint64) self->body->size != self->declared)) {
    p2p_link_blame (self);
    return;
  }
  if (error) {
    gboolean refused = g_error_matches (error, P2P_ERROR, P2P_ERROR_ABSENT);

    if (refused)
      p2p_link_rest (self);
    p2p_link_fail (self, FALSE, !refused);
    return;
  }
  self->timeouts = self->refused = 0;
  self->came = p2p_link_get_received (self);
  elapsed = (p2p_clock_get_time (self->clock) - self->started)
      * self->body->size / self->came;
  p2p_link_measure (self);
  body = p2p_link_end (self);
  self->events->loaded (self, id, body,
      self->came >= P2P_BANDWIDTH_MIN_BYTES ? elapsed : 0, self->user_data);
}

static P2pSegment *
p2p_link_on_wanted (P2pPeer * peer, const char *id, gpointer data)
{
  P2pLink *self = data;

  return self->events->wanted (self, id, self->user_data);
}

static void
p2p_link_on_uploaded (P2pPeer * peer, gsize size, gpointer data)
{
  P2pLink *self = data;

  self->events->uploaded (self, size, self->user_data);
}

static P2pPeerTurn
p2p_link_on_turn (P2pPeer * peer, gboolean urgent, gboolean patient,
    gpointer data)
{
  P2pLink *self = data;

  return self->events->turn (self, urgent, patient, self->user_data);
}

static void
p2p_link_on_sent (P2pPeer * peer, gpointer data)
{
  P2pLink *self = data;

  self->events->sent (self, self->user_data);
}

static void
p2p_link_on_closed (P2pPeer * peer, gpointer data)
{
  g_autoptr (P2pLink) self = p2p_link_ref (data);

  self->gone = TRUE;
  if (self->asked)
    p2p_link_fail (self, FALSE, TRUE);
  self->events->closed (self, self->user_data);
}

P2pLink *
p2p_link_new (P2pClock * clock, P2pPeer * peer, const P2pLinkEvents * events,
    gpointer user_data)
{
  static const P2pPeerEvents peer_events = {
    p2p_link_on_changed, p2p_link_on_size, p2p_link_on_data, p2p_link_on_done,
    p2p_link_on_wanted, p2p_link_on_uploaded, p2p_link_on_closed,
    p2p_link_on_turn, p2p_link_on_sent, p2p_link_on_alive
  };
  P2pLink *self = g_new0 (P2pLink, 1);

  g_ref_count_init (&self->refs);
  self->clock = g_object_ref (clock);
  self->peer = g_object_ref (peer);
  self->since = p2p_clock_get_time (clock);
  self->events = events;
  self->user_data = user_data;
  self->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  p2p_peer_set_events (peer, &peer_events, self);
  return self;
}

void
p2p_link_close (P2pLink * self)
{
  p2p_peer_set_events (self->peer, NULL, NULL);
  p2p_peer_close (self->peer);
  g_clear_pointer (&self->body, p2p_body_unref);
  p2p_link_end (self);
}

P2pLink *
p2p_link_ref (P2pLink * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_link_unref (P2pLink * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->absent);
  g_free (self->own);
  g_free (self->sent);
  g_object_unref (self->peer);
  g_object_unref (self->clock);
  g_free (self);
}

void
p2p_link_drop (P2pLink * self)
{
  g_autoptr (P2pLink) alive = p2p_link_ref (self);

  self->gone = TRUE;
  if (self->asked) {
    p2p_peer_cancel (self->peer, self->asked);
    p2p_link_fail (self, TRUE, TRUE);
  }
  self->events->closed (self, self->user_data);
}

P2pPeerHas
p2p_link_has (P2pLink * self, const char *id, gint64 * again)
{
  P2pAbsent *absent = g_hash_table_lookup (self->absent, id);
  P2pPeerHas has = self->gone || (absent && absent->again == P2P_NEVER)
      ? P2P_PEER_HAS_NOT : p2p_peer_has (self->peer, id);
  gint64 when = absent ? MAX (self->rested, absent->again) : self->rested;
  gint64 pause = when - p2p_clock_get_time (self->clock);

  if (has != P2P_PEER_HAS || pause <= 0)
    return has;
  *again = MIN (*again, when);
  return pause > P2P_LINK_SOON ? P2P_PEER_HAS_NOT : P2P_PEER_IS_LOADING;
}

gboolean
p2p_link_is_idle (P2pLink * self)
{
  return !self->asked && !self->gone && p2p_peer_is_idle (self->peer);
}

void
p2p_link_request (P2pLink * self, const char *id, gint64 length,
    gboolean urgent, P2pBody * held, gsize of)
{
  self->asked = g_strdup (id);
  self->held = held;
  self->held_of = of;
  self->body = p2p_body_new (P2P_SOURCE_P2P, NULL);
  for (guint i = 0; held && i < held->chunks->len; i++)
    p2p_body_add (self->body, g_ptr_array_index (held->chunks, i));
  self->body->from = g_strdup (p2p_peer_get_id (self->peer));
  self->expected = length;
  self->declared = -1;
  self->started = self->heard = p2p_clock_get_time (self->clock);
  p2p_link_watch (self);
  if (held)
    p2p_peer_resume (self->peer, id, held->size, urgent);
  else
    p2p_peer_request (self->peer, id, urgent);
}

P2pBody *
p2p_link_cancel (P2pLink * self, gsize * of)
{
  *of = self->declared < 0 ? self->held_of : (gsize) self->declared;
  p2p_link_measure (self);
  p2p_peer_cancel (self->peer, self->asked);
  return p2p_link_end (self);
}

static guint64
p2p_link_get_rate (P2pLink * self)
{
  return self->rate > 0 ? self->rate : P2P_LINK_DEFAULT_RATE;
}

gint64
p2p_link_estimate (P2pLink * self, guint64 bytes)
{
  return bytes * P2P_SECOND / p2p_link_get_rate (self);
}

gint64
p2p_link_estimate_rest (P2pLink * self, guint64 bytes)
{
  gint64 elapsed = p2p_clock_get_time (self->clock) - self->started;
  guint64 size = self->body->size, rate = p2p_link_get_rate (self);

  if (elapsed >= P2P_LINK_GRACE)
    rate = MIN (rate, p2p_link_get_received (self) * P2P_SECOND / elapsed);
  return rate > 0 ? (gint64) ((bytes - MIN (bytes, size)) * P2P_SECOND / rate)
      : P2P_NEVER;
}

void
p2p_link_forget (P2pLink * self, const char *id)
{
  g_hash_table_remove (self->absent, id);
}
