/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakechannel.h"
#include "fakefetcher.h"
#include "fakepeer.h"
#include "p2phttploader.h"
#include "p2phybridloader.h"
#include "p2pnames.h"

G_BEGIN_DECLS

/* A viewer of a stream in a simulated swarm: its loader, its way to the origin,
 * the peers it knows, and all that must hold of them, whatever happens. */
typedef struct
{
  char *name;
  P2pClock *clock;
  GRand *rand;
  GString *log;                 /* of all viewers */
  FakeFetcher *origin;
  P2pCache *cache;
  P2pBandwidth bandwidth;
  P2pStats stats;
  P2pSettings settings;
  P2pHttpOptions *options;
  P2pLoader *loader;
  P2pNames *names;              /* of all segments of the stream */

  GPtrArray *peers;             /* of FakePeer: as this viewer sees them */
  GPtrArray *channels;          /* of FakeChannel: its end of each */
  GPtrArray *watches;           /* of Watch */
  GHashTable *gone;             /* ids whose abort was told */
  guint64 pieces[P2P_N_SOURCES];
  guint64 loaded;               /* bytes of all segment_loaded … */
  guint64 again;                /* … of these by emit_now_url */
  guint n_loaded;
  guint first, n;               /* the queue */
  gint64 duration;              /* of its segments; 0 (the default): unknown */
} Viewer;

/* One who reads a segment. */
typedef struct
{
  Viewer *viewer;
  P2pReader *reader;
  GBytes *expect;
  gsize got;
  gboolean ended;
  GError *error;
} Watch;

#define VIEWER_SEGMENTS 60      /* of the stream */

const char *viewer_uri (guint n);

/* clock, rand and log are shared and outlive it. */
Viewer *viewer_new (const char *name, P2pClock * clock, GRand * rand,
    GString * log, GType type);
void viewer_free (Viewer * v);

/* Applies settings, to the cache too. */
void viewer_apply (Viewer * v);
/* load() of n segments from first on. */
void viewer_load (Viewer * v, guint first, guint n, const char *swarm_id,
    const char *emit_now_url);
/* Returns: NULL if it is not in the queue; of the viewer */
Watch *viewer_read (Viewer * v, guint n);
void viewer_close (Viewer * v, Watch * watch);

/* A peer of the viewer's; (transfer full peer) */
void viewer_add_peer (Viewer * v, FakePeer * peer);
/* Two viewers meet. latency, rate: of both ways */
void viewer_meet (Viewer * a, Viewer * b, gint64 latency, guint64 rate);
/* The same, and they speak seed 002's protocol over a channel. */
void viewer_meet_over_wire (Viewer * a, Viewer * b, gint64 latency,
    guint64 rate);
/* Somebody is connected, who may speak it. channel: the viewer's end */
void viewer_add_wire (Viewer * v, FakeChannel * channel, const char *name);

/* Fails if anything is not as it must always be. */
void viewer_check (Viewer * v);
/* … and if anything is still to come, or bytes went astray. */
void viewer_check_at_rest (Viewer * v);

G_END_DECLS
