/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phttp.h"
#include "p2pidentity.h"
#include "p2pnames.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/**
 * P2pSignaller:
 *
 * Finds the other viewers of a swarm: what ext/ has to offer so that loaders get
 * peers. How (trackers, SDP, a local network) is its own business. Lives on the
 * engine's thread.
 */
#define P2P_TYPE_SIGNALLER (p2p_signaller_get_type ())
G_DECLARE_INTERFACE (P2pSignaller, p2p_signaller, P2P, SIGNALLER, GObject)

/* Bytes since the session began, for trackers that want to know. */
typedef struct
{
  guint64 http_bytes;           /* of segments, fetched over HTTP */
  guint64 p2p_bytes;            /* … from peers */
} P2pSignallerCounts;

typedef enum
{
  P2P_SIGNALLER_ANNOUNCING,     /* the tracker has not answered yet */
  P2P_SIGNALLER_CONNECTING,     /* it has; there is no way to others yet, or
                                 * not any more */
  P2P_SIGNALLER_CONNECTED,
  P2P_SIGNALLER_WAITING,        /* it failed, and is tried again later */
  P2P_SIGNALLER_FAILED,         /* it is not tried again */
} P2pSignallerState;

/* How a swarm that was joined stands at its tracker. The strings are the
 * signaller's, until the next call. */
typedef struct
{
  const char *tracker;          /* as the user spells it */
  const char *swarm_id;         /* as that tracker's clients name the swarm */
  P2pSignallerState state;
  const char *peer_id;          /* our own there; NULL: none yet */
  guint n_peers;                /* that it told of last */
  const char *trouble;          /* that was last, in words; NULL: none */
} P2pSignallerStats;

/* Told of one after the other; from inside the call that was given it. */
typedef void (*P2pTrackerFunc) (const P2pSignallerStats * tracker,
    gpointer user_data);

/* What happens to a swarm that was joined. Never called from inside a call of
 * the interface, but for get_counts. */
typedef struct
{
  /* A peer of the swarm is connected; whoever wants it takes a reference. own_id:
   * (nullable): by which it knows us */
  void (*peer) (P2pSignaller * self, P2pPeer * peer, const char *own_id,
      gpointer user_data);
  /* A tracker took the announce. peer_id: our own there; n_peers: that it told
   * of */
  void (*announced) (P2pSignaller * self, const char *tracker,
      const char *peer_id, guint n_peers, gpointer user_data);
  /* Trouble that the signaller goes on with by itself (it will try again), and
   * words of the tracker's own. */
  void (*warning) (P2pSignaller * self, const char *tracker,
      const char *text, gpointer user_data);
  /* A tracker refused for good. */
  void (*error) (P2pSignaller * self, const char *tracker,
      const GError * error, gpointer user_data);
  void (*get_counts) (P2pSignaller * self, P2pSignallerCounts * counts,
      gpointer user_data);
} P2pSignallerEvents;

struct _P2pSignallerInterface
{
  GTypeInterface parent;

  void (*join) (P2pSignaller * self, P2pIdentity * identity, P2pNames * names,
      const P2pSignallerEvents * events, gpointer user_data);
  void (*leave) (P2pSignaller * self, const char *swarm_id,
      gpointer user_data);
  void (*set_max_peers) (P2pSignaller * self, guint max_peers);
  void (*set_options) (P2pSignaller * self, P2pHttpOptions * options);
  void (*foreach_tracker) (P2pSignaller * self, const char *swarm_id,
      gpointer user_data, P2pTrackerFunc func, gpointer func_data);
};

/* identity: of the stream. names: of its segments; each is kept (a reference).
 * events: static. user_data names who joins; each joins a swarm once. */
void p2p_signaller_join (P2pSignaller * self, P2pIdentity * identity,
    P2pNames * names, const P2pSignallerEvents * events, gpointer user_data);
/* swarm_id: p2p_identity_get_name(). Says goodbye without waiting; no event comes
 * after it. Peers that were given stay connected. */
void p2p_signaller_leave (P2pSignaller * self, const char *swarm_id,
    gpointer user_data);
/* Of each swarm; those who are connected stay so. */
void p2p_signaller_set_max_peers (P2pSignaller * self, guint max_peers);
/* Of what is asked of trackers from here on: proxy, TLS and user agent; cookies,
 * headers, user and password are the playlist's and never sent there. options:
 * kept (a reference). */
void p2p_signaller_set_options (P2pSignaller * self, P2pHttpOptions * options);
/* Each tracker at which a swarm was joined, once for each of the names that it has
 * there. */
void p2p_signaller_foreach_tracker (P2pSignaller * self, const char *swarm_id,
    gpointer user_data, P2pTrackerFunc func, gpointer func_data);
/* "announcing", "connecting", "connected", "waiting", "failed" */
const char *p2p_signaller_state_get_name (P2pSignallerState state);

G_END_DECLS
