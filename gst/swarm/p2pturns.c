/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pturns.h"

typedef struct
{
  gpointer who;
  gboolean urgent;
  gint64 since;                 /* its turn */
} P2pTurn;

struct _P2pTurns
{
  P2pClock *clock;
  void (*serve) (gpointer who, gpointer user_data);
  gpointer user_data;
  GQueue served, waiting;       /* of P2pTurn; those served by since */
  guint64 rate;                 /* bytes a second; 0: no limit */
  gint64 paid;                  /* when what was sent took its time at that */
  guint timer;
};

P2pTurns *
p2p_turns_new (P2pClock * clock,
    void (*serve) (gpointer who, gpointer user_data), gpointer user_data)
{
  P2pTurns *self = g_new0 (P2pTurns, 1);

  self->clock = g_object_ref (clock);
  self->serve = serve;
  self->paid = G_MININT64;
  self->user_data = user_data;
  return self;
}

void
p2p_turns_free (P2pTurns * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  g_queue_clear_full (&self->served, g_free);
  g_queue_clear_full (&self->waiting, g_free);
  g_object_unref (self->clock);
  g_free (self);
}

/* Whether nobody is to wait until the limit allows more. */
static gboolean
p2p_turns_is_spent (P2pTurns * self)
{
  return self->paid > p2p_clock_get_time (self->clock) + P2P_TURNS_TIME;
}

/* When the next one may be served, or told that it will not be. */
static gint64
p2p_turns_get_free (P2pTurns * self)
{
  P2pTurn *last = g_queue_peek_tail (&self->served);
  gint64 free = last ? last->since + P2P_TURNS_TIME : G_MININT64;

  return p2p_turns_is_spent (self) ? G_MININT64 : MAX (free, self->paid);
}

static void
p2p_turns_begin (P2pTurns * self, P2pTurn * turn)
{
  turn->since = p2p_clock_get_time (self->clock);
  g_queue_push_tail (&self->served, turn);
}

static void p2p_turns_call_at (P2pTurns * self, gint64 when);

static void
p2p_turns_go_on (gpointer data)
{
  P2pTurns *self = data;

  p2p_clock_cancel (self->clock, &self->timer);
  while (self->waiting.length > 0
      && p2p_turns_get_free (self) <= p2p_clock_get_time (self->clock)) {
    P2pTurn *turn = g_queue_pop_head (&self->waiting);

    p2p_turns_begin (self, turn);
    self->serve (turn->who, self->user_data);
  }
  if (self->waiting.length > 0)
    p2p_turns_call_at (self, p2p_turns_get_free (self));
}

static void
p2p_turns_call_at (P2pTurns * self, gint64 when)
{
  p2p_clock_cancel (self->clock, &self->timer);
  self->timer = p2p_clock_call_at (self->clock, when, p2p_turns_go_on, self);
}

static GList *
p2p_turns_find (GQueue * queue, gpointer who)
{
  GList *l = queue->head;

  while (l && ((P2pTurn *) l->data)->who != who)
    l = l->next;
  return l;
}

void
p2p_turns_set_rate (P2pTurns * self, guint64 rate)
{
  if (self->rate == rate)
    return;
  self->rate = rate;
  self->paid = G_MININT64;
  if (self->waiting.length > 0)
    p2p_turns_call_at (self, p2p_clock_get_time (self->clock));
}

gboolean
p2p_turns_spend (P2pTurns * self, gsize size)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (self->rate == 0)
    return TRUE;
  if (self->paid > now)
    return FALSE;
  self->paid = now + (gint64) MIN (size * (double) P2P_SECOND / self->rate,
      3600 * P2P_SECOND);
  if (self->waiting.length > 0)
    p2p_turns_call_at (self, now);
  return TRUE;
}

/* How many wait who are as urgent, or more. */
static guint
p2p_turns_count (P2pTurns * self, gboolean urgent)
{
  guint n = 0;

  for (GList * l = self->waiting.head; l; l = l->next)
    n += !urgent || ((P2pTurn *) l->data)->urgent;
  return n;
}

P2pPeerTurn
p2p_turns_ask (P2pTurns * self, gpointer who, gboolean urgent, gboolean patient)
{
  GList *at = p2p_turns_find (&self->waiting, who);
  P2pTurn *turn;

  if (at) {
    g_free (at->data);
    g_queue_delete_link (&self->waiting, at);
  }
  if (((!patient || self->rate > 0)
          && p2p_turns_count (self, urgent) >= P2P_TURNS_MAX_WAITING)
      || p2p_turns_is_spent (self))
    return P2P_PEER_TURN_NEVER;
  at = self->waiting.head;
  turn = g_new0 (P2pTurn, 1);
  turn->who = who;
  turn->urgent = urgent;
  if (!at && p2p_turns_get_free (self) <= p2p_clock_get_time (self->clock)) {
    p2p_turns_begin (self, turn);
    return P2P_PEER_TURN_NOW;
  }
  while (at && (!urgent || ((P2pTurn *) at->data)->urgent))
    at = at->next;
  g_queue_insert_before (&self->waiting, at, turn);
  p2p_turns_call_at (self, p2p_turns_get_free (self));
  return P2P_PEER_TURN_LATER;
}

void
p2p_turns_end (P2pTurns * self, gpointer who)
{
  GQueue *queues[] = { &self->served, &self->waiting };

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++) {
    GList *l = p2p_turns_find (queues[i], who);

    if (l == NULL)
      continue;
    g_free (l->data);
    g_queue_delete_link (queues[i], l);
  }
  p2p_turns_go_on (self);
}
