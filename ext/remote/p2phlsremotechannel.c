/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotechannel.h"

#include <json-glib/json-glib.h>

/* --- sending --- */

static P2pJson *
make_message (const char *type, const char *name, P2pJson * value)
{
  P2pJson *message = p2p_json_new ();

  p2p_json_set_string (message, "type", type);
  if (value)
    p2p_json_set_object (message, name, value);
  return message;
}

static void
p2p_hls_remote_channel_send (P2pHlsRemoteChannel * self, P2pJson * message)
{
  for (guint i = 0; i < self->handles->len; i++)
    self->owner->send (g_ptr_array_index (self->handles, i), message,
        self->owner_data);
}

static void
p2p_hls_remote_channel_write_info (P2pHlsRemoteChannel * self,
    const char *host, P2pJson * torrent)
{
  const P2pHlsRemoteUrls *urls = g_hash_table_lookup (self->servers,
      host ? host : "");

  p2p_hls_remote_info_write (&self->info, urls ? urls->url : NULL,
      urls ? urls->playlist_url : NULL, torrent);
}

void
p2p_hls_remote_channel_send_info (P2pHlsRemoteChannel * self, const char *type)
{
  for (guint i = 0; i < self->handles->len; i++) {
    P2pHlsRemoteHandle *handle = g_ptr_array_index (self->handles, i);
    g_autoptr (P2pJson) torrent = p2p_json_new ();
    g_autoptr (P2pJson) message = NULL;

    p2p_hls_remote_channel_write_info (self, handle->peer->host, torrent);
    message = make_message (type, "torrent", torrent);
    self->owner->send (handle, message, self->owner_data);
  }
}

static void
p2p_hls_remote_channel_write_progress (P2pHlsRemoteChannel * self,
    P2pJson * torrent)
{
  P2pHlsRemoteProgress progress;

  p2p_hls_remote_progress_init (&progress);
  self->klass->get_progress (self->torrent, &progress);
  p2p_hls_remote_progress_write (&progress, self->info.length, torrent);
}

void
p2p_hls_remote_channel_send_progress (P2pHlsRemoteChannel * self,
    const char *type)
{
  g_autoptr (P2pJson) torrent = p2p_json_new ();
  g_autoptr (P2pJson) message = NULL;

  p2p_hls_remote_channel_write_progress (self, torrent);
  message = make_message (type, "torrent", torrent);
  p2p_hls_remote_channel_send (self, message);
}

void
p2p_hls_remote_channel_write_sources (P2pHlsRemoteChannel * self,
    P2pJson * torrent)
{
  P2pHlsRemoteProgress progress;

  p2p_hls_remote_progress_init (&progress);
  self->klass->get_progress (self->torrent, &progress);
  p2p_json_set_int64 (torrent, "fromWeb",
      progress.downloaded - progress.from_peers);
  p2p_json_set_int64 (torrent, "fromPeers", progress.from_peers);
}

P2pJson *
p2p_hls_remote_channel_describe (P2pHlsRemoteChannel * self, const char *host)
{
  P2pJson *torrent = p2p_json_new ();

  p2p_hls_remote_channel_write_info (self, host, torrent);
  p2p_hls_remote_channel_write_progress (self, torrent);
  return torrent;
}

void
p2p_hls_remote_channel_send_opened (P2pHlsRemoteChannel * self,
    P2pHlsRemoteHandle * handle)
{
  g_autoptr (P2pJson) torrent =
      p2p_hls_remote_channel_describe (self, handle->peer->host);
  g_autoptr (P2pJson) message = make_message ("torrent-subscribed", "torrent",
      torrent);

  handle->adding = FALSE;
  self->owner->send (handle, message, self->owner_data);
}

static void
p2p_hls_remote_channel_send_server (P2pHlsRemoteChannel * self,
    P2pHlsRemoteHandle * handle, const P2pHlsRemoteUrls * urls)
{
  g_autoptr (P2pJson) message = make_message ("server-ready", NULL, NULL);

  p2p_json_set_string (message, "serverURL", urls->url);
  p2p_json_set_string (message, "playlistURL", urls->playlist_url);
  self->owner->send (handle, message, self->owner_data);
}

static void
p2p_hls_remote_channel_send_trouble (P2pHlsRemoteChannel * self,
    P2pHlsRemoteHandle * handle, const char *type, const GError * error)
{
  g_autoptr (P2pJson) written = p2p_hls_remote_error_write (error);
  g_autoptr (P2pJson) message = make_message (type, "error", written);

  if (handle)
    self->owner->send (handle, message, self->owner_data);
  else
    p2p_hls_remote_channel_send (self, message);
}

/* --- what the engine tells --- */

static void
p2p_hls_remote_channel_on_metadata (const P2pHlsRemoteInfo * info,
    gpointer user_data)
{
  P2pHlsRemoteChannel *self = user_data;

  if (info->name) {
    g_free (self->info.name);
    self->info.name = g_strdup (info->name);
  }
  if (info->info_hash) {
    g_free (self->info.info_hash);
    self->info.info_hash = g_strdup (info->info_hash);
  }
  self->info.length = info->length;
  self->info.live = info->live;
  g_ptr_array_unref (self->info.files);
  self->info.files = g_ptr_array_ref (info->files);
  p2p_hls_remote_channel_send_info (self, "metadata");
}

static void
p2p_hls_remote_channel_on_download (gpointer user_data)
{
  p2p_hls_remote_channel_send_progress (user_data, "download");
}

static void
p2p_hls_remote_channel_on_upload (gpointer user_data)
{
  p2p_hls_remote_channel_send_progress (user_data, "upload");
}

static void
p2p_hls_remote_channel_on_done (gpointer user_data)
{
  p2p_hls_remote_channel_send_progress (user_data, "done");
}

static void
p2p_hls_remote_channel_on_warning (const GError * error, gpointer user_data)
{
  p2p_hls_remote_channel_send_trouble (user_data, NULL, "warning", error);
}

static void
p2p_hls_remote_channel_on_error (const GError * error, gpointer user_data)
{
  p2p_hls_remote_channel_send_trouble (user_data, NULL, "error", error);
}

/* error: NULL if there are urls */
static void
p2p_hls_remote_channel_answer (P2pHlsRemoteChannel * self,
    P2pHlsRemoteHandle * handle, const P2pHlsRemoteUrls * urls,
    const GError * error)
{
  guint asked = handle->asked;

  handle->asked = 0;
  for (guint i = 0; i < asked; i++) {
    if (urls)
      p2p_hls_remote_channel_send_server (self, handle, urls);
    else
      p2p_hls_remote_channel_send_trouble (self, handle, "error", error);
  }
  if (!handle->adding)
    return;
  if (urls)
    p2p_hls_remote_channel_send_opened (self, handle);
  else
    self->owner->failed (handle, error, self->owner_data);
}

static void
p2p_hls_remote_channel_on_server (const char *host, const char *url,
    const char *playlist_url, const GError * error, gpointer user_data)
{
  P2pHlsRemoteChannel *self = user_data;
  P2pHlsRemoteUrls *urls = g_hash_table_lookup (self->servers,
      host ? host : "");
  g_autoptr (GPtrArray) handles = g_ptr_array_new ();

  if (error) {
    g_hash_table_remove (self->servers, host ? host : "");
    urls = NULL;
  } else {
    urls->url = g_strdup (url);
    urls->playlist_url = g_strdup (playlist_url);
  }
  for (guint i = 0; i < self->handles->len; i++) {
    P2pHlsRemoteHandle *handle = g_ptr_array_index (self->handles, i);

    if (g_strcmp0 (handle->peer->host, host) == 0)
      g_ptr_array_add (handles, handle);
  }
  /* The last of those that fail takes the channel with it. */
  for (guint i = 0; i < handles->len; i++)
    p2p_hls_remote_channel_answer (self, g_ptr_array_index (handles, i), urls,
        error);
}

static const P2pHlsRemoteTorrentEvents torrent_events = {
  p2p_hls_remote_channel_on_metadata,
  p2p_hls_remote_channel_on_download,
  p2p_hls_remote_channel_on_upload,
  p2p_hls_remote_channel_on_done,
  p2p_hls_remote_channel_on_warning,
  p2p_hls_remote_channel_on_error,
  p2p_hls_remote_channel_on_server,
};

void
p2p_hls_remote_channel_create_server (P2pHlsRemoteChannel * self,
    P2pHlsRemoteHandle * handle, P2pJson * options)
{
  const char *host = handle->peer->host ? handle->peer->host : "";
  P2pHlsRemoteUrls *urls = g_hash_table_lookup (self->servers, host);

  if (!handle->adding)
    handle->asked++;
  if (urls && urls->url)
    p2p_hls_remote_channel_answer (self, handle, urls, NULL);
  if (urls)
    return;
  g_hash_table_insert (self->servers, g_strdup (host),
      g_new0 (P2pHlsRemoteUrls, 1));
  self->klass->create_server (self->torrent, handle->peer->host, options);
}

/* --- life --- */

static void
p2p_hls_remote_urls_free (gpointer data)
{
  P2pHlsRemoteUrls *self = data;

  g_free (self->url);
  g_free (self->playlist_url);
  g_free (self);
}

P2pHlsRemoteHandle *
p2p_hls_remote_channel_add_handle (P2pHlsRemoteChannel * self,
    P2pHlsRemotePeer * peer, const char *key)
{
  P2pHlsRemoteHandle *handle = g_new0 (P2pHlsRemoteHandle, 1);

  handle->key = g_strdup (key);
  handle->peer = peer;
  handle->channel = self;
  g_ptr_array_add (self->handles, handle);
  g_hash_table_insert (peer->handles, handle->key, handle);
  return handle;
}

void
p2p_hls_remote_handle_free (P2pHlsRemoteHandle * self)
{
  g_ptr_array_remove (self->channel->handles, self);
  g_free (self->key);
  g_free (self);
}

P2pHlsRemoteChannel *
p2p_hls_remote_channel_new (P2pHlsRemoteId * id, P2pJson * options,
    const P2pHlsRemoteEngineClass * klass, gpointer engine,
    const P2pHlsRemoteChannelOwner * owner, gpointer owner_data,
    GError ** error)
{
  P2pHlsRemoteChannel *self = g_new0 (P2pHlsRemoteChannel, 1);

  self->id = *id;
  *id = (P2pHlsRemoteId) {
  0};
  p2p_hls_remote_info_init (&self->info);
  self->info.name = g_strdup (self->id.name);
  self->info.info_hash = g_strdup (self->id.info_hash);
  self->handles = g_ptr_array_new ();
  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      p2p_hls_remote_urls_free);
  self->klass = klass;
  self->owner = owner;
  self->owner_data = owner_data;
  self->torrent = klass->torrent_new (engine, self->id.url, options,
      &torrent_events, self, error);
  if (self->torrent == NULL)
    g_clear_pointer (&self, p2p_hls_remote_channel_free);
  return self;
}

void
p2p_hls_remote_channel_free (P2pHlsRemoteChannel * self)
{
  if (self->torrent)
    self->klass->torrent_free (self->torrent);
  p2p_hls_remote_id_clear (&self->id);
  p2p_hls_remote_info_clear (&self->info);
  g_ptr_array_unref (self->handles);
  g_hash_table_unref (self->servers);
  g_free (self);
}
