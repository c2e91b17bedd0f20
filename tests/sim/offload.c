/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "simswarm.h"

#include <string.h>

/* What a swarm takes from the origin must not grow. Means of so many seeds. */
#define SEEDS 3
/* They differ more where the line is tight. */
#define TIGHT_SEEDS 10

typedef struct
{
  SimConfig config;
  double least;                 /* of the bound */
  double startup;               /* at most, seconds */
} Case;

/* *INDENT-OFF* */
#define VOD(n, cache, least) \
  { { "vod/" #n "/cache-" #cache, n, { 2 * P2P_SECOND, 0, 60, 250000 }, 0, \
      cache, TRUE, 3 * P2P_SECOND, 0, 0 }, least, 0.4 }
#define LIVE(n, window, time, least) \
  { { "live/" #n "/" #window "x" #time, n, \
      { time * P2P_SECOND, window, 120 / time, time * 125000 }, 0, 120, TRUE, \
      3 * P2P_SECOND, 0, 0 }, least, 0.55 }

static const Case cases[] = {
  VOD (2, 120, 0.98), VOD (4, 120, 0.98), VOD (8, 120, 0.98),
  VOD (2, 20, 0.98), VOD (4, 20, 0.98), VOD (8, 20, 0.97),
  LIVE (2, 15, 2, 0.97), LIVE (4, 15, 2, 0.97), LIVE (8, 15, 2, 0.965),
  LIVE (16, 15, 2, 0.93), LIVE (4, 10, 4, 0.955), LIVE (4, 6, 2, 0.97),
  LIVE (4, 4, 5, 0.949)
};
/* *INDENT-ON* */

static void
test_offload (gconstpointer data)
{
  const Case *c = data;
  double of_bound = 0, unplayed = 0;

  for (guint32 seed = 1; seed <= SEEDS; seed++) {
    SimConfig config = c->config;
    SimOutcome outcome;

    config.seed = seed;
    sim_swarm_run (&config, &outcome);
    g_test_message ("seed %u: offload %.1f %%, %.1f %% of the bound, startup "
        "%.2f s, not played %.1f %%", seed, 100 * outcome.offload,
        100 * outcome.offload / outcome.bound, outcome.startup,
        100 * outcome.unplayed);
    g_assert_cmpuint (outcome.stalls, ==, 0);
    g_assert_cmpfloat (outcome.startup, <=, c->startup);
    of_bound += outcome.offload / outcome.bound / SEEDS;
    unplayed += outcome.unplayed / SEEDS;
  }
  g_test_message ("%.2f %% of the bound", 100 * of_bound);
  g_assert_cmpfloat (of_bound, >=, c->least);
  g_assert_cmpfloat (unplayed, <=, 0.05);
}

typedef struct
{
  SimConfig config;
  double least;                 /* of the bound */
  double stalled;               /* at most, seconds of all viewers */
} Tight;

/* *INDENT-OFF* */
#define TIGHT(name, n, segments, cache, apart, server) \
  { "tight/" name, n, { 2 * P2P_SECOND, 0, segments, 250000 }, 0, cache, TRUE, \
    apart * P2P_SECOND, 0, 0, server }

/* The server's line carries one and a half of the stream, and each who joins
 * needs it as well. Or two and a half, and they are so far apart that each needs
 * all of it. */
static const Tight tights[] = {
  { TIGHT ("4", 4, 60, 120, 3, 187500), 0.98, 2 },
  { TIGHT ("8", 8, 60, 120, 3, 187500), 0.98, 4.5 },
  { TIGHT ("apart", 2, 150, 20, 60, 312500), 0, 20 }
};
/* *INDENT-ON* */

static void
test_tight (gconstpointer data)
{
  const Tight *c = data;
  double of_bound = 0, stalled = 0;

  for (guint32 seed = 1; seed <= TIGHT_SEEDS; seed++) {
    SimConfig config = c->config;
    SimOutcome outcome;

    config.seed = seed;
    sim_swarm_run (&config, &outcome);
    of_bound += outcome.offload / outcome.bound / TIGHT_SEEDS;
    stalled += outcome.stalled / TIGHT_SEEDS;
  }
  g_test_message ("%.1f %% of the bound, stalled for %.1f s", 100 * of_bound,
      stalled);
  g_assert_cmpfloat (of_bound, >=, c->least);
  g_assert_cmpfloat (stalled, <=, c->stalled);
}

/* A swarm whose viewers know some others only, and of whom some leave. */
static const SimConfig many = {
  "many", 60, {2 * P2P_SECOND, 15, 40, 250000}, 12, 120, TRUE, P2P_SECOND, 20,
  1
};

static void
test_degree (void)
{
  SimOutcome outcome;

  sim_swarm_run (&many, &outcome);
  g_test_message ("%.1f %% of the bound, %u stalls, not played %.1f %%",
      100 * outcome.offload / outcome.bound, outcome.stalls,
      100 * outcome.unplayed);
  g_assert_cmpfloat (outcome.offload / outcome.bound, >=, 0.93);
  g_assert_cmpuint (outcome.stalls, ==, 0);
}

static void
test_twice (void)
{
  SimOutcome first, second;

  sim_swarm_run (&many, &first);
  sim_swarm_run (&many, &second);
  g_assert_cmpint (memcmp (&first, &second, sizeof first), ==, 0);
}

/* Without the election, chance lets several fetch the same. */
static void
test_election_pays (void)
{
  SimConfig config = cases[1].config;
  SimOutcome with, without;

  sim_swarm_run (&config, &with);
  config.election = FALSE;
  sim_swarm_run (&config, &without);
  g_test_message ("with %.1f %%, without %.1f %%", 100 * with.offload,
      100 * without.offload);
  g_assert_cmpfloat (with.offload, >, without.offload);
  g_assert_cmpuint (without.stalls, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path =
        g_strconcat ("/offload/", cases[i].config.name, NULL);

    g_test_add_data_func (path, &cases[i], test_offload);
  }
  g_test_add_func ("/offload/degree", test_degree);
  for (guint i = 0; i < G_N_ELEMENTS (tights); i++) {
    g_autofree char *path =
        g_strconcat ("/offload/", tights[i].config.name, NULL);

    g_test_add_data_func (path, &tights[i], test_tight);
  }
  g_test_add_func ("/offload/twice", test_twice);
  g_test_add_func ("/offload/election-pays", test_election_pays);
  return g_test_run ();
}
