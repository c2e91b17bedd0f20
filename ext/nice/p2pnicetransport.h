/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pnicedcep.h"
#include "p2pnicehub.h"

G_BEGIN_DECLS

/* Batches of P2P_NICE_BATCH_MAX datagrams that wait for the kernel's buffer;
 * what is more is lost, as on any network. It is tried again after a time. */
#define P2P_NICE_TRANSPORT_MAX_BATCHES 32
#define P2P_NICE_TRANSPORT_RETRY P2P_MSEC
/* Bytes that come in one turn of the loop before the answer to them goes: so
 * that the peer has something to do meanwhile. */
#define P2P_NICE_TRANSPORT_MAX_UNANSWERED (32 * 1024)
/* A connection that has said nothing for so long gives its buffers back. */
#define P2P_NICE_TRANSPORT_REST P2P_SECOND
/* ICE that failed may find a way after all, by a candidate that comes late. */
#define P2P_NICE_TRANSPORT_GRACE (5 * P2P_SECOND)
/* A peer of whom nothing came for so long is gone: it answers SCTP's heartbeats if
 * it has nothing else to say, and nobody else can. Of these four or five are on
 * their way meanwhile. ICE's consent (RFC 7675) is not used: libnice gives it up ten
 * seconds after the last answer and asks every five, so that one lost packet may end
 * a connection, and takes the refusal of a stranger who has the port by now for an
 * answer. */
#define P2P_NICE_TRANSPORT_SILENCE (15 * P2P_SECOND)
/* What p2p_nice_transport_finish() waits for the last bytes to come there. */
#define P2P_NICE_TRANSPORT_LINGER P2P_SECOND

/**
 * P2pNiceTransport:
 *
 * ICE, DTLS and SCTP on each other: messages to and from one peer.
 */
typedef struct _P2pNiceTransport P2pNiceTransport;

/* Never from inside p2p_nice_transport_send(), _close() or _finish(). It may be
 * closed in each. */
typedef struct
{
  /* A candidate of ours; NULL: no more come. That may be long after it is up: who
   * is not interested has no such callback. */
  void (*candidate) (const P2pNiceCandidate * candidate, gpointer user_data);
  /* Messages can go. client: of DTLS, whose streams have even numbers */
  void (*up) (gboolean client, gpointer user_data);
  void (*message) (guint16 stream, P2pNicePpid ppid, GBytes * bytes,
      gpointer user_data);
  void (*reset) (guint16 stream, gpointer user_data);
  void (*sent) (gpointer user_data);
  /* Its last event, as of P2pChannelEvents; P2P_ERROR_CONNECT if it never was
   * up for there is no way. */
  void (*closed) (const GError * error, gpointer user_data);
} P2pNiceTransportEvents;

P2pNiceTransport *p2p_nice_transport_new (P2pNiceHub * hub,
    gboolean controlling, const P2pNiceTransportEvents * events,
    gpointer user_data);
/* Its owner is another one from here on. */
void p2p_nice_transport_set_events (P2pNiceTransport * self,
    const P2pNiceTransportEvents * events, gpointer user_data);

/* sdp: gets what is to be said of this side */
void p2p_nice_transport_describe (P2pNiceTransport * self, P2pNiceSdp * sdp);
/* Events may come from inside these, which have to be in this order but for
 * gather. client: whether it opens DTLS */
void p2p_nice_transport_gather (P2pNiceTransport * self);
void p2p_nice_transport_set_remote (P2pNiceTransport * self,
    const P2pNiceSdp * sdp, gboolean client);
void p2p_nice_transport_add_candidate (P2pNiceTransport * self,
    const P2pNiceCandidate * candidate);
void p2p_nice_transport_end_candidates (P2pNiceTransport * self);

/* As of P2pNiceSctp: */
void p2p_nice_transport_send (P2pNiceTransport * self, guint16 stream,
    P2pNicePpid ppid, GBytes * bytes);
gsize p2p_nice_transport_get_buffered (P2pNiceTransport * self);
gint64 p2p_nice_transport_get_round_trip (P2pNiceTransport * self);
/* Returns: "address:port" of the peer, or NULL */
const char *p2p_nice_transport_get_remote_address (P2pNiceTransport * self);
/* As of P2pNiceIce */
gboolean p2p_nice_transport_is_relayed (P2pNiceTransport * self);

/* Ends it, with no event more. It is freed when the main loop turns. finish():
 * what waits to be sent may still go, for P2P_NICE_TRANSPORT_LINGER. */
void p2p_nice_transport_close (P2pNiceTransport * self);
void p2p_nice_transport_finish (P2pNiceTransport * self);

G_END_DECLS
