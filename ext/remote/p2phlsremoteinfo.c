/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteinfo.h"

#include <json-glib/json-glib.h>
#include <math.h>

/* Files of a message that are read */
#define MAX_FILES 4096

static void
free_file (gpointer file)
{
  g_boxed_free (P2P_HLS_REMOTE_TYPE_FILE, file);
}

GPtrArray *
p2p_hls_remote_files_new (void)
{
  return g_ptr_array_new_with_free_func (free_file);
}

void
p2p_hls_remote_files_add (GPtrArray * self, char *name, gint64 length)
{
  P2pHlsRemoteFile *file = g_new (P2pHlsRemoteFile, 1);

  file->name = name;
  file->length = length;
  g_ptr_array_add (self, file);
}

void
p2p_hls_remote_info_init (P2pHlsRemoteInfo * self)
{
  self->name = NULL;
  self->info_hash = NULL;
  self->length = -1;
  self->live = FALSE;
  self->files = p2p_hls_remote_files_new ();
}

void
p2p_hls_remote_info_clear (P2pHlsRemoteInfo * self)
{
  g_free (self->name);
  g_free (self->info_hash);
  g_ptr_array_unref (self->files);
}

void
p2p_hls_remote_progress_init (P2pHlsRemoteProgress * self)
{
  *self = (P2pHlsRemoteProgress) {
  0};
  self->time_remaining = INFINITY;
}

/* --- writing --- */

static void
set_string (P2pJson * object, const char *name, const char *value)
{
  if (value)
    p2p_json_set_string (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static void
set_length (P2pJson * object, gint64 length)
{
  if (length >= 0)
    p2p_json_set_int64 (object, "length", length);
  else
    json_object_set_null_member (object, "length");
}

static void
set_double (P2pJson * object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

void
p2p_hls_remote_info_write (const P2pHlsRemoteInfo * self,
    const char *server_url, const char *playlist_url, P2pJson * torrent)
{
  g_autoptr (GPtrArray) files =
      g_ptr_array_new_with_free_func ((GDestroyNotify) p2p_json_unref);

  for (guint i = 0; i < self->files->len; i++) {
    const P2pHlsRemoteFile *file = g_ptr_array_index (self->files, i);
    P2pJson *object = p2p_json_new ();

    p2p_json_set_string (object, "name", file->name);
    set_length (object, file->length);
    g_ptr_array_add (files, object);
  }
  set_string (torrent, "name", self->name);
  set_string (torrent, "infohash", self->info_hash);
  set_length (torrent, self->length);
  set_string (torrent, "serverURL", server_url);
  p2p_json_set_objects (torrent, "files", files);
  if (playlist_url)
    p2p_json_set_string (torrent, "playlistURL", playlist_url);
}

void
p2p_hls_remote_progress_write (const P2pHlsRemoteProgress * self,
    gint64 length, P2pJson * torrent)
{
  set_double (torrent, "progress", self->progress);
  p2p_json_set_int64 (torrent, "downloaded", self->downloaded);
  p2p_json_set_int64 (torrent, "uploaded", self->uploaded);
  set_length (torrent, length);
  set_double (torrent, "downloadSpeed", self->download_speed);
  set_double (torrent, "uploadSpeed", self->upload_speed);
  set_double (torrent, "ratio", self->ratio);
  p2p_json_set_int64 (torrent, "numPeers", self->num_peers);
  set_double (torrent, "timeRemaining", self->time_remaining);
}

P2pJson *
p2p_hls_remote_error_write (const GError * error)
{
  P2pJson *object = p2p_json_new ();
  g_autofree char *text = g_utf8_make_valid (error->message, -1);
  g_autofree char *stack = g_strdup_printf ("%s: %s",
      p2p_hls_remote_error_get_name (error), text);

  p2p_json_set_string (object, "name", p2p_hls_remote_error_get_name (error));
  p2p_json_set_string (object, "message", text);
  p2p_json_set_string (object, "stack", stack);
  return object;
}

/* --- reading --- */

static void
get_string (P2pJson * object, const char *name, char **value)
{
  const char *text = p2p_json_get_string (object, name);

  if (text) {
    g_free (*value);
    *value = g_strdup (text);
  }
}

/* What is there and has no end is infinite. */
static void
get_double (P2pJson * object, const char *name, double *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node && JSON_NODE_HOLDS_NULL (node))
    *value = INFINITY;
  else if (node && JSON_NODE_HOLDS_VALUE (node)
      && (json_node_get_value_type (node) == G_TYPE_INT64
          || json_node_get_value_type (node) == G_TYPE_DOUBLE)
      && isfinite (json_node_get_double (node)))
    *value = json_node_get_double (node);
}

static void
get_bytes (P2pJson * object, const char *name, guint64 * value)
{
  gint64 number;

  if (p2p_json_get_int64 (object, name, &number) && number >= 0)
    *value = number;
}

static gint64
get_length (P2pJson * object, gint64 before)
{
  gint64 number;

  if (!p2p_json_has (object, "length"))
    return before;
  return p2p_json_get_int64 (object, "length", &number) && number >= 0
      ? number : -1;
}

void
p2p_hls_remote_info_read (P2pHlsRemoteInfo * self, P2pJson * torrent)
{
  g_autoptr (GPtrArray) files = p2p_json_get_objects (torrent, "files");

  get_string (torrent, "name", &self->name);
  get_string (torrent, "infohash", &self->info_hash);
  self->length = get_length (torrent, self->length);
  if (files == NULL)
    return;
  g_ptr_array_unref (self->files);
  self->files = p2p_hls_remote_files_new ();
  for (guint i = 0; i < MIN (files->len, MAX_FILES); i++) {
    P2pJson *object = g_ptr_array_index (files, i);
    const char *name = p2p_json_get_string (object, "name");

    p2p_hls_remote_files_add (self->files, g_strdup (name ? name : ""),
        get_length (object, -1));
  }
}

void
p2p_hls_remote_progress_read (P2pHlsRemoteProgress * self, P2pJson * torrent)
{
  gint64 peers;

  get_double (torrent, "progress", &self->progress);
  get_bytes (torrent, "downloaded", &self->downloaded);
  get_bytes (torrent, "uploaded", &self->uploaded);
  get_double (torrent, "downloadSpeed", &self->download_speed);
  get_double (torrent, "uploadSpeed", &self->upload_speed);
  get_double (torrent, "ratio", &self->ratio);
  get_double (torrent, "timeRemaining", &self->time_remaining);
  if (p2p_json_get_int64 (torrent, "numPeers", &peers))
    self->num_peers = CLAMP (peers, 0, G_MAXINT);
}

GError *
p2p_hls_remote_error_read (P2pJson * error)
{
  const char *name = error ? p2p_json_get_string (error, "name") : NULL;
  const char *text = error ? p2p_json_get_string (error, "message") : NULL;
  P2pHlsRemoteError code = P2P_HLS_REMOTE_ERROR_FAILED;

  if (g_strcmp0 (name, "TorrentMissingError") == 0)
    code = P2P_HLS_REMOTE_ERROR_TORRENT_MISSING;
  else if (g_strcmp0 (name, "InvalidTorrentError") == 0)
    code = P2P_HLS_REMOTE_ERROR_INVALID_TORRENT;
  else if (g_strcmp0 (name, "StoppedError") == 0)
    code = P2P_HLS_REMOTE_ERROR_STOPPED;
  return g_error_new_literal (P2P_HLS_REMOTE_ERROR, code,
      text ? text : "the engine did not say what");
}
