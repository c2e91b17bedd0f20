/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pnicedcep.h"
#include "p2pnicesdp.h"

G_BEGIN_DECLS

/* The longest packet, but for the 12 bytes of its header: with DTLS, UDP and IPv6
 * around it under the 1280 bytes that any path carries. */
#define P2P_NICE_SCTP_MTU 1172
/* The same on a path that carries a datagram of P2P_NICE_PROBE_SIZE. */
#define P2P_NICE_SCTP_LONG_MTU 1388
/* … and where the peer is near: 16 KiB are 14 packets, and each longer one costs
 * the kernel more than it saves. */
#define P2P_NICE_SCTP_NEAR_MTU 1188
#define P2P_NICE_SCTP_STREAMS 16
/* What may be on its way without an answer is as much as the path takes in one
 * and a half round trips, from P2P_NICE_USRSCTP_WINDOW to this, looked at this
 * often. What is more waits here. */
#define P2P_NICE_SCTP_MAX_WINDOW (4 * 1024 * 1024)
#define P2P_NICE_SCTP_WINDOW_INTERVAL (250 * P2P_MSEC)
/* … or this many times what may go after a loss, if that is more. */
#define P2P_NICE_SCTP_LOSS_ROOM 2.5
/* With a round trip that is shorter, packets go and come by the dozen, and so do
 * acknowledgements: as many may go at once. */
#define P2P_NICE_SCTP_NEAR (5 * P2P_MSEC)
#define P2P_NICE_SCTP_NEAR_BURST 40
/**
 * P2pNiceSctp:
 *
 * An association of SCTP by usrsctp: messages that are in order and none lost.
 *
 * usrsctp is one for the process and is not made for a second user of its
 * library: it is set up at the first association, runs no thread, and all that
 * live at a time belong to one thread and one clock.
 */
typedef struct _P2pNiceSctp P2pNiceSctp;

typedef struct
{
  /* A packet to send, valid during the call. Also from inside calls. */
  void (*output) (const guint8 * data, gsize size, gpointer user_data);
  /* The other ones come from input() and the clock only; it may be closed in
   * them, but not freed. */
  void (*up) (gpointer user_data);
  void (*message) (guint16 stream, P2pNicePpid ppid, GBytes * bytes,
      gpointer user_data);
  /* The peer will send nothing more on stream. */
  void (*reset) (guint16 stream, gpointer user_data);
  /* Some of what waited is on its way. */
  void (*sent) (gpointer user_data);
  /* Its last event. error: NULL if the peer closed it, else P2P_ERROR_GONE, or
   * _PEER if it broke a limit. */
  void (*closed) (const GError * error, gpointer user_data);
} P2pNiceSctpEvents;

P2pNiceSctp *p2p_nice_sctp_new (P2pClock * clock,
    const P2pNiceSctpEvents * events, gpointer user_data);
/* Closes too. */
void p2p_nice_sctp_free (P2pNiceSctp * self);

/* Both sides call, at the same time. mtu: P2P_NICE_SCTP_MTU or another one, which
 * usrsctp cannot make longer later. Returns: FALSE if there is no memory */
gboolean p2p_nice_sctp_connect (P2pNiceSctp * self, guint16 port,
    guint16 remote_port, guint mtu);
void p2p_nice_sctp_input (P2pNiceSctp * self, const guint8 * data, gsize size);
/* While several packets are handed on that came at once: of what only says that
 * all came up to there, the last is enough. */
void p2p_nice_sctp_hold_acks (P2pNiceSctp * self, gboolean hold);

/* Queued if it cannot go at once. bytes: kept (a reference), not empty */
void p2p_nice_sctp_send (P2pNiceSctp * self, guint16 stream, P2pNicePpid ppid,
    GBytes * bytes);
/* Bytes that wait here. */
gsize p2p_nice_sctp_get_buffered (P2pNiceSctp * self);
/* Whether all that was sent has come there. */
gboolean p2p_nice_sctp_is_drained (P2pNiceSctp * self);
/* Microseconds; -1: not known */
gint64 p2p_nice_sctp_get_round_trip (P2pNiceSctp * self);

/* At once; the peer is told. No event comes after it. */
void p2p_nice_sctp_close (P2pNiceSctp * self);

G_END_DECLS
