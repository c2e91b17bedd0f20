/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pconnection.h"
#include "p2pnicehub.h"

G_BEGIN_DECLS

/* Each connection takes a file descriptor and one for each address of ours: the
 * process's soft limit is raised to this, if its hard one allows. */
#define P2P_NICE_CONNECTOR_FILES 8192

/**
 * P2pNiceConnector:
 *
 * Connections by ICE, DTLS and SCTP, as browsers make them for data channels.
 * All of a process that live at a time belong to one thread and one clock.
 *
 * After the last unref, and that of the connections and channels, the context has
 * to run a little more, until what they used is freed.
 */
#define P2P_TYPE_NICE_CONNECTOR (p2p_nice_connector_get_type ())
G_DECLARE_FINAL_TYPE (P2pNiceConnector, p2p_nice_connector, P2P,
    NICE_CONNECTOR, GObject)

/* Before anything else of this folder, once in a process: what is freed at its
 * exit is so before what atexit() registers after this call. */
void p2p_nice_connector_prepare (void);

/* Returns: NULL, with P2P_ERROR_URI or _TLS, if config makes no sense */
P2pNiceConnector *p2p_nice_connector_new (const P2pNiceConfig * config,
    GError ** error);

/* Candidates of peers that were dropped as nobody knew their .local name. */
guint p2p_nice_connector_get_unresolved (P2pNiceConnector * self);

G_END_DECLS
