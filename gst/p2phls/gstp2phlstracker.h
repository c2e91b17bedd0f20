/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_P2P_HLS_TRACKER (gst_p2p_hls_tracker_get_type ())
G_DECLARE_FINAL_TYPE (GstP2pHlsTracker, gst_p2p_hls_tracker, GST,
    P2P_HLS_TRACKER, GstElement)

GST_ELEMENT_REGISTER_DECLARE (p2phlstracker);

G_END_DECLS
