/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2psouprequest.h"

G_BEGIN_DECLS

/* Returns: (transfer full): what the head of the answer says. encoded: its body
 * will be decoded. */
P2pHttpHead *p2p_soup_head_new (P2pSoupRequest * request,
    SoupMessage * message, gboolean encoded);

G_END_DECLS
