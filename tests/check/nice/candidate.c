/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicecandidate.h"

#include <string.h>

static void
test_browser (void)
{
  P2pNiceCandidate c;

  g_assert_true (p2p_nice_candidate_parse (&c, "a=candidate:1266415132 1 udp "
          "2113937151 192.0.2.2 44167 typ host generation 0 network-cost 999"));
  g_assert_cmpstr (c.foundation, ==, "1266415132");
  g_assert_cmpuint (c.priority, ==, 2113937151);
  g_assert_cmpstr (c.host, ==, "192.0.2.2");
  g_assert_cmpuint (c.port, ==, 44167);
  g_assert_cmpint (c.type, ==, P2P_NICE_CANDIDATE_HOST);
  g_assert_cmpstr (c.related, ==, "");
  g_assert_true (p2p_nice_candidate_parse (&c, "candidate:961649871 1 UDP "
          "2113942271 fd00::2 59887 typ host generation 0\r\n"));
  g_assert_cmpstr (c.host, ==, "fd00::2");
  g_assert_true (p2p_nice_candidate_parse (&c, "candidate:1 1 udp 1 "
          "0d0b2d3f-40ea-41d4-ad3c-5b1f6cba4d44.local 50000 typ host"));
  g_assert_true (p2p_nice_candidate_is_local_name (c.host));
  g_assert_true (p2p_nice_candidate_parse (&c, "candidate:842163049 1 udp "
          "1677729535 198.51.100.7 61000 typ srflx raddr 0.0.0.0 rport 0 "
          "generation 0 ufrag x network-id 1"));
  g_assert_cmpint (c.type, ==, P2P_NICE_CANDIDATE_SRFLX);
  g_assert_cmpstr (c.related, ==, "0.0.0.0");
}

static void
test_round_trip (void)
{
  static const char *const lines[] = {
    "candidate:1 1 udp 4294967295 127.0.0.1 65535 typ host",
    "candidate:a+/B 1 udp 1 ::1 1 typ prflx",
    "candidate:2 1 udp 99 10.0.0.1 9 typ relay raddr 192.0.2.1 rport 7",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *text = NULL;
    P2pNiceCandidate c;

    g_assert_true (p2p_nice_candidate_parse (&c, lines[i]));
    text = p2p_nice_candidate_write (&c);
    g_assert_cmpstr (text, ==, lines[i]);
  }
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "", "a=", "candidate:", "a=candidate:1 1 udp 1 1.2.3.4 1 typ",
    "candidate:1 1 tcp 1 1.2.3.4 9 typ host tcptype active",
    "candidate:1 2 udp 1 1.2.3.4 1 typ host",
    "candidate:1 0 udp 1 1.2.3.4 1 typ host",
    "candidate:1 1 udp 0 1.2.3.4 1 typ host",
    "candidate:1 1 udp 4294967296 1.2.3.4 1 typ host",
    "candidate:1 1 udp -1 1.2.3.4 1 typ host",
    "candidate:1 1 udp 1 1.2.3.4 0 typ host",
    "candidate:1 1 udp 1 1.2.3.4 65536 typ host",
    "candidate:1 1 udp 1 1.2.3.4.5 1 typ host",
    "candidate:1 1 udp 1 fe80::1%eth0 1 typ host",
    "candidate:1 1 udp 1 example.com 1 typ host",
    "candidate:1 1 udp 1 .local 1 typ host",
    "candidate:1 1 udp 1 a/b.local 1 typ host",
    "candidate:1 1 udp 1 a%2e.local 1 typ host",
    "candidate:1 1 udp 1 \xc3\xa4.local 1 typ host",
    "candidate:1 1 udp 1 a\x01.local 1 typ host",
    "candidate:1 1 udp 1 a.local. 1 typ host",
    "candidate:1 1 udp 1 a.localhost 1 typ host",
    "candidate:1 1 udp 1 1.2.3.4 1 type host",
    "candidate:1 1 udp 1 1.2.3.4 1 typ hosts",
    "candidate:1 1 udp 1 1.2.3.4 1 typ srflx raddr 1.2.3.4 rport 65536",
    "candidate:\xff 1 udp 1 1.2.3.4 1 typ host",
    "candidate:012345678901234567890123456789012 1 udp 1 1.2.3.4 1 typ host",
  };
  g_autofree char *big = g_strnfill (1 << 20, '1');
  g_autofree char *longest = g_strconcat ("candidate:1 1 udp 1 1.2.3.4 1 typ ",
      "host x ", big, NULL);
  g_autofree char *name = g_strnfill (P2P_NICE_CANDIDATE_MAX_HOST, 'a');
  g_autofree char *too_long = g_strconcat ("candidate:1 1 udp 1 ", name,
      ".local 1 typ host", NULL);
  P2pNiceCandidate c;

  g_assert_false (p2p_nice_candidate_parse (&c, too_long));
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_false (p2p_nice_candidate_parse (&c, lines[i]));
  g_assert_false (p2p_nice_candidate_parse (&c, longest));
  longest[P2P_NICE_CANDIDATE_MAX_LINE] = '\0';
  g_assert_false (p2p_nice_candidate_parse (&c, longest));
  longest[P2P_NICE_CANDIDATE_MAX_LINE - 1] = '\0';
  g_assert_true (p2p_nice_candidate_parse (&c, longest));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/candidate/browser", test_browser);
  g_test_add_func ("/candidate/round-trip", test_round_trip);
  g_test_add_func ("/candidate/refused", test_refused);
  return g_test_run ();
}
