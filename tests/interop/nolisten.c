/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* To be preloaded: a process in which nobody can listen. */

#include <errno.h>
#include <gmodule.h>
#include <sys/socket.h>

G_MODULE_EXPORT int
listen (int fd, int backlog)
{
  errno = EACCES;
  return -1;
}
