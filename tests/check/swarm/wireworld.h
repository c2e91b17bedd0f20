/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakechannel.h"
#include "p2pnames.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

#define WIRE_SEGMENTS 40        /* that have names: id0, seg000.ts … */
#define WIRE_SIZE 40000         /* bytes of each */

/* A peer, and a stranger at the other end of its channel. */
typedef struct _Wire Wire;

struct _Wire
{
  P2pClock *clock;
  P2pNames *names;
  FakeChannel *ours, *theirs;
  P2pPeer *peer;
  GHashTable *segments;         /* that are held: id -> P2pSegment */
  GPtrArray *loading;           /* ids that are told to be fetched over HTTP */
  GString *log;                 /* of the peer's events, each in a line */
  GString *got;                 /* what the stranger got: texts, each and a line
                                 * end; "#size" for binary messages */
  gboolean gone;                /* … the channel's end too */
  GByteArray *bytes;            /* that the peer's data brought */
  gboolean refuses;             /* what is done is not accepted */
  gboolean elects;              /* is told */
  P2pPeerTurn turn;             /* that it is given: now */
  guint n_turns, n_sent;        /* that it asked for, and ended */
  void (*on_event) (gpointer wire, const char *what);
  /* What is in got of a binary message (transfer full); NULL: its size. */
  char *(*describe) (GBytes * message);
};

/* make: the peer of its channel; it is not told anything yet. */
Wire *wire_new_of (P2pPeer * (*make) (Wire * w));
/* A P2pSnPeer. field: its BITFIELD, as JSON, or NULL if it says nothing yet. */
Wire *wire_new (const char *field);
void wire_free (Wire * w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)

void wire_run (Wire * w, gint64 duration);
/* The stranger, if the channel is open, says text, or size bytes, and what
 * follows from it happens. */
void wire_say (Wire * w, const char *text);
void wire_say_bytes (Wire * w, gsize size);
/* The same of a binary message. (transfer full) */
void wire_say_message (Wire * w, GBytes * message);
/* We hold segment n; the peer is not told yet. */
void wire_hold (Wire * w, guint n, gsize size);
void wire_drop (Wire * w, guint n);
/* The peer is told all that is held. */
void wire_announce (Wire * w);
/* The stream begins anew: 7 is the number of two segments, which are held and told:
 * id8, new.ts, of 20 bytes, and id9. Others have no name. */
void wire_begin_anew (Wire * w);
/* Compares, and forgets. */
void wire_assert_log (Wire * w, const char *expect);
void wire_assert_got (Wire * w, const char *expect);

G_END_DECLS
