/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "origin.h"
#include "p2psoupgateway.h"
#include "reply.h"

G_BEGIN_DECLS

/**
 * GateWorld:
 *
 * An origin with files, and a gateway before it, with a session for each stream,
 * on a thread of its own. A test asks it byte by byte over connections of its
 * own.
 */
typedef struct
{
  Origin *origin;
  GMutex lock;
  GHashTable *files;            /* path → GateFile, under the lock */

  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  P2pClock *clock;
  P2pSettings settings;
  P2pHttpOptions *options;
  P2pSoupGateway *gateway;
  guint16 port;
} GateWorld;

/* config: NULL: the defaults */
GateWorld *gate_world_new (const P2pSoupGatewayConfig * config);
void gate_world_free (GateWorld * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GateWorld, gate_world_free)

/* What the origin has at path from now on; type: NULL: says none. */
void gate_world_put (GateWorld * self, const char *path, const char *type,
    const char *body);
/* The same, of size bytes that tell one path and place from others. */
void gate_world_put_segment (GateWorld * self, const char *path, gsize size);
/* … and all it says is these lines of a head, and its body. */
void gate_world_put_answer (GateWorld * self, const char *path,
    const char *head, const char *body);
/* The origin stops after half of the body, until it is told to go on. */
void gate_world_set_held (GateWorld * self, const char *path, gboolean held);
/* How often the origin was asked for path. */
guint gate_world_count (GateWorld * self, const char *path);
/* Whether body is all of path's, from start on to stop (-1: to the end). */
void gate_world_assert_body (GateWorld * self, const char *path,
    gint64 start, gint64 stop, const char *body, gsize size);

/* func(user_data) on the gateway's thread; waits for its end. */
void gate_world_call (GateWorld * self, GFunc func, gpointer user_data);
/* A stream of a session of its own. Returns: its playlist's path at the gateway */
P2pSoupGatewayStream *gate_world_add (GateWorld * self, const char *path);
void gate_world_remove (GateWorld * self, P2pSoupGatewayStream * stream);

/* A new connection to the gateway. */
GSocketConnection *gate_world_connect (GateWorld * self);
void gate_world_say (GSocketConnection * connection, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
/* Reads one answer. Returns: (nullable): NULL if the connection ended before */
Reply *gate_world_hear (GSocketConnection * connection, gboolean is_head);

/* GET, with more lines ("Name: value\r\n" …), over a connection of its own.
 * what: a path, or a URL of the gateway */
Reply *gate_world_get (GateWorld * self, const char *what, const char *lines);
Reply *gate_world_ask (GateWorld * self, const char *method,
    const char *what, const char *lines);
/* Returns: (transfer full): the n-th line of a playlist that is no tag. */
char *gate_world_pick (const char *playlist, guint n);
/* Returns: (transfer full): of the n-th URI="…" of it. */
char *gate_world_pick_attribute (const char *playlist, guint n);

G_END_DECLS
