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

/* How what a demuxer asks for next comes to the session. */
typedef enum
{
  GST_P2P_HLS_WAY_PLAIN,        /* by the URIs as they are, or not at all */
  GST_P2P_HLS_WAY_SCHEME,       /* by p2phls+ URIs: it fetches with sources */
  GST_P2P_HLS_WAY_GATEWAY,      /* by local URLs: it fetches by itself */
} GstP2pHlsWay;

/* The way for who reads playlists from pad. is_p2p: whether the playlist was
 * itself asked for with a p2phls+ URI; asked: whether anybody asked for P2P.
 * patient: whether to wait, for a tenth of a second at most, until nobody holds
 * a lock; never in a query. */
GstP2pHlsWay gst_p2p_hls_downstream_get_way (GstPad * pad, gboolean is_p2p,
    gboolean asked, gboolean patient);

/* A query that a p2phlssrc answers if it gave its playlist in a way by which
 * all that is asked for next comes to the session. */
GstQuery *gst_p2p_hls_downstream_new_query (void);
gboolean gst_p2p_hls_downstream_is_query (GstQuery * query);

/* uri with p2phls+ or without. Returns: (transfer full) */
char *gst_p2p_hls_downstream_spell (const char *uri, GstP2pHlsWay way);

G_END_DECLS
