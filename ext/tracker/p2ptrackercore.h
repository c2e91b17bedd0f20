/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackerapi.h"
#include "p2ptrackergate.h"
#include "p2ptrackerhub.h"
#include "p2ptrackeridle.h"
#include "p2ptrackerwebtorrent.h"

G_BEGIN_DECLS

/* What the connections of a tracker share. It is used by the thread of the
 * server, which holds the lock whenever it is awake, so that its owner can look
 * at the figures. */
typedef struct
{
  GRecMutex lock;
  P2pTrackerConfig *config;
  P2pClock *clock;
  GRand *rand;
  P2pTrackerBook *book;
  P2pTrackerApi api;
  P2pTrackerHub *hub;
  P2pTrackerWebtorrent *webtorrent;
  P2pTrackerGate *gate;
  P2pTrackerIdle idle;          /* of the WebSockets */
  GByteArray *scratch;          /* a message on its way out */

  gint64 started;
  GString *status;              /* of p2ptrackerstatus, for a while */
  gint64 status_made;

  gboolean made;                /* libwebsockets has made a connection */
  guint connections;            /* now */
  guint64 requests;             /* over HTTP, answered with success */
  guint64 refused;              /* connections and requests over a limit */
  guint64 dropped;              /* messages for WebSockets that do not read */
} P2pTrackerCore;

/* config: (transfer full) */
P2pTrackerCore *p2p_tracker_core_new (P2pTrackerConfig * config,
    const P2pTrackerHubFuncs * hub_funcs,
    const P2pTrackerIdleFuncs * idle_funcs);
/* No connection may be left. */
void p2p_tracker_core_free (P2pTrackerCore * self);

/* Takes the lock and tells the time; what is due is not run. */
void p2p_tracker_core_enter (P2pTrackerCore * self);
void p2p_tracker_core_leave (P2pTrackerCore * self);

G_END_DECLS
