/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As long as goes through an Ethernet, PPPoE, IPv6, UDP and a relay. */
#define P2P_NICE_PROBE_SIZE 1440
/* The first byte: neither STUN nor DTLS, and nobody else's (RFC 7983). */
#define P2P_NICE_PROBE_FIRST 5
#define P2P_NICE_PROBE_COOKIE 16

/**
 * P2pNiceProbe:
 *
 * Whether longer datagrams than any path carries come there and back: a question
 * as long as that, which a peer of ours answers with as much, and anybody else
 * drops. It is asked while DTLS shakes hands, and costs no time.
 */
typedef struct
{
  guint8 cookie[P2P_NICE_PROBE_COOKIE];
  gint64 asked;                 /* microseconds; 0: not yet */
  gboolean has_question;        /* of the peer, to be answered */
  guint8 question[P2P_NICE_PROBE_COOKIE];
} P2pNiceProbe;

/* Both write a datagram. */
void p2p_nice_probe_ask (P2pNiceProbe * self, gint64 now,
    guint8 data[P2P_NICE_PROBE_SIZE]);
/* Returns: FALSE if nothing was asked */
gboolean p2p_nice_probe_answer (P2pNiceProbe * self,
    guint8 data[P2P_NICE_PROBE_SIZE]);

/* A datagram that begins with P2P_NICE_PROBE_FIRST. Returns: whether it answers
 * what was asked */
gboolean p2p_nice_probe_read (P2pNiceProbe * self, const guint8 * data,
    gsize size);

G_END_DECLS
