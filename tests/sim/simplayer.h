/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phybridloader.h"
#include "simorigin.h"
#include "simpeer.h"

G_BEGIN_DECLS

/* What all viewers watch. */
typedef struct
{
  gint64 duration;              /* of a segment */
  guint window;                 /* segments of a live playlist; 0: VOD */
  guint segments;               /* that there are in the end */
  gsize size;                   /* of each */
} SimStream;

/* A viewer: reads one segment after the other as hlsdemux does, some ahead of
 * what it plays, in real time. */
typedef struct
{
  char *name;
  P2pClock *clock;
  const SimStream *stream;
  SimNode node;
  SimTold *told;                /* for its peers */
  SimOrigin *origin;
  P2pCache *cache;
  P2pBandwidth bandwidth;
  P2pStats stats;
  P2pSettings settings;
  P2pHttpOptions *options;
  P2pLoader *loader;            /* NULL: it left, or has not come yet */

  gint64 join;                  /* when it comes */
  guint others;                 /* that it is told of then, to connect to */
  guint first, next, seen;      /* segments: read first, to be read, listed */
  gint64 poll;                  /* when the playlist is fetched again */
  P2pReader *reader;
  gboolean ended;               /* what it reads is there */
  gint64 began;                 /* to play; -1: not yet */
  gint64 stalled;
  guint stalls;
  gboolean stalling;
  guint64 http, p2p, uploaded;  /* bytes */
} SimPlayer;

/* Segments that it buffers ahead of what plays. */
#define SIM_PLAYER_AHEAD 2
/* How often sim_player_step() is called. */
#define SIM_PLAYER_TICK (50 * P2P_MSEC)
/* … and it tells where it is. */
#define SIM_PLAYER_TELLS (250 * P2P_MSEC)

void sim_player_init (SimPlayer * self, const char *name, P2pClock * clock,
    GRand * rand, const SimStream * stream, SimNode * server, GBytes * body);
void sim_player_clear (SimPlayer * self);

void sim_player_join (SimPlayer * self, GRand * rand);
/* A tick of its life. Returns: FALSE if it has seen it all */
gboolean sim_player_step (SimPlayer * self);
void sim_player_leave (SimPlayer * self);

G_END_DECLS
