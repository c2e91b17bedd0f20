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
 * Which of the peers that want something is sent it now: what is urgent before
 * what is not, whoever wants it. One after the other: two at once would both have
 * it when the second one has it now, and the first could not pass it on before.
 * And no more bytes a second than are allowed.
 */
typedef struct _P2pTurns P2pTurns;

/* Who is not done after this long does not hold up the next one: it cannot take
 * more than that of the line. */
#define P2P_TURNS_TIME (1000 * P2P_MSEC)
/* So many may wait, of those that are as urgent: who comes then had better ask
 * somebody else. So does whoever would have to wait longer than P2P_TURNS_TIME
 * for the limit. */
#define P2P_TURNS_MAX_WAITING 1

/* serve: the turn of one who waits has come; it may end it at once. */
P2pTurns *p2p_turns_new (P2pClock * clock,
    void (*serve) (gpointer who, gpointer user_data), gpointer user_data);
void p2p_turns_free (P2pTurns * self);

/* Bytes a second to all together, on the mean of some seconds; 0 (the default):
 * no limit. */
void p2p_turns_set_rate (P2pTurns * self, guint64 rate);
/* Who has the turn is to be sent size bytes. Returns: FALSE if the limit does not
 * allow it: what came before was more than could be known when it waited. */
gboolean p2p_turns_spend (P2pTurns * self, gsize size);

/* See P2pPeerEvents. Who waits may ask again: only that counts then. With a limit
 * nobody's patience does. */
P2pPeerTurn p2p_turns_ask (P2pTurns * self, gpointer who, gboolean urgent,
    gboolean patient);
/* It has what it wanted, or does not want it any more. */
void p2p_turns_end (P2pTurns * self, gpointer who);

G_END_DECLS
