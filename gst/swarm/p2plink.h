/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pbody.h"
#include "p2pclock.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/**
 * P2pLink:
 *
 * A peer as the loader that asks it sees it: one request at a time, every
 * length checked, silence ended by a time-out, what it did not have or lied
 * about remembered, and how fast it was.
 */
typedef struct _P2pLink P2pLink;

/* A peer that was asked and sends nothing for this long does not have it: the
 * time of seed 000's source. */
#define P2P_LINK_TIMEOUT (3000 * P2P_MSEC)
/* A peer that broke its promises this often is closed, … */
#define P2P_LINK_MAX_BAD 3
/* … or was silent so often since it last sent all of a segment. */
#define P2P_LINK_MAX_TIMEOUTS 3
/* Bytes a second that a peer is thought to send before it proved anything: much,
 * as what it sent is kept when it turns out to be too slow. */
#define P2P_LINK_DEFAULT_RATE 500000
/* A peer that said that it has what it then says is not there has no time for
 * it now, or lost it: it is asked again after this long. */
#define P2P_LINK_AGAIN (400 * P2P_MSEC)
/* … so often at most, until it has lost it and tells of it anew. */
#define P2P_LINK_MAX_AGAIN 8
/* Who said so of anything so often since it last sent all of a segment is left
 * alone for that long after the next time, then for twice that, and so on … */
#define P2P_LINK_MAX_REFUSED 16
/* … and for this long at most. */
#define P2P_LINK_AGAIN_MAX (30 * P2P_SECOND)
/* Nobody waits longer than this for who may be asked again. */
#define P2P_LINK_SOON (10 * P2P_SECOND)
/* What has begun to come is judged by how fast it comes after this long. */
#define P2P_LINK_GRACE (500 * P2P_MSEC)
/* Who has not told what it has after this long is not waited for. */
#define P2P_LINK_SETTLED (1 * P2P_SECOND)

typedef struct
{
  /* What it holds has changed. */
  void (*changed) (P2pLink * link, gpointer user_data);
  /* Bytes of the request under way came. */
  void (*piece) (P2pLink * link, gsize size, gpointer user_data);
  /* The request ended: all is there. elapsed: microseconds that all of it would
   * have taken; 0: too little came to say. */
  void (*loaded) (P2pLink * link, const char *id, P2pBody * body,
      gint64 elapsed, gpointer user_data);
  /* It ended without. body: (transfer full) (nullable): what is there, of of bytes
   * in all, without what it sent if that was a lie; wasted: bytes that are of no
   * use. */
  void (*failed) (P2pLink * link, const char *id, P2pBody * body, gsize of,
      gsize wasted, gpointer user_data);
  /* It broke its promises, once more. */
  void (*bad) (P2pLink * link, gpointer user_data);
  /* As in P2pPeerEvents */
  P2pSegment *(*wanted) (P2pLink * link, const char *id, gpointer user_data);
  void (*uploaded) (P2pLink * link, gsize size, gpointer user_data);
  P2pPeerTurn (*turn) (P2pLink * link, gboolean urgent, gboolean patient,
      gpointer user_data);
  void (*sent) (P2pLink * link, gpointer user_data);
  /* It is gone, or bad enough to go. */
  void (*closed) (P2pLink * link, gpointer user_data);
} P2pLinkEvents;

struct _P2pLink
{
  /*< read-only >*/
  P2pPeer *peer;
  char *asked;                  /* id of the request under way, or NULL */
  guint bad, timeouts;
  guint refused;                /* times since it last sent all of a segment */
  gint64 rested;                /* when it may be asked for anything again */
  guint64 rate;                 /* bytes a second; 0: not proven yet */
  gboolean told;                /* it has said what it has … */
  gboolean fresh;               /* … and something new since */
  gint64 since;                 /* when it was connected */
  guint version;                /* of what it was told of (set by the swarm) */
  gboolean elects;              /* it takes part in the election (the same) */
  char *own;                    /* id that it knows us by (the same), or NULL */
  char *sent;                   /* id of what it was sent last, or NULL (the same) */
  gboolean shares;              /* it told that it had such (the same) */
  gint64 given;                 /* bytes that it was sent less those that it sent
                                 * (the same) */

  /*< private >*/
  grefcount refs;
  P2pClock *clock;
  const P2pLinkEvents *events;
  gpointer user_data;
  gboolean gone;                /* about to be closed: not asked any more */
  GHashTable *absent;           /* id -> P2pAbsent */
  P2pBody *body;
  P2pBody *held;                /* the first bytes of it, which are not asked for;
                                 * or NULL */
  gsize held_of;                /* bytes, of all; 0: not known */
  gint64 expected;              /* bytes, of the request; -1: not known */
  gint64 declared;              /* bytes it promised; -1: not yet */
  gsize came;                   /* bytes, of the last request (for the swarm) */
  gint64 started, heard;
  gint64 began;                 /* to come */
  guint timer;
};

/* Sets the peer's events. */
P2pLink *p2p_link_new (P2pClock * clock, P2pPeer * peer,
    const P2pLinkEvents * events, gpointer user_data);
/* Closes the peer. No event comes after it. */
void p2p_link_close (P2pLink * self);
/* It sent what is not good: it is to go, with its events, and nothing that it
 * sends is of use. */
void p2p_link_drop (P2pLink * self);
P2pLink *p2p_link_ref (P2pLink * self);
void p2p_link_unref (P2pLink * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pLink, p2p_link_unref)

/* What it holds that it may be asked for. P2P_PEER_IS_LOADING also if it may be
 * asked again soon, HAS_NOT also if later: then again: (inout) is no later than
 * that. */
P2pPeerHas p2p_link_has (P2pLink * self, const char *id, gint64 * again);
gboolean p2p_link_is_idle (P2pLink * self);

/* length: of the segment, -1 if not known. held: (transfer full) (nullable): the
 * first bytes of it, of of in all, only if p2p_peer_can_resume(). Only of an idle
 * one. */
void p2p_link_request (P2pLink * self, const char *id, gint64 length,
    gboolean urgent, P2pBody * held, gsize of);
/* How much of the request under way came from it. */
gsize p2p_link_get_received (P2pLink * self);
/* Of the request under way. Returns: (transfer full) (nullable): what came, of
 * of bytes in all */
P2pBody *p2p_link_cancel (P2pLink * self, gsize * of);

/* How long it would take for so many bytes: what it was measured at, or not. */
gint64 p2p_link_estimate (P2pLink * self, guint64 bytes);
/* How long the request under way will take yet for the rest of so many bytes. */
gint64 p2p_link_estimate_rest (P2pLink * self, guint64 bytes);
/* id is of no interest any more: what was remembered of it goes. */
void p2p_link_forget (P2pLink * self, const char *id);

G_END_DECLS
