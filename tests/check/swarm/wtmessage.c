/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pwtmessage.h"

#include <string.h>

#include "p2pjson.h"

/* As a browser with p2p-media-loader 2.3.1 and a bittorrent-tracker wrote them;
 * SDP shortened */
#define HASH "J9DHruCtglisbvTgXbcD"
#define ANNOUNCE "{\"numwant\":5,\"uploaded\":0,\"downloaded\":0," \
    "\"event\":\"started\",\"action\":\"announce\",\"info_hash\":\"" HASH \
    "\",\"peer_id\":\"-PM0203-gQyD5aNaQbrJ\",\"offers\":[{\"offer\":{" \
    "\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"},\"offer_id\":\"\\u0015A\\t" \
    "\\u0000\xc3\xbf" "bcdefghijklmnop\"},{\"offer_id\":\"x\"},{}]}"

static gboolean
read_text (P2pWtMessage * message, const char *text)
{
  return p2p_wt_message_read (message, text, strlen (text));
}

static char *
write_text (const P2pWtMessage * message)
{
  GString *out = g_string_new (NULL);

  p2p_wt_message_write (message, out);
  return g_string_free (out, FALSE);
}

static void
assert_slice (const P2pJsonSlice * slice, const char *expected)
{
  g_autofree char *text = slice->text ? g_strndup (slice->text, slice->size)
      : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static const char *const bad[] = {
  "", " ", "{", "}", "[]", "null", "1", "\"announce\"", "{\"action\":}",
  "{\"action\":\"announce\"}{}", "{\"offers\":[}", "{\"offers\":[{]}",
  "{\"offers\":[{}}", "{\"offer\":{\"sdp\":\"\\ud800\"}}",
  "{\"peer_id\":\"\xff\"}", "{\"peer_id\":\"\x01\"}",
  "{\"peer_id\":\"\\u00\"}", "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}",
};

static void
test_bad (void)
{
  P2pWtMessage message;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (read_text (&message, bad[i]))
      g_error ("taken: %s", bad[i]);
  g_assert_false (p2p_wt_message_read (&message, NULL, 0));
  g_assert_false (p2p_wt_message_read (&message, "{\0}", 3));
}

/* Anything cut off anywhere is refused, and nothing behind it is looked at. */
static void
test_cut (void)
{
  P2pWtMessage message;

  for (gsize size = 0; size < strlen (ANNOUNCE); size++) {
    g_autofree char *copy = g_memdup2 (ANNOUNCE, MAX (size, 1));

    g_assert_false (p2p_wt_message_read (&message, copy, size));
  }
}

static void
test_size (void)
{
  P2pWtMessage message;
  GString *text = g_string_new ("{\"action\":\"announce\",\"offer\":\"");

  while (text->len < P2P_WT_MAX_SIZE - 2)
    g_string_append_c (text, 'x');
  g_string_append (text, "\"}");
  g_assert_true (p2p_wt_message_read (&message, text->str, text->len));
  g_assert_cmpuint (message.offer.size, >, P2P_WT_MAX_SIZE - 40);
  g_string_append_c (text, ' ');
  g_assert_false (p2p_wt_message_read (&message, text->str, text->len));
  g_string_free (text, TRUE);
}

/* What is there, but is not what it should be */
static void
test_types (void)
{
  P2pWtMessage message;
  P2pWtId id;

  g_assert_true (read_text (&message,
          "{\"action\":1,\"event\":[\"started\"],\"info_hash\":17,"
          "\"peer_id\":{},\"to_peer_id\":null,\"offer_id\":[],\"offer\":\"x\","
          "\"numwant\":\"5\",\"interval\":-1,\"min interval\":1e99,"
          "\"complete\":null,\"incomplete\":[1],\"left\":-0,\"offers\":{}}"));
  g_assert_cmpint (message.action, ==, P2P_WT_ACTION_UNKNOWN);
  g_assert_cmpint (message.event, ==, P2P_WT_EVENT_UNKNOWN);
  g_assert_false (p2p_wt_id_read (&id, &message.info_hash));
  g_assert_false (p2p_wt_id_read (&id, &message.peer_id));
  g_assert_false (p2p_wt_id_read (&id, &message.to_peer_id));
  g_assert_false (p2p_wt_id_read (&id, &message.offer_id));
  g_assert_false (p2p_wt_id_read (&id, &message.tracker_id));
  g_assert_null (p2p_wt_dup_sdp (&message.offer));
  g_assert_null (p2p_wt_dup_sdp (&message.answer));
  assert_slice (&message.to_peer_id, NULL);
  assert_slice (&message.answer, NULL);
  g_assert_cmpint (message.numwant, ==, -1);
  g_assert_cmpint (message.interval, ==, -1);
  g_assert_cmpint (message.min_interval, ==, -1);
  g_assert_cmpint (message.complete, ==, -1);
  g_assert_cmpint (message.incomplete, ==, -1);
  g_assert_cmpint (message.left, ==, -1);
  g_assert_false (message.has_offers);
}

static const struct
{
  const char *text;
  gint64 value;
} counts[] = {
  /* *INDENT-OFF* */
  { "0", 0 }, { "120", 120 }, { "120.9", 120 }, { "1.2e2", 120 },
  { "0.5", 0 }, { "9007199254740991", P2P_JSON_MAX_INT64 },
  { "9007199254740993", -1 }, { "18446744073709551616", -1 },
  { "1e400", -1 }, { "-1", -1 }, { "true", -1 },
  { "1000000000000000000000000000000000000000000000000000", -1 },
  /* *INDENT-ON* */
};

static void
test_counts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autofree char *text = g_strdup_printf ("{\"interval\":%s}",
        counts[i].text);
    P2pWtMessage message;

    g_assert_true (read_text (&message, text));
    g_assert_cmpint (message.interval, ==, counts[i].value);
  }
}

static const struct
{
  const char *text;
  gboolean is_id;
} ids[] = {
  /* *INDENT-OFF* */
  { "\"12345678901234567890\"", TRUE },
  { "\"1234567890123456789\"", FALSE },
  { "\"123456789012345678901\"", FALSE },
  { "\"\"", FALSE },
  { "\"1234567890123456789\xc3\xbf\"", TRUE },      /* U+00FF */
  { "\"1234567890123456789\xc4\x80\"", FALSE },     /* U+0100 */
  { "\"1234567890123456789\\u00ff\"", TRUE },
  { "\"1234567890123456789\\u0100\"", FALSE },
  { "\"1234567890123456789\\ud83d\\ude00\"", FALSE },
  { "\"\\u0000234567890123456789\\u0000\"", TRUE },
  { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t901234567890\\u00Fe\"", FALSE },
  { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t90123456789\\u00Fe\"", TRUE },
  /* *INDENT-ON* */
};

static void
test_ids (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *text = g_strdup_printf ("{\"peer_id\": %s }",
        ids[i].text);
    P2pWtMessage message;
    P2pWtId id;

    g_assert_true (read_text (&message, text));
    g_test_message ("%s", text);
    g_assert_cmpint (p2p_wt_id_read (&id, &message.peer_id), ==, ids[i].is_id);
  }
}

/* Every byte in every way in which JSON can say it, and back */
static void
test_every_byte (void)
{
  for (guint byte = 0; byte < 256; byte++) {
    for (guint at = 0; at < P2P_WT_ID_SIZE; at++) {
      g_autoptr (GString) out = g_string_new ("{\"peer_id\":");
      P2pWtId id, back;
      P2pWtMessage message;

      memset (id.bytes, 'x', P2P_WT_ID_SIZE);
      id.bytes[at] = byte;
      p2p_wt_id_write (&id, out);
      g_string_append_printf (out, ",\"to_peer_id\":\"%.*s\\u%04x%.*s\"}",
          at, "xxxxxxxxxxxxxxxxxxxx", byte, P2P_WT_ID_SIZE - 1 - at,
          "xxxxxxxxxxxxxxxxxxxx");
      g_assert_true (p2p_wt_message_read (&message, out->str, out->len));
      g_assert_true (p2p_wt_id_read (&back, &message.peer_id));
      g_assert_cmpmem (back.bytes, P2P_WT_ID_SIZE, id.bytes, P2P_WT_ID_SIZE);
      g_assert_true (p2p_wt_id_equal (&back, &id));
      g_assert_true (p2p_wt_id_read (&back, &message.to_peer_id));
      g_assert_cmpmem (back.bytes, P2P_WT_ID_SIZE, id.bytes, P2P_WT_ID_SIZE);
    }
  }
}

/* … as the other reader of JSON sees it, all in one string. */
static void
test_every_byte_elsewhere (void)
{
  guint8 bytes[256], back[256];
  g_autoptr (GString) out = g_string_new ("{\"a\":");
  g_autoptr (GString) again = g_string_new (NULL);
  g_autoptr (P2pJson) json = NULL;
  P2pJsonSlice slice;

  for (guint i = 0; i < 256; i++)
    bytes[i] = i;
  p2p_json_write_bytes (out, bytes, 256);
  g_string_append_c (out, '}');
  json = p2p_json_parse (out->str, out->len, 4096);
  g_assert_nonnull (json);
  p2p_json_write_string (again, p2p_json_get_string (json, "a"));
  slice = (P2pJsonSlice) {
  again->str, again->len};
  g_assert_true (p2p_json_slice_get_bytes (&slice, back, 256));
  g_assert_cmpmem (back, 256, bytes, 256);
}

static void
test_hash (void)
{
  P2pWtId a = { "12345678901234567890" }, b = { "12345678901234567891" };

  g_assert_false (p2p_wt_id_equal (&a, &b));
  g_assert_cmpuint (p2p_wt_id_hash (&a), !=, p2p_wt_id_hash (&b));
  b.bytes[19] = '0';
  g_assert_true (p2p_wt_id_equal (&a, &b));
  g_assert_cmpuint (p2p_wt_id_hash (&a), ==, p2p_wt_id_hash (&b));
}

/* Names of peers are printable, and each has its own. */
static void
test_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal,
      g_free, NULL);
  P2pWtId id = { "-PM0203-gQyD5aNaQbrJ" };
  g_autofree char *plain = p2p_wt_id_to_text (&id);

  g_assert_cmpstr (plain, ==, "-PM0203-gQyD5aNaQbrJ");
  for (guint i = 0; i < 256; i++) {
    char *text;

    id.bytes[7] = i;
    text = p2p_wt_id_to_text (&id);
    g_assert_true (g_str_is_ascii (text));
    for (const char *at = text; *at; at++)
      g_assert_true (g_ascii_isgraph (*at));
    g_assert_true (g_hash_table_add (seen, text));
  }
  /* What looks like one that is escaped */
  memcpy (id.bytes, "%00345678901234567890", P2P_WT_ID_SIZE);
  g_assert_true (g_hash_table_add (seen, p2p_wt_id_to_text (&id)));
  memcpy (id.bytes, "\0" "345678901234567890", P2P_WT_ID_SIZE);
  g_assert_true (g_hash_table_add (seen, p2p_wt_id_to_text (&id)));
}

static void
test_announce (void)
{
  P2pWtMessage message;
  P2pWtId id;
  g_autofree char *sdp = NULL, *text = NULL;

  g_assert_true (read_text (&message, ANNOUNCE));
  g_assert_cmpint (message.action, ==, P2P_WT_ACTION_ANNOUNCE);
  g_assert_cmpint (message.event, ==, P2P_WT_EVENT_STARTED);
  g_assert_cmpint (message.numwant, ==, 5);
  g_assert_cmpint (message.uploaded, ==, 0);
  g_assert_cmpint (message.downloaded, ==, 0);
  g_assert_cmpint (message.left, ==, -1);
  assert_slice (&message.info_hash, "\"" HASH "\"");
  g_assert_true (message.has_offers);
  g_assert_cmpuint (message.n_offers, ==, 3);
  sdp = p2p_wt_dup_sdp (&message.offers[0].offer);
  g_assert_cmpstr (sdp, ==, "v=0\r\n");
  g_assert_true (p2p_wt_id_read (&id, &message.offers[0].offer_id));
  g_assert_cmpmem (id.bytes, 6, "\x15" "A\t\0\xff" "b", 6);
  assert_slice (&message.offers[1].offer, NULL);
  assert_slice (&message.offers[1].offer_id, "\"x\"");
  assert_slice (&message.offers[2].offer_id, NULL);
  text = write_text (&message);
  g_assert_true (read_text (&message, text));
  g_assert_cmpuint (message.n_offers, ==, 3);
  g_assert_cmpuint (strlen (text), ==, strlen (ANNOUNCE));
}

/* A tracker passes on what it was given, as it was spelled. */
static void
test_relay (void)
{
  P2pWtMessage message, relayed;
  g_autofree char *text = NULL;

  g_assert_true (read_text (&message, "{\"action\":\"announce\",\"offers\":["
          "1,null,[],{\"offer\" : {\"a\":[1, {\"b\":\"]\\\"}\"}]} ,"
          "\"offer_id\":\"\\u0041\",\"c\":true}],\"peer_id\":\"\\u0000p\"}"));
  g_assert_cmpuint (message.n_offers, ==, 1);
  p2p_wt_message_init (&relayed);
  relayed.action = P2P_WT_ACTION_ANNOUNCE;
  relayed.offer = message.offers[0].offer;
  relayed.offer_id = message.offers[0].offer_id;
  relayed.peer_id = message.peer_id;
  text = write_text (&relayed);
  g_assert_cmpstr (text, ==, "{\"action\":\"announce\",\"offer\":{\"a\":[1, "
      "{\"b\":\"]\\\"}\"}]},\"offer_id\":\"\\u0041\",\"peer_id\":\"\\u0000p\"}");
}

static void
test_many_offers (void)
{
  GString *text = g_string_new ("{\"offers\":[{}");
  P2pWtMessage message;

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, ",{}");
  g_string_append (text, "],\"numwant\":7}");
  g_assert_true (p2p_wt_message_read (&message, text->str, text->len));
  g_assert_cmpuint (message.n_offers, ==, P2P_WT_MAX_OFFERS);
  g_assert_cmpint (message.numwant, ==, 7);
  g_string_free (text, TRUE);
}

/* Of members with one name the last one counts. */
static void
test_twice (void)
{
  P2pWtMessage message;

  g_assert_true (read_text (&message, "{\"offers\":[{},{}],\"event\":\"paused\""
          ",\"offers\":[{\"offer\":1,\"offer\":2}],\"event\":null,"
          "\"answer\":1,\"answer\":2,\"interval\":5,\"interval\":\"x\","
          "\"offer\":{},\"offer\":null}"));
  assert_slice (&message.offer, NULL);
  g_assert_cmpuint (message.n_offers, ==, 1);
  assert_slice (&message.offers[0].offer, "2");
  assert_slice (&message.answer, "2");
  g_assert_cmpint (message.event, ==, P2P_WT_EVENT_NONE);
  g_assert_cmpint (message.interval, ==, -1);
}

static const struct
{
  const char *text;
  P2pWtEvent event;
} events[] = {
  /* *INDENT-OFF* */
  { "\"started\"", P2P_WT_EVENT_STARTED },
  { "\"stopped\"", P2P_WT_EVENT_STOPPED },
  { "\"completed\"", P2P_WT_EVENT_COMPLETED },
  { "\"paused\"", P2P_WT_EVENT_PAUSED },
  { "\"update\"", P2P_WT_EVENT_NONE }, { "\"empty\"", P2P_WT_EVENT_NONE },
  { "\"\"", P2P_WT_EVENT_NONE }, { "null", P2P_WT_EVENT_NONE },
  { "\"Started\"", P2P_WT_EVENT_UNKNOWN }, { "0", P2P_WT_EVENT_UNKNOWN },
  /* *INDENT-ON* */
};

static void
test_events (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    g_autofree char *text = g_strdup_printf ("{\"action\":\"scrape\","
        "\"event\":%s}", events[i].text);
    P2pWtMessage message;

    g_assert_true (read_text (&message, text));
    g_assert_cmpint (message.event, ==, events[i].event);
    g_assert_cmpint (message.action, ==, P2P_WT_ACTION_SCRAPE);
  }
}

/* What trackers say, and how each of it is written again */
static const char *const replies[] = {
  "{\"complete\":0,\"incomplete\":2,\"action\":\"announce\",\"interval\":120,"
      "\"info_hash\":\"" HASH "\"}",
  "{\"action\":\"announce\",\"answer\":{\"type\":\"answer\",\"sdp\":\"v=0\"},"
      "\"offer_id\":\"\xc2\x80\",\"peer_id\":\"p\",\"info_hash\":\"h\"}",
  "{\"failure reason\":\"invalid info_hash\"}",
  "{\"failure reason\":\"no\",\"warning message\":\"\xe2\x82\xac\","
      "\"action\":\"announce\",\"interval\":30,\"min interval\":10,"
      "\"tracker id\":\"t\",\"trackerid\":\"u\",\"info_hash\":\"h\"}",
  "{\"action\":\"scrape\",\"files\":{\"h\":{\"complete\":1,\"incomplete\":2,"
      "\"downloaded\":1}}}",
  "{\"action\":\"scrape\",\"info_hash\":[\"a\",\"b\"]}",
  "{}",
};

static void
test_replies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++) {
    P2pWtMessage message;
    g_autofree char *text = NULL;

    g_assert_true (read_text (&message, replies[i]));
    text = write_text (&message);
    g_assert_cmpstr (text, ==, replies[i]);
  }
}

static void
test_space (void)
{
  P2pWtMessage message;
  P2pJsonSlice rest, element;

  g_assert_true (read_text (&message, " \n{ \"interval\" : 5 , \"info_hash\" :"
          " [ \"a\" , 1 , [ ] , { } ] , \"offers\" : [ { } , { } ] } \t"));
  g_assert_cmpint (message.interval, ==, 5);
  g_assert_cmpuint (message.n_offers, ==, 2);
  rest = message.info_hash;
  g_assert_true (p2p_json_slice_next_element (&rest, &element));
  assert_slice (&element, "\"a\"");
  g_assert_true (p2p_json_slice_next_element (&rest, &element));
  assert_slice (&element, "1");
  g_assert_true (p2p_json_slice_next_element (&rest, &element));
  assert_slice (&element, "[ ]");
  g_assert_true (p2p_json_slice_next_element (&rest, &element));
  assert_slice (&element, "{ }");
  g_assert_false (p2p_json_slice_next_element (&rest, &element));
  g_assert_false (p2p_json_slice_next_element (&rest, &element));
}

/* A letter may be an escape, in names and in words. */
static void
test_escapes (void)
{
  P2pWtMessage message;
  g_autofree char *sdp = NULL;

  g_assert_true (read_text (&message, "{\"\\u0061ction\":\"\\u0061nnounc"
          "\\u0065\",\"event\":\"stoppe\\u0064\",\"\\u006f\\u0066\\u0066"
          "\\u0065\\u0072s\":[{\"offe\\u0072\":{\"\\u0073dp\":\"x\"}}],"
          "\"num\\u0057ant\":1,\"numwan\\u0074\\u0000\":2,\"lef\\/5678\":3,"
          "\"lef\\u00745\":4}"));
  g_assert_cmpint (message.action, ==, P2P_WT_ACTION_ANNOUNCE);
  g_assert_cmpint (message.event, ==, P2P_WT_EVENT_STOPPED);
  g_assert_cmpuint (message.n_offers, ==, 1);
  sdp = p2p_wt_dup_sdp (&message.offers[0].offer);
  g_assert_cmpstr (sdp, ==, "x");
  g_assert_cmpint (message.numwant, ==, -1);
  g_assert_cmpint (message.left, ==, -1);
}

/* Where a string ends */
static void
test_quotes (void)
{
  P2pWtMessage message;

  g_assert_true (read_text (&message, "{\"offer\":{\"a\":\"\\\\\",\"b\":"
          "\"\\\\\\\"}\",\"\\\"\":\"\"},\"answer\":\"\\\"\\\\\",\"offer_id\":1}"));
  assert_slice (&message.offer, "{\"a\":\"\\\\\",\"b\":\"\\\\\\\"}\","
      "\"\\\"\":\"\"}");
  assert_slice (&message.answer, "\"\\\"\\\\\"");
  assert_slice (&message.offer_id, "1");
}

static void
test_sdp (void)
{
  const char *sdp = "v=0\r\n\"\\/\x7f\x01" P2P_JSON_NUL "\xf0\x9f\x98\x80";
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *back = NULL;
  P2pJsonSlice slice;

  p2p_wt_write_sdp (out, "offer", sdp);
  g_assert_cmpstr (out->str, ==, "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n"
      "\\\"\\\\/\\u007f\\u0001\\u0000\xf0\x9f\x98\x80\"}");
  slice = (P2pJsonSlice) {
  out->str, out->len};
  back = p2p_wt_dup_sdp (&slice);
  g_assert_cmpstr (back, ==, sdp);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wtmessage/bad", test_bad);
  g_test_add_func ("/wtmessage/cut", test_cut);
  g_test_add_func ("/wtmessage/size", test_size);
  g_test_add_func ("/wtmessage/types", test_types);
  g_test_add_func ("/wtmessage/counts", test_counts);
  g_test_add_func ("/wtmessage/ids", test_ids);
  g_test_add_func ("/wtmessage/every-byte", test_every_byte);
  g_test_add_func ("/wtmessage/every-byte-elsewhere",
      test_every_byte_elsewhere);
  g_test_add_func ("/wtmessage/hash", test_hash);
  g_test_add_func ("/wtmessage/names", test_names);
  g_test_add_func ("/wtmessage/announce", test_announce);
  g_test_add_func ("/wtmessage/relay", test_relay);
  g_test_add_func ("/wtmessage/many-offers", test_many_offers);
  g_test_add_func ("/wtmessage/twice", test_twice);
  g_test_add_func ("/wtmessage/events", test_events);
  g_test_add_func ("/wtmessage/replies", test_replies);
  g_test_add_func ("/wtmessage/space", test_space);
  g_test_add_func ("/wtmessage/escapes", test_escapes);
  g_test_add_func ("/wtmessage/quotes", test_quotes);
  g_test_add_func ("/wtmessage/sdp", test_sdp);
  return g_test_run ();
}
