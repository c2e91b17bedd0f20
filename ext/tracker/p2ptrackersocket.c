/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackersocket.h"

#include <string.h>

/* Bytes of a control frame, head and all */
#define MAX_CONTROL 127

struct _P2pTrackerSocket
{
  P2pTrackerCore *core;
  struct lws *wsi;
  P2pTrackerLink *link;         /* (nullable): either one of signalling … */
  P2pTrackerWtOwner *owner;     /* (nullable): … or of WebTorrent */
  P2pTrackerIdleItem idle;
  P2pTrackerBucket messages;
  GByteArray *in;               /* (nullable): a message so far */
  GQueue out;                   /* of GBytes */
  gsize queued;                 /* bytes in out */
  gboolean ping;                /* one is to be sent */
  gboolean closing;
};

P2pTrackerSocket *
p2p_tracker_socket_new (P2pTrackerCore * core, struct lws *wsi, const char *id)
{
  P2pTrackerSocket *self = g_new0 (P2pTrackerSocket, 1);

  self->core = core;
  self->wsi = wsi;
  g_queue_init (&self->out);
  p2p_tracker_idle_add (&core->idle, &self->idle, self);
  if (id)
    self->link = p2p_tracker_hub_join (core->hub, id, self);
  else
    self->owner = p2p_tracker_webtorrent_join (core->webtorrent, self);
  return self;
}

void
p2p_tracker_socket_free (P2pTrackerSocket * self)
{
  if (self->link)
    p2p_tracker_hub_leave (self->core->hub, self->link);
  else
    p2p_tracker_webtorrent_leave (self->core->webtorrent, self->owner);
  p2p_tracker_idle_remove (&self->core->idle, &self->idle);
  g_clear_pointer (&self->in, g_byte_array_unref);
  g_queue_clear_full (&self->out, (GDestroyNotify) g_bytes_unref);
  g_free (self);
}

/* Not from inside the socket's own callbacks, where that is not allowed */
static void
close_later (P2pTrackerSocket * self)
{
  self->closing = TRUE;
  lws_callback_on_writable (self->wsi);
}

static gboolean
write_text (P2pTrackerSocket * self, gconstpointer text, gsize size)
{
  GByteArray *scratch = self->core->scratch;

  g_byte_array_set_size (scratch, LWS_PRE + size);
  memcpy (scratch->data + LWS_PRE, text, size);
  return lws_write (self->wsi, scratch->data + LWS_PRE, size, LWS_WRITE_TEXT)
      >= (int) size;
}

/* At once if nothing is waiting: to ask first whether there is room takes more
 * calls of the system than to try. What the system does not take is kept by
 * libwebsockets, once. */
static void
send_text (gpointer socket, const char *text, gsize size)
{
  P2pTrackerSocket *self = socket;

  if (self->closing)
    return;
  if (g_queue_is_empty (&self->out) && !lws_partial_buffered (self->wsi)) {
    if (!write_text (self, text, size))
      close_later (self);
  } else if (self->queued + size > P2P_TRACKER_MAX_QUEUED) {
    self->core->dropped++;
  } else {
    g_queue_push_tail (&self->out, g_bytes_new (text, size));
    self->queued += size;
    lws_callback_on_writable (self->wsi);
  }
}

static void
replaced (gpointer socket)
{
  close_later (socket);
}

const P2pTrackerHubFuncs p2p_tracker_socket_hub_funcs = {
  send_text,
  replaced,
};

static void
ask (gpointer owner)
{
  P2pTrackerSocket *self = owner;

  self->ping = TRUE;
  lws_callback_on_writable (self->wsi);
}

/* It may not even be writable any more. libwebsockets looks at its timers, which
 * this may need, when something comes. */
static void
give_up (gpointer owner)
{
  P2pTrackerSocket *self = owner;
  struct lws_context *context = lws_get_context (self->wsi);

  lws_set_timeout (self->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
  lws_cancel_service (context);
}

const P2pTrackerIdleFuncs p2p_tracker_socket_idle_funcs = {
  ask,
  give_up,
};

/* At once: libwebsockets would read on first, from the middle of what it threw
 * away, or close without a word.
 * Returns: what a callback returns */
static int
write_close (P2pTrackerSocket * self, enum lws_close_status status,
    const char *reason)
{
  gsize size = strlen (reason);
  guchar buffer[LWS_PRE + MAX_CONTROL];
  guchar *frame = buffer + LWS_PRE;

  self->closing = TRUE;
  frame[0] = 0x88;
  frame[1] = 2 + size;
  frame[2] = status >> 8;
  frame[3] = status & 0xff;
  memcpy (frame + 4, reason, size);
  if (!lws_partial_buffered (self->wsi))
    lws_write (self->wsi, frame, 4 + size, LWS_WRITE_RAW);
  return -1;
}

static int
refuse (P2pTrackerSocket * self, enum lws_close_status status,
    const char *reason)
{
  self->core->refused++;
  return write_close (self, status, reason);
}

static void
hear (P2pTrackerSocket * self, const char *text, gsize size)
{
  if (self->link)
    p2p_tracker_hub_message (self->core->hub, self->link, text, size);
  else
    p2p_tracker_webtorrent_message (self->core->webtorrent, self->owner, text,
        size);
}

int
p2p_tracker_socket_receive (P2pTrackerSocket * self, const char *data,
    gsize size)
{
  P2pTrackerCore *core = self->core;
  gboolean first = lws_is_first_fragment (self->wsi);
  gboolean final = lws_is_final_fragment (self->wsi);
  gsize before = first || !self->in ? 0 : self->in->len;

  p2p_tracker_idle_hear (&core->idle, &self->idle);
  if (self->closing)
    return 0;
  if (first && !p2p_tracker_bucket_take (&self->messages,
          core->config->max_messages_per_second,
          p2p_clock_get_time (core->clock)))
    return refuse (self, LWS_CLOSE_STATUS_POLICY_VIOLATION,
        "too many messages");
  if (before + size > core->config->max_message)
    return refuse (self, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE,
        "message too large");
  if (first && final) {
    hear (self, data, size);
    return 0;
  }
  if (!self->in)
    self->in = g_byte_array_new ();
  g_byte_array_set_size (self->in, before);
  g_byte_array_append (self->in, (const guint8 *) data, size);
  if (final) {
    hear (self, (const char *) self->in->data, self->in->len);
    g_clear_pointer (&self->in, g_byte_array_unref);
  }
  return 0;
}

int
p2p_tracker_socket_receive_pong (P2pTrackerSocket * self)
{
  p2p_tracker_idle_hear (&self->core->idle, &self->idle);
  return 0;
}

static int
write_ping (P2pTrackerSocket * self)
{
  guchar buffer[LWS_PRE] = { 0 };

  self->ping = FALSE;
  lws_callback_on_writable (self->wsi);
  return lws_write (self->wsi, buffer + LWS_PRE, 0, LWS_WRITE_PING) < 0 ? -1
      : 0;
}

int
p2p_tracker_socket_writable (P2pTrackerSocket * self)
{
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer text;
  gsize size;

  if (self->closing)
    return write_close (self, LWS_CLOSE_STATUS_NORMAL, "");
  if (self->ping)
    return write_ping (self);
  bytes = g_queue_pop_head (&self->out);
  if (!bytes)
    return 0;
  text = g_bytes_get_data (bytes, &size);
  self->queued -= size;
  if (!g_queue_is_empty (&self->out))
    lws_callback_on_writable (self->wsi);
  return write_text (self, text, size) ? 0 : -1;
}
