/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2prate.h"

static void
p2p_rate_turn (P2pRate * self, gint64 now)
{
  gint64 elapsed = now - self->since;

  if (elapsed < P2P_RATE_WINDOW)
    return;
  self->before = elapsed < 2 * P2P_RATE_WINDOW ? self->bytes : 0;
  self->bytes = 0;
  self->since = now - elapsed % P2P_RATE_WINDOW;
}

void
p2p_rate_add (P2pRate * self, gint64 now, guint64 bytes)
{
  p2p_rate_turn (self, now);
  self->bytes += bytes;
}

guint64
p2p_rate_get (P2pRate * self, gint64 now)
{
  double left;

  p2p_rate_turn (self, now);
  /* Of the window before, the part that is not over yet. */
  left = 1 - (double) (now - self->since) / P2P_RATE_WINDOW;
  return (self->bytes + left * self->before) * 8 * P2P_SECOND / P2P_RATE_WINDOW;
}
