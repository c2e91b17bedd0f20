/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljsonheld.h"

static void
add (GHashTable * self, const P2pMlJsonKeys * keys, const P2pMlJsonStream *
    stream, GPtrArray * ids, P2pPeerHas has)
{
  for (guint i = 0; i < ids->len; i++) {
    const char *id = g_ptr_array_index (ids, i);
    const char *key = stream->name ? id : p2p_ml_json_keys_split (keys, id);

    if (key)
      g_hash_table_insert (self, g_strdup (key), GINT_TO_POINTER (has));
  }
}

GHashTable *
p2p_ml_json_held_new (const P2pMlJsonKeys * keys, GPtrArray * streams)
{
  GHashTable *self =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < streams->len; i++) {
    P2pMlJsonStream *stream = g_ptr_array_index (streams, i);

    if (stream->name && g_strcmp0 (stream->name, keys->stream) != 0)
      continue;
    add (self, keys, stream, stream->loading, P2P_PEER_IS_LOADING);
    add (self, keys, stream, stream->loaded, P2P_PEER_HAS);
  }
  return self;
}

P2pPeerHas
p2p_ml_json_held_get (GHashTable * self, const P2pMlJsonKeys * keys,
    const P2pName * name)
{
  g_autofree char *key = name ? p2p_ml_json_keys_get (keys, name) : NULL;

  return key ? GPOINTER_TO_INT (g_hash_table_lookup (self, key))
      : P2P_PEER_HAS_NOT;
}
