/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a stranger says on the binary wire of p2p-media-loader, a message
 * a line: a command in hex, without its frame; "=": any bytes in hex. "<20", ">" and
 * "-": the answer to what it is asked begins, of 20 bytes, is over, is that it is
 * absent. For other lines see fuzzpeer.h. "o" before all that: it is of 1.0.0.
 */

#include "fuzz.h"
#include "fuzzpeer.h"
#include "p2pmlpeer.h"
#include "p2pmlreader.h"
#include "p2pmlsend.h"

#include <string.h>

typedef struct
{
  FuzzPeer fuzz;
  gboolean request_ids;
  P2pMlReader *reader;          /* the stranger's */
  P2pMlCommand request;         /* the last one that it got */
} World;

static P2pPeer *
make (FuzzPeer * fuzz)
{
  return p2p_ml_peer_new (fuzz->clock, P2P_CHANNEL (fuzz->ours), fuzz->names,
      "p", ((World *) fuzz)->request_ids, TRUE);
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
say (World * w, GBytes * message)
{
  p2p_channel_send (P2P_CHANNEL (w->fuzz.theirs), message, FALSE);
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

/* Returns: FALSE if the line means the same on any wire */
static gboolean
step (World * w, const char *line, gsize size)
{
  g_autofree char *number = g_strndup (line + 1, size > 0 ? size - 1 : 0);

  switch (size > 0 ? *line : '\0') {
    case '#':
    case '+':
    case '?':
    case '!':
    case '~':
    case '^':
      return FALSE;
    case '<':
      answer (w, P2P_ML_DATA, g_ascii_strtoull (number, NULL, 10));
      break;
    case '>':
      answer (w, P2P_ML_COMPLETED, 0);
      break;
    case '-':
      answer (w, P2P_ML_ABSENT, 0);
      break;
    case '=':
      say_hex (w, "", line + 1, size - 1, "");
      break;
    default:
      say_hex (w, "cstr", line, size, "cend");
  }
  fuzz_peer_run (&w->fuzz, P2P_MSEC);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  static const P2pChannelEvents stranger = { on_message, on_drained, on_end };
  const char *at = (const char *) data, *end = at + size;
  World w = {.request_ids = at == end || *at != 'o' };

  w.reader = p2p_ml_reader_new (w.request_ids);
  fuzz_peer_begin (&w.fuzz, make);
  p2p_channel_set_events (P2P_CHANNEL (w.fuzz.theirs), &stranger, &w);
  while (at < end && !w.fuzz.closed) {
    const char *next = memchr (at, '\n', end - at);
    gsize length = (next ? next : end) - at;

    if (!step (&w, at, length))
      fuzz_peer_step (&w.fuzz, at, length, FALSE);
    at = next ? next + 1 : end;
    g_assert_cmpuint (w.fuzz.ours->max_buffered, <=, 2 * P2P_ML_WATER + 60000);
  }
  fuzz_peer_end (&w.fuzz);
  p2p_ml_reader_free (w.reader);
  return 0;
}
