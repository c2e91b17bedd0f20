/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlssockets.h"

#include <fcntl.h>
#include <unistd.h>

#define FIRST 3
#define MAX_SOCKETS 16

guint
p2p_hls_sockets_take (int *first)
{
  const char *pid = g_getenv ("LISTEN_PID");
  const char *fds = g_getenv ("LISTEN_FDS");
  guint64 number = 0, count = 0;

  *first = FIRST;
  if (pid == NULL || fds == NULL
      || !g_ascii_string_to_unsigned (pid, 10, 1, G_MAXINT, &number, NULL)
      || number != (guint64) getpid ()
      || !g_ascii_string_to_unsigned (fds, 10, 0, MAX_SOCKETS, &count, NULL))
    count = 0;
  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");
  for (guint i = 0; i < count; i++)
    fcntl (FIRST + i, F_SETFD, FD_CLOEXEC);
  return count;
}
