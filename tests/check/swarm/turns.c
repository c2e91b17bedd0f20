/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pturns.h"

/* Who is served is written down; they are their names. */
typedef struct
{
  P2pClock *clock;
  P2pTurns *turns;
  GString *served;
  gboolean at_once;             /* a turn is ended as it comes */
} Stage;

static void
on_serve (gpointer who, gpointer data)
{
  Stage *s = data;

  g_string_append (s->served, who);
  if (s->at_once)
    p2p_turns_end (s->turns, who);
}

static void
set_up (Stage * s, gconstpointer data)
{
  s->clock = p2p_clock_new (0);
  s->turns = p2p_turns_new (s->clock, on_serve, s);
  s->served = g_string_new (NULL);
}

static void
tear_down (Stage * s, gconstpointer data)
{
  p2p_turns_free (s->turns);
  /* Nothing is left of it. */
  g_assert_cmpint (p2p_clock_get_next (s->clock), ==, P2P_NEVER);
  g_object_unref (s->clock);
  g_string_free (s->served, TRUE);
}

static P2pPeerTurn
ask (Stage * s, const char *who)
{
  return p2p_turns_ask (s->turns, (gpointer) who, FALSE, FALSE);
}

/* One who takes no refusal. */
static P2pPeerTurn
ask_patiently (Stage * s, const char *who, gboolean urgent)
{
  return p2p_turns_ask (s->turns, (gpointer) who, urgent, TRUE);
}

static void
end (Stage * s, const char *who)
{
  p2p_turns_end (s->turns, (gpointer) who);
}

/* One, then the other; and no third. */
static void
test_one_by_one (Stage * s, gconstpointer data)
{
  g_assert_cmpint (ask (s, "a"), ==, P2P_PEER_TURN_NOW);
  g_assert_cmpint (ask (s, "b"), ==, P2P_PEER_TURN_LATER);
  g_assert_cmpint (ask (s, "c"), ==, P2P_PEER_TURN_NEVER);
  g_assert_cmpstr (s->served->str, ==, "");
  end (s, "a");
  g_assert_cmpstr (s->served->str, ==, "b");
  g_assert_cmpint (ask (s, "c"), ==, P2P_PEER_TURN_LATER);
  end (s, "b");
  end (s, "c");
  g_assert_cmpstr (s->served->str, ==, "bc");
  g_assert_cmpint (ask (s, "a"), ==, P2P_PEER_TURN_NOW);
}

/* Who is slow holds up nobody for ever. */
static void
test_slow (Stage * s, gconstpointer data)
{
  g_assert_cmpint (ask (s, "a"), ==, P2P_PEER_TURN_NOW);
  g_assert_cmpint (ask (s, "b"), ==, P2P_PEER_TURN_LATER);
  p2p_clock_run (s->clock, P2P_TURNS_TIME - 1);
  g_assert_cmpstr (s->served->str, ==, "");
  p2p_clock_run (s->clock, P2P_TURNS_TIME);
  g_assert_cmpstr (s->served->str, ==, "b");
  /* The second one's time counts now. */
  g_assert_cmpint (ask (s, "c"), ==, P2P_PEER_TURN_LATER);
  end (s, "a");
  g_assert_cmpstr (s->served->str, ==, "b");
  p2p_clock_run (s->clock, 2 * P2P_TURNS_TIME);
  g_assert_cmpstr (s->served->str, ==, "bc");
}

/* Who has to be served is, whoever waits; what is urgent goes first. */
static void
test_patient (Stage * s, gconstpointer data)
{
  ask (s, "a");
  ask (s, "b");
  g_assert_cmpint (ask_patiently (s, "c", FALSE), ==, P2P_PEER_TURN_LATER);
  g_assert_cmpint (ask_patiently (s, "d", TRUE), ==, P2P_PEER_TURN_LATER);
  g_assert_cmpint (ask_patiently (s, "e", TRUE), ==, P2P_PEER_TURN_LATER);
  s->at_once = TRUE;
  end (s, "a");
  g_assert_cmpstr (s->served->str, ==, "debc");
}

/* Who waits may leave, and who never came. */
static void
test_leave (Stage * s, gconstpointer data)
{
  ask (s, "a");
  ask (s, "b");
  end (s, "b");
  end (s, "x");
  end (s, "a");
  g_assert_cmpstr (s->served->str, ==, "");
  g_assert_cmpint (ask (s, "c"), ==, P2P_PEER_TURN_NOW);
}

#define add(name, func) \
  g_test_add ("/turns/" name, Stage, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("one-by-one", test_one_by_one);
  add ("slow", test_slow);
  add ("patient", test_patient);
  add ("leave", test_leave);
  return g_test_run ();
}
