/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremotetorrent.h"

#include "p2phlsremotehandle.h"
#include "p2phlsremoteid.h"
#include "p2phlsremoteoptions.h"
#include "p2phlsremotetime.h"

#include <math.h>

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

enum
{
  PROP_CLIENT = 1,
  PROP_KEY,
  PROP_SERVER_URL,
  PROP_PLAYLIST_URL,
  PROP_INFO_HASH,
  PROP_NAME,
  PROP_LENGTH,
  PROP_FILES,
  PROP_PROGRESS,
  PROP_DOWNLOADED,
  PROP_UPLOADED,
  PROP_DOWNLOAD_SPEED,
  PROP_UPLOAD_SPEED,
  PROP_RATIO,
  PROP_NUM_PEERS,
  PROP_TIME_REMAINING,
};

enum
{
  INFOHASH,
  METADATA,
  DOWNLOAD,
  UPLOAD,
  UPDATE,
  DONE,
  SERVER_READY,
  WARNING,
  ERROR,
  N_SIGNALS
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

#define READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

static void
p2p_hls_remote_torrent_install_handle (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:client: (type P2pHlsRemoteClient)
   *
   * "client: the WebTorrentRemoteClient"; %NULL once it is destroyed.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_CLIENT,
      g_param_spec_object ("client", "Client", "Whose handle it is",
          G_TYPE_OBJECT, READ));
  /**
   * P2pHlsRemoteTorrent:key:
   *
   * "key: the clientKey used for messaging" (seed 001), which is the torrent's own.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_KEY,
      g_param_spec_string ("key", "Key", "Its name in messages", NULL, READ));
  /**
   * P2pHlsRemoteTorrent:server-url:
   *
   * "serverURL: the base URL for the local HTTP server if running, or null".
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_SERVER_URL,
      g_param_spec_string ("server-url", "Server URL",
          "A page of it on the engine's HTTP server", NULL, READ));
  /**
   * P2pHlsRemoteTorrent:playlist-url:
   *
   * Beyond the seed: its playlist below server-url, which is what any player opens.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_PLAYLIST_URL,
      g_param_spec_string ("playlist-url", "Playlist URL",
          "Where any player opens it", NULL, READ));
}

static void
p2p_hls_remote_torrent_install_info (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:info-hash:
   *
   * `infoHash` of seed 001: 40 hexadecimal digits that name the swarm, as trackers
   * of seed 002 have it; %NULL before the signal infohash.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_INFO_HASH,
      g_param_spec_string ("info-hash", "Info hash", "Name of its swarm", NULL,
          READ));
  /**
   * P2pHlsRemoteTorrent:name:
   *
   * `name` of seed 001; %NULL before the signal infohash.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_NAME,
      g_param_spec_string ("name", "Name", "For people", NULL, READ));
  /**
   * P2pHlsRemoteTorrent:length:
   *
   * `length` of seed 001, in bytes; -1 is its null: of a live stream, and where it
   * is not known.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_LENGTH,
      g_param_spec_int64 ("length", "Length", "Bytes; -1: not known, or live",
          -1, G_MAXINT64, -1, READ));
  /**
   * P2pHlsRemoteTorrent:files: (type GLib.PtrArray(P2pHlsRemoteFile))
   *
   * `files` of seed 001, of #P2pHlsRemoteFile: the renditions; empty before the
   * signal metadata.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_FILES,
      g_param_spec_boxed ("files", "Files", "Its renditions",
          G_TYPE_PTR_ARRAY, READ));
}

static void
p2p_hls_remote_torrent_install_progress (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:progress:
   *
   * How much of it is there or was, from 0 to 1: of a VOD all, of a live stream
   * its window.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_PROGRESS,
      g_param_spec_double ("progress", "Progress", "From 0 to 1", 0, INFINITY,
          0, READ));
  /**
   * P2pHlsRemoteTorrent:downloaded:
   *
   * Bytes that came, over HTTP and from peers.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_DOWNLOADED,
      g_param_spec_uint64 ("downloaded", "Downloaded", "Bytes that came", 0,
          G_MAXUINT64, 0, READ));
  /**
   * P2pHlsRemoteTorrent:uploaded:
   *
   * Bytes that went to peers.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_UPLOADED,
      g_param_spec_uint64 ("uploaded", "Uploaded", "Bytes that went to peers",
          0, G_MAXUINT64, 0, READ));
  /**
   * P2pHlsRemoteTorrent:download-speed:
   *
   * Bytes a second that come.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_DOWNLOAD_SPEED,
      g_param_spec_double ("download-speed", "Download speed",
          "Bytes a second", 0, INFINITY, 0, READ));
  /**
   * P2pHlsRemoteTorrent:upload-speed:
   *
   * Bytes a second that go to peers.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_UPLOAD_SPEED,
      g_param_spec_double ("upload-speed", "Upload speed", "Bytes a second", 0,
          INFINITY, 0, READ));
}

static void
p2p_hls_remote_torrent_install_standing (GObjectClass * klass)
{
  /**
   * P2pHlsRemoteTorrent:ratio:
   *
   * uploaded to downloaded.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_RATIO,
      g_param_spec_double ("ratio", "Ratio", "Uploaded to downloaded", 0,
          INFINITY, 0, READ));
  /**
   * P2pHlsRemoteTorrent:num-peers:
   *
   * Peers that are connected.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_NUM_PEERS,
      g_param_spec_uint ("num-peers", "Peers", "That are connected", 0,
          G_MAXUINT, 0, READ));
  /**
   * P2pHlsRemoteTorrent:time-remaining:
   *
   * Milliseconds until it is done; infinity where nobody knows, which is null in
   * messages.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_TIME_REMAINING,
      g_param_spec_double ("time-remaining", "Time remaining",
          "Milliseconds until it is done", 0, INFINITY, INFINITY, READ));
}

static guint
p2p_hls_remote_torrent_add_signal (const char *name)
{
  return g_signal_new (name, P2P_HLS_REMOTE_TYPE_TORRENT, G_SIGNAL_RUN_LAST, 0,
      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
p2p_hls_remote_torrent_add_signals (void)
{
  /**
   * P2pHlsRemoteTorrent::infohash:
   *
   * name and info-hash are set. Once.
   *
   * Since: 0.1
   */
  signals[INFOHASH] = p2p_hls_remote_torrent_add_signal ("infohash");
  /**
   * P2pHlsRemoteTorrent::metadata:
   *
   * The playlist was read: files and length are set.
   *
   * Since: 0.1
   */
  signals[METADATA] = p2p_hls_remote_torrent_add_signal ("metadata");
  /**
   * P2pHlsRemoteTorrent::download:
   *
   * Bytes came; told a few times a second at most.
   *
   * Since: 0.1
   */
  signals[DOWNLOAD] = p2p_hls_remote_torrent_add_signal ("download");
  /**
   * P2pHlsRemoteTorrent::upload:
   *
   * Bytes went to peers; told a few times a second at most.
   *
   * Since: 0.1
   */
  signals[UPLOAD] = p2p_hls_remote_torrent_add_signal ("upload");
  /**
   * P2pHlsRemoteTorrent::update:
   *
   * "fires periodically, see updateInterval" (seed 001).
   *
   * Since: 0.1
   */
  signals[UPDATE] = p2p_hls_remote_torrent_add_signal ("update");
  /**
   * P2pHlsRemoteTorrent::done:
   *
   * All of a VOD was loaded; never of a live stream.
   *
   * Since: 0.1
   */
  signals[DONE] = p2p_hls_remote_torrent_add_signal ("done");
  /**
   * P2pHlsRemoteTorrent::server-ready:
   *
   * server-url can be opened.
   *
   * Since: 0.1
   */
  signals[SERVER_READY] = p2p_hls_remote_torrent_add_signal ("server-ready");
}

static void
p2p_hls_remote_torrent_class_init (P2pHlsRemoteTorrentClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = p2p_hls_remote_torrent_get_property;
  object_class->finalize = p2p_hls_remote_torrent_finalize;
  p2p_hls_remote_torrent_install_handle (object_class);
  p2p_hls_remote_torrent_install_info (object_class);
  p2p_hls_remote_torrent_install_progress (object_class);
  p2p_hls_remote_torrent_install_standing (object_class);
  p2p_hls_remote_torrent_add_signals ();
  /**
   * P2pHlsRemoteTorrent::warning:
   * @self: whose it is
   * @error: what happened; the engine goes on by itself
   *
   * Where nobody is connected to it, the client emits its own.
   *
   * Since: 0.1
   */
  signals[WARNING] = g_signal_new ("warning", P2P_HLS_REMOTE_TYPE_TORRENT,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  /**
   * P2pHlsRemoteTorrent::error:
   * @self: whose it is
   * @error: what happened
   *
   * Where nobody is connected to it, the client emits its own.
   *
   * Since: 0.1
   */
  signals[ERROR] = g_signal_new ("error", P2P_HLS_REMOTE_TYPE_TORRENT,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
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
