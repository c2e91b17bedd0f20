/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the gateway serves to players that behave.
 */

#include "gateworld.h"

#define SEGMENT 300000

static void
put_vod (GateWorld * world)
{
  gate_world_put (world, "/v/list.m3u8", NULL, "#EXTM3U\n"
      "#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:VOD\n"
      "#EXTINF:2,\na.ts\n#EXTINF:2,\nsub/b.ts?x=1\n#EXTINF:2,\n/c.ts\n"
      "#EXT-X-ENDLIST\n");
  gate_world_put_segment (world, "/v/a.ts", SEGMENT);
  gate_world_put_segment (world, "/v/sub/b.ts?x=1", SEGMENT);
  gate_world_put_segment (world, "/c.ts", SEGMENT);
}

static const char *const vod[] = { "/v/a.ts", "/v/sub/b.ts?x=1", "/c.ts" };

static void
test_vod (void)
{
  g_autoptr (GateWorld) world = gate_world_new (NULL);
  P2pSoupGatewayStream *stream;
  g_autoptr (Reply) list = NULL;

  put_vod (world);
  stream = gate_world_add (world, "/v/list.m3u8");
  g_assert_true (g_str_has_suffix (p2p_soup_gateway_stream_get_playlist_url
          (stream), "/list.m3u8"));
  list = gate_world_get (world,
      p2p_soup_gateway_stream_get_playlist_url (stream), NULL);
  g_assert_cmpuint (list->status, ==, 200);
  g_assert_cmpstr (reply_get (list, "content-type"), ==,
      "application/vnd.apple.mpegurl");
  for (guint i = 0; i < 3; i++) {
    g_autofree char *path = gate_world_pick (list->body, i);

    for (guint again = 0; again < 2; again++) {
      g_autoptr (Reply) reply = gate_world_get (world, path, NULL);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpstr (reply_get (reply, "content-type"), ==, "video/mp2t");
      gate_world_assert_body (world, vod[i], 0, -1, reply->body, reply->size);
    }
    g_assert_cmpuint (gate_world_count (world, vod[i]), ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/vod", test_vod);
  return g_test_run ();
}
