/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE             /* for accept4() */

#include "p2ptrackerlistener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define BACKLOG 1024

static GSocket *
open_inet (GInetAddress * inet, guint16 port, GError ** error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (inet, port);
  g_autoptr (GSocket) listener = g_socket_new (g_inet_address_get_family (inet),
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (!listener)
    return NULL;
  g_socket_set_blocking (listener, FALSE);
  g_socket_set_listen_backlog (listener, BACKLOG);
  if (!g_socket_bind (listener, address, TRUE, error)
      || !g_socket_listen (listener, error)) {
    g_autofree char *text = g_inet_address_to_string (inet);

    g_prefix_error (error, "Cannot listen on %s port %u: ", text, port);
    return NULL;
  }
  return g_steal_pointer (&listener);
}

static GSocket *
open_any (GSocketFamily family, guint16 port, GError ** error)
{
  g_autoptr (GInetAddress) any = g_inet_address_new_any (family);

  return open_inet (any, port, error);
}

GSocket *
p2p_tracker_listener_open (const char *address, guint16 port, GError ** error)
{
  g_autoptr (GInetAddress) inet = NULL;
  GSocket *listener;

  if (!address) {
    /* That takes IPv4 too. A host without IPv6 has no such family. */
    g_autoptr (GError) no_ipv6 = NULL;

    listener = open_any (G_SOCKET_FAMILY_IPV6, port, &no_ipv6);
    if (listener || g_error_matches (no_ipv6, G_IO_ERROR,
            G_IO_ERROR_ADDRESS_IN_USE)) {
      if (!listener)
        g_propagate_error (error, g_steal_pointer (&no_ipv6));
      return listener;
    }
    return open_any (G_SOCKET_FAMILY_IPV4, port, error);
  }
  inet = g_inet_address_new_from_string (address);
  if (!inet) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "Cannot listen on %s port %u: that is not a numeric address", address,
        port);
    return NULL;
  }
  return open_inet (inet, port, error);
}

guint16
p2p_tracker_listener_get_port (GSocket * listener)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (listener, NULL);

  return address
      ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

/* An IPv4 address that came by IPv6 is one of IPv4. */
static char *
to_text (const struct sockaddr_storage *storage, socklen_t size)
{
  static const guint8 mapped[12] = {[10] = 0xff,[11] = 0xff };
  g_autoptr (GSocketAddress) address =
      g_socket_address_new_from_native ((gpointer) storage, size);
  g_autoptr (GInetAddress) inet = NULL;
  const guint8 *bytes;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("");
  inet = g_object_ref (g_inet_socket_address_get_address
      (G_INET_SOCKET_ADDRESS (address)));
  bytes = g_inet_address_to_bytes (inet);
  if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6
      && memcmp (bytes, mapped, sizeof (mapped)) == 0) {
    GInetAddress *ipv4 = g_inet_address_new_from_bytes (bytes
        + sizeof (mapped), G_SOCKET_FAMILY_IPV4);

    g_object_unref (inet);
    inet = ipv4;
  }
  return g_inet_address_to_string (inet);
}

int
p2p_tracker_listener_accept (GSocket * listener, char **address)
{
  struct sockaddr_storage storage;
  socklen_t size = sizeof (storage);
  int on = 1, fd;

  do {
    fd = accept4 (g_socket_get_fd (listener), (struct sockaddr *) &storage,
        &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
  if (fd < 0)
    return errno == EAGAIN ? -1 : -2;
  /* Signals are small, and wait for nothing. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
  *address = to_text (&storage, size);
  return fd;
}
