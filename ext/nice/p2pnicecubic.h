/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * P2pNiceCubic: how much may be on its way without an answer once packets were
 * lost, as RFC 9438 (CUBIC) has it and most of TCP with it. All zero: none was.
 * Without a clock, a socket or usrsctp.
 */
typedef struct
{
  /* Packets: */
  double before;                /* on their way when one was lost */
  double most;                  /* where the network may be full */
  double reno;                  /* as TCP Reno would grow */
  double limit;                 /* now; 0: none */
  /* Seconds, of the time in which it was the limit that held the sender: */
  double knee;                  /* until it is at most */
  double elapsed;               /* since the loss */
  gint64 last;                  /* when it was looked at */
} P2pNiceCubic;

/* A packet was lost while window bytes were allowed, in packets of that size.
 * Returns: how many are now */
gsize p2p_nice_cubic_lose (P2pNiceCubic * self, gsize window, gsize packet,
    gint64 now);
/* Something was acknowledged. window: what usrsctp allows. Returns: how much it
 * may, 0: as much as it likes */
gsize p2p_nice_cubic_grow (P2pNiceCubic * self, gsize window, gsize packet,
    gint64 round_trip, gint64 now);

G_END_DECLS
