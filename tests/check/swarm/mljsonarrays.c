/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first generation, in which the bytes are numbers in the text.
 */

#include "mljsonwire.h"
#include "p2pmljsondownload.h"
#include "p2pmljsonupload.h"
#include "p2pmlsend.h"

#include <string.h>

static void
say_piece (Wire * w, const char *url, guint index, guint n, const char *data)
{
  g_autofree char *text = g_strdup_printf ("{\"command\":\"segment_data\","
      "\"id\":%s,\"data\":[%s],\"pieceIndex\":%u,\"piecesCount\":%u}", url,
      data, index, n);

  ml_json_wire_say (w, text);
}

static Wire *
g0_wire (void)
{
  return ml_json_wire_new (P2P_ML_WIRE_ARRAYS, ML_ARRAYS_MAP (ML_URL ("1") ","
          ML_URL ("2")));
}

/* Pieces come in any order; the size is known when all are there. */
static void
test_g0_request (void)
{
  g_autoptr (Wire) w = g0_wire ();

  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS);
  g_assert_cmpint (p2p_peer_has (w->peer, "id3"), ==, P2P_PEER_HAS_NOT);
  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, 0);
  wire_assert_got (w, "{\"command\":\"segment_request\",\"id\":"
      ML_URL ("1") "}\n");
  say_piece (w, ML_URL ("1"), 2, 3, "50");
  say_piece (w, ML_URL ("2"), 0, 3, "9");
  wire_say (w, ML_ARRAYS_MAP (ML_URL ("1")));
  say_piece (w, ML_URL ("1"), 0, 3, "49,255");
  wire_assert_log (w, "alive id1\nchanged\nalive id1\n");
  say_piece (w, ML_URL ("1"), 1, 3, "0,1,2");
  wire_assert_log (w, "size id1 6\ndata id1 2\ndata id1 3\ndata id1 1\n"
      "done id1\n");
  g_assert_cmpmem (w->bytes->data, w->bytes->len, "1\377\0\1\0022", 6);
  g_assert_true (p2p_peer_is_idle (w->peer));
  p2p_peer_request (w->peer, "id1", FALSE);
  wire_say (w, "{\"command\":\"segment_absent\",\"id\":" ML_URL ("1") "}");
  wire_assert_log (w, "absent id1\n");
}

/* What is called by a URL with a query is not told of: it may be a secret. */
static void
test_g0_query (void)
{
  g_autoptr (Wire) w = ml_json_wire_new (P2P_ML_WIRE_ARRAYS, NULL);

  p2p_names_clear (w->names);
  p2p_names_add (w->names, "id1", 1, "seg001.ts?token=1");
  p2p_names_add (w->names, "id2", 2, "seg002.ts");
  wire_hold (w, 1, 10);
  wire_hold (w, 2, 10);
  wire_announce (w);
  g_assert_nonnull (strstr (w->got->str, "seg002.ts"));
  g_assert_null (strstr (w->got->str, "seg001.ts"));
}

/* Each piece gives it more time; who is too slow is told to stop. */
static void
test_g0_timeout (void)
{
  g_autoptr (Wire) w = g0_wire ();

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, P2P_ML_JSON_DOWNLOAD_TIMEOUT_G0 - 1);
  say_piece (w, ML_URL ("1"), 0, 3, "50");
  wire_run (w, P2P_ML_JSON_DOWNLOAD_TIMEOUT_G0 - 1);
  wire_assert_log (w, "alive id1\n");
  g_string_truncate (w->got, 0);
  wire_run (w, 1);
  wire_assert_log (w, "timeout id1\n");
  wire_assert_got (w, "{\"command\":\"cancel_segment_request\",\"id\":"
      ML_URL ("1") "}\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
  say_piece (w, ML_URL ("1"), 1, 3, "50");
  wire_assert_log (w, "");
}

static void
test_g0_cancel (void)
{
  g_autoptr (Wire) w = g0_wire ();

  p2p_peer_request (w->peer, "id1", FALSE);
  say_piece (w, ML_URL ("1"), 0, 3, "50");
  p2p_peer_cancel (w->peer, "id1");
  say_piece (w, ML_URL ("1"), 1, 3, "50");
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_assert_log (w, "alive id1\n");
  say_piece (w, ML_URL ("1"), 2, 3, "50");
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* 4 KiB in each; commands may be among them. */
static void
test_g0_serve (void)
{
  g_autoptr (Wire) w = g0_wire ();
  g_auto (GStrv) lines = NULL;

  wire_hold (w, 5, 8200);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  w->ours->rate = 10000;
  wire_say (w, "{\"command\":\"segment_request\",\"id\":"
      "\"http://h/v/seg005.ts?token=2\"}");
  wire_hold (w, 6, 10);
  wire_announce (w);
  g_assert_true (p2p_peer_is_idle (w->peer));
  wire_run (w, 10 * P2P_SECOND);
  lines = g_strsplit (w->got->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  g_assert_true (g_str_has_prefix (lines[0], "{\"command\":\"segment_data\","
          "\"id\":\"http://h/v/seg005.ts?token=2\",\"data\":[5,36,67,"));
  g_assert_true (g_str_has_suffix (lines[0],
          "],\"pieceIndex\":0,\"piecesCount\":3}"));
  g_assert_true (g_str_has_suffix (lines[1],
          "],\"pieceIndex\":1,\"piecesCount\":3}"));
  g_assert_true (g_str_has_suffix (lines[2],
          "],\"pieceIndex\":2,\"piecesCount\":3}"));
  g_assert_cmpstr (lines[3], ==, ML_ARRAYS_MAP (ML_URL ("5") "," ML_URL ("6")));
  wire_assert_log (w, "uploaded 8200\nchanged\n");
}

static void
test_g0_cancelled_by_them (void)
{
  g_autoptr (Wire) w = g0_wire ();

  wire_hold (w, 5, 1000000);
  wire_announce (w);
  w->ours->rate = 100000;
  wire_say (w, "{\"command\":\"segment_request\",\"id\":" ML_URL ("5") "}");
  g_string_truncate (w->got, 0);
  wire_say (w, "{\"command\":\"cancel_segment_request\",\"id\":" ML_URL ("5")
      "}");
  wire_run (w, 60 * P2P_SECOND);
  g_assert_true (g_str_has_suffix (w->got->str,
          "{\"command\":\"segment_absent\",\"id\":" ML_URL ("5") "}\n"));
  g_assert_cmpuint (w->ours->stats.bytes_sent, <, 200000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mljsonarrays/request", test_g0_request);
  g_test_add_func ("/mljsonarrays/query", test_g0_query);
  g_test_add_func ("/mljsonarrays/timeout", test_g0_timeout);
  g_test_add_func ("/mljsonarrays/cancel", test_g0_cancel);
  g_test_add_func ("/mljsonarrays/serve", test_g0_serve);
  g_test_add_func ("/mljsonarrays/cancelled-by-them",
      test_g0_cancelled_by_them);
  return g_test_run ();
}
