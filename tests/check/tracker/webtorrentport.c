/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * WebTorrent on the tracker's port, beside seed 002, and what the tracker tells of
 * both.
 */

#include "captures.h"
#include "client.h"
#include "p2pjson.h"
#include "p2ptrackerstatus.h"

#include <gio/gio.h>
#include <string.h>

#define HASH "hhhhhhhhhhhhhhhhhhhh"
#define PEER "pppppppppppppppppppp"
#define ANNOUNCE "{\"action\":\"announce\",\"info_hash\":\"" HASH "\"," \
    "\"peer_id\":\"" PEER "\"}"
#define REPLY "{\"complete\":0,\"incomplete\":%u,\"action\":\"announce\"," \
    "\"interval\":120,\"info_hash\":\"" HASH "\"}"

static gboolean
peers_are (const P2pTrackerStats * stats, guint value)
{
  return stats->webtorrent.peers == value;
}

/* Byte by byte as the tracker that was there said it */
static void
replay (const CapturedFrame * capture)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  Client *browsers[2] = { NULL };
  P2pTrackerStats stats;

  for (const CapturedFrame * frame = capture; frame->kind; frame++) {
    Client **browser = &browsers[frame->browser];

    if (!*browser)
      *browser = socket_new (server, "/");
    if (frame->kind == CAPTURED_SENT)
      socket_send (*browser, WS_TEXT, frame->text, strlen (frame->text));
    else
      socket_assert_read (*browser, "%s", frame->text);
  }
  for (guint i = 0; i < G_N_ELEMENTS (browsers); i++) {
    socket_send (browsers[i], WS_CLOSE, "\x03\xe9", 2);
    socket_assert_closed (browsers[i], 1001);
    client_free (browsers[i]);
  }
  server_wait (server, peers_are, 0);
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.webtorrent.failed + stats.webtorrent.absent, ==, 0);
  g_assert_cmpuint (stats.webtorrent.swarms, ==, 0);
}

static void
test_captures (void)
{
  replay (capture_master);
  replay (capture_v06);
}

/* Whatever the path and the query are, but for an id. */
static void
test_paths (void)
{
  static const char *const paths[] = { "/", "/announce", "/ws", "/a/b%20c",
    "/?x=1", "/ws?xid=x", "/?ID=x"
  };
  g_autoptr (P2pTrackerServer) server = server_start_default ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (Client) client = socket_new (server, paths[i]);

    socket_say (client, ANNOUNCE);
    socket_assert_read (client, REPLY, 1);
    client_free (g_steal_pointer (&client));
    server_wait (server, peers_are, 0);
  }
}

/* In a binary frame, and in parts */
static void
test_frames (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) client = socket_new (server, "/");
  gsize half = strlen (ANNOUNCE) / 2;

  socket_send (client, WS_BINARY, ANNOUNCE, strlen (ANNOUNCE));
  socket_assert_read (client, REPLY, 1);
  socket_send (client, 0x01, ANNOUNCE, half);
  socket_send (client, 0x80, ANNOUNCE + half, strlen (ANNOUNCE) - half);
  socket_assert_read (client, REPLY, 1);
  socket_send (client, WS_TEXT, "", 0);
  socket_assert_read (client, "{\"failure reason\":\"the message is no JSON "
      "object\",\"action\":\"announce\"}");
}

/* 64 KiB are taken, and one more byte is not. */
static void
test_size (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) fine = socket_new (server, "/");
  g_autoptr (Client) large = socket_new (server, "/");
  g_autofree char *text = g_malloc (P2P_WT_MAX_SIZE + 1);

  memset (text, ' ', P2P_WT_MAX_SIZE + 1);
  memcpy (text, ANNOUNCE, strlen (ANNOUNCE));
  socket_send (large, WS_TEXT, text, P2P_WT_MAX_SIZE + 1);
  socket_assert_closed (large, 1009);
  socket_send (fine, WS_TEXT, text, P2P_WT_MAX_SIZE);
  socket_assert_read (fine, REPLY, 1);
}

/* One that reads what is of the other protocol says that it makes no sense. */
static void
test_beside (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) torrent = socket_new (server, "/");
  g_autoptr (Client) seed = socket_new (server, "/?id=" PEER);
  P2pTrackerStats stats;

  socket_say (torrent, "{\"action\":\"ping\"}");
  socket_assert_read (torrent, "{\"failure reason\":\"invalid action\","
      "\"action\":\"announce\"}");
  socket_say (seed, ANNOUNCE);
  socket_say (seed, "{\"action\":\"ping\"}");
  socket_assert_read (seed, "{\"action\":\"pong\"}");
  socket_say (torrent, ANNOUNCE);
  socket_assert_read (torrent, REPLY, 1);
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.sockets, ==, 2);
  g_assert_cmpuint (stats.webtorrent.sockets, ==, 1);
  g_assert_cmpuint (stats.bad, ==, 1);
}

static void
assert_upgrade (P2pTrackerServer * server, const char *target,
    const char *headers, guint status)
{
  g_autoptr (Client) client = client_new (server);
  g_autoptr (Reply) reply = socket_upgrade (client, target, headers);

  g_test_message ("%s %s", target, headers);
  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, status);
}

static void
test_origins (void)
{
  char *allowed[] = { (char *) "https://site.example",
    (char *) "http://localhost:8080", NULL
  };
  g_autoptr (P2pTrackerServer) server = NULL;
  P2pTrackerConfig config;
  P2pTrackerStats stats;

  server_config (&config);
  config.allowed_origins = allowed;
  server = server_start (&config);
  assert_upgrade (server, "/", "Origin: https://evil.example\r\n", 403);
  assert_upgrade (server, "/", "Origin: http://site.example\r\n", 403);
  assert_upgrade (server, "/", "Origin: https://site.example.evil\r\n", 403);
  assert_upgrade (server, "/", "Origin: null\r\n", 403);
  assert_upgrade (server, "/?id=x", "Origin: https://evil.example\r\n", 403);
  p2p_tracker_server_get_stats (server, &stats);
  g_assert_cmpuint (stats.refused, ==, 5);
  assert_upgrade (server, "/", "Origin: https://site.example\r\n", 101);
  assert_upgrade (server, "/?id=x", "Origin: http://localhost:8080\r\n", 101);
  /* No page */
  assert_upgrade (server, "/", "", 101);
}

static void
test_info_hashes (void)
{
  char *allowed[] = { (char *) PEER, NULL };
  char *bad[] = { (char *) HASH, (char *) "no info hash", NULL };
  g_autoptr (P2pTrackerServer) server = NULL, other = NULL;
  g_autoptr (Client) client = NULL;
  g_autoptr (GError) error = NULL;
  P2pTrackerConfig config;

  server_config (&config);
  config.allowed_info_hashes = bad;
  other = p2p_tracker_server_new (&config);
  g_assert_false (p2p_tracker_server_start (other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "no info hash"));
  config.allowed_info_hashes = allowed;
  config.announce_interval = 7;
  server = server_start (&config);
  client = socket_new (server, "/");
  socket_say (client, ANNOUNCE);
  socket_assert_read (client,
      "{\"failure reason\":\"this tracker does not serve "
      "that info_hash\",\"action\":\"announce\",\"info_hash\":\"" HASH "\"}");
  socket_say (client,
      "{\"action\":\"announce\",\"info_hash\":\"" PEER "\"," "\"peer_id\":\""
      PEER "\"}");
  socket_assert_read (client,
      "{\"complete\":0,\"incomplete\":1,\"action\":"
      "\"announce\",\"interval\":7,\"info_hash\":\"" PEER "\"}");
}

/* A WebSocket that is cut off takes its peers along. */
static void
test_cut (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) other = socket_new (server, "/");

  for (guint i = 0; i < 10; i++) {
    Client *client = socket_new (server, "/");

    socket_say (client, ANNOUNCE);
    socket_assert_read (client, REPLY, 1);
    client_free (client);
    server_wait (server, peers_are, 0);
    socket_say (other, "{\"action\":\"scrape\"}");
    socket_assert_read (other, "{\"action\":\"scrape\",\"files\":{}}");
  }
}

/* --- what is told --- */

static void
assert_figure (P2pJson * json, const char *part, const char *name,
    gint64 expected)
{
  P2pJson *object = p2p_json_get_object (json, part);
  gint64 value;

  g_assert_nonnull (object);
  g_assert_true (p2p_json_get_int64 (object, name, &value));
  g_assert_cmpint (value, ==, expected);
}

static void
test_stats (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Client) client = socket_new (server, "/");
  g_autoptr (P2pJson) json = NULL;
  g_autoptr (Reply) reply = NULL;
  g_autofree char *id = NULL;

  socket_say (client, ANNOUNCE);
  socket_assert_read (client, REPLY, 1);
  id = announce (server, "a%22%3Cb%3E%C3%A9");
  reply = request (server, "GET", "/stats.json", NULL, NULL);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply_get (reply, "content-type"), ==, P2P_TRACKER_JSON);
  json = p2p_json_parse (reply->body, strlen (reply->body), G_MAXSIZE);
  g_assert_nonnull (json);
  assert_figure (json, "webtorrent", "swarms", 1);
  assert_figure (json, "webtorrent", "peers", 1);
  assert_figure (json, "webtorrent", "sockets", 1);
  assert_figure (json, "webtorrent", "announces", 1);
  assert_figure (json, "signalling", "swarms", 1);
  assert_figure (json, "signalling", "peers", 1);
  assert_figure (json, "signalling", "requests", 1);
  g_assert_nonnull (strstr (reply->body, "\"largest\":[{\"info_hash\":"
          "\"6868686868686868686868686868686868686868\",\"complete\":0,"
          "\"incomplete\":1}]"));
  g_assert_nonnull (strstr (reply->body, "\"largest\":[{\"info_hash\":"
          "\"a\\\"<b>\xc3\xa9\",\"peers\":1,\"source_kb\":0,\"p2p_kb\":0}]"));
}

/* The largest are told, the largest first, and a long name in part. */
static void
test_largest (void)
{
  g_autoptr (P2pTrackerServer) server = NULL;
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *text = NULL;
  P2pTrackerConfig config;
  guint n = 0;

  server_config (&config);
  config.max_requests_per_second = 1000;
  server = server_start (&config);
  for (guint i = 0; i < P2P_TRACKER_STATUS_SWARMS + 5; i++) {
    g_autofree char *info_hash = g_strdup_printf ("swarm%u", i);

    g_free (announce (server, info_hash));
  }
  /* An end in the middle of a character */
  for (guint i = 0; i < P2P_TRACKER_STATUS_INFO_HASH; i++)
    g_string_append (name, i == 0 ? "x" : "%C3%A9");
  g_free (announce (server, name->str));
  g_free (announce (server, name->str));
  text = get (server, "/stats.json");
  for (const char *at = text; (at = strstr (at, "info_hash")); at++)
    n++;
  g_assert_cmpuint (n, ==, P2P_TRACKER_STATUS_SWARMS);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_nonnull (strstr (text, "\"largest\":[{\"info_hash\":\"x\xc3\xa9"));
  g_assert_nonnull (strstr (text, "\xef\xbf\xbd\",\"peers\":2,"));
}

static void
test_page (void)
{
  g_autoptr (P2pTrackerServer) server = server_start_default ();
  g_autoptr (Reply) reply = request (server, "GET", "/", NULL, NULL);
  g_autoptr (Reply) posted = request (server, "POST", "/", NULL, "{}");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply_get (reply, "content-type"), ==,
      "text/html; charset=utf-8");
  g_assert_true (g_str_has_prefix (reply->body, "<!DOCTYPE html>"));
  g_assert_nonnull (strstr (reply->body, "stats.json"));
  g_assert_cmpuint (posted->status, ==, 404);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/webtorrent-port/captures", test_captures);
  g_test_add_func ("/webtorrent-port/paths", test_paths);
  g_test_add_func ("/webtorrent-port/frames", test_frames);
  g_test_add_func ("/webtorrent-port/size", test_size);
  g_test_add_func ("/webtorrent-port/beside", test_beside);
  g_test_add_func ("/webtorrent-port/origins", test_origins);
  g_test_add_func ("/webtorrent-port/info-hashes", test_info_hashes);
  g_test_add_func ("/webtorrent-port/cut", test_cut);
  g_test_add_func ("/webtorrent-port/stats", test_stats);
  g_test_add_func ("/webtorrent-port/largest", test_largest);
  g_test_add_func ("/webtorrent-port/page", test_page);
  return g_test_run ();
}
