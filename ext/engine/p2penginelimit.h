/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"

G_BEGIN_DECLS

/* One limit of what is uploaded, for all torrents of an engine: those who upload
 * have equal parts of it. Who does not yet may begin with as much, until the next
 * time that it is dealt out. */
typedef struct _P2pEngineLimit P2pEngineLimit;

/* How often it is dealt out. */
#define P2P_ENGINE_LIMIT_DEAL (1 * P2P_SECOND)
/* Who uploaded in so many deals counts as one who does. */
#define P2P_ENGINE_LIMIT_BUSY 10

typedef struct
{
  /* Bytes so far */
  guint64 (*get_uploaded) (gpointer torrent);
  /* Bytes a second, never 0 */
  void (*set_max_upload_rate) (gpointer torrent, guint64 rate);
} P2pEngineLimited;

/* clock: borrowed, outlives it. rate: bytes a second of all; 0: no limit */
P2pEngineLimit *p2p_engine_limit_new (P2pClock * clock, guint64 rate);
void p2p_engine_limit_free (P2pEngineLimit * self);

/* klass, torrent: borrowed, until it is removed. The rate is dealt anew. */
void p2p_engine_limit_add (P2pEngineLimit * self,
    const P2pEngineLimited * klass, gpointer torrent);
void p2p_engine_limit_remove (P2pEngineLimit * self, gpointer torrent);

G_END_DECLS
