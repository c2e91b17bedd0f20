/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a WebTorrent tracker hears, a line each:
 *
 *   0 message     from the WebSocket 0 (to 3)
 *   +0, -0        it is opened; closed
 *   T seconds     tens of them go by
 */

#include "fuzz.h"
#include "p2pjson.h"
#include "p2ptrackerwebtorrent.h"

#include <string.h>

#define N_SOCKETS 4

typedef struct
{
  P2pTrackerWtOwner *owner;
  guint sent;
} Socket;

typedef struct
{
  P2pClock *clock;
  P2pTrackerWebtorrent *tracker;
  Socket sockets[N_SOCKETS];
} World;

static const P2pTrackerWebtorrentConfig config = {
  .book = {10, 3, 4, 6},
};

/* What viewers get is JSON with an action, and no longer than what was said. */
static void
on_send (gpointer data, const char *text, gsize size)
{
  Socket *socket = data;
  g_autoptr (P2pJson) json = p2p_json_parse (text, size, G_MAXSIZE);
  const char *action;

  socket->sent++;
  g_assert_nonnull (json);
  action = p2p_json_get_string (json, "action");
  g_assert_true (g_strcmp0 (action, "announce") == 0
      || g_strcmp0 (action, "scrape") == 0);
}

static void
check_book (World * w)
{
  P2pTrackerWebtorrentStats stats;

  p2p_tracker_webtorrent_get_stats (w->tracker, &stats);
  g_assert_cmpuint (stats.swarms, <=, config.book.max_swarms);
  g_assert_cmpuint (stats.peers, <=, config.book.max_ids);
  g_assert_cmpuint (stats.swarms, <=, stats.peers);
}

static guint64
sum (const P2pTrackerWebtorrentStats * stats)
{
  return stats->announces + stats->scrapes + stats->answers + stats->absent
      + stats->failed;
}

static void
message (World * w, Socket * socket, const char *text, gsize size)
{
  P2pTrackerWebtorrentStats before, after;
  guint sent = 0;

  if (!socket->owner)
    return;
  for (guint i = 0; i < N_SOCKETS; i++)
    w->sockets[i].sent = 0;
  p2p_tracker_webtorrent_get_stats (w->tracker, &before);
  p2p_tracker_webtorrent_message (w->tracker, socket->owner, text, size);
  p2p_tracker_webtorrent_get_stats (w->tracker, &after);
  for (guint i = 0; i < N_SOCKETS; i++)
    sent += w->sockets[i].sent;
  /* Each message is one thing, and what goes out is counted. */
  g_assert_cmpuint (sum (&after) - sum (&before), ==, 1);
  g_assert_cmpuint (sent, ==, 1 - (after.absent - before.absent)
      + after.offers - before.offers);
  if (after.failed > before.failed)
    g_assert_cmpuint (socket->sent, ==, 1);
}

static void
open_socket (World * w, Socket * socket)
{
  if (!socket->owner)
    socket->owner = p2p_tracker_webtorrent_join (w->tracker, socket);
}

static void
close_socket (World * w, Socket * socket)
{
  if (socket->owner)
    p2p_tracker_webtorrent_leave (w->tracker, socket->owner);
  socket->owner = NULL;
}

static void
do_line (World * w, const char *line, gsize size)
{
  guint number = size > 1 ? (guint) (line[1] - '0') % N_SOCKETS : 0;

  if (size == 0)
    return;
  if (line[0] == '+')
    open_socket (w, &w->sockets[number]);
  else if (line[0] == '-')
    close_socket (w, &w->sockets[number]);
  else if (line[0] == 'T')
    p2p_clock_run (w->clock, p2p_clock_get_time (w->clock)
        + number * 10 * P2P_SECOND);
  else if (g_ascii_isdigit (line[0]))
    message (w, &w->sockets[(line[0] - '0') % N_SOCKETS], line + 1, size - 1);
  check_book (w);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autofree char *copy = g_malloc (size + 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  World w = {.clock = p2p_clock_new (0) };
  const char *line = copy, *end = copy + size;

  memcpy (copy, data, size);
  w.tracker = p2p_tracker_webtorrent_new (w.clock, rand, &config, on_send);
  for (guint i = 0; i < N_SOCKETS; i++)
    open_socket (&w, &w.sockets[i]);
  while (line < end) {
    const char *next = memchr (line, '\n', end - line);

    do_line (&w, line, (next ? next : end) - line);
    line = next ? next + 1 : end;
  }
  for (guint i = 0; i < N_SOCKETS; i++)
    close_socket (&w, &w.sockets[i]);
  p2p_tracker_webtorrent_free (w.tracker);
  g_assert_cmpint (p2p_clock_get_next (w.clock), ==, P2P_NEVER);
  g_object_unref (w.clock);
  return 0;
}
