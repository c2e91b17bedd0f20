/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljsonkeys.h"
#include "p2pjson.h"
#include "p2puri.h"

#include <string.h>

void
p2p_ml_json_keys_init (P2pMlJsonKeys * self, P2pMlWire kind,
    const char *stream, const char *base, P2pNames * names)
{
  self->kind = kind;
  self->stream = g_strdup (stream);
  self->base = g_strdup (base);
  self->names = p2p_names_ref (names);
}

void
p2p_ml_json_keys_clear (P2pMlJsonKeys * self)
{
  g_free (self->stream);
  g_free (self->base);
  p2p_names_unref (self->names);
}

char *
p2p_ml_json_keys_get (const P2pMlJsonKeys * self, const P2pName * name)
{
  /* A query may be the viewer's own (a token), and nobody else's business. */
  if (self->kind == P2P_ML_WIRE_ARRAYS)
    return strchr (name->url, '?') ? NULL
        : p2p_uri_resolve (self->base, name->url);
  /* Of two with one number it would not be known which. */
  if (name->sn > P2P_JSON_MAX_INT64
      || p2p_names_find_sn (self->names, name->sn) != name)
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT, name->sn);
}

const P2pName *
p2p_ml_json_keys_find (const P2pMlJsonKeys * self, const char *key)
{
  guint64 sn;

  if (self->kind == P2P_ML_WIRE_ARRAYS)
    return p2p_names_find_url (self->names, key);
  /* Each number has one spelling. */
  if ((key[0] == '0' && key[1])
      || !g_ascii_string_to_unsigned (key, 10, 0, P2P_JSON_MAX_INT64, &sn,
          NULL))
    return NULL;
  return p2p_names_find_sn (self->names, sn);
}

char *
p2p_ml_json_keys_join (const P2pMlJsonKeys * self, const char *key)
{
  return self->kind == P2P_ML_WIRE_ARRAYS ? g_strdup (key)
      : g_strconcat (self->stream, "+", key, NULL);
}

const char *
p2p_ml_json_keys_split (const P2pMlJsonKeys * self, const char *id)
{
  gsize size;

  if (self->kind == P2P_ML_WIRE_ARRAYS)
    return id;
  size = strlen (self->stream);
  return strncmp (id, self->stream, size) == 0 && id[size] == '+'
      ? id + size + 1 : NULL;
}
