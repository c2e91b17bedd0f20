/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pconnection.h"
#include "p2ppeer.h"
#include "p2psnsignal.h"

G_BEGIN_DECLS

/**
 * P2pSnDialer:
 *
 * Connects to the other viewers of a swarm as seed 002's signalling wants it:
 * who is told of a viewer offers, who gets an offer answers. Knows who is
 * connected, so that nobody is twice, and tries again, later, where it failed.
 */
typedef struct _P2pSnDialer P2pSnDialer;

/* A connection that is not made after this long has failed; later browser
 * clients of the protocol wait as long. */
#define P2P_SN_CONNECT_TIMEOUT (20 * P2P_SECOND)
/* A viewer whose connection failed or ended is tried again after this and after
 * twice that (p2p_backoff()), and then forgotten until it is told of again. */
#define P2P_SN_REDIAL (15 * P2P_SECOND)
#define P2P_SN_REDIAL_MAX (2 * P2P_SN_REDIAL)
/* One that the tracker named and then said is not there, is about to be: it
 * announced itself and has no way for signals yet. So this instead. */
#define P2P_SN_RETURN (1 * P2P_SECOND)
#define P2P_SN_MAX_TRIES 3
/* Viewers known at once: of a longer list the rest is forgotten. */
#define P2P_SN_MAX_KNOWN 256
/* Viewers connected or about to be, in all. Viewers of browsers look for 12
 * themselves, native ones take 25. */
#define P2P_SN_DEFAULT_MAX_PEERS 25
#define P2P_SN_MAX_PEERS 128
/* Of these at most so many are sought by us, so that newcomers, who have
 * nothing to be asked for, find room at everybody. */
#define P2P_SN_SOUGHT(max_peers) (((max_peers) + 1) / 2)
/* Candidates for one connection, in and out. */
#define P2P_SN_MAX_CANDIDATES 64
/* Offers that are answered in each ten seconds; each is work and memory. */
#define P2P_SN_MAX_OFFERS 32
#define P2P_SN_OFFERS_WINDOW (10 * P2P_SECOND)

/* None comes from inside a call of the dialer; a callback may free it. */
typedef struct
{
  /* To be written and sent. */
  void (*send) (const P2pSnSignal * signal, gpointer user_data);
  /* There is a channel to peer_id. Returns: (transfer full): what speaks over
   * it. It counts as connected until its last reference goes. */
  P2pPeer *(*make_peer) (const char *peer_id, P2pChannel * channel,
      gpointer user_data);
  /* … and is handed out. */
  void (*connected) (P2pPeer * peer, gpointer user_data);
  /* A viewer that was connected is gone. */
  void (*lost) (gpointer user_data);
} P2pSnDialerEvents;

/* clock and connector are kept (a reference each); rand is borrowed. max_peers:
 * 0: the default */
P2pSnDialer *p2p_sn_dialer_new (P2pClock * clock, GRand * rand,
    P2pConnector * connector, guint max_peers,
    const P2pSnDialerEvents * events, gpointer user_data);
/* Closes what is being connected; who is connected stays so. No event comes
 * after it. */
void p2p_sn_dialer_free (P2pSnDialer * self);

/* Who is connected, or about to be, stays so. 0: nobody */
void p2p_sn_dialer_set_max_peers (P2pSnDialer * self, guint max_peers);
/* Our own id at the tracker. Another one than before ends what is being
 * connected: nobody could answer it any more. */
void p2p_sn_dialer_set_own_id (P2pSnDialer * self, const char *own_id);
/* Whether what is to be sent has a way to go: not so at first. Nobody is offered
 * anything until there is. */
void p2p_sn_dialer_set_online (P2pSnDialer * self, gboolean online);
/* Told of a viewer; one that is known already is left as it is. */
void p2p_sn_dialer_learn (P2pSnDialer * self, const char *peer_id);
/* A message of another viewer's, or that one is gone. */
void p2p_sn_dialer_receive (P2pSnDialer * self, const P2pSnSignal * signal);

guint p2p_sn_dialer_get_n_open (P2pSnDialer * self);
/* Connections that could not be made, so far. */
guint64 p2p_sn_dialer_get_n_failed (P2pSnDialer * self);
/* Whether there are so few that more should be asked for. */
gboolean p2p_sn_dialer_is_short (P2pSnDialer * self);

G_END_DECLS
