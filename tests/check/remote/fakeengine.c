/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakeengine.h"

FakeEngine fake_engine;

static void
fake_torrent_free (gpointer data)
{
  FakeTorrent *self = data;

  g_free (self->url);
  p2p_json_unref (self->options);
  g_clear_pointer (&self->server_options, p2p_json_unref);
  g_ptr_array_unref (self->hosts);
  g_free (self);
}

void
fake_engine_reset (void)
{
  g_clear_pointer (&fake_engine.torrents, g_ptr_array_unref);
  g_clear_pointer (&fake_engine.options, p2p_json_unref);
  fake_engine = (FakeEngine) {
  0};
  fake_engine.torrents = g_ptr_array_new_with_free_func (fake_torrent_free);
}

FakeTorrent *
fake_engine_get (guint index)
{
  g_assert_cmpuint (index, <, fake_engine.torrents->len);
  return g_ptr_array_index (fake_engine.torrents, index);
}

static gboolean
check (P2pJson * options, GError ** error)
{
  if (fake_engine.refuse)
    g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_OPTIONS, fake_engine.refuse);
  return !fake_engine.refuse;
}

static gpointer
engine_new (P2pJson * options, GMainContext * context,
    const P2pHlsRemoteEngineEvents * events, gpointer user_data,
    GError ** error)
{
  g_assert_false (fake_engine.running);
  g_assert_nonnull (context);
  fake_engine.running = TRUE;
  fake_engine.engines++;
  g_clear_pointer (&fake_engine.options, p2p_json_unref);
  fake_engine.options = p2p_json_ref (options);
  fake_engine.events = events;
  fake_engine.user_data = user_data;
  return &fake_engine;
}

static void
engine_free (gpointer engine)
{
  g_assert_true (fake_engine.running);
  g_assert_cmpuint (fake_engine.torrents->len, ==, 0);
  fake_engine.running = FALSE;
}

static gpointer
torrent_new (gpointer engine, const char *url, P2pJson * options,
    const P2pHlsRemoteTorrentEvents * events, gpointer user_data,
    GError ** error)
{
  FakeTorrent *self;

  g_assert_true (fake_engine.running);
  g_assert_nonnull (url);
  if (fake_engine.refuse) {
    g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_FAILED, fake_engine.refuse);
    return NULL;
  }
  self = g_new0 (FakeTorrent, 1);
  self->url = g_strdup (url);
  self->options = p2p_json_ref (options);
  self->events = events;
  self->user_data = user_data;
  self->hosts = g_ptr_array_new_with_free_func (g_free);
  p2p_hls_remote_progress_init (&self->progress);
  g_ptr_array_add (fake_engine.torrents, self);
  fake_engine.joined++;
  return self;
}

static void
torrent_free (gpointer torrent)
{
  g_assert_true (g_ptr_array_remove (fake_engine.torrents, torrent));
}

static void
get_progress (gpointer torrent, P2pHlsRemoteProgress * progress)
{
  *progress = ((FakeTorrent *) torrent)->progress;
}

static void
create_server (gpointer torrent, const char *host, P2pJson * options)
{
  FakeTorrent *self = torrent;

  g_ptr_array_add (self->hosts, g_strdup (host ? host : ""));
  g_clear_pointer (&self->server_options, p2p_json_unref);
  self->server_options = p2p_json_ref (options);
}

const P2pHlsRemoteEngineClass fake_engine_class = {
  check,
  engine_new,
  engine_free,
  torrent_new,
  torrent_free,
  get_progress,
  create_server,
};

void
fake_torrent_tell_metadata (FakeTorrent * self, gint64 length)
{
  P2pHlsRemoteInfo info;

  p2p_hls_remote_info_init (&info);
  info.length = length;
  info.live = length < 0;
  p2p_hls_remote_files_add (info.files, g_strdup ("video.m3u8"), length);
  self->events->metadata (&info, self->user_data);
  p2p_hls_remote_info_clear (&info);
}

void
fake_torrent_tell_server (FakeTorrent * self, const GError * error)
{
  g_autofree char *host = NULL;
  g_autofree char *url = NULL;
  g_autofree char *playlist = NULL;

  g_assert_cmpuint (self->hosts->len, >, 0);
  host = g_ptr_array_steal_index (self->hosts, 0);
  url = g_strdup_printf ("http://%s:9876/token/", *host ? host : "localhost");
  playlist = g_strconcat (url, "master.m3u8", NULL);
  self->events->server (*host ? host : NULL, error ? NULL : url,
      error ? NULL : playlist, error, self->user_data);
}
