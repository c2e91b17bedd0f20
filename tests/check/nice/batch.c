/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicebatch.h"
#include "p2pnicesocket.h"

#include <string.h>

static P2pNiceBatch *
make_batch (const guint16 * sizes, guint n)
{
  P2pNiceBatch *batch = p2p_nice_batch_new ();
  guint8 data[P2P_NICE_BATCH_MTU];

  for (guint i = 0; i < n; i++) {
    memset (data, i + 1, sizeof data);
    g_assert_true (p2p_nice_batch_add (batch, data, sizes[i]));
  }
  return batch;
}

static const guint16 sizes[] = { 1200, 1200, 1200, 1200, 100, 1200, 50, 60, 60,
  1, 1,
};

/* A shorter one ends a run, a longer one begins the next. */
static void
test_runs (void)
{
  static const guint runs[] = { 5, 2, 3, 1 };
  P2pNiceBatch *batch = make_batch (sizes, G_N_ELEMENTS (sizes) - 1);
  gsize bytes;

  g_assert_true (p2p_nice_batch_add (batch, (const guint8 *) "xyz", 3));
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_assert_cmpuint (p2p_nice_batch_get_run (batch, &bytes), ==, runs[i]);
    g_assert_cmpint (batch->data[batch->start], ==, i < 3
        ? batch->first + 1 : 'x');
    p2p_nice_batch_drop (batch, runs[i]);
  }
  g_assert_true (p2p_nice_batch_is_empty (batch));
  g_assert_cmpuint (batch->start, ==, batch->end);
  p2p_nice_batch_free (batch);
}

static void
test_full (void)
{
  P2pNiceBatch *batch = p2p_nice_batch_new ();
  guint8 data[P2P_NICE_BATCH_MTU + 1] = { 0 };

  g_assert_false (p2p_nice_batch_add (batch, data, sizeof data));
  for (guint i = 0; i < P2P_NICE_BATCH_MAX; i++)
    g_assert_true (p2p_nice_batch_add (batch, data, P2P_NICE_BATCH_MTU));
  g_assert_true (p2p_nice_batch_is_full (batch));
  g_assert_false (p2p_nice_batch_add (batch, data, 1));
  p2p_nice_batch_free (batch);
}

/* By the kernel: the datagrams come as they were put in. */
static void
test_socket (void)
{
  g_autoptr (GSocket) receiver = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  P2pNiceBatch *batch = make_batch (sizes, G_N_ELEMENTS (sizes));
  P2pNiceSocket sender = { 0 };
  struct sockaddr_storage native = { 0 };

  g_assert_true (g_socket_bind (receiver, any, FALSE, NULL));
  address = g_socket_get_local_address (receiver, NULL);
  g_assert_true (g_socket_address_to_native (address, &native,
          sizeof native, NULL));
  p2p_nice_socket_set (&sender, g_socket_new (G_SOCKET_FAMILY_IPV4,
          G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL),
      (struct sockaddr *) &native, sizeof native);
  p2p_nice_socket_send (&sender, batch);
  if (!sender.can) {
    g_test_skip ("this kernel does not cut datagrams");
  } else {
    g_assert_true (p2p_nice_batch_is_empty (batch));
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      char data[2000];

      g_assert_cmpint (g_socket_receive (receiver, data, sizeof data, NULL,
              NULL), ==, sizes[i]);
      g_assert_cmpint (data[0], ==, i + 1);
    }
  }
  p2p_nice_socket_clear (&sender);
  p2p_nice_batch_free (batch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/runs", test_runs);
  g_test_add_func ("/batch/full", test_full);
  g_test_add_func ("/batch/socket", test_socket);
  return g_test_run ();
}
