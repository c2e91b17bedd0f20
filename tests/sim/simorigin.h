/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pfetcher.h"
#include "simnode.h"

G_BEGIN_DECLS

/* A web server as one viewer reaches it: all resources are of one size, and
 * nothing ever goes wrong with it. */
#define SIM_TYPE_ORIGIN (sim_origin_get_type ())
G_DECLARE_FINAL_TYPE (SimOrigin, sim_origin, SIM, ORIGIN, GObject)

struct _SimOrigin
{
  GObject parent;

  guint requests;

  /*< private >*/
  P2pClock *clock;
  SimNode *server, *node;
  GBytes *body;
};

/* server: whose line carries it to node's; NULL: it is never full */
SimOrigin *sim_origin_new (P2pClock * clock, SimNode * server, SimNode * node,
    GBytes * body);

G_END_DECLS
