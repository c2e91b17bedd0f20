/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pclock.h"

G_BEGIN_DECLS

/* One end of a channel without a network. */
#define FAKE_TYPE_CHANNEL (fake_channel_get_type ())
G_DECLARE_FINAL_TYPE (FakeChannel, fake_channel, FAKE, CHANNEL, GObject)

struct _FakeChannel
{
  GObject parent;

  /* May be changed at any time; of what is sent from this end. */
  gint64 latency;
  guint64 rate;                 /* bytes a second; 0: all at once */
  gboolean stuck;               /* nothing goes out */
  gsize max_message;

  /* What happened to it. */
  GString *texts;               /* sent, each and a line end */
  guint n_binary;               /* sent */
  gsize max_binary;             /* the longest of them */
  gsize max_buffered;
  gboolean closed;

  /* Private */
  P2pClock *clock;
  FakeChannel *other;
  const P2pChannelEvents *events;
  gpointer user_data;
  gsize low_water, buffered;
  GQueue queue;                 /* to be sent */
  GQueue inbox;                 /* on the way to this end, in order */
  P2pChannelStats stats;
  guint send_timer, inbox_timer;
};

/* Both: (out) (transfer full) */
void fake_channel_pair (P2pClock * clock, FakeChannel ** a, FakeChannel ** b);
/* It breaks, at both ends, with all that was on the way. */
void fake_channel_cut (FakeChannel * self);

void fake_channel_send_text (FakeChannel * self, const char *text);
/* size bytes that are only one message */
void fake_channel_send_binary (FakeChannel * self, gsize size);

G_END_DECLS
