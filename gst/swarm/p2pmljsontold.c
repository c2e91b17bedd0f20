/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljsontold.h"

#include <string.h>

struct _P2pMlJsonTold
{
  const P2pMlJsonKeys *keys;
  GHashTable *ids;              /* id -> key, of what is loaded */
  GHashTable *by_key;           /* key -> id, the same strings */
};

P2pMlJsonTold *
p2p_ml_json_told_new (const P2pMlJsonKeys * keys)
{
  P2pMlJsonTold *self = g_new0 (P2pMlJsonTold, 1);

  self->keys = keys;
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
p2p_ml_json_told_free (P2pMlJsonTold * self)
{
  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->ids);
  g_free (self);
}

/* Adds what is named by the playlist, or else what is not and was told before:
 * a stream that began anew has new segments under old keys. */
static void
p2p_ml_json_told_remember (P2pMlJsonTold * self, GHashTable * before,
    GPtrArray * loaded)
{
  for (guint i = 0; i < loaded->len; i++) {
    const char *id = g_ptr_array_index (loaded, i);
    const P2pName *name = p2p_names_find_id (self->keys->names, id);
    char *key = NULL, *copy;

    if (before)
      key = name ? NULL : g_strdup (g_hash_table_lookup (before, id));
    else if (name)
      key = p2p_ml_json_keys_get (self->keys, name);
    if (!key || g_hash_table_contains (self->by_key, key)) {
      g_free (key);
      continue;
    }
    copy = g_strdup (id);
    g_hash_table_insert (self->ids, copy, key);
    g_hash_table_insert (self->by_key, key, copy);
  }
}

static void
p2p_ml_json_told_replace (P2pMlJsonTold * self, GPtrArray * loaded)
{
  g_autoptr (GHashTable) before = self->ids;

  g_hash_table_remove_all (self->by_key);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  p2p_ml_json_told_remember (self, NULL, loaded);
  p2p_ml_json_told_remember (self, before, loaded);
}

/* key: (nullable). Returns: (transfer full) (nullable): the id in the MAP, if there
 * is room for it */
static char *
p2p_ml_json_told_spell (P2pMlJsonTold * self, const char *key, gsize * left)
{
  g_autofree char *text = NULL;
  gsize size;

  if (!key)
    return NULL;
  text = self->keys->kind == P2P_ML_WIRE_SHORT ? g_strdup (key)
      : p2p_ml_json_keys_join (self->keys, key);
  size = strlen (text) + P2P_ML_JSON_TOLD_EACH;
  *left -= MIN (size, *left);
  return *left > 0 ? g_steal_pointer (&text) : NULL;
}

static void
p2p_ml_json_told_list (P2pMlJsonTold * self, P2pMlJsonStream * stream,
    GPtrArray * loaded, GPtrArray * loading)
{
  gsize left = P2P_ML_JSON_TOLD_MAX_BYTES;

  for (guint i = 0; i < loading->len; i++) {
    const P2pName *name = p2p_names_find_id (self->keys->names,
        g_ptr_array_index (loading, i));
    g_autofree char *key = name ? p2p_ml_json_keys_get (self->keys, name)
        : NULL;
    char *text = key && !g_hash_table_contains (self->by_key, key)
        ? p2p_ml_json_told_spell (self, key, &left) : NULL;

    if (text)
      g_ptr_array_add (stream->loading, text);
  }
  for (guint i = loaded->len; i > 0; i--) {
    char *text = p2p_ml_json_told_spell (self, g_hash_table_lookup (self->ids,
            g_ptr_array_index (loaded, i - 1)), &left);

    if (text)
      g_ptr_array_insert (stream->loaded, 0, text);
  }
}

GBytes *
p2p_ml_json_told_update (P2pMlJsonTold * self, GPtrArray * loaded,
    GPtrArray * loading)
{
  g_auto (P2pMlJson) map = { P2P_ML_JSON_MAP,
    .streams = p2p_ml_json_streams_new ()
  };
  P2pMlJsonStream *stream = p2p_ml_json_streams_add (map.streams,
      self->keys->kind == P2P_ML_WIRE_SHORT ? self->keys->stream : NULL);

  p2p_ml_json_told_replace (self, loaded);
  p2p_ml_json_told_list (self, stream, loaded, loading);
  return p2p_ml_json_write (&map, self->keys->kind);
}

const char *
p2p_ml_json_told_find (P2pMlJsonTold * self, const char *key)
{
  const P2pName *name = p2p_ml_json_keys_find (self->keys, key);

  return name ? name->id : g_hash_table_lookup (self->by_key, key);
}
