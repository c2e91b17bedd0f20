/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * wtviewer NUMBER URL...: a viewer of one swarm at WebTorrent trackers, that has
 * nothing. It tells who is there and says its number to each, until something
 * comes from standard input or that ends: then it leaves. Prints JSON, a line
 * each: {"announced":VIEWERS}, {"open":PEER}, {"got":TEXT}, {"trouble":WORDS}.
 * In its ids all bytes occur, over 256 NUMBERs.
 */

#include <glib-unix.h>
#include <stdlib.h>

#include "fakepeer.h"
#include "p2pjson.h"
#include "p2psoupwebtorrent.h"
#include "pair.h"

#define MAX_TRACKERS 4
/* With each announce, as browsers make. */
#define OFFERS 5

static World *world;
static guint8 number;
static gboolean done;
static GPtrArray *peers;

static void
say (const char *name, const char *text)
{
  g_autoptr (P2pJson) json = p2p_json_new ();
  g_autofree char *line = NULL;

  p2p_json_set_string (json, name, text);
  line = p2p_json_to_text (json);
  puts (line);
  fflush (stdout);
}

static void
on_message (P2pChannel * channel, GBytes * bytes, gboolean text,
    gpointer user_data)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *got = g_strndup (data, size);

  say ("got", got);
}

static void
on_drained (P2pChannel * channel, gpointer user_data)
{
}

static void
on_closed (P2pChannel * channel, const GError * error, gpointer user_data)
{
  g_ptr_array_remove (peers, user_data);
}

static const P2pChannelEvents channel_events = {
  on_message,
  on_drained,
  on_closed,
};

static P2pPeer *
make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  P2pPeer *peer = fake_peer_new_over (world->config.clock, channel, peer_id);
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  p2p_channel_set_events (channel, &channel_events, peer);
  p2p_channel_send (channel, bytes, TRUE);
  return peer;
}

static void
on_connected (P2pPeer * peer, gpointer user_data)
{
  say ("open", p2p_peer_get_id (peer));
  g_ptr_array_add (peers, g_object_ref (peer));
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

static void
on_announced (guint n_peers, gpointer user_data)
{
  g_autofree char *text = g_strdup_printf ("%u", n_peers);

  say ("announced", text);
}

static void
on_warning (const char *text, gpointer user_data)
{
  say ("trouble", text);
}

static void
on_error (const GError * error, gpointer user_data)
{
  say ("trouble", error->message);
}

static const P2pSoupWebtorrentEvents events = {
  on_announced,
  on_warning,
  on_error,
};

static gboolean
on_input (int fd, GIOCondition condition, gpointer user_data)
{
  done = TRUE;
  return G_SOURCE_REMOVE;
}

static void
watch_input (void)
{
  GSource *source = g_unix_fd_source_new (0, G_IO_IN | G_IO_HUP);

  g_source_set_callback (source, G_SOURCE_FUNC (on_input), NULL, NULL);
  g_source_attach (source, world->context);
  g_source_unref (source);
}

static void
watch (P2pWtDialer * dialer, GRand * rand, char **urls, guint n_urls)
{
  P2pSoupWebtorrent *trackers[MAX_TRACKERS];

  for (guint i = 0; i < n_urls; i++) {
    trackers[i] = p2p_soup_webtorrent_new (world->config.clock, rand, urls[i]);
    p2p_soup_webtorrent_join (trackers[i], dialer, OFFERS, &events, NULL);
  }
  while (!done)
    world_turn (world);
  for (guint i = 0; i < n_urls; i++)
    p2p_soup_webtorrent_free (trackers[i]);
  /* Time to say goodbye */
  world_run (world, P2P_SECOND / 2);
}

int
main (int argc, char **argv)
{
  GRand *rand = g_rand_new ();
  P2pWtId info_hash, peer_id;
  P2pWtDialer *dialer;

  if (argc < 3 || argc > 2 + MAX_TRACKERS)
    return EXIT_FAILURE;
  number = g_ascii_strtoull (argv[1], NULL, 10);
  for (guint i = 0; i < P2P_WT_ID_SIZE; i++) {
    info_hash.bytes[i] = i;
    peer_id.bytes[i] = number + 13 * i;
  }
  world = world_new ();
  world_start (world);
  peers = g_ptr_array_new_with_free_func (g_object_unref);
  dialer = p2p_wt_dialer_new (world->config.clock, rand, world->connector,
      &info_hash, &peer_id, P2P_WT_DEFAULT_MAX_PEERS, &dialer_events, NULL);
  watch_input ();
  watch (dialer, rand, argv + 2, argc - 2);
  p2p_wt_dialer_free (dialer);
  g_ptr_array_unref (peers);
  g_rand_free (rand);
  return EXIT_SUCCESS;
}
