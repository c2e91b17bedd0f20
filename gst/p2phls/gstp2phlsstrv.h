/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lets gst-launch and gst_parse_launch() set properties of type GStrv:
 * "a,b" or "<a,b>", items in quotes where they hold a comma. GStreamer's core
 * can do it from 1.26 on, "a,b" or with quotes around each; nothing is registered
 * if it can already. */
void gst_p2p_hls_strv_register (void);

G_END_DECLS
