/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/**
 * P2pTurns:
 *
 * Which of the peers that want something is sent it now. One after the other:
 * two at once would both have it when the second one has it now, and the first
 * could not pass it on before.
 */
typedef struct _P2pTurns P2pTurns;

/* Who is not done after this long does not hold up the next one: it cannot take
 * more than that of the line. */
#define P2P_TURNS_TIME (1000 * P2P_MSEC)
/* So many may wait: who comes then had better ask somebody else. */
#define P2P_TURNS_MAX_WAITING 1

/* serve: the turn of one who waits has come; it may end it at once. */
P2pTurns *p2p_turns_new (P2pClock * clock,
    void (*serve) (gpointer who, gpointer user_data), gpointer user_data);
void p2p_turns_free (P2pTurns * self);

/* See P2pPeerEvents. */
P2pPeerTurn p2p_turns_ask (P2pTurns * self, gpointer who, gboolean urgent,
    gboolean patient);
/* It has what it wanted, or does not want it any more. */
void p2p_turns_end (P2pTurns * self, gpointer who);

G_END_DECLS
