/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"

#include <string.h>

/* What a peer may do to a loader: one that holds 0 to 9 and of which each
 * segment is asked. */

static Stage *
peer_stage (FakePeerFault fault, FakePeer ** peer)
{
  Stage *s = stage_new (P2P_TYPE_HYBRID_LOADER, 0);

  s->settings.required_segments_count = 0;
  s->settings.last_segment_probability = 0;
  stage_apply (s);
  s->lengths = STAGE_SIZE;
  *peer = stage_add_peer (s, "p", 0, 9);
  (*peer)->fault = fault;
  stage_run (s, 0);
  g_string_truncate (s->log, 0);
  return s;
}

/* It sends half and is heard no more: the other half comes over HTTP. */
static gboolean
is_half (FakePeerFault fault)
{
  return fault == FAKE_PEER_STALL || fault == FAKE_PEER_VANISH;
}

static gboolean
is_lie (FakePeerFault fault)
{
  return fault >= FAKE_PEER_FAIL;
}

/* Whatever it does: every segment is loaded, with the right bytes, once; it is
 * not asked twice for one, but for what is not there; and no trouble of it is
 * told. */
static void
test_fault (gconstpointer data)
{
  FakePeerFault fault = GPOINTER_TO_UINT (data);
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (fault, &peer);

  s->settings.last_segment_probability = 1;
  stage_apply (s);
  stage_load (s, 0, 1);
  stage_settle (s);

  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (P2pSegment) segment = p2p_cache_get (s->cache, stage_id (i));
    g_autoptr (GBytes) bytes = p2p_segment_get_data (segment);

    g_assert_true (g_bytes_equal (bytes, stage_bytes (s, i)));
  }
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P] + s->pieces[P2P_SOURCE_HTTP]
      - s->stats.wasted, ==, 2 * STAGE_SIZE);
  g_assert_null (strstr (s->log->str, "error"));

  if (fault == FAKE_PEER_HONEST) {
    g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, 0);
    g_assert_cmpuint (s->stats.bad_messages, ==, 0);
  } else {
    g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, 2 * STAGE_SIZE
        - (is_half (fault) ? peer->requests->len * STAGE_SIZE / 2 : 0));
    g_assert_cmpuint (peer->requests->len, <=, 2 *
        (fault == FAKE_PEER_ABSENT ? 1 + P2P_LINK_MAX_AGAIN : 1));
    g_assert_cmpuint (s->stats.bad_messages, ==, is_lie (fault) ? 2 : 0);
  }
}

static void
test_three_lies (gconstpointer data)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (GPOINTER_TO_UINT (data), &peer);

  stage_load (s, 0, 9);
  stage_settle (s);
  g_assert_true (peer->closed);
  g_assert_cmpuint (peer->requests->len, ==, P2P_LINK_MAX_BAD);
  g_assert_cmpuint (s->stats.bad_messages, ==, P2P_LINK_MAX_BAD);
  g_assert_nonnull (strstr (s->log->str, "close p\n"));
  g_assert_cmpuint (p2p_loader_get_n_peers (s->loader), ==, 0);
}

static void
test_silence (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_SILENT, &peer);

  s->settings.last_segment_probability = 1;
  stage_apply (s);
  stage_load (s, 0, 0);
  stage_run (s, P2P_LINK_TIMEOUT - 1);
  g_assert_cmpuint (peer->n_cancelled, ==, 0);
  stage_run (s, 1);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  stage_settle (s);
  g_assert_true (stage_is_cached (s, 0));
  g_assert_cmpuint (peer->requests->len, ==, 1);
  g_assert_false (peer->closed);
}

/* Who is silent again and again is closed; who answers in between is not. */
static void
test_silences (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_SILENT, &peer);

  stage_load (s, 0, 1);
  stage_run (s, 5 * P2P_LINK_TIMEOUT / 2);
  g_assert_cmpuint (peer->n_cancelled, ==, P2P_LINK_MAX_TIMEOUTS - 1);
  peer->fault = FAKE_PEER_HONEST;
  stage_load (s, 2, 2);
  stage_run (s, P2P_SECOND);
  g_assert_true (stage_is_cached (s, 2));
  peer->fault = FAKE_PEER_SILENT;
  stage_load (s, 3, 4);
  stage_run (s, 5 * P2P_LINK_TIMEOUT / 2);
  g_assert_false (peer->closed);
  stage_load (s, 5, 5);
  stage_settle (s);
  g_assert_true (peer->closed);
  g_assert_cmpuint (peer->requests->len, ==, 6);
}

/* Slow is not silent. */
static void
test_slow (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_HONEST, &peer);

  peer->latency = P2P_LINK_TIMEOUT - 1;
  peer->chunk = STAGE_SIZE / 5;
  peer->rate = STAGE_SIZE / 10;
  stage_load (s, 0, 0);
  stage_settle (s);
  stage_assert_log (s, "loaded 0\n");
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, STAGE_SIZE);
  g_assert_cmpuint (peer->n_cancelled, ==, 0);
}

/* Nor is one of whom something came that cannot be told yet. */
static void
test_alive (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_SILENT, &peer);

  stage_load (s, 0, 0);
  stage_run (s, P2P_LINK_TIMEOUT - 1);
  peer->events->alive (P2P_PEER (peer), stage_id (0), peer->user_data);
  stage_run (s, P2P_LINK_TIMEOUT - 1);
  peer->events->alive (P2P_PEER (peer), stage_id (1), peer->user_data);
  g_assert_cmpuint (peer->n_cancelled, ==, 0);
  stage_run (s, 1);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
}

static void
test_vanishing_is_told (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_VANISH, &peer);

  stage_load (s, 0, 0);
  stage_settle (s);
  stage_assert_log (s, "close p\n");
  g_assert_cmpuint (s->stats.wasted, ==, 0);
  /* What it sent is kept as long as it may be of use. */
  stage_load (s, 5, 4);
  g_assert_cmpuint (s->stats.wasted, ==, STAGE_SIZE / 2);
}

/* What it was not asked for at all. */
static void
test_unasked (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_HONEST, &peer);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  P2pPeer *self = P2P_PEER (peer);

  peer->events->size (self, stage_id (0), 1, peer->user_data);
  peer->events->data (self, stage_id (0), bytes, peer->user_data);
  g_assert_false (peer->closed);
  peer->events->done (self, stage_id (0), NULL, peer->user_data);
  g_assert_true (peer->closed);
  stage_settle (s);
  g_assert_cmpuint (p2p_cache_get_count (s->cache), ==, 0);
}

/* Not a byte more is taken than was promised. */
static void
test_too_many_at_once (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_SILENT, &peer);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (STAGE_SIZE + 1),
      STAGE_SIZE + 1);

  stage_load (s, 0, 0);
  stage_run (s, 0);
  peer->events->size (P2P_PEER (peer), stage_id (0), STAGE_SIZE,
      peer->user_data);
  g_assert_cmpuint (s->stats.bad_messages, ==, 0);
  peer->events->data (P2P_PEER (peer), stage_id (0), bytes, peer->user_data);
  g_assert_cmpuint (s->stats.bad_messages, ==, 1);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, 0);
}

/* Who says that it has it and then that it is not there may have no time: it is
 * asked again, not at once and not for ever. */
static void
test_again (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_ABSENT, &peer);

  stage_load (s, 0, 0);
  stage_run (s, P2P_LINK_AGAIN - 1);
  g_assert_cmpuint (peer->requests->len, ==, 1);
  stage_run (s, P2P_LINK_AGAIN / 2);
  g_assert_cmpuint (peer->requests->len, ==, 2);
  stage_settle (s);
  g_assert_cmpuint (peer->requests->len, ==, 1 + P2P_LINK_MAX_AGAIN);
  peer->fault = FAKE_PEER_HONEST;
  stage_load (s, 1, 1);
  stage_settle (s);
  g_assert_true (stage_is_cached (s, 1));
  g_assert_false (peer->closed);
}

/* What it lost and then tells of anew may be asked for again. */
static void
test_told_anew (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_ABSENT, &peer);

  stage_load (s, 0, 0);
  stage_settle (s);
  peer->fault = FAKE_PEER_HONEST;
  fake_peer_hold (peer, stage_id (0), stage_bytes (s, 0));
  stage_settle (s);
  g_assert_cmpuint (peer->requests->len, ==, 1 + P2P_LINK_MAX_AGAIN);
  fake_peer_drop (peer, stage_id (0));
  stage_settle (s);
  fake_peer_hold (peer, stage_id (0), stage_bytes (s, 0));
  stage_settle (s);
  g_assert_true (stage_is_cached (s, 0));
  g_assert_cmpuint (peer->requests->len, ==, 2 + P2P_LINK_MAX_AGAIN);
}

/* Who says no to all is asked less and less. */
static void
test_refuses_all (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_ABSENT, &peer);

  for (guint i = 10; i < 30; i++)
    fake_peer_hold (peer, stage_id (i), stage_bytes (s, i));
  s->settings.simultaneous_p2p_downloads = 1;
  s->settings.buffer_segments_count = 30;
  s->settings.max_cache_segments_count = 60;
  stage_apply (s);
  stage_load (s, 0, 29);
  stage_run (s, 24 * P2P_SECOND);
  /* 16, then after 0.4, 0.8, 1.6, 3.2, 6.4 and 12.8 s */
  g_assert_cmpuint (peer->requests->len, >, P2P_LINK_MAX_REFUSED);
  g_assert_cmpuint (peer->requests->len, <=, P2P_LINK_MAX_REFUSED + 6);
  g_assert_false (peer->closed);

  /* It is not forgotten. */
  peer->fault = FAKE_PEER_HONEST;
  stage_load (s, 30, 31);
  for (guint i = 30; i < 32; i++)
    fake_peer_hold (peer, stage_id (i), stage_bytes (s, i));
  stage_run (s, P2P_LINK_AGAIN_MAX + P2P_SECOND);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], >=, STAGE_SIZE);
}

/* An id that left the queue may be asked for again. */
static void
test_forgets (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = peer_stage (FAKE_PEER_ABSENT, &peer);

  stage_load (s, 0, 0);
  stage_settle (s);
  peer->fault = FAKE_PEER_HONEST;
  stage_load (s, 0, 0);
  stage_settle (s);
  g_assert_cmpuint (peer->requests->len, ==, 1 + P2P_LINK_MAX_AGAIN);
  stage_load (s, 5, 5);
  stage_load (s, 0, 0);
  stage_settle (s);
  g_assert_true (stage_is_cached (s, 0));
}

int
main (int argc, char **argv)
{
  static const char *const names[] = {
    "honest", "absent", "silent", "stall", "vanish", "fail", "size-zero",
    "size-huge", "size-other", "size-twice", "size-none", "too-few",
    "too-many", "other-id", "empty-data"
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == FAKE_PEER_N_FAULTS);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < FAKE_PEER_N_FAULTS; i++) {
    g_autofree char *path = g_strconcat ("/link/fault/", names[i], NULL);
    g_autofree char *thrice = g_strconcat ("/link/thrice/", names[i], NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_fault);
    if (is_lie (i))
      g_test_add_data_func (thrice, GUINT_TO_POINTER (i), test_three_lies);
  }
  g_test_add_func ("/link/silence", test_silence);
  g_test_add_func ("/link/silences", test_silences);
  g_test_add_func ("/link/slow", test_slow);
  g_test_add_func ("/link/alive", test_alive);
  g_test_add_func ("/link/vanishing-is-told", test_vanishing_is_told);
  g_test_add_func ("/link/unasked", test_unasked);
  g_test_add_func ("/link/too-many-at-once", test_too_many_at_once);
  g_test_add_func ("/link/forgets", test_forgets);
  g_test_add_func ("/link/again", test_again);
  g_test_add_func ("/link/told-anew", test_told_anew);
  g_test_add_func ("/link/refuses-all", test_refuses_all);
  return g_test_run ();
}
