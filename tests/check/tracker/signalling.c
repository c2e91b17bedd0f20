/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Seed 002's signalling, as the browser's client of 2018-04 uses it.
 */

#include "client.h"
#include "p2pjson.h"

#include <string.h>

#define OFFER "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\n\"}"
#define ANSWER "{\"type\":\"answer\",\"sdp\":\"v=0\\r\\n\"}"
#define CANDIDATE "{\"candidate\":{\"candidate\":\"candidate:1 1 udp 2113937151 " \
    "192.0.2.2 50435 typ host\",\"sdpMLineIndex\":0,\"sdpMid\":\"0\"}}"

static Client *
join (P2pTrackerServer * server, const char *id)
{
  g_autofree char *target = g_strdup_printf ("/ws?id=%s", id);

  return socket_new (server, target);
}

static void
signal_to (Client * self, const char *me, const char *to, const char *data)
{
  socket_say (self, "{\"peer_id\":\"%s\",\"action\":\"signal\","
      "\"to_peer_id\":\"%s\",\"data\":%s}", me, to, data);
}

static void
assert_signal (Client * self, const char *from, const char *data)
{
  socket_assert_read (self, "{\"action\":\"signal\",\"from_peer_id\":\"%s\","
      "\"data\":%s}", from, data);
}

/* Answers come in order: whatever else was to come would come before. */
static void
assert_nothing (Client * self)
{
  socket_say (self, "{\"action\":\"ping\"}");
  socket_assert_read (self, "{\"action\":\"pong\"}");
}

/* From the announce to the last candidate: two clients, as they do it */
static void
test_connect (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *a = announce (server, "x"), *b = announce (server, "x");
  g_autoptr (Client) first = join (server, a), second = join (server, b);
  P2pTrackerStats stats;

  signal_to (second, b, a, OFFER);
  signal_to (second, b, a, CANDIDATE);
  assert_signal (first, b, OFFER);
  assert_signal (first, b, CANDIDATE);
  signal_to (first, a, b, ANSWER);
  signal_to (first, a, b, CANDIDATE);
  assert_signal (second, a, ANSWER);
  assert_signal (second, a, CANDIDATE);
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.relayed, ==, 4);
  g_assert_cmpuint (stats.sockets, ==, 2);
  g_assert_cmpuint (stats.absent + stats.bad + stats.dropped, ==, 0);
}

/* Whatever it is, and however it is written */
static void
test_data (void)
{
  static const char *const data[] = {
    "{}", "[]", "null", "0", "-1.50e+10", "true", "\"\"",
    "\"\\u0000\\ud83d\\ude00\"",
    "{ \"a\" : [ 1 ,{}] }", "12345678901234567890123", "{\"renegotiate\":true}",
    "{\"a\":\"\\u00e9\",\"a\":\"\xc3\xa9\"}",
  };
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a"), b = join (server, "peer-b");

  for (guint i = 0; i < G_N_ELEMENTS (data); i++) {
    signal_to (a, "peer-a", "peer-b", data[i]);
    assert_signal (b, "peer-a", data[i]);
  }
}

/* Who it comes from is what the server knows. */
static void
test_from (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a"), b = join (server, "peer-b");

  socket_say (a, "{\"peer_id\":\"mallory\",\"from_peer_id\":\"mallory\","
      "\"action\":\"signal\",\"data\":1,\"to_peer_id\":\"peer-b\"}");
  assert_signal (b, "peer-a", "1");
}

static void
test_paths (void)
{
  static const char *const good[] = { "/ws?id=x", "/wss?id=x", "/?id=x",
    "/ws/?id=x&a=b", "/wss?a=b&id=x", "/?a=b&id=x", "/ws?id=86bf8f85bd4123a2"
  };
  static const char *const bad[] = { "/wss?id=",
    "/announce?id=x", "/ws/x?id=x", "/ws?id=a%22b", "/ws?id=a%5Cb",
    "/ws?id=a+b", "/ws?id=%C3%A9",
    "/ws?id=0123456789012345678901234567890123456789012345678901234567890123x"
  };
  g_autoptr (P2pTrackerServer) server = server_start_default ();

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (Client) client = socket_new (server, good[i]);

    assert_nothing (client);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (Client) client = client_new (server);
    g_autoptr (Reply) reply = socket_upgrade (client, bad[i], NULL);

    g_test_message ("%s", bad[i]);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->status, ==, 404);
    client_assert_closed (client);
  }
}

/* Told once for each peer that is not there, without data */
static void
test_absent (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a");
  Client *b;

  signal_to (a, "peer-a", "peer-b", OFFER);
  signal_to (a, "peer-a", "peer-b", CANDIDATE);
  signal_to (a, "peer-a", "peer-c", CANDIDATE);
  socket_assert_read (a, "{\"action\":\"signal\",\"from_peer_id\":\"peer-b\"}");
  socket_assert_read (a, "{\"action\":\"signal\",\"from_peer_id\":\"peer-c\"}");
  assert_nothing (a);
  /* It comes and goes: that is told again. */
  b = join (server, "peer-b");
  signal_to (a, "peer-a", "peer-b", OFFER);
  assert_signal (b, "peer-a", OFFER);
  client_free (b);
  server_wait (server, sockets_are, 1);
  signal_to (a, "peer-a", "peer-b", CANDIDATE);
  signal_to (a, "peer-a", "peer-b", CANDIDATE);
  socket_assert_read (a, "{\"action\":\"signal\",\"from_peer_id\":\"peer-b\"}");
  assert_nothing (a);
}

/* What is remembered of absent peers is bounded. */
static void
test_many_absent (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a");

  for (guint i = 0; i <= P2P_TRACKER_MAX_ABSENT; i++) {
    g_autofree char *id = g_strdup_printf ("peer-%u", i);

    signal_to (a, "peer-a", id, "1");
    socket_assert_read (a, "{\"action\":\"signal\",\"from_peer_id\":\"%s\"}",
        id);
  }
  /* The last one is known, the first one was forgotten. */
  signal_to (a, "peer-a", "peer-32", "1");
  signal_to (a, "peer-a", "peer-0", "1");
  socket_assert_read (a, "{\"action\":\"signal\",\"from_peer_id\":\"peer-0\"}");
}

/* A peer whose socket closed is told of no more, until it is back. */
static void
test_away (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autofree char *a = announce (server, "x"), *b = announce (server, "x");
  g_autofree char *target = g_strdup_printf
      ("/get_peers/?info_hash=x&peer_id=%s", a);
  g_autofree char *here = g_strdup_printf ("{\"peers\":[{\"id\":\"%s\"}]}", b);
  g_autofree char *before = get (server, target), *gone = NULL, *again = NULL;
  Client *client = join (server, b);

  g_assert_cmpstr (before, ==, here);
  client_free (client);
  server_wait (server, sockets_are, 0);
  gone = get (server, target);
  g_assert_cmpstr (gone, ==, "{\"peers\":[]}");
  client = join (server, b);
  again = get (server, target);
  g_assert_cmpstr (again, ==, here);
  client_free (client);
}

/* The newest socket of an id counts, the one before it is closed. */
static void
test_replaced (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a"), old = join (server, "peer-b");
  g_autoptr (Client) new = join (server, "peer-b");

  socket_assert_closed (old, 1000);
  signal_to (a, "peer-a", "peer-b", "1");
  assert_signal (new, "peer-a", "1");
  signal_to (new, "peer-b", "peer-a", "2");
  assert_signal (a, "peer-b", "2");
}

static const char *const nonsense[] = {
  "", " ", "{}", "9", "\"9\"", "[]", "null", "x", "{\"action\":1}",
  "{\"action\":\"\"}", "{\"action\":\"reject\",\"to_peer_id\":\"peer-b\"}",
  "{\"action\":\"signal\"}",
  "{\"action\":\"signal\",\"to_peer_id\":\"peer-b\"}",
  "{\"action\":\"signal\",\"data\":1}",
  "{\"action\":\"signal\",\"to_peer_id\":1,\"data\":1}",
  "{\"action\":\"signal\",\"to_peer_id\":\"\",\"data\":1}",
  "{\"action\":\"signal\",\"to_peer_id\":\"peer-a\",\"data\":1}",
  "{\"action\":\"signal\",\"to_peer_id\":\"peer\\u0000b\",\"data\":1}",
  "{\"action\":\"signal\",\"to_peer_id\":\"a\\\"b\",\"data\":1}",
  "{\"action\":\"signal\",\"to_peer_id\":\"peer-b\",\"data\":1} x",
  "{\"action\":\"signal\",\"to_peer_id\":\"peer-b\",\"data\":'x'}",
  "{\"action\":\"signal\",\"to_peer_id\":\"peer-b\",\"data\":\"\xff\"}",
  "{\"action\":\"signal\",\"to_peer_id\":\"peer-b\",\"data\":[[[[[[[[[[[[[[[[]]]]"
      "]]]]]]]]]]]]}",
};

/* Dropped and counted; the socket stays. */
static void
test_nonsense (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a"), b = join (server, "peer-b");
  P2pTrackerStats stats;

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    socket_send (a, WS_TEXT, nonsense[i], strlen (nonsense[i]));
  socket_send (a, WS_TEXT, "{\"action\":\"ping\"}\0", 18);
  assert_nothing (a);
  assert_nothing (b);
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.bad, ==, G_N_ELEMENTS (nonsense) + 1);
  g_assert_cmpuint (stats.relayed, ==, 0);
}

/* In frames of its parts, with a ping between them, and as binary */
static void
test_fragments (void)
{
  static const char text[] = "{\"action\":\"signal\",\"to_peer_id\":\"peer-b\","
      "\"data\":\"" "0123456789" "\"}";
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a"), b = join (server, "peer-b");
  gsize size = strlen (text);

  for (gsize i = 0; i < size; i++) {
    socket_send (a, (i == 0 ? 0x01 : 0x00) | (i == size - 1 ? 0x80 : 0),
        text + i, 1);
    if (i == 20)
      socket_send (a, 0x89, "hello", 5);
  }
  assert_signal (b, "peer-a", "\"0123456789\"");
  socket_send (a, WS_BINARY, text, size);
  assert_signal (b, "peer-a", "\"0123456789\"");
}

/* Up to the bound, in both ways of saying a length */
static void
test_long (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) a = join (server, "peer-a"), b = join (server, "peer-b");
  const gsize sizes[] = { 10, 200, 1023, 1024, 1025, 5000, 60000, 65400 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *fill = g_strnfill (sizes[i], 'x');
    g_autofree char *data = g_strdup_printf ("\"%s\"", fill);

    signal_to (a, "peer-a", "peer-b", data);
    assert_signal (b, "peer-a", data);
  }
}

/* With another protocol of WebSocket than none, or an old version of it */
static void
test_handshakes (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) protocol = client_new (server);
  g_autoptr (Client) http2 = client_new (server);
  g_autoptr (Reply) reply = socket_upgrade (protocol, "/ws?id=x",
      "Sec-WebSocket-Protocol: chat\r\n");

  g_assert_null (reply);
  client_say (http2, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, "
      "HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"
      "\r\n\r\n");
  client_assert_closed (http2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signalling/connect", test_connect);
  g_test_add_func ("/signalling/data", test_data);
  g_test_add_func ("/signalling/from", test_from);
  g_test_add_func ("/signalling/paths", test_paths);
  g_test_add_func ("/signalling/absent", test_absent);
  g_test_add_func ("/signalling/many-absent", test_many_absent);
  g_test_add_func ("/signalling/away", test_away);
  g_test_add_func ("/signalling/replaced", test_replaced);
  g_test_add_func ("/signalling/nonsense", test_nonsense);
  g_test_add_func ("/signalling/fragments", test_fragments);
  g_test_add_func ("/signalling/long", test_long);
  g_test_add_func ("/signalling/handshakes", test_handshakes);
  return g_test_run ();
}
