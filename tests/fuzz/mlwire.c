/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a stranger says on the binary wire of p2p-media-loader, a message
 * a line: a command in hex, without its frame; "=": any bytes in hex; "#20": 20 bytes
 * of a segment. "+20": 20 ms pass. "?2" or "?2 100": it is asked for segment 2, from
 * byte 100 on, if that can be; "!": no longer. "<20", ">" and "-": the answer to that
 * begins, of 20 bytes, is over, is that it is absent. "~1": what turn it is given. "o"
 * before all that: it is of 1.0.0.
 */

#include "fakechannel.h"
#include "fuzz.h"
#include "p2perror.h"
#include "p2pmlpeer.h"
#include "p2pmlreader.h"
#include "p2pmlsend.h"

#include <string.h>

#define SEGMENTS 6

/* A loader, as far as it can be told what must hold. */
typedef struct
{
  P2pClock *clock;
  FakeChannel *ours, *theirs;
  P2pMlReader *reader;          /* the stranger's */
  gboolean request_ids;
  P2pPeer *peer;
  P2pMlCommand request;         /* the last one that the stranger got */
  char *asked;
  gint64 declared;              /* -1: not yet */
  gsize got;
  P2pPeerTurn turn;
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
  g_assert_cmpuint (size, >, w->got);
  g_assert_cmpuint (size, <=, P2P_SEGMENT_MAX_BYTES);
  w->declared = size;
}

static void
on_data (P2pPeer * peer, const char *id, GBytes * bytes, gpointer data)
{
  World *w = data;

  g_assert_cmpstr (id, ==, w->asked);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  w->got += g_bytes_get_size (bytes);
  g_assert_cmpint (w->got, <=, w->declared);
}

static void
on_done (P2pPeer * peer, const char *id, const GError * error, gpointer data)
{
  World *w = data;

  g_assert_false (w->closed);
  if (!error)
    g_assert_cmpint (w->got, ==, w->declared);
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

static P2pPeerTurn
on_turn (P2pPeer * peer, gboolean urgent, gboolean patient, gpointer data)
{
  return ((World *) data)->turn;
}

static void
on_sent (P2pPeer * peer, gpointer data)
{
  g_assert_false (((World *) data)->closed);
}

/* The stranger */

static void
on_message (P2pChannel * channel, GBytes * bytes, gboolean text, gpointer data)
{
  World *w = data;
  g_auto (P2pMlCommand) command = { 0, };
  P2pMlRead read = p2p_ml_reader_take (w->reader, bytes, &command);

  g_assert_false (text);
  g_assert_cmpint (read, !=, P2P_ML_READ_BAD);
  if (read == P2P_ML_READ_COMMAND && command.type == P2P_ML_REQUEST)
    w->request = command;
}

static void
on_drained (P2pChannel * channel, gpointer data)
{
}

static void
on_end (P2pChannel * channel, const GError * error, gpointer data)
{
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
ask (World * w, const char *text)
{
  char *end;
  guint64 n = g_ascii_strtoull (text, &end, 10);
  guint64 first = MIN (g_ascii_strtoull (end, NULL, 10), 1 << 20);
  g_autofree char *id = g_strdup_printf ("id%" G_GUINT64_FORMAT, n % SEGMENTS);

  if (!p2p_peer_is_idle (w->peer)
      || p2p_peer_has (w->peer, id) != P2P_PEER_HAS)
    return;
  g_assert_null (w->asked);
  w->asked = g_steal_pointer (&id);
  w->declared = -1;
  w->got = first;
  if (first > 0)
    p2p_peer_resume (w->peer, w->asked, first, FALSE);
  else
    p2p_peer_request (w->peer, w->asked, FALSE);
}

static void
cancel (World * w)
{
  if (w->asked)
    p2p_peer_cancel (w->peer, w->asked);
  g_clear_pointer (&w->asked, g_free);
}

static void
say (World * w, GBytes * message)
{
  p2p_channel_send (P2P_CHANNEL (w->theirs), message, FALSE);
}

static void
answer (World * w, P2pMlType type, guint64 size)
{
  P2pMlCommand command = w->request;
  g_autoptr (GPtrArray) messages = NULL;

  command.type = type;
  command.has |= P2P_ML_HAS_SEGMENT;
  command.has &= ~P2P_ML_HAS_FIRST;
  if (type == P2P_ML_DATA)
    command.has |= P2P_ML_HAS_SIZE;
  command.size = MIN (size, P2P_ML_MAX_INT);
  messages = p2p_ml_command_write (&command, P2P_ML_MAX_MESSAGE);
  say (w, g_ptr_array_index (messages, 0));
}

/* Any characters are digits. */
static void
say_hex (World * w, const char *start, const char *hex, gsize size,
    const char *end)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_byte_array_append (message, (const guint8 *) start, strlen (start));
  for (gsize i = 0; i + 1 < size; i += 2) {
    guint8 byte = (g_ascii_xdigit_value (hex[i]) & 0x0f) << 4
        | (g_ascii_xdigit_value (hex[i + 1]) & 0x0f);

    g_byte_array_append (message, &byte, 1);
  }
  g_byte_array_append (message, (const guint8 *) end, strlen (end));
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&message));
  say (w, bytes);
}

static void
step (World * w, const char *line, gsize size)
{
  g_autofree char *text = g_strndup (line, size);
  guint64 n = size ? g_ascii_strtoull (text + 1, NULL, 10) : 0;

  switch (*text) {
    case '#':
      fake_channel_send_binary (w->theirs, CLAMP (n, 1, 200000));
      break;
    case '+':
      run (w, MIN (n, 10000) * P2P_MSEC);
      break;
    case '?':
      ask (w, text + 1);
      break;
    case '!':
      cancel (w);
      break;
    case '<':
      answer (w, P2P_ML_DATA, n);
      break;
    case '>':
      answer (w, P2P_ML_COMPLETED, 0);
      break;
    case '-':
      answer (w, P2P_ML_ABSENT, 0);
      break;
    case '~':
      w->turn = n % 3;
      break;
    case '=':
      say_hex (w, "", line + 1, size - 1, "");
      break;
    default:
      say_hex (w, "cstr", line, size, "cend");
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

static void
world_begin (World * w, P2pNames * names)
{
  static const P2pPeerEvents events = {
    on_changed, on_size, on_data, on_done, on_wanted, on_uploaded, on_closed,
    on_turn, on_sent
  };
  static const P2pChannelEvents stranger = { on_message, on_drained, on_end };
  g_autoptr (GPtrArray) held = g_ptr_array_new ();

  w->clock = p2p_clock_new (0);
  w->reader = p2p_ml_reader_new (w->request_ids);
  fake_channel_pair (w->clock, &w->ours, &w->theirs);
  w->ours->rate = 1000000;
  w->peer = p2p_ml_peer_new (w->clock, P2P_CHANNEL (w->ours), names, "p",
      w->request_ids, TRUE);
  p2p_channel_set_events (P2P_CHANNEL (w->theirs), &stranger, w);
  p2p_peer_set_events (w->peer, &events, w);
  g_ptr_array_add (held, (gpointer) "id1");
  p2p_peer_announce (w->peer, held, held, TRUE);
}

static void
world_end (World * w)
{
  g_object_unref (w->peer);
  g_object_unref (w->ours);
  g_object_unref (w->theirs);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_object_unref (w->clock);
  p2p_ml_reader_free (w->reader);
  g_free (w->asked);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (P2pNames) names = make_names ();
  const char *at = (const char *) data, *end = at + size;
  World w = {.request_ids = at == end || *at != 'o' };

  world_begin (&w, names);
  while (at < end && !w.closed) {
    const char *next = memchr (at, '\n', end - at);

    step (&w, at, (next ? next : end) - at);
    at = next ? next + 1 : end;
    g_assert_cmpuint (w.ours->max_buffered, <=, 2 * P2P_ML_WATER + 60000);
  }
  world_end (&w);
  return 0;
}
