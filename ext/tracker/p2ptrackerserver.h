/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ptrackerconfig.h"
#include "p2ptrackerwebtorrent.h"

G_BEGIN_DECLS

/**
 * P2pTrackerServer:
 *
 * The tracker of seed 002, with its signalling over WebSocket on the same port,
 * and a WebTorrent tracker there too, on a thread of its own. In gst/swarm the
 * book holds the peers of the former; here are the calls over HTTP
 * (p2ptrackerapi), the signalling (p2ptrackerhub), WebTorrent
 * (p2ptrackerwebtorrent), what is told of them (p2ptrackerstatus), and what
 * carries all that.
 *
 * Its functions may be called from any thread but that one, which calls none of
 * its owner's code.
 */
typedef struct _P2pTrackerServer P2pTrackerServer;

typedef struct
{
  guint swarms;                 /* now */
  guint peers;                  /* now, of all swarms */
  guint connections;            /* now */
  guint sockets;                /* now, WebSockets */
  guint64 requests;             /* over HTTP, answered with success */
  guint64 refused;              /* connections, requests and WebSockets, for a
                                 * limit */
  P2pTrackerWebtorrentStats webtorrent;
  /* Of seed 002's signalling: */
  guint64 relayed;              /* messages from peer to peer */
  guint64 absent;               /* … to a peer that is not there */
  guint64 bad;                  /* … that made no sense */
  guint64 dropped;              /* … for a peer that does not read */
  /* What peers say they did. Of one swarm: since it has peers. */
  guint64 source_kb;            /* from the web server */
  guint64 p2p_kb;               /* from peers */
  guint64 conns;                /* now: channels, counted at both ends */
  guint64 fail_conns;           /* channels that did not come about */
} P2pTrackerStats;

/* config: copied */
P2pTrackerServer *p2p_tracker_server_new (const P2pTrackerConfig * config);
/* Stops it too. */
void p2p_tracker_server_free (P2pTrackerServer * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrackerServer, p2p_tracker_server_free)

/* Serves when it returns, with the process's soft limit of open files raised to
 * what max_connections needs, as far as its hard one allows. It can be stopped
 * and started again; peers and figures start anew then.
 * error: a GIOError: the address is taken (G_IO_ERROR_ADDRESS_IN_USE) or no
 * address, a certificate that cannot be used (G_IO_ERROR_INVALID_ARGUMENT), … */
gboolean p2p_tracker_server_start (P2pTrackerServer * self, GError ** error);
/* Closes all connections and waits for its thread, which takes no longer than
 * the message it is at. */
void p2p_tracker_server_stop (P2pTrackerServer * self);

/* Returns: 0 if it does not serve */
guint16 p2p_tracker_server_get_port (P2pTrackerServer * self);
void p2p_tracker_server_get_stats (P2pTrackerServer * self,
    P2pTrackerStats * stats);
/* Those of one swarm: peers, and what peers say. The others are 0.
 * Returns: FALSE if there is no such swarm */
gboolean p2p_tracker_server_get_swarm_stats (P2pTrackerServer * self,
    const char *info_hash, P2pTrackerStats * stats);

G_END_DECLS
