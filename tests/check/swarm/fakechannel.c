/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakechannel.h"
#include "p2perror.h"

#include <string.h>

/* bytes NULL: the end. */
typedef struct
{
  GBytes *bytes;
  gboolean text;
  gint64 due;
} FakeMessage;

static void fake_channel_iface_init (P2pChannelInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (FakeChannel, fake_channel, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_CHANNEL, fake_channel_iface_init));
/* *INDENT-ON* */

static void
fake_message_free (gpointer data)
{
  FakeMessage *message = data;

  g_clear_pointer (&message->bytes, g_bytes_unref);
  g_free (message);
}

static void fake_channel_close (P2pChannel * channel);
static void fake_channel_deliver (FakeChannel * self, FakeMessage * message);

static void
fake_channel_dispose (GObject * object)
{
  FakeChannel *self = FAKE_CHANNEL (object);

  fake_channel_close (P2P_CHANNEL (self));
  p2p_clock_cancel (self->clock, &self->send_timer);
  while (!self->stuck && self->queue.length > 0)
    fake_channel_deliver (self, g_queue_pop_head (&self->queue));
  if (self->other)
    self->other->other = NULL;
  self->other = NULL;
  p2p_clock_cancel (self->clock, &self->inbox_timer);
  G_OBJECT_CLASS (fake_channel_parent_class)->dispose (object);
}

static void
fake_channel_finalize (GObject * object)
{
  FakeChannel *self = FAKE_CHANNEL (object);

  g_queue_clear_full (&self->queue, fake_message_free);
  g_queue_clear_full (&self->inbox, fake_message_free);
  g_string_free (self->texts, TRUE);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (fake_channel_parent_class)->finalize (object);
}

static void
fake_channel_class_init (FakeChannelClass * klass)
{
  G_OBJECT_CLASS (klass)->dispose = fake_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = fake_channel_finalize;
}

static void
fake_channel_init (FakeChannel * self)
{
  self->max_message = 256 * 1024;
  self->texts = g_string_new (NULL);
}

static FakeChannel *
fake_channel_new (P2pClock * clock)
{
  FakeChannel *self = g_object_new (FAKE_TYPE_CHANNEL, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

void
fake_channel_pair (P2pClock * clock, FakeChannel ** a, FakeChannel ** b)
{
  *a = fake_channel_new (clock);
  *b = fake_channel_new (clock);
  (*a)->other = *b;
  (*b)->other = *a;
}

/* What comes */

static void
fake_channel_end (FakeChannel * self, const GError * error)
{
  const P2pChannelEvents *events = self->events;

  self->closed = TRUE;
  self->events = NULL;
  p2p_clock_cancel (self->clock, &self->send_timer);
  p2p_clock_cancel (self->clock, &self->inbox_timer);
  if (events)
    events->closed (P2P_CHANNEL (self), error, self->user_data);
}

static void fake_channel_watch_inbox (FakeChannel * self);

static void
fake_channel_on_inbox (gpointer data)
{
  g_autoptr (FakeChannel) self = g_object_ref (data);

  self->inbox_timer = 0;
  while (self->events && self->inbox.length > 0) {
    FakeMessage *message = g_queue_peek_head (&self->inbox);

    if (message->due > p2p_clock_get_time (self->clock))
      break;
    g_queue_pop_head (&self->inbox);
    if (message->bytes) {
      self->stats.messages_received++;
      self->stats.bytes_received += g_bytes_get_size (message->bytes);
    }
    if (message->bytes)
      self->events->message (P2P_CHANNEL (self), message->bytes,
          message->text, self->user_data);
    else
      fake_channel_end (self, NULL);
    fake_message_free (message);
  }
  fake_channel_watch_inbox (self);
}

static void
fake_channel_watch_inbox (FakeChannel * self)
{
  FakeMessage *message = g_queue_peek_head (&self->inbox);

  if (message && self->events && self->inbox_timer == 0)
    self->inbox_timer = p2p_clock_call_at (self->clock, message->due,
        fake_channel_on_inbox, self);
}

/* What goes */

static void
fake_channel_deliver (FakeChannel * self, FakeMessage * message)
{
  if (!self->other) {
    fake_message_free (message);
    return;
  }
  message->due = p2p_clock_get_time (self->clock) + self->latency;
  g_queue_push_tail (&self->other->inbox, message);
  fake_channel_watch_inbox (self->other);
}

static void fake_channel_watch_queue (FakeChannel * self);

static void
fake_channel_on_sent (gpointer data)
{
  g_autoptr (FakeChannel) self = g_object_ref (data);
  FakeMessage *message = g_queue_pop_head (&self->queue);
  gsize before = self->buffered;

  self->send_timer = 0;
  if (message->bytes)
    self->buffered -= g_bytes_get_size (message->bytes);
  fake_channel_deliver (self, message);
  fake_channel_watch_queue (self);
  if (self->events && before > self->low_water
      && self->buffered <= self->low_water)
    self->events->drained (P2P_CHANNEL (self), self->user_data);
}

static void
fake_channel_watch_queue (FakeChannel * self)
{
  FakeMessage *message = g_queue_peek_head (&self->queue);
  gint64 time = 0;

  if (!message || self->send_timer || self->stuck)
    return;
  if (message->bytes && self->rate)
    time = g_bytes_get_size (message->bytes) * P2P_SECOND / self->rate;
  self->send_timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + time, fake_channel_on_sent, self);
}

static void
fake_channel_push (FakeChannel * self, GBytes * bytes, gboolean text)
{
  FakeMessage *message = g_new0 (FakeMessage, 1);

  message->bytes = bytes ? g_bytes_ref (bytes) : NULL;
  message->text = text;
  g_queue_push_tail (&self->queue, message);
  fake_channel_watch_queue (self);
}

void
fake_channel_cut (FakeChannel * self)
{
  g_autoptr (GError) error =
      g_error_new_literal (P2P_ERROR, P2P_ERROR_GONE, "cut");
  FakeChannel *other = self->other;

  g_object_ref (self);
  if (other && !other->closed)
    fake_channel_end (other, error);
  if (!self->closed)
    fake_channel_end (self, error);
  g_object_unref (self);
}

void
fake_channel_send_text (FakeChannel * self, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_assert_true (p2p_channel_send (P2P_CHANNEL (self), bytes, TRUE));
}

void
fake_channel_send_binary (FakeChannel * self, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);

  g_assert_true (p2p_channel_send (P2P_CHANNEL (self), bytes, FALSE));
}

/* The interface */

static void
fake_channel_set_events (P2pChannel * channel, const P2pChannelEvents * events,
    gpointer user_data)
{
  FakeChannel *self = FAKE_CHANNEL (channel);

  if (self->closed)
    return;
  self->events = events;
  self->user_data = user_data;
  fake_channel_watch_inbox (self);
}

static gboolean
fake_channel_send (P2pChannel * channel, GBytes * bytes, gboolean text)
{
  FakeChannel *self = FAKE_CHANNEL (channel);
  gsize size = g_bytes_get_size (bytes);

  if (self->closed || size == 0 || size > self->max_message)
    return FALSE;
  self->stats.messages_sent++;
  self->stats.bytes_sent += size;
  self->buffered += size;
  self->max_buffered = MAX (self->max_buffered, self->buffered);
  if (text) {
    g_string_append_len (self->texts, g_bytes_get_data (bytes, NULL), size);
    g_string_append_c (self->texts, '\n');
  } else {
    self->n_binary++;
    self->max_binary = MAX (self->max_binary, size);
  }
  fake_channel_push (self, bytes, text);
  return TRUE;
}

static gsize
fake_channel_get_buffered (P2pChannel * channel)
{
  return FAKE_CHANNEL (channel)->buffered;
}

static void
fake_channel_set_low_water (P2pChannel * channel, gsize bytes)
{
  FAKE_CHANNEL (channel)->low_water = bytes;
}

static gsize
fake_channel_get_max_message (P2pChannel * channel)
{
  return FAKE_CHANNEL (channel)->max_message;
}

static void
fake_channel_get_stats (P2pChannel * channel, P2pChannelStats * stats)
{
  FakeChannel *self = FAKE_CHANNEL (channel);

  *stats = self->stats;
  stats->round_trip = self->other ? self->latency + self->other->latency : -1;
}

static const char *
fake_channel_get_remote_address (P2pChannel * channel)
{
  return "192.0.2.2:6000";
}

/* What waits still goes, at once when the object does, and then the end. */
static void
fake_channel_close (P2pChannel * channel)
{
  FakeChannel *self = FAKE_CHANNEL (channel);

  if (self->closed)
    return;
  self->closed = TRUE;
  self->events = NULL;
  p2p_clock_cancel (self->clock, &self->inbox_timer);
  fake_channel_push (self, NULL, FALSE);
}

static void
fake_channel_iface_init (P2pChannelInterface * iface)
{
  iface->set_events = fake_channel_set_events;
  iface->send = fake_channel_send;
  iface->get_buffered = fake_channel_get_buffered;
  iface->set_low_water = fake_channel_set_low_water;
  iface->get_max_message = fake_channel_get_max_message;
  iface->get_stats = fake_channel_get_stats;
  iface->get_remote_address = fake_channel_get_remote_address;
  iface->close = fake_channel_close;
}
