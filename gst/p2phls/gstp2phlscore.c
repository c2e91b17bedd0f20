/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlscore.h"

#include "gstp2phlsposition.h"
#include "gstp2phlsreport.h"
#include "gstp2phlssignals.h"

#include <glib/gi18n-lib.h>

GST_DEBUG_CATEGORY_STATIC (http_debug);

/* piece-bytes-loaded and the stats: at most 20 times a second. */
#define TICK (50 * P2P_MSEC)
/* Of trackers and peers much changes all the time. */
#define LIST_TICK (1 * P2P_SECOND)
/* The player is asked where it is: it may be paused or sought at any time. */
#define POSITION_TICK (250 * P2P_MSEC)
/* Segments of each stream that are kept beside those of the host's engine. */
#define HOSTED_CACHE 2

/* --- emitting, on the engine's thread --- */

static gboolean
gst_p2p_hls_core_has_handler (GPtrArray * elements, const char *name)
{
  for (guint i = 0; i < elements->len; i++) {
    if (gst_p2p_hls_signals_has_handler (g_ptr_array_index (elements, i), name))
      return TRUE;
  }
  return FALSE;
}

/* Emits on every element that has a handler. */
#define EMIT(elements,name,...) \
  for (guint i_ = 0; i_ < (elements)->len; i_++) { \
    GstElement *e_ = g_ptr_array_index (elements, i_); \
    if (gst_p2p_hls_signals_has_handler (e_, name)) \
      g_signal_emit_by_name (e_, name, __VA_ARGS__); \
  }

static GPtrArray *
gst_p2p_hls_core_get_elements (GstP2pHlsCore * self)
{
  /* The elements may have been started anew, for another core, before end() has
   * run: what this one still has to say is none of theirs. */
  if (g_atomic_int_get (&self->ended))
    return g_ptr_array_new ();
  return self->owner->get_elements (self->owner_data);
}

static void
gst_p2p_hls_core_tell_pieces (GstP2pHlsCore * self, P2pSource source,
    const char *method)
{
  g_autoptr (GPtrArray) elements = NULL;
  guint64 size = self->pieces[source];

  self->pieces[source] = 0;
  if (size == 0)
    return;
  elements = gst_p2p_hls_core_get_elements (self);
  EMIT (elements, "piece-bytes-loaded", method, size,
      g_get_real_time () / 1000);
}

static void
gst_p2p_hls_core_publish (GstP2pHlsCore * self)
{
  guint64 served[P2P_N_SOURCES] = { 0 };
  GstStructure *lists = NULL;
  P2pStats stats;

  p2p_session_get_stats (self->session, &stats);
  gst_p2p_hls_served_count (self->served, served);
  if (self->host)
    stats.host_fetched = gst_p2p_hls_host_get_bytes (self->host);
  if (self->lists_stale)
    lists = gst_p2p_hls_report_list (self->session);
  self->lists_stale = FALSE;
  self->owner->publish (self, &stats, served, lists, self->owner_data);
}

static void
gst_p2p_hls_core_on_tick (gpointer user_data)
{
  GstP2pHlsCore *self = user_data;

  self->tick = 0;
  gst_p2p_hls_core_publish (self);
  gst_p2p_hls_core_tell_pieces (self, P2P_SOURCE_HTTP, "http");
  gst_p2p_hls_core_tell_pieces (self, P2P_SOURCE_P2P, "p2p");
}

static void
gst_p2p_hls_core_want_tick (GstP2pHlsCore * self)
{
  P2pClock *clock = p2p_engine_get_clock (self->engine);

  if (self->tick == 0)
    self->tick = p2p_clock_call_at (clock, p2p_clock_get_time (clock) + TICK,
        gst_p2p_hls_core_on_tick, self);
}

static void
gst_p2p_hls_core_lists_changed (GstP2pHlsCore * self)
{
  self->lists_stale = TRUE;
  gst_p2p_hls_core_want_tick (self);
}

static void
gst_p2p_hls_core_on_list_tick (gpointer user_data)
{
  GstP2pHlsCore *self = user_data;
  P2pClock *clock = p2p_engine_get_clock (self->engine);

  self->list_tick = p2p_clock_call_at (clock,
      p2p_clock_get_time (clock) + LIST_TICK, gst_p2p_hls_core_on_list_tick,
      self);
  gst_p2p_hls_core_lists_changed (self);
}

static void
gst_p2p_hls_core_segment_loaded (P2pSession * session, P2pSegment * segment,
    gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);
  g_autoptr (GstStructure) structure = NULL;

  /* Its data in one piece is made only for those who listen. */
  if (!gst_p2p_hls_core_has_handler (elements, "segment-loaded"))
    return;
  structure = gst_p2p_hls_signals_describe_segment (segment);
  EMIT (elements, "segment-loaded", structure);
}

static void
gst_p2p_hls_core_segment_error (P2pSession * session, const char *url,
    const GError * error, gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);

  EMIT (elements, "segment-error", url, error);
}

static void
gst_p2p_hls_core_segment_abort (P2pSession * session, const char *url,
    gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);

  EMIT (elements, "segment-abort", url);
}

static void
gst_p2p_hls_core_peer_connect (P2pSession * session, P2pPeer * peer,
    gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);
  g_autoptr (GstStructure) structure = gst_p2p_hls_signals_describe_peer (peer);

  gst_p2p_hls_core_lists_changed (user_data);
  EMIT (elements, "peer-connect", structure);
}

static void
gst_p2p_hls_core_peer_close (P2pSession * session, const char *id,
    gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);

  gst_p2p_hls_core_lists_changed (user_data);
  EMIT (elements, "peer-close", id);
}

static void
gst_p2p_hls_core_piece_bytes_loaded (P2pSession * session, P2pSource source,
    gsize size, gpointer user_data)
{
  GstP2pHlsCore *self = user_data;

  self->pieces[source] += size;
  gst_p2p_hls_core_want_tick (self);
}

static char *
gst_p2p_hls_core_generate_segment_id (P2pSession * session, const char *url,
    gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);
  char *id = NULL;

  for (guint i = 0; i < elements->len && id == NULL; i++) {
    GstElement *element = g_ptr_array_index (elements, i);

    if (gst_p2p_hls_signals_has_handler (element, "generate-segment-id"))
      g_signal_emit_by_name (element, "generate-segment-id", url, &id);
  }
  return id;
}

static gboolean
gst_p2p_hls_core_validate (P2pSession * session, P2pCheck * check,
    gpointer user_data)
{
  GstP2pHlsCore *self = user_data;
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (self);

  if (!gst_p2p_hls_core_has_handler (elements, "validate-segment"))
    return FALSE;
  if (check)
    gst_p2p_hls_validator_ask (self->validator, elements, check);
  return TRUE;
}

static void
gst_p2p_hls_core_announced (P2pSession * session, const char *tracker,
    const char *peer_id, guint n_peers, gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);

  gst_p2p_hls_core_lists_changed (user_data);
  EMIT (elements, "announced", tracker, peer_id, n_peers);
}

static void
gst_p2p_hls_core_tracker_warning (P2pSession * session, const char *tracker,
    const char *text, gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);

  gst_p2p_hls_core_lists_changed (user_data);
  EMIT (elements, "tracker-warning", tracker, text);
}

static void
gst_p2p_hls_core_tracker_error (P2pSession * session, const char *tracker,
    const GError * error, gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);

  gst_p2p_hls_core_lists_changed (user_data);
  EMIT (elements, "tracker-error", tracker, error);
}

static void
gst_p2p_hls_core_stats_changed (P2pSession * session, gpointer user_data)
{
  gst_p2p_hls_core_want_tick (user_data);
}

/* --- where the player is --- */

typedef struct
{
  GstP2pHlsCore *core;
  GPtrArray *elements;
  GstP2pHlsPosition position;
  gboolean known;
} Asking;

static void
gst_p2p_hls_core_asking_free (gpointer data)
{
  Asking *asking = data;

  gst_p2p_hls_core_unref (asking->core);
  g_free (asking);
}

static void
gst_p2p_hls_core_on_position (gpointer data)
{
  Asking *asking = data;
  GstP2pHlsCore *self = asking->core;

  self->positioning = FALSE;
  if (!asking->known || self->session == NULL)
    return;
  p2p_session_set_position (self->session, asking->position.time,
      asking->position.rate, asking->position.pauses);
  gst_p2p_hls_core_want_tick (self);
}

/* On a thread of GStreamer's, where it may take its time. */
static void
gst_p2p_hls_core_ask_position (GstElement * element, gpointer data)
{
  Asking *asking = data;

  asking->known = gst_p2p_hls_position_query (asking->elements,
      &asking->position);
  g_clear_pointer (&asking->elements, g_ptr_array_unref);
  gst_p2p_hls_core_call (asking->core, gst_p2p_hls_core_on_position, asking,
      gst_p2p_hls_core_asking_free);
}

static void
gst_p2p_hls_core_on_position_tick (gpointer user_data)
{
  GstP2pHlsCore *self = user_data;
  P2pClock *clock = p2p_engine_get_clock (self->engine);
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (self);

  self->position_tick = p2p_clock_call_at (clock,
      p2p_clock_get_time (clock) + POSITION_TICK,
      gst_p2p_hls_core_on_position_tick, self);
  if (!self->positioning && elements->len > 0) {
    Asking *asking = g_new0 (Asking, 1);

    self->positioning = TRUE;
    asking->core = gst_p2p_hls_core_ref (self);
    asking->elements = g_ptr_array_ref (elements);
    gst_element_call_async (g_ptr_array_index (elements, 0),
        gst_p2p_hls_core_ask_position, asking, NULL);
  }
}

static const P2pSessionEvents session_events = {
  gst_p2p_hls_core_segment_loaded,
  gst_p2p_hls_core_segment_error,
  gst_p2p_hls_core_segment_abort,
  gst_p2p_hls_core_peer_connect,
  gst_p2p_hls_core_peer_close,
  gst_p2p_hls_core_piece_bytes_loaded,
  gst_p2p_hls_core_generate_segment_id,
  gst_p2p_hls_core_announced,
  gst_p2p_hls_core_tracker_warning,
  gst_p2p_hls_core_tracker_error,
  gst_p2p_hls_core_stats_changed,
  gst_p2p_hls_core_validate,
};

/* --- life --- */

static void
gst_p2p_hls_core_log (const char *line, gpointer user_data)
{
  GST_CAT_TRACE (http_debug, "%s", line);
}

static void
gst_p2p_hls_core_find_peers (GstP2pHlsCore * self)
{
  g_autofree char *browser = g_strdup_printf ("GStreamer/%u.%u.%u",
      GST_VERSION_MAJOR, GST_VERSION_MINOR, GST_VERSION_MICRO);
  P2pEnginePeers peers;
  g_autoptr (GError) error = NULL;

  p2p_engine_settings_get_peers (&self->settings.session, &peers);
  peers.browser = browser;
  if (!p2p_engine_peers_set_up (self->engine, self->session, &peers, &error)) {
    GST_WARNING ("no peers: %s", error->message);
    for (const char *const *url = peers.trackers; *url; url++)
      gst_p2p_hls_core_tracker_error (self->session, *url, error, self);
  }
  gst_p2p_hls_core_lists_changed (self);
}

/* --- the host's engine --- */

/* With a host it is that which loads ahead and keeps what is loaded. */
static void
gst_p2p_hls_core_apply (GstP2pHlsCore * self, gboolean hosted)
{
  P2pSettings settings = self->settings.session.loader;

  if (hosted) {
    settings.required_segments_count = settings.buffer_segments_count = 1;
    settings.max_cache_segments_count =
        MIN (settings.max_cache_segments_count, HOSTED_CACHE);
  }
  self->hosted = hosted;
  p2p_session_set_settings (self->session, &settings);
}

static void
gst_p2p_hls_core_host_absent (gpointer user_data)
{
  GstP2pHlsCore *self = user_data;

  self->alone = TRUE;
  if (self->asked)
    gst_p2p_hls_core_find_peers (self);
}

static void
gst_p2p_hls_core_host_changed (gboolean there, gpointer user_data)
{
  gst_p2p_hls_core_apply (user_data, there);
}

/* It is the user's to mend, and nothing else would say so. */
static void
gst_p2p_hls_core_host_refused (const char *address, const GError * error,
    gpointer user_data)
{
  g_autoptr (GPtrArray) elements = gst_p2p_hls_core_get_elements (user_data);

  if (elements->len > 0)
    GST_ELEMENT_WARNING (g_ptr_array_index (elements, 0), RESOURCE, SETTINGS,
        (_("The engine %s is not used, all comes over HTTP: %s."), address,
            error->message), (NULL));
}

static const GstP2pHlsHostEvents host_events = {
  gst_p2p_hls_core_host_absent,
  gst_p2p_hls_core_host_changed,
  gst_p2p_hls_core_host_refused,
};

/* Returns: (transfer full): what the session fetches with */
static P2pFetcher *
gst_p2p_hls_core_look_for_host (GstP2pHlsCore * self, P2pFetcher * fetcher)
{
  self->alone = g_strcmp0 (self->settings.engine, "own") == 0;
  if (self->alone)
    return g_object_ref (fetcher);
  self->host = gst_p2p_hls_host_new (self->engine, &host_events, self);
  return gst_p2p_hls_host_make_fetcher (self->host, fetcher);
}

/* Who comes later may still name another engine, until there is a stream. */
static void
gst_p2p_hls_core_decide (GstP2pHlsCore * self)
{
  const char *engine = self->settings.engine;

  if (self->alone || !self->streaming)
    return;
  if (g_strcmp0 (engine, "own") == 0)
    gst_p2p_hls_core_host_absent (self);
  else if (self->asked || gst_p2p_hls_settings_names_engine (&self->settings))
    gst_p2p_hls_host_start (self->host, &self->settings);
}

void
gst_p2p_hls_core_add_stream (GstP2pHlsCore * self, const char *uri,
    gboolean came)
{
  self->streaming = TRUE;
  gst_p2p_hls_core_decide (self);
  if (self->host && uri)
    gst_p2p_hls_host_add (self->host, uri, came);
}

static void
gst_p2p_hls_core_do_ask (gpointer user_data)
{
  GstP2pHlsCore *self = user_data;

  self->asked = TRUE;
  if (self->alone)
    gst_p2p_hls_core_find_peers (self);
  else
    gst_p2p_hls_core_decide (self);
  gst_p2p_hls_core_on_list_tick (self);
  gst_p2p_hls_core_on_position_tick (self);
}

typedef struct
{
  GstP2pHlsCore *core;
  GstP2pHlsSettings settings;
} SettingsCall;

static void
gst_p2p_hls_core_do_settings (gpointer user_data)
{
  SettingsCall *call = user_data;
  GstP2pHlsCore *self = call->core;
  GstP2pHlsSettings before = self->settings;

  /* The call frees what was. */
  self->settings = call->settings;
  call->settings = before;
  gst_p2p_hls_core_apply (self, self->hosted);
  if (self->asked && self->alone
      && !p2p_engine_settings_find_alike (&before.session,
          &self->settings.session))
    gst_p2p_hls_core_find_peers (self);
}

static void
gst_p2p_hls_core_settings_call_free (gpointer user_data)
{
  SettingsCall *call = user_data;

  gst_p2p_hls_settings_clear (&call->settings);
  g_free (call);
}

static void
gst_p2p_hls_core_begin (gpointer user_data)
{
  GstP2pHlsCore *self = user_data;
  P2pClock *clock = p2p_engine_get_clock (self->engine);
  /* Each session has its own connections, cookies and logins. */
  g_autoptr (P2pSoupFetcher) fetcher = p2p_soup_fetcher_new (clock,
      p2p_engine_get_context (self->engine));
  g_autoptr (P2pFetcher) both = gst_p2p_hls_core_look_for_host (self,
      P2P_FETCHER (fetcher));

  if (gst_debug_category_get_threshold (http_debug) >= GST_LEVEL_TRACE)
    p2p_soup_fetcher_set_log (fetcher, gst_p2p_hls_core_log, NULL);
  g_set_weak_pointer (&self->fetcher, fetcher);
  self->session = p2p_session_new (clock,
      g_rand_new_with_seed (g_random_int ()), both,
      &self->settings.session.loader, self->options, &session_events, self);
  self->served = gst_p2p_hls_served_new (self->engine, self->session);
}

static void
gst_p2p_hls_core_finish (gpointer user_data)
{
  GstP2pHlsCore *self = user_data;
  P2pClock *clock = p2p_engine_get_clock (self->engine);

  p2p_session_destroy (self->session);
  p2p_clock_cancel (clock, &self->tick);
  p2p_clock_cancel (clock, &self->list_tick);
  p2p_clock_cancel (clock, &self->position_tick);
  self->lists_stale = TRUE;
  gst_p2p_hls_core_publish (self);
  g_clear_pointer (&self->served, gst_p2p_hls_served_free);
  g_clear_pointer (&self->host, gst_p2p_hls_host_free);
  g_clear_object (&self->session);
  g_clear_weak_pointer (&self->fetcher);
  g_clear_object (&self->owner_data);
}

GstP2pHlsCore *
gst_p2p_hls_core_new (const GstP2pHlsSettings * settings,
    P2pHttpOptions * options, const GstP2pHlsCoreOwner * owner,
    GObject * owner_data)
{
  GstP2pHlsCore *self = g_new0 (GstP2pHlsCore, 1);
  static gsize once = 0;

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (http_debug, "p2phls-http", 0, "HTTP of p2phls");
    g_once_init_leave (&once, 1);
  }
  g_atomic_ref_count_init (&self->refs);
  self->engine = p2p_engine_acquire ();
  gst_p2p_hls_settings_copy (settings, &self->settings);
  self->options = p2p_http_options_ref (options);
  self->validator = gst_p2p_hls_validator_new ();
  self->owner = owner;
  self->owner_data = g_object_ref (owner_data);
  gst_p2p_hls_core_call (self, gst_p2p_hls_core_begin, self, NULL);
  return self;
}

GstP2pHlsCore *
gst_p2p_hls_core_ref (GstP2pHlsCore * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
gst_p2p_hls_core_unref (GstP2pHlsCore * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  gst_p2p_hls_validator_unref (self->validator);
  p2p_http_options_unref (self->options);
  gst_p2p_hls_settings_clear (&self->settings);
  p2p_engine_release (self->engine);
  g_free (self);
}

void
gst_p2p_hls_core_set_settings (GstP2pHlsCore * self,
    const GstP2pHlsSettings * settings)
{
  SettingsCall *call = g_new (SettingsCall, 1);

  call->core = self;
  gst_p2p_hls_settings_copy (settings, &call->settings);
  gst_p2p_hls_core_call (self, gst_p2p_hls_core_do_settings, call,
      gst_p2p_hls_core_settings_call_free);
}

void
gst_p2p_hls_core_ask (GstP2pHlsCore * self)
{
  gst_p2p_hls_core_call (self, gst_p2p_hls_core_do_ask, self, NULL);
}

void
gst_p2p_hls_core_end (GstP2pHlsCore * self)
{
  g_atomic_int_set (&self->ended, TRUE);
  gst_p2p_hls_validator_end (self->validator);
  gst_p2p_hls_core_call (self, gst_p2p_hls_core_finish, self, NULL);
}

typedef struct
{
  GstP2pHlsCore *core;
  void (*func) (gpointer);
  gpointer data;
  GDestroyNotify notify;
} CoreCall;

static void
gst_p2p_hls_core_on_call (gpointer user_data)
{
  CoreCall *call = user_data;

  call->func (call->data);
}

static void
gst_p2p_hls_core_call_free (gpointer user_data)
{
  CoreCall *call = user_data;

  if (call->notify)
    call->notify (call->data);
  gst_p2p_hls_core_unref (call->core);
  g_free (call);
}

void
gst_p2p_hls_core_call (GstP2pHlsCore * self, void (*func) (gpointer),
    gpointer data, GDestroyNotify notify)
{
  CoreCall *call = g_new (CoreCall, 1);

  call->core = gst_p2p_hls_core_ref (self);
  call->func = func;
  call->data = data;
  call->notify = notify;
  p2p_engine_call (self->engine, gst_p2p_hls_core_on_call, call,
      gst_p2p_hls_core_call_free);
}
