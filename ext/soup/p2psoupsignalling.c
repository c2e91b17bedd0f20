/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupsignalling.h"

#include "p2psoupsocket.h"

struct _P2pSoupSignalling
{
  P2pClock *clock;
  P2pSoupSocket *socket;
  char *own_id;
  const P2pSoupSignallingEvents *events;
  gpointer user_data;

  guint timer;                  /* to ping */
  GQueue waiting;               /* of texts */
  gint64 ponged_at;             /* when a PING was answered last */
  gboolean pinged;              /* and nothing was heard since */
  gboolean heard_pong;
};

static const P2pSoupSocketKind kind = {
  P2P_SOUP_SIGNALLING_RETRY,
  P2P_SOUP_SIGNALLING_RETRY_MAX,
  0,
  "The signalling server closed the connection. If it does so again, check "
      "signal-url.",
  "The signalling server sends a message without end.",
  "The signalling server sends far too many messages.",
  "The signalling server did not answer in time. Check that it runs, and the "
      "network.",
};

static void
p2p_soup_signalling_say (P2pSoupSignalling * self, P2pSnSignalType type)
{
  P2pSnSignal signal = { type, NULL, NULL, NULL };

  p2p_soup_signalling_send (self, &signal);
}

static void
p2p_soup_signalling_on_ping (gpointer user_data)
{
  P2pSoupSignalling *self = user_data;

  self->timer = 0;
  if (self->pinged && self->heard_pong) {
    p2p_soup_socket_fail (self->socket, P2P_ERROR_TIMEOUT,
        "The signalling server is silent. Check that it runs, and the "
        "network.");
    return;
  }
  self->pinged = TRUE;
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + P2P_SOUP_SIGNALLING_PING,
      p2p_soup_signalling_on_ping, self);
  p2p_soup_signalling_say (self, P2P_SN_SIGNAL_PING);
}

static void
p2p_soup_signalling_on_opened (gpointer user_data)
{
  P2pSoupSignalling *self = user_data;

  self->pinged = self->heard_pong = FALSE;
  self->timer = p2p_clock_call_at (self->clock,
      p2p_clock_get_time (self->clock) + P2P_SOUP_SIGNALLING_PING,
      p2p_soup_signalling_on_ping, self);
  while (!g_queue_is_empty (&self->waiting)) {
    g_autofree char *text = g_queue_pop_head (&self->waiting);

    p2p_soup_socket_send (self->socket, text);
  }
  self->events->opened (self->user_data);
}

static void
p2p_soup_signalling_on_closed (const GError * error, gpointer user_data)
{
  P2pSoupSignalling *self = user_data;

  p2p_clock_cancel (self->clock, &self->timer);
  self->events->closed (error, self->user_data);
}

static void
p2p_soup_signalling_answer_ping (P2pSoupSignalling * self)
{
  gint64 now = p2p_clock_get_time (self->clock);

  if (now - self->ponged_at < P2P_SOUP_SIGNALLING_PONG)
    return;
  self->ponged_at = now;
  p2p_soup_signalling_say (self, P2P_SN_SIGNAL_PONG);
}

static void
p2p_soup_signalling_on_message (const char *text, gsize size,
    gpointer user_data)
{
  P2pSoupSignalling *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pSnSignal) signal = p2p_sn_signal_parse (text, size, &error);

  self->pinged = FALSE;
  if (!signal) {
    self->events->garbage (error, self->user_data);
  } else if (signal->type == P2P_SN_SIGNAL_PING) {
    p2p_soup_signalling_answer_ping (self);
  } else if (signal->type == P2P_SN_SIGNAL_PONG) {
    self->heard_pong = TRUE;
  } else {
    self->events->signal (signal, self->user_data);
  }
}

static const P2pSoupSocketEvents socket_events = {
  p2p_soup_signalling_on_opened,
  p2p_soup_signalling_on_message,
  p2p_soup_signalling_on_closed,
};

P2pSoupSignalling *
p2p_soup_signalling_new (P2pClock * clock, GRand * rand, P2pSoupPool * pool,
    P2pHttpOptions * options, const char *uri, const char *own_id,
    const P2pSoupSignallingEvents * events, gpointer user_data)
{
  P2pSoupSignalling *self = g_new0 (P2pSoupSignalling, 1);

  self->clock = g_object_ref (clock);
  self->own_id = g_strdup (own_id);
  self->events = events;
  self->user_data = user_data;
  g_queue_init (&self->waiting);
  self->socket = p2p_soup_socket_new (clock, rand, pool, options, uri, &kind,
      &socket_events, self);
  p2p_soup_socket_set_wanted (self->socket, TRUE);
  return self;
}

void
p2p_soup_signalling_free (P2pSoupSignalling * self)
{
  p2p_clock_cancel (self->clock, &self->timer);
  p2p_soup_socket_free (self->socket);
  g_queue_clear_full (&self->waiting, g_free);
  g_object_unref (self->clock);
  g_free (self->own_id);
  g_free (self);
}

void
p2p_soup_signalling_send (P2pSoupSignalling * self, const P2pSnSignal * signal)
{
  g_autofree char *text = p2p_sn_signal_write (signal, self->own_id);

  if (!p2p_soup_socket_send (self->socket, text)
      && self->waiting.length < P2P_SOUP_SIGNALLING_MAX_QUEUE)
    g_queue_push_tail (&self->waiting, g_steal_pointer (&text));
}
