/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A live playlist that several players reload.
 */

#include "gateworld.h"

#include "p2psoupgatewayreload.h"

#define LIVE "#EXTM3U\n#EXT-X-TARGETDURATION:%s\n#EXT-X-MEDIA-SEQUENCE:7\n" \
    "%s#EXTINF:1,\na.ts\n"
#define PATH "/l.m3u8"
#define MANY 8

/* --- what its server lets be kept --- */

/* headers: lines */
static gint64
get_lifetime (guint status, const char *headers, gint64 target)
{
  g_autoptr (P2pHttpHead) head = p2p_http_head_new ();
  g_auto (GStrv) lines = g_strsplit (headers, "\n", -1);

  head->status = status;
  for (char **line = lines; *line; line++) {
    g_auto (GStrv) pair = g_strsplit (*line, ": ", 2);

    if (pair[0])
      p2p_headers_add (head->response_headers, pair[0], pair[1]);
  }
  return p2p_soup_gateway_reload_get_lifetime (head, target);
}

static void
test_lifetime (void)
{
#define DATE "Date: Sat, 21 Nov 2026 18:00:00 GMT\nExpires: "
  static const struct
  {
    const char *headers;
    gint64 seconds;
  } cases[] = {
    {"", 4}, {"Cache-Control: ", 4}, {"Cache-Control: ,, =,", 4},
    {"Cache-Control: max-age", 4}, {"Cache-Control: max-age=", 0},
    {"Cache-Control: max-age=-1", 0}, {"Cache-Control: max-age=1x", 0},
    {"Cache-Control: max-age=99999999999999999999", 0},
    {"Cache-Control: max-age=2147483647", 4}, {"cache-control: MAX-AGE=3", 3},
    {"Cache-Control: public, max-age=9, max-age=2", 2},
    {"Cache-Control: public\nCache-Control: No-Store", 0},
    {"Cache-Control: no-cache=\"x\"", 0},
    {"Cache-Control: private, max-age=9, must-revalidate", 4},
    {"Cache-Control: max-age=3\nAge: 1", 2},
    {"Cache-Control: max-age=3\nAge: 9", 0},
    {"Cache-Control: max-age=3\nAge: -9", 3}, {"Age: 99", 4},
    {"Vary: *", 0}, {"Vary: Accept-Encoding", 4}, {"Expires: 0", 0},
    {"Expires: tomorrow", 0}, {DATE "Sat, 21 Nov 2026 18:00:02 GMT", 2},
    {DATE "Sat, 21 Nov 2026 17:00:02 GMT", 0},
    {DATE "Sat, 21 Nov 2026 18:00:00 GMT\nCache-Control: max-age=3", 3},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].headers);
    g_assert_cmpint (get_lifetime (200, cases[i].headers, 12 * P2P_SECOND), ==,
        cases[i].seconds * P2P_SECOND);
  }
  g_assert_cmpint (get_lifetime (206, "", 12 * P2P_SECOND), ==, 0);
  g_assert_cmpint (get_lifetime (404, "", 12 * P2P_SECOND), ==, 0);
  g_assert_cmpint (get_lifetime (200, "", 0), ==, 0);
  g_assert_cmpint (get_lifetime (200, "", -P2P_SECOND), ==, 0);
}

/* --- what players get --- */

static void
put_live (GateWorld * world, const char *headers, const char *target,
    const char *lines)
{
  g_autofree char *head = g_strconcat ("HTTP/1.1 200 Yes\r\n", headers, NULL);
  g_autofree char *text = g_strdup_printf (LIVE, target, lines);

  gate_world_put_answer (world, PATH, head, text);
}

static void
get_twice (GateWorld * world, guint asked)
{
  P2pSoupGatewayStream *stream = gate_world_add (world, PATH);
  const char *url = p2p_soup_gateway_stream_get_playlist_url (stream);
  g_autoptr (Reply) one = gate_world_get (world, url, NULL);
  g_autoptr (Reply) two = gate_world_get (world, url, NULL);

  g_assert_cmpuint (one->status, ==, 200);
  g_assert_cmpuint (two->status, ==, 200);
  g_assert_cmpuint (one->size, ==, two->size);
  g_assert_cmpstr (reply_get (one, "etag"), ==, reply_get (two, "etag"));
  g_assert_cmpuint (gate_world_count (world, PATH), ==, asked);
  gate_world_remove (world, stream);
}

/* What is whole, what has parts, and what its server does not let be kept is
 * asked for by each. */
static void
test_not_shared (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);

  put_live (world, "", "3000", "#EXT-X-PART-INF:PART-TARGET=0.3\n");
  get_twice (world, 2);
  put_live (world, "Cache-Control: no-cache\r\n", "3000", "");
  get_twice (world, 2);
  put_live (world, "", "0", "");
  get_twice (world, 2);
  put_live (world, "", "3000", "#EXT-X-ENDLIST\n");
  get_twice (world, 2);
}

static void
test_shared (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream;
  g_autofree char *next = NULL;
  g_autoptr (Reply) first = NULL, held = NULL, part = NULL;
  g_autofree char *condition = NULL;
  const char *url;

  put_live (world, "", "3000", "");
  get_twice (world, 1);
  stream = gate_world_add (world, PATH);
  url = p2p_soup_gateway_stream_get_playlist_url (stream);
  first = gate_world_get (world, url, NULL);
  condition = g_strdup_printf ("If-None-Match: %s\r\n",
      reply_get (first, "etag"));
  held = gate_world_get (world, url, condition);
  g_assert_cmpuint (held->status, ==, 304);
  part = gate_world_get (world, url, "Range: bytes=0-6\r\n");
  g_assert_cmpuint (part->status, ==, 206);
  g_assert_cmpstr (part->body, ==, "#EXTM3U");
  g_assert_cmpuint (gate_world_count (world, PATH), ==, 2);
  /* Who waits for what is not there yet does not want what is. */
  next = g_strconcat (PATH, "?_HLS_msn=9", NULL);
  gate_world_put (world, next, NULL, "#EXTM3U\n#EXT-X-TARGETDURATION:1\n");
  g_free (next);
  next = g_strconcat (url, "?_HLS_msn=9", NULL);
  g_clear_pointer (&part, reply_free);
  part = gate_world_get (world, next, NULL);
  g_assert_cmpuint (gate_world_count (world, PATH "?_HLS_msn=9"), ==, 1);
}

/* Players of one master playlist get the names of each. */
static void
test_players (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream;

  put_live (world, "", "3000", "");
  gate_world_put (world, "/m.m3u8", NULL, "#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nl.m3u8\n");
  stream = gate_world_add (world, "/m.m3u8");
  for (guint i = 0; i < 3; i++) {
    g_autoptr (Reply) master = gate_world_get (world,
        p2p_soup_gateway_stream_get_playlist_url (stream), NULL);
    g_autofree char *path = gate_world_pick (master->body, 0);
    g_autoptr (Reply) media = gate_world_get (world, path, NULL);
    g_autofree char *segment = gate_world_pick (media->body, 0);
    g_autofree char *end = g_strdup_printf ("/p0000000%u/a.ts", i);

    g_assert_true (g_str_has_suffix (segment, end));
  }
  g_assert_cmpuint (gate_world_count (world, PATH), ==, 1);
}

/* --- those who ask while another does --- */

typedef struct
{
  GateWorld *world;
  GSocketConnection *connections[MANY];
} Crowd;

/* All ask for what is shared and too old; the origin has it half. */
static void
crowd_begin (Crowd * self, P2pSoupGatewayStream * stream)
{
  const char *url = strstr (p2p_soup_gateway_stream_get_playlist_url (stream)
      + strlen ("http://"), "/");
  g_autoptr (Reply) before = gate_world_get (self->world, url, NULL);

  g_assert_cmpuint (before->status, ==, 200);
  g_usleep (G_USEC_PER_SEC / 3);
  gate_world_set_held (self->world, PATH, TRUE);
  for (guint i = 0; i < MANY; i++) {
    self->connections[i] = gate_world_connect (self->world);
    gate_world_say (self->connections[i],
        "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", url,
        self->world->port);
  }
}

static void
crowd_end (Crowd * self)
{
  for (guint i = 0; i < MANY; i++) {
    g_autoptr (Reply) reply = self->connections[i] ?
        gate_world_hear (self->connections[i], FALSE) : NULL;

    g_assert_true (!self->connections[i] || (reply && reply->status == 200
            && g_str_has_prefix (reply->body, "#EXTM3U")));
    g_clear_object (&self->connections[i]);
  }
}

static void
wait_asked (GateWorld * world, guint count)
{
  while (gate_world_count (world, PATH) < count)
    g_usleep (1000);
}

static guint
count_crowd (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  Crowd crowd = { world };

  put_live (world, "", "1", "");
  crowd_begin (&crowd, gate_world_add (world, PATH));
  wait_asked (world, 2);
  gate_world_set_held (world, PATH, FALSE);
  crowd_end (&crowd);
  return gate_world_count (world, PATH);
}

/* One asks, and at another time that before; on a machine that is busy for longer
 * than they are patient, all do. */
static void
test_crowd (void)
{
  guint tries = 1;

  while (count_crowd () > 2)
    g_assert_cmpuint (tries++, <, 10);
}

/* Nobody waits for ever for one who does not get it. */
static void
test_impatient (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  Crowd crowd = { world };

  put_live (world, "", "1", "");
  crowd_begin (&crowd, gate_world_add (world, PATH));
  wait_asked (world, 1 + MANY);
  gate_world_set_held (world, PATH, FALSE);
  crowd_end (&crowd);
}

/* … nor for one who leaves, or fails. */
static void
test_leader_lost (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  Crowd crowd = { world };

  put_live (world, "", "1", "");
  crowd_begin (&crowd, gate_world_add (world, PATH));
  wait_asked (world, 2);
  g_clear_object (&crowd.connections[0]);
  wait_asked (world, MANY);
  gate_world_set_held (world, PATH, FALSE);
  crowd_end (&crowd);
}

/* The stream goes while they wait. */
static void
test_removed (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream = gate_world_add (world, PATH);
  Crowd crowd = { world };

  put_live (world, "", "1", "");
  crowd_begin (&crowd, stream);
  wait_asked (world, 2);
  gate_world_remove (world, stream);
  gate_world_set_held (world, PATH, FALSE);
  for (guint i = 0; i < MANY; i++)
    g_clear_object (&crowd.connections[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway-reload/lifetime", test_lifetime);
  g_test_add_func ("/gateway-reload/not-shared", test_not_shared);
  g_test_add_func ("/gateway-reload/shared", test_shared);
  g_test_add_func ("/gateway-reload/players", test_players);
  g_test_add_func ("/gateway-reload/crowd", test_crowd);
  g_test_add_func ("/gateway-reload/impatient", test_impatient);
  g_test_add_func ("/gateway-reload/leader-lost", test_leader_lost);
  g_test_add_func ("/gateway-reload/removed", test_removed);
  return g_test_run ();
}
