/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pgeneration.h"
#include "p2pplaylist.h"

G_BEGIN_DECLS

/**
 * P2pIdentity:
 *
 * What a stream is called among other viewers: by those of seed 002, and by each
 * generation of p2p-media-loader, as docs/generations.md tells. A pure function
 * of what is known of its playlists, in time linear to them. Nothing of it has a
 * query, a user or a password in it: a generation that would call a stream by
 * such a URL does not call it at all. Immutable, ref-counted, thread-safe.
 */
typedef struct _P2pIdentity P2pIdentity;

/* URIs are http(s) or p2phls+http(s), with their query. */
typedef struct
{
  const P2pPlaylist *master;    /* NULL: a media playlist is all there is */
  const char *requested;        /* the first playlist: the master, or the media
                                 * playlist where there is none */
  const char *response;         /* the same after redirects */
  const char *media_requested;  /* the media playlist of the stream */
  const char *media_response;   /* … after redirects */
  gboolean has_end;             /* … see P2pPlaylist */
  const char *swarm_id;         /* the user's, in place of the first playlist's
                                 * URL; NULL or empty: none */
} P2pIdentityFacts;

P2pIdentity *p2p_identity_new (const P2pIdentityFacts * facts);
/* Of a stream of which nothing is known but the user's id. */
P2pIdentity *p2p_identity_new_named (const char *swarm_id);
P2pIdentity *p2p_identity_ref (P2pIdentity * self);
void p2p_identity_unref (P2pIdentity * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pIdentity, p2p_identity_unref)

/* Whether all of both is the same: whoever has joined by one need not by the
 * other. */
gboolean p2p_identity_equal (const P2pIdentity * a, const P2pIdentity * b);

/* What seed 002's trackers are told: the media playlist without its query, or the
 * user's id, with "-" and its place (from 1) in the master playlist if it has
 * one there. Never NULL */
const char *p2p_identity_get_name (const P2pIdentity * self);

/* What p2p_generation_make_info_hash() takes; NULL: nobody of this generation
 * shares this stream. */
const char *p2p_identity_get_hashed (const P2pIdentity * self,
    P2pGeneration generation);

/* Before "+" and the media sequence number in the ids of G1's and G2's segments,
 * and the key of G2's map; NULL for others, and where
 * p2p_identity_get_hashed() is. */
const char *p2p_identity_get_stream_id (const P2pIdentity * self,
    P2pGeneration generation);

/* The media playlist, after redirects, as its segments' URLs may be relative to it. */
const char *p2p_identity_get_base (const P2pIdentity * self);

/* Whether a segment's number is its place in the playlist (from 0) in this
 * generation, and not its media sequence number. */
gboolean p2p_identity_counts_places (const P2pIdentity * self,
    P2pGeneration generation);

G_END_DECLS
