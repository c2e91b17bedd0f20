/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Segments that are read so often that they go out without a copy: all that is asked
 * for, and what becomes of those who leave, do not read, or have it taken from them.
 */

#include "gateworld.h"

#include <sys/socket.h>

#include "p2psoupshelf.h"

static const char list[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
    "#EXTINF:2,\na.ts\n#EXTINF:2,\nb.ts\n#EXT-X-ENDLIST\n";

/* Larger than a huge page, and than what the pipe takes at once. */
#define SIZE (3 * 1024 * 1024 + 1)
/* So often a segment is read until it is sent without a copy. */
#define READS 4
#define N_ASKED 8

typedef struct
{
  GateWorld *world;
  P2pSoupGatewayStream *stream;
  char *paths[2];
} Shop;

static GSocketConnection *
ask (Shop * shop, guint n, const char *lines)
{
  GSocketConnection *player = gate_world_connect (shop->world);

  gate_world_say (player, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n%s\r\n",
      shop->paths[n], shop->world->port, lines);
  return player;
}

static void
assert_right (Shop * shop, guint n, gsize start, gsize stop, Reply * reply)
{
  g_assert_nonnull (reply);
  gate_world_assert_body (shop->world, n == 0 ? "/a.ts" : "/b.ts", start, stop,
      reply->body, reply->size);
}

static Shop *
shop_new (void)
{
  Shop *shop = g_new0 (Shop, 1);
  g_autoptr (Reply) reply = NULL;

  shop->world = gate_world_new (NULL);
  gate_world_put (shop->world, "/list.m3u8", NULL, list);
  gate_world_put_segment (shop->world, "/a.ts", SIZE);
  gate_world_put_segment (shop->world, "/b.ts", P2P_SOUP_SHELF_MIN);
  shop->stream = gate_world_add (shop->world, "/list.m3u8");
  reply = gate_world_get (shop->world,
      p2p_soup_gateway_stream_get_playlist_url (shop->stream), NULL);
  for (guint n = 0; n < 2; n++) {
    shop->paths[n] = gate_world_pick (reply->body, n);
    for (guint i = 0; i < READS; i++) {
      g_autoptr (Reply) part = gate_world_get (shop->world, shop->paths[n],
          NULL);

      assert_right (shop, n, 0, -1, part);
    }
  }
  return shop;
}

static void
shop_free (Shop * shop)
{
  gate_world_free (shop->world);
  g_free (shop->paths[0]);
  g_free (shop->paths[1]);
  g_free (shop);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shop, shop_free)
     static guint count_pipes (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
    g_autofree char *target = g_file_read_link (path, NULL);

    n += target && g_str_has_prefix (target, "pipe:");
  }
  return n;
}

/* Two descriptors are enough for all, and they go with the gateway. */
static void
test_descriptors (void)
{
  guint before = count_pipes (), among;

  {
    g_autoptr (Shop) shop = shop_new ();

    for (guint i = 0; i < 8; i++) {
      g_autoptr (GSocketConnection) player = ask (shop, i % 2, "");
      g_autoptr (Reply) reply = gate_world_hear (player, FALSE);

      assert_right (shop, i % 2, 0, -1, reply);
    }
    among = count_pipes ();
  }
  g_assert_cmpuint (count_pipes (), ==, before);
  if (among == before)
    g_test_skip ("no bytes go through a pipe here");
  else
    g_assert_cmpuint (among, ==, before + 2);
}

/* All of it and every part, over one connection, and nothing is asked for anew. */
static void
test_parts (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (GSocketConnection) player = gate_world_connect (shop->world);
  static const struct
  {
    const char *lines;
    gsize start, stop;
  } cases[] = {
    {"", 0, SIZE},
    {"Range: bytes=1-\r\n", 1, SIZE},
    {"Range: bytes=0-0\r\n", 0, 1},
    {"Range: bytes=2097151-3145727\r\n", 2097151, 3145728},
    {"Range: bytes=-1000001\r\n", SIZE - 1000001, SIZE},
    {"", 0, SIZE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Reply) reply = NULL;

    gate_world_say (player, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n%s\r\n",
        shop->paths[0], shop->world->port, cases[i].lines);
    reply = gate_world_hear (player, FALSE);
    assert_right (shop, 0, cases[i].start, cases[i].stop, reply);
  }
  g_assert_cmpuint (gate_world_count (shop->world, "/a.ts"), ==, 1);
  g_assert_cmpuint (gate_world_count (shop->world, "/b.ts"), ==, 1);
}

/* Two requests at once are two answers, one behind the other. */
static void
test_pipelined (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (GSocketConnection) player = gate_world_connect (shop->world);

  gate_world_say (player, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n"
      "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", shop->paths[0],
      shop->world->port, shop->paths[1], shop->world->port);
  for (guint n = 0; n < 2; n++) {
    g_autoptr (Reply) reply = gate_world_hear (player, FALSE);

    assert_right (shop, n, 0, -1, reply);
  }
}

/* Who has said all still gets all, and a HEAD no body. */
static void
test_half_closed (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (GSocketConnection) player = ask (shop, 0, "");
  g_autoptr (Reply) reply = NULL, head = NULL;

  g_socket_shutdown (g_socket_connection_get_socket (player), FALSE, TRUE,
      NULL);
  reply = gate_world_hear (player, FALSE);
  assert_right (shop, 0, 0, -1, reply);
  head = gate_world_ask (shop->world, "HEAD", shop->paths[0], NULL);
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpuint (head->size, ==, 0);
}

static void
do_stop (gpointer world, gpointer user_data)
{
  g_clear_pointer (&((GateWorld *) world)->gateway, p2p_soup_gateway_free);
}

/* What has been sent is right, though what it was taken from is gone: with its stream,
 * or with the gateway. */
static void
test_taken_away (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Shop) shop = shop_new ();
    g_autoptr (GSocketConnection) player = gate_world_connect (shop->world);
    g_autoptr (GPtrArray) replies =
        g_ptr_array_new_with_free_func ((GDestroyNotify) reply_free);
    Reply *reply;

    /* More than can have been sent before it is read. */
    for (guint n = 1; n <= N_ASKED; n++)
      gate_world_say (player, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n%s\r\n",
          shop->paths[0], shop->world->port,
          n == N_ASKED ? "Connection: close\r\n" : "");
    g_assert_true (g_socket_condition_wait (g_socket_connection_get_socket
            (player), G_IO_IN, NULL, NULL));
    if (i == 0)
      gate_world_remove (shop->world, shop->stream);
    else
      gate_world_call (shop->world, do_stop, NULL);
    while ((reply = gate_world_hear (player, FALSE))) {
      g_ptr_array_add (replies, reply);
      if (reply->status == 200)
        assert_right (shop, 0, 0, reply->size, reply);
    }
    g_assert_cmpuint (replies->len, >, 0);
    reply = g_ptr_array_index (replies, replies->len - 1);
    g_assert_true (reply->cut || replies->len < N_ASKED
        || reply->status != 200);
  }
}

static void
do_count (gpointer world, gpointer n)
{
  *(guint *) n = p2p_soup_gateway_get_n_connections (((GateWorld *)
          world)->gateway);
}

/* Many that leave at once, in the middle, harm nobody and leave nothing. */
static void
test_leavers (void)
{
  g_autoptr (Shop) shop = shop_new ();
  struct linger abrupt = { 1, 0 };
  g_autoptr (Reply) reply = NULL;
  guint n = 1;

  for (guint i = 0; i < 100; i++) {
    g_autoptr (GSocketConnection) player = ask (shop, i % 2, "");
    GSocket *socket = g_socket_connection_get_socket (player);
    char byte;

    g_assert_cmpint (setsockopt (g_socket_get_fd (socket), SOL_SOCKET,
            SO_LINGER, &abrupt, sizeof abrupt), ==, 0);
    if (i % 3)
      g_assert_cmpint (g_socket_receive (socket, &byte, 1, NULL, NULL), ==, 1);
  }
  reply = gate_world_get (shop->world, shop->paths[0], NULL);
  assert_right (shop, 0, 0, -1, reply);
  for (guint i = 0; n > 0 && i < 500; i++) {
    g_usleep (10000);
    gate_world_call (shop->world, do_count, &n);
  }
  g_assert_cmpuint (n, ==, 0);
}

/* Those who do not read hold up nobody, and get all when they do. */
static void
test_slow (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (GPtrArray) slow = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (slow, ask (shop, 0, ""));
  for (guint i = 0; i < 3; i++) {
    g_autoptr (Reply) reply = gate_world_get (shop->world, shop->paths[0],
        NULL);

    assert_right (shop, 0, 0, -1, reply);
  }
  for (guint i = 0; i < slow->len; i++) {
    g_autoptr (Reply) reply = gate_world_hear (g_ptr_array_index (slow, i),
        FALSE);

    assert_right (shop, 0, 0, -1, reply);
  }
}

/* What has no body, or next to none, waits for nothing: the quickest of some. */
static void
test_at_once (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (Reply) whole = gate_world_get (shop->world, shop->paths[0], NULL);
  g_autofree char *same = g_strdup_printf ("If-None-Match: %s\r\n",
      reply_get (whole, "etag"));
  const struct
  {
    const char *method, *lines;
    guint status;
  } cases[] = {
    {"GET", "Range: bytes=9999999-\r\n", 416},
    {"GET", "Range: bytes=5-5\r\n", 206},
    {"GET", same, 304},
    {"HEAD", "", 200},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 quickest = G_MAXINT64;

    for (guint n = 0; n < 5; n++) {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (Reply) reply = gate_world_ask (shop->world, cases[i].method,
          shop->paths[0], cases[i].lines);

      quickest = MIN (quickest, g_get_monotonic_time () - start);
      g_assert_cmpuint (reply->status, ==, cases[i].status);
    }
    g_assert_cmpint (quickest, <, 150 * G_TIME_SPAN_MILLISECOND);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway-send/descriptors", test_descriptors);
  g_test_add_func ("/gateway-send/parts", test_parts);
  g_test_add_func ("/gateway-send/pipelined", test_pipelined);
  g_test_add_func ("/gateway-send/half-closed", test_half_closed);
  g_test_add_func ("/gateway-send/taken-away", test_taken_away);
  g_test_add_func ("/gateway-send/leavers", test_leavers);
  g_test_add_func ("/gateway-send/slow", test_slow);
  g_test_add_func ("/gateway-send/at-once", test_at_once);
  return g_test_run ();
}
