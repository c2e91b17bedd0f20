/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* HTML that shows ./stats.json, again and again */
extern const char p2p_tracker_status_page[];

G_END_DECLS
