/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pcache.h"

#define N_CACHES 3
#define MAX_BYTES 100

static const char owner;

typedef struct
{
  P2pClock *clock;
  P2pCacheShare *share;
  P2pCache *caches[N_CACHES];
} Fixture;

static void
set_up (Fixture * f, gconstpointer data)
{
  f->clock = p2p_clock_new (0);
  f->share = p2p_cache_share_new (MAX_BYTES);
  for (guint i = 0; i < N_CACHES; i++) {
    f->caches[i] = p2p_cache_new (f->clock);
    p2p_cache_set_limits (f->caches[i], 10, 80, 1000 * P2P_SECOND);
    p2p_cache_set_share (f->caches[i], f->share);
  }
}

static void
tear_down (Fixture * f, gconstpointer data)
{
  for (guint i = 0; i < N_CACHES; i++)
    g_object_unref (f->caches[i]);
  g_assert_cmpuint (p2p_cache_share_get_bytes (f->share), ==, 0);
  g_assert_cmpuint (p2p_cache_share_get_room (f->share), ==, MAX_BYTES);
  p2p_cache_share_unref (f->share);
  g_object_unref (f->clock);
}

/* A second goes by with each. */
static gboolean
put (Fixture * f, guint i, const char *id, gsize size)
{
  g_autoptr (P2pSegment) segment = p2p_segment_new (id, id, 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint64 sum = 0;
  gboolean there;

  p2p_clock_set_time (f->clock, p2p_clock_get_time (f->clock) + P2P_SECOND);
  g_ptr_array_add (chunks, g_bytes_new_take (g_malloc0 (size), size));
  p2p_segment_take_data (segment, chunks);
  there = p2p_cache_put (f->caches[i], &owner, segment);

  for (guint j = 0; j < N_CACHES; j++)
    sum += p2p_cache_get_bytes (f->caches[j]);
  g_assert_cmpuint (p2p_cache_share_get_bytes (f->share), ==, sum);
  g_assert_cmpuint (sum, <=, MAX_BYTES);
  return there;
}

static gboolean
has (Fixture * f, guint i, const char *id)
{
  return p2p_cache_contains (f->caches[i], id);
}

/* What was accessed longest ago, whichever cache it is in. */
static void
test_oldest (Fixture * f, gconstpointer data)
{
  g_assert_true (put (f, 0, "a", 40));
  g_assert_true (put (f, 1, "b", 40));
  p2p_clock_set_time (f->clock, 10 * P2P_SECOND);
  p2p_segment_unref (p2p_cache_get (f->caches[0], "a"));
  g_assert_true (put (f, 2, "c", 30));
  g_assert_true (has (f, 0, "a"));
  g_assert_false (has (f, 1, "b"));
  g_assert_true (has (f, 2, "c"));
  /* Its own limit holds as before. */
  g_assert_true (put (f, 2, "d", 60));
  g_assert_false (has (f, 2, "c"));
  g_assert_false (put (f, 2, "e", 81));
}

static void
test_pins (Fixture * f, gconstpointer data)
{
  guint64 room;

  p2p_cache_pin (f->caches[0], "a");
  p2p_cache_pin (f->caches[1], "b");
  g_assert_true (put (f, 0, "a", 40));
  g_assert_true (put (f, 1, "b", 40));
  p2p_cache_get_room (f->caches[2], &owner, &room);
  g_assert_cmpuint (room, ==, 20);
  g_assert_false (put (f, 2, "c", 30));
  g_assert_true (put (f, 2, "c", 20));
  p2p_cache_unpin (f->caches[1], "b");
  p2p_cache_get_room (f->caches[2], &owner, &room);
  g_assert_cmpuint (room, ==, 60);
  g_assert_true (put (f, 2, "d", 30));
  g_assert_false (has (f, 1, "b"));
  g_assert_true (has (f, 2, "c"));
  p2p_cache_unpin (f->caches[0], "a");
}

static void
test_leaving (Fixture * f, gconstpointer data)
{
  g_assert_true (put (f, 0, "a", 40));
  p2p_cache_pin (f->caches[0], "a");
  g_object_unref (f->caches[0]);
  f->caches[0] = p2p_cache_new (f->clock);
  g_assert_cmpuint (p2p_cache_share_get_room (f->share), ==, 100);
  p2p_cache_set_limits (f->caches[0], 10, 1000, 1000 * P2P_SECOND);
  g_assert_true (put (f, 1, "b", 80));
  g_assert_cmpuint (p2p_cache_share_get_bytes (f->share), ==, 80);
  p2p_clock_run (f->clock, 2000 * P2P_SECOND);
  g_assert_cmpuint (p2p_cache_share_get_bytes (f->share), ==, 0);
}

static void
add (const char *name, void (*test) (Fixture * f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/cacheshare/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("oldest", test_oldest);
  add ("pins", test_pins);
  add ("leaving", test_leaving);
  return g_test_run ();
}
