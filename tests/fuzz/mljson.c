/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a stranger says on a JSON wire of p2p-media-loader, a message a
 * line, after one that says which: "0", "1" or else G2. "@" before a message: it is
 * text; for other lines see fuzzpeer.h. What is said to the stranger keeps the rules
 * that its kind goes by.
 */

#include "fuzz.h"
#include "fuzzpeer.h"
#include "p2pmljsonpeer.h"
#include "p2pmljsonupload.h"

#include <string.h>

#define STREAM "http://h/v.m3u8"

typedef struct
{
  FuzzPeer fuzz;
  P2pMlWire kind;
  gsize left;                   /* raw bytes that are to come */
} World;

static P2pPeer *
make (FuzzPeer * fuzz)
{
  return p2p_ml_json_peer_new (fuzz->clock, P2P_CHANNEL (fuzz->ours),
      fuzz->names, "p", ((World *) fuzz)->kind, STREAM, "http://h/v/v.m3u8");
}

/* No command among the bytes, no bytes elsewhere. */
static void
on_message (P2pChannel * channel, GBytes * bytes, gboolean text, gpointer data)
{
  World *w = data;
  g_auto (P2pMlJson) command = { 0, };
  gboolean is_command = p2p_ml_json_read (&command, w->kind, bytes);

  g_assert_false (text);
  g_assert_true (is_command == (w->left == 0));
  if (!is_command) {
    g_assert_cmpuint (g_bytes_get_size (bytes), <=,
        MIN (w->left, P2P_ML_JSON_MAX_RAW));
    w->left -= g_bytes_get_size (bytes);
    return;
  }
  g_assert_cmpint (command.command, <, P2P_ML_JSON_UNKNOWN);
  if (command.command == P2P_ML_JSON_DATA && w->kind == P2P_ML_WIRE_ARRAYS)
    g_assert_nonnull (command.piece);
  else if (command.command == P2P_ML_JSON_DATA)
    g_assert_cmpint (command.size, >, 0);
  w->left = command.size;
}

static void
on_drained (P2pChannel * channel, gpointer data)
{
}

static void
on_end (P2pChannel * channel, const GError * error, gpointer data)
{
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  static const P2pChannelEvents stranger = { on_message, on_drained, on_end };
  const char *at = (const char *) data, *end = at + size;
  World w = {.kind = at < end && *at == '0' ? P2P_ML_WIRE_ARRAYS
        : at < end && *at == '1' ? P2P_ML_WIRE_LONG : P2P_ML_WIRE_SHORT
  };

  fuzz_peer_begin (&w.fuzz, make);
  p2p_channel_set_events (P2P_CHANNEL (w.fuzz.theirs), &stranger, &w);
  while (at < end && !w.fuzz.closed) {
    const char *next = memchr (at, '\n', end - at);
    gboolean text = *at == '@';

    fuzz_peer_step (&w.fuzz, at + text, (next ? next : end) - at - text, text);
    at = next ? next + 1 : end;
    g_assert_cmpuint (w.fuzz.ours->max_buffered, <=,
        P2P_ML_JSON_UPLOAD_MAX_BUFFERED);
  }
  fuzz_peer_end (&w.fuzz);
  return 0;
}
