/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pcheck.h"

P2pCheck *
p2p_check_new (P2pSegment * segment, P2pSource source, const char *peer_id,
    void (*done) (gboolean good, gpointer user_data), gpointer user_data)
{
  P2pCheck *self = g_new0 (P2pCheck, 1);

  g_ref_count_init (&self->refs);
  self->segment = p2p_segment_ref (segment);
  self->source = source;
  self->peer_id = g_strdup (peer_id);
  self->done = done;
  self->user_data = user_data;
  return self;
}

P2pCheck *
p2p_check_ref (P2pCheck * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
p2p_check_unref (P2pCheck * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  p2p_segment_unref (self->segment);
  g_free (self->peer_id);
  g_free (self);
}

void
p2p_check_answer (P2pCheck * self, gboolean good)
{
  if (self->done)
    g_steal_pointer (&self->done) (good, self->user_data);
}

void
p2p_check_cancel (P2pCheck * self)
{
  self->done = NULL;
}
