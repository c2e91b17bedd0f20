/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pElection:
 *
 * Who of a neighbourhood fetches a segment over HTTP for all, without a message
 * on the wire (rendezvous hashing): each of them has a score for each segment,
 * which everybody can tell from the ids alone. The lowest score is elected, the
 * others stand in for it in the order of theirs.
 */

/* FNV-1a of "peer|segment", its bits mixed: the same everywhere. */
guint32 p2p_election_get_score (const char *peer, const char *segment);

/* Whether a stands before b: by the score or, if that is the same, the id. Before
 * whom nobody stands is elected; the number of those who
 * stand before one is its rank. */
gboolean p2p_election_is_before (const char *a, const char *b,
    const char *segment);

/* Where the protocol cannot say who takes part, the peer id does: its last characters
 * are made of the others. Of those who know nothing of it one in 200,000 ends so. */
#define P2P_ELECTION_MARK 3

/* id: of size bytes, of which the last are set: not NUL-terminated */
void p2p_election_mark (char *id, gsize size);
gboolean p2p_election_is_marked (const char *id);

G_END_DECLS
