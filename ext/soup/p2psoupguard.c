/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupguard.h"

#ifdef __linux__
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

typedef struct
{
  GSource source;
  GSocket *socket;
  GPollFD fd;
  guint64 max_bytes;
  guint64 base;                 /* received when it was reset */
} P2pSoupGuard;

static guint64
get_received (P2pSoupGuard * self)
{
#ifdef __linux__
  struct tcp_info info = { 0 };
  socklen_t size = sizeof (info);

  if (getsockopt (g_socket_get_fd (self->socket), IPPROTO_TCP, TCP_INFO, &info,
          &size) == 0)
    return info.tcpi_bytes_received;
#endif
  return self->base;
}

static gboolean
p2p_soup_guard_check (GSource * source)
{
  P2pSoupGuard *self = (P2pSoupGuard *) source;

  return (self->fd.revents & G_IO_IN)
      && get_received (self) - self->base > self->max_bytes;
}

static gboolean
p2p_soup_guard_dispatch (GSource * source, GSourceFunc func, gpointer user_data)
{
  return func (user_data);
}

static void
p2p_soup_guard_finalize (GSource * source)
{
  g_object_unref (((P2pSoupGuard *) source)->socket);
}

static GSourceFuncs funcs = {
  .check = p2p_soup_guard_check,
  .dispatch = p2p_soup_guard_dispatch,
  .finalize = p2p_soup_guard_finalize,
};

GSource *
p2p_soup_guard_new (GSocket * socket, guint64 max_bytes)
{
  GSource *source = g_source_new (&funcs, sizeof (P2pSoupGuard));
  P2pSoupGuard *self = (P2pSoupGuard *) source;

  self->socket = g_object_ref (socket);
  self->max_bytes = max_bytes;
  self->fd.fd = g_socket_get_fd (socket);
  self->fd.events = G_IO_IN;
  /* One that was added as a Unix fd would be dispatched whatever check says. */
  g_source_add_poll (source, &self->fd);
  g_source_set_priority (source, G_PRIORITY_HIGH);
  p2p_soup_guard_reset (source);
  return source;
}

void
p2p_soup_guard_reset (GSource * source)
{
  P2pSoupGuard *self = (P2pSoupGuard *) source;

  self->base = get_received (self);
}
