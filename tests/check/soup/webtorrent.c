/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The client of WebTorrent trackers, against one in the same process.
 */

#include "p2psoupwebtorrent.h"

#include <string.h>

#include "p2perror.h"
#include "p2psoupsocket.h"
#include "wttracker.h"

/* --- a client --- */

#define N_SWARMS 3

typedef struct _Client Client;

typedef struct
{
  Client *client;
  P2pWtDialer *dialer;
  P2pSoupWebtorrentSwarm *swarm;
  GPtrArray *peers;
  guint n_announced, n_peers, n_warnings, n_errors;
  char *warning;
} Swarm;

struct _Client
{
  WtTracker *tracker;
  GRand *rand;
  FakeConnector *connector;
  P2pSoupWebtorrent *webtorrent;
  Swarm swarms[N_SWARMS];
  char leave;                   /* in 'a'nnounced, 'w'arning, 'e'rror */
  gboolean quit;                /* … and free it */
};

static P2pPeer *
make_peer (const char *peer_id, P2pChannel * channel, gpointer user_data)
{
  Swarm *swarm = user_data;

  return fake_peer_new_over (swarm->client->tracker->world->clock, channel,
      peer_id);
}

static void
on_connected (P2pPeer * peer, gpointer user_data)
{
  g_ptr_array_add (((Swarm *) user_data)->peers, g_object_ref (peer));
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

static void
client_quit (Client * self)
{
  g_clear_pointer (&self->webtorrent, p2p_soup_webtorrent_free);
  for (guint i = 0; i < N_SWARMS; i++)
    self->swarms[i].swarm = NULL;
}

static void
swarm_leave (Swarm * self)
{
  if (self->swarm)
    p2p_soup_webtorrent_leave (g_steal_pointer (&self->swarm));
}

static void
leave (Swarm * swarm, char now)
{
  Client *client = swarm->client;

  g_assert_nonnull (swarm->swarm);
  if (client->leave != now)
    return;
  if (client->quit) {
    client_quit (client);
    return;
  }
  /* All, those who are to be told next too */
  for (guint i = 0; i < N_SWARMS; i++)
    swarm_leave (&client->swarms[i]);
}

static void
on_announced (guint n_peers, gpointer user_data)
{
  Swarm *self = user_data;

  self->n_announced++;
  self->n_peers = n_peers;
  leave (self, 'a');
}

static void
on_warning (const char *text, gpointer user_data)
{
  Swarm *self = user_data;

  self->n_warnings++;
  g_free (self->warning);
  self->warning = g_strdup (text);
  leave (self, 'w');
}

static void
on_error (const GError * error, gpointer user_data)
{
  Swarm *self = user_data;

  g_assert_error (error, P2P_ERROR, P2P_ERROR_URI);
  self->n_errors++;
  leave (self, 'e');
}

static const P2pSoupWebtorrentEvents events = {
  on_announced,
  on_warning,
  on_error,
};

/* Its swarms are those of all clients. number: tells them apart, 0 to 255 */
static Client *
client_new (WtTracker * tracker, const char *url, guint8 number)
{
  Client *self = g_new0 (Client, 1);
  SnWorld *world = tracker->world;

  self->tracker = tracker;
  self->rand = g_rand_new_with_seed (number);
  self->connector = fake_connector_new (world->clock);
  self->webtorrent = p2p_soup_webtorrent_new (world->clock, self->rand,
      url ? url : tracker->url);
  for (guint i = 0; i < N_SWARMS; i++) {
    P2pWtId hash = { "\0\x01\xff\"\\/\x7f\x80\n swarm----" };
    P2pWtId own = { "-PM\0\xe9\"\\----------" };

    hash.bytes[19] = i;
    own.bytes[18] = i;
    own.bytes[19] = number;
    self->swarms[i].client = self;
    self->swarms[i].peers = g_ptr_array_new_with_free_func (g_object_unref);
    self->swarms[i].dialer = p2p_wt_dialer_new (world->clock, self->rand,
        P2P_CONNECTOR (self->connector), &hash, &own, 25, &dialer_events,
        &self->swarms[i]);
  }
  return self;
}

static void
client_join (Client * self, guint i)
{
  self->swarms[i].swarm = p2p_soup_webtorrent_join (self->webtorrent,
      self->swarms[i].dialer, 2, &events, &self->swarms[i]);
}

static void
client_free (Client * self)
{
  client_quit (self);
  for (guint i = 0; i < N_SWARMS; i++) {
    p2p_wt_dialer_free (self->swarms[i].dialer);
    g_ptr_array_unref (self->swarms[i].peers);
    g_free (self->swarms[i].warning);
  }
  sn_world_settle (self->tracker->world);
  g_assert_finalize_object (self->connector);
  g_rand_free (self->rand);
  g_free (self);
}

/* One that is in the first swarm. */
static Client *
client_new_open (WtTracker * tracker, guint8 number)
{
  Client *self = client_new (tracker, NULL, number);

  client_join (self, 0);
  sn_wait (tracker->world, self->swarms[0].n_announced == 1);
  return self;
}

static void
check_state (Client * self, const char *name)
{
  P2pSignallerStats stats = { 0 };

  p2p_soup_webtorrent_get_stats (self->swarms[0].swarm, &stats);
  g_assert_cmpstr (p2p_signaller_state_get_name (stats.state), ==, name);
  g_assert_true (g_str_has_prefix (stats.peer_id, "-PM%00%E9\"\\-"));
  if (stats.trouble && self->swarms[0].warning)
    g_assert_cmpstr (stats.trouble, ==, self->swarms[0].warning);
}

/* --- */

static void
test_two (void)
{
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  Client *a = client_new_open (tracker, 0);
  Client *b = client_new_open (tracker, 255);
  P2pSignallerStats stats = { 0 };

  g_assert_cmpuint (a->swarms[0].n_peers, ==, 0);
  g_assert_cmpuint (b->swarms[0].n_peers, ==, 1);
  sn_wait (world, a->swarms[0].peers->len == 1 && b->swarms[0].peers->len == 1);
  g_assert_cmpstr (p2p_peer_get_id (a->swarms[0].peers->pdata[0]), ==,
      "-PM%00%E9\"\\----------%00%00%FF");
  p2p_soup_webtorrent_get_stats (b->swarms[0].swarm, &stats);
  g_assert_cmpstr (stats.tracker, ==, tracker->url);
  g_assert_cmpstr (stats.peer_id, ==,
      p2p_peer_get_id (a->swarms[0].peers->pdata[0]));
  g_assert_cmpuint (stats.n_peers, ==, 1);
  check_state (b, "connected");
  g_assert_cmpuint (sn_count (tracker->log->str, "\"started\""), ==, 2);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"to_peer_id\""), ==, 1);
  g_assert_true (g_str_has_prefix (tracker->user_agent, "GStreamer p2phlssrc"));

  wt_tracker_clear (tracker);
  sn_world_run (world, 239);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"offers\":[{"), ==, 2);
  g_assert_null (strstr (tracker->log->str, "\"event\""));
  g_assert_cmpuint (tracker->n_opened, ==, 2);
  /* Nobody connects to whom there is a connection already. */
  g_assert_cmpuint (a->swarms[0].peers->len, ==, 1);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"to_peer_id\""), ==, 0);
  client_free (a);
  client_free (b);
  wt_tracker_free (tracker);
}

/* All swarms over one socket, and it is closed when the last one leaves. */
static void
test_swarms (void)
{
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  Client *a = client_new_open (tracker, 1), *b = client_new (tracker, NULL, 2);

  for (guint i = 0; i < N_SWARMS; i++)
    client_join (b, i);
  client_join (a, 2);
  sn_wait (world, a->swarms[0].peers->len == 1
      && a->swarms[2].peers->len == 1 && b->swarms[0].peers->len == 1
      && b->swarms[2].peers->len == 1 && b->swarms[1].n_announced == 1);
  g_assert_cmpuint (tracker->n_opened, ==, 2);
  g_assert_cmpuint (b->swarms[1].peers->len, ==, 0);

  wt_tracker_clear (tracker);
  swarm_leave (&b->swarms[0]);
  swarm_leave (&b->swarms[1]);
  sn_world_settle (world);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"stopped\""), ==, 2);
  g_assert_cmpuint (tracker->sockets->len, ==, 2);
  swarm_leave (&b->swarms[2]);
  sn_wait (world, tracker->sockets->len == 1);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"stopped\""), ==, 3);
  g_assert_cmpstr (tracker->closed->str, ==, "1000\n");
  /* Whoever is connected stays so, and it may come back. */
  g_assert_cmpuint (b->swarms[0].peers->len, ==, 1);
  client_join (b, 1);
  sn_wait (world, b->swarms[1].n_announced == 2);
  client_free (a);
  client_free (b);
  wt_tracker_free (tracker);
}

static void
test_broken (void)
{
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  Client *a = client_new_open (tracker, 1), *b = client_new_open (tracker, 2);

  client_join (a, 1);
  sn_wait (world, a->swarms[0].peers->len == 1
      && a->swarms[1].n_announced == 1);
  wt_tracker_stop (tracker);
  sn_wait (world, a->swarms[0].n_warnings == 1 && a->swarms[1].n_warnings == 1);
  g_assert_nonnull (strstr (a->swarms[0].warning, "closed the connection"));
  check_state (a, "waiting");

  /* Down for an hour: later and later, and not all at the same time */
  sn_world_run (world, 3600);
  g_assert_cmpuint (a->swarms[0].n_warnings, >=, 8);
  g_assert_cmpuint (a->swarms[0].n_warnings, <=, 20);
  g_assert_cmpuint (a->swarms[1].n_warnings, ==, a->swarms[0].n_warnings);
  g_assert_cmpuint (a->swarms[0].peers->len, ==, 1);

  /* Leaving and joining does not hurry it. */
  a->swarms[0].n_warnings = 0;
  for (guint i = 0; i < 100; i++) {
    swarm_leave (&a->swarms[0]);
    swarm_leave (&a->swarms[1]);
    client_join (a, 0);
    client_join (a, 1);
    sn_world_run (world, 1);
  }
  g_assert_cmpuint (a->swarms[0].n_warnings, <=, 1);

  wt_tracker_start (tracker);
  wt_tracker_clear (tracker);
  sn_world_run (world, 1000);
  g_assert_cmpuint (tracker->n_opened, ==, 4);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"started\""), ==, 3);
  check_state (a, "connected");
  client_free (a);
  client_free (b);
  wt_tracker_free (tracker);
}

/* A tracker that takes everybody in and throws them out at once. */
static void
test_hang_up (void)
{
  WtTracker *tracker = wt_tracker_new ();
  Client *client = client_new (tracker, NULL, 1);

  tracker->hang_up = TRUE;
  client_join (client, 0);
  check_state (client, "announcing");
  sn_world_run (tracker->world, 3600);
  g_assert_cmpuint (tracker->n_opened, >=, 8);
  g_assert_cmpuint (tracker->n_opened, <=, 20);
  g_assert_cmpuint (client->swarms[0].n_warnings, ==, tracker->n_opened);
  check_state (client, "waiting");
  client_free (client);
  wt_tracker_free (tracker);
}

/* One that is no tracker, and ones that never say anything */
static void
test_silent (void)
{
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  g_autofree char *other = g_strdup_printf ("ws://127.0.0.1:%u/other",
      world->server->port);
  Client *a = client_new (tracker, NULL, 1), *b = client_new (tracker, other,
      2);

  tracker->silent = TRUE;
  client_join (a, 0);
  client_join (b, 0);
  sn_world_run (world, 1);
  g_assert_cmpuint (b->swarms[0].n_warnings, ==, 1);
  g_assert_nonnull (strstr (b->swarms[0].warning, "opened no WebSocket (200 "));
  check_state (a, "announcing");
  sn_world_run (world, 60);
  g_assert_cmpuint (sn_count (tracker->log->str, "\"started\""), ==, 2);
  g_assert_cmpuint (a->swarms[0].n_warnings, ==, 1);
  g_assert_nonnull (strstr (a->swarms[0].warning, "does not reply"));
  check_state (a, "waiting");
  tracker->silent = FALSE;
  sn_world_run (world, 20);
  g_assert_cmpuint (a->swarms[0].n_announced, ==, 1);

  world->server->silent = TRUE;
  b->swarms[0].n_warnings = 0;
  sn_world_run (world, 400);
  g_assert_nonnull (strstr (b->swarms[0].warning, "did not answer in time"));
  g_assert_cmpuint (b->swarms[0].n_warnings, <=, 6);
  sn_server_answer (world->server);
  client_free (a);
  client_free (b);
  wt_tracker_free (tracker);
}

static void
test_words (void)
{
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  Client *client = client_new (tracker, NULL, 1);

  tracker->reply = "{\"failure reason\":\"go away\"}";
  client_join (client, 0);
  sn_wait (world, client->swarms[0].n_warnings == 1);
  g_assert_nonnull (strstr (client->swarms[0].warning, "go away"));
  check_state (client, "waiting");
  tracker->reply = "{\"action\":\"announce\",\"interval\":40,\"tracker id\":"
      "\"\\u0000x\",\"warning message\":\"be\\u0000ware\"}";
  sn_world_run (world, 46);
  g_assert_cmpuint (client->swarms[0].n_announced, ==, 1);
  check_state (client, "connected");
  g_assert_nonnull (strstr (client->swarms[0].warning, "be?ware"));
  wt_tracker_clear (tracker);
  sn_world_run (world, 79);
  g_assert_nonnull (strstr (tracker->log->str, "\"trackerid\":\"\\u0000x\""));
  g_assert_cmpuint (tracker->n_opened, ==, 1);
  client_free (client);
  wt_tracker_free (tracker);
}

/* --- what strangers send --- */

#define OFFER "\"offer\":{\"type\":\"offer\",\"sdp\":\"offer 1000000\"}," \
    "\"offer_id\":\"12345678901234567890\""
#define FROM "\"peer_id\":\"12345678901234567890\""
#define HASH "\"info_hash\":\"\\u0000\\u0001\xc3\xbf\\\"\\\\/\\u007f\xc2\x80" \
    "\\n swarm----\\u0000\""
#define OWN "\"peer_id\":\"-PM\\u0000\xc3\xa9\\\"\\\\----------\\u0000\\u0000" \
    "\\u0001\""

static void
test_garbage (void)
{
  static const char *const texts[] = {
    "", "{", "[]", "9", "{}", "{\"action\":\"announce\"}",
    "{\"action\":\"announce\",\"info_hash\":\"x\"," FROM "," OFFER "}",
    "{\"action\":\"announce\",\"info_hash\":7," FROM "," OFFER "}",
    "{\"action\":\"announce\",\"info_hash\":\"aaaaaaaaaaaaaaaaaaaa\","
        FROM "," OFFER "}",
    "{\"action\":\"announce\"," HASH "," OWN "," OFFER "}",
    "{\"action\":\"announce\"," HASH "," OFFER "}",
    "{\"action\":\"announce\"," HASH "," FROM ",\"offer\":{}}",
    "{\"action\":\"announce\"," HASH "," FROM ",\"answer\":{\"sdp\":\"x\"}}",
    "{\"action\":\"nothing\"," HASH "," FROM "," OFFER "}",
  };
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  Client *client = client_new_open (tracker, 1);
  g_autofree char *nested = g_strnfill (30000, '[');
  g_autofree char *deep = g_strconcat ("{\"offer\":", nested, NULL);
  guint before = client->connector->connections->len;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    wt_tracker_say (tracker, texts[i]);
  wt_tracker_say (tracker, deep);
  soup_websocket_connection_send_binary (tracker->sockets->pdata[0],
      "\0\1\2", 3);
  sn_world_settle (world);
  g_assert_cmpuint (client->connector->connections->len, ==, before);
  /* Told once. */
  g_assert_cmpuint (client->swarms[0].n_warnings, ==, 1);
  g_assert_nonnull (strstr (client->swarms[0].warning, "no sense"));
  wt_tracker_say (tracker, "{\"action\":\"announce\"," HASH "," FROM "," OFFER
      "}");
  sn_wait (world, client->connector->connections->len == before + 1);
  g_assert_cmpuint (tracker->n_opened, ==, 1);
  client_free (client);
  wt_tracker_free (tracker);
}

static void
test_flood (void)
{
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  Client *client = client_new_open (tracker, 1);

  for (guint i = 0; i < P2P_SOUP_SOCKET_MAX_MESSAGES + 1; i++) {
    g_autofree char *text = g_strdup_printf ("{\"action\":\"announce\"," HASH
        "," OFFER ",\"peer_id\":\"%020u\"}", i);

    wt_tracker_say (tracker, text);
  }
  sn_wait (world, client->swarms[0].n_warnings == 1);
  g_assert_nonnull (strstr (client->swarms[0].warning, "too many"));
  g_assert_cmpuint (client->connector->connections->len, <=, 25 + 2);
  sn_world_run (world, 20);
  g_assert_cmpuint (client->swarms[0].n_announced, ==, 2);
  client_free (client);
  wt_tracker_free (tracker);
}

/* As long as may be, and longer, which ends the connection for a while */
static void
test_huge (void)
{
  WtTracker *tracker = wt_tracker_new ();
  SnWorld *world = tracker->world;
  Client *client = client_new_open (tracker, 1);
  GString *text = g_string_new ("{\"action\":\"announce\",\"interval\":50,"
      "\"warning message\":\"x\"," HASH "}");

  while (text->len < P2P_WT_MAX_SIZE)
    g_string_append_c (text, ' ');
  wt_tracker_say (tracker, text->str);
  sn_wait (world, client->swarms[0].n_warnings == 1);
  g_assert_nonnull (strstr (client->swarms[0].warning, "The tracker warns"));
  g_string_append_c (text, ' ');
  wt_tracker_say (tracker, text->str);
  sn_wait (world, client->swarms[0].n_warnings == 2);
  sn_world_run (world, 20);
  g_assert_cmpuint (client->swarms[0].n_announced, ==, 2);
  client_free (client);
  wt_tracker_free (tracker);
  g_string_free (text, TRUE);
}

/* --- leaving --- */

static void
check_leave (char when, gboolean quit, const char *reply)
{
  WtTracker *tracker = wt_tracker_new ();
  Client *client = client_new (tracker, NULL, 1);

  client->leave = when;
  client->quit = quit;
  tracker->reply = reply;
  for (guint i = 0; i < N_SWARMS; i++)
    client_join (client, i);
  while (client->swarms[0].swarm) {
    if (when == 'w' && !reply && tracker->sockets->len > 0)
      wt_tracker_stop (tracker);
    sn_world_settle (tracker->world);
  }
  sn_world_run (tracker->world, 100);
  client_free (client);
  wt_tracker_free (tracker);
}

static void
test_leave_inside (void)
{
  const char *refused = "{\"failure reason\":\"x\"}";

  for (guint quit = 0; quit < 2; quit++) {
    check_leave ('a', quit, NULL);
    check_leave ('w', quit, NULL);
    check_leave ('w', quit, refused);
    check_leave ('w', quit, "{");
  }
}

/* Leaves after so many rounds of the context, whatever happens then. */
static void
test_leave_any_time (void)
{
  for (guint rounds = 0; rounds < 40; rounds++) {
    WtTracker *tracker = wt_tracker_new ();
    SnWorld *world = tracker->world;
    Client *a = client_new_open (tracker, 1);
    Client *b = client_new (tracker, NULL, 2);

    client_join (b, 0);
    for (guint i = 0; i < rounds; i++) {
      p2p_clock_run (world->clock, p2p_clock_get_time (world->clock));
      g_main_context_iteration (world->context, FALSE);
    }
    client_free (b);
    sn_world_settle (world);
    g_assert_cmpuint (tracker->sockets->len, ==, 1);
    client_free (a);
    wt_tracker_free (tracker);
  }
}

static void
test_bad_urls (void)
{
  static const char *const urls[] = {
    "", "ws", "ws:", "ws://", "ws:///wt", "wss", "udp://127.0.0.1:1/wt",
    "wsx://127.0.0.1/", "//127.0.0.1/", "ws://[::1/", "ws://a:99999/",
  };
  WtTracker *tracker = wt_tracker_new ();

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    Client *client = client_new (tracker, urls[i], 1);

    client->quit = i % 2;
    client_join (client, 0);
    g_assert_cmpuint (client->swarms[0].n_errors, ==, 0);
    sn_world_run (tracker->world, 100);
    g_assert_cmpuint (client->swarms[0].n_errors, ==, 1);
    check_state (client, "failed");
    client->leave = 'e';
    client_join (client, 1);
    sn_world_run (tracker->world, 1);
    client_free (client);
  }
  wt_tracker_free (tracker);
}

static void
test_options (void)
{
  WtTracker *tracker = wt_tracker_new ();
  g_autofree char *proxy = g_strdup_printf ("http://127.0.0.1:%u",
      tracker->world->server->port);
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();
  Client *client;

  g_free (options->user_agent);
  options->user_agent = g_strdup ("me");
  client = client_new (tracker, NULL, 1);
  p2p_soup_webtorrent_set_options (client->webtorrent, options);
  client_join (client, 0);
  sn_wait (tracker->world, client->swarms[0].n_announced == 1);
  g_assert_cmpstr (tracker->user_agent, ==, "me");
  client_free (client);

  /* A proxy takes what is for another host. */
  g_free (options->proxy);
  options->proxy = g_strdup (proxy);
  client = client_new (tracker, "ws://tracker.invalid/wt", 1);
  p2p_soup_webtorrent_set_options (client->webtorrent, options);
  client_join (client, 0);
  sn_wait (tracker->world, client->swarms[0].n_announced == 1);
  client_free (client);
  wt_tracker_free (tracker);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/webtorrent/garbage", test_garbage);
  g_test_add_func ("/webtorrent/flood", test_flood);
  g_test_add_func ("/webtorrent/huge", test_huge);
  g_test_add_func ("/webtorrent/silent", test_silent);
  g_test_add_func ("/webtorrent/hang-up", test_hang_up);
  g_test_add_func ("/webtorrent/broken", test_broken);
  g_test_add_func ("/webtorrent/words", test_words);
  g_test_add_func ("/webtorrent/bad-urls", test_bad_urls);
  g_test_add_func ("/webtorrent/two", test_two);
  g_test_add_func ("/webtorrent/swarms", test_swarms);
  g_test_add_func ("/webtorrent/leave-inside", test_leave_inside);
  g_test_add_func ("/webtorrent/leave-any-time", test_leave_any_time);
  g_test_add_func ("/webtorrent/options", test_options);
  return g_test_run ();
}
