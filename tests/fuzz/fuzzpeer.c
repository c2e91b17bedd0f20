/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fuzzpeer.h"

static void
on_changed (P2pPeer * peer, gpointer data)
{
  g_assert_false (((FuzzPeer *) data)->closed);
}

static void
on_size (P2pPeer * peer, const char *id, gsize size, gpointer data)
{
  FuzzPeer *self = data;

  g_assert_cmpstr (id, ==, self->asked);
  g_assert_cmpint (self->declared, ==, -1);
  g_assert_cmpuint (size, >, self->got);
  g_assert_cmpuint (size, <=, P2P_SEGMENT_MAX_BYTES);
  self->declared = size;
}

static void
on_data (P2pPeer * peer, const char *id, GBytes * bytes, gpointer data)
{
  FuzzPeer *self = data;

  g_assert_cmpstr (id, ==, self->asked);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  self->got += g_bytes_get_size (bytes);
  g_assert_cmpint (self->got, <=, self->declared);
}

static void
on_done (P2pPeer * peer, const char *id, const GError * error, gpointer data)
{
  FuzzPeer *self = data;

  g_assert_false (self->closed);
  if (!error) {
    g_assert_cmpint (self->got, ==, self->declared);
    p2p_peer_accept (peer, id);
  }
  g_assert_cmpstr (id, ==, self->asked ? self->asked : "");
  g_assert_true (self->asked || error);
  g_clear_pointer (&self->asked, g_free);
}

/* Nothing, much, and one that is JSON. */
static P2pSegment *
on_wanted (P2pPeer * peer, const char *id, gpointer data)
{
  static const guint8 bytes[300000];
  P2pSegment *segment = p2p_segment_new ("http://h/s", id, 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (gsize i = 0; i < (gsize) (id[2] - '0'); i++)
    g_ptr_array_add (chunks, id[2] == '2'
        ? g_bytes_new_static (i ? "3}" : "{\"c\":", i ? 2 : 5)
        : g_bytes_new_static (bytes, 10000 + i * 13000));
  p2p_segment_take_data (segment, chunks);
  return segment;
}

static void
on_uploaded (P2pPeer * peer, gsize bytes, gpointer data)
{
  g_assert_false (((FuzzPeer *) data)->closed);
}

static void
on_closed (P2pPeer * peer, gpointer data)
{
  FuzzPeer *self = data;

  g_assert_false (self->closed);
  self->closed = TRUE;
}

static P2pPeerTurn
on_turn (P2pPeer * peer, gboolean urgent, gboolean patient, gpointer data)
{
  FuzzPeer *self = data;

  self->waits = self->turn == P2P_PEER_TURN_LATER;
  return self->turn;
}

static void
on_sent (P2pPeer * peer, gpointer data)
{
  g_assert_false (((FuzzPeer *) data)->closed);
}

static void
on_alive (P2pPeer * peer, const char *id, gpointer data)
{
  g_assert_cmpstr (id, ==, ((FuzzPeer *) data)->asked);
}

void
fuzz_peer_begin (FuzzPeer * self, P2pPeer * (*make) (FuzzPeer * self))
{
  static const P2pPeerEvents events = {
    on_changed, on_size, on_data, on_done, on_wanted, on_uploaded, on_closed,
    on_turn, on_sent, on_alive
  };
  g_autoptr (GPtrArray) held = g_ptr_array_new ();

  self->clock = p2p_clock_new (0);
  self->names = p2p_names_new ();
  for (guint i = 0; i < FUZZ_PEER_SEGMENTS; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);
    g_autofree char *url = g_strdup_printf ("seg%03u.ts", i);

    p2p_names_add (self->names, id, i, url);
  }
  fake_channel_pair (self->clock, &self->ours, &self->theirs);
  self->ours->rate = 1000000;
  self->peer = make (self);
  p2p_peer_set_events (self->peer, &events, self);
  g_ptr_array_add (held, (gpointer) "id1");
  p2p_peer_announce (self->peer, held, held, TRUE);
}

void
fuzz_peer_end (FuzzPeer * self)
{
  g_object_unref (self->peer);
  g_object_unref (self->ours);
  g_object_unref (self->theirs);
  g_assert_cmpint (p2p_clock_get_next (self->clock), ==, P2P_NEVER);
  g_object_unref (self->clock);
  p2p_names_unref (self->names);
  g_free (self->asked);
}

void
fuzz_peer_run (FuzzPeer * self, gint64 duration)
{
  gint64 end = p2p_clock_get_time (self->clock) + duration;

  while (p2p_clock_get_next (self->clock) <= end)
    p2p_clock_run (self->clock, p2p_clock_get_next (self->clock));
  p2p_clock_set_time (self->clock, end);
}

static void
ask (FuzzPeer * self, const char *text)
{
  char *end;
  guint n = g_ascii_strtoull (text, &end, 10);
  gsize first = MIN (g_ascii_strtoull (end, NULL, 10), 1 << 20);
  g_autofree char *id = g_strdup_printf ("id%u", n % FUZZ_PEER_SEGMENTS);

  if (!p2p_peer_is_idle (self->peer)
      || p2p_peer_has (self->peer, id) != P2P_PEER_HAS)
    return;
  g_assert_null (self->asked);
  self->asked = g_steal_pointer (&id);
  self->declared = -1;
  if (!p2p_peer_can_resume (self->peer))
    first = 0;
  self->got = first;
  if (first > 0)
    p2p_peer_resume (self->peer, self->asked, first, n & 1);
  else
    p2p_peer_request (self->peer, self->asked, n & 1);
}

static void
cancel (FuzzPeer * self)
{
  if (self->asked)
    p2p_peer_cancel (self->peer, self->asked);
  g_clear_pointer (&self->asked, g_free);
}

void
fuzz_peer_step (FuzzPeer * self, const char *line, gsize size, gboolean text)
{
  g_autofree char *copy = g_strndup (line, size);
  guint64 n = size ? g_ascii_strtoull (copy + 1, NULL, 10) : 0;
  g_autoptr (GBytes) bytes = NULL;

  switch (*copy) {
    case '#':
      fake_channel_send_binary (self->theirs, CLAMP (n, 1, 70000));
      break;
    case '+':
      fuzz_peer_run (self, MIN (n, 10000) * P2P_MSEC);
      break;
    case '?':
      ask (self, copy + 1);
      break;
    case '!':
      cancel (self);
      break;
    case '~':
      self->turn = n % 3;
      break;
    case '^':
      if (self->waits)
        p2p_peer_serve (self->peer);
      self->waits = FALSE;
      break;
    default:
      bytes = g_bytes_new (line, size);
      p2p_channel_send (P2P_CHANNEL (self->theirs), bytes, text);
  }
  fuzz_peer_run (self, P2P_MSEC);
}
