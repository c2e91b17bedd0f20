/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phlsremoteerror.h"

G_BEGIN_DECLS

/* What seed 001 calls a torrentID: the URL of a playlist, an infohash, or a
 * magnet. */
typedef struct
{
  char *url;                    /* plain http(s), as it goes on the wire; NULL:
                                 * there was only an infohash */
  char *info_hash;              /* 40 hexadecimal digits in lower case: SHA-1 of
                                 * what seed 002's trackers call the playlist */
  char *name;                   /* for people, of the magnet or the URL; NULL if
                                 * there is none */
} P2pHlsRemoteId;

/* URLs longer than this are none. */
#define P2P_HLS_REMOTE_MAX_ID (8 * 1024)

/* text: (nullable). Returns: FALSE with P2P_HLS_REMOTE_ERROR_INVALID_TORRENT */
gboolean p2p_hls_remote_id_parse (P2pHlsRemoteId * self, const char *text,
    GError ** error);
void p2p_hls_remote_id_clear (P2pHlsRemoteId * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pHlsRemoteId, p2p_hls_remote_id_clear)

/* Of a client or a torrent in messages: 16 random bytes in hexadecimal digits.
 * Returns: (transfer full) */
char *p2p_hls_remote_id_make_key (void);

G_END_DECLS
