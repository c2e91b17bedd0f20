/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mljsonwire.h"

#include <string.h>

static P2pPeer *
make_g0 (Wire * w)
{
  return p2p_ml_json_peer_new (w->clock, P2P_CHANNEL (w->ours), w->names, "p",
      P2P_ML_WIRE_ARRAYS, NULL, "http://h/v/live.m3u8?token=1");
}

static P2pPeer *
make_g1 (Wire * w)
{
  return p2p_ml_json_peer_new (w->clock, P2P_CHANNEL (w->ours), w->names, "p",
      P2P_ML_WIRE_LONG, ML_STREAM, NULL);
}

static P2pPeer *
make_g2 (Wire * w)
{
  return p2p_ml_json_peer_new (w->clock, P2P_CHANNEL (w->ours), w->names, "p",
      P2P_ML_WIRE_SHORT, ML_STREAM, NULL);
}

char *
ml_json_wire_describe (GBytes * message)
{
  gsize size;
  const char *data = g_bytes_get_data (message, &size);

  return size > 1 && data[0] == '{' && data[1] == '"' ? g_strndup (data, size)
      : g_strdup_printf ("#%" G_GSIZE_FORMAT, size);
}

void
ml_json_wire_say (Wire * w, const char *command)
{
  wire_say_message (w, g_bytes_new (command, strlen (command)));
}

Wire *
ml_json_wire_new (P2pMlWire kind, const char *map)
{
  Wire *w = wire_new_of (kind == P2P_ML_WIRE_ARRAYS ? make_g0
      : kind == P2P_ML_WIRE_LONG ? make_g1 : make_g2);

  w->describe = ml_json_wire_describe;
  wire_announce (w);
  wire_assert_got (w, kind == P2P_ML_WIRE_SHORT ? ML_NO_MAP "\n"
      : "{\"command\":\"segments_map\",\"segments\":[]}\n");
  if (map) {
    ml_json_wire_say (w, map);
    wire_assert_log (w, "changed\n");
  }
  return w;
}
