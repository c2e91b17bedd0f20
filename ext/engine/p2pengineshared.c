/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pengineshared.h"

#include "p2phlsremoteerror.h"

/* How often the limit of what is uploaded is dealt out anew. */
#define DEAL (1 * P2P_SECOND)
/* Deals for which who uploaded last counts as one who does. */
#define BUSY 10
#define MAX_ORIGINS 32

typedef struct
{
  const P2pEngineSharer *klass;
  gpointer torrent;
  guint64 uploaded;             /* at the last deal */
  guint quiet;                  /* deals since it uploaded */
} Member;

struct _P2pEngineShared
{
  P2pEngine *engine;
  P2pCacheShare *cache;
  guint64 max_upload_rate;      /* of all; 0: no limit */
  GArray *members;              /* of Member */
  guint deal;                   /* the next */
  GHashTable *gateways;         /* host and origins -> P2pSoupGateway */
};

P2pEngineShared *
p2p_engine_shared_new (P2pEngine * engine, const P2pEngineOptions * options)
{
  P2pEngineShared *self = g_new0 (P2pEngineShared, 1);

  self->engine = engine;
  self->cache = p2p_cache_share_new (options->loader.max_cache_bytes);
  self->max_upload_rate = options->loader.max_upload_rate;
  self->members = g_array_new (FALSE, FALSE, sizeof (Member));
  self->gateways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) p2p_soup_gateway_free);
  return self;
}

void
p2p_engine_shared_free (P2pEngineShared * self)
{
  g_hash_table_unref (self->gateways);
  g_array_unref (self->members);
  p2p_cache_share_unref (self->cache);
  g_free (self);
}

P2pEngine *
p2p_engine_shared_get_engine (P2pEngineShared * self)
{
  return self->engine;
}

P2pCacheShare *
p2p_engine_shared_get_cache (P2pEngineShared * self)
{
  return self->cache;
}

/* --- uploads --- */

/* Those who upload have equal parts of the limit; who does not yet may begin with
 * as much, until the next deal. */
static void
p2p_engine_shared_on_deal (gpointer user_data)
{
  P2pEngineShared *self = user_data;
  P2pClock *clock = p2p_engine_get_clock (self->engine);
  guint busy = 0;

  self->deal = p2p_clock_call_at (clock, p2p_clock_get_time (clock) + DEAL,
      p2p_engine_shared_on_deal, self);
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = &g_array_index (self->members, Member, i);
    guint64 uploaded = member->klass->get_uploaded (member->torrent);

    member->quiet = uploaded == member->uploaded ? member->quiet + 1 : 0;
    member->uploaded = uploaded;
    busy += member->quiet < BUSY;
  }
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = &g_array_index (self->members, Member, i);

    member->klass->set_max_upload_rate (member->torrent,
        MAX (self->max_upload_rate / MAX (busy, 1), 1));
  }
}

void
p2p_engine_shared_add (P2pEngineShared * self, const P2pEngineSharer * klass,
    gpointer torrent)
{
  Member member = { klass, torrent, 0, BUSY };

  g_array_append_val (self->members, member);
  if (self->max_upload_rate > 0 && self->deal == 0)
    p2p_engine_shared_on_deal (self);
}

void
p2p_engine_shared_remove (P2pEngineShared * self, gpointer torrent)
{
  for (guint i = 0; i < self->members->len; i++) {
    if (g_array_index (self->members, Member, i).torrent == torrent) {
      g_array_remove_index_fast (self->members, i);
      break;
    }
  }
  if (self->members->len == 0)
    p2p_clock_cancel (p2p_engine_get_clock (self->engine), &self->deal);
}

/* --- servers --- */

static gboolean
p2p_engine_shared_refuse (const char *what, GError ** error)
{
  g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_OPTIONS, what);
  return FALSE;
}

/* origin: a string, or an array of them. Returns: FALSE with an error if it is
 * something else */
static gboolean
p2p_engine_shared_read_origins (P2pJson * options, GPtrArray * origins,
    GError ** error)
{
  const char *one = p2p_json_get_string (options, "origin");
  P2pJsonArray *several = p2p_json_get_array (options, "origin");

  if (one)
    g_ptr_array_add (origins, (gpointer) one);
  else if (several == NULL && p2p_json_has (options, "origin"))
    return p2p_engine_shared_refuse ("origin has to be a string, or several",
        error);
  if (several && p2p_json_array_get_length (several) > MAX_ORIGINS)
    return p2p_engine_shared_refuse ("too many origins", error);
  for (guint i = 0; several && i < p2p_json_array_get_length (several); i++) {
    const char *origin = p2p_json_array_get_string (several, i);

    if (origin == NULL)
      return p2p_engine_shared_refuse ("an origin has to be a string", error);
    g_ptr_array_add (origins, (gpointer) origin);
  }
  g_ptr_array_add (origins, NULL);
  return TRUE;
}

P2pSoupGateway *
p2p_engine_shared_get_gateway (P2pEngineShared * self, const char *host,
    P2pJson * options, GError ** error)
{
  g_autoptr (GPtrArray) origins = g_ptr_array_new ();
  P2pSoupGatewayConfig config = {.address = host };
  P2pSoupGateway *gateway;
  g_autofree char *joined = NULL;
  g_autofree char *key = NULL;

  if (!p2p_engine_shared_read_origins (options, origins, error))
    return NULL;
  if (host == NULL && origins->len == 1)
    return p2p_engine_get_gateway (self->engine, error);
  config.origins = (const char *const *) origins->pdata;
  joined = g_strjoinv ("\n", (char **) origins->pdata);
  key = g_strconcat (host ? host : "", "\n", joined, NULL);
  gateway = g_hash_table_lookup (self->gateways, key);
  if (gateway)
    return gateway;
  if (g_hash_table_size (self->gateways) >= P2P_ENGINE_MAX_GATEWAYS) {
    p2p_engine_shared_refuse ("too many different servers", error);
    return NULL;
  }
  gateway = p2p_soup_gateway_new (p2p_engine_get_clock (self->engine),
      p2p_engine_get_context (self->engine), &config, error);
  if (gateway)
    g_hash_table_insert (self->gateways, g_steal_pointer (&key), gateway);
  return gateway;
}
