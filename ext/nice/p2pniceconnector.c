/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceconnector.h"

#include "p2pniceconnection.h"

#include "ext/p2pfilelimit.h"

struct _P2pNiceConnector
{
  GObject parent;

  P2pNiceHub *hub;
};

static void p2p_nice_connector_iface_init (P2pConnectorInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pNiceConnector, p2p_nice_connector, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_CONNECTOR, p2p_nice_connector_iface_init))
/* *INDENT-ON* */

void
p2p_nice_connector_prepare (void)
{
  OPENSSL_init_crypto (OPENSSL_INIT_NO_ATEXIT, NULL);
}

P2pNiceConnector *
p2p_nice_connector_new (const P2pNiceConfig * config, GError ** error)
{
  P2pNiceHub *hub = p2p_nice_hub_new (config, error);
  P2pNiceConnector *self;

  if (!hub)
    return NULL;
  p2p_file_limit_raise (P2P_NICE_CONNECTOR_FILES);
  self = g_object_new (P2P_TYPE_NICE_CONNECTOR, NULL);
  self->hub = hub;
  return self;
}

guint
p2p_nice_connector_get_unresolved (P2pNiceConnector * self)
{
  return self->hub->n_unresolved;
}

static P2pConnection *
p2p_nice_connector_connect (P2pConnector * connector, P2pConnectionRole role,
    gboolean trickle, const char *label, const P2pConnectionEvents * events,
    gpointer user_data)
{
  P2pNiceConnector *self = P2P_NICE_CONNECTOR (connector);

  return P2P_CONNECTION (p2p_nice_connection_new (self->hub, role, trickle,
          label, events, user_data));
}

static void
p2p_nice_connector_iface_init (P2pConnectorInterface * iface)
{
  iface->connect = p2p_nice_connector_connect;
}

static void
p2p_nice_connector_finalize (GObject * object)
{
  P2pNiceConnector *self = P2P_NICE_CONNECTOR (object);

  p2p_nice_hub_end (self->hub);
  p2p_nice_hub_unref (self->hub);
  G_OBJECT_CLASS (p2p_nice_connector_parent_class)->finalize (object);
}

static void
p2p_nice_connector_class_init (P2pNiceConnectorClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_nice_connector_finalize;
}

static void
p2p_nice_connector_init (P2pNiceConnector * self)
{
}
