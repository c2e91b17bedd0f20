/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ppeer.h"

G_DEFINE_INTERFACE (P2pPeer, p2p_peer, G_TYPE_OBJECT);

static void
p2p_peer_default_init (P2pPeerInterface * iface)
{
}

const char *
p2p_peer_get_id (P2pPeer * self)
{
  return P2P_PEER_GET_IFACE (self)->get_id (self);
}

const char *
p2p_peer_get_remote_address (P2pPeer * self)
{
  return P2P_PEER_GET_IFACE (self)->get_remote_address (self);
}

void
p2p_peer_get_stats (P2pPeer * self, P2pPeerStats * stats)
{
  P2pPeerInterface *iface = P2P_PEER_GET_IFACE (self);

  *stats = (P2pPeerStats) {
  .round_trip = -1};
  if (iface->get_stats)
    iface->get_stats (self, stats);
  stats->id = iface->get_id (self);
  stats->address = iface->get_remote_address (self);
}

const char *
p2p_peer_state_get_name (P2pPeerState state)
{
  static const char *const names[] = { "new", "idle", "asked", "closed" };

  return names[state];
}

void
p2p_peer_set_events (P2pPeer * self, const P2pPeerEvents * events,
    gpointer user_data)
{
  P2P_PEER_GET_IFACE (self)->set_events (self, events, user_data);
}

P2pPeerHas
p2p_peer_has (P2pPeer * self, const char *id)
{
  return P2P_PEER_GET_IFACE (self)->has (self, id);
}

gboolean
p2p_peer_is_idle (P2pPeer * self)
{
  return P2P_PEER_GET_IFACE (self)->is_idle (self);
}

void
p2p_peer_request (P2pPeer * self, const char *id, gboolean urgent)
{
  P2P_PEER_GET_IFACE (self)->request (self, id, urgent);
}

gboolean
p2p_peer_can_resume (P2pPeer * self)
{
  return P2P_PEER_GET_IFACE (self)->resume != NULL;
}

void
p2p_peer_resume (P2pPeer * self, const char *id, gsize first, gboolean urgent)
{
  P2P_PEER_GET_IFACE (self)->resume (self, id, first, urgent);
}

void
p2p_peer_cancel (P2pPeer * self, const char *id)
{
  P2P_PEER_GET_IFACE (self)->cancel (self, id);
}

void
p2p_peer_accept (P2pPeer * self, const char *id)
{
  P2pPeerInterface *iface = P2P_PEER_GET_IFACE (self);

  if (iface->accept)
    iface->accept (self, id);
}

void
p2p_peer_serve (P2pPeer * self)
{
  P2P_PEER_GET_IFACE (self)->serve (self);
}

void
p2p_peer_announce (P2pPeer * self, GPtrArray * loaded, GPtrArray * loading,
    gboolean elects)
{
  P2P_PEER_GET_IFACE (self)->announce (self, loaded, loading, elects);
}

gboolean
p2p_peer_elects (P2pPeer * self)
{
  P2pPeerInterface *iface = P2P_PEER_GET_IFACE (self);

  return iface->elects && iface->elects (self);
}

void
p2p_peer_close (P2pPeer * self)
{
  P2P_PEER_GET_IFACE (self)->close (self);
}
