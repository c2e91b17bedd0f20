/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pchannel.h"

G_DEFINE_INTERFACE (P2pChannel, p2p_channel, G_TYPE_OBJECT);

static void
p2p_channel_default_init (P2pChannelInterface * iface)
{
}

void
p2p_channel_set_events (P2pChannel * self, const P2pChannelEvents * events,
    gpointer user_data)
{
  P2P_CHANNEL_GET_IFACE (self)->set_events (self, events, user_data);
}

gboolean
p2p_channel_send (P2pChannel * self, GBytes * bytes, gboolean text)
{
  return P2P_CHANNEL_GET_IFACE (self)->send (self, bytes, text);
}

gsize
p2p_channel_get_buffered (P2pChannel * self)
{
  return P2P_CHANNEL_GET_IFACE (self)->get_buffered (self);
}

void
p2p_channel_set_low_water (P2pChannel * self, gsize bytes)
{
  P2P_CHANNEL_GET_IFACE (self)->set_low_water (self, bytes);
}

gsize
p2p_channel_get_max_message (P2pChannel * self)
{
  return P2P_CHANNEL_GET_IFACE (self)->get_max_message (self);
}

void
p2p_channel_get_stats (P2pChannel * self, P2pChannelStats * stats)
{
  P2P_CHANNEL_GET_IFACE (self)->get_stats (self, stats);
}

const char *
p2p_channel_get_remote_address (P2pChannel * self)
{
  return P2P_CHANNEL_GET_IFACE (self)->get_remote_address (self);
}

void
p2p_channel_close (P2pChannel * self)
{
  P2P_CHANNEL_GET_IFACE (self)->close (self);
}
