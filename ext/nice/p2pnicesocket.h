/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pnicebatch.h"

#include <gio/gio.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/**
 * P2pNiceSocket:
 *
 * A UDP socket of somebody else's and a peer's address, for sending many
 * datagrams by one call: UDP_SEGMENT, of Linux 4.18.
 */
typedef struct
{
  GSocket *socket;              /* (owned) */
  struct sockaddr_storage address;
  gboolean can;                 /* whether the kernel did so far */
} P2pNiceSocket;

/* socket: (transfer full) */
void p2p_nice_socket_set (P2pNiceSocket * self, GSocket * socket,
    const struct sockaddr *address, gsize size);
void p2p_nice_socket_clear (P2pNiceSocket * self);

/* Takes from batch what the kernel takes. If it does not take many, can is FALSE
 * and the rest stays. */
void p2p_nice_socket_send (P2pNiceSocket * self, P2pNiceBatch * batch);

/* Whether datagrams that came together are read together, which is off at
 * first. Returns: FALSE if the kernel does not know */
gboolean p2p_nice_socket_set_gro (P2pNiceSocket * self, gboolean on);

G_END_DECLS
