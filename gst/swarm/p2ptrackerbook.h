/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pTrackerBook:
 *
 * What a tracker knows: swarms, each by an opaque string (the info_hash of seed
 * 002), and their peers, each by an id that the book makes. A peer that is
 * silent for P2P_TRACKER_BOOK_HEARTBEATS heartbeats is gone, and a swarm
 * without peers takes no memory. No call costs more in a large swarm than in a
 * small one. Belongs to the thread that runs the tracker.
 */
typedef struct _P2pTrackerBook P2pTrackerBook;

#define P2P_TRACKER_BOOK_HEARTBEATS 3
/* Hexadecimal digits in lower case, the last one a check digit: the sum of the
 * codes of the others, modulo 16. Clients of 2018-08 and later insist. */
#define P2P_TRACKER_BOOK_ID_LENGTH 16
/* Bytes of an info_hash; a client of 2018-04 sends the whole URL as one. */
#define P2P_TRACKER_BOOK_MAX_INFO_HASH 2048
/* The most that max_listed can be */
#define P2P_TRACKER_BOOK_MAX_LISTED 64
/* KB that count of one report, and connections of one peer: no more is
 * believed. */
#define P2P_TRACKER_BOOK_MAX_KB (G_GINT64_CONSTANT (1) << 32)
#define P2P_TRACKER_BOOK_MAX_CONNS 4096

typedef struct
{
  guint heartbeat_interval;     /* seconds */
  guint max_swarms;
  guint max_peers;              /* of a swarm */
  guint max_ids;                /* of all swarms */
  guint max_listed;             /* peers told of at a time */
} P2pTrackerBookConfig;

/* What a peer did since its last report */
typedef struct
{
  gint64 source_kb;             /* from the web server */
  gint64 p2p_kb;                /* from peers */
  gint64 conns;                 /* channels that opened less those that closed */
  gint64 fail_conns;            /* that did not come about */
} P2pTrackerReport;

/* Of one swarm since it has peers, or of all since the book began */
typedef struct
{
  guint swarms;                 /* now */
  guint peers;                  /* now */
  guint64 source_kb;
  guint64 p2p_kb;
  guint64 conns;                /* now */
  guint64 fail_conns;
} P2pTrackerBookStats;

/* clock, rand: kept, a reference of the clock; rand has to outlive the book. */
P2pTrackerBook *p2p_tracker_book_new (P2pClock * clock, GRand * rand,
    const P2pTrackerBookConfig * config);
void p2p_tracker_book_free (P2pTrackerBook * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrackerBook, p2p_tracker_book_free)

gboolean p2p_tracker_book_is_id (const char *peer_id);

/* A new peer of a swarm.
 * Returns: (nullable): its id, valid until it is gone; NULL if a limit is
 * reached or info_hash is empty or too long */
const char *p2p_tracker_book_announce (P2pTrackerBook * self,
    const char *info_hash);

/* The peer is alive. One that is not known joins again, if its id is one that a
 * book makes and no limit is reached: real clients never announce twice, and
 * would be lost when a tracker is restarted.
 * Returns: FALSE if it is no peer of that swarm */
gboolean p2p_tracker_book_touch (P2pTrackerBook * self, const char *info_hash,
    const char *peer_id);

/* Peers of the swarm of peer_id but itself, and but those that are away, taken
 * at random, in random order. ids: has room for max_listed.
 * Returns: how many; ids are valid until peers go */
guint p2p_tracker_book_get_peers (P2pTrackerBook * self, const char *peer_id,
    const char **ids);

/* A peer that is away stays a peer, but others are not told of it. Of one that
 * is not known nothing happens. */
void p2p_tracker_book_set_away (P2pTrackerBook * self, const char *peer_id,
    gboolean away);

/* What a peer did since its last report, added up for its swarm and for all. Of one
 * that is not known nothing happens. */
void p2p_tracker_book_report (P2pTrackerBook * self, const char *peer_id,
    const P2pTrackerReport * report);

void p2p_tracker_book_get_stats (P2pTrackerBook * self,
    P2pTrackerBookStats * stats);
/* Returns: FALSE if there is no such swarm */
gboolean p2p_tracker_book_get_swarm_stats (P2pTrackerBook * self,
    const char *info_hash, P2pTrackerBookStats * stats);
/* Each swarm, in no order. func may not change the book. */
void p2p_tracker_book_foreach_swarm (P2pTrackerBook * self,
    void (*func) (const char *info_hash, const P2pTrackerBookStats * stats,
        gpointer user_data), gpointer user_data);

G_END_DECLS
