/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Who reads a playlist that leaves a source. */
typedef enum
{
  GST_P2P_HLS_DOWNSTREAM_UNKNOWN,       /* somebody holds a lock: not now */
  GST_P2P_HLS_DOWNSTREAM_OTHER, /* no adaptive demuxer */
  GST_P2P_HLS_DOWNSTREAM_LOOSE, /* a pad of no element: a demuxer's downloader */
  GST_P2P_HLS_DOWNSTREAM_LEGACY,        /* hlsdemux: fetches with sources */
  GST_P2P_HLS_DOWNSTREAM_ADAPTIVE,      /* hlsdemux2: fetches by itself */
} GstP2pHlsDownstream;

/* Walks from pad to the first adaptive demuxer (Klass "Adaptive"). Waits for no
 * element's lock: typefind asks for a source's URI with its own lock held. */
GstP2pHlsDownstream gst_p2p_hls_downstream_find (GstPad * pad);

/* Whether http and https URIs are given to p2phlssrc by the ranks there are
 * now, so that plain ones come back to it. */
gboolean gst_p2p_hls_downstream_http_is_ours (void);

/* Whether who reads playlists from pad has to ask with p2phls+ URIs, so that
 * what it asks for comes back to p2phlssrc. is_p2p: whether it was itself asked
 * for with one. patient: whether to wait, for a tenth of a second at most, until
 * nobody holds a lock; never in a query. */
gboolean gst_p2p_hls_downstream_wants_scheme (GstPad * pad, gboolean is_p2p,
    gboolean patient);

/* uri with p2phls+ or without. Returns: (transfer full) */
char *gst_p2p_hls_downstream_spell (const char *uri, gboolean with_scheme);

G_END_DECLS
