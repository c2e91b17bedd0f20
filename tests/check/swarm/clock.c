/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pclock.h"

typedef struct
{
  P2pClock *clock;
  GString *log;
  char name;
  guint again;                  /* calls itself this many times more */
} Caller;

static void
call (gpointer data)
{
  Caller *caller = data;

  g_string_append_c (caller->log, caller->name);
  if (caller->again) {
    caller->again--;
    p2p_clock_call_at (caller->clock, p2p_clock_get_time (caller->clock), call,
        caller);
  }
}

static void
test_order (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (100);
  g_autoptr (GString) log = g_string_new (NULL);
  Caller a = { clock, log, 'a', 0 }, b = { clock, log, 'b', 2 },
      c = { clock, log, 'c', 0 };

  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  p2p_clock_call_at (clock, 300, call, &c);
  p2p_clock_call_at (clock, 200, call, &b);
  p2p_clock_call_at (clock, 200, call, &a);
  p2p_clock_call_at (clock, 50, call, &a);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, 50);

  p2p_clock_run (clock, 100);
  g_assert_cmpstr (log->str, ==, "a");
  /* Equal times in the order they were asked for; what a call adds for now
   * comes in the same run. */
  p2p_clock_run (clock, 299);
  g_assert_cmpstr (log->str, ==, "ababb");
  p2p_clock_run (clock, 300);
  g_assert_cmpstr (log->str, ==, "ababbc");
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
}

static void
test_cancel (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  g_autoptr (GString) log = g_string_new (NULL);
  Caller a = { clock, log, 'a', 0 };
  guint id = p2p_clock_call_at (clock, 10, call, &a), stale = id;

  p2p_clock_cancel (clock, &id);
  g_assert_cmpuint (id, ==, 0);
  p2p_clock_cancel (clock, &id);
  p2p_clock_cancel (clock, &stale);
  p2p_clock_run (clock, 20);
  g_assert_cmpstr (log->str, ==, "");
}

static void
test_never_back (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (50);

  p2p_clock_set_time (clock, 40);
  g_assert_cmpint (p2p_clock_get_time (clock), ==, 50);
  p2p_clock_run (clock, 60);
  g_assert_cmpint (p2p_clock_get_time (clock), ==, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/order", test_order);
  g_test_add_func ("/clock/cancel", test_cancel);
  g_test_add_func ("/clock/never-back", test_never_back);
  return g_test_run ();
}
