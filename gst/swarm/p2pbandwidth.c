/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbandwidth.h"
#include "p2pclock.h"

void
p2p_bandwidth_add (P2pBandwidth * self, guint64 bytes, gint64 elapsed)
{
  guint at = self->count % P2P_BANDWIDTH_TRANSFERS;

  self->bytes[at] = bytes;
  self->elapsed[at] = MAX (elapsed, 1);
  self->count++;
  /* Wrapping around must not make it look new. */
  if (self->count == 0)
    self->count = P2P_BANDWIDTH_TRANSFERS;
}

/* Bytes over microseconds as bits a second, or bytes times microseconds over
 * something alike: through double, as 64 bits overflow at a day's worth. */
guint64
p2p_bandwidth_get (const P2pBandwidth * self)
{
  guint n = MIN (self->count, P2P_BANDWIDTH_TRANSFERS);
  double bytes = 0, elapsed = 0;

  for (guint i = 0; i < n; i++) {
    bytes += self->bytes[i];
    elapsed += self->elapsed[i];
  }
  return n ? MAX (bytes * 8 * P2P_SECOND / elapsed, 1) : 0;
}

guint64
p2p_bandwidth_mix (guint64 before, guint64 bytes, gint64 elapsed)
{
  guint64 rate = MAX (bytes * 1000000 / MAX (elapsed, 1), 1);

  return before == 0 ? rate : (3 * before + rate) / 4;
}

gint64
p2p_bandwidth_pace (const P2pBandwidth * self, gint64 start, gint64 now,
    guint64 bytes, guint64 top)
{
  guint64 rate = p2p_bandwidth_get (self);
  double hold;

  if (rate == 0 || rate / 2 >= top)
    return now;
  hold = MIN ((double) bytes * 8 * P2P_SECOND / rate,
      (double) P2P_BANDWIDTH_PACE_MAX);
  return MAX (now, start + (gint64) hold);
}
