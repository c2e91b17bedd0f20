/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"

#include <string.h>

/* What is held of a segment in part, and peers that can send the rest of it. */

#define HALF (STAGE_SIZE / 2)

static FakePeer *
make_peer (Stage * s, const char *id, gboolean resumes)
{
  FakePeer *peer = resumes ? fake_peer_new_resuming (s->clock, id)
      : fake_peer_new (s->clock, id);

  g_ptr_array_add (s->peers, peer);
  peer->chunk = HALF;
  fake_peer_hold (peer, stage_id (0), stage_bytes (s, 0));
  return peer;
}

static void
meet (Stage * s, FakePeer * peer)
{
  p2p_loader_add_peer (s->loader, P2P_PEER (peer));
  stage_run (s, 0);
}

/* One peer sent half of segment 0 and is gone. */
static Stage *
half_stage (void)
{
  Stage *s = stage_new (P2P_TYPE_HYBRID_LOADER, STAGE_SIZE);
  FakePeer *first;

  s->settings.required_segments_count = 0;
  s->settings.last_segment_probability = 0;
  stage_apply (s);
  first = make_peer (s, "first", FALSE);
  first->fault = FAKE_PEER_VANISH;
  meet (s, first);
  stage_load (s, 0, 0);
  stage_run (s, P2P_SECOND);
  g_assert_true (first->closed);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, HALF);
  return s;
}

static void
check_loaded (Stage * s)
{
  g_autoptr (P2pSegment) segment = p2p_cache_get (s->cache, stage_id (0));
  g_autoptr (GBytes) bytes = NULL;

  g_assert_nonnull (segment);
  bytes = p2p_segment_get_data (segment);
  g_assert_true (g_bytes_equal (bytes, stage_bytes (s, 0)));
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP] + s->pieces[P2P_SOURCE_P2P], ==,
      p2p_cache_get_bytes (s->cache) + s->stats.wasted);
}

/* It is required now: what no peer sends comes over HTTP. */
static void
check_rest_over_http (Stage * s)
{
  s->settings.required_segments_count = 1;
  stage_apply (s);
  stage_settle (s);
  check_loaded (s);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, HALF);
}

static void
test_rest (void)
{
  g_autoptr (Stage) s = half_stage ();
  FakePeer *peer = make_peer (s, "p", TRUE);

  meet (s, peer);
  stage_settle (s);
  check_loaded (s);
  g_assert_cmpuint (peer->first, ==, HALF);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, STAGE_SIZE);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
  g_assert_cmpuint (peer->n_accepted, ==, 1);
}

/* One that cannot sends all of it. */
static void
test_whole (void)
{
  g_autoptr (Stage) s = half_stage ();
  FakePeer *peer = make_peer (s, "p", FALSE);

  meet (s, peer);
  stage_settle (s);
  check_loaded (s);
  g_assert_cmpuint (peer->requests->len, ==, 1);
  g_assert_cmpuint (s->stats.wasted, ==, HALF);
}

/* From one to the next: what the second sent is kept too. */
static void
test_thrice (void)
{
  g_autoptr (Stage) s = half_stage ();
  FakePeer *second = make_peer (s, "second", TRUE), *third;

  second->chunk = HALF / 2;
  second->rate = HALF;
  meet (s, second);
  stage_run (s, 600 * P2P_MSEC);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, HALF + HALF / 2);
  fake_peer_vanish (second);
  third = make_peer (s, "third", TRUE);
  meet (s, third);
  stage_settle (s);
  check_loaded (s);
  g_assert_cmpuint (third->first, ==, HALF + HALF / 2);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
}

/* What follows is a lie, or silence: what was held before stays, and the rest
 * comes over HTTP. */
static void
test_bad_rest (gconstpointer data)
{
  g_autoptr (Stage) s = half_stage ();
  FakePeer *peer = make_peer (s, "p", TRUE);

  peer->fault = GPOINTER_TO_UINT (data);
  peer->chunk = HALF / 2;
  meet (s, peer);
  stage_run (s, 2 * P2P_LINK_TIMEOUT);
  g_assert_cmpuint (peer->requests->len, >=, 1);
  g_assert_false (stage_is_cached (s, 0));
  check_rest_over_http (s);
}

/* It says that the segment has another size than who sent the first half said:
 * nobody knows who is right, but the web server. */
static void
test_other_size (void)
{
  g_autoptr (Stage) s = half_stage ();
  FakePeer *peer = make_peer (s, "p", TRUE);
  g_autoptr (GBytes) other = g_bytes_new_take (g_malloc0 (STAGE_SIZE + 7),
      STAGE_SIZE + 7);

  fake_peer_hold (peer, stage_id (0), other);
  meet (s, peer);
  stage_run (s, P2P_SECOND);
  g_assert_cmpuint (peer->requests->len, ==, 1);
  g_assert_cmpuint (s->stats.bad_messages, ==, 0);
  g_assert_false (peer->closed);
  check_rest_over_http (s);
}

/* What is looked at comes from one peer, who answers for it. */
static void
test_looked_at (void)
{
  g_autoptr (Stage) s = half_stage ();
  FakePeer *peer;

  s->looks = TRUE;
  peer = make_peer (s, "p", TRUE);
  meet (s, peer);
  stage_run (s, P2P_SECOND);
  g_assert_cmpuint (peer->requests->len, ==, 1);
  g_assert_cmpuint (peer->first, ==, 0);
  g_assert_cmpuint (s->checks->len, ==, 1);
  stage_answer (s, FALSE);
  stage_run (s, 0);
  g_assert_true (peer->closed);
  s->looks = FALSE;
}

/* HTTP was broken off for what is needed sooner: a peer has the rest. */
static void
test_broken_off (void)
{
  g_autoptr (Stage) s = stage_new (P2P_TYPE_HYBRID_LOADER, STAGE_SIZE);
  FakePeer *peer;
  Audience *a;

  s->settings.last_segment_probability = 1;
  stage_apply (s);
  stage_resource (s, 0)->chunk = HALF / 4;
  stage_load_full (s, 0, 0, 9, NULL, NULL);
  stage_run (s, 600 * P2P_MSEC);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, HALF);
  s->settings.last_segment_probability = 0;
  stage_apply (s);
  stage_load_full (s, 0, 1, 9, NULL, NULL);
  a = stage_read (s, 1);
  stage_run (s, 0);
  stage_assert_requests (s, "0 1 ");
  peer = make_peer (s, "p", TRUE);
  meet (s, peer);
  stage_settle (s);
  check_loaded (s);
  g_assert_cmpuint (peer->first, ==, HALF);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
  stage_assert_requests (s, "0 1 ");
  audience_free (a);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    FakePeerFault fault;
  } faults[] = {
    {"/rest/absent", FAKE_PEER_ABSENT},
    {"/rest/silent", FAKE_PEER_SILENT},
    {"/rest/fail", FAKE_PEER_FAIL},
    {"/rest/size-zero", FAKE_PEER_SIZE_ZERO},
    {"/rest/size-huge", FAKE_PEER_SIZE_HUGE},
    {"/rest/size-twice", FAKE_PEER_SIZE_TWICE},
    {"/rest/size-none", FAKE_PEER_SIZE_NONE},
    {"/rest/too-few", FAKE_PEER_TOO_FEW},
    {"/rest/too-many", FAKE_PEER_TOO_MANY},
    {"/rest/other-id", FAKE_PEER_OTHER_ID},
    {"/rest/empty-data", FAKE_PEER_EMPTY_DATA},
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rest/rest", test_rest);
  g_test_add_func ("/rest/whole", test_whole);
  g_test_add_func ("/rest/thrice", test_thrice);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    g_test_add_data_func (faults[i].path, GUINT_TO_POINTER (faults[i].fault),
        test_bad_rest);
  g_test_add_func ("/rest/other-size", test_other_size);
  g_test_add_func ("/rest/looked-at", test_looked_at);
  g_test_add_func ("/rest/broken-off", test_broken_off);
  return g_test_run ();
}
