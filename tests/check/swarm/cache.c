/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pcache.h"

#define EXPIRATION (300 * P2P_SECOND)

static const char owner_a, owner_b;

typedef struct
{
  P2pClock *clock;
  P2pCache *cache;
  GString *evicted;             /* ids, of owner a and b */
} Fixture;

static void
on_evicted (P2pCache * cache, P2pSegment * segment, gpointer data)
{
  g_assert_false (p2p_cache_contains (cache, segment->id));
  g_string_append (data, segment->id);
}

static void
set_up (Fixture * f, gconstpointer data)
{
  f->clock = p2p_clock_new (0);
  f->cache = p2p_cache_new (f->clock);
  f->evicted = g_string_new (NULL);
  p2p_cache_set_limits (f->cache, 3, 100, EXPIRATION);
  p2p_cache_set_evicted (f->cache, &owner_a, on_evicted, f->evicted);
  p2p_cache_set_evicted (f->cache, &owner_b, on_evicted, f->evicted);
}

static void
tear_down (Fixture * f, gconstpointer data)
{
  g_object_unref (f->cache);
  g_assert_cmpint (p2p_clock_get_next (f->clock), ==, P2P_NEVER);
  g_object_unref (f->clock);
  g_string_free (f->evicted, TRUE);
}

static gboolean
put (Fixture * f, gconstpointer owner, const char *id, gsize size)
{
  g_autoptr (P2pSegment) segment = p2p_segment_new (id, id, 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (chunks, g_bytes_new_take (g_malloc0 (size), size));
  p2p_segment_take_data (segment, chunks);
  return p2p_cache_put (f->cache, owner, segment);
}

static void
access_id (Fixture * f, const char *id)
{
  g_autoptr (P2pSegment) segment = p2p_cache_get (f->cache, id);

  g_assert_cmpstr (segment->id, ==, id);
}

static void
list_id (P2pCache * cache, P2pSegment * segment, gpointer data)
{
  g_string_append (data, segment->id);
}

static void
assert_holds (Fixture * f, gconstpointer owner, const char *ids)
{
  g_autoptr (GString) list = g_string_new (NULL);

  p2p_cache_foreach (f->cache, owner, list_id, list);
  g_assert_cmpstr (list->str, ==, ids);
}

static void
assert_room (Fixture * f, gconstpointer owner, guint count, guint64 bytes)
{
  guint64 room;

  g_assert_cmpuint (p2p_cache_get_room (f->cache, owner, &room), ==, count);
  g_assert_cmpuint (room, ==, bytes);
}

static void
test_put_get (Fixture * f, gconstpointer data)
{
  g_assert_true (put (f, &owner_a, "a", 10));
  g_assert_false (put (f, &owner_a, "a", 20));
  g_assert_false (put (f, &owner_b, "a", 20));
  g_assert_true (p2p_cache_contains (f->cache, "a"));
  g_assert_false (p2p_cache_contains (f->cache, "b"));
  g_assert_null (p2p_cache_get (f->cache, "b"));
  access_id (f, "a");
  g_assert_cmpuint (p2p_cache_get_count (f->cache), ==, 1);
  g_assert_cmpuint (p2p_cache_get_bytes (f->cache), ==, 10);
}

static void
test_count (Fixture * f, gconstpointer data)
{
  put (f, &owner_a, "a", 1);
  put (f, &owner_b, "x", 1);
  put (f, &owner_a, "b", 1);
  put (f, &owner_a, "c", 1);
  access_id (f, "a");
  /* A limit for each owner; what was accessed longest ago goes. */
  g_assert_true (put (f, &owner_a, "d", 1));
  g_assert_cmpstr (f->evicted->str, ==, "b");
  assert_holds (f, &owner_a, "cad");
  assert_holds (f, &owner_b, "x");
  assert_holds (f, NULL, "xcad");
}

static void
test_bytes (Fixture * f, gconstpointer data)
{
  g_assert_false (put (f, &owner_a, "a", 101));
  put (f, &owner_a, "a", 50);
  put (f, &owner_b, "b", 30);
  put (f, &owner_b, "c", 20);
  g_assert_cmpstr (f->evicted->str, ==, "");
  /* One limit for all. */
  g_assert_true (put (f, &owner_b, "d", 60));
  g_assert_cmpstr (f->evicted->str, ==, "ab");
  assert_holds (f, NULL, "cd");
  g_assert_cmpuint (p2p_cache_get_bytes (f->cache), ==, 80);
  g_assert_true (put (f, &owner_a, "e", 100));
  assert_holds (f, NULL, "e");
}

static void
test_pins (Fixture * f, gconstpointer data)
{
  p2p_cache_pin (f->cache, "a");
  p2p_cache_pin (f->cache, "a");
  p2p_cache_pin (f->cache, "b");
  put (f, &owner_a, "a", 40);
  put (f, &owner_a, "b", 10);
  put (f, &owner_a, "c", 10);
  assert_room (f, &owner_a, 1, 50);
  assert_room (f, &owner_b, 3, 50);

  /* What is not pinned goes first, though it was accessed last. */
  g_assert_true (put (f, &owner_a, "d", 1));
  g_assert_cmpstr (f->evicted->str, ==, "c");
  p2p_cache_pin (f->cache, "d");
  assert_room (f, &owner_a, 0, 49);
  g_assert_false (put (f, &owner_a, "e", 1));
  g_assert_false (put (f, &owner_b, "e", 50));
  g_assert_true (put (f, &owner_b, "e", 49));

  p2p_cache_unpin (f->cache, "a");
  g_assert_false (put (f, &owner_a, "f", 1));
  p2p_cache_unpin (f->cache, "a");
  g_assert_true (put (f, &owner_a, "f", 1));
  g_assert_cmpstr (f->evicted->str, ==, "ca");
}

static void
test_expiration (Fixture * f, gconstpointer data)
{
  p2p_cache_pin (f->cache, "b");
  put (f, &owner_a, "a", 1);
  put (f, &owner_a, "b", 1);
  p2p_clock_run (f->clock, 100 * P2P_SECOND);
  access_id (f, "a");
  p2p_clock_run (f->clock, EXPIRATION - 1);
  g_assert_cmpuint (p2p_cache_get_count (f->cache), ==, 2);
  /* By its own timer, pinned or not. */
  p2p_clock_run (f->clock, EXPIRATION);
  g_assert_cmpstr (f->evicted->str, ==, "b");
  p2p_clock_run (f->clock, EXPIRATION + 100 * P2P_SECOND);
  g_assert_cmpstr (f->evicted->str, ==, "ba");
  g_assert_cmpuint (p2p_cache_get_bytes (f->cache), ==, 0);
  g_assert_cmpint (p2p_clock_get_next (f->clock), ==, P2P_NEVER);
}

static void
test_looking_is_no_access (Fixture * f, gconstpointer data)
{
  put (f, &owner_a, "a", 1);
  p2p_clock_run (f->clock, EXPIRATION - 1);
  g_assert_true (p2p_cache_contains (f->cache, "a"));
  assert_holds (f, NULL, "a");
  p2p_clock_run (f->clock, EXPIRATION);
  g_assert_false (p2p_cache_contains (f->cache, "a"));
}

static void
test_limits_act_at_once (Fixture * f, gconstpointer data)
{
  put (f, &owner_a, "a", 30);
  put (f, &owner_a, "b", 30);
  put (f, &owner_b, "x", 30);
  p2p_cache_pin (f->cache, "a");
  p2p_cache_set_limits (f->cache, 1, 100, EXPIRATION);
  g_assert_cmpstr (f->evicted->str, ==, "b");
  p2p_cache_set_limits (f->cache, 1, 50, EXPIRATION);
  g_assert_cmpstr (f->evicted->str, ==, "bx");
  p2p_clock_run (f->clock, 10);
  p2p_cache_set_limits (f->cache, 1, 50, 10);
  g_assert_cmpstr (f->evicted->str, ==, "bxa");
}

static void
test_nothing_kept (Fixture * f, gconstpointer data)
{
  put (f, &owner_a, "a", 1);
  p2p_cache_set_limits (f->cache, 0, 100, EXPIRATION);
  g_assert_false (put (f, &owner_a, "b", 1));
  p2p_cache_set_limits (f->cache, 3, 0, EXPIRATION);
  g_assert_false (put (f, &owner_a, "b", 1));
  p2p_cache_set_limits (f->cache, 3, 100, 0);
  g_assert_true (put (f, &owner_a, "b", 1));
  p2p_clock_run (f->clock, 0);
  g_assert_cmpuint (p2p_cache_get_count (f->cache), ==, 0);
}

static void
test_clear (Fixture * f, gconstpointer data)
{
  put (f, &owner_a, "a", 1);
  put (f, &owner_b, "b", 1);
  put (f, &owner_a, "c", 1);
  p2p_cache_clear (f->cache, &owner_a);
  g_assert_cmpstr (f->evicted->str, ==, "ac");
  assert_holds (f, NULL, "b");
  p2p_cache_set_evicted (f->cache, &owner_b, NULL, NULL);
  p2p_cache_clear (f->cache, NULL);
  g_assert_cmpstr (f->evicted->str, ==, "ac");
  g_assert_cmpuint (p2p_cache_get_bytes (f->cache), ==, 0);
}

static void
test_remove (Fixture * f, gconstpointer data)
{
  put (f, &owner_a, "a", 1);
  put (f, &owner_b, "b", 1);
  p2p_cache_pin (f->cache, "a");
  p2p_cache_remove (f->cache, "a");
  p2p_cache_remove (f->cache, "c");
  g_assert_cmpstr (f->evicted->str, ==, "a");
  assert_holds (f, NULL, "b");
  g_assert_true (put (f, &owner_a, "a", 100 - 1));
  p2p_cache_unpin (f->cache, "a");
}

#define add(name, func) \
  g_test_add ("/cache/" name, Fixture, NULL, set_up, func, tear_down)

static gboolean
is_odd (P2pSegment * segment, gpointer data)
{
  return (segment->id[1] - '0') % 2 == 1;
}

/* What can be spared goes first, but for what is waited for. */
static void
test_spare (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  g_autoptr (P2pCache) cache = p2p_cache_new (clock);
  static const char *const ids[] = { "s0", "s1", "s2", "s3" };
  static const char *const more[] = { "s4", "s6", "s8" };
  static const char *const gone[] = { "s3", "s0", "s2" };

  p2p_cache_set_limits (cache, 4, 1000, P2P_SECOND);
  p2p_cache_set_spare (cache, ids, is_odd, NULL);
  p2p_cache_pin (cache, "s1");
  for (guint i = 0; i < G_N_ELEMENTS (ids) + G_N_ELEMENTS (more); i++) {
    const char *id = i < 4 ? ids[i] : more[i - 4];
    g_autoptr (P2pSegment) segment =
        p2p_segment_new ("http://origin.example/", id, 0, -1, 0);

    p2p_segment_take_data (segment, g_ptr_array_new_with_free_func (NULL));
    g_assert_true (p2p_cache_put (cache, ids, segment));
    if (i >= 4)
      g_assert_false (p2p_cache_contains (cache, gone[i - 4]));
  }
  g_assert_true (p2p_cache_contains (cache, "s1"));
  p2p_cache_set_spare (cache, ids, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("put-get", test_put_get);
  add ("count", test_count);
  add ("bytes", test_bytes);
  add ("pins", test_pins);
  add ("expiration", test_expiration);
  add ("looking-is-no-access", test_looking_is_no_access);
  add ("limits-act-at-once", test_limits_act_at_once);
  add ("nothing-kept", test_nothing_kept);
  add ("clear", test_clear);
  add ("remove", test_remove);
  g_test_add_func ("/cache/spare", test_spare);
  return g_test_run ();
}
