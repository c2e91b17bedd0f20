/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "simplayer.h"
#include "p2phybridloader.h"

static void
on_segment (P2pLoader * loader, P2pSegment * segment, gpointer data)
{
}

static void
on_error (P2pLoader * loader, P2pSegment * segment, const GError * error,
    gpointer data)
{
  g_error ("%s: %s", segment->id, error->message);
}

static void
on_connect (P2pLoader * loader, P2pPeer * peer, gpointer data)
{
}

static void
on_name (P2pLoader * loader, const char *id, gpointer data)
{
}

static void
on_swarm (P2pLoader * loader, const char *id, gpointer data)
{
  p2p_hybrid_loader_expect_peers (P2P_HYBRID_LOADER (loader),
      ((SimPlayer *) data)->others);
}

static void
on_piece (P2pLoader * loader, P2pSource source, gsize size, gpointer data)
{
  SimPlayer *self = data;

  if (source == P2P_SOURCE_HTTP)
    self->http += size;
  else
    self->p2p += size;
}

static void
on_uploaded (P2pLoader * loader, gsize size, gpointer data)
{
  ((SimPlayer *) data)->uploaded += size;
}

static void
on_head (P2pReader * reader, P2pHttpHead * head, gpointer data)
{
}

static void
on_data (P2pReader * reader, GBytes * bytes, P2pSource source, gpointer data)
{
}

static void
on_done (P2pReader * reader, P2pSource source, P2pHttpHead * head,
    const GError * error, gpointer data)
{
  g_assert_no_error (error);
  ((SimPlayer *) data)->ended = TRUE;
}

void
sim_player_init (SimPlayer * self, const char *name, P2pClock * clock,
    GRand * rand, const SimStream * stream, SimNode * server, GBytes * body)
{
  *self = (SimPlayer) {
  g_strdup (name)};
  self->clock = clock;
  self->stream = stream;
  self->node.up = 5000000 / 8;
  self->node.down = 20000000 / 8;
  self->node.latency = g_rand_int_range (rand, 20, 101) * P2P_MSEC;
  self->origin = sim_origin_new (clock, server, &self->node, body);
  self->cache = p2p_cache_new (clock);
  self->options = p2p_http_options_new ();
  p2p_settings_init (&self->settings);
  self->began = -1;
}

void
sim_player_clear (SimPlayer * self)
{
  sim_player_leave (self);
  sim_told_unref (self->told);
  g_object_unref (self->origin);
  g_object_unref (self->cache);
  p2p_http_options_unref (self->options);
  g_free (self->name);
}

/* Segments in the playlist by now. */
static guint
sim_player_count_listed (SimPlayer * self)
{
  const SimStream *stream = self->stream;
  gint64 now = p2p_clock_get_time (self->clock);

  return stream->window == 0 ? stream->segments
      : MIN (stream->segments, stream->window + now / stream->duration);
}

void
sim_player_join (SimPlayer * self, GRand * rand)
{
  static const P2pLoaderEvents events = {
    on_segment, on_error, on_segment, on_connect, on_name, on_piece, on_swarm,
    on_uploaded
  };
  P2pLoaderWorld world = { self->clock, rand, P2P_FETCHER (self->origin),
    self->cache, &self->bandwidth, &self->stats
  };

  p2p_cache_set_limits (self->cache, self->settings.max_cache_segments_count,
      self->settings.max_cache_bytes,
      self->settings.cache_segment_expiration * P2P_MSEC);
  self->loader = p2p_loader_new (P2P_TYPE_HYBRID_LOADER, &world,
      &self->settings, self->options, &events, self);
  p2p_loader_set_own_id (self->loader, self->name);
  self->seen = sim_player_count_listed (self);
  /* Three segments from the end (RFC 8216, 6.3.3). */
  if (self->stream->window > 0)
    self->first = self->seen - MIN (self->stream->window, 3);
  self->next = self->first;
  self->poll = p2p_clock_get_time (self->clock) + self->stream->duration;
}

static void
sim_player_load (SimPlayer * self)
{
  g_autoptr (GPtrArray) queue =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_segment_unref);

  for (guint i = self->next; i < self->seen
      && queue->len < self->settings.buffer_segments_count; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);
    P2pSegment *segment = p2p_segment_new ("http://origin.example/", id, 0,
        -1, queue->len);

    segment->duration = self->stream->duration;
    g_ptr_array_add (queue, segment);
  }
  p2p_loader_load (self->loader, queue, "swarm", NULL);
}

static void
sim_player_read (SimPlayer * self)
{
  static const P2pReaderEvents events = { on_head, on_data, on_done };
  g_autofree char *id = g_strdup_printf ("%u", self->next);

  sim_player_load (self);
  self->ended = FALSE;
  self->reader = p2p_loader_read (self->loader, id, &events, self);
}

static void
sim_player_poll (SimPlayer * self, gint64 now)
{
  guint listed = sim_player_count_listed (self);

  if (self->stream->window == 0 || now < self->poll)
    return;
  self->poll += self->stream->duration;
  if (listed == self->seen)
    return;
  self->seen = listed;
  sim_player_load (self);
}

/* As the pipeline is asked where it is. */
static void
sim_player_tell_position (SimPlayer * self, gint64 now)
{
  guint last = self->reader ? self->next : self->next - 1;

  if (self->began >= 0 && now % SIM_PLAYER_TELLS == 0)
    p2p_loader_set_position (self->loader, self->began + self->stalled
        + (last - self->first) * self->stream->duration);
}

gboolean
sim_player_step (SimPlayer * self)
{
  gint64 now = p2p_clock_get_time (self->clock);
  gint64 time = self->stream->duration;
  gint64 there, played;

  sim_player_poll (self, now);
  if (self->reader && self->ended) {
    p2p_reader_close (self->reader);
    self->reader = NULL;
    self->next++;
    if (self->began < 0)
      self->began = now;
  }
  there = (self->next - self->first) * time;
  played = self->began < 0 ? 0 : now - self->began - self->stalled;
  if (self->next == self->stream->segments)
    return played < there;
  if (self->began >= 0 && played >= there) {
    self->stalls += !self->stalling;
    self->stalling = TRUE;
    self->stalled += SIM_PLAYER_TICK;
  } else {
    self->stalling = FALSE;
  }
  if (!self->reader && self->next < self->seen
      && there < played + SIM_PLAYER_AHEAD * time)
    sim_player_read (self);
  sim_player_tell_position (self, now);
  return TRUE;
}

void
sim_player_leave (SimPlayer * self)
{
  if (!self->loader)
    return;
  if (self->reader)
    p2p_reader_close (self->reader);
  self->reader = NULL;
  p2p_loader_destroy (self->loader);
  g_clear_object (&self->loader);
}
