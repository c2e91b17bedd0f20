/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mljsonwire.h"

/* What went over a channel between two Chromiums with npm's p2p-media-loader-core
 * 0.6.2 (hls.js 0.14.17), a live stream: one of them, said again to us in the place
 * of the other. */
#define S "http://127.0.0.1:28480/origin/live/w15/index.m3u8"
#define MAP(ids, statuses) \
    "{\"c\":2,\"m\":{\"" S "\":[\"" ids "\",[" statuses "]]}}"
#define REQUEST(n) "{\"c\":3,\"i\":\"" S "+" n "\"}"
#define DATA(n, size) "{\"c\":0,\"i\":\"" S "+" n "\",\"s\":" size "}"

static P2pPeer *
make (Wire * w)
{
  return p2p_ml_json_peer_new (w->clock, P2P_CHANNEL (w->ours), w->names, "p",
      P2P_ML_WIRE_SHORT, S, NULL);
}

static void
say_bytes (Wire * w, guint n, gsize last)
{
  while (n-- > 0)
    wire_say_bytes (w, 65535);
  wire_say_bytes (w, last);
}

static Wire *
live_wire (void)
{
  Wire *w = wire_new_of (make);

  w->describe = ml_json_wire_describe;
  p2p_names_clear (w->names);
  for (guint i = 410; i < 425; i++) {
    g_autofree char *id = g_strdup_printf ("id%u", i);

    p2p_names_add (w->names, id, i, id);
  }
  wire_hold (w, 413, 250000);
  wire_hold (w, 414, 265832);
  wire_announce (w);
  wire_assert_got (w, MAP ("413|414", "0,0") "\n");
  ml_json_wire_say (w, MAP ("410|411|412|413|416", "0,0,0,0,0"));
  wire_assert_log (w, "changed\n");
  return w;
}

/* Each is sent a segment by the other at the same time. */
static void
test_both_ways (void)
{
  g_autoptr (Wire) w = live_wire ();

  p2p_peer_request (w->peer, "id416", TRUE);
  w->ours->rate = 8000000;
  ml_json_wire_say (w, REQUEST ("414"));
  wire_run (w, 10 * P2P_MSEC);
  ml_json_wire_say (w, DATA ("416", "252296"));
  wire_run (w, 10 * P2P_MSEC);
  say_bytes (w, 2, 65535);
  /* Theirs had the map of what came in the queue of the channel. */
  wire_run (w, 10 * P2P_MSEC);
  say_bytes (w, 0, 55691);
  wire_assert_got (w, REQUEST ("416") "\n" DATA ("414", "265832")
      "\n#65535\n#65535\n#65535\n");
  g_assert_nonnull (strstr (w->log->str, "size id416 252296\n"));
  g_assert_true (g_str_has_suffix (w->log->str, "done id416\n"));
  wire_hold (w, 416, 252296);
  wire_announce (w);
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, "#65535\n#3692\n" MAP ("413|414|416", "0,0,0") "\n");
}

/* What they get over HTTP is asked for as soon as they say that it is there. */
static void
test_loading (void)
{
  g_autoptr (Wire) w = live_wire ();

  ml_json_wire_say (w, MAP ("410|411|412|413|416|414|418", "0,0,0,0,0,0,1"));
  g_assert_cmpint (p2p_peer_has (w->peer, "id418"), ==, P2P_PEER_IS_LOADING);
  ml_json_wire_say (w, MAP ("410|411|412|413|416|414|418", "0,0,0,0,0,0,0"));
  g_assert_cmpint (p2p_peer_has (w->peer, "id418"), ==, P2P_PEER_HAS);
  p2p_peer_request (w->peer, "id418", TRUE);
  wire_run (w, 0);
  wire_assert_got (w, REQUEST ("418") "\n");
  ml_json_wire_say (w, DATA ("418", "253988"));
  say_bytes (w, 3, 57383);
  wire_assert_log (w, "changed\nchanged\nsize id418 253988\n"
      "data id418 65535\ndata id418 65535\ndata id418 65535\n"
      "data id418 57383\ndone id418\n");
}

/* … and the other way round. */
static void
test_told_loading (void)
{
  g_autoptr (Wire) w = live_wire ();

  g_ptr_array_add (w->loading, g_strdup ("id415"));
  wire_announce (w);
  wire_assert_got (w, MAP ("413|414|415", "0,0,1") "\n");
  g_ptr_array_set_size (w->loading, 0);
  wire_hold (w, 415, 268840);
  wire_announce (w);
  wire_assert_got (w, MAP ("413|414|415", "0,0,0") "\n");
  ml_json_wire_say (w, REQUEST ("415"));
  wire_run (w, P2P_SECOND);
  wire_assert_got (w, DATA ("415", "268840")
      "\n#65535\n#65535\n#65535\n#65535\n#6700\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mljsonreplay/both-ways", test_both_ways);
  g_test_add_func ("/mljsonreplay/loading", test_loading);
  g_test_add_func ("/mljsonreplay/told-loading", test_told_loading);
  return g_test_run ();
}
