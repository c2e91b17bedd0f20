/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlssession.h"

#include "gstp2phlsoptions.h"
#include "gstp2phlsreport.h"
#include "gstp2phlsuser.h"

#include "p2puri.h"

/* Playlists of which the names are remembered, for those who come without a
 * context; the oldest goes first. */
#define MAX_PLAYLISTS 64

/* An element that takes part; known by its address, so that none meets its last
 * reference under the lock. */
typedef struct
{
  GWeakRef weak;
  gpointer address;
} Attached;

struct _GstP2pHlsSession
{
  GObject parent;

  GMutex lock;
  /* Under the lock: */
  GPtrArray *elements;          /* of Attached */
  GstP2pHlsCore *core;          /* while any is */
  GstP2pHlsSettings settings;
  guint64 ruled;                /* mask of those that a tracker set */
  P2pHttpOptions *options;
  GQueue playlists;             /* of P2pPlaylist, newest first */
  P2pStats stats;               /* as last published */
  GstStructure *lists;          /* the same; NULL: none yet */
  guint64 handed[P2P_N_SOURCES];        /* bytes that left pads */
  guint64 served[P2P_N_SOURCES];        /* and the gateway, as last published */
  gboolean asked;
  gboolean destroyed;
};

G_DEFINE_TYPE (GstP2pHlsSession, gst_p2p_hls_session, G_TYPE_OBJECT);

static void
gst_p2p_hls_session_attached_free (gpointer data)
{
  Attached *attached = data;

  g_weak_ref_clear (&attached->weak);
  g_free (attached);
}

static void
gst_p2p_hls_session_finalize (GObject * object)
{
  GstP2pHlsSession *self = GST_P2P_HLS_SESSION (object);

  g_ptr_array_unref (self->elements);
  g_queue_clear_full (&self->playlists, (GDestroyNotify) p2p_playlist_unref);
  gst_p2p_hls_settings_clear (&self->settings);
  p2p_http_options_unref (self->options);
  g_clear_pointer (&self->lists, gst_structure_free);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (gst_p2p_hls_session_parent_class)->finalize (object);
}

static void
gst_p2p_hls_session_class_init (GstP2pHlsSessionClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = gst_p2p_hls_session_finalize;
}

static void
gst_p2p_hls_session_init (GstP2pHlsSession * self)
{
  g_mutex_init (&self->lock);
  self->elements =
      g_ptr_array_new_with_free_func (gst_p2p_hls_session_attached_free);
  gst_p2p_hls_settings_init (&self->settings);
  gst_p2p_hls_user_read (&self->settings);
  self->options = p2p_http_options_new ();
  g_queue_init (&self->playlists);
}

GstP2pHlsSession *
gst_p2p_hls_session_new (void)
{
  return g_object_new (GST_TYPE_P2P_HLS_SESSION, NULL);
}

/* --- what the core asks and tells --- */

static GPtrArray *
gst_p2p_hls_session_get_elements (gpointer owner)
{
  GstP2pHlsSession *self = owner;
  GPtrArray *elements = g_ptr_array_new_with_free_func (gst_object_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; !self->destroyed && i < self->elements->len; i++) {
    Attached *attached = g_ptr_array_index (self->elements, i);
    gpointer element = g_weak_ref_get (&attached->weak);

    if (element)
      g_ptr_array_add (elements, element);
  }
  g_mutex_unlock (&self->lock);
  return elements;
}

static void
gst_p2p_hls_session_publish (GstP2pHlsCore * core, const P2pStats * stats,
    const guint64 served[P2P_N_SOURCES], GstStructure * lists, gpointer owner)
{
  GstP2pHlsSession *self = owner;

  g_mutex_lock (&self->lock);
  /* The last words of one that ended are kept until there is another. */
  if (self->core == NULL || self->core == core) {
    self->stats = *stats;
    memcpy (self->served, served, sizeof self->served);
    if (lists) {
      g_clear_pointer (&self->lists, gst_structure_free);
      self->lists = g_steal_pointer (&lists);
    }
  }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&lists, gst_structure_free);
}

static const GstP2pHlsCoreOwner core_owner = {
  gst_p2p_hls_session_get_elements,
  gst_p2p_hls_session_publish,
};

/* --- attaching --- */

/* Under the lock. */
static void
gst_p2p_hls_session_forget (GstP2pHlsSession * self, GstElement * element)
{
  for (guint i = self->elements->len; i > 0; i--) {
    Attached *attached = g_ptr_array_index (self->elements, i - 1);

    if (attached->address == element)
      g_ptr_array_remove_index (self->elements, i - 1);
  }
}

void
gst_p2p_hls_session_attach (GstP2pHlsSession * self, GstElement * element)
{
  Attached *attached = g_new0 (Attached, 1);

  g_weak_ref_init (&attached->weak, element);
  attached->address = element;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->elements, attached);
  if (self->core == NULL) {
    self->destroyed = FALSE;
    memset (&self->stats, 0, sizeof self->stats);
    memset (self->handed, 0, sizeof self->handed);
    memset (self->served, 0, sizeof self->served);
    g_clear_pointer (&self->lists, gst_structure_free);
    self->core = gst_p2p_hls_core_new (&self->settings, self->options,
        &core_owner, G_OBJECT (self));
    if (self->asked)
      gst_p2p_hls_core_ask (self->core);
  }
  g_mutex_unlock (&self->lock);
}

void
gst_p2p_hls_session_detach (GstP2pHlsSession * self, GstElement * element)
{
  GstP2pHlsCore *core = NULL;
  GQueue playlists = G_QUEUE_INIT;

  g_mutex_lock (&self->lock);
  gst_p2p_hls_session_forget (self, element);
  if (self->elements->len == 0) {
    core = g_steal_pointer (&self->core);
    playlists = self->playlists;
    g_queue_init (&self->playlists);
  }
  g_mutex_unlock (&self->lock);

  g_queue_clear_full (&playlists, (GDestroyNotify) p2p_playlist_unref);
  if (core) {
    gst_p2p_hls_core_end (core);
    gst_p2p_hls_core_unref (core);
  }
}

/* --- what was set --- */

typedef struct
{
  GstP2pHlsCore *core;
  P2pHttpOptions *options;
  GPtrArray *segments;
  char *swarm_id;
  char *emit_now_url;
  P2pPlaylist *playlist;
  GstP2pHlsLocal *local;
  char *uri;
  char **cookies;
  gboolean came;
} Job;

static void
gst_p2p_hls_session_job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->options, p2p_http_options_unref);
  g_clear_pointer (&job->segments, g_ptr_array_unref);
  g_clear_pointer (&job->playlist, p2p_playlist_unref);
  g_clear_pointer (&job->local, gst_p2p_hls_local_unref);
  g_free (job->uri);
  g_strfreev (job->cookies);
  g_free (job->swarm_id);
  g_free (job->emit_now_url);
  gst_p2p_hls_core_unref (job->core);
  g_free (job);
}

/* Under the lock: so that jobs come to the engine in the order in which the
 * session changed. Returns: (nullable): NULL if nobody is attached. */
static Job *
gst_p2p_hls_session_job_new (GstP2pHlsSession * self)
{
  Job *job;

  if (self->core == NULL)
    return NULL;
  job = g_new0 (Job, 1);
  job->core = gst_p2p_hls_core_ref (self->core);
  return job;
}

static void
gst_p2p_hls_session_job_run (Job * job, void (*func) (gpointer))
{
  gst_p2p_hls_core_call (job->core, func, job, gst_p2p_hls_session_job_free);
}

/* Under the lock. */
static void
gst_p2p_hls_session_set (GstP2pHlsSession * self,
    const GstP2pHlsSettings * settings, guint64 mask)
{
  gst_p2p_hls_settings_merge (&self->settings, settings, mask);
  if (self->core)
    gst_p2p_hls_core_set_settings (self->core, &self->settings);
}

void
gst_p2p_hls_session_merge_settings (GstP2pHlsSession * self,
    const GstP2pHlsSettings * settings, guint64 mask)
{
  g_mutex_lock (&self->lock);
  mask &= ~self->ruled;
  if (mask)
    gst_p2p_hls_session_set (self, settings, mask);
  g_mutex_unlock (&self->lock);
}

void
gst_p2p_hls_session_rule (GstP2pHlsSession * self,
    const GstP2pHlsSettings * settings, guint64 mask)
{
  g_mutex_lock (&self->lock);
  self->ruled |= mask;
  if (mask)
    gst_p2p_hls_session_set (self, settings, mask);
  g_mutex_unlock (&self->lock);
}

static void
gst_p2p_hls_session_do_options (gpointer data)
{
  Job *job = data;

  p2p_session_set_options (job->core->session, job->options);
}

void
gst_p2p_hls_session_merge_options (GstP2pHlsSession * self,
    const P2pHttpOptions * options, guint64 mask)
{
  P2pHttpOptions *merged;
  Job *job;

  mask = gst_p2p_hls_options_get_shared (mask);
  if (mask == 0)
    return;
  g_mutex_lock (&self->lock);
  merged = p2p_http_options_copy (self->options);
  gst_p2p_hls_options_merge (merged, options, mask);
  if (gst_p2p_hls_options_has_secrets (mask)) {
    g_free (merged->origin);
    merged->origin = g_strdup (options->origin);
  }
  p2p_http_options_unref (self->options);
  self->options = merged;
  job = gst_p2p_hls_session_job_new (self);
  if (job) {
    job->options = p2p_http_options_ref (merged);
    gst_p2p_hls_session_job_run (job, gst_p2p_hls_session_do_options);
  }
  g_mutex_unlock (&self->lock);
}

static void
gst_p2p_hls_session_do_cookies (gpointer data)
{
  Job *job = data;

  for (guint i = 0; job->core->fetcher && job->cookies[i]; i++)
    p2p_soup_fetcher_add_cookie (job->core->fetcher, job->uri, job->cookies[i]);
}

void
gst_p2p_hls_session_add_cookies (GstP2pHlsSession * self, const char *uri,
    const char *const *set_cookies)
{
  Job *job;

  g_mutex_lock (&self->lock);
  job = gst_p2p_hls_session_job_new (self);
  if (job) {
    job->uri = g_strdup (uri);
    job->cookies = g_strdupv ((char **) set_cookies);
    gst_p2p_hls_session_job_run (job, gst_p2p_hls_session_do_cookies);
  }
  g_mutex_unlock (&self->lock);
}

P2pHttpOptions *
gst_p2p_hls_session_get_options (GstP2pHlsSession * self)
{
  P2pHttpOptions *options;

  g_mutex_lock (&self->lock);
  options = p2p_http_options_ref (self->options);
  g_mutex_unlock (&self->lock);
  return options;
}

void
gst_p2p_hls_session_ask (GstP2pHlsSession * self)
{
  g_mutex_lock (&self->lock);
  if (!self->asked && self->core)
    gst_p2p_hls_core_ask (self->core);
  self->asked = TRUE;
  g_mutex_unlock (&self->lock);
}

gboolean
gst_p2p_hls_session_is_asked (GstP2pHlsSession * self)
{
  gboolean asked;

  g_mutex_lock (&self->lock);
  asked = self->asked;
  g_mutex_unlock (&self->lock);
  return asked;
}

/* --- what is told --- */

GstStructure *
gst_p2p_hls_session_get_settings (GstP2pHlsSession * self)
{
  GstStructure *structure;

  g_mutex_lock (&self->lock);
  structure = gst_p2p_hls_settings_to_structure (&self->settings);
  g_mutex_unlock (&self->lock);
  return structure;
}

GstStructure *
gst_p2p_hls_session_get_stats (GstP2pHlsSession * self)
{
  guint64 handed[P2P_N_SOURCES];
  GstStructure *structure;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < P2P_N_SOURCES; i++)
    handed[i] = self->handed[i] + self->served[i];
  structure = gst_p2p_hls_report_new (&self->stats, handed, self->asked,
      self->lists);
  g_mutex_unlock (&self->lock);
  return structure;
}

void
gst_p2p_hls_session_count (GstP2pHlsSession * self, P2pSource source,
    gsize size)
{
  g_mutex_lock (&self->lock);
  self->handed[source] += size;
  g_mutex_unlock (&self->lock);
}

/* --- playlists --- */

static void
gst_p2p_hls_session_do_stream (gpointer data)
{
  Job *job = data;

  gst_p2p_hls_core_add_stream (job->core, job->uri, job->came);
}

void
gst_p2p_hls_session_add_stream (GstP2pHlsSession * self, const char *uri,
    gboolean came)
{
  Job *job;

  g_mutex_lock (&self->lock);
  job = gst_p2p_hls_session_job_new (self);
  if (job) {
    job->uri = g_strdup (uri);
    job->came = came;
    gst_p2p_hls_session_job_run (job, gst_p2p_hls_session_do_stream);
  }
  g_mutex_unlock (&self->lock);
}

static void
gst_p2p_hls_session_do_playlist (gpointer data)
{
  Job *job = data;

  gst_p2p_hls_core_add_stream (job->core, NULL, FALSE);
  p2p_session_add_playlist (job->core->session, job->playlist);
}

/* Under the lock. */
static void
gst_p2p_hls_session_remember (GstP2pHlsSession * self, P2pPlaylist * playlist)
{
  for (GList * l = self->playlists.head; l; l = l->next) {
    P2pPlaylist *old = l->data;

    if (g_str_equal (old->uri, playlist->uri)) {
      g_queue_delete_link (&self->playlists, l);
      p2p_playlist_unref (old);
      break;
    }
  }
  g_queue_push_head (&self->playlists, p2p_playlist_ref (playlist));
  if (self->playlists.length > MAX_PLAYLISTS)
    p2p_playlist_unref (g_queue_pop_tail (&self->playlists));
}

void
gst_p2p_hls_session_add_playlist (GstP2pHlsSession * self,
    P2pPlaylist * playlist)
{
  Job *job;

  g_mutex_lock (&self->lock);
  job = gst_p2p_hls_session_job_new (self);
  if (job) {
    gst_p2p_hls_session_remember (self, playlist);
    job->playlist = p2p_playlist_ref (playlist);
    gst_p2p_hls_session_job_run (job, gst_p2p_hls_session_do_playlist);
  }
  g_mutex_unlock (&self->lock);
}

gboolean
gst_p2p_hls_session_knows (GstP2pHlsSession * self, const char *uri)
{
  g_autofree char *http = p2p_uri_to_http (uri);
  gboolean known = FALSE;

  g_mutex_lock (&self->lock);
  for (GList * l = self->playlists.head; l && !known; l = l->next)
    known = p2p_playlist_names (l->data, http);
  g_mutex_unlock (&self->lock);
  return known;
}

/* --- the gateway --- */

static void
gst_p2p_hls_session_do_serve (gpointer data)
{
  Job *job = data;

  if (job->core->served)
    gst_p2p_hls_served_find (job->core->served, job->uri, job->local);
  else
    gst_p2p_hls_local_set (job->local, NULL, NULL);
}

void
gst_p2p_hls_session_serve (GstP2pHlsSession * self, const char *uri,
    GstP2pHlsLocal * local)
{
  Job *job;

  g_mutex_lock (&self->lock);
  job = gst_p2p_hls_session_job_new (self);
  if (job) {
    job->local = gst_p2p_hls_local_ref (local);
    job->uri = g_strdup (uri);
    gst_p2p_hls_session_job_run (job, gst_p2p_hls_session_do_serve);
  } else {
    gst_p2p_hls_local_set (local, NULL, NULL);
  }
  g_mutex_unlock (&self->lock);
}

/* --- loading --- */

static void
gst_p2p_hls_session_do_load (gpointer data)
{
  Job *job = data;

  gst_p2p_hls_core_add_stream (job->core, NULL, FALSE);
  p2p_session_load (job->core->session, job->segments, job->swarm_id,
      job->emit_now_url);
}

void
gst_p2p_hls_session_load (GstP2pHlsSession * self, GPtrArray * segments,
    const char *swarm_id, const char *emit_now_url)
{
  Job *job;

  g_mutex_lock (&self->lock);
  job = gst_p2p_hls_session_job_new (self);
  if (job) {
    job->segments = g_ptr_array_ref (segments);
    job->swarm_id = g_strdup (swarm_id);
    job->emit_now_url = g_strdup (emit_now_url);
    gst_p2p_hls_session_job_run (job, gst_p2p_hls_session_do_load);
  }
  g_mutex_unlock (&self->lock);
  g_ptr_array_unref (segments);
}

static void
gst_p2p_hls_session_do_destroy (gpointer data)
{
  Job *job = data;

  p2p_session_destroy (job->core->session);
}

void
gst_p2p_hls_session_destroy (GstP2pHlsSession * self)
{
  Job *job;

  g_mutex_lock (&self->lock);
  job = gst_p2p_hls_session_job_new (self);
  if (job) {
    self->destroyed = TRUE;
    self->stats.cached_segments = self->stats.queued_segments = 0;
    self->stats.cached_bytes = 0;
    self->stats.peers = self->stats.streams = 0;
    self->stats.buffered = 0;
    g_clear_pointer (&self->lists, gst_structure_free);
    gst_p2p_hls_session_job_run (job, gst_p2p_hls_session_do_destroy);
  }
  g_mutex_unlock (&self->lock);
}

GstP2pHlsRequest *
gst_p2p_hls_session_open (GstP2pHlsSession * self, GstP2pHlsPipe * pipe,
    const char *method, const char *uri, gint64 start, gint64 stop,
    P2pHttpOptions * options)
{
  GstP2pHlsCore *core;
  GstP2pHlsRequest *request;

  g_mutex_lock (&self->lock);
  core = gst_p2p_hls_core_ref (self->core);
  g_mutex_unlock (&self->lock);
  request = gst_p2p_hls_request_open (core, pipe, method, uri, start, stop,
      options);
  gst_p2p_hls_core_unref (core);
  return request;
}
