/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pchannel.h"
#include "p2pclock.h"
#include "p2ppeer.h"

G_BEGIN_DECLS

/**
 * P2pChannelPeer:
 *
 * A P2pPeer over a P2pChannel, as far as it does not matter what is said there: who
 * hears its events, its end, and how much it may say. Nothing is read before its
 * events are set.
 *
 * A class does the rest of P2pPeer itself: has, request, cancel, serve, announce
 * and, if its wire knows them, resume and accept; is_idle, if there is more to it
 * than is_asked.
 */
#define P2P_TYPE_CHANNEL_PEER (p2p_channel_peer_get_type ())
G_DECLARE_DERIVABLE_TYPE (P2pChannelPeer, p2p_channel_peer, P2P, CHANNEL_PEER,
    GObject)

struct _P2pChannelPeerClass
{
  GObjectClass parent_class;

  /* A message came. The peer lives on until it returns. */
  void (*take) (P2pChannelPeer * self, GBytes * bytes, gboolean text);
  /* The channel drained. */
  void (*drained) (P2pChannelPeer * self);
  /* It is over, called once: nothing is sent after it, and no event comes. */
  void (*stop) (P2pChannelPeer * self);
  /* Whether a request is under way, or what was cancelled is waited for. */
  gboolean (*is_asked) (P2pChannelPeer * self);
  /* Bits a second of what it is sent of segments; not asked after stop. */
  guint64 (*get_upload_rate) (P2pChannelPeer * self);

  /* One that says nothing for so long once its events are set is closed. 0: it may
   * be silent. */
  gint64 patience;
  /* Need not be there: the last words, before stop, to one that is closed from
   * here. silent: as its patience is over. */
  void (*say_goodbye) (P2pChannelPeer * self, gboolean silent);
};

/* type: of a class of it. channel: open, of this peer alone. id: of the peer at the
 * tracker. Each is kept (a reference, a copy). Returns: (transfer full) */
gpointer p2p_channel_peer_new (GType type, P2pClock * clock,
    P2pChannel * channel, const char *id);

/* The rest is for the classes. */

P2pChannel *p2p_channel_peer_get_channel (P2pChannelPeer * self);
P2pPeerState p2p_channel_peer_get_state (P2pChannelPeer * self);
/* It is gone, without a goodbye: its last event. */
void p2p_channel_peer_vanish (P2pChannelPeer * self);

/* It said something: it is not silent. */
void p2p_channel_peer_set_spoke (P2pChannelPeer * self);
/* The same; it said what it holds. */
void p2p_channel_peer_set_usable (P2pChannelPeer * self);
gboolean p2p_channel_peer_is_usable (P2pChannelPeer * self);
void p2p_channel_peer_set_elects (P2pChannelPeer * self, gboolean elects);
/* Returns: FALSE if the message is more than it may say (P2pBudget) */
gboolean p2p_channel_peer_spend (P2pChannelPeer * self, GBytes * message);
/* Bytes of a segment came: for its download_rate. */
void p2p_channel_peer_count (P2pChannelPeer * self, GBytes * bytes);

/* P2pPeerEvents, if anybody hears them; self: a P2pChannelPeer. So they are the
 * events of what a class is made of. */

/* Only of one that is usable. */
void p2p_channel_peer_on_changed (gpointer self);
void p2p_channel_peer_on_size (const char *id, gsize size, gpointer self);
void p2p_channel_peer_on_data (const char *id, GBytes * bytes, gpointer self);
void p2p_channel_peer_on_alive (const char *id, gpointer self);
void p2p_channel_peer_on_done (const char *id, const GError * error,
    gpointer self);
P2pSegment *p2p_channel_peer_on_wanted (const char *id, gpointer self);
void p2p_channel_peer_on_uploaded (gsize size, gpointer self);
P2pPeerTurn p2p_channel_peer_on_turn (gboolean urgent, gboolean patient,
    gpointer self);
void p2p_channel_peer_on_sent (gpointer self);

G_END_DECLS
