/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pelection.h"

#include <string.h>

#define PEERS 10
#define SEGMENTS 5000

/* Everybody has to come to the same result: frozen. */
static void
test_vectors (void)
{
  g_assert_cmphex (p2p_election_get_score ("", ""), ==, 0xa161a15u);
  g_assert_cmphex (p2p_election_get_score ("a", "1"), ==, 0x9723335fu);
  g_assert_cmphex (p2p_election_get_score ("-GS0001-abcdefghijkl",
          "https://example.com/live/1.ts"), ==, 0xadab3d8cu);
}

static const char *
peer_name (guint i)
{
  static char names[PEERS][16];

  g_snprintf (names[i], sizeof names[i], "peer-%u", i);
  return names[i];
}

static guint
elect (guint n, const char *segment)
{
  guint elected = 0;

  for (guint i = 1; i < n; i++)
    if (p2p_election_is_before (peer_name (i), peer_name (elected), segment))
      elected = i;
  return elected;
}

/* Segments that follow each other go to all alike, and to nobody in a row. */
static void
test_balance (void)
{
  guint wins[PEERS] = { 0 }, again = 0, last = PEERS;

  for (guint n = 0; n < SEGMENTS; n++) {
    g_autofree char *id =
        g_strdup_printf ("https://example.com/live/seg-%u.ts", n);
    guint elected = elect (PEERS, id);

    wins[elected]++;
    again += elected == last;
    last = elected;
  }
  for (guint i = 0; i < PEERS; i++) {
    g_assert_cmpuint (wins[i], >, SEGMENTS / PEERS * 8 / 10);
    g_assert_cmpuint (wins[i], <, SEGMENTS / PEERS * 12 / 10);
  }
  g_assert_cmpuint (again, >, SEGMENTS / PEERS * 8 / 10);
  g_assert_cmpuint (again, <, SEGMENTS / PEERS * 12 / 10);
}

/* Who comes or goes changes nothing among the others. */
static void
test_agreement (void)
{
  for (guint n = 0; n < 200; n++) {
    g_autofree char *id = g_strdup_printf ("%u", n);
    guint all = elect (PEERS, id), fewer = elect (PEERS - 1, id);

    g_assert_true (all == PEERS - 1 || all == fewer);
  }
}

/* One stands before the other, even with the same score. */
static void
test_order (void)
{
  for (guint n = 0; n < 100; n++) {
    g_autofree char *id = g_strdup_printf ("%u", n);

    for (guint i = 0; i < PEERS; i++)
      for (guint k = 0; k < PEERS; k++) {
        gboolean before =
            p2p_election_is_before (peer_name (i), peer_name (k), id);
        gboolean after =
            p2p_election_is_before (peer_name (k), peer_name (i), id);

        g_assert_true (i == k ? !before && !after : before != after);
      }
  }
}

/* "peer|segment" does not tell where the one ends: the ids do. */
static void
test_tie (void)
{
  g_assert_cmpuint (p2p_election_get_score ("a", "b|c"), ==,
      p2p_election_get_score ("a|b", "c"));
  for (guint n = 0; n < 300000; n++) {
    char a[16], b[16];

    g_snprintf (a, sizeof a, "%u", n);
    g_snprintf (b, sizeof b, "%u", 2 * n + 1);
    if (p2p_election_get_score (a, "s") != p2p_election_get_score (b, "s"))
      continue;
    g_assert_true (p2p_election_is_before (a, b, "s")
        != p2p_election_is_before (b, a, "s"));
  }
}

/* A mark is of just that id. */
static void
test_mark (void)
{
  char id[] = "-PM0203-abcdefghixxx";

  g_assert_false (p2p_election_is_marked (id));
  p2p_election_mark (id, strlen (id));
  g_assert_true (g_str_has_prefix (id, "-PM0203-abcdefghi"));
  g_assert_true (p2p_election_is_marked (id));
  id[8]++;
  g_assert_false (p2p_election_is_marked (id));
  g_assert_false (p2p_election_is_marked (""));
  g_assert_false (p2p_election_is_marked ("abc"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/election/vectors", test_vectors);
  g_test_add_func ("/election/balance", test_balance);
  g_test_add_func ("/election/agreement", test_agreement);
  g_test_add_func ("/election/order", test_order);
  g_test_add_func ("/election/tie", test_tie);
  g_test_add_func ("/election/mark", test_mark);
  return g_test_run ();
}
