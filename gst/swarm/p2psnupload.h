/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pclock.h"
#include "p2pnames.h"
#include "p2ppeer.h"
#include "p2psegment.h"

G_BEGIN_DECLS

/**
 * P2pSnUpload:
 *
 * What a peer of seed 002's protocol asked for and gets: one piece after the
 * other, urgent ones first, as fast as the channel takes them.
 */
typedef struct _P2pSnUpload P2pSnUpload;

/* Requests that wait, and pieces that were sent and not acknowledged yet: what
 * is asked for beyond is not found, the oldest of those is not counted. */
#define P2P_SN_UPLOAD_MAX_REQUESTS 16
/* A piece that is not acknowledged so long after it was sent was not taken:
 * dcUploadTimeout of the seed's client. */
#define P2P_SN_UPLOAD_TIMEOUT (3 * P2P_SECOND)

typedef struct
{
  /* As in P2pPeerEvents. wanted: just before it is sent; uploaded: when it is
   * acknowledged, the last thing done in a call. */
  P2pSegment *(*wanted) (const char *id, gpointer user_data);
  void (*uploaded) (gsize size, gpointer user_data);
  P2pPeerTurn (*turn) (gboolean urgent, gboolean patient, gpointer user_data);
  void (*sent) (gpointer user_data);
} P2pSnUploadEvents;

/* events: static */
P2pSnUpload *p2p_sn_upload_new (P2pClock * clock, P2pChannel * channel,
    const P2pSnUploadEvents * events, gpointer user_data);
/* What was begun is not sent to its end. */
void p2p_sn_upload_free (P2pSnUpload * self);

/* The peer takes binary messages of that many bytes: from the next piece on. It
 * is one that is not patient, as told what is not there it asks again. */
void p2p_sn_upload_set_packet (P2pSnUpload * self, gsize size);

/* The peer asks for name; url: as it called it, or NULL. */
void p2p_sn_upload_ask (P2pSnUpload * self, const P2pName * name,
    const char *url, gboolean urgent);
/* It has it. One that was not sent is ignored. */
void p2p_sn_upload_acknowledge (P2pSnUpload * self, gint64 sn,
    const char *url);
/* Bits a second of pieces, in the last P2P_RATE_WINDOW. */
guint64 p2p_sn_upload_get_rate (P2pSnUpload * self);
/* The channel drained, or its turn came. */
void p2p_sn_upload_serve (P2pSnUpload * self);
void p2p_sn_upload_go_on (P2pSnUpload * self);

G_END_DECLS
