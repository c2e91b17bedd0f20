/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackercore.h"

G_BEGIN_DECLS

#define P2P_TRACKER_JSON "application/json; charset=utf-8"

/* What anybody may know of a tracker:
 *
 *   GET /              a page that shows the latter, live
 *   GET /stats.json    figures, and the largest swarms
 *
 * The figures are at most P2P_TRACKER_STATUS_AGE old, so that who asks often
 * costs little.
 *
 * Returns: FALSE if the request is of neither; else body and its type are made */
gboolean p2p_tracker_status_handle (P2pTrackerCore * core,
    const P2pTrackerRequest * request, GString * body, const char **type);

/* Microseconds */
#define P2P_TRACKER_STATUS_AGE P2P_SECOND
/* Swarms that are told of, the largest ones, of either protocol */
#define P2P_TRACKER_STATUS_SWARMS 100
/* Bytes of an info hash of seed 002 that are told, as it may be a whole URL */
#define P2P_TRACKER_STATUS_INFO_HASH 100

G_END_DECLS
