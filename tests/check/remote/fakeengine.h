/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteengine.h"

G_BEGIN_DECLS

/* An engine that does nothing, and says what it was asked for. */
typedef struct
{
  guint engines;                /* made so far */
  gboolean running;             /* there is one now */
  GPtrArray *torrents;          /* of FakeTorrent: there now */
  guint joined;                 /* torrents made so far */
  P2pJson *options;             /* of the last engine */
  const P2pHlsRemoteEngineEvents *events;
  gpointer user_data;
  const char *refuse;           /* torrents and options are refused with it */
} FakeEngine;

typedef struct
{
  char *url;
  P2pJson *options;
  const P2pHlsRemoteTorrentEvents *events;
  gpointer user_data;
  P2pHlsRemoteProgress progress;
  GPtrArray *hosts;             /* of strings, "" for NULL: asked for a server */
  P2pJson *server_options;      /* of the last such call */
} FakeTorrent;

extern const P2pHlsRemoteEngineClass fake_engine_class;
/* The one engine there is. */
extern FakeEngine fake_engine;

void fake_engine_reset (void);
FakeTorrent *fake_engine_get (guint index);
/* Its playlist was read: one file, "video.m3u8" of 1000 bytes; length -1: live. */
void fake_torrent_tell_metadata (FakeTorrent * self, gint64 length);
/* The server that was asked for first ends: error NULL: with
 * http://localhost:9876/token/ */
void fake_torrent_tell_server (FakeTorrent * self, const GError * error);

G_END_DECLS
