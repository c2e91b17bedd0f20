/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakepeer.h"
#include "p2psignaller.h"

G_BEGIN_DECLS

/* Finds one peer, in every swarm. */
#define FAKE_TYPE_SIGNALLER (fake_signaller_get_type ())
G_DECLARE_FINAL_TYPE (FakeSignaller, fake_signaller, FAKE, SIGNALLER, GObject)

struct _FakeSignaller
{
  GObject parent;

  P2pClock *clock;
  FakePeer *peer;
  const char *peer_id;          /* that the tracker gave; may be changed */
  P2pSignallerState state;
  GString *log;                 /* of joins and leaves */
  P2pNames *names;
  P2pIdentity *identity;        /* that was joined last */
  const P2pSignallerEvents *events;     /* of who joined; NULL: nobody */
  gpointer user_data;
};

/* What is given is borrowed. */
FakeSignaller *fake_signaller_new (P2pClock * clock, GString * log,
    FakePeer * peer);
void fake_signaller_get_counts (FakeSignaller * self,
    P2pSignallerCounts * counts);
void fake_signaller_warn (FakeSignaller * self);
/* One of each: announced, warning, error. */
void fake_signaller_say (FakeSignaller * self);

G_END_DECLS
