/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotetorrent.h"

#include "p2phlsremotehandle.h"
#include "p2phlsremoteid.h"
#include "p2phlsremoteoptions.h"
#include "p2phlsremotetime.h"
#include "p2phlsremotetorrentclass.h"

typedef struct
{
  P2pHlsRemoteCallback callback;
  gpointer user_data;
} Waiter;

struct _P2pHlsRemoteTorrent
{
  GObject parent;

  char *key;
  char *torrent_id;
  gboolean is_get;
  const P2pHlsRemoteTorrentOwner *owner;
  gpointer client;              /* its P2pHlsRemoteClient, borrowed; NULL: it
                                 * has none any more */

  gboolean answered;            /* add() or get() was */
  Waiter opened;                /* … and who is told */
  GArray *servers;              /* of Waiter: who wait for the server */
  gboolean hashed;              /* infohash was emitted */
  char *server_url, *playlist_url;
  P2pHlsRemoteInfo info;
  P2pHlsRemoteProgress progress;
};

static guint signals[N_SIGNALS];

/* *INDENT-OFF* */
G_DEFINE_TYPE (P2pHlsRemoteTorrent, p2p_hls_remote_torrent, G_TYPE_OBJECT)
/* *INDENT-ON* */

/* --- who waits --- */

static void
p2p_hls_remote_torrent_tell (P2pHlsRemoteTorrent * self, Waiter waiter,
    const GError * error)
{
  if (waiter.callback)
    waiter.callback (error, error && self->is_get ? NULL : self,
        waiter.user_data);
}

static void
p2p_hls_remote_torrent_tell_opened (P2pHlsRemoteTorrent * self,
    const GError * error)
{
  Waiter waiter = self->opened;

  self->answered = TRUE;
  self->opened.callback = NULL;
  p2p_hls_remote_torrent_tell (self, waiter, error);
}

static void
p2p_hls_remote_torrent_tell_servers (P2pHlsRemoteTorrent * self,
    const GError * error)
{
  g_autoptr (GArray) waiters = self->servers;

  self->servers = g_array_new (FALSE, FALSE, sizeof (Waiter));
  for (guint i = 0; i < waiters->len; i++) {
    Waiter waiter = g_array_index (waiters, Waiter, i);

    if (waiter.callback)
      waiter.callback (error, self, waiter.user_data);
  }
}

void
p2p_hls_remote_torrent_fail (P2pHlsRemoteTorrent * self, const GError * error)
{
  self->client = NULL;
  p2p_hls_remote_torrent_tell_opened (self, error);
  p2p_hls_remote_torrent_tell_servers (self, error);
}

/* --- messages --- */

static void
p2p_hls_remote_torrent_read_info (P2pHlsRemoteTorrent * self, P2pJson * torrent)
{
  p2p_hls_remote_info_read (&self->info, torrent);
  g_object_notify (G_OBJECT (self), "name");
  g_object_notify (G_OBJECT (self), "info-hash");
  g_object_notify (G_OBJECT (self), "length");
  g_object_notify (G_OBJECT (self), "files");
}

static void
p2p_hls_remote_torrent_read_progress (P2pHlsRemoteTorrent * self,
    P2pJson * torrent)
{
  p2p_hls_remote_progress_read (&self->progress, torrent);
  g_object_notify (G_OBJECT (self), "progress");
}

static void
p2p_hls_remote_torrent_read_server (P2pHlsRemoteTorrent * self, P2pJson * from)
{
  const char *url = p2p_json_get_string (from, "serverURL");
  const char *playlist_url = p2p_json_get_string (from, "playlistURL");

  if (url == NULL || g_strcmp0 (url, self->server_url) == 0)
    return;
  g_free (self->server_url);
  g_free (self->playlist_url);
  self->server_url = g_strdup (url);
  self->playlist_url = g_strdup (playlist_url);
  g_object_notify (G_OBJECT (self), "server-url");
  g_object_notify (G_OBJECT (self), "playlist-url");
}

static void
p2p_hls_remote_torrent_emit_infohash (P2pHlsRemoteTorrent * self)
{
  if (self->hashed || self->info.info_hash == NULL)
    return;
  self->hashed = TRUE;
  g_signal_emit (self, signals[INFOHASH], 0);
}

static void
p2p_hls_remote_torrent_on_opened (P2pHlsRemoteTorrent * self, P2pJson * message)
{
  P2pJson *torrent = p2p_json_get_object (message, "torrent");
  gboolean had_server = self->server_url != NULL;

  if (self->answered)
    return;
  if (torrent == NULL) {
    g_autoptr (GError) error = NULL;

    if (p2p_json_get_object (message, "error"))
      error = p2p_hls_remote_error_read (p2p_json_get_object (message,
              "error"));
    else
      error = g_error_new (P2P_HLS_REMOTE_ERROR,
          P2P_HLS_REMOTE_ERROR_TORRENT_MISSING, "TorrentID not found: %s",
          self->torrent_id);
    self->owner->drop (self, self->client);
    p2p_hls_remote_torrent_fail (self, error);
    return;
  }
  p2p_hls_remote_torrent_read_info (self, torrent);
  p2p_hls_remote_torrent_read_progress (self, torrent);
  p2p_hls_remote_torrent_read_server (self, torrent);
  /* Who is told may connect to the signals, and hears of what was there before. */
  p2p_hls_remote_torrent_tell_opened (self, NULL);
  p2p_hls_remote_torrent_emit_infohash (self);
  if (self->info.files->len > 0)
    g_signal_emit (self, signals[METADATA], 0);
  if (self->server_url && !had_server)
    g_signal_emit (self, signals[SERVER_READY], 0);
}

static void
p2p_hls_remote_torrent_on_info (P2pHlsRemoteTorrent * self, guint signal,
    P2pJson * message)
{
  P2pJson *torrent = p2p_json_get_object (message, "torrent");

  if (torrent == NULL)
    return;
  p2p_hls_remote_torrent_read_info (self, torrent);
  p2p_hls_remote_torrent_read_server (self, torrent);
  p2p_hls_remote_torrent_emit_infohash (self);
  if (signal == METADATA)
    g_signal_emit (self, signals[METADATA], 0);
}

static void
p2p_hls_remote_torrent_on_progress (P2pHlsRemoteTorrent * self, guint signal,
    P2pJson * message)
{
  P2pJson *torrent = p2p_json_get_object (message, "torrent");

  if (torrent == NULL)
    return;
  p2p_hls_remote_torrent_read_progress (self, torrent);
  g_signal_emit (self, signals[signal], 0);
}

static void
p2p_hls_remote_torrent_on_server (P2pHlsRemoteTorrent * self, guint signal,
    P2pJson * message)
{
  p2p_hls_remote_torrent_read_server (self, message);
  p2p_hls_remote_torrent_tell_servers (self, NULL);
  g_signal_emit (self, signals[signal], 0);
}

/* "delivered to the torrent if it has a listener, else to the client" */
static void
p2p_hls_remote_torrent_on_trouble (P2pHlsRemoteTorrent * self, guint signal,
    P2pJson * message)
{
  g_autoptr (GError) error =
      p2p_hls_remote_error_read (p2p_json_get_object (message, "error"));
  gpointer client = self->client;

  if (g_signal_has_handler_pending (self, signals[signal], 0, FALSE))
    g_signal_emit (self, signals[signal], 0, error);
  else if (client)
    g_signal_emit_by_name (client, signal == ERROR ? "error" : "warning",
        error);
  if (signal != ERROR || self->client == NULL)
    return;
  if (self->answered) {
    p2p_hls_remote_torrent_tell_servers (self, error);
  } else {
    self->owner->drop (self, self->client);
    p2p_hls_remote_torrent_fail (self, error);
  }
}

gboolean
p2p_hls_remote_torrent_receive (P2pHlsRemoteTorrent * self, const char *type,
    P2pJson * message)
{
  static const struct
  {
    const char *type;
    void (*func) (P2pHlsRemoteTorrent * self, guint signal, P2pJson * message);
    guint signal;
  } kinds[] = {
    {"infohash", p2p_hls_remote_torrent_on_info, INFOHASH},
    {"metadata", p2p_hls_remote_torrent_on_info, METADATA},
    {"download", p2p_hls_remote_torrent_on_progress, DOWNLOAD},
    {"upload", p2p_hls_remote_torrent_on_progress, UPLOAD},
    {"update", p2p_hls_remote_torrent_on_progress, UPDATE},
    {"done", p2p_hls_remote_torrent_on_progress, DONE},
    {"server-ready", p2p_hls_remote_torrent_on_server, SERVER_READY},
    {"warning", p2p_hls_remote_torrent_on_trouble, WARNING},
    {"error", p2p_hls_remote_torrent_on_trouble, ERROR},
  };

  if (g_str_equal (type, "torrent-subscribed")) {
    p2p_hls_remote_torrent_on_opened (self, message);
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (g_str_equal (type, kinds[i].type)) {
      kinds[i].func (self, kinds[i].signal, message);
      return TRUE;
    }
  }
  return FALSE;
}

/* --- what is asked of it --- */

typedef struct
{
  P2pHlsRemoteTorrent *torrent;
  Waiter waiter;
  GError *error;
} Refusal;

static void
p2p_hls_remote_torrent_on_refusal (gpointer data)
{
  Refusal *refusal = data;

  if (refusal->waiter.callback)
    refusal->waiter.callback (refusal->error, refusal->torrent,
        refusal->waiter.user_data);
  g_object_unref (refusal->torrent);
  g_error_free (refusal->error);
  g_free (refusal);
}

/* error: (transfer full) */
static void
p2p_hls_remote_torrent_refuse (P2pHlsRemoteTorrent * self, Waiter waiter,
    GError * error)
{
  Refusal *refusal = g_new (Refusal, 1);

  refusal->torrent = g_object_ref (self);
  refusal->waiter = waiter;
  refusal->error = error;
  p2p_hls_remote_defer (p2p_hls_remote_torrent_on_refusal, refusal);
}

void
p2p_hls_remote_torrent_create_server (P2pHlsRemoteTorrent * self,
    const char *options, P2pHlsRemoteCallback callback, gpointer user_data)
{
  Waiter waiter = { callback, user_data };
  GError *error = NULL;
  g_autoptr (P2pJson) parsed = NULL;

  g_return_if_fail (P2P_HLS_REMOTE_IS_TORRENT (self));
  parsed = p2p_hls_remote_options_parse (options, &error);
  if (parsed && self->client == NULL)
    error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_DESTROYED, "the client was destroyed");
  if (error) {
    p2p_hls_remote_torrent_refuse (self, waiter, error);
    return;
  }
  g_array_append_val (self->servers, waiter);
  self->owner->create_server (self, parsed, self->client);
}

const char *
p2p_hls_remote_torrent_get_key (P2pHlsRemoteTorrent * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_TORRENT (self), NULL);
  return self->key;
}

const char *
p2p_hls_remote_torrent_get_server_url (P2pHlsRemoteTorrent * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_TORRENT (self), NULL);
  return self->server_url;
}

const char *
p2p_hls_remote_torrent_get_playlist_url (P2pHlsRemoteTorrent * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_TORRENT (self), NULL);
  return self->playlist_url;
}

const char *
p2p_hls_remote_torrent_get_info_hash (P2pHlsRemoteTorrent * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_TORRENT (self), NULL);
  return self->info.info_hash;
}

const char *
p2p_hls_remote_torrent_get_name (P2pHlsRemoteTorrent * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_TORRENT (self), NULL);
  return self->info.name;
}

GPtrArray *
p2p_hls_remote_torrent_get_files (P2pHlsRemoteTorrent * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_TORRENT (self), NULL);
  return self->info.files;
}

/* --- the object --- */

static void
p2p_hls_remote_torrent_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  P2pHlsRemoteTorrent *self = P2P_HLS_REMOTE_TORRENT (object);

  switch (id) {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_KEY:
      g_value_set_string (value, self->key);
      break;
    case PROP_SERVER_URL:
      g_value_set_string (value, self->server_url);
      break;
    case PROP_PLAYLIST_URL:
      g_value_set_string (value, self->playlist_url);
      break;
    case PROP_INFO_HASH:
      g_value_set_string (value, self->info.info_hash);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->info.name);
      break;
    case PROP_LENGTH:
      g_value_set_int64 (value, self->info.length);
      break;
    case PROP_FILES:
      g_value_set_boxed (value, self->info.files);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress.progress);
      break;
    case PROP_DOWNLOADED:
      g_value_set_uint64 (value, self->progress.downloaded);
      break;
    case PROP_UPLOADED:
      g_value_set_uint64 (value, self->progress.uploaded);
      break;
    case PROP_DOWNLOAD_SPEED:
      g_value_set_double (value, self->progress.download_speed);
      break;
    case PROP_UPLOAD_SPEED:
      g_value_set_double (value, self->progress.upload_speed);
      break;
    case PROP_RATIO:
      g_value_set_double (value, self->progress.ratio);
      break;
    case PROP_NUM_PEERS:
      g_value_set_uint (value, self->progress.num_peers);
      break;
    case PROP_TIME_REMAINING:
      g_value_set_double (value, self->progress.time_remaining);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
p2p_hls_remote_torrent_finalize (GObject * object)
{
  P2pHlsRemoteTorrent *self = P2P_HLS_REMOTE_TORRENT (object);

  g_free (self->key);
  g_free (self->torrent_id);
  g_free (self->server_url);
  g_free (self->playlist_url);
  g_array_unref (self->servers);
  p2p_hls_remote_info_clear (&self->info);
  G_OBJECT_CLASS (p2p_hls_remote_torrent_parent_class)->finalize (object);
}

static void
p2p_hls_remote_torrent_class_init (P2pHlsRemoteTorrentClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = p2p_hls_remote_torrent_get_property;
  object_class->finalize = p2p_hls_remote_torrent_finalize;
  p2p_hls_remote_torrent_install (object_class, signals);
}

static void
p2p_hls_remote_torrent_init (P2pHlsRemoteTorrent * self)
{
  self->key = p2p_hls_remote_id_make_key ();
  self->servers = g_array_new (FALSE, FALSE, sizeof (Waiter));
  p2p_hls_remote_info_init (&self->info);
  p2p_hls_remote_progress_init (&self->progress);
}

P2pHlsRemoteTorrent *
p2p_hls_remote_torrent_new (const char *torrent_id, gboolean is_get,
    P2pHlsRemoteCallback callback, gpointer user_data,
    const P2pHlsRemoteTorrentOwner * owner, gpointer owner_data)
{
  P2pHlsRemoteTorrent *self = g_object_new (P2P_HLS_REMOTE_TYPE_TORRENT, NULL);

  self->torrent_id = g_strdup (torrent_id);
  self->is_get = is_get;
  self->opened.callback = callback;
  self->opened.user_data = user_data;
  self->owner = owner;
  self->client = owner_data;
  return self;
}
