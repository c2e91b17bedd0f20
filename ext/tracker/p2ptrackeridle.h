/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pTrackerIdle:
 *
 * Who said nothing for long. libwebsockets could tell too, but keeps its timers
 * in a list that it walks; here, whoever is heard costs the same however many
 * are silent.
 */
typedef struct
{
  GList link;                   /* data: the owner */
  gint64 since;
  gboolean asked;
} P2pTrackerIdleItem;

typedef struct
{
  /* Half of the time-out is over: ask for a sign of life. */
  void (*ask) (gpointer owner);
  /* All of it is over. Has to remove the owner, at once or later. */
  void (*give_up) (gpointer owner);
} P2pTrackerIdleFuncs;

typedef struct
{
  P2pClock *clock;
  P2pTrackerIdleFuncs funcs;
  gint64 half;
  GQueue heard, asked;          /* the longest silent first */
  guint next;
} P2pTrackerIdle;

/* clock: not kept, has to outlive it; timeout: seconds */
void p2p_tracker_idle_init (P2pTrackerIdle * self, P2pClock * clock,
    guint timeout, const P2pTrackerIdleFuncs * funcs);
/* No item may be left. */
void p2p_tracker_idle_clear (P2pTrackerIdle * self);

/* item: a field of owner, which goes only after remove(). hear: owner said
 * something. */
void p2p_tracker_idle_add (P2pTrackerIdle * self, P2pTrackerIdleItem * item,
    gpointer owner);
void p2p_tracker_idle_remove (P2pTrackerIdle * self,
    P2pTrackerIdleItem * item);
void p2p_tracker_idle_hear (P2pTrackerIdle * self, P2pTrackerIdleItem * item);

G_END_DECLS
