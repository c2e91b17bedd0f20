/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mljsonwire.h"
#include "p2pmljsondownload.h"
#include "p2pmljsontold.h"
#include "p2pmljsonupload.h"
#include "p2pmlsend.h"

#include <string.h>

#define G1_DATA(n, size) "{\"command\":\"segment_data\",\"segment_id\":" \
    ML_ID (n) ",\"segment_size\":" size "}"

static Wire *
g2_wire (const char *map)
{
  return ml_json_wire_new (P2P_ML_WIRE_SHORT, map);
}

static P2pPeerHas
has (Wire * w, const char *id)
{
  return p2p_peer_has (w->peer, id);
}

/* What each holds */

static void
test_open (void)
{
  g_autoptr (Wire) w = g2_wire (NULL);

  g_assert_false (p2p_peer_is_idle (w->peer));
  g_assert_cmpint (has (w, "id1"), ==, P2P_PEER_HAS_NOT);
  wire_say (w, ML_MAP ("3|1|2", "0,1,0"));
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  g_assert_cmpint (has (w, "id0"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (has (w, "id1"), ==, P2P_PEER_IS_LOADING);
  g_assert_cmpint (has (w, "id2"), ==, P2P_PEER_HAS);
  g_assert_cmpint (has (w, "id3"), ==, P2P_PEER_HAS);
  g_assert_cmpint (has (w, "id40"), ==, P2P_PEER_HAS_NOT);
  g_assert_false (p2p_peer_elects (w->peer));
  g_assert_false (p2p_peer_can_resume (w->peer));
  g_assert_cmpstr (p2p_peer_get_id (w->peer), ==, "p");
  g_assert_cmpstr (p2p_peer_get_remote_address (w->peer), ==, "192.0.2.2:6000");

  /* Each map is all that it has: text or binary. */
  ml_json_wire_say (w, ML_MAP ("1", "0"));
  g_assert_cmpint (has (w, "id1"), ==, P2P_PEER_HAS);
  g_assert_cmpint (has (w, "id2"), ==, P2P_PEER_HAS_NOT);
  ml_json_wire_say (w, ML_NO_MAP);
  g_assert_cmpint (has (w, "id1"), ==, P2P_PEER_HAS_NOT);
  wire_assert_log (w, "changed\nchanged\n");
}

/* Of a map with several streams only ours counts. */
static void
test_other_streams (void)
{
  g_autoptr (Wire) w = g2_wire ("{\"c\":2,\"m\":{\"" ML_STREAM "+V1\":"
      "[\"1|2\",[0,0]],\"" ML_STREAM "\":[\"2|3\",[0,1]],\"x\":[\"3\",[0]]}}");

  g_assert_cmpint (has (w, "id1"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (has (w, "id2"), ==, P2P_PEER_HAS);
  g_assert_cmpint (has (w, "id3"), ==, P2P_PEER_IS_LOADING);
}

static void
test_g1_map (void)
{
  g_autoptr (Wire) w = ml_json_wire_new (P2P_ML_WIRE_LONG,
      "{\"command\":\"segments_map\",\"segments\":[[" ML_ID ("1")
      ",\"loaded\"]," "[" ML_ID ("2")
      ",\"loading_by_http\"],[\"x+3\",\"loaded\"]]}");

  g_assert_cmpint (has (w, "id1"), ==, P2P_PEER_HAS);
  g_assert_cmpint (has (w, "id2"), ==, P2P_PEER_IS_LOADING);
  g_assert_cmpint (has (w, "id3"), ==, P2P_PEER_HAS_NOT);
}

static void
test_told (void)
{
  g_autoptr (Wire) w = g2_wire (NULL);

  wire_hold (w, 1, 10);
  wire_hold (w, 2, 10);
  wire_hold (w, WIRE_SEGMENTS, 10);
  g_ptr_array_add (w->loading, g_strdup ("id3"));
  wire_announce (w);
  wire_assert_got (w, ML_MAP ("1|2|3", "0,0,1") "\n");
  /* What has not changed is not said again. */
  wire_announce (w);
  wire_assert_got (w, "");
  wire_drop (w, 1);
  wire_drop (w, 2);
  wire_announce (w);
  wire_assert_got (w, ML_MAP ("3", "1") "\n");
  g_ptr_array_set_size (w->loading, 0);
  wire_announce (w);
  wire_assert_got (w, ML_NO_MAP "\n");
  g_assert_cmpuint (w->ours->texts->len, ==, 0);
}

static void
test_told_older (void)
{
  g_autoptr (Wire) w0 = ml_json_wire_new (P2P_ML_WIRE_ARRAYS, NULL);
  g_autoptr (Wire) w1 = ml_json_wire_new (P2P_ML_WIRE_LONG, NULL);

  wire_hold (w0, 1, 10);
  g_ptr_array_add (w0->loading, g_strdup ("id3"));
  wire_announce (w0);
  wire_assert_got (w0, ML_ARRAYS_MAP (ML_URL ("1")) "\n");
  wire_hold (w1, 1, 10);
  g_ptr_array_add (w1->loading, g_strdup ("id3"));
  wire_announce (w1);
  wire_assert_got (w1, "{\"command\":\"segments_map\",\"segments\":[["
      ML_ID ("1") ",\"loaded\"],[" ML_ID ("3") ",\"loading_by_http\"]]}\n");
}

/* The playlist goes on: what was told is still had under its number; what has no
 * name is not told. */
static void
test_names_go (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("7", "0"));

  wire_hold (w, 7, 10);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  p2p_names_clear (w->names);
  wire_hold (w, 8, 10);
  wire_announce (w);
  wire_assert_got (w, "");
  g_assert_cmpint (has (w, "id7"), ==, P2P_PEER_HAS_NOT);
  wire_say (w, ML_REQUEST ("7"));
  wire_assert_got (w, ML_DATA ("7", "10") "\n#10\n");

  wire_begin_anew (w);
  wire_assert_got (w, "");
  wire_say (w, ML_REQUEST ("7"));
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, ML_DATA ("7", "20") "\n#20\n");
}

/* More than a browser takes: the first ones are left out. */
static void
test_much_to_tell (void)
{
  g_autoptr (Wire) w = ml_json_wire_new (P2P_ML_WIRE_LONG, NULL);

  p2p_names_clear (w->names);
  for (guint i = 10000; i < 13000; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);

    p2p_names_add (w->names, id, i, id);
    wire_hold (w, i, 1);
  }
  wire_announce (w);
  g_assert_cmpuint (w->got->len, <=, 65535);
  g_assert_cmpuint (w->got->len, >, 40000);
  g_assert_nonnull (strstr (w->got->str, "+12999\""));
  g_assert_null (strstr (w->got->str, "+10000\""));
}

/* Asking */

static void
test_request (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", TRUE);
  wire_run (w, 0);
  wire_assert_got (w, ML_REQUEST ("1") "\n");
  g_assert_false (p2p_peer_is_idle (w->peer));
  /* Commands are fine until it begins. */
  wire_say (w, ML_MAP ("1|2|3", "0,0,0"));
  wire_say (w, ML_DATA ("1", "70000"));
  wire_say_bytes (w, 65535);
  wire_assert_log (w, "changed\nsize id1 70000\ndata id1 65535\n");
  wire_say_bytes (w, 4465);
  wire_assert_log (w, "data id1 4465\ndone id1\n");
  g_assert_cmpuint (w->bytes->len, ==, 70000);
  g_assert_true (p2p_peer_is_idle (w->peer));
  g_assert_cmpuint (w->ours->texts->len, ==, 0);

  p2p_peer_request (w->peer, "id2", FALSE);
  wire_say (w, ML_ABSENT ("2"));
  wire_assert_got (w, ML_REQUEST ("2") "\n");
  wire_assert_log (w, "absent id2\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  /* Until it says that it has it again. */
  g_assert_cmpint (has (w, "id2"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (has (w, "id3"), ==, P2P_PEER_HAS);
}

/* Nothing of it is there any more, as if it said so. */
static void
test_no_bytes (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_DATA ("2", "0"));
  wire_assert_log (w, "");
  wire_say (w, ML_DATA ("1", "0"));
  wire_assert_log (w, "absent id1\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  g_assert_cmpint (has (w, "id1"), ==, P2P_PEER_HAS_NOT);
  g_assert_cmpint (has (w, "id2"), ==, P2P_PEER_HAS_NOT);

  wire_say (w, ML_MAP ("1", "0"));
  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_DATA ("1", "70000"));
  p2p_peer_cancel (w->peer, "id1");
  wire_say (w, ML_DATA ("1", "0"));
  wire_assert_log (w, "changed\nsize id1 70000\nchanged\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

static void
test_g1_request (void)
{
  g_autoptr (Wire) w = ml_json_wire_new (P2P_ML_WIRE_LONG,
      "{\"command\":\"segments_map\",\"segments\":[[" ML_ID ("1")
      ",\"loaded\"]]}");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, G1_DATA ("1", "8"));
  wire_assert_got (w, "{\"command\":\"segment_request\",\"segment_id\":"
      ML_ID ("1") "}\n");
  wire_say_bytes (w, 8);
  wire_assert_log (w, "size id1 8\ndata id1 8\ndone id1\n");
  p2p_peer_request (w->peer, "id1", FALSE);
  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, 0);
  wire_assert_got (w, "{\"command\":\"segment_request\",\"segment_id\":"
      ML_ID ("1") "}\n{\"command\":\"cancel_segment_request\","
      "\"segment_id\":" ML_ID ("1") "}\n");
}

static void
on_done_request (gpointer data, const char *what)
{
  Wire *w = data;

  if (g_str_equal (what, "done") && p2p_peer_is_idle (w->peer))
    p2p_peer_request (w->peer, "id2", TRUE);
}

static void
test_request_when_done (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_DATA ("1", "5"));
  w->on_event = on_done_request;
  wire_say_bytes (w, 5);
  wire_assert_got (w, ML_REQUEST ("1") "\n" ML_REQUEST ("2") "\n");
}

/* A part of a segment that is JSON, and no command. */
static void
test_bytes_like_commands (void)
{
  static const char *const parts[] = {
    "{\"c\":9,\"i\":\"a\"}", "{\"not json}", "{\"c\":3}", "{\"\":{}}"
  };
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1", "0"));
  gsize sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    sum += strlen (parts[i]);
  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_DATA ("1", "40"));
  g_assert_cmpuint (sum, ==, 40);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    ml_json_wire_say (w, parts[i]);
  wire_assert_log (w, "size id1 40\ndata id1 15\ndata id1 11\ndata id1 7\n"
      "data id1 7\ndone id1\n");
}

/* Cancelling */

static void
test_cancel_while_it_comes (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_DATA ("1", "70000"));
  wire_assert_log (w, "size id1 70000\n");
  p2p_peer_cancel (w->peer, "id1");
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_run (w, 0);
  wire_assert_got (w, ML_REQUEST ("1") "\n" ML_CANCEL ("1") "\n");
  wire_run (w, P2P_ML_JSON_DOWNLOAD_TIMEOUT - 1);
  wire_say_bytes (w, 65535);
  wire_run (w, P2P_ML_JSON_DOWNLOAD_TIMEOUT - 1);
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_assert_log (w, "");
  wire_say_bytes (w, 4465);
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* One that does take it back goes on with what it is asked next; maps are fine
 * among what is dropped. */
static void
test_cancel_that_is_heard (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_DATA ("1", "70000"));
  wire_say_bytes (w, 65535);
  p2p_peer_cancel (w->peer, "id1");
  wire_say (w, ML_MAP ("2", "0"));
  wire_assert_log (w, "size id1 70000\ndata id1 65535\nchanged\n");
  wire_run (w, P2P_ML_JSON_DOWNLOAD_TIMEOUT);
  wire_assert_log (w, "changed\n");
  p2p_peer_request (w->peer, "id2", FALSE);
  wire_say (w, ML_DATA ("2", "5"));
  wire_say_bytes (w, 5);
  wire_assert_log (w, "size id2 5\ndata id2 5\ndone id2\n");
}

static void
test_cancel_before_it_comes (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", FALSE);
  p2p_peer_cancel (w->peer, "id1");
  p2p_peer_cancel (w->peer, "id1");
  wire_say (w, ML_ABSENT ("2"));
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_say (w, ML_ABSENT ("1"));
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));

  p2p_peer_request (w->peer, "id2", FALSE);
  p2p_peer_cancel (w->peer, "id2");
  wire_say (w, ML_DATA ("2", "5"));
  wire_say_bytes (w, 5);
  wire_assert_log (w, "changed\n");
}

/* Nobody answers: whoever asks is told so at last, and an answer that comes after
 * that is no crime. */
static void
test_timeout (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, P2P_ML_JSON_DOWNLOAD_TIMEOUT - 1);
  wire_assert_log (w, "");
  wire_assert_got (w, ML_REQUEST ("1") "\n");
  wire_run (w, 1);
  wire_assert_log (w, "timeout id1\n");
  wire_assert_got (w, ML_CANCEL ("1") "\n");
  g_assert_true (p2p_peer_is_idle (w->peer));

  p2p_peer_request (w->peer, "id2", FALSE);
  wire_say (w, ML_DATA ("1", "9"));
  wire_say_bytes (w, 9);
  wire_say (w, ML_DATA ("2", "8"));
  wire_say_bytes (w, 8);
  wire_assert_log (w, "size id2 8\ndata id2 8\ndone id2\n");
  wire_say (w, ML_DATA ("1", "9"));
  wire_assert_log (w, "bad\n");
}

/* Cancelled, and then silence: the wait ends without a word to who asked. */
static void
test_late_answer (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, 3 * P2P_SECOND);
  p2p_peer_cancel (w->peer, "id1");
  wire_run (w, P2P_ML_JSON_DOWNLOAD_TIMEOUT - 3 * P2P_SECOND - 1);
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_run (w, 1);
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* Serving */

static void
test_serve (void)
{
  g_autoptr (Wire) w = g2_wire (NULL);

  wire_hold (w, 5, 200000);
  wire_hold (w, 6, 65535);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  ml_json_wire_say (w, ML_REQUEST ("5"));
  wire_assert_got (w, ML_DATA ("5", "200000")
      "\n#65535\n#65535\n#65535\n#3395\n");
  wire_say (w, ML_REQUEST ("6"));
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, ML_DATA ("6", "65535") "\n#65535\n");
  /* Of another stream, not held, and not a number. */
  wire_say (w, "{\"c\":3,\"i\":\"http://h/x.m3u8+5\"}");
  wire_say (w, ML_REQUEST ("7"));
  wire_say (w, ML_REQUEST ("05"));
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, "{\"c\":1,\"i\":\"http://h/x.m3u8+5\"}\n"
      ML_ABSENT ("7") "\n" ML_ABSENT ("05") "\n");
  g_assert_nonnull (strstr (w->log->str, "uploaded 65535\n"));
  g_assert_cmpuint (w->ours->texts->len, ==, 0);
}

static void
test_serve_g1 (void)
{
  g_autoptr (Wire) w = ml_json_wire_new (P2P_ML_WIRE_LONG, NULL);

  wire_hold (w, 5, 65536);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  wire_say (w, "{\"command\":\"segment_request\",\"segment_id\":" ML_ID ("5")
      "}");
  wire_assert_got (w, G1_DATA ("5", "65536") "\n#65535\n#1\n");
  wire_say (w, "{\"command\":\"segment_request\",\"segment_id\":" ML_ID ("6")
      "}");
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, "{\"command\":\"segment_absent\",\"segment_id\":"
      ML_ID ("6") "}\n");
}

/* No command goes out among the bytes: each waits, a map is not said twice. */
static void
test_no_command_in_a_segment (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1|2", "0,0"));

  wire_hold (w, 5, 200000);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  w->ours->rate = 100000;
  wire_say (w, ML_REQUEST ("5"));
  wire_run (w, 100 * P2P_MSEC);
  wire_hold (w, 6, 10);
  wire_announce (w);
  wire_hold (w, 7, 10);
  wire_announce (w);
  wire_say (w, ML_REQUEST ("9"));
  wire_say (w, ML_REQUEST ("6"));
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_assert_log (w, "uploaded 65535\nuploaded 65535\n");
  wire_run (w, 10 * P2P_SECOND);
  wire_assert_got (w, ML_DATA ("5", "200000")
      "\n#65535\n#65535\n#65535\n#3395\n" ML_MAP ("5|6|7", "0,0,0") "\n"
      ML_ABSENT ("9") "\n" ML_DATA ("6", "10") "\n#10\n");
}

static void
on_free_request (gpointer data, const char *what)
{
  Wire *w = data;

  if (g_str_equal (what, "changed") && p2p_peer_is_idle (w->peer))
    p2p_peer_request (w->peer, "id1", TRUE);
}

/* It is not asked while it is sent something, and comes first after it. */
static void
test_asked_between_segments (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1", "0"));

  for (guint i = 5; i < 8; i++)
    wire_hold (w, i, 100000);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  w->ours->rate = 1000000;
  w->on_event = on_free_request;
  wire_say (w, ML_REQUEST ("5"));
  wire_say (w, ML_REQUEST ("6"));
  wire_say (w, ML_REQUEST ("7"));
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, ML_DATA ("5", "100000") "\n#65535\n#34465\n"
      ML_REQUEST ("1") "\n" ML_DATA ("6", "100000") "\n#65535\n#34465\n"
      ML_DATA ("7", "100000") "\n#65535\n#34465\n");
}

/* What it takes back is not sent, unless it has begun. */
static void
test_cancelled_by_them (void)
{
  g_autoptr (Wire) w = g2_wire (NULL);

  wire_hold (w, 5, 200000);
  wire_hold (w, 6, 10);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  w->ours->rate = 100000;
  wire_say (w, ML_REQUEST ("5"));
  wire_say (w, ML_REQUEST ("6"));
  wire_say (w, ML_CANCEL ("5"));
  wire_say (w, ML_CANCEL ("6"));
  wire_say (w, ML_CANCEL ("7"));
  wire_run (w, 10 * P2P_SECOND);
  wire_assert_got (w, ML_DATA ("5", "200000")
      "\n#65535\n#65535\n#65535\n#3395\n" ML_ABSENT ("6") "\n");
}

/* A segment with a part that they would take for a command, cut elsewhere. */
static void
test_cut_elsewhere (void)
{
  g_autoptr (Wire) w = g2_wire (NULL);
  P2pSegment *segment = p2p_segment_new ("http://h/s", "id5", 0, -1, 0);
  GPtrArray *chunks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (chunks, g_bytes_new_static ("{\"a\":123}", 9));
  p2p_segment_take_data (segment, chunks);
  g_hash_table_insert (w->segments, g_strdup ("id5"), segment);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  wire_say (w, ML_REQUEST ("5"));
  wire_assert_got (w, ML_DATA ("5", "9") "\n{\"a\":123\n#1\n");
}

/* Its end */

static void
test_end (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1", "0"));

  fake_channel_cut (w->theirs);
  wire_run (w, 0);
  wire_assert_log (w, "closed\n");
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_hold (w, 1, 10);
  wire_announce (w);
  p2p_peer_cancel (w->peer, "id1");
  p2p_peer_serve (w->peer);
  p2p_peer_close (w->peer);
}

static void
test_close (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1", "0"));
  P2pPeerStats stats;

  wire_hold (w, 5, 200000);
  wire_announce (w);
  w->ours->rate = 1000;
  wire_say (w, ML_REQUEST ("5"));
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_IDLE);
  p2p_peer_close (w->peer);
  g_string_truncate (w->log, 0);
  wire_run (w, 3600 * P2P_SECOND);
  wire_assert_log (w, "");
  g_assert_true (w->gone);
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_CLOSED);
}

/* Nobody listens any more, and it goes on for a while. */
static void
test_no_events (void)
{
  g_autoptr (Wire) w = g2_wire (ML_MAP ("1", "0"));

  wire_hold (w, 5, 200000);
  wire_hold (w, 6, 200000);
  wire_announce (w);
  w->ours->rate = 100000;
  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_REQUEST ("5"));
  wire_say (w, ML_REQUEST ("6"));
  wire_assert_log (w, "uploaded 65535\n");
  p2p_peer_set_events (w->peer, NULL, NULL);
  wire_run (w, 3600 * P2P_SECOND);
  wire_assert_log (w, "");
}

static void
test_stats (void)
{
  g_autoptr (Wire) w = g2_wire (NULL);
  P2pPeerStats stats;

  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_NEW);
  wire_say (w, ML_MAP ("1", "0"));
  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, ML_DATA ("1", "4000"));
  wire_say_bytes (w, 2000);
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpint (stats.state, ==, P2P_PEER_STATE_ASKED);
  g_assert_cmpuint (stats.download_rate, ==, 4000);
  g_assert_cmpuint (stats.upload_rate, ==, 0);
  g_assert_cmpuint (stats.bytes_received, >, 2000);
  g_assert_cmpuint (stats.bytes_sent, >, 0);
  wire_hold (w, 5, 1000);
  wire_announce (w);
  wire_say (w, ML_REQUEST ("5"));
  wire_assert_log (w, "changed\nsize id1 4000\ndata id1 2000\nbad id1\n"
      "uploaded 1000\nchanged\n");
  p2p_peer_get_stats (w->peer, &stats);
  g_assert_cmpuint (stats.upload_rate, ==, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mljsonpeer/open", test_open);
  g_test_add_func ("/mljsonpeer/other-streams", test_other_streams);
  g_test_add_func ("/mljsonpeer/g1-map", test_g1_map);
  g_test_add_func ("/mljsonpeer/told", test_told);
  g_test_add_func ("/mljsonpeer/told-older", test_told_older);
  g_test_add_func ("/mljsonpeer/names-go", test_names_go);
  g_test_add_func ("/mljsonpeer/much-to-tell", test_much_to_tell);
  g_test_add_func ("/mljsonpeer/request", test_request);
  g_test_add_func ("/mljsonpeer/no-bytes", test_no_bytes);
  g_test_add_func ("/mljsonpeer/g1-request", test_g1_request);
  g_test_add_func ("/mljsonpeer/request-when-done", test_request_when_done);
  g_test_add_func ("/mljsonpeer/bytes-like-commands", test_bytes_like_commands);
  g_test_add_func ("/mljsonpeer/cancel-while-it-comes",
      test_cancel_while_it_comes);
  g_test_add_func ("/mljsonpeer/cancel-that-is-heard",
      test_cancel_that_is_heard);
  g_test_add_func ("/mljsonpeer/cancel-before-it-comes",
      test_cancel_before_it_comes);
  g_test_add_func ("/mljsonpeer/timeout", test_timeout);
  g_test_add_func ("/mljsonpeer/late-answer", test_late_answer);
  g_test_add_func ("/mljsonpeer/serve", test_serve);
  g_test_add_func ("/mljsonpeer/serve-g1", test_serve_g1);
  g_test_add_func ("/mljsonpeer/no-command-in-a-segment",
      test_no_command_in_a_segment);
  g_test_add_func ("/mljsonpeer/asked-between-segments",
      test_asked_between_segments);
  g_test_add_func ("/mljsonpeer/cancelled-by-them", test_cancelled_by_them);
  g_test_add_func ("/mljsonpeer/cut-elsewhere", test_cut_elsewhere);
  g_test_add_func ("/mljsonpeer/end", test_end);
  g_test_add_func ("/mljsonpeer/close", test_close);
  g_test_add_func ("/mljsonpeer/no-events", test_no_events);
  g_test_add_func ("/mljsonpeer/stats", test_stats);
  return g_test_run ();
}
