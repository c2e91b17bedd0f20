/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a tracker gets, a line each:
 *
 *   G target      a GET
 *   P target TAB body     a POST
 *   0 message     from the WebSocket 0 (to 3) of signalling, whose id is "s0"
 *   +0, -0        it is opened, with the id of a peer if there is one; closed
 *   T seconds     time goes by
 */

#include "fuzz.h"
#include "p2pjson.h"
#include "p2ptrackerapi.h"
#include "p2ptrackerhub.h"

#include <string.h>

#define N_SOCKETS 4
#define MAX_MESSAGE 4096

typedef struct
{
  guint number;
  P2pTrackerLink *link;
  guint sent;
} Socket;

typedef struct
{
  P2pClock *clock;
  P2pTrackerBook *book;
  P2pTrackerHub *hub;
  P2pTrackerApi api;
  Socket sockets[N_SOCKETS];
} World;

static const P2pTrackerBookConfig book_config = {
  .heartbeat_interval = 10,
  .max_swarms = 3,
  .max_peers = 4,
  .max_ids = 6,
  .max_listed = 2,
};

static P2pJson *
check_json (const char *text, gsize size)
{
  P2pJson *json = p2p_json_parse (text, size, G_MAXSIZE);

  g_assert_nonnull (json);
  return json;
}

/* What peers get is JSON, and says truly who it comes from. */
static void
on_send (gpointer data, const char *text, gsize size)
{
  Socket *socket = data;
  g_autoptr (P2pJson) json = check_json (text, size);
  const char *action = p2p_json_get_string (json, "action");
  const char *from = p2p_json_get_string (json, "from_peer_id");

  socket->sent++;
  if (strcmp (action, "pong") == 0)
    return;
  g_assert_cmpstr (action, ==, "signal");
  g_assert_true (p2p_tracker_hub_is_id (from));
}

static void
on_replaced (gpointer data)
{
  g_assert_not_reached ();
}

static void
join (World * w, Socket * socket)
{
  g_autofree char *id = g_strdup_printf ("s%u", socket->number);

  if (!socket->link)
    socket->link = p2p_tracker_hub_join (w->hub, id, socket);
}

static void
leave (World * w, Socket * socket)
{
  if (socket->link)
    p2p_tracker_hub_leave (w->hub, socket->link);
  socket->link = NULL;
}

static void
check_book (World * w)
{
  P2pTrackerBookStats stats;

  p2p_tracker_book_get_stats (w->book, &stats);
  g_assert_cmpuint (stats.swarms, <=, book_config.max_swarms);
  g_assert_cmpuint (stats.peers, <=, book_config.max_ids);
  g_assert_cmpuint (stats.swarms, <=, stats.peers);
  g_assert_cmpuint (stats.conns, <=,
      book_config.max_ids * P2P_TRACKER_BOOK_MAX_CONNS);
}

static void
request (World * w, const char *method, char *line, gsize size)
{
  char *tab = memchr (line, '\t', size);
  g_autofree char *target = g_strndup (line, tab ? tab - line : (gssize) size);
  char *query = strchr (target, '?');
  g_auto (GStrv) args = query ? g_strsplit (query + 1, "&", -1) : NULL;
  const P2pTrackerRequest r = {
    .method = method,
    .path = target,
    .query = args,
    .body = tab ? tab + 1 : NULL,
    .body_size = tab ? line + size - tab - 1 : 0,
  };
  g_autoptr (GString) reply = g_string_new (NULL);
  guint status;

  if (query)
    *query = '\0';
  status = p2p_tracker_api_handle (&w->api, &r, reply);
  g_assert_true (status == 200 || status == 400 || status == 404
      || status == 405 || status == 503);
  p2p_json_unref (check_json (reply->str, reply->len));
  check_book (w);
}

static void
message (World * w, Socket * socket, const char *text, gsize size)
{
  P2pTrackerHubStats before, after;
  guint sent = 0;

  if (!socket->link)
    return;
  for (guint i = 0; i < N_SOCKETS; i++)
    w->sockets[i].sent = 0;
  p2p_tracker_hub_get_stats (w->hub, &before);
  p2p_tracker_hub_message (w->hub, socket->link, text, size);
  p2p_tracker_hub_get_stats (w->hub, &after);
  for (guint i = 0; i < N_SOCKETS; i++)
    sent += w->sockets[i].sent;
  /* One message makes one, at most, and each is counted. */
  g_assert_cmpuint (sent, <=, 1);
  g_assert_cmpuint (after.relayed - before.relayed + after.bad - before.bad
      + after.absent - before.absent, <=, 1);
  if (after.bad > before.bad)
    g_assert_cmpuint (sent, ==, 0);
}

static void
do_line (World * w, char *line, gsize size)
{
  guint number = size > 1 ? (guint) (line[1] - '0') % N_SOCKETS : 0;

  if (size == 0)
    return;
  if (line[0] == 'G')
    request (w, "GET", line + 1, size - 1);
  else if (line[0] == 'P')
    request (w, "POST", line + 1, size - 1);
  else if (line[0] == '+')
    join (w, &w->sockets[number]);
  else if (line[0] == '-')
    leave (w, &w->sockets[number]);
  else if (line[0] == 'T')
    p2p_clock_run (w->clock, p2p_clock_get_time (w->clock)
        + number * 10 * P2P_SECOND);
  else if (g_ascii_isdigit (line[0]))
    message (w, &w->sockets[(line[0] - '0') % N_SOCKETS], line + 1, size - 1);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  const P2pTrackerHubFuncs funcs = { on_send, on_replaced };
  g_autofree char *copy = g_malloc (size + 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  World w = {.clock = p2p_clock_new (0) };
  char *line = copy, *end = copy + size;

  memcpy (copy, data, size);
  w.book = p2p_tracker_book_new (w.clock, rand, &book_config);
  w.hub = p2p_tracker_hub_new (w.book, &funcs, MAX_MESSAGE);
  w.api = (P2pTrackerApi) {
  w.book, 60, 60};
  for (guint i = 0; i < N_SOCKETS; i++)
    w.sockets[i].number = i;
  while (line < end) {
    char *next = memchr (line, '\n', end - line);

    do_line (&w, line, (next ? next : end) - line);
    line = next ? next + 1 : end;
  }
  for (guint i = 0; i < N_SOCKETS; i++)
    leave (&w, &w.sockets[i]);
  p2p_clock_run (w.clock, p2p_clock_get_time (w.clock) + 30 * P2P_SECOND);
  g_assert_cmpint (p2p_clock_get_next (w.clock), ==, P2P_NEVER);
  p2p_tracker_hub_free (w.hub);
  p2p_tracker_book_free (w.book);
  g_object_unref (w.clock);
  return 0;
}
