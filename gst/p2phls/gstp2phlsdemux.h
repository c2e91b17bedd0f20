/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_P2P_HLS_DEMUX (gst_p2p_hls_demux_get_type ())
G_DECLARE_FINAL_TYPE (GstP2pHlsDemux, gst_p2p_hls_demux, GST, P2P_HLS_DEMUX,
    GstBin)

GST_ELEMENT_REGISTER_DECLARE (p2phlsdemux);

G_END_DECLS
