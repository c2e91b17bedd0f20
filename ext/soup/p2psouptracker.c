/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psouptracker.h"

#include <string.h>

#include "p2perror.h"
#include "p2psoupfetcher.h"
#include "p2psoupsocket.h"
#include "p2psouptrackerswarm.h"
#include "p2puri.h"

#define URI_FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED)

struct _P2pSoupTracker
{
  GObject parent;

  P2pSoupTrackerWorld world;
  GPtrArray *swarms;            /* of P2pSoupTrackerSwarm */
};

static void p2p_soup_tracker_iface_init (P2pSignallerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pSoupTracker, p2p_soup_tracker, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_SIGNALLER, p2p_soup_tracker_iface_init));
/* *INDENT-ON* */

static void
p2p_soup_tracker_join (P2pSignaller * signaller, P2pIdentity * identity,
    P2pNames * names, const P2pSignallerEvents * events, gpointer user_data)
{
  P2pSoupTracker *self = P2P_SOUP_TRACKER (signaller);

  g_ptr_array_add (self->swarms, p2p_soup_tracker_swarm_new (&self->world,
          p2p_identity_get_name (identity), names, events, user_data));
}

/* Returns: (nullable) */
static P2pSoupTrackerSwarm *
p2p_soup_tracker_find (P2pSoupTracker * self, const char *swarm_id,
    gpointer user_data)
{
  for (guint i = 0; i < self->swarms->len; i++) {
    P2pSoupTrackerSwarm *swarm = g_ptr_array_index (self->swarms, i);

    if (p2p_soup_tracker_swarm_is (swarm, swarm_id, user_data))
      return swarm;
  }
  return NULL;
}

static void
p2p_soup_tracker_leave (P2pSignaller * signaller, const char *swarm_id,
    gpointer user_data)
{
  P2pSoupTracker *self = P2P_SOUP_TRACKER (signaller);

  g_ptr_array_remove_fast (self->swarms,
      p2p_soup_tracker_find (self, swarm_id, user_data));
}

static void
p2p_soup_tracker_set_max_peers (P2pSignaller * signaller, guint max_peers)
{
  P2pSoupTracker *self = P2P_SOUP_TRACKER (signaller);

  self->world.max_peers = max_peers;
  for (guint i = 0; i < self->swarms->len; i++)
    p2p_soup_tracker_swarm_set_max_peers (g_ptr_array_index (self->swarms, i),
        max_peers);
}

static void
p2p_soup_tracker_set_options (P2pSignaller * signaller,
    P2pHttpOptions * options)
{
  P2pSoupTrackerWorld *world = &P2P_SOUP_TRACKER (signaller)->world;

  p2p_http_options_unref (world->options);
  world->options = p2p_http_options_copy_for_tracker (options);
}

static void
p2p_soup_tracker_foreach_tracker (P2pSignaller * signaller,
    const char *swarm_id, gpointer user_data, P2pTrackerFunc func,
    gpointer func_data)
{
  P2pSoupTracker *self = P2P_SOUP_TRACKER (signaller);
  P2pSignallerStats stats;

  p2p_soup_tracker_swarm_get_stats (p2p_soup_tracker_find (self, swarm_id,
          user_data), &stats);
  func (&stats, func_data);
}

static void
p2p_soup_tracker_iface_init (P2pSignallerInterface * iface)
{
  iface->join = p2p_soup_tracker_join;
  iface->leave = p2p_soup_tracker_leave;
  iface->set_max_peers = p2p_soup_tracker_set_max_peers;
  iface->set_options = p2p_soup_tracker_set_options;
  iface->foreach_tracker = p2p_soup_tracker_foreach_tracker;
}

static void
p2p_soup_tracker_finalize (GObject * object)
{
  P2pSoupTracker *self = P2P_SOUP_TRACKER (object);
  P2pSoupTrackerWorld *world = &self->world;

  g_ptr_array_unref (self->swarms);
  p2p_soup_pool_free (world->pool);
  g_hash_table_unref (world->own_ids);
  g_object_unref (world->fetcher);
  g_object_unref (world->connector);
  g_object_unref (world->clock);
  p2p_http_options_unref (world->options);
  g_rand_free (world->rand);
  g_free (world->announce);
  g_free (world->base);
  g_free (world->query);
  g_free (world->signal_url);
  g_free (world->client);
  g_clear_error (&world->error);
  G_OBJECT_CLASS (p2p_soup_tracker_parent_class)->finalize (object);
}

static void
p2p_soup_tracker_class_init (P2pSoupTrackerClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_soup_tracker_finalize;
}

static void
p2p_soup_tracker_init (P2pSoupTracker * self)
{
  self->swarms = g_ptr_array_new_with_free_func
      ((GDestroyNotify) p2p_soup_tracker_swarm_free);
}

/* --- the configuration --- */

static void
set_announce (P2pSoupTrackerWorld * world, const char *announce)
{
  gsize size = strcspn (announce, "?#");
  const char *query = announce + size;
  gsize query_size = *query == '?' ? strcspn (query, "#") - 1 : 0;
  g_autofree char *uri = NULL;

  world->announce = g_strdup (announce);
  world->query = query_size == 0 ? g_strdup ("")
      : g_strdup_printf ("%.*s&", (int) query_size, query + 1);
  while (size > 0 && announce[size - 1] == '/')
    size--;
  world->base = g_strndup (announce, size);
  uri = p2p_soup_socket_make_uri (announce);
  if (!uri || !p2p_uri_is_http (announce))
    g_set_error (&world->error, P2P_ERROR, P2P_ERROR_URI,
        "%s is not the http or https URL of a tracker. Check "
        "tracker-announce.", announce);
}

/* HTTP's schemes, which WebSocket begins with. */
static void
set_signal_url (P2pSoupTrackerWorld * world, const char *url)
{
  g_autoptr (GUri) announce = NULL;
  g_autoptr (GUri) uri = NULL;

  if (world->error)
    return;
  if (url) {
    world->signal_url = p2p_soup_socket_make_uri (url);
  } else {
    announce = g_uri_parse (world->announce, URI_FLAGS, NULL);
    uri = g_uri_build (URI_FLAGS, g_uri_get_scheme (announce), NULL,
        g_uri_get_host (announce), g_uri_get_port (announce), "/ws", NULL,
        NULL);
    world->signal_url = g_uri_to_string (uri);
  }
  if (!world->signal_url)
    g_set_error (&world->error, P2P_ERROR, P2P_ERROR_URI,
        "%s is not the ws or wss URL of a signalling server. Check "
        "signal-url.", url);
}

static void
add_parameter (GString * client, const char *name, const char *value)
{
  if (!value)
    return;
  g_string_append_printf (client, "&%s=", name);
  g_string_append_uri_escaped (client, value, "/", FALSE);
}

static void
set_client (P2pSoupTrackerWorld * world, const P2pSoupTrackerConfig * config)
{
  GString *client = g_string_new (NULL);

  add_parameter (client, "browser", config->browser);
  add_parameter (client, "device", config->device);
  add_parameter (client, "os", config->os);
  world->client = g_string_free (client, FALSE);
}

P2pSoupTracker *
p2p_soup_tracker_new (P2pClock * clock, GMainContext * context, GRand * rand,
    const P2pSoupTrackerConfig * config)
{
  P2pSoupTracker *self = g_object_new (P2P_TYPE_SOUP_TRACKER, NULL);
  P2pSoupTrackerWorld *world = &self->world;

  world->signaller = P2P_SIGNALLER (self);
  world->clock = g_object_ref (clock);
  world->rand = rand;
  world->fetcher = P2P_FETCHER (p2p_soup_fetcher_new (clock, context));
  world->pool = p2p_soup_pool_new ();
  world->options = p2p_http_options_new ();
  world->connector = g_object_ref (config->connector);
  world->make_peer = config->make_peer;
  world->max_peers = P2P_SN_DEFAULT_MAX_PEERS;
  world->own_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      NULL);
  set_announce (world, config->announce);
  set_signal_url (world, config->signal_url);
  set_client (world, config);
  return self;
}
