/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremotetypes.h"

#include "p2pjson.h"

G_BEGIN_DECLS

/* What is said of a torrent, and how it goes over the wire, where null is what is
 * not known or has no end. */

typedef struct
{
  char *name;                   /* NULL: not known */
  char *info_hash;
  gint64 length;                /* bytes; -1: not known, or live */
  gboolean live;                /* FALSE: not known, too */
  GPtrArray *files;             /* of P2pHlsRemoteFile; never NULL */
} P2pHlsRemoteInfo;

typedef struct
{
  double progress;              /* 0 to 1 */
  guint64 downloaded, uploaded; /* bytes */
  double download_speed, upload_speed;  /* bytes a second */
  double ratio;                 /* uploaded to downloaded */
  guint num_peers;
  double time_remaining;        /* ms; INFINITY: not known */
  guint64 from_peers;           /* bytes of those downloaded */
} P2pHlsRemoteProgress;

void p2p_hls_remote_info_init (P2pHlsRemoteInfo * self);
void p2p_hls_remote_info_clear (P2pHlsRemoteInfo * self);
void p2p_hls_remote_progress_init (P2pHlsRemoteProgress * self);

GPtrArray *p2p_hls_remote_files_new (void);
/* name: (transfer full) */
void p2p_hls_remote_files_add (GPtrArray * self, char *name, gint64 length);

/* server_url, playlist_url: (nullable) */
void p2p_hls_remote_info_write (const P2pHlsRemoteInfo * self,
    const char *server_url, const char *playlist_url, P2pJson * torrent);
void p2p_hls_remote_progress_write (const P2pHlsRemoteProgress * self,
    gint64 length, P2pJson * torrent);

/* What is not there, or is not what it has to be, stays as it is. */
void p2p_hls_remote_info_read (P2pHlsRemoteInfo * self, P2pJson * torrent);
void p2p_hls_remote_progress_read (P2pHlsRemoteProgress * self,
    P2pJson * torrent);

/* {name, message, stack} of a message */
P2pJson *p2p_hls_remote_error_write (const GError * error);
/* error: (nullable) */
GError *p2p_hls_remote_error_read (P2pJson * error);

G_END_DECLS
