/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pclock.h"
#include "p2pmljson.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/**
 * P2pMlJsonUpload:
 *
 * All that is sent to a peer of p2p-media-loader 0.x: what it asked for, one
 * segment after the other, and commands. In G1 and G2 none of these goes out
 * between the DATA of a segment and its last byte, as it would end the download:
 * what is said meanwhile waits. They do not take requests back once it has begun,
 * nor does this. All messages are binary, as theirs.
 */
typedef struct _P2pMlJsonUpload P2pMlJsonUpload;

/* Requests that wait: what is asked for beyond is absent. A browser has one. */
#define P2P_ML_JSON_UPLOAD_MAX_REQUESTS 16
/* Commands that wait, beside a MAP; what would be more is never said. */
#define P2P_ML_JSON_UPLOAD_MAX_COMMANDS 32
/* Bytes that may wait in the channel with a command. */
#define P2P_ML_JSON_UPLOAD_MAX_BUFFERED (256 * 1024)
/* Who waits for its turn is served after this long all the same: before it takes us
 * for dead. */
#define P2P_ML_JSON_UPLOAD_PATIENCE (50 * P2P_SECOND)
#define P2P_ML_JSON_UPLOAD_PATIENCE_G0 (2 * P2P_SECOND)

/* Between two segments, for commands: the time to think of one. */
#define P2P_ML_JSON_UPLOAD_PAUSE (1 * P2P_MSEC)

typedef struct
{
  /* As in P2pPeerEvents. uploaded: as P2pMlSendEvents has it */
  P2pSegment *(*wanted) (const char *id, gpointer user_data);
  void (*uploaded) (gsize size, gpointer user_data);
  P2pPeerTurn (*turn) (gboolean urgent, gboolean patient, gpointer user_data);
  void (*sent) (gpointer user_data);
  /* A segment is out, and what waited was said: commands may be said, until the
   * next one begins. */
  void (*free) (gpointer user_data);
} P2pMlJsonUploadEvents;

/* events: static */
P2pMlJsonUpload *p2p_ml_json_upload_new (P2pClock * clock,
    P2pChannel * channel, P2pMlWire kind,
    const P2pMlJsonUploadEvents * events, gpointer user_data);
/* Nothing is sent and no event comes after it. Fine from inside an event, where
 * free is not. */
void p2p_ml_json_upload_stop (P2pMlJsonUpload * self);
void p2p_ml_json_upload_free (P2pMlJsonUpload * self);

/* Whether a segment is being sent, so that commands have to wait. */
gboolean p2p_ml_json_upload_is_sending (P2pMlJsonUpload * self);
/* A REQUEST, an ABSENT or a CANCEL: now, or when the segment is out. */
void p2p_ml_json_upload_say (P2pMlJsonUpload * self,
    P2pMlJsonCommand command, const char *wire);
/* The same; it takes the place of one that waits. */
void p2p_ml_json_upload_say_map (P2pMlJsonUpload * self, GBytes * map);

/* The peer asks for id, which it calls wire; or no longer. */
void p2p_ml_json_upload_ask (P2pMlJsonUpload * self, const char *id,
    const char *wire);
void p2p_ml_json_upload_cancel (P2pMlJsonUpload * self, const char *wire);
/* Its turn came, or the channel drained. */
void p2p_ml_json_upload_serve (P2pMlJsonUpload * self);
void p2p_ml_json_upload_go_on (P2pMlJsonUpload * self);
/* Bits a second of segments, in the last P2P_RATE_WINDOW. */
guint64 p2p_ml_json_upload_get_rate (P2pMlJsonUpload * self);

G_END_DECLS
