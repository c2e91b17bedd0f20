/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pplayhead.h"

void
p2p_playhead_init (P2pPlayhead * self)
{
  *self = (P2pPlayhead) {
  NULL};
  self->when = P2P_NEVER;
}

void
p2p_playhead_clear (P2pPlayhead * self)
{
  g_clear_pointer (&self->current, g_free);
  g_clear_pointer (&self->next, g_free);
  p2p_playhead_init (self);
}

void
p2p_playhead_read (P2pPlayhead * self, P2pSegment * segment, gint64 now)
{
  if (g_strcmp0 (self->current, segment->id) == 0)
    return;
  self->follows = self->current && self->duration > 0
      && (!self->next || g_str_equal (self->next, segment->id));
  self->when = self->follows ? MAX (self->when + self->duration, now) : now;
  self->duration = segment->duration;
  g_free (self->current);
  self->current = g_strdup (segment->id);
  g_clear_pointer (&self->next, g_free);
}

gboolean
p2p_playhead_set (P2pPlayhead * self, gint64 when)
{
  if (!self->current || self->when == when)
    return FALSE;
  self->when = when;
  return TRUE;
}

/* Where the current is in the queue, queue->len if it is not. */
static guint
p2p_playhead_find (P2pPlayhead * self, GPtrArray * queue)
{
  guint i = 0;

  while (i < queue->len && g_strcmp0 (self->current,
          ((P2pItem *) g_ptr_array_index (queue, i))->segment->id) != 0)
    i++;
  return i;
}

void
p2p_playhead_place (P2pPlayhead * self, GPtrArray * queue)
{
  guint at = p2p_playhead_find (self, queue);
  gint64 when = self->when;

  if (at < queue->len) {
    g_free (self->next);
    self->next = at + 1 == queue->len ? NULL :
        g_strdup (((P2pItem *) g_ptr_array_index (queue, at + 1))->segment->id);
  } else if (queue->len > 0) {
    P2pItem *first = g_ptr_array_index (queue, 0);

    /* It begins where it goes on, or elsewhere. */
    at = 0;
    if (!self->current || self->duration <= 0
        || (self->next && !g_str_equal (self->next, first->segment->id)))
      when = P2P_NEVER;
    else
      when += self->duration;
  }
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    item->deadline = when;
    item->sudden = !self->follows
        && g_strcmp0 (self->current, item->segment->id) == 0;
    if (i < at || when == P2P_NEVER)
      continue;
    when = item->segment->duration > 0 ? when + item->segment->duration
        : P2P_NEVER;
  }
}
