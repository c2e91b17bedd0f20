/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2penginetorrent.h"

#include "p2pengineprobe.h"
#include "p2perror.h"
#include "p2prate.h"
#include "p2psoupfetcher.h"

#include <math.h>

/* How often progress is told. */
#define TICK (250 * P2P_MSEC)
/* Warnings that are told, one at a time */
#define QUIET (1 * P2P_SECOND)

typedef struct
{
  P2pSoupGateway *gateway;
  P2pSoupGatewayStream *stream;
} Place;

struct _P2pEngineTorrent
{
  P2pEngineShared *shared;
  P2pClock *clock;
  GRand *rand;
  P2pSettings settings;
  P2pSession *session;
  P2pEngineProbe *probe;
  const P2pEngineTorrentEvents *events;
  gpointer user_data;
  GArray *places;               /* of Place */

  char *uri;
  gint64 length;                /* bytes; -1: not known, or live */
  P2pPlaylist *playing;         /* the newest state, or NULL */
  GHashTable *loaded;           /* set of media sequence numbers */
  guint total, have;            /* segments of playing; of them loaded */
  gboolean done;

  guint tick;
  P2pHlsRemoteProgress told;    /* last */
  P2pRate down, up;
  guint64 uploaded;
  gint64 warned;                /* when it was told of trouble last */
};

/* --- progress --- */

static void
p2p_engine_torrent_count (P2pEngineTorrent * self, P2pPlaylist * playlist)
{
  GHashTableIter iter;
  gpointer key;

  if (self->playing != playlist) {
    p2p_playlist_ref (playlist);
    g_clear_pointer (&self->playing, p2p_playlist_unref);
    self->playing = playlist;
  }
  self->total = self->have = 0;
  for (guint i = 0; i < playlist->segments->len; i++) {
    const P2pMediaSegment *segment =
        &g_array_index (playlist->segments, P2pMediaSegment, i);

    if (segment->gap)
      continue;
    self->total++;
    self->have += g_hash_table_contains (self->loaded, &segment->sequence);
  }
  /* Of a live stream what has gone is forgotten. */
  g_hash_table_iter_init (&iter, self->loaded);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (*(guint64 *) key < playlist->media_sequence)
      g_hash_table_iter_remove (&iter);
}

static void
p2p_engine_torrent_measure (P2pEngineTorrent * self,
    P2pHlsRemoteProgress * progress)
{
  gint64 now = p2p_clock_get_time (self->clock);
  P2pStats stats;

  p2p_session_get_stats (self->session, &stats);
  progress->progress = self->total > 0 ? (double) self->have / self->total : 0;
  progress->downloaded = stats.http_fetched + stats.p2p_fetched;
  progress->from_peers = stats.p2p_fetched;
  progress->uploaded = stats.p2p_uploaded;
  p2p_rate_add (&self->down, now, progress->downloaded - self->told.downloaded);
  p2p_rate_add (&self->up, now, progress->uploaded - self->told.uploaded);
  progress->download_speed = p2p_rate_get (&self->down, now) / 8.0;
  progress->upload_speed = p2p_rate_get (&self->up, now) / 8.0;
  progress->ratio = progress->downloaded > 0
      ? (double) progress->uploaded / progress->downloaded : 0;
  progress->num_peers = stats.peers;
  progress->time_remaining = INFINITY;
  if (self->done)
    progress->time_remaining = 0;
  else if (self->length >= 0 && progress->download_speed > 0)
    progress->time_remaining = self->length * (1 - progress->progress)
        / progress->download_speed * 1000;
}

static void p2p_engine_torrent_want_tick (P2pEngineTorrent * self);

static void
p2p_engine_torrent_on_tick (gpointer user_data)
{
  P2pEngineTorrent *self = user_data;
  P2pHlsRemoteProgress progress;
  gboolean downloaded, uploaded, done;

  self->tick = 0;
  done = !self->done && self->playing && self->playing->has_end
      && self->have == self->total && self->total > 0;
  self->done |= done;
  p2p_hls_remote_progress_init (&progress);
  p2p_engine_torrent_measure (self, &progress);
  downloaded = progress.downloaded > self->told.downloaded;
  uploaded = progress.uploaded > self->told.uploaded;
  self->told = progress;
  /* The rates have to come to rest. */
  if (progress.download_speed > 0 || progress.upload_speed > 0)
    p2p_engine_torrent_want_tick (self);
  self->events->progress (&progress, downloaded, uploaded, self->user_data);
  if (done)
    self->events->done (self->user_data);
}

static void
p2p_engine_torrent_want_tick (P2pEngineTorrent * self)
{
  if (self->tick == 0)
    self->tick = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock) + TICK, p2p_engine_torrent_on_tick,
        self);
}

/* --- what the session tells --- */

static void
p2p_engine_torrent_segment_loaded (P2pSession * session, P2pSegment * segment,
    gpointer user_data)
{
  P2pEngineTorrent *self = user_data;
  guint position;
  P2pPlaylist *playlist = p2p_session_locate (session, segment, &position);
  guint64 sequence;

  if (playlist == NULL)
    return;
  sequence = g_array_index (playlist->segments, P2pMediaSegment,
      position).sequence;
  if (!g_hash_table_contains (self->loaded, &sequence)) {
    g_hash_table_add (self->loaded, g_memdup2 (&sequence, sizeof sequence));
    self->have++;
  }
  if (playlist != self->playing)
    p2p_engine_torrent_count (self, playlist);
  p2p_engine_torrent_want_tick (self);
}

/* Trouble that comes again and again is told once a second. */
static void
p2p_engine_torrent_warn (P2pEngineTorrent * self, const char *about,
    const GError * error)
{
  gint64 now = p2p_clock_get_time (self->clock);
  g_autoptr (GError) told = NULL;

  if (now - self->warned < QUIET)
    return;
  self->warned = now;
  told = g_error_new (error->domain, error->code, "%s: %s", about,
      error->message);
  self->events->warning (told, self->user_data);
}

static void
p2p_engine_torrent_segment_error (P2pSession * session, const char *url,
    const GError * error, gpointer user_data)
{
  p2p_engine_torrent_warn (user_data, url, error);
}

static void
p2p_engine_torrent_peer_connect (P2pSession * session, P2pPeer * peer,
    gpointer user_data)
{
  p2p_engine_torrent_want_tick (user_data);
}

static void
p2p_engine_torrent_peer_close (P2pSession * session, const char *id,
    gpointer user_data)
{
  p2p_engine_torrent_want_tick (user_data);
}

static void
p2p_engine_torrent_piece_bytes_loaded (P2pSession * session, P2pSource source,
    gsize size, gpointer user_data)
{
  p2p_engine_torrent_want_tick (user_data);
}

static void
p2p_engine_torrent_tracker_warning (P2pSession * session, const char *tracker,
    const char *text, gpointer user_data)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_ERROR, P2P_ERROR_CONNECT,
      text);

  p2p_engine_torrent_warn (user_data, tracker, error);
}

static void
p2p_engine_torrent_tracker_error (P2pSession * session, const char *tracker,
    const GError * error, gpointer user_data)
{
  p2p_engine_torrent_warn (user_data, tracker, error);
}

static void
p2p_engine_torrent_stats_changed (P2pSession * session, gpointer user_data)
{
  p2p_engine_torrent_want_tick (user_data);
}

static const P2pSessionEvents session_events = {
  .segment_loaded = p2p_engine_torrent_segment_loaded,
  .segment_error = p2p_engine_torrent_segment_error,
  .peer_connect = p2p_engine_torrent_peer_connect,
  .peer_close = p2p_engine_torrent_peer_close,
  .piece_bytes_loaded = p2p_engine_torrent_piece_bytes_loaded,
  .tracker_warning = p2p_engine_torrent_tracker_warning,
  .tracker_error = p2p_engine_torrent_tracker_error,
  .stats_changed = p2p_engine_torrent_stats_changed,
};

/* --- what it is --- */

static void
p2p_engine_torrent_known (const P2pHlsRemoteInfo * info, gpointer user_data)
{
  P2pEngineTorrent *self = user_data;

  self->length = info->length;
  self->events->metadata (info, self->user_data);
}

static void
p2p_engine_torrent_unknown (const GError * error, gpointer user_data)
{
  p2p_engine_torrent_warn (user_data, "the playlist", error);
}

static const P2pEngineProbeEvents probe_events = {
  p2p_engine_torrent_known,
  p2p_engine_torrent_unknown,
};

/* --- sharing --- */

static guint64
p2p_engine_torrent_get_uploaded (gpointer torrent)
{
  P2pEngineTorrent *self = torrent;
  P2pStats stats;

  p2p_session_get_stats (self->session, &stats);
  return stats.p2p_uploaded;
}

static void
p2p_engine_torrent_set_max_upload_rate (gpointer torrent, guint64 rate)
{
  P2pEngineTorrent *self = torrent;

  if (self->settings.max_upload_rate == rate)
    return;
  self->settings.max_upload_rate = rate;
  p2p_session_set_settings (self->session, &self->settings);
}

static const P2pEngineLimited limited = {
  p2p_engine_torrent_get_uploaded,
  p2p_engine_torrent_set_max_upload_rate,
};

const char *
p2p_engine_torrent_serve (P2pEngineTorrent * self, const char *host,
    P2pJson * options, const char **playlist_url, GError ** error)
{
  Place place;

  place.gateway = p2p_engine_shared_get_gateway (self->shared, host, options,
      error);
  if (place.gateway == NULL)
    return NULL;
  place.stream = p2p_soup_gateway_add (place.gateway, self->session,
      self->uri, error);
  if (place.stream == NULL)
    return NULL;
  g_array_append_val (self->places, place);
  *playlist_url = p2p_soup_gateway_stream_get_playlist_url (place.stream);
  return p2p_soup_gateway_stream_get_url (place.stream);
}

/* --- life --- */

static void
p2p_engine_torrent_find_peers (P2pEngineTorrent * self,
    const P2pEngineSettings * settings)
{
  P2pEnginePeers peers;
  g_autoptr (GError) error = NULL;

  p2p_engine_settings_get_peers (settings, &peers);
  peers.browser = "p2phls/" PACKAGE_VERSION;
  if (settings->loader.use_p2p
      && !p2p_engine_peers_set_up (p2p_engine_shared_get_engine (self->shared),
          self->session, &peers, &error))
    p2p_engine_torrent_warn (self, "no peers", error);
}

P2pEngineTorrent *
p2p_engine_torrent_new (P2pEngineShared * shared, const char *uri,
    const P2pEngineSettings * settings, const P2pEngineTorrentEvents * events,
    gpointer user_data)
{
  P2pEngineTorrent *self = g_new0 (P2pEngineTorrent, 1);
  P2pEngine *engine = p2p_engine_shared_get_engine (shared);
  g_autoptr (P2pSoupFetcher) fetcher = NULL;
  g_autoptr (P2pHttpOptions) http = p2p_http_options_new ();

  self->shared = shared;
  self->clock = p2p_engine_get_clock (engine);
  self->rand = g_rand_new ();
  self->settings = settings->loader;
  self->events = events;
  self->user_data = user_data;
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  self->loaded = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
      NULL);
  self->warned = G_MININT64 / 2;
  self->uri = g_strdup (uri);
  self->length = -1;
  p2p_hls_remote_progress_init (&self->told);
  /* Nobody here takes titles out of what comes. */
  http->iradio_mode = FALSE;
  fetcher = p2p_soup_fetcher_new (self->clock, p2p_engine_get_context (engine));
  self->session = p2p_session_new (self->clock, g_rand_new (),
      P2P_FETCHER (fetcher), &self->settings, http, &session_events, self);
  p2p_session_set_cache_share (self->session,
      p2p_engine_shared_get_cache (shared));
  p2p_engine_torrent_find_peers (self, settings);
  p2p_engine_limit_add (p2p_engine_shared_get_limit (shared), &limited, self);
  self->probe = p2p_engine_probe_new (self->clock, self->rand, self->session,
      uri, &probe_events, self);
  return self;
}

void
p2p_engine_torrent_free (P2pEngineTorrent * self)
{
  p2p_engine_limit_remove (p2p_engine_shared_get_limit (self->shared), self);
  for (guint i = 0; i < self->places->len; i++) {
    Place *place = &g_array_index (self->places, Place, i);

    p2p_soup_gateway_remove (place->gateway, place->stream);
  }
  g_array_unref (self->places);
  p2p_engine_probe_free (self->probe);
  p2p_session_destroy (self->session);
  p2p_clock_cancel (self->clock, &self->tick);
  g_object_unref (self->session);
  g_clear_pointer (&self->playing, p2p_playlist_unref);
  g_hash_table_unref (self->loaded);
  g_free (self->uri);
  g_rand_free (self->rand);
  g_free (self);
}
