/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlsengine.h"
#include "gstp2phlssettings.h"

#include "p2psession.h"

G_BEGIN_DECLS

/* Who finds the peers of a session and connects to them: joins what ext/ has to
 * what the settings say, in place of what they said before. On the engine's
 * thread; only for a session for which P2P was asked for. Returns: FALSE, and
 * there are no peers, if the settings make no sense */
gboolean gst_p2p_hls_peers_set_up (GstP2pHlsEngine * engine,
    P2pSession * session, const GstP2pHlsSettings * settings,
    GError ** error);

G_END_DECLS
