/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakeengine.h"
#include "p2pclock.h"
#include "p2phlsremote.h"

G_BEGIN_DECLS

#define URL_A "https://example.com/a/master.m3u8"
#define URL_B "https://example.com/b/live.m3u8?token=secret"
#define URL_C "http://user:word@example.org/c.m3u8"

typedef P2pHlsRemoteClient Client;
typedef P2pHlsRemoteTorrent Torrent;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Torrent, g_object_unref)

/* A server on the fake engine and its clients, under a virtual clock; what they
 * send waits until remote_world_settle(). */
typedef struct
{
  P2pClock *clock;
  P2pHlsRemoteServer *server;
  GPtrArray *clients;           /* of P2pHlsRemoteClient, borrowed */
  GQueue to_server, to_clients; /* of strings */
  GPtrArray *heard;             /* of strings: what the server was sent … */
  GPtrArray *said;              /* … and has sent, since the last forget() */
  GString *trace;               /* what it printed */
  gboolean lenient;             /* strangers speak too: refusals are no bugs */
} RemoteWorld;

/* options: of the server */
RemoteWorld *remote_world_new (const char *options);
void remote_world_free (RemoteWorld * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RemoteWorld, remote_world_free)

/* Returns: (transfer full) */
P2pHlsRemoteClient *remote_world_add_client (RemoteWorld * self,
    const char *options);
/* Carries all messages to where they go, and what they make others send. */
void remote_world_settle (RemoteWorld * self);
/* ms go by, with all that is due in them. */
void remote_world_pass (RemoteWorld * self, guint ms);
void remote_world_forget (RemoteWorld * self);
/* The server gets text as a message. Returns: whether it took it */
gboolean remote_world_tell (RemoteWorld * self, const char *text);
/* Returns: how many messages of type the server sent since forget(); last:
 * (nullable): the last one, that lives until then */
guint remote_world_count (RemoteWorld * self, const char *type,
    const char **last);
/* The same of what it was sent. */
guint remote_world_count_heard (RemoteWorld * self, const char *type,
    const char **last);

/* A send function for what never sends. */
void remote_world_ignore (const char *client_key, const char *message,
    gpointer user_data);

/* Counts how often a signal without arguments was emitted. */
void remote_world_listen (gpointer object, const char *signal, guint * count);

/* What a callback was told. */
typedef struct
{
  guint calls;
  GError *error;
  P2pHlsRemoteTorrent *torrent;
} RemoteAnswer;

void remote_answer_take (const GError * error, P2pHlsRemoteTorrent * torrent,
    gpointer answer);
void remote_answer_clear (RemoteAnswer * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RemoteAnswer, remote_answer_clear)

G_END_DECLS
