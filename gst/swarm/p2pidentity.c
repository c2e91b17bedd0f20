/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pidentity.h"
#include "p2phlsjs.h"
#include "p2puri.h"

#include <string.h>

struct _P2pIdentity
{
  char *name, *base;
  char *hashed[P2P_N_GENERATIONS];
  char *stream_id[P2P_N_GENERATIONS];
  gboolean has_end;

  gatomicrefcount refs;
};

/* The facts, and what is made of them for several generations */
typedef struct
{
  P2pIdentityFacts facts;
  char *requested, *response;   /* stripped, or the user's id; NULL: of no use
                                 * to others, as a file's is */
  gboolean has_query;           /* the one that was requested; not the id */
  int place;                    /* among the variants, -1: none of them */
  char *number, *hash, *plain_hash;     /* behind "main-" or "secondary-" */
} Maker;

/* Which of master's variants is at uri, counted without those of I-frames; -1:
 * none */
static int
find_place (const P2pPlaylist * master, const char *uri)
{
  g_autofree char *canonical = p2p_uri_canonical (uri);
  int place = 0;

  for (guint i = 0; i < master->variants->len; i++) {
    P2pVariant *variant = g_ptr_array_index (master->variants, i);
    g_autofree char *other = NULL;

    if (variant->iframes_only)
      continue;
    other = p2p_uri_canonical (variant->uri);
    if (g_str_equal (other, canonical))
      return place;
    place++;
  }
  return -1;
}

static char *
make_name (const P2pIdentityFacts * facts, const char *canonical)
{
  guint rank;

  if (!facts->swarm_id)
    return g_strndup (canonical, strcspn (canonical, "?"));
  rank = facts->master ? p2p_playlist_get_rank (facts->master, canonical) : 0;
  return rank == 0 ? g_strdup (facts->swarm_id)
      : g_strdup_printf ("%s-%u", facts->swarm_id, rank);
}

static char *
finish_stream (P2pHlsJsStream * stream, const char *text)
{
  char *name = g_strconcat (stream->secondary ? "secondary-" : "main-", text,
      NULL);

  p2p_properties_clear (&stream->properties);
  return name;
}

/* Returns: (nullable): NULL if what has this name may have other bytes */
static char *
finish_hash (P2pHlsJsStream * stream)
{
  g_autofree char *hash = p2p_properties_hash (&stream->properties);
  g_autofree char *name = finish_stream (stream, hash);

  return stream->ambiguous ? NULL : g_steal_pointer (&name);
}

/* What hls.js, and p2p-media-loader 5, see. A media playlist alone is all there is
 * to both, and nothing is known of it. */
static void
find_streams (Maker * maker, const char *canonical)
{
  const P2pPlaylist *master = maker->facts.master;
  P2pHlsJsStream stream = { FALSE, };
  g_autofree char *requested = NULL;

  if (!master) {
    p2p_properties_set (&stream.properties, P2P_PROPERTY_BITRATE, "0");
    maker->hash = finish_hash (&stream);
    maker->plain_hash = g_strdup (maker->hash);
    maker->number = g_strdup ("main-0");
    return;
  }
  if (p2p_hlsjs_find (master, canonical, &stream)) {
    g_autofree char *index = g_strdup_printf ("%u", stream.index);

    maker->number = g_strconcat (stream.secondary ? "secondary-" : "main-",
        index, NULL);
    maker->hash = finish_hash (&stream);
  }
  requested = p2p_uri_canonical (maker->facts.media_requested);
  if (p2p_hlsjs_find_plain (master, requested, &stream)
      || (!g_str_equal (requested, canonical)
          && p2p_hlsjs_find_plain (master, canonical, &stream)))
    maker->plain_hash = finish_hash (&stream);
}

/* Returns: (nullable): what the generation puts before the name of the stream */
static const char *
get_base (const Maker * maker, P2pBase base)
{
  switch (base) {
    case P2P_BASE_RESPONSE:
      return maker->response;
    case P2P_BASE_REQUESTED_WHOLE:
      return maker->has_query ? NULL : maker->requested;
    case P2P_BASE_REQUESTED_MASTER:
      return maker->has_query && !maker->facts.master ? NULL : maker->requested;
    case P2P_BASE_REQUESTED:
      return maker->requested;
  }
  g_return_val_if_reached (NULL);
}

/* A variant among those of a master playlist; alone, it has no place. */
static char *
name_place (const Maker * maker, const char *base, const char *letter)
{
  if (!maker->facts.master)
    return g_strdup (base);
  return maker->place < 0 ? NULL
      : g_strdup_printf ("%s+%s%d", base, letter, maker->place);
}

static char *
name_stream (const char *base, const char *stream)
{
  return stream ? g_strconcat (base, "-", stream, NULL) : NULL;
}

/* Returns: (transfer full) (nullable): without the generation's prefix */
static char *
make_stream (const Maker * maker, const P2pGenerationInfo * info)
{
  const char *base = get_base (maker, info->base);

  if (!base)
    return NULL;
  switch (info->stream_name) {
    case P2P_STREAM_NAME_PLACE:
      return name_place (maker, base, "");
    case P2P_STREAM_NAME_V_PLACE:
      return name_place (maker, base, "V");
    case P2P_STREAM_NAME_INDEX:
      return name_stream (base, maker->number);
    case P2P_STREAM_NAME_PROPERTIES:
      return name_stream (base, maker->hash);
    case P2P_STREAM_NAME_PLAIN_PROPERTIES:
      return name_stream (base, maker->plain_hash);
  }
  g_return_val_if_reached (NULL);
}

static gboolean
is_web (const char *uri)
{
  return p2p_uri_is_http (uri) || p2p_uri_is_p2p (uri);
}

static void
maker_init (Maker * self, const P2pIdentityFacts * facts, const char *canonical)
{
  memset (self, 0, sizeof (*self));
  self->facts = *facts;
  if (facts->swarm_id) {
    self->requested = g_strdup (facts->swarm_id);
    self->response = g_strdup (facts->swarm_id);
  } else {
    if (is_web (facts->requested))
      self->requested = p2p_uri_strip (facts->requested);
    if (is_web (facts->response))
      self->response = p2p_uri_strip_as_browser (facts->response);
    self->has_query = strchr (facts->requested, '?') != NULL;
  }
  self->place = facts->master ? find_place (facts->master,
      facts->media_requested) : -1;
  find_streams (self, canonical);
}

static void
maker_clear (Maker * self)
{
  g_free (self->requested);
  g_free (self->response);
  g_free (self->number);
  g_free (self->hash);
  g_free (self->plain_hash);
}

P2pIdentity *
p2p_identity_new (const P2pIdentityFacts * facts)
{
  P2pIdentity *self = g_new0 (P2pIdentity, 1);
  g_autofree char *canonical = p2p_uri_canonical (facts->media_response);
  P2pIdentityFacts sane = *facts;
  Maker maker;

  g_atomic_ref_count_init (&self->refs);
  if (sane.master && !sane.master->is_master)
    sane.master = NULL;
  if (sane.swarm_id && !*sane.swarm_id)
    sane.swarm_id = NULL;
  maker_init (&maker, &sane, canonical);
  self->has_end = facts->has_end;
  self->name = make_name (&sane, canonical);
  self->base = p2p_uri_to_http (facts->media_response);
  for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
    const P2pGenerationInfo *info = p2p_generation_get_info (i);
    g_autofree char *stream = make_stream (&maker, info);

    self->hashed[i] = stream ? g_strconcat (info->prefix, stream, NULL) : NULL;
    if (info->segment_name == P2P_SEGMENT_NAME_STREAM_SEQUENCE)
      self->stream_id[i] = g_steal_pointer (&stream);
  }
  maker_clear (&maker);
  return self;
}

P2pIdentity *
p2p_identity_new_named (const char *swarm_id)
{
  P2pIdentityFacts facts = {
    .requested = swarm_id,.response = swarm_id,
    .media_requested = swarm_id,.media_response = swarm_id,
    .swarm_id = swarm_id
  };

  return p2p_identity_new (&facts);
}

P2pIdentity *
p2p_identity_ref (P2pIdentity * self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
p2p_identity_unref (P2pIdentity * self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->name);
  g_free (self->base);
  for (guint i = 0; i < P2P_N_GENERATIONS; i++) {
    g_free (self->hashed[i]);
    g_free (self->stream_id[i]);
  }
  g_free (self);
}

gboolean
p2p_identity_equal (const P2pIdentity * a, const P2pIdentity * b)
{
  gboolean equal = a->has_end == b->has_end && g_str_equal (a->name, b->name);

  for (guint i = 0; i < P2P_N_GENERATIONS; i++)
    equal &= g_strcmp0 (a->hashed[i], b->hashed[i]) == 0;
  return equal;
}

const char *
p2p_identity_get_name (const P2pIdentity * self)
{
  return self->name;
}

const char *
p2p_identity_get_hashed (const P2pIdentity * self, P2pGeneration generation)
{
  return self->hashed[generation];
}

const char *
p2p_identity_get_stream_id (const P2pIdentity * self, P2pGeneration generation)
{
  return self->stream_id[generation];
}

const char *
p2p_identity_get_base (const P2pIdentity * self)
{
  return self->base;
}

gboolean
p2p_identity_counts_places (const P2pIdentity * self, P2pGeneration generation)
{
  return self->has_end && p2p_generation_get_info (generation)->segment_name
      == P2P_SEGMENT_NAME_NUMBER;
}
