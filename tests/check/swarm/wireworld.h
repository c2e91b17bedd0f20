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

/* A P2pSnPeer, and a stranger at the other end of its channel. */
typedef struct
{
  P2pClock *clock;
  P2pNames *names;
  FakeChannel *ours, *theirs;
  P2pPeer *peer;
  GHashTable *segments;         /* that are held: id -> P2pSegment */
  GString *log;                 /* of the peer's events, each in a line */
  GString *got;                 /* what the stranger got: texts, each and a line
                                 * end; "#size" for binary messages */
  gboolean gone;                /* … the channel's end too */
  GByteArray *bytes;            /* that the peer's data brought */
  gboolean refuses;             /* what is done is not accepted */
  gboolean elects;              /* is told */
  void (*on_event) (gpointer wire, const char *what);
} Wire;

/* its BITFIELD: as JSON, or NULL if it says nothing yet. */
Wire *wire_new (const char *field);
void wire_free (Wire * w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)

void wire_run (Wire * w, gint64 duration);
/* The stranger, if the channel is open, says text, or size bytes, and what
 * follows from it happens. */
void wire_say (Wire * w, const char *text);
void wire_say_bytes (Wire * w, gsize size);
/* We hold segment n; the peer is not told yet. */
void wire_hold (Wire * w, guint n, gsize size);
void wire_drop (Wire * w, guint n);
/* The peer is told all that is held. */
void wire_announce (Wire * w);
/* Compares, and forgets. */
void wire_assert_log (Wire * w, const char *expect);
void wire_assert_got (Wire * w, const char *expect);

G_END_DECLS
