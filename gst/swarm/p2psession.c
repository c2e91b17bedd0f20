/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psession.h"
#include "p2paudience.h"
#include "p2prequest.h"
#include "p2pslot.h"
#include "p2pstream.h"
#include "p2puri.h"

struct _P2pSession
{
  GObject parent;

  P2pLoaderWorld world;
  P2pBandwidth bandwidth;
  P2pSettings settings;
  P2pHttpOptions *options;
  const P2pSessionEvents *events;
  gpointer user_data;

  GPtrArray *signallers;        /* of P2pSignaller */
  char *swarm_id;               /* in place of URLs, or NULL */
  P2pPlaylist *master;          /* that went by last */
  GQueue streams;               /* of P2pStream, used last first */
  GPtrArray *slots;             /* of P2pSlot */
  P2pAudience *audience;
  guint sweep;                  /* the call of it, or 0 */
  GPtrArray *requests;          /* of P2pRequest, borrowed: open ones */
  P2pStats stats;
  guint n_anew;
  gboolean destroyed;
};

G_DEFINE_TYPE (P2pSession, p2p_session, G_TYPE_OBJECT);

/* Tells the owner, if it wants to know. */
#define TELL(self, event, ...) \
  G_STMT_START { \
    if ((self)->events->event) \
      (self)->events->event (self, __VA_ARGS__); \
  } G_STMT_END

static void
p2p_session_changed (P2pSession * self)
{
  if (!self->destroyed)
    TELL (self, stats_changed, self->user_data);
}

/* --- what the loaders tell --- */

static void
p2p_session_segment_loaded (P2pLoader * loader, P2pSegment * segment,
    gpointer user_data)
{
  P2pSession *self = user_data;

  self->stats.segments_loaded++;
  p2p_session_changed (self);
  TELL (self, segment_loaded, segment, self->user_data);
}

static void
p2p_session_segment_error (P2pLoader * loader, P2pSegment * segment,
    const GError * error, gpointer user_data)
{
  P2pSession *self = user_data;

  self->stats.segments_failed++;
  p2p_session_changed (self);
  TELL (self, segment_error, segment->url, error, self->user_data);
}

static void
p2p_session_segment_abort (P2pLoader * loader, P2pSegment * segment,
    gpointer user_data)
{
  P2pSession *self = user_data;

  self->stats.segments_aborted++;
  p2p_session_changed (self);
  TELL (self, segment_abort, segment->url, self->user_data);
}

static void
p2p_session_peer_connect (P2pLoader * loader, P2pPeer * peer,
    gpointer user_data)
{
  P2pSession *self = user_data;

  p2p_session_changed (self);
  TELL (self, peer_connect, peer, self->user_data);
}

static void
p2p_session_peer_close (P2pLoader * loader, const char *id, gpointer user_data)
{
  P2pSession *self = user_data;

  p2p_session_changed (self);
  TELL (self, peer_close, id, self->user_data);
}

static P2pSlot *
p2p_session_find_slot (P2pSession * self, P2pLoader * loader)
{
  for (guint i = 0; i < self->slots->len; i++) {
    P2pSlot *slot = g_ptr_array_index (self->slots, i);

    if (slot->loader == loader)
      return slot;
  }
  return NULL;
}

static void
p2p_session_piece_bytes_loaded (P2pLoader * loader, P2pSource source,
    gsize size, gpointer user_data)
{
  P2pSession *self = user_data;
  P2pSlot *slot = p2p_session_find_slot (self, loader);

  if (slot)
    p2p_slot_count (slot, source, size);
  if (source == P2P_SOURCE_HTTP)
    self->stats.http_fetched += size;
  else
    self->stats.p2p_fetched += size;
  TELL (self, piece_bytes_loaded, source, size, self->user_data);
}

static void
p2p_session_swarm_changed (P2pLoader * loader, const char *swarm_id,
    gpointer user_data)
{
  P2pSession *self = user_data;
  P2pSlot *slot = p2p_session_find_slot (self, loader);

  if (slot)
    p2p_slot_join (slot, self->signallers, swarm_id);
}

static void
p2p_session_uploaded (P2pLoader * loader, gsize size, gpointer user_data)
{
  P2pSession *self = user_data;

  self->stats.p2p_uploaded += size;
  p2p_session_changed (self);
}

static gboolean
p2p_session_validate (P2pLoader * loader, P2pCheck * check, gpointer user_data)
{
  P2pSession *self = user_data;

  return self->events->validate
      && self->events->validate (self, check, self->user_data);
}

static const P2pLoaderEvents loader_events = {
  p2p_session_segment_loaded,
  p2p_session_segment_error,
  p2p_session_segment_abort,
  p2p_session_peer_connect,
  p2p_session_peer_close,
  p2p_session_piece_bytes_loaded,
  p2p_session_swarm_changed,
  p2p_session_uploaded,
  p2p_session_validate,
};

static char *
p2p_session_generate_id (const char *url, gpointer user_data)
{
  P2pSession *self = user_data;

  return self->events->generate_segment_id
      ? self->events->generate_segment_id (self, url, self->user_data) : NULL;
}

static void
p2p_session_announced (const char *tracker, const char *peer_id, guint n_peers,
    gpointer user_data)
{
  P2pSession *self = user_data;

  TELL (self, announced, tracker, peer_id, n_peers, self->user_data);
}

static void
p2p_session_tracker_warning (const char *tracker, const char *text,
    gpointer user_data)
{
  P2pSession *self = user_data;

  TELL (self, tracker_warning, tracker, text, self->user_data);
}

static void
p2p_session_tracker_error (const char *tracker, const GError * error,
    gpointer user_data)
{
  P2pSession *self = user_data;

  TELL (self, tracker_error, tracker, error, self->user_data);
}

/* The application may have gone on from a master playlist to a media playlist of
 * something else. */
static P2pPlaylist *
p2p_session_get_master (P2pSession * self, P2pPlaylist * media)
{
  return self->master && (p2p_playlist_get_rank (self->master, media->uri)
      || p2p_playlist_get_rank (self->master, media->requested))
      ? self->master : NULL;
}

static P2pIdentity *
p2p_session_make_identity (P2pSession * self, P2pStream * stream)
{
  P2pPlaylist *media = stream->playlist;
  P2pPlaylist *master = p2p_session_get_master (self, media);
  P2pPlaylist *first = master ? master : media;
  P2pIdentityFacts facts = {
    .master = master,
    .requested = first->requested,.response = first->uri,
    .media_requested = media->requested,.media_response = media->uri,
    .has_end = stream->has_end,
    .swarm_id = self->swarm_id
  };

  return p2p_identity_new (&facts);
}

/* Asked for each segment: kept, as it takes a while. */
static P2pIdentity *
p2p_session_identify (P2pStream * stream, gpointer user_data)
{
  if (!stream->identity)
    stream->identity = p2p_session_make_identity (user_data, stream);
  return p2p_identity_ref (stream->identity);
}

/* The master playlist, or what the user calls it, is another one. */
static void
p2p_session_forget_identities (P2pSession * self)
{
  for (GList * l = self->streams.head; l; l = l->next)
    g_clear_pointer (&((P2pStream *) l->data)->identity, p2p_identity_unref);
}

static const P2pSlotEvents slot_events = {
  p2p_session_generate_id,
  p2p_session_identify,
  p2p_session_announced,
  p2p_session_tracker_warning,
  p2p_session_tracker_error,
};

/* --- life --- */

static void
p2p_session_finalize (GObject * object)
{
  P2pSession *self = P2P_SESSION (object);

  p2p_session_destroy (self);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->slots);
  p2p_audience_free (self->audience);
  g_ptr_array_unref (self->signallers);
  g_free (self->swarm_id);
  p2p_http_options_unref (self->options);
  g_object_unref (self->world.cache);
  g_object_unref (self->world.clock);
  g_rand_free (self->world.rand);
  G_OBJECT_CLASS (p2p_session_parent_class)->finalize (object);
}

static void
p2p_session_class_init (P2pSessionClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_session_finalize;
}

static void
p2p_session_init (P2pSession * self)
{
  g_queue_init (&self->streams);
  self->requests = g_ptr_array_new ();
  self->signallers = g_ptr_array_new_with_free_func (g_object_unref);
  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_slot_free);
  self->audience = p2p_audience_new ();
}

P2pSession *
p2p_session_new (P2pClock * clock, GRand * rand, P2pFetcher * fetcher,
    const P2pSettings * settings, P2pHttpOptions * options,
    const P2pSessionEvents * events, gpointer user_data)
{
  P2pSession *self = g_object_new (P2P_TYPE_SESSION, NULL);

  self->world.clock = g_object_ref (clock);
  self->world.rand = rand;
  self->world.fetcher = g_object_ref (fetcher);
  self->world.cache = p2p_cache_new (clock);
  self->world.bandwidth = &self->bandwidth;
  self->world.stats = &self->stats;
  self->options = p2p_http_options_ref (options);
  self->events = events;
  self->user_data = user_data;
  p2p_session_set_settings (self, settings);
  return self;
}

void
p2p_session_set_settings (P2pSession * self, const P2pSettings * settings)
{
  self->settings = *settings;
  p2p_cache_set_limits (self->world.cache, settings->max_cache_segments_count,
      settings->max_cache_bytes, settings->cache_segment_expiration * P2P_MSEC);
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_set_settings (g_ptr_array_index (self->slots, i), settings);
  for (guint i = 0; i < self->signallers->len; i++)
    p2p_signaller_set_max_peers (g_ptr_array_index (self->signallers, i),
        settings->max_peers);
}

void
p2p_session_set_cache_share (P2pSession * self, P2pCacheShare * share)
{
  p2p_cache_set_share (self->world.cache, share);
}

void
p2p_session_add_signaller (P2pSession * self, P2pSignaller * signaller)
{
  g_ptr_array_add (self->signallers, g_object_ref (signaller));
  p2p_signaller_set_max_peers (signaller, self->settings.max_peers);
  p2p_signaller_set_options (signaller, self->options);
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_add_signaller (g_ptr_array_index (self->slots, i), signaller);
}

void
p2p_session_clear_signallers (P2pSession * self)
{
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_clear_signallers (g_ptr_array_index (self->slots, i));
  g_ptr_array_set_size (self->signallers, 0);
}

void
p2p_session_set_swarm_id (P2pSession * self, const char *swarm_id)
{
  g_free (self->swarm_id);
  self->swarm_id = g_strdup (swarm_id);
  p2p_session_forget_identities (self);
}

void
p2p_session_set_options (P2pSession * self, P2pHttpOptions * options)
{
  p2p_http_options_ref (options);
  p2p_http_options_unref (self->options);
  self->options = options;
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_set_options (g_ptr_array_index (self->slots, i), options);
  for (guint i = 0; i < self->signallers->len; i++)
    p2p_signaller_set_options (g_ptr_array_index (self->signallers, i),
        options);
}

void
p2p_session_destroy (P2pSession * self)
{
  if (self->destroyed)
    return;
  self->destroyed = TRUE;
  p2p_clock_cancel (self->world.clock, &self->sweep);
  for (guint i = 0; i < self->requests->len; i++)
    p2p_request_abandon (g_ptr_array_index (self->requests, i));
  g_ptr_array_set_size (self->slots, 0);
  g_ptr_array_set_size (self->signallers, 0);
  p2p_cache_clear (self->world.cache, NULL);
  g_clear_pointer (&self->master, p2p_playlist_unref);
  g_queue_clear_full (&self->streams, (GDestroyNotify) p2p_stream_free);
  /* With it go the connections that wait for a next request. */
  g_clear_object (&self->world.fetcher);
}

void
p2p_session_get_stats (P2pSession * self, P2pStats * stats)
{
  *stats = self->stats;
  stats->cached_segments = p2p_cache_get_count (self->world.cache);
  stats->cached_bytes = p2p_cache_get_bytes (self->world.cache);
  stats->bandwidth = p2p_bandwidth_get (&self->bandwidth);
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_add_stats (g_ptr_array_index (self->slots, i), stats);
}

void
p2p_session_foreach_tracker (P2pSession * self, P2pTrackerFunc func,
    gpointer user_data)
{
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_foreach_tracker (g_ptr_array_index (self->slots, i), func,
        user_data);
}

void
p2p_session_foreach_peer (P2pSession * self, P2pPeerFunc func,
    gpointer user_data)
{
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_foreach_peer (g_ptr_array_index (self->slots, i), func, user_data);
}

/* --- streams --- */

/* The name of the slot a playlist plays in. Variants replace each other, and so
 * do renditions of one name in several groups; renditions of other names (an
 * alternate audio, subtitles) play beside them. */
static char *
p2p_session_name_slot (P2pSession * self, P2pStream * stream)
{
  for (guint i = 0; self->master && i < self->master->renditions->len; i++) {
    P2pRendition *rendition = g_ptr_array_index (self->master->renditions, i);
    g_autofree char *uri = NULL;

    if (rendition->uri == NULL)
      continue;
    uri = p2p_uri_canonical (rendition->uri);
    if (g_str_equal (uri, stream->uri))
      return g_strdup_printf ("%d %s", rendition->type,
          rendition->name ? rendition->name : rendition->uri);
  }
  return g_strdup (P2P_SLOT_MAIN);
}

static P2pSlot *
p2p_session_get_slot (P2pSession * self, const char *name, P2pStream * stream,
    const char *player)
{
  P2pSlot *slot = p2p_audience_choose (self->audience, self->slots, name,
      stream, player);

  if (slot)
    return slot;
  slot = p2p_slot_new (name, &self->world, &self->settings, self->options,
      &loader_events, &slot_events, self);
  g_ptr_array_add (self->slots, slot);
  return slot;
}

static void
p2p_session_queue (P2pSession * self, P2pSlot * slot, P2pStream * stream)
{
  g_autoptr (GArray) players = p2p_audience_list (self->audience, slot,
      p2p_clock_get_time (self->world.clock));

  p2p_slot_play (slot, stream, players);
  p2p_session_changed (self);
}

static GList *
p2p_session_find_stream (P2pSession * self, const char *canonical)
{
  for (GList * l = self->streams.head; l; l = l->next) {
    P2pStream *stream = l->data;

    if (g_str_equal (stream->uri, canonical))
      return l;
  }
  return NULL;
}

static void
p2p_session_drop_stream (P2pSession * self, P2pStream * stream)
{
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_forget (g_ptr_array_index (self->slots, i), stream);
  p2p_stream_free (stream);
}

/* What was kept under the names of its segments is of the stream that was there
 * before. */
static void
p2p_session_begin_anew (P2pSession * self, P2pStream * stream)
{
  self->n_anew++;
  for (guint i = 0; i < stream->playlist->segments->len; i++) {
    P2pMediaSegment *media = p2p_stream_get (stream, i);
    g_autofree char *base = p2p_session_generate_id (media->uri, self);
    g_autofree char *id = p2p_segment_make_id (base, media->uri, media->offset,
        media->length);

    p2p_cache_remove (self->world.cache, id);
  }
}

static void
p2p_session_add_stream (P2pSession * self, P2pPlaylist * playlist)
{
  g_autofree char *uri = p2p_uri_canonical (playlist->uri);
  GList *link = p2p_session_find_stream (self, uri);
  gboolean is_anew = link && p2p_stream_is_anew (link->data, playlist);

  if (link == NULL) {
    P2pStream *stream = p2p_stream_new (playlist);

    if (playlist->is_live && self->streams.length > 0)
      p2p_stream_align (stream, g_queue_peek_head (&self->streams));
    g_queue_push_head (&self->streams, stream);
    if (self->streams.length > P2P_SESSION_MAX_STREAMS)
      p2p_session_drop_stream (self, g_queue_pop_tail (&self->streams));
    return;
  }

  p2p_stream_update (link->data, playlist);
  if (is_anew)
    p2p_session_begin_anew (self, link->data);
  for (guint i = 0; i < self->slots->len; i++) {
    P2pSlot *slot = g_ptr_array_index (self->slots, i);

    if (slot->stream == link->data)
      p2p_session_queue (self, slot, link->data);
  }
}

void
p2p_session_add_playlist (P2pSession * self, P2pPlaylist * playlist)
{
  if (self->destroyed)
    return;
  self->stats.playlists++;
  self->stats.odd_lines += playlist->odd_lines;
  if (playlist->is_master) {
    p2p_playlist_ref (playlist);
    g_clear_pointer (&self->master, p2p_playlist_unref);
    self->master = playlist;
    p2p_session_forget_identities (self);
  } else {
    p2p_session_add_stream (self, playlist);
  }
  p2p_session_changed (self);
}

P2pPlaylist *
p2p_session_locate (P2pSession * self, P2pSegment * segment, guint * position)
{
  g_autofree char *canonical = p2p_uri_canonical (segment->url);
  gint64 stop = segment->length < 0 ? -1 : segment->offset + segment->length;

  for (GList * l = self->streams.head; l; l = l->next) {
    P2pStream *stream = l->data;
    g_autofree char *slot = NULL;

    if (!p2p_stream_find (stream, canonical, segment->offset, stop, position))
      continue;
    slot = p2p_session_name_slot (self, stream);
    return g_str_equal (slot, P2P_SLOT_MAIN) ? stream->playlist : NULL;
  }
  return NULL;
}

void
p2p_session_set_position (P2pSession * self, gint64 position, double rate,
    gboolean pauses)
{
  for (guint i = 0; i < self->slots->len; i++)
    p2p_slot_set_position (g_ptr_array_index (self->slots, i), position, rate,
        pauses);
}

void
p2p_session_load (P2pSession * self, GPtrArray * segments,
    const char *swarm_id, const char *emit_now_url)
{
  if (self->destroyed)
    return;
  p2p_slot_load (p2p_session_get_slot (self, P2P_SLOT_MAIN, NULL, NULL),
      segments, swarm_id, emit_now_url);
  p2p_session_changed (self);
}

/* --- requests --- */

/* A player that was given other headers or another way than the session's
 * means just that one request: it must not be answered with what the session
 * would have got. */
static gboolean
p2p_session_same_options (P2pSession * self, P2pHttpOptions * options)
{
  return p2p_http_options_equal (self->options, options);
}

/* What plays is looked at first: a segment that two playlists name belongs to the
 * one that is being read. Returns: (nullable): of self->streams */
static GList *
p2p_session_look_up_segment (P2pSession * self, const char *uri, gint64 start,
    gint64 stop, guint * position)
{
  g_autofree char *canonical = p2p_uri_canonical (uri);

  for (GList * l = self->streams.head; l; l = l->next) {
    if (p2p_stream_find (l->data, canonical, start, stop, position))
      return l;
  }
  return NULL;
}

gboolean
p2p_session_has_segment (P2pSession * self, const char *uri, gint64 start,
    gint64 stop)
{
  guint position;

  return p2p_session_look_up_segment (self, uri, start, stop, &position)
      != NULL;
}

guint
p2p_session_get_n_anew (P2pSession * self)
{
  return self->n_anew;
}

P2pHttpOptions *
p2p_session_get_options (P2pSession * self)
{
  return self->options;
}

P2pFetcher *
p2p_session_get_fetcher (P2pSession * self)
{
  return self->world.fetcher;
}

/* The stream and segment that a request is for; the stream moves to the front. */
static P2pStream *
p2p_session_find_segment (P2pSession * self, const char *uri, gint64 start,
    gint64 stop, guint * position)
{
  GList *l = p2p_session_look_up_segment (self, uri, start, stop, position);

  if (!l)
    return NULL;
  g_queue_unlink (&self->streams, l);
  g_queue_push_head_link (&self->streams, l);
  return l->data;
}

/* Bits a second of the best variant, if there is one to choose. */
static guint64
p2p_session_get_top (P2pSession * self, P2pSlot * slot)
{
  guint64 top = 0;
  guint choices = 0;

  if (self->master == NULL || !g_str_equal (slot->name, P2P_SLOT_MAIN))
    return 0;
  for (guint i = 0; i < self->master->variants->len; i++) {
    P2pVariant *variant = g_ptr_array_index (self->master->variants, i);

    if (variant->iframes_only)
      continue;
    choices++;
    top = MAX (top, variant->bandwidth);
  }
  return choices > 1 ? top : 0;
}

static gint64
p2p_session_request_pace (P2pRequest * request, gint64 opened, guint64 bytes,
    gpointer user_data)
{
  P2pSession *self = user_data;
  gint64 now = p2p_clock_get_time (self->world.clock);
  P2pSlot *slot = request->slot;

  if (!self->settings.pace_eos || slot == NULL)
    return now;
  return p2p_bandwidth_pace (&self->bandwidth, opened, now, bytes,
      p2p_session_get_top (self, slot));
}

static void
p2p_session_request_done (P2pRequest * request, P2pSource source,
    gpointer user_data)
{
  P2pSession *self = user_data;
  P2pStream *stream = request->slot->stream;

  if (stream && g_strcmp0 (request->slot->current, request->id) == 0)
    stream->consumed = TRUE;

  if (source == P2P_SOURCE_CACHE)
    self->stats.cache_segments++;
  else if (source == P2P_SOURCE_HTTP)
    self->stats.http_segments++;
  else
    self->stats.p2p_segments++;
  p2p_session_changed (self);
}

static void
p2p_session_request_fetched (P2pRequest * request, gsize bytes,
    gpointer user_data)
{
  P2pSession *self = user_data;

  self->stats.http_fetched += bytes;
}

static void
p2p_session_request_closed (P2pRequest * request, gpointer user_data)
{
  P2pSession *self = user_data;

  g_ptr_array_remove_fast (self->requests, request);
  g_object_unref (self);
}

static const P2pRequestOwner request_owner = {
  p2p_session_request_pace,
  p2p_session_request_done,
  p2p_session_request_fetched,
  p2p_session_request_closed,
};

static void
p2p_session_sweep (gpointer user_data)
{
  P2pSession *self = user_data;

  self->sweep = 0;
  p2p_audience_sweep (self->audience, self->slots,
      p2p_clock_get_time (self->world.clock));
  p2p_session_changed (self);
}

static P2pSlot *
p2p_session_seat (P2pSession * self, P2pStream * stream, guint position,
    const char *player)
{
  g_autofree char *name = p2p_session_name_slot (self, stream);
  P2pSlot *slot = p2p_session_get_slot (self, name, stream, player);
  gint64 now = p2p_clock_get_time (self->world.clock);

  p2p_audience_seat (self->audience, slot, player,
      p2p_stream_get (stream, position)->sequence, now);
  /* Not here: it may be a loader that is to go that calls. */
  if (player && self->sweep == 0)
    self->sweep = p2p_clock_call_at (self->world.clock, now, p2p_session_sweep,
        self);
  return slot;
}

P2pRequest *
p2p_session_open (P2pSession * self, const char *player, const char *method,
    const char *uri, gint64 start, gint64 stop, P2pHttpOptions * options,
    const P2pRequestEvents * events, gpointer user_data)
{
  P2pRequest *request = p2p_request_new (&self->world, &request_owner,
      g_object_ref (self), events, user_data);
  P2pStream *stream = NULL;
  guint position;

  g_ptr_array_add (self->requests, request);
  if (self->destroyed) {
    p2p_request_abandon (request);
    return request;
  }

  if (method == NULL && p2p_session_same_options (self, options))
    stream = p2p_session_find_segment (self, uri, start, stop, &position);
  if (stream) {
    P2pSlot *slot = p2p_session_seat (self, stream, position, player);

    p2p_stream_set_current (stream, position);
    p2p_session_queue (self, slot, stream);
    p2p_request_read (request, slot);
  } else {
    p2p_request_download (request, method, uri, start, stop, options);
  }
  return request;
}
