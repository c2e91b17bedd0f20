/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerbook.h"

#include <string.h>

#define HEARTBEAT 10

typedef struct
{
  P2pClock *clock;
  GRand *rand;
  P2pTrackerBook *book;
  const char *ids[P2P_TRACKER_BOOK_MAX_LISTED];
} World;

static void
world_init (World * w, const P2pTrackerBookConfig * config)
{
  w->clock = p2p_clock_new (0);
  w->rand = g_rand_new_with_seed (7);
  w->book = p2p_tracker_book_new (w->clock, w->rand, config);
}

static void
world_clear (World * w)
{
  p2p_tracker_book_free (w->book);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_rand_free (w->rand);
  g_object_unref (w->clock);
}

static void
world_open (World * w)
{
  const P2pTrackerBookConfig config = {
    .heartbeat_interval = HEARTBEAT,
    .max_swarms = 100,
    .max_peers = 1000,
    .max_ids = 2000,
    .max_listed = 20,
  };

  world_init (w, &config);
}

static char *
announce (World * w, const char *info_hash)
{
  const char *id = p2p_tracker_book_announce (w->book, info_hash);

  g_assert_nonnull (id);
  return g_strdup (id);
}

static void
assert_stats (World * w, guint swarms, guint peers)
{
  P2pTrackerBookStats stats;

  p2p_tracker_book_get_stats (w->book, &stats);
  g_assert_cmpuint (stats.swarms, ==, swarms);
  g_assert_cmpuint (stats.peers, ==, peers);
}

static void
test_ids (void)
{
  World w;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal,
      g_free, NULL);

  world_open (&w);
  for (guint i = 0; i < 1000; i++) {
    char *id = announce (&w, "a");
    guint sum = 0;

    g_assert_cmpuint (strlen (id), ==, 16);
    for (guint j = 0; j < 15; j++)
      sum += id[j];
    g_assert_cmpint (g_ascii_xdigit_value (id[15]), ==, sum % 16);
    g_assert_true (p2p_tracker_book_is_id (id));
    g_assert_true (g_hash_table_add (seen, id));
  }
  g_assert_false (p2p_tracker_book_is_id (""));
  g_assert_true (p2p_tracker_book_is_id ("00000000000000a1"));
  g_assert_false (p2p_tracker_book_is_id ("00000000000000a2"));
  g_assert_false (p2p_tracker_book_is_id ("00000000000000A1"));
  g_assert_false (p2p_tracker_book_is_id ("0000000000000a1"));
  world_clear (&w);
}

static void
test_never_the_asker (void)
{
  World w;
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  guint first[2] = { 0, 0 };

  world_open (&w);
  a = announce (&w, "x");
  c = announce (&w, "other");
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, a, w.ids), ==, 0);
  b = announce (&w, "x");
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, b, w.ids), ==, 1);
  g_assert_cmpstr (w.ids[0], ==, a);
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, a, w.ids), ==, 1);
  g_assert_cmpstr (w.ids[0], ==, b);
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, c, w.ids), ==, 0);
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, "?", w.ids), ==, 0);
  g_free (announce (&w, "x"));
  for (guint i = 0; i < 200; i++) {
    g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, a, w.ids), ==, 2);
    g_assert_cmpstr (w.ids[0], !=, w.ids[1]);
    first[strcmp (w.ids[0], b) == 0]++;
  }
  /* In either order about as often */
  g_assert_cmpuint (first[0], >, 60);
  g_assert_cmpuint (first[1], >, 60);
  world_clear (&w);
}

/* Each of 100 peers is among the 20 told of as often as any other. */
static void
test_random (void)
{
  World w;
  g_autofree char *asker = NULL;
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer count;

  world_open (&w);
  for (guint i = 0; i < 50; i++)
    g_free (announce (&w, "x"));
  asker = announce (&w, "x");
  for (guint i = 0; i < 50; i++)
    g_free (announce (&w, "x"));
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (GHashTable) once = g_hash_table_new (g_str_hash, g_str_equal);

    g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, asker, w.ids), ==,
        20);
    for (guint j = 0; j < 20; j++) {
      gpointer old = g_hash_table_lookup (counts, w.ids[j]);

      g_assert_cmpstr (w.ids[j], !=, asker);
      g_assert_true (g_hash_table_add (once, (gpointer) w.ids[j]));
      g_hash_table_insert (counts, (gpointer) w.ids[j],
          GUINT_TO_POINTER (GPOINTER_TO_UINT (old) + 1));
    }
  }
  g_assert_cmpuint (g_hash_table_size (counts), ==, 100);
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, NULL, &count)) {
    g_assert_cmpuint (GPOINTER_TO_UINT (count), >, 140);
    g_assert_cmpuint (GPOINTER_TO_UINT (count), <, 260);
  }
  world_clear (&w);
}

static void
test_same_seed (void)
{
  World v, w;

  world_open (&v);
  world_open (&w);
  for (guint i = 0; i < 50; i++) {
    g_autofree char *a = announce (&v, "x"), *b = announce (&w, "x");
    guint n = p2p_tracker_book_get_peers (v.book, a, v.ids);

    g_assert_cmpstr (a, ==, b);
    g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, b, w.ids), ==, n);
    for (guint j = 0; j < n; j++)
      g_assert_cmpstr (v.ids[j], ==, w.ids[j]);
  }
  world_clear (&v);
  world_clear (&w);
}

static void
test_expiry (void)
{
  World w;
  g_autofree char *a = NULL, *b = NULL;

  world_open (&w);
  a = announce (&w, "x");
  p2p_clock_run (w.clock, 5 * P2P_SECOND);
  b = announce (&w, "x");
  p2p_clock_run (w.clock, 29 * P2P_SECOND);
  g_assert_true (p2p_tracker_book_touch (w.book, "x", a));
  assert_stats (&w, 1, 2);
  p2p_clock_run (w.clock, 35 * P2P_SECOND - 1);
  assert_stats (&w, 1, 2);
  p2p_clock_run (w.clock, 35 * P2P_SECOND);
  assert_stats (&w, 1, 1);
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, a, w.ids), ==, 0);
  p2p_clock_run (w.clock, 59 * P2P_SECOND);
  assert_stats (&w, 0, 0);
  g_assert_cmpint (p2p_clock_get_next (w.clock), ==, P2P_NEVER);
  world_clear (&w);
}

/* A tracker was restarted; its peers never announce again. */
static void
test_back (void)
{
  World old, w;
  g_autofree char *a = NULL, *b = NULL;

  world_open (&old);
  a = announce (&old, "x");
  b = announce (&old, "x");
  world_clear (&old);
  world_open (&w);
  g_assert_true (p2p_tracker_book_touch (w.book, "x", a));
  g_assert_true (p2p_tracker_book_touch (w.book, "x", b));
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, a, w.ids), ==, 1);
  g_assert_cmpstr (w.ids[0], ==, b);
  /* Of another swarm, and no ids at all */
  g_assert_false (p2p_tracker_book_touch (w.book, "y", a));
  g_assert_false (p2p_tracker_book_touch (w.book, "x", ""));
  g_assert_false (p2p_tracker_book_touch (w.book, "x", "0123456789abcdef"));
  g_assert_false (p2p_tracker_book_touch (w.book, "", a));
  assert_stats (&w, 1, 2);
  world_clear (&w);
}

static void
test_away (void)
{
  World w;
  char *ids[5];

  world_open (&w);
  for (guint i = 0; i < 5; i++)
    ids[i] = announce (&w, "x");
  p2p_tracker_book_set_away (w.book, ids[1], TRUE);
  p2p_tracker_book_set_away (w.book, ids[1], TRUE);
  p2p_tracker_book_set_away (w.book, ids[4], TRUE);
  p2p_tracker_book_set_away (w.book, "nobody", TRUE);
  assert_stats (&w, 1, 5);
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, ids[0], w.ids), ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpstr (w.ids[i], !=, ids[1]);
    g_assert_cmpstr (w.ids[i], !=, ids[4]);
  }
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, ids[1], w.ids), ==, 3);
  g_assert_true (p2p_tracker_book_touch (w.book, "x", ids[1]));
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, ids[0], w.ids), ==, 2);
  p2p_tracker_book_set_away (w.book, ids[1], FALSE);
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, ids[0], w.ids), ==, 3);
  p2p_clock_run (w.clock, 30 * P2P_SECOND);
  assert_stats (&w, 0, 0);
  for (guint i = 0; i < 5; i++)
    g_free (ids[i]);
  world_clear (&w);
}

static void
test_limits (void)
{
  const P2pTrackerBookConfig config = {
    .heartbeat_interval = HEARTBEAT,
    .max_swarms = 2,
    .max_peers = 3,
    .max_ids = 4,
    .max_listed = 1,
  };
  g_autofree char *longest = g_strnfill (P2P_TRACKER_BOOK_MAX_INFO_HASH, 'x');
  g_autofree char *longer = g_strconcat (longest, "x", NULL);
  g_autofree char *id = NULL;
  World w;

  world_init (&w, &config);
  g_assert_null (p2p_tracker_book_announce (w.book, ""));
  g_assert_null (p2p_tracker_book_announce (w.book, longer));
  for (guint i = 0; i < 3; i++) {
    g_free (id);
    id = announce (&w, longest);
  }
  g_assert_null (p2p_tracker_book_announce (w.book, longest));
  g_assert_cmpuint (p2p_tracker_book_get_peers (w.book, id, w.ids), ==, 1);
  g_free (announce (&w, "b"));
  g_assert_null (p2p_tracker_book_announce (w.book, "b"));
  assert_stats (&w, 2, 4);
  p2p_clock_run (w.clock, 30 * P2P_SECOND);
  g_free (announce (&w, "a"));
  g_free (announce (&w, "b"));
  g_assert_null (p2p_tracker_book_announce (w.book, "c"));
  assert_stats (&w, 2, 2);
  world_clear (&w);
}

static void
test_report (void)
{
  World w;
  g_autofree char *a = NULL, *b = NULL;
  P2pTrackerBookStats stats;

  world_open (&w);
  a = announce (&w, "x");
  b = announce (&w, "y");
  p2p_tracker_book_report (w.book, a, &(P2pTrackerReport) {
      100, 20, 3, 1});
  p2p_tracker_book_report (w.book, a, &(P2pTrackerReport) {
      10, 5, -1, 0});
  p2p_tracker_book_report (w.book, b, &(P2pTrackerReport) {
      1, 2, 4, 2});
  p2p_tracker_book_report (w.book, "?", &(P2pTrackerReport) {
      1, 2, 4, 2});
  g_assert_false (p2p_tracker_book_get_swarm_stats (w.book, "z", &stats));
  g_assert_true (p2p_tracker_book_get_swarm_stats (w.book, "x", &stats));
  g_assert_cmpuint (stats.source_kb, ==, 110);
  g_assert_cmpuint (stats.p2p_kb, ==, 25);
  g_assert_cmpuint (stats.conns, ==, 2);
  g_assert_cmpuint (stats.fail_conns, ==, 1);
  g_assert_cmpuint (stats.peers, ==, 1);
  p2p_tracker_book_get_stats (w.book, &stats);
  g_assert_cmpuint (stats.source_kb, ==, 111);
  g_assert_cmpuint (stats.conns, ==, 6);
  g_assert_cmpuint (stats.fail_conns, ==, 3);
  /* Connections go with their peer, what was done stays done. */
  p2p_clock_run (w.clock, 30 * P2P_SECOND);
  p2p_tracker_book_get_stats (w.book, &stats);
  g_assert_cmpuint (stats.conns, ==, 0);
  g_assert_cmpuint (stats.source_kb, ==, 111);
  world_clear (&w);
}

static void
test_lies (void)
{
  const P2pTrackerReport much = { G_MAXINT64, G_MAXINT64, G_MAXINT64,
    G_MAXINT64
  };
  const P2pTrackerReport little = { G_MININT64, G_MININT64, G_MININT64,
    G_MININT64
  };
  P2pTrackerBookStats stats;
  g_autofree char *id = NULL;
  World w;

  world_open (&w);
  id = announce (&w, "x");
  p2p_tracker_book_report (w.book, id, &little);
  p2p_tracker_book_report (w.book, id, &much);
  p2p_tracker_book_report (w.book, id, &much);
  p2p_tracker_book_get_stats (w.book, &stats);
  g_assert_cmpuint (stats.source_kb, ==, 2 * P2P_TRACKER_BOOK_MAX_KB);
  g_assert_cmpuint (stats.p2p_kb, ==, 2 * P2P_TRACKER_BOOK_MAX_KB);
  g_assert_cmpuint (stats.conns, ==, P2P_TRACKER_BOOK_MAX_CONNS);
  g_assert_cmpuint (stats.fail_conns, ==, 2 * P2P_TRACKER_BOOK_MAX_CONNS);
  p2p_tracker_book_report (w.book, id, &little);
  p2p_tracker_book_get_stats (w.book, &stats);
  g_assert_cmpuint (stats.conns, ==, 0);
  world_clear (&w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trackerbook/ids", test_ids);
  g_test_add_func ("/trackerbook/never-the-asker", test_never_the_asker);
  g_test_add_func ("/trackerbook/random", test_random);
  g_test_add_func ("/trackerbook/same-seed", test_same_seed);
  g_test_add_func ("/trackerbook/expiry", test_expiry);
  g_test_add_func ("/trackerbook/back", test_back);
  g_test_add_func ("/trackerbook/away", test_away);
  g_test_add_func ("/trackerbook/limits", test_limits);
  g_test_add_func ("/trackerbook/report", test_report);
  g_test_add_func ("/trackerbook/lies", test_lies);
  return g_test_run ();
}
