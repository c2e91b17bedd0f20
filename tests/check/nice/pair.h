/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pniceconnector.h"

/* A main loop with a clock that runs, and a connector on loopback. */
typedef struct
{
  GMainContext *context;
  GSource *timer;
  P2pNiceConfig config;         /* for world_start() */
  P2pConnector *connector;
} World;

World *world_new (void);
/* With what config says by then. */
void world_start (World * self);
void world_turn (World * self);
/* Until nothing happens any more, and what was closed is freed. */
void world_settle (World * self);
/* Runs for some microseconds. */
void world_run (World * self, gint64 time);
void world_free (World * self);

guint count_fds (void);
guint count_threads (void);

/* One end of a connection, and all that was told of it. */
typedef struct _Peer Peer;
struct _Peer
{
  World *world;
  Peer *other;                  /* that its signalling goes to, or NULL */
  P2pConnection *connection;
  P2pChannel *channel;
  GPtrArray *messages;          /* of GBytes */
  GArray *texts;                /* of gboolean */
  guint n_described, n_candidates, n_last_candidates, n_open, n_failed;
  guint n_drained, n_closed;
  GError *error;                /* of failed or closed */
  char *described;              /* its description */
  /* What the other end is given in place of that; NULL: nothing. */
  char *(*edit) (const char *sdp);
  /* The event in which it leaves: 'd'escribed, 'c'andidate, 'o'pen, 'f'ailed,
   * 'm'essage, d'r'ained, 'x' closed; how: by unref, else by close. */
  char leave;
  gboolean unref;
  gboolean mute;                /* does not listen to its channel */
};

/* A call of the interface by hand, where peers_start() does it all. */
void peer_start (World * world, Peer * self, Peer * other,
    P2pConnectionRole role, gboolean trickle);

/* Both connect to each other; a offers. */
void peers_start (World * world, Peer * a, Peer * b, gboolean trickle);
/* Until both are open. */
void peers_open (World * world, Peer * a, Peer * b, gboolean trickle);
/* After all, if it was mute. */
void peer_listen (Peer * self);
void peer_clear (Peer * self);
/* Both, and the world. */
void peers_finish (World * world, Peer * a, Peer * b);

/* Runs until condition holds, for a minute at most: one who was killed is missed after
 * P2P_NICE_TRANSPORT_SILENCE. */
#define world_wait(world, condition) \
  G_STMT_START { \
    gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
    while (!(condition)) { \
      g_assert_cmpint (g_get_monotonic_time (), <, until); \
      world_turn (world); \
    } \
  } G_STMT_END
