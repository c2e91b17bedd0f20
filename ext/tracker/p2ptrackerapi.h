/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackerbook.h"

G_BEGIN_DECLS

/* What is asked over HTTP, whoever brought it */
typedef struct
{
  const char *method;           /* "GET" … */
  const char *path;             /* decoded, without the query */
  char **query;                 /* (nullable): decoded, each "name=value" */
  const char *body;             /* (nullable) */
  gsize body_size;
} P2pTrackerRequest;

/* Returns: (nullable): the value in the query */
const char *p2p_tracker_request_get (const P2pTrackerRequest * request,
    const char *name);

typedef struct
{
  P2pTrackerBook *book;
  guint report_interval;        /* seconds */
  guint heartbeat_interval;     /* seconds */
} P2pTrackerApi;

/* The calls of seed 002's tracker, by both generations of its clients:
 *
 *   GET  …/announce  ?info_hash=               peer_id, intervals, peers
 *   GET  …/get_peers ?info_hash= &peer_id=     peers
 *   POST …/stats     ?info_hash= &peer_id=     {}
 *   GET  …/heartbeat ?info_hash= &peer_id=     {}
 *
 *   POST …/channel                             ret, name, data: id, peers …
 *   POST …/channel/CHANNEL/node/ID/peers       ret, name, data: peers
 *   POST …/channel/CHANNEL/node/ID/stats       ret, name, data (PUT too)
 *
 * with any path before them, and a slash behind them or not. What else is in a
 * query or a body is ignored. A channel is the info_hash in base64, if it
 * decodes to text, and else the info_hash itself.
 *
 * Returns: the status; reply gets the JSON of the body. */
guint p2p_tracker_api_handle (const P2pTrackerApi * self,
    const P2pTrackerRequest * request, GString * reply);

G_END_DECLS
