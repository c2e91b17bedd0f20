/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakefetcher.h"
#include "fakesignaller.h"
#include "p2pslot.h"

#include <string.h>

/* When the segment asked for last is played, by where the player is. */

static char *
generate_id (const char *url, gpointer user_data)
{
  return NULL;
}

static P2pIdentity *
identify (P2pStream * stream, gpointer user_data)
{
  return p2p_identity_new_named (stream->uri);
}

static void
on_announced (const char *tracker, const char *peer_id, guint n_peers,
    gpointer user_data)
{
}

static void
on_warning (const char *tracker, const char *text, gpointer user_data)
{
}

static void
on_error (const char *tracker, const GError * error, gpointer user_data)
{
}

static void
on_peer (P2pLoader * loader, P2pPeer * peer, gpointer user_data)
{
}

static void
on_peer_gone (P2pLoader * loader, const char *id, gpointer user_data)
{
}

/* A slot, as nothing ever happens: the clock stands still. */
typedef struct
{
  P2pLoaderWorld world;
  P2pBandwidth bandwidth;
  P2pStats stats;
  P2pSettings settings;
  P2pHttpOptions *options;
  P2pSlot *slot;
} Seat;

static Seat *
seat_new (void)
{
  static const P2pLoaderEvents loader_events = {
    .peer_connect = on_peer,.peer_close = on_peer_gone
  };
  static const P2pSlotEvents slot_events = { generate_id, identify,
    on_announced, on_warning, on_error
  };
  Seat *s = g_new0 (Seat, 1);
  P2pClock *clock = p2p_clock_new (1000 * P2P_SECOND);

  s->options = p2p_http_options_new ();
  p2p_settings_init (&s->settings);
  s->world = (P2pLoaderWorld) {
  clock, g_rand_new_with_seed (1), P2P_FETCHER (fake_fetcher_new (clock)),
        p2p_cache_new (clock), &s->bandwidth, &s->stats};
  s->slot = p2p_slot_new (P2P_SLOT_MAIN, &s->world, &s->settings, s->options,
      &loader_events, &slot_events, s);
  return s;
}

static void
seat_free (Seat * s)
{
  p2p_slot_free (s->slot);
  g_object_unref (s->world.cache);
  g_object_unref (s->world.fetcher);
  g_rand_free (s->world.rand);
  g_object_unref (s->world.clock);
  p2p_http_options_unref (s->options);
  g_free (s);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seat, seat_free);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pStream, p2p_stream_free);

/* Segments of 2 s; number 3 is one of 1 s. */
static P2pPlaylist *
make_playlist (guint first, guint last, gboolean live)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n"
      "#EXT-X-TARGETDURATION:2\n");

  g_string_append_printf (text, "#EXT-X-MEDIA-SEQUENCE:%u\n", first);
  for (guint n = first; n <= last; n++)
    g_string_append_printf (text, "#EXTINF:%u,\ns%u.ts\n", n == 3 ? 1 : 2, n);
  if (!live)
    g_string_append (text, "#EXT-X-ENDLIST\n");
  return p2p_playlist_parse ("http://h/a.m3u8", (const guint8 *) text->str,
      text->len, NULL);
}

static P2pStream *
make_stream (guint first, guint last, gboolean live)
{
  g_autoptr (P2pPlaylist) playlist = make_playlist (first, last, live);

  return p2p_stream_new (playlist);
}

/* The deadline, in milliseconds, if the player is at position; 0: unknown */
static gint64
locate (Seat * s, P2pStream * stream, gint64 position, double rate)
{
  P2pStats stats = { 0, };

  p2p_slot_play (s->slot, stream, NULL);
  p2p_slot_set_position (s->slot, position * P2P_MSEC, rate, FALSE);
  p2p_slot_add_stats (s->slot, &stats);
  return stats.deadline / P2P_MSEC;
}

static void
test_vod (void)
{
  g_autoptr (Seat) s = seat_new ();
  g_autoptr (P2pStream) stream = make_stream (0, 9, FALSE);
  static const P2pReaderEvents events;
  P2pReader *reader;

  g_assert_cmpint (locate (s, stream, 100, 1), ==, 0);
  p2p_stream_set_current (stream, 0);
  g_assert_cmpint (locate (s, stream, 100, 1), ==, -100);
  p2p_stream_set_current (stream, 1);
  p2p_stream_set_current (stream, 2);
  g_assert_cmpint (locate (s, stream, 1500, 1), ==, 2500);
  g_assert_cmpint (locate (s, stream, 1500, 2), ==, 1250);
  p2p_stream_set_current (stream, 3);
  p2p_stream_set_current (stream, 4);
  p2p_slot_play (s->slot, stream, NULL);
  reader = p2p_slot_read (s->slot, &events, NULL);
  g_assert_cmpint (locate (s, stream, 1500, 1), ==, 5500);
  /* The loader knows it too. */
  g_assert_cmpint (((P2pItem *) g_ptr_array_index (p2p_loader_get_queue
              (s->slot->loader), 0))->deadline, ==,
      1000 * P2P_SECOND + 5500 * P2P_MSEC);
  p2p_slot_close (s->slot, reader);
}

/* Who buffers stands still, and waits: that makes nothing later. */
static void
test_still (void)
{
  g_autoptr (Seat) s = seat_new ();
  g_autoptr (P2pStream) stream = make_stream (0, 9, FALSE);

  p2p_stream_set_current (stream, 0);
  p2p_stream_set_current (stream, 1);
  g_assert_cmpint (locate (s, stream, 500, 1), ==, 1500);
  p2p_clock_set_time (s->world.clock, 1002 * P2P_SECOND);
  g_assert_cmpint (locate (s, stream, 500, 1), ==, -500);
  p2p_stream_set_current (stream, 2);
  g_assert_cmpint (locate (s, stream, 500, 1), ==, 1500);
  g_assert_cmpint (locate (s, stream, 600, 1), ==, 3400);
}

/* Where it was before a seek is not believed: nothing from there to here was
 * asked for. */
static void
test_seek (void)
{
  g_autoptr (Seat) s = seat_new ();
  g_autoptr (P2pStream) stream = make_stream (0, 9, FALSE);

  p2p_stream_set_current (stream, 0);
  p2p_stream_set_current (stream, 1);
  p2p_stream_set_current (stream, 8);
  g_assert_cmpint (locate (s, stream, 1500, 1), ==, 0);
  g_assert_cmpint (locate (s, stream, 14500, 1), ==, 500);
  p2p_stream_set_current (stream, 9);
  g_assert_cmpint (locate (s, stream, 15500, 1), ==, 1500);
  /* Backwards, what is played now is later than all that is asked for. */
  p2p_stream_set_current (stream, 1);
  g_assert_cmpint (locate (s, stream, 15500, 1), ==, -13500);
  g_assert_cmpint (locate (s, stream, 2500, 1), ==, -500);
}

/* What left the window is counted on, and not known after a gap. */
static void
test_live (void)
{
  g_autoptr (Seat) s = seat_new ();
  g_autoptr (P2pStream) stream = make_stream (2, 6, TRUE);
  g_autoptr (P2pPlaylist) next = make_playlist (4, 8, TRUE);
  g_autoptr (P2pPlaylist) far = make_playlist (20, 24, TRUE);

  p2p_stream_set_current (stream, 2);
  g_assert_cmpint (locate (s, stream, 3100, 1), ==, -100);
  p2p_stream_update (stream, next);
  g_assert_cmpint (locate (s, stream, 3100, 1), ==, -100);
  p2p_stream_set_current (stream, 1);
  p2p_stream_set_current (stream, 2);
  g_assert_cmpint (locate (s, stream, 3600, 1), ==, 3400);
  p2p_stream_update (stream, far);
  p2p_stream_set_current (stream, 0);
  g_assert_cmpint (locate (s, stream, 3600, 1), ==, 0);
}

/* A variant that the player changes to counts on from the one before, … */
static void
test_align (void)
{
  g_autoptr (Seat) s = seat_new ();
  g_autoptr (P2pStream) one = make_stream (2, 6, TRUE);
  g_autoptr (P2pStream) other = make_stream (4, 8, TRUE);
  g_autoptr (P2pStream) strange = make_stream (40, 48, TRUE);

  p2p_stream_align (other, one);
  p2p_stream_set_current (other, 1);
  g_assert_cmpint (locate (s, other, 5000, 1), ==, 0);
  g_assert_cmpint (locate (s, other, 4900, 1), ==, 100);
  /* … if they have anything in common. */
  p2p_stream_align (strange, one);
  p2p_stream_set_current (strange, 1);
  g_assert_cmpint (locate (s, strange, 4900, 1), ==, 0);
}

/* A tracker that begins anew gives another id, by which others know the viewer
 * from then on; so does each of several trackers. */
static void
test_own_id (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (Seat) s = seat_new ();
  g_autoptr (FakePeer) p = fake_peer_new (s->world.clock, "p");
  g_autoptr (FakePeer) q = fake_peer_new (s->world.clock, "q");
  g_autoptr (FakeSignaller) one = fake_signaller_new (s->world.clock, log, p);
  g_autoptr (FakeSignaller) two = fake_signaller_new (s->world.clock, log, q);
  g_autoptr (GPtrArray) both = g_ptr_array_new ();

  g_ptr_array_add (both, one);
  g_ptr_array_add (both, two);
  two->peer_id = "two";
  p2p_slot_join (s->slot, both, "swarm");
  g_assert_null (p2p_loader_get_own_id (s->slot->loader));
  fake_signaller_say (one);
  g_assert_cmpstr (p2p_loader_get_own_id (s->slot->loader), ==, "me");
  one->peer_id = "you";
  fake_signaller_say (one);
  g_assert_cmpstr (p2p_loader_get_own_id (s->slot->loader), ==, "you");
  p2p_clock_run (s->world.clock, p2p_clock_get_time (s->world.clock));
  g_assert_cmpuint (p2p_loader_get_n_peers (s->slot->loader), ==, 2);
  g_assert_cmpstr (p2p_loader_get_own_id (s->slot->loader), ==, "two");
  p2p_slot_clear_signallers (s->slot);
  g_assert_null (p2p_loader_get_own_id (s->slot->loader));
}

/* While all trackers fail, and for a player that pauses to buffer, nobody is
 * waited for. */
static void
test_expecting (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (Seat) s = seat_new ();
  g_autoptr (FakePeer) p = fake_peer_new (s->world.clock, "p");
  g_autoptr (FakeSignaller) one = fake_signaller_new (s->world.clock, log, p);
  g_autoptr (FakeSignaller) two = fake_signaller_new (s->world.clock, log, p);
  g_autoptr (GPtrArray) both = g_ptr_array_new ();

  g_ptr_array_add (both, one);
  g_ptr_array_add (both, two);
  one->state = two->state = P2P_SIGNALLER_ANNOUNCING;
  p2p_slot_join (s->slot, both, "swarm");
  fake_signaller_warn (one);
  one->state = P2P_SIGNALLER_WAITING;
  fake_signaller_warn (one);
  g_assert_cmpuint (s->slot->expected, ==, G_MAXUINT);
  two->state = P2P_SIGNALLER_FAILED;
  fake_signaller_warn (two);
  g_assert_cmpuint (s->slot->expected, ==, 0);

  p2p_slot_join (s->slot, both, "swarm");
  fake_signaller_say (one);
  p2p_slot_set_position (s->slot, 0, 1, FALSE);
  g_assert_cmpuint (s->slot->expected, ==, 3);
  p2p_slot_set_position (s->slot, 0, 1, TRUE);
  g_assert_cmpuint (s->slot->expected, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slot/vod", test_vod);
  g_test_add_func ("/slot/seek", test_seek);
  g_test_add_func ("/slot/still", test_still);
  g_test_add_func ("/slot/live", test_live);
  g_test_add_func ("/slot/align", test_align);
  g_test_add_func ("/slot/own-id", test_own_id);
  g_test_add_func ("/slot/expecting", test_expecting);
  return g_test_run ();
}
