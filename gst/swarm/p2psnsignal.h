/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pSnSignal:
 *
 * A message of the signalling that goes with seed 002's tracker, over a
 * WebSocket: what two viewers tell each other until they are connected.
 */
typedef enum
{
  P2P_SN_SIGNAL_OFFER,
  P2P_SN_SIGNAL_ANSWER,
  P2P_SN_SIGNAL_CANDIDATE,
  P2P_SN_SIGNAL_GONE,           /* from the server: there is no such viewer */
  P2P_SN_SIGNAL_REJECT,         /* from the server: P2P is refused */
  P2P_SN_SIGNAL_PING,
  P2P_SN_SIGNAL_PONG,
  P2P_SN_SIGNAL_OTHER,          /* makes sense, but not to us */
} P2pSnSignalType;

typedef struct
{
  P2pSnSignalType type;
  char *peer_id;                /* of the other viewer; NULL from REJECT on */
  char *text;                   /* SDP, candidate, reason of a REJECT or NULL */
  char *mid;                    /* of a candidate, or NULL */
} P2pSnSignal;

/* Bytes of a message that comes in: what servers of this protocol allow. */
#define P2P_SN_SIGNAL_MAX_SIZE (64 * 1024)
/* Bytes of a peer id. Those of all trackers known are far shorter. */
#define P2P_SN_MAX_PEER_ID 128

/* Whether a tracker may call a viewer that: not empty, not too long, printable
 * and without blanks. */
gboolean p2p_sn_is_peer_id (const char *id);

/* A message from the server. Returns: (nullable): NULL: it makes no sense
 * (P2P_ERROR_MALFORMED). */
P2pSnSignal *p2p_sn_signal_parse (const char *text, gsize size,
    GError ** error);
void p2p_sn_signal_free (P2pSnSignal * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSnSignal, p2p_sn_signal_free)

/* As the server wants it from us. An OFFER, ANSWER or CANDIDATE, to its
 * peer_id; a PING or PONG. Returns: (transfer full): JSON */
char *p2p_sn_signal_write (const P2pSnSignal * self, const char *own_id);

G_END_DECLS
