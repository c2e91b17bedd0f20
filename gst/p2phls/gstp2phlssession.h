/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlsrequest.h"
#include "gstp2phlssettings.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsSession:
 *
 * What the elements of one pipeline share: a P2pSession on the engine's thread
 * while at least one element is attached, and what was set for it. By itself it
 * is passive: a context of a bin may hold it for ever. Thread-safe; nothing
 * here waits for the engine, and no lock is held while signals are emitted.
 */
#define GST_TYPE_P2P_HLS_SESSION (gst_p2p_hls_session_get_type ())
G_DECLARE_FINAL_TYPE (GstP2pHlsSession, gst_p2p_hls_session, GST,
    P2P_HLS_SESSION, GObject)

/* With what the user says to all players (gstp2phlsuser.h) as defaults. */
GstP2pHlsSession *gst_p2p_hls_session_new (void);

/* element takes part: its signals speak for the session, and the session lives.
 * Its weak reference is kept. */
void gst_p2p_hls_session_attach (GstP2pHlsSession * self,
    GstElement * element);
/* With the last one connections, cache and timers go; returns before. */
void gst_p2p_hls_session_detach (GstP2pHlsSession * self,
    GstElement * element);

/* What one element of the session was told, for all of them: the settings whose
 * bits are set, and the options that are shared (see
 * gst_p2p_hls_options_get_shared()). */
void gst_p2p_hls_session_merge_settings (GstP2pHlsSession * self,
    const GstP2pHlsSettings * settings, guint64 mask);
/* The same from a p2phlstracker: from now on nobody else's word counts for these. */
void gst_p2p_hls_session_rule (GstP2pHlsSession * self,
    const GstP2pHlsSettings * settings, guint64 mask);
void gst_p2p_hls_session_merge_options (GstP2pHlsSession * self,
    const P2pHttpOptions * options, guint64 mask);

/* Of its requests from here on, as if uri had answered with these headers
 * Set-Cookie. */
void gst_p2p_hls_session_add_cookies (GstP2pHlsSession * self,
    const char *uri, const char *const *set_cookies);

/* Returns: (transfer full): what holds for requests of the session itself. */
P2pHttpOptions *gst_p2p_hls_session_get_options (GstP2pHlsSession * self);

/* The user or the application asked for P2P; it is never taken back. */
void gst_p2p_hls_session_ask (GstP2pHlsSession * self);
gboolean gst_p2p_hls_session_is_asked (GstP2pHlsSession * self);

/* "settings" and "stats". Returns: (transfer full) */
GstStructure *gst_p2p_hls_session_get_settings (GstP2pHlsSession * self);
GstStructure *gst_p2p_hls_session_get_stats (GstP2pHlsSession * self);

/* size bytes that came from source left a pad. */
void gst_p2p_hls_session_count (GstP2pHlsSession * self, P2pSource source,
    gsize size);

/* uri: of the playlist that the application gave; came: which came past the
 * session. For the host's engine, if it is to have the streams of this one. */
void gst_p2p_hls_session_add_stream (GstP2pHlsSession * self, const char *uri,
    gboolean came);

void gst_p2p_hls_session_add_playlist (GstP2pHlsSession * self,
    P2pPlaylist * playlist);
/* Whether a playlist that went by names uri, or is it. */
gboolean gst_p2p_hls_session_knows (GstP2pHlsSession * self, const char *uri);

/* Has the gateway serve the playlist at uri, http(s), for demuxers that fetch by
 * themselves, and tells local. */
void gst_p2p_hls_session_serve (GstP2pHlsSession * self, const char *uri,
    GstP2pHlsLocal * local);

/* Seed 000's load() and destroy(); nothing if not attached. segments:
 * (transfer full) */
void gst_p2p_hls_session_load (GstP2pHlsSession * self, GPtrArray * segments,
    const char *swarm_id, const char *emit_now_url);
void gst_p2p_hls_session_destroy (GstP2pHlsSession * self);

/* Opens a request on the engine; what comes goes into pipe. Only while
 * attached. Returns: to be closed */
GstP2pHlsRequest *gst_p2p_hls_session_open (GstP2pHlsSession * self,
    GstP2pHlsPipe * pipe, const char *method, const char *uri, gint64 start,
    gint64 stop, P2pHttpOptions * options);

G_END_DECLS
