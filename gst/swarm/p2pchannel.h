/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * P2pChannel:
 *
 * A data channel to another viewer: messages, text or binary, in order and none
 * lost. What ext/ has to offer so that the wires of peers have something to
 * speak over; it is open when it is handed out. Lives on the engine's thread.
 */
#define P2P_TYPE_CHANNEL (p2p_channel_get_type ())
G_DECLARE_INTERFACE (P2pChannel, p2p_channel, P2P, CHANNEL, GObject)

/* Never called from inside a call of the interface. A callback may close or
 * unref the channel. */
typedef struct
{
  /* text: it is UTF-8, by its sender's word only. */
  void (*message) (P2pChannel * channel, GBytes * bytes, gboolean text,
      gpointer user_data);
  /* What waits to be sent fell to the low-water mark, from above it. */
  void (*drained) (P2pChannel * channel, gpointer user_data);
  /* Its last event. error: NULL if the other side closed it, else why it
   * broke: P2P_ERROR_GONE, _PEER (it broke a protocol), _TIMEOUT. */
  void (*closed) (P2pChannel * channel, const GError * error,
      gpointer user_data);
} P2pChannelEvents;

typedef struct
{
  guint64 bytes_sent, bytes_received;   /* of messages */
  guint64 messages_sent, messages_received;
  gint64 round_trip;            /* microseconds; -1: not known yet */
  gboolean relayed;             /* by way of a server, while it is open */
} P2pChannelStats;

struct _P2pChannelInterface
{
  GTypeInterface parent;

  void (*set_events) (P2pChannel * self, const P2pChannelEvents * events,
      gpointer user_data);
  gboolean (*send) (P2pChannel * self, GBytes * bytes, gboolean text);
  gsize (*get_buffered) (P2pChannel * self);
  void (*set_low_water) (P2pChannel * self, gsize bytes);
  gsize (*get_max_message) (P2pChannel * self);
  void (*get_stats) (P2pChannel * self, P2pChannelStats * stats);
  const char *(*get_remote_address) (P2pChannel * self);
  void (*close) (P2pChannel * self);
};

/* events: static; NULL: none from here on. What came before there were any
 * waits for them. */
void p2p_channel_set_events (P2pChannel * self,
    const P2pChannelEvents * events, gpointer user_data);

/* Queued if it cannot go at once; bytes is kept (a reference), not copied.
 * Returns: FALSE if it is empty, longer than the most, the channel is not open
 * any more, or far too much waits already (an implementation's bound, of many
 * MiB); nothing of it is sent then. */
gboolean p2p_channel_send (P2pChannel * self, GBytes * bytes, gboolean text);

/* Bytes of messages that wait to be sent. */
gsize p2p_channel_get_buffered (P2pChannel * self);
/* 0 at first. */
void p2p_channel_set_low_water (P2pChannel * self, gsize bytes);
/* The longest message that may be sent: what the other side takes, 256 KiB at
 * most. */
gsize p2p_channel_get_max_message (P2pChannel * self);
void p2p_channel_get_stats (P2pChannel * self, P2pChannelStats * stats);
/* "address:port" of the other side, or NULL if it is not known. */
const char *p2p_channel_get_remote_address (P2pChannel * self);

/* What waits is still sent, as far as that goes without waiting for long. No
 * event comes after it. The last unref closes too. */
void p2p_channel_close (P2pChannel * self);

G_END_DECLS
