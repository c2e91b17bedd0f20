/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pclock.h"
#include "p2pnames.h"
#include "p2psnmessage.h"

G_BEGIN_DECLS

/**
 * P2pSnDownload:
 *
 * What a peer of seed 002's protocol is asked for and sends: one request at a
 * time, each piece in the one place that a channel has for it, byte by byte as
 * it was announced. As the protocol cannot take a request back, what was
 * cancelled is waited for, and dropped when it comes.
 */
typedef struct _P2pSnDownload P2pSnDownload;

/* The answer to a cancelled request is not waited for any more when nothing of
 * it came for so long, after the cancelling too: dcRequestTimeout of the seed's
 * client. */
#define P2P_SN_DOWNLOAD_TIMEOUT (3 * P2P_SECOND)
/* Cancelled requests, not waited for any more, whose answers are still not
 * taken for unasked ones. */
#define P2P_SN_DOWNLOAD_MAX_STALE 8
/* What is done and not accepted yet; the oldest is never acknowledged then. */
#define P2P_SN_DOWNLOAD_MAX_DONE 8

typedef struct
{
  /* As in P2pPeerEvents; done with P2P_ERROR_ABSENT, or P2P_ERROR_PEER if the
   * peer broke the rules, then id may be "". */
  void (*size) (const char *id, gsize size, gpointer user_data);
  void (*data) (const char *id, GBytes * bytes, gpointer user_data);
  void (*done) (const char *id, const GError * error, gpointer user_data);
  /* It is idle again: what was cancelled came, or will not. */
  void (*idle) (gpointer user_data);
} P2pSnDownloadEvents;

/* events: static */
P2pSnDownload *p2p_sn_download_new (P2pClock * clock, P2pChannel * channel,
    P2pNames * names, const P2pSnDownloadEvents * events, gpointer user_data);
/* Nothing is sent and no event comes after it. Fine from inside an event, where
 * free is not. */
void p2p_sn_download_stop (P2pSnDownload * self);
void p2p_sn_download_free (P2pSnDownload * self);

gboolean p2p_sn_download_is_idle (P2pSnDownload * self);
/* Only of an idle one. */
void p2p_sn_download_request (P2pSnDownload * self, const P2pName * name,
    gboolean urgent);
void p2p_sn_download_cancel (P2pSnDownload * self, const char *id);
/* What was done is good: it is acknowledged. */
void p2p_sn_download_accept (P2pSnDownload * self, const char *id);

/* What the peer sends. */
void p2p_sn_download_take_piece (P2pSnDownload * self,
    const P2pSnMessage * message);
void p2p_sn_download_take_packet (P2pSnDownload * self, GBytes * bytes);
void p2p_sn_download_take_not_found (P2pSnDownload * self,
    const P2pSnMessage * message);
/* The peer broke the rules: whatever is under way is over. */
void p2p_sn_download_blame (P2pSnDownload * self, const char *what);

G_END_DECLS
