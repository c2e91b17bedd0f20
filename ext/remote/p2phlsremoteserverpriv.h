/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteengine.h"
#include "p2phlsremotetime.h"

G_BEGIN_DECLS

/* For who carries messages and has read one already. */
gboolean p2p_hls_remote_server_take (struct _P2pHlsRemoteServer * self,
    P2pJson * message, GError ** error);

gboolean p2p_hls_remote_server_has_client (struct _P2pHlsRemoteServer * self,
    const char *key);
/* A client was removed; died: as nothing was heard of it. */
typedef void (*P2pHlsRemoteRemovedFunc) (const char *key, gboolean died,
    gpointer user_data);
void p2p_hls_remote_server_set_removed (struct _P2pHlsRemoteServer * self,
    P2pHlsRemoteRemovedFunc removed, gpointer user_data);

/* For tests: another engine than the installed one, another time than that of the
 * main context. */
void p2p_hls_remote_server_set_engine (struct _P2pHlsRemoteServer * self,
    const P2pHlsRemoteEngineClass * klass);
void p2p_hls_remote_server_set_time (struct _P2pHlsRemoteServer * self,
    const P2pHlsRemoteTime * time);

G_END_DECLS
