/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pfetcher.h"

G_BEGIN_DECLS

/**
 * P2pSnCall:
 *
 * Something that seed 002's tracker is asked again and again, one request at a
 * time. What fails is tried again by itself, later and later.
 */
typedef struct _P2pSnCall P2pSnCall;

/* A tracker may take its time: nothing waits for it. */
#define P2P_SN_CALL_TIMEOUT (60 * P2P_SECOND)
/* What failed is tried again after these (p2p_backoff()). */
#define P2P_SN_CALL_RETRY (5 * P2P_SECOND)
#define P2P_SN_CALL_RETRY_MAX (300 * P2P_SECOND)

/* None comes from inside a call of these functions; a callback may free the
 * call. */
typedef struct
{
  /* It is time: to be sent, or scheduled again. */
  void (*due) (P2pSnCall * call, gpointer user_data);
  /* A success. Nothing is scheduled after it. */
  void (*done) (P2pSnCall * call, GBytes * body, gpointer user_data);
  /* It is scheduled to be tried again. status: of the answer; 0: there was
   * none. */
  void (*failed) (P2pSnCall * call, guint status, const GError * error,
      gpointer user_data);
} P2pSnCallEvents;

/* clock, fetcher and options are kept (a reference each); rand is borrowed. */
P2pSnCall *p2p_sn_call_new (P2pClock * clock, GRand * rand,
    P2pFetcher * fetcher, P2pHttpOptions * options,
    const P2pSnCallEvents * events, gpointer user_data);
void p2p_sn_call_free (P2pSnCall * self);

/* Due after that long; takes the place of what is scheduled or under way. */
void p2p_sn_call_schedule (P2pSnCall * self, gint64 delay);
/* body: NULL: a GET, else a POST of it */
void p2p_sn_call_send (P2pSnCall * self, const char *uri, const char *body);
/* Nothing is scheduled or under way after it. */
void p2p_sn_call_cancel (P2pSnCall * self);

G_END_DECLS
