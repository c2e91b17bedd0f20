/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "p2psession.h"

G_BEGIN_DECLS

/* The property "stats" of the elements; docs/loader.md has its fields. */

/* The part that is a list: tracker-list, peer-list. On the engine's thread.
 * Returns: (transfer full) */
GstStructure *gst_p2p_hls_report_list (P2pSession * session);

/* handed: bytes that left pads, by source. asked: for P2P. lists: (nullable): of
 * the above; NULL: empty ones. Returns: (transfer full) */
GstStructure *gst_p2p_hls_report_new (const P2pStats * stats,
    const guint64 handed[P2P_N_SOURCES], gboolean asked,
    const GstStructure * lists);

G_END_DECLS
