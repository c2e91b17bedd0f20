/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mljsonwire.h"
#include "p2pbudget.h"
#include "p2pmljsondownload.h"
#include "p2pmljsonupload.h"
#include "p2psegment.h"

#include <string.h>

/* What a stranger may do to a P2pMlJsonPeer. Whatever it is: dropped, told once,
 * and nothing is left of it. */

static Wire *
g2_wire (void)
{
  return ml_json_wire_new (P2P_ML_WIRE_SHORT, ML_MAP ("0|1|2", "0,0,0"));
}

static Wire *
asking_wire (void)
{
  Wire *w = g2_wire ();

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, 0);
  wire_assert_got (w, ML_REQUEST ("1") "\n");
  return w;
}

static void
test_no_sense (void)
{
  static const char *const texts[] = {
    "GET / HTTP/1.1", "{\"c\":3}", "{\"c\":0,\"s\":5}", "{\"c\":1,\"i\":1}",
    "{\"", "{\"c\":3,\"i\":\"a}", "null", "{ \"c\":3,\"i\":\"" ML_STREAM "+1\"}"
  };
  g_autoptr (Wire) w = g2_wire ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    wire_say (w, texts[i]);
    wire_assert_log (w, "bad\n");
    ml_json_wire_say (w, texts[i]);
    wire_assert_log (w, "bad\n");
  }
  /* Of a later version, perhaps. */
  wire_say (w, "{\"c\":5,\"i\":\"a\"}");
  wire_say (w, "{\"d\":5}");
  wire_assert_log (w, "");
  wire_assert_got (w, "");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* One that shares nothing says nothing of it, and may stay if it wants anything;
 * one that says nothing at all may not. */
static void
test_silence (void)
{
  g_autoptr (Wire) silent = ml_json_wire_new (P2P_ML_WIRE_SHORT, NULL);
  g_autoptr (Wire) leech = ml_json_wire_new (P2P_ML_WIRE_SHORT, NULL);

  wire_say_bytes (silent, 10);
  wire_assert_log (silent, "bad\n");
  wire_run (silent, P2P_ML_JSON_PEER_PATIENCE - 1);
  wire_assert_log (silent, "");
  wire_run (silent, 1);
  wire_assert_log (silent, "closed\n");
  g_assert_true (silent->gone);

  wire_say (leech, ML_REQUEST ("1"));
  wire_run (leech, 3600 * P2P_SECOND);
  wire_assert_log (leech, "");
  g_assert_false (p2p_peer_is_idle (leech->peer));
}

/* A map that breaks the rules is one of nothing. */
static void
test_bad_maps (void)
{
  static const char *const maps[] = {
    "{\"c\":2}", "{\"c\":2,\"m\":7}", ML_MAP ("0|1|2", "0,0"),
    ML_MAP ("0|1|2", "0,0,2"), ML_MAP ("0|1|2", "0,0,\"0\""),
    ML_MAP ("0|1|2|", "0,0,0"), ML_MAP ("|||||||||||||||||", "0"),
    "{\"c\":2,\"m\":{\"" ML_STREAM "\":[\"1\",[0]],\"x\":[]}}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (maps); i++) {
    g_autoptr (Wire) w = g2_wire ();

    wire_say (w, maps[i]);
    wire_assert_log (w, "changed\n");
    for (guint k = 0; k < 3; k++) {
      g_autofree char *id = g_strdup_printf ("id%u", k);

      g_assert_cmpint (p2p_peer_has (w->peer, id), ==, P2P_PEER_HAS_NOT);
    }
  }
}

/* Ids that are no numbers, or no number that can be. */
static void
test_strange_ids (void)
{
  g_autoptr (Wire) w = g2_wire ();

  wire_say (w, ML_MAP ("|01|+1| 1|1 |-1|1e0|0x1|18446744073709551617|"
          "9007199254740993|\\u0000|\\ud83d\\ude00",
          "0,0,0,0,0,0,0,0,0,0,0,0"));
  wire_assert_log (w, "changed\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id1"), ==, P2P_PEER_HAS_NOT);
  wire_hold (w, 1, 10);
  wire_announce (w);
  g_string_truncate (w->got, 0);
  wire_say (w, ML_REQUEST ("+1"));
  wire_assert_got (w, ML_ABSENT ("+1") "\n");
  wire_say (w, ML_REQUEST ("18446744073709551617"));
  wire_assert_got (w, ML_ABSENT ("18446744073709551617") "\n");
  wire_say (w, ML_REQUEST (""));
  wire_assert_got (w, ML_ABSENT ("") "\n");
  wire_say (w, "{\"c\":3,\"i\":\"\"}");
  wire_assert_got (w, "{\"c\":1,\"i\":\"\"}\n");
  wire_assert_log (w, "");
}

static void
test_million (void)
{
  g_autoptr (Wire) w = g2_wire ();
  g_autoptr (GString) text = g_string_new ("{\"c\":2,\"m\":{\"" ML_STREAM
      "\":[\"0");

  for (guint i = 1; i < 1000000; i++)
    g_string_append_printf (text, "|%u", i);
  g_string_append (text, "\",[0");
  for (guint i = 1; i < 1000000; i++)
    g_string_append (text, ",0");
  g_string_append (text, "]]}}");
  w->theirs->max_message = G_MAXSIZE;
  wire_say (w, text->str);
  wire_assert_log (w, "bad\n");
  g_assert_cmpint (p2p_peer_has (w->peer, "id3"), ==, P2P_PEER_HAS_NOT);
}

static void
test_bytes_alone (void)
{
  g_autoptr (Wire) w = g2_wire ();

  wire_say_bytes (w, 1);
  wire_say_bytes (w, 65535);
  wire_assert_log (w, "bad\nbad\n");
}

static void
test_unasked (void)
{
  g_autoptr (Wire) w = g2_wire ();

  wire_say (w, ML_DATA ("1", "70000"));
  wire_assert_log (w, "bad\n");
  wire_say_bytes (w, 65535);
  wire_say_bytes (w, 4465);
  wire_assert_log (w, "");
  wire_say_bytes (w, 1);
  wire_assert_log (w, "bad\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* … while something else is asked for, or the same of another stream. */
static void
test_other_segment (void)
{
  static const char *const headers[] = {
    ML_DATA ("2", "9"), "{\"c\":0,\"i\":\"http://h/x.m3u8+1\",\"s\":9}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autoptr (Wire) w = asking_wire ();

    wire_say (w, headers[i]);
    wire_assert_log (w, "bad id1\n");
    wire_say_bytes (w, 9);
    wire_assert_log (w, "");
  }
}

/* The same header twice: the download is over, what comes of it is dropped. */
static void
test_header_twice (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, ML_DATA ("1", "70000"));
  wire_say_bytes (w, 65535);
  wire_say (w, ML_DATA ("1", "70000"));
  wire_assert_log (w, "size id1 70000\ndata id1 65535\nbad id1\n");
  wire_say_bytes (w, 65535);
  g_assert_false (p2p_peer_is_idle (w->peer));
  wire_say_bytes (w, 4465);
  wire_assert_log (w, "changed\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* As theirs have it, the download is over; what was said counts all the same. */
static void
test_command_in_a_segment (void)
{
  static const struct
  {
    const char *command, *log;
  } cases[] = {
    {ML_MAP ("1", "0"), "changed\n"},
    {ML_REQUEST ("5"), "uploaded 7\nchanged\n"},
    {ML_CANCEL ("5"), ""},
    {ML_ABSENT ("2"), ""},
    {ML_ABSENT ("1"), ""}
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Wire) w = asking_wire ();
    g_autofree char *log = g_strconcat ("bad id1\n", cases[i].log, NULL);

    wire_hold (w, 5, 7);
    wire_announce (w);
    wire_say (w, ML_DATA ("1", "70000"));
    wire_say_bytes (w, 65535);
    wire_assert_log (w, "size id1 70000\ndata id1 65535\n");
    ml_json_wire_say (w, cases[i].command);
    wire_assert_log (w, log);
    wire_say_bytes (w, 4465);
    wire_assert_log (w, "changed\n");
    g_assert_true (p2p_peer_is_idle (w->peer));
    g_assert_cmpuint (w->bytes->len, ==, 65535);
  }
}

/* Sizes that cannot be: it is closed. */
static void
test_bad_sizes (void)
{
  static const char *const sizes[] = {
    "-1", "1.5", "\"9\"", "null", "67108865", "1e300"
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Wire) w = asking_wire ();
    g_autofree char *text = g_strdup_printf ("{\"c\":0,\"i\":" ML_ID ("1")
        ",\"s\":%s}", sizes[i]);

    wire_say (w, text);
    wire_assert_log (w, "bad id1\nclosed\n");
    g_assert_true (w->gone);
  }
}

static void
test_too_much (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, ML_DATA ("1", "70000"));
  wire_say_bytes (w, 65535);
  wire_say_bytes (w, 4466);
  wire_assert_log (w, "size id1 70000\ndata id1 65535\nbad id1\nclosed\n");
  g_assert_true (w->gone);
}

/* Of what is dropped, too. */
static void
test_too_much_dropped (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, ML_DATA ("1", "70000"));
  p2p_peer_cancel (w->peer, "id1");
  wire_say_bytes (w, 65535);
  wire_say_bytes (w, 4466);
  wire_assert_log (w, "size id1 70000\nbad\nclosed\n");
}

/* Byte by byte: each would be kept as a thing of its own. */
static void
test_crumbs (void)
{
  g_autoptr (Wire) w = asking_wire ();

  wire_say (w, ML_DATA ("1", "70000"));
  for (guint i = 0; i < P2P_ML_JSON_DOWNLOAD_FEW; i++)
    wire_say_bytes (w, 1);
  g_assert_null (strstr (w->log->str, "bad"));
  g_string_truncate (w->log, 0);
  wire_say_bytes (w, 1);
  wire_assert_log (w, "bad id1\nclosed\n");
}

static void
test_empty_message (void)
{
  g_autoptr (Wire) w = asking_wire ();
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  wire_say (w, ML_DATA ("1", "70000"));
  w->ours->events->message (P2P_CHANNEL (w->ours), nothing, FALSE,
      w->ours->user_data);
  wire_assert_log (w, "size id1 70000\nbad id1\nclosed\n");
}

/* A thousand a second. */
static void
test_request_storm (void)
{
  g_autoptr (Wire) w = g2_wire ();
  guint bad = 0;

  for (guint i = 0; i < WIRE_SEGMENTS; i++)
    wire_hold (w, i, 200000);
  wire_announce (w);
  w->ours->rate = 1000000;
  for (guint i = 0; i < 10000; i++) {
    g_autofree char *text = g_strdup_printf ("{\"c\":3,\"i\":\"" ML_STREAM
        "+%u\"}", i % WIRE_SEGMENTS);

    g_string_truncate (w->log, 0);
    wire_say (w, text);
    bad += strstr (w->log->str, "bad\n") != NULL;
    wire_run (w, P2P_MSEC);
  }
  g_assert_cmpuint (bad, >=, 10000 - P2P_BUDGET_BURST - 10 * P2P_BUDGET_RATE);
  g_assert_cmpuint (bad, <, 5000);
  g_assert_cmpuint (w->ours->max_buffered, <=, P2P_ML_JSON_UPLOAD_MAX_BUFFERED);
}

/* Nobody reads what is answered: not more than the bound waits, in the channel or
 * outside. */
static void
test_stuck (void)
{
  g_autoptr (Wire) w = g2_wire ();
  guint absent = 0;

  for (guint i = 0; i < WIRE_SEGMENTS; i++)
    wire_hold (w, i, 200000);
  wire_announce (w);
  wire_say (w, ML_REQUEST ("0"));
  w->ours->stuck = TRUE;
  for (guint i = 0; i < 20000; i++) {
    g_autofree char *text = g_strdup_printf ("{\"c\":3,\"i\":\"" ML_STREAM
        "+%u\"}", i);

    wire_say (w, text);
    wire_run (w, P2P_SECOND / P2P_BUDGET_RATE);
  }
  g_assert_cmpuint (w->ours->max_buffered, <=, P2P_ML_JSON_UPLOAD_MAX_BUFFERED);
  w->ours->stuck = FALSE;
  g_string_truncate (w->got, 0);
  fake_channel_send_binary (w->ours, 1);
  wire_run (w, 60 * P2P_SECOND);
  for (const char *at = w->got->str; (at = strstr (at, "\"c\":1")); at++)
    absent++;
  g_assert_cmpuint (absent, <=, P2P_ML_JSON_UPLOAD_MAX_COMMANDS);
  g_assert_cmpuint (absent, >, 0);
}

static void
test_map_storm (void)
{
  g_autoptr (Wire) w = g2_wire ();
  guint n = 0;

  for (; n < 2 * P2P_BUDGET_BURST && !strstr (w->log->str, "bad"); n++)
    wire_say (w, ML_NO_MAP);
  g_assert_cmpuint (n, >=, P2P_BUDGET_BURST - 1);
  g_assert_cmpuint (n, <=, P2P_BUDGET_BURST + 1);
  /* Long ones cost more. */
  wire_run (w, 3600 * P2P_SECOND);
  g_string_truncate (w->log, 0);
  for (n = 0; n < 100 && !strstr (w->log->str, "bad"); n++) {
    g_autofree char *fill = g_strnfill (200000, ' ');
    g_autofree char *text = g_strdup_printf ("{\"c\":2,%s\"m\":{}}", fill);

    wire_say (w, text);
  }
  g_assert_cmpuint (n, <, 7);
}

/* A stranger's words that make a peer do it: whoever hears of it may close. */
static void
on_bad_close (gpointer data, const char *what)
{
  Wire *w = data;

  if (g_str_equal (what, "bad") || g_str_equal (what, "data"))
    p2p_peer_close (w->peer);
}

static void
test_closed_inside (void)
{
  static const char *const last[] = {
    ML_DATA ("1", "-1"), ML_DATA ("2", "5"), ML_MAP ("1", "0"), "{\"c\":3}"
  };

  for (guint i = 0; i <= G_N_ELEMENTS (last); i++) {
    g_autoptr (Wire) w = asking_wire ();

    if (i != 1 && i != 3)
      wire_say (w, ML_DATA ("1", "10"));
    g_string_truncate (w->log, 0);
    w->on_event = on_bad_close;
    if (i < G_N_ELEMENTS (last))
      ml_json_wire_say (w, last[i]);
    else
      wire_say_bytes (w, 10);
    g_assert_cmpuint (w->log->len, >, 0);
    g_assert_null (strstr (w->log->str, "closed"));
    g_assert_true (w->gone);
  }
}

static void
on_data_cancel (gpointer data, const char *what)
{
  Wire *w = data;

  if (g_str_equal (what, "data") || g_str_equal (what, "size"))
    p2p_peer_cancel (w->peer, "id1");
}

static void
test_cancelled_inside (void)
{
  g_autoptr (Wire) w = asking_wire ();

  w->on_event = on_data_cancel;
  wire_say (w, ML_DATA ("1", "10"));
  wire_say_bytes (w, 10);
  wire_assert_log (w, "size id1 10\nchanged\n");
  g_assert_true (p2p_peer_is_idle (w->peer));
}

/* G0 */

#define PIECE(n, data, index, count) "{\"command\":\"segment_data\",\"id\":" \
    ML_URL (n) ",\"data\":[" data "],\"pieceIndex\":" index \
    ",\"piecesCount\":" count "}"

static Wire *
asking_g0_wire (void)
{
  Wire *w = ml_json_wire_new (P2P_ML_WIRE_ARRAYS,
      "{\"command\":\"segments_map\",\"segments\":[" ML_URL ("1") "]}");

  p2p_peer_request (w->peer, "id1", FALSE);
  wire_run (w, 0);
  ml_json_wire_say (w, PIECE ("1", "1", "1", "3"));
  wire_assert_log (w, "alive id1\n");
  return w;
}

static void
test_g0_bad_pieces (void)
{
  static const char *const pieces[] = {
    PIECE ("1", "1", "1", "3"), PIECE ("1", "1", "0", "2"),
    PIECE ("1", "1", "3", "3"), PIECE ("1", "1", "-1", "3"),
    PIECE ("1", "", "0", "3"), PIECE ("1", "256", "0", "3"),
    PIECE ("1", "1", "0", "0"), PIECE ("1", "1", "0", "99999999")
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (Wire) w = asking_g0_wire ();

    ml_json_wire_say (w, pieces[i]);
    wire_assert_log (w, "bad id1\nclosed\n");
  }
}

/* Pieces of another segment are not read for nothing. */
static void
test_g0_storm (void)
{
  g_autoptr (Wire) w = asking_g0_wire ();
  guint n = 0;

  for (; n < 2 * P2P_BUDGET_BURST && !strstr (w->log->str, "bad"); n++)
    ml_json_wire_say (w, PIECE ("2", "1", "1", "3"));
  g_assert_cmpuint (n, <=, P2P_BUDGET_BURST);
  wire_assert_log (w, "bad id1\n");
}

/* … but those that are asked for are, however many. */
static void
test_g0_many_pieces (void)
{
  g_autoptr (Wire) w = asking_g0_wire ();

  ml_json_wire_say (w, PIECE ("1", "1", "0", "3"));
  ml_json_wire_say (w, PIECE ("1", "1", "2", "3"));
  g_string_truncate (w->log, 0);
  p2p_peer_request (w->peer, "id1", FALSE);
  for (guint i = 0; i < P2P_ML_JSON_MAX_PIECES; i++) {
    g_autofree char *text = g_strdup_printf ("{\"command\":\"segment_data\","
        "\"id\":" ML_URL ("1") ",\"data\":[1],\"pieceIndex\":%u,"
        "\"piecesCount\":%u}", i, P2P_ML_JSON_MAX_PIECES);

    ml_json_wire_say (w, text);
  }
  g_assert_true (g_str_has_suffix (w->log->str, "\ndone id1\n"));
  g_assert_null (strstr (w->log->str, "bad"));
}

static void
on_name (const char *name, gpointer data)
{
}

static void
on_data (const char *id, GBytes * bytes, gpointer data)
{
}

static void
on_size (const char *id, gsize size, gpointer data)
{
  g_assert_cmpuint (size, <=, P2P_SEGMENT_MAX_BYTES);
}

static void
on_done (const char *id, const GError * error, gpointer data)
{
}

static void
on_idle (gpointer data)
{
}

static void
on_lied (gpointer data)
{
  ++*(guint *) data;
}

/* No more than a segment may have. */
static void
test_g0_too_much (void)
{
  static const P2pMlJsonDownloadEvents events = {
    on_size, on_data, on_done, on_name, on_name, on_idle, on_lied
  };
  const guint most = P2P_SEGMENT_MAX_BYTES / P2P_ML_JSON_MAX_PIECE;

  for (guint n = most; n <= most + 1; n++) {
    g_autoptr (P2pClock) clock = p2p_clock_new (0);
    guint lies = 0;
    P2pMlJsonDownload *download =
        p2p_ml_json_download_new (clock, P2P_ML_WIRE_ARRAYS, &events, &lies);
    g_autofree guint8 *data = g_malloc0 (P2P_ML_JSON_MAX_PIECE);
    g_autoptr (GBytes) piece = g_bytes_new (data, P2P_ML_JSON_MAX_PIECE);
    P2pMlJson message = { P2P_ML_JSON_DATA,.id = (char *) "a",.piece = piece,
      .n_pieces = n
    };

    p2p_ml_json_download_begin (download, "id", "a");
    for (guint i = 0; i < n; i++) {
      message.index = i;
      p2p_ml_json_download_take_data (download, &message);
    }
    g_assert_cmpuint (lies, ==, n > most);
    g_assert_true (p2p_ml_json_download_is_idle (download) == (n == most));
    p2p_ml_json_download_free (download);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mljsonhostile/no-sense", test_no_sense);
  g_test_add_func ("/mljsonhostile/silence", test_silence);
  g_test_add_func ("/mljsonhostile/bad-maps", test_bad_maps);
  g_test_add_func ("/mljsonhostile/strange-ids", test_strange_ids);
  g_test_add_func ("/mljsonhostile/million", test_million);
  g_test_add_func ("/mljsonhostile/bytes-alone", test_bytes_alone);
  g_test_add_func ("/mljsonhostile/unasked", test_unasked);
  g_test_add_func ("/mljsonhostile/other-segment", test_other_segment);
  g_test_add_func ("/mljsonhostile/header-twice", test_header_twice);
  g_test_add_func ("/mljsonhostile/command-in-a-segment",
      test_command_in_a_segment);
  g_test_add_func ("/mljsonhostile/bad-sizes", test_bad_sizes);
  g_test_add_func ("/mljsonhostile/too-much", test_too_much);
  g_test_add_func ("/mljsonhostile/too-much-dropped", test_too_much_dropped);
  g_test_add_func ("/mljsonhostile/crumbs", test_crumbs);
  g_test_add_func ("/mljsonhostile/empty-message", test_empty_message);
  g_test_add_func ("/mljsonhostile/request-storm", test_request_storm);
  g_test_add_func ("/mljsonhostile/stuck", test_stuck);
  g_test_add_func ("/mljsonhostile/map-storm", test_map_storm);
  g_test_add_func ("/mljsonhostile/closed-inside", test_closed_inside);
  g_test_add_func ("/mljsonhostile/cancelled-inside", test_cancelled_inside);
  g_test_add_func ("/mljsonhostile/g0-bad-pieces", test_g0_bad_pieces);
  g_test_add_func ("/mljsonhostile/g0-storm", test_g0_storm);
  g_test_add_func ("/mljsonhostile/g0-many-pieces", test_g0_many_pieces);
  g_test_add_func ("/mljsonhostile/g0-too-much", test_g0_too_much);
  return g_test_run ();
}
