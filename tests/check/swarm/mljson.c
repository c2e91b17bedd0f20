/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljson.h"

#include <string.h>

/* As npm's p2p-media-loader-core 0.6.2 in Chromium spells it. */
#define VOD "http://127.0.0.1:28480/origin/vod/index.m3u8"
#define LIVE "http://127.0.0.1:28480/origin/live/w15/index.m3u8"

static gboolean
read_text (P2pMlJson * message, P2pMlWire kind, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return p2p_ml_json_read (message, kind, bytes);
}

static void
assert_writes (const P2pMlJson * message, P2pMlWire kind, const char *expect)
{
  g_autoptr (GBytes) bytes = p2p_ml_json_write (message, kind);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = g_strndup (data, size);

  g_assert_cmpstr (text, ==, expect);
  g_assert_true (p2p_ml_json_looks_like (bytes));
}

/* What is read is written as it was. */
static void
assert_same (P2pMlWire kind, const char *text, P2pMlJsonCommand command)
{
  g_auto (P2pMlJson) message = { 0, };

  g_assert_true (read_text (&message, kind, text));
  g_assert_cmpint (message.command, ==, command);
  assert_writes (&message, kind, text);
}

static void
test_captured (void)
{
  assert_same (P2P_ML_WIRE_SHORT, "{\"c\":3,\"i\":\"" VOD "+2\"}",
      P2P_ML_JSON_REQUEST);
  assert_same (P2P_ML_WIRE_SHORT, "{\"c\":0,\"i\":\"" VOD "+2\",\"s\":262824}",
      P2P_ML_JSON_DATA);
  assert_same (P2P_ML_WIRE_SHORT, "{\"c\":0,\"i\":\"" VOD "+2\",\"s\":0}",
      P2P_ML_JSON_DATA);
  assert_same (P2P_ML_WIRE_SHORT,
      "{\"c\":0,\"i\":\"" LIVE "+414\",\"s\":265832}", P2P_ML_JSON_DATA);
  assert_same (P2P_ML_WIRE_SHORT,
      "{\"c\":2,\"m\":{\"" VOD "\":[\"0|1\",[0,0]]}}", P2P_ML_JSON_MAP);
  assert_same (P2P_ML_WIRE_SHORT,
      "{\"c\":2,\"m\":{\"" VOD "\":"
      "[\"0|1|10|14|2|17|5|3|11|6|15|16|4\",[0,0,0,0,0,0,0,0,0,0,0,0,1]]}}",
      P2P_ML_JSON_MAP);
  assert_same (P2P_ML_WIRE_SHORT, "{\"c\":2,\"m\":{}}", P2P_ML_JSON_MAP);
  assert_same (P2P_ML_WIRE_SHORT, "{\"c\":1,\"i\":\"" VOD "+7\"}",
      P2P_ML_JSON_ABSENT);
  assert_same (P2P_ML_WIRE_SHORT, "{\"c\":4,\"i\":\"" VOD "+7\"}",
      P2P_ML_JSON_CANCEL);
}

/* The older two, as their sources spell them. */
static void
test_older (void)
{
  assert_same (P2P_ML_WIRE_LONG, "{\"command\":\"segments_map\",\"segments\":"
      "[[\"s+1\",\"loaded\"],[\"s+2\",\"loading_by_http\"]]}", P2P_ML_JSON_MAP);
  assert_same (P2P_ML_WIRE_LONG, "{\"command\":\"segment_request\","
      "\"segment_id\":\"s+1\"}", P2P_ML_JSON_REQUEST);
  assert_same (P2P_ML_WIRE_LONG, "{\"command\":\"segment_data\","
      "\"segment_id\":\"s+1\",\"segment_size\":9}", P2P_ML_JSON_DATA);
  assert_same (P2P_ML_WIRE_LONG, "{\"command\":\"segment_absent\","
      "\"segment_id\":\"s+1\"}", P2P_ML_JSON_ABSENT);
  assert_same (P2P_ML_WIRE_LONG, "{\"command\":\"cancel_segment_request\","
      "\"segment_id\":\"s+1\"}", P2P_ML_JSON_CANCEL);

  assert_same (P2P_ML_WIRE_ARRAYS, "{\"command\":\"segments_map\",\"segments\":"
      "[\"http://h/1.ts\",\"http://h/2.ts?a=1\"]}", P2P_ML_JSON_MAP);
  assert_same (P2P_ML_WIRE_ARRAYS, "{\"command\":\"segments_map\",\"segments\":"
      "[]}", P2P_ML_JSON_MAP);
  assert_same (P2P_ML_WIRE_ARRAYS, "{\"command\":\"segment_request\",\"id\":"
      "\"http://h/1.ts\"}", P2P_ML_JSON_REQUEST);
  assert_same (P2P_ML_WIRE_ARRAYS, "{\"command\":\"segment_data\",\"id\":"
      "\"http://h/1.ts\",\"data\":[0,71,255],\"pieceIndex\":1,"
      "\"piecesCount\":2}", P2P_ML_JSON_DATA);
  assert_same (P2P_ML_WIRE_ARRAYS, "{\"command\":\"segment_absent\",\"id\":"
      "\"http://h/1.ts\"}", P2P_ML_JSON_ABSENT);
  assert_same (P2P_ML_WIRE_ARRAYS, "{\"command\":\"cancel_segment_request\","
      "\"id\":\"http://h/1.ts\"}", P2P_ML_JSON_CANCEL);
}

static void
test_map (void)
{
  g_auto (P2pMlJson) message = { 0, };
  P2pMlJsonStream *stream;

  g_assert_true (read_text (&message, P2P_ML_WIRE_SHORT,
          "{\"c\":2,\"m\":{\"a+V0\":[\"5|7|6\",[1,0,1]],\"a+V1\":[\"\",[0]]}}"));
  g_assert_cmpuint (message.streams->len, ==, 2);
  stream = g_ptr_array_index (message.streams, 0);
  g_assert_cmpstr (stream->name, ==, "a+V0");
  g_assert_cmpuint (stream->loaded->len, ==, 1);
  g_assert_cmpstr (stream->loaded->pdata[0], ==, "7");
  g_assert_cmpuint (stream->loading->len, ==, 2);
  g_assert_cmpstr (stream->loading->pdata[0], ==, "5");
  g_assert_cmpstr (stream->loading->pdata[1], ==, "6");
  /* Nothing is one segment without a name. */
  stream = g_ptr_array_index (message.streams, 1);
  g_assert_cmpuint (stream->loaded->len, ==, 1);
  g_assert_cmpstr (stream->loaded->pdata[0], ==, "");
}

/* … so that a stream without any is not written. */
static void
test_write_no_ids (void)
{
  g_auto (P2pMlJson) map = { P2P_ML_JSON_MAP,
    .streams = p2p_ml_json_streams_new ()
  };

  p2p_ml_json_streams_add (map.streams, "a");
  assert_writes (&map, P2P_ML_WIRE_SHORT, "{\"c\":2,\"m\":{}}");
}

/* In G0 nobody would know what a status is. */
static void
test_write_loading (void)
{
  g_auto (P2pMlJson) map = { P2P_ML_JSON_MAP,
    .streams = p2p_ml_json_streams_new ()
  };
  P2pMlJsonStream *stream = p2p_ml_json_streams_add (map.streams, "a");

  g_ptr_array_add (stream->loading, g_strdup ("1"));
  assert_writes (&map, P2P_ML_WIRE_SHORT,
      "{\"c\":2,\"m\":{\"a\":[\"1\",[1]]}}");
  assert_writes (&map, P2P_ML_WIRE_ARRAYS,
      "{\"command\":\"segments_map\",\"segments\":[]}");
}

/* What strangers say */

static void
test_raw (void)
{
  static const char *const raw[] = {
    "", "{", "{}", "{\"", "{\"}", " {\"c\":3,\"i\":\"a+1\"}",
    "{ \"c\":3,\"i\":\"a+1\"}", "{\"c\":3,\"i\":\"a+1\"} ", "[\"c\"]",
    "{\"c\":3,\"i\":\"a+1\"", "{\"c\":3,\"i\":\"a+1}", "{\"c\":3,i:1}",
    "{\"c\":3}}", "{\"c\":3}{\"c\":3}", "{\"\xff\":1}", "{\"c\":03}",
    "\x47\x40\x11\x10}", "{\"G@\x11\x10}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (raw); i++) {
    g_auto (P2pMlJson) message = { 0, };

    for (P2pMlWire kind = P2P_ML_WIRE_ARRAYS; kind <= P2P_ML_WIRE_SHORT; kind++)
      if (read_text (&message, kind, raw[i]))
        g_error ("taken for a command: %s", raw[i]);
  }
}

static void
test_looks_like (void)
{
  static const char *const texts[] = { "{\"}", "{\"c\":3}", "{\"G@\x11\x10}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (texts[i], strlen (texts[i]));
    g_autoptr (GBytes) less = g_bytes_new_from_bytes (bytes, 0,
        strlen (texts[i]) - 1);

    g_assert_true (p2p_ml_json_looks_like (bytes));
    g_assert_false (p2p_ml_json_looks_like (less));
  }
}

static void
assert_command (P2pMlWire kind, const char *text, P2pMlJsonCommand command)
{
  g_auto (P2pMlJson) message = { 0, };

  g_assert_true (read_text (&message, kind, text));
  if (message.command != command)
    g_error ("%s is read as %d", text, message.command);
}

static void
test_unknown (void)
{
  static const char *const texts[] = {
    "{\"c\":5,\"i\":\"a\"}", "{\"c\":6}", "{\"c\":-1}", "{\"c\":\"3\"}",
    "{\"c\":2.5}", "{\"c\":null}", "{\"c\":[2]}", "{\"C\":2}", "{\"\":0}",
    "{\"c\":4294967296}", "{\"c\":1e300}", "{\"command\":\"\"}",
    "{\"command\":3}", "{\"command\":\"Segments_map\"}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (P2pMlWire kind = P2P_ML_WIRE_ARRAYS; kind <= P2P_ML_WIRE_SHORT; kind++)
      assert_command (kind, texts[i], P2P_ML_JSON_UNKNOWN);
  assert_command (P2P_ML_WIRE_LONG, "{\"c\":3,\"i\":\"a+1\"}",
      P2P_ML_JSON_UNKNOWN);
  assert_command (P2P_ML_WIRE_SHORT, "{\"command\":\"segment_request\","
      "\"segment_id\":\"s+1\"}", P2P_ML_JSON_UNKNOWN);
}

static void
test_bad_id (void)
{
  g_autofree char *longest = g_strnfill (P2P_ML_JSON_MAX_ID, 'x');
  g_autofree char *fine = g_strdup_printf ("{\"c\":3,\"i\":\"%s\"}", longest);
  g_autofree char *too_long =
      g_strdup_printf ("{\"c\":3,\"i\":\"%sx\"}", longest);

  assert_command (P2P_ML_WIRE_SHORT, fine, P2P_ML_JSON_REQUEST);
  assert_command (P2P_ML_WIRE_SHORT, too_long, P2P_ML_JSON_BROKEN);
  assert_command (P2P_ML_WIRE_SHORT, "{\"c\":3}", P2P_ML_JSON_BROKEN);
  assert_command (P2P_ML_WIRE_SHORT, "{\"c\":0,\"i\":1}", P2P_ML_JSON_BROKEN);
  assert_command (P2P_ML_WIRE_SHORT, "{\"c\":1,\"i\":null}",
      P2P_ML_JSON_BROKEN);
  assert_command (P2P_ML_WIRE_SHORT, "{\"c\":4,\"i\":[\"a\"]}",
      P2P_ML_JSON_BROKEN);
  assert_command (P2P_ML_WIRE_LONG,
      "{\"command\":\"segment_request\"," "\"id\":\"a\"}", P2P_ML_JSON_BROKEN);
  assert_command (P2P_ML_WIRE_ARRAYS,
      "{\"command\":\"segment_request\"," "\"segment_id\":\"a\"}",
      P2P_ML_JSON_BROKEN);
}

static void
test_bad_size (void)
{
  static const char *const sizes[] = {
    "-1", "1.5", "\"5\"", "null", "true", "[5]", "{}", "67108865",
    "9007199254740993", "1e300", "99999999999999999999999999"
  };
  g_auto (P2pMlJson) none = { 0, };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_auto (P2pMlJson) message = { 0, };
    g_autofree char *text =
        g_strdup_printf ("{\"c\":0,\"i\":\"a+1\",\"s\":%s}", sizes[i]);

    g_assert_true (read_text (&message, P2P_ML_WIRE_SHORT, text));
    g_assert_cmpint (message.command, ==, P2P_ML_JSON_DATA);
    g_assert_cmpint (message.size, ==, -1);
  }
  g_assert_true (read_text (&none, P2P_ML_WIRE_SHORT,
          "{\"c\":0,\"i\":\"a+1\"}"));
  g_assert_cmpint (none.size, ==, -1);
}

/* All or nothing, as theirs reads them. */
static const char *const bad_maps[] = {
  "{\"c\":2}", "{\"c\":2,\"m\":[]}", "{\"c\":2,\"m\":null}",
  "{\"c\":2,\"m\":{\"a\":null}}", "{\"c\":2,\"m\":{\"a\":[]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\"]}}", "{\"c\":2,\"m\":{\"a\":[\"1\",0]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\",[0],0]}}", "{\"c\":2,\"m\":{\"a\":[1,[0]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\",[]]}}", "{\"c\":2,\"m\":{\"a\":[\"\",[]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1|2\",[0]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\",[0,0]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1|\",[0]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\",[2]]}}", "{\"c\":2,\"m\":{\"a\":[\"1\",[-1]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\",[\"0\"]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\",[null]]}}",
  "{\"c\":2,\"m\":{\"a\":[\"1\",[0.5]]}}",
  "{\"c\":2,\"m\":{\"b\":[\"1\",[0]],\"a\":[\"2\",[9]]}}",
}, *const bad_lists[] = {

  "{\"command\":\"segments_map\"}",
  "{\"command\":\"segments_map\",\"segments\":{}}",
  "{\"command\":\"segments_map\",\"segments\":[1]}",
  "{\"command\":\"segments_map\",\"segments\":[[]]}",
  "{\"command\":\"segments_map\",\"segments\":[[\"a+1\"]]}",
  "{\"command\":\"segments_map\",\"segments\":[[\"a+1\",0]]}",
  "{\"command\":\"segments_map\",\"segments\":[[1,\"loaded\"]]}",
  "{\"command\":\"segments_map\",\"segments\":[[\"a+1\",\"Loaded\"]]}",
  "{\"command\":\"segments_map\",\"segments\":"
      "[[\"a+1\",\"loaded\"],[\"a+2\",\"loaded\",1]]}",
  "{\"command\":\"segments_map\",\"segments\":[[\"a+1\",\"loaded\"],\"a+2\"]}",
};

static void
assert_empty_map (P2pMlWire kind, const char *text)
{
  g_auto (P2pMlJson) message = { 0, };

  g_assert_true (read_text (&message, kind, text));
  g_assert_cmpint (message.command, ==, P2P_ML_JSON_MAP);
  if (message.streams->len > 0)
    g_error ("taken: %.100s", text);
}

static void
test_bad_map (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_maps); i++)
    assert_empty_map (P2P_ML_WIRE_SHORT, bad_maps[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad_lists); i++)
    assert_empty_map (P2P_ML_WIRE_LONG, bad_lists[i]);
  assert_empty_map (P2P_ML_WIRE_ARRAYS, bad_lists[2]);
  assert_empty_map (P2P_ML_WIRE_ARRAYS,
      "{\"command\":\"segments_map\",\"segments\":[\"a\",null]}");
}

static char *
make_map (guint n_ids, guint n_statuses, const char *id)
{
  GString *text = g_string_new ("{\"c\":2,\"m\":{\"a\":[\"");

  for (guint i = 0; i < n_ids; i++)
    g_string_append_printf (text, "%s%s", i ? "|" : "", id);
  g_string_append (text, "\",[");
  for (guint i = 0; i < n_statuses; i++)
    g_string_append (text, i ? ",0" : "0");
  g_string_append (text, "]]}}");
  return g_string_free (text, FALSE);
}

static void
test_long_map (void)
{
  g_auto (P2pMlJson) message = { 0, };
  g_autofree char *most = make_map (P2P_ML_JSON_MAX_IDS, P2P_ML_JSON_MAX_IDS,
      "1");
  g_autofree char *more = make_map (P2P_ML_JSON_MAX_IDS + 1,
      P2P_ML_JSON_MAX_IDS + 1, "1");
  g_autofree char *million = make_map (1000000, 1000000, "1");
  g_autofree char *pipes = make_map (200000, 1, "");
  g_autofree char *statuses = make_map (1, 100000, "1");

  g_assert_true (read_text (&message, P2P_ML_WIRE_SHORT, most));
  g_assert_cmpuint (((P2pMlJsonStream *) message.streams->pdata[0])->loaded->
      len, ==, P2P_ML_JSON_MAX_IDS);
  assert_empty_map (P2P_ML_WIRE_SHORT, more);
  assert_empty_map (P2P_ML_WIRE_SHORT, pipes);
  assert_empty_map (P2P_ML_WIRE_SHORT, statuses);
  g_assert_false (read_text (&message, P2P_ML_WIRE_SHORT, million));
}

/* Many streams with a few ids each are as many ids. */
static void
test_many_streams (void)
{
  g_autoptr (GString) text = g_string_new ("{\"c\":2,\"m\":{\"\":[\"1\",[0]]");
  g_auto (P2pMlJson) message = { 0, };

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (text, ",\"%u\":[\"||||||||\","
        "[0,0,0,0,0,0,0,0,0]]", i);
  g_string_append (text, "}}");
  assert_empty_map (P2P_ML_WIRE_SHORT, text->str);
}

static void
test_bad_piece (void)
{
  static const char *const pieces[] = {
    "", "\"data\":[1],\"pieceIndex\":0", "\"data\":[1],\"piecesCount\":1",
    "\"pieceIndex\":0,\"piecesCount\":1",
    "\"data\":[],\"pieceIndex\":0,\"piecesCount\":1",
    "\"data\":\"1\",\"pieceIndex\":0,\"piecesCount\":1",
    "\"data\":[256],\"pieceIndex\":0,\"piecesCount\":1",
    "\"data\":[-1],\"pieceIndex\":0,\"piecesCount\":1",
    "\"data\":[1.5],\"pieceIndex\":0,\"piecesCount\":1",
    "\"data\":[1,\"1\"],\"pieceIndex\":0,\"piecesCount\":1",
    "\"data\":[1],\"pieceIndex\":1,\"piecesCount\":1",
    "\"data\":[1],\"pieceIndex\":-1,\"piecesCount\":1",
    "\"data\":[1],\"pieceIndex\":0,\"piecesCount\":0",
    "\"data\":[1],\"pieceIndex\":0,\"piecesCount\":16385",
    "\"data\":[1],\"pieceIndex\":4294967296,\"piecesCount\":4294967297"
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_auto (P2pMlJson) message = { 0, };
    g_autofree char *text = g_strdup_printf ("{\"command\":\"segment_data\","
        "%s%s\"id\":\"a\"}", pieces[i], *pieces[i] ? "," : "");

    g_assert_true (read_text (&message, P2P_ML_WIRE_ARRAYS, text));
    g_assert_cmpint (message.command, ==, P2P_ML_JSON_DATA);
    g_assert_null (message.piece);
    g_assert_cmpuint (message.n_pieces, ==, 0);
  }
}

static void
test_long_piece (void)
{
  for (guint size = P2P_ML_JSON_MAX_PIECE; size <= P2P_ML_JSON_MAX_PIECE + 1;
      size++) {
    g_autofree char *data = g_strnfill (2 * size, '1');
    g_autofree char *text = NULL;
    g_auto (P2pMlJson) message = { 0, };

    for (guint i = 1; i < 2 * size; i += 2)
      data[i] = ',';
    data[2 * size - 1] = '\0';
    text = g_strdup_printf ("{\"command\":\"segment_data\",\"id\":\"a\","
        "\"data\":[%s],\"pieceIndex\":0,\"piecesCount\":16384}", data);
    g_assert_true (read_text (&message, P2P_ML_WIRE_ARRAYS, text));
    g_assert_true ((message.piece != NULL) == (size == P2P_ML_JSON_MAX_PIECE));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mljson/raw", test_raw);
  g_test_add_func ("/mljson/looks-like", test_looks_like);
  g_test_add_func ("/mljson/unknown", test_unknown);
  g_test_add_func ("/mljson/bad-id", test_bad_id);
  g_test_add_func ("/mljson/bad-size", test_bad_size);
  g_test_add_func ("/mljson/bad-map", test_bad_map);
  g_test_add_func ("/mljson/long-map", test_long_map);
  g_test_add_func ("/mljson/many-streams", test_many_streams);
  g_test_add_func ("/mljson/bad-piece", test_bad_piece);
  g_test_add_func ("/mljson/long-piece", test_long_piece);
  g_test_add_func ("/mljson/captured", test_captured);
  g_test_add_func ("/mljson/older", test_older);
  g_test_add_func ("/mljson/map", test_map);
  g_test_add_func ("/mljson/write-no-ids", test_write_no_ids);
  g_test_add_func ("/mljson/write-loading", test_write_loading);
  return g_test_run ();
}
