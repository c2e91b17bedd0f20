/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pnicebatch.h"
#include "p2pnicecandidate.h"
#include "p2pnicehub.h"

G_BEGIN_DECLS

/* Milliseconds between two checks. */
#define P2P_NICE_ICE_PACING 5
/* What is asked for; the kernel grants what net.core.rmem_max allows. */
#define P2P_NICE_ICE_RECEIVE_BUFFER (2 * 1024 * 1024)
/* The most addresses of ours in use for one connection; from so many
 * connections on it is one, since each costs a socket. */
#define P2P_NICE_ICE_MAX_ADDRESSES 8
#define P2P_NICE_ICE_MANY 64
/* With so many, memory is what the next one costs. */
#define P2P_NICE_ICE_SEVERAL 16
/* Names that are looked up for one connection. */
#define P2P_NICE_ICE_MAX_NAMES 8

/**
 * P2pNiceIce:
 *
 * A way to a peer that both found (ICE, RFC 8445, with trickle, RFC 8838), by
 * libnice: over UDP, by addresses of ours that are not link-local, through the
 * servers that the hub knows.
 *
 * Of a peer's candidates no unspecified, multicast or link-local address is used,
 * a loopback one only if we have one, and with P2P_NICE_POLICY_LAN only private
 * ones. A .local name is looked up by the system; what it does not know, or what
 * is one too many, is dropped and counted by the hub.
 */
typedef struct _P2pNiceIce P2pNiceIce;

typedef struct
{
  /* One of ours; NULL: no more come. */
  void (*candidate) (const P2pNiceCandidate * candidate, gpointer user_data);
  /* A way was found. */
  void (*connected) (gpointer user_data);
  /* There is none (any more); one may still come if candidates do. */
  void (*failed) (gpointer user_data);
  /* What came: a datagram, or several behind each other, of P2pNiceProbe's and
   * of DTLS. */
  void (*received) (const guint8 * data, gsize size, gpointer user_data);
} P2pNiceIceEvents;

P2pNiceIce *p2p_nice_ice_new (P2pNiceHub * hub, gboolean controlling,
    const P2pNiceIceEvents * events, gpointer user_data);
/* No event comes after it. Not to be called in one of them. */
void p2p_nice_ice_free (P2pNiceIce * self);

/* Our own, for the description. (transfer none) */
const char *p2p_nice_ice_get_ufrag (P2pNiceIce * self);
const char *p2p_nice_ice_get_pwd (P2pNiceIce * self);

/* Events may come from inside these. */
void p2p_nice_ice_gather (P2pNiceIce * self);
void p2p_nice_ice_set_remote (P2pNiceIce * self, const char *ufrag,
    const char *pwd);
void p2p_nice_ice_add_candidate (P2pNiceIce * self,
    const P2pNiceCandidate * candidate);
void p2p_nice_ice_end_candidates (P2pNiceIce * self);

/* Takes from batch what can be sent now. */
void p2p_nice_ice_send (P2pNiceIce * self, P2pNiceBatch * batch);

/* Gives memory back until there is something to do again. */
void p2p_nice_ice_rest (P2pNiceIce * self);

/* Returns: "address:port" of the peer, or NULL */
const char *p2p_nice_ice_get_remote_address (P2pNiceIce * self);
/* Whether the way in use is by a relay, ours or the peer's. */
gboolean p2p_nice_ice_is_relayed (P2pNiceIce * self);

G_END_DECLS
