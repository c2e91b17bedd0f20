/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pclock.h"

typedef struct
{
  guint id;
  gint64 when;
  P2pClockFunc func;
  gpointer user_data;
} P2pCall;

struct _P2pClock
{
  GObject parent;

  gint64 now;
  GSequence *calls;             /* of P2pCall, by time, then by id */
  GHashTable *by_id;            /* id -> GSequenceIter */
  guint last_id;
};

G_DEFINE_TYPE (P2pClock, p2p_clock, G_TYPE_OBJECT);

static int
p2p_call_compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const P2pCall *x = a, *y = b;

  if (x->when != y->when)
    return x->when < y->when ? -1 : 1;
  /* The difference, so that order survives the ids' wrapping around. */
  return (gint32) (x->id - y->id);
}

static void
p2p_clock_finalize (GObject * object)
{
  P2pClock *self = P2P_CLOCK (object);

  g_hash_table_unref (self->by_id);
  g_sequence_free (self->calls);
  G_OBJECT_CLASS (p2p_clock_parent_class)->finalize (object);
}

static void
p2p_clock_class_init (P2pClockClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_clock_finalize;
}

static void
p2p_clock_init (P2pClock * self)
{
  self->calls = g_sequence_new (g_free);
  self->by_id = g_hash_table_new (NULL, NULL);
}

P2pClock *
p2p_clock_new (gint64 now)
{
  P2pClock *self = g_object_new (P2P_TYPE_CLOCK, NULL);

  self->now = now;
  return self;
}

gint64
p2p_clock_get_time (P2pClock * self)
{
  return self->now;
}

void
p2p_clock_set_time (P2pClock * self, gint64 now)
{
  self->now = MAX (self->now, now);
}

gint64
p2p_clock_get_next (P2pClock * self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->calls);

  if (g_sequence_iter_is_end (first))
    return P2P_NEVER;
  return ((P2pCall *) g_sequence_get (first))->when;
}

void
p2p_clock_run (P2pClock * self, gint64 now)
{
  g_object_ref (self);
  p2p_clock_set_time (self, now);
  while (p2p_clock_get_next (self) <= self->now) {
    GSequenceIter *first = g_sequence_get_begin_iter (self->calls);
    P2pCall call = *(P2pCall *) g_sequence_get (first);

    g_hash_table_remove (self->by_id, GUINT_TO_POINTER (call.id));
    g_sequence_remove (first);
    call.func (call.user_data);
  }
  g_object_unref (self);
}

guint
p2p_clock_call_at (P2pClock * self, gint64 when, P2pClockFunc func,
    gpointer user_data)
{
  P2pCall *call = g_new (P2pCall, 1);

  do {
    self->last_id++;
  } while (self->last_id == 0
      || g_hash_table_contains (self->by_id, GUINT_TO_POINTER (self->last_id)));

  call->id = self->last_id;
  call->when = when;
  call->func = func;
  call->user_data = user_data;
  g_hash_table_insert (self->by_id, GUINT_TO_POINTER (call->id),
      g_sequence_insert_sorted (self->calls, call, p2p_call_compare, NULL));
  return self->last_id;
}

void
p2p_clock_cancel (P2pClock * self, guint * id)
{
  GSequenceIter *iter;

  if (*id == 0)
    return;
  iter = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (*id));
  if (iter) {
    g_hash_table_remove (self->by_id, GUINT_TO_POINTER (*id));
    g_sequence_remove (iter);
  }
  *id = 0;
}
