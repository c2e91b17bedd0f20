/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceserver.h"

#include "p2perror.h"

static void
test_refused (void)
{
  static const char *const uris[] = { "", "h", "stun", "stun:", "stun:h",
    "stun://", "stun://:1", "stun://h:0", "stun://h:65536", "stun://h:-1",
    "stun://h:x", "stun://h h", "stun://[::1", "stun://u@h", "stun://u:p@h",
    "stun://h/", "stun://h?transport=udp", "stun://h#f", "stun://h\n",
    "http://h", "turn:u:p@h", "turn://h", "turn://u@h", "turn://u:p@",
    "turn://u:p@h:0", "turn://u:p@h?", "turn://u:p@h?transport=sctp",
    "turn://u:p@h?transport=TCP", "turn://u:p@h?transport=tcp&a=b",
    "turn://u:p@h/?transport=tcp", "turn://u:p@h?transport=tcp#f",
    "turn://u%00:p@h", "turn://u%ff:p@h", "turn://u%zz:p@h", "turns://u:p@h",
    "\xff://h", "turn://\xff:p@h",
  };
  static const char *const schemes[] = { "stun", "turn" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (schemes); j++) {
      g_autoptr (GError) error = NULL;

      if (p2p_nice_server_parse (uris[i], schemes[j], &error))
        g_error ("%s was taken", uris[i]);
      g_assert_error (error, P2P_ERROR, P2P_ERROR_URI);
      /* It holds no secrets. */
      g_assert_true (g_str_has_prefix (error->message, "Not a server"));
    }
  }
}

static void
check (const char *uri, const char *scheme, const char *host, guint16 port,
    const char *user, const char *password, gboolean tcp)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pNiceServer) server =
      p2p_nice_server_parse (uri, scheme, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (server->host, ==, host);
  g_assert_cmpuint (server->port, ==, port);
  g_assert_cmpstr (server->user, ==, user);
  g_assert_cmpstr (server->password, ==, password);
  g_assert_cmpint (server->tcp, ==, tcp);
}

static void
test_taken (void)
{
  check ("stun://h", "stun", "h", 3478, NULL, NULL, FALSE);
  check ("STUN://stun.example:65535", "stun", "stun.example", 65535, NULL, NULL,
      FALSE);
  check ("stun://[2001:db8::1]:1", "stun", "2001:db8::1", 1, NULL, NULL, FALSE);
  check ("turn://u:p@h", "turn", "h", 3478, "u", "p", FALSE);
  check ("turn://u:p@h:9?transport=udp", "turn", "h", 9, "u", "p", FALSE);
  check ("turn://u:p@[::1]:9?transport=tcp", "turn", "::1", 9, "u", "p", TRUE);
  /* As those are that a server makes for a while, and those that people make. */
  check ("turn://1700000000%3Aviewer:kq%2Fb%2B8%3D@h", "turn", "h", 3478,
      "1700000000:viewer", "kq/b+8=", FALSE);
  check ("turn://a%40b:p%25%3A%23%3F%40@h", "turn", "h", 3478, "a@b", "p%:#?@",
      FALSE);
  check ("turn://u:p:q@h", "turn", "h", 3478, "u", "p:q", FALSE);
  check ("turn://%C3%A4:%F0%9F%8C%8D@h", "turn", "h", 3478, "ä", "🌍",
      FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/refused", test_refused);
  g_test_add_func ("/server/taken", test_taken);
  return g_test_run ();
}
