/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteinfo.h"

G_BEGIN_DECLS

/**
 * P2pHlsRemoteEngine:
 *
 * What a server drives: what plays the part of the WebTorrent instance. A table of
 * functions, so that whoever has an engine need not be linked with; see
 * p2p_hls_remote_engine_find(). An engine and its torrents belong to the server's
 * thread, and tell events there, never from inside a call of this table. Names
 * in options are as properties have them.
 */

/* Trouble of the whole engine. */
typedef struct
{
  void (*warning) (const GError * error, gpointer user_data);
  void (*error) (const GError * error, gpointer user_data);
} P2pHlsRemoteEngineEvents;

typedef struct
{
  /* The playlist was read, or has other renditions now. name is kept if it is
   * NULL, and info_hash if it is. */
  void (*metadata) (const P2pHlsRemoteInfo * info, gpointer user_data);
  void (*download) (gpointer user_data);
  void (*upload) (gpointer user_data);
  /* Once, after the last download. */
  void (*done) (gpointer user_data);
  void (*warning) (const GError * error, gpointer user_data);
  void (*error) (const GError * error, gpointer user_data);
  /* create_server() for host ends: with url and that of the playlist below it, or
   * with error. */
  void (*server) (const char *host, const char *url, const char *playlist_url,
      const GError * error, gpointer user_data);
} P2pHlsRemoteTorrentEvents;

typedef struct
{
  /* Whether engine_new() would take these options. */
  gboolean (*check) (P2pJson * options, GError ** error);
  /* options: of the server, all of them. context: of the server's thread.
   * Returns: NULL with an error if it cannot be */
  gpointer (*engine_new) (P2pJson * options, GMainContext * context,
      const P2pHlsRemoteEngineEvents * events, gpointer user_data,
      GError ** error);
  /* It has no torrents any more. */
  void (*engine_free) (gpointer engine);
  /* url: of a playlist, plain http(s). options: of add(). Returns: NULL with an
   * error if it cannot be */
  gpointer (*torrent_new) (gpointer engine, const char *url, P2pJson * options,
      const P2pHlsRemoteTorrentEvents * events, gpointer user_data,
      GError ** error);
  /* No event comes after it. */
  void (*torrent_free) (gpointer torrent);
  void (*get_progress) (gpointer torrent, P2pHlsRemoteProgress * progress);
  /* A URL that is reached at host; NULL: from this machine only. Once for each
   * host. */
  void (*create_server) (gpointer torrent, const char *host,
      P2pJson * options);
} P2pHlsRemoteEngineClass;

/* That which is installed with this library, loaded when first asked for.
 * Returns: (nullable): NULL with P2P_HLS_REMOTE_ERROR_FAILED */
const P2pHlsRemoteEngineClass *p2p_hls_remote_engine_find (GError ** error);

/* What the module that has the engine exports by the name
 * P2P_HLS_REMOTE_ENGINE_SYMBOL. */
typedef const P2pHlsRemoteEngineClass *(*P2pHlsRemoteEngineFunc) (void);
#define P2P_HLS_REMOTE_ENGINE_SYMBOL "p2phls_get_remote_engine"

G_END_DECLS
