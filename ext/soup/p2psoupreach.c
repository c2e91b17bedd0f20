/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupreach.h"

#include <string.h>

struct _P2pSoupReach
{
  gboolean guarded;
  gboolean known;
  P2pSoupNetwork first;         /* if known */
};

/* IPv6 prefixes behind which there are 4 bytes of IPv4: mapped (RFC 4291, 2.5.5.2)
 * and NAT64 (RFC 6052, 2.1) */
static const guint8 with_ipv4[][12] = {
  {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},
  {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0},
};

P2pSoupNetwork
p2p_soup_reach_classify (GInetAddress * address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  gboolean is_v6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;

  for (guint i = 0; is_v6 && i < G_N_ELEMENTS (with_ipv4); i++) {
    if (memcmp (bytes, with_ipv4[i], sizeof with_ipv4[i]) == 0) {
      g_autoptr (GInetAddress) inner = g_inet_address_new_from_bytes (bytes
          + sizeof with_ipv4[i], G_SOCKET_FAMILY_IPV4);

      return p2p_soup_reach_classify (inner);
    }
  }
  if (g_inet_address_get_is_loopback (address)
      || g_inet_address_get_is_any (address) || (!is_v6 && bytes[0] == 0))
    return P2P_SOUP_LOOPBACK;
  if (g_inet_address_get_is_link_local (address)
      || g_inet_address_get_is_site_local (address)
      || g_inet_address_get_is_multicast (address)
      || (is_v6 && (bytes[0] & 0xfe) == 0xfc)
      || (!is_v6 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64)
      || (!is_v6 && bytes[0] >= 240))
    return P2P_SOUP_PRIVATE;
  return P2P_SOUP_PUBLIC;
}

P2pSoupReach *
p2p_soup_reach_new (void)
{
  return g_rc_box_new0 (P2pSoupReach);
}

P2pSoupReach *
p2p_soup_reach_ref (P2pSoupReach * self)
{
  return g_rc_box_acquire (self);
}

void
p2p_soup_reach_unref (P2pSoupReach * self)
{
  g_rc_box_release (self);
}

void
p2p_soup_reach_guard (P2pSoupReach * self)
{
  self->guarded = TRUE;
}

void
p2p_soup_reach_set_first (P2pSoupReach * self, P2pSoupNetwork network)
{
  self->known = TRUE;
  self->first = network;
}

gboolean
p2p_soup_reach_is_guarded (P2pSoupReach * self)
{
  return self->guarded;
}

gboolean
p2p_soup_reach_allows (P2pSoupReach * self, GSocketAddress * address,
    gboolean answered)
{
  P2pSoupNetwork network;

  if (!address || !G_IS_INET_SOCKET_ADDRESS (address)
      || G_IS_PROXY_ADDRESS (address))
    return TRUE;
  network = p2p_soup_reach_classify (g_inet_socket_address_get_address
      (G_INET_SOCKET_ADDRESS (address)));
  if (answered && !self->known)
    p2p_soup_reach_set_first (self, network);
  return !self->guarded || !self->known || network >= self->first;
}
