/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loaderworld.h"
#include "p2prace.h"

/* A web server that takes four seconds for a segment, and a peer that has all of
 * them. */
#define RATE (STAGE_SIZE / 4)

static Stage *
race_stage (guint64 rate, FakePeerFault fault, FakePeer ** peer)
{
  Stage *s = stage_new (P2P_TYPE_HYBRID_LOADER, rate);

  s->settings.last_segment_probability = 0;
  stage_apply (s);
  s->duration = 2 * P2P_SECOND;
  for (guint i = 0; i < STAGE_SEGMENTS; i++)
    stage_resource (s, i)->chunk = 1000;
  *peer = stage_add_peer (s, "p", 0, 9);
  (*peer)->fault = fault;
  (*peer)->chunk = 1000;
  stage_run (s, 0);
  g_string_truncate (s->log, 0);
  return s;
}

static guint
count_asked (FakePeer * peer, guint n)
{
  guint count = 0;

  for (guint i = 0; i < peer->requests->len; i++)
    count += g_str_equal (g_ptr_array_index (peer->requests, i), stage_id (n));
  return count;
}

/* What came is what was loaded, and what came in vain. */
static void
check_bytes (Stage * s)
{
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP] + s->pieces[P2P_SOURCE_P2P], ==,
      p2p_cache_get_bytes (s->cache) + s->stats.wasted);
}

/* HTTP has half a second, and then the peer is there first: its rest follows on
 * what came over HTTP. */
static void
test_peer_wins (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);
  Audience *a;

  peer->rate = 2 * STAGE_SIZE;
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_RACE_START - 1);
  g_assert_cmpuint (peer->requests->len, ==, 0);
  g_assert_cmpuint (a->data->len, >, 0);
  stage_run (s, P2P_SECOND / 2 - 1);
  g_assert_cmpuint (count_asked (peer, 0), ==, 1);
  g_assert_cmpuint (a->n_done, ==, 0);
  stage_run (s, 100 * P2P_MSEC);
  g_assert_cmpuint (a->n_done, ==, 1);
  g_assert_cmpint (a->source, ==, P2P_SOURCE_P2P);
  g_assert_cmpmem (a->data->data, a->data->len,
      g_bytes_get_data (stage_bytes (s, 0), NULL), STAGE_SIZE);
  g_assert_cmpuint (fake_fetcher_get_n_open (s->fetcher), ==, 0);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], <=, STAGE_SIZE / 4);
  g_assert_cmpuint (s->stats.wasted, ==, s->pieces[P2P_SOURCE_HTTP]);
  check_bytes (s);
  audience_free (a);
}

/* What comes soon is left to HTTP. */
static void
test_fast_http (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (3 * STAGE_SIZE, FAKE_PEER_HONEST, &peer);
  Audience *a;

  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (peer->requests->len, ==, 0);
  audience_free (a);
}

/* Nobody reads it: nobody is in a hurry. */
static void
test_unread (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);

  s->duration = 0;
  stage_load (s, 0, 0);
  stage_settle (s);
  g_assert_true (stage_is_cached (s, 0));
  g_assert_cmpuint (peer->requests->len, ==, 0);
}

/* Whatever the peer does, what is read is right, and no later than by HTTP
 * alone. */
static void
test_fault (gconstpointer data)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (RATE, GPOINTER_TO_UINT (data), &peer);
  Audience *a;

  peer->rate = 2 * STAGE_SIZE;
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, 4 * P2P_SECOND + 100 * P2P_MSEC);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (count_asked (peer, 0), >=, 1);
  g_assert_cmpuint (fake_fetcher_get_requests (s->fetcher)->len, ==, 1);
  stage_settle (s);
  check_bytes (s);
  audience_free (a);
}

/* Who is slower than HTTP is not listened to for long. */
static void
test_slow_peer (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);
  Audience *a;

  peer->rate = STAGE_SIZE / 5;
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_RACE_START + 2 * P2P_RACE_GRACE);
  g_assert_cmpuint (count_asked (peer, 0), ==, 1);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (count_asked (peer, 0), ==, 1);
  check_bytes (s);
  audience_free (a);
}

/* The server catches up. */
static void
test_http_wins (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);
  Audience *a;

  peer->rate = STAGE_SIZE / 3;
  stage_resource (s, 0)->latency = 600 * P2P_MSEC;
  stage_resource (s, 0)->rate = 0;
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_RACE_START);
  g_assert_cmpuint (count_asked (peer, 0), ==, 1);
  stage_run (s, 100 * P2P_MSEC);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (peer->n_cancelled, ==, 1);
  check_bytes (s);
  audience_free (a);
}

/* What the server sent begins otherwise: who sent the other is not asked again,
 * and nothing of it is taken. */
static void
test_other_bytes (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);
  Audience *a;

  fake_peer_hold (peer, stage_id (0), stage_bytes (s, 1));
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_settle (s);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_true (peer->closed);
  g_assert_cmpuint (s->stats.wasted, ==, STAGE_SIZE);
  check_bytes (s);
  audience_free (a);
}

/* The same if it is longer, or shorter, than the server says. */
static void
test_other_size (void)
{
  for (guint i = 0; i < 2; i++) {
    FakePeer *peer;
    g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);
    g_autoptr (GBytes) longer = g_bytes_new_take (g_malloc0 (STAGE_SIZE + 1),
        STAGE_SIZE + 1);
    g_autoptr (GBytes) shorter =
        g_bytes_new_from_bytes (stage_bytes (s, 0), 0, STAGE_SIZE - 1);
    Audience *a;

    fake_peer_hold (peer, stage_id (0), i ? longer : shorter);
    stage_load (s, 0, 0);
    a = stage_read (s, 0);
    stage_settle (s);
    audience_assert_all (a, 0, P2P_SOURCE_HTTP);
    g_assert_true (peer->closed);
    check_bytes (s);
    audience_free (a);
  }
}

/* It is looked at before anybody gets it; what is bad costs the peer. */
static void
test_looked_at (void)
{
  for (guint good = 0; good < 2; good++) {
    FakePeer *peer;
    g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);
    Audience *a;

    s->looks = TRUE;
    stage_load (s, 0, 0);
    a = stage_read (s, 0);
    stage_run (s, P2P_SECOND);
    g_assert_cmpuint (s->checks->len, ==, 1);
    g_assert_cmpuint (a->data->len, ==, 0);
    stage_answer (s, good);
    s->looks = FALSE;
    stage_run (s, 0);
    g_assert_cmpuint (a->n_done, ==, good);
    g_assert_cmpint (peer->closed, ==, !good);
    stage_settle (s);
    g_assert_cmpuint (a->n_done, ==, 1);
    g_assert_cmpuint (a->data->len, ==, STAGE_SIZE);
    check_bytes (s);
    audience_free (a);
  }
}

/* The reader goes, the queue is another one, or all ends. */
static void
test_left (gconstpointer data)
{
  FakePeer *peer;
  g_autoptr (Stage) s = race_stage (RATE, FAKE_PEER_HONEST, &peer);
  Audience *a;

  peer->rate = STAGE_SIZE;
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_RACE_START + 100 * P2P_MSEC);
  g_assert_cmpuint (count_asked (peer, 0), ==, 1);
  if (GPOINTER_TO_UINT (data) == 0)
    p2p_loader_destroy (s->loader);
  else if (GPOINTER_TO_UINT (data) == 1)
    fake_peer_vanish (peer);
  else
    stage_load (s, 30, 29);
  audience_free (a);
  stage_settle (s);
  g_assert_cmpuint (fake_fetcher_get_n_open (s->fetcher), ==, 0);
  g_assert_null (peer->asked);
  check_bytes (s);
}

/* What comes after it leaves the line to what is waited for. */
static void
test_share (void)
{
  g_autoptr (Stage) s = stage_new (P2P_TYPE_HYBRID_LOADER, RATE);
  FakePeer *p, *q;
  Audience *a;

  s->duration = 2 * P2P_SECOND;
  stage_load (s, 0, 5);
  a = stage_read (s, 0);
  p = stage_add_peer (s, "p", 1, 9);
  q = stage_add_peer (s, "q", 1, 9);
  p->rate = q->rate = STAGE_SIZE / 10;
  stage_run (s, P2P_RACE_ALONE - 1);
  g_assert_cmpuint (p->requests->len + q->requests->len, ==, 0);
  stage_run (s, P2P_SECOND);
  g_assert_cmpuint (p->requests->len + q->requests->len, ==, 1);
  stage_run (s, 3 * P2P_SECOND);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (p->requests->len + q->requests->len, >=, 2);
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
    {"/race/fault/absent", FAKE_PEER_ABSENT},
    {"/race/fault/silent", FAKE_PEER_SILENT},
    {"/race/fault/stall", FAKE_PEER_STALL},
    {"/race/fault/vanish", FAKE_PEER_VANISH},
    {"/race/fault/fail", FAKE_PEER_FAIL},
    {"/race/fault/size-zero", FAKE_PEER_SIZE_ZERO},
    {"/race/fault/too-few", FAKE_PEER_TOO_FEW},
    {"/race/fault/too-many", FAKE_PEER_TOO_MANY},
    {"/race/fault/other-id", FAKE_PEER_OTHER_ID},
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/race/peer-wins", test_peer_wins);
  g_test_add_func ("/race/fast-http", test_fast_http);
  g_test_add_func ("/race/unread", test_unread);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    g_test_add_data_func (faults[i].path, GUINT_TO_POINTER (faults[i].fault),
        test_fault);
  g_test_add_func ("/race/slow-peer", test_slow_peer);
  g_test_add_func ("/race/http-wins", test_http_wins);
  g_test_add_func ("/race/other-bytes", test_other_bytes);
  g_test_add_func ("/race/other-size", test_other_size);
  g_test_add_func ("/race/looked-at", test_looked_at);
  g_test_add_data_func ("/race/destroyed", GUINT_TO_POINTER (0), test_left);
  g_test_add_data_func ("/race/gone", GUINT_TO_POINTER (1), test_left);
  g_test_add_data_func ("/race/left", GUINT_TO_POINTER (2), test_left);
  g_test_add_func ("/race/share", test_share);
  return g_test_run ();
}
