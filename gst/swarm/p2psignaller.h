/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

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

/* A peer of the swarm is connected; whoever wants it takes a reference. Never
 * from inside a call of the interface. */
typedef void (*P2pSignallerFunc) (P2pSignaller * self, P2pPeer * peer,
    gpointer user_data);

struct _P2pSignallerInterface
{
  GTypeInterface parent;

  void (*join) (P2pSignaller * self, const char *swarm_id,
      P2pSignallerFunc func, gpointer user_data);
  void (*leave) (P2pSignaller * self, const char *swarm_id,
      gpointer user_data);
};

/* user_data names who joins; each joins a swarm once. */
void p2p_signaller_join (P2pSignaller * self, const char *swarm_id,
    P2pSignallerFunc func, gpointer user_data);
/* func is not called after it. Peers that were given stay connected. */
void p2p_signaller_leave (P2pSignaller * self, const char *swarm_id,
    gpointer user_data);

G_END_DECLS
