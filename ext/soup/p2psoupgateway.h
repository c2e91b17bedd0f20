/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

#include "p2psession.h"
#include "p2psoupgatewaystream.h"

G_BEGIN_DECLS

/**
 * P2pSoupGateway:
 *
 * An HTTP server, for players that fetch by themselves (hlsdemux2, ffmpeg, mpv,
 * VLC, browsers): each stream that is added has a URL here, and all that the
 * player asks for goes through the stream's session, so that segments come from
 * its cache, from peers, or over HTTP. One server does for all streams of a
 * process. It lives on the thread of the engine, and is used on that only.
 *
 * It is no open proxy: see docs/gateway.md.
 */
typedef struct _P2pSoupGateway P2pSoupGateway;

/* All may be NULL or 0; nothing is kept. */
typedef struct
{
  const char *address;          /* to listen at, numeric; NULL: 127.0.0.1 */
  guint16 port;                 /* 0: any that is free */
  const char *host;             /* by which clients reach it, a name or an
                                 * address; NULL: address, which will not do if
                                 * that is 0.0.0.0 or :: */
  const char *hostname;         /* the only one by which it may be asked for, and is;
                                 * NULL: host, or any of this machine */
  const char *const *origins;   /* of web pages that may read what is served,
                                 * as in "https://example.com"; "*": all.
                                 * NULL: none but its own page */
} P2pSoupGatewayConfig;

/* context: the engine thread's, and its default one whenever the gateway is
 * used, as for P2pSoupFetcher. config: NULL: the defaults.
 * Returns: (transfer full) (nullable): NULL if it cannot listen there */
P2pSoupGateway *p2p_soup_gateway_new (P2pClock * clock,
    GMainContext * context, const P2pSoupGatewayConfig * config,
    GError ** error);
/* All streams are removed and all connections end. The context has to run a
 * little more. */
void p2p_soup_gateway_free (P2pSoupGateway * self);

/* session: a reference is kept until the stream is removed; it may have other
 * users, and more than one stream. uri: of the playlist, plain or p2phls+http(s).
 * Returns: (transfer none) (nullable): as long as it is not removed */
P2pSoupGatewayStream *p2p_soup_gateway_add (P2pSoupGateway * self,
    P2pSession * session, const char *uri, GError ** error);
/* What is under way of it ends, and its URLs are worth nothing any more. */
void p2p_soup_gateway_remove (P2pSoupGateway * self,
    P2pSoupGatewayStream * stream);

/* Those that are open now. */
guint p2p_soup_gateway_get_n_connections (P2pSoupGateway * self);

G_END_DECLS
