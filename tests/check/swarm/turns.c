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

static P2pPeerTurn
ask_urgently (Stage * s, const char *who)
{
  return p2p_turns_ask (s->turns, (gpointer) who, TRUE, FALSE);
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

/* Who needs it now goes before who waits, whoever that is, though not before one
 * who needs it as much. */
static void
test_urgent (Stage * s, gconstpointer data)
{
  ask (s, "a");
  ask (s, "b");
  g_assert_cmpint (ask_urgently (s, "c"), ==, P2P_PEER_TURN_LATER);
  g_assert_cmpint (ask_urgently (s, "d"), ==, P2P_PEER_TURN_NEVER);
  s->at_once = TRUE;
  end (s, "a");
  g_assert_cmpstr (s->served->str, ==, "cb");
}

/* … and who waits may come to need it. */
static void
test_urgent_now (Stage * s, gconstpointer data)
{
  ask (s, "a");
  ask_patiently (s, "b", FALSE);
  ask_patiently (s, "c", FALSE);
  ask_patiently (s, "c", TRUE);
  s->at_once = TRUE;
  end (s, "a");
  g_assert_cmpstr (s->served->str, ==, "cb");
}

/* With a limit the next one's turn comes when the one before has paid, … */
static void
test_rate (Stage * s, gconstpointer data)
{
  p2p_turns_set_rate (s->turns, 1000);
  g_assert_cmpint (ask (s, "a"), ==, P2P_PEER_TURN_NOW);
  g_assert_true (p2p_turns_spend (s->turns, 500));
  end (s, "a");
  g_assert_cmpint (ask (s, "b"), ==, P2P_PEER_TURN_LATER);
  g_assert_cmpint (ask_patiently (s, "c", FALSE), ==, P2P_PEER_TURN_NEVER);
  g_assert_cmpint (ask_patiently (s, "d", TRUE), ==, P2P_PEER_TURN_LATER);
  p2p_clock_run (s->clock, P2P_SECOND / 2 - 1);
  g_assert_cmpstr (s->served->str, ==, "");
  p2p_clock_run (s->clock, P2P_SECOND / 2);
  g_assert_cmpstr (s->served->str, ==, "d");
  /* … and who would have to wait too long is told at once. */
  g_assert_true (p2p_turns_spend (s->turns, 2000));
  end (s, "d");
  g_assert_cmpstr (s->served->str, ==, "db");
  g_assert_false (p2p_turns_spend (s->turns, 1));
  end (s, "b");
  g_assert_cmpint (ask_patiently (s, "c", TRUE), ==, P2P_PEER_TURN_NEVER);
  p2p_clock_run (s->clock, 3 * P2P_SECOND / 2);
  g_assert_cmpint (ask (s, "c"), ==, P2P_PEER_TURN_LATER);
  p2p_turns_set_rate (s->turns, 0);
  p2p_clock_run (s->clock, 3 * P2P_SECOND / 2);
  g_assert_cmpstr (s->served->str, ==, "dbc");
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
  add ("urgent", test_urgent);
  add ("urgent-now", test_urgent_now);
  add ("rate", test_rate);
  add ("leave", test_leave);
  return g_test_run ();
}
