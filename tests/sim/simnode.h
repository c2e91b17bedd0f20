/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/* A viewer's line. What is sent over it is shared among all that goes over it at
 * the time, chunk by chunk. */
typedef struct
{
  guint64 up, down;             /* bytes a second */
  gint64 latency;               /* of its part of the way */
  gint64 up_free, down_free;    /* when it has carried what it was given */
} SimNode;

#define SIM_CHUNK (32 * 1024)

/* Carries size bytes from from (NULL: a web server, whose line is never full)
 * to to, not before the moment that begin says. Returns: when the last of them
 * arrives; begin: (inout): when the next ones may leave. */
gint64 sim_node_carry (SimNode * from, SimNode * to, gsize size, gint64 now,
    gint64 * begin);
/* One way. */
gint64 sim_node_get_latency (SimNode * from, SimNode * to);

G_END_DECLS
