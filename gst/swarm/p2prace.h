/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ploader.h"
#include "p2pswarm.h"

G_BEGIN_DECLS

/**
 * P2pRace:
 *
 * What a reader waits for, and HTTP brings slowly, is asked of a peer as well:
 * who has sent all of it first has won. HTTP is not broken off before that, so
 * that whatever the peer does makes it no later.
 */

/* What is waited for has the line for itself for this long. */
#define P2P_RACE_ALONE (250 * P2P_MSEC)
/* HTTP has this long … */
#define P2P_RACE_START (500 * P2P_MSEC)
/* … and the peer this long to show that it is the faster one. */
#define P2P_RACE_GRACE (250 * P2P_MSEC)

/* How many requests to peers there may be now, of most at a time: what the player
 * came to from elsewhere, and waits for, has the line for itself at first, and
 * the most of it as long as it comes. wake: as below. */
guint p2p_race_get_share (P2pLoader * loader, guint most, gint64 * wake);
/* Begins what is to begin, and ends what is lost. wake: (inout): no later than
 * when to look again. */
void p2p_race_look (P2pLoader * loader, P2pSwarm * swarm, gint64 * wake);
/* A peer has sent all of item. */
void p2p_race_win (P2pLoader * loader, P2pSwarm * swarm, P2pItem * item,
    P2pBody * body);

G_END_DECLS
