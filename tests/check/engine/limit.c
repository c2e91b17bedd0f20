/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2penginelimit.h"

typedef struct
{
  guint64 uploaded;
  guint64 rate;
} Torrent;

static guint64
get_uploaded (gpointer torrent)
{
  return ((Torrent *) torrent)->uploaded;
}

static void
set_max_upload_rate (gpointer torrent, guint64 rate)
{
  ((Torrent *) torrent)->rate = rate;
}

static const P2pEngineLimited limited = { get_uploaded, set_max_upload_rate };

static void
pass (P2pClock * clock, guint seconds)
{
  for (guint i = 0; i < seconds; i++)
    p2p_clock_run (clock, p2p_clock_get_time (clock) + P2P_SECOND);
}

/* Who uploads alone has all of it, two have halves, and who stopped gives up its
 * part. */
static void
test_parts (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  P2pEngineLimit *limit = p2p_engine_limit_new (clock, 1000);
  Torrent torrents[3] = { 0 };

  for (guint i = 0; i < 3; i++) {
    p2p_engine_limit_add (limit, &limited, &torrents[i]);
    g_assert_cmpuint (torrents[i].rate, ==, 1000);
  }
  torrents[0].uploaded = 1;
  pass (clock, 1);
  g_assert_cmpuint (torrents[0].rate, ==, 1000);
  torrents[0].uploaded = torrents[1].uploaded = 2;
  pass (clock, 1);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (torrents[i].rate, ==, 500);
  for (guint i = 0; i < P2P_ENGINE_LIMIT_BUSY; i++) {
    torrents[0].uploaded++;
    pass (clock, 1);
  }
  g_assert_cmpuint (torrents[0].rate, ==, 1000);
  p2p_engine_limit_remove (limit, &torrents[1]);
  p2p_engine_limit_remove (limit, &torrents[0]);
  pass (clock, 1);
  p2p_engine_limit_remove (limit, &torrents[2]);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  p2p_engine_limit_free (limit);
}

/* No part is so small that it would be none. */
static void
test_small (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  P2pEngineLimit *limit = p2p_engine_limit_new (clock, 1);
  Torrent torrents[2] = { 0 };

  for (guint i = 0; i < 2; i++) {
    p2p_engine_limit_add (limit, &limited, &torrents[i]);
    torrents[i].uploaded = 1;
  }
  pass (clock, 1);
  g_assert_cmpuint (torrents[0].rate, ==, 1);
  p2p_engine_limit_free (limit);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
}

/* Without a limit nobody is bothered. */
static void
test_none (void)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  P2pEngineLimit *limit = p2p_engine_limit_new (clock, 0);
  Torrent torrent = { 1, 7 };

  p2p_engine_limit_add (limit, &limited, &torrent);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  g_assert_cmpuint (torrent.rate, ==, 7);
  p2p_engine_limit_remove (limit, &torrent);
  p2p_engine_limit_free (limit);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/limit/parts", test_parts);
  g_test_add_func ("/engine/limit/small", test_small);
  g_test_add_func ("/engine/limit/none", test_none);
  return g_test_run ();
}
