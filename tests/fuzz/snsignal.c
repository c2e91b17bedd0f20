/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a server of seed 002's signalling says, a message a line.
 * "=…": the tracker answers that. "+20": 20 s pass. "o2", "f2": the third
 * connection opens, or fails. "-": all peers are gone.
 */

#include "fakeconnector.h"
#include "fakepeer.h"
#include "fuzz.h"
#include "p2perror.h"
#include "p2psndialer.h"
#include "p2psnreply.h"

#include <string.h>

#define MAX_PEERS 4

typedef struct
{
  P2pClock *clock;
  FakeConnector *connector;
  P2pSnDialer *dialer;
  GPtrArray *peers;
} World;

static void
on_send (const P2pSnSignal * signal, gpointer user_data)
{
  g_autofree char *text = p2p_sn_signal_write (signal, "m");

  g_assert_true (p2p_sn_is_peer_id (signal->peer_id));
  g_assert_cmpstr (signal->peer_id, !=, "m");
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_prefix (text, "{\"peer_id\":\"m\","));
}

static P2pPeer *
make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  World *w = user_data;

  for (guint i = 0; i < w->peers->len; i++)
    g_assert_cmpstr (p2p_peer_get_id (w->peers->pdata[i]), !=, peer_id);
  return P2P_PEER (fake_peer_new (w->clock, peer_id));
}

static void
on_connected (P2pPeer * peer, gpointer user_data)
{
  g_ptr_array_add (((World *) user_data)->peers, g_object_ref (peer));
}

static void
on_lost (gpointer user_data)
{
}

static const P2pSnDialerEvents events = {
  on_send,
  make_peer,
  on_connected,
  on_lost,
};

static void
check (World * w)
{
  GPtrArray *connections = w->connector->connections;
  guint taken = w->peers->len;

  for (guint i = 0; i < connections->len; i++) {
    FakeConnection *connection = connections->pdata[i];

    taken += !connection->closed;
    g_assert_cmpuint (connection->n_remote_candidates, <=,
        P2P_SN_MAX_CANDIDATES);
  }
  g_assert_cmpuint (taken, <=, MAX_PEERS);
  g_assert_cmpuint (p2p_sn_dialer_get_n_open (w->dialer), ==, w->peers->len);
}

static void
read_signal (World * w, const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pSnSignal) signal = p2p_sn_signal_parse (text, size, &error);

  if (!signal) {
    g_assert_error (error, P2P_ERROR, P2P_ERROR_MALFORMED);
    return;
  }
  if (signal->type <= P2P_SN_SIGNAL_CANDIDATE)
    g_assert_nonnull (signal->text);
  if (signal->type <= P2P_SN_SIGNAL_GONE)
    g_assert_nonnull (signal->peer_id);
  if (signal->peer_id) {
    g_assert_true (p2p_sn_is_peer_id (signal->peer_id));
    p2p_sn_dialer_receive (w->dialer, signal);
  }
}

static void
read_reply (World * w, const char *text, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (text, size);
  g_autoptr (P2pSnReply) reply = p2p_sn_reply_parse (body, NULL);

  if (!reply)
    return;
  g_assert_cmpint (reply->report_interval, >=, P2P_SECOND);
  g_assert_cmpint (reply->heartbeat_interval, <=,
      P2P_SN_MAX_INTERVAL * P2P_SECOND);
  g_assert_cmpuint (reply->peers->len, <=, P2P_SN_REPLY_MAX_PEERS);
  for (guint i = 0; i < reply->peers->len; i++)
    p2p_sn_dialer_learn (w->dialer, reply->peers->pdata[i]);
}

static void
end_connection (World * w, gboolean opens, guint n)
{
  GPtrArray *connections = w->connector->connections;
  FakeConnection *connection = n < connections->len ? connections->pdata[n]
      : NULL;

  if (!connection || connection->closed)
    return;
  if (opens)
    fake_connection_open (connection);
  else
    fake_connection_fail (connection);
}

static void
read_line (World * w, const char *line, gsize size)
{
  gint64 now = p2p_clock_get_time (w->clock);
  g_autofree char *rest = size ? g_strndup (line + 1, size - 1) : NULL;
  guint64 n = 0;

  if (rest)
    g_ascii_string_to_unsigned (rest, 10, 0, 1000, &n, NULL);
  if (size && *line == '=')
    read_reply (w, line + 1, size - 1);
  else if (size && *line == '+')
    now += n * P2P_SECOND;
  else if (size && (*line == 'o' || *line == 'f'))
    end_connection (w, *line == 'o', n);
  else if (size && *line == '-')
    g_ptr_array_set_size (w->peers, 0);
  else
    read_signal (w, line, size);
  p2p_clock_run (w->clock, now);
  check (w);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  const char *text = (const char *) data, *end = text + size;
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  g_autoptr (FakeConnector) connector = fake_connector_new (clock);
  GRand *rand = g_rand_new_with_seed (1);
  World w = { clock, connector };

  w.peers = g_ptr_array_new_with_free_func (g_object_unref);
  w.dialer = p2p_sn_dialer_new (clock, rand, P2P_CONNECTOR (connector),
      MAX_PEERS, &events, &w);
  p2p_sn_dialer_set_own_id (w.dialer, "m");
  p2p_sn_dialer_set_online (w.dialer, TRUE);
  while (text < end) {
    const char *stop = memchr (text, '\n', end - text);

    stop = stop ? stop : end;
    read_line (&w, text, stop - text);
    text = stop + 1;
  }
  p2p_sn_dialer_free (w.dialer);
  g_ptr_array_unref (w.peers);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  g_rand_free (rand);
  return 0;
}
