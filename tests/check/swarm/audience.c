/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2paudience.h"
#include "sessionworld.h"

/* Wherever it comes from. */
static void
play_as (Show * show, const char *player, const char *stream, guint n)
{
  g_autofree char *what = g_strdup (show_uri (stream, n));
  g_autoptr (Ask) ask = NULL;

  show->player = player;
  ask = ask_for (show, what);
  fake_clock_run_for (show->clock, P2P_SECOND);
  ask_check (ask, what);
}

static guint
count_streams (Show * show)
{
  P2pStats stats;

  p2p_session_get_stats (show->session, &stats);
  return stats.streams;
}

static void
set_up (Show * show)
{
  show_master (show);
  show_playlist (show, "a", 0, 19, FALSE);
  show_playlist (show, "b", 0, 19, FALSE);
  show_playlist (show, "audio", 0, 19, FALSE);
}

/* Two players of two variants are not in each other's way: nothing that one waits
 * for is given up for the other. */
static void
test_two_variants (void)
{
  g_autoptr (Show) show = show_new ();
  P2pStats stats;

  set_up (show);
  for (guint n = 0; n < 10; n++) {
    g_autoptr (Ask) first = NULL, second = NULL;
    g_autofree char *a = g_strdup (show_uri ("a", n));
    g_autofree char *b = g_strdup (show_uri ("b", n));

    show->player = "one";
    first = ask_for (show, a);
    show->player = "two";
    second = ask_for (show, b);
    fake_clock_run_for (show->clock, P2P_SECOND);
    ask_check (first, a);
    ask_check (second, b);
  }
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (stats.streams, ==, 2);
  g_assert_cmpuint (stats.segments_aborted, ==, 0);
  for (guint n = 0; n < 10; n++) {
    g_assert_cmpuint (show_count_requests (show, show_uri ("a", n)), ==, 1);
    g_assert_cmpuint (show_count_requests (show, show_uri ("b", n)), ==, 1);
  }
}

/* Two players of one variant share all that comes. */
static void
test_one_variant (void)
{
  g_autoptr (Show) show = show_new ();

  set_up (show);
  for (guint n = 0; n < 5; n++) {
    play_as (show, "one", "a", n);
    play_as (show, "two", "a", n);
    play_as (show, "one", "audio", n);
    g_assert_cmpuint (show_count_requests (show, show_uri ("a", n)), ==, 1);
  }
  g_assert_cmpuint (count_streams (show), ==, 2);
}

/* Alone, a player takes its slot along; with others it leaves them theirs. */
static void
test_switch (void)
{
  g_autoptr (Show) show = show_new ();

  set_up (show);
  play_as (show, "one", "a", 0);
  play_as (show, "one", "b", 1);
  g_assert_cmpuint (count_streams (show), ==, 1);
  play_as (show, "two", "b", 0);
  g_assert_cmpuint (count_streams (show), ==, 1);
  play_as (show, "two", "a", 2);
  g_assert_cmpuint (count_streams (show), ==, 2);
  /* … and back: its slot has nobody then, and goes. */
  play_as (show, "two", "b", 3);
  g_assert_cmpuint (count_streams (show), ==, 1);
}

/* --- players far apart in one stream --- */

#define LONG 60
#define STEPS 8

/* A long film, at the settings that ship. */
static void
set_up_film (Show * show)
{
  P2pSettings settings;

  p2p_settings_init (&settings);
  settings.last_segment_probability = show->settings.last_segment_probability;
  settings.last_segment_probability_interval =
      show->settings.last_segment_probability_interval;
  p2p_session_set_settings (show->session, &settings);
  for (guint n = 20; n < LONG; n++)
    fake_fetcher_add (show->fetcher, show_uri ("a", n), SHOW_SIZE);
  show_playlist (show, "a", 0, LONG - 1, FALSE);
}

/* Players at these places (up to G_MAXUINT) play on by turns. */
static void
play_film (Show * show, const guint * places)
{
  set_up_film (show);
  for (guint step = 0; step < STEPS; step++)
    for (guint i = 0; places[i] != G_MAXUINT; i++) {
      g_autofree char *player = g_strdup_printf ("player %u", i);

      play_as (show, player, "a", places[i] + step);
      show->player = NULL;
    }
}

/* What one of them still needs does not go for another's sake, be it far or just
 * a little behind; but the first one had more loaded ahead than is its share when
 * the others come. */
static void
test_apart (void)
{
  static const guint places[][6] = {
    {0, 30, G_MAXUINT}, {30, 0, G_MAXUINT}, {10, 8, G_MAXUINT},
    {8, 10, G_MAXUINT}, {0, 1, 2, 40, G_MAXUINT}, {0, 12, 24, 36, 48,
        G_MAXUINT},
    {52, 0, G_MAXUINT}, {5, 5, 5, G_MAXUINT},
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (Show) show = show_new ();
    P2pStats stats;
    guint again = 0;

    play_film (show, places[i]);
    for (guint n = 0; n < LONG; n++) {
      guint count = show_count_requests (show, show_uri ("a", n));

      g_assert_cmpuint (count, <=, 2);
      again += count == 2;
    }
    g_assert_cmpuint (again, <=, 20);
    p2p_session_get_stats (show->session, &stats);
    g_assert_cmpuint (stats.segments_aborted, ==, 0);
    g_assert_cmpuint (stats.streams, ==, 1);
  }
}

/* There is room for all of it before both. */
static void
test_apart_endless (void)
{
  g_autoptr (Show) show = show_new ();

  set_up_film (show);
  show->settings.max_cache_segments_count = LONG;
  p2p_session_set_settings (show->session, &show->settings);
  play_as (show, "one", "a", 0);
  show->settings.buffer_segments_count = G_MAXUINT;
  p2p_session_set_settings (show->session, &show->settings);
  play_as (show, "two", "a", 30);
  fake_clock_run_for (show->clock, 10 * P2P_SECOND);
  for (guint n = 0; n < LONG; n++)
    g_assert_cmpuint (show_count_requests (show, show_uri ("a", n)), ==, 1);
}

/* Who has left, or was sought away from, takes no room. */
static void
test_apart_left (void)
{
  g_autoptr (Show) show = show_new ();
  P2pStats stats;

  set_up_film (show);
  play_as (show, "one", "a", 0);
  play_as (show, "two", "a", 30);
  fake_clock_run_for (show->clock, P2P_AUDIENCE_PRESENT);
  play_as (show, "two", "a", 31);
  fake_clock_run_for (show->clock, 10 * P2P_SECOND);
  p2p_session_get_stats (show->session, &stats);
  g_assert_cmpuint (show_count_requests (show, show_uri ("a", 50)), ==, 1);
  play_as (show, "two", "a", 5);
  fake_clock_run_for (show->clock, 10 * P2P_SECOND);
  g_assert_cmpuint (show_count_requests (show, show_uri ("a", 24)), ==, 1);
  g_assert_cmpuint (show_count_requests (show, show_uri ("a", 52)), ==, 0);
}

/* Who asks for nothing any more has left. */
static void
test_left (void)
{
  g_autoptr (Show) show = show_new ();

  set_up (show);
  play_as (show, "one", "a", 0);
  play_as (show, "two", "b", 0);
  g_assert_cmpuint (count_streams (show), ==, 2);
  fake_clock_run_for (show->clock, P2P_AUDIENCE_PATIENCE);
  play_as (show, "one", "a", 1);
  g_assert_cmpuint (count_streams (show), ==, 1);
  fake_clock_run_for (show->clock, 10 * P2P_AUDIENCE_PATIENCE);
  play_as (show, "one", "a", 2);
  g_assert_cmpuint (count_streams (show), ==, 1);
}

/* However many come, and from wherever, the slots are no more than the streams. */
static void
test_crowd (void)
{
  g_autoptr (Show) show = show_new ();

  set_up (show);
  for (guint i = 0; i < 3 * P2P_AUDIENCE_MAX; i++) {
    g_autofree char *player = g_strdup_printf ("player %u", i);
    g_autofree char *what = g_strdup (show_uri (i % 3 ? "a" : "b", i % 20));
    g_autoptr (Ask) ask = NULL;

    show->player = player;
    ask = ask_for (show, what);
    fake_clock_run_for (show->clock, P2P_SECOND / 2);
    ask_check (ask, what);
    show->player = NULL;
  }
  g_assert_cmpuint (count_streams (show), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audience/two-variants", test_two_variants);
  g_test_add_func ("/audience/one-variant", test_one_variant);
  g_test_add_func ("/audience/switch", test_switch);
  g_test_add_func ("/audience/apart", test_apart);
  g_test_add_func ("/audience/apart-endless", test_apart_endless);
  g_test_add_func ("/audience/apart-left", test_apart_left);
  g_test_add_func ("/audience/left", test_left);
  g_test_add_func ("/audience/crowd", test_crowd);
  return g_test_run ();
}
