/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "p2psession.h"

G_BEGIN_DECLS

/* Seed 000's events and methods as signals, the same on every element of the
 * plugin. All are emitted on the engine's thread (validate-segment on one of its
 * own), with no lock held: a handler may do anything that GStreamer allows,
 * setting the pipeline to NULL too. */

/* What the action signals do. */
typedef struct
{
  void (*load) (GstElement * element, GValueArray * segments,
      const char *swarm_id, const char *emit_now_url);
  void (*destroy) (GstElement * element);
} GstP2pHlsActions;

/* Once for each class, in its class_init. */
void gst_p2p_hls_signals_install (GObjectClass * klass,
    const GstP2pHlsActions * actions);

/* Whether somebody would hear the signal. */
gboolean gst_p2p_hls_signals_has_handler (GstElement * element,
    const char *name);

/* Emits validate-segment. peer_id: (nullable). Returns: TRUE if nobody heard
 * it */
gboolean gst_p2p_hls_signals_validate (GstElement * element, const char *url,
    GBytes * data, const char *method, const char *peer_id);

/* Seen from outside a segment is a GstStructure "segment": url (string),
 * priority (uint), data (GBytes; absent if not loaded), and of a byte range
 * offset and length (int64). */
GstStructure *gst_p2p_hls_signals_describe_segment (P2pSegment * segment);

/* "peer": id (string), remote-address (string, absent if not known). */
GstStructure *gst_p2p_hls_signals_describe_peer (P2pPeer * peer);

/* Reads what was given to load(): an array of strings (URLs; priorities as they
 * stand) and structures "segment". What makes no sense is passed over with a
 * warning. Returns: (transfer full) (element-type P2pSegment) */
GPtrArray *gst_p2p_hls_signals_read_segments (GstElement * element,
    GValueArray * segments);

G_END_DECLS
