/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psignaller.h"

G_DEFINE_INTERFACE (P2pSignaller, p2p_signaller, G_TYPE_OBJECT);

static void
p2p_signaller_default_init (P2pSignallerInterface * iface)
{
}

void
p2p_signaller_join (P2pSignaller * self, P2pIdentity * identity,
    P2pNames * names, const P2pSignallerEvents * events, gpointer user_data)
{
  P2P_SIGNALLER_GET_IFACE (self)->join (self, identity, names, events,
      user_data);
}

void
p2p_signaller_leave (P2pSignaller * self, const char *swarm_id,
    gpointer user_data)
{
  P2P_SIGNALLER_GET_IFACE (self)->leave (self, swarm_id, user_data);
}

void
p2p_signaller_set_max_peers (P2pSignaller * self, guint max_peers)
{
  P2P_SIGNALLER_GET_IFACE (self)->set_max_peers (self, max_peers);
}

void
p2p_signaller_set_options (P2pSignaller * self, P2pHttpOptions * options)
{
  P2P_SIGNALLER_GET_IFACE (self)->set_options (self, options);
}

void
p2p_signaller_foreach_tracker (P2pSignaller * self, const char *swarm_id,
    gpointer user_data, P2pTrackerFunc func, gpointer func_data)
{
  P2P_SIGNALLER_GET_IFACE (self)->foreach_tracker (self, swarm_id, user_data,
      func, func_data);
}

const char *
p2p_signaller_state_get_name (P2pSignallerState state)
{
  static const char *const names[] = {
    "announcing", "connecting", "connected", "waiting", "failed"
  };

  return names[state];
}
