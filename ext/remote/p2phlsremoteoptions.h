/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteerror.h"

#include "p2pjson.h"

G_BEGIN_DECLS

/* What applications give as options: a JSON object. A name may be written as in
 * JavaScript (heartbeatTimeout) or as a property's (heartbeat-timeout). */

/* text: (nullable). Returns: (transfer full) (nullable): an empty one for NULL; NULL
 * with P2P_HLS_REMOTE_ERROR_OPTIONS */
P2pJson *p2p_hls_remote_options_parse (const char *text, GError ** error);
/* options: (nullable). Returns: (transfer full): a copy, with all names as
 * properties have them; an empty one for NULL */
P2pJson *p2p_hls_remote_options_rename (P2pJson * options);

/* These leave *value as it is if there is no such option. */
gboolean p2p_hls_remote_options_get_uint (P2pJson * options,
    const char *name, guint * value, GError ** error);
gboolean p2p_hls_remote_options_get_boolean (P2pJson * options,
    const char *name, gboolean * value, GError ** error);

G_END_DECLS
