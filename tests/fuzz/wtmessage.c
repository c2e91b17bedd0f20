/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is what a WebTorrent tracker says, a message a line. "+20": 20 s
 * pass. "a12": viewer 1 answers the third offer that was sent. "o2", "f2", "h2":
 * the third connection opens, fails, brings a message. "-": all peers are gone. "<", ">": the
 * way to the tracker breaks, is there.
 */

#include "fakeconnector.h"
#include "fakepeer.h"
#include "fuzz.h"
#include "p2pjson.h"
#include "p2pwtannounce.h"

#include <string.h>

#define MAX_PEERS 4
#define N_OFFERS 2

typedef struct
{
  P2pClock *clock;
  FakeConnector *connector;
  P2pWtDialer *dialer;
  P2pWtAnnounce *announce;
  GPtrArray *peers;
  GPtrArray *offer_ids;         /* JSON, of those that were sent */
  gboolean online;
} World;

/* --- what is sent, and whom there is a connection to --- */

static void
on_send (const GString * text, gpointer user_data)
{
  World *w = user_data;
  P2pWtMessage message;

  g_assert_true (w->online);
  g_assert_true (p2p_wt_message_read (&message, text->str, text->len));
  g_assert_cmpint (message.action, ==, P2P_WT_ACTION_ANNOUNCE);
  g_assert_cmpuint (message.n_offers, <=, N_OFFERS);
  g_assert_cmpint (message.answer.text != NULL, ==,
      message.to_peer_id.text != NULL);
  for (guint i = 0; i < message.n_offers; i++)
    g_ptr_array_add (w->offer_ids, g_strndup (message.offers[i].offer_id.text,
            message.offers[i].offer_id.size));
}

static void
on_announced (guint n_viewers, gpointer user_data)
{
}

static void
on_warning (const char *words, gpointer user_data)
{
  g_assert_true (g_utf8_validate (words, -1, NULL));
  g_assert_cmpuint (g_utf8_strlen (words, -1), <, 2 * P2P_WT_MAX_WORDS);
}

static void
on_silent (gpointer user_data)
{
}

static const P2pWtAnnounceEvents announce_events = {
  on_send,
  on_announced,
  on_warning,
  on_silent,
};

static P2pPeer *
make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  World *w = user_data;

  for (guint i = 0; i < w->peers->len; i++)
    g_assert_cmpstr (p2p_peer_get_id (w->peers->pdata[i]), !=, peer_id);
  return fake_peer_new_over (w->clock, channel, peer_id);
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

static const P2pWtDialerEvents dialer_events = {
  make_peer,
  on_connected,
  on_lost,
};

/* Each viewer may have two, and offers wait for theirs. */
static void
check (World * w)
{
  GPtrArray *connections = w->connector->connections;
  guint alive = 0;

  for (guint i = 0; i < connections->len; i++)
    alive += !((FakeConnection *) connections->pdata[i])->closed;
  g_assert_cmpuint (alive, <=, 2 * MAX_PEERS + P2P_WT_MAX_AHEAD);
  g_assert_cmpuint (w->peers->len, <=, MAX_PEERS);
  g_assert_cmpuint (p2p_wt_dialer_get_n_open (w->dialer), ==, w->peers->len);
}

/* --- what is read --- */

/* The other reader of JSON sees the same, but for names with escapes. */
static void
compare (const P2pWtMessage * message, const char *text, gsize size)
{
  g_autoptr (P2pJson) json = p2p_json_parse (text, size, P2P_WT_MAX_SIZE);
  P2pJsonSlice rest = { text, size }, name, value;
  g_autofree char *ours = p2p_json_slice_dup_string (&message->peer_id);

  g_assert_nonnull (json);
  for (; *rest.text != '{'; rest.size--)
    rest.text++;
  while (p2p_json_slice_next_member (&rest, &name, &value))
    if (memchr (name.text, '\\', name.size))
      return;
  g_assert_cmpstr (ours, ==, p2p_json_get_string (json, "peer_id"));
  g_assert_cmpint (message->answer.text != NULL, ==,
      p2p_json_has (json, "answer"));
}

/* What is written is read again as it was. */
static void
write_again (const P2pWtMessage * message)
{
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) second = g_string_new (NULL);
  P2pWtMessage again;

  p2p_wt_message_write (message, first);
  g_assert_true (first->len > P2P_WT_MAX_SIZE
      || p2p_wt_message_read (&again, first->str, first->len));
  if (first->len > P2P_WT_MAX_SIZE)
    return;
  p2p_wt_message_write (&again, second);
  g_assert_cmpstr (first->str, ==, second->str);
}

static void
read_message (World * w, const char *text, gsize size)
{
  P2pWtMessage message;
  P2pWtId id;

  if (!p2p_wt_message_read (&message, text, size)) {
    g_assert_false (size <= P2P_WT_MAX_SIZE
        && p2p_json_scan (text, size, NULL, NULL, NULL, NULL));
    return;
  }
  if (p2p_wt_id_read (&id, &message.info_hash)) {
    g_autofree char *name = p2p_wt_id_to_text (&id);

    g_assert_true (g_str_is_ascii (name));
  }
  compare (&message, text, size);
  write_again (&message);
  p2p_wt_announce_receive (w->announce, &message);
}

static void
answer (World * w, guint viewer, guint n)
{
  g_autofree char *text = NULL;

  if (n >= w->offer_ids->len)
    return;
  text = g_strdup_printf ("{\"action\":\"announce\",\"answer\":{\"sdp\":\"x\"},"
      "\"offer_id\":%s,\"peer_id\":\"-PM0203-gQyD5aNaQbr%u\"}",
      (char *) w->offer_ids->pdata[n], viewer);
  read_message (w, text, strlen (text));
}

static void
change_connection (World * w, char how, guint n)
{
  GPtrArray *connections = w->connector->connections;
  FakeConnection *connection = n < connections->len ? connections->pdata[n]
      : NULL;

  if (connection && how == 'h' && connection->channel)
    fake_connection_hear (connection);
  else if (connection && how == 'o' && !connection->closed
      && connection->remote)
    fake_connection_open (connection);
  else if (connection && how == 'f' && !connection->closed)
    fake_connection_fail (connection);
}

static void
run (World * w, gint64 end)
{
  p2p_clock_run (w->clock, p2p_clock_get_time (w->clock));
  while (p2p_clock_get_next (w->clock) <= end)
    p2p_clock_run (w->clock, p2p_clock_get_next (w->clock));
  p2p_clock_run (w->clock, end);
}

static void
read_line (World * w, const char *line, gsize size)
{
  gint64 now = p2p_clock_get_time (w->clock);
  char first = size ? *line : '\0';
  g_autofree char *rest = size ? g_strndup (line + 1, size - 1) : NULL;
  guint64 n = 0;

  if (rest)
    g_ascii_string_to_unsigned (rest, 10, 0, 1000, &n, NULL);
  if (first == '+') {
    now += n * P2P_SECOND;
  } else if (first == 'a') {
    answer (w, n / 10 % 10, n % 10);
  } else if (first && strchr ("ofh", first)) {
    change_connection (w, first, n);
  } else if (first == '-') {
    g_ptr_array_set_size (w->peers, 0);
  } else if (first == '<' || first == '>') {
    w->online = first == '>';
    p2p_wt_announce_set_online (w->announce, w->online);
  } else {
    read_message (w, line, size);
  }
  run (w, now);
  check (w);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  const char *text = (const char *) data, *end = text + size;
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  g_autoptr (FakeConnector) connector = fake_connector_new (clock);
  GRand *rand = g_rand_new_with_seed (1);
  P2pWtId info_hash = { "J9DHruCtglisbvTgXbcD" };
  P2pWtId own = { "-PM0203-A2Ss9lFLcEhs" };
  World w = { clock, connector };

  w.online = TRUE;
  w.peers = g_ptr_array_new_with_free_func (g_object_unref);
  w.offer_ids = g_ptr_array_new_with_free_func (g_free);
  w.dialer = p2p_wt_dialer_new (clock, rand, P2P_CONNECTOR (connector),
      &info_hash, &own, MAX_PEERS, &dialer_events, &w);
  w.announce = p2p_wt_announce_new (clock, rand, w.dialer, N_OFFERS,
      &announce_events, &w);
  p2p_wt_announce_set_online (w.announce, TRUE);
  run (&w, 0);
  while (text < end) {
    const char *stop = memchr (text, '\n', end - text);

    stop = stop ? stop : end;
    read_line (&w, text, stop - text);
    text = stop + 1;
  }
  p2p_wt_announce_free (w.announce);
  p2p_wt_dialer_free (w.dialer);
  g_ptr_array_unref (w.peers);
  g_ptr_array_unref (w.offer_ids);
  g_assert_cmpint (p2p_clock_get_next (clock), ==, P2P_NEVER);
  g_rand_free (rand);
  return 0;
}
