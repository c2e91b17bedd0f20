/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "viewer.h"

/* Viewers who watch a stream to its end as hlsdemux does: a segment after the
 * other, a few ahead of what plays. */

#define SEGMENTS 30
#define SEGMENT_TIME (2 * P2P_SECOND)
#define SEGMENT_BYTES 100000
#define RATE 150000             /* bytes a second of the origin and of a peer */
#define AHEAD 2                 /* segments that the player buffers */
#define JOIN (3 * P2P_SECOND)   /* between one viewer and the next */
#define TICK (20 * P2P_MSEC)

typedef struct
{
  Viewer *viewer;
  Watch *watch;                 /* what it reads now */
  guint next;                   /* to be read */
  gint64 join;
  gint64 began;                 /* when it began to play; -1: not yet */
  gint64 stalled;
} Player;

static void
player_ask (Player * p)
{
  viewer_load (p->viewer, p->next, SEGMENTS - p->next, "swarm", NULL);
  p->watch = viewer_read (p->viewer, p->next);
}

/* A tick of its life. */
static void
player_step (Player * p, gint64 now)
{
  gint64 played = p->began < 0 ? 0 : now - p->began - p->stalled;

  if (now < p->join)
    return;
  if (p->watch && p->watch->ended) {
    g_assert_no_error (p->watch->error);
    viewer_close (p->viewer, p->watch);
    p->watch = NULL;
    p->next++;
    if (p->began < 0)
      p->began = now;
  }
  if (p->began >= 0 && p->next < SEGMENTS && played >= p->next * SEGMENT_TIME)
    p->stalled += TICK;
  if (!p->watch && p->next < SEGMENTS
      && p->next * SEGMENT_TIME < played + AHEAD * SEGMENT_TIME)
    player_ask (p);
}

static void
player_init (Player * p, guint i, P2pClock * clock, GRand * rand,
    GString * log, GType type)
{
  g_autofree char *name = g_strdup_printf ("player%u", i);

  *p = (Player) {
  viewer_new (name, clock, rand, log, type)};
  p->join = i * JOIN;
  p->began = -1;
  p->viewer->duration = SEGMENT_TIME;
  p2p_loader_set_own_id (p->viewer->loader, name);
  for (guint n = 0; n < SEGMENTS; n++) {
    FakeResource *resource =
        fake_fetcher_add (p->viewer->origin, viewer_uri (n), SEGMENT_BYTES);

    resource->rate = RATE;
    resource->latency = 20 * P2P_MSEC;
  }
  viewer_load (p->viewer, 0, 0, "swarm", NULL);
}

static void
add_stranger (Player * p, FakePeerFault fault, guint64 rate, guint i)
{
  g_autofree char *name = g_strdup_printf ("stranger%u", i);
  FakePeer *peer = fake_peer_new (p->viewer->clock, name);

  peer->fault = fault;
  peer->rate = rate;
  for (guint n = 0; n < SEGMENTS; n++)
    fake_peer_hold (peer, viewer_uri (n),
        fake_fetcher_get (p->viewer->origin, viewer_uri (n))->body);
  viewer_add_peer (p->viewer, peer);
}

typedef struct
{
  double offload;               /* of what was played */
  double wasted;                /* bytes that came, and were not */
  gint64 stalled;               /* of all */
  gint64 startup;               /* the longest */
} Outcome;

/* n players who know each other (and speak over wires, or in the test's own
 * way), each among strangers with fault and rate. */
static Outcome
watch (guint n, GType type, gboolean wires, guint strangers,
    FakePeerFault fault, guint64 rate)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  GRand *rand = g_rand_new_with_seed (1);
  GString *log = g_string_new (NULL);
  g_autofree Player *players = g_new (Player, n);
  guint64 played = (guint64) n * SEGMENTS * SEGMENT_BYTES, http = 0, came = 0;
  Outcome outcome = { 0, };

  for (guint i = 0; i < n; i++) {
    player_init (&players[i], i, clock, rand, log, type);
    for (guint k = 0; k < strangers; k++)
      add_stranger (&players[i], fault, rate, k);
  }
  for (gint64 now = 0; now < 200 * P2P_SECOND; now += TICK) {
    guint newcomer = now / JOIN;

    for (guint k = 0; now % JOIN == 0 && newcomer < n && k < newcomer; k++)
      (wires ? viewer_meet_over_wire : viewer_meet) (players[k].viewer,
          players[newcomer].viewer, 20 * P2P_MSEC, RATE);
    fake_clock_run_for (clock, TICK);
    for (guint i = 0; i < n; i++)
      player_step (&players[i], now + TICK);
  }

  for (guint i = 0; i < n; i++) {
    Viewer *v = players[i].viewer;

    g_assert_cmpuint (players[i].next, ==, SEGMENTS);
    viewer_check (v);
    http += v->pieces[P2P_SOURCE_HTTP];
    came += v->pieces[P2P_SOURCE_HTTP] + v->pieces[P2P_SOURCE_P2P];
    outcome.stalled += players[i].stalled;
    outcome.startup = MAX (outcome.startup, players[i].began - players[i].join);
  }
  for (guint i = 0; i < n; i++)
    viewer_free (players[i].viewer);
  g_string_free (log, TRUE);
  g_rand_free (rand);
  outcome.offload = 1 - (double) http / played;
  outcome.wasted = (double) came / played - 1;
  return outcome;
}

/* Whatever the peers are: no start later, no stall more. */
static void
assert_never_worse (FakePeerFault fault, guint64 rate)
{
  Outcome http = watch (1, P2P_TYPE_HTTP_LOADER, FALSE, 0, fault, rate);
  Outcome hybrid = watch (1, P2P_TYPE_HYBRID_LOADER, FALSE, 4, fault, rate);

  g_test_message ("wasted %.0f %%", 100 * hybrid.wasted);
  g_assert_cmpint (hybrid.stalled, <=, http.stalled);
  g_assert_cmpint (hybrid.startup, <=, http.startup);
}

static void
test_never_worse_by_fault (gconstpointer data)
{
  assert_never_worse (GPOINTER_TO_UINT (data), RATE);
}

static void
test_never_worse_by_slowness (void)
{
  assert_never_worse (FAKE_PEER_HONEST, RATE / 20);
}

/* The more they are, the less the origin has to do. */
static void
test_offload (gconstpointer wires)
{
  static const guint sizes[] = { 1, 2, 4, 8 };
  double before = -1;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    Outcome outcome = watch (sizes[i], P2P_TYPE_HYBRID_LOADER, wires != NULL,
        0, FAKE_PEER_HONEST, RATE);
    double bound = 1 - 1.0 / sizes[i];

    g_test_message ("%u viewers: offload %.0f %% of at most %.0f %%, "
        "wasted %.0f %%", sizes[i], 100 * outcome.offload, 100 * bound,
        100 * outcome.wasted);
    g_assert_cmpfloat (outcome.offload, <=, bound);
    g_assert_cmpfloat (outcome.offload, >=, bound * 0.95);
    g_assert_cmpfloat (outcome.offload, >, before);
    g_assert_cmpint (outcome.stalled, ==, 0);
    before = outcome.offload;
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < FAKE_PEER_N_FAULTS; i++) {
    g_autofree char *path = g_strdup_printf ("/watch/never-worse/%u", i);

    /* A length that is one too many and kept to can only be known by length. */
    if (i != FAKE_PEER_SIZE_OTHER)
      g_test_add_data_func (path, GUINT_TO_POINTER (i),
          test_never_worse_by_fault);
  }
  g_test_add_func ("/watch/never-worse/slow", test_never_worse_by_slowness);
  g_test_add_data_func ("/watch/offload/fake", NULL, test_offload);
  g_test_add_data_func ("/watch/offload/wire", "wire", test_offload);
  return g_test_run ();
}
