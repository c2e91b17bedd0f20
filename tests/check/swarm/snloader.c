/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakechannel.h"
#include "loaderworld.h"
#include "p2psnpeer.h"

#include <string.h>

#define RATE 40000              /* a segment a second */

/* A loader and a stranger who speaks seed 002's protocol with it. */
typedef struct
{
  Stage *stage;
  P2pNames *names;
  FakeChannel *ours, *theirs;
} Talk;

static Talk *
talk_new (const char *field)
{
  Talk *t = g_new0 (Talk, 1);
  g_autofree char *text =
      g_strdup_printf ("{\"event\":\"BITFIELD\",\"field\":%s}", field);
  g_autoptr (P2pPeer) peer = NULL;

  t->stage = stage_new (P2P_TYPE_HYBRID_LOADER, RATE);
  t->stage->settings.last_segment_probability = 0;
  t->stage->settings.required_segments_count = 1;
  stage_apply (t->stage);
  t->stage->lengths = STAGE_SIZE;
  t->names = p2p_names_new ();
  for (guint i = 0; i < STAGE_SEGMENTS; i++)
    p2p_names_add (t->names, stage_id (i), i, stage_uri (i));
  fake_channel_pair (t->stage->clock, &t->ours, &t->theirs);
  fake_channel_send_text (t->theirs, text);
  peer = p2p_sn_peer_new (t->stage->clock, P2P_CHANNEL (t->ours), t->names,
      "p");
  p2p_loader_add_peer (t->stage->loader, peer);
  stage_run (t->stage, 0);
  return t;
}

static void
talk_free (Talk * t)
{
  g_object_unref (t->ours);
  g_object_unref (t->theirs);
  stage_free (t->stage);
  p2p_names_unref (t->names);
  g_free (t);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free);

/* What the stranger was told since the last time. */
static void
assert_told (Talk * t, const char *expect)
{
  g_assert_cmpstr (t->ours->texts->str, ==, expect);
  g_string_truncate (t->ours->texts, 0);
}

static void
say_bytes (Talk * t, guint n, gsize from, gsize size)
{
  g_autoptr (GBytes) bytes =
      g_bytes_new_from_bytes (stage_bytes (t->stage, n), from, size);

  g_assert_true (p2p_channel_send (P2P_CHANNEL (t->theirs), bytes, FALSE));
  stage_run (t->stage, 0);
}

static void
say (Talk * t, const char *text)
{
  fake_channel_send_text (t->theirs, text);
  stage_run (t->stage, 0);
}

#define OPEN "{\"event\":\"BITFIELD\",\"field\":[],\"packet\":65536}\n"
#define HAVE(n) "{\"event\":\"HAVE\",\"sn\":" n "}\n"
#define LOST(n) "{\"event\":\"LOST\",\"sn\":" n "}\n"
#define REQUEST(n) "{\"event\":\"REQUEST\",\"sn\":" n ",\"urgent\":false}\n"
#define PIECE(n) "{\"event\":\"PIECE\",\"attachments\":2,\"sn\":" n \
    ",\"size\":40000}"

/* In the very moment. */
static void
test_have (void)
{
  g_autoptr (Talk) t = talk_new ("[]");

  assert_told (t, OPEN);
  stage_load (t->stage, 0, 1);
  stage_run (t->stage, P2P_SECOND - 1);
  assert_told (t, "");
  stage_run (t->stage, 1);
  assert_told (t, HAVE ("0"));
}

static void
test_lost (void)
{
  g_autoptr (Talk) t = talk_new ("[]");

  t->stage->settings.max_cache_segments_count = 2;
  t->stage->settings.cache_segment_expiration = 60000;
  stage_apply (t->stage);
  stage_load (t->stage, 0, 0);
  stage_run (t->stage, 2 * P2P_SECOND);
  stage_load (t->stage, 1, 1);
  stage_run (t->stage, 2 * P2P_SECOND);
  assert_told (t, OPEN HAVE ("0") HAVE ("1"));
  /* Pushed out */
  stage_load (t->stage, 2, 2);
  stage_run (t->stage, 2 * P2P_SECOND);
  assert_told (t, LOST ("0") HAVE ("2"));
  /* Expired */
  stage_run (t->stage, 58 * P2P_SECOND);
  assert_told (t, LOST ("1"));
  /* Not shared any more, and shared again */
  t->stage->settings.upload = FALSE;
  stage_apply (t->stage);
  stage_run (t->stage, 0);
  assert_told (t, LOST ("2"));
  say (t, "{\"event\":\"REQUEST\",\"sn\":2}");
  assert_told (t, "{\"event\":\"PIECE_NOT_FOUND\",\"url\":"
      "\"http://origin.example/2.ts\",\"sn\":2}\n");
  t->stage->settings.upload = TRUE;
  stage_apply (t->stage);
  stage_run (t->stage, 0);
  assert_told (t, HAVE ("2"));
  /* Destroyed */
  p2p_loader_destroy (t->stage->loader);
  assert_told (t, LOST ("2") "{\"event\":\"CLOSE\"}\n");
}

/* 1 comes from the stranger, all or in part, while 0 comes over HTTP. */
static Talk *
talk_of_1 (void)
{
  Talk *t = talk_new ("[1]");

  stage_load (t->stage, 0, 1);
  stage_run (t->stage, 0);
  assert_told (t, OPEN REQUEST ("1"));
  say (t, PIECE ("1"));
  say_bytes (t, 1, 0, 16384);
  return t;
}

static void
assert_loaded (Talk * t, guint n)
{
  g_autoptr (P2pSegment) segment = p2p_cache_get (t->stage->cache,
      stage_id (n));
  g_autoptr (GBytes) bytes = segment ? p2p_segment_get_data (segment) : NULL;

  g_assert_nonnull (bytes);
  g_assert_true (g_bytes_equal (bytes, stage_bytes (t->stage, n)));
}

static void
test_exchange (void)
{
  g_autoptr (Talk) t = talk_of_1 ();

  say_bytes (t, 1, 16384, STAGE_SIZE - 16384);
  assert_told (t, "{\"event\":\"PIECE_ACK\",\"sn\":1,\"url\":"
      "\"http://origin.example/1.ts\"}\n" HAVE ("1"));
  assert_loaded (t, 1);
  say (t, "{\"event\":\"REQUEST\",\"sn\":1,\"urgent\":true}");
  g_assert_cmpuint (t->ours->n_binary, ==, 3);
  g_assert_cmpuint (t->stage->uploaded, ==, 0);
  say (t, "{\"event\":\"PIECE_ACK\",\"sn\":1}");
  g_assert_cmpuint (t->stage->uploaded, ==, STAGE_SIZE);
  stage_settle (t->stage);
  stage_assert_requests (t->stage, "0 ");
}

/* It stops half-way, leaves, says it has it no more, or lies. */
static void
test_not_all (gconstpointer data)
{
  g_autoptr (Talk) t = talk_of_1 ();
  Stage *s = t->stage;

  if (g_str_equal (data, "cut"))
    fake_channel_cut (t->theirs);
  else if (g_str_equal (data, "long"))
    say_bytes (t, 1, 0, STAGE_SIZE);
  else if (g_str_equal (data, "again"))
    say (t, PIECE ("1"));
  else if (*(const char *) data == '{')
    say (t, data);
  s->settings.required_segments_count = 2;
  stage_apply (s);
  stage_settle (s);
  assert_loaded (t, 1);
  stage_assert_requests (s, "0 1 ");
  g_assert_null (strstr (t->ours->texts->str, "PIECE_ACK"));
  g_assert_cmpuint (s->pieces[P2P_SOURCE_HTTP] + s->pieces[P2P_SOURCE_P2P]
      - s->stats.wasted, ==, 2 * STAGE_SIZE);
  g_assert_null (strstr (s->log->str, "error"));
}

/* Three lies, and it is told that something is wrong, and closed. */
static void
test_three_lies (void)
{
  g_autoptr (Talk) t = talk_new ("[1,2]");

  say (t, "?");
  say (t, "{\"event\":\"PIECE\",\"attachments\":1,\"sn\":2,\"size\":5}");
  g_assert_cmpuint (p2p_loader_get_n_peers (t->stage->loader), ==, 1);
  say (t, "{\"event\":\"BITFIELD\",\"field\":[-1]}");
  g_assert_cmpuint (p2p_loader_get_n_peers (t->stage->loader), ==, 0);
  g_assert_cmpuint (t->stage->stats.bad_messages, ==, 3);
  assert_told (t, OPEN "{\"event\":\"ERROR\"}\n");
}

int
main (int argc, char **argv)
{
  static const char *const ends[] = {
    "silent", "cut", "long", "again", "{\"event\":\"CLOSE\"}",
    "{\"event\":\"ERROR\"}"
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sn-loader/have", test_have);
  g_test_add_func ("/sn-loader/lost", test_lost);
  g_test_add_func ("/sn-loader/exchange", test_exchange);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *path = g_strdup_printf ("/sn-loader/not-all/%u", i);

    g_test_add_data_func (path, ends[i], test_not_all);
  }
  g_test_add_func ("/sn-loader/three-lies", test_three_lies);
  return g_test_run ();
}
