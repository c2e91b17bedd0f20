/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceconnection.h"

#include "p2perror.h"
#include "p2pnicechannel.h"

#include <string.h>

/* Nothing is told from inside the caller's calls: they only leave what there is
 * to do, for the clock's next turn. Whoever is told may unref the connection, so
 * that telling is the last thing that is done. */
struct _P2pNiceConnection
{
  GObject parent;

  P2pNiceHub *hub;
  P2pConnectionRole role;
  gboolean trickle;
  char *label;
  const P2pConnectionEvents *events;    /* NULL: ended */
  gpointer user_data;

  P2pNiceTransport *transport;  /* NULL: not begun, or ended */
  guint turn, timeout, gather_timeout;

  char *remote_text;            /* to be read */
  P2pNiceSdp *remote;           /* once it was */
  GArray *remote_candidates;    /* of P2pNiceCandidate, to be used */
  guint n_candidates;           /* all that came */
  gboolean remote_ended;        /* no more come … */
  gboolean told_remote_ended;   /* … and ICE knows */

  P2pNiceSdp *local;
  gboolean gathering, described;
  gboolean client;              /* of DTLS */
};

static void p2p_nice_connection_iface_init (P2pConnectionInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pNiceConnection, p2p_nice_connection,
    G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (P2P_TYPE_CONNECTION,
        p2p_nice_connection_iface_init))
/* *INDENT-ON* */

static void
end (P2pNiceConnection * self)
{
  self->events = NULL;
  p2p_clock_cancel (self->hub->clock, &self->turn);
  p2p_clock_cancel (self->hub->clock, &self->timeout);
  p2p_clock_cancel (self->hub->clock, &self->gather_timeout);
  if (self->transport)
    p2p_nice_transport_close (g_steal_pointer (&self->transport));
}

static void
fail (P2pNiceConnection * self, const GError * error)
{
  const P2pConnectionEvents *events = self->events;

  end (self);
  if (events)
    events->failed (P2P_CONNECTION (self), error, self->user_data);
}

static void
fail_literal (P2pNiceConnection * self, P2pError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR, code, text);

  fail (self, error);
}

static void
on_timeout (gpointer user_data)
{
  P2pNiceConnection *self = user_data;

  self->timeout = 0;
  fail_literal (self, P2P_ERROR_TIMEOUT, self->remote
      ? "No connection to the peer came about in time"
      : "The peer has not described itself in time");
}

static void
set_timeout (P2pNiceConnection * self, gint64 time)
{
  p2p_clock_cancel (self->hub->clock, &self->timeout);
  self->timeout = p2p_clock_call_at (self->hub->clock,
      p2p_clock_get_time (self->hub->clock) + time, on_timeout, self);
}

/* Our description */

static void
describe (P2pNiceConnection * self)
{
  g_autofree char *text = NULL;

  if (self->described || !self->events)
    return;
  self->described = TRUE;
  p2p_clock_cancel (self->hub->clock, &self->gather_timeout);
  text = p2p_nice_sdp_write (self->local);
  self->events->described (P2P_CONNECTION (self), text, self->user_data);
}

static void
on_gather_timeout (gpointer user_data)
{
  P2pNiceConnection *self = user_data;

  self->gather_timeout = 0;
  describe (self);
}

static void
gather (P2pNiceConnection * self)
{
  self->gathering = TRUE;
  if (!self->trickle)
    self->gather_timeout = p2p_clock_call_at (self->hub->clock,
        p2p_clock_get_time (self->hub->clock) + P2P_NICE_CONNECTION_GATHER,
        on_gather_timeout, self);
  p2p_nice_transport_gather (self->transport);
}

static void
on_candidate (const P2pNiceCandidate * candidate, gpointer user_data)
{
  P2pNiceConnection *self = user_data;
  g_autofree char *text = NULL;

  if (!self->gathering)
    return;
  if (self->trickle) {
    text = candidate ? p2p_nice_candidate_write (candidate) : NULL;
    self->events->candidate (P2P_CONNECTION (self), text, self->local->mid,
        self->user_data);
  } else if (candidate)
    g_array_append_vals (self->local->candidates, candidate, 1);
  else
    describe (self);
}

/* The channel */

static void
open_channel (P2pNiceConnection * self, guint16 stream)
{
  const P2pConnectionEvents *events = self->events;
  g_autoptr (P2pNiceChannel) channel = NULL;

  channel = p2p_nice_channel_new (self->hub->clock,
      g_steal_pointer (&self->transport), stream, self->remote->max_message);
  end (self);
  events->open (P2P_CONNECTION (self), P2P_CHANNEL (channel), self->user_data);
}

/* Messages may follow at once: they cannot overtake the OPEN. */
static void
on_up (gboolean client, gpointer user_data)
{
  P2pNiceConnection *self = user_data;
  guint16 stream = p2p_nice_dcep_first_stream (client);
  g_autoptr (GBytes) message = NULL;

  self->client = client;
  if (self->role != P2P_CONNECTION_OFFER)
    return;
  message = p2p_nice_dcep_write_open (self->label);
  p2p_nice_transport_send (self->transport, stream, P2P_NICE_PPID_DCEP,
      message);
  open_channel (self, stream);
}

static void
on_message (guint16 stream, P2pNicePpid ppid, GBytes * bytes,
    gpointer user_data)
{
  P2pNiceConnection *self = user_data;
  g_autoptr (GBytes) ack = NULL;
  P2pNiceDcep dcep;

  if (ppid != P2P_NICE_PPID_DCEP)
    return;
  p2p_nice_dcep_parse (&dcep, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  if (dcep.type != P2P_NICE_DCEP_OPEN || !dcep.reliable
      || !p2p_nice_dcep_owns_stream (!self->client, stream))
    fail_literal (self, P2P_ERROR_PEER,
        "The peer opens no channel that is reliable and in order");
  else {
    ack = p2p_nice_dcep_write_ack ();
    p2p_nice_transport_send (self->transport, stream, P2P_NICE_PPID_DCEP, ack);
    open_channel (self, stream);
  }
  p2p_nice_dcep_clear (&dcep);
}

static void
on_reset (guint16 stream, gpointer user_data)
{
}

static void
on_sent (gpointer user_data)
{
}

static void
on_closed (const GError * error, gpointer user_data)
{
  P2pNiceConnection *self = user_data;

  self->transport = NULL;
  if (error)
    fail (self, error);
  else
    fail_literal (self, P2P_ERROR_GONE, "The peer went");
}

static const P2pNiceTransportEvents transport_events = {
  on_candidate,
  on_up,
  on_message,
  on_reset,
  on_sent,
  on_closed,
};

/* What the peer says */

/* Returns: FALSE if both want to, or none */
static gboolean
choose_setup (P2pNiceConnection * self)
{
  P2pNiceSetup setup = self->remote->setup;

  if (self->role == P2P_CONNECTION_OFFER)
    self->client = setup == P2P_NICE_SETUP_PASSIVE;
  else
    self->client = setup != P2P_NICE_SETUP_ACTIVE;
  if (self->role == P2P_CONNECTION_ANSWER)
    self->local->setup = self->client ? P2P_NICE_SETUP_ACTIVE
        : P2P_NICE_SETUP_PASSIVE;
  return self->role == P2P_CONNECTION_ANSWER || setup != P2P_NICE_SETUP_ACTPASS;
}

static void
read_remote (P2pNiceConnection * self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_steal_pointer (&self->remote_text);
  GArray *candidates;

  self->remote = p2p_nice_sdp_parse (text, &error);
  if (!self->remote) {
    fail (self, error);
    return;
  }
  if (!choose_setup (self)) {
    fail_literal (self, P2P_ERROR_PEER,
        "The peer's answer does not say who opens DTLS");
    return;
  }
  if (self->role == P2P_CONNECTION_ANSWER) {
    g_free (self->local->mid);
    self->local->mid = g_strdup (self->remote->mid);
  }
  candidates = self->remote->candidates;
  g_array_append_vals (self->remote_candidates, candidates->data,
      candidates->len);
  if (!self->remote->trickle && candidates->len > 0)
    self->remote_ended = TRUE;
  set_timeout (self, P2P_NICE_CONNECTION_TIMEOUT);
  p2p_nice_transport_set_remote (self->transport, self->remote, self->client);
}

static void
use_candidates (P2pNiceConnection * self)
{
  P2pNiceTransport *transport = self->transport;
  g_autoptr (GArray) candidates = g_steal_pointer (&self->remote_candidates);
  gboolean ended = self->remote_ended && !self->told_remote_ended;

  self->remote_candidates = g_array_new (FALSE, FALSE,
      sizeof (P2pNiceCandidate));
  self->told_remote_ended |= ended;
  for (guint i = 0; i < candidates->len; i++)
    p2p_nice_transport_add_candidate (transport, &g_array_index (candidates,
            P2pNiceCandidate, i));
  if (ended)
    p2p_nice_transport_end_candidates (transport);
}

static void
begin (P2pNiceConnection * self)
{
  self->transport = p2p_nice_transport_new (self->hub,
      self->role == P2P_CONNECTION_OFFER, &transport_events, self);
  p2p_nice_transport_describe (self->transport, self->local);
  set_timeout (self, P2P_NICE_CONNECTION_WAIT);
}

static void on_turn (gpointer user_data);

static void
turn_later (P2pNiceConnection * self)
{
  if (!self->turn)
    self->turn = p2p_clock_call_at (self->hub->clock,
        p2p_clock_get_time (self->hub->clock), on_turn, self);
}

/* One step, since each may tell. */
static void
on_turn (gpointer user_data)
{
  P2pNiceConnection *self = user_data;

  self->turn = 0;
  if (!self->transport)
    begin (self);
  turn_later (self);
  if (self->remote_text)
    read_remote (self);
  else if (self->role == P2P_CONNECTION_ANSWER && !self->remote)
    p2p_clock_cancel (self->hub->clock, &self->turn);
  else if (self->trickle && !self->described)
    describe (self);
  else if (!self->gathering)
    gather (self);
  else {
    p2p_clock_cancel (self->hub->clock, &self->turn);
    if (self->remote)
      use_candidates (self);
  }
}

P2pNiceConnection *
p2p_nice_connection_new (P2pNiceHub * hub, P2pConnectionRole role,
    gboolean trickle, const char *label, const P2pConnectionEvents * events,
    gpointer user_data)
{
  P2pNiceConnection *self = g_object_new (P2P_TYPE_NICE_CONNECTION, NULL);

  self->hub = p2p_nice_hub_ref (hub);
  self->role = role;
  self->trickle = trickle;
  self->label = g_strdup (label ? label : "");
  self->events = events;
  self->user_data = user_data;
  self->local->trickle = trickle;
  turn_later (self);
  return self;
}

/* The interface */

static void
p2p_nice_connection_set_remote (P2pConnection * connection, const char *sdp)
{
  P2pNiceConnection *self = P2P_NICE_CONNECTION (connection);

  if (!self->events || self->remote_text || self->remote)
    return;
  /* No more than what makes it too long to be read. */
  self->remote_text = g_strndup (sdp, P2P_NICE_SDP_MAX_SIZE);
  turn_later (self);
}

static void
p2p_nice_connection_add_candidate (P2pConnection * connection, const char *text)
{
  P2pNiceConnection *self = P2P_NICE_CONNECTION (connection);
  P2pNiceCandidate candidate;

  if (!self->events)
    return;
  if (text == NULL || text[0] == '\0')
    self->remote_ended = TRUE;
  else if (self->n_candidates < P2P_NICE_SDP_MAX_CANDIDATES
      && p2p_nice_candidate_parse (&candidate, text)) {
    self->n_candidates++;
    g_array_append_val (self->remote_candidates, candidate);
  } else
    return;
  turn_later (self);
}

static void
p2p_nice_connection_close (P2pConnection * connection)
{
  end (P2P_NICE_CONNECTION (connection));
}

static void
p2p_nice_connection_iface_init (P2pConnectionInterface * iface)
{
  iface->set_remote = p2p_nice_connection_set_remote;
  iface->add_candidate = p2p_nice_connection_add_candidate;
  iface->close = p2p_nice_connection_close;
}

static void
p2p_nice_connection_finalize (GObject * object)
{
  P2pNiceConnection *self = P2P_NICE_CONNECTION (object);

  end (self);
  g_free (self->label);
  g_free (self->remote_text);
  g_clear_pointer (&self->remote, p2p_nice_sdp_free);
  p2p_nice_sdp_free (self->local);
  g_array_unref (self->remote_candidates);
  p2p_nice_hub_unref (self->hub);
  G_OBJECT_CLASS (p2p_nice_connection_parent_class)->finalize (object);
}

static void
p2p_nice_connection_class_init (P2pNiceConnectionClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_nice_connection_finalize;
}

static void
p2p_nice_connection_init (P2pNiceConnection * self)
{
  self->local = p2p_nice_sdp_new ();
  self->local->mid = g_strdup ("0");
  self->remote_candidates = g_array_new (FALSE, FALSE,
      sizeof (P2pNiceCandidate));
  self->local->session_id = (guint64) g_random_int () << 31 | g_random_int ();
}
