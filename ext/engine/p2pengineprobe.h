/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteinfo.h"
#include "p2psession.h"

G_BEGIN_DECLS

/* Reads a playlist, and of a master one of its streams, to know what it is: the
 * names of its renditions, whether it is live, how long it is. Tries again, later
 * and later, until it knows. Nothing of it goes to the session's own streams. */
typedef struct _P2pEngineProbe P2pEngineProbe;

typedef struct
{
  /* Once, last. info: name and info_hash are not set */
  void (*known) (const P2pHlsRemoteInfo * info, gpointer user_data);
  /* It is tried again. */
  void (*failed) (const GError * error, gpointer user_data);
} P2pEngineProbeEvents;

/* clock, session: borrowed, outlive it. uri: plain http(s). rand: borrowed */
P2pEngineProbe *p2p_engine_probe_new (P2pClock * clock, GRand * rand,
    P2pSession * session, const char *uri, const P2pEngineProbeEvents * events,
    gpointer user_data);
/* Before the session is destroyed. */
void p2p_engine_probe_free (P2pEngineProbe * self);

/* What a playlist says of the whole: the bytes of all segments if it has all
 * ranges, else at the bandwidth (bits a second; 0: not known) of its variant; -1:
 * nobody knows, or it is live. */
gint64 p2p_engine_probe_measure (const P2pPlaylist * media, guint64 bandwidth);
/* The files of seed 001: the variants and renditions of a master, or the one media
 * playlist. duration: microseconds, of each; below 0: not known. Returns: (transfer
 * full) */
GPtrArray *p2p_engine_probe_list (const P2pPlaylist * playlist,
    gint64 duration);

G_END_DECLS
