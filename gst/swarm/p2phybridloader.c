/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phybridloader.h"
#include "p2pplan.h"
#include "p2prace.h"
#include "p2prare.h"
#include "p2pswarm.h"

/* A viewer who has just come waits so long for those that it was told of to be
 * connected before it fetches over HTTP what is not needed soon … */
#define P2P_HYBRID_LOADER_JOIN (1 * P2P_SECOND)
/* … and so long for the first of them: the time of thirty ways to a distant
 * one. */
#define P2P_HYBRID_LOADER_ALONE (3 * P2P_SECOND)

/* What is late over HTTP comes from a peer who is so many times as fast. */
#define P2P_HYBRID_LOADER_SOONER 2
/* The web server's line is tight if it carries less than so many streams. */
#define P2P_HYBRID_LOADER_TIGHT 2
/* Then another one is given so many times the time that HTTP takes, and the line
 * left to what is due so soon. */
#define P2P_HYBRID_LOADER_HOPE 4

/* What comes from a peer holds up what comes over HTTP by one in so many parts of
 * a segment's duration. */
#define P2P_HYBRID_LOADER_SHARE 12

struct _P2pHybridLoader
{
  P2pLoader parent;

  P2pSwarm *swarm;
  gint64 joined;                /* when it began to look for peers; P2P_NEVER */
  gint64 met;                   /* when the first peer came; P2P_NEVER */
  guint expected;               /* peers; G_MAXUINT: not known yet */
  gint64 news;                  /* when peers told of something last */
  gboolean disappointed;        /* who was hoped for did not bring it */
  gint64 last_check;            /* when the last segment had its chance */
  gint64 wake;                  /* when to look again; P2P_NEVER */
  guint wake_call;
};

G_DEFINE_TYPE (P2pHybridLoader, p2p_hybrid_loader, P2P_TYPE_LOADER);

static gint64
p2p_hybrid_loader_get_time (P2pHybridLoader * self)
{
  return p2p_clock_get_time (p2p_loader_get_world (P2P_LOADER (self))->clock);
}

static gboolean
p2p_hybrid_loader_elects (P2pHybridLoader * self)
{
  P2pLoader *loader = P2P_LOADER (self);

  return (p2p_loader_get_own_id (loader) || self->expected > 0)
      && p2p_loader_get_settings (loader)->http_election;
}

/* Segments of the queue that may be there or on their way at once; with the
 * election, only the first so many, so that what is to be played later takes no
 * room from what we are elected for. Half of the cache is for those who come
 * after: what was played goes on to them. */
static guint
p2p_hybrid_loader_get_reach (P2pHybridLoader * self)
{
  const P2pSettings *settings = p2p_loader_get_settings (P2P_LOADER (self));
  guint half = settings->max_cache_segments_count / 2;

  if (!p2p_hybrid_loader_elects (self))
    return settings->buffer_segments_count;
  return MIN (settings->buffer_segments_count,
      MAX (half, settings->required_segments_count + 1));
}

/* Own rank in the election. Who has no id yet has no peer either. */
static guint
p2p_hybrid_loader_get_rank (P2pHybridLoader * self, P2pItem * item)
{
  gboolean known = p2p_loader_get_own_id (P2P_LOADER (self)) != NULL;
  guint membership = p2p_swarm_get_membership (self->swarm);

  if (known && item->ranked_for != membership) {
    item->ranked_for = membership;
    item->rank = p2p_swarm_get_rank (self->swarm, item->segment->id);
  }
  return item->rank;
}

/* Whether somebody may yet be found, or tell, who has what nobody seems to
 * have. What those who were there before have begun over HTTP they tell when
 * they have it: http is the time that takes. */
static gboolean
p2p_hybrid_loader_is_unsettled (P2pHybridLoader * self, P2pItem * item,
    gint64 http)
{
  gint64 settled = p2p_swarm_get_settled (self->swarm);
  guint n_peers = p2p_swarm_get_n_peers (self->swarm);

  if (self->joined != P2P_NEVER && n_peers < self->expected)
    settled = MAX (settled, self->joined + (n_peers > 0 ?
            P2P_HYBRID_LOADER_JOIN : P2P_HYBRID_LOADER_ALONE));
  if (p2p_swarm_has_begun (self->swarm, item->segment->id))
    settled = MAX (settled, self->met + http + P2P_SWARM_ROUND);
  if (p2p_hybrid_loader_get_time (self) >= settled)
    return FALSE;
  self->wake = MIN (self->wake, settled);
  return TRUE;
}

/* Time that HTTP needs for what is missing of it: half of that for all of it is
 * spent before the first byte, as far as is known. */
static gint64
p2p_hybrid_loader_estimate_http (P2pHybridLoader * self, P2pItem * item)
{
  P2pLoader *loader = P2P_LOADER (self);
  guint64 size = p2p_loader_get_expected (loader, item);
  gsize there = item->state == P2P_ITEM_P2P
      ? p2p_swarm_get_received (self->swarm, item->segment->id) : 0;

  return p2p_loader_estimate_http (loader, size - MIN (size, there) / 2);
}

/* When HTTP has to begin with it, though what comes from peers at the time takes
 * its part of the line. What nobody brings does at once as long as it is not
 * known how fast HTTP is. */
static gint64
p2p_hybrid_loader_get_last (P2pHybridLoader * self, P2pItem * item)
{
  gint64 http = p2p_hybrid_loader_estimate_http (self, item);
  gint64 share = item->segment->duration
      * p2p_swarm_get_n_requests (self->swarm) / P2P_HYBRID_LOADER_SHARE;

  if (item->deadline == P2P_NEVER)
    return P2P_NEVER;
  if (http != P2P_NEVER)
    return p2p_plan_get_last (item->deadline, http + share);
  return item->state == P2P_ITEM_P2P
      || p2p_swarm_has (self->swarm, item->segment->id) == P2P_PEER_HAS
      ? p2p_plan_get_last (item->deadline, 0) : G_MININT64;
}

/* Whether the web server's line carries little more than the stream. Whoever
 * fetches what another one fetches then makes both late, and soon all of them. */
static gboolean
p2p_hybrid_loader_is_tight (P2pHybridLoader * self, P2pItem * item, gint64 http)
{
  return http != P2P_NEVER && item->segment->duration > 0
      && http >= item->segment->duration / P2P_HYBRID_LOADER_TIGHT;
}

/* HTTP would not bring it in time any more: whether a peer still does so much
 * sooner. On a tight line it has as long as HTTP takes, unless it is slow. */
static gboolean
p2p_hybrid_loader_is_sooner (P2pHybridLoader * self, P2pItem * item)
{
  P2pLoader *loader = P2P_LOADER (self);
  const P2pSettings *settings = p2p_loader_get_settings (loader);
  const char *id = item->segment->id;
  gint64 now = p2p_hybrid_loader_get_time (self);
  gint64 http = p2p_hybrid_loader_estimate_http (self, item);
  gint64 peer = p2p_swarm_estimate_rest (self->swarm, id,
      p2p_loader_get_expected (loader, item));
  gboolean asked = item->state == P2P_ITEM_P2P;

  if (http == P2P_NEVER || (!asked && p2p_swarm_get_n_requests (self->swarm)
          >= settings->simultaneous_p2p_downloads))
    return FALSE;
  if (asked && now < item->started + http
      && p2p_hybrid_loader_is_tight (self, item, http)
      && (peer <= http * P2P_HYBRID_LOADER_SOONER
          || p2p_swarm_get_received (self->swarm, id) == 0)) {
    self->wake = MIN (self->wake, item->started + http);
    return TRUE;
  }
  if (peer > http / P2P_HYBRID_LOADER_SOONER)
    return FALSE;
  self->wake = MIN (self->wake, now + P2P_LINK_GRACE);
  return TRUE;
}

/* Who is elected for it, another one, may bring it, as it plays what is played
 * here. */
static gboolean
p2p_hybrid_loader_is_theirs (P2pHybridLoader * self, P2pItem * item)
{
  GPtrArray *queue = p2p_loader_get_queue (P2P_LOADER (self));
  g_autoptr (GPtrArray) ahead = g_ptr_array_new ();

  for (guint i = 0; i < queue->len; i++)
    g_ptr_array_add (ahead,
        ((P2pItem *) g_ptr_array_index (queue, i))->segment->id);
  return p2p_swarm_is_elected_near (self->swarm, item->segment->id, ahead);
}

/* On a tight line who is not elected gives who is until last, and then twice the
 * time that HTTP takes: anew as long as peers get new segments, and more of it
 * the further behind it stands, but only so much. If nothing comes of that, it is
 * not done again until peers get something. Who has just come gives those who
 * were there the time for what they may have begun, elected or not. */
static gboolean
p2p_hybrid_loader_hopes (P2pHybridLoader * self, P2pItem * item, gint64 last)
{
  P2pLoader *loader = P2P_LOADER (self);
  gint64 http = p2p_hybrid_loader_estimate_http (self, item);
  gint64 now = p2p_hybrid_loader_get_time (self), until = last;
  guint rank = p2p_hybrid_loader_get_rank (self, item);

  if (self->disappointed || item->sudden || !p2p_hybrid_loader_elects (self)
      || !p2p_hybrid_loader_is_tight (self, item, http)
      || (rank > 0 && !p2p_hybrid_loader_is_theirs (self, item))
      || p2p_swarm_estimate (self->swarm, p2p_loader_get_expected (loader,
              item)) > http / P2P_HYBRID_LOADER_SOONER)
    return FALSE;
  if (rank == 0) {
    until = self->expected == 0
        || !p2p_swarm_has_begun (self->swarm, item->segment->id) ? now
        : self->met + http + P2P_SWARM_ROUND;
  } else if (now >= last) {
    if (item->late == 0)
      item->late = now;
    until = MIN (MAX (item->late, self->news) + 2 * MIN (rank, 2) * http,
        item->late + P2P_HYBRID_LOADER_HOPE * http);
    self->disappointed = now >= until;
  }
  if (now >= until)
    return FALSE;
  self->wake = MIN (self->wake, until);
  return TRUE;
}

/* What is beyond a full queue the one who takes no part will fetch, and give: it is
 * given some of that before, of segments of so many bytes. */
static gint64
p2p_hybrid_loader_get_credit (P2pHybridLoader * self, guint64 size)
{
  P2pLoader *loader = P2P_LOADER (self);
  guint length = p2p_loader_get_queue (loader)->len;

  return length < p2p_loader_get_settings (loader)->buffer_segments_count ? 0
      : (gint64) (length * size * P2P_PLAN_CREDIT / 100);
}

/* What to do with a pending one. */
static P2pPlanStep
p2p_hybrid_loader_plan (P2pHybridLoader * self, P2pItem * item)
{
  P2pLoader *loader = P2P_LOADER (self);
  guint64 size = p2p_loader_get_expected (loader, item);
  gint64 last = p2p_hybrid_loader_get_last (self, item), until;
  P2pPlan plan = { 0 };
  P2pPlanStep step;

  plan.now = p2p_hybrid_loader_get_time (self);
  plan.deadline = item->deadline;
  if (item->known == 0)
    item->known = plan.now;
  plan.known = item->known;
  if (plan.now >= last && p2p_hybrid_loader_is_sooner (self, item))
    return P2P_PLAN_PEER;
  if (plan.now >= last)
    return p2p_hybrid_loader_hopes (self, item, last) ? P2P_PLAN_WAIT
        : P2P_PLAN_HTTP;
  if (last != P2P_NEVER)
    plan.http = p2p_plan_get_last (item->deadline, 0) - last;
  plan.hand = p2p_swarm_estimate (self->swarm, size);
  plan.holders = p2p_swarm_count (self->swarm, item->segment->id, size,
      last == P2P_NEVER ? P2P_NEVER : last - plan.now, &plan.coming,
      &self->wake);
  if (p2p_hybrid_loader_elects (self)) {
    plan.rank = p2p_hybrid_loader_get_rank (self, item);
    plan.peers = p2p_swarm_get_n_electors (self->swarm);
    plan.left = p2p_swarm_is_left (self->swarm,
        p2p_hybrid_loader_get_credit (self, size));
    plan.coming |= p2p_hybrid_loader_is_unsettled (self, item, plan.http);
  } else {
    plan.coming = FALSE;
  }
  step = p2p_plan_decide (&plan, &until);
  if (step == P2P_PLAN_HTTP && p2p_hybrid_loader_hopes (self, item, last))
    return P2P_PLAN_WAIT;
  if (step != P2P_PLAN_HTTP)
    self->wake = MIN (self->wake, until);
  return step;
}

/* As quickly as possible over HTTP (seed 000) is what can come no sooner, or
 * soon enough, from a peer. */
static gboolean
p2p_hybrid_loader_may_wait (P2pLoader * loader, P2pItem * item)
{
  P2pHybridLoader *self = P2P_HYBRID_LOADER (loader);
  gint64 last;

  if (item->deadline == P2P_NEVER)
    return FALSE;
  if (item->state != P2P_ITEM_P2P)
    return p2p_hybrid_loader_plan (self, item) != P2P_PLAN_HTTP;
  last = p2p_hybrid_loader_get_last (self, item);
  if (p2p_hybrid_loader_get_time (self) >= last)
    return p2p_hybrid_loader_is_sooner (self, item);
  self->wake = MIN (self->wake, last);
  return TRUE;
}

static gboolean
p2p_hybrid_loader_request (P2pHybridLoader * self, P2pItem * item,
    gboolean urgent)
{
  P2pLoader *loader = P2P_LOADER (self);
  gint64 last = p2p_hybrid_loader_get_last (self, item);
  gint64 now = p2p_hybrid_loader_get_time (self);
  gint64 late = p2p_hybrid_loader_estimate_http (self, item)
      / P2P_HYBRID_LOADER_SOONER / 2;
  /* What somebody looks at is to be of one peer, who answers for it. */
  gboolean mixes = item->kept && (!item->kept->from
      || !p2p_loader_is_looked_at (loader, item));

  if (!p2p_swarm_request (self->swarm, item->segment->id,
          item->segment->length, p2p_loader_get_expected (loader, item),
          urgent && last != P2P_NEVER ? MAX (last - now, late) : P2P_NEVER,
          urgent, mixes ? &item->kept : NULL, item->kept_of, &self->wake))
    return FALSE;
  item->state = P2P_ITEM_P2P;
  item->started = now;
  return TRUE;
}

/* Whether a peer is to be asked for a pending one. */
static gboolean
p2p_hybrid_loader_wants_peer (P2pHybridLoader * self, P2pItem * item,
    gboolean urgent)
{
  if (urgent && item->deadline == P2P_NEVER)
    return FALSE;
  return (!urgent && !p2p_hybrid_loader_elects (self))
      || p2p_hybrid_loader_plan (self, item) == P2P_PLAN_PEER;
}

/* Asks peers, for what is to be played first first. */
static void
p2p_hybrid_loader_pump_p2p (P2pHybridLoader * self)
{
  P2pLoader *loader = P2P_LOADER (self);
  const P2pSettings *settings = p2p_loader_get_settings (loader);
  guint required = settings->required_segments_count;
  GPtrArray *queue = p2p_loader_get_queue (loader);
  guint ahead = p2p_loader_count_ahead (loader, required), looked = 0;
  guint reach = p2p_hybrid_loader_get_reach (self);
  gboolean elects = p2p_hybrid_loader_elects (self);
  P2pRoom room;
  guint most;

  if (p2p_swarm_get_n_peers (self->swarm) == 0)
    return;
  most = p2p_race_get_share (loader, settings->simultaneous_p2p_downloads,
      &self->wake);
  p2p_loader_get_room (loader, &room);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);
    gboolean urgent;

    if (item->state != P2P_ITEM_PENDING)
      continue;
    urgent = p2p_loader_get_priority (loader, item) < required;
    if (p2p_swarm_get_n_requests (self->swarm) >= most
        || looked++ >= settings->buffer_segments_count
        || (!urgent && (elects ? i : ahead) >= reach))
      return;
    if (!p2p_hybrid_loader_wants_peer (self, item, urgent)
        || !p2p_loader_fits (loader, item, &room)
        || !p2p_hybrid_loader_request (self, item, urgent))
      continue;
    ahead += !urgent;
    p2p_loader_get_room (loader, &room);
  }
}

/* Whether the line, as it is tight, is to be left to who fetches item: in turn,
 * as others may need it sooner; if that is not to be expected, or a page may fetch
 * it when it likes, only what is due soon. */
static gboolean
p2p_hybrid_loader_is_urgent (P2pHybridLoader * self, P2pItem * item)
{
  gint64 http = p2p_hybrid_loader_estimate_http (self, item);

  if (!p2p_hybrid_loader_is_tight (self, item, http)
      || p2p_swarm_has (self->swarm, item->segment->id) == P2P_PEER_HAS)
    return FALSE;
  return p2p_hybrid_loader_get_last (self, item)
      - p2p_hybrid_loader_get_time (self) < P2P_HYBRID_LOADER_HOPE * http
      || (!self->disappointed && p2p_swarm_get_n_others (self->swarm) == 0
      && (p2p_hybrid_loader_get_rank (self, item) == 0
          || p2p_hybrid_loader_is_theirs (self, item)));
}

/* With nothing else to do over HTTP, the first that is ours to fetch, for all,
 * or that nobody else brings in time. Who takes no part in the election fetches
 * ahead as far as it gets, and would soon need nothing of what is near. */
static void
p2p_hybrid_loader_pump_elected (P2pHybridLoader * self)
{
  P2pLoader *loader = P2P_LOADER (self);
  GPtrArray *queue = p2p_loader_get_queue (loader);
  guint reach = p2p_swarm_get_n_others (self->swarm) > 0
      ? p2p_loader_get_settings (loader)->buffer_segments_count
      : p2p_hybrid_loader_get_reach (self);
  P2pRoom room;

  if (p2p_loader_is_http_busy (loader))
    return;
  p2p_loader_get_room (loader, &room);
  for (guint i = 0; i < MIN (queue->len, reach); i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (item->state == P2P_ITEM_P2P) {
      if (item->deadline == P2P_NEVER
          || p2p_hybrid_loader_may_wait (loader, item))
        continue;
    } else if (item->state != P2P_ITEM_PENDING
        || !p2p_loader_fits (loader, item, &room)) {
      continue;
    } else if (p2p_hybrid_loader_plan (self, item) != P2P_PLAN_HTTP) {
      if (p2p_hybrid_loader_is_urgent (self, item))
        return;
      p2p_room_reserve (&room, p2p_loader_get_expected (loader, item));
      continue;
    }
    p2p_loader_fetch (loader, item);
    return;
  }
}

static void p2p_hybrid_loader_pump (P2pLoader * loader);

static void
p2p_hybrid_loader_on_wake (gpointer data)
{
  P2pHybridLoader *self = data;

  self->wake_call = 0;
  p2p_hybrid_loader_pump (data);
}

static void
p2p_hybrid_loader_pump (P2pLoader * loader)
{
  P2pHybridLoader *self = P2P_HYBRID_LOADER (loader);
  const P2pSettings *settings = p2p_loader_get_settings (loader);
  P2pClock *clock = p2p_loader_get_world (loader)->clock;
  guint n_requests;

  p2p_swarm_set_upload_rate (self->swarm, settings->max_upload_rate);
  p2p_swarm_set_own (self->swarm, p2p_loader_get_own_id (loader));
  p2p_swarm_set_elects (self->swarm, settings->http_election
      && settings->upload && p2p_loader_get_own_id (loader));
  p2p_clock_cancel (clock, &self->wake_call);
  self->wake = P2P_NEVER;
  p2p_loader_fetch_urgent (loader, settings->required_segments_count);
  p2p_race_look (loader, self->swarm, &self->wake);
  n_requests = p2p_swarm_get_n_requests (self->swarm);
  p2p_hybrid_loader_pump_p2p (self);
  /* With more that comes from peers, HTTP has to begin sooner. */
  if (p2p_swarm_get_n_requests (self->swarm) != n_requests)
    p2p_loader_fetch_urgent (loader, settings->required_segments_count);
  if (p2p_hybrid_loader_elects (self))
    p2p_hybrid_loader_pump_elected (self);
  else
    p2p_rare_pump (loader, self->swarm, &self->last_check, &self->wake);
  if (self->wake != P2P_NEVER)
    self->wake_call = p2p_clock_call_at (clock, MAX (self->wake,
            p2p_clock_get_time (clock) + P2P_MSEC), p2p_hybrid_loader_on_wake,
        self);
}

/* What the swarm tells */

static void
p2p_hybrid_loader_on_connected (P2pPeer * peer, gpointer data)
{
  P2pHybridLoader *self = data;
  P2pNews news = { P2P_NEWS_PEER_CONNECT,.peer = peer };

  self->met = MIN (self->met, p2p_hybrid_loader_get_time (self));
  p2p_loader_tell (data, &news);
}

static void
p2p_hybrid_loader_on_closed (const char *id, gpointer data)
{
  P2pNews news = { P2P_NEWS_PEER_CLOSE,.id = id };

  p2p_loader_tell (data, &news);
}

static void
p2p_hybrid_loader_on_changed (gpointer data)
{
  P2pHybridLoader *self = P2P_HYBRID_LOADER (data);

  self->disappointed = FALSE;
  self->news = p2p_hybrid_loader_get_time (self);
  p2p_hybrid_loader_pump (data);
}

static void
p2p_hybrid_loader_list_loaded (P2pCache * cache, P2pSegment * segment,
    gpointer data)
{
  g_ptr_array_add (data, segment->id);
}

static void
p2p_hybrid_loader_on_list (GPtrArray * loaded, GPtrArray * loading,
    gpointer data)
{
  GPtrArray *queue = p2p_loader_get_queue (data);

  if (!p2p_loader_get_settings (data)->upload)
    return;
  p2p_cache_foreach (p2p_loader_get_world (data)->cache, data,
      p2p_hybrid_loader_list_loaded, loaded);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (item->state == P2P_ITEM_HTTP && !item->streaming)
      g_ptr_array_add (loading, item->segment->id);
  }
}

static void
p2p_hybrid_loader_on_piece (gsize size, gpointer data)
{
  P2pNews news = { P2P_NEWS_PIECE_BYTES_LOADED,.source = P2P_SOURCE_P2P,
    .size = size
  };

  p2p_loader_tell_size (data, &news);
}

static void
p2p_hybrid_loader_on_loaded (const char *id, P2pBody * body, gint64 elapsed,
    gpointer data)
{
  g_autoptr (P2pItem) item = p2p_item_ref (p2p_loader_lookup (data, id));

  if (item->state == P2P_ITEM_P2P)
    p2p_item_take (item, body, elapsed);
  else
    p2p_race_win (data, P2P_HYBRID_LOADER (data)->swarm, item, body);
}

static void
p2p_hybrid_loader_on_failed (const char *id, P2pBody * body, gsize of,
    gsize wasted, gpointer data)
{
  P2pItem *item = p2p_loader_lookup (data, id);

  if (item->state == P2P_ITEM_P2P)
    item->state = P2P_ITEM_PENDING;
  item->also = 0;
  p2p_item_keep (item, body, of);
  p2p_loader_get_world (data)->stats->wasted += wasted;
  p2p_hybrid_loader_pump (data);
}

static void
p2p_hybrid_loader_on_bad (gpointer data)
{
  p2p_loader_get_world (data)->stats->bad_messages++;
}

static P2pSegment *
p2p_hybrid_loader_on_wanted (const char *id, gpointer data)
{
  return p2p_loader_get_settings (data)->upload
      ? p2p_cache_get (p2p_loader_get_world (data)->cache, id) : NULL;
}

static void
p2p_hybrid_loader_on_uploaded (gsize size, gpointer data)
{
  P2pNews news = { P2P_NEWS_UPLOADED,.size = size };

  p2p_loader_tell_size (data, &news);
}

/* What a peer has as well goes before what only we have: whoever is near and asks
 * for it finds it there. */
static gboolean
p2p_hybrid_loader_is_spare (P2pSegment * segment, gpointer data)
{
  P2pSwarm *swarm = P2P_HYBRID_LOADER (data)->swarm;

  return p2p_swarm_has (swarm, segment->id) == P2P_PEER_HAS;
}

/* What the base asks for */

static void
p2p_hybrid_loader_set_up (P2pLoader * loader)
{
  static const P2pSwarmEvents events = {
    p2p_hybrid_loader_on_connected, p2p_hybrid_loader_on_closed,
    p2p_hybrid_loader_on_changed, p2p_hybrid_loader_on_list,
    p2p_hybrid_loader_on_piece, p2p_hybrid_loader_on_loaded,
    p2p_hybrid_loader_on_failed, p2p_hybrid_loader_on_bad,
    p2p_hybrid_loader_on_wanted, p2p_hybrid_loader_on_uploaded
  };
  const P2pLoaderWorld *world = p2p_loader_get_world (loader);

  P2P_HYBRID_LOADER (loader)->swarm =
      p2p_swarm_new (world->clock, world->rand, &events, loader);
  p2p_cache_set_spare (world->cache, loader, p2p_hybrid_loader_is_spare,
      loader);
}

static void
p2p_hybrid_loader_tear_down (P2pLoader * loader)
{
  P2pHybridLoader *self = P2P_HYBRID_LOADER (loader);

  p2p_clock_cancel (p2p_loader_get_world (loader)->clock, &self->wake_call);
  p2p_cache_set_spare (p2p_loader_get_world (loader)->cache, loader, NULL,
      NULL);
  g_clear_pointer (&self->swarm, p2p_swarm_free);
}

static void
p2p_hybrid_loader_add_peer (P2pLoader * loader, P2pPeer * peer)
{
  P2pSwarm *swarm = P2P_HYBRID_LOADER (loader)->swarm;

  if (p2p_swarm_get_n_peers (swarm)
      < p2p_loader_get_settings (loader)->max_peers)
    p2p_swarm_add (swarm, peer);
  else
    p2p_peer_close (peer);
}

static guint
p2p_hybrid_loader_get_n_peers (P2pLoader * loader)
{
  P2pSwarm *swarm = P2P_HYBRID_LOADER (loader)->swarm;

  return swarm ? p2p_swarm_get_n_peers (swarm) : 0;
}

void
p2p_hybrid_loader_list_peers (P2pHybridLoader * self, GPtrArray * peers)
{
  if (self->swarm)
    p2p_swarm_list_peers (self->swarm, peers);
}

static void
p2p_hybrid_loader_set_swarm (P2pLoader * loader, const char *swarm_id)
{
  P2pHybridLoader *self = P2P_HYBRID_LOADER (loader);
  P2pNews news = { P2P_NEWS_SWARM_CHANGED,.id = swarm_id };

  self->expected = 0;
  self->met = P2P_NEVER;
  self->joined = swarm_id ? p2p_hybrid_loader_get_time (self) : P2P_NEVER;
  p2p_loader_stop_p2p (loader);
  p2p_swarm_clear (self->swarm);
  p2p_loader_tell (loader, &news);
}

void
p2p_hybrid_loader_expect_peers (P2pHybridLoader * self, guint n)
{
  self->expected = n;
  p2p_hybrid_loader_pump (P2P_LOADER (self));
}

static void
p2p_hybrid_loader_holdings_changed (P2pLoader * loader)
{
  p2p_swarm_update (P2P_HYBRID_LOADER (loader)->swarm);
}

static void
p2p_hybrid_loader_stop_p2p (P2pLoader * loader, P2pItem * item)
{
  gsize of;
  P2pBody *body = p2p_swarm_cancel (P2P_HYBRID_LOADER (loader)->swarm,
      item->segment->id, &of);

  p2p_item_keep (item, body, of);
}

/* Nothing more is taken from who sent what is bad, and of what it sent. */
static void
p2p_hybrid_loader_judged (P2pLoader * loader, P2pItem * item,
    const char *peer_id, gboolean good)
{
  P2pSwarm *swarm = P2P_HYBRID_LOADER (loader)->swarm;
  GPtrArray *queue = p2p_loader_get_queue (loader);

  if (good) {
    p2p_swarm_accept (swarm, peer_id, item->segment->id);
    return;
  }
  p2p_swarm_ban (swarm, peer_id);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *other = g_ptr_array_index (queue, i);

    if (other->kept && g_strcmp0 (other->kept->from, peer_id) == 0)
      p2p_item_drop_kept (other);
  }
}

static void
p2p_hybrid_loader_forget (P2pLoader * loader, P2pItem * item)
{
  p2p_swarm_forget (P2P_HYBRID_LOADER (loader)->swarm, item->segment->id);
}

static void
p2p_hybrid_loader_class_init (P2pHybridLoaderClass * klass)
{
  P2pLoaderClass *loader_class = P2P_LOADER_CLASS (klass);

  loader_class->pump = p2p_hybrid_loader_pump;
  loader_class->set_up = p2p_hybrid_loader_set_up;
  loader_class->tear_down = p2p_hybrid_loader_tear_down;
  loader_class->add_peer = p2p_hybrid_loader_add_peer;
  loader_class->get_n_peers = p2p_hybrid_loader_get_n_peers;
  loader_class->set_swarm = p2p_hybrid_loader_set_swarm;
  loader_class->holdings_changed = p2p_hybrid_loader_holdings_changed;
  loader_class->stop_p2p = p2p_hybrid_loader_stop_p2p;
  loader_class->may_wait = p2p_hybrid_loader_may_wait;
  loader_class->judged = p2p_hybrid_loader_judged;
  loader_class->forget = p2p_hybrid_loader_forget;
}

static void
p2p_hybrid_loader_init (P2pHybridLoader * self)
{
  self->joined = self->met = self->wake = P2P_NEVER;
  /* The first chance comes at once. */
  self->last_check = G_MININT64 / 2;
}
