/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljson.h"
#include "p2pjson.h"
#include "p2psegment.h"

#include <string.h>

/* How they are spelled before G2 gave them numbers. */
static const char *const commands[] = {
  "segment_data", "segment_absent", "segments_map", "segment_request",
  "cancel_segment_request"
};

static const char *const statuses[] = { "loaded", "loading_by_http" };

G_STATIC_ASSERT (G_N_ELEMENTS (commands) == P2P_ML_JSON_UNKNOWN);

static const char *
get_id_name (P2pMlWire kind)
{
  return kind == P2P_ML_WIRE_ARRAYS ? "id" : kind ==
      P2P_ML_WIRE_LONG ? "segment_id" : "i";
}

static const char *
get_size_name (P2pMlWire kind)
{
  return kind == P2P_ML_WIRE_LONG ? "segment_size" : "s";
}

static void
p2p_ml_json_stream_free (gpointer data)
{
  P2pMlJsonStream *self = data;

  g_free (self->name);
  g_ptr_array_unref (self->loaded);
  g_ptr_array_unref (self->loading);
  g_free (self);
}

GPtrArray *
p2p_ml_json_streams_new (void)
{
  return g_ptr_array_new_with_free_func (p2p_ml_json_stream_free);
}

P2pMlJsonStream *
p2p_ml_json_streams_add (GPtrArray * streams, const char *name)
{
  P2pMlJsonStream *self = g_new0 (P2pMlJsonStream, 1);

  self->name = g_strdup (name);
  self->loaded = g_ptr_array_new_with_free_func (g_free);
  self->loading = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (streams, self);
  return self;
}

void
p2p_ml_json_clear (P2pMlJson * self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->piece, g_bytes_unref);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
}

/* Maps */

/* Returns: FALSE if there is no such status */
static gboolean
add_id (P2pMlJsonStream * stream, const char *id, gint64 status)
{
  if (status != 0 && status != 1)
    return FALSE;
  g_ptr_array_add (status ? stream->loading : stream->loaded, g_strdup (id));
  return TRUE;
}

/* A segment of G1: its id and its status. */
static gboolean
read_pair (P2pMlJsonStream * stream, P2pJsonArray * pair)
{
  const char *id, *status;

  if (!pair || p2p_json_array_get_length (pair) != 2)
    return FALSE;
  id = p2p_json_array_get_string (pair, 0);
  status = p2p_json_array_get_string (pair, 1);
  return id && status && add_id (stream, id,
      g_str_equal (status, statuses[0]) ? 0
      : g_str_equal (status, statuses[1]) ? 1 : -1);
}

static gboolean
read_list (GPtrArray * streams, P2pMlWire kind, P2pJsonArray * list)
{
  P2pMlJsonStream *stream = p2p_ml_json_streams_add (streams, NULL);
  guint n = list ? p2p_json_array_get_length (list) : 0;

  for (guint i = 0; i < n; i++) {
    const char *id = p2p_json_array_get_string (list, i);

    if (kind == P2P_ML_WIRE_ARRAYS ? !id || !add_id (stream, id, 0)
        : !read_pair (stream, p2p_json_array_get_array (list, i)))
      return FALSE;
  }
  return list && n <= P2P_ML_JSON_MAX_IDS;
}

/* A stream of G2: its ids in one string, their statuses in an array. left: of
 * the most ids that a map may have. */
static gboolean
read_stream (P2pMlJsonStream * stream, P2pJsonArray * value, guint * left)
{
  const char *text = NULL;
  P2pJsonArray *list = NULL;
  g_auto (GStrv) ids = NULL;
  guint n;

  if (value && p2p_json_array_get_length (value) == 2) {
    text = p2p_json_array_get_string (value, 0);
    list = p2p_json_array_get_array (value, 1);
  }
  n = list ? p2p_json_array_get_length (list) : 0;
  if (!text || n == 0 || n > *left)
    return FALSE;
  *left -= n;
  ids = g_strsplit (text, "|", n + 1);
  /* Of an empty text they make one id, where GLib makes none. */
  if (MAX (g_strv_length (ids), 1) != n)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    gint64 status;

    if (!p2p_json_array_get_int64 (list, i, &status)
        || !add_id (stream, ids[i] ? ids[i] : "", status))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_streams (GPtrArray * streams, P2pJson * map)
{
  g_autoptr (GPtrArray) names = map ? p2p_json_get_names (map) : NULL;
  guint left = P2P_ML_JSON_MAX_IDS;

  for (guint i = 0; names && i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);

    if (!read_stream (p2p_ml_json_streams_add (streams, name),
            p2p_json_get_array (map, name), &left))
      return FALSE;
  }
  return names != NULL;
}

static void
read_map (P2pMlJson * self, P2pMlWire kind, P2pJson * json)
{
  self->streams = p2p_ml_json_streams_new ();
  if (kind == P2P_ML_WIRE_SHORT ? !read_streams (self->streams,
          p2p_json_get_object (json, "m"))
      : !read_list (self->streams, kind, p2p_json_get_array (json, "segments")))
    g_ptr_array_set_size (self->streams, 0);
}

/* The others */

static void
read_piece (P2pMlJson * self, P2pJson * json)
{
  g_autoptr (GArray) data = p2p_json_get_int64s (json, "data");
  gint64 index, n_pieces;
  guint8 *bytes;

  if (!data || data->len == 0 || data->len > P2P_ML_JSON_MAX_PIECE
      || !p2p_json_get_int64 (json, "pieceIndex", &index)
      || !p2p_json_get_int64 (json, "piecesCount", &n_pieces)
      || index < 0 || index >= n_pieces || n_pieces > P2P_ML_JSON_MAX_PIECES)
    return;
  for (guint i = 0; i < data->len; i++)
    if (g_array_index (data, gint64, i) < 0
        || g_array_index (data, gint64, i) > G_MAXUINT8)
      return;
  bytes = g_malloc (data->len);
  for (guint i = 0; i < data->len; i++)
    bytes[i] = g_array_index (data, gint64, i);
  self->piece = g_bytes_new_take (bytes, data->len);
  self->index = index;
  self->n_pieces = n_pieces;
}

static void
read_members (P2pMlJson * self, P2pMlWire kind, P2pJson * json)
{
  const char *id = p2p_json_get_string (json, get_id_name (kind));

  if (self->command == P2P_ML_JSON_UNKNOWN)
    return;
  if (self->command == P2P_ML_JSON_MAP) {
    read_map (self, kind, json);
    return;
  }
  if (!id || strlen (id) > P2P_ML_JSON_MAX_ID) {
    self->command = P2P_ML_JSON_BROKEN;
    return;
  }
  self->id = g_strdup (id);
  if (self->command != P2P_ML_JSON_DATA)
    return;
  if (kind == P2P_ML_WIRE_ARRAYS)
    read_piece (self, json);
  else if (!p2p_json_get_int64 (json, get_size_name (kind), &self->size)
      || self->size < 0 || self->size > P2P_SEGMENT_MAX_BYTES)
    self->size = -1;
}

static P2pMlJsonCommand
read_command (P2pMlWire kind, P2pJson * json)
{
  const char *name = p2p_json_get_string (json, "command");
  gint64 code = P2P_ML_JSON_UNKNOWN;

  if (kind == P2P_ML_WIRE_SHORT)
    p2p_json_get_int64 (json, "c", &code);
  else
    for (code = 0; code < P2P_ML_JSON_UNKNOWN; code++)
      if (g_strcmp0 (name, commands[code]) == 0)
        break;
  return code < 0 || code > P2P_ML_JSON_UNKNOWN ? P2P_ML_JSON_UNKNOWN : code;
}

gboolean
p2p_ml_json_looks_like (GBytes * bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size > 2 && data[0] == '{' && data[1] == '"' && data[size - 1] == '}';
}

gboolean
p2p_ml_json_read (P2pMlJson * self, P2pMlWire kind, GBytes * bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (P2pJson) json = p2p_ml_json_looks_like (bytes)
      ? p2p_json_parse (data, size, P2P_ML_JSON_MAX_TEXT) : NULL;

  if (!json)
    return FALSE;
  *self = (P2pMlJson) {
  read_command (kind, json)};
  read_members (self, kind, json);
  return TRUE;
}

/* Writing */

static void
write_pairs (P2pJsonArray * list, GPtrArray * ids, const char *status)
{
  for (guint i = 0; i < ids->len; i++) {
    P2pJsonArray *pair = p2p_json_array_new ();

    p2p_json_array_add_string (pair, g_ptr_array_index (ids, i));
    p2p_json_array_add_string (pair, status);
    p2p_json_array_add_array (list, pair);
  }
}

static P2pJsonArray *
write_list (GPtrArray * streams, P2pMlWire kind)
{
  P2pJsonArray *list = p2p_json_array_new ();

  for (guint i = 0; i < streams->len; i++) {
    P2pMlJsonStream *stream = g_ptr_array_index (streams, i);

    if (kind == P2P_ML_WIRE_LONG) {
      write_pairs (list, stream->loaded, statuses[0]);
      write_pairs (list, stream->loading, statuses[1]);
      continue;
    }
    for (guint k = 0; k < stream->loaded->len; k++)
      p2p_json_array_add_string (list, g_ptr_array_index (stream->loaded, k));
  }
  return list;
}

static P2pJsonArray *
write_stream (P2pMlJsonStream * stream)
{
  GPtrArray *lists[] = { stream->loaded, stream->loading };
  P2pJsonArray *value = p2p_json_array_new (), *list = p2p_json_array_new ();
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint status = 0; status < G_N_ELEMENTS (lists); status++)
    for (guint i = 0; i < lists[status]->len; i++) {
      if (ids->len > 0)
        g_string_append_c (ids, '|');
      g_string_append (ids, g_ptr_array_index (lists[status], i));
      p2p_json_array_add_int64 (list, status);
    }
  p2p_json_array_add_string (value, ids->str);
  p2p_json_array_add_array (value, list);
  return value;
}

static void
write_map (const P2pMlJson * self, P2pMlWire kind, P2pJson * json)
{
  g_autoptr (P2pJson) map = NULL;

  if (kind != P2P_ML_WIRE_SHORT) {
    p2p_json_set_array (json, "segments", write_list (self->streams, kind));
    return;
  }
  map = p2p_json_new ();
  for (guint i = 0; i < self->streams->len; i++) {
    P2pMlJsonStream *stream = g_ptr_array_index (self->streams, i);

    if (stream->loaded->len + stream->loading->len > 0)
      p2p_json_set_array (map, stream->name, write_stream (stream));
  }
  p2p_json_set_object (json, "m", map);
}

static void
write_piece (const P2pMlJson * self, P2pJson * json)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->piece, &size);
  P2pJsonArray *list = p2p_json_array_new ();

  for (gsize i = 0; i < size; i++)
    p2p_json_array_add_int64 (list, data[i]);
  p2p_json_set_array (json, "data", list);
  p2p_json_set_int64 (json, "pieceIndex", self->index);
  p2p_json_set_int64 (json, "piecesCount", self->n_pieces);
}

GBytes *
p2p_ml_json_write (const P2pMlJson * self, P2pMlWire kind)
{
  g_autoptr (P2pJson) json = p2p_json_new ();
  char *text;

  if (kind == P2P_ML_WIRE_SHORT)
    p2p_json_set_int64 (json, "c", self->command);
  else
    p2p_json_set_string (json, "command", commands[self->command]);
  if (self->command == P2P_ML_JSON_MAP)
    write_map (self, kind, json);
  else
    p2p_json_set_string (json, get_id_name (kind), self->id);
  if (self->command == P2P_ML_JSON_DATA && kind == P2P_ML_WIRE_ARRAYS)
    write_piece (self, json);
  else if (self->command == P2P_ML_JSON_DATA)
    p2p_json_set_int64 (json, get_size_name (kind), self->size);
  text = p2p_json_to_text (json);
  return g_bytes_new_take (text, strlen (text));
}
