/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteserverpriv.h"

#include "p2phlsremotechannel.h"
#include "p2phlsremoteoptions.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Longer keys than that are none: ours have 32 characters. */
#define MAX_KEY 128

struct _P2pHlsRemoteServer
{
  GObject parent;

  P2pHlsRemoteSendFunc send;
  gpointer user_data;
  GDestroyNotify notify;
  GMainContext *context;
  P2pHlsRemoteTime time;
  P2pJson *options;
  gboolean trace;
  guint heartbeat_timeout;      /* ms; 0: off */
  guint update_interval;        /* ms; 0: off */

  const P2pHlsRemoteEngineClass *klass; /* NULL: not looked for yet */
  gpointer engine;              /* NULL: there is none now */
  GHashTable *peers;            /* key -> P2pHlsRemotePeer */
  GPtrArray *channels;          /* of P2pHlsRemoteChannel */
  guint n_handles;
  guint update_timer;           /* while there are torrents */
  guint death_timer;            /* while there are clients */
  gint64 warned;                /* when all were told of a missing torrentKey */
};

enum
{
  PROP_TRACE = 1,
  PROP_HEARTBEAT_TIMEOUT,
  PROP_UPDATE_INTERVAL,
  PROP_N_CLIENTS,
};

/* *INDENT-OFF* */
G_DEFINE_TYPE (P2pHlsRemoteServer, p2p_hls_remote_server, G_TYPE_OBJECT)
/* *INDENT-ON* */

static void p2p_hls_remote_server_remove_peer (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer);

/* --- saying --- */

#define TRACE(self,...) G_STMT_START { \
  if ((self)->trace) { \
    g_autofree char *line_ = g_strdup_printf (__VA_ARGS__); \
    g_print ("%s\n", line_); \
  } } G_STMT_END

/* Names come from strangers: no line of the log is made by one. */
static char *
p2p_hls_remote_server_plain (const char *text)
{
  char *plain = g_utf8_make_valid (text ? text : "", -1);

  for (char *c = plain; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return plain;
}

static void
p2p_hls_remote_server_send (P2pHlsRemoteServer * self, P2pHlsRemotePeer * peer,
    const char *torrent_key, P2pJson * message)
{
  g_autofree char *text = NULL;

  if (peer->dying)
    return;
  p2p_json_set_string (message, "clientKey", peer->key);
  if (torrent_key)
    p2p_json_set_string (message, "torrentKey", torrent_key);
  text = p2p_json_to_text (message);
  self->send (peer->key, text, self->user_data);
}

static void
p2p_hls_remote_server_send_trouble (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, const char *torrent_key, const char *type,
    const GError * error)
{
  g_autoptr (P2pJson) message = p2p_json_new ();
  g_autoptr (P2pJson) written = p2p_hls_remote_error_write (error);

  p2p_json_set_string (message, "type", type);
  p2p_json_set_object (message, "error", written);
  p2p_hls_remote_server_send (self, peer, torrent_key, message);
}

static void
p2p_hls_remote_server_send_all (P2pHlsRemoteServer * self, const char *type,
    const GError * error)
{
  g_autoptr (GList) peers = g_hash_table_get_values (self->peers);

  for (GList * l = peers; l; l = l->next)
    p2p_hls_remote_server_send_trouble (self, l->data, NULL, type, error);
}

/* --- the engine --- */

static void
p2p_hls_remote_server_on_warning (const GError * error, gpointer user_data)
{
  p2p_hls_remote_server_send_all (user_data, "warning", error);
}

static void
p2p_hls_remote_server_on_error (const GError * error, gpointer user_data)
{
  p2p_hls_remote_server_send_all (user_data, "error", error);
}

static const P2pHlsRemoteEngineEvents engine_events = {
  p2p_hls_remote_server_on_warning,
  p2p_hls_remote_server_on_error,
};

static gboolean
p2p_hls_remote_server_need_engine (P2pHlsRemoteServer * self, GError ** error)
{
  if (self->engine)
    return TRUE;
  if (self->klass == NULL)
    self->klass = p2p_hls_remote_engine_find (error);
  if (self->klass == NULL)
    return FALSE;
  self->engine = self->klass->engine_new (self->options, self->context,
      &engine_events, self, error);
  return self->engine != NULL;
}

static void
p2p_hls_remote_server_on_update (gpointer user_data)
{
  P2pHlsRemoteServer *self = user_data;

  p2p_hls_remote_time_call (&self->time, &self->update_timer,
      self->update_interval, p2p_hls_remote_server_on_update, self);
  for (guint i = 0; i < self->channels->len; i++)
    p2p_hls_remote_channel_send_progress (g_ptr_array_index (self->channels, i),
        "update");
}

static void
p2p_hls_remote_server_want_updates (P2pHlsRemoteServer * self)
{
  if (self->channels->len == 0 || self->update_interval == 0)
    p2p_hls_remote_time_cancel (&self->time, &self->update_timer);
  else if (self->update_timer == 0)
    p2p_hls_remote_time_call (&self->time, &self->update_timer,
        self->update_interval, p2p_hls_remote_server_on_update, self);
}

/* --- torrents --- */

static void
p2p_hls_remote_server_remove_channel (P2pHlsRemoteServer * self,
    P2pHlsRemoteChannel * channel)
{
  g_autofree char *name = p2p_hls_remote_server_plain (channel->info.name);

  g_ptr_array_remove_fast (self->channels, channel);
  p2p_hls_remote_channel_free (channel);
  TRACE (self, "torrent destroyed, all clients died: %s", name);
  p2p_hls_remote_server_want_updates (self);
  if (self->channels->len > 0)
    return;
  self->klass->engine_free (self->engine);
  self->engine = NULL;
  TRACE (self, "torrent instance destroyed, all torrents gone");
}

static void
p2p_hls_remote_server_remove_handle (P2pHlsRemoteServer * self,
    P2pHlsRemoteHandle * handle)
{
  P2pHlsRemoteChannel *channel = handle->channel;

  self->n_handles--;
  p2p_hls_remote_handle_free (handle);
  if (channel->handles->len == 0)
    p2p_hls_remote_server_remove_channel (self, channel);
}

static void
p2p_hls_remote_server_handle_send (P2pHlsRemoteHandle * handle,
    P2pJson * message, gpointer owner)
{
  p2p_hls_remote_server_send (owner, handle->peer, handle->key, message);
}

static void
p2p_hls_remote_server_handle_failed (P2pHlsRemoteHandle * handle,
    const GError * error, gpointer owner)
{
  P2pHlsRemoteServer *self = owner;

  p2p_hls_remote_server_send_trouble (self, handle->peer, handle->key, "error",
      error);
  g_hash_table_remove (handle->peer->handles, handle->key);
  p2p_hls_remote_server_remove_handle (self, handle);
}

static const P2pHlsRemoteChannelOwner channel_owner = {
  p2p_hls_remote_server_handle_send,
  p2p_hls_remote_server_handle_failed,
};

/* The torrent of a playlist, or of an infohash alone. Two that differ in their query
 * only have one swarm, and are two all the same: what comes may differ. */
static P2pHlsRemoteChannel *
p2p_hls_remote_server_find (P2pHlsRemoteServer * self,
    const P2pHlsRemoteId * id)
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

static P2pHlsRemoteHandle *
p2p_hls_remote_server_add_handle (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, P2pHlsRemoteChannel * channel, const char *key)
{
  self->n_handles++;
  return p2p_hls_remote_channel_add_handle (channel, peer, key);
}

static P2pHlsRemoteChannel *
p2p_hls_remote_server_make_channel (P2pHlsRemoteServer * self,
    P2pHlsRemoteId * id, P2pJson * options, GError ** error)
{
  g_autoptr (P2pJson) renamed = p2p_hls_remote_options_rename (options);
  g_autofree char *name = p2p_hls_remote_server_plain (id->name);
  P2pHlsRemoteChannel *channel;

  if (self->channels->len >= P2P_HLS_REMOTE_MAX_TORRENTS) {
    g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_LIMIT, "the engine has too many torrents");
    return NULL;
  }
  if (!p2p_hls_remote_server_need_engine (self, error))
    return NULL;
  channel = p2p_hls_remote_channel_new (id, renamed, self->klass, self->engine,
      &channel_owner, self, error);
  if (channel == NULL) {
    if (self->channels->len == 0)
      self->klass->engine_free (g_steal_pointer (&self->engine));
    return NULL;
  }
  TRACE (self, "joining swarm: %s %s", channel->id.info_hash, name);
  g_ptr_array_add (self->channels, channel);
  p2p_hls_remote_server_want_updates (self);
  return channel;
}

/* --- messages --- */

/* What answers add-torrent, in place of which there is trouble. */
static gboolean
p2p_hls_remote_server_on_add (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, const char *key, P2pJson * message,
    GError ** error)
{
  P2pJson *options = p2p_json_get_object (message, "options");
  P2pJson *server = options ? p2p_json_get_object (options, "server") : NULL;
  g_auto (P2pHlsRemoteId) id = { 0 };
  P2pHlsRemoteChannel *channel;
  P2pHlsRemoteHandle *handle;
  gboolean made = FALSE;

  if (!p2p_hls_remote_id_parse (&id,
          p2p_json_get_string (message, "torrentID"), error))
    return FALSE;
  channel = p2p_hls_remote_server_find (self, &id);
  if (channel == NULL && id.url == NULL) {
    g_set_error (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_INVALID_TORRENT,
        "no torrent has the infohash %s: give the URL of its playlist",
        id.info_hash);
    return FALSE;
  }
  if (channel == NULL) {
    channel = p2p_hls_remote_server_make_channel (self, &id, options, error);
    if (channel == NULL)
      return FALSE;
    made = TRUE;
  }
  handle = p2p_hls_remote_server_add_handle (self, peer, channel, key);
  handle->adding = server != NULL;
  if (server == NULL)
    p2p_hls_remote_channel_send_opened (channel, handle);
  if (made)
    p2p_hls_remote_channel_send_info (channel, "infohash");
  if (server)
    p2p_hls_remote_channel_create_server (channel, handle, server);
  return TRUE;
}

static gboolean
p2p_hls_remote_server_on_subscribe (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, const char *key, P2pJson * message,
    GError ** error)
{
  const char *torrent_id = p2p_json_get_string (message, "torrentID");
  g_auto (P2pHlsRemoteId) id = { 0 };
  g_autofree char *shown = NULL;
  P2pHlsRemoteChannel *channel;

  if (!p2p_hls_remote_id_parse (&id, torrent_id, error))
    return FALSE;
  channel = p2p_hls_remote_server_find (self, &id);
  if (channel) {
    p2p_hls_remote_channel_send_opened (channel,
        p2p_hls_remote_server_add_handle (self, peer, channel, key));
    return TRUE;
  }
  g_set_error (error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_TORRENT_MISSING, "TorrentID not found: %s",
      torrent_id);
  return FALSE;
}

/* add() and get(): every one is answered, what cannot be too. */
static gboolean
p2p_hls_remote_server_on_open (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, const char *type, const char *key,
    P2pJson * message, GError ** error)
{
  gboolean is_get = g_str_equal (type, "subscribe");
  g_autoptr (GError) why = NULL;
  g_autoptr (P2pJson) answer = NULL;
  g_autoptr (P2pJson) written = NULL;

  if (g_hash_table_contains (peer->handles, key)) {
    g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_MESSAGE,
        "torrentKey is taken: %s", key);
    return FALSE;
  }
  if (self->n_handles >= P2P_HLS_REMOTE_MAX_HANDLES)
    why = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_LIMIT, "the engine has too many handles");
  else if (is_get
      ? p2p_hls_remote_server_on_subscribe (self, peer, key, message, &why)
      : p2p_hls_remote_server_on_add (self, peer, key, message, &why))
    return TRUE;
  if (!is_get) {
    p2p_hls_remote_server_send_trouble (self, peer, key, "error", why);
    return TRUE;
  }
  answer = p2p_json_new ();
  written = p2p_hls_remote_error_write (why);
  p2p_json_set_string (answer, "type", "torrent-subscribed");
  json_object_set_null_member (answer, "torrent");
  p2p_json_set_object (answer, "error", written);
  p2p_hls_remote_server_send (self, peer, key, answer);
  return TRUE;
}

/* All are told, as seed 001's server does, but once a second at most: one who asks
 * for nonsense again and again is told alone. */
static void
p2p_hls_remote_server_miss (P2pHlsRemoteServer * self, P2pHlsRemotePeer * peer,
    const char *key)
{
  gint64 now = p2p_hls_remote_time_get (&self->time);
  g_autoptr (GError) error = g_error_new (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_MESSAGE, "missing torrentKey: %s", key);

  if (now - self->warned < G_TIME_SPAN_SECOND) {
    p2p_hls_remote_server_send_trouble (self, peer, NULL, "warning", error);
    return;
  }
  self->warned = now;
  p2p_hls_remote_server_send_all (self, "warning", error);
}

static void
p2p_hls_remote_server_on_create_server (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, const char *key, P2pJson * message)
{
  P2pHlsRemoteHandle *handle = g_hash_table_lookup (peer->handles, key);
  P2pJson *options = p2p_json_get_object (message, "options");
  g_autoptr (P2pJson) none = p2p_json_new ();

  if (handle)
    p2p_hls_remote_channel_create_server (handle->channel, handle,
        options ? options : none);
  else
    p2p_hls_remote_server_miss (self, peer, key);
}

static void
p2p_hls_remote_server_on_delay_over (gpointer user_data)
{
  P2pHlsRemotePeer *peer = user_data;

  peer->timer = 0;
  p2p_hls_remote_server_remove_peer (peer->server, peer);
}

static void
p2p_hls_remote_server_on_destroy (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, P2pJson * message)
{
  P2pJson *options = p2p_json_get_object (message, "options");
  gint64 delay = 0;

  TRACE (self, "destroying client %s", peer->key);
  if (options)
    p2p_json_get_int64 (options, "delay", &delay);
  if (delay <= 0) {
    p2p_hls_remote_server_remove_peer (self, peer);
    return;
  }
  peer->dying = TRUE;
  p2p_hls_remote_time_call (&self->time, &peer->timer,
      MIN (delay, P2P_HLS_REMOTE_MAX_DELAY),
      p2p_hls_remote_server_on_delay_over, peer);
}

/* --- clients --- */

static void
p2p_hls_remote_server_on_death (gpointer user_data)
{
  P2pHlsRemoteServer *self = user_data;
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
      TRACE (self, "torrent client died, clientKey: %s", peer->key);
      p2p_hls_remote_server_remove_peer (self, peer);
    } else {
      first = MIN (first, peer->heard);
    }
  }
  /* When the one heard longest ago would be silent for too long. */
  if (g_hash_table_size (self->peers) > 0 && self->heartbeat_timeout > 0)
    p2p_hls_remote_time_call (&self->time, &self->death_timer,
        (first + patience - now) / G_TIME_SPAN_MILLISECOND + 1,
        p2p_hls_remote_server_on_death, self);
}

static void
p2p_hls_remote_server_watch (P2pHlsRemoteServer * self)
{
  p2p_hls_remote_time_cancel (&self->time, &self->death_timer);
  if (self->heartbeat_timeout > 0)
    p2p_hls_remote_server_on_death (self);
}

static void
p2p_hls_remote_server_free_peer (gpointer data)
{
  P2pHlsRemotePeer *peer = data;
  P2pHlsRemoteServer *self = peer->server;
  GHashTableIter iter;
  gpointer handle;

  p2p_hls_remote_time_cancel (&self->time, &peer->timer);
  g_hash_table_iter_init (&iter, peer->handles);
  while (g_hash_table_iter_next (&iter, NULL, &handle)) {
    g_hash_table_iter_steal (&iter);
    p2p_hls_remote_server_remove_handle (self, handle);
  }
  g_hash_table_unref (peer->handles);
  g_free (peer->host);
  g_free (peer->key);
  g_free (peer);
}

static void
p2p_hls_remote_server_remove_peer (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer)
{
  g_hash_table_remove (self->peers, peer->key);
  g_object_notify (G_OBJECT (self), "n-clients");
}

/* Returns: (nullable): NULL with an error if there is no room */
static P2pHlsRemotePeer *
p2p_hls_remote_server_get_peer (P2pHlsRemoteServer * self, const char *key,
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
  peer->server = self;
  peer->heard = p2p_hls_remote_time_get (&self->time);
  peer->handles = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (self->peers, peer->key, peer);
  TRACE (self, "adding  client, clientKey: %s", key);
  if (self->death_timer == 0)
    p2p_hls_remote_server_watch (self);
  g_object_notify (G_OBJECT (self), "n-clients");
  return peer;
}

static gboolean
p2p_hls_remote_server_refuse (const char *what, GError ** error)
{
  g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_MESSAGE, what);
  return FALSE;
}

/* It goes into log lines and messages as it is. */
static gboolean
p2p_hls_remote_server_is_key (const char *key)
{
  gsize size = 0;

  while (key && g_ascii_isgraph (key[size]) && size <= MAX_KEY)
    size++;
  return size > 0 && size <= MAX_KEY && key[size] == '\0';
}

gboolean
p2p_hls_remote_server_take (P2pHlsRemoteServer * self, P2pJson * message,
    GError ** error)
{
  const char *type = p2p_json_get_string (message, "type");
  const char *client_key = p2p_json_get_string (message, "clientKey");
  const char *key = p2p_json_get_string (message, "torrentKey");
  P2pHlsRemotePeer *peer;

  if (type == NULL || !p2p_hls_remote_server_is_key (client_key))
    return p2p_hls_remote_server_refuse ("no type, or no clientKey", error);
  peer = p2p_hls_remote_server_get_peer (self, client_key, error);
  if (peer == NULL)
    return FALSE;
  if (peer->dying)
    return TRUE;
  peer->heard = p2p_hls_remote_time_get (&self->time);
  if (g_str_equal (type, "destroy")) {
    p2p_hls_remote_server_on_destroy (self, peer, message);
    return TRUE;
  }
  if (g_str_equal (type, "heartbeat"))
    return TRUE;
  if (!g_str_equal (type, "subscribe") && !g_str_equal (type, "add-torrent")
      && !g_str_equal (type, "create-server")) {
    g_debug ("ignoring a message of an unknown type");
    return TRUE;
  }
  if (!p2p_hls_remote_server_is_key (key))
    return p2p_hls_remote_server_refuse ("no torrentKey", error);
  if (!g_str_equal (type, "create-server"))
    return p2p_hls_remote_server_on_open (self, peer, type, key, message,
        error);
  p2p_hls_remote_server_on_create_server (self, peer, key, message);
  return TRUE;
}

gboolean
p2p_hls_remote_server_receive (P2pHlsRemoteServer * self, const char *text,
    gssize length, GError ** error)
{
  g_autoptr (P2pJson) message = NULL;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_SERVER (self), FALSE);
  message = p2p_json_parse (text, length < 0 ? strlen (text) : (gsize) length,
      P2P_HLS_REMOTE_MAX_MESSAGE);
  if (message == NULL)
    return p2p_hls_remote_server_refuse ("not a message", error);
  return p2p_hls_remote_server_take (self, message, error);
}

void
p2p_hls_remote_server_lose_client (P2pHlsRemoteServer * self,
    const char *client_key)
{
  P2pHlsRemotePeer *peer;

  g_return_if_fail (P2P_HLS_REMOTE_IS_SERVER (self));
  peer = g_hash_table_lookup (self->peers, client_key);
  if (peer == NULL || peer->dying)
    return;
  TRACE (self, "torrent client died, clientKey: %s", peer->key);
  p2p_hls_remote_server_remove_peer (self, peer);
}

void
p2p_hls_remote_server_set_client_host (P2pHlsRemoteServer * self,
    const char *client_key, const char *host)
{
  P2pHlsRemotePeer *peer;

  g_return_if_fail (P2P_HLS_REMOTE_IS_SERVER (self));
  peer = p2p_hls_remote_server_is_key (client_key)
      ? p2p_hls_remote_server_get_peer (self, client_key, NULL) : NULL;
  if (peer == NULL)
    return;
  g_free (peer->host);
  peer->host = g_strdup (host);
}

char *
p2p_hls_remote_server_get_status (P2pHlsRemoteServer * self)
{
  g_autoptr (P2pJson) status = NULL;
  g_autoptr (GPtrArray) torrents = NULL;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_SERVER (self), NULL);
  status = p2p_json_new ();
  torrents = g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_json_unref);
  for (guint i = 0; i < self->channels->len; i++) {
    P2pHlsRemoteChannel *channel = g_ptr_array_index (self->channels, i);
    P2pJson *torrent = p2p_hls_remote_channel_describe (channel, NULL);

    p2p_json_set_string (torrent, "url", channel->id.url);
    p2p_json_set_int64 (torrent, "clients", channel->handles->len);
    g_ptr_array_add (torrents, torrent);
  }
  p2p_json_set_int64 (status, "clients", g_hash_table_size (self->peers));
  p2p_json_set_boolean (status, "engine", self->engine != NULL);
  p2p_json_set_objects (status, "torrents", torrents);
  return p2p_json_to_text (status);
}

/* --- the object --- */

void
p2p_hls_remote_server_set_engine (P2pHlsRemoteServer * self,
    const P2pHlsRemoteEngineClass * klass)
{
  self->klass = klass;
}

void
p2p_hls_remote_server_set_time (P2pHlsRemoteServer * self,
    const P2pHlsRemoteTime * time)
{
  self->time = *time;
}

static void
p2p_hls_remote_server_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  P2pHlsRemoteServer *self = P2P_HLS_REMOTE_SERVER (object);

  switch (id) {
    case PROP_TRACE:
      self->trace = g_value_get_boolean (value);
      break;
    case PROP_HEARTBEAT_TIMEOUT:
      self->heartbeat_timeout = g_value_get_uint (value);
      p2p_hls_remote_server_watch (self);
      break;
    case PROP_UPDATE_INTERVAL:
      self->update_interval = g_value_get_uint (value);
      p2p_hls_remote_time_cancel (&self->time, &self->update_timer);
      p2p_hls_remote_server_want_updates (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
p2p_hls_remote_server_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  P2pHlsRemoteServer *self = P2P_HLS_REMOTE_SERVER (object);

  switch (id) {
    case PROP_TRACE:
      g_value_set_boolean (value, self->trace);
      break;
    case PROP_HEARTBEAT_TIMEOUT:
      g_value_set_uint (value, self->heartbeat_timeout);
      break;
    case PROP_UPDATE_INTERVAL:
      g_value_set_uint (value, self->update_interval);
      break;
    case PROP_N_CLIENTS:
      g_value_set_uint (value, g_hash_table_size (self->peers));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
p2p_hls_remote_server_dispose (GObject * object)
{
  P2pHlsRemoteServer *self = P2P_HLS_REMOTE_SERVER (object);

  self->trace = FALSE;
  g_hash_table_remove_all (self->peers);
  p2p_hls_remote_time_cancel (&self->time, &self->update_timer);
  p2p_hls_remote_time_cancel (&self->time, &self->death_timer);
  G_OBJECT_CLASS (p2p_hls_remote_server_parent_class)->dispose (object);
}

static void
p2p_hls_remote_server_finalize (GObject * object)
{
  P2pHlsRemoteServer *self = P2P_HLS_REMOTE_SERVER (object);

  if (self->notify)
    self->notify (self->user_data);
  g_hash_table_unref (self->peers);
  g_ptr_array_unref (self->channels);
  g_clear_pointer (&self->options, p2p_json_unref);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (p2p_hls_remote_server_parent_class)->finalize (object);
}

static void
p2p_hls_remote_server_class_init (P2pHlsRemoteServerClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = p2p_hls_remote_server_set_property;
  object_class->get_property = p2p_hls_remote_server_get_property;
  object_class->dispose = p2p_hls_remote_server_dispose;
  object_class->finalize = p2p_hls_remote_server_finalize;
  /**
   * P2pHlsRemoteServer:trace:
   *
   * "enable log output. default false. useful for debugging and for visibility"
   * (seed 001), with its lines, on standard output. At once.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_TRACE,
      g_param_spec_boolean ("trace", "Trace", "Whether to say what goes on",
          FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  /**
   * P2pHlsRemoteServer:heartbeat-timeout:
   *
   * "remove clients if we don't hear a heartbeat for this many milliseconds … set
   * to 0 to disable the heartbeat check" (seed 001); any message counts. At once.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_HEARTBEAT_TIMEOUT,
      g_param_spec_uint ("heartbeat-timeout", "Heartbeat timeout",
          "Milliseconds of silence after which a client is removed", 0,
          G_MAXINT, P2P_HLS_REMOTE_DEFAULT_HEARTBEAT_TIMEOUT,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  /**
   * P2pHlsRemoteServer:update-interval:
   *
   * "send progress updates every x milliseconds to all clients of all torrents …
   * set to 0 to disable progress updates" (seed 001). At once.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_UPDATE_INTERVAL,
      g_param_spec_uint ("update-interval", "Update interval",
          "Milliseconds between two updates", 0, G_MAXINT,
          P2P_HLS_REMOTE_DEFAULT_UPDATE_INTERVAL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  /**
   * P2pHlsRemoteServer:n-clients:
   *
   * How many clients it has now, those that said destroy({delay}) too.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_N_CLIENTS,
      g_param_spec_uint ("n-clients", "Clients", "How many it has", 0,
          G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
p2p_hls_remote_server_init (P2pHlsRemoteServer * self)
{
  self->context = g_main_context_ref_thread_default ();
  p2p_hls_remote_time_init (&self->time, self->context);
  self->heartbeat_timeout = P2P_HLS_REMOTE_DEFAULT_HEARTBEAT_TIMEOUT;
  self->update_interval = P2P_HLS_REMOTE_DEFAULT_UPDATE_INTERVAL;
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      p2p_hls_remote_server_free_peer);
  self->channels = g_ptr_array_new ();
  self->warned = G_MININT64 / 2;
}

P2pHlsRemoteServer *
p2p_hls_remote_server_new (const char *options, P2pHlsRemoteSendFunc send,
    gpointer user_data, GDestroyNotify notify, GError ** error)
{
  g_autoptr (P2pJson) parsed = NULL;
  g_autoptr (P2pHlsRemoteServer) self = NULL;

  g_return_val_if_fail (send != NULL, NULL);
  self = g_object_new (P2P_HLS_REMOTE_TYPE_SERVER, NULL);
  self->send = send;
  self->user_data = user_data;
  self->notify = notify;
  parsed = p2p_hls_remote_options_parse (options, error);
  if (parsed == NULL)
    return NULL;
  self->options = p2p_hls_remote_options_rename (parsed);
  if (!p2p_hls_remote_options_get_boolean (self->options, "trace",
          &self->trace, error)
      || !p2p_hls_remote_options_get_uint (self->options,
          "heartbeat-timeout", &self->heartbeat_timeout, error)
      || !p2p_hls_remote_options_get_uint (self->options, "update-interval",
          &self->update_interval, error))
    return NULL;
  return g_steal_pointer (&self);
}
