/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremotetime.h"

G_BEGIN_DECLS

/* For tests: another time than that of the main context. */
void p2p_hls_remote_client_set_time (struct _P2pHlsRemoteClient * self,
    const P2pHlsRemoteTime * time);

G_END_DECLS
