/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2ppeer.h"
#include "p2preader.h"
#include "p2psegment.h"

G_BEGIN_DECLS

/**
 * P2pTeller:
 *
 * What a loader has to tell, in its order: told by calls of the clock, so that
 * whoever hears it may call the loader, and is never inside a call of it.
 */
typedef struct _P2pTeller P2pTeller;

typedef enum
{
  P2P_NEWS_SEGMENT_LOADED,
  P2P_NEWS_SEGMENT_ERROR,
  P2P_NEWS_SEGMENT_ABORT,
  P2P_NEWS_PEER_CONNECT,
  P2P_NEWS_PEER_CLOSE,
  P2P_NEWS_PIECE_BYTES_LOADED,
  P2P_NEWS_SWARM_CHANGED,
  P2P_NEWS_UPLOADED,
} P2pNewsKind;

typedef struct
{
  P2pNewsKind kind;
  P2pSegment *segment;          /* SEGMENT_* */
  const GError *error;          /* SEGMENT_ERROR */
  P2pPeer *peer;                /* PEER_CONNECT */
  const char *id;               /* PEER_CLOSE, SWARM_CHANGED */
  P2pSource source;             /* PIECE_BYTES_LOADED */
  gsize size;                   /* PIECE_BYTES_LOADED, UPLOADED */
} P2pNews;

typedef void (*P2pNewsFunc) (const P2pNews * news, gpointer user_data);

P2pTeller *p2p_teller_new (P2pClock * clock, P2pNewsFunc func,
    gpointer user_data);
/* What was not told never is. Fine from inside func. */
void p2p_teller_free (P2pTeller * self);

/* Copies what news points to. */
void p2p_teller_tell (P2pTeller * self, const P2pNews * news);

/* The same for sizes, many and small, at a moment when func may be called: at
 * once if nothing else waits to be told. */
void p2p_teller_tell_size (P2pTeller * self, const P2pNews * news);

G_END_DECLS
