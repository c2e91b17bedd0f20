/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pelection.h"
#include "p2pgeneration.h"

#include <string.h>

#define MASTER "https://example.com/live/master.m3u8"
#define LOCAL "http://127.0.0.1:28480/origin/"

typedef struct
{
  P2pGeneration generation;
  const char *hashed, *info_hash;
} Row;

static void
check_hash (const Row * row, gboolean text)
{
  guint8 hash[P2P_INFO_HASH_SIZE];
  g_autoptr (GString) got = g_string_new (NULL);

  p2p_generation_make_info_hash (row->generation, row->hashed, hash);
  if (text)
    g_string_append_len (got, (char *) hash, sizeof (hash));
  for (guint i = 0; !text && i < sizeof (hash); i++)
    g_string_append_printf (got, "%02x", hash[i]);
  g_assert_cmpstr (got->str, ==, row->info_hash);
}

/* Made by the code of each generation */
static void
test_info_hash (void)
{
  /* *INDENT-OFF* */
  static const Row raw[] = {
    { P2P_GENERATION_0, MASTER "+0",
      "5ade78357ae36cd7a6c38bb9075fa44004643e2d" },
    { P2P_GENERATION_1, "1" MASTER "+V0",
      "5230e3d509f4d3859ee88c38c50311b53f073d21" },
    { P2P_GENERATION_2, "2" MASTER "+V0",
      "ae9cd6bf657a583a6f33711f1cae11fa25c19b43" },
    /* announced by 0.6.2 in Chromium */
    { P2P_GENERATION_2, "2" LOCAL "vod/index.m3u8",
      "500a23d89c390b81a5c6b548d369fbaa843856ac" },
    { P2P_GENERATION_2, "2" LOCAL "live/w15/index.m3u8",
      "f3307b17adaf9ff2be84866d2599e94a6ab4c1d9" },
  };
  static const Row text[] = {
    { P2P_GENERATION_3, "v1-" MASTER "-main-0", "une7eKshmgIBypjs4oWp" },
    { P2P_GENERATION_4, "v2-" MASTER "-main-0", "L2uYwMcHhsstZuLv8ZqU" },
    { P2P_GENERATION_4, "v2-" MASTER "-secondary-1", "wdbGQYRW3YAs/ZsNMsLe" },
    { P2P_GENERATION_4, "v2-" LOCAL "vod/index.m3u8-main-0",
      "BFqrArN7LoaSRKDD7aa4" },
    { P2P_GENERATION_4, "v2-" LOCAL "live/w15/index.m3u8-main-0",
      "DODQyu/YKNpDpWdhhJKV" },
    { P2P_GENERATION_5, "v2-" MASTER "-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=",
      "RJhoUxftMVvf2gSHwVVX" },
    { P2P_GENERATION_5, "v2-" MASTER "-main-NqsTkWHiCF+FGmHQvwp+Aigq4Tk=",
      "K3mynBoTdlPsNtXJg1mW" },
    { P2P_GENERATION_5, "v2-" MASTER "-secondary-bdjQ1B4N2yrcTDHyU5j7iDGV9sY=",
      "inmRsbVmWfbvgnlkL4BJ" },
    /* announced by 2.3.1 in Chromium */
    { P2P_GENERATION_5, "v2-" LOCAL "vod/index.m3u8"
      "-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "J9DHruCtglisbvTgXbcD" },
    { P2P_GENERATION_5, "v2-" LOCAL "live/w15/index.m3u8"
      "-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "LozYFV/zMlJEW+QWHTD1" },
    { P2P_GENERATION_5, "v2-" LOCAL "fat/index.m3u8"
      "-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "dZIp0gnFSGOGaniQtz31" },
    { P2P_GENERATION_5, "v2-" LOCAL "master/master.m3u8"
      "-main-futAgMBqzawKWtNRxGQJ+UmcJfo=", "csfKsgvF6FrnCbvSJu8O" },
    { P2P_GENERATION_5, "v2-" LOCAL "master/master.m3u8"
      "-secondary-QiMg4sbFeF80+knI7IeVakkmhHc=", "AUM6ArZt32pAC9YDVaM9" },
    { P2P_GENERATION_5, "v2-https://example.com/live/index.m3u8"
      "-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "SP/5kucJOMTmJoam0V+d" },
    /* in the source of 5 */
    { P2P_GENERATION_6, "v3-https://example.com/hls/master.m3u8"
      "-main-UYnLxGhQilEV4D0HbCx+kRv0ZF0=", "s/SEXqQzSgMtVKrBDDMm" },
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    check_hash (&raw[i], FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (text); i++)
    check_hash (&text[i], TRUE);
}

/* Also of nothing, and of a megabyte */
static void
test_info_hash_of_any (void)
{
  g_autofree char *large = g_strnfill (1024 * 1024, 'x');
  const Row empty = { P2P_GENERATION_0, "",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709"
  };

  check_hash (&empty, FALSE);
  for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
    guint8 a[P2P_INFO_HASH_SIZE], b[P2P_INFO_HASH_SIZE];

    p2p_generation_make_info_hash (i, large, a);
    large[1024 * 1024 - 1] = 'y';
    p2p_generation_make_info_hash (i, large, b);
    large[1024 * 1024 - 1] = 'x';
    g_assert_cmpint (memcmp (a, b, sizeof (a)), !=, 0);
  }
}

static void
test_table (void)
{
  /* *INDENT-OFF* */
  static const struct {
    const char *nick, *peer_prefix; P2pMlWire wire; guint n_offers;
    gboolean met;
  } rows[P2P_N_GENERATIONS] = {
    { "p2pml-0.0", "-WW0000-", P2P_ML_WIRE_ARRAYS, 10, FALSE },
    { "p2pml-0.1", "-WW0004-", P2P_ML_WIRE_LONG, 10, TRUE },
    { "p2pml-0.6", "-WW0006-", P2P_ML_WIRE_SHORT, 10, TRUE },
    { "p2pml-1.0", "-PM0100-", P2P_ML_WIRE_BINARY, 5, FALSE },
    { "p2pml-2.2", "-PM0202-", P2P_ML_WIRE_BINARY_REQUESTS, 5, TRUE },
    { "p2pml-2.3", "-PM0203-", P2P_ML_WIRE_BINARY_REQUESTS, 5, TRUE },
    { "p2pml-5.0", "-PM0500-", P2P_ML_WIRE_BINARY_REQUESTS, 5, FALSE },
  };
  /* *INDENT-ON* */

  for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
    const P2pGenerationInfo *info = p2p_generation_get_info (i);
    g_autofree char *name = g_strdup_printf ("G%u", i);

    g_assert_cmpstr (info->name, ==, name);
    g_assert_cmpstr (info->nick, ==, rows[i].nick);
    g_assert_cmpstr (info->peer_prefix, ==, rows[i].peer_prefix);
    g_assert_cmpint (info->wire, ==, rows[i].wire);
    g_assert_cmpuint (info->n_offers, ==, rows[i].n_offers);
    g_assert_cmpint (info->met, ==, rows[i].met);
  }
}

static void
test_flags (void)
{
  g_autoptr (GFlagsClass) flags = g_type_class_ref (P2P_TYPE_GENERATIONS);

  g_assert_cmpuint (flags->n_values, ==, P2P_N_GENERATIONS);
  g_assert_cmpuint (flags->mask, ==, (1 << P2P_N_GENERATIONS) - 1);
  for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
    const char *nick = p2p_generation_get_info (i)->nick;
    GFlagsValue *value = g_flags_get_value_by_nick (flags, nick);

    g_assert_cmpuint (value->value, ==, 1 << i);
    g_assert_cmpstr (value->value_name, !=, "");
  }
  g_assert_cmpuint (P2P_GENERATIONS_DEFAULT, ==,
      g_flags_get_value_by_nick (flags, "p2pml-2.3")->value);
}

static void
test_peer_id (void)
{
  for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
    const char *prefix = p2p_generation_get_info (i)->peer_prefix;
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash,
        g_str_equal, g_free, NULL);
    GRand *rand = g_rand_new_with_seed (i), *same = g_rand_new_with_seed (i);

    for (guint n = 0; n < 1000; n++) {
      guint8 id[P2P_PEER_ID_SIZE], again[P2P_PEER_ID_SIZE];
      char *text;

      p2p_generation_make_peer_id (i, rand, n & 1, id);
      p2p_generation_make_peer_id (i, same, n & 1, again);
      g_assert_cmpmem (id, sizeof (id), again, sizeof (again));
      g_assert_cmpmem (id, strlen (prefix), prefix, strlen (prefix));
      for (guint k = strlen (prefix); k < sizeof (id); k++)
        g_assert_true (g_ascii_isalnum (id[k]));
      text = g_strndup ((char *) id, sizeof (id));
      g_assert_cmpint (p2p_election_is_marked (text), ==, n & 1);
      g_assert_true (g_hash_table_add (seen, text));
    }
    g_rand_free (rand);
    g_rand_free (same);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generation/info-hash", test_info_hash);
  g_test_add_func ("/generation/info-hash-of-any", test_info_hash_of_any);
  g_test_add_func ("/generation/table", test_table);
  g_test_add_func ("/generation/flags", test_flags);
  g_test_add_func ("/generation/peer-id", test_peer_id);
  return g_test_run ();
}
