/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakechannel.h"
#include "p2pnames.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

#define FUZZ_PEER_SEGMENTS 6    /* id0, seg000.ts … */

/* A loader with one peer, as far as it can be told what must hold; the stranger has
 * the other end of the channel. id1 is held, any is there. */
typedef struct
{
  P2pClock *clock;
  P2pNames *names;
  FakeChannel *ours, *theirs;
  P2pPeer *peer;
  char *asked;
  gint64 declared;              /* -1: not yet */
  gsize got;
  P2pPeerTurn turn;             /* that it is given: now */
  gboolean waits;               /* for that */
  gboolean closed;
} FuzzPeer;

/* make: the peer of clock, names and ours */
void fuzz_peer_begin (FuzzPeer * self, P2pPeer * (*make) (FuzzPeer * self));
void fuzz_peer_end (FuzzPeer * self);

void fuzz_peer_run (FuzzPeer * self, gint64 duration);

/* Lines that mean the same on any wire. "#20": a binary message of 20 bytes. "+20":
 * 20 ms pass. "?2" or "?2 100": it is asked for segment 2, from byte 100 on, if that
 * can be; "!": no longer. "~1": what turn it is given from now on; "^": the one it
 * waits for has come. Others are said: as text, if it is so. */
void fuzz_peer_step (FuzzPeer * self, const char *line, gsize size,
    gboolean text);

G_END_DECLS
