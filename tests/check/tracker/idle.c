/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackeridle.h"

typedef struct
{
  P2pTrackerIdleItem item;
  P2pTrackerIdle *idle;
  GString *log;
  char name;
  gboolean stays;               /* when it is given up */
} Owner;

static void
ask (gpointer data)
{
  Owner *owner = data;

  g_string_append_c (owner->log, owner->name);
}

static void
give_up (gpointer data)
{
  Owner *owner = data;

  g_string_append_c (owner->log, g_ascii_toupper (owner->name));
  if (!owner->stays)
    p2p_tracker_idle_remove (owner->idle, &owner->item);
}

typedef struct
{
  P2pClock *clock;
  P2pTrackerIdle idle;
  GString *log;
} World;

static void
world_open (World * w)
{
  const P2pTrackerIdleFuncs funcs = { ask, give_up };

  w->clock = p2p_clock_new (0);
  w->log = g_string_new (NULL);
  p2p_tracker_idle_init (&w->idle, w->clock, 10, &funcs);
}

static void
world_close (World * w)
{
  p2p_tracker_idle_clear (&w->idle);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_string_free (w->log, TRUE);
  g_object_unref (w->clock);
}

static void
world_add (World * w, Owner * owner, char name)
{
  *owner = (Owner) {
  .idle = &w->idle,.log = w->log,.name = name};
  p2p_tracker_idle_add (&w->idle, &owner->item, owner);
}

static void
assert_log (World * w, gint64 seconds, const char *expected)
{
  gint64 now;

  while ((now = p2p_clock_get_time (w->clock)) < seconds * P2P_SECOND)
    p2p_clock_run (w->clock, now + P2P_SECOND);
  g_assert_cmpstr (w->log->str, ==, expected);
}

static void
test_silent (void)
{
  World w;
  Owner a, b, c;

  world_open (&w);
  world_add (&w, &a, 'a');
  assert_log (&w, 2, "");
  world_add (&w, &b, 'b');
  world_add (&w, &c, 'c');
  assert_log (&w, 4, "");
  p2p_tracker_idle_hear (&w.idle, &b.item);
  assert_log (&w, 5, "a");
  assert_log (&w, 7, "ac");
  assert_log (&w, 9, "acb");
  /* It answered. */
  p2p_tracker_idle_hear (&w.idle, &b.item);
  assert_log (&w, 10, "acbA");
  assert_log (&w, 12, "acbAC");
  assert_log (&w, 14, "acbACb");
  p2p_tracker_idle_remove (&w.idle, &b.item);
  assert_log (&w, 100, "acbACb");
  world_close (&w);
}

/* It may take its time to go, and is given up again then. */
static void
test_stays (void)
{
  World w;
  Owner a;

  world_open (&w);
  world_add (&w, &a, 'a');
  a.stays = TRUE;
  assert_log (&w, 10, "aA");
  assert_log (&w, 15, "aAA");
  a.stays = FALSE;
  assert_log (&w, 20, "aAAA");
  world_close (&w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/idle/silent", test_silent);
  g_test_add_func ("/idle/stays", test_stays);
  return g_test_run ();
}
