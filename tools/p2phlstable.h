/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What an engine does, for people: one line a stream. status: as of
 * p2p_hls_remote_server_get_status(). Returns: (transfer full) */
char *p2p_hls_table_make (JsonObject * status);
/* Returns: (transfer full): what of it has room on a screen, above the cursor */
char *p2p_hls_table_fit (const char *table, guint columns, guint rows);

G_END_DECLS
