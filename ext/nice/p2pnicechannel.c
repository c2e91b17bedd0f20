/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicechannel.h"

#include "p2perror.h"

/* A message that came, or (bytes NULL) the end. */
typedef struct
{
  GBytes *bytes;
  gboolean text;
} Unread;

struct _P2pNiceChannel
{
  GObject parent;

  P2pClock *clock;
  P2pNiceTransport *transport;  /* NULL: closed */
  guint16 stream;
  gsize max_message;
  char *remote_address;
  P2pChannelStats stats;

  const P2pChannelEvents *events;
  gpointer user_data;
  gboolean had_events;          /* nothing waits any more */
  GQueue unread;                /* of Unread, while there are no events */
  gsize unread_bytes;
  GError *error;                /* of the end, or NULL */
  guint teller;

  gsize low_water;
  gboolean above;               /* more than that waits to be sent */
};

static void p2p_nice_channel_iface_init (P2pChannelInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pNiceChannel, p2p_nice_channel, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_CHANNEL, p2p_nice_channel_iface_init))
/* *INDENT-ON* */

static void
unread_free (Unread * unread)
{
  if (unread->bytes)
    g_bytes_unref (unread->bytes);
  g_free (unread);
}

static void
drop_unread (P2pNiceChannel * self)
{
  g_queue_clear_full (&self->unread, (GDestroyNotify) unread_free);
  self->unread_bytes = 0;
}

static void on_teller (gpointer user_data);

static void
tell_later (P2pNiceChannel * self)
{
  if (!self->teller)
    self->teller = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock), on_teller, self);
}

/* Tells what waited first; whoever is told may unref the channel. */
static void
tell (P2pNiceChannel * self)
{
  const P2pChannelEvents *events = self->events;
  Unread *unread = events ? g_queue_pop_head (&self->unread) : NULL;

  if (!unread)
    return;
  if (unread->bytes) {
    self->unread_bytes -= g_bytes_get_size (unread->bytes);
    if (self->unread.length > 0)
      tell_later (self);
    events->message (P2P_CHANNEL (self), unread->bytes, unread->text,
        self->user_data);
  } else {
    self->events = NULL;
    events->closed (P2P_CHANNEL (self), self->error, self->user_data);
  }
  unread_free (unread);
}

static void
on_teller (gpointer user_data)
{
  P2pNiceChannel *self = user_data;

  self->teller = 0;
  tell (self);
}

static void
add_unread (P2pNiceChannel * self, GBytes * bytes, gboolean text)
{
  Unread *unread;

  if (!self->events && self->had_events)
    return;
  unread = g_new (Unread, 1);
  unread->bytes = bytes ? g_bytes_ref (bytes) : NULL;
  unread->text = text;
  g_queue_push_tail (&self->unread, unread);
  self->unread_bytes += bytes ? g_bytes_get_size (bytes) : 0;
  if (!self->teller)
    tell (self);
}

/* The transport's events */

static void
on_closed (const GError * error, gpointer user_data)
{
  P2pNiceChannel *self = user_data;

  self->transport = NULL;
  g_clear_error (&self->error);
  self->error = error ? g_error_copy (error) : NULL;
  add_unread (self, NULL, FALSE);
}

static void
fail (P2pNiceChannel * self, P2pError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR, code, text);

  p2p_nice_transport_close (g_steal_pointer (&self->transport));
  on_closed (error, self);
}

static void
on_message (guint16 stream, P2pNicePpid ppid, GBytes * bytes,
    gpointer user_data)
{
  P2pNiceChannel *self = user_data;
  gboolean empty = ppid == P2P_NICE_PPID_TEXT_EMPTY
      || ppid == P2P_NICE_PPID_BINARY_EMPTY;
  gboolean text = ppid == P2P_NICE_PPID_TEXT
      || ppid == P2P_NICE_PPID_TEXT_EMPTY;
  g_autoptr (GBytes) nothing = NULL;

  if (stream != self->stream || !(empty || text
          || ppid == P2P_NICE_PPID_BINARY))
    return;
  if (empty)                    /* SCTP has no empty message: its byte is none */
    bytes = nothing = g_bytes_new (NULL, 0);
  if (self->unread_bytes + g_bytes_get_size (bytes)
      > P2P_NICE_CHANNEL_MAX_UNREAD) {
    fail (self, P2P_ERROR_GONE, "Nobody listens to the peer");
    return;
  }
  self->stats.messages_received++;
  self->stats.bytes_received += g_bytes_get_size (bytes);
  add_unread (self, bytes, text);
}

/* The peer closed its channel; there is nothing else on this connection. */
static void
on_reset (guint16 stream, gpointer user_data)
{
  P2pNiceChannel *self = user_data;

  if (stream != self->stream)
    return;
  p2p_nice_transport_close (g_steal_pointer (&self->transport));
  on_closed (NULL, self);
}

static void
on_sent (gpointer user_data)
{
  P2pNiceChannel *self = user_data;

  if (!self->above
      || p2p_nice_transport_get_buffered (self->transport) > self->low_water)
    return;
  self->above = FALSE;
  if (self->events)
    self->events->drained (P2P_CHANNEL (self), self->user_data);
}

static const P2pNiceTransportEvents transport_events = {
  .message = on_message,
  .reset = on_reset,
  .sent = on_sent,
  .closed = on_closed,
};

P2pNiceChannel *
p2p_nice_channel_new (P2pClock * clock, P2pNiceTransport * transport,
    guint16 stream, gsize max_message)
{
  P2pNiceChannel *self = g_object_new (P2P_TYPE_NICE_CHANNEL, NULL);

  self->clock = g_object_ref (clock);
  self->transport = transport;
  self->stream = stream;
  self->max_message = max_message;
  p2p_nice_transport_set_events (transport, &transport_events, self);
  return self;
}

/* The interface */

static void
p2p_nice_channel_set_events (P2pChannel * channel,
    const P2pChannelEvents * events, gpointer user_data)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (channel);

  self->events = events;
  self->user_data = user_data;
  if (!events)
    drop_unread (self);
  else if (self->unread.length > 0)
    tell_later (self);
  self->had_events = TRUE;
}

static gboolean
p2p_nice_channel_send (P2pChannel * channel, GBytes * bytes, gboolean text)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (channel);
  gsize size = g_bytes_get_size (bytes), buffered;

  if (!self->transport || size == 0 || size > self->max_message)
    return FALSE;
  buffered = p2p_nice_transport_get_buffered (self->transport);
  if (buffered + size > P2P_NICE_CHANNEL_MAX_BUFFERED)
    return FALSE;
  p2p_nice_transport_send (self->transport, self->stream,
      text ? P2P_NICE_PPID_TEXT : P2P_NICE_PPID_BINARY, bytes);
  self->stats.messages_sent++;
  self->stats.bytes_sent += size;
  buffered = p2p_nice_transport_get_buffered (self->transport);
  self->above |= buffered > self->low_water;
  return TRUE;
}

static gsize
p2p_nice_channel_get_buffered (P2pChannel * channel)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (channel);

  return self->transport ? p2p_nice_transport_get_buffered (self->transport)
      : 0;
}

static void
p2p_nice_channel_set_low_water (P2pChannel * channel, gsize bytes)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (channel);

  self->low_water = bytes;
  self->above = p2p_nice_channel_get_buffered (channel) > bytes;
}

static gsize
p2p_nice_channel_get_max_message (P2pChannel * channel)
{
  return P2P_NICE_CHANNEL (channel)->max_message;
}

static void
p2p_nice_channel_get_stats (P2pChannel * channel, P2pChannelStats * stats)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (channel);

  *stats = self->stats;
  stats->round_trip = self->transport
      ? p2p_nice_transport_get_round_trip (self->transport) : -1;
  stats->relayed = self->transport
      && p2p_nice_transport_is_relayed (self->transport);
}

static const char *
p2p_nice_channel_get_remote_address (P2pChannel * channel)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (channel);

  if (self->transport) {
    const char *address =
        p2p_nice_transport_get_remote_address (self->transport);

    if (g_strcmp0 (address, self->remote_address) != 0) {
      g_free (self->remote_address);
      self->remote_address = g_strdup (address);
    }
  }
  return self->remote_address;
}

static void
p2p_nice_channel_close (P2pChannel * channel)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (channel);

  self->events = NULL;
  self->had_events = TRUE;
  p2p_clock_cancel (self->clock, &self->teller);
  drop_unread (self);
  if (self->transport)
    p2p_nice_transport_finish (g_steal_pointer (&self->transport));
}

static void
p2p_nice_channel_iface_init (P2pChannelInterface * iface)
{
  iface->set_events = p2p_nice_channel_set_events;
  iface->send = p2p_nice_channel_send;
  iface->get_buffered = p2p_nice_channel_get_buffered;
  iface->set_low_water = p2p_nice_channel_set_low_water;
  iface->get_max_message = p2p_nice_channel_get_max_message;
  iface->get_stats = p2p_nice_channel_get_stats;
  iface->get_remote_address = p2p_nice_channel_get_remote_address;
  iface->close = p2p_nice_channel_close;
}

static void
p2p_nice_channel_finalize (GObject * object)
{
  P2pNiceChannel *self = P2P_NICE_CHANNEL (object);

  p2p_nice_channel_close (P2P_CHANNEL (self));
  g_clear_error (&self->error);
  g_free (self->remote_address);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (p2p_nice_channel_parent_class)->finalize (object);
}

static void
p2p_nice_channel_class_init (P2pNiceChannelClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_nice_channel_finalize;
}

static void
p2p_nice_channel_init (P2pNiceChannel * self)
{
}
