/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pconnection.h"
#include "p2ppeer.h"
#include "p2pwtmessage.h"

G_BEGIN_DECLS

/**
 * P2pWtDialer:
 *
 * Connects to the other viewers of a swarm as WebTorrent trackers want it: some
 * offers are made ahead, for nobody in particular, and the tracker gives them
 * to whom it likes; who gets one answers. Descriptions hold all candidates (no
 * trickle). One dialer serves all trackers of a swarm, each by a #P2pWtWay, so
 * that who is met at two of them is met once.
 *
 * A viewer to whom there is a connection already, or one in the making, is not
 * answered. Where both offered and both answered, two connections come about:
 * the first to open is used. The second one waits. Old browsers
 * (p2p-media-loader to 2.3) use the one that opened first for them, which may be
 * the other, and close what comes later; so if the one in use is closed, the
 * other takes its place. It is closed as soon as the one in use has brought a
 * message, or, after P2P_WT_SETTLE, if the viewer with the higher id did not
 * offer it, or, after P2P_WT_SETTLE_MAX, anyhow: two viewers that both go by
 * that do not close one each.
 */
typedef struct _P2pWtDialer P2pWtDialer;
typedef struct _P2pWtWay P2pWtWay;

/* An offer that was sent and not answered is dropped after this. */
#define P2P_WT_OFFER_LIFE (50 * P2P_SECOND)
/* Offers are sent when all are described, or after this, with those that are. */
#define P2P_WT_GATHER (5 * P2P_SECOND)
/* Offers of one way that live at once; the oldest make room. */
#define P2P_WT_MAX_AHEAD 20
/* From the other's description to an open channel. */
#define P2P_WT_CONNECT_TIMEOUT (20 * P2P_SECOND)
#define P2P_WT_SETTLE (2 * P2P_SECOND)
#define P2P_WT_SETTLE_MAX (10 * P2P_SECOND)
/* Viewers connected or about to be. */
#define P2P_WT_DEFAULT_MAX_PEERS 25
#define P2P_WT_MAX_PEERS 128
/* Of these so many are sought by offers, so that newcomers, who have nothing to
 * be asked for, find room at everybody. */
#define P2P_WT_SOUGHT(max_peers) (((max_peers) + 1) / 2)
/* Offers that are answered in each ten seconds; each is work and memory. */
#define P2P_WT_MAX_ANSWERS 32
#define P2P_WT_ANSWERS_WINDOW (10 * P2P_SECOND)
/* Bytes of the offer id of others, as JSON: known ones have at most 122. */
#define P2P_WT_MAX_OFFER_ID 256

/* None comes from inside a call of the dialer; a callback may free it. */
typedef struct
{
  /* There is a channel. peer_id: p2p_wt_id_to_text(). Returns: (transfer full):
   * what speaks over it. It counts as connected until its last reference goes. */
  P2pPeer *(*make_peer) (const char *peer_id, P2pChannel * channel,
      gpointer user_data);
  /* … and is handed out. */
  void (*connected) (P2pPeer * peer, gpointer user_data);
  /* A viewer that was connected is gone. */
  void (*lost) (gpointer user_data);
} P2pWtDialerEvents;

typedef struct
{
  P2pWtId id;
  const char *sdp;
} P2pWtAhead;

/* What a way has to send. None comes from inside a call of the dialer; a
 * callback may free the way and the dialer. */
typedef struct
{
  /* Those that p2p_wt_way_make_offers() was asked for, or fewer. */
  void (*offers) (const P2pWtAhead * offers, guint n_offers,
      gpointer user_data);
  /* offer_id: as it came */
  void (*answer) (const P2pWtId * to, const P2pJsonSlice * offer_id,
      const char *sdp, gpointer user_data);
} P2pWtWayEvents;

/* clock and connector are kept (a reference each); rand is borrowed. peer_id:
 * our own. max_peers: as p2p_wt_dialer_set_max_peers() */
P2pWtDialer *p2p_wt_dialer_new (P2pClock * clock, GRand * rand,
    P2pConnector * connector, const P2pWtId * info_hash,
    const P2pWtId * peer_id, guint max_peers,
    const P2pWtDialerEvents * events, gpointer user_data);
/* After its ways. Closes what is being connected; who is connected stays so. */
void p2p_wt_dialer_free (P2pWtDialer * self);

const P2pWtId *p2p_wt_dialer_get_info_hash (P2pWtDialer * self);
const P2pWtId *p2p_wt_dialer_get_peer_id (P2pWtDialer * self);
/* Who is connected, or about to be, stays so. 0: nobody */
void p2p_wt_dialer_set_max_peers (P2pWtDialer * self, guint max_peers);
guint p2p_wt_dialer_get_n_open (P2pWtDialer * self);
/* Connections to somebody that could not be made, so far. */
guint64 p2p_wt_dialer_get_n_failed (P2pWtDialer * self);

/* events: static */
P2pWtWay *p2p_wt_way_new (P2pWtDialer * dialer, const P2pWtWayEvents * events,
    gpointer user_data);
/* Closes its offers that nobody answered. */
void p2p_wt_way_free (P2pWtWay * self);
/* Makes that many offers, or as many as there is room for viewers; then comes the
 * event. Those of the call before that are not sent yet are dropped. */
void p2p_wt_way_make_offers (P2pWtWay * self, guint n_offers);
/* A message of the tracker's for this swarm, by which it relays an offer or an
 * answer. What makes no sense, comes too late or twice, is ignored. */
void p2p_wt_way_receive (P2pWtWay * self, const P2pWtMessage * message);

G_END_DECLS
