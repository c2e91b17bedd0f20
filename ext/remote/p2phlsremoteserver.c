/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteserver.h"

#include "p2phlsremotehub.h"
#include "p2phlsremotelimits.h"
#include "p2phlsremoteoptions.h"
#include "p2phlsremoteserverpriv.h"
#include "p2phlsremotestatus.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Longer keys than that are none: ours have 32 characters. */
#define MAX_KEY 128

struct _P2pHlsRemoteServer
{
  GObject parent;

  P2pHlsRemoteHub *hub;
  gpointer user_data;
  GDestroyNotify notify;
  P2pHlsRemoteRemovedFunc removed;
  gpointer removed_data;
  gint64 warned;                /* when all were told of a missing torrentKey */
};

enum
{
  PROP_TRACE = 1,
  PROP_HEARTBEAT_TIMEOUT,
  PROP_UPDATE_INTERVAL,
  PROP_N_CLIENTS,
};

enum
{
  STOP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* *INDENT-OFF* */
G_DEFINE_TYPE (P2pHlsRemoteServer, p2p_hls_remote_server, G_TYPE_OBJECT)
/* *INDENT-ON* */


/* --- messages --- */

/* Returns: (transfer full) (nullable): NULL: no server is asked for. The original
 * took all for such that is true. */
static P2pJson *
p2p_hls_remote_server_get_server (P2pJson * message)
{
  P2pJson *options = p2p_json_get_object (message, "options");
  P2pJson *server = options ? p2p_json_get_object (options, "server") : NULL;
  gboolean wanted = FALSE;

  if (server)
    return p2p_json_ref (server);
  if (options)
    p2p_json_get_boolean (options, "server", &wanted);
  return wanted ? p2p_json_new () : NULL;
}

/* What answers add-torrent, in place of which there is trouble. */
static gboolean
p2p_hls_remote_server_on_add (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, const char *key, P2pJson * message,
    GError ** error)
{
  P2pJson *options = p2p_json_get_object (message, "options");
  g_autoptr (P2pJson) server = p2p_hls_remote_server_get_server (message);
  g_auto (P2pHlsRemoteId) id = { 0 };
  P2pHlsRemoteChannel *channel;
  P2pHlsRemoteHandle *handle;
  gboolean made = FALSE;

  if (!p2p_hls_remote_id_parse (&id,
          p2p_json_get_string (message, "torrentID"), error))
    return FALSE;
  channel = p2p_hls_remote_hub_find (self->hub, &id);
  if (channel == NULL && id.url == NULL) {
    g_set_error (error, P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_INVALID_TORRENT,
        "no torrent has the infohash %s: give the URL of its playlist",
        id.info_hash);
    return FALSE;
  }
  if (channel == NULL) {
    channel = p2p_hls_remote_hub_make_channel (self->hub, &id, options, error);
    if (channel == NULL)
      return FALSE;
    made = TRUE;
  }
  handle = p2p_hls_remote_hub_add_handle (self->hub, peer, channel, key);
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
  channel = p2p_hls_remote_hub_find (self->hub, &id);
  if (channel) {
    p2p_hls_remote_channel_send_opened (channel,
        p2p_hls_remote_hub_add_handle (self->hub, peer, channel, key));
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
  if (self->hub->n_handles >= P2P_HLS_REMOTE_MAX_HANDLES)
    why = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_LIMIT, "the engine has too many handles");
  else if (is_get
      ? p2p_hls_remote_server_on_subscribe (self, peer, key, message, &why)
      : p2p_hls_remote_server_on_add (self, peer, key, message, &why))
    return TRUE;
  if (!is_get) {
    p2p_hls_remote_hub_send_trouble (self->hub, peer, key, "error", why);
    return TRUE;
  }
  answer = p2p_json_new ();
  written = p2p_hls_remote_error_write (why);
  p2p_json_set_string (answer, "type", "torrent-subscribed");
  json_object_set_null_member (answer, "torrent");
  p2p_json_set_object (answer, "error", written);
  p2p_hls_remote_hub_send (self->hub, peer, key, answer);
  return TRUE;
}

/* All are told, as seed 001's server does, but once a second at most: one who asks
 * for nonsense again and again is told alone. */
static void
p2p_hls_remote_server_miss (P2pHlsRemoteServer * self, P2pHlsRemotePeer * peer,
    const char *key)
{
  gint64 now = p2p_hls_remote_time_get (&self->hub->time);
  g_autoptr (GError) error = g_error_new (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_MESSAGE, "missing torrentKey: %s", key);

  if (now - self->warned < G_TIME_SPAN_SECOND) {
    p2p_hls_remote_hub_send_trouble (self->hub, peer, NULL, "warning", error);
    return;
  }
  self->warned = now;
  p2p_hls_remote_hub_send_all (self->hub, "warning", error);
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
  p2p_hls_remote_hub_remove_peer (peer->hub, peer, FALSE);
}

static void
p2p_hls_remote_server_on_destroy (P2pHlsRemoteServer * self,
    P2pHlsRemotePeer * peer, P2pJson * message)
{
  P2pJson *options = p2p_json_get_object (message, "options");
  gint64 delay = 0;

  p2p_hls_remote_hub_trace (self->hub, "destroying client %s", peer->key);
  if (options)
    p2p_json_get_int64 (options, "delay", &delay);
  if (delay <= 0) {
    p2p_hls_remote_hub_remove_peer (self->hub, peer, FALSE);
    return;
  }
  peer->dying = TRUE;
  p2p_hls_remote_time_call (&self->hub->time, &peer->timer,
      MIN (delay, P2P_HLS_REMOTE_MAX_DELAY),
      p2p_hls_remote_server_on_delay_over, peer);
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
  peer = p2p_hls_remote_hub_get_peer (self->hub, client_key, error);
  if (peer == NULL)
    return FALSE;
  if (peer->dying)
    return TRUE;
  peer->heard = p2p_hls_remote_time_get (&self->hub->time);
  if (g_str_equal (type, "destroy")) {
    p2p_hls_remote_server_on_destroy (self, peer, message);
    return TRUE;
  }
  if (g_str_equal (type, "heartbeat")
      || p2p_hls_remote_status_take (self->hub, peer, type, message))
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
  peer = g_hash_table_lookup (self->hub->peers, client_key);
  if (peer == NULL || peer->dying)
    return;
  p2p_hls_remote_hub_trace (self->hub, "torrent client died, clientKey: %s",
      peer->key);
  p2p_hls_remote_hub_remove_peer (self->hub, peer, FALSE);
}

void
p2p_hls_remote_server_set_client_host (P2pHlsRemoteServer * self,
    const char *client_key, const char *host)
{
  P2pHlsRemotePeer *peer;

  g_return_if_fail (P2P_HLS_REMOTE_IS_SERVER (self));
  peer = p2p_hls_remote_server_is_key (client_key)
      ? p2p_hls_remote_hub_get_peer (self->hub, client_key, NULL) : NULL;
  if (peer == NULL)
    return;
  g_free (peer->host);
  peer->host = g_strdup (host);
}

char *
p2p_hls_remote_server_get_status (P2pHlsRemoteServer * self)
{
  g_autoptr (P2pJson) status = NULL;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_SERVER (self), NULL);
  status = p2p_hls_remote_status_make (self->hub, G_MAXSIZE);
  return p2p_json_to_text (status);
}

/* --- the object --- */

void
p2p_hls_remote_server_set_engine (P2pHlsRemoteServer * self,
    const P2pHlsRemoteEngineClass * klass)
{
  self->hub->klass = klass;
}

gboolean
p2p_hls_remote_server_has_client (P2pHlsRemoteServer * self, const char *key)
{
  return g_hash_table_contains (self->hub->peers, key);
}

void
p2p_hls_remote_server_set_removed (P2pHlsRemoteServer * self,
    P2pHlsRemoteRemovedFunc removed, gpointer user_data)
{
  self->removed = removed;
  self->removed_data = user_data;
}

void
p2p_hls_remote_server_set_time (P2pHlsRemoteServer * self,
    const P2pHlsRemoteTime * time)
{
  self->hub->time = *time;
}

static void
p2p_hls_remote_server_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  P2pHlsRemoteServer *self = P2P_HLS_REMOTE_SERVER (object);

  switch (id) {
    case PROP_TRACE:
      self->hub->trace = g_value_get_boolean (value);
      break;
    case PROP_HEARTBEAT_TIMEOUT:
      self->hub->heartbeat_timeout = g_value_get_uint (value);
      p2p_hls_remote_hub_watch (self->hub);
      break;
    case PROP_UPDATE_INTERVAL:
      self->hub->update_interval = g_value_get_uint (value);
      p2p_hls_remote_time_cancel (&self->hub->time, &self->hub->update_timer);
      p2p_hls_remote_hub_want_updates (self->hub);
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
      g_value_set_boolean (value, self->hub->trace);
      break;
    case PROP_HEARTBEAT_TIMEOUT:
      g_value_set_uint (value, self->hub->heartbeat_timeout);
      break;
    case PROP_UPDATE_INTERVAL:
      g_value_set_uint (value, self->hub->update_interval);
      break;
    case PROP_N_CLIENTS:
      g_value_set_uint (value, g_hash_table_size (self->hub->peers));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
p2p_hls_remote_server_finalize (GObject * object)
{
  P2pHlsRemoteServer *self = P2P_HLS_REMOTE_SERVER (object);

  p2p_hls_remote_hub_free (self->hub);
  if (self->notify)
    self->notify (self->user_data);
  G_OBJECT_CLASS (p2p_hls_remote_server_parent_class)->finalize (object);
}

static void
p2p_hls_remote_server_install_properties (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteServer:trace:
   *
   * "enable log output. default false. useful for debugging and for visibility"
   * (seed 001), with its lines, on standard output. At once.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_TRACE,
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
  g_object_class_install_property (klass, PROP_HEARTBEAT_TIMEOUT,
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
  g_object_class_install_property (klass, PROP_UPDATE_INTERVAL,
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
  g_object_class_install_property (klass, PROP_N_CLIENTS,
      g_param_spec_uint ("n-clients", "Clients", "How many it has", 0,
          G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
p2p_hls_remote_server_class_init (P2pHlsRemoteServerClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = p2p_hls_remote_server_set_property;
  object_class->get_property = p2p_hls_remote_server_get_property;
  object_class->finalize = p2p_hls_remote_server_finalize;
  p2p_hls_remote_server_install_properties (object_class);
  /**
   * P2pHlsRemoteServer::stop:
   *
   * A client asked for the end of the server (p2p_hls_remote_client_stop()): who
   * runs it may end it, but not from inside the signal.
   *
   * Since: 0.1
   */
  signals[STOP] = g_signal_new ("stop", P2P_HLS_REMOTE_TYPE_SERVER,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
p2p_hls_remote_server_on_stop (gpointer user_data)
{
  g_signal_emit (user_data, signals[STOP], 0);
}

static void
p2p_hls_remote_server_on_removed (const char *key, gboolean died,
    gpointer user_data)
{
  P2pHlsRemoteServer *self = user_data;

  if (self->removed)
    self->removed (key, died, self->removed_data);
}

static void
p2p_hls_remote_server_on_changed (gpointer user_data)
{
  g_object_notify (user_data, "n-clients");
}

static void
p2p_hls_remote_server_init (P2pHlsRemoteServer * self)
{
  self->hub = p2p_hls_remote_hub_new ();
  self->hub->removed = p2p_hls_remote_server_on_removed;
  self->hub->changed = p2p_hls_remote_server_on_changed;
  self->hub->stop = p2p_hls_remote_server_on_stop;
  self->hub->user_data = self;
  self->hub->heartbeat_timeout = P2P_HLS_REMOTE_DEFAULT_HEARTBEAT_TIMEOUT;
  self->hub->update_interval = P2P_HLS_REMOTE_DEFAULT_UPDATE_INTERVAL;
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
  self->hub->send = send;
  self->hub->send_data = user_data;
  self->user_data = user_data;
  self->notify = notify;
  parsed = p2p_hls_remote_options_parse (options, error);
  if (parsed == NULL)
    return NULL;
  self->hub->options = p2p_hls_remote_options_rename (parsed);
  if (!p2p_hls_remote_options_get_boolean (self->hub->options, "trace",
          &self->hub->trace, error)
      || !p2p_hls_remote_options_get_uint (self->hub->options,
          "heartbeat-timeout", &self->hub->heartbeat_timeout, error)
      || !p2p_hls_remote_options_get_uint (self->hub->options,
          "update-interval", &self->hub->update_interval, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
p2p_hls_remote_server_check (P2pHlsRemoteServer * self, GError ** error)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_SERVER (self), FALSE);
  return p2p_hls_remote_hub_check (self->hub, error);
}
