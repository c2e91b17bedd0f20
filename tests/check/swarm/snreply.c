/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "p2perror.h"
#include "p2psnreply.h"
#include "p2psnsignal.h"

static P2pSnReply *
parse (const char *text, GError ** error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return p2p_sn_reply_parse (bytes, error);
}

static void
test_announce (void)
{
  g_autoptr (P2pSnReply) reply = parse ("{\"peer_id\":\"86bf8f85bd4123a2\","
      "\"report_interval\":10,\"heartbeat_interval\":30.0,"
      "\"peers\":[{\"id\":\"b\"},{\"id\":\"a\"}],\"more\":[[]]}", NULL);

  g_assert_cmpstr (reply->peer_id, ==, "86bf8f85bd4123a2");
  g_assert_cmpint (reply->report_interval, ==, 10 * P2P_SECOND);
  g_assert_cmpint (reply->heartbeat_interval, ==, 30 * P2P_SECOND);
  g_assert_cmpuint (reply->peers->len, ==, 2);
  g_assert_cmpstr (reply->peers->pdata[0], ==, "b");
  g_assert_cmpstr (reply->peers->pdata[1], ==, "a");
}

static void
check_interval (const char *text, gint64 seconds)
{
  g_autofree char *json = g_strdup_printf ("{\"report_interval\":%s}", text);
  g_autoptr (P2pSnReply) reply = parse (json, NULL);

  g_assert_cmpint (reply->report_interval, ==, seconds * P2P_SECOND);
  g_assert_cmpint (reply->heartbeat_interval, ==,
      P2P_SN_DEFAULT_INTERVAL * P2P_SECOND);
}

static void
test_intervals (void)
{
  check_interval ("1", 1);
  check_interval ("0", P2P_SN_MIN_INTERVAL);
  check_interval ("-9007199254740991", P2P_SN_MIN_INTERVAL);
  check_interval ("86401", P2P_SN_MAX_INTERVAL);
  check_interval ("9007199254740991", P2P_SN_MAX_INTERVAL);
  check_interval ("1e300", P2P_SN_DEFAULT_INTERVAL);
  check_interval ("2.5", P2P_SN_DEFAULT_INTERVAL);
  check_interval ("\"7\"", P2P_SN_DEFAULT_INTERVAL);
  check_interval ("null", P2P_SN_DEFAULT_INTERVAL);
}

/* What is no id is left out, and what makes no sense around it. */
static void
test_odd_peers (void)
{
  g_autoptr (P2pSnReply) reply = parse ("{\"peer_id\":\"a b\",\"peers\":"
      "[null,7,\"x\",[],{},{\"id\":7},{\"id\":\"\"},{\"id\":\"a\\u0000\"},"
      "{\"id\":\"ok\",\"more\":1},{\"ID\":\"no\"}]}", NULL);
  g_autoptr (P2pSnReply) none = parse ("{\"peers\":{\"id\":\"a\"}}", NULL);
  g_autoptr (P2pSnReply) empty = parse ("{}", NULL);

  g_assert_null (reply->peer_id);
  g_assert_cmpuint (reply->peers->len, ==, 1);
  g_assert_cmpstr (reply->peers->pdata[0], ==, "ok");
  g_assert_cmpuint (none->peers->len, ==, 0);
  g_assert_cmpuint (empty->peers->len, ==, 0);
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new ("{\"peers\":[");
  g_autoptr (P2pSnReply) reply = NULL;
  g_autofree char *blanks = g_strnfill (P2P_SN_REPLY_MAX_SIZE - 1, ' ');
  g_autofree char *large = g_strconcat ("{}", blanks, NULL);

  for (guint i = 0; i < 10 * P2P_SN_REPLY_MAX_PEERS; i++)
    g_string_append_printf (text, "{\"id\":\"p%u\"},", i);
  g_string_truncate (text, text->len - 1);
  g_string_append (text, "]}");
  reply = parse (text->str, NULL);
  g_assert_cmpuint (reply->peers->len, ==, P2P_SN_REPLY_MAX_PEERS);
  g_assert_null (parse (large, NULL));
}

static void
test_garbage (void)
{
  static const char *const texts[] = {
    "", "[]", "null", "<html>", "{\"peer_id\":", "{\"peer_id\":\"\xff\"}",
    "{} x",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (texts[i], &error));
    g_assert_error (error, P2P_ERROR, P2P_ERROR_MALFORMED);
  }
}

static void
check_stats (gint64 source, gint64 p2p, gint64 conns, gint64 failed_conns,
    const char *expected)
{
  g_autofree char *text = p2p_sn_stats_write (source, p2p, conns,
      failed_conns);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_stats (void)
{
  check_stats (0, 0, 0, 0, "{\"source\":0,\"p2p\":0}");
  check_stats (330, 12, 1, 2,
      "{\"source\":330,\"p2p\":12,\"conns\":1,\"failConns\":2}");
  check_stats (0, 7, -3, 0, "{\"source\":0,\"p2p\":7,\"conns\":-3}");
  check_stats (1, 0, 0, 4, "{\"source\":1,\"p2p\":0,\"failConns\":4}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snreply/announce", test_announce);
  g_test_add_func ("/snreply/intervals", test_intervals);
  g_test_add_func ("/snreply/odd-peers", test_odd_peers);
  g_test_add_func ("/snreply/bounds", test_bounds);
  g_test_add_func ("/snreply/garbage", test_garbage);
  g_test_add_func ("/snreply/stats", test_stats);
  return g_test_run ();
}
