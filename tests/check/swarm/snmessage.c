/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psegment.h"
#include "p2psnmessage.h"

#include <string.h>

static gboolean
parse (P2pSnMessage * message, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return p2p_sn_message_parse (message, bytes);
}

static void
assert_refused (const char *text)
{
  P2pSnMessage message;

  g_test_message ("%.200s", text);
  g_assert_false (parse (&message, text));
}

/* Hostile input */

static void
test_nonsense (void)
{
  static const char *const texts[] = {
    "", "x", "9", "[]", "{}", "{\"event\":1}", "{\"event\":null}",
    "{\"event\":[\"PING\"]}", "{\"sn\":1}", "{\"event\":\"PING\"",
    "{\"event\":\"REQUEST\"}", "{\"event\":\"REQUEST\",\"urgent\":true}",
    "{\"event\":\"REQUEST\",\"sn\":\"1\"}",
    "{\"event\":\"REQUEST\",\"sn\":1.5}",
    "{\"event\":\"REQUEST\",\"sn\":-1}", "{\"event\":\"REQUEST\",\"sn\":null}",
    "{\"event\":\"REQUEST\",\"sn\":9007199254740992}",
    "{\"event\":\"REQUEST\",\"sn\":18446744073709551617}",
    "{\"event\":\"REQUEST\",\"sn\":1,\"url\":2}",
    "{\"event\":\"HAVE\",\"sn\":\"initSegment\"}",
    "{\"event\":\"LOST\",\"sn\":{}}",
    "{\"event\":\"PIECE_ACK\",\"sn\":[]}",
    "{\"event\":\"BITFIELD\"}", "{\"event\":\"BITFIELD\",\"field\":1}",
    "{\"event\":\"BITFIELD\",\"field\":{}}",
    "{\"event\":\"BITFIELD\",\"field\":[-1]}",
    "{\"event\":\"BITFIELD\",\"field\":[1,\"2\"]}",
    "{\"event\":\"BITFIELD\",\"field\":[[1]]}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i]);
}

/* attachments and size, and whether they fit each other. */
static void
test_piece_sizes (void)
{
  static const struct
  {
    gint64 attachments, size;
    gboolean fine;
  } pieces[] = {
    {1, 1, TRUE}, {0, 1, FALSE}, {1, 0, FALSE}, {0, 0, FALSE}, {-1, 1, FALSE},
    {1, -1, FALSE}, {2, 1, FALSE}, {1, 65536, TRUE}, {1, 65537, FALSE},
    {2, 65537, TRUE}, {21, 337460, TRUE}, {330, 337460, TRUE},
    {331, 337460, FALSE}, {5, 337460, FALSE}, {6, 337460, TRUE},
    {4096, P2P_SEGMENT_MAX_BYTES, TRUE},
    {4096, P2P_SEGMENT_MAX_BYTES + 1, FALSE},
    {4097, P2P_SEGMENT_MAX_BYTES + 1, FALSE},
    {4294967297, 1, FALSE}, {G_MAXINT64, G_MAXINT64, FALSE}
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_auto (P2pSnMessage) message = { 0, };
    g_autofree char *text = g_strdup_printf ("{\"event\":\"PIECE\","
        "\"attachments\":%" G_GINT64_FORMAT ",\"sn\":1,\"size\":%"
        G_GINT64_FORMAT "}", pieces[i].attachments, pieces[i].size);

    g_test_message ("%s", text);
    g_assert_cmpint (parse (&message, text), ==, pieces[i].fine);
  }
  assert_refused ("{\"event\":\"PIECE\",\"attachments\":1,\"size\":1}");
  assert_refused ("{\"event\":\"PIECE\",\"attachments\":1,\"sn\":1}");
  assert_refused ("{\"event\":\"PIECE\",\"sn\":1,\"size\":1}");
}

static char *
make_field (guint n)
{
  GString *text = g_string_new ("{\"event\":\"BITFIELD\",\"field\":[1");

  for (guint i = 1; i < n; i++)
    g_string_append (text, ",1");
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static void
test_field_sizes (void)
{
  g_auto (P2pSnMessage) message = { 0, };
  g_autofree char *most = make_field (P2P_SN_MAX_FIELD);
  g_autofree char *more = make_field (P2P_SN_MAX_FIELD + 1);
  g_autofree char *million = make_field (1000000);

  g_assert_true (parse (&message, most));
  g_assert_cmpuint (message.field->len, ==, P2P_SN_MAX_FIELD);
  assert_refused (more);
  assert_refused (million);
}

static void
test_long_strings (void)
{
  g_auto (P2pSnMessage) message = { 0, };
  g_autofree char *most = g_strnfill (P2P_SN_MAX_URL, 'u');
  g_autofree char *huge = g_strnfill (P2P_SN_MAX_TEXT, 'u');
  g_autofree char *fine =
      g_strdup_printf ("{\"event\":\"REQUEST\",\"url\":\"%s\"}",
      most);
  g_autofree char *longer =
      g_strdup_printf ("{\"event\":\"REQUEST\",\"url\":\"%su\"}", most);
  g_autofree char *text = g_strdup_printf ("{\"event\":\"PING\",\"x\":\"%s\"}",
      huge);

  g_assert_true (parse (&message, fine));
  g_assert_cmpstr (message.url, ==, most);
  assert_refused (longer);
  assert_refused (text);
}

/* The bytes of the seed's own client, as they were seen. */
static void
test_exact (void)
{
  static const char *const texts[] = {
    "{\"event\":\"REQUEST\",\"sn\":1,\"urgent\":true}",
    "{\"event\":\"REQUEST\",\"sn\":0,\"urgent\":false}",
    "{\"event\":\"REQUEST\",\"url\":\"seg002.ts\",\"urgent\":true}",
    "{\"event\":\"PIECE\",\"attachments\":21,\"url\":\"seg001.ts\",\"sn\":1,"
        "\"size\":337460}",
    "{\"event\":\"PIECE\",\"attachments\":21,\"url\":\"seg001.ts\","
        "\"size\":337460}",
    "{\"event\":\"PIECE_ACK\",\"sn\":1,\"url\":\"seg001.ts\"}",
    "{\"event\":\"PIECE_NOT_FOUND\",\"url\":\"seg001.ts\",\"sn\":1}",
    "{\"event\":\"BITFIELD\",\"field\":[0,1,2]}",
    "{\"event\":\"BITFIELD\",\"field\":[]}",
    "{\"event\":\"BITFIELD\",\"field\":[9007199254740991],\"packet\":65536}",
    "{\"event\":\"BITFIELD\",\"field\":[],\"packet\":65536,\"elects\":true}",
    "{\"event\":\"HAVE\",\"sn\":1}", "{\"event\":\"HAVE\"}",
    "{\"event\":\"LOST\",\"sn\":1}", "{\"event\":\"PING\"}",
    "{\"event\":\"PONG\"}", "{\"event\":\"CLOSE\"}", "{\"event\":\"ERROR\"}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (P2pSnMessage) message = { 0, };
    g_autoptr (GBytes) written = NULL, expect =
        g_bytes_new_static (texts[i], strlen (texts[i]));

    g_test_message ("%s", texts[i]);
    g_assert_true (parse (&message, texts[i]));
    written = p2p_sn_message_write (&message);
    g_assert_true (g_bytes_equal (written, expect));
  }
}

static void
test_members (void)
{
  g_auto (P2pSnMessage) piece = { 0, }, field = { 0, };

  g_assert_true (parse (&piece, "{\"size\":337460,\"sn\":0,\"new\":[{}],"
          "\"url\":\"a/b.ts?c=\\u00fc\",\"attachments\":21,"
          "\"event\":\"PIECE\"}"));
  g_assert_cmpint (piece.event, ==, P2P_SN_PIECE);
  g_assert_cmpint (piece.sn, ==, 0);
  g_assert_cmpstr (piece.url, ==, "a/b.ts?c=\303\274");
  g_assert_cmpuint (piece.attachments, ==, 21);
  g_assert_cmpuint (piece.size, ==, 337460);

  g_assert_true (parse (&field, "{\"event\":\"BITFIELD\",\"field\":[7, 0]}"));
  g_assert_cmpint (field.sn, ==, -1);
  g_assert_cmpuint (field.field->len, ==, 2);
  g_assert_cmpint (g_array_index (field.field, gint64, 0), ==, 7);
  g_assert_cmpuint (field.packet, ==, 0);
  g_assert_false (field.elects);
}

/* Of later generations: no mistake, but nothing either. */
static void
test_unknown (void)
{
  static const char *const texts[] = {
    "{\"event\":\"METADATA\",\"sn\":-5}", "{\"event\":\"\"}",
    "{\"event\":\"ping\"}", "{\"event\":\"PIECE_CANCEL\"}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (P2pSnMessage) message = { 0, };

    g_assert_true (parse (&message, texts[i]));
    g_assert_cmpint (message.event, ==, P2P_SN_UNKNOWN);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sn-message/nonsense", test_nonsense);
  g_test_add_func ("/sn-message/piece-sizes", test_piece_sizes);
  g_test_add_func ("/sn-message/field-sizes", test_field_sizes);
  g_test_add_func ("/sn-message/long-strings", test_long_strings);
  g_test_add_func ("/sn-message/exact", test_exact);
  g_test_add_func ("/sn-message/members", test_members);
  g_test_add_func ("/sn-message/unknown", test_unknown);
  return g_test_run ();
}
