/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteengine.h"
#include "p2phlsremoteid.h"

G_BEGIN_DECLS

/* A torrent as its server has it: the engine's, and the handles that clients have
 * on it, with who waits for its URL. Not the server's: when they come and go. */
typedef struct _P2pHlsRemoteChannel P2pHlsRemoteChannel;

/* A client at its server. */
typedef struct
{
  char *key;
  gint64 heard;                 /* time of its last message */
  char *host;                   /* by which it reaches this machine; NULL */
  gboolean dying;               /* it said destroy({delay}) */
  guint timer;                  /* … and until then */
  gpointer hub;
  GHashTable *handles;          /* key -> P2pHlsRemoteHandle, owned */
} P2pHlsRemotePeer;

/* A torrentKey of a client. */
typedef struct
{
  char *key;
  P2pHlsRemotePeer *peer;
  P2pHlsRemoteChannel *channel;
  gboolean adding;              /* add() is answered when the server listens */
  guint asked;                  /* create-server messages to be answered */
} P2pHlsRemoteHandle;

/* Where a torrent is served, for those who come by one host. */
typedef struct
{
  char *url;                    /* NULL: it is waited for */
  char *playlist_url;
} P2pHlsRemoteUrls;

/* What a channel tells its server. */
typedef struct
{
  /* message is one for all handles; without keys. */
  void (*send) (P2pHlsRemoteHandle * handle, P2pJson * message,
      gpointer owner);
  /* add() with a server failed: it is gone. */
  void (*failed) (P2pHlsRemoteHandle * handle, const GError * error,
      gpointer owner);
} P2pHlsRemoteChannelOwner;

struct _P2pHlsRemoteChannel
{
  P2pHlsRemoteId id;
  P2pHlsRemoteInfo info;
  GPtrArray *handles;           /* of P2pHlsRemoteHandle, borrowed */

  /*< private >*/
  const P2pHlsRemoteEngineClass *klass;
  gpointer torrent;             /* of klass */
  GHashTable *servers;          /* host or "" -> P2pHlsRemoteUrls */
  const P2pHlsRemoteChannelOwner *owner;
  gpointer owner_data;
};

/* id: (transfer full). Returns: NULL with an error of the engine's */
P2pHlsRemoteChannel *p2p_hls_remote_channel_new (P2pHlsRemoteId * id,
    P2pJson * options, const P2pHlsRemoteEngineClass * klass, gpointer engine,
    const P2pHlsRemoteChannelOwner * owner, gpointer owner_data,
    GError ** error);
/* It has no handles any more. */
void p2p_hls_remote_channel_free (P2pHlsRemoteChannel * self);

/* Returns: (transfer none): kept by peer */
P2pHlsRemoteHandle *p2p_hls_remote_channel_add_handle (P2pHlsRemoteChannel *
    self, P2pHlsRemotePeer * peer, const char *key);
void p2p_hls_remote_handle_free (P2pHlsRemoteHandle * self);

/* handle wants its URL: it is told by server-ready, or, if it is adding, by
 * torrent-subscribed. */
void p2p_hls_remote_channel_create_server (P2pHlsRemoteChannel * self,
    P2pHlsRemoteHandle * handle, P2pJson * options);

/* To all handles: "infohash", "metadata"; "update". */
void p2p_hls_remote_channel_send_info (P2pHlsRemoteChannel * self,
    const char *type);
void p2p_hls_remote_channel_send_progress (P2pHlsRemoteChannel * self,
    const char *type);
/* The answer to add() and get(). */
void p2p_hls_remote_channel_send_opened (P2pHlsRemoteChannel * self,
    P2pHlsRemoteHandle * handle);
/* fromWeb and fromPeers, the bytes that were downloaded. */
void p2p_hls_remote_channel_write_sources (P2pHlsRemoteChannel * self,
    P2pJson * torrent);
/* What that says of the torrent, for a client on this machine. Returns: (transfer
 * full) */
P2pJson *p2p_hls_remote_channel_describe (P2pHlsRemoteChannel * self,
    const char *host);

G_END_DECLS
