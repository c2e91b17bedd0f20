/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremotehub.h"

G_BEGIN_DECLS

/* What a server has and does, for people, and how they end it: messages beside
 * those of seed 001, whose own server passes them over.
 *
 *   C->S {"type":"status","clientKey":K}
 *   S->C {"type":"status","status":{…},"clientKey":K}
 *   C->S {"type":"stop","clientKey":K}            the engine, and who runs it
 *   C->S {"type":"stop","clientKey":K,"torrentID":id}
 *   S->C {"type":"stopped","clientKey":K}         or with "error":{…}
 */

/* Torrents whose texts have more than max bytes together are left out, and
 * counted. Returns: (transfer full): see p2p_hls_remote_server_get_status() */
P2pJson *p2p_hls_remote_status_make (P2pHlsRemoteHub * hub, gsize max);

/* Returns: FALSE if type is no message of these */
gboolean p2p_hls_remote_status_take (P2pHlsRemoteHub * hub,
    P2pHlsRemotePeer * peer, const char *type, P2pJson * message);

G_END_DECLS
