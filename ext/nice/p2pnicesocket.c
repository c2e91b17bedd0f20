/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicesocket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>

void
p2p_nice_socket_set (P2pNiceSocket * self, GSocket * socket,
    const struct sockaddr *address, gsize size)
{
  p2p_nice_socket_clear (self);
  self->socket = socket;
  memcpy (&self->address, address, MIN (size, sizeof self->address));
  self->can = TRUE;
}

void
p2p_nice_socket_clear (P2pNiceSocket * self)
{
  g_clear_object (&self->socket);
  self->can = FALSE;
}

#ifdef UDP_SEGMENT
static gssize
send_run (P2pNiceSocket * self, P2pNiceBatch * batch, guint n, gsize bytes)
{
  guint16 segment = batch->sizes[batch->first];
  struct iovec vector = { batch->data + batch->start, bytes };
  union
  {
    struct cmsghdr header;      /* for its alignment */
    char space[CMSG_SPACE (sizeof (guint16))];
  }
  control = { 0 };
  struct msghdr message = {
    .msg_name = &self->address,
    .msg_namelen = self->address.ss_family == AF_INET
        ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6),
    .msg_iov = &vector,
    .msg_iovlen = 1,
  };

  if (n > 1) {
    struct cmsghdr *header = &control.header;

    message.msg_control = &control;
    message.msg_controllen = sizeof control.space;
    header->cmsg_level = IPPROTO_UDP;
    header->cmsg_type = UDP_SEGMENT;
    header->cmsg_len = CMSG_LEN (sizeof segment);
    memcpy (CMSG_DATA (header), &segment, sizeof segment);
  }
  return sendmsg (g_socket_get_fd (self->socket), &message,
      MSG_DONTWAIT | MSG_NOSIGNAL);
}

void
p2p_nice_socket_send (P2pNiceSocket * self, P2pNiceBatch * batch)
{
  while (!p2p_nice_batch_is_empty (batch)) {
    gsize bytes;
    guint n = p2p_nice_batch_get_run (batch, &bytes);

    if (send_run (self, batch, n, bytes) < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
        return;
      if (errno == EINTR)
        continue;
      /* The kernel or the device cannot. Anything else is a loss as on any
       * network. */
      if (n > 1 && (errno == EIO || errno == EINVAL || errno == EMSGSIZE
              || errno == ENOPROTOOPT || errno == EOPNOTSUPP)) {
        self->can = FALSE;
        return;
      }
    }
    p2p_nice_batch_drop (batch, n);
  }
}
#else
void
p2p_nice_socket_send (P2pNiceSocket * self, P2pNiceBatch * batch)
{
  self->can = FALSE;
}
#endif

gboolean
p2p_nice_socket_set_gro (P2pNiceSocket * self, gboolean on)
{
#ifdef UDP_GRO
  return g_socket_set_option (self->socket, IPPROTO_UDP, UDP_GRO, on, NULL);
#else
  return FALSE;
#endif
}
