/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a stranger says in seed 002's protocol, a message a line:
 * "#20" is a binary one of 20 bytes. "+20": 20 ms pass. "?2": it is asked for
 * segment 2, if that can be; "!2": no longer.
 */

#include "fakechannel.h"
#include "fuzz.h"
#include "p2perror.h"
#include "p2psnmessage.h"
#include "p2psnpeer.h"

#include <string.h>

#define SEGMENTS 6

/* A loader, as far as it can be told what must hold. */
typedef struct
{
  P2pClock *clock;
  FakeChannel *ours, *theirs;
  P2pPeer *peer;
  char *asked;
  gint64 declared;              /* -1: not yet */
  gsize got;
  gboolean closed;
} World;

static void
on_changed (P2pPeer * peer, gpointer data)
{
  g_assert_false (((World *) data)->closed);
}

static void
on_size (P2pPeer * peer, const char *id, gsize size, gpointer data)
{
  World *w = data;

  g_assert_cmpstr (id, ==, w->asked);
  g_assert_cmpint (w->declared, ==, -1);
  g_assert_cmpuint (size - 1, <, P2P_SEGMENT_MAX_BYTES);
  w->declared = size;
}

static void
on_data (P2pPeer * peer, const char *id, GBytes * bytes, gpointer data)
{
  World *w = data;

  g_assert_cmpstr (id, ==, w->asked);
  g_assert_cmpuint (g_bytes_get_size (bytes) - 1, <, P2P_SN_MAX_PACKET);
  w->got += g_bytes_get_size (bytes);
  g_assert_cmpint (w->got, <=, w->declared);
}

static void
on_done (P2pPeer * peer, const char *id, const GError * error, gpointer data)
{
  World *w = data;

  g_assert_false (w->closed);
  if (!error) {
    g_assert_cmpint (w->got, ==, w->declared);
    p2p_peer_accept (peer, id);
  }
  g_assert_cmpstr (id, ==, w->asked ? w->asked : "");
  g_assert_true (w->asked || error);
  g_clear_pointer (&w->asked, g_free);
}

static P2pSegment *
on_wanted (P2pPeer * peer, const char *id, gpointer data)
{
  static const guint8 bytes[300000];
  P2pSegment *segment = p2p_segment_new ("http://h/s", id, 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (gsize i = 0; i < (gsize) (id[2] - '0'); i++)
    g_ptr_array_add (chunks, g_bytes_new_static (bytes, 10000 + i * 13000));
  p2p_segment_take_data (segment, chunks);
  return segment;
}

static void
on_uploaded (P2pPeer * peer, gsize bytes, gpointer data)
{
  g_assert_false (((World *) data)->closed);
}

static void
on_closed (P2pPeer * peer, gpointer data)
{
  World *w = data;

  g_assert_false (w->closed);
  w->closed = TRUE;
}

static void
run (World * w, gint64 duration)
{
  gint64 end = p2p_clock_get_time (w->clock) + duration;

  while (p2p_clock_get_next (w->clock) <= end)
    p2p_clock_run (w->clock, p2p_clock_get_next (w->clock));
  p2p_clock_set_time (w->clock, end);
}

static void
ask (World * w, guint n)
{
  g_autofree char *id = g_strdup_printf ("id%u", n % SEGMENTS);

  if (!p2p_peer_is_idle (w->peer)
      || p2p_peer_has (w->peer, id) != P2P_PEER_HAS)
    return;
  g_assert_null (w->asked);
  w->asked = g_steal_pointer (&id);
  w->declared = -1;
  w->got = 0;
  p2p_peer_request (w->peer, w->asked, n & 1);
}

static void
cancel (World * w)
{
  if (w->asked)
    p2p_peer_cancel (w->peer, w->asked);
  g_clear_pointer (&w->asked, g_free);
}

static void
step (World * w, const char *line, gsize size)
{
  g_autofree char *text = g_strndup (line, size);
  guint64 n = size ? g_ascii_strtoull (text + 1, NULL, 10) : 0;
  g_autoptr (GBytes) bytes = NULL;

  switch (*text) {
    case '#':
      fake_channel_send_binary (w->theirs, CLAMP (n, 1, 70000));
      break;
    case '+':
      run (w, MIN (n, 10000) * P2P_MSEC);
      break;
    case '?':
      ask (w, n);
      break;
    case '!':
      cancel (w);
      break;
    default:
      bytes = g_bytes_new (line, size);
      p2p_channel_send (P2P_CHANNEL (w->theirs), bytes, TRUE);
  }
  run (w, P2P_MSEC);
}

static P2pNames *
make_names (void)
{
  P2pNames *names = p2p_names_new ();

  for (guint i = 0; i < SEGMENTS; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);
    g_autofree char *url = g_strdup_printf ("seg%03u.ts", i);

    p2p_names_add (names, id, i, url);
  }
  return names;
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  static const P2pPeerEvents events = {
    on_changed, on_size, on_data, on_done, on_wanted, on_uploaded, on_closed
  };
  g_autoptr (P2pNames) names = make_names ();
  g_autoptr (GPtrArray) held = g_ptr_array_new ();
  World w = { p2p_clock_new (0), };
  const char *at = (const char *) data, *end = at + size;

  fake_channel_pair (w.clock, &w.ours, &w.theirs);
  w.ours->rate = 1000000;
  w.peer = p2p_sn_peer_new (w.clock, P2P_CHANNEL (w.ours), names, "p");
  p2p_peer_set_events (w.peer, &events, &w);
  g_ptr_array_add (held, (gpointer) "id1");
  p2p_peer_announce (w.peer, held, held, TRUE);

  while (at < end && !w.closed) {
    const char *next = memchr (at, '\n', end - at);

    step (&w, at, (next ? next : end) - at);
    at = next ? next + 1 : end;
    g_assert_cmpuint (w.ours->max_buffered, <=, P2P_SN_MAX_BUFFERED);
  }
  g_object_unref (w.peer);
  g_object_unref (w.ours);
  g_object_unref (w.theirs);
  g_assert_cmpint (p2p_clock_get_next (w.clock), ==, P2P_NEVER);
  g_object_unref (w.clock);
  g_free (w.asked);
  return 0;
}
