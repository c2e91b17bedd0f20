/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pengineremote.h"

#include "p2penginetorrent.h"

#include <string.h>

/* Made and freed on the server's thread; shared lives on the engine's. */
typedef struct
{
  gatomicrefcount refs;
  P2pEngine *engine;
  GMainContext *context;        /* the server's */
  P2pEngineSettings settings;
  P2pEngineShared *shared;
} Remote;

typedef struct
{
  gatomicrefcount refs;
  Remote *remote;
  const P2pHlsRemoteTorrentEvents *events;
  gpointer user_data;
  gboolean freed;               /* on the server's thread: nobody listens */
  char *url;
  P2pEngineSettings settings;
  P2pEngineTorrent *torrent;    /* on the engine's */
  GMutex lock;
  P2pHlsRemoteProgress progress;        /* under the lock */
  gboolean posted[2];           /* under the lock: download, upload are on their
                                 * way */
} RemoteTorrent;

static Remote *
remote_ref (Remote * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
remote_unref (gpointer data)
{
  Remote *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  p2p_engine_settings_clear (&self->settings);
  g_main_context_unref (self->context);
  p2p_engine_release (self->engine);
  g_free (self);
}

static RemoteTorrent *
remote_torrent_ref (RemoteTorrent * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
remote_torrent_unref (gpointer data)
{
  RemoteTorrent *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  p2p_engine_settings_clear (&self->settings);
  g_mutex_clear (&self->lock);
  g_free (self->url);
  remote_unref (self->remote);
  g_free (self);
}

/* --- from the engine's thread to the server's --- */

typedef struct
{
  RemoteTorrent *torrent;
  void (*tell) (RemoteTorrent * torrent, gpointer data);
  gpointer data;
  GDestroyNotify notify;
} Event;

static gboolean
on_event (gpointer data)
{
  Event *event = data;

  if (!event->torrent->freed)
    event->tell (event->torrent, event->data);
  return G_SOURCE_REMOVE;
}

static void
event_free (gpointer data)
{
  Event *event = data;

  if (event->notify)
    event->notify (event->data);
  remote_torrent_unref (event->torrent);
  g_free (event);
}

static void
post (RemoteTorrent * self, void (*tell) (RemoteTorrent *, gpointer),
    gpointer data, GDestroyNotify notify)
{
  GSource *source = g_idle_source_new ();
  Event *event = g_new (Event, 1);

  event->torrent = remote_torrent_ref (self);
  event->tell = tell;
  event->data = data;
  event->notify = notify;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_event, event, event_free);
  g_source_attach (source, self->remote->context);
  g_source_unref (source);
}

static void
tell_metadata (RemoteTorrent * self, gpointer info)
{
  self->events->metadata (info, self->user_data);
}

static void
info_free (gpointer data)
{
  p2p_hls_remote_info_clear (data);
  g_free (data);
}

static void
on_metadata (const P2pHlsRemoteInfo * info, gpointer user_data)
{
  P2pHlsRemoteInfo *copy = g_new (P2pHlsRemoteInfo, 1);

  copy->name = g_strdup (info->name);
  copy->info_hash = g_strdup (info->info_hash);
  copy->length = info->length;
  copy->live = info->live;
  copy->files = g_ptr_array_ref (info->files);
  post (user_data, tell_metadata, copy, info_free);
}

static void
tell_bytes (RemoteTorrent * self, gpointer is_upload)
{
  gboolean upload = GPOINTER_TO_INT (is_upload);

  g_mutex_lock (&self->lock);
  self->posted[upload] = FALSE;
  g_mutex_unlock (&self->lock);
  if (upload)
    self->events->upload (self->user_data);
  else
    self->events->download (self->user_data);
}

/* A server that is slow to listen gets one of a kind, not all of them. */
static void
on_progress (const P2pHlsRemoteProgress * progress, gboolean downloaded,
    gboolean uploaded, gpointer user_data)
{
  RemoteTorrent *self = user_data;
  gboolean told[2] = { downloaded, uploaded };

  g_mutex_lock (&self->lock);
  self->progress = *progress;
  for (guint i = 0; i < 2; i++) {
    told[i] = told[i] && !self->posted[i];
    self->posted[i] |= told[i];
  }
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < 2; i++)
    if (told[i])
      post (self, tell_bytes, GINT_TO_POINTER (i), NULL);
}

static void
tell_done (RemoteTorrent * self, gpointer unused)
{
  self->events->done (self->user_data);
}

static void
on_done (gpointer user_data)
{
  post (user_data, tell_done, NULL, NULL);
}

static void
tell_warning (RemoteTorrent * self, gpointer error)
{
  self->events->warning (error, self->user_data);
}

static void
on_warning (const GError * error, gpointer user_data)
{
  post (user_data, tell_warning, g_error_copy (error),
      (GDestroyNotify) g_error_free);
}

static const P2pEngineTorrentEvents torrent_events = {
  on_metadata,
  on_progress,
  on_done,
  on_warning,
};

/* --- servers: to the engine's thread and back --- */

typedef struct
{
  RemoteTorrent *torrent;
  char *host;
  char *options;                /* as text: it goes to another thread */
  char *url, *playlist_url;
  GError *error;
} Serving;

static void
serving_free (gpointer data)
{
  Serving *serving = data;

  remote_torrent_unref (serving->torrent);
  g_free (serving->options);
  g_free (serving->host);
  g_free (serving->url);
  g_free (serving->playlist_url);
  g_clear_error (&serving->error);
  g_free (serving);
}

static void
tell_server (RemoteTorrent * self, gpointer data)
{
  Serving *serving = data;

  self->events->server (serving->host, serving->url, serving->playlist_url,
      serving->error, self->user_data);
}

static void
do_serve (gpointer data)
{
  Serving *serving = data;
  g_autoptr (P2pJson) options = p2p_json_parse (serving->options,
      strlen (serving->options), G_MAXSIZE);
  const char *playlist_url = NULL;

  serving->url = g_strdup (p2p_engine_torrent_serve (serving->torrent->torrent,
          serving->host, options, &playlist_url, &serving->error));
  serving->playlist_url = g_strdup (playlist_url);
  post (serving->torrent, tell_server, serving, serving_free);
}

static void
create_server (gpointer torrent, const char *host, P2pJson * options)
{
  RemoteTorrent *self = torrent;
  Serving *serving = g_new0 (Serving, 1);

  serving->torrent = remote_torrent_ref (self);
  serving->host = g_strdup (host);
  serving->options = p2p_json_to_text (options);
  p2p_engine_call (self->remote->engine, do_serve, serving, NULL);
}

/* --- torrents --- */

static void
do_begin_torrent (gpointer data)
{
  RemoteTorrent *self = data;

  self->torrent = p2p_engine_torrent_new (self->remote->shared, self->url,
      &self->settings, &torrent_events, self);
}

static gpointer
torrent_new (gpointer engine, const char *url, P2pJson * options,
    const P2pHlsRemoteTorrentEvents * events, gpointer user_data,
    GError ** error)
{
  Remote *remote = engine;
  P2pEngineSettings own;
  RemoteTorrent *self;

  p2p_engine_settings_copy (&remote->settings, &own);
  if (!p2p_engine_settings_read_torrent (&own, options, error)) {
    p2p_engine_settings_clear (&own);
    return NULL;
  }
  self = g_new0 (RemoteTorrent, 1);
  g_atomic_ref_count_init (&self->refs);
  self->remote = remote_ref (remote);
  self->events = events;
  self->user_data = user_data;
  self->url = g_strdup (url);
  self->settings = own;
  g_mutex_init (&self->lock);
  p2p_hls_remote_progress_init (&self->progress);
  p2p_engine_call (remote->engine, do_begin_torrent, self, NULL);
  return self;
}

static void
do_end_torrent (gpointer data)
{
  RemoteTorrent *self = data;

  g_clear_pointer (&self->torrent, p2p_engine_torrent_free);
}

static void
torrent_free (gpointer torrent)
{
  RemoteTorrent *self = torrent;

  self->freed = TRUE;
  p2p_engine_call (self->remote->engine, do_end_torrent, self,
      remote_torrent_unref);
}

static void
get_progress (gpointer torrent, P2pHlsRemoteProgress * progress)
{
  RemoteTorrent *self = torrent;

  g_mutex_lock (&self->lock);
  *progress = self->progress;
  g_mutex_unlock (&self->lock);
}

/* --- the engine --- */

static void
do_begin (gpointer data)
{
  Remote *self = data;

  self->shared = p2p_engine_shared_new (self->engine, &self->settings);
}

static gboolean
check (P2pJson * options, GError ** error)
{
  P2pEngineSettings own;
  gboolean good;

  p2p_engine_settings_init (&own);
  good = p2p_engine_settings_read (&own, options, error);
  p2p_engine_settings_clear (&own);
  return good;
}

static gpointer
engine_new (P2pJson * options, GMainContext * context,
    const P2pHlsRemoteEngineEvents * events, gpointer user_data,
    GError ** error)
{
  P2pEngineSettings own;
  Remote *self;

  p2p_engine_settings_init (&own);
  if (!p2p_engine_settings_read (&own, options, error)) {
    p2p_engine_settings_clear (&own);
    return NULL;
  }
  self = g_new0 (Remote, 1);
  g_atomic_ref_count_init (&self->refs);
  self->engine = p2p_engine_acquire ();
  self->context = g_main_context_ref (context);
  self->settings = own;
  p2p_engine_call (self->engine, do_begin, self, NULL);
  return self;
}

static void
do_end (gpointer data)
{
  Remote *self = data;

  g_clear_pointer (&self->shared, p2p_engine_shared_free);
}

static void
engine_free (gpointer engine)
{
  Remote *self = engine;

  p2p_engine_call (self->engine, do_end, self, remote_unref);
}

const P2pHlsRemoteEngineClass *
p2p_engine_remote_get_class (void)
{
  static const P2pHlsRemoteEngineClass klass = {
    check,
    engine_new,
    engine_free,
    torrent_new,
    torrent_free,
    get_progress,
    create_server,
  };

  return &klass;
}
