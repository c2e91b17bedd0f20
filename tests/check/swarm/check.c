/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakechannel.h"
#include "loaderworld.h"
#include "p2perror.h"
#include "p2psnpeer.h"

#include <string.h>

/* Segments that somebody looks at before they count. */

#define RATE 40000              /* a segment a second */

static Stage *
looking_stage (void)
{
  Stage *s = stage_new (P2P_TYPE_HYBRID_LOADER, RATE);

  s->settings.last_segment_probability = 0;
  s->settings.required_segments_count = 1;
  s->looks = TRUE;
  stage_apply (s);
  return s;
}

static void
assert_check (Stage * s, guint n, P2pSource source, const char *peer_id)
{
  P2pCheck *check;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpuint (s->checks->len, >, 0);
  check = g_ptr_array_index (s->checks, 0);
  bytes = p2p_segment_get_data (check->segment);
  g_assert_cmpstr (check->segment->url, ==, stage_uri (n));
  g_assert_cmpint (check->source, ==, source);
  g_assert_cmpstr (check->peer_id, ==, peer_id);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, STAGE_SIZE);
}

/* Nothing of it is seen before it is found good. */
static void
test_http (void)
{
  g_autoptr (Stage) s = looking_stage ();
  g_autoptr (Audience) a = NULL;
  g_autoptr (Audience) b = NULL;

  stage_load (s, 0, 2);
  a = stage_read (s, 0);
  stage_run (s, 2 * P2P_SECOND);
  assert_check (s, 0, P2P_SOURCE_HTTP, NULL);
  b = stage_read (s, 0);
  stage_run (s, 30 * P2P_SECOND);
  g_assert_cmpuint (a->data->len + b->data->len, ==, 0);
  g_assert_cmpuint (a->n_heads + a->n_done, ==, 0);
  g_assert_false (stage_is_cached (s, 0));
  stage_assert_log (s, "");
  /* The next one came meanwhile. */
  stage_assert_requests (s, "0 1 ");
  g_assert_cmpuint (s->checks->len, ==, 2);

  stage_answer (s, TRUE);
  stage_run (s, 0);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  audience_assert_all (b, 0, P2P_SOURCE_HTTP);
  g_assert_true (stage_is_cached (s, 0));
  stage_assert_log (s, "loaded 0\n");
  g_assert_cmpuint (s->stats.rejected_segments, ==, 0);
  g_assert_cmpuint (s->stats.wasted, ==, 0);
}

/* It is fetched again, and again, … */
static void
test_http_bad (void)
{
  g_autoptr (Stage) s = looking_stage ();
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 1);
  a = stage_read (s, 0);
  for (guint i = 1; i < P2P_ITEM_MAX_REJECTED; i++) {
    while (s->checks->len == 0)
      stage_run (s, P2P_SECOND / 10);
    assert_check (s, 0, P2P_SOURCE_HTTP, NULL);
    stage_answer (s, FALSE);
    g_assert_false (stage_is_cached (s, 0));
    g_assert_cmpuint (s->stats.rejected_segments, ==, i);
    g_assert_cmpuint (s->stats.wasted, ==, i * STAGE_SIZE);
  }
  stage_run (s, P2P_SECOND);
  stage_answer (s, TRUE);
  stage_run (s, 0);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
}

/* … and then it is an error; but who asks anew gets another chance. */
static void
test_http_always_bad (void)
{
  g_autoptr (Stage) s = looking_stage ();
  g_autoptr (Audience) a = NULL;
  g_autoptr (Audience) b = NULL;

  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  for (guint i = 0; i < P2P_ITEM_MAX_REJECTED; i++) {
    stage_run (s, P2P_SECOND);
    stage_answer (s, FALSE);
  }
  stage_settle (s);
  g_assert_cmpuint (a->n_done, ==, 1);
  g_assert_error (a->error, P2P_ERROR, P2P_ERROR_REJECTED);
  g_assert_cmpuint (a->data->len, ==, 0);
  stage_assert_requests (s, "0 0 0 ");
  g_assert_true (g_str_has_prefix (s->log->str, "error 0 "));
  b = stage_read (s, 0);
  stage_run (s, P2P_SECOND);
  stage_answer (s, TRUE);
  stage_run (s, 0);
  audience_assert_all (b, 0, P2P_SOURCE_HTTP);
}

/* Who begins to look while it comes sees it too, and who has some of it already
 * is told that it failed. */
static void
test_looks_late (void)
{
  g_autoptr (Stage) s = looking_stage ();
  g_autoptr (Audience) a = NULL;

  s->looks = FALSE;
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  g_assert_cmpuint (a->data->len, >, 0);
  s->looks = TRUE;
  stage_run (s, P2P_SECOND / 2);
  g_assert_cmpuint (a->n_done, ==, 0);
  stage_answer (s, FALSE);
  stage_run (s, 0);
  g_assert_error (a->error, P2P_ERROR, P2P_ERROR_REJECTED);
  g_assert_false (stage_is_cached (s, 0));
}

/* Nobody looks any more when it is there: it is taken as it is. */
static void
test_looks_away (void)
{
  g_autoptr (Stage) s = looking_stage ();
  g_autoptr (Audience) a = NULL;

  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND / 2);
  g_assert_cmpuint (a->data->len, ==, 0);
  s->looks = FALSE;
  stage_run (s, P2P_SECOND / 2);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
}

/* What is too much to be kept in one piece flows by unseen. */
static void
test_too_large (void)
{
  g_autoptr (Stage) s = looking_stage ();
  g_autoptr (Audience) a = NULL;

  s->settings.max_cache_bytes = STAGE_SIZE - 1;
  stage_apply (s);
  stage_load (s, 0, 0);
  a = stage_read (s, 0);
  stage_run (s, P2P_SECOND);
  audience_assert_all (a, 0, P2P_SOURCE_HTTP);
  g_assert_cmpuint (s->checks->len, ==, 0);
  g_assert_false (stage_is_cached (s, 0));
}

/* 1 came from a peer and is looked at, while 0 comes. */
static Stage *
stage_of_1 (FakePeer ** peer)
{
  Stage *s = looking_stage ();

  *peer = stage_add_peer (s, "p", 1, 3);
  s->settings.simultaneous_p2p_downloads = 1;
  stage_apply (s);
  stage_resource (s, 0)->rate = RATE / 10;
  stage_run (s, 0);
  stage_load (s, 0, 1);
  stage_run (s, P2P_SECOND / 2);
  assert_check (s, 1, P2P_SOURCE_P2P, "p");
  return s;
}

static void
test_peer (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = stage_of_1 (&peer);
  g_autoptr (Audience) a = stage_read (s, 1);

  g_assert_cmpuint (peer->n_accepted, ==, 0);
  stage_run (s, P2P_SECOND / 4);
  g_assert_cmpuint (a->data->len, ==, 0);
  g_assert_false (stage_is_cached (s, 1));
  g_assert_cmpstr (peer->loaded->str, ==, "");
  stage_answer (s, TRUE);
  stage_run (s, 0);
  audience_assert_all (a, 1, P2P_SOURCE_P2P);
  g_assert_cmpuint (peer->n_accepted, ==, 1);
  g_assert_cmpstr (peer->loaded->str, ==, "s1 ");
}

static void
test_peer_bad (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = stage_of_1 (&peer);
  g_autoptr (Audience) a = stage_read (s, 1);
  FakePeer *again;

  stage_answer (s, FALSE);
  g_assert_true (peer->closed);
  g_assert_cmpuint (peer->n_accepted, ==, 0);
  g_assert_cmpuint (s->stats.rejected_segments, ==, 1);
  /* … and what came of 0, for which nobody waits. */
  g_assert_cmpuint (s->stats.wasted, >=, STAGE_SIZE);
  s->looks = FALSE;
  stage_settle (s);
  audience_assert_all (a, 1, P2P_SOURCE_HTTP);
  stage_assert_log (s, "connect p 192.0.2.1:5000\nclose p\nloaded 1\n"
      "loaded 0\n");
  /* It does not come back. */
  again = stage_add_peer (s, "p", 1, 3);
  g_assert_true (again->closed);
  g_assert_cmpuint (p2p_loader_get_n_peers (s->loader), ==, 0);
}

/* Only so many are remembered. */
static void
test_many_banned (void)
{
  g_autoptr (Stage) s = looking_stage ();

  stage_load (s, 0, 1);
  stage_resource (s, 0)->rate = 1;
  for (guint i = 0; i <= P2P_SWARM_MAX_BANNED; i++) {
    g_autofree char *id = g_strdup_printf ("peer%u", i);

    stage_add_peer (s, id, 1, 1);
    stage_run (s, 0);
    assert_check (s, 1, P2P_SOURCE_P2P, id);
    stage_answer (s, FALSE);
  }
  g_assert_true (stage_add_peer (s, "peer1", 1, 1)->closed);
  g_assert_false (stage_add_peer (s, "peer0", 1, 1)->closed);
}

/* What else it is sending, and what it sent in part, goes as well. */
static void
test_peer_bad_all (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = stage_of_1 (&peer);

  peer->fault = FAKE_PEER_STALL;
  stage_load (s, 0, 3);
  stage_run (s, P2P_LINK_TIMEOUT);
  /* Half of 2 was kept, and half of 3 is on its way. */
  stage_run (s, P2P_SECOND);
  stage_answer (s, FALSE);
  g_assert_true (peer->closed);
  s->looks = FALSE;
  stage_settle (s);
  stage_load (s, 2, 3);
  stage_settle (s);
  stage_load (s, 3, 3);
  stage_settle (s);
  stage_assert_requests (s, "0 1 2 3 ");
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], ==, 2 * STAGE_SIZE);
  g_assert_cmpuint (s->stats.wasted, ==, s->pieces[P2P_SOURCE_P2P]);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, 4 * STAGE_SIZE);
}

/* It began with the peer and ended over HTTP: the peer is to blame. */
static void
test_rest_bad (void)
{
  g_autoptr (Stage) s = looking_stage ();
  FakePeer *peer = stage_add_peer (s, "p", 1, 1);
  g_autoptr (Audience) a = NULL;

  s->lengths = STAGE_SIZE;
  peer->fault = FAKE_PEER_STALL;
  stage_run (s, 0);
  stage_load (s, 0, 1);
  stage_run (s, P2P_SECOND);
  stage_answer (s, TRUE);
  stage_run (s, P2P_LINK_TIMEOUT);
  a = stage_read (s, 1);
  stage_run (s, P2P_SECOND);
  assert_check (s, 1, P2P_SOURCE_P2P, "p");
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP], ==, 3 * STAGE_SIZE / 2);
  stage_answer (s, FALSE);
  g_assert_true (peer->closed);
  stage_run (s, P2P_SECOND);
  assert_check (s, 1, P2P_SOURCE_HTTP, NULL);
  stage_answer (s, TRUE);
  stage_run (s, 0);
  audience_assert_all (a, 1, P2P_SOURCE_HTTP);
  g_assert_cmpuint (s->stats.wasted, ==, STAGE_SIZE);
}

/* The answer comes when nobody waits for it any more. */
static void
test_too_late (void)
{
  FakePeer *peer;
  g_autoptr (Stage) s = stage_of_1 (&peer);

  stage_load (s, 5, 5);
  g_assert_cmpuint (s->stats.wasted, >=, STAGE_SIZE);
  stage_answer (s, FALSE);
  g_assert_cmpuint (s->stats.rejected_segments, ==, 0);
  g_assert_false (peer->closed);
  stage_settle (s);
  p2p_loader_destroy (s->loader);
  while (s->checks->len > 0)
    stage_answer (s, TRUE);
}

/* A thousand poisoned pieces: on the wire, of the right size, with wrong bytes,
 * of peers who are gone when the first of theirs is found out. */

typedef struct
{
  Stage *stage;
  P2pNames *names;
  GPtrArray *channels;          /* of FakeChannel: the strangers' ends, and ours
                                 * in turn */
  guint next;                   /* peer */
  guint n_poisoned;
} Poison;

/* Whatever is asked for: three packets that lie. */
static void
on_stranger_message (P2pChannel * channel, GBytes * bytes, gboolean text,
    gpointer data)
{
  Poison *p = data;
  g_autofree char *message = g_strndup (g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  const char *sn = strstr (message, "\"sn\":");
  g_autofree char *piece = NULL;

  /* What is announced is there, and poison_answer() sees what is. */
  if (strstr (message, "HAVE"))
    g_assert_true (stage_is_cached (p->stage,
            g_ascii_strtoull (sn + 5, NULL, 10)));
  if (!strstr (message, "REQUEST"))
    return;
  piece = g_strdup_printf ("{\"event\":\"PIECE\",\"attachments\":3,"
      "\"sn\":%u,\"size\":%u}", (guint) g_ascii_strtoull (sn + 5, NULL, 10),
      STAGE_SIZE);
  fake_channel_send_text (FAKE_CHANNEL (channel), piece);
  fake_channel_send_binary (FAKE_CHANNEL (channel), 16384);
  fake_channel_send_binary (FAKE_CHANNEL (channel), 16384);
  fake_channel_send_binary (FAKE_CHANNEL (channel), STAGE_SIZE - 32768);
  p->n_poisoned++;
}

static void
on_stranger_drained (P2pChannel * channel, gpointer data)
{
}

static void
on_stranger_closed (P2pChannel * channel, const GError * error, gpointer data)
{
}

static void
poison_send (Poison * p)
{
  static const P2pChannelEvents events = {
    on_stranger_message, on_stranger_drained, on_stranger_closed
  };
  g_autofree char *id = g_strdup_printf ("peer%u", p->next++);
  g_autoptr (GString) field =
      g_string_new ("{\"event\":\"BITFIELD\",\"field\":[0");
  g_autoptr (P2pPeer) peer = NULL;
  FakeChannel *ours, *theirs;

  for (guint i = 1; i < STAGE_SEGMENTS; i++)
    g_string_append_printf (field, ",%u", i);
  g_string_append (field, "]}");
  fake_channel_pair (p->stage->clock, &ours, &theirs);
  p2p_channel_set_events (P2P_CHANNEL (theirs), &events, p);
  fake_channel_send_text (theirs, field->str);
  peer = p2p_sn_peer_new (p->stage->clock, P2P_CHANNEL (ours), p->names, id);
  p2p_loader_add_peer (p->stage->loader, peer);
  g_ptr_array_add (p->channels, theirs);
  g_ptr_array_add (p->channels, ours);
}

/* Answers as whoever knows what the segments are. */
static void
poison_answer (Poison * p)
{
  Stage *s = p->stage;

  while (s->checks->len > 0) {
    P2pCheck *check = g_ptr_array_index (s->checks, 0);
    g_autoptr (GBytes) bytes = p2p_segment_get_data (check->segment);
    guint n = g_ascii_strtoull (strrchr (check->segment->url, '/') + 1, NULL,
        10);
    gboolean good = g_bytes_equal (bytes, stage_bytes (s, n));

    g_assert_true (good == (check->source == P2P_SOURCE_HTTP));
    g_assert_false (stage_is_cached (s, n));
    stage_answer (s, good);
    g_assert_true (good == stage_is_cached (s, n));
  }
}

static void
poison_run (Poison * p, guint until)
{
  while (p->stage->stats.rejected_segments < until) {
    while (p2p_loader_get_n_peers (p->stage->loader) < 3)
      poison_send (p);
    stage_run (p->stage, 20 * P2P_MSEC);
    poison_answer (p);
  }
}

static void
poison_assert_unacknowledged (Poison * p)
{
  for (guint i = 0; i < p->channels->len; i++) {
    FakeChannel *channel = g_ptr_array_index (p->channels, i);

    g_assert_null (strstr (channel->texts->str, "PIECE_ACK"));
  }
}

/* Every segment is read while it rains poison. */
static void
test_poison (void)
{
  g_autoptr (Stage) s = looking_stage ();
  Poison p = { s, p2p_names_new (), g_ptr_array_new_with_free_func
        (g_object_unref)
  };

  s->duration = 4 * P2P_SECOND;
  s->settings.max_cache_segments_count = STAGE_SEGMENTS;
  s->settings.buffer_segments_count = STAGE_SEGMENTS;
  stage_apply (s);
  for (guint i = 0; i < STAGE_SEGMENTS; i++)
    p2p_names_add (p.names, stage_id (i), i, stage_uri (i));
  for (guint i = 0; i < STAGE_SEGMENTS; i++) {
    g_autoptr (Audience) a = NULL;
    gint64 until = p2p_clock_get_time (s->clock) + s->duration;

    stage_load (s, i, STAGE_SEGMENTS - 1);
    a = stage_read (s, i);
    poison_run (&p, MIN ((i + 1) * 40, 1000));
    while (a->n_done == 0) {
      stage_run (s, 20 * P2P_MSEC);
      poison_answer (&p);
    }
    g_assert_cmpmem (a->data->data, a->data->len,
        g_bytes_get_data (stage_bytes (s, i), NULL), STAGE_SIZE);
    /* In time */
    g_assert_cmpint (p2p_clock_get_time (s->clock), <=, until);
    g_assert_cmpint (a->source, !=, P2P_SOURCE_P2P);
  }
  g_assert_cmpuint (s->stats.rejected_segments, >=, 1000);
  g_assert_cmpuint (p.n_poisoned, >=, 1000);
  g_assert_cmpuint (p.next, >=, 100);
  g_assert_cmpuint (s->pieces[P2P_SOURCE_P2P], >=, 1000 * STAGE_SIZE);
  poison_assert_unacknowledged (&p);
  p2p_loader_destroy (s->loader);
  g_ptr_array_unref (p.channels);
  p2p_names_unref (p.names);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check/http", test_http);
  g_test_add_func ("/check/http-bad", test_http_bad);
  g_test_add_func ("/check/http-always-bad", test_http_always_bad);
  g_test_add_func ("/check/looks-late", test_looks_late);
  g_test_add_func ("/check/looks-away", test_looks_away);
  g_test_add_func ("/check/too-large", test_too_large);
  g_test_add_func ("/check/peer", test_peer);
  g_test_add_func ("/check/peer-bad", test_peer_bad);
  g_test_add_func ("/check/many-banned", test_many_banned);
  g_test_add_func ("/check/peer-bad-all", test_peer_bad_all);
  g_test_add_func ("/check/rest-bad", test_rest_bad);
  g_test_add_func ("/check/too-late", test_too_late);
  g_test_add_func ("/check/poison", test_poison);
  return g_test_run ();
}
