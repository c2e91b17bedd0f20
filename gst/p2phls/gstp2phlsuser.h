/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlssettings.h"

G_BEGIN_DECLS

/* What the user says to all players at once, where none of them can be told: a
 * file, and an environment variable that wins over it. Programs win over both.
 *
 * The file is p2phls/p2phls.conf in the user's configuration folder
 * (~/.config), or what the variable P2PHLS_CONFIG names. Its group [p2phls]
 * sets settings by the names of their properties, as gst-launch would, lists
 * with semicolons:
 *
 *   [p2phls]
 *   tracker-announce=http://tracker.example:8000;wss://other.example/
 *   max-upload-rate=500000
 *
 * The variable holds the URLs of trackers, with spaces or commas between them;
 * one that is set and empty says that there are none. */
#define GST_P2P_HLS_USER_TRACKERS "P2PHLS_TRACKERS"
#define GST_P2P_HLS_USER_CONFIG "P2PHLS_CONFIG"

/* Sets what the user said. What cannot be read is told to the debug log and left
 * out. */
void gst_p2p_hls_user_read (GstP2pHlsSettings * settings);
/* Whether the user named trackers or an engine, and so asked for P2P where
 * p2phlsdemux gets a plain URI. */
gboolean gst_p2p_hls_user_asks (void);

G_END_DECLS
