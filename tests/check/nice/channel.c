/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two ends that are connected, over real sockets on loopback.
 */

#include "pair.h"

#include "p2perror.h"
#include "p2pnicechannel.h"

#include <string.h>

/* Bytes that say where they belong. */
static GBytes *
make_message (gsize size, guint n)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = i * 7 + i / 251 + n * 13;
  return g_bytes_new_take (data, size);
}

static void
check_message (Peer * peer, guint n, gsize size, gboolean text)
{
  g_autoptr (GBytes) wanted = make_message (size, n);

  g_assert_true (g_bytes_equal (g_ptr_array_index (peer->messages, n), wanted));
  g_assert_cmpint (g_array_index (peer->texts, gboolean, n), ==, text);
}

static const gsize sizes[] = { 1, 2, 1100, 1172, 1200, 16384, 65536, 262143,
  262144,
};

static void
send_sizes (Peer * peer)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GBytes) bytes = make_message (sizes[i], i);

    g_assert_true (p2p_channel_send (peer->channel, bytes, i % 2));
  }
}

static void
check_sizes (Peer * from, Peer * to)
{
  P2pChannelStats sent, received;
  gsize sum = 0;

  g_assert_cmpuint (to->messages->len, ==, G_N_ELEMENTS (sizes));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    check_message (to, i, sizes[i], i % 2);
    sum += sizes[i];
  }
  p2p_channel_get_stats (from->channel, &sent);
  p2p_channel_get_stats (to->channel, &received);
  g_assert_cmpuint (sent.messages_sent, ==, G_N_ELEMENTS (sizes));
  g_assert_cmpuint (sent.bytes_sent, ==, sum);
  g_assert_cmpuint (received.messages_received, ==, G_N_ELEMENTS (sizes));
  g_assert_cmpuint (received.bytes_received, ==, sum);
  g_assert_cmpint (sent.round_trip, >=, 0);
}

static void
exchange (World * world, Peer * a, Peer * b)
{
  send_sizes (a);
  send_sizes (b);
  world_wait (world, a->messages->len == G_N_ELEMENTS (sizes)
      && b->messages->len == G_N_ELEMENTS (sizes));
  check_sizes (a, b);
  check_sizes (b, a);
}

static char *
make_active (const char *sdp)
{
  g_auto (GStrv) parts = g_strsplit (sdp, "actpass", 2);

  return g_strjoinv ("active", parts);
}

/* Every way to connect, and to send. */
static void
test_exchange (void)
{
  for (guint way = 0; way < 8; way++) {
    World *world = world_new ();
    gboolean trickle = way & 1;
    Peer a = { 0 }, b = { 0 };

    if (way & 2)
      a.edit = make_active;
    world->config.gso = world->config.gro = (way & 4) == 0;
    world_start (world);
    peers_open (world, &a, &b, trickle);
    g_assert_cmpuint (a.n_described, ==, 1);
    g_assert_cmpuint (b.n_described, ==, 1);
    g_assert_cmpuint (a.n_last_candidates, ==, trickle);
    g_assert_cmpint (a.n_candidates > 0, ==, trickle);
    g_assert_true (g_str_has_prefix (p2p_channel_get_remote_address
            (a.channel), "127.0.0.1:"));
    exchange (world, &a, &b);
    peers_finish (world, &a, &b);
  }
}

/* What was given back meanwhile comes back. */
static void
test_rest (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };
  g_autoptr (GBytes) bytes = make_message (65536, 0);

  world_start (world);
  peers_open (world, &a, &b, TRUE);
  for (guint i = 1; i <= 3; i++) {
    g_assert_true (p2p_channel_send (a.channel, bytes, FALSE));
    g_assert_true (p2p_channel_send (b.channel, bytes, FALSE));
    world_wait (world, a.messages->len == i && b.messages->len == i);
    g_assert_true (g_bytes_equal (g_ptr_array_index (a.messages, i - 1),
            bytes));
    g_assert_true (g_bytes_equal (g_ptr_array_index (b.messages, i - 1),
            bytes));
    world_run (world, P2P_NICE_TRANSPORT_REST + 200 * P2P_MSEC);
  }
  p2p_channel_close (a.channel);
  world_wait (world, b.n_closed);
  g_assert_no_error (b.error);
  peers_finish (world, &a, &b);
}

static void
test_ipv6 (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };

  world->config.local_address = "::1";
  world_start (world);
  peers_open (world, &a, &b, TRUE);
  g_assert_true (g_str_has_prefix (p2p_channel_get_remote_address
          (b.channel), "[::1]:"));
  exchange (world, &a, &b);
  peers_finish (world, &a, &b);
}

#define PIECE 16384
#define N_PIECES 512

static void
test_pressure (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = { 0 };

  world_start (world);
  peers_open (world, &a, &b, TRUE);
  p2p_channel_set_low_water (a.channel, 65536);
  for (guint i = 0; i < N_PIECES; i++) {
    g_autoptr (GBytes) bytes = make_message (PIECE, i);

    g_assert_true (p2p_channel_send (a.channel, bytes, FALSE));
  }
  /* Far from all went into the window. */
  g_assert_cmpuint (p2p_channel_get_buffered (a.channel), >,
      N_PIECES * PIECE / 2);
  g_assert_cmpuint (a.n_drained, ==, 0);
  world_wait (world, a.n_drained > 0);
  g_assert_cmpuint (p2p_channel_get_buffered (a.channel), <=, 65536);
  world_wait (world, b.messages->len == N_PIECES);
  g_assert_cmpuint (p2p_channel_get_buffered (a.channel), ==, 0);
  g_assert_cmpuint (a.n_drained, ==, 1);
  for (guint i = 0; i < N_PIECES; i++)
    check_message (&b, i, PIECE, FALSE);
  peers_finish (world, &a, &b);
}

static char *
set_max_message (const char *sdp)
{
  g_auto (GStrv) parts = g_strsplit (sdp, "262144", 2);

  return g_strjoinv ("20000", parts);
}

static void
test_limits (void)
{
  World *world = world_new ();
  Peer a = { 0 }, b = {.edit = set_max_message };
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) most = make_message (20000, 0);
  g_autoptr (GBytes) longer = make_message (20001, 0);
  g_autoptr (GBytes) too_long = make_message (262145, 0);
  guint n = 0;

  world_start (world);
  peers_open (world, &a, &b, FALSE);
  g_assert_cmpuint (p2p_channel_get_max_message (a.channel), ==, 20000);
  g_assert_cmpuint (p2p_channel_get_max_message (b.channel), ==, 262144);
  g_assert_false (p2p_channel_send (a.channel, empty, FALSE));
  g_assert_false (p2p_channel_send (a.channel, longer, FALSE));
  g_assert_true (p2p_channel_send (b.channel, longer, FALSE));
  g_assert_false (p2p_channel_send (b.channel, too_long, FALSE));
  /* More than may wait is not taken; what was taken comes. */
  while (p2p_channel_send (a.channel, most, FALSE))
    n++;
  g_assert_cmpuint (p2p_channel_get_buffered (a.channel), <=,
      P2P_NICE_CHANNEL_MAX_BUFFERED);
  g_assert_cmpuint (n, >, P2P_NICE_CHANNEL_MAX_BUFFERED / 20000 - 2);
  world_wait (world, b.messages->len == n);
  peers_finish (world, &a, &b);
}

/* Who does not listen yet loses nothing, not even the end, up to a limit. */
static void
test_unread (void)
{
  static const guint counts[] = { 3, P2P_NICE_CHANNEL_MAX_UNREAD / 65536 + 1 };

  for (guint way = 0; way < G_N_ELEMENTS (counts); way++) {
    World *world = world_new ();
    Peer a = { 0 }, b = {.mute = TRUE };

    world_start (world);
    peers_open (world, &a, &b, TRUE);
    for (guint i = 0; i < counts[way]; i++) {
      g_autoptr (GBytes) bytes = make_message (65536, i);

      g_assert_true (p2p_channel_send (a.channel, bytes, TRUE));
    }
    if (way == 0)
      p2p_channel_close (a.channel);
    else
      world_wait (world, a.n_closed);
    world_run (world, 200 * P2P_MSEC);
    g_assert_cmpuint (b.n_closed, ==, 0);
    peer_listen (&b);
    g_assert_cmpuint (b.messages->len, ==, 0);
    world_wait (world, b.n_closed);
    g_assert_cmpuint (b.messages->len, ==, MIN (counts[way],
            P2P_NICE_CHANNEL_MAX_UNREAD / 65536));
    for (guint i = 0; i < b.messages->len; i++)
      check_message (&b, i, 65536, TRUE);
    g_assert_true ((way == 0) == (b.error == NULL));
    peers_finish (world, &a, &b);
  }
}

/* What was sent comes, then the end, on either side's close. */
static void
test_close (void)
{
  for (guint way = 0; way < 4; way++) {
    World *world = world_new ();
    Peer peers[2] = { {0}
    };
    Peer *left = &peers[way & 1], *other = &peers[1 - (way & 1)];
    gsize size = way & 2 ? 65536 : 1;
    g_autoptr (GBytes) last = make_message (1, 8);

    world_start (world);
    peers_open (world, &peers[0], &peers[1], TRUE);
    for (guint i = 0; i < 8; i++) {
      g_autoptr (GBytes) bytes = make_message (size, i);

      g_assert_true (p2p_channel_send (left->channel, bytes, TRUE));
    }
    p2p_channel_close (left->channel);
    g_assert_false (p2p_channel_send (left->channel, last, TRUE));
    world_wait (world, other->n_closed);
    g_assert_cmpuint (other->messages->len, ==, 8);
    for (guint i = 0; i < 8; i++)
      check_message (other, i, size, TRUE);
    g_assert_no_error (other->error);
    g_assert_cmpuint (left->n_closed, ==, 0);
    peer_clear (&peers[0]);
    peer_clear (&peers[1]);
    world_free (world);
  }
}

/* A connector that goes does not wait for what lingers. */
static void
test_end (void)
{
  World *world = world_new ();
  g_autoptr (GBytes) bytes = make_message (262144, 0);
  Peer a = { 0 }, b = { 0 };

  world_start (world);
  peers_open (world, &a, &b, TRUE);
  for (guint i = 0; i < 32; i++)
    g_assert_true (p2p_channel_send (a.channel, bytes, FALSE));
  peer_clear (&a);
  g_clear_object (&world->connector);
  world_wait (world, b.n_closed);
  peer_clear (&b);
  world_free (world);
}

/* In the middle of 8 MiB to and fro. */
static void
test_leave (void)
{
  for (guint way = 0; way < 6; way++) {
    World *world = world_new ();
    g_autoptr (GBytes) bytes = make_message (262144, 0);
    Peer a = { 0 }, b = { 0 };

    a.leave = "mrx"[way / 2];
    b.leave = a.leave == 'x' ? 'm' : '\0';
    a.unref = way & 1;
    world_start (world);
    peers_open (world, &a, &b, TRUE);
    for (guint i = 0; i < 16; i++) {
      g_assert_true (p2p_channel_send (a.channel, bytes, FALSE));
      g_assert_true (p2p_channel_send (b.channel, bytes, FALSE));
    }
    world_wait (world, a.leave == '\0' && (!b.channel || b.n_closed));
    world_settle (world);
    g_assert_cmpuint (a.n_closed, ==, way / 2 == 2);
    peers_finish (world, &a, &b);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/exchange", test_exchange);
  g_test_add_func ("/channel/rest", test_rest);
  g_test_add_func ("/channel/ipv6", test_ipv6);
  g_test_add_func ("/channel/pressure", test_pressure);
  g_test_add_func ("/channel/limits", test_limits);
  g_test_add_func ("/channel/unread", test_unread);
  g_test_add_func ("/channel/close", test_close);
  g_test_add_func ("/channel/end", test_end);
  g_test_add_func ("/channel/leave", test_leave);
  return g_test_run ();
}
