/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
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
  /*< private >*/
  gint64 until;                 /* it is good for others */
  gboolean shared;              /* its server lets it be */
  gpointer leader;              /* P2pSoupGatewayReloader that asks for it now */
  GQueue waiting;               /* of P2pSoupGatewayReloader: for that one */
} P2pSoupGatewayReload;

typedef struct
{
  /* What came for another is good for this one. */
  void (*have) (P2pSoupGatewayReload * reload, gpointer user_data);
  /* It waits no more, and has to ask for itself. */
  void (*ask) (gpointer user_data);
} P2pSoupGatewayReloadEvents;

/* One who wants such a playlist: a field of its owner, who fills in the first three,
 * and leaves before it goes. */
typedef struct
{
  P2pClock *clock;
  const P2pSoupGatewayReloadEvents *events;
  gpointer user_data;
  /*< private >*/
  P2pSoupGatewayReload *reload; /* that it leads or waits for, or NULL */
  GList link;                   /* in waiting */
  guint timer;
} P2pSoupGatewayReloader;

/* So many of a stream are known at a time; what others name is asked for by each. */
#define P2P_SOUP_GATEWAY_MAX_RELOADS 16
/* Bytes of one that is kept. */
#define P2P_SOUP_GATEWAY_MAX_RELOAD (1024 * 1024)
/* How long it is waited for another's answer. */
#define P2P_SOUP_GATEWAY_RELOAD_WAIT (500 * P2P_MSEC)

/* Returns: (transfer full): of P2pSoupGatewayReload by the URI they came from; to be
 * let go of when nobody asks or waits any more */
GHashTable *p2p_soup_gateway_reload_new_table (void);

/* Returns: TRUE: have was called, or it or ask will be; FALSE: who is to ask for uri,
 * as others may wait for until who leaves. Of a playlist that is not shared nobody
 * waits. */
gboolean p2p_soup_gateway_reload_join (GHashTable * reloads, const char *uri,
    P2pSoupGatewayReloader * who);
/* who asks no more, or waits no more; of one that did neither nothing happens. Those
 * who waited for it have what it got, or ask. */
void p2p_soup_gateway_reload_leave (P2pSoupGatewayReloader * who);

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
