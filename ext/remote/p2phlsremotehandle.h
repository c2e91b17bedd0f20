/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteinfo.h"

G_BEGIN_DECLS

/* A torrent as its client knows it. What goes out for it is the owner's. */
typedef struct
{
  void (*create_server) (P2pHlsRemoteTorrent * torrent, P2pJson * options,
      gpointer owner);
  /* It was answered with an error before it was there. */
  void (*drop) (P2pHlsRemoteTorrent * torrent, gpointer owner);
} P2pHlsRemoteTorrentOwner;

/* torrent_id: for errors; owner_data: the client (P2pHlsRemoteClient), until fail()
 */
P2pHlsRemoteTorrent *p2p_hls_remote_torrent_new (const char *torrent_id,
    gboolean is_get, P2pHlsRemoteCallback callback, gpointer user_data,
    const P2pHlsRemoteTorrentOwner * owner, gpointer owner_data);

/* A message about it. Returns: FALSE: its type is not known. */
gboolean p2p_hls_remote_torrent_receive (P2pHlsRemoteTorrent * self,
    const char *type, P2pJson * message);

/* It has no client any more: what waits for an answer gets error. */
void p2p_hls_remote_torrent_fail (P2pHlsRemoteTorrent * self,
    const GError * error);

G_END_DECLS
