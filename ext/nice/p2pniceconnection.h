/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pconnection.h"
#include "p2pnicehub.h"

G_BEGIN_DECLS

/* From the peer's description to an open channel; and before, to that. */
#define P2P_NICE_CONNECTION_TIMEOUT (20 * P2P_SECOND)
#define P2P_NICE_CONNECTION_WAIT (120 * P2P_SECOND)
/* Without trickle: a server that does not answer delays no description for
 * longer. What is found later is lost. */
#define P2P_NICE_CONNECTION_GATHER P2P_SECOND

/**
 * P2pNiceConnection:
 *
 * Makes one #P2pNiceChannel. The side that offers opens it; the other one waits
 * for it to be opened, reliable and in order, and knows no other channel.
 */
#define P2P_TYPE_NICE_CONNECTION (p2p_nice_connection_get_type ())
G_DECLARE_FINAL_TYPE (P2pNiceConnection, p2p_nice_connection, P2P,
    NICE_CONNECTION, GObject)

/* As p2p_connector_connect() */
P2pNiceConnection *p2p_nice_connection_new (P2pNiceHub * hub,
    P2pConnectionRole role, gboolean trickle, const char *label,
    const P2pConnectionEvents * events, gpointer user_data);

G_END_DECLS
