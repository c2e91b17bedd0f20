/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psnreply.h"

#include "p2perror.h"
#include "p2pjson.h"
#include "p2psnsignal.h"

static gint64
get_interval (P2pJson * json, const char *name)
{
  gint64 seconds = P2P_SN_DEFAULT_INTERVAL;

  p2p_json_get_int64 (json, name, &seconds);
  return CLAMP (seconds, P2P_SN_MIN_INTERVAL, P2P_SN_MAX_INTERVAL) * P2P_SECOND;
}

static void
read_peers (P2pSnReply * self, P2pJson * json)
{
  g_autoptr (GPtrArray) objects = p2p_json_get_objects (json, "peers");

  for (guint i = 0; objects && i < objects->len
      && self->peers->len < P2P_SN_REPLY_MAX_PEERS; i++) {
    const char *id = p2p_json_get_string (g_ptr_array_index (objects, i), "id");

    if (id && p2p_sn_is_peer_id (id))
      g_ptr_array_add (self->peers, g_strdup (id));
  }
}

P2pSnReply *
p2p_sn_reply_parse (GBytes * body, GError ** error)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  g_autoptr (P2pJson) json = p2p_json_parse (text, size, P2P_SN_REPLY_MAX_SIZE);
  P2pSnReply *self;
  const char *id;

  if (!json) {
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_MALFORMED,
        "The tracker's answer is not one of its protocol. Check "
        "tracker-announce.");
    return NULL;
  }
  self = g_new0 (P2pSnReply, 1);
  self->peers = g_ptr_array_new_with_free_func (g_free);
  id = p2p_json_get_string (json, "peer_id");
  if (id && p2p_sn_is_peer_id (id))
    self->peer_id = g_strdup (id);
  self->report_interval = get_interval (json, "report_interval");
  self->heartbeat_interval = get_interval (json, "heartbeat_interval");
  read_peers (self, json);
  return self;
}

void
p2p_sn_reply_free (P2pSnReply * self)
{
  g_free (self->peer_id);
  g_ptr_array_unref (self->peers);
  g_free (self);
}

char *
p2p_sn_stats_write (gint64 source, gint64 p2p, gint64 conns,
    gint64 failed_conns)
{
  g_autoptr (P2pJson) json = p2p_json_new ();

  p2p_json_set_int64 (json, "source", source);
  p2p_json_set_int64 (json, "p2p", p2p);
  if (conns != 0)
    p2p_json_set_int64 (json, "conns", conns);
  if (failed_conns != 0)
    p2p_json_set_int64 (json, "failConns", failed_conns);
  return p2p_json_to_text (json);
}
