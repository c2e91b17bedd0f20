/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pengineshared.h"
#include "p2phlsremoteinfo.h"

G_BEGIN_DECLS

/* A torrent of seed 001, which is a stream here: its session with all that this
 * needs, what is known of it, and where it is served. On the engine's thread. */
typedef struct _P2pEngineTorrent P2pEngineTorrent;

/* May come from inside new(), and no other call. */
typedef struct
{
  /* The playlist was read. */
  void (*metadata) (const P2pHlsRemoteInfo * info, gpointer user_data);
  /* Something is another; a few times a second at most. downloaded, uploaded: that
   * is so of these bytes. */
  void (*progress) (const P2pHlsRemoteProgress * progress, gboolean downloaded,
      gboolean uploaded, gpointer user_data);
  /* All of a VOD was loaded; once, after the progress that says so. */
  void (*done) (gpointer user_data);
  void (*warning) (const GError * error, gpointer user_data);
} P2pEngineTorrentEvents;

/* shared: borrowed, outlives it. uri: plain http(s). Nothing of settings is kept. */
P2pEngineTorrent *p2p_engine_torrent_new (P2pEngineShared * shared,
    const char *uri, const P2pEngineSettings * settings,
    const P2pEngineTorrentEvents * events, gpointer user_data);
void p2p_engine_torrent_free (P2pEngineTorrent * self);

/* Serves it as well: see p2p_engine_shared_get_gateway(). playlist_url: (out)
 * Returns: (transfer none) (nullable): where */
const char *p2p_engine_torrent_serve (P2pEngineTorrent * self,
    const char *host, P2pJson * options, const char **playlist_url,
    GError ** error);

G_END_DECLS
