/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "viewer.h"

#include <string.h>

#define VIEWERS 5
#define STEPS 4000

/* A swarm of viewers of one stream, to whom anything happens at any time, in an
 * order that a seed decides. */
typedef struct
{
  P2pClock *clock;
  GRand *rand;
  GString *log;
  Viewer *viewers[VIEWERS];
  guint n_strangers;
  GPtrArray *babblers;          /* of FakeChannel: their ends */
} Swarm;

static guint
chance (Swarm * s, guint n)
{
  return g_rand_int_range (s->rand, 0, n);
}

static Viewer *
any_viewer (Swarm * s)
{
  return s->viewers[chance (s, VIEWERS)];
}

static void
swarm_new_viewer (Swarm * s, guint i)
{
  g_autofree char *name = g_strdup_printf ("viewer%u", i);
  Viewer *v = viewer_new (name, s->clock, s->rand, s->log,
      i > 0 ? P2P_TYPE_HYBRID_LOADER : P2P_TYPE_HTTP_LOADER);

  for (guint n = 0; n < VIEWER_SEGMENTS; n++) {
    /* The same for all viewers. */
    FakeResource *resource = fake_fetcher_add (v->origin, viewer_uri (n),
        1 + (n * 7919) % 60000);

    resource->rate = 20000 + chance (s, 200000);
    resource->latency = chance (s, 200) * P2P_MSEC;
    resource->chunk = 1 + chance (s, 20000);
    resource->no_length = chance (s, 4) == 0;
    resource->validator = g_strdup ("\"v\"");
  }
  s->viewers[i] = v;
}

static void
op_load (Swarm * s)
{
  static const char *const swarms[] = { NULL, "b" };
  Viewer *v = any_viewer (s);
  guint first = chance (s, 3) ? MIN (v->first + chance (s, 3),
      VIEWER_SEGMENTS - 1) : chance (s, VIEWER_SEGMENTS);
  guint n = chance (s, MIN (25, VIEWER_SEGMENTS - first) + 1);

  viewer_load (v, first, n, chance (s, 30) ? "a" : swarms[chance (s, 2)],
      chance (s, 4) ? NULL : viewer_uri (chance (s, VIEWER_SEGMENTS)));
}

static void
op_read (Swarm * s)
{
  Viewer *v = any_viewer (s);

  if (v->n > 0 && v->watches->len < 10)
    viewer_read (v, v->first + chance (s, MIN (v->n, 5)));
}

static Watch *
any_watch (Swarm * s)
{
  Viewer *v = any_viewer (s);

  if (v->watches->len == 0)
    return NULL;
  return g_ptr_array_index (v->watches, chance (s, v->watches->len));
}

static void
op_close (Swarm * s)
{
  Watch *watch = any_watch (s);

  if (watch)
    viewer_close (watch->viewer, watch);
}

static void
op_pause (Swarm * s)
{
  Watch *watch = any_watch (s);

  if (watch)
    p2p_reader_set_paused (watch->reader, chance (s, 2));
}

static void
op_settings (Swarm * s)
{
  Viewer *v = any_viewer (s);
  P2pSettings *set = &v->settings;

  switch (chance (s, 8)) {
    case 0:
      set->cache_segment_expiration = chance (s, 2) ? 300000 : chance (s, 9999);
      break;
    case 1:
      set->max_cache_segments_count = chance (s, 25);
      break;
    case 2:
      set->required_segments_count = chance (s, 4);
      break;
    case 3:
      set->simultaneous_p2p_downloads = chance (s, 6);
      break;
    case 4:
      set->last_segment_probability = g_rand_double (s->rand);
      break;
    case 5:
      set->last_segment_probability_interval = chance (s, 2000);
      break;
    case 6:
      set->buffer_segments_count = chance (s, 25);
      break;
    case 7:
      set->max_cache_bytes = chance (s, 2) ? 1 << 20 : chance (s, 200000);
      break;
  }
  viewer_apply (v);
}

static void
op_meet (Swarm * s)
{
  Viewer *a = any_viewer (s), *b = any_viewer (s);

  if (a != b && P2P_IS_HYBRID_LOADER (a->loader)
      && P2P_IS_HYBRID_LOADER (b->loader))
    (chance (s, 2) ? viewer_meet : viewer_meet_over_wire) (a, b,
        chance (s, 300) * P2P_MSEC,
        chance (s, 3) ? 1000 + chance (s, 300000) : 0);
}

static void
op_stranger (Swarm * s)
{
  Viewer *v = any_viewer (s);
  g_autofree char *name = g_strdup_printf ("stranger%u", s->n_strangers++);
  FakePeer *peer = fake_peer_new (s->clock, name);

  /* A length that is one too many and kept to can only be known by length. */
  do
    peer->fault = chance (s, FAKE_PEER_N_FAULTS);
  while (peer->fault == FAKE_PEER_SIZE_OTHER);
  peer->latency = chance (s, 4000) * P2P_MSEC;
  peer->rate = 100 + chance (s, 100000);
  peer->chunk = 1 + chance (s, 20000);
  for (guint n = 0; n < VIEWER_SEGMENTS; n += 1 + chance (s, 4))
    fake_peer_hold (peer, viewer_uri (n),
        fake_fetcher_get (v->origin, viewer_uri (n))->body);
  viewer_add_peer (v, peer);
}

/* Somebody who says that he has all, and then anything. */
static void
op_babbler (Swarm * s)
{
  Viewer *v = any_viewer (s);
  g_autofree char *name = g_strdup_printf ("babbler%u", s->n_strangers++);
  g_autoptr (FakeChannel) channel = NULL;
  FakeChannel *end;

  if (!P2P_IS_HYBRID_LOADER (v->loader))
    return;
  fake_channel_pair (s->clock, &channel, &end);
  g_ptr_array_add (s->babblers, end);
  end->rate = 100000;
  fake_channel_send_text (end, "{\"event\":\"BITFIELD\",\"field\":[0,1,2,3,4,"
      "5,6,7,8,9,10,20,30,40,50]}");
  viewer_add_wire (v, channel, name);
}

static void
op_babble (Swarm * s)
{
  static const char *const texts[] = {
    "{\"event\":\"REQUEST\",\"sn\":%u,\"urgent\":true}",
    "{\"event\":\"REQUEST\",\"url\":\"%u.ts\"}",
    "{\"event\":\"PIECE\",\"sn\":%u,\"attachments\":5,\"size\":70000}",
    "{\"event\":\"PIECE\",\"url\":\"%u.ts\",\"attachments\":1,\"size\":1}",
    "{\"event\":\"PIECE_ACK\",\"sn\":%u}", "{\"event\":\"HAVE\",\"sn\":%u}",
    "{\"event\":\"PIECE_NOT_FOUND\",\"sn\":%u}", "%u",
    "{\"event\":\"LOST\",\"sn\":%u}", "{\"event\":\"PING\",\"x\":%u}",
    "{\"event\":\"BITFIELD\",\"field\":[%u]}",
    "{\"event\":\"CLOSE\",\"x\":%u}",
  };
  FakeChannel *end;
  g_autofree char *text = NULL;

  if (s->babblers->len == 0)
    return;
  end = g_ptr_array_index (s->babblers, chance (s, s->babblers->len));
  if (end->closed)
    return;
  text = g_strdup_printf (texts[chance (s, G_N_ELEMENTS (texts))],
      chance (s, VIEWER_SEGMENTS));
  if (chance (s, 2))
    fake_channel_send_text (end, text);
  else
    /* Never all of what it announced: there is nothing to tell it by. */
    fake_channel_send_binary (end, 2 + chance (s, 13000));
}

static void
op_cut (Swarm * s)
{
  Viewer *v = any_viewer (s);

  if (v->channels->len > 0)
    fake_channel_cut (g_ptr_array_index (v->channels,
            chance (s, v->channels->len)));
}

static void
op_vanish (Swarm * s)
{
  Viewer *v = any_viewer (s);

  if (v->peers->len > 0)
    fake_peer_vanish (g_ptr_array_index (v->peers, chance (s, v->peers->len)));
}

static void
op_peer_changes (Swarm * s)
{
  Viewer *v = any_viewer (s);
  FakePeer *peer;

  if (v->peers->len == 0)
    return;
  peer = g_ptr_array_index (v->peers, chance (s, v->peers->len));
  peer->busy = chance (s, 4) == 0;
  if (chance (s, 2))
    fake_peer_drop (peer, viewer_uri (chance (s, VIEWER_SEGMENTS)));
  else
    fake_peer_set_coming (peer, viewer_uri (chance (s, VIEWER_SEGMENTS)));
}

static void
op_origin_fault (Swarm * s)
{
  static const int statuses[] = { 404, 403, 500, 503 };
  static const int errors[] = { P2P_ERROR_CONNECT, P2P_ERROR_RESOLVE,
    P2P_ERROR_TLS, P2P_ERROR_MALFORMED
  };
  FakeResource *resource = fake_fetcher_get (any_viewer (s)->origin,
      viewer_uri (chance (s, VIEWER_SEGMENTS)));
  int times = 1 + chance (s, 6);

  switch (chance (s, 5)) {
    case 0:
      fake_resource_fault (resource, FAKE_STATUS, statuses[chance (s, 4)],
          times);
      break;
    case 1:
      fake_resource_fault (resource, FAKE_ERROR, errors[chance (s, 4)], times);
      break;
    case 2:
      fake_resource_fault (resource, FAKE_CUT, chance (s, 60000), times);
      break;
    case 3:
      fake_resource_fault (resource, FAKE_STALL, chance (s, 60000), 1);
      break;
    case 4:
      fake_resource_fault (resource, FAKE_SILENT, 0, 1);
      break;
  }
}

static void
op_reborn (Swarm * s)
{
  guint i = chance (s, VIEWERS);

  if (chance (s, 10) > 0)
    return;
  viewer_free (s->viewers[i]);
  swarm_new_viewer (s, i);
}

static void
op_run (Swarm * s)
{
  static const gint64 times[] = { P2P_MSEC, 100 * P2P_MSEC, P2P_SECOND,
    10 * P2P_SECOND
  };

  fake_clock_run_for (s->clock, chance (s, times[chance (s, 4)]));
}

static void
swarm_check (Swarm * s)
{
  for (guint i = 0; i < VIEWERS; i++)
    viewer_check (s->viewers[i]);
}

static void
swarm_step (Swarm * s)
{
  static const struct
  {
    void (*op) (Swarm * s);
    guint weight;
  } ops[] = {
    {op_run, 30}, {op_load, 14}, {op_read, 14}, {op_close, 10},
    {op_pause, 4}, {op_settings, 5}, {op_meet, 4}, {op_stranger, 4},
    {op_vanish, 3}, {op_peer_changes, 5}, {op_origin_fault, 6},
    {op_reborn, 1}, {op_babbler, 2}, {op_babble, 16}, {op_cut, 2}
  };
  guint at = chance (s, 120);

  for (guint i = 0; i < G_N_ELEMENTS (ops); i++) {
    if (at < ops[i].weight) {
      ops[i].op (s);
      break;
    }
    at -= ops[i].weight;
  }
  swarm_check (s);
  fake_clock_run_for (s->clock, 0);
  swarm_check (s);
}

/* When nothing goes wrong any more, all that is wanted comes. */
static void
swarm_drain (Swarm * s)
{
  for (guint i = 0; i < VIEWERS; i++) {
    Viewer *v = s->viewers[i];

    for (guint n = 0; n < VIEWER_SEGMENTS; n++)
      fake_resource_heal (fake_fetcher_get (v->origin, viewer_uri (n)));
    for (guint n = 0; n < v->peers->len; n++)
      ((FakePeer *) g_ptr_array_index (v->peers, n))->busy = FALSE;
    while (v->watches->len > 0)
      viewer_close (v, g_ptr_array_index (v->watches, 0));
    p2p_settings_init (&v->settings);
    viewer_apply (v);
    /* What came once, though it could not be kept, does not come again; nor
     * does what expires. */
    viewer_load (v, 0, 0, NULL, NULL);
    p2p_cache_clear (v->cache, NULL);
    viewer_load (v, 10 * i, 20, "last", NULL);
  }
  for (guint n = 0; n < 100; n++) {
    fake_clock_run_for (s->clock, P2P_SECOND);
    swarm_check (s);
  }
  fake_clock_run_for (s->clock, 100 * P2P_SECOND);
  for (guint i = 0; i < VIEWERS; i++)
    viewer_check_at_rest (s->viewers[i]);
}

/* Returns: what happened */
static char *
run_swarm (guint32 seed)
{
  Swarm s = { 0, };

  s.clock = p2p_clock_new (0);
  s.rand = g_rand_new_with_seed (seed);
  s.log = g_string_new (NULL);
  s.babblers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < VIEWERS; i++)
    swarm_new_viewer (&s, i);
  for (guint i = 0; i < STEPS; i++)
    swarm_step (&s);
  swarm_drain (&s);

  for (guint i = 0; i < VIEWERS; i++)
    viewer_free (s.viewers[i]);
  g_ptr_array_unref (s.babblers);
  fake_clock_run_for (s.clock, 3600 * P2P_SECOND);
  g_assert_cmpint (p2p_clock_get_next (s.clock), ==, P2P_NEVER);
  g_assert_finalize_object (s.clock);
  g_rand_free (s.rand);
  return g_string_free (s.log, FALSE);
}

static void
test_seed (gconstpointer data)
{
  guint32 seed = GPOINTER_TO_UINT (data);
  g_autofree char *log = NULL;

  g_test_message ("seed %u", seed);
  log = run_swarm (seed);
  /* Not all of nothing. */
  g_assert_nonnull (strstr (log, " loaded "));
  g_assert_nonnull (strstr (log, " abort "));
  g_assert_nonnull (strstr (log, " error "));
  g_assert_nonnull (strstr (log, " uploaded "));
  g_assert_nonnull (strstr (log, " close "));
}

static void
test_twice (void)
{
  g_autofree char *first = run_swarm (7), *second = run_swarm (7);

  g_assert_true (g_str_equal (first, second));
}

int
main (int argc, char **argv)
{
  const char *more = g_getenv ("P2P_SIM_SEEDS");
  guint seeds = more ? g_ascii_strtoull (more, NULL, 10) : 6;

  g_test_init (&argc, &argv, NULL);
  for (guint32 seed = 1; seed <= seeds; seed++) {
    g_autofree char *path = g_strdup_printf ("/sim/seed/%u", seed);

    g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_seed);
  }
  g_test_add_func ("/sim/twice", test_twice);
  return g_test_run ();
}
