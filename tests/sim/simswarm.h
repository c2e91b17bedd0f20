/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "simplayer.h"

G_BEGIN_DECLS

/* A swarm of viewers under a virtual clock: the loaders that ship, on lines of 5
 * Mbit/s up and 20 Mbit/s down with 20 to 100 ms, of whose connections one in a
 * hundred does not come about. The same config has the same outcome. */
typedef struct
{
  const char *name;
  guint viewers;
  SimStream stream;             /* segments: of VOD all, of live those that the
                                 * first viewer sees */
  guint degree;                 /* peers each; 0: all */
  guint cache;                  /* max_cache_segments_count */
  gboolean election;            /* http_election */
  gint64 join;                  /* between one viewer and the next */
  guint leaving;                /* of a hundred, who leave half-way */
  guint32 seed;
  guint64 server;               /* bytes a second of the web server's line, 50 ms
                                 * long; 0: never full */
} SimConfig;

typedef struct
{
  double offload;
  double bound;                 /* (N - 1) / N, or d / (d + 1) */
  double duplicates;            /* fetched over HTTP again, of the segments */
  double unplayed;              /* bytes that came and were not played, of those
                                 * that were */
  double fairness;              /* of uploads (Jain): 1 if all gave the same */
  guint stalls;
  double stalled;               /* seconds, all */
  double startup;               /* seconds, the mean */
} SimOutcome;

void sim_swarm_run (const SimConfig * config, SimOutcome * outcome);

G_END_DECLS
