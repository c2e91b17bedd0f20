/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pRate:
 *
 * How fast bytes went by in the last seconds. A plain value, at first all zero;
 * counts in two windows, so that it needs no timer and no list.
 */
#define P2P_RATE_WINDOW (4 * P2P_SECOND)

typedef struct
{
  /*< private >*/
  gint64 since;                 /* when the present window began */
  guint64 bytes, before;        /* in it, and in the one before it */
} P2pRate;

/* now: microseconds, here and below. */
void p2p_rate_add (P2pRate * self, gint64 now, guint64 bytes);
/* Returns: bits a second, the mean of the last P2P_RATE_WINDOW */
guint64 p2p_rate_get (P2pRate * self, gint64 now);

G_END_DECLS
