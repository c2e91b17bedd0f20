/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2psnsignal.h"
#include "p2psouppool.h"

G_BEGIN_DECLS

/**
 * P2pSoupSignalling:
 *
 * The WebSocket over which a viewer of seed 002's protocol signals. When it
 * breaks it comes back by itself, and keeps what is to be sent until then.
 */
typedef struct _P2pSoupSignalling P2pSoupSignalling;

/* Pauses before it comes back (p2p_backoff()). */
#define P2P_SOUP_SIGNALLING_RETRY (5 * P2P_SECOND)
#define P2P_SOUP_SIGNALLING_RETRY_MAX (120 * P2P_SECOND)
/* A PING is sent this often, so that proxies, that cut what is silent for a
 * minute, do not. A server that answered one once has to go on doing so. */
#define P2P_SOUP_SIGNALLING_PING (50 * P2P_SECOND)
/* Its own PINGs are answered at most this often. */
#define P2P_SOUP_SIGNALLING_PONG (1 * P2P_SECOND)
/* Messages that wait until it is open; more are dropped. */
#define P2P_SOUP_SIGNALLING_MAX_QUEUE 256

/* None comes from inside a call of these functions; a callback may free it. */
typedef struct
{
  void (*opened) (gpointer user_data);
  /* Anything but PING and PONG. */
  void (*signal) (const P2pSnSignal * signal, gpointer user_data);
  /* A message that made no sense; it is dropped. */
  void (*garbage) (const GError * error, gpointer user_data);
  /* It broke, or could not be opened; it will be tried again. */
  void (*closed) (const GError * error, gpointer user_data);
} P2pSoupSignallingEvents;

/* uri: http(s), with own_id in its query. pool: borrowed; clock and options are
 * kept (a reference each); rand is borrowed. */
P2pSoupSignalling *p2p_soup_signalling_new (P2pClock * clock, GRand * rand,
    P2pSoupPool * pool, P2pHttpOptions * options, const char *uri,
    const char *own_id, const P2pSoupSignallingEvents * events,
    gpointer user_data);
/* Says goodbye; the main context has to run a little more for that. No event
 * comes after it. */
void p2p_soup_signalling_free (P2pSoupSignalling * self);

/* At once or, if it is not open, when it is: then up to
 * P2P_SOUP_SIGNALLING_MAX_QUEUE of them wait. */
void p2p_soup_signalling_send (P2pSoupSignalling * self,
    const P2pSnSignal * signal);

G_END_DECLS
