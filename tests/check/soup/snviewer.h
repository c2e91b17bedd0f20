/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakeconnector.h"
#include "fakepeer.h"
#include "p2psouptracker.h"
#include "snserver.h"

G_BEGIN_DECLS

#define SN_SWARM "http://o.example/live/master.m3u8"
/* Its SHA-1, as sha1sum says. */
#define SN_INFO_HASH "354d125d6104f16fc52450d572aeba33b35588fd"

/**
 * SnWorld:
 *
 * A server, a context and a virtual clock, which goes only when it is told to.
 */
typedef struct
{
  GMainContext *context;
  P2pClock *clock;
  SnServer *server;
} SnWorld;

/**
 * SnViewer:
 *
 * A client of the tracker and what it told.
 */
typedef struct
{
  SnWorld *world;
  FakeConnector *connector;
  P2pSignaller *tracker;
  P2pNames *names;

  P2pSignallerCounts counts;
  guint n_announced, n_warnings, n_errors;
  char *id;                     /* at the tracker */
  guint n_listed;               /* in the last announce */
  GPtrArray *peers;             /* of P2pPeer, kept */
  GError *error;
  char *warning;                /* the last one */
  char leave;                   /* in 'a'nnounced, 'p'eer, 'w'arning, 'e'rror */
  gboolean left;
} SnViewer;

/* Its server is up. */
SnWorld *sn_world_new (void);
/* … and wants stats so rarely that they do not matter. */
SnWorld *sn_world_new_rare_stats (void);
void sn_world_free (SnWorld * self);
/* Lets all happen that need not wait. */
void sn_world_settle (SnWorld * self);
/* Lets so many seconds go by, and what happens in them. */
void sn_world_run (SnWorld * self, double seconds);
/* Lets the context run, not the clock, until there was that many requests since
 * the log was cleared. */
void sn_world_wait_requests (SnWorld * self, guint n);

/* What the config leaves open is filled in. */
SnViewer *sn_viewer_new (SnWorld * world, const P2pSoupTrackerConfig * config);
/* Leaves, and lets go of all. */
void sn_viewer_free (SnViewer * self);
void sn_viewer_join (SnViewer * self, const char *swarm_id);
void sn_viewer_leave (SnViewer * self, const char *swarm_id);
/* How SN_SWARM, that was joined, stands there: its state, and whether an own id
 * and words of trouble are there, as "connected +id -trouble". Returns: (transfer
 * full) */
char *sn_viewer_describe (SnViewer * self);
/* Joined, announced, its WebSocket open. */
SnViewer *sn_viewer_new_open (SnWorld * world);

/* How often part is in text. */
guint sn_count (const char *text, const char *part);

/* Waits for what the network brings, the clock stands. */
#define sn_wait(world, condition) G_STMT_START {                        \
  while (!(condition)) {                                                \
    p2p_clock_run ((world)->clock, p2p_clock_get_time ((world)->clock));\
    if (!(condition))                                                   \
      g_main_context_iteration ((world)->context, TRUE);                \
  }                                                                     \
} G_STMT_END

G_END_DECLS
