/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mlworld.h"
#include "p2pmldownload.h"
#include "p2pmlpeer.h"
#include "p2pmlsend.h"

#include <string.h>

/* What each holds */

static void
test_open (void)
{
  g_autoptr (Wire) w = ml_wire_new (NULL);

  wire_run (w, 0);
  wire_assert_got (w, "");
  wire_announce (w);
  wire_assert_got (w, "announcement\n");

  g_assert_false (p2p_peer_is_idle (w->peer));
  g_assert_true (p2p_peer_can_resume (w->peer));
  g_assert_false (p2p_peer_elects (w->peer));
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
  ml_say_announcement (w, "5,0,5,3", "7");
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  g_assert_cmpint (p2p_peer_has (w->peer, "id0"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (p2p_peer_has (w->peer, "id3"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id5"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id7"), ==, P2P_PEER_IS_LOADING);
  g_assert_cmpint (p2p_peer_has (w->peer, "id99"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpstr (p2p_peer_get_id (w->peer), ==, "p");
  g_assert_cmpstr (p2p_peer_get_remote_address (w->peer), ==, "192.0.2.2:6000");
}

/* Each announcement replaces the one before. */
static void
test_theirs (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1,2");

  ml_say_announcement (w, "2", "3");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (p2p_peer_has (w->peer, "id2"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id3"), ==, P2P_PEER_IS_LOADING);
  ml_say_announcement (w, "2", "3");
  wire_assert_log (w, "");
  ml_say_announcement (w, "2,3", "3");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id3"), ==, P2P_PEER_HAS);
  ml_say_announcement (w, "", "");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id2"), ==, P2P_PEER_HAS_NOT);
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* One that cannot be divided is announced whole, by p2p-media-loader wrongly. */
static void
test_full_block (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");
  g_autoptr (GString) hex = g_string_new ("63737472006c10010100");

  for (guint i = 0; i < 256; i++)
    g_string_append_printf (hex, "%02x", i);
  g_string_append (hex, "63656e64");
  ml_say (w, hex->str);
  wire_assert_log (w, "changed\n");
  for (guint i = 0; i < WIRE_SEGMENTS; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);

    g_assert_cmpint (p2p_peer_has (w->peer, id), ==, P2P_PEER_HAS);
  }
}

static void
announce_loading (Wire * w, const char *id)
{
  g_autoptr (GPtrArray) loaded = g_ptr_array_new (), loading =
      g_ptr_array_new ();

  g_ptr_array_add (loading, (gpointer) id);
  g_ptr_array_add (loading, (gpointer) "nameless");
  p2p_peer_announce (w->peer, loaded, loading, TRUE);
  wire_run (w, 0);
}

/* All of it each time, though it be the same: told that something is absent they
 * forget that it is here. */
static void
test_ours (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  wire_hold (w, 10, 1);
  wire_hold (w, 9, 1);
  wire_hold (w, 3, 1);
  wire_hold (w, WIRE_SEGMENTS, 1);
  wire_announce (w);
  wire_assert_got (w, "announcement 3,9-10\n");
  wire_announce (w);
  wire_assert_got (w, "announcement 3,9-10\n");
  wire_drop (w, 9);
  wire_announce (w);
  wire_assert_got (w, "announcement 3,10\n");
  announce_loading (w, "id4");
  wire_assert_got (w, "announcement p 4\n");
}

/* VOD is counted from its first segment, live by media sequence numbers. */
static void
test_numbers (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  p2p_names_set_first (w->names, 7);
  wire_hold (w, 6, 10);
  wire_hold (w, 7, 10);
  wire_hold (w, 9, 10);
  wire_announce (w);
  wire_assert_got (w, "announcement 0,2\n");
  ml_say_command (w, P2P_ML_REQUEST, 2, 5, -1);
  wire_assert_got (w, "data 2 r5 s10\n#10\ncompleted 2 r5\n");
  wire_assert_log (w, "uploaded 10\n");
  ml_say_announcement (w, "1", "");
  g_assert_cmpint (p2p_peer_has (w->peer, "id8"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
}

/* The playlist goes on: what was told is still had under that number. */
static void
test_names_go (void)
{
  g_autoptr (Wire) w = ml_wire_new ("7");

  wire_hold (w, 7, 10);
  wire_hold (w, 8, 10);
  wire_announce (w);
  p2p_names_clear (w->names);
  p2p_names_add (w->names, "id9", 9, "seg009.ts");
  wire_hold (w, 9, 10);
  wire_hold (w, 10, 10);
  g_string_truncate (w->got, 0);
  wire_announce (w);
  wire_assert_got (w, "announcement 7-9\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id7"), ==, P2P_PEER_HAS_NOT);
  ml_say_command (w, P2P_ML_REQUEST, 7, 0, -1);
  wire_assert_got (w, "data 7 r0 s10\n#10\ncompleted 7 r0\n");
  wire_drop (w, 7);
  wire_announce (w);
  wire_assert_got (w, "announcement 8-9\n");
  ml_say_command (w, P2P_ML_REQUEST, 7, 1, -1);
  wire_assert_got (w, "absent 7 r1\n");
}

/* A stream that began anew: a number means another segment. */
static void
test_numbers_again (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  wire_hold (w, 7, 10);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  wire_begin_anew (w);
  wire_assert_got (w, "announcement 7\n");
  ml_say_command (w, P2P_ML_REQUEST, 7, 1, -1);
  wire_assert_got (w, "data 7 r1 s20\n#20\ncompleted 7 r1\n");
  p2p_names_clear (w->names);
  wire_announce (w);
  wire_drop (w, 8);
  wire_announce (w);
  wire_assert_got (w, "announcement 7\nannouncement\n");
}

/* The last ones of more than anybody reads; and none that the wire cannot say. */
static void
test_much_to_tell (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  for (guint i = 0; i < P2P_ML_MAX_IDS + 10; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);

    p2p_names_add (w->names, id, i, id);
    wire_hold (w, i, 1);
  }
  p2p_names_add (w->names, "unsayable", P2P_ML_MAX_INT + 1, "u.ts");
  g_hash_table_insert (w->segments, g_strdup ("unsayable"),
      p2p_segment_new ("http://h/u", "unsayable", 0, -1, 0));
  wire_announce (w);
  wire_assert_got (w, "announcement 10-16393\n");
}

/* Asking */

static void
test_request (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");
  gint64 r = ml_request (w, 1, 0);

  g_assert_cmpint (r, >=, 0);
  g_assert_cmpint (r, <, P2P_ML_DOWNLOAD_IDS);
  g_assert_false (p2p_peer_is_idle (w->peer));
  ml_say_command (w, P2P_ML_DATA, 1, r, 70000);
  wire_assert_log (w, "size id1 70000\n");
  wire_say_bytes (w, 65535);
  /* All that may come in between. */
  ml_say_announcement (w, "1,2", "");
  ml_say (w, "6373747207" "63656e64");
  ml_say_command (w, P2P_ML_CANCEL, 1, r, -1);
  wire_say_bytes (w, 4465);
  wire_assert_log (w, "data id1 65535\nchanged\ndata id1 4465\n");
  wire_run (w, P2P_ML_DOWNLOAD_TIMEOUT - 1);
  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  wire_assert_log (w, "done id1\n");
  wire_assert_got (w, "");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

static void
test_resume (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");
  gint64 r = ml_request (w, 1, 200000);

  ml_say_command (w, P2P_ML_DATA, 1, r, 78052);
  wire_say_bytes (w, 65535);
  wire_say_bytes (w, 12517);
  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  wire_assert_log (w, "size id1 278052\ndata id1 65535\ndata id1 12517\n"
      "done id1\n");
}

/* It holds no more of it than we. */
static void
test_resume_at_end (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");
  gint64 r = ml_request (w, 1, 1000);

  ml_say_command (w, P2P_ML_DATA, 1, r, 0);
  wire_assert_log (w, "absent id1\n");
  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  wire_assert_log (w, "");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* What is absent is so until the next announcement. */
static void
test_absent (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1,2");
  gint64 r = ml_request (w, 1, 0);

  ml_say_command (w, P2P_ML_ABSENT, 1, r, -1);
  wire_assert_log (w, "absent id1\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (p2p_peer_has (w->peer, "id2"), ==, P2P_PEER_HAS);
  ml_say_announcement (w, "1,2", "");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS);

  /* In the middle of it */
  r = ml_request (w, 1, 0);
  ml_say_command (w, P2P_ML_DATA, 1, r, 10);
  wire_say_bytes (w, 5);
  ml_say_command (w, P2P_ML_ABSENT, 1, r, -1);
  wire_say_bytes (w, 5);
  wire_assert_log (w, "size id1 10\ndata id1 5\nabsent id1\n");

  /* 0 bytes of it */
  r = ml_request (w, 2, 0);
  ml_say_command (w, P2P_ML_DATA, 2, r, 0);
  ml_say_command (w, P2P_ML_COMPLETED, 2, r, -1);
  wire_assert_log (w, "absent id2\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id2"), ==, P2P_PEER_HAS_NOT);
}

/* What still comes of what was cancelled is passed over. */
static void
test_cancel (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1,2");
  gint64 r = ml_request (w, 1, 0), s, t;

  ml_say_command (w, P2P_ML_DATA, 1, r, 30);
  wire_say_bytes (w, 10);
  p2p_peer_cancel (w->peer, "id2");
  p2p_peer_cancel (w->peer, "id1");
  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, 0);
  ml_assert_got (w, "cancel 1 r%d\n", (int) r);
  g_assert_true (p2p_peer_is_idle (w->peer));
  wire_say_bytes (w, 10);
  /* The same segment, the same bytes, another request */
  s = ml_request (w, 1, 0);
  g_assert_cmpint (s, !=, r);
  wire_say_bytes (w, 10);
  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  wire_assert_log (w, "size id1 30\ndata id1 10\n");
  ml_say_command (w, P2P_ML_DATA, 1, s, 30);
  wire_say_bytes (w, 30);
  ml_say_command (w, P2P_ML_COMPLETED, 1, s, -1);
  wire_assert_log (w, "size id1 30\ndata id1 30\ndone id1\n");

  /* Cancelled before it began to come, then all of it comes. */
  s = ml_request (w, 1, 0);
  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, 0);
  g_string_truncate (w->got, 0);
  t = ml_request (w, 2, 0);
  ml_say_command (w, P2P_ML_DATA, 1, s, 30);
  wire_say_bytes (w, 30);
  ml_say_command (w, P2P_ML_COMPLETED, 1, s, -1);
  wire_assert_log (w, "");
  ml_say_command (w, P2P_ML_DATA, 2, t, 5);
  wire_say_bytes (w, 5);
  ml_say_command (w, P2P_ML_COMPLETED, 2, t, -1);
  wire_assert_log (w, "size id2 5\ndata id2 5\ndone id2\n");
}

/* No two requests whose answers may still come have one id. */
static void
test_ids (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");
  gint64 before[P2P_ML_DOWNLOAD_MAX_STALE] = { 0, };

  for (guint i = 0; i < 2000; i++) {
    gint64 r = ml_request (w, 1, 0);

    for (guint j = 0; j < MIN (i, G_N_ELEMENTS (before)); j++)
      g_assert_cmpint (before[j], !=, r);
    before[i % G_N_ELEMENTS (before)] = r;
    p2p_peer_cancel (w->peer, "id1");
    wire_run (w, 0);
    ml_assert_got (w, "cancel 1 r%d\n", (int) r);
  }
}

/* A request of which nothing comes, or not all. */
static void
time_out (Wire * w, gboolean begin)
{
  gint64 r = ml_request (w, 1, 0);

  if (begin) {
    wire_run (w, P2P_ML_DOWNLOAD_TIMEOUT - 1);
    ml_say_command (w, P2P_ML_DATA, 1, r, 10);
    wire_run (w, P2P_ML_DOWNLOAD_TIMEOUT - 1);
    wire_say_bytes (w, 5);
    wire_assert_log (w, "size id1 10\ndata id1 5\n");
  }
  wire_run (w, P2P_ML_DOWNLOAD_TIMEOUT - 1);
  wire_assert_log (w, "");
  wire_run (w, 1);
  ml_assert_got (w, "cancel 1 r%d\n", (int) r);
}

static void
test_timeout (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");
  gint64 r;

  time_out (w, FALSE);
  wire_assert_log (w, "timeout id1\n");
  time_out (w, TRUE);
  wire_assert_log (w, "timeout id1\n");
  /* What still comes of them is known. */
  wire_say_bytes (w, 5);
  r = ml_request (w, 1, 0);
  ml_say_command (w, P2P_ML_DATA, 1, r, 1);
  wire_say_bytes (w, 1);
  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  wire_assert_log (w, "size id1 1\ndata id1 1\ndone id1\n");

  /* Not in a row with those. */
  time_out (w, TRUE);
  wire_assert_log (w, "timeout id1\n");
  time_out (w, FALSE);
  wire_assert_log (w, "timeout id1\n");
  time_out (w, FALSE);
  wire_assert_log (w, "timeout id1\nclosed\n");
  wire_run (w, 0);
  g_assert_true (w->gone);
}

/* Being asked */

static void
test_serve (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  wire_hold (w, 0, 200000);
  wire_hold (w, 2, 1);
  wire_announce (w);
  wire_assert_got (w, "announcement 0,2\n");
  ml_say_command (w, P2P_ML_REQUEST, 0, 999, -1);
  wire_assert_got (w, "data 0 r999 s200000\n#65535\n#65535\n#65535\n#3395\n"
      "completed 0 r999\n");
  ml_say_command (w, P2P_ML_REQUEST, 2, 0, -1);
  wire_assert_got (w, "data 2 r0 s1\n#1\ncompleted 2 r0\n");
  g_assert_cmpuint (w->n_turns, ==, 2);
  g_assert_cmpuint (w->n_sent, ==, 2);

  /* Not here, though it has a name; no such thing */
  ml_say_command (w, P2P_ML_REQUEST, 1, 5, -1);
  ml_say_command (w, P2P_ML_REQUEST, WIRE_SEGMENTS, 6, -1);
  wire_assert_got (w, "absent 1 r5\nabsent 40 r6\n");
}

/* The end of a segment, its very end, and beyond. */
static void
test_serve_rest (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  wire_hold (w, 0, 100000);
  ml_say_command (w, P2P_ML_REQUEST, 0, 1, 40000);
  wire_assert_got (w, "data 0 r1 s60000\n#60000\ncompleted 0 r1\n");
  wire_assert_log (w, "uploaded 60000\n");
  ml_say_command (w, P2P_ML_REQUEST, 0, 2, 99999);
  wire_assert_got (w, "data 0 r2 s1\n#1\ncompleted 0 r2\n");
  ml_say_command (w, P2P_ML_REQUEST, 0, 3, 100000);
  ml_say_command (w, P2P_ML_REQUEST, 0, 4, 400000);
  ml_say_command (w, P2P_ML_REQUEST, 0, 5, P2P_ML_MAX_INT);
  wire_assert_got (w, "data 0 r3 s0\ncompleted 0 r3\n"
      "data 0 r4 s0\ncompleted 0 r4\ndata 0 r5 s0\ncompleted 0 r5\n");
}

/* What it takes in a message, and what may wait in the channel. */
static void
test_pressure (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  w->ours->max_message = 16384;
  w->ours->rate = 1000000;
  wire_hold (w, 0, 500000);
  ml_say_command (w, P2P_ML_REQUEST, 0, 1, -1);
  wire_run (w, 400 * P2P_MSEC);
  /* Announcements come in between; the last one of those that waited. */
  for (guint i = 0; i < 5; i++)
    wire_announce (w);
  wire_run (w, 200 * P2P_MSEC);
  g_assert_nonnull (strstr (w->got->str, "\nannouncement 0\n#16384\n"));
  wire_run (w, P2P_SECOND);
  g_assert_true (g_str_has_suffix (w->got->str, "\n#8480\ncompleted 0 r1\n"));
  g_assert_cmpuint (w->ours->max_binary, ==, 16384);
  g_assert_cmpuint (w->ours->max_buffered, <=, P2P_ML_WATER + 16384 + 100);
  g_assert_cmpuint (w->n_sent, ==, 1);
}

/* A new request takes the place of what is sent. */
static void
test_replaced (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  w->ours->rate = 1000000;
  wire_hold (w, 0, 1000000);
  wire_hold (w, 1, 10);
  ml_say_command (w, P2P_ML_REQUEST, 0, 1, -1);
  wire_run (w, 100 * P2P_MSEC);
  ml_say_command (w, P2P_ML_REQUEST, 1, 2, -1);
  wire_run (w, P2P_SECOND);
  g_assert_true (g_str_has_suffix (w->got->str,
          "#65535\ndata 1 r2 s10\n#10\ncompleted 1 r2\n"));
  g_assert_null (strstr (w->got->str, "completed 0"));
  g_assert_cmpuint (w->n_turns, ==, 2);
  g_assert_cmpuint (w->n_sent, ==, 2);
}

static void
test_stopped (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");
  guint n;

  w->ours->rate = 1000000;
  wire_hold (w, 0, 1000000);
  ml_say_command (w, P2P_ML_REQUEST, 0, 1, -1);
  wire_run (w, 100 * P2P_MSEC);
  /* Of something else */
  ml_say_command (w, P2P_ML_CANCEL, 0, 2, -1);
  n = w->ours->n_binary;
  wire_run (w, 100 * P2P_MSEC);
  g_assert_cmpuint (w->ours->n_binary, >, n);
  ml_say_command (w, P2P_ML_CANCEL, 0, 1, -1);
  n = w->ours->n_binary;
  wire_run (w, 10 * P2P_SECOND);
  g_assert_cmpuint (w->ours->n_binary, ==, n);
  g_assert_null (strstr (w->got->str, "completed"));
  g_assert_cmpuint (w->n_sent, ==, 1);
  /* When nothing is sent */
  ml_say_command (w, P2P_ML_CANCEL, 0, 1, -1);
  g_assert_cmpuint (w->n_sent, ==, 1);
}

/* It waits for its turn, but not so long that it takes us for dead. */
static void
test_patience (gconstpointer data)
{
  gboolean old = GPOINTER_TO_INT (data);
  g_autoptr (Wire) w = old ? ml_wire_new_old ("") : ml_wire_new ("");
  gint64 patience = old ? P2P_ML_PEER_SHORT_PATIENCE : P2P_ML_PEER_PATIENCE;

  g_assert_cmpint (patience, <, old ? P2P_SECOND : 2 * P2P_SECOND);
  wire_hold (w, 0, 10);
  w->turn = P2P_PEER_TURN_LATER;
  ml_say_command (w, P2P_ML_REQUEST, 0, old ? -1 : 1, -1);
  wire_run (w, patience - 1);
  wire_assert_got (w, "");
  wire_run (w, 1);
  wire_assert_got (w, old ? "data 0 s10\n#10\ncompleted 0\n"
      : "data 0 r1 s10\n#10\ncompleted 0 r1\n");
  g_assert_cmpuint (w->n_turns, ==, 1);
  g_assert_cmpuint (w->n_sent, ==, 1);
}

static void
test_turn (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  wire_hold (w, 0, 10);
  w->turn = P2P_PEER_TURN_LATER;
  ml_say_command (w, P2P_ML_REQUEST, 0, 1, -1);
  p2p_peer_serve (w->peer);
  wire_run (w, 0);
  wire_assert_got (w, "data 0 r1 s10\n#10\ncompleted 0 r1\n");
  g_assert_cmpuint (w->n_sent, ==, 1);
  wire_run (w, 10 * P2P_SECOND);
  wire_assert_got (w, "");

  /* It does not want it any more, or something else, while it waits. */
  ml_say_command (w, P2P_ML_REQUEST, 0, 2, -1);
  ml_say_command (w, P2P_ML_CANCEL, 0, 2, -1);
  g_assert_cmpuint (w->n_sent, ==, 2);
  ml_say_command (w, P2P_ML_REQUEST, 0, 3, -1);
  ml_say_command (w, P2P_ML_REQUEST, 0, 4, -1);
  g_assert_cmpuint (w->n_sent, ==, 3);
  wire_run (w, 10 * P2P_SECOND);
  wire_assert_got (w, "data 0 r4 s10\n#10\ncompleted 0 r4\n");
  /* A turn that nobody waits for is over at once. */
  p2p_peer_serve (w->peer);
  wire_run (w, 0);
  g_assert_cmpuint (w->n_sent, ==, 5);

  w->turn = P2P_PEER_TURN_NEVER;
  ml_say_command (w, P2P_ML_REQUEST, 0, 5, -1);
  wire_assert_got (w, "absent 0 r5\n");
  g_assert_cmpuint (w->n_sent, ==, 5);
}

static void
hold_text (Wire * w, const char *id, const char *text)
{
  P2pSegment *segment = p2p_segment_new ("http://h/s", id, 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (chunks, g_bytes_new (text, strlen (text)));
  p2p_segment_take_data (segment, chunks);
  g_hash_table_insert (w->segments, g_strdup (id), segment);
}

/* Bytes of a segment that look like a command are sent so that they do not. */
static void
test_misread (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  hold_text (w, "id0", "cstr, the start of the cend");
  ml_say_command (w, P2P_ML_REQUEST, 0, 1, -1);
  wire_assert_got (w, "data 0 r1 s27\n#26\n#1\ncompleted 0 r1\n");
}

/* Without request ids: 1.0.0 */

static void
test_old (void)
{
  g_autoptr (Wire) w = ml_wire_new_old ("1");

  g_assert_cmpint (ml_request (w, 1, 0), ==, -1);
  ml_say_command (w, P2P_ML_DATA, 1, -1, 20);
  wire_say_bytes (w, 20);
  ml_say_command (w, P2P_ML_COMPLETED, 1, -1, -1);
  wire_assert_log (w, "size id1 20\ndata id1 20\ndone id1\n");
  wire_hold (w, 2, 10);
  ml_say_command (w, P2P_ML_REQUEST, 2, -1, 4);
  wire_assert_got (w, "data 2 s6\n#6\ncompleted 2\n");
  wire_hold (w, 3, 1000000);
  w->ours->rate = 1000000;
  ml_say_command (w, P2P_ML_REQUEST, 3, -1, -1);
  ml_say_command (w, P2P_ML_CANCEL, 3, -1, -1);
  wire_run (w, P2P_SECOND);
  g_assert_null (strstr (w->got->str, "completed"));
}

/* All of it comes; what is held is passed over. */
static void
test_old_resume (void)
{
  g_autoptr (Wire) w = ml_wire_new_old ("1,2");

  ml_request (w, 1, 25);
  ml_say_command (w, P2P_ML_DATA, 1, -1, 40);
  for (guint i = 0; i < 4; i++)
    wire_say_bytes (w, 10);
  ml_say_command (w, P2P_ML_COMPLETED, 1, -1, -1);
  wire_assert_log (w, "size id1 40\ndata id1 5\ndata id1 10\ndone id1\n");
  ml_request (w, 2, 25);
  ml_say_command (w, P2P_ML_DATA, 2, -1, 25);
  wire_say_bytes (w, 25);
  wire_assert_log (w, "absent id2\n");
}

/* Nobody knows which of two requests is answered, and it does not matter. */
static void
test_old_again (void)
{
  g_autoptr (Wire) w = ml_wire_new_old ("1,2");

  ml_request (w, 1, 0);
  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, 0);
  wire_assert_got (w, "cancel 1\n");
  ml_request (w, 1, 5);
  ml_say_command (w, P2P_ML_DATA, 1, -1, 40);
  wire_say_bytes (w, 10);
  wire_say_bytes (w, 10);
  /* The second answer */
  ml_say_command (w, P2P_ML_DATA, 1, -1, 40);
  wire_say_bytes (w, 15);
  wire_say_bytes (w, 25);
  ml_say_command (w, P2P_ML_COMPLETED, 1, -1, -1);
  wire_assert_log (w, "size id1 40\ndata id1 5\ndata id1 10\ndata id1 20\n"
      "done id1\n");
  /* … or the third */
  ml_say_command (w, P2P_ML_DATA, 1, -1, 40);
  wire_say_bytes (w, 40);
  wire_assert_log (w, "");
}

/* Two of us */

static P2pSegment *
on_wanted (P2pPeer * peer, const char *id, gpointer data)
{
  return p2p_segment_ref (g_hash_table_lookup (((Wire *) data)->segments, id));
}

static void
on_nothing (P2pPeer * peer, gpointer data)
{
}

static void
on_uploaded (P2pPeer * peer, gsize size, gpointer data)
{
}

static void
test_two (void)
{
  static const P2pPeerEvents events = {
    on_nothing, NULL, NULL, NULL, on_wanted, on_uploaded, on_nothing
  };
  g_autoptr (Wire) w = ml_wire_new (NULL);
  g_autoptr (GPtrArray) loaded = g_ptr_array_new (), loading =
      g_ptr_array_new ();
  P2pPeer *other =
      p2p_ml_peer_new (w->clock, P2P_CHANNEL (w->theirs), w->names, "q",
      TRUE, TRUE);
  P2pSegment *segment;
  g_autoptr (GBytes) bytes = NULL;
  P2pPeerStats stats;

  w->theirs->rate = 2000000;
  wire_hold (w, 3, 3000000);
  p2p_peer_set_events (other, &events, w);
  g_ptr_array_add (loaded, (gpointer) "id3");
  p2p_peer_announce (other, loaded, loading, TRUE);
  wire_run (w, P2P_SECOND);
  wire_assert_log (w, "changed\n");
  p2p_peer_request (w->peer, "id3", TRUE);
  wire_run (w, P2P_SECOND);
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_ASKED);
  g_assert_cmpuint (stats.download_rate, >, 1000000);
  p2p_peer_get_stats (other, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_NEW);
  g_assert_cmpuint (stats.upload_rate, >, 1000000);
  /* Broken off, and gone on with. */
  p2p_peer_cancel (w->peer, "id3");
  p2p_peer_resume (w->peer, "id3", w->bytes->len, TRUE);
  wire_run (w, 2 * P2P_SECOND);
  g_assert_true (g_str_has_suffix (w->log->str, "\ndone id3\n"));
  segment = g_hash_table_lookup (w->segments, "id3");
  bytes = p2p_segment_get_data (segment);
  g_assert_cmpmem (w->bytes->data, w->bytes->len,
      g_bytes_get_data (bytes, NULL), 3000000);
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_IDLE);
  p2p_peer_close (other);
  wire_run (w, P2P_SECOND);
  g_assert_true (g_str_has_suffix (w->log->str, "\nclosed\n"));
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_CLOSED);
  g_assert_finalize_object (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ml-peer/open", test_open);
  g_test_add_func ("/ml-peer/theirs", test_theirs);
  g_test_add_func ("/ml-peer/full-block", test_full_block);
  g_test_add_func ("/ml-peer/ours", test_ours);
  g_test_add_func ("/ml-peer/numbers", test_numbers);
  g_test_add_func ("/ml-peer/names-go", test_names_go);
  g_test_add_func ("/ml-peer/numbers-again", test_numbers_again);
  g_test_add_func ("/ml-peer/much-to-tell", test_much_to_tell);
  g_test_add_func ("/ml-peer/request", test_request);
  g_test_add_func ("/ml-peer/resume", test_resume);
  g_test_add_func ("/ml-peer/resume-at-end", test_resume_at_end);
  g_test_add_func ("/ml-peer/absent", test_absent);
  g_test_add_func ("/ml-peer/cancel", test_cancel);
  g_test_add_func ("/ml-peer/ids", test_ids);
  g_test_add_func ("/ml-peer/timeout", test_timeout);
  g_test_add_func ("/ml-peer/serve", test_serve);
  g_test_add_func ("/ml-peer/serve-rest", test_serve_rest);
  g_test_add_func ("/ml-peer/pressure", test_pressure);
  g_test_add_func ("/ml-peer/replaced", test_replaced);
  g_test_add_func ("/ml-peer/stopped", test_stopped);
  g_test_add_data_func ("/ml-peer/patience", GINT_TO_POINTER (FALSE),
      test_patience);
  g_test_add_func ("/ml-peer/turn", test_turn);
  g_test_add_func ("/ml-peer/misread", test_misread);
  g_test_add_func ("/ml-peer/old", test_old);
  g_test_add_func ("/ml-peer/old-resume", test_old_resume);
  g_test_add_func ("/ml-peer/old-again", test_old_again);
  g_test_add_data_func ("/ml-peer/old-patience", GINT_TO_POINTER (TRUE),
      test_patience);
  g_test_add_func ("/ml-peer/two", test_two);
  return g_test_run ();
}
