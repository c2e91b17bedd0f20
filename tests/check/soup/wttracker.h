/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "snviewer.h"

G_BEGIN_DECLS

/**
 * WtTracker:
 *
 * A WebTorrent tracker, as simple as it gets: whoever announces is told to all
 * others of the swarm. On the port of its world's server.
 */
typedef struct
{
  SnWorld *world;
  char *url;
  GPtrArray *sockets;           /* of SoupWebsocketConnection */
  GString *log;                 /* of messages, a line each */
  GString *closed;              /* codes of sockets that closed */
  char *user_agent;             /* of the last one */
  guint n_opened;

  /* May be set at any time. */
  const char *reply;            /* to announces; NULL: as it should be */
  gboolean silent;
  gboolean hang_up;             /* on whoever comes */
} WtTracker;

/* With a world of its own, and up. */
WtTracker *wt_tracker_new (void);
void wt_tracker_free (WtTracker * self);
void wt_tracker_start (WtTracker * self);
void wt_tracker_stop (WtTracker * self);
/* Forgets what it was told. */
void wt_tracker_clear (WtTracker * self);
/* To the first one that is there */
void wt_tracker_say (WtTracker * self, const char *text);

G_END_DECLS
