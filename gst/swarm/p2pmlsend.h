/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pclock.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/**
 * P2pMlSend:
 *
 * What a peer of any generation of p2p-media-loader asked for and is sent: one
 * segment at a time, or its end, when its turn has come or the peer would not wait
 * for longer, as fast as the channel takes it. Shared by the wires of all
 * generations; what is said before, after and instead of the bytes is theirs.
 */
typedef struct _P2pMlSend P2pMlSend;

/* Bytes of the longest message, of a segment or a command: webRtcMaxMessageSize. A
 * channel may allow less. */
#define P2P_ML_MAX_MESSAGE 65535
/* More bytes of a segment are sent when no more than so many wait in the channel;
 * its low-water mark: bufferedAmountLowThreshold. */
#define P2P_ML_WATER (64 * 1024)

/* Nothing of P2pMlSend is to be called from inside an event. */
typedef struct
{
  /* As in P2pPeerEvents; uploaded is the last thing done in a call: of bytes that
   * went into the channel, which loses none. */
  P2pSegment *(*wanted) (const char *id, gpointer user_data);
  void (*uploaded) (gsize size, gpointer user_data);
  P2pPeerTurn (*turn) (gboolean urgent, gboolean patient, gpointer user_data);
  void (*sent) (gpointer user_data);

  /* size bytes follow, perhaps none. */
  void (*begin) (gsize size, gpointer user_data);
  /* All of them have been sent. */
  void (*end) (gpointer user_data);
  /* It is not sent: it is not there, or it had better ask another. */
  void (*refuse) (gpointer user_data);

  /* Need not be there. Whether the peer would take bytes of a segment for a command
   * of its protocol: they are cut elsewhere then. */
  gboolean (*misread) (GBytes * bytes, gpointer user_data);
  /* Need not be there. Returns: (transfer full): the message that bytes go out in,
   * if it is not they themselves. */
  GBytes *(*pack) (GBytes * bytes, gpointer user_data);
} P2pMlSendEvents;

/* piece: bytes of the segment that go in a message, P2P_ML_MAX_MESSAGE at most.
 * patience: how long the peer may wait for its turn until it takes us for dead. Sets
 * the channel's low-water mark. events: static */
P2pMlSend *p2p_ml_send_new (P2pClock * clock, P2pChannel * channel,
    gsize piece, gint64 patience, const P2pMlSendEvents * events,
    gpointer user_data);
/* What was begun is not sent to its end. */
void p2p_ml_send_free (P2pMlSend * self);

/* The peer asks for what is after the first bytes of id (nothing, if it has no
 * more): in the place of what it asked for before, which is left as it is. */
void p2p_ml_send_ask (P2pMlSend * self, const char *id, gsize first);
/* It does not want it any more. */
void p2p_ml_send_stop (P2pMlSend * self);
/* Whether it waits for what it asked for, or is being sent it. */
gboolean p2p_ml_send_is_busy (P2pMlSend * self);
/* Whether it is being sent it: between begin and end. */
gboolean p2p_ml_send_has_begun (P2pMlSend * self);

/* Its turn has come, or the channel drained. */
void p2p_ml_send_serve (P2pMlSend * self);
void p2p_ml_send_go_on (P2pMlSend * self);
/* Bits a second of segments, in the last P2P_RATE_WINDOW. */
guint64 p2p_ml_send_get_rate (P2pMlSend * self);

G_END_DECLS
