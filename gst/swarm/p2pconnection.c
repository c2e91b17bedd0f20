/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pconnection.h"

#define LABEL_CHARS 40

G_DEFINE_INTERFACE (P2pConnection, p2p_connection, G_TYPE_OBJECT);
G_DEFINE_INTERFACE (P2pConnector, p2p_connector, G_TYPE_OBJECT);

static void
p2p_connection_default_init (P2pConnectionInterface * iface)
{
}

static void
p2p_connector_default_init (P2pConnectorInterface * iface)
{
}

void
p2p_connection_set_remote (P2pConnection * self, const char *sdp)
{
  P2P_CONNECTION_GET_IFACE (self)->set_remote (self, sdp);
}

void
p2p_connection_add_candidate (P2pConnection * self, const char *candidate)
{
  P2P_CONNECTION_GET_IFACE (self)->add_candidate (self, candidate);
}

void
p2p_connection_close (P2pConnection * self)
{
  P2P_CONNECTION_GET_IFACE (self)->close (self);
}

P2pConnection *
p2p_connector_connect (P2pConnector * self, P2pConnectionRole role,
    gboolean trickle, const char *label, const P2pConnectionEvents * events,
    gpointer user_data)
{
  return P2P_CONNECTOR_GET_IFACE (self)->connect (self, role, trickle, label,
      events, user_data);
}

char *
p2p_connector_make_label (GRand * rand)
{
  char *label = g_new0 (char, LABEL_CHARS + 1);

  for (guint i = 0; i < LABEL_CHARS; i++)
    label[i] = "0123456789abcdef"[g_rand_int_range (rand, 0, 16)];
  return label;
}
