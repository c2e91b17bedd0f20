/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Where a player is in what it plays: what is asked for now is played when it
 * comes there. */
typedef struct
{
  gint64 time;                  /* microseconds, of the stream */
  double rate;                  /* above 0 */
  gboolean pauses;              /* as one that buffers does */
} GstP2pHlsPosition;

/* Asks the pipeline that the first of elements (element-type GstElement) that is
 * in one is in. It may wait for whatever elements hold: never on the engine's
 * thread or a streaming thread, nor with a lock held. Returns: FALSE if it is not
 * known: nothing is shown yet, a seek is under way, it plays backwards. */
gboolean gst_p2p_hls_position_query (GPtrArray * elements,
    GstP2pHlsPosition * position);

G_END_DECLS
