/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "p2phttp.h"

G_BEGIN_DECLS

/* What GStreamer is told of an HTTP response, as souphttpsrc tells it. */

/* "http-headers": uri, http-status-code (uint), redirection-uri (if there was
 * one), request-headers, response-headers (structures; names that repeat are
 * arrays). location: as it was asked for. Returns: (transfer full) */
GstStructure *gst_p2p_hls_headers_describe (const char *location,
    P2pHttpHead * head);

/* application/x-icy or audio/x-unaligned-raw (audio/L16). Returns: (transfer
 * full) (nullable): NULL: none are known */
GstCaps *gst_p2p_hls_headers_make_caps (P2pHttpHead * head);

/* The cookies of "http-headers": those that were sent, and those that came, as
 * Set-Cookie has them. Returns: (transfer full) */
char **gst_p2p_hls_headers_get_cookies (const GstStructure * headers);
/* The User-Agent that was sent, if it is not souphttpsrc's own. Returns:
 * (transfer full) (nullable) */
char *gst_p2p_hls_headers_get_user_agent (const GstStructure * headers);

/* Of icy-name, icy-genre and icy-url. Returns: (transfer full) (nullable) */
GstTagList *gst_p2p_hls_headers_make_tags (P2pHttpHead * head);

G_END_DECLS
