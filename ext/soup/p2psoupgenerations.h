/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2pconnection.h"
#include "p2psignaller.h"

G_BEGIN_DECLS

/**
 * P2pSoupGenerations:
 *
 * Finds the viewers that run p2p-media-loader, at WebTorrent trackers: a
 * #P2pSignaller. A stream that is joined is joined once in the name of each
 * generation that is wanted and has one for it, at each tracker. Who is met at
 * several trackers is met once. Our id is another one in each swarm, and stays the
 * same as long as this lives.
 *
 * What all of them bring goes to the same cache, so that a viewer who is in the
 * swarms of several generations hands on what one has to the others.
 */
#define P2P_TYPE_SOUP_GENERATIONS (p2p_soup_generations_get_type ())
G_DECLARE_FINAL_TYPE (P2pSoupGenerations, p2p_soup_generations, P2P,
    SOUP_GENERATIONS, GObject)

/* elects: whether to take part in the election of those who can. announces: ws(s)
 * URLs of trackers, NULL-terminated; what is none is told as an
 * error of a swarm that was joined. generations: to join. clock and connector are
 * kept (a reference each), strings are copied. rand: (transfer full) */
P2pSoupGenerations *p2p_soup_generations_new (P2pClock * clock, GRand * rand,
    P2pConnector * connector, const char *const *announces,
    P2pGenerations generations, gboolean elects);

G_END_DECLS
