/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteerror.h"

G_BEGIN_DECLS

typedef struct _P2pHlsRemoteTorrent P2pHlsRemoteTorrent;

/**
 * P2pHlsRemoteSendFunc:
 * @client_key: whom the message is for (a server's), or from (a client's)
 * @message: JSON, one object without a line end in it
 * @user_data: as it was given
 *
 * "Send `message` to the correct client … Use TCP, some kind of IPC, whatever"
 * (seed 001). May be called from inside any call of the one who sends, and must
 * not call it back from inside: leave that to the main context.
 *
 * Since: 0.1
 */
typedef void (*P2pHlsRemoteSendFunc) (const char *client_key,
    const char *message, gpointer user_data);

/**
 * P2pHlsRemoteCallback:
 * @error: (nullable): why there is no answer
 * @torrent: (nullable): the answer is in it; %NULL with an @error of get()
 * @user_data: as it was given
 *
 * Seed 001's `(err, torrent)`. Called once, never from inside the call that was
 * given it.
 *
 * Since: 0.1
 */
typedef void (*P2pHlsRemoteCallback) (const GError * error,
    P2pHlsRemoteTorrent * torrent, gpointer user_data);

/**
 * P2pHlsRemoteFile:
 * @name: of the rendition: the last part of its playlist's URL
 * @length: its bytes; -1 if they are not known
 *
 * A rendition of a stream: seed 001's file of a torrent.
 *
 * Since: 0.1
 */
typedef struct
{
  char *name;
  gint64 length;
} P2pHlsRemoteFile;

#define P2P_HLS_REMOTE_TYPE_FILE (p2p_hls_remote_file_get_type ())
P2P_HLS_REMOTE_API GType p2p_hls_remote_file_get_type (void);

G_END_DECLS
