/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakefetcher.h"
#include "fakepeer.h"
#include "p2phttploader.h"
#include "p2phybridloader.h"
#include "p2pswarm.h"

G_BEGIN_DECLS

#define STAGE_SIZE 40000        /* of a segment */
#define STAGE_SEGMENTS 40       /* that the origin has */

/* A loader, an origin, and a log of what the loader tells: "loaded 3", each in
 * a line. Segments are numbers; their id is "s" and the number. */
typedef struct
{
  P2pClock *clock;
  GRand *rand;
  FakeFetcher *fetcher;
  P2pCache *cache;
  P2pBandwidth bandwidth;
  P2pStats stats;
  P2pSettings settings;
  P2pHttpOptions *options;
  P2pLoader *loader;

  GPtrArray *peers;             /* of FakePeer: all that were added */
  GString *log;
  guint64 pieces[P2P_N_SOURCES];        /* bytes told */
  guint64 uploaded;
  gboolean looks;               /* what comes is looked at */
  GPtrArray *checks;            /* of P2pCheck: that wait for an answer */
  gboolean calling;             /* inside a call of the loader */
  gint64 lengths;               /* of the segments loaded, or -1 */
  gint64 duration;              /* of each, 0: unknown */
  void (*on_event) (gpointer stage, const char *what);
} Stage;

/* rate: bytes a second of a request to the origin, 0: all at once */
Stage *stage_new (GType type, guint64 rate);
/* Everything must be gone with it. */
void stage_free (Stage * s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stage, stage_free)

const char *stage_uri (guint n);
const char *stage_id (guint n);
FakeResource *stage_resource (Stage * s, guint n);
GBytes *stage_bytes (Stage * s, guint n);

/* Applies s->settings, to the cache too. */
void stage_apply (Stage * s);
/* load() of segments first to last, with priorities 0, 1, 2 … */
void stage_load (Stage * s, guint first, guint last);
/* The same, of a swarm, and with an emit_now_url. */
void stage_load_full (Stage * s, guint first, guint last, guint priority,
    const char *swarm_id, const char *emit_now_url);
void stage_run (Stage * s, gint64 duration);
/* Runs until nothing happens any more. */
void stage_settle (Stage * s);

/* Returns: of the stage; holds the segments first to last, none if last is
 * before first. */
FakePeer *stage_add_peer (Stage * s, const char *id, guint first, guint last);

/* Answers the oldest of the checks: that it is good. Or bad. */
void stage_answer (Stage * s, gboolean good);

void stage_assert_log (Stage * s, const char *expect);
/* What was asked of the origin, as numbers, each and a space. */
void stage_assert_requests (Stage * s, const char *expect);
gboolean stage_is_cached (Stage * s, guint n);

/* One who reads. */
typedef struct
{
  Stage *stage;
  P2pReader *reader;
  GByteArray *data;
  guint n_heads, n_done;
  P2pSource source;
  guint status;                 /* of the head that came with an error */
  GError *error;
} Audience;

Audience *stage_read (Stage * s, guint n);
/* Closes it. */
void audience_free (Audience * a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Audience, audience_free)
/* It got all of segment n from source. */
void audience_assert_all (Audience * a, guint n, P2pSource source);

G_END_DECLS
