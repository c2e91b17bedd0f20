/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "simnode.h"

gint64
sim_node_get_latency (SimNode * from, SimNode * to)
{
  return from ? (from->latency + to->latency) / 2 : to->latency;
}

/* Returns: when a line that is free at *free has carried size bytes. */
static gint64
sim_line_carry (gint64 * free, guint64 rate, gsize size, gint64 begin)
{
  *free = MAX (*free, begin) + (gint64) (size * P2P_SECOND / rate);
  return *free;
}

gint64
sim_node_carry (SimNode * from, SimNode * to, gsize size, gint64 now,
    gint64 * begin)
{
  gint64 sent = *begin, got;

  /* What is yet to be sent holds up nothing that comes before. */
  got = sim_line_carry (&to->down_free, to->down, size, MIN (now, *begin));
  if (from)
    sent = sim_line_carry (&from->up_free, from->up, size, *begin);
  *begin = from ? sent : got;
  return MAX (sent, got) + sim_node_get_latency (from, to);
}
