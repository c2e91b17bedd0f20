/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteclient.h"

#include "p2phlsremoteclientpriv.h"
#include "p2phlsremotehandle.h"
#include "p2phlsremoteid.h"
#include "p2phlsremotelimits.h"
#include "p2phlsremoteoptions.h"

#include <string.h>

struct _P2pHlsRemoteClient
{
  GObject parent;

  char *key;
  P2pHlsRemoteSendFunc send;
  gpointer user_data;
  GDestroyNotify notify;
  GMainContext *context;
  P2pHlsRemoteTime time;
  guint heartbeat;              /* ms; 0: none */
  guint timer;
  GHashTable *torrents;         /* key -> P2pHlsRemoteTorrent */
  GQueue questions;             /* of Question, asked first first */
  gboolean destroyed;
};

enum
{
  PROP_KEY = 1,
  PROP_HEARTBEAT,
};

enum
{
  WARNING,
  ERROR,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* *INDENT-OFF* */
G_DEFINE_TYPE (P2pHlsRemoteClient, p2p_hls_remote_client, G_TYPE_OBJECT)
/* *INDENT-ON* */

/* --- sending --- */

static P2pJson *
p2p_hls_remote_client_make_message (P2pHlsRemoteClient * self, const char *type)
{
  P2pJson *message = p2p_json_new ();

  p2p_json_set_string (message, "type", type);
  p2p_json_set_string (message, "clientKey", self->key);
  return message;
}

static void
p2p_hls_remote_client_send (P2pHlsRemoteClient * self, P2pJson * message)
{
  g_autofree char *text = p2p_json_to_text (message);

  self->send (self->key, text, self->user_data);
}

static void
p2p_hls_remote_client_on_heartbeat (gpointer user_data)
{
  P2pHlsRemoteClient *self = user_data;
  g_autoptr (P2pJson) message = p2p_hls_remote_client_make_message (self,
      "heartbeat");

  p2p_hls_remote_time_call (&self->time, &self->timer, self->heartbeat,
      p2p_hls_remote_client_on_heartbeat, self);
  p2p_hls_remote_client_send (self, message);
}

static void
p2p_hls_remote_client_begin_heartbeat (P2pHlsRemoteClient * self)
{
  p2p_hls_remote_time_cancel (&self->time, &self->timer);
  if (self->heartbeat > 0 && !self->destroyed)
    p2p_hls_remote_time_call (&self->time, &self->timer, self->heartbeat,
        p2p_hls_remote_client_on_heartbeat, self);
}

void
p2p_hls_remote_client_set_time (P2pHlsRemoteClient * self,
    const P2pHlsRemoteTime * time)
{
  p2p_hls_remote_time_cancel (&self->time, &self->timer);
  self->time = *time;
  p2p_hls_remote_client_begin_heartbeat (self);
}

/* --- torrents --- */

static void
p2p_hls_remote_client_torrent_create_server (P2pHlsRemoteTorrent * torrent,
    P2pJson * options, gpointer owner)
{
  P2pHlsRemoteClient *self = owner;
  g_autoptr (P2pJson) message = p2p_hls_remote_client_make_message (self,
      "create-server");

  p2p_json_set_string (message, "torrentKey",
      p2p_hls_remote_torrent_get_key (torrent));
  p2p_json_set_object (message, "options", options);
  p2p_hls_remote_client_send (self, message);
}

static void
p2p_hls_remote_client_torrent_drop (P2pHlsRemoteTorrent * torrent,
    gpointer owner)
{
  P2pHlsRemoteClient *self = owner;

  g_hash_table_remove (self->torrents,
      p2p_hls_remote_torrent_get_key (torrent));
}

static const P2pHlsRemoteTorrentOwner torrent_owner = {
  p2p_hls_remote_client_torrent_create_server,
  p2p_hls_remote_client_torrent_drop,
};

typedef struct
{
  P2pHlsRemoteTorrent *torrent;
  GError *error;
} Refusal;

static void
p2p_hls_remote_client_on_refusal (gpointer data)
{
  Refusal *refusal = data;

  p2p_hls_remote_torrent_fail (refusal->torrent, refusal->error);
  g_object_unref (refusal->torrent);
  g_error_free (refusal->error);
  g_free (refusal);
}

/* options: (nullable). error: (nullable) (transfer full): why it cannot be */
static P2pHlsRemoteTorrent *
p2p_hls_remote_client_open (P2pHlsRemoteClient * self, const char *type,
    const char *torrent_id, P2pJson * options, GError * error,
    P2pHlsRemoteCallback callback, gpointer user_data)
{
  g_autofree char *id = g_utf8_make_valid (torrent_id ? torrent_id : "", -1);
  P2pHlsRemoteTorrent *torrent;
  g_autoptr (P2pJson) message = NULL;
  const char *key;

  if (error == NULL && self->destroyed)
    error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
        P2P_HLS_REMOTE_ERROR_DESTROYED, "the client was destroyed");
  torrent = p2p_hls_remote_torrent_new (id, g_str_equal (type, "subscribe"),
      callback, user_data, &torrent_owner, error ? NULL : self);
  if (error) {
    Refusal *refusal = g_new (Refusal, 1);

    refusal->torrent = g_object_ref (torrent);
    refusal->error = error;
    p2p_hls_remote_defer (p2p_hls_remote_client_on_refusal, refusal);
    return torrent;
  }
  key = p2p_hls_remote_torrent_get_key (torrent);
  g_hash_table_insert (self->torrents, g_strdup (key), g_object_ref (torrent));
  message = p2p_hls_remote_client_make_message (self, type);
  p2p_json_set_string (message, "torrentKey", key);
  p2p_json_set_string (message, "torrentID", id);
  if (options)
    p2p_json_set_object (message, "options", options);
  p2p_hls_remote_client_send (self, message);
  return torrent;
}

P2pHlsRemoteTorrent *
p2p_hls_remote_client_add (P2pHlsRemoteClient * self, const char *torrent_id,
    const char *options, P2pHlsRemoteCallback callback, gpointer user_data)
{
  GError *error = NULL;
  g_autoptr (P2pJson) parsed = NULL;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self), NULL);
  parsed = p2p_hls_remote_options_parse (options, &error);
  return p2p_hls_remote_client_open (self, "add-torrent", torrent_id, parsed,
      error, callback, user_data);
}

void
p2p_hls_remote_client_get (P2pHlsRemoteClient * self, const char *torrent_id,
    P2pHlsRemoteCallback callback, gpointer user_data)
{
  g_return_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self));
  g_object_unref (p2p_hls_remote_client_open (self, "subscribe", torrent_id,
          NULL, NULL, callback, user_data));
}

/* --- questions about the server --- */

typedef struct
{
  const char *answer;           /* type of it */
  P2pHlsRemoteTextCallback callback;
  gpointer user_data;
} Question;

static void
p2p_hls_remote_client_answer (Question * question, const GError * error,
    const char *text)
{
  question->callback (error, text, question->user_data);
  g_free (question);
}

static void
p2p_hls_remote_client_on_late_question (gpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_DESTROYED, "the client was destroyed");

  p2p_hls_remote_client_answer (data, error, NULL);
}

static void
p2p_hls_remote_client_ask (P2pHlsRemoteClient * self, P2pJson * message,
    const char *answer, P2pHlsRemoteTextCallback callback, gpointer user_data)
{
  Question *question = g_new (Question, 1);

  question->answer = answer;
  question->callback = callback;
  question->user_data = user_data;
  if (self->destroyed) {
    p2p_hls_remote_defer (p2p_hls_remote_client_on_late_question, question);
    return;
  }
  g_queue_push_tail (&self->questions, question);
  p2p_hls_remote_client_send (self, message);
}

void
p2p_hls_remote_client_get_status (P2pHlsRemoteClient * self,
    P2pHlsRemoteTextCallback callback, gpointer user_data)
{
  g_autoptr (P2pJson) message = NULL;

  g_return_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self));
  message = p2p_hls_remote_client_make_message (self, "status");
  p2p_hls_remote_client_ask (self, message, "status", callback, user_data);
}

void
p2p_hls_remote_client_stop (P2pHlsRemoteClient * self, const char *torrent_id,
    P2pHlsRemoteTextCallback callback, gpointer user_data)
{
  g_autoptr (P2pJson) message = NULL;

  g_return_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self));
  message = p2p_hls_remote_client_make_message (self, "stop");
  if (torrent_id) {
    g_autofree char *id = g_utf8_make_valid (torrent_id, -1);

    p2p_json_set_string (message, "torrentID", id);
  }
  p2p_hls_remote_client_ask (self, message, "stopped", callback, user_data);
}

/* Returns: FALSE if message answers none */
static gboolean
p2p_hls_remote_client_on_answer (P2pHlsRemoteClient * self, const char *type,
    P2pJson * message)
{
  P2pJson *status = p2p_json_get_object (message, "status");
  P2pJson *trouble = p2p_json_get_object (message, "error");

  for (GList * l = self->questions.head; l; l = l->next) {
    Question *question = l->data;
    g_autofree char *text = status ? p2p_json_to_text (status) : NULL;
    g_autoptr (GError) error = NULL;

    if (!g_str_equal (question->answer, type))
      continue;
    if (trouble || (text == NULL && g_str_equal (type, "status")))
      error = p2p_hls_remote_error_read (trouble);
    g_queue_delete_link (&self->questions, l);
    p2p_hls_remote_client_answer (question, error, error ? NULL : text);
    return TRUE;
  }
  return FALSE;
}

/* --- receiving --- */

static gboolean
p2p_hls_remote_client_refuse (const char *what, const char *about,
    GError ** error)
{
  g_set_error (error, P2P_HLS_REMOTE_ERROR, P2P_HLS_REMOTE_ERROR_MESSAGE,
      "%s%s", what, about);
  return FALSE;
}

/* Of the whole engine. */
static void
p2p_hls_remote_client_on_trouble (P2pHlsRemoteClient * self, const char *type,
    P2pJson * message)
{
  guint signal = g_str_equal (type, "error") ? ERROR : WARNING;
  g_autoptr (GError) error = NULL;

  if (signal == WARNING && !g_str_equal (type, "warning")) {
    g_debug ("ignoring a message of an unknown type");
    return;
  }
  error = p2p_hls_remote_error_read (p2p_json_get_object (message, "error"));
  g_signal_emit (self, signals[signal], 0, error);
}

gboolean
p2p_hls_remote_client_receive (P2pHlsRemoteClient * self, const char *text,
    gssize length, GError ** error)
{
  g_autoptr (P2pHlsRemoteClient) held = NULL;
  g_autoptr (P2pHlsRemoteTorrent) torrent = NULL;
  g_autoptr (P2pJson) message = NULL;
  const char *type, *key;

  g_return_val_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self), FALSE);
  message = p2p_json_parse (text, length < 0 ? strlen (text) : (gsize) length,
      P2P_HLS_REMOTE_MAX_ANSWER);
  type = message ? p2p_json_get_string (message, "type") : NULL;
  if (type == NULL)
    return p2p_hls_remote_client_refuse ("not a message", "", error);
  if (self->destroyed
      || g_strcmp0 (p2p_json_get_string (message, "clientKey"), self->key)) {
    g_debug ("ignoring a message for another client, or a destroyed one");
    return TRUE;
  }
  held = g_object_ref (self);
  key = p2p_json_get_string (message, "torrentKey");
  if (key == NULL && p2p_hls_remote_client_on_answer (self, type, message))
    return TRUE;
  if (key == NULL) {
    p2p_hls_remote_client_on_trouble (self, type, message);
    return TRUE;
  }
  torrent = g_hash_table_lookup (self->torrents, key);
  if (torrent == NULL)
    return p2p_hls_remote_client_refuse ("Unrecognized torrentKey: ", key,
        error);
  g_object_ref (torrent);
  if (!p2p_hls_remote_torrent_receive (torrent, type, message))
    g_debug ("ignoring a message of an unknown type");
  return TRUE;
}

/* --- life --- */

static void
p2p_hls_remote_client_end (P2pHlsRemoteClient * self, const GError * error)
{
  g_autoptr (GHashTable) torrents = self->torrents;
  GHashTableIter iter;
  gpointer torrent;

  self->destroyed = TRUE;
  p2p_hls_remote_time_cancel (&self->time, &self->timer);
  self->torrents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_object_unref);
  g_hash_table_iter_init (&iter, torrents);
  while (g_hash_table_iter_next (&iter, NULL, &torrent))
    p2p_hls_remote_torrent_fail (torrent, error);
  while (self->questions.length > 0)
    p2p_hls_remote_client_answer (g_queue_pop_head (&self->questions), error,
        NULL);
}

void
p2p_hls_remote_client_destroy (P2pHlsRemoteClient * self, guint delay)
{
  g_autoptr (P2pJson) message = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self));
  if (self->destroyed)
    return;
  message = p2p_hls_remote_client_make_message (self, "destroy");
  if (delay > 0) {
    g_autoptr (P2pJson) options = p2p_json_new ();

    p2p_json_set_int64 (options, "delay", delay);
    p2p_json_set_object (message, "options", options);
  }
  p2p_hls_remote_client_send (self, message);
  error = g_error_new_literal (P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_DESTROYED, "the client was destroyed");
  p2p_hls_remote_client_end (self, error);
}

void
p2p_hls_remote_client_fail (P2pHlsRemoteClient * self, const GError * error)
{
  g_autoptr (P2pHlsRemoteClient) held = NULL;

  g_return_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self));
  if (self->destroyed)
    return;
  held = g_object_ref (self);
  p2p_hls_remote_client_end (self, error);
  g_signal_emit (self, signals[ERROR], 0, error);
}

const char *
p2p_hls_remote_client_get_key (P2pHlsRemoteClient * self)
{
  g_return_val_if_fail (P2P_HLS_REMOTE_IS_CLIENT (self), NULL);
  return self->key;
}

static void
p2p_hls_remote_client_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  P2pHlsRemoteClient *self = P2P_HLS_REMOTE_CLIENT (object);

  if (id != PROP_HEARTBEAT) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  self->heartbeat = g_value_get_uint (value);
  p2p_hls_remote_client_begin_heartbeat (self);
}

static void
p2p_hls_remote_client_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  P2pHlsRemoteClient *self = P2P_HLS_REMOTE_CLIENT (object);

  switch (id) {
    case PROP_KEY:
      g_value_set_string (value, self->key);
      break;
    case PROP_HEARTBEAT:
      g_value_set_uint (value, self->heartbeat);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
p2p_hls_remote_client_dispose (GObject * object)
{
  P2pHlsRemoteClient *self = P2P_HLS_REMOTE_CLIENT (object);

  if (self->send)
    p2p_hls_remote_client_destroy (self, 0);
  G_OBJECT_CLASS (p2p_hls_remote_client_parent_class)->dispose (object);
}

static void
p2p_hls_remote_client_finalize (GObject * object)
{
  P2pHlsRemoteClient *self = P2P_HLS_REMOTE_CLIENT (object);

  p2p_hls_remote_time_cancel (&self->time, &self->timer);
  if (self->notify)
    self->notify (self->user_data);
  g_hash_table_unref (self->torrents);
  g_main_context_unref (self->context);
  g_free (self->key);
  G_OBJECT_CLASS (p2p_hls_remote_client_parent_class)->finalize (object);
}

static void
p2p_hls_remote_client_class_init (P2pHlsRemoteClientClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = p2p_hls_remote_client_set_property;
  object_class->get_property = p2p_hls_remote_client_get_property;
  object_class->dispose = p2p_hls_remote_client_dispose;
  object_class->finalize = p2p_hls_remote_client_finalize;
  /**
   * P2pHlsRemoteClient:key:
   *
   * Its clientKey in messages: 32 hexadecimal digits.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_KEY,
      g_param_spec_string ("key", "Key", "Its name in messages", NULL,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  /**
   * P2pHlsRemoteClient:heartbeat:
   *
   * "send a heartbeat once every x milliseconds. default 5000 (5 seconds). set to 0
   * to disable heartbeats" (seed 001). At once.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_HEARTBEAT,
      g_param_spec_uint ("heartbeat", "Heartbeat", "Milliseconds between two",
          0, G_MAXINT, P2P_HLS_REMOTE_DEFAULT_HEARTBEAT,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  /**
   * P2pHlsRemoteClient::warning:
   * @self: whose it is
   * @error: what happened, to the engine or to a torrent of which nobody listens
   *   to warnings
   *
   * Since: 0.1
   */
  signals[WARNING] = g_signal_new ("warning", P2P_HLS_REMOTE_TYPE_CLIENT,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  /**
   * P2pHlsRemoteClient::error:
   * @self: whose it is
   * @error: what happened, to the engine or to a torrent of which nobody listens
   *   to errors
   *
   * Since: 0.1
   */
  signals[ERROR] = g_signal_new ("error", P2P_HLS_REMOTE_TYPE_CLIENT,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
p2p_hls_remote_client_init (P2pHlsRemoteClient * self)
{
  self->key = p2p_hls_remote_id_make_key ();
  self->context = g_main_context_ref_thread_default ();
  p2p_hls_remote_time_init (&self->time, self->context);
  self->heartbeat = P2P_HLS_REMOTE_DEFAULT_HEARTBEAT;
  self->torrents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_object_unref);
  g_queue_init (&self->questions);
}

P2pHlsRemoteClient *
p2p_hls_remote_client_new (const char *options, P2pHlsRemoteSendFunc send,
    gpointer user_data, GDestroyNotify notify, GError ** error)
{
  g_autoptr (P2pJson) parsed = p2p_hls_remote_options_parse (options, error);
  P2pHlsRemoteClient *self;
  guint heartbeat = P2P_HLS_REMOTE_DEFAULT_HEARTBEAT;

  g_return_val_if_fail (send != NULL, NULL);
  if (parsed == NULL
      || !p2p_hls_remote_options_get_uint (parsed, "heartbeat", &heartbeat,
          error)) {
    if (notify)
      notify (user_data);
    return NULL;
  }
  self = g_object_new (P2P_HLS_REMOTE_TYPE_CLIENT, NULL);
  self->send = send;
  self->user_data = user_data;
  self->notify = notify;
  self->heartbeat = heartbeat;
  p2p_hls_remote_client_begin_heartbeat (self);
  return self;
}
