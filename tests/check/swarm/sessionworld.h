/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakefetcher.h"
#include "fakesignaller.h"
#include "p2psession.h"

G_BEGIN_DECLS

#define SHOW_SIZE 30000         /* of a segment */

/* A session, an origin, and a log of what the session tells. */
typedef struct
{
  P2pClock *clock;
  FakeFetcher *fetcher;
  P2pHttpOptions *options;
  P2pSettings settings;
  P2pSession *session;
  FakeSignaller *signaller;     /* NULL: it is in no swarm */
  FakePeer *peer;               /* "p", whom that finds */
  GString *log;
  const char *player;           /* who asks; NULL: the only one */
  const char *id_prefix;        /* of generated ids; NULL: the default ones */
} Show;

/* A player's request, to its end. */
typedef struct
{
  P2pRequest *request;
  Show *show;
  GByteArray *bytes;
  guint64 sources[P2P_N_SOURCES];
  gboolean done;
  gint64 end;
  GError *error;
} Ask;

/* Of 20 segments each of the streams "a", "b" and "audio". */
Show *show_new (void);
/* The same, in a swarm. */
Show *show_new_in_swarm (void);
void show_free (Show * show);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Show, show_free)

/* The n-th segment of stream, until the next call. */
const char *show_uri (const char *stream, guint n);
/* A playlist that went by. */
void show_add (Show * show, const char *uri, const char *text);
/* A media playlist of segments first to last of stream; live without an end. */
void show_playlist (Show * show, const char *stream, guint first, guint last,
    gboolean live);
/* One of "a" and "b", with "audio" beside them. */
void show_master (Show * show);
/* Plays one segment to its end, as a player does. */
void show_play (Show * show, const char *stream, guint n, P2pSource source);
/* How often the origin was asked for it. */
guint show_count_requests (Show * show, const char *what);

Ask *ask_range (Show * show, const char *what, gint64 start, gint64 stop);
Ask *ask_for (Show * show, const char *what);
void ask_free (Ask * ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, ask_free)
/* All of what came. */
void ask_check (Ask * ask, const char *what);

G_END_DECLS
