/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psnpeer.h"
#include "p2perror.h"
#include "p2pjson.h"
#include "p2pnumberset.h"
#include "p2psndownload.h"
#include "p2psnmessage.h"
#include "p2psntold.h"
#include "p2psnupload.h"

struct _P2pSnPeer
{
  P2pChannelPeer parent;

  P2pNames *names;
  gboolean bad;                 /* it broke the rules */
  GArray *held;                 /* a P2pNumberSet: as it said */

  /* What is said to it */
  P2pSnTold *told;
  P2pSnUpload *upload;          /* NULL: it is closed */
  P2pSnDownload *download;
};

static void p2p_sn_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pSnPeer, p2p_sn_peer, P2P_TYPE_CHANNEL_PEER,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, p2p_sn_peer_iface_init));
/* *INDENT-ON* */

/* Says that what is told to be held here is not to be asked for. */
static void
p2p_sn_peer_say_goodbye (P2pChannelPeer * peer, gboolean silent)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);
  gboolean bad = self->bad && !silent;

  if (!silent)
    p2p_sn_told_end (self->told);
  p2p_sn_message_say (p2p_channel_peer_get_channel (peer),
      bad ? P2P_SN_ERROR : P2P_SN_CLOSE, -1, NULL);
}

static void
p2p_sn_peer_stop (P2pChannelPeer * peer)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);

  p2p_sn_download_stop (self->download);
  g_clear_pointer (&self->upload, p2p_sn_upload_free);
}

static void
p2p_sn_peer_finalize (GObject * object)
{
  P2pSnPeer *self = P2P_SN_PEER (object);

  p2p_sn_download_free (self->download);
  g_array_unref (self->held);
  p2p_sn_told_free (self->told);
  p2p_names_unref (self->names);
  G_OBJECT_CLASS (p2p_sn_peer_parent_class)->finalize (object);
}

static void
p2p_sn_peer_init (P2pSnPeer * self)
{
  self->held = p2p_number_set_new ();
}

/* What it says */

static void
p2p_sn_peer_on_request (P2pSnPeer * self, const P2pSnMessage * message)
{
  const P2pName *name =
      p2p_sn_told_find (self->told, message->sn, message->url);

  if (name && name->sn <= P2P_JSON_MAX_INT64)
    p2p_sn_upload_ask (self->upload, name, message->url, message->urgent);
  else
    p2p_sn_message_say (p2p_channel_peer_get_channel (&self->parent),
        P2P_SN_PIECE_NOT_FOUND, message->sn, message->url);
}

static void
p2p_sn_peer_on_field (P2pSnPeer * self, P2pSnMessage * message)
{
  g_array_unref (self->held);
  self->held = g_steal_pointer (&message->field);
  p2p_number_set_sort (self->held);
  p2p_channel_peer_set_usable (&self->parent);
  p2p_channel_peer_set_elects (&self->parent, message->elects);
  if (message->packet)
    p2p_sn_upload_set_packet (self->upload, message->packet);
  p2p_channel_peer_on_changed (self);
}

/* One without sn is sent by the seed's own client, and means nothing. */
static void
p2p_sn_peer_on_news (P2pSnPeer * self, const P2pSnMessage * message)
{
  gboolean changed = FALSE;

  if (message->sn < 0)
    return;
  if (message->event == P2P_SN_LOST)
    changed = p2p_number_set_remove (self->held, message->sn);
  else if (self->held->len < P2P_SN_MAX_FIELD)
    changed = p2p_number_set_add (self->held, message->sn);
  else if (!p2p_number_set_contains (self->held, message->sn))
    p2p_sn_download_blame (self->download, "More than anybody holds");
  if (changed)
    p2p_channel_peer_on_changed (self);
}

static void
p2p_sn_peer_dispatch (P2pSnPeer * self, P2pSnMessage * message)
{
  switch (message->event) {
    case P2P_SN_REQUEST:
      p2p_sn_peer_on_request (self, message);
      break;
    case P2P_SN_PIECE:
      p2p_sn_download_take_piece (self->download, message);
      break;
    case P2P_SN_PIECE_ACK:
      p2p_sn_upload_acknowledge (self->upload, message->sn, message->url);
      break;
    case P2P_SN_PIECE_NOT_FOUND:
      p2p_sn_download_take_not_found (self->download, message);
      break;
    case P2P_SN_BITFIELD:
      p2p_sn_peer_on_field (self, message);
      break;
    case P2P_SN_HAVE:
    case P2P_SN_LOST:
      p2p_sn_peer_on_news (self, message);
      break;
    case P2P_SN_PING:
      p2p_sn_message_say (p2p_channel_peer_get_channel (&self->parent),
          P2P_SN_PONG, -1, NULL);
      break;
    case P2P_SN_CLOSE:
    case P2P_SN_ERROR:
      p2p_channel_peer_vanish (&self->parent);
      break;
    case P2P_SN_PONG:
    case P2P_SN_UNKNOWN:
      break;
  }
}

static void
p2p_sn_peer_take (P2pChannelPeer * peer, GBytes * bytes, gboolean text)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);
  g_auto (P2pSnMessage) message = { 0, };

  if (!text)
    p2p_channel_peer_count (peer, bytes);
  if (!text)
    p2p_sn_download_take_packet (self->download, bytes);
  else if (!p2p_channel_peer_spend (peer, bytes))
    p2p_sn_download_blame (self->download, "More messages than anybody needs");
  else if (p2p_sn_message_parse (&message, bytes))
    p2p_sn_peer_dispatch (self, &message);
  else
    p2p_sn_download_blame (self->download, "A message that makes no sense");
}

static void
p2p_sn_peer_drained (P2pChannelPeer * peer)
{
  p2p_sn_upload_go_on (P2P_SN_PEER (peer)->upload);
}

static void
p2p_sn_peer_on_done (const char *id, const GError * error, gpointer data)
{
  P2pSnPeer *self = data;

  if (g_error_matches (error, P2P_ERROR, P2P_ERROR_PEER))
    self->bad = TRUE;
  p2p_channel_peer_on_done (id, error, self);
}

P2pPeer *
p2p_sn_peer_new (P2pClock * clock, P2pChannel * channel, P2pNames * names,
    const char *id)
{
  static const P2pSnUploadEvents upload_events = {
    p2p_channel_peer_on_wanted, p2p_channel_peer_on_uploaded,
    p2p_channel_peer_on_turn, p2p_channel_peer_on_sent
  };
  static const P2pSnDownloadEvents download_events = {
    p2p_channel_peer_on_size, p2p_channel_peer_on_data, p2p_sn_peer_on_done,
    p2p_channel_peer_on_changed
  };
  P2pSnPeer *self = p2p_channel_peer_new (P2P_TYPE_SN_PEER, clock, channel, id);

  self->names = p2p_names_ref (names);
  self->told = p2p_sn_told_new (channel, names);
  self->upload = p2p_sn_upload_new (clock, channel, &upload_events, self);
  self->download = p2p_sn_download_new (clock, channel, names,
      &download_events, self);
  return P2P_PEER (self);
}

/* The interface */

static P2pPeerHas
p2p_sn_peer_has (P2pPeer * peer, const char *id)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);
  const P2pName *name = p2p_names_find_id (self->names, id);

  if (!name || name->sn > P2P_JSON_MAX_INT64
      || !p2p_channel_peer_is_usable (&self->parent))
    return P2P_PEER_HAS_NOT;
  /* Of two with one number it would not be known which. */
  return p2p_names_find_sn (self->names, name->sn) == name
      && p2p_number_set_contains (self->held, name->sn) ? P2P_PEER_HAS
      : P2P_PEER_HAS_NOT;
}

static void
p2p_sn_peer_request (P2pPeer * peer, const char *id, gboolean urgent)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);
  const P2pName *name = p2p_names_find_id (self->names, id);

  g_return_if_fail (name != NULL && p2p_peer_is_idle (peer));
  p2p_sn_download_request (self->download, name, urgent);
}

static void
p2p_sn_peer_cancel (P2pPeer * peer, const char *id)
{
  p2p_sn_download_cancel (P2P_SN_PEER (peer)->download, id);
}

static void
p2p_sn_peer_accept (P2pPeer * peer, const char *id)
{
  p2p_sn_download_accept (P2P_SN_PEER (peer)->download, id);
}

static void
p2p_sn_peer_serve (P2pPeer * peer)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);

  if (self->upload)
    p2p_sn_upload_serve (self->upload);
}

static void
p2p_sn_peer_announce (P2pPeer * peer, GPtrArray * loaded, GPtrArray * loading,
    gboolean elects)
{
  P2pSnPeer *self = P2P_SN_PEER (peer);

  if (self->upload)
    p2p_sn_told_update (self->told, loaded, elects);
}

static void
p2p_sn_peer_iface_init (P2pPeerInterface * iface)
{
  iface->has = p2p_sn_peer_has;
  iface->request = p2p_sn_peer_request;
  iface->cancel = p2p_sn_peer_cancel;
  iface->accept = p2p_sn_peer_accept;
  iface->serve = p2p_sn_peer_serve;
  iface->announce = p2p_sn_peer_announce;
}

static gboolean
p2p_sn_peer_is_asked (P2pChannelPeer * peer)
{
  return !p2p_sn_download_is_idle (P2P_SN_PEER (peer)->download);
}

static guint64
p2p_sn_peer_get_upload_rate (P2pChannelPeer * peer)
{
  return p2p_sn_upload_get_rate (P2P_SN_PEER (peer)->upload);
}

static void
p2p_sn_peer_class_init (P2pSnPeerClass * klass)
{
  P2pChannelPeerClass *peer_class = P2P_CHANNEL_PEER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = p2p_sn_peer_finalize;
  peer_class->take = p2p_sn_peer_take;
  peer_class->drained = p2p_sn_peer_drained;
  peer_class->stop = p2p_sn_peer_stop;
  peer_class->is_asked = p2p_sn_peer_is_asked;
  peer_class->get_upload_rate = p2p_sn_peer_get_upload_rate;
  peer_class->patience = P2P_SN_PEER_PATIENCE;
  peer_class->say_goodbye = p2p_sn_peer_say_goodbye;
}
