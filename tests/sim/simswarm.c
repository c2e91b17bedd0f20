/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "simswarm.h"

#include <string.h>

/* What two viewers need for a connection beside the time on the way: the
 * tracker's round trip, the offer and the answer, ICE and DTLS. */
#define CONNECT_WAYS 8

typedef struct
{
  const SimConfig *config;
  SimStream stream;
  P2pClock *clock;
  GRand *rand;
  SimPlayer *players;
  guint8 *tried;                /* of each pair */
  guint n_there;                /* who came */
  SimNode server;
} SimSwarm;

/* Two viewers who are about to be connected. */
typedef struct
{
  SimSwarm *swarm;
  guint a, b;
} SimMeeting;

static gboolean
sim_swarm_is_full (SimSwarm * self, SimPlayer * player)
{
  guint degree = self->config->degree;

  return degree > 0 && p2p_loader_get_n_peers (player->loader) >= degree;
}

static void
sim_swarm_on_meet (gpointer data)
{
  g_autofree SimMeeting *meeting = data;
  SimSwarm *self = meeting->swarm;
  SimPlayer *a = &self->players[meeting->a], *b = &self->players[meeting->b];
  SimPeer *x, *y;

  if (!a->loader || !b->loader || sim_swarm_is_full (self, a)
      || sim_swarm_is_full (self, b))
    return;
  sim_peer_connect (self->clock, &a->node, a->name, &a->told, &b->node,
      b->name, &b->told, &x, &y);
  p2p_loader_add_peer (a->loader, P2P_PEER (x));
  p2p_loader_add_peer (b->loader, P2P_PEER (y));
  g_object_unref (x);
  g_object_unref (y);
}

static void
sim_swarm_try (SimSwarm * self, guint a, guint b)
{
  guint at = MAX (a, b) * self->config->viewers + MIN (a, b);
  SimPlayer *x = &self->players[a], *y = &self->players[b];
  SimMeeting *meeting;

  if (a == b || self->tried[at] || !x->loader || !y->loader
      || sim_swarm_is_full (self, y))
    return;
  self->tried[at] = TRUE;
  if (g_rand_int_range (self->rand, 0, 100) == 0)
    return;
  meeting = g_new (SimMeeting, 1);
  *meeting = (SimMeeting) {
  self, a, b};
  p2p_clock_call_at (self->clock, p2p_clock_get_time (self->clock)
      + CONNECT_WAYS * sim_node_get_latency (&x->node, &y->node),
      sim_swarm_on_meet, meeting);
}

/* As with a tracker's answer: some of those who are there. */
static void
sim_swarm_find_peers (SimSwarm * self, guint i)
{
  guint degree = self->config->degree;

  if (degree == 0) {
    for (guint k = 0; k < self->n_there; k++)
      sim_swarm_try (self, i, k);
    return;
  }
  for (guint k = p2p_loader_get_n_peers (self->players[i].loader);
      k < degree && self->n_there > 0; k++)
    sim_swarm_try (self, i, g_rand_int_range (self->rand, 0, self->n_there));
}

static void
sim_swarm_join (SimSwarm * self, guint i)
{
  SimPlayer *player = &self->players[i];
  SimConfig const *config = self->config;

  player->settings.max_cache_segments_count = config->cache;
  player->settings.http_election = config->election;
  player->settings.max_peers =
      config->degree > 0 ? config->degree : config->viewers;
  player->others = MIN (i, player->settings.max_peers);
  sim_player_join (player, self->rand);
  self->n_there = i + 1;
  sim_swarm_find_peers (self, i);
}

/* Returns: FALSE if nobody is left */
static gboolean
sim_swarm_step (SimSwarm * self)
{
  gint64 now = p2p_clock_get_time (self->clock);
  guint n = self->config->viewers;
  gboolean more = FALSE;

  for (guint i = 0; i < n; i++) {
    SimPlayer *player = &self->players[i];
    guint half = player->first + (self->stream.segments - player->first) / 2;

    if (i >= self->n_there && now >= player->join)
      sim_swarm_join (self, i);
    more |= i >= self->n_there || player->loader;
    if (!player->loader)
      continue;
    if (!sim_player_step (player) || (i % 100 >= 100 - self->config->leaving
            && player->next >= half))
      sim_player_leave (player);
    else if (self->config->degree > 0 && now % (5 * P2P_SECOND) == 0)
      sim_swarm_find_peers (self, i);
  }
  return more;
}

static void
sim_swarm_measure (SimSwarm * self, SimOutcome * outcome)
{
  guint n = self->config->viewers, degree = self->config->degree;
  guint64 played = 0, http = 0, came = 0;
  double up = 0, squares = 0;

  *outcome = (SimOutcome) {
  0};
  for (guint i = 0; i < n; i++) {
    SimPlayer *player = &self->players[i];

    played += (player->next - player->first) * self->stream.size;
    http += player->http;
    came += player->http + player->p2p;
    up += player->uploaded;
    squares += (double) player->uploaded * player->uploaded;
    outcome->stalls += player->stalls;
    outcome->stalled += player->stalled / 1e6;
    outcome->startup += (player->began - player->join) / 1e6 / n;
  }
  outcome->offload = 1 - (double) http / played;
  outcome->bound = degree > 0 && degree < n - 1 ? degree / (degree + 1.0)
      : (n - 1.0) / n;
  outcome->duplicates = (double) http / self->stream.size
      / (self->stream.segments - self->players[0].first) - 1;
  outcome->unplayed = (double) came / played - 1;
  outcome->fairness = squares > 0 ? up * up / squares / n : 1;
}

static void
sim_swarm_run_clock (P2pClock * clock, gint64 end)
{
  while (p2p_clock_get_next (clock) <= end)
    p2p_clock_run (clock, p2p_clock_get_next (clock));
  p2p_clock_set_time (clock, end);
}

void
sim_swarm_run (const SimConfig * config, SimOutcome * outcome)
{
  SimSwarm self = { config, config->stream };
  g_autoptr (GBytes) body = g_bytes_new_take (g_malloc0 (config->stream.size),
      config->stream.size);

  if (self.stream.window > 0)
    self.stream.segments += self.stream.window - MIN (self.stream.window, 3);
  self.server = (SimNode) {
  config->server, config->server, 50 * P2P_MSEC};
  self.clock = p2p_clock_new (0);
  self.rand = g_rand_new_with_seed (config->seed);
  self.players = g_new (SimPlayer, config->viewers);
  self.tried = g_malloc0 ((gsize) config->viewers * config->viewers);
  for (guint i = 0; i < config->viewers; i++) {
    g_autofree char *name = g_strdup_printf ("-GS0001-%012u",
        g_rand_int_range (self.rand, 0, G_MAXINT32));

    sim_player_init (&self.players[i], name, self.clock, self.rand,
        &self.stream, config->server > 0 ? &self.server : NULL, body);
    self.players[i].join = i * config->join;
  }
  while (sim_swarm_step (&self))
    sim_swarm_run_clock (self.clock,
        p2p_clock_get_time (self.clock) + SIM_PLAYER_TICK);
  sim_swarm_run_clock (self.clock,
      p2p_clock_get_time (self.clock) + P2P_SECOND);
  sim_swarm_measure (&self, outcome);

  for (guint i = 0; i < config->viewers; i++)
    sim_player_clear (&self.players[i]);
  g_free (self.players);
  g_free (self.tried);
  g_rand_free (self.rand);
  g_object_unref (self.clock);
}
