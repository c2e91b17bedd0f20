/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2paudience.h"

typedef struct
{
  char *player;
  P2pSlot *slot;                /* borrowed */
  gint64 asked;
  guint64 sequence;             /* of what it asked for */
} Seat;

struct _P2pAudience
{
  GPtrArray *seats;             /* of Seat */
};

static void
p2p_audience_free_seat (gpointer data)
{
  Seat *seat = data;

  g_free (seat->player);
  g_free (seat);
}

P2pAudience *
p2p_audience_new (void)
{
  P2pAudience *self = g_new (P2pAudience, 1);

  self->seats = g_ptr_array_new_with_free_func (p2p_audience_free_seat);
  return self;
}

void
p2p_audience_free (P2pAudience * self)
{
  g_ptr_array_unref (self->seats);
  g_free (self);
}

static Seat *
p2p_audience_find (P2pAudience * self, const char *name, const char *player)
{
  for (guint i = 0; i < self->seats->len; i++) {
    Seat *seat = g_ptr_array_index (self->seats, i);

    if (g_str_equal (seat->slot->name, name)
        && g_strcmp0 (seat->player, player) == 0)
      return seat;
  }
  return NULL;
}

static guint
p2p_audience_count (P2pAudience * self, P2pSlot * slot)
{
  guint n = 0;

  for (guint i = 0; i < self->seats->len; i++)
    n += ((Seat *) g_ptr_array_index (self->seats, i))->slot == slot;
  return n;
}

P2pSlot *
p2p_audience_choose (P2pAudience * self, GPtrArray * slots, const char *name,
    P2pStream * stream, const char *player)
{
  Seat *own = p2p_audience_find (self, name, player);
  P2pSlot *empty = NULL;

  for (guint i = 0; i < slots->len; i++) {
    P2pSlot *slot = g_ptr_array_index (slots, i);

    if (!g_str_equal (slot->name, name))
      continue;
    if (slot->stream == stream)
      return slot;
    if (p2p_audience_count (self, slot) == 0)
      empty = slot;
  }
  if (own && p2p_audience_count (self, own->slot) == 1)
    return own->slot;
  return empty;
}

void
p2p_audience_seat (P2pAudience * self, P2pSlot * slot, const char *player,
    guint64 sequence, gint64 now)
{
  Seat *seat = p2p_audience_find (self, slot->name, player);

  if (!seat && self->seats->len < P2P_AUDIENCE_MAX) {
    seat = g_new0 (Seat, 1);
    seat->player = g_strdup (player);
    g_ptr_array_add (self->seats, seat);
  } else if (!seat) {
    /* It is as if it were who asked longest ago. */
    seat = g_ptr_array_index (self->seats, 0);
    for (guint i = 1; i < self->seats->len; i++) {
      Seat *other = g_ptr_array_index (self->seats, i);

      if (other->asked < seat->asked)
        seat = other;
    }
    g_free (seat->player);
    seat->player = g_strdup (player);
  }
  seat->slot = slot;
  seat->asked = now;
  seat->sequence = sequence;
}

GArray *
p2p_audience_list (P2pAudience * self, P2pSlot * slot, gint64 now)
{
  GArray *sequences = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; i < self->seats->len; i++) {
    Seat *seat = g_ptr_array_index (self->seats, i);

    if (seat->slot == slot && now - seat->asked < P2P_AUDIENCE_PRESENT)
      g_array_append_val (sequences, seat->sequence);
  }
  return sequences;
}

static gboolean
p2p_audience_is_only (GPtrArray * slots, P2pSlot * slot)
{
  for (guint i = 0; i < slots->len; i++) {
    P2pSlot *other = g_ptr_array_index (slots, i);

    if (other != slot && g_str_equal (other->name, slot->name))
      return FALSE;
  }
  return TRUE;
}

void
p2p_audience_sweep (P2pAudience * self, GPtrArray * slots, gint64 now)
{
  for (guint i = self->seats->len; i > 0; i--) {
    Seat *seat = g_ptr_array_index (self->seats, i - 1);

    /* Alone, it may come back to what it left, however late. */
    if (now - seat->asked > P2P_AUDIENCE_PATIENCE
        && !p2p_audience_is_only (slots, seat->slot))
      g_ptr_array_remove_index (self->seats, i - 1);
  }
  for (guint i = slots->len; i > 0; i--) {
    P2pSlot *slot = g_ptr_array_index (slots, i - 1);

    if (slot->readers == 0 && p2p_audience_count (self, slot) == 0
        && !p2p_audience_is_only (slots, slot))
      g_ptr_array_remove_index (slots, i - 1);
  }
}
