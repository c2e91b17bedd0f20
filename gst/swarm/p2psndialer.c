/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psndialer.h"

#include <string.h>

#include "p2pbackoff.h"

typedef enum
{
  DIAL_LISTED,                  /* told of, to be connected when there is room */
  DIAL_CONNECTING,
  DIAL_OPEN,
  DIAL_RESTING,                 /* failed, to be listed again */
} DialState;

typedef struct
{
  P2pSnDialer *dialer;
  char *peer_id;
  DialState state;
  guint timer;                  /* connecting: time-out; resting: its end */
  guint tries;                  /* that failed, in a row */

  P2pConnection *connection;    /* connecting */
  P2pConnectionRole role;
  guint n_sent, n_received;     /* candidates */
  gboolean deaf;                /* candidates are those of an offer that lost */

  GObject *peer;                /* open; a weak reference */
} Dial;

struct _P2pSnDialer
{
  P2pClock *clock;
  GRand *rand;
  P2pConnector *connector;
  guint max_peers;
  const P2pSnDialerEvents *events;
  gpointer user_data;

  char *own_id;
  gboolean online;
  GPtrArray *dials;             /* of Dial; who was told of first is first */
  guint64 n_failed;
  guint fill_timer;
  gint64 window_start;          /* of the offers counted */
  guint n_offers;
};

static void dial_on_peer_gone (gpointer user_data, GObject * peer);

/* --- one other viewer --- */

static void
dial_disconnect (Dial * dial)
{
  if (dial->connection)
    p2p_connection_close (dial->connection);
  g_clear_object (&dial->connection);
}

static void
dial_free (gpointer data)
{
  Dial *dial = data;

  p2p_clock_cancel (dial->dialer->clock, &dial->timer);
  dial_disconnect (dial);
  if (dial->peer)
    g_object_weak_unref (dial->peer, dial_on_peer_gone, dial);
  g_free (dial->peer_id);
  g_free (dial);
}

static Dial *
p2p_sn_dialer_find (P2pSnDialer * self, const char *peer_id)
{
  for (guint i = 0; i < self->dials->len; i++) {
    Dial *dial = g_ptr_array_index (self->dials, i);

    if (g_str_equal (dial->peer_id, peer_id))
      return dial;
  }
  return NULL;
}

static guint
p2p_sn_dialer_count (P2pSnDialer * self, DialState state)
{
  guint n = 0;

  for (guint i = 0; i < self->dials->len; i++)
    n += ((Dial *) g_ptr_array_index (self->dials, i))->state == state;
  return n;
}

static guint
p2p_sn_dialer_count_taken (P2pSnDialer * self)
{
  return p2p_sn_dialer_count (self, DIAL_CONNECTING)
      + p2p_sn_dialer_count (self, DIAL_OPEN);
}

/* Makes room for one more by forgetting one who is in that state. */
static gboolean
p2p_sn_dialer_make_room (P2pSnDialer * self, DialState state)
{
  if (self->dials->len < P2P_SN_MAX_KNOWN)
    return TRUE;
  for (guint i = 0; i < self->dials->len; i++) {
    Dial *dial = g_ptr_array_index (self->dials, i);

    if (dial->state == state) {
      g_ptr_array_remove_index (self->dials, i);
      return TRUE;
    }
  }
  return FALSE;
}

static Dial *
p2p_sn_dialer_add (P2pSnDialer * self, const char *peer_id)
{
  Dial *dial = g_new0 (Dial, 1);

  dial->dialer = self;
  dial->peer_id = g_strdup (peer_id);
  g_ptr_array_add (self->dials, dial);
  return dial;
}

/* --- what comes of a connection --- */

static void p2p_sn_dialer_fill_soon (P2pSnDialer * self);

static void
dial_on_rested (gpointer user_data)
{
  Dial *dial = user_data;

  dial->timer = 0;
  dial->state = DIAL_LISTED;
  p2p_sn_dialer_fill_soon (dial->dialer);
}

/* It failed, or ended. The dial may be gone after it. */
static void
dial_rest (Dial * dial, gint64 pause)
{
  P2pSnDialer *self = dial->dialer;

  dial_disconnect (dial);
  p2p_clock_cancel (self->clock, &dial->timer);
  p2p_sn_dialer_fill_soon (self);
  if (++dial->tries >= P2P_SN_MAX_TRIES) {
    g_ptr_array_remove (self->dials, dial);
    return;
  }
  dial->state = DIAL_RESTING;
  dial->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + p2p_backoff (self->rand,
          pause, P2P_SN_REDIAL_MAX, dial->tries), dial_on_rested, dial);
}

static void
dial_fail (Dial * dial)
{
  dial->dialer->n_failed++;
  dial_rest (dial, P2P_SN_REDIAL);
}

static void
dial_on_timeout (gpointer user_data)
{
  Dial *dial = user_data;

  dial->timer = 0;
  dial_fail (dial);
}

static void
dial_send (Dial * dial, P2pSnSignalType type, const char *text, const char *mid)
{
  P2pSnDialer *self = dial->dialer;
  P2pSnSignal signal = { type, dial->peer_id, (char *) text, (char *) mid };

  self->events->send (&signal, self->user_data);
}

static void
dial_on_described (P2pConnection * connection, const char *sdp,
    gpointer user_data)
{
  Dial *dial = user_data;

  dial_send (dial, dial->role == P2P_CONNECTION_OFFER ? P2P_SN_SIGNAL_OFFER
      : P2P_SN_SIGNAL_ANSWER, sdp, NULL);
}

/* That it was the last one is not told: nobody who speaks this protocol waits
 * for that. */
static void
dial_on_candidate (P2pConnection * connection, const char *candidate,
    const char *mid, gpointer user_data)
{
  Dial *dial = user_data;

  if (candidate && dial->n_sent++ < P2P_SN_MAX_CANDIDATES)
    dial_send (dial, P2P_SN_SIGNAL_CANDIDATE, candidate, mid);
}

static void
dial_on_open (P2pConnection * connection, P2pChannel * channel,
    gpointer user_data)
{
  Dial *dial = user_data;
  P2pSnDialer *self = dial->dialer;
  P2pPeer *peer = self->events->make_peer (dial->peer_id, channel,
      self->user_data);

  p2p_clock_cancel (self->clock, &dial->timer);
  g_clear_object (&dial->connection);
  dial->state = DIAL_OPEN;
  dial->tries = 0;
  dial->peer = G_OBJECT (peer);
  g_object_weak_ref (dial->peer, dial_on_peer_gone, dial);
  self->events->connected (peer, self->user_data);
  g_object_unref (peer);
}

static void
dial_on_failed (P2pConnection * connection, const GError * error,
    gpointer user_data)
{
  dial_fail (user_data);
}

static const P2pConnectionEvents connection_events = {
  dial_on_described,
  dial_on_candidate,
  dial_on_open,
  dial_on_failed,
};

static void
dial_on_peer_gone (gpointer user_data, GObject * peer)
{
  Dial *dial = user_data;
  P2pSnDialer *self = dial->dialer;

  dial->peer = NULL;
  dial_rest (dial, P2P_SN_REDIAL);
  self->events->lost (self->user_data);
}

static void
dial_connect (Dial * dial, P2pConnectionRole role)
{
  P2pSnDialer *self = dial->dialer;
  g_autofree char *label = p2p_connector_make_label (self->rand);

  p2p_clock_cancel (self->clock, &dial->timer);
  dial->state = DIAL_CONNECTING;
  dial->role = role;
  dial->n_sent = dial->n_received = 0;
  dial->deaf = FALSE;
  dial->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + P2P_SN_CONNECT_TIMEOUT,
      dial_on_timeout, dial);
  dial->connection = p2p_connector_connect (self->connector, role, TRUE, label,
      &connection_events, dial);
}

/* --- whom to connect to --- */

static void
p2p_sn_dialer_fill (gpointer user_data)
{
  P2pSnDialer *self = user_data;
  guint room = P2P_SN_SOUGHT (self->max_peers);
  guint taken = p2p_sn_dialer_count_taken (self);

  self->fill_timer = 0;
  for (guint i = 0; self->online && i < self->dials->len && taken < room; i++) {
    Dial *dial = g_ptr_array_index (self->dials, i);

    if (dial->state == DIAL_LISTED) {
      dial_connect (dial, P2P_CONNECTION_OFFER);
      taken++;
    }
  }
}

static void
p2p_sn_dialer_fill_soon (P2pSnDialer * self)
{
  if (!self->fill_timer)
    self->fill_timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock), p2p_sn_dialer_fill, self);
}

void
p2p_sn_dialer_set_max_peers (P2pSnDialer * self, guint max_peers)
{
  guint before = self->max_peers;

  self->max_peers = MIN (max_peers, P2P_SN_MAX_PEERS);
  if (self->max_peers > before)
    p2p_sn_dialer_fill_soon (self);
}

static gboolean
p2p_sn_dialer_may_answer (P2pSnDialer * self)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (now - self->window_start >= P2P_SN_OFFERS_WINDOW) {
    self->window_start = now;
    self->n_offers = 0;
  }
  return self->n_offers++ < P2P_SN_MAX_OFFERS;
}

static void
p2p_sn_dialer_answer (P2pSnDialer * self, const P2pSnSignal * signal,
    Dial * dial)
{
  if (dial && dial->state == DIAL_CONNECTING) {
    if (dial->role == P2P_CONNECTION_ANSWER)
      return;
    /* Both offered: the one with the higher id goes on with its own. */
    if (strcmp (self->own_id, dial->peer_id) > 0) {
      dial->deaf = TRUE;
      return;
    }
  } else if (p2p_sn_dialer_count_taken (self) >= self->max_peers) {
    return;
  }
  if (!p2p_sn_dialer_may_answer (self))
    return;
  if (dial)
    dial_disconnect (dial);
  else if (p2p_sn_dialer_make_room (self, DIAL_RESTING)
      || p2p_sn_dialer_make_room (self, DIAL_LISTED))
    dial = p2p_sn_dialer_add (self, signal->peer_id);
  else
    return;
  dial_connect (dial, P2P_CONNECTION_ANSWER);
  p2p_connection_set_remote (dial->connection, signal->text);
}

void
p2p_sn_dialer_receive (P2pSnDialer * self, const P2pSnSignal * signal)
{
  Dial *dial = p2p_sn_dialer_find (self, signal->peer_id);
  gboolean connecting = dial && dial->state == DIAL_CONNECTING;

  if (!self->own_id || g_str_equal (signal->peer_id, self->own_id)
      || (dial && dial->state == DIAL_OPEN))
    return;
  if (signal->type == P2P_SN_SIGNAL_OFFER) {
    p2p_sn_dialer_answer (self, signal, dial);
  } else if (!connecting) {
    return;
  } else if (signal->type == P2P_SN_SIGNAL_ANSWER) {
    dial->deaf = FALSE;
    if (dial->role == P2P_CONNECTION_OFFER)
      p2p_connection_set_remote (dial->connection, signal->text);
  } else if (signal->type == P2P_SN_SIGNAL_CANDIDATE) {
    if (!dial->deaf && dial->n_received++ < P2P_SN_MAX_CANDIDATES)
      p2p_connection_add_candidate (dial->connection, signal->text);
  } else if (signal->type == P2P_SN_SIGNAL_GONE) {
    self->n_failed++;
    dial_rest (dial, P2P_SN_RETURN);
  }
}

void
p2p_sn_dialer_learn (P2pSnDialer * self, const char *peer_id)
{
  if (g_strcmp0 (peer_id, self->own_id) == 0
      || p2p_sn_dialer_find (self, peer_id)
      || !p2p_sn_dialer_make_room (self, DIAL_RESTING))
    return;
  p2p_sn_dialer_add (self, peer_id);
  p2p_sn_dialer_fill_soon (self);
}

void
p2p_sn_dialer_set_online (P2pSnDialer * self, gboolean online)
{
  self->online = online;
  if (online)
    p2p_sn_dialer_fill_soon (self);
}

void
p2p_sn_dialer_set_own_id (P2pSnDialer * self, const char *own_id)
{
  if (g_strcmp0 (self->own_id, own_id) == 0)
    return;
  g_free (self->own_id);
  self->own_id = g_strdup (own_id);
  for (guint i = self->dials->len; i > 0; i--) {
    Dial *dial = g_ptr_array_index (self->dials, i - 1);

    if (dial->state != DIAL_OPEN)
      g_ptr_array_remove_index (self->dials, i - 1);
  }
}

guint
p2p_sn_dialer_get_n_open (P2pSnDialer * self)
{
  return p2p_sn_dialer_count (self, DIAL_OPEN);
}

guint64
p2p_sn_dialer_get_n_failed (P2pSnDialer * self)
{
  return self->n_failed;
}

gboolean
p2p_sn_dialer_is_short (P2pSnDialer * self)
{
  return p2p_sn_dialer_count_taken (self)
      <= P2P_SN_SOUGHT (self->max_peers) / 2;
}

/* --- life --- */

P2pSnDialer *
p2p_sn_dialer_new (P2pClock * clock, GRand * rand, P2pConnector * connector,
    guint max_peers, const P2pSnDialerEvents * events, gpointer user_data)
{
  P2pSnDialer *self = g_new0 (P2pSnDialer, 1);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->connector = g_object_ref (connector);
  self->max_peers = max_peers ? MIN (max_peers, P2P_SN_MAX_PEERS)
      : P2P_SN_DEFAULT_MAX_PEERS;
  self->events = events;
  self->user_data = user_data;
  self->dials = g_ptr_array_new_with_free_func (dial_free);
  return self;
}

void
p2p_sn_dialer_free (P2pSnDialer * self)
{
  g_ptr_array_unref (self->dials);
  p2p_clock_cancel (self->clock, &self->fill_timer);
  g_object_unref (self->connector);
  g_object_unref (self->clock);
  g_free (self->own_id);
  g_free (self);
}
