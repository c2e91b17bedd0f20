/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicetransport.h"

#include "p2perror.h"
#include "p2pnicedtls.h"
#include "p2pniceice.h"
#include "p2pniceprobe.h"
#include "p2pnicesctp.h"

#include <string.h>

/* What is under the owner of a transport may not go while it is on the stack:
 * it is freed by the main loop, after close(). */
struct _P2pNiceTransport
{
  P2pNiceHub *hub;
  const P2pNiceTransportEvents *events; /* NULL: closed, or lingering */
  gpointer user_data;

  P2pNiceIce *ice;
  P2pNiceDtls *dtls;
  P2pNiceSctp *sctp;

  gboolean closed, client, dtls_started, up;
  guint8 fingerprint[P2P_NICE_FINGERPRINT_SIZE];        /* of the peer */
  guint16 remote_port;          /* 0: nothing is known of the peer */
  P2pNiceProbe probe;
  guint mtu;                    /* of SCTP, as far as is known */
  guint grace;                  /* since ICE failed */
  gint64 active;                /* when there was something to send */
  guint rest;
  gint64 heard;                 /* when something of the peer's came, once up */
  guint silence;
  guint linger;

  GQueue batches;               /* of P2pNiceBatch; the last is filled */
  gboolean to_flush;            /* the hub is to call */
  gsize unanswered;             /* bytes that came since */
  guint retry;
};

/* Sending */

static void on_retry (gpointer user_data);

/* Returns: whether all went */
static gboolean
flush (P2pNiceTransport * self)
{
  P2pNiceBatch *batch;

  self->unanswered = 0;
  while ((batch = g_queue_peek_head (&self->batches))) {
    p2p_nice_ice_send (self->ice, batch);
    if (!p2p_nice_batch_is_empty (batch)) {
      if (!self->retry)
        self->retry = p2p_clock_call_at (self->hub->clock,
            p2p_clock_get_time (self->hub->clock) + P2P_NICE_TRANSPORT_RETRY,
            on_retry, self);
      return FALSE;
    }
    p2p_nice_hub_return_batch (self->hub, g_queue_pop_head (&self->batches));
  }
  return TRUE;
}

static void
on_retry (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  self->retry = 0;
  flush (self);
}

/* Nothing was said for some time: memory is for those who have more to say. */
static void
on_rest (gpointer user_data)
{
  P2pNiceTransport *self = user_data;
  gint64 until = self->active + P2P_NICE_TRANSPORT_REST;

  self->rest = 0;
  if (p2p_clock_get_time (self->hub->clock) < until)
    self->rest = p2p_clock_call_at (self->hub->clock, until, on_rest, self);
  else
    p2p_nice_ice_rest (self->ice);
}

static void
on_flush (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  self->to_flush = FALSE;
  if (!self->retry)
    flush (self);
  p2p_nice_dtls_rest (self->dtls);
  self->active = p2p_clock_get_time (self->hub->clock);
  if (self->up && !self->rest)
    self->rest = p2p_clock_call_at (self->hub->clock,
        self->active + P2P_NICE_TRANSPORT_REST, on_rest, self);
}

/* A datagram waits for the others of this turn. */
static void
on_dtls_output (const guint8 * data, gsize size, gpointer user_data)
{
  P2pNiceTransport *self = user_data;
  P2pNiceBatch *batch = g_queue_peek_tail (&self->batches);

  if (!batch || p2p_nice_batch_is_full (batch)) {
    if (self->batches.length == P2P_NICE_TRANSPORT_MAX_BATCHES)
      return;
    batch = p2p_nice_hub_take_batch (self->hub);
    g_queue_push_tail (&self->batches, batch);
  }
  p2p_nice_batch_add (batch, data, size);
  if (p2p_nice_batch_is_full (batch) && !self->retry)
    flush (self);
  else if (!self->to_flush) {
    self->to_flush = TRUE;
    p2p_nice_hub_flush_later (self->hub, on_flush, self);
  }
}

static void
on_sctp_output (const guint8 * data, gsize size, gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  p2p_nice_dtls_send (self->dtls, data, size);
}

/* The end */

static gboolean
on_free (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  p2p_nice_sctp_free (self->sctp);
  p2p_nice_dtls_free (self->dtls);
  p2p_nice_ice_free (self->ice);
  g_queue_clear_full (&self->batches, p2p_nice_batch_free);
  p2p_nice_hub_unref (self->hub);
  g_free (self);
  return G_SOURCE_REMOVE;
}

void
p2p_nice_transport_close (P2pNiceTransport * self)
{
  g_autoptr (GSource) source = NULL;

  if (self->closed)
    return;
  self->closed = TRUE;
  self->events = NULL;
  p2p_nice_sctp_close (self->sctp);
  p2p_nice_dtls_close (self->dtls);
  flush (self);
  p2p_clock_cancel (self->hub->clock, &self->retry);
  p2p_clock_cancel (self->hub->clock, &self->grace);
  p2p_clock_cancel (self->hub->clock, &self->rest);
  p2p_clock_cancel (self->hub->clock, &self->silence);
  p2p_clock_cancel (self->hub->clock, &self->linger);
  p2p_nice_hub_forget (self->hub, self);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_free, self, NULL);
  g_source_attach (source, self->hub->context);
}

static void
on_linger (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  self->linger = 0;
  p2p_nice_transport_close (self);
}

static void
on_hub_end (gpointer user_data)
{
  p2p_nice_transport_close (user_data);
}

void
p2p_nice_transport_finish (P2pNiceTransport * self)
{
  self->events = NULL;
  if (!self->up || p2p_nice_sctp_is_drained (self->sctp)
      || !p2p_nice_hub_at_end (self->hub, on_hub_end, self)) {
    p2p_nice_transport_close (self);
    return;
  }
  self->linger = p2p_clock_call_at (self->hub->clock,
      p2p_clock_get_time (self->hub->clock) + P2P_NICE_TRANSPORT_LINGER,
      on_linger, self);
}

static void
end (P2pNiceTransport * self, const GError * error)
{
  const P2pNiceTransportEvents *events = self->events;
  gpointer user_data = self->user_data;

  if (self->closed)
    return;
  p2p_nice_transport_close (self);
  if (events)
    events->closed (error, user_data);
}

static void
fail (P2pNiceTransport * self, P2pError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR, code, text);

  end (self, error);
}

static void
on_silence (gpointer user_data)
{
  P2pNiceTransport *self = user_data;
  gint64 until = self->heard + P2P_NICE_TRANSPORT_SILENCE;

  self->silence = 0;
  if (p2p_clock_get_time (self->hub->clock) < until)
    self->silence =
        p2p_clock_call_at (self->hub->clock, until, on_silence, self);
  else
    fail (self, P2P_ERROR_GONE, "The peer does not answer any more");
}

/* SCTP */

static void
on_sctp_up (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  self->up = TRUE;
  on_silence (self);
  if (self->events)
    self->events->up (self->client, self->user_data);
}

static void
on_sctp_message (guint16 stream, P2pNicePpid ppid, GBytes * bytes,
    gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (self->events)
    self->events->message (stream, ppid, bytes, self->user_data);
}

static void
on_sctp_reset (guint16 stream, gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (self->events)
    self->events->reset (stream, self->user_data);
}

static void
on_sctp_sent (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (self->events)
    self->events->sent (self->user_data);
}

static void
on_sctp_closed (const GError * error, gpointer user_data)
{
  end (user_data, error);
}

static const P2pNiceSctpEvents sctp_events = {
  on_sctp_output,
  on_sctp_up,
  on_sctp_message,
  on_sctp_reset,
  on_sctp_sent,
  on_sctp_closed,
};

/* DTLS */

static void
on_dtls_connected (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (!self->closed && !p2p_nice_sctp_connect (self->sctp,
          P2P_NICE_SDP_DEFAULT_PORT, self->remote_port, self->mtu))
    fail (self, P2P_ERROR_CONNECT, "No association of SCTP could be made");
}

static void
on_dtls_packet (const guint8 * data, gsize size, gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (self->closed)
    return;
  self->heard = p2p_clock_get_time (self->hub->clock);
  p2p_nice_sctp_input (self->sctp, data, size);
  if (self->linger && p2p_nice_sctp_is_drained (self->sctp))
    p2p_nice_transport_close (self);
}

static void
on_dtls_closed (const GError * error, gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (!error && !self->up)
    fail (self, P2P_ERROR_GONE, "The peer went while it was connecting");
  else
    end (self, error);
}

static const P2pNiceDtlsEvents dtls_events = {
  on_dtls_output,
  on_dtls_connected,
  on_dtls_packet,
  on_dtls_closed,
};

/* ICE */

static void
on_ice_candidate (const P2pNiceCandidate * candidate, gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (self->events && self->events->candidate)
    self->events->candidate (candidate, self->user_data);
}

static void
answer_probe (P2pNiceTransport * self)
{
  guint8 data[P2P_NICE_PROBE_SIZE];

  if (self->dtls_started && p2p_nice_probe_answer (&self->probe, data))
    on_dtls_output (data, sizeof data, self);
}

static void
read_probe (P2pNiceTransport * self, const guint8 * data, gsize size)
{
  gint64 now = p2p_clock_get_time (self->hub->clock);

  if (p2p_nice_probe_read (&self->probe, data, size))
    self->mtu = now - self->probe.asked < P2P_NICE_SCTP_NEAR
        ? P2P_NICE_SCTP_NEAR_MTU : P2P_NICE_SCTP_LONG_MTU;
  answer_probe (self);
}

static void
on_ice_connected (gpointer user_data)
{
  P2pNiceTransport *self = user_data;
  guint8 data[P2P_NICE_PROBE_SIZE];

  p2p_clock_cancel (self->hub->clock, &self->grace);
  if (self->closed || self->dtls_started || self->remote_port == 0)
    return;
  self->dtls_started = TRUE;
  p2p_nice_probe_ask (&self->probe, p2p_clock_get_time (self->hub->clock),
      data);
  on_dtls_output (data, sizeof data, self);
  answer_probe (self);
  p2p_nice_dtls_start (self->dtls, self->client, self->fingerprint);
}

static void
on_grace (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  self->grace = 0;
  fail (self, P2P_ERROR_CONNECT, "There is no way to the peer");
}

static void
on_ice_failed (gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (self->up)
    fail (self, P2P_ERROR_GONE, "The peer does not answer any more");
  else if (!self->grace && !self->closed)
    self->grace = p2p_clock_call_at (self->hub->clock,
        p2p_clock_get_time (self->hub->clock) + P2P_NICE_TRANSPORT_GRACE,
        on_grace, self);
}

static void
on_ice_received (const guint8 * data, gsize size, gpointer user_data)
{
  P2pNiceTransport *self = user_data;

  if (self->closed)
    return;
  /* GRO puts what is shorter behind it. */
  while (size >= P2P_NICE_PROBE_SIZE && data[0] == P2P_NICE_PROBE_FIRST) {
    read_probe (self, data, P2P_NICE_PROBE_SIZE);
    data += P2P_NICE_PROBE_SIZE;
    size -= P2P_NICE_PROBE_SIZE;
  }
  if (size == 0 || data[0] == P2P_NICE_PROBE_FIRST)
    return;
  p2p_nice_sctp_hold_acks (self->sctp, TRUE);
  p2p_nice_dtls_input (self->dtls, data, size);
  p2p_nice_sctp_hold_acks (self->sctp, FALSE);
  self->unanswered += size;
  if (self->unanswered >= P2P_NICE_TRANSPORT_MAX_UNANSWERED && !self->retry
      && !self->closed)
    flush (self);
}

static const P2pNiceIceEvents ice_events = {
  on_ice_candidate,
  on_ice_connected,
  on_ice_failed,
  on_ice_received,
};

P2pNiceTransport *
p2p_nice_transport_new (P2pNiceHub * hub, gboolean controlling,
    const P2pNiceTransportEvents * events, gpointer user_data)
{
  P2pNiceTransport *self = g_new0 (P2pNiceTransport, 1);

  self->hub = p2p_nice_hub_ref (hub);
  self->mtu = P2P_NICE_SCTP_MTU;
  p2p_nice_transport_set_events (self, events, user_data);
  self->ice = p2p_nice_ice_new (hub, controlling, &ice_events, self);
  self->dtls = p2p_nice_dtls_new (hub->dtls, hub->clock, &dtls_events, self);
  self->sctp = p2p_nice_sctp_new (hub->clock, &sctp_events, self);
  return self;
}

void
p2p_nice_transport_set_events (P2pNiceTransport * self,
    const P2pNiceTransportEvents * events, gpointer user_data)
{
  self->events = events;
  self->user_data = user_data;
}

void
p2p_nice_transport_describe (P2pNiceTransport * self, P2pNiceSdp * sdp)
{
  sdp->ufrag = g_strdup (p2p_nice_ice_get_ufrag (self->ice));
  sdp->pwd = g_strdup (p2p_nice_ice_get_pwd (self->ice));
  memcpy (sdp->fingerprint, self->hub->certificate->fingerprint,
      sizeof sdp->fingerprint);
  sdp->sctp_port = P2P_NICE_SDP_DEFAULT_PORT;
  sdp->max_message = P2P_NICE_MAX_MESSAGE;
}

void
p2p_nice_transport_gather (P2pNiceTransport * self)
{
  p2p_nice_ice_gather (self->ice);
}

void
p2p_nice_transport_set_remote (P2pNiceTransport * self,
    const P2pNiceSdp * sdp, gboolean client)
{
  self->client = client;
  self->remote_port = sdp->sctp_port;
  memcpy (self->fingerprint, sdp->fingerprint, sizeof self->fingerprint);
  p2p_nice_ice_set_remote (self->ice, sdp->ufrag, sdp->pwd);
}

void
p2p_nice_transport_add_candidate (P2pNiceTransport * self,
    const P2pNiceCandidate * candidate)
{
  if (!self->closed)
    p2p_nice_ice_add_candidate (self->ice, candidate);
}

void
p2p_nice_transport_end_candidates (P2pNiceTransport * self)
{
  if (!self->closed)
    p2p_nice_ice_end_candidates (self->ice);
}

void
p2p_nice_transport_send (P2pNiceTransport * self, guint16 stream,
    P2pNicePpid ppid, GBytes * bytes)
{
  p2p_nice_sctp_send (self->sctp, stream, ppid, bytes);
}

gsize
p2p_nice_transport_get_buffered (P2pNiceTransport * self)
{
  return p2p_nice_sctp_get_buffered (self->sctp);
}

gint64
p2p_nice_transport_get_round_trip (P2pNiceTransport * self)
{
  return p2p_nice_sctp_get_round_trip (self->sctp);
}

const char *
p2p_nice_transport_get_remote_address (P2pNiceTransport * self)
{
  return p2p_nice_ice_get_remote_address (self->ice);
}

gboolean
p2p_nice_transport_is_relayed (P2pNiceTransport * self)
{
  return p2p_nice_ice_is_relayed (self->ice);
}
