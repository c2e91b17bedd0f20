/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotehub.h"

#include "p2phlsremotelimits.h"
#include "p2phlsremoteoptions.h"

/* --- saying --- */

void
p2p_hls_remote_hub_trace (P2pHlsRemoteHub * self, const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  if (!self->trace)
    return;
  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print ("%s\n", line);
}

/* Names come from strangers: no line of the log is made by one. */
static char *
p2p_hls_remote_hub_plain (const char *text)
{
  char *plain = g_utf8_make_valid (text ? text : "", -1);

  for (char *c = plain; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return plain;
}

void
p2p_hls_remote_hub_send (P2pHlsRemoteHub * self, P2pHlsRemotePeer * peer,
    const char *torrent_key, P2pJson * message)
{
  g_autofree char *text = NULL;

  if (peer->dying)
    return;
  p2p_json_set_string (message, "clientKey", peer->key);
  if (torrent_key)
    p2p_json_set_string (message, "torrentKey", torrent_key);
  text = p2p_json_to_text (message);
  self->send (peer->key, text, self->send_data);
}

void
p2p_hls_remote_hub_send_trouble (P2pHlsRemoteHub * self,
    P2pHlsRemotePeer * peer, const char *torrent_key, const char *type,
    const GError * error)
{
  g_autoptr (P2pJson) message = p2p_json_new ();
  g_autoptr (P2pJson) written = p2p_hls_remote_error_write (error);

  p2p_json_set_string (message, "type", type);
  p2p_json_set_object (message, "error", written);
  p2p_hls_remote_hub_send (self, peer, torrent_key, message);
}

void
p2p_hls_remote_hub_send_all (P2pHlsRemoteHub * self, const char *type,
    const GError * error)
{
  g_autoptr (GList) peers = g_hash_table_get_values (self->peers);

  for (GList * l = peers; l; l = l->next)
    p2p_hls_remote_hub_send_trouble (self, l->data, NULL, type, error);
}

/* --- the engine --- */

static void
p2p_hls_remote_hub_on_warning (const GError * error, gpointer user_data)
{
  p2p_hls_remote_hub_send_all (user_data, "warning", error);
}

static void
p2p_hls_remote_hub_on_error (const GError * error, gpointer user_data)
{
  p2p_hls_remote_hub_send_all (user_data, "error", error);
}

static const P2pHlsRemoteEngineEvents engine_events = {
  p2p_hls_remote_hub_on_warning,
  p2p_hls_remote_hub_on_error,
};

static gboolean
p2p_hls_remote_hub_need_class (P2pHlsRemoteHub * self, GError ** error)
{
  if (self->klass == NULL)
    self->klass = p2p_hls_remote_engine_find (error);
  return self->klass != NULL;
}

gboolean
p2p_hls_remote_hub_check (P2pHlsRemoteHub * self, GError ** error)
{
  return p2p_hls_remote_hub_need_class (self, error)
      && self->klass->check (self->options, error);
}

static gboolean
p2p_hls_remote_hub_need_engine (P2pHlsRemoteHub * self, GError ** error)
{
  if (self->engine)
    return TRUE;
  if (!p2p_hls_remote_hub_need_class (self, error))
    return FALSE;
  self->engine = self->klass->engine_new (self->options, self->context,
      &engine_events, self, error);
  return self->engine != NULL;
}

static void
p2p_hls_remote_hub_on_update (gpointer user_data)
{
  P2pHlsRemoteHub *self = user_data;

  p2p_hls_remote_time_call (&self->time, &self->update_timer,
      self->update_interval, p2p_hls_remote_hub_on_update, self);
  for (guint i = 0; i < self->channels->len; i++)
    p2p_hls_remote_channel_send_progress (g_ptr_array_index (self->channels, i),
        "update");
}

void
p2p_hls_remote_hub_want_updates (P2pHlsRemoteHub * self)
{
  if (self->channels->len == 0 || self->update_interval == 0)
    p2p_hls_remote_time_cancel (&self->time, &self->update_timer);
  else if (self->update_timer == 0)
    p2p_hls_remote_time_call (&self->time, &self->update_timer,
        self->update_interval, p2p_hls_remote_hub_on_update, self);
}

/* --- torrents --- */

static void
p2p_hls_remote_hub_remove_channel (P2pHlsRemoteHub * self,
    P2pHlsRemoteChannel * channel)
{
  g_autofree char *name = p2p_hls_remote_hub_plain (channel->info.name);

  g_ptr_array_remove_fast (self->channels, channel);
  p2p_hls_remote_channel_free (channel);
  p2p_hls_remote_hub_trace (self, "torrent destroyed, all clients died: %s",
      name);
  p2p_hls_remote_hub_want_updates (self);
  if (self->channels->len > 0)
    return;
  self->klass->engine_free (self->engine);
  self->engine = NULL;
  p2p_hls_remote_hub_trace (self,
      "torrent instance destroyed, all torrents gone");
}

static void
p2p_hls_remote_hub_remove_handle (P2pHlsRemoteHub * self,
    P2pHlsRemoteHandle * handle)
{
  P2pHlsRemoteChannel *channel = handle->channel;

  self->n_handles--;
  p2p_hls_remote_handle_free (handle);
  if (channel->handles->len == 0)
    p2p_hls_remote_hub_remove_channel (self, channel);
}

static void
p2p_hls_remote_hub_handle_send (P2pHlsRemoteHandle * handle,
    P2pJson * message, gpointer owner)
{
  p2p_hls_remote_hub_send (owner, handle->peer, handle->key, message);
}

static void
p2p_hls_remote_hub_handle_failed (P2pHlsRemoteHandle * handle,
    const GError * error, gpointer owner)
{
  P2pHlsRemoteHub *self = owner;

  p2p_hls_remote_hub_send_trouble (self, handle->peer, handle->key, "error",
      error);
  g_hash_table_remove (handle->peer->handles, handle->key);
  p2p_hls_remote_hub_remove_handle (self, handle);
}

static const P2pHlsRemoteChannelOwner channel_owner = {
  p2p_hls_remote_hub_handle_send,
  p2p_hls_remote_hub_handle_failed,
};

P2pHlsRemoteChannel *
p2p_hls_remote_hub_find (P2pHlsRemoteHub * self, const P2pHlsRemoteId * id)
{
  for (guint i = 0; i < self->channels->len; i++) {
    P2pHlsRemoteChannel *channel = g_ptr_array_index (self->channels, i);

    if (id->url ? g_str_equal (id->url, channel->id.url)
        : g_str_equal (id->info_hash, channel->id.info_hash)
        || g_strcmp0 (id->info_hash, channel->info.info_hash) == 0)
      return channel;
  }
  return NULL;
}

P2pHlsRemoteHandle *
p2p_hls_remote_hub_add_handle (P2pHlsRemoteHub * self,
    P2pHlsRemotePeer * peer, P2pHlsRemoteChannel * channel, const char *key)
{
  self->n_handles++;
  return p2p_hls_remote_channel_add_handle (channel, peer, key);
}

P2pHlsRemoteChannel *
p2p_hls_remote_hub_make_channel (P2pHlsRemoteHub * self,
    P2pHlsRemoteId * id, P2pJson * options, GError ** error)
{
  g_autoptr (P2pJson) renamed = p2p_hls_remote_options_rename (options);
  g_autofree char *name = p2p_hls_remote_hub_plain (id->name);
  P2pHlsRemoteChannel *channel;

  if (self->channels->len >= P2P_HLS_REMOTE_MAX_TORRENTS) {
    g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_LIMIT, "the engine has too many torrents");
    return NULL;
  }
  if (!p2p_hls_remote_hub_need_engine (self, error))
    return NULL;
  channel = p2p_hls_remote_channel_new (id, renamed, self->klass, self->engine,
      &channel_owner, self, error);
  if (channel == NULL) {
    if (self->channels->len == 0)
      self->klass->engine_free (g_steal_pointer (&self->engine));
    return NULL;
  }
  p2p_hls_remote_hub_trace (self, "joining swarm: %s %s", channel->id.info_hash,
      name);
  g_ptr_array_add (self->channels, channel);
  p2p_hls_remote_hub_want_updates (self);
  return channel;
}

void
p2p_hls_remote_hub_stop_channel (P2pHlsRemoteHub * self,
    P2pHlsRemoteChannel * channel)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_STOPPED, "the torrent was stopped");

  /* It goes with the last one. */
  for (guint n = channel->handles->len; n > 0; n--)
    p2p_hls_remote_hub_handle_failed (g_ptr_array_index (channel->handles, 0),
        error, self);
}

/* --- clients --- */

static void
p2p_hls_remote_hub_on_death (gpointer user_data)
{
  P2pHlsRemoteHub *self = user_data;
  gint64 now = p2p_hls_remote_time_get (&self->time);
  gint64 patience = self->heartbeat_timeout * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GList) peers = g_hash_table_get_values (self->peers);
  gint64 first = now;

  self->death_timer = 0;
  for (GList * l = peers; l; l = l->next) {
    P2pHlsRemotePeer *peer = l->data;

    if (peer->dying)
      continue;
    if (now - peer->heard > patience) {
      p2p_hls_remote_hub_trace (self, "torrent client died, clientKey: %s",
          peer->key);
      p2p_hls_remote_hub_remove_peer (self, peer, TRUE);
    } else {
      first = MIN (first, peer->heard);
    }
  }
  /* When the one heard longest ago would be silent for too long. */
  if (g_hash_table_size (self->peers) > 0 && self->heartbeat_timeout > 0)
    p2p_hls_remote_time_call (&self->time, &self->death_timer,
        (first + patience - now) / G_TIME_SPAN_MILLISECOND + 1,
        p2p_hls_remote_hub_on_death, self);
}

void
p2p_hls_remote_hub_watch (P2pHlsRemoteHub * self)
{
  p2p_hls_remote_time_cancel (&self->time, &self->death_timer);
  if (self->heartbeat_timeout > 0)
    p2p_hls_remote_hub_on_death (self);
}

static void
p2p_hls_remote_hub_free_peer (gpointer data)
{
  P2pHlsRemotePeer *peer = data;
  P2pHlsRemoteHub *self = peer->hub;
  GHashTableIter iter;
  gpointer handle;

  p2p_hls_remote_time_cancel (&self->time, &peer->timer);
  g_hash_table_iter_init (&iter, peer->handles);
  while (g_hash_table_iter_next (&iter, NULL, &handle)) {
    g_hash_table_iter_steal (&iter);
    p2p_hls_remote_hub_remove_handle (self, handle);
  }
  g_hash_table_unref (peer->handles);
  g_free (peer->host);
  g_free (peer->key);
  g_free (peer);
}

void
p2p_hls_remote_hub_remove_peer (P2pHlsRemoteHub * self,
    P2pHlsRemotePeer * peer, gboolean died)
{
  g_autofree char *key = g_strdup (peer->key);

  g_hash_table_remove (self->peers, key);
  self->removed (key, died, self->user_data);
  self->changed (self->user_data);
}

P2pHlsRemotePeer *
p2p_hls_remote_hub_get_peer (P2pHlsRemoteHub * self, const char *key,
    GError ** error)
{
  P2pHlsRemotePeer *peer = g_hash_table_lookup (self->peers, key);

  if (peer)
    return peer;
  if (g_hash_table_size (self->peers) >= P2P_HLS_REMOTE_MAX_CLIENTS) {
    g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_LIMIT, "the server has too many clients");
    return NULL;
  }
  peer = g_new0 (P2pHlsRemotePeer, 1);
  peer->key = g_strdup (key);
  peer->hub = self;
  peer->heard = p2p_hls_remote_time_get (&self->time);
  peer->handles = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (self->peers, peer->key, peer);
  p2p_hls_remote_hub_trace (self, "adding  client, clientKey: %s", key);
  if (self->death_timer == 0)
    p2p_hls_remote_hub_watch (self);
  self->changed (self->user_data);
  return peer;
}

/* --- life --- */

P2pHlsRemoteHub *
p2p_hls_remote_hub_new (void)
{
  P2pHlsRemoteHub *self = g_new0 (P2pHlsRemoteHub, 1);

  self->context = g_main_context_ref_thread_default ();
  p2p_hls_remote_time_init (&self->time, self->context);
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      p2p_hls_remote_hub_free_peer);
  self->channels = g_ptr_array_new ();
  return self;
}

void
p2p_hls_remote_hub_free (P2pHlsRemoteHub * self)
{
  self->trace = FALSE;
  g_hash_table_unref (self->peers);
  p2p_hls_remote_time_cancel (&self->time, &self->update_timer);
  p2p_hls_remote_time_cancel (&self->time, &self->death_timer);
  g_ptr_array_unref (self->channels);
  g_clear_pointer (&self->options, p2p_json_unref);
  g_main_context_unref (self->context);
  g_free (self);
}
