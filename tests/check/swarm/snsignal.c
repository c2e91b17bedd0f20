/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "p2perror.h"
#include "p2psnsignal.h"

#define FROM "\"action\":\"signal\",\"from_peer_id\":\"86bf8f85bd4123a2\""

static P2pSnSignal *
parse (const char *text)
{
  return p2p_sn_signal_parse (text, strlen (text), NULL);
}

static void
check (const char *text, P2pSnSignalType type, const char *peer_id,
    const char *value, const char *mid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pSnSignal) signal =
      p2p_sn_signal_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpint (signal->type, ==, type);
  g_assert_cmpstr (signal->peer_id, ==, peer_id);
  g_assert_cmpstr (signal->text, ==, value);
  g_assert_cmpstr (signal->mid, ==, mid);
}

static void
check_garbage (const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_sn_signal_parse (text, strlen (text), &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_MALFORMED);
}

static void
test_read (void)
{
  const char *id = "86bf8f85bd4123a2";

  check ("{" FROM ",\"data\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}}",
      P2P_SN_SIGNAL_OFFER, id, "v=0\r\n", NULL);
  check ("{" FROM ",\"to_peer_id\":\"me\",\"data\":{\"sdp\":\"v=0\\r\\n\","
      "\"type\":\"answer\"}}", P2P_SN_SIGNAL_ANSWER, id, "v=0\r\n", NULL);
  check ("{" FROM ",\"data\":{\"candidate\":{\"candidate\":\"candidate:1 1\","
      "\"sdpMLineIndex\":0,\"sdpMid\":\"0\"}}}", P2P_SN_SIGNAL_CANDIDATE, id,
      "candidate:1 1", "0");
  check ("{" FROM ",\"data\":{\"type\":\"candidate\",\"candidate\":"
      "{\"candidate\":\"\"}}}", P2P_SN_SIGNAL_CANDIDATE, id, "", NULL);
  check ("{" FROM "}", P2P_SN_SIGNAL_GONE, id, NULL, NULL);
  check ("{\"action\":\"reject\"}", P2P_SN_SIGNAL_REJECT, NULL, NULL, NULL);
  check ("{\"action\":\"reject\",\"reason\":\"no\"}", P2P_SN_SIGNAL_REJECT,
      NULL, "no", NULL);
  check ("{\"action\":\"ping\"}", P2P_SN_SIGNAL_PING, NULL, NULL, NULL);
  check ("{\"action\":\"pong\"}", P2P_SN_SIGNAL_PONG, NULL, NULL, NULL);
}

/* Of later clients and servers, or not for us: dropped without a word. */
static void
test_other (void)
{
  static const char *const texts[] = {
    "{\"action\":\"ver\",\"ver\":3}", "{\"action\":\"close\"}",
    "{" FROM ",\"data\":{\"renegotiate\":true}}", "{" FROM ",\"data\":{}}",
    "{" FROM ",\"data\":{\"type\":\"pranswer\",\"sdp\":\"v=0\"}}",
    "{" FROM ",\"data\":{\"sdp\":\"v=0\"}}",
    "{" FROM ",\"data\":{\"type\":\"offer\",\"sdp\":7}}",
    "{" FROM ",\"data\":{\"type\":\"offer\"}}",
    "{" FROM ",\"data\":{\"candidate\":{\"sdpMid\":\"0\"}}}",
    "{" FROM ",\"data\":{\"candidate\":\"candidate:1\"}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (P2pSnSignal) signal = parse (texts[i]);

    g_assert_nonnull (signal);
    g_assert_cmpint (signal->type, ==, P2P_SN_SIGNAL_OTHER);
    g_assert_null (signal->text);
  }
}

static void
test_garbage (void)
{
  static const char *const texts[] = {
    "", "9", "null", "[]", "\"signal\"", "{", "{}", "{\"action\":7}",
    "{\"action\":\"signal\"}",
    "{\"action\":\"signal\",\"from_peer_id\":\"\",\"data\":{}}",
    "{\"action\":\"signal\",\"from_peer_id\":7,\"data\":{}}",
    "{\"action\":\"signal\",\"from_peer_id\":\"a b\",\"data\":{}}",
    "{\"action\":\"signal\",\"from_peer_id\":\"a\\u0000b\",\"data\":{}}",
    "{\"action\":\"signal\",\"from_peer_id\":\"a\\nb\"}",
    "{" FROM ",\"data\":null}", "{" FROM ",\"data\":\"v=0\"}",
    "{" FROM ",\"data\":[]}", "{" FROM "}{", "{" FROM ",}",
    "{\"action\":\"ping\xff\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    check_garbage (texts[i]);
}

static void
test_bounds (void)
{
  g_autofree char *longest = g_strnfill (P2P_SN_MAX_PEER_ID, 'a');
  g_autofree char *longer = g_strnfill (P2P_SN_MAX_PEER_ID + 1, 'a');
  g_autofree char *fitting = g_strnfill (P2P_SN_SIGNAL_MAX_SIZE
      - strlen ("{" FROM ",\"data\":{\"type\":\"offer\",\"sdp\":\"\"}}"), 'a');
  g_autofree char *full = g_strdup_printf ("{" FROM
      ",\"data\":{\"type\":\"offer\",\"sdp\":\"%s\"}}", fitting);
  g_autofree char *large = g_strconcat (full, " ", NULL);
  g_autofree char *nested = g_strnfill (10000, '[');
  g_autofree char *deep = g_strconcat ("{" FROM ",\"data\":", nested, NULL);

  g_assert_true (p2p_sn_is_peer_id (longest));
  g_assert_false (p2p_sn_is_peer_id (longer));
  g_assert_true (p2p_sn_is_peer_id ("1"));
  g_assert_true (p2p_sn_is_peer_id ("\xc3\xa9"));
  g_assert_false (p2p_sn_is_peer_id ("\xc3"));
  g_assert_cmpuint (strlen (full), ==, P2P_SN_SIGNAL_MAX_SIZE);
  check (full, P2P_SN_SIGNAL_OFFER, "86bf8f85bd4123a2", fitting, NULL);
  check_garbage (large);
  check_garbage (deep);
}

static void
check_written (P2pSnSignalType type, const char *text, const char *mid,
    const char *expected)
{
  P2pSnSignal signal = { type, (char *) "you", (char *) text, (char *) mid };
  g_autofree char *written = p2p_sn_signal_write (&signal, "me");

  g_assert_cmpstr (written, ==, expected);
}

static void
test_write (void)
{
  check_written (P2P_SN_SIGNAL_OFFER, "v=0\r\n", NULL,
      "{\"peer_id\":\"me\",\"action\":\"signal\",\"to_peer_id\":\"you\","
      "\"data\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}}");
  check_written (P2P_SN_SIGNAL_ANSWER, "v=0", NULL,
      "{\"peer_id\":\"me\",\"action\":\"signal\",\"to_peer_id\":\"you\","
      "\"data\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}");
  check_written (P2P_SN_SIGNAL_CANDIDATE, "candidate:1", "data",
      "{\"peer_id\":\"me\",\"action\":\"signal\",\"to_peer_id\":\"you\","
      "\"data\":{\"candidate\":{\"candidate\":\"candidate:1\","
      "\"sdpMLineIndex\":0,\"sdpMid\":\"data\"}}}");
  check_written (P2P_SN_SIGNAL_CANDIDATE, "candidate:1", NULL,
      "{\"peer_id\":\"me\",\"action\":\"signal\",\"to_peer_id\":\"you\","
      "\"data\":{\"candidate\":{\"candidate\":\"candidate:1\","
      "\"sdpMLineIndex\":0,\"sdpMid\":\"0\"}}}");
  check_written (P2P_SN_SIGNAL_PING, NULL, NULL, "{\"action\":\"ping\"}");
  check_written (P2P_SN_SIGNAL_PONG, NULL, NULL, "{\"action\":\"pong\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snsignal/read", test_read);
  g_test_add_func ("/snsignal/other", test_other);
  g_test_add_func ("/snsignal/garbage", test_garbage);
  g_test_add_func ("/snsignal/bounds", test_bounds);
  g_test_add_func ("/snsignal/write", test_write);
  return g_test_run ();
}
