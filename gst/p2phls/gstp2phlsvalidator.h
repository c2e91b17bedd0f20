/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "p2pcheck.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsValidator:
 *
 * Asks the application by validate-segment whether segments are good: one after
 * the other, on a thread that it takes for as long as there is something to
 * ask, so that the engine goes on while the application thinks. Ref-counted
 * from any thread.
 */
typedef struct _GstP2pHlsValidator GstP2pHlsValidator;

GstP2pHlsValidator *gst_p2p_hls_validator_new (void);
GstP2pHlsValidator *gst_p2p_hls_validator_ref (GstP2pHlsValidator * self);
void gst_p2p_hls_validator_unref (GstP2pHlsValidator * self);

/* Any thread: nobody is asked any more, but who is being asked. */
void gst_p2p_hls_validator_end (GstP2pHlsValidator * self);

/* On the engine's thread, where check is answered later: it is good if no
 * handler of any of the elements (element-type GstElement) says FALSE. */
void gst_p2p_hls_validator_ask (GstP2pHlsValidator * self,
    GPtrArray * elements, P2pCheck * check);

G_END_DECLS
