/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A WebTorrent tracker without a network: what it is told, and what it says.
 */

#include "p2ptrackerwebtorrent.h"

#include <string.h>

#define N_SOCKETS 70
#define INTERVAL 100
#define HASH "hhhhhhhhhhhhhhhhhhhh"
#define OTHER "iiiiiiiiiiiiiiiiiiii"
#define DONE "\"action\":\"announce\",\"interval\":100,\"info_hash\":"

typedef struct
{
  P2pTrackerWtOwner *owner;     /* (nullable) */
  GQueue said;                  /* of strings, to it */
} Socket;

typedef struct
{
  P2pClock *clock;
  GRand *rand;
  P2pTrackerWebtorrent *tracker;
  Socket sockets[N_SOCKETS];
} World;

static void
on_send (gpointer data, const char *text, gsize size)
{
  Socket *socket = data;

  g_queue_push_tail (&socket->said, g_strndup (text, size));
}

static void
world_open (World * w, const P2pTrackerWebtorrentConfig * config)
{
  *w = (World) {
  .clock = p2p_clock_new (0),.rand = g_rand_new_with_seed (7)};
  w->tracker = p2p_tracker_webtorrent_new (w->clock, w->rand, config, on_send);
  for (guint i = 0; i < N_SOCKETS; i++)
    w->sockets[i].owner = p2p_tracker_webtorrent_join (w->tracker,
        &w->sockets[i]);
}

static void
world_open_default (World * w)
{
  const P2pTrackerWebtorrentConfig config = {
    .book = {INTERVAL, 1000, 1000, 1000},
  };

  world_open (w, &config);
}

static void
leave (World * w, guint i)
{
  p2p_tracker_webtorrent_leave (w->tracker, w->sockets[i].owner);
  w->sockets[i].owner = NULL;
}

static void
world_close (World * w)
{
  P2pTrackerWebtorrentStats stats;

  for (guint i = 0; i < N_SOCKETS; i++) {
    g_assert_cmpstr (g_queue_peek_head (&w->sockets[i].said), ==, NULL);
    if (w->sockets[i].owner)
      leave (w, i);
  }
  p2p_tracker_webtorrent_get_stats (w->tracker, &stats);
  g_assert_cmpuint (stats.sockets + stats.peers + stats.swarms, ==, 0);
  p2p_tracker_webtorrent_free (w->tracker);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_object_unref (w->clock);
  g_rand_free (w->rand);
}

static void
say_bytes (World * w, guint i, const char *text, gsize size)
{
  /* So that reading beyond its end is seen. */
  g_autofree char *copy = g_memdup2 (text, size);

  p2p_tracker_webtorrent_message (w->tracker, w->sockets[i].owner, copy, size);
}

static void
G_GNUC_PRINTF (3, 4)
say (World * w, guint i, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  say_bytes (w, i, text, strlen (text));
}

static char *
pop (World * w, guint i)
{
  return g_queue_pop_head (&w->sockets[i].said);
}

static void
G_GNUC_PRINTF (3, 4)
assert_said (World * w, guint i, const char *format, ...)
{
  g_autofree char *expected = NULL, *text = pop (w, i);
  va_list args;

  va_start (args, format);
  expected = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_failed (World * w, guint i, const char *action, const char *reason)
{
  g_autofree char *text = pop (w, i);
  g_autofree char *said = g_strdup_printf ("{\"failure reason\":\"%s",
      reason);
  g_autofree char *of = g_strdup_printf ("\"action\":\"%s\"", action);

  g_assert_nonnull (text);
  g_test_message ("%s", text);
  g_assert_true (g_str_has_prefix (text, said));
  g_assert_nonnull (strstr (text, of));
}

/* The peer of a socket: its number in letters */
static const char *
peer (guint i)
{
  static char ids[N_SOCKETS][P2P_WT_ID_SIZE + 1];

  g_snprintf (ids[i], sizeof (ids[i]), "peer-%015u", i);
  return ids[i];
}

/* more: (nullable): members, each with its comma */
static void
announce (World * w, guint i, const char *more)
{
  say (w, i, "{\"action\":\"announce\",\"info_hash\":\"" HASH "\","
      "\"peer_id\":\"%s\"%s}", peer (i), more ? more : "");
}

static void
assert_counts (World * w, guint i, guint complete, guint incomplete)
{
  assert_said (w, i, "{\"complete\":%u,\"incomplete\":%u," DONE "\"" HASH
      "\"}", complete, incomplete);
}

/* Announces, without an offer. */
static void
come (World * w, guint i)
{
  announce (w, i, NULL);
  g_free (pop (w, i));
}

static P2pTrackerWebtorrentStats
get_stats (World * w)
{
  P2pTrackerWebtorrentStats stats;

  p2p_tracker_webtorrent_get_stats (w->tracker, &stats);
  return stats;
}

/* --- what makes no sense --- */

#define ANNOUNCE "{\"action\":\"announce\""
#define WITH_HASH ANNOUNCE ",\"info_hash\":\"" HASH "\""
#define WITH_PEER WITH_HASH ",\"peer_id\":\"peer-000000000000000\""
#define TO ",\"to_peer_id\":\"peer-000000000000001\""

static void
test_bad (void)
{
  /* *INDENT-OFF* */
  static const struct
  {
    const char *text;
    const char *action;
    const char *reason;
  } bad[] = {
    { "", "announce", "the message" },
    { "{", "announce", "the message" },
    { "[]", "announce", "the message" },
    { "null", "announce", "the message" },
    { "\xff\xfe", "announce", "the message" },
    { "{\"a\":\"\xed\xa0\x80\"}", "announce", "the message" },
    { "{\"action\":\"announce\"}x", "announce", "the message" },
    { "{}", "announce", "invalid action" },
    { "{\"action\":1}", "announce", "invalid action" },
    { "{\"action\":null}", "announce", "invalid action" },
    { "{\"action\":\"Announce\"}", "announce", "invalid action" },
    { "{\"action\":{\"action\":\"announce\"}}", "announce", "invalid action" },
    { ANNOUNCE "}", "announce", "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":null}", "announce", "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":20}", "announce", "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":[\"" HASH "\"]}", "announce",
      "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":\"\"}", "announce", "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":\"" HASH "h\"}", "announce",
      "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":\"hhhhhhhhhhhhhhhhhhh\"}", "announce",
      "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":\"hhhhhhhhhhhhhhhhhhh\xc4\x80\"}", "announce",
      "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":\"hhhhhhhhhhhhhhhhhhh\\u0100\"}", "announce",
      "invalid info_hash" },
    { ANNOUNCE ",\"info_hash\":\"hhhhhhhhhhhhhhhhhh\\ud83d\\ude00\"}",
      "announce", "invalid info_hash" },
    { WITH_HASH "}", "announce", "invalid peer_id" },
    { WITH_HASH ",\"peer_id\":\"short\"}", "announce", "invalid peer_id" },
    { WITH_HASH ",\"peer_id\":{}}", "announce", "invalid peer_id" },
    { WITH_PEER ",\"event\":\"begun\"}", "announce", "invalid event" },
    { WITH_PEER ",\"event\":7}", "announce", "invalid event" },
    { WITH_PEER ",\"answer\":{}}", "announce", "invalid to_peer_id" },
    { WITH_PEER ",\"answer\":{},\"to_peer_id\":null}", "announce",
      "invalid to_peer_id" },
    { WITH_PEER ",\"answer\":{},\"to_peer_id\":5}", "announce",
      "invalid to_peer_id" },
    { WITH_PEER ",\"answer\":{},\"to_peer_id\":\"x\"}", "announce",
      "invalid to_peer_id" },
    /* It was never announced. */
    { WITH_PEER TO ",\"answer\":{}}", "announce", "peer_id was not" },
    { "{\"action\":\"scrape\",\"info_hash\":\"x\"}", "scrape",
      "invalid info_hash" },
    { "{\"action\":\"scrape\",\"info_hash\":{}}", "scrape",
      "invalid info_hash" },
    { "{\"action\":\"scrape\",\"info_hash\":[\"" HASH "\",1]}", "scrape",
      "invalid info_hash" },
  };
  /* *INDENT-ON* */
  World w;

  world_open_default (&w);
  come (&w, 1);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("%u", i);
    say_bytes (&w, 0, bad[i].text, strlen (bad[i].text));
    assert_failed (&w, 0, bad[i].action, bad[i].reason);
    g_assert_cmpuint (get_stats (&w).failed, ==, i + 1);
  }
  /* It stays, and may go on. */
  announce (&w, 0, NULL);
  assert_counts (&w, 0, 0, 2);
  world_close (&w);
}

/* A failure says what the info hash was, if there was a string. */
static void
test_failure (void)
{
  World w;

  world_open_default (&w);
  announce (&w, 0, ",\"event\":\"begun\"");
  assert_said (&w, 0, "{\"failure reason\":\"invalid event\","
      "\"action\":\"announce\",\"info_hash\":\"" HASH "\"}");
  say (&w, 0, "{\"action\":\"fly\",\"info_hash\":\"x\"}");
  assert_said (&w, 0, "{\"failure reason\":\"invalid action\","
      "\"action\":\"announce\",\"info_hash\":\"x\"}");
  say (&w, 0, "{\"action\":\"scrape\",\"info_hash\":[1]}");
  assert_said (&w, 0, "{\"failure reason\":\"invalid info_hash\","
      "\"action\":\"scrape\"}");
  world_close (&w);
}

/* More than may be in a message */
static void
test_long (void)
{
  g_autofree char *text = g_malloc (P2P_WT_MAX_SIZE + 1);
  World w;

  world_open_default (&w);
  memset (text, ' ', P2P_WT_MAX_SIZE + 1);
  memcpy (text, "{\"action\":\"scrape\"}", strlen ("{\"action\":\"scrape\"}"));
  say_bytes (&w, 0, text, P2P_WT_MAX_SIZE + 1);
  assert_failed (&w, 0, "announce", "the message");
  say_bytes (&w, 0, text, P2P_WT_MAX_SIZE);
  assert_said (&w, 0, "{\"action\":\"scrape\",\"files\":{}}");
  world_close (&w);
}

/* Every byte there is, in all ids, both ways */
static void
test_bytes (void)
{
  World w;

  world_open_default (&w);
  for (guint byte = 0; byte < 256; byte++) {
    g_autoptr (GString) id = g_string_new (NULL);
    P2pWtId bytes;

    memset (&bytes, byte, sizeof (bytes));
    p2p_wt_id_write (&bytes, id);
    say (&w, 0, "{\"action\":\"announce\",\"info_hash\":%s,\"peer_id\":"
        "\"abcdefghijklmnopqrst\"}", id->str);
    assert_said (&w, 0, "{\"complete\":0,\"incomplete\":1," DONE "%s}",
        id->str);
    say (&w, 1, "{\"action\":\"announce\",\"info_hash\":%s,\"peer_id\":%s,"
        "\"offers\":[{\"offer\":1,\"offer_id\":%s}]}", id->str, id->str,
        id->str);
    assert_said (&w, 1, "{\"complete\":0,\"incomplete\":2," DONE "%s}",
        id->str);
    assert_said (&w, 0, "{\"action\":\"announce\",\"offer\":1,\"offer_id\":%s,"
        "\"peer_id\":%s,\"info_hash\":%s}", id->str, id->str, id->str);
    say (&w, 0, "{\"action\":\"announce\",\"info_hash\":%s,\"peer_id\":"
        "\"abcdefghijklmnopqrst\",\"to_peer_id\":%s,\"answer\":2,"
        "\"offer_id\":%s}", id->str, id->str, id->str);
    assert_said (&w, 1, "{\"action\":\"announce\",\"answer\":2,\"offer_id\":%s,"
        "\"peer_id\":\"abcdefghijklmnopqrst\",\"info_hash\":%s}", id->str,
        id->str);
    say (&w, 2, "{\"action\":\"scrape\",\"info_hash\":%s}", id->str);
    assert_said (&w, 2, "{\"action\":\"scrape\",\"files\":{%s:{\"complete\":0,"
        "\"incomplete\":2,\"downloaded\":0}}}", id->str);
    /* As others may spell it */
    say (&w, 0, "{\"action\":\"announce\",\"info_hash\":\"\\u00%02x\\u00%02X"
        "%.*s\",\"event\":\"stopped\",\"peer_id\":\"abcdefghijklmnopqrst\"}",
        byte, byte, (int) (id->len - 2) / 20 * 18, id->str + 1);
    g_free (pop (&w, 0));
    g_assert_cmpuint (get_stats (&w).peers, ==, 1);
    say (&w, 1,
        "{\"action\":\"announce\",\"info_hash\":%s,\"event\":\"stopped\""
        ",\"peer_id\":%s}", id->str, id->str);
    g_free (pop (&w, 1));
    g_assert_cmpuint (get_stats (&w).swarms, ==, 0);
  }
  world_close (&w);
}

/* --- announces --- */

static void
test_events (void)
{
  World w;

  world_open_default (&w);
  announce (&w, 0, ",\"event\":\"started\",\"left\":10");
  assert_counts (&w, 0, 0, 1);
  announce (&w, 1, ",\"event\":\"started\",\"left\":0");
  assert_counts (&w, 1, 1, 1);
  announce (&w, 0, ",\"event\":\"paused\"");
  assert_counts (&w, 0, 1, 1);
  announce (&w, 0, ",\"event\":\"completed\"");
  assert_counts (&w, 0, 2, 0);
  announce (&w, 0, ",\"event\":\"completed\"");
  assert_counts (&w, 0, 2, 0);
  /* An update does not undo that; a new start does. */
  announce (&w, 0, ",\"left\":5");
  assert_counts (&w, 0, 2, 0);
  announce (&w, 0, ",\"event\":\"stopped\"");
  assert_counts (&w, 0, 1, 0);
  announce (&w, 0, ",\"left\":5");
  assert_counts (&w, 0, 1, 1);
  announce (&w, 1, ",\"event\":\"stopped\"");
  assert_counts (&w, 1, 0, 1);
  announce (&w, 1, ",\"event\":\"stopped\"");
  assert_counts (&w, 1, 0, 1);
  announce (&w, 0, ",\"event\":\"stopped\"");
  assert_counts (&w, 0, 0, 0);
  announce (&w, 0, ",\"event\":\"stopped\"");
  assert_counts (&w, 0, 0, 0);
  g_assert_cmpuint (get_stats (&w).announces, ==, 12);
  world_close (&w);
}

/* Some write what they have not as null. A to_peer_id alone makes no answer, to
 * other trackers too. */
static void
test_null (void)
{
  World w;

  world_open_default (&w);
  come (&w, 1);
  announce (&w, 0, ",\"event\":null,\"left\":null,\"answer\":null,"
      "\"to_peer_id\":null,\"offer_id\":null,\"numwant\":null,\"offers\":[{}]");
  assert_counts (&w, 0, 0, 2);
  assert_said (&w, 1, "{\"action\":\"announce\",\"peer_id\":\"%s\","
      "\"info_hash\":\"" HASH "\"}", peer (0));
  announce (&w, 0, TO);
  assert_counts (&w, 0, 0, 2);
  say (&w, 0, "{\"action\":\"scrape\",\"info_hash\":null}");
  assert_said (&w, 0, "{\"action\":\"scrape\",\"files\":{\"" HASH "\":{"
      "\"complete\":0,\"incomplete\":2,\"downloaded\":0}}}");
  world_close (&w);
}

/* Nobody but who announced a peer takes it away. */
static void
test_stopped (void)
{
  World w;

  world_open_default (&w);
  come (&w, 0);
  say (&w, 1, WITH_PEER ",\"event\":\"stopped\"}");
  assert_counts (&w, 1, 0, 1);
  leave (&w, 1);
  g_assert_cmpuint (get_stats (&w).peers, ==, 1);
  world_close (&w);
}

/* A peer that is announced by another WebSocket is that one's. */
static void
test_newest (void)
{
  World w;

  world_open_default (&w);
  come (&w, 0);
  say (&w, 1, WITH_PEER "}");
  assert_counts (&w, 1, 0, 1);
  announce (&w, 2, ",\"offers\":[{\"offer\":1,\"offer_id\":2}]");
  assert_counts (&w, 2, 0, 2);
  assert_said (&w, 1, "{\"action\":\"announce\",\"offer\":1,\"offer_id\":2,"
      "\"peer_id\":\"peer-000000000000002\",\"info_hash\":\"" HASH "\"}");
  say (&w, 0, WITH_PEER ",\"to_peer_id\":\"%s\",\"answer\":1}", peer (2));
  assert_failed (&w, 0, "announce", "peer_id was not");
  leave (&w, 0);
  g_assert_cmpuint (get_stats (&w).peers, ==, 2);
  say (&w, 1, WITH_PEER ",\"to_peer_id\":\"%s\",\"answer\":1}", peer (2));
  g_free (pop (&w, 2));
  g_assert_cmpuint (get_stats (&w).answers, ==, 1);
  leave (&w, 1);
  g_assert_cmpuint (get_stats (&w).peers, ==, 1);
  world_close (&w);
}

/* Time goes by, until then. */
static void
run_until (World * w, guint seconds)
{
  while (p2p_clock_get_time (w->clock) < seconds * P2P_SECOND)
    p2p_clock_run (w->clock, p2p_clock_get_time (w->clock) + P2P_SECOND);
}

static void
test_silent (void)
{
  World w;

  world_open_default (&w);
  come (&w, 0);
  come (&w, 1);
  run_until (&w, 2 * INTERVAL);
  come (&w, 1);
  run_until (&w, 4 * INTERVAL);
  g_assert_cmpuint (get_stats (&w).peers, ==, 1);
  announce (&w, 0, NULL);
  assert_counts (&w, 0, 0, 2);
  run_until (&w, 8 * INTERVAL);
  g_assert_cmpuint (get_stats (&w).peers, ==, 0);
  g_assert_cmpuint (get_stats (&w).swarms, ==, 0);
  world_close (&w);
}

/* --- offers and answers --- */

/* Returns: how many were handed to others by an announce of socket 0 */
static guint
count_offers (World * w, const char *more)
{
  guint n = 0;

  announce (w, 0, more);
  g_free (pop (w, 0));
  g_assert_true (g_queue_is_empty (&w->sockets[0].said));
  for (guint i = 1; i < N_SOCKETS; i++) {
    char *offer;

    g_assert_cmpuint (g_queue_get_length (&w->sockets[i].said), <=, 1);
    while ((offer = pop (w, i))) {
      g_free (offer);
      n++;
    }
  }
  return n;
}

static void
test_numwant (void)
{
#define OFFERS ",\"offers\":[{},{\"offer\":1},{\"offer_id\":2},{}," \
    "{\"offer\":null}]"
  World w;

  world_open_default (&w);
  g_assert_cmpuint (count_offers (&w, OFFERS), ==, 0);
  come (&w, 1);
  g_assert_cmpuint (count_offers (&w, OFFERS), ==, 1);
  for (guint i = 2; i < 20; i++)
    come (&w, i);
  g_assert_cmpuint (count_offers (&w, OFFERS), ==, 5);
  g_assert_cmpuint (count_offers (&w, OFFERS ",\"numwant\":5"), ==, 5);
  g_assert_cmpuint (count_offers (&w, OFFERS ",\"numwant\":50"), ==, 5);
  g_assert_cmpuint (count_offers (&w, OFFERS ",\"numwant\":1e18"), ==, 5);
  g_assert_cmpuint (count_offers (&w, OFFERS ",\"numwant\":2"), ==, 2);
  g_assert_cmpuint (count_offers (&w, OFFERS ",\"numwant\":0"), ==, 0);
  g_assert_cmpuint (count_offers (&w, OFFERS ",\"numwant\":-1"), ==, 5);
  g_assert_cmpuint (count_offers (&w, OFFERS ",\"numwant\":\"many\""), ==, 5);
  g_assert_cmpuint (count_offers (&w, ",\"offers\":null"), ==, 0);
  g_assert_cmpuint (count_offers (&w, ",\"offers\":[]"), ==, 0);
  g_assert_cmpuint (count_offers (&w, ",\"offers\":{\"offer\":1}"), ==, 0);
  g_assert_cmpuint (count_offers (&w, ",\"offers\":[1,[],null,\"\",{}]"), ==,
      1);
  g_assert_cmpuint (get_stats (&w).offers, ==, 1 + 6 * 5 + 2 + 1);
  world_close (&w);
}

/* As they are, whatever they are, to each of the others in turn */
static void
test_offers (void)
{
  static const char *const items[] = {
    "{\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\\u0000\"},"
        "\"offer_id\":\"\\u0000\xc3\xbf\"}",
    "{\"offer\":[ 1 , 2.50 ],\"offer_id\":null}",
    "{\"offer_id\":\"x\"}",
    "{\"offer\":\"\"}",
    "{}",
  };
  guint seen[6] = { 0 };
  World w;

  world_open_default (&w);
  for (guint i = 1; i < G_N_ELEMENTS (seen); i++)
    come (&w, i);
  for (guint i = 0; i < G_N_ELEMENTS (items) * 40; i++) {
    const char *item = items[i % G_N_ELEMENTS (items)];
    g_autofree char *more = g_strdup_printf (",\"offers\":[%s]", item);

    announce (&w, 0, more);
    g_free (pop (&w, 0));
    for (guint j = 1; j < G_N_ELEMENTS (seen); j++) {
      if (g_queue_is_empty (&w.sockets[j].said))
        continue;
      seen[j]++;
      assert_said (&w, j, "{\"action\":\"announce\",%.*s%s\"peer_id\":\"%s\","
          "\"info_hash\":\"" HASH "\"}", (int) strlen (item) - 2, item + 1,
          strlen (item) > 2 ? "," : "", peer (0));
    }
  }
  for (guint j = 1; j < G_N_ELEMENTS (seen); j++)
    g_assert_cmpuint (seen[j], >, 10);
  world_close (&w);
}

static void
test_answers (void)
{
  World w;

  world_open_default (&w);
  come (&w, 0);
  come (&w, 1);
  announce (&w, 0, ",\"answer\":{\"type\":\"answer\",\"sdp\":\"x\"}" TO
      ",\"offer_id\":\"o\",\"offers\":[{}]");
  assert_said (&w, 1, "{\"action\":\"announce\",\"answer\":{\"type\":"
      "\"answer\",\"sdp\":\"x\"},\"offer_id\":\"o\",\"peer_id\":\"%s\","
      "\"info_hash\":\"" HASH "\"}", peer (0));
  /* Not there, or in another swarm: dropped and counted */
  announce (&w, 0, ",\"answer\":1,\"to_peer_id\":\"peer-000000000000009\"");
  say (&w, 2, ANNOUNCE ",\"info_hash\":\"" OTHER "\",\"peer_id\":\"%s\"}",
      peer (2));
  g_free (pop (&w, 2));
  announce (&w, 0, ",\"answer\":1,\"to_peer_id\":\"peer-000000000000002\"");
  g_assert_cmpuint (get_stats (&w).absent, ==, 2);
  /* In another's name */
  say (&w, 2, WITH_PEER TO ",\"answer\":1}");
  assert_failed (&w, 2, "announce", "peer_id was not");
  g_assert_cmpuint (get_stats (&w).answers, ==, 1);
  world_close (&w);
}

/* --- limits --- */

static void
test_limits (void)
{
  const P2pTrackerWebtorrentConfig config = {.book = {INTERVAL, 2, 3, 4} };
  World w;

  world_open (&w, &config);
  for (guint i = 0; i < 3; i++)
    come (&w, i);
  announce (&w, 3, NULL);
  assert_failed (&w, 3, "announce", "too many");
  announce (&w, 2, NULL);
  assert_counts (&w, 2, 0, 3);
  say (&w, 3, ANNOUNCE ",\"info_hash\":\"" OTHER "\",\"peer_id\":\"%s\"}",
      peer (3));
  g_free (pop (&w, 3));
  say (&w, 4, ANNOUNCE ",\"info_hash\":\"" OTHER "\",\"peer_id\":\"%s\"}",
      peer (4));
  assert_failed (&w, 4, "announce", "too many");
  leave (&w, 0);
  say (&w, 4, ANNOUNCE ",\"info_hash\":\"jjjjjjjjjjjjjjjjjjjj\","
      "\"peer_id\":\"%s\"}", peer (4));
  assert_failed (&w, 4, "announce", "too many");
  announce (&w, 4, NULL);
  assert_counts (&w, 4, 0, 3);
  world_close (&w);
}

static void
test_owned (void)
{
  World w;

  world_open_default (&w);
  for (guint i = 0; i <= P2P_TRACKER_WT_MAX_OWNED; i++) {
    say (&w, 0, ANNOUNCE ",\"info_hash\":\"" HASH "\",\"peer_id\":\"%s\"}",
        peer (i));
    if (i < P2P_TRACKER_WT_MAX_OWNED)
      g_free (pop (&w, 0));
  }
  assert_failed (&w, 0, "announce", "too many");
  /* Nor by taking those of others */
  come (&w, P2P_TRACKER_WT_MAX_OWNED);
  say (&w, 0, ANNOUNCE ",\"info_hash\":\"" HASH "\",\"peer_id\":\"%s\"}",
      peer (P2P_TRACKER_WT_MAX_OWNED));
  assert_failed (&w, 0, "announce", "too many");
  leave (&w, 0);
  g_assert_cmpuint (get_stats (&w).peers, ==, 1);
  world_close (&w);
}

static void
test_allowed (void)
{
  static const char *const allowed[] = {
    "69696969696969696969696969696969696969Aa", HASH, NULL
  };
  const P2pTrackerWebtorrentConfig config = {
    .book = {INTERVAL, 10, 10, 10},
    .allowed_info_hashes = allowed,
  };
  World w;

  world_open (&w, &config);
  announce (&w, 0, NULL);
  assert_counts (&w, 0, 0, 1);
  say (&w, 0, ANNOUNCE ",\"info_hash\":\"iiiiiiiiiiiiiiiiiii\xc2\xaa\","
      "\"peer_id\":\"%s\"}", peer (0));
  g_free (pop (&w, 0));
  say (&w, 0, ANNOUNCE ",\"info_hash\":\"" OTHER "\",\"peer_id\":\"%s\"}",
      peer (0));
  assert_said (&w, 0, "{\"failure reason\":\"this tracker does not serve that "
      "info_hash\",\"action\":\"announce\",\"info_hash\":\"" OTHER "\"}");
  g_assert_cmpuint (get_stats (&w).swarms, ==, 2);
  world_close (&w);
}

/* --- scrapes --- */

static void
test_scrape (void)
{
#define FILE_OF(hash, complete, incomplete) "\"" hash "\":{\"complete\":" \
    #complete ",\"incomplete\":" #incomplete ",\"downloaded\":" #complete "}"
  World w;

  world_open_default (&w);
  say (&w, 5, "{\"action\":\"scrape\"}");
  assert_said (&w, 5, "{\"action\":\"scrape\",\"files\":{}}");
  come (&w, 0);
  announce (&w, 1, ",\"left\":0");
  g_free (pop (&w, 1));
  say (&w, 5, "{\"action\":\"scrape\"}");
  assert_said (&w, 5, "{\"action\":\"scrape\",\"files\":{" FILE_OF (HASH, 1, 1)
      "}}");
  say (&w, 5, "{\"action\":\"scrape\",\"info_hash\":\"" OTHER "\"}");
  assert_said (&w, 5, "{\"action\":\"scrape\",\"files\":{" FILE_OF (OTHER, 0, 0)
      "}}");
  say (&w, 5, "{\"action\":\"scrape\",\"info_hash\":[\"" OTHER "\",\"" HASH
      "\"]}");
  assert_said (&w, 5, "{\"action\":\"scrape\",\"files\":{" FILE_OF (OTHER, 0, 0)
      "," FILE_OF (HASH, 1, 1) "}}");
  say (&w, 5, "{\"action\":\"scrape\",\"info_hash\":[]}");
  assert_said (&w, 5, "{\"action\":\"scrape\",\"files\":{}}");
  g_assert_cmpuint (get_stats (&w).scrapes, ==, 5);
  world_close (&w);
}

static guint
count_files (char *said)
{
  guint n = 0;

  for (const char *at = said; (at = strstr (at, "complete\":0,")); at++)
    n++;
  g_free (said);
  return n;
}

/* There is an end to what is told. */
static void
test_scrape_many (void)
{
  const P2pTrackerWebtorrentConfig config = {.book = {INTERVAL, 2000, 1, 2000}
  };
  g_autoptr (GString) many = g_string_new ("{\"action\":\"scrape\","
      "\"info_hash\":[\"" HASH "\"");
  World w;

  world_open (&w, &config);
  for (guint i = 0; i < P2P_TRACKER_WT_MAX_SCRAPED + 10; i++) {
    say (&w, i % N_SOCKETS, ANNOUNCE ",\"info_hash\":\"%020u\",\"peer_id\":\""
        HASH "\"}", i);
    g_free (pop (&w, i % N_SOCKETS));
    g_string_append (many, ",\"" HASH "\"");
  }
  say (&w, 0, "{\"action\":\"scrape\"}");
  g_assert_cmpuint (count_files (pop (&w, 0)), ==, P2P_TRACKER_WT_MAX_SCRAPED);
  g_string_append (many, "]}");
  say_bytes (&w, 0, many->str, many->len);
  g_assert_cmpuint (count_files (pop (&w, 0)), ==,
      2 * P2P_TRACKER_WT_MAX_SCRAPED);
  world_close (&w);
}

static void
test_read_info_hash (void)
{
  static const char *const bad[] = { "", "x", HASH "h", OTHER OTHER,
    "hhhhhhhhhhhhhhhhhhh\n", "hhhhhhhhhhhhhhhhhh\xc3\xa9",
    "6969696969696969696969696969696969696969a"
  };
  P2pWtId id;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (p2p_tracker_webtorrent_read_info_hash (bad[i], &id));
  g_assert_true (p2p_tracker_webtorrent_read_info_hash
      ("00fF696969696969696969696969696969696969", &id));
  g_assert_cmpmem (id.bytes, 3, "\x00\xff\x69", 3);
  g_assert_true (p2p_tracker_webtorrent_read_info_hash (HASH, &id));
  g_assert_cmpmem (id.bytes, 20, HASH, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/webtorrent/bad", test_bad);
  g_test_add_func ("/webtorrent/failure", test_failure);
  g_test_add_func ("/webtorrent/long", test_long);
  g_test_add_func ("/webtorrent/bytes", test_bytes);
  g_test_add_func ("/webtorrent/events", test_events);
  g_test_add_func ("/webtorrent/null", test_null);
  g_test_add_func ("/webtorrent/stopped", test_stopped);
  g_test_add_func ("/webtorrent/newest", test_newest);
  g_test_add_func ("/webtorrent/silent", test_silent);
  g_test_add_func ("/webtorrent/numwant", test_numwant);
  g_test_add_func ("/webtorrent/offers", test_offers);
  g_test_add_func ("/webtorrent/answers", test_answers);
  g_test_add_func ("/webtorrent/limits", test_limits);
  g_test_add_func ("/webtorrent/owned", test_owned);
  g_test_add_func ("/webtorrent/allowed", test_allowed);
  g_test_add_func ("/webtorrent/scrape", test_scrape);
  g_test_add_func ("/webtorrent/scrape-many", test_scrape_many);
  g_test_add_func ("/webtorrent/read-info-hash", test_read_info_hash);
  return g_test_run ();
}
