/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmljsonpeer.h"
#include "p2pelection.h"
#include "p2pmljsondownload.h"
#include "p2pmljsonheld.h"
#include "p2pmljsonkeys.h"
#include "p2pmljsontold.h"
#include "p2pmljsonupload.h"

#include <string.h>

/* How a piece of G0 begins. */
#define PIECE "{\"command\":\"segment_data\","

struct _P2pMlJsonPeer
{
  P2pChannelPeer parent;

  P2pMlJsonKeys keys;
  GHashTable *held;             /* see p2pmljsonheld.h; NULL: it did not say */

  /* What is said to it */
  P2pMlJsonTold *told;
  GBytes *map;                  /* the last that was said, or NULL */
  P2pMlJsonUpload *upload;
  P2pMlJsonDownload *download;
};

static void p2p_ml_json_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pMlJsonPeer, p2p_ml_json_peer, P2P_TYPE_CHANNEL_PEER,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, p2p_ml_json_peer_iface_init));
/* *INDENT-ON* */

static void
p2p_ml_json_peer_stop (P2pChannelPeer * peer)
{
  P2pMlJsonPeer *self = P2P_ML_JSON_PEER (peer);

  p2p_ml_json_download_stop (self->download);
  p2p_ml_json_upload_stop (self->upload);
}

static void
p2p_ml_json_peer_finalize (GObject * object)
{
  P2pMlJsonPeer *self = P2P_ML_JSON_PEER (object);

  p2p_ml_json_download_free (self->download);
  p2p_ml_json_upload_free (self->upload);
  p2p_ml_json_told_free (self->told);
  p2p_ml_json_keys_clear (&self->keys);
  g_clear_pointer (&self->held, g_hash_table_unref);
  g_clear_pointer (&self->map, g_bytes_unref);
  G_OBJECT_CLASS (p2p_ml_json_peer_parent_class)->finalize (object);
}

static void
p2p_ml_json_peer_init (P2pMlJsonPeer * self)
{
}

/* What it says */

static void
p2p_ml_json_peer_on_map (P2pMlJsonPeer * self, const P2pMlJson * message)
{
  g_clear_pointer (&self->held, g_hash_table_unref);
  self->held = p2p_ml_json_held_new (&self->keys, message->streams);
  p2p_channel_peer_set_usable (&self->parent);
  p2p_channel_peer_on_changed (self);
}

/* What is said of a segment that is not there: ABSENT, or DATA of no bytes, as pages
 * have it whose player took them away. */
static void
p2p_ml_json_peer_forget (P2pMlJsonPeer * self, const char *wire)
{
  const char *key = p2p_ml_json_keys_split (&self->keys, wire);

  if (key && self->held)
    g_hash_table_remove (self->held, key);
}

static void
p2p_ml_json_peer_on_request (P2pMlJsonPeer * self, const char *wire)
{
  const char *key = p2p_ml_json_keys_split (&self->keys, wire);
  const char *id = key ? p2p_ml_json_told_find (self->told, key) : NULL;

  if (id)
    p2p_ml_json_upload_ask (self->upload, id, wire);
  else
    p2p_ml_json_upload_say (self->upload, P2P_ML_JSON_ABSENT, wire);
}

static void
p2p_ml_json_peer_dispatch (P2pMlJsonPeer * self, const P2pMlJson * message)
{
  switch (message->command) {
    case P2P_ML_JSON_DATA:
      if (self->keys.kind != P2P_ML_WIRE_ARRAYS && message->size == 0)
        p2p_ml_json_peer_forget (self, message->id);
      p2p_ml_json_download_take_data (self->download, message);
      break;
    case P2P_ML_JSON_ABSENT:
      p2p_ml_json_peer_forget (self, message->id);
      p2p_ml_json_download_take_absent (self->download, message);
      break;
    case P2P_ML_JSON_MAP:
      p2p_ml_json_peer_on_map (self, message);
      break;
    case P2P_ML_JSON_REQUEST:
      p2p_ml_json_peer_on_request (self, message->id);
      break;
    case P2P_ML_JSON_CANCEL:
      p2p_ml_json_upload_cancel (self->upload, message->id);
      break;
    case P2P_ML_JSON_UNKNOWN:
      break;
    case P2P_ML_JSON_BROKEN:
      p2p_ml_json_download_blame (self->download,
          "A message that makes no sense");
      break;
  }
}

/* A command among the bytes of a segment ends its download, as with them. What
 * only looks like one is taken for bytes. */
static gboolean
p2p_ml_json_peer_take_command (P2pMlJsonPeer * self, const P2pMlJson * message)
{
  if (p2p_ml_json_download_is_taking (self->download)) {
    if (message->command >= P2P_ML_JSON_UNKNOWN)
      return FALSE;
    if (message->command != P2P_ML_JSON_DATA)
      p2p_ml_json_download_blame (self->download, "A command in a segment");
  }
  p2p_channel_peer_set_spoke (&self->parent);
  if (p2p_channel_peer_get_state (&self->parent) != P2P_PEER_STATE_CLOSED)
    p2p_ml_json_peer_dispatch (self, message);
  return TRUE;
}

static gboolean
p2p_ml_json_peer_spend (P2pMlJsonPeer * self, GBytes * bytes)
{
  if (p2p_channel_peer_spend (&self->parent, bytes))
    return TRUE;
  p2p_ml_json_download_blame (self->download,
      "More messages than anybody needs");
  return FALSE;
}

static void
p2p_ml_json_peer_take_raw (P2pMlJsonPeer * self, GBytes * bytes)
{
  p2p_channel_peer_count (&self->parent, bytes);
  p2p_ml_json_download_take_raw (self->download, bytes);
}

/* The pieces of G0 are bounded by the segment that they are of. */
static gboolean
p2p_ml_json_peer_is_piece (P2pMlJsonPeer * self, GBytes * bytes)
{
  return p2p_ml_json_download_waits (self->download)
      && g_bytes_get_size (bytes) > strlen (PIECE)
      && memcmp (g_bytes_get_data (bytes, NULL), PIECE, strlen (PIECE)) == 0;
}

static void
p2p_ml_json_peer_take (P2pChannelPeer * peer, GBytes * bytes, gboolean text)
{
  P2pMlJsonPeer *self = P2P_ML_JSON_PEER (peer);
  g_auto (P2pMlJson) message = { 0, };
  gboolean is_piece = p2p_ml_json_peer_is_piece (self, bytes);

  if (!p2p_ml_json_looks_like (bytes)) {
    p2p_ml_json_peer_take_raw (self, bytes);
    return;
  }
  if (!is_piece && !p2p_ml_json_peer_spend (self, bytes))
    return;
  if (!p2p_ml_json_read (&message, self->keys.kind, bytes)) {
    p2p_ml_json_peer_take_raw (self, bytes);
    return;
  }
  if (is_piece && !p2p_ml_json_download_is_of (self->download, &message)
      && !p2p_ml_json_peer_spend (self, bytes))
    return;
  if (message.piece)
    p2p_channel_peer_count (peer, message.piece);
  if (!p2p_ml_json_peer_take_command (self, &message))
    p2p_ml_json_peer_take_raw (self, bytes);
}

static void
p2p_ml_json_peer_drained (P2pChannelPeer * peer)
{
  p2p_ml_json_upload_go_on (P2P_ML_JSON_PEER (peer)->upload);
}

/* Nobody does anything about it: it is not worth waiting for. */
static void
p2p_ml_json_peer_on_cancel (const char *wire, gpointer data)
{
  P2pMlJsonPeer *self = data;

  if (!p2p_ml_json_upload_is_sending (self->upload))
    p2p_ml_json_upload_say (self->upload, P2P_ML_JSON_CANCEL, wire);
}

static void
p2p_ml_json_peer_on_lied (gpointer data)
{
  p2p_channel_peer_vanish (data);
}

P2pPeer *
p2p_ml_json_peer_new (P2pClock * clock, P2pChannel * channel,
    P2pNames * names, const char *id, P2pMlWire kind, const char *stream,
    const char *base)
{
  static const P2pMlJsonDownloadEvents download_events = {
    p2p_channel_peer_on_size, p2p_channel_peer_on_data,
    p2p_channel_peer_on_done, p2p_channel_peer_on_alive,
    p2p_ml_json_peer_on_cancel, p2p_channel_peer_on_changed,
    p2p_ml_json_peer_on_lied
  };
  static const P2pMlJsonUploadEvents upload_events = {
    p2p_channel_peer_on_wanted, p2p_channel_peer_on_uploaded,
    p2p_channel_peer_on_turn, p2p_channel_peer_on_sent,
    p2p_channel_peer_on_changed
  };
  P2pMlJsonPeer *self =
      p2p_channel_peer_new (P2P_TYPE_ML_JSON_PEER, clock, channel, id);

  p2p_channel_peer_set_elects (&self->parent, p2p_election_is_marked (id));
  p2p_ml_json_keys_init (&self->keys, kind, stream, base, names);
  self->told = p2p_ml_json_told_new (&self->keys);
  self->upload = p2p_ml_json_upload_new (clock, channel, kind, &upload_events,
      self);
  self->download = p2p_ml_json_download_new (clock, kind, &download_events,
      self);
  return P2P_PEER (self);
}

/* The interface */

static P2pPeerHas
p2p_ml_json_peer_has (P2pPeer * peer, const char *id)
{
  P2pMlJsonPeer *self = P2P_ML_JSON_PEER (peer);

  return self->held ? p2p_ml_json_held_get (self->held, &self->keys,
      p2p_names_find_id (self->keys.names, id)) : P2P_PEER_HAS_NOT;
}

static gboolean
p2p_ml_json_peer_is_idle (P2pPeer * peer)
{
  P2pMlJsonPeer *self = P2P_ML_JSON_PEER (peer);

  return p2p_channel_peer_get_state (&self->parent) == P2P_PEER_STATE_IDLE
      && !p2p_ml_json_upload_is_sending (self->upload);
}

static void
p2p_ml_json_peer_request (P2pPeer * peer, const char *id, gboolean urgent)
{
  P2pMlJsonPeer *self = P2P_ML_JSON_PEER (peer);
  const P2pName *name = p2p_names_find_id (self->keys.names, id);
  g_autofree char *key = name ? p2p_ml_json_keys_get (&self->keys, name) : NULL;
  g_autofree char *wire = NULL;

  g_return_if_fail (key != NULL && p2p_ml_json_peer_is_idle (peer));
  wire = p2p_ml_json_keys_join (&self->keys, key);
  p2p_ml_json_upload_say (self->upload, P2P_ML_JSON_REQUEST, wire);
  p2p_ml_json_download_begin (self->download, id, wire);
}

static void
p2p_ml_json_peer_cancel (P2pPeer * peer, const char *id)
{
  p2p_ml_json_download_cancel (P2P_ML_JSON_PEER (peer)->download, id);
}

static void
p2p_ml_json_peer_serve (P2pPeer * peer)
{
  p2p_ml_json_upload_serve (P2P_ML_JSON_PEER (peer)->upload);
}

static void
p2p_ml_json_peer_announce (P2pPeer * peer, GPtrArray * loaded,
    GPtrArray * loading, gboolean elects)
{
  P2pMlJsonPeer *self = P2P_ML_JSON_PEER (peer);
  g_autoptr (GBytes) map = p2p_ml_json_told_update (self->told, loaded,
      loading);

  if (self->map && g_bytes_equal (map, self->map))
    return;
  g_clear_pointer (&self->map, g_bytes_unref);
  self->map = g_steal_pointer (&map);
  p2p_ml_json_upload_say_map (self->upload, self->map);
}

static void
p2p_ml_json_peer_iface_init (P2pPeerInterface * iface)
{
  iface->has = p2p_ml_json_peer_has;
  iface->is_idle = p2p_ml_json_peer_is_idle;
  iface->request = p2p_ml_json_peer_request;
  iface->cancel = p2p_ml_json_peer_cancel;
  iface->serve = p2p_ml_json_peer_serve;
  iface->announce = p2p_ml_json_peer_announce;
}

static gboolean
p2p_ml_json_peer_is_asked (P2pChannelPeer * peer)
{
  return !p2p_ml_json_download_is_idle (P2P_ML_JSON_PEER (peer)->download);
}

static guint64
p2p_ml_json_peer_get_upload_rate (P2pChannelPeer * peer)
{
  return p2p_ml_json_upload_get_rate (P2P_ML_JSON_PEER (peer)->upload);
}

static void
p2p_ml_json_peer_class_init (P2pMlJsonPeerClass * klass)
{
  P2pChannelPeerClass *peer_class = P2P_CHANNEL_PEER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = p2p_ml_json_peer_finalize;
  peer_class->take = p2p_ml_json_peer_take;
  peer_class->drained = p2p_ml_json_peer_drained;
  peer_class->stop = p2p_ml_json_peer_stop;
  peer_class->is_asked = p2p_ml_json_peer_is_asked;
  peer_class->get_upload_rate = p2p_ml_json_peer_get_upload_rate;
  peer_class->patience = P2P_ML_JSON_PEER_PATIENCE;
}
