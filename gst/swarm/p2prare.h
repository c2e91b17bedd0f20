/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ploader.h"
#include "p2pswarm.h"

G_BEGIN_DECLS

/* Fetches over HTTP, if nothing else is to be done there, what no peer has, as
 * seed 000 does: without an election, chance decides what, and for the last of the
 * queue, whether. last_check: (inout): when the last had its chance; wake:
 * (inout): no later than when to look again. */
void p2p_rare_pump (P2pLoader * loader, P2pSwarm * swarm, gint64 * last_check,
    gint64 * wake);

G_END_DECLS
