/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pengineshared.h"

#include "p2phlsremoteerror.h"

#include <string.h>

#define MAX_ORIGINS 32
/* Of a name, or an address, as a URL has it. */
#define HOST_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
    "0123456789-._[:]"

struct _P2pEngineShared
{
  P2pEngine *engine;
  P2pCacheShare *cache;
  P2pEngineLimit *limit;
  GHashTable *gateways;         /* host, hostname and origins -> … */
};

P2pEngineShared *
p2p_engine_shared_new (P2pEngine * engine, const P2pEngineSettings * settings)
{
  P2pEngineShared *self = g_new0 (P2pEngineShared, 1);

  self->engine = engine;
  self->cache = p2p_cache_share_new (settings->loader.max_cache_bytes);
  self->limit = p2p_engine_limit_new (p2p_engine_get_clock (engine),
      settings->loader.max_upload_rate);
  self->gateways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) p2p_soup_gateway_free);
  return self;
}

void
p2p_engine_shared_free (P2pEngineShared * self)
{
  g_hash_table_unref (self->gateways);
  p2p_engine_limit_free (self->limit);
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

P2pEngineLimit *
p2p_engine_shared_get_limit (P2pEngineShared * self)
{
  return self->limit;
}

/* --- servers --- */

static gboolean
p2p_engine_shared_refuse (const char *what, GError ** error)
{
  g_set_error_literal (error, P2P_HLS_REMOTE_ERROR,
      P2P_HLS_REMOTE_ERROR_OPTIONS, what);
  return FALSE;
}

/* Whether options say false, which is as good as nothing. */
static gboolean
p2p_engine_shared_is_off (P2pJson * options, const char *name)
{
  gboolean value = TRUE;

  return p2p_json_get_boolean (options, name, &value) && !value;
}

/* origin: a string, or an array of them; false: none. Returns: FALSE with an error
 * if it is something else */
static gboolean
p2p_engine_shared_read_origins (P2pJson * options, GPtrArray * origins,
    GError ** error)
{
  const char *one = p2p_json_get_string (options, "origin");
  P2pJsonArray *several = p2p_json_get_array (options, "origin");

  if (one)
    g_ptr_array_add (origins, (gpointer) one);
  else if (several == NULL && p2p_json_is_set (options, "origin")
      && !p2p_engine_shared_is_off (options, "origin"))
    return p2p_engine_shared_refuse ("origin has to be a string, several, or "
        "false", error);
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

/* Returns: FALSE with an error if it is no name of a host; hostname: NULL: there is
 * none */
static gboolean
p2p_engine_shared_read_hostname (P2pJson * options, const char **hostname,
    GError ** error)
{
  const char *text = p2p_json_get_string (options, "hostname");
  g_autoptr (GUri) uri = NULL;
  g_autofree char *url = NULL;

  *hostname = NULL;
  if (!p2p_json_is_set (options, "hostname"))
    return TRUE;
  url = g_strdup_printf ("http://%s/", text ? text : "");
  uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  if (text == NULL || *text == '\0' || text[strspn (text, HOST_CHARS)]
      || uri == NULL || g_uri_get_port (uri) != -1)
    return p2p_engine_shared_refuse ("hostname has to be the name of a host, "
        "without a port", error);
  *hostname = text;
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

  if (!p2p_engine_shared_read_origins (options, origins, error)
      || !p2p_engine_shared_read_hostname (options, &config.hostname, error))
    return NULL;
  if (host == NULL && config.hostname == NULL && origins->len == 1)
    return p2p_engine_get_gateway (self->engine, error);
  config.origins = (const char *const *) origins->pdata;
  joined = g_strjoinv ("\n", (char **) origins->pdata);
  key = g_strconcat (host ? host : "", "\n", config.hostname ? config.hostname
      : "", "\n", joined, NULL);
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
