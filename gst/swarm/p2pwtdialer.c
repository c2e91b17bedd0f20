/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pwtdialer.h"

#include <string.h>

typedef struct _Viewer Viewer;

/* One connection, from its offer to its channel */
typedef struct
{
  P2pWtDialer *dialer;
  P2pWtWay *way;                /* by which it came; NULL: that is gone */
  Viewer *viewer;               /* NULL: an offer that nobody answered */
  P2pConnectionRole role;
  P2pConnection *connection;    /* NULL: it is open */
  P2pChannel *channel;          /* … and waits */
  guint timer;                  /* its end; or what is to be done if it waits */
  gint64 opened_at;

  P2pWtId offer_id;             /* of ours */
  char *sdp;                    /* … until it is sent */
  gboolean sent;
  char *their_offer_id;         /* JSON */
} Link;

struct _Viewer
{
  P2pWtDialer *dialer;
  P2pWtId id;
  char *text;
  Link *links[2];               /* by role; those not in use */
  GObject *peer;                /* in use; a weak reference */
  P2pConnectionRole peer_role;
  P2pChannel *channel;          /* its; a weak reference */
};

struct _P2pWtDialer
{
  P2pClock *clock;
  GRand *rand;
  P2pConnector *connector;
  P2pWtId info_hash, peer_id;
  guint max_peers;
  const P2pWtDialerEvents *events;
  gpointer user_data;

  GPtrArray *links;             /* of Link; the oldest first */
  GPtrArray *viewers;           /* of Viewer: connected, or about to be */
  guint64 n_failed;
  gint64 window_start;          /* of the answers counted */
  guint n_answers;
};

struct _P2pWtWay
{
  P2pWtDialer *dialer;
  const P2pWtWayEvents *events;
  gpointer user_data;
  gboolean gathering;
  guint timer;                  /* the end of that */
};

static void viewer_on_peer_gone (gpointer user_data, GObject * peer);
static void p2p_wt_way_check (P2pWtWay * self);

/* --- links and viewers --- */

static void
link_free (gpointer data)
{
  Link *link = data;

  p2p_clock_cancel (link->dialer->clock, &link->timer);
  if (link->viewer)
    link->viewer->links[link->role] = NULL;
  if (link->connection)
    p2p_connection_close (link->connection);
  g_clear_object (&link->connection);
  if (link->channel)
    p2p_channel_close (link->channel);
  g_clear_object (&link->channel);
  g_free (link->sdp);
  g_free (link->their_offer_id);
  g_free (link);
}

static void
viewer_free (gpointer data)
{
  Viewer *viewer = data;

  if (viewer->peer)
    g_object_weak_unref (viewer->peer, viewer_on_peer_gone, viewer);
  g_clear_weak_pointer (&viewer->channel);
  g_free (viewer->text);
  g_free (viewer);
}

static Viewer *
p2p_wt_dialer_find (P2pWtDialer * self, const P2pWtId * id)
{
  for (guint i = 0; i < self->viewers->len; i++) {
    Viewer *viewer = g_ptr_array_index (self->viewers, i);

    if (p2p_wt_id_equal (&viewer->id, id))
      return viewer;
  }
  return NULL;
}

/* Returns: (nullable): NULL if there is no room */
static Viewer *
p2p_wt_dialer_add (P2pWtDialer * self, const P2pWtId * id)
{
  Viewer *viewer;

  if (self->viewers->len >= self->max_peers)
    return NULL;
  viewer = g_new0 (Viewer, 1);
  viewer->dialer = self;
  viewer->id = *id;
  viewer->text = p2p_wt_id_to_text (id);
  g_ptr_array_add (self->viewers, viewer);
  return viewer;
}

static void
viewer_forget_if_idle (Viewer * viewer)
{
  if (!viewer->peer && !viewer->links[P2P_CONNECTION_OFFER]
      && !viewer->links[P2P_CONNECTION_ANSWER])
    g_ptr_array_remove_fast (viewer->dialer->viewers, viewer);
}

static void
link_set_timer (Link * link, gint64 delay, P2pClockFunc func)
{
  P2pClock *clock = link->dialer->clock;

  p2p_clock_cancel (clock, &link->timer);
  link->timer = p2p_clock_call_at (clock, p2p_clock_get_time (clock) + delay,
      func, link);
}

/* It is of no use any more. */
static void
link_drop (Link * link)
{
  P2pWtWay *way = link->way;
  Viewer *viewer = link->viewer;

  g_ptr_array_remove (link->dialer->links, link);
  if (viewer)
    viewer_forget_if_idle (viewer);
  else if (way)
    p2p_wt_way_check (way);
}

static void
link_fail (Link * link)
{
  link->dialer->n_failed += link->viewer != NULL;
  link_drop (link);
}

static void
link_on_timeout (gpointer user_data)
{
  Link *link = user_data;

  link->timer = 0;
  link_fail (link);
}

/* --- what is open --- */

/* Takes its channel into use. */
static void
link_hand_out (Link * link, P2pChannel * channel)
{
  P2pWtDialer *self = link->dialer;
  Viewer *viewer = link->viewer;
  P2pPeer *peer = self->events->make_peer (viewer->text, channel,
      self->user_data);

  viewer->peer = G_OBJECT (peer);
  viewer->peer_role = link->role;
  g_set_weak_pointer (&viewer->channel, channel);
  g_object_weak_ref (viewer->peer, viewer_on_peer_gone, viewer);
  g_ptr_array_remove (self->links, link);
  self->events->connected (peer, self->user_data);
  g_object_unref (peer);
}

static gboolean
viewer_was_heard (Viewer * viewer)
{
  P2pChannelStats stats = { 0 };

  if (viewer->channel)
    p2p_channel_get_stats (viewer->channel, &stats);
  return stats.messages_received > 0;
}

/* Whether that of the two is to be kept which is in use. */
static gboolean
viewer_is_settled (Viewer * viewer)
{
  gboolean we_are_higher = memcmp (viewer->dialer->peer_id.bytes,
      viewer->id.bytes, P2P_WT_ID_SIZE) > 0;

  return viewer->peer_role == (we_are_higher ? P2P_CONNECTION_OFFER
      : P2P_CONNECTION_ANSWER);
}

/* Of one that waits */
static void
link_on_settle (gpointer user_data)
{
  Link *link = user_data;
  gint64 age = p2p_clock_get_time (link->dialer->clock) - link->opened_at;

  link->timer = 0;
  if (viewer_was_heard (link->viewer) || viewer_is_settled (link->viewer)
      || age >= P2P_WT_SETTLE_MAX)
    link_drop (link);
  else
    link_set_timer (link, P2P_WT_SETTLE, link_on_settle);
}

/* The one that was in use is gone. */
static void
link_on_turn (gpointer user_data)
{
  Link *link = user_data;
  g_autoptr (P2pChannel) channel = NULL;

  link->timer = 0;
  if (link->viewer->peer) {
    link_set_timer (link, P2P_WT_SETTLE, link_on_settle);
    return;
  }
  channel = g_steal_pointer (&link->channel);
  link_hand_out (link, channel);
}

static void
viewer_on_peer_gone (gpointer user_data, GObject * peer)
{
  Viewer *viewer = user_data;
  P2pWtDialer *self = viewer->dialer;

  viewer->peer = NULL;
  g_clear_weak_pointer (&viewer->channel);
  for (guint i = 0; i < G_N_ELEMENTS (viewer->links); i++)
    if (viewer->links[i] && viewer->links[i]->channel)
      link_set_timer (viewer->links[i], 0, link_on_turn);
  viewer_forget_if_idle (viewer);
  self->events->lost (self->user_data);
}

/* --- what comes of a connection --- */

static void
link_on_described (P2pConnection * connection, const char *sdp,
    gpointer user_data)
{
  Link *link = user_data;
  P2pJsonSlice offer_id;

  if (link->role == P2P_CONNECTION_OFFER) {
    link->sdp = g_strdup (sdp);
    p2p_wt_way_check (link->way);
    return;
  }
  link->sent = TRUE;
  offer_id.text = link->their_offer_id;
  offer_id.size = strlen (link->their_offer_id);
  link->way->events->answer (&link->viewer->id, &offer_id, sdp,
      link->way->user_data);
}

static void
link_on_candidate (P2pConnection * connection, const char *candidate,
    const char *mid, gpointer user_data)
{
}

static void
link_on_open (P2pConnection * connection, P2pChannel * channel,
    gpointer user_data)
{
  Link *link = user_data;

  p2p_clock_cancel (link->dialer->clock, &link->timer);
  g_clear_object (&link->connection);
  if (!link->viewer->peer) {
    link_hand_out (link, channel);
    return;
  }
  link->channel = g_object_ref (channel);
  link->opened_at = p2p_clock_get_time (link->dialer->clock);
  link_set_timer (link, viewer_was_heard (link->viewer) ? 0 : P2P_WT_SETTLE,
      link_on_settle);
}

static void
link_on_failed (P2pConnection * connection, const GError * error,
    gpointer user_data)
{
  link_fail (user_data);
}

static const P2pConnectionEvents connection_events = {
  link_on_described,
  link_on_candidate,
  link_on_open,
  link_on_failed,
};

static Link *
link_new (P2pWtWay * way, P2pConnectionRole role, gint64 life)
{
  P2pWtDialer *self = way->dialer;
  g_autofree char *label = p2p_connector_make_label (self->rand);
  Link *link = g_new0 (Link, 1);

  link->dialer = self;
  link->way = way;
  link->role = role;
  g_ptr_array_add (self->links, link);
  link_set_timer (link, life, link_on_timeout);
  link->connection = p2p_connector_connect (self->connector, role, FALSE,
      label, &connection_events, link);
  return link;
}

static void
link_set_viewer (Link * link, Viewer * viewer)
{
  link->viewer = viewer;
  viewer->links[link->role] = link;
}

/* --- offers made ahead --- */

static gboolean
link_is_ahead_of (Link * link, P2pWtWay * way)
{
  return link->way == way && link->role == P2P_CONNECTION_OFFER
      && !link->viewer;
}

/* Drops the first n that nobody answered; of those not sent, if unsent. */
static void
p2p_wt_way_drop_offers (P2pWtWay * self, guint n, gboolean unsent)
{
  GPtrArray *links = self->dialer->links;

  for (guint i = 0; i < links->len && n > 0;) {
    Link *link = g_ptr_array_index (links, i);

    if (link_is_ahead_of (link, self) && !(unsent && link->sent)) {
      g_ptr_array_remove_index (links, i);
      n--;
    } else {
      i++;
    }
  }
}

static guint
p2p_wt_way_count_offers (P2pWtWay * self)
{
  GPtrArray *links = self->dialer->links;
  guint n = 0;

  for (guint i = 0; i < links->len; i++)
    n += link_is_ahead_of (g_ptr_array_index (links, i), self);
  return n;
}

/* All that are described, to be sent now. strings: gets the descriptions. */
static GArray *
p2p_wt_way_take_offers (P2pWtWay * self, GPtrArray * strings)
{
  GPtrArray *links = self->dialer->links;
  GArray *offers = g_array_new (FALSE, FALSE, sizeof (P2pWtAhead));

  for (guint i = 0; i < links->len; i++) {
    Link *link = g_ptr_array_index (links, i);
    P2pWtAhead offer = { link->offer_id, link->sdp };

    if (!link_is_ahead_of (link, self) || !link->sdp)
      continue;
    g_ptr_array_add (strings, g_steal_pointer (&link->sdp));
    g_array_append_val (offers, offer);
    link->sent = TRUE;
    link_set_timer (link, P2P_WT_OFFER_LIFE, link_on_timeout);
  }
  return offers;
}

static void
p2p_wt_way_finish (gpointer user_data)
{
  P2pWtWay *self = user_data;
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) offers = p2p_wt_way_take_offers (self, strings);

  p2p_clock_cancel (self->dialer->clock, &self->timer);
  self->gathering = FALSE;
  p2p_wt_way_drop_offers (self, G_MAXUINT, TRUE);
  self->events->offers ((P2pWtAhead *) offers->data, offers->len,
      self->user_data);
}

/* Whether there is any to wait for */
static void
p2p_wt_way_check (P2pWtWay * self)
{
  GPtrArray *links = self->dialer->links;

  for (guint i = 0; i < links->len; i++) {
    Link *link = g_ptr_array_index (links, i);

    if (link_is_ahead_of (link, self) && !link->sent && !link->sdp)
      return;
  }
  if (self->gathering)
    p2p_wt_way_finish (self);
}

void
p2p_wt_way_make_offers (P2pWtWay * self, guint n_offers)
{
  P2pWtDialer *dialer = self->dialer;
  guint sought = P2P_WT_SOUGHT (dialer->max_peers), n, room;
  gint64 now = p2p_clock_get_time (dialer->clock);

  n = MIN (n_offers, P2P_WT_MAX_AHEAD);
  n = dialer->viewers->len < sought ? MIN (n, sought - dialer->viewers->len)
      : 0;
  p2p_wt_way_drop_offers (self, G_MAXUINT, TRUE);
  room = P2P_WT_MAX_AHEAD - p2p_wt_way_count_offers (self);
  if (n > room)
    p2p_wt_way_drop_offers (self, n - room, FALSE);
  for (guint i = 0; i < n; i++) {
    Link *link = link_new (self, P2P_CONNECTION_OFFER, 2 * P2P_WT_GATHER);

    for (guint j = 0; j < P2P_WT_ID_SIZE; j++)
      link->offer_id.bytes[j] = g_rand_int_range (dialer->rand, 0, 256);
  }
  self->gathering = TRUE;
  p2p_clock_cancel (dialer->clock, &self->timer);
  self->timer = p2p_clock_call_at (dialer->clock,
      now + (n ? P2P_WT_GATHER : 0), p2p_wt_way_finish, self);
}

/* --- offers and answers of others --- */

static gboolean
p2p_wt_dialer_may_answer (P2pWtDialer * self)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (now - self->window_start >= P2P_WT_ANSWERS_WINDOW) {
    self->window_start = now;
    self->n_answers = 0;
  }
  return self->n_answers++ < P2P_WT_MAX_ANSWERS;
}

/* Whoever answered an offer of ours, or is connected, need not be answered. */
static void
p2p_wt_way_take_offer (P2pWtWay * self, const P2pWtId * from,
    const P2pWtMessage * message)
{
  g_autofree char *sdp = p2p_wt_dup_sdp (&message->offer);
  const P2pJsonSlice *offer_id = &message->offer_id;
  Viewer *viewer;
  Link *link;

  if (!sdp || !offer_id->text || offer_id->size > P2P_WT_MAX_OFFER_ID
      || p2p_wt_dialer_find (self->dialer, from)
      || !p2p_wt_dialer_may_answer (self->dialer))
    return;
  viewer = p2p_wt_dialer_add (self->dialer, from);
  if (!viewer)
    return;
  link = link_new (self, P2P_CONNECTION_ANSWER, P2P_WT_CONNECT_TIMEOUT);
  link->their_offer_id = g_strndup (offer_id->text, offer_id->size);
  link_set_viewer (link, viewer);
  p2p_connection_set_remote (link->connection, sdp);
}

/* Returns: (nullable): the offer, if it was sent and nobody answered it */
static Link *
p2p_wt_way_find_offer (P2pWtWay * self, const P2pJsonSlice * offer_id)
{
  GPtrArray *links = self->dialer->links;
  P2pWtId id;

  if (!p2p_wt_id_read (&id, offer_id))
    return NULL;
  for (guint i = 0; i < links->len; i++) {
    Link *link = g_ptr_array_index (links, i);

    if (link_is_ahead_of (link, self) && link->sent
        && p2p_wt_id_equal (&link->offer_id, &id))
      return link;
  }
  return NULL;
}

static void
p2p_wt_way_take_answer (P2pWtWay * self, const P2pWtId * from,
    const P2pWtMessage * message)
{
  g_autofree char *sdp = p2p_wt_dup_sdp (&message->answer);
  Link *link = p2p_wt_way_find_offer (self, &message->offer_id);
  Viewer *viewer;

  if (!sdp || !link)
    return;
  viewer = p2p_wt_dialer_find (self->dialer, from);
  if (!viewer)
    viewer = p2p_wt_dialer_add (self->dialer, from);
  if (!viewer || viewer->peer || viewer->links[P2P_CONNECTION_OFFER]) {
    g_ptr_array_remove (self->dialer->links, link);
    return;
  }
  link_set_viewer (link, viewer);
  link_set_timer (link, P2P_WT_CONNECT_TIMEOUT, link_on_timeout);
  p2p_connection_set_remote (link->connection, sdp);
}

void
p2p_wt_way_receive (P2pWtWay * self, const P2pWtMessage * message)
{
  P2pWtId from;

  if (!p2p_wt_id_read (&from, &message->peer_id)
      || p2p_wt_id_equal (&from, &self->dialer->peer_id))
    return;
  if (message->offer.text)
    p2p_wt_way_take_offer (self, &from, message);
  else if (message->answer.text)
    p2p_wt_way_take_answer (self, &from, message);
}

/* --- life --- */

P2pWtWay *
p2p_wt_way_new (P2pWtDialer * dialer, const P2pWtWayEvents * events,
    gpointer user_data)
{
  P2pWtWay *self = g_new0 (P2pWtWay, 1);

  self->dialer = dialer;
  self->events = events;
  self->user_data = user_data;
  return self;
}

/* What still needs it goes too. */
void
p2p_wt_way_free (P2pWtWay * self)
{
  P2pWtDialer *dialer = self->dialer;

  p2p_clock_cancel (dialer->clock, &self->timer);
  p2p_wt_way_drop_offers (self, G_MAXUINT, FALSE);
  for (guint i = dialer->links->len; i > 0; i--) {
    Link *link = g_ptr_array_index (dialer->links, i - 1);

    if (link->way != self)
      continue;
    link->way = NULL;
    if (link->role == P2P_CONNECTION_ANSWER && !link->sent)
      link_drop (link);
  }
  g_free (self);
}

P2pWtDialer *
p2p_wt_dialer_new (P2pClock * clock, GRand * rand, P2pConnector * connector,
    const P2pWtId * info_hash, const P2pWtId * peer_id, guint max_peers,
    const P2pWtDialerEvents * events, gpointer user_data)
{
  P2pWtDialer *self = g_new0 (P2pWtDialer, 1);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->connector = g_object_ref (connector);
  self->info_hash = *info_hash;
  self->peer_id = *peer_id;
  self->max_peers = MIN (max_peers, P2P_WT_MAX_PEERS);
  self->events = events;
  self->user_data = user_data;
  self->links = g_ptr_array_new_with_free_func (link_free);
  self->viewers = g_ptr_array_new_with_free_func (viewer_free);
  return self;
}

void
p2p_wt_dialer_free (P2pWtDialer * self)
{
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->viewers);
  g_object_unref (self->connector);
  g_object_unref (self->clock);
  g_free (self);
}

const P2pWtId *
p2p_wt_dialer_get_info_hash (P2pWtDialer * self)
{
  return &self->info_hash;
}

const P2pWtId *
p2p_wt_dialer_get_peer_id (P2pWtDialer * self)
{
  return &self->peer_id;
}

void
p2p_wt_dialer_set_max_peers (P2pWtDialer * self, guint max_peers)
{
  self->max_peers = MIN (max_peers, P2P_WT_MAX_PEERS);
}

guint
p2p_wt_dialer_get_n_open (P2pWtDialer * self)
{
  guint n = 0;

  for (guint i = 0; i < self->viewers->len; i++)
    n += ((Viewer *) g_ptr_array_index (self->viewers, i))->peer != NULL;
  return n;
}

guint64
p2p_wt_dialer_get_n_failed (P2pWtDialer * self)
{
  return self->n_failed;
}
