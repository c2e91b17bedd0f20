/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pclock.h"
#include "p2perror.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/* A peer without a network: holds what it was given, or is one end of a pair
 * whose other end is in another loader. */
#define FAKE_TYPE_PEER (fake_peer_get_type ())
G_DECLARE_FINAL_TYPE (FakePeer, fake_peer, FAKE, PEER, GObject)

typedef enum
{
  FAKE_PEER_HONEST,
  FAKE_PEER_ABSENT,             /* has it no more */
  FAKE_PEER_SILENT,             /* never answers */
  FAKE_PEER_STALL,              /* sends half, then nothing */
  FAKE_PEER_VANISH,             /* sends half, then is gone */
  FAKE_PEER_FAIL,               /* ends with P2P_ERROR_PEER */
  FAKE_PEER_SIZE_ZERO,          /* … declared */
  FAKE_PEER_SIZE_HUGE,
  FAKE_PEER_SIZE_OTHER,         /* one more than there is, and sends that */
  FAKE_PEER_SIZE_TWICE,
  FAKE_PEER_SIZE_NONE,
  FAKE_PEER_TOO_FEW,            /* bytes for what it declared */
  FAKE_PEER_TOO_MANY,
  FAKE_PEER_OTHER_ID,           /* answers for what it was not asked for */
  FAKE_PEER_EMPTY_DATA,
  FAKE_PEER_N_FAULTS
} FakePeerFault;

struct _FakePeer
{
  GObject parent;

  /* May be changed at any time. */
  FakePeerFault fault;
  gint64 latency;               /* until the first byte */
  guint64 rate;                 /* bytes a second; 0: all at once */
  gsize chunk;
  gboolean busy;
  gboolean elects;              /* TRUE at first */

  /* What happened to it. */
  GPtrArray *requests;          /* of ids */
  gsize first;                  /* byte that it was asked for last */
  guint n_cancelled, n_accepted;
  guint n_announced;
  GString *loaded, *loading;    /* what it was told last: ids, each and a space */
  gboolean told_elects;
  gboolean closed;

  /* Private */
  P2pClock *clock;
  char *id;
  FakePeer *other;
  const P2pPeerEvents *events;
  gpointer user_data;
  GHashTable *held;             /* id -> GBytes, or NULL of an other's */
  GHashTable *coming;           /* ids */
  char *asked;
  GBytes *answer;
  gsize position;
  gboolean sized;
  guint timer, news_timer;
};

FakePeer *fake_peer_new (P2pClock * clock, const char *id);
/* One that can be asked for the end of a segment. */
FakePeer *fake_peer_new_resuming (P2pClock * clock, const char *id);

/* One that keeps the channel, and says nothing over it. */
P2pPeer *fake_peer_new_over (P2pClock * clock, P2pChannel * channel,
    const char *id);

/* Two ends: what is announced to one is had by the other. */
void fake_peer_pair (FakePeer * a, FakePeer * b);

void fake_peer_hold (FakePeer * self, const char *id, GBytes * bytes);
void fake_peer_drop (FakePeer * self, const char *id);
/* It is loading id over HTTP. */
void fake_peer_set_coming (FakePeer * self, const char *id);

/* It is gone. */
void fake_peer_vanish (FakePeer * self);

G_END_DECLS
