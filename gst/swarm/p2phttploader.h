/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ploader.h"

G_BEGIN_DECLS

/**
 * P2pHttpLoader:
 *
 * Seed 000's HttpLoader: all segments over HTTP, one at a time, in their order,
 * up to buffer_segments_count of them ahead. The swarm is of no meaning to it.
 */
#define P2P_TYPE_HTTP_LOADER (p2p_http_loader_get_type ())
G_DECLARE_FINAL_TYPE (P2pHttpLoader, p2p_http_loader, P2P, HTTP_LOADER,
    P2pLoader)

G_END_DECLS
