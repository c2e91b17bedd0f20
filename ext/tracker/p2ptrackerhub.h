/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackerbook.h"
#include "p2ptrackerconfig.h"

G_BEGIN_DECLS

/**
 * P2pTrackerHub:
 *
 * Seed 002's signalling: who is there by id, and the messages from one to
 * another, which it passes on as they are.
 *
 * The ids are those of the book, but any printable one will do: a client that
 * outlives a tracker goes on with its id. As long as a peer of the book has no
 * socket any more, others are not told of it.
 */
typedef struct _P2pTrackerHub P2pTrackerHub;
/* One side of a WebSocket */
typedef struct _P2pTrackerLink P2pTrackerLink;

typedef struct
{
  /* text: UTF-8, not terminated; may not call the hub */
  void (*send) (gpointer socket, const char *text, gsize size);
  /* A newer socket has the id: it is to be closed later, and p2p_tracker_hub_
   * leave() called then. */
  void (*replaced) (gpointer socket);
} P2pTrackerHubFuncs;

typedef struct
{
  guint sockets;                /* now */
  guint64 relayed;              /* messages that were passed on */
  guint64 absent;               /* … whose target is not there */
  guint64 bad;                  /* … that made no sense, dropped */
} P2pTrackerHubStats;

P2pTrackerHub *p2p_tracker_hub_new (P2pTrackerBook * book,
    const P2pTrackerHubFuncs * funcs, guint max_message);
/* No link may be left. */
void p2p_tracker_hub_free (P2pTrackerHub * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrackerHub, p2p_tracker_hub_free)

gboolean p2p_tracker_hub_is_id (const char *id);

/* id: such as p2p_tracker_hub_is_id() allows. The newest socket of an id counts:
 * the one before it may be of a network that is gone. */
P2pTrackerLink *p2p_tracker_hub_join (P2pTrackerHub * self, const char *id,
    gpointer socket);
void p2p_tracker_hub_leave (P2pTrackerHub * self, P2pTrackerLink * link);
void p2p_tracker_hub_message (P2pTrackerHub * self, P2pTrackerLink * link,
    const char *text, gsize size);
void p2p_tracker_hub_get_stats (P2pTrackerHub * self,
    P2pTrackerHubStats * stats);

G_END_DECLS
