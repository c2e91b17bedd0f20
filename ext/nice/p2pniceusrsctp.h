/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/* What may be on its way without an answer, at first and at least. */
#define P2P_NICE_USRSCTP_WINDOW (384 * 1024)
/* Packets that go at once for an acknowledgement, as any queue on the way takes
 * them. */
#define P2P_NICE_USRSCTP_BURST 10
/* What a peer may have on its way to us; no message may be over half of it. */
#define P2P_NICE_USRSCTP_RECEIVE_WINDOW (1024 * 1024)
/* How often usrsctp looks at its timers: while something is under way (and this
 * long after), else, and never without an association. */
#define P2P_NICE_USRSCTP_TICK (10 * P2P_MSEC)
#define P2P_NICE_USRSCTP_IDLE_TICK (100 * P2P_MSEC)
#define P2P_NICE_USRSCTP_BUSY (2 * P2P_SECOND)
/* A peer that says nothing is asked this often, and a little more, whether it is
 * there; see P2P_NICE_TRANSPORT_SILENCE. */
#define P2P_NICE_USRSCTP_HEARTBEAT (2 * P2P_SECOND)

/*
 * P2pNiceUsrsctp: the one usrsctp of the process, its settings and its timers.
 * It knows the associations by numbers that are never used twice while in use, so
 * that nothing it does late meets one that is gone.
 */

/* A packet to send, told from inside of usrsctp. */
typedef void (*P2pNiceUsrsctpOutput) (gpointer user_data, const guint8 * data,
    gsize size);
/* usrsctp has returned from what made p2p_nice_usrsctp_note() be called. */
typedef void (*P2pNiceUsrsctpNoted) (gpointer user_data);

/* Returns: its number, never 0 */
guintptr p2p_nice_usrsctp_add (P2pClock * clock, P2pNiceUsrsctpOutput output,
    P2pNiceUsrsctpNoted noted, gpointer user_data);
/* Sets *id to 0. */
void p2p_nice_usrsctp_remove (guintptr * id);
/* Returns: (nullable): the user_data of add() */
gpointer p2p_nice_usrsctp_lookup (guintptr id);

void p2p_nice_usrsctp_note (guintptr id);
/* A packet that came. */
void p2p_nice_usrsctp_input (guintptr id, const guint8 * data, gsize size);
/* Before usrsctp is asked for anything that starts a timer. */
void p2p_nice_usrsctp_wake (void);

G_END_DECLS
