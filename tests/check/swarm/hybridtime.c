/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"
#include "p2pelection.h"
#include "p2phybridloader.h"
#include "p2pplan.h"
#include "p2pswarm.h"

#include <string.h>

/* The hybrid loader with peers and with time: segments of 4 s that come within
 * half a second over HTTP, read one after the other. */

#define RATE (2 * STAGE_SIZE)
#define DURATION (4 * P2P_SECOND)

static Stage *
timed_stage (void)
{
  Stage *s = stage_new (P2P_TYPE_HYBRID_LOADER, RATE);

  s->duration = DURATION;
  s->settings.last_segment_probability = 0;
  stage_apply (s);
  return s;
}

/* The first comes, and time is known from then on. */
static void
play_first (Stage * s, guint last)
{
  Audience *a;

  stage_load (s, 0, last);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  audience_free (a);
}

static FakeRequest *
last_request (Stage * s)
{
  GPtrArray *requests = fake_fetcher_get_requests (s->fetcher);

  return g_ptr_array_index (requests, requests->len - 1);
}

/* What a peer has in time comes from it, required or not; but the first. */
static void
test_in_time (void)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer = stage_add_peer (s, "p", 0, 9);

  peer->rate = RATE;
  stage_run (s, 0);
  play_first (s, 3);
  stage_settle (s);
  stage_assert_requests (s, "0 ");
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, 3 * STAGE_SIZE);
}

/* A reader may come when it is on its way: it waits as long as it can. */
static void
test_reader_waits (void)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer = stage_add_peer (s, "p", 1, 1);
  g_autoptr (Audience) a = NULL;

  peer->rate = STAGE_SIZE / 2;
  stage_run (s, 0);
  play_first (s, 1);
  stage_run (s, P2P_SECOND / 10);
  stage_load (s, 1, 1);
  a = stage_read (s, 1);
  stage_run (s, P2P_SECOND);
  g_assert_cmpuint (a->n_done, ==, 0);
  stage_run (s, P2P_SECOND);
  audience_assert_all (a, 1, P2P_SOURCE_P2P);
  stage_assert_requests (s, "0 ");
}

/* Plays 0, then 1 that a peer begins and does not end in time. */
static Audience *
play_slow (Stage * s, FakePeerFault fault, FakePeer ** peer)
{
  *peer = stage_add_peer (s, "p", 1, 1);
  (*peer)->fault = fault;
  (*peer)->rate = STAGE_SIZE / 20;
  (*peer)->chunk = 1000;
  stage_run (s, 0);
  play_first (s, 1);
  stage_load (s, 1, 1);
  return stage_read (s, 1);
}

/* What came of it is kept, and all is there in time. HTTP begins somewhat
 * sooner than it would have to if nothing came from the peer meanwhile. */
static void
test_rest_over_http (void)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer;
  g_autoptr (Audience) a = play_slow (s, FAKE_PEER_HONEST, &peer);
  gsize got;

  stage_run (s, DURATION - P2P_SECOND * 3 / 2);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  g_assert_cmpuint (a->n_done, ==, 0);
  stage_run (s, P2P_SECOND);
  g_assert_cmpuint (a->n_done, ==, 1);
  audience_assert_all (a, 1, P2P_SOURCE_P2P);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  got = s->pieces[P2P_SOURCE_P2P];
  g_assert_cmpuint (got, >, 0);
  g_assert_cmpint (last_request (s)->start, ==, got);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, 2 * STAGE_SIZE - got);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
  stage_assert_log (s, "connect p 192.0.2.1:5000\nloaded 0\nloaded 1\n");
}

/* The server serves no ranges, or refuses them: all of it, anew. */
static void
test_no_ranges (gconstpointer data)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer;
  g_autoptr (Audience) a = NULL;
  guint status = GPOINTER_TO_UINT (data);

  if (status == 0)
    stage_resource (s, 1)->no_ranges = TRUE;
  else
    fake_resource_fault (stage_resource (s, 1), FAKE_STATUS, status, 1);
  a = play_slow (s, FAKE_PEER_HONEST, &peer);
  stage_run (s, DURATION - P2P_SECOND / 2);
  audience_assert_all (a, 1, P2P_SOURCE_HTTP);
  g_assert_cmpint (last_request (s)->start, ==, 0);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], >, 0);
  g_assert_cmpuint (s->stats.wasted, ==, s->pieces[P2P_SOURCE_P2P]);
}

/* The peer said that it is of another size: nothing of it is taken. */
static void
test_other_size (void)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer;
  g_autoptr (Audience) a = NULL;

  a = play_slow (s, FAKE_PEER_SIZE_OTHER, &peer);
  stage_run (s, DURATION - P2P_SECOND / 2);
  audience_assert_all (a, 1, P2P_SOURCE_HTTP);
  g_assert_cmpuint (s->stats.wasted, >=, s->pieces[P2P_SOURCE_P2P]);
}

/* Half of it is there when the peer is silent or gone. */
static void
test_half (gconstpointer data)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer = stage_add_peer (s, "p", 1, 1);
  g_autoptr (Audience) a = NULL;

  peer->fault = GPOINTER_TO_UINT (data);
  peer->rate = RATE;
  stage_run (s, 0);
  play_first (s, 1);
  stage_load (s, 1, 1);
  a = stage_read (s, 1);
  stage_run (s, DURATION - P2P_SECOND / 2);
  audience_assert_all (a, 1, P2P_SOURCE_P2P);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, STAGE_SIZE / 2);
  g_assert_cmpint (last_request (s)->start, ==, STAGE_SIZE / 2);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
}

/* Told by who plays: nothing is sooner than that, nothing later. */
static void
test_position (void)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer = stage_add_peer (s, "p", 1, 1);
  g_autoptr (Audience) a = NULL;

  peer->rate = STAGE_SIZE / 20;
  peer->chunk = 1000;
  stage_run (s, 0);
  play_first (s, 1);
  p2p_loader_set_position (s->loader,
      p2p_clock_get_time (s->clock) + 20 * P2P_SECOND);
  stage_load (s, 1, 1);
  a = stage_read (s, 1);
  stage_run (s, 19 * P2P_SECOND);
  g_assert_cmpuint (a->n_done, ==, 0);
  stage_assert_requests (s, "0 ");
  p2p_loader_set_position (s->loader, p2p_clock_get_time (s->clock));
  stage_run (s, P2P_SECOND / 2);
  audience_assert_all (a, 1, P2P_SOURCE_P2P);
  stage_assert_requests (s, "0 1 ");
}

/* A peer of the slow is not asked again where another is fast. */
static void
test_faster_peer (void)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *slow = stage_add_peer (s, "slow", 1, 39);
  FakePeer *fast = stage_add_peer (s, "fast", 1, 39);

  slow->rate = STAGE_SIZE / 4;
  fast->rate = 20 * STAGE_SIZE;
  s->settings.simultaneous_p2p_downloads = 1;
  s->settings.max_cache_segments_count = 40;
  s->settings.buffer_segments_count = 40;
  s->settings.required_segments_count = 1;
  stage_apply (s);
  stage_run (s, 0);
  play_first (s, 39);
  stage_run (s, 200 * P2P_SECOND);
  g_assert_cmpuint (fast->requests->len, >, 3 * slow->requests->len);
}

/* What a peer has as well leaves the cache before what nobody else has. */
static void
test_spare (void)
{
  g_autoptr (Stage) s = timed_stage ();

  s->settings.max_cache_segments_count = 3;
  s->settings.required_segments_count = 3;
  stage_apply (s);
  stage_load (s, 0, 2);
  stage_settle (s);
  stage_add_peer (s, "p", 1, 1);
  stage_run (s, 0);
  stage_load (s, 5, 5);
  stage_settle (s);
  g_assert_true (stage_is_cached (s, 0));
  g_assert_false (stage_is_cached (s, 1));
  g_assert_true (stage_is_cached (s, 2));
  g_assert_true (stage_is_cached (s, 5));
}

/* The election */

/* Returns: a name such that its owner is before "own" for segment n, or not */
static char *
find_name (guint n, gboolean before)
{
  for (guint i = 0;; i++) {
    g_autofree char *name = g_strdup_printf ("peer%u", i);

    if (p2p_election_is_before (name, "own", stage_id (n)) == before)
      return g_steal_pointer (&name);
  }
}

/* A viewer among peers who have nothing, of whom one stands before it for
 * segment 5, or none does. */
static Stage *
elected_stage (gboolean elected, FakePeer ** peer)
{
  g_autofree char *name = find_name (5, !elected);
  Stage *s = timed_stage ();

  p2p_loader_set_own_id (s->loader, "own");
  *peer = stage_add_peer (s, name, 1, 0);
  (*peer)->events->changed (P2P_PEER (*peer), (*peer)->user_data);
  return s;
}

static void
test_elected (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);

  play_first (s, 9);
  stage_run (s, 5 * P2P_SECOND);
  g_assert_true (stage_is_cached (s, 5));
}

/* Who has just come, to a tight line, waits for what those before it may have
 * begun, elected or not, until they tell of something new. */
static void
test_newcomer (gconstpointer tells)
{
  g_autofree char *name = find_name (1, FALSE);
  g_autoptr (Stage) s = stage_new (P2P_TYPE_HYBRID_LOADER, STAGE_SIZE * 2 / 3);
  FakePeer *peer;
  Audience *a;

  s->duration = 2 * P2P_SECOND;
  stage_resource (s, 0)->chunk = 1000;
  stage_load_full (s, 0, 1, 0, "swarm", NULL);
  p2p_hybrid_loader_expect_peers (P2P_HYBRID_LOADER (s->loader), 1);
  p2p_loader_set_own_id (s->loader, "own");
  peer = stage_add_peer (s, name, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND);
  g_assert_cmpuint (a->n_done, ==, 1);
  stage_assert_requests (s, "0 ");
  if (tells)
    fake_peer_hold (peer, stage_id (9), stage_bytes (s, 9));
  stage_run (s, 100 * P2P_MSEC);
  stage_assert_requests (s, tells ? "0 1 " : "0 ");
  stage_run (s, P2P_SECOND);
  stage_assert_requests (s, "0 1 ");
  audience_free (a);
}

/* One who stands after first and, or not, before second. */
static FakePeer *
add_peer_after (Stage * s, const char *first, const char *second,
    gboolean before)
{
  for (guint i = 0;; i++) {
    g_autofree char *name = g_strdup_printf ("peer%u", i);

    if (p2p_election_is_before (first, name, stage_id (5))
        && p2p_election_is_before (name, second, stage_id (5)) == before)
      return stage_add_peer (s, name, 1, 0);
  }
}

/* Each peer elects by the id that it knows the viewer by. */
static void
test_other_id (void)
{
  gboolean turned = p2p_election_is_before ("b", "a", stage_id (5));
  const char *first = turned ? "b" : "a", *second = turned ? "a" : "b";

  for (guint elected = 0; elected < 2; elected++) {
    g_autoptr (Stage) s = timed_stage ();
    FakePeer *p, *q;

    p2p_loader_set_own_id (s->loader, first);
    p = add_peer_after (s, first, second, elected);
    p2p_loader_set_own_id (s->loader, second);
    q = add_peer_after (s, first, second, !elected);
    p->events->changed (P2P_PEER (p), p->user_data);
    q->events->changed (P2P_PEER (q), q->user_data);
    play_first (s, 9);
    stage_run (s, 5 * P2P_SECOND);
    g_assert_cmpint (stage_is_cached (s, 5), ==, elected);
  }
}

static void
test_not_elected (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (FALSE, &peer);

  play_first (s, 9);
  /* The stand-in begins when it has to, and it is in time. */
  stage_run (s, 5 * DURATION - 5 * P2P_SECOND / 2);
  g_assert_false (stage_is_cached (s, 5));
  stage_run (s, 5 * P2P_SECOND / 2 - P2P_SECOND / 2);
  g_assert_true (stage_is_cached (s, 5));
}

/* They take no part in the election (another kind of viewer, or one that does not
 * upload) and were sent segment 0, of which they tell, or not. */
static void
play_with_others (Stage * s, FakePeer ** peers, guint n, gboolean tell,
    guint last)
{
  play_first (s, 0);
  for (guint i = 0; i < n; i++) {
    g_autoptr (P2pSegment) segment =
        peers[i]->events->wanted (P2P_PEER (peers[i]), stage_id (0),
        peers[i]->user_data);

    g_assert_nonnull (segment);
    peers[i]->elects = FALSE;
    if (tell)
      fake_peer_hold (peers[i], stage_id (0), stage_bytes (s, 0));
    peers[i]->events->changed (P2P_PEER (peers[i]), peers[i]->user_data);
  }
  stage_run (s, P2P_SECOND / 10);
  stage_load (s, 0, last);
}

/* What nobody has is left to one who tells, while there is much time. */
static void
test_not_electing (gconstpointer tells)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);

  play_with_others (s, &peer, 1, tells != NULL, 9);
  stage_run (s, 5 * DURATION - 6 * P2P_SECOND);
  g_assert_cmpint (stage_is_cached (s, 5), ==, !tells);
  stage_run (s, 5 * P2P_SECOND);
  g_assert_true (stage_is_cached (s, 5));
  g_assert_true (peer->told_elects);
}

/* For almost all of it, if there is little. */
static void
test_left_near (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);

  play_with_others (s, &peer, 1, TRUE, 3);
  stage_run (s, 3 * DURATION - 31 * P2P_SECOND / 10);
  stage_assert_requests (s, "0 1 2 ");
  stage_run (s, P2P_SECOND / 2);
  stage_assert_requests (s, "0 1 2 3 ");
}

/* Not if that gave more than it got. */
static void
test_given (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);

  fake_peer_hold (peer, stage_id (1), stage_bytes (s, 1));
  play_with_others (s, &peer, 1, TRUE, 9);
  stage_run (s, 5 * P2P_SECOND);
  g_assert_true (stage_is_cached (s, 5));
}

/* Of what goes on beyond the queue, not before it was given some of that. */
static void
test_credit (gconstpointer given)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);

  peer->events->uploaded (P2P_PEER (peer),
      GPOINTER_TO_UINT (given) * STAGE_SIZE, peer->user_data);
  play_with_others (s, &peer, 1, TRUE, 19);
  stage_run (s, 5 * P2P_SECOND);
  g_assert_cmpint (stage_is_cached (s, 5), ==, given == NULL);
}

static Stage *
stage_with_two (FakePeer ** peers)
{
  Stage *s = elected_stage (TRUE, peers);

  peers[1] = stage_add_peer (s, "another", 1, 0);
  return s;
}

/* What is left to several is fetched by several of them: nothing is, and with them
 * it is fetched as far ahead as may be. */
static void
test_several (gconstpointer tell)
{
  FakePeer *peers[2];
  g_autoptr (Stage) s = stage_with_two (peers);

  play_with_others (s, peers, 2, tell != NULL, 19);
  stage_run (s, 5 * P2P_SECOND);
  g_assert_true (stage_is_cached (s, 5));
  stage_run (s, 20 * P2P_SECOND);
  g_assert_true (stage_is_cached (s, 9));
  g_assert_cmpint (stage_is_cached (s, 19), ==, tell != NULL);
}

/* Nothing takes the room of what is to be played before it. */
static void
test_room (void)
{
  FakePeer *peers[2];
  g_autoptr (Stage) s = stage_with_two (peers);

  s->settings.max_cache_segments_count = 5;
  stage_apply (s);
  for (guint i = 1; i <= 3; i++)
    fake_peer_set_coming (peers[0], stage_id (i));
  play_with_others (s, peers, 2, TRUE, 19);
  stage_run (s, 2 * P2P_SECOND);
  g_assert_false (stage_is_cached (s, 3));
  g_assert_true (stage_is_cached (s, 4));
  g_assert_false (stage_is_cached (s, 5));
}

/* Who does not upload leaves what is elected to the others, as long as it is in
 * time, and says so. */
static void
test_no_upload (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);

  s->settings.upload = FALSE;
  p2p_loader_set_settings (s->loader, &s->settings);
  play_first (s, 9);
  stage_run (s, 5 * DURATION - 5 * P2P_SECOND / 2);
  g_assert_false (stage_is_cached (s, 5));
  g_assert_false (peer->told_elects);
  stage_run (s, 5 * P2P_SECOND / 2 - P2P_SECOND / 2);
  g_assert_true (stage_is_cached (s, 5));
}

/* Who will have it is waited for, until it is too late. */
static void
test_coming (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);

  fake_peer_set_coming (peer, stage_id (5));
  stage_run (s, 0);
  play_first (s, 9);
  stage_run (s, 5 * DURATION - 3 * P2P_SECOND / 2);
  g_assert_false (stage_is_cached (s, 5));
  stage_run (s, P2P_SECOND);
  g_assert_true (stage_is_cached (s, 5));
}

/* Not before all have told what they have. */
static void
test_unsettled (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (TRUE, &peer);
  FakePeer *late = fake_peer_new (s->clock, "late");

  g_ptr_array_add (s->peers, late);
  late->latency = P2P_SECOND / 2;
  for (guint i = 1; i < 10; i++)
    fake_peer_hold (late, stage_id (i), stage_bytes (s, i));
  p2p_loader_add_peer (s->loader, P2P_PEER (late));
  play_first (s, 9);
  stage_settle (s);
  stage_assert_requests (s, "0 ");
}

/* The server's line carries little more than the stream: a segment of 4 s takes 3
 * s. Another one is elected for segment 1, and the first one is there. */
static Stage *
tight_stage (FakePeer ** peer)
{
  g_autofree char *name = find_name (1, TRUE);
  Stage *s = stage_new (P2P_TYPE_HYBRID_LOADER, STAGE_SIZE / 3);

  s->duration = DURATION;
  stage_apply (s);
  p2p_loader_set_own_id (s->loader, "own");
  *peer = stage_add_peer (s, name, 1, 0);
  (*peer)->rate = STAGE_SIZE;
  (*peer)->events->changed (P2P_PEER (*peer), (*peer)->user_data);
  stage_load (s, 0, 1);
  audience_free (stage_read (s, 0));
  stage_run (s, 3 * P2P_SECOND + P2P_SECOND / 10);
  stage_assert_requests (s, "0 ");
  return s;
}

/* It is late for HTTP, but who is elected has some time. */
static void
test_tight (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = tight_stage (&peer);

  stage_run (s, 5 * P2P_SECOND);
  stage_assert_requests (s, "0 ");
  fake_peer_hold (peer, stage_id (1), stage_bytes (s, 1));
  peer->events->changed (P2P_PEER (peer), peer->user_data);
  stage_settle (s);
  stage_assert_requests (s, "0 ");
  g_assert_true (stage_is_cached (s, 1));
}

/* Not for ever, and not again when nothing came of it. */
static void
test_tight_in_vain (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = tight_stage (&peer);

  stage_run (s, 6 * P2P_SECOND);
  stage_assert_requests (s, "0 1 ");
  stage_run (s, 4 * P2P_SECOND);
  stage_load (s, 1, 9);
  audience_free (stage_read (s, 1));
  stage_run (s, P2P_SECOND);
  stage_assert_requests (s, "0 1 2 ");
}

/* Who is elected and plays something else is not hoped for. */
static void
test_tight_far (gconstpointer near)
{
  g_autofree char *name = find_name (1, TRUE);
  g_autoptr (Stage) s = stage_new (P2P_TYPE_HYBRID_LOADER, STAGE_SIZE / 3);
  guint holds = near ? 2 : 9;
  FakePeer *peer;

  s->duration = DURATION;
  p2p_loader_set_own_id (s->loader, "own");
  peer = stage_add_peer (s, name, holds, holds);
  peer->events->changed (P2P_PEER (peer), peer->user_data);
  stage_run (s, P2P_SWARM_YOUNG);
  stage_load (s, 0, 2);
  audience_free (stage_read (s, 0));
  stage_run (s, 4 * P2P_SECOND);
  stage_assert_requests (s, near ? "0 " : "0 1 ");
}

/* Nothing is fetched ahead of what another is to fetch, and others may need
 * sooner. */
static void
test_tight_turns (void)
{
  g_autoptr (Stage) s = stage_new (P2P_TYPE_HYBRID_LOADER, STAGE_SIZE / 3);
  g_autofree char *name = NULL;
  FakePeer *peer;

  for (guint i = 0; !name || !p2p_election_is_before (name, "own", stage_id (5))
      || p2p_election_is_before (name, "own", stage_id (6)); i++) {
    g_free (name);
    name = g_strdup_printf ("peer%u", i);
  }
  s->duration = DURATION;
  p2p_loader_set_own_id (s->loader, "own");
  peer = stage_add_peer (s, name, 1, 4);
  peer->events->changed (P2P_PEER (peer), peer->user_data);
  stage_load (s, 0, 9);
  audience_free (stage_read (s, 0));
  stage_run (s, 7 * P2P_SECOND / 2);
  g_assert_true (stage_is_cached (s, 4));
  stage_assert_requests (s, "0 ");
  fake_peer_hold (peer, stage_id (5), stage_bytes (s, 5));
  peer->events->changed (P2P_PEER (peer), peer->user_data);
  stage_run (s, P2P_SECOND / 10);
  stage_assert_requests (s, "0 6 ");
}

/* What the player jumps to does not wait. */
static void
test_tight_sudden (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = tight_stage (&peer);

  stage_load (s, 5, 9);
  audience_free (stage_read (s, 5));
  stage_run (s, P2P_SECOND);
  stage_assert_requests (s, "0 5 ");
}

/* Who has just come and knows nobody yet, not even itself, waits for peers; not
 * for long, and not so long that it would be late. */
static void
test_expecting (gconstpointer data)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer;

  stage_load_full (s, 0, 9, 0, "swarm", NULL);
  p2p_hybrid_loader_expect_peers (P2P_HYBRID_LOADER (s->loader), G_MAXUINT);
  audience_free (stage_read (s, 0));
  stage_run (s, P2P_SECOND);
  stage_assert_requests (s, "0 ");
  p2p_loader_set_own_id (s->loader, "own");
  p2p_hybrid_loader_expect_peers (P2P_HYBRID_LOADER (s->loader),
      GPOINTER_TO_UINT (data));
  if (data == NULL) {
    stage_run (s, P2P_SECOND - P2P_MSEC);
    stage_assert_requests (s, "0 1 2 ");
    return;
  }
  stage_run (s, P2P_SECOND);
  stage_assert_requests (s, "0 ");
  peer = stage_add_peer (s, "p", 1, 9);
  peer->rate = RATE;
  peer->events->changed (P2P_PEER (peer), peer->user_data);
  stage_settle (s);
  stage_assert_requests (s, "0 ");
}

static void
test_expecting_in_vain (void)
{
  g_autoptr (Stage) s = timed_stage ();

  stage_load_full (s, 0, 9, 0, "swarm", NULL);
  p2p_hybrid_loader_expect_peers (P2P_HYBRID_LOADER (s->loader), 5);
  audience_free (stage_read (s, 0));
  stage_run (s, 3 * P2P_SECOND - P2P_MSEC);
  stage_assert_requests (s, "0 ");
  stage_run (s, 8 * P2P_SECOND);
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 10);
}

/* It does not pass the last moment of what is played next: half a second for
 * HTTP and the margin before it is due, 4 s after the first one. */
static void
test_expecting_late (void)
{
  g_autoptr (Stage) s = timed_stage ();

  s->duration = P2P_SECOND * 2;
  stage_load_full (s, 0, 9, 0, "swarm", NULL);
  p2p_hybrid_loader_expect_peers (P2P_HYBRID_LOADER (s->loader), 5);
  audience_free (stage_read (s, 0));
  stage_run (s, P2P_SECOND);
  stage_assert_requests (s, "0 ");
  stage_run (s, P2P_SECOND / 2);
  stage_assert_requests (s, "0 1 ");
}

/* A peer is asked even before it is known how fast HTTP is. */
static void
test_rate_unknown (void)
{
  g_autoptr (Stage) s = timed_stage ();
  FakePeer *peer = stage_add_peer (s, "p", 1, 1);

  peer->rate = RATE;
  peer->chunk = 1000;
  stage_run (s, 0);
  stage_load (s, 0, 1);
  audience_free (stage_read (s, 0));
  stage_run (s, P2P_SECOND / 10);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], >, 0);
  stage_settle (s);
  stage_assert_requests (s, "0 ");
}

/* Off, chance decides as the seed says. */
static void
test_election_off (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = elected_stage (FALSE, &peer);

  s->settings.http_election = FALSE;
  stage_apply (s);
  play_first (s, 9);
  stage_run (s, 5 * P2P_SECOND);
  /* All, but perhaps the last one, whose probability is 0. */
  g_assert_cmpuint (p2p_cache_get_count (s->cache), >=, 9);
}

#define add(name, func) g_test_add_func ("/hybrid-time/" name, func)
#define add_data(name, func, data) \
  g_test_add_data_func ("/hybrid-time/" name, GUINT_TO_POINTER (data), func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("in-time", test_in_time);
  add ("reader-waits", test_reader_waits);
  add ("rest-over-http", test_rest_over_http);
  add_data ("no-ranges", test_no_ranges, 0);
  add_data ("refused/416", test_no_ranges, 416);
  add_data ("refused/403", test_no_ranges, 403);
  add ("other-size", test_other_size);
  add_data ("half/silent", test_half, FAKE_PEER_STALL);
  add_data ("half/gone", test_half, FAKE_PEER_VANISH);
  add ("position", test_position);
  add ("faster-peer", test_faster_peer);
  add ("spare", test_spare);
  add ("election/elected", test_elected);
  add ("election/not-elected", test_not_elected);
  add ("election/other-id", test_other_id);
  add_data ("tight/newcomer", test_newcomer, 0);
  add_data ("tight/newcomer/told", test_newcomer, 1);
  add_data ("election/not-electing", test_not_electing, 1);
  add_data ("election/not-electing/silent", test_not_electing, 0);
  add ("election/not-electing/near", test_left_near);
  add ("election/given", test_given);
  add_data ("election/credit", test_credit, 0);
  add_data ("election/credit/given", test_credit, 9);
  add_data ("election/several", test_several, 1);
  add_data ("election/several/silent", test_several, 0);
  add ("election/room", test_room);
  add ("election/no-upload", test_no_upload);
  add ("election/coming", test_coming);
  add ("election/unsettled", test_unsettled);
  add ("tight/elected", test_tight);
  add ("tight/in-vain", test_tight_in_vain);
  add_data ("tight/far", test_tight_far, 0);
  add_data ("tight/near", test_tight_far, 1);
  add ("tight/turns", test_tight_turns);
  add ("tight/sudden", test_tight_sudden);
  add_data ("expecting/one", test_expecting, 1);
  add_data ("expecting/nobody", test_expecting, 0);
  add ("expecting/in-vain", test_expecting_in_vain);
  add ("expecting/late", test_expecting_late);
  add ("rate-unknown", test_rate_unknown);
  add ("election/off", test_election_off);
  return g_test_run ();
}
