/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mlworld.h"
#include "p2pbudget.h"
#include "p2plink.h"
#include "p2pmldownload.h"
#include "p2pmlsend.h"

#include <string.h>

/* What a stranger may do to a P2pMlPeer. Whatever it is: dropped, told once, closed
 * if p2p-media-loader closes, and nothing is left of it. */

/* r: (out): of the request for id1 that is under way */
static Wire *
asking_wire (gint64 * r)
{
  Wire *w = ml_wire_new ("0-3");

  *r = ml_request (w, 1, 0);
  return w;
}

/* … and has begun: 10 of 20 bytes have come. */
static Wire *
coming_wire (gint64 * r)
{
  Wire *w = asking_wire (r);

  ml_say_command (w, P2P_ML_DATA, 1, *r, 20);
  wire_say_bytes (w, 10);
  wire_assert_log (w, "size id1 20\ndata id1 10\n");
  return w;
}

static void
assert_closed (Wire * w, const char *log)
{
  wire_run (w, 0);
  wire_assert_log (w, log);
  g_assert_true (w->gone);
  g_assert_false (p2p_peer_is_idle (w->peer));
}

/* It was told off, the request is cancelled, and the next one may be made. */
static void
assert_blamed (Wire * w, const char *log, gint64 r)
{
  wire_assert_log (w, log);
  wire_run (w, 0);
  if (r >= 0)
    ml_assert_got (w, "cancel 1 r%d\n", (int) r);
  else
    wire_assert_got (w, "");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* Bytes */

static void
test_bytes_alone (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");

  wire_say_bytes (w, 1);
  assert_blamed (w, "bad\n", -1);
}

static void
test_bytes_before_header (void)
{
  gint64 r;
  g_autoptr (Wire) w = asking_wire (&r);

  wire_say_bytes (w, 100);
  assert_blamed (w, "bad id1\n", r);
}

static void
test_no_bytes (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  w->ours->events->message (P2P_CHANNEL (w->ours), nothing, FALSE,
      w->ours->user_data);
  assert_closed (w, "bad id1\nclosed\n");
}

static void
test_too_many_bytes (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  wire_say_bytes (w, 11);
  assert_closed (w, "bad id1\nclosed\n");
}

static void
test_more_bytes (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  wire_say_bytes (w, 10);
  wire_say_bytes (w, 1);
  assert_closed (w, "data id1 10\nbad id1\nclosed\n");
}

static void
test_too_few_bytes (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  assert_closed (w, "bad id1\nclosed\n");
}

/* Of what was cancelled no more may come than was announced. */
static void
test_late_for_ever (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, 0);
  g_string_truncate (w->got, 0);
  wire_say_bytes (w, 10);
  assert_blamed (w, "", -1);
  wire_say_bytes (w, 1);
  assert_blamed (w, "bad\n", -1);
  ml_say_command (w, P2P_ML_DATA, 1, r, P2P_ML_MAX_INT);
  for (guint i = 0; i < P2P_SEGMENT_MAX_BYTES / 65536; i++)
    wire_say_bytes (w, 65536);
  assert_blamed (w, "", -1);
  wire_say_bytes (w, 1);
  assert_blamed (w, "bad\n", -1);
}

/* Headers */

static void
test_unasked (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");

  ml_say_command (w, P2P_ML_DATA, 1, 5, 20);
  assert_blamed (w, "bad\n", -1);
  wire_say_bytes (w, 20);
  ml_say_command (w, P2P_ML_COMPLETED, 1, 5, -1);
  assert_blamed (w, "", -1);
  wire_say_bytes (w, 1);
  assert_blamed (w, "bad\n", -1);
}

/* An answer to something else: of another segment, or another request. */
static void
test_other (gconstpointer data)
{
  gboolean segment = GPOINTER_TO_INT (data);
  gint64 r;
  g_autoptr (Wire) w = asking_wire (&r);

  ml_say_command (w, P2P_ML_DATA, segment ? 2 : 1, segment ? r : r + 1, 20);
  assert_blamed (w, "bad id1\n", r);
  wire_say_bytes (w, 20);
  assert_blamed (w, "", -1);
}

static void
test_other_in_the_middle (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  ml_say_command (w, P2P_ML_DATA, 1, r + 1, 10);
  assert_blamed (w, "bad id1\n", r);
  wire_say_bytes (w, 10);
  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  assert_blamed (w, "", -1);
}

static void
test_twice (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  ml_say_command (w, P2P_ML_DATA, 1, r, 20);
  assert_blamed (w, "bad id1\n", r);
}

/* More than a segment can have. */
static void
test_size (void)
{
  static const struct
  {
    gsize first;
    gint64 size;
  } sizes[] = {
    {0, P2P_SEGMENT_MAX_BYTES + 1}, {0, P2P_ML_MAX_INT},
    {1, P2P_SEGMENT_MAX_BYTES}, {1, P2P_ML_MAX_INT}
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Wire) w = ml_wire_new ("1");
    gint64 r = ml_request (w, 1, sizes[i].first);

    ml_say_command (w, P2P_ML_DATA, 1, r, sizes[i].size);
    assert_closed (w, "bad id1\nclosed\n");
  }
}

/* In 1.0.0, two answers for one segment are to be of one size. */
static void
test_old_sizes (void)
{
  g_autoptr (Wire) w = ml_wire_new_old ("1");

  ml_request (w, 1, 0);
  ml_say_command (w, P2P_ML_DATA, 1, -1, 20);
  ml_say_command (w, P2P_ML_DATA, 1, -1, 21);
  assert_closed (w, "size id1 20\nbad id1\nclosed\n");
}

/* Ends */

static void
test_completed_early (void)
{
  gint64 r;
  g_autoptr (Wire) w = asking_wire (&r);

  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  assert_closed (w, "bad id1\nclosed\n");
}

static void
test_other_completed (gconstpointer data)
{
  gboolean segment = GPOINTER_TO_INT (data);
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  wire_say_bytes (w, 10);
  ml_say_command (w, P2P_ML_COMPLETED, segment ? 2 : 1, segment ? r : r + 1,
      -1);
  assert_closed (w, "data id1 10\nbad id1\nclosed\n");
}

/* Ends of nothing mean nothing. */
static void
test_ends_of_nothing (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");
  gint64 r;

  ml_say_command (w, P2P_ML_COMPLETED, 1, 5, -1);
  ml_say_command (w, P2P_ML_ABSENT, 2, 5, -1);
  ml_say_command (w, P2P_ML_CANCEL, 1, 5, -1);
  r = ml_request (w, 1, 0);
  ml_say_command (w, P2P_ML_COMPLETED, 2, r, -1);
  ml_say_command (w, P2P_ML_ABSENT, 1, r + 1, -1);
  wire_assert_log (w, "");
  g_assert_false (p2p_peer_is_idle (w->peer));
}

/* Commands */

static void
test_no_sense (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  ml_say (w, "63737472" "016901" "63656e64");
  assert_blamed (w, "bad id1\n", r);
  wire_say (w, "{\"c\":2}");
  assert_blamed (w, "bad\n", -1);
  /* Of another generation */
  ml_say (w, "63737472" "77" "63656e64");
  assert_blamed (w, "", -1);
}

/* More ids than anybody holds: what was announced before holds. */
static void
test_long_list (void)
{
  g_autoptr (Wire) w = ml_wire_new ("1");

  ml_say_announcement (w, "0-16384", "");
  assert_blamed (w, "bad\n", -1);
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id0"), ==, P2P_PEER_HAS_NOT);
}

static void
test_strange_numbers (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  wire_hold (w, 1, 10);
  ml_say_command (w, P2P_ML_REQUEST, -1, 5, -1);
  ml_say_command (w, P2P_ML_REQUEST, -P2P_ML_MAX_INT, 6, -1);
  ml_say_command (w, P2P_ML_REQUEST, P2P_ML_MAX_INT, 7, -1);
  ml_assert_got (w, "absent -1 r5\nabsent -9007199254740991 r6\n"
      "absent 9007199254740991 r7\n");
  p2p_names_set_first (w->names, G_MAXUINT64);
  ml_say_command (w, P2P_ML_REQUEST, P2P_ML_MAX_INT, 8, -1);
  wire_announce (w);
  ml_assert_got (w, "absent 9007199254740991 r8\nannouncement\n");
  ml_say_announcement (w, "-1,0,9007199254740991", "-300");
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id0"), ==, P2P_PEER_HAS_NOT);
}

/* Storms */

static void
test_storm_of (Wire * w, const char *hex)
{
  wire_run (w, 3600 * P2P_SECOND);
  for (guint i = 0; i < P2P_BUDGET_BURST; i++)
    ml_say (w, hex);
  g_assert_null (strstr (w->log->str, "bad"));
  g_string_truncate (w->log, 0);
  ml_say (w, hex);
  wire_assert_log (w, "bad\n");
  wire_run (w, P2P_SECOND / P2P_BUDGET_RATE);
  ml_say (w, hex);
  g_assert_null (strstr (w->log->str, "bad"));
  ml_say (w, hex);
  g_assert_true (g_str_has_suffix (w->log->str, "bad\n"));
}

static void
test_announcement_storm (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  test_storm_of (w, "63737472" "0070100101" "0107" "63656e64");
  g_assert_cmpint (p2p_peer_has (w->peer, "id7"), ==, P2P_PEER_IS_LOADING);
  /* What is over is not read. */
  ml_say_announcement (w, "7", "");
  g_assert_cmpint (p2p_peer_has (w->peer, "id7"), ==, P2P_PEER_IS_LOADING);
}

/* Parts of a command count as well. */
static void
test_part_storm (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  ml_say (w, "63737472" "00" "64656e64");
  test_storm_of (w, "64737472" "64656e64");
}

static void
test_text_storm (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  for (guint i = 0; i < 3000; i++)
    wire_say (w, "x");
  g_assert_cmpuint (strlen (w->log->str), ==, 3000 * strlen ("bad\n"));
}

/* Nobody reads what is answered: not more than the bound waits, and each segment is
 * asked of the loader when it can be sent only. */
static void
test_request_storm (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");

  for (guint i = 0; i < WIRE_SEGMENTS; i++)
    wire_hold (w, i, 200000);
  w->ours->stuck = TRUE;
  for (guint i = 0; i < 900; i++) {
    ml_say_command (w, P2P_ML_REQUEST, i % (2 * WIRE_SEGMENTS), i, i);
    wire_announce (w);
  }
  g_assert_cmpuint (w->ours->max_buffered, <, P2P_ML_WATER + 65535 + 40000);
  g_assert_cmpuint (w->ours->n_binary, <, 900);
  g_assert_cmpuint (w->n_turns, ==, 1);
  g_assert_null (strstr (w->log->str, "bad"));

  /* The last one is served, if it can be. */
  ml_say_command (w, P2P_ML_REQUEST, 1, 5, -1);
  w->ours->stuck = FALSE;
  fake_channel_send_binary (w->ours, 1);
  wire_run (w, P2P_SECOND);
  g_assert_true (g_str_has_suffix (w->got->str, "completed 1 r5\n"));
}

/* … a thousand a second, of one who reads. */
static void
test_request_storm_read (void)
{
  g_autoptr (Wire) w = ml_wire_new ("");
  guint bad = 0;

  w->ours->rate = 1000000;
  wire_hold (w, 0, 200000);
  for (guint i = 0; i < 4000; i++) {
    ml_say_command (w, P2P_ML_REQUEST, 0, i % 1000, -1);
    wire_run (w, P2P_MSEC);
    bad += strstr (w->log->str, "bad") != NULL;
    g_string_truncate (w->log, 0);
  }
  g_assert_cmpuint (bad, >, 500);
  g_assert_cmpuint (w->ours->max_buffered, <, P2P_ML_WATER + 65535 + 100);
}

/* Who goes on like that is closed by whoever counts. */

static void
on_nothing (P2pLink * link, gpointer data)
{
}

static void
on_bad (P2pLink * link, gpointer data)
{
  (*(guint *) data)++;
}

static void
on_gone (P2pLink * link, gpointer data)
{
  *(guint *) data += 100;
  p2p_link_close (link);
}

static void
test_counted (void)
{
  static const P2pLinkEvents events = {
    .changed = on_nothing,.bad = on_bad,.closed = on_gone
  };
  g_autoptr (Wire) w = ml_wire_new ("1");
  guint n = 0;
  P2pLink *link = p2p_link_new (w->clock, w->peer, &events, &n);

  for (guint i = 1; i < P2P_LINK_MAX_BAD; i++) {
    wire_say_bytes (w, 1);
    g_assert_cmpuint (n, ==, i);
  }
  wire_say_bytes (w, 1);
  g_assert_cmpuint (n, ==, P2P_LINK_MAX_BAD + 100);
  p2p_link_unref (link);
  wire_run (w, 0);
  g_assert_true (w->gone);
}

/* It is closed in the middle of everything */

static const char *close_at;

static void
on_event (gpointer data, const char *what)
{
  Wire *w = data;

  if (g_str_equal (what, close_at))
    p2p_peer_close (w->peer);
}

static void
test_close_in_event (gconstpointer data)
{
  gint64 r;
  g_autoptr (Wire) w = asking_wire (&r);
  const char *last;

  close_at = data;
  w->on_event = on_event;
  wire_hold (w, 5, 500000);
  ml_say_command (w, P2P_ML_REQUEST, 5, 1, -1);
  wire_run (w, P2P_SECOND);
  ml_say_announcement (w, "1-7", "");
  ml_say_command (w, P2P_ML_DATA, 1, r, 20);
  wire_say_bytes (w, 20);
  ml_say_command (w, P2P_ML_COMPLETED, 1, r, -1);
  if (!w->gone) {
    g_string_truncate (w->got, 0);
    r = ml_request (w, 2, 0);
    ml_say_command (w, P2P_ML_ABSENT, 2, r, -1);
  }
  if (!w->gone) {
    ml_request (w, 3, 0);
    wire_run (w, P2P_ML_DOWNLOAD_TIMEOUT);
  }
  if (!w->gone) {
    g_string_truncate (w->got, 0);
    r = ml_request (w, 4, 0);
    ml_say_command (w, P2P_ML_COMPLETED, 4, r, -1);
  }
  wire_run (w, 0);
  g_assert_true (w->gone);
  /* Nothing came after it. */
  g_string_truncate (w->log, w->log->len - 1);
  last = strrchr (w->log->str, '\n');
  g_assert_true (g_str_has_prefix (last ? last + 1 : w->log->str, data));
  wire_run (w, 60 * P2P_SECOND);
}

/* The channel's end, with everything under way. */
static void
test_cut (void)
{
  gint64 r;
  g_autoptr (Wire) w = coming_wire (&r);

  wire_hold (w, 5, 500000);
  w->ours->rate = 1000;
  ml_say_command (w, P2P_ML_REQUEST, 5, 1, -1);
  g_string_truncate (w->log, 0);
  fake_channel_cut (w->ours);
  wire_assert_log (w, "closed\n");
  p2p_peer_serve (w->peer);
  p2p_peer_cancel (w->peer, "id1");
  wire_announce (w);
  wire_run (w, 60 * P2P_SECOND);
  wire_assert_log (w, "");
}

/* Nobody hears it any more. */
static void
test_no_events (void)
{
  gint64 r;
  g_autoptr (Wire) w = asking_wire (&r);

  wire_hold (w, 5, 10);
  w->turn = P2P_PEER_TURN_LATER;
  ml_say_command (w, P2P_ML_REQUEST, 5, 1, -1);
  p2p_peer_set_events (w->peer, NULL, NULL);
  wire_run (w, 60 * P2P_SECOND);
  wire_assert_log (w, "");
  ml_assert_got (w, "absent 5 r1\ncancel 1 r%d\n", (int) r);
}

int
main (int argc, char **argv)
{
  static const char *const events[] = {
    "changed", "size", "data", "done", "bad", "absent", "timeout", "uploaded",
    "closed"
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ml-hostile/bytes-alone", test_bytes_alone);
  g_test_add_func ("/ml-hostile/bytes-before-header", test_bytes_before_header);
  g_test_add_func ("/ml-hostile/no-bytes", test_no_bytes);
  g_test_add_func ("/ml-hostile/too-many-bytes", test_too_many_bytes);
  g_test_add_func ("/ml-hostile/more-bytes", test_more_bytes);
  g_test_add_func ("/ml-hostile/too-few-bytes", test_too_few_bytes);
  g_test_add_func ("/ml-hostile/late-for-ever", test_late_for_ever);
  g_test_add_func ("/ml-hostile/unasked", test_unasked);
  g_test_add_data_func ("/ml-hostile/other-segment", GINT_TO_POINTER (TRUE),
      test_other);
  g_test_add_data_func ("/ml-hostile/other-request", GINT_TO_POINTER (FALSE),
      test_other);
  g_test_add_func ("/ml-hostile/other-in-the-middle", test_other_in_the_middle);
  g_test_add_func ("/ml-hostile/twice", test_twice);
  g_test_add_func ("/ml-hostile/size", test_size);
  g_test_add_func ("/ml-hostile/old-sizes", test_old_sizes);
  g_test_add_func ("/ml-hostile/completed-early", test_completed_early);
  g_test_add_data_func ("/ml-hostile/other-segment-completed",
      GINT_TO_POINTER (TRUE), test_other_completed);
  g_test_add_data_func ("/ml-hostile/other-request-completed",
      GINT_TO_POINTER (FALSE), test_other_completed);
  g_test_add_func ("/ml-hostile/ends-of-nothing", test_ends_of_nothing);
  g_test_add_func ("/ml-hostile/no-sense", test_no_sense);
  g_test_add_func ("/ml-hostile/long-list", test_long_list);
  g_test_add_func ("/ml-hostile/strange-numbers", test_strange_numbers);
  g_test_add_func ("/ml-hostile/announcement-storm", test_announcement_storm);
  g_test_add_func ("/ml-hostile/part-storm", test_part_storm);
  g_test_add_func ("/ml-hostile/text-storm", test_text_storm);
  g_test_add_func ("/ml-hostile/request-storm", test_request_storm);
  g_test_add_func ("/ml-hostile/request-storm-read", test_request_storm_read);
  g_test_add_func ("/ml-hostile/counted", test_counted);
  g_test_add_func ("/ml-hostile/cut", test_cut);
  g_test_add_func ("/ml-hostile/no-events", test_no_events);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    g_autofree char *path = g_strconcat ("/ml-hostile/close-in-event/",
        events[i], NULL);

    g_test_add_data_func (path, events[i], test_close_in_event);
  }
  return g_test_run ();
}
