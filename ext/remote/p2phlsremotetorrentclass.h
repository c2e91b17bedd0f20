/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The properties, which are read only, and signals of P2pHlsRemoteTorrent: for its
 * two files and nobody else. */
enum
{
  PROP_CLIENT = 1,
  PROP_KEY,
  PROP_SERVER_URL,
  PROP_PLAYLIST_URL,
  PROP_INFO_HASH,
  PROP_NAME,
  PROP_LENGTH,
  PROP_FILES,
  PROP_PROGRESS,
  PROP_DOWNLOADED,
  PROP_UPLOADED,
  PROP_DOWNLOAD_SPEED,
  PROP_UPLOAD_SPEED,
  PROP_RATIO,
  PROP_NUM_PEERS,
  PROP_TIME_REMAINING,
};

enum
{
  INFOHASH,
  METADATA,
  DOWNLOAD,
  UPLOAD,
  UPDATE,
  DONE,
  SERVER_READY,
  WARNING,
  ERROR,
  N_SIGNALS
};

/* signals: is filled */
void p2p_hls_remote_torrent_install (GObjectClass * klass,
    guint signals[N_SIGNALS]);

G_END_DECLS
