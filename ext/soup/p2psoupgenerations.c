/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupgenerations.h"

#include "p2pmljsonpeer.h"
#include "p2pmlpeer.h"
#include "p2psoupwebtorrent.h"

struct _P2pSoupGenerations
{
  GObject parent;

  P2pClock *clock;
  GRand *rand;
  P2pConnector *connector;
  GPtrArray *announces;         /* of char *, as the user spells them */
  GPtrArray *clients;           /* of P2pSoupWebtorrent, one for each of those */
  P2pGenerations generations;
  gboolean elects;
  guint max_peers;
  GHashTable *peer_ids;         /* P2pWtId, of a swarm -> P2pWtId, ours there */
  GPtrArray *swarms;            /* of Swarm */
};

/* A stream in the name of one generation. */
typedef struct
{
  P2pSoupGenerations *parent;   /* borrowed */
  P2pIdentity *identity;
  P2pGeneration generation;
  P2pNames *names;
  const P2pSignallerEvents *events;
  gpointer user_data;
  char *peer_id;                /* ours, as text */
  P2pWtDialer *dialer;
  GPtrArray *entries;           /* of Entry */
} Swarm;

/* … at one tracker. */
typedef struct
{
  Swarm *swarm;                 /* borrowed */
  const char *announce;         /* borrowed */
  P2pSoupWebtorrentSwarm *joined;
} Entry;

static void p2p_soup_generations_iface_init (P2pSignallerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pSoupGenerations, p2p_soup_generations,
    G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (P2P_TYPE_SIGNALLER,
        p2p_soup_generations_iface_init));
/* *INDENT-ON* */

/* --- what a dialer says --- */

static P2pPeer *
on_make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  Swarm *swarm = user_data;
  P2pSoupGenerations *self = swarm->parent;
  P2pMlWire wire = p2p_generation_get_info (swarm->generation)->wire;

  if (wire >= P2P_ML_WIRE_BINARY)
    return p2p_ml_peer_new (self->clock, channel, swarm->names, peer_id,
        wire == P2P_ML_WIRE_BINARY_REQUESTS,
        p2p_identity_counts_places (swarm->identity, swarm->generation));
  return p2p_ml_json_peer_new (self->clock, channel, swarm->names, peer_id,
      wire, p2p_identity_get_stream_id (swarm->identity,
          swarm->generation), p2p_identity_get_base (swarm->identity));
}

static void
on_connected (P2pPeer * peer, gpointer user_data)
{
  Swarm *swarm = user_data;

  swarm->events->peer (P2P_SIGNALLER (swarm->parent), peer, swarm->peer_id,
      swarm->user_data);
}

/* The next announce offers anew. */
static void
on_lost (gpointer user_data)
{
}

static const P2pWtDialerEvents dialer_events = {
  on_make_peer, on_connected, on_lost
};

/* --- what a tracker says --- */

static void
on_announced (guint n_peers, gpointer user_data)
{
  Entry *entry = user_data;
  Swarm *swarm = entry->swarm;

  swarm->events->announced (P2P_SIGNALLER (swarm->parent), entry->announce,
      swarm->peer_id, n_peers, swarm->user_data);
}

static void
on_warning (const char *text, gpointer user_data)
{
  Entry *entry = user_data;
  Swarm *swarm = entry->swarm;

  swarm->events->warning (P2P_SIGNALLER (swarm->parent), entry->announce, text,
      swarm->user_data);
}

static void
on_error (const GError * error, gpointer user_data)
{
  Entry *entry = user_data;
  Swarm *swarm = entry->swarm;

  swarm->events->error (P2P_SIGNALLER (swarm->parent), entry->announce, error,
      swarm->user_data);
}

static const P2pSoupWebtorrentEvents tracker_events = {
  on_announced, on_warning, on_error
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  p2p_soup_webtorrent_leave (entry->joined);
  g_free (entry);
}

/* --- swarms --- */

static void
swarm_free (gpointer data)
{
  Swarm *swarm = data;

  g_ptr_array_unref (swarm->entries);
  p2p_wt_dialer_free (swarm->dialer);
  p2p_identity_unref (swarm->identity);
  p2p_names_unref (swarm->names);
  g_free (swarm->peer_id);
  g_free (swarm);
}

static gboolean
swarm_is (Swarm * swarm, const char *swarm_id, gpointer user_data)
{
  return swarm->user_data == user_data
      && g_str_equal (p2p_identity_get_name (swarm->identity), swarm_id);
}

static const P2pWtId *
get_peer_id (P2pSoupGenerations * self, P2pGeneration generation,
    const P2pWtId * info_hash)
{
  P2pWtId *peer_id = g_hash_table_lookup (self->peer_ids, info_hash);

  if (peer_id == NULL) {
    peer_id = g_new (P2pWtId, 1);
    p2p_generation_make_peer_id (generation, self->rand, self->elects,
        peer_id->bytes);
    g_hash_table_insert (self->peer_ids, g_memdup2 (info_hash,
            sizeof *info_hash), peer_id);
  }
  return peer_id;
}

static gboolean
is_joined (P2pSoupGenerations * self, const P2pWtId * info_hash)
{
  for (guint i = 0; i < self->swarms->len; i++) {
    Swarm *swarm = g_ptr_array_index (self->swarms, i);

    if (p2p_wt_id_equal (p2p_wt_dialer_get_info_hash (swarm->dialer),
            info_hash))
      return TRUE;
  }
  return FALSE;
}

/* Two streams that a generation has one name for (two qualities of an audio that
 * differ in nothing it looks at) cannot be told apart there: the first has it. */
static void
join_generation (P2pSoupGenerations * self, P2pGeneration generation,
    const Swarm * model)
{
  const char *hashed = p2p_identity_get_hashed (model->identity, generation);
  const P2pGenerationInfo *info = p2p_generation_get_info (generation);
  const P2pWtId *peer_id;
  P2pWtId info_hash;
  Swarm *swarm;

  if (hashed == NULL)
    return;
  p2p_generation_make_info_hash (generation, hashed, info_hash.bytes);
  if (is_joined (self, &info_hash))
    return;
  peer_id = get_peer_id (self, generation, &info_hash);
  swarm = g_memdup2 (model, sizeof *model);
  swarm->generation = generation;
  p2p_identity_ref (swarm->identity);
  p2p_names_ref (swarm->names);
  swarm->peer_id = p2p_wt_id_to_text (peer_id);
  swarm->dialer = p2p_wt_dialer_new (self->clock, self->rand, self->connector,
      &info_hash, peer_id, self->max_peers, &dialer_events, swarm);
  swarm->entries = g_ptr_array_new_with_free_func (entry_free);
  for (guint i = 0; i < self->clients->len; i++) {
    Entry *entry = g_new0 (Entry, 1);

    entry->swarm = swarm;
    entry->announce = g_ptr_array_index (self->announces, i);
    entry->joined = p2p_soup_webtorrent_join (g_ptr_array_index (self->clients,
            i), swarm->dialer, info->n_offers, &tracker_events, entry);
    g_ptr_array_add (swarm->entries, entry);
  }
  g_ptr_array_add (self->swarms, swarm);
}

/* --- the interface --- */

static void
p2p_soup_generations_join (P2pSignaller * signaller, P2pIdentity * identity,
    P2pNames * names, const P2pSignallerEvents * events, gpointer user_data)
{
  P2pSoupGenerations *self = P2P_SOUP_GENERATIONS (signaller);
  Swarm model = {.parent = self,.identity = identity,.names = names,
    .events = events,.user_data = user_data
  };

  for (guint i = 0; i < P2P_N_GENERATIONS; i++)
    if (self->generations & (1 << i))
      join_generation (self, i, &model);
}

static void
p2p_soup_generations_leave (P2pSignaller * signaller, const char *swarm_id,
    gpointer user_data)
{
  P2pSoupGenerations *self = P2P_SOUP_GENERATIONS (signaller);

  for (guint i = self->swarms->len; i > 0; i--)
    if (swarm_is (g_ptr_array_index (self->swarms, i - 1), swarm_id, user_data))
      g_ptr_array_remove_index (self->swarms, i - 1);
}

static void
p2p_soup_generations_set_max_peers (P2pSignaller * signaller, guint max_peers)
{
  P2pSoupGenerations *self = P2P_SOUP_GENERATIONS (signaller);

  self->max_peers = max_peers;
  for (guint i = 0; i < self->swarms->len; i++) {
    Swarm *swarm = g_ptr_array_index (self->swarms, i);

    p2p_wt_dialer_set_max_peers (swarm->dialer, max_peers);
  }
}

static void
p2p_soup_generations_set_options (P2pSignaller * signaller,
    P2pHttpOptions * options)
{
  P2pSoupGenerations *self = P2P_SOUP_GENERATIONS (signaller);

  for (guint i = 0; i < self->clients->len; i++)
    p2p_soup_webtorrent_set_options (g_ptr_array_index (self->clients, i),
        options);
}

static void
p2p_soup_generations_foreach_tracker (P2pSignaller * signaller,
    const char *swarm_id, gpointer user_data, P2pTrackerFunc func,
    gpointer func_data)
{
  P2pSoupGenerations *self = P2P_SOUP_GENERATIONS (signaller);

  for (guint i = 0; i < self->swarms->len; i++) {
    Swarm *swarm = g_ptr_array_index (self->swarms, i);

    if (!swarm_is (swarm, swarm_id, user_data))
      continue;
    for (guint j = 0; j < swarm->entries->len; j++) {
      Entry *entry = g_ptr_array_index (swarm->entries, j);
      P2pSignallerStats stats = { 0 };

      p2p_soup_webtorrent_get_stats (entry->joined, &stats);
      stats.tracker = entry->announce;
      stats.swarm_id = p2p_identity_get_hashed (swarm->identity,
          swarm->generation);
      stats.peer_id = swarm->peer_id;
      func (&stats, func_data);
    }
  }
}

static void
p2p_soup_generations_iface_init (P2pSignallerInterface * iface)
{
  iface->join = p2p_soup_generations_join;
  iface->leave = p2p_soup_generations_leave;
  iface->set_max_peers = p2p_soup_generations_set_max_peers;
  iface->set_options = p2p_soup_generations_set_options;
  iface->foreach_tracker = p2p_soup_generations_foreach_tracker;
}

static void
p2p_soup_generations_finalize (GObject * object)
{
  P2pSoupGenerations *self = P2P_SOUP_GENERATIONS (object);

  g_ptr_array_unref (self->swarms);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->announces);
  g_hash_table_unref (self->peer_ids);
  g_object_unref (self->connector);
  g_object_unref (self->clock);
  g_rand_free (self->rand);
  G_OBJECT_CLASS (p2p_soup_generations_parent_class)->finalize (object);
}

static void
p2p_soup_generations_class_init (P2pSoupGenerationsClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_soup_generations_finalize;
}

static void
p2p_soup_generations_init (P2pSoupGenerations * self)
{
  self->announces = g_ptr_array_new_with_free_func (g_free);
  self->clients = g_ptr_array_new_with_free_func
      ((GDestroyNotify) p2p_soup_webtorrent_free);
  self->swarms = g_ptr_array_new_with_free_func (swarm_free);
  self->peer_ids = g_hash_table_new_full (p2p_wt_id_hash, p2p_wt_id_equal,
      g_free, g_free);
  self->max_peers = P2P_WT_DEFAULT_MAX_PEERS;
}

P2pSoupGenerations *
p2p_soup_generations_new (P2pClock * clock, GRand * rand,
    P2pConnector * connector, const char *const *announces,
    P2pGenerations generations, gboolean elects)
{
  P2pSoupGenerations *self = g_object_new (P2P_TYPE_SOUP_GENERATIONS, NULL);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->connector = g_object_ref (connector);
  self->generations = generations;
  self->elects = elects;
  for (; *announces; announces++) {
    g_ptr_array_add (self->announces, g_strdup (*announces));
    g_ptr_array_add (self->clients, p2p_soup_webtorrent_new (clock, rand,
            *announces));
  }
  return self;
}
