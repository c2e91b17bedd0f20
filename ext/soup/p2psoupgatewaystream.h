/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2psession.h"
#include "p2psoupgatewaylinks.h"
#include "p2psoupgatewayreload.h"

G_BEGIN_DECLS

/**
 * P2pSoupGatewayStream:
 *
 * A stream as the gateway serves it. Its URLs are good until it is removed.
 */
typedef struct _P2pSoupGatewayStream P2pSoupGatewayStream;

/* http://HOST:PORT/TOKEN/: for browsers a page that names what there is, and plays
 * it; who does not ask for HTML is sent to the playlist */
const char *p2p_soup_gateway_stream_get_url (P2pSoupGatewayStream * self);
/* … of its playlist, for any player */
const char *p2p_soup_gateway_stream_get_playlist_url (P2pSoupGatewayStream *
    self);
/* For who hands a player a playlist in another way, and the playlist's URL above
 * as what it is relative to (p2phlssrc and hlsdemux2): to be kept with a
 * reference and used on any thread. */
P2pSoupGatewayLinks *p2p_soup_gateway_stream_get_links (P2pSoupGatewayStream *
    self);

/* The rest is for the gateway. */
struct _P2pSoupGatewayStream
{
  P2pSession *session;
  P2pSoupGatewayLinks *links;
  char *uri;                    /* of the playlist, plain */
  char *path;                   /* … at the gateway */
  char *url;
  char *playlist_url;
  guint n_players;              /* that were told apart */
  GHashTable *defined;          /* by its master playlist (EXT-X-DEFINE), or NULL */
  GQueue answers;               /* of P2pSoupGatewayAnswer, borrowed */
  GHashTable *reloads;          /* plain URI -> P2pSoupGatewayReload */
  guint64 handed[P2P_N_SOURCES];        /* bytes that came for players */
};

/* base: "http://HOST:PORT" */
P2pSoupGatewayStream *p2p_soup_gateway_stream_new (P2pSession * session,
    const char *uri, const char *base, GError ** error);
void p2p_soup_gateway_stream_free (P2pSoupGatewayStream * self);

/* As p2p_soup_gateway_links_open() */
char *p2p_soup_gateway_stream_open (P2pSoupGatewayStream * self,
    const char *path, char **player);
/* Shows a playlist, asked for by requested and answered by base, to the session.
 * text: (inout): gets what is defined in it in place of {$name}. Returns: (transfer
 * full) (nullable): NULL if it is none of HLS */
P2pPlaylist *p2p_soup_gateway_stream_read (P2pSoupGatewayStream * self,
    GBytes ** text, const char *requested, const char *base);

G_END_DECLS
