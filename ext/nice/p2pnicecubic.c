/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecubic.h"

#include <math.h>

/* RFC 9438's constants: the curve, what a loss leaves, and what Reno would have
 * to add a round trip if a loss left it as much. */
#define CURVE 0.4
#define LEFT 0.7
#define RENO (3 * (1 - LEFT) / (1 + LEFT))
#define LEAST 2                 /* packets, as usrsctp has it */

gsize
p2p_nice_cubic_lose (P2pNiceCubic * self, gsize window, gsize packet,
    gint64 now)
{
  self->before = (double) window / packet;
  /* One that gets less than the last time makes room for another. */
  self->most = self->before * (self->before < self->most ? (1 + LEFT) / 2 : 1);
  self->limit = self->reno = MAX (self->before * LEFT, LEAST);
  self->knee = cbrt (MAX (self->most - self->limit, 0) / CURVE);
  self->elapsed = 0;
  self->last = now;
  return self->limit * packet;
}

gsize
p2p_nice_cubic_grow (P2pNiceCubic * self, gsize window, gsize packet,
    gint64 round_trip, gint64 now)
{
  gint64 passed = CLAMP (now - self->last, 0, round_trip);

  self->last = now;
  if (self->limit == 0)
    return 0;
  /* What nobody used must not grow. */
  if (window + packet >= self->limit * packet) {
    self->elapsed += passed / (double) G_USEC_PER_SEC;
    self->reno += (self->reno < self->before ? RENO : 1) * passed / round_trip;
    self->limit = MAX (self->limit, MAX (self->reno, self->most
            + CURVE * pow (self->elapsed - self->knee, 3)));
  }
  return self->limit * packet;
}
