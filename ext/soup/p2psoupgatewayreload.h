/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phttp.h"
#include "p2pplaylist.h"

G_BEGIN_DECLS

/**
 * P2pSoupGatewayReload:
 *
 * A live playlist that the players of a stream reload again and again. What came
 * for one is good for the others for a third of its target duration, if its
 * server allows (RFC 9111). RFC 8216, 6.3.4 lets none reload it before half of
 * that: so nobody gets the same again who need not. While one asks the others
 * wait for what it gets.
 */
typedef struct
{
  GBytes *text;                 /* as it came; NULL: nothing did */
  char *base;                   /* what it is relative to */
  gint64 until;                 /* it is good for others */
  gboolean shared;              /* its server lets it be */
  gpointer leader;              /* who asks for it now, or NULL */
  GQueue waiting;               /* for that one; borrowed */
} P2pSoupGatewayReload;

/* So many of a stream are known at a time; what others name is asked for by each. */
#define P2P_SOUP_GATEWAY_MAX_RELOADS 16
/* Bytes of one that is kept. */
#define P2P_SOUP_GATEWAY_MAX_RELOAD (1024 * 1024)
/* How long it is waited for another's answer. */
#define P2P_SOUP_GATEWAY_RELOAD_WAIT (500 * 1000)

/* Returns: (transfer full): of P2pSoupGatewayReload by the URI they came from; to be
 * let go of when nobody asks or waits any more */
GHashTable *p2p_soup_gateway_reload_new_table (void);

/* text, which is playlist and relative to base, was asked for at asked. If it is
 * live it is good for others, for lifetime (0: not at all). */
void p2p_soup_gateway_reload_share (GHashTable * reloads, const char *uri,
    GBytes * text, const char *base, P2pPlaylist * playlist, gint64 lifetime,
    gint64 asked);

/* How long what came with head may be handed to others, in microseconds from when
 * it was asked for. target: its target duration. 0: not at all */
gint64 p2p_soup_gateway_reload_get_lifetime (P2pHttpHead * head,
    gint64 target);

G_END_DECLS
