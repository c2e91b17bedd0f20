/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pbackoff.h"

gint64
p2p_backoff (GRand * rand, gint64 base, gint64 max, guint failures)
{
  gint64 pause = base;

  for (guint i = 1; i < failures && pause < max; i++)
    pause *= 2;
  return MIN (pause, max) * g_rand_double_range (rand, 0.5, 1.5);
}
