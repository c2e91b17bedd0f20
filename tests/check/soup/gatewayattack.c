/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The gateway is no open proxy: what it refuses, and to whom.
 */

#include "gateworld.h"

#include <stdlib.h>

#include "p2psoupfetcher.h"
#include "p2psoupgatewaydoor.h"

static const char list[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
    "#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n";

typedef struct
{
  GateWorld *world;
  P2pSoupGatewayStream *stream;
  char *path;                   /* of its only segment */
} Target;

static Target *
target_new (const P2pSoupGatewayConfig * config)
{
  Target *target = g_new0 (Target, 1);
  g_autoptr (Reply) reply = NULL;

  target->world = gate_world_new (config);
  gate_world_put (target->world, "/list.m3u8", NULL, list);
  gate_world_put (target->world, "/secret", NULL, "secret");
  gate_world_put_segment (target->world, "/a.ts", 10000);
  target->stream = gate_world_add (target->world, "/list.m3u8");
  reply = gate_world_get (target->world,
      p2p_soup_gateway_stream_get_playlist_url (target->stream), NULL);
  target->path = gate_world_pick (reply->body, 0);
  return target;
}

static void
target_free (Target * target)
{
  gate_world_free (target->world);
  g_free (target->path);
  g_free (target);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Target, target_free);

/* Says it, with %u for the port, %s for the segment's path. Returns: the status */
static guint
say (Target * target, const char *request)
{
  g_autoptr (GSocketConnection) connection = gate_world_connect (target->world);
  g_autofree char *port = g_strdup_printf ("%u", target->world->port);
  g_autoptr (GString) text = g_string_new (request);
  g_autoptr (Reply) reply = NULL;

  g_string_replace (text, "%u", port, 0);
  g_string_replace (text, "%s", target->path, 0);
  gate_world_say (connection, "%s", text->str);
  reply = gate_world_hear (connection, FALSE);
  g_test_message ("%u: %s", reply ? reply->status : 0, request);
  return reply ? reply->status : 0;
}

static void
test_host (void)
{
  static const struct
  {
    const char *request;
    guint status;               /* 0: some refusal, libsoup's own */
  } cases[] = {
    {"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", 200},
    {"GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", 200},
    {"GET %s HTTP/1.1\r\nHost: LocalHost:%u\r\n\r\n", 200},
    {"GET %s HTTP/1.1\r\nHost: [::1]:%u\r\n\r\n", 200},
    {"GET %s HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403},
    {"GET %s HTTP/1.1\r\nHost: evil.example:%u\r\n\r\n", 403},
    {"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 403},
    {"GET %s HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 403},
    {"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u.evil.example\r\n\r\n", 0},
    {"GET %s HTTP/1.1\r\nHost: localhost.evil.example:%u\r\n\r\n", 403},
    {"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nHost: evil.example\r\n\r\n",
        403},
    {"GET %s HTTP/1.1\r\nHost: evil.example\r\nHost: 127.0.0.1:%u\r\n\r\n",
        403},
    {"GET %s HTTP/1.1\r\nHost: x@127.0.0.1:%u\r\n\r\n", 403},
    {"GET %s HTTP/1.1\r\nHost:\r\n\r\n", 0},
    {"GET %s HTTP/1.1\r\n\r\n", 0},
    {"GET %s HTTP/1.0\r\n\r\n", 403},
    {"GET http://evil.example%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", 403},
    {"GET http://127.0.0.1:%u/secret HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
        404},
  };
  g_autoptr (Target) target = target_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint status = say (target, cases[i].request);

    if (cases[i].status)
      g_assert_cmpuint (status, ==, cases[i].status);
    else
      g_assert_cmpuint (status, >=, 400);
  }
}

static void
test_methods (void)
{
  g_autoptr (Target) target = target_new (NULL);
  static const char *const methods[] = { "POST", "PUT", "DELETE", "TRACE",
    "PROPFIND", "get", "X",
  };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    g_autofree char *request = g_strdup_printf ("%s %%s HTTP/1.1\r\n"
        "Host: localhost:%%u\r\nContent-Length: 0\r\n\r\n", methods[i]);

    g_assert_cmpuint (say (target, request), ==, 405);
  }
  /* A body that is announced is not waited for, however long. */
  g_assert_cmpuint (say (target, "POST %s HTTP/1.1\r\nHost: localhost:%u\r\n"
          "Expect: 100-continue\r\nContent-Length: 1000000000000\r\n\r\n"), ==,
      405);
  g_assert_cmpuint (say (target, "CONNECT 127.0.0.1:%u HTTP/1.1\r\n"
          "Host: 127.0.0.1:%u\r\n\r\n"), >=, 400);
  g_assert_cmpuint (say (target, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n"
          "Upgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          "Sec-WebSocket-Version: 13\r\n\r\n"), ==, 200);
}

/* What is refused is so at once, though the body that it announces never comes, and
 * what comes of it is not taken for another request. */
static void
test_bodies (void)
{
  static const char *const requests[] = {
    "POST %s HTTP/1.1\r\nHost: localhost:%u\r\nContent-Length: 5\r\n\r\n",
    "POST %s HTTP/1.1\r\nHost: localhost:%u\r\n"
        "Content-Length: 1000000000000\r\n\r\nGET /",
    "PUT %s HTTP/1.1\r\nHost: localhost:%u\r\n"
        "Transfer-Encoding: chunked\r\n\r\n",
    "PUT %s HTTP/1.1\r\nHost: localhost:%u\r\n"
        "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "POST %s HTTP/1.1\r\nHost: localhost:%u\r\nContent-Length: 5\r\n\r\n"
        "abcdeGET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
  };
  g_autoptr (Target) target = target_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    g_assert_cmpuint (say (target, requests[i]), ==, 405);
  g_assert_cmpuint (say (target, "GET %s HTTP/1.1\r\nHost: evil.example\r\n"
          "Content-Length: 5\r\n\r\n"), ==, 403);
}

/* Neither other tokens nor other names than those a playlist said. */
static void
test_guesses (void)
{
  g_autoptr (Target) target = target_new (NULL);
  g_autofree char *text = g_strdup (target->path);
  g_autofree char *other = NULL;
  g_autofree char *secret = origin_get_uri (target->world->origin, "/secret");
  P2pSoupGatewayStream *second;
  static const char *const paths[] = { "/", "", "/x", "//", "/../secret",
    "/00000000000000000000000000000000/",
    "/00000000000000000000000000000000/a.ts", "/%00", "/favicon.ico",
    "*", "/robots.txt",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (Reply) reply = gate_world_get (target->world, paths[i], NULL);

    g_assert_true (!reply || reply->status >= 400);
  }
  /* Every single character of it counts. */
  for (guint i = 1; text[i]; i++) {
    char kept = text[i];
    g_autoptr (Reply) reply = NULL;

    text[i] = kept == 'A' ? 'B' : 'A';
    reply = gate_world_get (target->world, text, NULL);
    g_assert_cmpuint (reply->status, ==, 404);
    text[i] = kept;
  }
  /* What one stream named another one does not serve. */
  second = gate_world_add (target->world, "/list.m3u8");
  other = g_strconcat ("/", p2p_soup_gateway_links_get_token
      (p2p_soup_gateway_stream_get_links (second)), target->path + 33, NULL);
  {
    g_autoptr (Reply) reply = gate_world_get (target->world, other, NULL);
    g_autofree char *base64 = g_base64_encode ((guchar *) secret,
        strlen (secret));
    g_autofree char *unnamed = g_strdup_printf ("%.56s%s/secret", target->path,
        base64);
    g_autoptr (Reply) refused = gate_world_get (target->world, unnamed, NULL);

    g_assert_cmpuint (reply->status, ==, 404);
    g_assert_cmpuint (refused->status, ==, 404);
  }
  g_assert_cmpuint (gate_world_count (target->world, "/secret"), ==, 0);
  g_assert_cmpuint (gate_world_count (target->world, "/a.ts"), ==, 0);
}

static void
test_tokens (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash,
      g_str_equal, g_free, NULL);
  guint bits[16] = { 0 };

  for (guint i = 0; i < 1000; i++) {
    g_autoptr (P2pSoupGatewayLinks) links = p2p_soup_gateway_links_new (NULL);
    const char *token = p2p_soup_gateway_links_get_token (links);

    g_assert_cmpuint (strlen (token), ==, 32);
    for (guint n = 0; n < 32; n++)
      bits[g_ascii_xdigit_value (token[n])]++;
    g_assert_true (g_hash_table_add (seen, g_strdup (token)));
  }
  /* 2000 of each are to be expected, with a deviation of 43. */
  for (guint i = 0; i < 16; i++)
    g_assert_cmpuint (ABS ((int) bits[i] - 2000), <, 400);
}

static void
test_removed (void)
{
  g_autoptr (Target) target = target_new (NULL);
  g_autofree char *url = g_strdup (p2p_soup_gateway_stream_get_playlist_url
      (target->stream));
  g_autoptr (GSocketConnection) waiting = gate_world_connect (target->world);
  g_autoptr (Reply) before = gate_world_get (target->world, url, NULL);
  g_autoptr (Reply) cut = NULL, after = NULL;

  g_assert_cmpuint (before->status, ==, 200);
  gate_world_set_held (target->world, "/a.ts", TRUE);
  gate_world_say (waiting, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
      target->path, target->world->port);
  while (gate_world_count (target->world, "/a.ts") == 0)
    g_usleep (1000);
  gate_world_remove (target->world, target->stream);
  cut = gate_world_hear (waiting, FALSE);
  g_assert_true (!cut || cut->cut);
  gate_world_set_held (target->world, "/a.ts", FALSE);
  after = gate_world_get (target->world, url, NULL);
  g_assert_cmpuint (after->status, ==, 404);
}

static void
do_destroy (gpointer world, gpointer stream)
{
  p2p_session_destroy (((P2pSoupGatewayStream *) stream)->session);
}

/* The session's end is not the stream's, but nothing comes any more. */
static void
test_destroyed (void)
{
  g_autoptr (Target) target = target_new (NULL);
  g_autoptr (Reply) reply = NULL;

  gate_world_call (target->world, do_destroy, target->stream);
  reply = gate_world_get (target->world, target->path, NULL);
  g_assert_cmpuint (reply->status, ==, 410);
}

/* By another name, if it was told of that; never at an address that is none. */
static void
test_config (void)
{
  P2pSoupGatewayConfig config = {.host = "Player.example" };
  P2pSoupGatewayConfig odd = {.address = "player.example" };
  g_autoptr (Target) target = target_new (&config);
  g_autofree char *base = g_strdup_printf ("http://Player.example:%u/",
      target->world->port);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_str_has_prefix (p2p_soup_gateway_stream_get_url
          (target->stream), base));
  g_assert_cmpuint (say (target, "GET %s HTTP/1.1\r\n"
          "Host: player.example:%u\r\n\r\n"), ==, 200);
  g_assert_cmpuint (say (target, "GET %s HTTP/1.1\r\n"
          "Host: other.example:%u\r\n\r\n"), ==, 403);
  g_assert_null (p2p_soup_gateway_new (target->world->clock,
          target->world->context, &odd, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* The one name that it was given, and no other of this machine. */
static void
test_hostname (void)
{
  P2pSoupGatewayConfig config = {.host = "localhost",.hostname = "127.0.0.1" };
  g_autoptr (Target) target = target_new (&config);
  g_autofree char *base = g_strdup_printf ("http://127.0.0.1:%u/",
      target->world->port);

  g_assert_true (g_str_has_prefix (p2p_soup_gateway_stream_get_url
          (target->stream), base));
  g_assert_cmpuint (say (target, "GET %s HTTP/1.1\r\n"
          "Host: 127.0.0.1:%u\r\n\r\n"), ==, 200);
  g_assert_cmpuint (say (target, "GET %s HTTP/1.1\r\n"
          "Host: localhost:%u\r\n\r\n"), ==, 403);
  g_assert_cmpuint (say (target, "GET %s HTTP/1.1\r\n"
          "Host: [::1]:%u\r\n\r\n"), ==, 403);
}

static void
test_origins (void)
{
  static const char *const none[] = { NULL };
  static const char *const one[] = { "https://good.example", NULL };
  static const char *const all[] = { "*", NULL };
  static const struct
  {
    const char *const *allowed;
    const char *origin;
    guint status;
  } cases[] = {
    {NULL, "https://good.example", 403},
    {none, "https://good.example", 403},
    {one, "https://good.example", 200},
    {one, "https://evil.example", 403},
    {one, "https://good.example.evil.example", 403},
    {one, "http://good.example", 403},
    {one, "null", 403},
    {all, "https://any.example", 200},
    {all, "null", 200},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    P2pSoupGatewayConfig config = {.origins = cases[i].allowed };
    g_autoptr (Target) target = target_new (&config);
    gboolean allowed = cases[i].status == 200;
    g_autofree char *line = g_strdup_printf ("Origin: %s\r\n", cases[i].origin);
    g_autofree char *asked = g_strconcat (line,
        "Access-Control-Request-Method: GET\r\n"
        "Access-Control-Request-Headers: range\r\n"
        "Access-Control-Request-Private-Network: true\r\n", NULL);
    g_autofree char *own = g_strdup_printf ("Origin: http://127.0.0.1:%u\r\n",
        target->world->port);
    g_autoptr (Reply) reply = gate_world_get (target->world, target->path,
        line);
    g_autoptr (Reply) preflight = gate_world_ask (target->world, "OPTIONS",
        target->path, asked);
    g_autoptr (Reply) from_page = gate_world_get (target->world, target->path,
        own);

    g_assert_cmpuint (reply->status, ==, cases[i].status);
    g_assert_cmpstr (reply_get (reply, "access-control-allow-origin"), ==,
        allowed ? cases[i].origin : NULL);
    g_assert_null (reply_get (reply, "access-control-allow-credentials"));
    g_assert_cmpuint (preflight->status, ==, allowed ? 204 : 403);
    g_assert_cmpstr (reply_get (preflight,
            "access-control-allow-private-network"), ==,
        allowed ? "true" : NULL);
    g_assert_cmpuint (from_page->status, ==, 200);
    if (!allowed)
      g_assert_cmpuint (gate_world_count (target->world, "/a.ts"), ==, 1);
  }
}

/* --- other networks --- */

static void
test_networks (void)
{
  static const struct
  {
    const char *address;
    P2pSoupNetwork network;
  } cases[] = {
    {"127.0.0.1", P2P_SOUP_LOOPBACK}, {"127.255.0.9", P2P_SOUP_LOOPBACK},
    {"0.0.0.0", P2P_SOUP_LOOPBACK}, {"0.1.2.3", P2P_SOUP_LOOPBACK},
    {"::1", P2P_SOUP_LOOPBACK}, {"::", P2P_SOUP_LOOPBACK},
    {"::ffff:127.0.0.1", P2P_SOUP_LOOPBACK},
    {"64:ff9b::7f00:1", P2P_SOUP_LOOPBACK},
    {"10.0.0.1", P2P_SOUP_PRIVATE}, {"172.16.0.1", P2P_SOUP_PRIVATE},
    {"172.31.255.1", P2P_SOUP_PRIVATE}, {"192.168.1.1", P2P_SOUP_PRIVATE},
    {"169.254.169.254", P2P_SOUP_PRIVATE}, {"100.64.0.1", P2P_SOUP_PRIVATE},
    {"100.127.255.255", P2P_SOUP_PRIVATE}, {"224.0.0.1", P2P_SOUP_PRIVATE},
    {"255.255.255.255", P2P_SOUP_PRIVATE}, {"fe80::1", P2P_SOUP_PRIVATE},
    {"fd00::1", P2P_SOUP_PRIVATE}, {"fc00::1", P2P_SOUP_PRIVATE},
    {"fec0::1", P2P_SOUP_PRIVATE}, {"ff02::1", P2P_SOUP_PRIVATE},
    {"::ffff:192.168.1.1", P2P_SOUP_PRIVATE},
    {"8.8.8.8", P2P_SOUP_PUBLIC}, {"172.32.0.1", P2P_SOUP_PUBLIC},
    {"100.128.0.1", P2P_SOUP_PUBLIC}, {"192.169.0.1", P2P_SOUP_PUBLIC},
    {"2001:4860::1", P2P_SOUP_PUBLIC}, {"::ffff:8.8.8.8", P2P_SOUP_PUBLIC},
    {"64:ff9b::808:808", P2P_SOUP_PUBLIC},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GInetAddress) address =
        g_inet_address_new_from_string (cases[i].address);

    g_test_message ("%s", cases[i].address);
    g_assert_cmpint (p2p_soup_reach_classify (address), ==, cases[i].network);
  }
}

static gboolean
allows (P2pSoupReach * reach, const char *address, gboolean answered)
{
  g_autoptr (GSocketAddress) socket_address =
      g_inet_socket_address_new_from_string (address, 80);

  return p2p_soup_reach_allows (reach, socket_address, answered);
}

static void
test_reach (void)
{
  P2pSoupReach *reach = p2p_soup_reach_new ();

  g_assert_true (allows (reach, "8.8.8.8", FALSE));
  g_assert_true (allows (reach, "192.168.1.5", TRUE));
  g_assert_true (allows (reach, "127.0.0.1", TRUE));
  p2p_soup_reach_guard (reach);
  g_assert_false (allows (reach, "127.0.0.1", FALSE));
  g_assert_false (allows (reach, "::1", TRUE));
  g_assert_true (allows (reach, "10.0.0.1", TRUE));
  g_assert_true (allows (reach, "8.8.8.8", TRUE));
  g_assert_true (p2p_soup_reach_allows (reach, NULL, TRUE));
  p2p_soup_reach_unref (reach);
}

static void
do_move_away (gpointer world, gpointer stream)
{
  P2pSession *session = ((P2pSoupGatewayStream *) stream)->session;

  p2p_soup_reach_set_first (p2p_soup_fetcher_get_reach (P2P_SOUP_FETCHER
          (p2p_session_get_fetcher (session))), P2P_SOUP_PUBLIC);
}

/* The stream came from the Internet: what it leads to here is not asked for. */
static void
test_private_addresses (void)
{
  g_autoptr (Target) target = target_new (NULL);
  g_autoptr (Reply) segment = NULL, playlist = NULL, redirected = NULL;
  guint before = origin_get_n_requests (target->world->origin);

  gate_world_call (target->world, do_move_away, target->stream);
  segment = gate_world_get (target->world, target->path, NULL);
  g_assert_cmpuint (segment->status, ==, 502);
  playlist = gate_world_get (target->world,
      p2p_soup_gateway_stream_get_playlist_url (target->stream), NULL);
  g_assert_cmpuint (playlist->status, ==, 502);
  redirected = gate_world_ask (target->world, "HEAD", target->path, NULL);
  g_assert_cmpuint (redirected->status, ==, 502);
  g_assert_cmpuint (origin_get_n_requests (target->world->origin), ==, before);
}

/* --- those who waste --- */

static void
do_count (gpointer world, gpointer n)
{
  *(guint *) n = p2p_soup_gateway_get_n_connections (((GateWorld *)
          world)->gateway);
}

static guint
count (GateWorld * world)
{
  guint n;

  gate_world_call (world, do_count, &n);
  return n;
}

#define CROWD 1000
#define TIMES 9

static int
compare (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : 1;
}

/* Returns: how long it takes to get the segment, the median in microseconds */
static gint64
measure (Target * target)
{
  gint64 took[TIMES];

  for (guint i = 0; i < TIMES; i++) {
    gint64 began = g_get_monotonic_time ();
    g_autoptr (Reply) reply = gate_world_get (target->world, target->path,
        NULL);

    took[i] = g_get_monotonic_time () - began;
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->status, ==, 200);
    gate_world_assert_body (target->world, "/a.ts", 0, -1, reply->body,
        reply->size);
  }
  qsort (took, TIMES, sizeof took[0], compare);
  return took[TIMES / 2];
}

/* So many ask for all of a segment and read nothing, or never come to an end of
 * asking. Others are served, and no slower for it. */
static void
test_slow_readers (void)
{
  g_autoptr (Target) target = target_new (NULL);
  g_autoptr (GPtrArray) crowd = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 alone, among;

  gate_world_put_segment (target->world, "/a.ts", 8 * 1024 * 1024);
  alone = measure (target);
  for (guint i = 0; i < CROWD; i++) {
    GSocketConnection *slow = gate_world_connect (target->world);

    g_ptr_array_add (crowd, slow);
    gate_world_say (slow, "GET %s HTTP/1.1\r\n", target->path);
    if (i % 2)
      gate_world_say (slow, "Host: localhost:%u\r\n\r\n", target->world->port);
  }
  while (count (target->world) < P2P_SOUP_GATEWAY_MAX_CONNECTIONS / 2)
    g_usleep (10000);
  g_usleep (2 * P2P_SOUP_GATEWAY_GRACE);
  among = measure (target);
  g_test_message ("%" G_GINT64_FORMAT " us alone, %" G_GINT64_FORMAT
      " us among %u", alone, among, CROWD);
  g_assert_cmpint (among, <, 5 * alone + 50 * P2P_MSEC);
  g_assert_cmpuint (count (target->world), <=,
      P2P_SOUP_GATEWAY_MAX_CONNECTIONS);
  g_assert_cmpuint (gate_world_count (target->world, "/a.ts"), ==, 1);
}

static guint
count_files (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir))
    n++;
  return n;
}

/* Who has got all, or only a part, and leaves, leaves nothing behind. */
static void
test_leavers (void)
{
  g_autoptr (Target) target = target_new (NULL);
  guint before, after;

  gate_world_put_segment (target->world, "/a.ts", 64 * 1024);
  before = count_files ();
  for (guint i = 0; i < 2 * P2P_SOUP_GATEWAY_MAX_CONNECTIONS; i++) {
    g_autoptr (GSocketConnection) visitor = gate_world_connect (target->world);
    g_autoptr (Reply) reply = NULL;

    gate_world_say (visitor, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
        target->path, target->world->port);
    if (i % 2)
      reply = gate_world_hear (visitor, FALSE);
  }
  /* They go one after the other; libsoup may have a few of its own. */
  for (guint i = 0; ((after = count_files ()) > before + 10
          || count (target->world) > 10) && i < 500; i++)
    g_usleep (10000);
  g_assert_cmpuint (after, <=, before + 10);
  g_assert_cmpuint (count (target->world), <=, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway-attack/host", test_host);
  g_test_add_func ("/gateway-attack/methods", test_methods);
  g_test_add_func ("/gateway-attack/bodies", test_bodies);
  g_test_add_func ("/gateway-attack/guesses", test_guesses);
  g_test_add_func ("/gateway-attack/tokens", test_tokens);
  g_test_add_func ("/gateway-attack/removed", test_removed);
  g_test_add_func ("/gateway-attack/destroyed", test_destroyed);
  g_test_add_func ("/gateway-attack/config", test_config);
  g_test_add_func ("/gateway-attack/hostname", test_hostname);
  g_test_add_func ("/gateway-attack/origins", test_origins);
  g_test_add_func ("/gateway-attack/networks", test_networks);
  g_test_add_func ("/gateway-attack/reach", test_reach);
  g_test_add_func ("/gateway-attack/private-addresses", test_private_addresses);
  g_test_add_func ("/gateway-attack/slow-readers", test_slow_readers);
  g_test_add_func ("/gateway-attack/leavers", test_leavers);
  return g_test_run ();
}
