/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremotechannel.h"
#include "p2phlsremotetime.h"

G_BEGIN_DECLS

/* What a server has: clients, torrents and the engine, and when each goes. What
 * is said to it is not its business. */
typedef struct
{
  P2pHlsRemoteSendFunc send;
  gpointer send_data;
  /* A client was removed; died: as nothing was heard of it. */
  void (*removed) (const char *key, gboolean died, gpointer user_data);
  /* The number of clients is another. */
  void (*changed) (gpointer user_data);
  /* A client wants all to end. */
  void (*stop) (gpointer user_data);
  gpointer user_data;
  GMainContext *context;
  P2pHlsRemoteTime time;
  P2pJson *options;             /* of the engine */
  gboolean trace;
  guint heartbeat_timeout;      /* ms; 0: off */
  guint update_interval;        /* ms; 0: off */

  const P2pHlsRemoteEngineClass *klass; /* NULL: not looked for yet */
  gpointer engine;              /* NULL: there is none now */
  GHashTable *peers;            /* key -> P2pHlsRemotePeer */
  GPtrArray *channels;          /* of P2pHlsRemoteChannel */
  guint n_handles;
  guint update_timer;           /* while there are torrents */
  guint death_timer;            /* while there are clients */
} P2pHlsRemoteHub;

P2pHlsRemoteHub *p2p_hls_remote_hub_new (void);
/* All clients go with it. */
void p2p_hls_remote_hub_free (P2pHlsRemoteHub * self);

/* Whether an engine could be made of the options. */
gboolean p2p_hls_remote_hub_check (P2pHlsRemoteHub * self, GError ** error);

/* The intervals are others. */
void p2p_hls_remote_hub_want_updates (P2pHlsRemoteHub * self);
void p2p_hls_remote_hub_watch (P2pHlsRemoteHub * self);

/* One that is not known becomes it. Returns: (nullable): NULL with an error if there
 * is no room */
P2pHlsRemotePeer *p2p_hls_remote_hub_get_peer (P2pHlsRemoteHub * self,
    const char *key, GError ** error);
/* With its handles, the torrents that were its alone, and the engine if nothing is
 * left. */
void p2p_hls_remote_hub_remove_peer (P2pHlsRemoteHub * self,
    P2pHlsRemotePeer * peer, gboolean died);

/* The torrent of a playlist, or of an infohash alone. Two that differ in their query
 * only have one swarm, and are two all the same: what comes may differ. */
P2pHlsRemoteChannel *p2p_hls_remote_hub_find (P2pHlsRemoteHub * self,
    const P2pHlsRemoteId * id);
/* It has to get a handle at once. id: (transfer full). options: (nullable).
 * Returns: (nullable): NULL with an error */
P2pHlsRemoteChannel *p2p_hls_remote_hub_make_channel (P2pHlsRemoteHub * self,
    P2pHlsRemoteId * id, P2pJson * options, GError ** error);
P2pHlsRemoteHandle *p2p_hls_remote_hub_add_handle (P2pHlsRemoteHub * self,
    P2pHlsRemotePeer * peer, P2pHlsRemoteChannel * channel, const char *key);

/* Its clients are told that it was stopped, and it goes. */
void p2p_hls_remote_hub_stop_channel (P2pHlsRemoteHub * self,
    P2pHlsRemoteChannel * channel);

/* torrent_key: (nullable). message: gets the keys. */
void p2p_hls_remote_hub_send (P2pHlsRemoteHub * self, P2pHlsRemotePeer * peer,
    const char *torrent_key, P2pJson * message);
/* type: "warning" or "error" */
void p2p_hls_remote_hub_send_trouble (P2pHlsRemoteHub * self,
    P2pHlsRemotePeer * peer, const char *torrent_key, const char *type,
    const GError * error);
void p2p_hls_remote_hub_send_all (P2pHlsRemoteHub * self, const char *type,
    const GError * error);
/* A line of the log, if it is wanted. */
void p2p_hls_remote_hub_trace (P2pHlsRemoteHub * self, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

G_END_DECLS
