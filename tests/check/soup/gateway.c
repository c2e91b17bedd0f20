/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the gateway serves to players that behave.
 */

#include "gateworld.h"

#include "p2psession.h"

#define SEGMENT 300000

static const char *const vod[] = { "/v/a.ts", "/v/sub/b.ts?x=1", "/c.ts" };

static void
put_vod (GateWorld * world)
{
  gate_world_put (world, "/v/list.m3u8", NULL, "#EXTM3U\n"
      "#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:VOD\n"
      "#EXTINF:2,\na.ts\n#EXTINF:2,\nsub/b.ts?x=1\n#EXTINF:2,\n/c.ts\n"
      "#EXT-X-ENDLIST\n");
  for (guint i = 0; i < G_N_ELEMENTS (vod); i++)
    gate_world_put_segment (world, vod[i], SEGMENT);
}

/* Returns: (transfer full): the stream's playlist as a player gets it */
static Reply *
get_list (GateWorld * world, const char *path)
{
  P2pSoupGatewayStream *stream = gate_world_add (world, path);
  Reply *reply = gate_world_get (world,
      p2p_soup_gateway_stream_get_playlist_url (stream), NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply_get (reply, "content-type"), ==,
      "application/vnd.apple.mpegurl");
  return reply;
}

static void
check_whole (GateWorld * world, const char *what, const char *path)
{
  g_autoptr (Reply) reply = gate_world_get (world, what, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  gate_world_assert_body (world, path, 0, -1, reply->body, reply->size);
}

static void
test_vod (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL;

  put_vod (world);
  list = get_list (world, "/v/list.m3u8");
  for (guint i = 0; i < G_N_ELEMENTS (vod); i++) {
    g_autofree char *path = gate_world_pick (list->body, i);

    /* Another player may be elsewhere in it. */
    g_assert_nonnull (strstr (path, "/p00000000/"));
    g_assert_true (g_str_has_suffix (path, ".ts"));
    for (guint again = 0; again < 2; again++) {
      g_autoptr (Reply) reply = gate_world_get (world, path, NULL);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpstr (reply_get (reply, "content-type"), ==, "video/mp2t");
      g_assert_cmpstr (reply_get (reply, "content-length"), ==, "300000");
      gate_world_assert_body (world, vod[i], 0, -1, reply->body, reply->size);
    }
    g_assert_cmpuint (gate_world_count (world, vod[i]), ==, 1);
  }
}

/* All kinds of URIs come back, and nothing else is changed. */
static void
test_master (void)
{
  static const char master[] = "#EXTM3U\r\n#EXT-X-VERSION:7\r\n"
      "#EXT-X-SESSION-KEY:METHOD=AES-128,URI=\"key\"\r\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"x\",URI=\"audio/l.m3u8\""
      "\r\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"a\"\r\nlow/l.m3u8\r\n"
      "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"low/i.m3u8\"\r\n";
  static const char media[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"100@50\"\n"
      "#EXT-X-KEY:METHOD=AES-128,URI=\"../key\",IV=0x1\n"
      "#EXTINF:2,\n#EXT-X-BYTERANGE:1000@0\nall.m4s\n"
      "#EXTINF:2,\n#EXT-X-BYTERANGE:2000\nall.m4s\n#EXT-X-ENDLIST\n";
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL, low = NULL, init = NULL, first = NULL, second =
      NULL;
  g_autofree char *low_path = NULL, *segment = NULL, *map = NULL, *key = NULL;

  gate_world_put (world, "/m.m3u8?q", NULL, master);
  gate_world_put (world, "/low/l.m3u8", "text/plain", media);
  gate_world_put (world, "/low/i.m3u8", NULL, media);
  gate_world_put (world, "/audio/l.m3u8", NULL, media);
  gate_world_put (world, "/key", "text/html", "0123456789abcdef");
  gate_world_put_segment (world, "/low/init.mp4", 200);
  gate_world_put_segment (world, "/low/all.m4s", 5000);

  list = get_list (world, "/m.m3u8?q");
  g_assert_true (g_str_has_prefix (list->body, "#EXTM3U\r\n"
          "#EXT-X-VERSION:7\r\n#EXT-X-SESSION-KEY:METHOD=AES-128,URI=\"/"));
  for (guint i = 0; i < 3; i++) {
    static const char *const names[] = { "/key", "/l.m3u8", "/i.m3u8" };
    g_autofree char *path = gate_world_pick_attribute (list->body, i);
    g_autoptr (Reply) reply = gate_world_get (world, path, NULL);

    g_assert_true (g_str_has_suffix (path, names[i]));
    g_assert_cmpuint (reply->status, ==, 200);
    if (i == 0)
      g_assert_cmpstr (reply->body, ==, "0123456789abcdef");
    if (i == 0)
      /* Never a page. */
      g_assert_cmpstr (reply_get (reply, "content-type"), ==,
          "application/octet-stream");
  }
  low_path = g_strstrip (gate_world_pick (list->body, 0));
  low = gate_world_get (world, low_path, NULL);
  g_assert_cmpuint (low->status, ==, 200);
  map = gate_world_pick_attribute (low->body, 0);
  init = gate_world_get (world, map, "Range: bytes=50-149\r\n");
  g_assert_cmpuint (init->status, ==, 206);
  g_assert_cmpstr (reply_get (init, "content-range"), ==, "bytes 50-149/200");
  gate_world_assert_body (world, "/low/init.mp4", 50, 150, init->body,
      init->size);
  key = gate_world_pick_attribute (low->body, 1);
  g_assert_true (g_str_has_suffix (key, "/key"));

  segment = gate_world_pick (low->body, 1);
  first = gate_world_get (world, segment, "Range: bytes=0-999\r\n");
  g_assert_cmpuint (first->status, ==, 206);
  gate_world_assert_body (world, "/low/all.m4s", 0, 1000, first->body,
      first->size);
  second = gate_world_get (world, segment, "Range: bytes=1000-2999\r\n");
  g_assert_cmpuint (second->status, ==, 206);
  g_assert_true (g_str_has_prefix (reply_get (second, "content-range"),
          "bytes 1000-2999/"));
  gate_world_assert_body (world, "/low/all.m4s", 1000, 3000, second->body,
      second->size);
}

/* Each that gets a master playlist is another player, and may choose another
 * variant; to who asks whether it has changed it has not. */
static void
test_players (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream;
  const char *url;
  g_autoptr (Reply) one = NULL, two = NULL, same = NULL, media = NULL;
  g_autofree char *condition = NULL, *first = NULL, *second = NULL, *path =
      NULL;

  put_vod (world);
  gate_world_put (world, "/m.m3u8", NULL, "#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nv/list.m3u8\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=2\nv/other.m3u8\n");
  stream = gate_world_add (world, "/m.m3u8");
  url = p2p_soup_gateway_stream_get_playlist_url (stream);
  one = gate_world_get (world, url, NULL);
  two = gate_world_get (world, url, NULL);
  first = gate_world_pick (one->body, 0);
  second = gate_world_pick (two->body, 0);
  g_assert_true (g_str_has_suffix (first, "/p00000000/list.m3u8"));
  g_assert_true (g_str_has_suffix (second, "/p00000001/list.m3u8"));
  g_assert_cmpuint (one->size, ==, two->size);
  condition = g_strdup_printf ("If-None-Match: %s\r\n",
      reply_get (one, "etag"));
  same = gate_world_get (world, url, condition);
  g_assert_cmpuint (same->status, ==, 304);
  media = gate_world_get (world, second, NULL);
  g_assert_cmpuint (media->status, ==, 200);
  path = gate_world_pick (media->body, 0);
  g_assert_true (g_str_has_suffix (path, "/p00000001/a.ts"));
  check_whole (world, path, vod[0]);
}

static void
test_ranges (void)
{
  static const struct
  {
    const char *range;
    guint status;
    gint64 start, stop;
    const char *said;
  } cases[] = {
    {"bytes=0-", 206, 0, -1, "bytes 0-299999/300000"},
    {"bytes=1000-400000", 206, 1000, -1, "bytes 1000-299999/300000"},
    {"bytes=299999-", 206, 299999, -1, "bytes 299999-299999/300000"},
    {"bytes=0-0", 206, 0, 1, "bytes 0-0/300000"},
    {"bytes=100000-200000", 206, 100000, 200001,
        "bytes 100000-200000/300000"},
    {"bytes=-5", 206, 299995, -1, "bytes 299995-299999/300000"},
    {"bytes=-400000", 206, 0, -1, "bytes 0-299999/300000"},
    {"bytes=300000-", 416, 0, 0, "bytes */300000"},
    {"bytes=-0", 416, 0, 0, "bytes */300000"},
    {"bytes= -00 ,", 416, 0, 0, "bytes */300000"},
    {"bytes=1-2,5-6", 200, 0, -1, NULL},
    {"bytes=0-,0-,0-,0-,0-,0-", 200, 0, -1, NULL},
    {"bytes=5-2", 200, 0, -1, NULL},
    {"bytes=", 200, 0, -1, NULL},
    {"bytes=-", 200, 0, -1, NULL},
    {"bytes=x-y", 200, 0, -1, NULL},
    {"lines=1-2", 200, 0, -1, NULL},
  };
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL;

  put_vod (world);
  list = get_list (world, "/v/list.m3u8");
  /* The first three come over HTTP, to their end: who goes before that may have the
   * rest asked for anew. The others are in the cache. */
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint n = i % 3;
    g_autofree char *path = gate_world_pick (list->body, n);
    g_autofree char *line = g_strdup_printf ("Range: %s\r\n", cases[i].range);
    g_autoptr (Reply) reply = gate_world_get (world, path, line);

    g_test_message ("%s", cases[i].range);
    g_assert_cmpuint (reply->status, ==, cases[i].status);
    g_assert_cmpstr (reply_get (reply, "content-range"), ==, cases[i].said);
    if (reply->status != 416)
      gate_world_assert_body (world, vod[n], cases[i].start, cases[i].stop,
          reply->body, reply->size);
  }
  for (guint i = 0; i < G_N_ELEMENTS (vod); i++)
    g_assert_cmpuint (gate_world_count (world, vod[i]), ==, 1);
}

/* The same for all players, whose numbers are of one length. */
static void
hide_player (Reply * reply)
{
  static const char path[] = "/p00000000/";

  for (char *at = reply->body; (at = strstr (at, "/p0000000"));
      at += strlen (path))
    memcpy (at, path, strlen (path));
}

/* A playlist is as long as it is after rewriting. */
static void
test_playlist_range (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream;
  const char *url;
  g_autoptr (Reply) whole = NULL, part = NULL, head = NULL, same = NULL;
  g_autofree char *condition = NULL;

  put_vod (world);
  stream = gate_world_add (world, "/v/list.m3u8");
  url = p2p_soup_gateway_stream_get_playlist_url (stream);
  whole = gate_world_get (world, url, NULL);
  part = gate_world_get (world, url, "Range: bytes=10-\r\n");
  g_assert_cmpuint (part->status, ==, 206);
  hide_player (part);
  hide_player (whole);
  g_assert_cmpstr (part->body, ==, whole->body + 10);
  head = gate_world_ask (world, "HEAD", url, NULL);
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpstr (reply_get (head, "content-length"), ==,
      reply_get (whole, "content-length"));
  g_assert_cmpstr (reply_get (head, "etag"), ==, reply_get (whole, "etag"));
  condition = g_strdup_printf ("If-None-Match: \"x\", W/%s\r\n",
      reply_get (whole, "etag"));
  same = gate_world_get (world, url, condition);
  g_assert_cmpuint (same->status, ==, 304);
  g_assert_cmpuint (same->size, ==, 0);
}

static void
test_conditions (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL, first = NULL, same = NULL, other = NULL,
      part = NULL, changed = NULL;
  g_autofree char *path = NULL, *held = NULL, *if_range = NULL;

  put_vod (world);
  list = get_list (world, "/v/list.m3u8");
  path = gate_world_pick (list->body, 0);
  first = gate_world_get (world, path, NULL);
  held = g_strdup_printf ("If-None-Match: %s\r\n", reply_get (first, "etag"));
  same = gate_world_get (world, path, held);
  g_assert_cmpuint (same->status, ==, 304);
  other = gate_world_get (world, path, "If-None-Match: \"other\"\r\n");
  g_assert_cmpuint (other->status, ==, 200);
  if_range = g_strdup_printf ("Range: bytes=5-9\r\nIf-Range: %s\r\n",
      reply_get (first, "etag"));
  part = gate_world_get (world, path, if_range);
  g_assert_cmpuint (part->status, ==, 206);
  g_assert_cmpuint (part->size, ==, 5);
  changed = gate_world_get (world, path,
      "Range: bytes=5-9\r\nIf-Range: \"other\"\r\n");
  g_assert_cmpuint (changed->status, ==, 200);
  g_assert_cmpuint (changed->size, ==, SEGMENT);
}

static void
test_head (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL, head = NULL, gone = NULL;
  g_autofree char *path = NULL, *next = NULL;

  put_vod (world);
  list = get_list (world, "/v/list.m3u8");
  path = gate_world_pick (list->body, 0);
  head = gate_world_ask (world, "HEAD", path, NULL);
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpstr (reply_get (head, "content-length"), ==, "300000");
  g_assert_cmpstr (reply_get (head, "content-type"), ==, "video/mp2t");
  g_assert_cmpuint (head->size, ==, 0);
  gate_world_put_answer (world, vod[1], "HTTP/1.1 404 Gone\r\n", "");
  next = gate_world_pick (list->body, 1);
  gone = gate_world_ask (world, "HEAD", next, NULL);
  g_assert_cmpuint (gone->status, ==, 404);
}

/* One connection serves one request after another. */
static void
test_keep_alive (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL;
  g_autoptr (GSocketConnection) connection = NULL;

  put_vod (world);
  list = get_list (world, "/v/list.m3u8");
  connection = gate_world_connect (world);
  for (guint i = 0; i < 9; i++) {
    g_autofree char *path = gate_world_pick (list->body, i % 3);
    g_autoptr (Reply) reply = NULL;

    gate_world_say (connection, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
        path, world->port);
    reply = gate_world_hear (connection, FALSE);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->status, ==, 200);
    gate_world_assert_body (world, vod[i % 3], 0, -1, reply->body, reply->size);
  }
}

/* What comes is handed on before the rest has come. */
static void
test_streaming (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL, again = NULL, middle = NULL;
  g_autofree char *path = NULL, *front = g_malloc (2 * SEGMENT);
  g_autoptr (GSocketConnection) connection = NULL;
  GInputStream *input;
  gsize head, n;

  put_vod (world);
  gate_world_set_held (world, vod[0], TRUE);
  list = get_list (world, "/v/list.m3u8");
  path = gate_world_pick (list->body, 0);
  connection = gate_world_connect (world);
  gate_world_say (connection, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
      path, world->port);
  input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_input_stream_read_all (input, front, SEGMENT / 3, &n, NULL, NULL);
  g_assert_cmpuint (n, ==, SEGMENT / 3);
  gate_world_set_held (world, vod[0], FALSE);
  head = g_strstr_len (front, n, "\r\n\r\n") + 4 - front;
  g_input_stream_read_all (input, front + n, SEGMENT + head - n, &n, NULL,
      NULL);
  gate_world_assert_body (world, vod[0], 0, -1, front + head, SEGMENT);

  /* What came in pieces is one piece to who comes later. */
  again = gate_world_get (world, path, NULL);
  gate_world_assert_body (world, vod[0], 0, -1, again->body, again->size);
  middle = gate_world_get (world, path, "Range: bytes=100-39999\r\n");
  gate_world_assert_body (world, vod[0], 100, 40000, middle->body,
      middle->size);
  g_assert_cmpuint (gate_world_count (world, vod[0]), ==, 1);
}

static void
test_live (void)
{
  static const char form[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXT-X-MEDIA-SEQUENCE:%u\n#EXTINF:2,\nl%u.ts\n#EXTINF:2,\nl%u.ts\n";
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream = NULL;

  for (guint i = 0; i < 5; i++) {
    g_autofree char *text = g_strdup_printf (form, i, i, i + 1);
    g_autofree char *name = g_strdup_printf ("/l%u.ts", i + 1);
    g_autofree char *path = NULL;
    g_autoptr (Reply) list = NULL;

    gate_world_put_answer (world, "/live.m3u8",
        "HTTP/1.1 200 Yes\r\nCache-Control: no-cache\r\n", text);
    gate_world_put_segment (world, name, 1000);
    if (!stream)
      stream = gate_world_add (world, "/live.m3u8");
    list = gate_world_get (world,
        p2p_soup_gateway_stream_get_playlist_url (stream), NULL);
    path = gate_world_pick (list->body, 1);
    check_whole (world, path, name);
  }
}

/* A player that waits for the next state of a live playlist says so to the
 * origin, and nothing else. */
static void
test_directives (void)
{
  static const char live[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXTINF:2,\na.ts\n";
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream;
  g_autofree char *url = NULL, *odd = NULL;
  g_autoptr (Reply) next = NULL, any = NULL;

  gate_world_put (world, "/live.m3u8?a=b", NULL, live);
  gate_world_put (world, "/live.m3u8?a=b&_HLS_msn=7&_HLS_part=2", NULL, live);
  stream = gate_world_add (world, "/live.m3u8?a=b");
  url = g_strconcat (p2p_soup_gateway_stream_get_playlist_url (stream),
      "?_HLS_msn=7&_HLS_part=2&_HLS_skip=YES", NULL);
  next = gate_world_get (world, url, NULL);
  g_assert_cmpuint (next->status, ==, 200);
  g_assert_cmpuint (gate_world_count (world,
          "/live.m3u8?a=b&_HLS_msn=7&_HLS_part=2"), ==, 1);
  odd = g_strconcat (p2p_soup_gateway_stream_get_playlist_url (stream),
      "?_HLS_msn=7x&evil=1&_HLS_part=", NULL);
  any = gate_world_get (world, odd, NULL);
  g_assert_cmpuint (any->status, ==, 200);
  g_assert_cmpuint (gate_world_count (world, "/live.m3u8?a=b"), ==, 1);
}

static void
test_redirects (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL;
  g_autofree char *path = NULL;

  put_vod (world);
  gate_world_put_answer (world, "/moved.m3u8",
      "HTTP/1.1 302 Moved\r\nLocation: /v/list.m3u8\r\n", "");
  gate_world_put_segment (world, "/elsewhere.ts", 1000);
  gate_world_put_answer (world, vod[0],
      "HTTP/1.1 302 Moved\r\nLocation: /elsewhere.ts\r\n", "");
  list = get_list (world, "/moved.m3u8");
  path = gate_world_pick (list->body, 0);
  check_whole (world, path, "/elsewhere.ts");
}

/* What leads elsewhere, or nowhere that the gateway knows, still leads there. */
static void
test_elsewhere (void)
{
  static const char media[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXT-X-DATERANGE:ID=\"1\",CLASS=\"com.apple.hls.interstitial\","
      "START-DATE=\"2026-01-01T00:00:00Z\",X-ASSET-URI=\"../ad.m3u8#t\","
      "X-ASSET-LIST=\"http://ads.example/l.json?{$x}\"\n"
      "#EXT-X-NEW:URI=\"new.bin\"\n#EXT-X-KEY:METHOD=NONE,URI=\"skd://k\"\n"
      "#EXTINF:2,\nlong/%s.ts\n#EXTINF:2,\n{$host}/b.ts\n"
      "#EXTINF:2,\nf\374r.ts\n#EXT-X-ENDLIST\n";
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autofree char *name = g_strnfill (P2P_SOUP_GATEWAY_MAX_URI, 'n');
  g_autofree char *text = g_strdup_printf (media, name);
  g_autofree char *base = origin_get_uri (world->origin, "/v/long/");
  g_autofree char *ad = origin_get_uri (world->origin, "/ad.m3u8");
  g_autofree char *unknown = origin_get_uri (world->origin, "/v/new.bin");
  g_autofree char *asset = NULL, *other = NULL, *segment = NULL, *variable =
      NULL, *latin = NULL;
  g_autoptr (Reply) list = NULL;

  gate_world_put (world, "/v/list.m3u8", NULL, text);
  gate_world_put_segment (world, "/v/f%FCr.ts", 1000);
  list = get_list (world, "/v/list.m3u8");
  asset = g_strdup_printf ("X-ASSET-URI=\"%s\",X-ASSET-LIST="
      "\"http://ads.example/l.json?{$x}\"", ad);
  g_assert_nonnull (strstr (list->body, asset));
  other = g_strdup_printf ("#EXT-X-NEW:URI=\"%s\"\n", unknown);
  g_assert_nonnull (strstr (list->body, other));
  g_assert_nonnull (strstr (list->body, "URI=\"skd://k\""));
  segment = gate_world_pick (list->body, 0);
  g_assert_true (g_str_has_prefix (segment, base));
  g_assert_cmpstr (segment + strlen (base) + strlen (name), ==, ".ts");
  variable = gate_world_pick (list->body, 1);
  g_assert_cmpstr (variable, ==, "{$host}/b.ts");
  latin = gate_world_pick (list->body, 2);
  check_whole (world, latin, "/v/f%FCr.ts");
}

/* What a playlist's own URL or its master playlist define, a player cannot see here,
 * and need not know how to. */
static void
test_define (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL, media = NULL;
  g_autofree char *variant = NULL, *steering = NULL, *wanted = NULL, *first =
      NULL, *second = NULL;

  gate_world_put (world, "/m.m3u8?token=a%2Fb", NULL, "#EXTM3U\n"
      "#EXT-X-DEFINE:QUERYPARAM=\"token\"\n"
      "#EXT-X-DEFINE:NAME=\"dir\",VALUE=\"v\"\n"
      "#EXT-X-CONTENT-STEERING:SERVER-URI=\"/steer?{$token}\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\n{$dir}/l.m3u8?t={$token}\n");
  gate_world_put (world, "/v/l.m3u8?t=a/b", NULL, "#EXTM3U\n"
      "#EXT-X-TARGETDURATION:2\n#EXT-X-DEFINE:IMPORT=\"token\"\n"
      "#EXT-X-DEFINE:NAME=\"n\",VALUE=\"a\"\n#EXTINF:2,\n{$n}.ts?{$token}\n"
      "#EXTINF:2,\n/{$n}.ts\n#EXT-X-ENDLIST\n");
  gate_world_put_segment (world, "/v/a.ts?a/b", 1000);
  gate_world_put_segment (world, "/a.ts", 2000);
  list = get_list (world, "/m.m3u8?token=a%2Fb");
  g_assert_nonnull (strstr (list->body, "#EXT-X-DEFINE:NAME=\"token\","
          "VALUE=\"a/b\"\n"));
  steering = origin_get_uri (world->origin, "/steer?a/b");
  wanted = g_strdup_printf ("SERVER-URI=\"%s\"", steering);
  g_assert_nonnull (strstr (list->body, wanted));
  variant = gate_world_pick (list->body, 0);
  media = gate_world_get (world, variant, NULL);
  g_assert_cmpuint (media->status, ==, 200);
  first = gate_world_pick (media->body, 0);
  check_whole (world, first, "/v/a.ts?a/b");
  second = gate_world_pick (media->body, 1);
  check_whole (world, second, "/a.ts");
}

/* More than is looked at is had from where it is. */
static void
test_too_long (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autofree char *text = g_strnfill (P2P_PLAYLIST_MAX_BYTES + 1, '\n');
  P2pSoupGatewayStream *stream;
  g_autoptr (Reply) reply = NULL;
  g_autofree char *uri = origin_get_uri (world->origin, "/list.m3u8");

  memcpy (text, "#EXTM3U", 7);
  gate_world_put (world, "/list.m3u8", NULL, text);
  stream = gate_world_add (world, "/list.m3u8");
  reply = gate_world_get (world,
      p2p_soup_gateway_stream_get_playlist_url (stream), NULL);
  g_assert_cmpuint (reply->status, ==, 307);
  g_assert_cmpstr (reply_get (reply, "location"), ==, uri);
}

/* An encoder that was started again writes others under the same names: who has one
 * of before does not have this one. */
static void
test_anew (void)
{
  static const char form[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXT-X-MEDIA-SEQUENCE:%u\n#EXTINF:2,\ns%u.ts\n";
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream = NULL;
  g_autofree char *held = NULL;

  for (guint i = 0; i < 3; i++) {
    guint n = i == 1 ? 9 : 0;
    g_autofree char *text = g_strdup_printf (form, n, n);
    g_autofree char *name = g_strdup_printf ("/s%u.ts", n);
    g_autofree char *path = NULL;
    g_autoptr (Reply) list = NULL, reply = NULL;

    gate_world_put_answer (world, "/live.m3u8",
        "HTTP/1.1 200 Yes\r\nCache-Control: no-cache\r\n", text);
    gate_world_put_segment (world, name, 1000 + i);
    if (!stream)
      stream = gate_world_add (world, "/live.m3u8");
    list = gate_world_get (world,
        p2p_soup_gateway_stream_get_playlist_url (stream), NULL);
    path = gate_world_pick (list->body, 0);
    reply = gate_world_get (world, path, held);
    g_assert_cmpuint (reply->status, ==, 200);
    gate_world_assert_body (world, name, 0, -1, reply->body, reply->size);
    if (!held)
      held = g_strdup_printf ("If-None-Match: %s\r\n", reply_get (reply,
              "etag"));
  }
}

static void
test_errors (void)
{
  static const struct
  {
    const char *head;
    guint status;
  } cases[] = {
    {"HTTP/1.1 404 No\r\n", 404},
    {"HTTP/1.1 403 No\r\n", 403},
    {"HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"x\"\r\n", 403},
    {"HTTP/1.1 503 Later\r\n", 503},
    {"HTTP/1.1 429 Slowly\r\nRetry-After: 7\r\n", 429},
    {"HTTP/1.1 500 No\r\n", 500},
    {"HTTP/1.1 302 Moved\r\nLocation: ftp://h/\r\n", 502},
  };
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL;
  g_autofree char *path = NULL;

  put_vod (world);
  list = get_list (world, "/v/list.m3u8");
  path = gate_world_pick (list->body, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Reply) reply = NULL;

    gate_world_put_answer (world, vod[0], cases[i].head, "no");
    reply = gate_world_get (world, path, NULL);
    g_assert_cmpuint (reply->status, ==, cases[i].status);
    g_assert_null (reply_get (reply, "www-authenticate"));
    g_assert_cmpstr (reply_get (reply, "retry-after"), ==,
        cases[i].status == 429 ? "7" : NULL);
  }
}

/* What is in the cache is as fast as the network was, to who measures. */
static void
test_pace (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  g_autoptr (Reply) list = NULL, low = NULL;
  g_autofree char *variant = NULL, *path = NULL, *next = NULL;
  gint64 began;

  put_vod (world);
  gate_world_put (world, "/m.m3u8", NULL, "#EXTM3U\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\nv/list.m3u8\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1000000000000\nv/high.m3u8\n");
  list = get_list (world, "/m.m3u8");
  variant = gate_world_pick (list->body, 0);
  low = gate_world_get (world, variant, NULL);
  path = gate_world_pick (low->body, 0);
  gate_world_set_held (world, vod[0], TRUE);
  {
    g_autoptr (GSocketConnection) connection = gate_world_connect (world);
    g_autoptr (Reply) slow = NULL;

    gate_world_say (connection, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
        path, world->port);
    g_usleep (300000);
    gate_world_set_held (world, vod[0], FALSE);
    slow = gate_world_hear (connection, FALSE);
    g_assert_cmpuint (slow->size, ==, SEGMENT);
  }
  began = g_get_monotonic_time ();
  {
    g_autoptr (Reply) again = gate_world_get (world, path, NULL);

    g_assert_cmpuint (again->size, ==, SEGMENT);
  }
  g_assert_cmpint (g_get_monotonic_time () - began, >, 50000);
  g_assert_cmpuint (gate_world_count (world, vod[0]), ==, 1);
}

static void
test_page (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream;
  g_autoptr (Reply) page = NULL, none = NULL, player = NULL;

  gate_world_put (world, "/m.m3u8", NULL, "#EXTM3U\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"<script>\","
      "LANGUAGE=\"de\",URI=\"a.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1500000,RESOLUTION=640x360,"
      "CODECS=\"<img src=x onerror=alert(1)>\"\nlow.m3u8\n");
  stream = gate_world_add (world, "/m.m3u8");
  page = gate_world_get (world, p2p_soup_gateway_stream_get_url (stream),
      "Accept: text/html,*/*;q=0.8\r\n");
  g_assert_cmpuint (page->status, ==, 200);
  g_assert_cmpstr (reply_get (page, "content-type"), ==,
      "text/html; charset=utf-8");
  g_assert_nonnull (strstr (page->body, "/low.m3u8\">low.m3u8</a> 640x360 "
          "1.5 Mbit/s &lt;img src=x"));
  g_assert_nonnull (strstr (page->body, "audio &lt;script&gt; (de)"));
  g_assert_null (strstr (page->body, "<img"));
  g_assert_nonnull (strstr (reply_get (page, "content-security-policy"),
          "default-src 'none'"));
  gate_world_put_segment (world, "/m.m3u8", 1000);
  none = gate_world_get (world, p2p_soup_gateway_stream_get_url (stream),
      "Accept: text/html\r\n");
  g_assert_cmpuint (none->status, ==, 502);

  /* A player wants the playlist. */
  player = gate_world_get (world, p2p_soup_gateway_stream_get_url (stream),
      "Accept: */*\r\n");
  g_assert_cmpuint (player->status, ==, 307);
  g_assert_true (g_str_has_suffix (p2p_soup_gateway_stream_get_playlist_url
          (stream), stream->path));
  g_assert_true (g_str_has_suffix (reply_get (player, "location"),
          stream->path));
}

/* What a player reads out of the URLs that it was given. */
static void
test_links_read (void)
{
  static const char *const bad[] = {
    "", "/", "http://origin.example/a.m3u8", "a.ts",
    "/0123456789abcdef0123456789abcdef/",
    "/0123456789abcdef0123456789abcdef/0123456789012345678901/a.ts",
    "/0123456789abcdef0123456789abcdeg/0123456789012345678901aHR0cDovL2Ev/a",
    "/0123456789abcdef0123456789abcdef/0123456789012345678901ZnRwOi8vYS8/a",
    "/0123456789abcdef0123456789abcdef/0123456789012345678901aHR0cDovL2H_/a",
  };
  g_autoptr (P2pSoupGatewayLinks) links = p2p_soup_gateway_links_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (p2p_soup_gateway_links_read (bad[i]));
  for (guint i = 0; i < 40; i++) {
    g_autofree char *uri = g_strdup_printf ("https://a.example/%.*s?%u",
        (int) i, "0123456789012345678901234567890123456789", i);
    g_autofree char *path = p2p_soup_gateway_links_sign (links, uri, NULL);
    g_autofree char *read = p2p_soup_gateway_links_read (path);

    g_assert_cmpstr (read, ==, uri);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/vod", test_vod);
  g_test_add_func ("/gateway/master", test_master);
  g_test_add_func ("/gateway/players", test_players);
  g_test_add_func ("/gateway/ranges", test_ranges);
  g_test_add_func ("/gateway/playlist-range", test_playlist_range);
  g_test_add_func ("/gateway/conditions", test_conditions);
  g_test_add_func ("/gateway/head", test_head);
  g_test_add_func ("/gateway/keep-alive", test_keep_alive);
  g_test_add_func ("/gateway/streaming", test_streaming);
  g_test_add_func ("/gateway/live", test_live);
  g_test_add_func ("/gateway/directives", test_directives);
  g_test_add_func ("/gateway/redirects", test_redirects);
  g_test_add_func ("/gateway/elsewhere", test_elsewhere);
  g_test_add_func ("/gateway/define", test_define);
  g_test_add_func ("/gateway/too-long", test_too_long);
  g_test_add_func ("/gateway/anew", test_anew);
  g_test_add_func ("/gateway/errors", test_errors);
  g_test_add_func ("/gateway/pace", test_pace);
  g_test_add_func ("/gateway/page", test_page);
  g_test_add_func ("/gateway/links-read", test_links_read);
  return g_test_run ();
}
