/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Connections that do not come about, and those that do with difficulties.
 */

#include "pair.h"

#include "p2perror.h"
#include "p2pniceconnection.h"

#include <gio/gio.h>
#include <string.h>

static char *
spoil_fingerprint (const char *sdp)
{
  char *text = g_strdup (sdp);
  char *digit = strstr (text, "sha-256 ") + strlen ("sha-256 ");

  *digit = *digit == '0' ? '1' : '0';
  return text;
}

static char *
spoil_all (const char *sdp)
{
  return g_strdup ("v=0\r\nrubbish");
}

static char *
keep_actpass (const char *sdp)
{
  g_auto (GStrv) parts = g_strsplit (sdp, "setup:active", 2);

  return g_strjoinv ("setup:actpass", parts);
}

/* Whoever is lied to does not open, and neither does the other one. */
static void
test_wrong_fingerprint (void)
{
  for (guint way = 0; way < 4; way++) {
    World *world = world_new ();
    Peer a = { 0 }, b = { 0 };

    (way & 1 ? &a : &b)->edit = spoil_fingerprint;
    world_start (world);
    peers_start (world, &a, &b, way & 2);
    world_wait (world, a.n_failed && b.n_failed);
    g_assert_error (a.error, P2P_ERROR, P2P_ERROR_PEER);
    g_assert_error (b.error, P2P_ERROR, P2P_ERROR_PEER);
    g_assert_cmpuint (a.n_open + b.n_open, ==, 0);
    peers_finish (world, &a, &b);
  }
}

static void
test_bad_description (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };

  a.edit = spoil_all;
  world_start (world);
  peers_start (world, &a, &b, TRUE);
  world_wait (world, b.n_failed);
  g_assert_error (b.error, P2P_ERROR, P2P_ERROR_PEER);
  g_assert_cmpuint (b.n_described, ==, 0);
  peer_clear (&a);
  peer_clear (&b);
  b.edit = keep_actpass;
  peers_start (world, &a, &b, TRUE);
  world_wait (world, a.n_failed);
  g_assert_error (a.error, P2P_ERROR, P2P_ERROR_PEER);
  peers_finish (world, &a, &b);
}

/* A description of 1 MiB costs no more than one that can be read; candidates
 * without sense, or without end, are let go; nothing follows a close. */
static void
test_hostile (void)
{
  World *world = world_new ();
  g_autofree char *huge = g_strnfill (1 << 20, 'v');
  Peer a = { 0 }, b = { 0 };

  world_start (world);
  peer_start (world, &b, NULL, P2P_CONNECTION_ANSWER, TRUE);
  for (guint i = 0; i < 100000; i++)
    p2p_connection_add_candidate (b.connection,
        i % 2 ? "candidate:1 1 udp 1 192.0.2.1 9 typ host" : "candidate:");
  p2p_connection_add_candidate (b.connection, huge);
  p2p_connection_set_remote (b.connection, huge);
  p2p_connection_set_remote (b.connection, "");
  g_assert_cmpuint (b.n_failed, ==, 0);
  world_wait (world, b.n_failed);
  g_assert_error (b.error, P2P_ERROR, P2P_ERROR_PEER);
  p2p_connection_set_remote (b.connection, "");
  p2p_connection_add_candidate (b.connection, NULL);
  world_settle (world);
  peer_start (world, &a, NULL, P2P_CONNECTION_OFFER, TRUE);
  p2p_connection_close (a.connection);
  world_settle (world);
  g_assert_cmpuint (a.n_described, ==, 0);
  peers_finish (world, &a, &b);
}

/* Bad addresses among the candidates harm nobody, and a description twice. */
static char *
add_rubbish (const char *sdp)
{
  static const char *const hosts[] = { "0.0.0.0", "255.255.255.255",
    "224.0.0.1", "ff02::1", "::", "fe80::1", "no-such-name.local",
    "192.0.2.99",
  };
  GString *text = g_string_new (sdp);

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    g_string_append_printf (text,
        "a=candidate:r%u 1 udp 4294967295 %s 9 typ host\r\n", i, hosts[i]);
  return g_string_free (text, FALSE);
}

static void
test_rubbish_candidates (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };

  a.edit = b.edit = add_rubbish;
  world_start (world);
  peers_open (world, &a, &b, FALSE);
  peers_finish (world, &a, &b);
}

/* Candidates may overtake both descriptions. */
static char *
hold_back (const char *sdp)
{
  return NULL;
}

static void
test_early_candidates (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };

  a.edit = b.edit = hold_back;
  world_start (world);
  peers_start (world, &a, &b, TRUE);
  world_run (world, 50 * P2P_MSEC);
  g_assert_cmpuint (a.n_last_candidates, ==, 1);
  g_assert_cmpuint (b.n_described, ==, 0);
  p2p_connection_set_remote (b.connection, a.described);
  world_run (world, 50 * P2P_MSEC);
  g_assert_cmpuint (b.n_last_candidates, ==, 1);
  p2p_connection_set_remote (a.connection, b.described);
  world_wait (world, a.n_open && b.n_open);
  peers_finish (world, &a, &b);
}

/* Nobody answers; nobody is there. */
static void
test_timeouts (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };

  world_start (world);
  peer_start (world, &a, NULL, P2P_CONNECTION_OFFER, TRUE);
  peer_start (world, &b, NULL, P2P_CONNECTION_ANSWER, FALSE);
  world_wait (world, a.n_described);
  p2p_clock_run (world->config.clock, p2p_clock_get_time (world->config.clock)
      + P2P_NICE_CONNECTION_WAIT);
  g_assert_cmpuint (a.n_failed, ==, 1);
  g_assert_cmpuint (b.n_failed, ==, 1);
  g_assert_error (a.error, P2P_ERROR, P2P_ERROR_TIMEOUT);
  g_assert_error (b.error, P2P_ERROR, P2P_ERROR_TIMEOUT);
  peers_finish (world, &a, &b);
}

static char *
drop_candidates (const char *sdp)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);

  for (guint i = 0; lines[i]; i++) {
    if (lines[i][0] && !g_str_has_prefix (lines[i], "a=candidate:"))
      g_string_append_printf (text, "%s\r\n", lines[i]);
  }
  return g_string_free (text, FALSE);
}

static void
test_no_way (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };

  a.edit = b.edit = drop_candidates;
  world_start (world);
  peers_start (world, &a, &b, FALSE);
  world_wait (world, a.n_described && b.n_described);
  world_run (world, 200 * P2P_MSEC);
  g_assert_cmpuint (a.n_failed + b.n_failed, ==, 0);
  p2p_clock_run (world->config.clock, p2p_clock_get_time (world->config.clock)
      + P2P_NICE_CONNECTION_TIMEOUT);
  g_assert_cmpuint (a.n_failed, ==, 1);
  g_assert_cmpuint (b.n_failed, ==, 1);
  g_assert_cmpint (a.error->domain, ==, P2P_ERROR);
  peers_finish (world, &a, &b);
}

/* In each event, by close and by unref; the other side is not left alone. */
static void
test_leave (void)
{
  static const char events[] = "dcof";

  for (guint way = 0; way < 2 * 2 * 4; way++) {
    World *world = world_new ();
    Peer peers[2] = { {0}
    };
    Peer *left = &peers[way & 1];
    char event = events[way / 4];

    left->leave = event;
    left->unref = way & 2;
    if (event == 'f')
      peers[0].edit = spoil_fingerprint;
    world_start (world);
    peers_start (world, &peers[0], &peers[1], TRUE);
    world_wait (world, left->leave == '\0');
    world_settle (world);
    g_assert_cmpuint (left->n_open, ==, event == 'o');
    g_assert_cmpuint (left->n_failed, ==, event == 'f');
    peers_finish (world, &peers[0], &peers[1]);
  }
}

static void
test_config (void)
{
  static const char *const servers[] = { "", "stun", "stun://", "http://h",
    "turn://h", "turn://u@h", "stun://u:p@h", "turn://u:p@h?transport=sctp",
    "stun://h:99999", "turns://u:p@h",
  };
  World *world = world_new ();
  P2pNiceConnector *connector;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autoptr (GError) wrong = NULL;

    world->config.stun_server = servers[i];
    world->config.turn_server = servers[i];
    g_assert_null (p2p_nice_connector_new (&world->config, &wrong));
    g_assert_error (wrong, P2P_ERROR, P2P_ERROR_URI);
  }
  world->config.stun_server = "stun://[::1]:1";
  world->config.turn_server = "turn://u%40x:p%3A@relay.example?transport=tcp";
  connector = p2p_nice_connector_new (&world->config, &error);
  g_assert_no_error (error);
  g_object_unref (connector);
  world->config.pem = "-----BEGIN CERTIFICATE-----\nAA==\n";
  g_assert_null (p2p_nice_connector_new (&world->config, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_TLS);
  world->config.turn_server = NULL;
  world_free (world);
}

/* A STUN server that does not answer: described all the same, and connected. */
static void
test_silent_stun (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };
  g_autoptr (GSocket) silent = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *server = NULL;
  gint64 started;

  g_assert_true (g_socket_bind (silent, any, FALSE, NULL));
  address = g_socket_get_local_address (silent, NULL);
  server = g_strdup_printf ("stun://127.0.0.1:%u",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  world->config.stun_server = server;
  world_start (world);
  started = p2p_clock_get_time (world->config.clock);
  peers_open (world, &a, &b, FALSE);
  g_assert_cmpint (p2p_clock_get_time (world->config.clock) - started, >=,
      P2P_NICE_CONNECTION_GATHER);
  /* It was asked. */
  g_assert_cmpint (g_socket_condition_check (silent, G_IO_IN), ==, G_IO_IN);
  /* It is given up when nobody is interested any more. */
  world_run (world, 3 * P2P_SECOND);
  g_assert_cmpuint (a.n_closed + b.n_closed, ==, 0);
  peers_finish (world, &a, &b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection/wrong-fingerprint", test_wrong_fingerprint);
  g_test_add_func ("/connection/bad-description", test_bad_description);
  g_test_add_func ("/connection/hostile", test_hostile);
  g_test_add_func ("/connection/rubbish-candidates", test_rubbish_candidates);
  g_test_add_func ("/connection/early-candidates", test_early_candidates);
  g_test_add_func ("/connection/timeouts", test_timeouts);
  g_test_add_func ("/connection/no-way", test_no_way);
  g_test_add_func ("/connection/leave", test_leave);
  g_test_add_func ("/connection/config", test_config);
  g_test_add_func ("/connection/silent-stun", test_silent_stun);
  return g_test_run ();
}
