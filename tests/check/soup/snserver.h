/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * SnServer:
 *
 * A tracker of seed 002 with its signalling, as simple as it gets, on the
 * context of the test, that can misbehave. Its port is its own also while
 * nobody listens there.
 */
typedef struct
{
  guint16 port;
  char *announce;               /* its URL */
  char *log;                    /* of requests: "GET /stats/?…", a line each,
                                 * and what was posted after a blank */
  char *signals;                /* of messages: "id text", a line each */
  guint n_requests;

  /* May be set at any time. */
  guint report_interval, heartbeat_interval;
  guint status;                 /* of all answers; 0: as it should be */
  const char *only;             /* path that status and body are for, or NULL:
                                 * of all */
  char *body;                   /* of answers; NULL: as it should be */
  gboolean silent;              /* requests wait until sn_server_answer() */
  gboolean mute;                /* messages go nowhere */
  gboolean no_pong;

  /* Private */
  SoupServer *server;           /* NULL: it is down */
  GSocket *placeholder;
  GPtrArray *waiting;           /* of SoupServerMessage */
  GHashTable *swarms;           /* info_hash -> GPtrArray of ids */
  GHashTable *sockets;          /* id -> SoupWebsocketConnection */
  GString *closed;              /* ids and codes of WebSockets closed */
  SoupMessageHeaders *headers;  /* of the last request */
  guint last_id;
} SnServer;

/* Down at first. */
SnServer *sn_server_new (void);
void sn_server_free (SnServer * self);
void sn_server_start (SnServer * self);
/* What it knew is forgotten, all is closed. */
void sn_server_stop (SnServer * self);

void sn_server_answer (SnServer * self);
/* Returns: (nullable): the WebSocket of a viewer that is open */
SoupWebsocketConnection *sn_server_get_socket (SnServer * self,
    const char *id);
/* (transfer none): what was asked since the last call, on lines */
void sn_server_check_log (SnServer * self, const char *expected);
void sn_server_clear_log (SnServer * self);

G_END_DECLS
