/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pmlpeer.h"
#include "p2pelection.h"
#include "p2pmldownload.h"
#include "p2pmlreader.h"
#include "p2pmlsend.h"
#include "p2pmltold.h"
#include "p2pnumberset.h"

#include <string.h>

struct _P2pMlPeer
{
  P2pChannelPeer parent;

  gboolean request_ids;

  /* What it says */
  P2pMlReader *reader;
  GArray *loaded, *loading;     /* P2pNumberSets */
  P2pMlDownload *download;

  /* What is said to it */
  P2pMlTold *told;
  P2pMlSend *send;              /* NULL: it is closed */
  gint64 number, request;       /* of what it asked for */
};

static void p2p_ml_peer_iface_init (P2pPeerInterface * iface);

/* *INDENT-OFF* */
G_DEFINE_TYPE_WITH_CODE (P2pMlPeer, p2p_ml_peer, P2P_TYPE_CHANNEL_PEER,
    G_IMPLEMENT_INTERFACE (P2P_TYPE_PEER, p2p_ml_peer_iface_init));
/* *INDENT-ON* */

static void
p2p_ml_peer_stop (P2pChannelPeer * peer)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  p2p_ml_download_stop (self->download);
  g_clear_pointer (&self->send, p2p_ml_send_free);
}

static void
p2p_ml_peer_finalize (GObject * object)
{
  P2pMlPeer *self = P2P_ML_PEER (object);

  p2p_ml_download_free (self->download);
  p2p_ml_told_free (self->told);
  p2p_ml_reader_free (self->reader);
  g_array_unref (self->loaded);
  g_array_unref (self->loading);
  G_OBJECT_CLASS (p2p_ml_peer_parent_class)->finalize (object);
}

static void
p2p_ml_peer_init (P2pMlPeer * self)
{
  self->loaded = p2p_number_set_new ();
  self->loading = p2p_number_set_new ();
}

/* What it says */

/* Returns: whether it is another one */
static gboolean
replace_set (GArray ** set, GArray * numbers)
{
  g_autoptr (GArray) before = g_steal_pointer (set);

  *set = numbers ? g_array_ref (numbers)
      : p2p_number_set_new ();
  p2p_number_set_sort (*set);
  return before->len != (*set)->len || (before->len > 0
      && memcmp (before->data, (*set)->data, before->len * sizeof (gint64)));
}

static void
p2p_ml_peer_on_announcement (P2pMlPeer * self, const P2pMlCommand * command)
{
  gboolean changed = !p2p_channel_peer_is_usable (&self->parent);

  changed |= replace_set (&self->loaded, command->loaded);
  changed |= replace_set (&self->loading, command->loading);
  p2p_channel_peer_set_usable (&self->parent);
  if (changed)
    p2p_channel_peer_on_changed (self);
}

/* Says type of what it asked for. */
static void
p2p_ml_peer_say (P2pMlPeer * self, P2pMlType type, gsize size)
{
  P2pMlCommand command = { type, P2P_ML_HAS_SEGMENT,.segment = self->number,
    .request = self->request,.size = size
  };

  if (self->request_ids)
    command.has |= P2P_ML_HAS_REQUEST;
  if (type == P2P_ML_DATA)
    command.has |= P2P_ML_HAS_SIZE;
  p2p_ml_command_send (&command, p2p_channel_peer_get_channel (&self->parent));
}

static void
p2p_ml_peer_on_request (P2pMlPeer * self, const P2pMlCommand * command)
{
  const char *id = p2p_ml_told_find (self->told, command->segment);

  self->number = command->segment;
  self->request = command->request;
  if (id) {
    p2p_ml_send_ask (self->send, id, command->first);
    return;
  }
  /* p2p-media-loader says nothing, and lets it wait. */
  p2p_ml_peer_say (self, P2P_ML_ABSENT, 0);
  p2p_ml_send_stop (self->send);
}

static void
p2p_ml_peer_on_cancel (P2pMlPeer * self, const P2pMlCommand * command)
{
  if (p2p_ml_send_is_busy (self->send)
      && (self->request_ids ? command->request == self->request
          : command->segment == self->number))
    p2p_ml_send_stop (self->send);
}

static void
p2p_ml_peer_dispatch (P2pMlPeer * self, const P2pMlCommand * command)
{
  switch (command->type) {
    case P2P_ML_ANNOUNCEMENT:
      p2p_ml_peer_on_announcement (self, command);
      break;
    case P2P_ML_REQUEST:
      p2p_ml_peer_on_request (self, command);
      break;
    case P2P_ML_CANCEL:
      p2p_ml_peer_on_cancel (self, command);
      break;
    case P2P_ML_ABSENT:
      p2p_number_set_remove (self->loaded, command->segment);
      p2p_ml_download_take (self->download, command);
      break;
    case P2P_ML_DATA:
      /* As if it were not there */
      if (command->size == 0)
        p2p_number_set_remove (self->loaded, command->segment);
      p2p_ml_download_take (self->download, command);
      break;
    default:
      p2p_ml_download_take (self->download, command);
      break;
  }
}

static void
p2p_ml_peer_take_command (P2pMlPeer * self, GBytes * message)
{
  g_auto (P2pMlCommand) command = { 0, };

  switch (p2p_ml_reader_take (self->reader, message, &command)) {
    case P2P_ML_READ_COMMAND:
      p2p_ml_peer_dispatch (self, &command);
      break;
    case P2P_ML_READ_BAD:
      p2p_ml_download_blame (self->download, "A command that makes no sense");
      break;
    default:
      break;
  }
}

static void
p2p_ml_peer_take (P2pChannelPeer * peer, GBytes * bytes, gboolean text)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  if (!text && !p2p_ml_message_is_command (bytes)) {
    p2p_channel_peer_count (peer, bytes);
    p2p_ml_download_take_bytes (self->download, bytes);
  } else if (!p2p_channel_peer_spend (peer, bytes)) {
    p2p_ml_download_blame (self->download, "More commands than anybody needs");
  } else if (text) {
    p2p_ml_download_blame (self->download, "Text, where all is binary");
  } else {
    p2p_ml_peer_take_command (self, bytes);
  }
}

static void
p2p_ml_peer_drained (P2pChannelPeer * peer)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  p2p_ml_told_go_on (self->told);
  p2p_ml_send_go_on (self->send);
}

static void
p2p_ml_peer_on_done (const char *id, const GError * error, gboolean broken,
    gpointer data)
{
  g_autoptr (P2pMlPeer) self = g_object_ref (data);

  p2p_channel_peer_on_done (id, error, self);
  if (broken)
    p2p_channel_peer_vanish (&self->parent);
}

/* What it is sent */

static void
p2p_ml_peer_on_begin (gsize size, gpointer data)
{
  p2p_ml_peer_say (data, P2P_ML_DATA, size);
}

static void
p2p_ml_peer_on_end (gpointer data)
{
  p2p_ml_peer_say (data, P2P_ML_COMPLETED, 0);
}

static void
p2p_ml_peer_on_refuse (gpointer data)
{
  p2p_ml_peer_say (data, P2P_ML_ABSENT, 0);
}

static gboolean
p2p_ml_peer_misreads (GBytes * bytes, gpointer data)
{
  return p2p_ml_message_is_command (bytes);
}

P2pPeer *
p2p_ml_peer_new (P2pClock * clock, P2pChannel * channel, P2pNames * names,
    const char *id, gboolean request_ids, gboolean counts_places)
{
  static const P2pMlSendEvents send_events = {
    p2p_channel_peer_on_wanted, p2p_channel_peer_on_uploaded,
    p2p_channel_peer_on_turn, p2p_channel_peer_on_sent, p2p_ml_peer_on_begin,
    p2p_ml_peer_on_end, p2p_ml_peer_on_refuse, p2p_ml_peer_misreads
  };
  static const P2pMlDownloadEvents download_events = {
    p2p_channel_peer_on_size, p2p_channel_peer_on_data, p2p_ml_peer_on_done
  };
  P2pMlPeer *self = p2p_channel_peer_new (P2P_TYPE_ML_PEER, clock, channel, id);

  self->request_ids = request_ids;
  p2p_channel_peer_set_elects (&self->parent, p2p_election_is_marked (id));
  self->reader = p2p_ml_reader_new (request_ids);
  self->told = p2p_ml_told_new (channel, names, counts_places);
  self->send = p2p_ml_send_new (clock, channel, P2P_ML_MAX_MESSAGE,
      request_ids ? P2P_ML_PEER_PATIENCE : P2P_ML_PEER_SHORT_PATIENCE,
      &send_events, self);
  self->download = p2p_ml_download_new (clock, channel, request_ids,
      &download_events, self);
  return P2P_PEER (self);
}

/* The interface */

static P2pPeerHas
p2p_ml_peer_has (P2pPeer * peer, const char *id)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);
  gint64 number = p2p_ml_told_get_number (self->told, id);

  if (number < 0)
    return P2P_PEER_HAS_NOT;
  if (p2p_number_set_contains (self->loaded, number))
    return P2P_PEER_HAS;
  return p2p_number_set_contains (self->loading, number) ? P2P_PEER_IS_LOADING
      : P2P_PEER_HAS_NOT;
}

static void
p2p_ml_peer_resume (P2pPeer * peer, const char *id, gsize first,
    gboolean urgent)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);
  gint64 number = p2p_ml_told_get_number (self->told, id);

  g_return_if_fail (number >= 0 && p2p_peer_is_idle (peer));
  p2p_ml_download_request (self->download, id, number, first);
}

static void
p2p_ml_peer_request (P2pPeer * peer, const char *id, gboolean urgent)
{
  p2p_ml_peer_resume (peer, id, 0, urgent);
}

static void
p2p_ml_peer_cancel (P2pPeer * peer, const char *id)
{
  p2p_ml_download_cancel (P2P_ML_PEER (peer)->download, id);
}

static void
p2p_ml_peer_serve (P2pPeer * peer)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  if (self->send)
    p2p_ml_send_serve (self->send);
}

static void
p2p_ml_peer_announce (P2pPeer * peer, GPtrArray * loaded, GPtrArray * loading,
    gboolean elects)
{
  P2pMlPeer *self = P2P_ML_PEER (peer);

  if (self->send)
    p2p_ml_told_update (self->told, loaded, loading);
}

static void
p2p_ml_peer_iface_init (P2pPeerInterface * iface)
{
  iface->has = p2p_ml_peer_has;
  iface->request = p2p_ml_peer_request;
  iface->resume = p2p_ml_peer_resume;
  iface->cancel = p2p_ml_peer_cancel;
  iface->serve = p2p_ml_peer_serve;
  iface->announce = p2p_ml_peer_announce;
}

static gboolean
p2p_ml_peer_is_asked (P2pChannelPeer * peer)
{
  return !p2p_ml_download_is_idle (P2P_ML_PEER (peer)->download);
}

static guint64
p2p_ml_peer_get_upload_rate (P2pChannelPeer * peer)
{
  return p2p_ml_send_get_rate (P2P_ML_PEER (peer)->send);
}

static void
p2p_ml_peer_class_init (P2pMlPeerClass * klass)
{
  P2pChannelPeerClass *peer_class = P2P_CHANNEL_PEER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = p2p_ml_peer_finalize;
  peer_class->take = p2p_ml_peer_take;
  peer_class->drained = p2p_ml_peer_drained;
  peer_class->stop = p2p_ml_peer_stop;
  peer_class->is_asked = p2p_ml_peer_is_asked;
  peer_class->get_upload_rate = p2p_ml_peer_get_upload_rate;
}
