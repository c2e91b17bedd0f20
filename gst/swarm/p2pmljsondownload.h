/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pmljson.h"

G_BEGIN_DECLS

/**
 * P2pMlJsonDownload:
 *
 * What a peer of p2p-media-loader 0.x is asked for and sends: one request at a
 * time. In G1 and G2 the bytes follow their DATA at once, in order and byte by
 * byte as announced. In G0 they come in numbered pieces, in any order, and how
 * many there are is known when all are there. As none of their peers takes a
 * request back, what was cancelled is waited for, and dropped when it comes.
 */
typedef struct _P2pMlJsonDownload P2pMlJsonDownload;

/* The answer to a request is not waited for any more when nothing of it came
 * for so long, after its cancelling too: p2pSegmentDownloadTimeout; in G0, the
 * time of its source. Whoever asks gives up long before (%P2P_LINK_TIMEOUT). */
#define P2P_ML_JSON_DOWNLOAD_TIMEOUT (60 * P2P_SECOND)
#define P2P_ML_JSON_DOWNLOAD_TIMEOUT_G0 (3 * P2P_SECOND)
/* Raw messages that are shorter than this on the mean are not taken, beyond the
 * first so many. */
#define P2P_ML_JSON_DOWNLOAD_MIN_RAW 1024
#define P2P_ML_JSON_DOWNLOAD_FEW 16

typedef struct
{
  /* As in P2pPeerEvents; done with P2P_ERROR_ABSENT, _TIMEOUT, or P2P_ERROR_PEER
   * if the peer broke the rules, then id may be "". */
  void (*size) (const char *id, gsize size, gpointer user_data);
  void (*data) (const char *id, GBytes * bytes, gpointer user_data);
  void (*done) (const char *id, const GError * error, gpointer user_data);
  void (*alive) (const char *id, gpointer user_data);
  /* To be told that it is not wanted any more, if that can be said now. */
  void (*cancel) (const char *wire, gpointer user_data);
  /* It is idle again: what was cancelled came, or will not. */
  void (*idle) (gpointer user_data);
  /* It lied about a length: nothing that comes after makes sense. Its last event
   * if it closes the peer. */
  void (*lied) (gpointer user_data);
} P2pMlJsonDownloadEvents;

/* events: static */
P2pMlJsonDownload *p2p_ml_json_download_new (P2pClock * clock,
    P2pMlWire kind, const P2pMlJsonDownloadEvents * events,
    gpointer user_data);
/* No event comes after it. Fine from inside an event, where free is not. */
void p2p_ml_json_download_stop (P2pMlJsonDownload * self);
void p2p_ml_json_download_free (P2pMlJsonDownload * self);

gboolean p2p_ml_json_download_is_idle (P2pMlJsonDownload * self);
/* Whether raw bytes of the request under way are to come: a command is out of
 * place. */
gboolean p2p_ml_json_download_is_taking (P2pMlJsonDownload * self);
/* Whether pieces of G0 are what it waits for. */
gboolean p2p_ml_json_download_waits (P2pMlJsonDownload * self);

/* Only of an idle one: id was asked for, as the wire names it. */
void p2p_ml_json_download_begin (P2pMlJsonDownload * self, const char *id,
    const char *wire);
void p2p_ml_json_download_cancel (P2pMlJsonDownload * self, const char *id);

/* Whether it is of what was asked for, or cancelled. */
gboolean p2p_ml_json_download_is_of (P2pMlJsonDownload * self,
    const P2pMlJson * message);
/* What the peer sends. */
void p2p_ml_json_download_take_data (P2pMlJsonDownload * self,
    const P2pMlJson * message);
void p2p_ml_json_download_take_raw (P2pMlJsonDownload * self, GBytes * bytes);
void p2p_ml_json_download_take_absent (P2pMlJsonDownload * self,
    const P2pMlJson * message);
/* The peer broke the rules: whatever is under way is over, and what is still to
 * come of it is dropped. */
void p2p_ml_json_download_blame (P2pMlJsonDownload * self, const char *what);

G_END_DECLS
