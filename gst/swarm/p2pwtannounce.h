/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pwtdialer.h"

G_BEGIN_DECLS

/**
 * P2pWtAnnounce:
 *
 * The announces of one swarm at one WebTorrent tracker, when it is time for
 * them, and what the tracker says to them: what a swarm needs of a tracker's
 * client but for the socket.
 *
 * The first announce after each p2p_wt_announce_set_online() says "started",
 * until the tracker replies to one; the others say no event. An announce waits
 * for its offers, P2P_WT_GATHER at most. None says "completed", or what is
 * left, as the players of browsers do not.
 */
typedef struct _P2pWtAnnounce P2pWtAnnounce;

/* Between announces until the tracker says another interval, and the bounds of
 * what it may say. */
#define P2P_WT_INTERVAL (30 * P2P_SECOND)
#define P2P_WT_MIN_INTERVAL (10 * P2P_SECOND)
#define P2P_WT_MAX_INTERVAL (3600 * P2P_SECOND)
/* Pauses after a failure (p2p_backoff()), if the tracker's interval is not
 * longer. */
#define P2P_WT_RETRY (30 * P2P_SECOND)
#define P2P_WT_RETRY_MAX (1800 * P2P_SECOND)
/* Announces in a row without any reply that say that there is nobody. */
#define P2P_WT_MAX_UNANSWERED 2
/* Characters of the tracker's own words that are handed on, and how often that is
 * done at most. */
#define P2P_WT_MAX_WORDS 256
#define P2P_WT_WORDS_PAUSE (10 * P2P_SECOND)
/* Bytes of a "tracker id", as JSON; a longer one is not sent back. */
#define P2P_WT_MAX_TRACKER_ID 512

/* A callback may free it, but for send; none but that comes from inside a
 * call. */
typedef struct
{
  /* Only while it is online, and from inside p2p_wt_announce_free(). text: a
   * message */
  void (*send) (const GString * text, gpointer user_data);
  /* The tracker took the announce that says "started". n_viewers: of the swarm,
   * ourselves counted */
  void (*announced) (guint n_viewers, gpointer user_data);
  /* The tracker refused, and will be asked again, or it warns. words: with its
   * own in them */
  void (*warning) (const char *words, gpointer user_data);
  /* It is online, but nobody replies. */
  void (*silent) (gpointer user_data);
} P2pWtAnnounceEvents;

/* dialer, rand: borrowed. clock: kept (a reference). n_offers: with each
 * announce, if there is room for that many viewers. */
P2pWtAnnounce *p2p_wt_announce_new (P2pClock * clock, GRand * rand,
    P2pWtDialer * dialer, guint n_offers, const P2pWtAnnounceEvents * events,
    gpointer user_data);
/* Sends "stopped", if it is online and has announced. */
void p2p_wt_announce_free (P2pWtAnnounce * self);
/* Whether there is a way to the tracker: not so at first. Each TRUE is a new
 * one. */
void p2p_wt_announce_set_online (P2pWtAnnounce * self, gboolean online);
/* A message of the tracker's for this swarm, or one that does not say for
 * which. */
void p2p_wt_announce_receive (P2pWtAnnounce * self,
    const P2pWtMessage * message);
/* Of the swarm, as the tracker said last. */
guint p2p_wt_announce_get_n_viewers (P2pWtAnnounce * self);
/* Whether the tracker has taken the announce, since it is online, and did not
 * refuse one later. */
gboolean p2p_wt_announce_is_taken (P2pWtAnnounce * self);

/* Whether it refused, and is to be asked again. */
gboolean p2p_wt_announce_is_refused (P2pWtAnnounce * self);

G_END_DECLS
