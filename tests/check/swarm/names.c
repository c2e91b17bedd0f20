/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnames.h"

static const char *
find (P2pNames * names, const char *url)
{
  const P2pName *name = p2p_names_find_url (names, url);

  return name ? name->id : NULL;
}

static void
test_all_ways (void)
{
  g_autoptr (P2pNames) names = p2p_names_new ();
  const P2pName *name;

  p2p_names_add (names, "id0", 0, "s0.ts");
  p2p_names_add (names, "id1", G_MAXUINT64, "s1.ts?t=1");
  name = p2p_names_find_id (names, "id1");
  g_assert_cmpuint (name->sn, ==, G_MAXUINT64);
  g_assert_cmpstr (name->url, ==, "s1.ts?t=1");
  g_assert_true (name == p2p_names_find_sn (names, G_MAXUINT64));
  g_assert_true (name == p2p_names_find_url (names, "s1.ts?t=1"));
  g_assert_null (p2p_names_find_id (names, "id2"));
  g_assert_null (p2p_names_find_sn (names, 1));
  g_assert_null (p2p_names_find_url (names, "s2.ts"));

  p2p_names_clear (names);
  g_assert_null (p2p_names_find_id (names, "id0"));
  g_assert_null (p2p_names_find_sn (names, 0));
  g_assert_null (p2p_names_find_url (names, "s0.ts"));
}

static void
test_spellings (void)
{
  g_autoptr (P2pNames) names = p2p_names_new ();

  p2p_names_add (names, "low", 0, "low/s0.ts");
  p2p_names_add (names, "high", 1, "high/s0.ts");
  p2p_names_add (names, "away", 2, "https://cdn/x/y.ts?a=b");
  g_assert_cmpstr (find (names, "low/s0.ts"), ==, "low");
  g_assert_cmpstr (find (names, "/vod/high/s0.ts"), ==, "high");
  g_assert_cmpstr (find (names, "http://h/vod/high/s0.ts?q"), ==, "high");
  g_assert_cmpstr (find (names, "/x/y.ts"), ==, "away");
  g_assert_cmpstr (find (names, "x/y.ts#f"), ==, "away");
  /* Of two that fit as well, and what only ends like one. */
  g_assert_null (find (names, "s0.ts"));
  g_assert_null (find (names, "slow/s0.ts"));
  g_assert_null (find (names, "yy.ts"));
  g_assert_null (find (names, "other/y.ts"));
  g_assert_null (find (names, ""));
}

static void
test_match (void)
{
  g_autoptr (P2pNames) names = p2p_names_new ();
  P2pName gone = { (char *) "gone", 7, (char *) "gone.ts" };
  const P2pName *name;

  p2p_names_add (names, "first", 0, "all.ts");
  p2p_names_add (names, "second", 1, "all.ts");
  p2p_names_add (names, "low", 2, "low/s2.ts");
  name = p2p_names_find_sn (names, 1);
  g_assert_true (p2p_names_match (names, name, "all.ts"));
  g_assert_false (p2p_names_match (names, name, "/x/all.ts"));
  name = p2p_names_find_sn (names, 2);
  g_assert_true (p2p_names_match (names, name, "/x/low/s2.ts?q"));
  g_assert_false (p2p_names_match (names, name, "high/s2.ts"));
  g_assert_false (p2p_names_match (names, name, "all.ts"));
  g_assert_true (p2p_names_match (names, &gone, "gone.ts"));
  g_assert_false (p2p_names_match (names, &gone, "x/gone.ts"));
}

/* A playlist may name a segment twice: the first counts. */
static void
test_twice (void)
{
  g_autoptr (P2pNames) names = p2p_names_new ();

  p2p_names_add (names, "a", 5, "a.ts");
  p2p_names_add (names, "a", 6, "a.ts");
  g_assert_cmpuint (p2p_names_find_id (names, "a")->sn, ==, 5);
  g_assert_cmpstr (p2p_names_find_sn (names, 6)->id, ==, "a");
  g_assert_cmpstr (find (names, "a.ts"), ==, "a");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/all-ways", test_all_ways);
  g_test_add_func ("/names/spellings", test_spellings);
  g_test_add_func ("/names/match", test_match);
  g_test_add_func ("/names/twice", test_twice);
  return g_test_run ();
}
