/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pwtannounce.h"

#include <string.h>

#include "fakeconnector.h"
#include "fakepeer.h"

typedef struct
{
  P2pClock *clock;
  GRand *rand;
  FakeConnector *connector;
  P2pWtDialer *dialer;
  P2pWtAnnounce *announce;

  GPtrArray *sent;              /* of texts */
  guint n_announced, n_viewers, n_warnings, n_silent;
  char *warning;
  gboolean leave;               /* in every event */
} World;

static void
leave (World * w)
{
  if (w->leave)
    g_clear_pointer (&w->announce, p2p_wt_announce_free);
}

static void
on_send (const GString * text, gpointer user_data)
{
  World *w = user_data;

  g_assert_cmpuint (text->len, ==, strlen (text->str));
  g_assert_cmpuint (text->len, <=, P2P_WT_MAX_SIZE);
  g_assert_true (g_utf8_validate (text->str, -1, NULL));
  g_assert_null (strstr (text->str, "completed"));
  g_assert_null (strstr (text->str, "\"left\""));
  g_ptr_array_add (w->sent, g_strdup (text->str));
}

static void
on_announced (guint n_viewers, gpointer user_data)
{
  World *w = user_data;

  w->n_announced++;
  w->n_viewers = n_viewers;
  leave (w);
}

static void
on_warning (const char *words, gpointer user_data)
{
  World *w = user_data;

  g_assert_true (g_utf8_validate (words, -1, NULL));
  w->n_warnings++;
  g_free (w->warning);
  w->warning = g_strdup (words);
  leave (w);
}

static void
on_silent (gpointer user_data)
{
  World *w = user_data;

  w->n_silent++;
  leave (w);
}

static const P2pWtAnnounceEvents events = {
  on_send,
  on_announced,
  on_warning,
  on_silent,
};

static P2pPeer *
make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  return P2P_PEER (fake_peer_new (((World *) user_data)->clock, peer_id));
}

static void
on_connected (P2pPeer * peer, gpointer user_data)
{
}

static void
on_lost (gpointer user_data)
{
}

static const P2pWtDialerEvents dialer_events = {
  make_peer,
  on_connected,
  on_lost,
};

#define HASH "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n" \
    "\\u000b\\f\\r\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\""
#define OWN "\"\xc3\xac\xc3\xad\xc3\xae\xc3\xaf\xc3\xb0\xc3\xb1\xc3\xb2\xc3\xb3" \
    "\xc3\xb4\xc3\xb5\xc3\xb6\xc3\xb7\xc3\xb8\xc3\xb9\xc3\xba\xc3\xbb\xc3\xbc" \
    "\xc3\xbd\xc3\xbe\xc3\xbf\""

static World *
world_new (void)
{
  World *w = g_new0 (World, 1);
  P2pWtId hash, own;

  for (guint i = 0; i < P2P_WT_ID_SIZE; i++) {
    hash.bytes[i] = i;
    own.bytes[i] = 256 - P2P_WT_ID_SIZE + i;
  }
  w->clock = p2p_clock_new (0);
  w->rand = g_rand_new_with_seed (1);
  w->connector = fake_connector_new (w->clock);
  w->sent = g_ptr_array_new_with_free_func (g_free);
  w->dialer = p2p_wt_dialer_new (w->clock, w->rand,
      P2P_CONNECTOR (w->connector), &hash, &own, 25, &dialer_events, w);
  w->announce = p2p_wt_announce_new (w->clock, w->rand, w->dialer, 2, &events,
      w);
  return w;
}

static void
world_free (World * w)
{
  g_clear_pointer (&w->announce, p2p_wt_announce_free);
  p2p_wt_dialer_free (w->dialer);
  g_assert_cmpint (p2p_clock_get_next (w->clock), ==, P2P_NEVER);
  g_assert_finalize_object (w->connector);
  g_ptr_array_unref (w->sent);
  g_rand_free (w->rand);
  g_assert_finalize_object (w->clock);
  g_free (w->warning);
  g_free (w);
}

static void
run (World * w, gint64 time)
{
  gint64 end = p2p_clock_get_time (w->clock) + time;

  p2p_clock_run (w->clock, p2p_clock_get_time (w->clock));
  while (p2p_clock_get_next (w->clock) <= end)
    p2p_clock_run (w->clock, p2p_clock_get_next (w->clock));
  p2p_clock_run (w->clock, end);
}

static void
go_online (World * w)
{
  p2p_wt_announce_set_online (w->announce, TRUE);
  run (w, 0);
}

static void
say (World * w, const char *text)
{
  P2pWtMessage message;

  g_assert_true (p2p_wt_message_read (&message, text, strlen (text)));
  p2p_wt_announce_receive (w->announce, &message);
}

/* Runs until something is sent. Returns: seconds, rounded */
static guint
wait_sent (World * w)
{
  gint64 from = p2p_clock_get_time (w->clock);

  g_ptr_array_set_size (w->sent, 0);
  while (w->sent->len == 0)
    p2p_clock_run (w->clock, p2p_clock_get_next (w->clock));
  return (p2p_clock_get_time (w->clock) - from + P2P_SECOND / 2) / P2P_SECOND;
}

#define REPLY "{\"complete\":1,\"incomplete\":2,\"action\":\"announce\"," \
    "\"interval\":120}"

/* --- */

static void
test_text (void)
{
  World *w = world_new ();
  P2pWtMessage message;
  P2pWtId a, b;
  g_autofree char *sdp = NULL;
  const char *text;

  run (w, 1000 * P2P_SECOND);
  g_assert_cmpuint (w->sent->len, ==, 0);
  go_online (w);
  g_assert_cmpuint (w->sent->len, ==, 1);
  text = w->sent->pdata[0];
  g_assert_true (g_str_has_prefix (text, "{\"numwant\":2,\"uploaded\":0,"
          "\"downloaded\":0,\"event\":\"started\",\"action\":\"announce\","
          "\"peer_id\":" OWN ",\"info_hash\":" HASH ",\"offers\":[{\"offer\":"
          "{\"type\":\"offer\",\"sdp\":\"offer "));
  g_assert_true (p2p_wt_message_read (&message, text, strlen (text)));
  g_assert_cmpuint (message.n_offers, ==, 2);
  sdp = p2p_wt_dup_sdp (&message.offers[1].offer);
  g_assert_true (g_str_has_prefix (sdp, "offer "));
  g_assert_true (p2p_wt_id_read (&a, &message.offers[0].offer_id));
  g_assert_true (p2p_wt_id_read (&b, &message.offers[1].offer_id));
  g_assert_false (p2p_wt_id_equal (&a, &b));

  say (w, REPLY);
  g_assert_cmpuint (w->n_announced, ==, 1);
  g_assert_cmpuint (w->n_viewers, ==, 3);
  g_assert_cmpuint (wait_sent (w), ==, 120);
  g_assert_null (strstr (w->sent->pdata[0], "\"event\""));
  g_assert_nonnull (strstr (w->sent->pdata[0], "\"offers\":[{"));
  say (w, REPLY);
  g_assert_cmpuint (w->n_announced, ==, 1);
  g_clear_pointer (&w->announce, p2p_wt_announce_free);
  g_assert_cmpstr (w->sent->pdata[1], ==, "{\"uploaded\":0,\"downloaded\":0,"
      "\"event\":\"stopped\",\"action\":\"announce\",\"peer_id\":" OWN
      ",\"info_hash\":" HASH "}");
  g_assert_cmpuint (w->sent->len, ==, 2);
  world_free (w);
}

static void
test_answer (void)
{
  World *w = world_new ();
  P2pWtMessage message;
  const char *text;

  go_online (w);
  say (w, "{\"action\":\"scrape\",\"offer\":{\"sdp\":\"x\"},\"offer_id\":1,"
      "\"peer_id\":\"12345678901234567890\"}");
  g_ptr_array_set_size (w->sent, 0);
  say (w, "{\"action\":\"announce\",\"offer\":{\"sdp\":\"x\"},\"offer_id\":"
      "\"\\u0041\\u0000\",\"peer_id\":\"1\\u000034567890123456\xc3\xbf\xc3\xbe"
      "90\"}");
  run (w, 0);
  g_assert_cmpuint (w->sent->len, ==, 1);
  text = w->sent->pdata[0];
  g_assert_nonnull (strstr (text, "\"answer\":{\"type\":\"answer\",\"sdp\":"
          "\"answer "));
  g_assert_nonnull (strstr (text, "\"offer_id\":\"\\u0041\\u0000\","
          "\"peer_id\":" OWN ",\"to_peer_id\":\"1\\u000034567890123456\xc3\xbf"
          "\xc3\xbe" "90\",\"info_hash\":" HASH "}"));
  g_assert_true (p2p_wt_message_read (&message, text, strlen (text)));
  g_assert_cmpint (message.event, ==, P2P_WT_EVENT_NONE);
  world_free (w);
}

static const struct
{
  const char *reply;
  guint seconds;
} intervals[] = {
  /* *INDENT-OFF* */
  { "\"interval\":20", 20 },
  { "\"interval\":20,\"min interval\":60", 60 },
  { "\"interval\":60,\"min interval\":20", 60 },
  { "\"min interval\":40", 40 },
  { "\"failure reason\":null,\"offer\":null,\"answer\":null,"
    "\"interval\":20", 20 },
  { "\"interval\":0", 30 }, { "\"interval\":-5,\"complete\":0", 30 },
  { "\"complete\":0", 30 }, { "\"interval\":\"20\",\"complete\":0", 30 },
  { "\"interval\":1", 10 }, { "\"interval\":0.1,\"min interval\":1", 10 },
  { "\"interval\":9007199254740991", 3600 },
  { "\"interval\":20,\"min interval\":1e15", 3600 },
  { "\"interval\":1e300,\"complete\":9007199254740991", 30 },
  /* *INDENT-ON* */
};

static void
test_intervals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++) {
    World *w = world_new ();
    g_autofree char *text = g_strdup_printf ("{\"action\":\"announce\",%s}",
        intervals[i].reply);

    g_test_message ("%s", text);
    go_online (w);
    say (w, text);
    g_assert_cmpuint (w->n_announced, ==, 1);
    g_assert_cmpuint (wait_sent (w), ==, intervals[i].seconds);
    world_free (w);
  }
}

/* A tracker that goes on telling does not hurry us. */
static void
test_flood (void)
{
  World *w = world_new ();

  go_online (w);
  for (guint i = 0; i < 1000; i++) {
    say (w,
        "{\"action\":\"announce\",\"interval\":1,\"warning message\":\"x\"}");
    run (w, P2P_SECOND / 10);
  }
  g_assert_cmpuint (w->sent->len, ==, 11);
  g_assert_cmpuint (w->n_announced, ==, 1);
  g_assert_cmpuint (w->n_warnings, ==, 11);
  world_free (w);
}

/* Nothing but a reply is one. */
static void
test_no_reply (void)
{
  World *w = world_new ();

  go_online (w);
  say (w, "{}");
  say (w, "{\"action\":\"announce\"}");
  say (w, "{\"action\":\"scrape\",\"complete\":1}");
  say (w, "{\"action\":7,\"interval\":1}");
  say (w, "{\"action\":\"announce\",\"answer\":{},\"interval\":1}");
  g_assert_cmpuint (w->n_announced, ==, 0);
  g_assert_false (p2p_wt_announce_is_taken (w->announce));
  world_free (w);
}

static void
test_silent (void)
{
  World *w = world_new ();

  go_online (w);
  g_assert_cmpuint (wait_sent (w), ==, 30);
  g_assert_nonnull (strstr (w->sent->pdata[0], "\"started\""));
  run (w, 29 * P2P_SECOND);
  g_assert_cmpuint (w->n_silent, ==, 0);
  run (w, P2P_SECOND);
  g_assert_cmpuint (w->n_silent, ==, 1);
  run (w, 1000 * P2P_SECOND);
  g_assert_cmpuint (w->sent->len, ==, 1);

  /* Another way */
  p2p_wt_announce_set_online (w->announce, FALSE);
  go_online (w);
  say (w, REPLY);
  g_assert_true (p2p_wt_announce_is_taken (w->announce));
  wait_sent (w);
  say (w, REPLY);
  wait_sent (w);
  wait_sent (w);
  say (w, REPLY);
  wait_sent (w);
  g_assert_cmpuint (w->n_silent, ==, 1);
  world_free (w);
}

static void
test_offline (void)
{
  World *w = world_new ();

  go_online (w);
  say (w, REPLY);
  p2p_wt_announce_set_online (w->announce, FALSE);
  g_assert_false (p2p_wt_announce_is_taken (w->announce));
  g_ptr_array_set_size (w->sent, 0);
  say (w, REPLY);
  run (w, 1000 * P2P_SECOND);
  g_assert_cmpuint (w->sent->len, ==, 0);

  /* Gone while offers are gathered */
  p2p_wt_announce_set_online (w->announce, TRUE);
  p2p_clock_run (w->clock, p2p_clock_get_time (w->clock));
  g_ptr_array_set_size (w->sent, 0);
  p2p_wt_announce_set_online (w->announce, FALSE);
  go_online (w);
  g_assert_cmpuint (w->sent->len, ==, 1);
  g_assert_nonnull (strstr (w->sent->pdata[0], "\"started\""));
  say (w, REPLY);
  g_assert_cmpuint (w->n_announced, ==, 2);
  p2p_wt_announce_set_online (w->announce, FALSE);
  g_clear_pointer (&w->announce, p2p_wt_announce_free);
  g_assert_cmpuint (w->sent->len, ==, 1);
  world_free (w);
}

/* Offers that never come do not keep us from being found. */
static void
test_no_offers (void)
{
  World *w = world_new ();

  w->connector->mute = TRUE;
  p2p_wt_announce_set_online (w->announce, TRUE);
  g_assert_cmpuint (wait_sent (w), ==, P2P_WT_GATHER / P2P_SECOND);
  g_assert_nonnull (strstr (w->sent->pdata[0], "\"offers\":[]"));
  g_assert_nonnull (strstr (w->sent->pdata[0], "\"numwant\":0"));
  /* Left before it was announced: nobody is told. */
  p2p_wt_announce_set_online (w->announce, FALSE);
  p2p_wt_announce_set_online (w->announce, TRUE);
  g_ptr_array_set_size (w->sent, 0);
  g_clear_pointer (&w->announce, p2p_wt_announce_free);
  g_assert_cmpuint (w->sent->len, ==, 0);
  world_free (w);
}

static void
test_failure (void)
{
  World *w = world_new ();
  guint before = 0;

  go_online (w);
  for (guint i = 0; i < 12; i++) {
    guint seconds;

    say (w, i % 2 ? "{\"failure reason\":\"invalid info_hash\"}"
        : "{\"action\":\"announce\",\"failure reason\":\"invalid info_hash\"}");
    g_assert_true (p2p_wt_announce_is_refused (w->announce));
    seconds = wait_sent (w);
    g_assert_cmpuint (seconds, >=, P2P_WT_RETRY / P2P_SECOND / 2);
    g_assert_cmpuint (seconds, <=, MIN (P2P_WT_RETRY_MAX, P2P_WT_RETRY << i)
        / P2P_SECOND * 1.5);
    g_assert_nonnull (strstr (w->sent->pdata[0], "\"started\""));
    g_assert_false (p2p_wt_announce_is_refused (w->announce));
    if (i > 8)
      g_assert_cmpuint (seconds, >=, P2P_WT_RETRY_MAX / P2P_SECOND / 2);
    before += seconds;
  }
  g_assert_cmpuint (before, >=, P2P_WT_RETRY_MAX / P2P_SECOND * 2);
  g_assert_cmpuint (w->n_warnings, ==, 12);
  g_assert_cmpuint (w->n_announced, ==, 0);
  g_assert_nonnull (strstr (w->warning, "invalid info_hash"));
  say (w, REPLY);
  g_assert_cmpuint (w->n_announced, ==, 1);

  /* When nobody asked it is only words. */
  say (w, "{\"action\":\"announce\",\"failure reason\":7}");
  run (w, 0);
  g_assert_cmpuint (w->n_warnings, ==, 13);
  g_assert_true (p2p_wt_announce_is_taken (w->announce));
  g_assert_cmpuint (wait_sent (w), ==, 120);

  /* … and with an interval it is not sooner than that. */
  say (w,
      "{\"action\":\"announce\",\"failure reason\":\"x\",\"interval\":999}");
  g_assert_cmpuint (wait_sent (w), ==, 999);
  world_free (w);
}

static void
test_words (void)
{
  World *w = world_new ();
  g_autofree char *many = g_strnfill (5000, 'y');
  g_autofree char *text = g_strdup_printf ("{\"action\":\"announce\","
      "\"interval\":120,\"warning message\":\"%s\"}", many);

  go_online (w);
  say (w, "{\"action\":\"announce\",\"interval\":120,\"warning message\":"
      "\"a\\nb\\u0000c\xe2\x82\xac\"}");
  g_assert_cmpuint (w->n_announced, ==, 1);
  g_assert_cmpuint (w->n_warnings, ==, 0);
  run (w, 0);
  g_assert_cmpuint (w->n_warnings, ==, 1);
  g_assert_cmpstr (w->warning, ==, "The tracker warns: a?b?c\xe2\x82\xac");
  say (w, text);
  run (w, P2P_WT_WORDS_PAUSE - 1);
  g_assert_cmpuint (w->n_warnings, ==, 1);
  run (w, 1);
  g_assert_cmpuint (w->n_warnings, ==, 2);
  g_assert_cmpuint (strlen (w->warning), <, 300);
  world_free (w);
}

static void
test_tracker_id (void)
{
  World *w = world_new ();
  g_autofree char *many = g_strnfill (P2P_WT_MAX_TRACKER_ID, 'y');
  g_autofree char *text = g_strdup_printf ("{\"action\":\"announce\","
      "\"interval\":120,\"tracker id\":\"%s\"}", many);

  go_online (w);
  g_assert_null (strstr (w->sent->pdata[0], "trackerid"));
  say (w, "{\"action\":\"announce\",\"interval\":120,\"tracker id\":"
      "\"\\u0000\\\"\xc3\xbf\"}");
  wait_sent (w);
  g_assert_nonnull (strstr (w->sent->pdata[0],
          "\"trackerid\":\"\\u0000\\\"\xc3\xbf\""));
  say (w, text);
  wait_sent (w);
  say (w, "{\"action\":\"announce\",\"interval\":120,\"tracker id\":{}}");
  wait_sent (w);
  g_assert_nonnull (strstr (w->sent->pdata[0],
          "\"trackerid\":\"\\u0000\\\"\xc3\xbf\""));
  world_free (w);
}

static void
test_leave (void)
{
  static const char *const texts[] = {
    REPLY,
    "{\"failure reason\":\"x\"}",
    "{\"action\":\"announce\",\"interval\":9,\"warning message\":\"x\","
        "\"tracker id\":\"x\"}",
    "{}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    World *w = world_new ();

    w->leave = TRUE;
    go_online (w);
    say (w, texts[i]);
    run (w, 100 * P2P_SECOND);
    g_assert_null (w->announce);
    g_assert_nonnull (strstr (w->sent->pdata[w->sent->len - 1], "stopped"));
    world_free (w);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wtannounce/intervals", test_intervals);
  g_test_add_func ("/wtannounce/flood", test_flood);
  g_test_add_func ("/wtannounce/no-reply", test_no_reply);
  g_test_add_func ("/wtannounce/silent", test_silent);
  g_test_add_func ("/wtannounce/failure", test_failure);
  g_test_add_func ("/wtannounce/words", test_words);
  g_test_add_func ("/wtannounce/tracker-id", test_tracker_id);
  g_test_add_func ("/wtannounce/text", test_text);
  g_test_add_func ("/wtannounce/answer", test_answer);
  g_test_add_func ("/wtannounce/offline", test_offline);
  g_test_add_func ("/wtannounce/no-offers", test_no_offers);
  g_test_add_func ("/wtannounce/leave", test_leave);
  return g_test_run ();
}
