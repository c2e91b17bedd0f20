/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2psegment.h"

G_BEGIN_DECLS

/**
 * P2pPeer:
 *
 * Another viewer of the same swarm, whatever wire it speaks. The loader asks it
 * for segments and answers what it asks; an implementation keeps its protocol's
 * rules (one request at a time, order of commands, limits of sizes) to itself.
 * Lives on the engine's thread.
 */
#define P2P_TYPE_PEER (p2p_peer_get_type ())
G_DECLARE_INTERFACE (P2pPeer, p2p_peer, P2P, PEER, GObject)

typedef enum
{
  P2P_PEER_HAS_NOT,
  P2P_PEER_IS_LOADING,          /* over HTTP: it will have it soon */
  P2P_PEER_HAS,
} P2pPeerHas;

/* When a peer that asks for a segment is sent it: */
typedef enum
{
  P2P_PEER_TURN_NOW,
  P2P_PEER_TURN_LATER,          /* p2p_peer_serve() says when */
  P2P_PEER_TURN_NEVER,          /* it had better ask another one */
} P2pPeerTurn;

/* What a peer tells the loader it was given to. None of these comes from inside
 * a call of the interface. */
typedef struct
{
  /* What it holds has changed. */
  void (*changed) (P2pPeer * peer, gpointer user_data);

  /* Of the one request under way: how much will come (once, before data), then
   * data, then done. error: P2P_ERROR_ABSENT, _PEER, _TIMEOUT, _GONE. */
  void (*size) (P2pPeer * peer, const char *id, gsize size,
      gpointer user_data);
  void (*data) (P2pPeer * peer, const char *id, GBytes * bytes,
      gpointer user_data);
  void (*done) (P2pPeer * peer, const char *id, const GError * error,
      gpointer user_data);

  /* It asks for a segment. Returns: (transfer full) (nullable): loaded, or NULL
   * if it cannot be had here. */
  P2pSegment *(*wanted) (P2pPeer * peer, const char *id, gpointer user_data);

  /* It took bytes of a segment. */
  void (*uploaded) (P2pPeer * peer, gsize bytes, gpointer user_data);

  /* It is gone; its last event. */
  void (*closed) (P2pPeer * peer, gpointer user_data);

  /* Before each wanted: whether it is its turn. patient: it is one that cannot
   * make anything of NEVER. After NOW, and after p2p_peer_serve(), comes sent:
   * all of it has left, or it is not sent; after LATER too, if it does not want it
   * any more, or could not wait and was sent it out of turn. Need not be there:
   * always now. */
  P2pPeerTurn (*turn) (P2pPeer * peer, gboolean urgent, gboolean patient,
      gpointer user_data);
  void (*sent) (P2pPeer * peer, gpointer user_data);

  /* Of the request under way: more came that cannot be told yet, as its size is not
   * known. Need not be there. */
  void (*alive) (P2pPeer * peer, const char *id, gpointer user_data);
} P2pPeerEvents;

typedef enum
{
  P2P_PEER_STATE_NEW,           /* it has not said yet what it holds */
  P2P_PEER_STATE_IDLE,          /* it may be asked */
  P2P_PEER_STATE_ASKED,         /* it owes an answer, or sends it */
  P2P_PEER_STATE_CLOSED,
} P2pPeerState;

/* The strings are the peer's, until the next call. */
typedef struct
{
  const char *id;               /* as p2p_peer_get_id() */
  const char *address;          /* as p2p_peer_get_remote_address() */
  P2pPeerState state;
  gint64 round_trip;            /* microseconds, smoothed, as the transport
                                 * measures it; -1: not known */
  gboolean relayed;             /* by way of a server */
  guint64 bytes_received, bytes_sent;   /* of messages, since it came */
  guint64 download_rate, upload_rate;   /* of segments, bits a second in the
                                         * last P2P_RATE_WINDOW */
} P2pPeerStats;

struct _P2pPeerInterface
{
  GTypeInterface parent;

  const char *(*get_id) (P2pPeer * self);
  const char *(*get_remote_address) (P2pPeer * self);
  /* All but id and address; not there: none is known. */
  void (*get_stats) (P2pPeer * self, P2pPeerStats * stats);
  void (*set_events) (P2pPeer * self, const P2pPeerEvents * events,
      gpointer user_data);
  P2pPeerHas (*has) (P2pPeer * self, const char *id);
  gboolean (*is_idle) (P2pPeer * self);
  void (*request) (P2pPeer * self, const char *id, gboolean urgent);
  /* Need not be there. */
  void (*resume) (P2pPeer * self, const char *id, gsize first,
      gboolean urgent);
  void (*cancel) (P2pPeer * self, const char *id);
  /* Need not be there. */
  void (*accept) (P2pPeer * self, const char *id);
  /* Need not be there if it knows no turns. */
  void (*serve) (P2pPeer * self);
  void (*announce) (P2pPeer * self, GPtrArray * loaded, GPtrArray * loading,
      gboolean elects);
  /* Not there: FALSE. */
  gboolean (*elects) (P2pPeer * self);
  void (*close) (P2pPeer * self);
};

/* Unique in the swarm, of the peer's own choice: printable, never trusted. */
const char *p2p_peer_get_id (P2pPeer * self);
/* "address:port", or NULL if it is not known. */
const char *p2p_peer_get_remote_address (P2pPeer * self);
/* Also of one that is closed. */
void p2p_peer_get_stats (P2pPeer * self, P2pPeerStats * stats);
/* "new", "idle", "asked", "closed" */
const char *p2p_peer_state_get_name (P2pPeerState state);
/* events NULL: none from here on. */
void p2p_peer_set_events (P2pPeer * self, const P2pPeerEvents * events,
    gpointer user_data);
P2pPeerHas p2p_peer_has (P2pPeer * self, const char *id);
/* Whether it can take a request now. */
gboolean p2p_peer_is_idle (P2pPeer * self);
/* Only of an idle peer. urgent: it is to be played next; what to make of it is
 * the protocol's business and the peer's. */
void p2p_peer_request (P2pPeer * self, const char *id, gboolean urgent);
/* Whether p2p_peer_resume() can be called: whether its protocol can ask for the end
 * of a segment. */
gboolean p2p_peer_can_resume (P2pPeer * self);
/* The same of what is after the first bytes, which are held here: size tells of the
 * whole segment, data begins behind them. */
void p2p_peer_resume (P2pPeer * self, const char *id, gsize first,
    gboolean urgent);
/* No size, data or done event of id comes after it. */
void p2p_peer_cancel (P2pPeer * self, const char *id);
/* What came of id, which is done, is good: now the peer may be told. From inside
 * the done event or later; nothing happens if there is no such thing. */
void p2p_peer_accept (P2pPeer * self, const char *id);
/* The turn that it was told to wait for has come. */
void p2p_peer_serve (P2pPeer * self);
/* All ids held, all being fetched over HTTP: replaces what was told before.
 * (element-type utf8). elects: whether this viewer takes part in the election
 * (P2pElection); not every protocol can say so. */
void p2p_peer_announce (P2pPeer * self, GPtrArray * loaded,
    GPtrArray * loading, gboolean elects);
/* Whether it said that it takes part in the election. */
gboolean p2p_peer_elects (P2pPeer * self);
/* No event comes after it. */
void p2p_peer_close (P2pPeer * self);

G_END_DECLS
