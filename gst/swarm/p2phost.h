/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2phttp.h"

G_BEGIN_DECLS

/**
 * P2pHost:
 *
 * The engine that runs on this machine for all players, as one of its players
 * knows it: at which URLs of its gateway it has what the stream's server has at
 * others. Ref-counted; belongs to the thread of the player's own engine.
 */
typedef struct _P2pHost P2pHost;

/* How long a playlist is waited for, if the host may be there soon. */
#define P2P_HOST_WAIT (300 * P2P_MSEC)
/* … the next byte from the host, before the server is asked. */
#define P2P_HOST_PATIENCE (2500 * P2P_MSEC)
/* How long a host that was silent or refused is not asked again. */
#define P2P_HOST_WARY (10 * P2P_SECOND)
/* URIs that are known by another name; the oldest are forgotten first. */
#define P2P_HOST_MAX_URIS 32768
/* Playlists that are read anew when the host returns. */
#define P2P_HOST_MAX_PLAYLISTS 64

/* What the path of a URL of the gateway stands for. Returns: (transfer full)
 * (nullable): an absolute http(s) URI, NULL if it is none of the gateway's. */
typedef char *(*P2pHostReadFunc) (const char *path);

/* clock: kept (a reference) */
P2pHost *p2p_host_new (P2pClock * clock, P2pHostReadFunc read);
P2pHost *p2p_host_ref (P2pHost * self);
void p2p_host_unref (P2pHost * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pHost, p2p_host_unref)

/* Whether it is of interest at all; at first it is not. */
void p2p_host_set_wanted (P2pHost * self, gboolean wanted);
gboolean p2p_host_is_wanted (P2pHost * self);
/* It was called, and may be there soon: who asks for what it may have waits a
 * little. Or it will have no more than it has. */
void p2p_host_expect (P2pHost * self, gboolean expected);
/* It serves the playlist uri at url. */
void p2p_host_add (P2pHost * self, const char *uri, const char *url);
/* It is gone, with all that it had. */
void p2p_host_lose (P2pHost * self);
/* It did not do what it should: nothing is asked of it for P2P_HOST_WARY. */
void p2p_host_suspect (P2pHost * self);

gboolean p2p_host_is_expected (P2pHost * self);
gboolean p2p_host_is_there (P2pHost * self);
/* Returns: (nullable): where the host has uri; NULL: it is to be had from its
 * server only */
const char *p2p_host_find (P2pHost * self, const char *uri);

/* How the gateway is asked: as nobody in particular. */
P2pHttpOptions *p2p_host_get_options (P2pHost * self);
/* Whether the host would be answered by servers as who asks with options. */
gboolean p2p_host_may_stand_for (const P2pHttpOptions * options);

/* A playlist as the host had it at url. Returns: (transfer full): the same with
 * the URIs of the stream's server, all of them absolute, for which the host's
 * names are known from now on. */
GBytes *p2p_host_learn (P2pHost * self, GBytes * playlist, const char *url);

/* uri is a playlist, from wherever it came. */
void p2p_host_note_playlist (P2pHost * self, const char *uri);
/* Returns: (transfer full) (element-type utf8): those noted, oldest first */
GPtrArray *p2p_host_list_playlists (P2pHost * self);

/* count bytes came from the host. */
void p2p_host_count (P2pHost * self, gsize count);
guint64 p2p_host_get_bytes (P2pHost * self);

/* One who waits: told once when the host is there or will not be. */
typedef struct
{
  GList link;
  void (*func) (gpointer user_data);
  gpointer user_data;
} P2pHostWaiter;

void p2p_host_wait (P2pHost * self, P2pHostWaiter * waiter,
    void (*func) (gpointer user_data), gpointer user_data);
/* Harmless on one that was told. */
void p2p_host_wait_no_more (P2pHost * self, P2pHostWaiter * waiter);

G_END_DECLS
