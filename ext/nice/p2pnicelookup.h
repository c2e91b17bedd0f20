/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pnicehub.h"

G_BEGIN_DECLS

/* Of all connections of a hub: names that the system looks up at a time, for each
 * takes a thread of those that HTTP needs too; and names that wait for that. */
#define P2P_NICE_LOOKUP_MAX 4
#define P2P_NICE_LOOKUP_MAX_WAITING 64
/* From when it is asked for. The system may take longer, for nobody then. */
#define P2P_NICE_LOOKUP_TIMEOUT (5 * P2P_SECOND)

/* How long it is believed what the address of a server is, and that it has none. */
#define P2P_NICE_LOOKUP_AGE (5 * 60 * P2P_SECOND)
#define P2P_NICE_LOOKUP_FAILED_AGE (20 * P2P_SECOND)

/**
 * P2pNiceLookup:
 *
 * A name that the system is asked for the addresses of.
 */
typedef struct _P2pNiceLookup P2pNiceLookup;

/* The end of the look-up, which must not be freed any more. addresses: of
 * GInetAddress; NULL: there is none, or it took too long */
typedef void (*P2pNiceLookupFunc) (const GList * addresses, gpointer user_data);

/* func: never called from inside. Returns: NULL if too many wait already */
P2pNiceLookup *p2p_nice_lookup_new (P2pNiceHub * hub, const char *name,
    P2pNiceLookupFunc func, gpointer user_data);
/* Before its end; func is not called any more. */
void p2p_nice_lookup_free (P2pNiceLookup * self);

/* One look-up of a server of the hub's is enough for all connections. Returns:
 * its address; NULL if that is not known; to the first P2P_NICE_LOOKUP_MAX who
 * ask while it is looked up, its name, for them to do so too */
const char *p2p_nice_lookup_get_server (P2pNiceHub * hub,
    P2pNiceServer * server);

G_END_DECLS
