/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pmlcommand.h"

G_BEGIN_DECLS

/**
 * P2pMlDownload:
 *
 * What a peer of p2p-media-loader's binary wire is asked for and sends: one request
 * at a time, each with an id of its own, so that what still comes of one that was
 * cancelled is known for what it is. A generation without those (1.0.0 to 1.0.3) is
 * asked for whole segments only, as the answers to two requests for one then are
 * the same, whichever comes; what is held already is dropped.
 */
typedef struct _P2pMlDownload P2pMlDownload;

/* A request of which no byte came for so long is cancelled:
 * p2pNotReceivingBytesTimeoutMs. */
#define P2P_ML_DOWNLOAD_TIMEOUT (2 * P2P_SECOND)
/* After so many in a row the peer is of no use: p2pErrorRetries. */
#define P2P_ML_DOWNLOAD_MAX_TIMEOUTS 3
/* Cancelled requests whose answers are not taken for unasked ones. */
#define P2P_ML_DOWNLOAD_MAX_STALE 8
/* Ids of requests are below this. */
#define P2P_ML_DOWNLOAD_IDS 1000

typedef struct
{
  /* As in P2pPeerEvents, each the last thing done in a call; done with
   * P2P_ERROR_ABSENT, _TIMEOUT, or _PEER if the peer broke the rules, then id may be
   * "". broken: it is to be closed. */
  void (*size) (const char *id, gsize size, gpointer user_data);
  void (*data) (const char *id, GBytes * bytes, gpointer user_data);
  void (*done) (const char *id, const GError * error, gboolean broken,
      gpointer user_data);
} P2pMlDownloadEvents;

/* events: static */
P2pMlDownload *p2p_ml_download_new (P2pClock * clock,
    P2pChannel * channel, gboolean request_ids,
    const P2pMlDownloadEvents * events, gpointer user_data);
/* Nothing is sent and no event comes after it. Fine from inside an event, where
 * free is not. */
void p2p_ml_download_stop (P2pMlDownload * self);
void p2p_ml_download_free (P2pMlDownload * self);

gboolean p2p_ml_download_is_idle (P2pMlDownload * self);
/* Only of an idle one. number: of the segment on the wire; first: bytes that are
 * held already */
void p2p_ml_download_request (P2pMlDownload * self, const char *id,
    gint64 number, gsize first);
void p2p_ml_download_cancel (P2pMlDownload * self, const char *id);

/* What the peer sends: DATA, COMPLETED or ABSENT; bytes of a segment. */
void p2p_ml_download_take (P2pMlDownload * self,
    const P2pMlCommand * command);
void p2p_ml_download_take_bytes (P2pMlDownload * self, GBytes * bytes);
/* The peer broke the rules: the request under way is over. */
void p2p_ml_download_blame (P2pMlDownload * self, const char *what);

G_END_DECLS
