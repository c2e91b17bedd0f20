/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackeridle.h"

static void check (gpointer user_data);

void
p2p_tracker_idle_init (P2pTrackerIdle * self, P2pClock * clock, guint timeout,
    const P2pTrackerIdleFuncs * funcs)
{
  self->clock = clock;
  self->funcs = *funcs;
  self->half = timeout * P2P_SECOND / 2;
  self->next = 0;
  g_queue_init (&self->heard);
  g_queue_init (&self->asked);
}

void
p2p_tracker_idle_clear (P2pTrackerIdle * self)
{
  p2p_clock_cancel (self->clock, &self->next);
}

static P2pTrackerIdleItem *
peek (GQueue * queue)
{
  GList *first = g_queue_peek_head_link (queue);

  /* The link is its first member. */
  return (P2pTrackerIdleItem *) first;
}

/* At the time of the first that is in either queue, which may be too early,
 * but never late */
static void
schedule (P2pTrackerIdle * self)
{
  P2pTrackerIdleItem *heard = peek (&self->heard), *asked = peek (&self->asked);
  gint64 since = MIN (heard ? heard->since : P2P_NEVER,
      asked ? asked->since : P2P_NEVER);

  if (since != P2P_NEVER && !self->next)
    self->next = p2p_clock_call_at (self->clock, since + self->half, check,
        self);
}

static void
put (P2pTrackerIdle * self, P2pTrackerIdleItem * item, gboolean asked)
{
  item->since = p2p_clock_get_time (self->clock);
  item->asked = asked;
  g_queue_push_tail_link (asked ? &self->asked : &self->heard, &item->link);
}

static void
check (gpointer user_data)
{
  P2pTrackerIdle *self = user_data;
  gint64 limit = p2p_clock_get_time (self->clock) - self->half;
  P2pTrackerIdleItem *item;

  self->next = 0;
  while ((item = peek (&self->asked)) && item->since <= limit) {
    /* Behind the others, should it stay. */
    p2p_tracker_idle_remove (self, item);
    put (self, item, TRUE);
    self->funcs.give_up (item->link.data);
  }
  while ((item = peek (&self->heard)) && item->since <= limit) {
    p2p_tracker_idle_remove (self, item);
    put (self, item, TRUE);
    self->funcs.ask (item->link.data);
  }
  schedule (self);
}

void
p2p_tracker_idle_add (P2pTrackerIdle * self, P2pTrackerIdleItem * item,
    gpointer owner)
{
  item->link.data = owner;
  put (self, item, FALSE);
  schedule (self);
}

void
p2p_tracker_idle_remove (P2pTrackerIdle * self, P2pTrackerIdleItem * item)
{
  g_queue_unlink (item->asked ? &self->asked : &self->heard, &item->link);
}

void
p2p_tracker_idle_hear (P2pTrackerIdle * self, P2pTrackerIdleItem * item)
{
  p2p_tracker_idle_remove (self, item);
  put (self, item, FALSE);
}
