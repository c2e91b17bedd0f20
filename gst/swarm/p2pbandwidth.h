/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pBandwidth:
 *
 * What the network has given of late: the bytes of the last transfers over the
 * time each took from its request to its end, as a demuxer would measure them.
 */
#define P2P_BANDWIDTH_TRANSFERS 5
/* No end is held back longer after its start than this: at it, a segment of up
 * to 10 s looks no faster than its own bit rate, so that nothing is gained by
 * more. */
#define P2P_BANDWIDTH_PACE_MAX (10 * G_GINT64_CONSTANT (1000000))
/* Of a peer, less than this says nothing about the network. */
#define P2P_BANDWIDTH_MIN_BYTES (16 * 1024)

typedef struct
{
  guint64 bytes[P2P_BANDWIDTH_TRANSFERS];
  gint64 elapsed[P2P_BANDWIDTH_TRANSFERS];      /* microseconds */
  guint count;                  /* ever added */
} P2pBandwidth;

/* elapsed: microseconds, from the request to the end of its bytes. */
void p2p_bandwidth_add (P2pBandwidth * self, guint64 bytes, gint64 elapsed);

/* Returns: bits a second, 0 if nothing was measured. */
guint64 p2p_bandwidth_get (const P2pBandwidth * self);

/* Returns: bytes a second, before (0: nothing was measured) mixed with what one
 * more transfer says: it counts for a quarter. */
guint64 p2p_bandwidth_mix (guint64 before, guint64 bytes, gint64 elapsed);

/* When a body that was asked for at start and is all there at now may end, so
 * that it does not look faster than the network is (hlsdemux divides a
 * segment's bytes by the time until its end). top: bits a second of the best
 * variant there is: a network that carries it twice needs no holding back.
 * 0: there is nothing to choose from. Returns: now if at once, or later. */
gint64 p2p_bandwidth_pace (const P2pBandwidth * self, gint64 start, gint64 now,
    guint64 bytes, guint64 top);

G_END_DECLS
