/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2ploader.h"
#include "p2pplaylist.h"
#include "p2prequest.h"
#include "p2psignaller.h"
#include "p2pstats.h"

G_BEGIN_DECLS

/**
 * P2pSession:
 *
 * One viewer of one stream: the playlists that went by, a loader for each
 * stream of them that plays (the variant, each alternate audio, subtitles …),
 * the cache they share. It sees every request of the player; one for a segment
 * of a playlist it knows becomes the loader's queue of that segment and of what
 * follows, any other goes straight to HTTP and is never cached.
 */
#define P2P_TYPE_SESSION (p2p_session_get_type ())
G_DECLARE_FINAL_TYPE (P2pSession, p2p_session, P2P, SESSION, GObject)

/* Playlists of which a session keeps the segments; the one used longest ago
 * goes first. */
#define P2P_SESSION_MAX_STREAMS 64

/* Seed 000's events for the whole session, from whichever loader. NULL: not to be
 * told. No callback comes from inside a call of the session. */
typedef struct
{
  void (*segment_loaded) (P2pSession * session, P2pSegment * segment,
      gpointer user_data);
  void (*segment_error) (P2pSession * session, const char *url,
      const GError * error, gpointer user_data);
  void (*segment_abort) (P2pSession * session, const char *url,
      gpointer user_data);
  void (*peer_connect) (P2pSession * session, P2pPeer * peer,
      gpointer user_data);
  void (*peer_close) (P2pSession * session, const char *id,
      gpointer user_data);
  void (*piece_bytes_loaded) (P2pSession * session, P2pSource source,
      gsize size, gpointer user_data);
  /* Makes the id of a segment from its URL. Returns: (transfer full)
   * (nullable): NULL: the canonical URL. The only one that comes from inside
   * calls. */
  char *(*generate_segment_id) (P2pSession * session, const char *url,
      gpointer user_data);
  /* What trackers say: see P2pSignallerEvents. */
  void (*announced) (P2pSession * session, const char *tracker,
      const char *peer_id, guint n_peers, gpointer user_data);
  void (*tracker_warning) (P2pSession * session, const char *tracker,
      const char *text, gpointer user_data);
  void (*tracker_error) (P2pSession * session, const char *tracker,
      const GError * error, gpointer user_data);
  /* Something that get_stats() tells has changed. May come from inside calls
   * too. */
  void (*stats_changed) (P2pSession * session, gpointer user_data);
  /* As in P2pLoaderEvents */
  gboolean (*validate) (P2pSession * session, P2pCheck * check,
      gpointer user_data);
} P2pSessionEvents;

/* clock and fetcher are kept (a reference each). rand: (transfer full) */
P2pSession *p2p_session_new (P2pClock * clock, GRand * rand,
    P2pFetcher * fetcher, const P2pSettings * settings,
    P2pHttpOptions * options, const P2pSessionEvents * events,
    gpointer user_data);

/* Acts at once; a change of use_p2p makes new loaders. */
void p2p_session_set_settings (P2pSession * self,
    const P2pSettings * settings);
/* A limit for the caches of several sessions together. Before the first request. */
void p2p_session_set_cache_share (P2pSession * self, P2pCacheShare * share);
/* For requests made from now on, of the session itself too. */
void p2p_session_set_options (P2pSession * self, P2pHttpOptions * options);

/* Who finds peers; kept (a reference) until the session is destroyed. Only for a
 * session that was asked to be seen by others: without any there are no peers. */
void p2p_session_add_signaller (P2pSession * self, P2pSignaller * signaller);
/* Leaves all of them; who is connected stays so. */
void p2p_session_clear_signallers (P2pSession * self);
/* What gathers the viewers of the streams that play from now on, in place of
 * the playlists' URLs (NULL: these, without their query). A stream of a master
 * playlist gets "-" and its place there behind it, since its segments are not
 * those of the others. */
void p2p_session_set_swarm_id (P2pSession * self, const char *swarm_id);

/* A playlist went by. If a stream plays from an older state of it, the loader's
 * queue is made anew. */
void p2p_session_add_playlist (P2pSession * self, P2pPlaylist * playlist);

/* The playlist that has segment, unless it is one of a rendition: of what shows how
 * far a stream is. Returns: (transfer none) (nullable): its newest state; position
 * is set to the segment's in it */
P2pPlaylist *p2p_session_locate (P2pSession * self, P2pSegment * segment,
    guint * position);

/* The player is at position of its streams' time (microseconds), and goes on at
 * rate (above 0): tells the loaders when segments have to be there. pauses: it
 * does not go on now, as one that buffers. To be told again and again. */
void p2p_session_set_position (P2pSession * self, gint64 position,
    double rate, gboolean pauses);

/* Seed 000's load() by the application: the queue of the main stream is made of
 * these (element-type P2pSegment), until the player's next request makes
 * another. */
void p2p_session_load (P2pSession * self, GPtrArray * segments,
    const char *swarm_id, const char *emit_now_url);

/* Ends all requests with P2P_ERROR_DESTROYED, drops all; what is opened later
 * ends the same way. */
void p2p_session_destroy (P2pSession * self);

void p2p_session_get_stats (P2pSession * self, P2pStats * stats);
/* Each tracker, once for each swarm that was joined at it; each peer that is
 * connected. */
void p2p_session_foreach_tracker (P2pSession * self, P2pTrackerFunc func,
    gpointer user_data);
void p2p_session_foreach_peer (P2pSession * self, P2pPeerFunc func,
    gpointer user_data);

/* Whether a request would be for a segment of a playlist that went by. uri, start,
 * stop: as in p2p_session_open() */
gboolean p2p_session_has_segment (P2pSession * self, const char *uri,
    gint64 start, gint64 stop);
/* How often a live stream of it began anew: segments may have the names of others
 * that were there before. */
guint p2p_session_get_n_anew (P2pSession * self);
/* Returns: (transfer none): what was set last */
P2pHttpOptions *p2p_session_get_options (P2pSession * self);
/* Returns: (transfer none) (nullable): NULL once it is destroyed */
P2pFetcher *p2p_session_get_fetcher (P2pSession * self);

/* player: who asks, where there are several (see P2pAudience); NULL: the only one.
 * uri: plain http(s). method, start, stop: as in P2pFetchRequest. options: of
 * the one who asks; where they differ from the session's in what a server could
 * see (but for compress and keep_alive), the request goes past the loader.
 * Returns: to be closed */
P2pRequest *p2p_session_open (P2pSession * self, const char *player,
    const char *method, const char *uri, gint64 start, gint64 stop,
    P2pHttpOptions * options, const P2pRequestEvents * events,
    gpointer user_data);

G_END_DECLS
