/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "p2perror.h"
#include "p2phttp.h"

G_BEGIN_DECLS

/* Posts an ERROR of a request as element's: the domain and code that
 * souphttpsrc would use, and in its details http-status-code (uint) and
 * http-redirect-uri if there was a response. head: of it, or NULL. Only from
 * the streaming thread, inside create(). */
void gst_p2p_hls_errors_post (GstElement * element, const char *location,
    P2pHttpHead * head, const GError * error);

G_END_DECLS
