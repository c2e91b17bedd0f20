/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2perror.h"
#include "p2psouppool.h"

G_BEGIN_DECLS

/**
 * P2pSoupSocket:
 *
 * A WebSocket to a server that viewers find each other by. When it breaks it
 * comes back by itself, later and later. Not compressed: deflated messages cost
 * 100 KB a connection, and few bytes are saved.
 */
typedef struct _P2pSoupSocket P2pSoupSocket;

/* How long the server may take to accept. */
#define P2P_SOUP_SOCKET_TIMEOUT (10 * P2P_SECOND)
/* What was open for so long had not failed. */
#define P2P_SOUP_SOCKET_STABLE (30 * P2P_SECOND)
/* Messages in each ten seconds; a server that sends more is left, for a while.
 * All viewers that can be connecting, with all their candidates, send fewer. */
#define P2P_SOUP_SOCKET_MAX_MESSAGES 3000
#define P2P_SOUP_SOCKET_WINDOW (10 * P2P_SECOND)
/* Bytes of a message; a server that sends more is left too. */
#define P2P_SOUP_SOCKET_MAX_SIZE (64 * 1024)
/* Bytes that may come without any message. */
#define P2P_SOUP_SOCKET_MAX_PARTS (256 * 1024)
/* Bytes that the system keeps: libsoup reads all of them in one turn of the loop,
 * and spends a time that grows with the square of the PINGs among them. */
#define P2P_SOUP_SOCKET_BUFFER (8 * 1024)

typedef struct
{
  gint64 retry, retry_max;      /* pauses before it comes back: p2p_backoff() */
  guint keepalive;              /* seconds between PING frames; 0: none */
  const char *closed;           /* words for: the server closed it, */
  const char *endless;          /* … sends a message without end, */
  const char *flooded;          /* … sends too many, */
  const char *late;             /* … did not accept in time */
} P2pSoupSocketKind;

/* None comes from inside a call of these functions; a callback may free it. */
typedef struct
{
  void (*opened) (gpointer user_data);
  void (*message) (const char *text, gsize size, gpointer user_data);
  /* It broke, or could not be opened; it will be tried again. */
  void (*closed) (const GError * error, gpointer user_data);
} P2pSoupSocketEvents;

/* Returns: (transfer full) (nullable): url as http(s), which WebSocket begins
 * with; NULL if it is not a ws(s) or http(s) URL with a host */
char *p2p_soup_socket_make_uri (const char *url);

/* kind, events: static. uri: http(s). pool: borrowed; clock and options are kept
 * (a reference each); rand is borrowed. Not wanted at first. */
P2pSoupSocket *p2p_soup_socket_new (P2pClock * clock, GRand * rand,
    P2pSoupPool * pool, P2pHttpOptions * options, const char *uri,
    const P2pSoupSocketKind * kind, const P2pSoupSocketEvents * events,
    gpointer user_data);
/* As p2p_soup_socket_set_wanted() with FALSE. No event comes after it. */
void p2p_soup_socket_free (P2pSoupSocket * self);

/* FALSE: says goodbye; the main context has to run a little more for that. TRUE:
 * opens it, but not before the pause is over that a failure was to be followed
 * by. */
void p2p_soup_socket_set_wanted (P2pSoupSocket * self, gboolean wanted);
/* For when it is opened next. */
void p2p_soup_socket_set_options (P2pSoupSocket * self,
    P2pHttpOptions * options);
/* Returns: FALSE if it is not open; text is not sent then. */
gboolean p2p_soup_socket_send (P2pSoupSocket * self, const char *text);
/* What came over it shows that it is broken. Its closed event comes at once, so
 * this is not for inside a call of its owner's. */
void p2p_soup_socket_fail (P2pSoupSocket * self, P2pError code,
    const char *words);

G_END_DECLS
