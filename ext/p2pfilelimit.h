/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>
#include <sys/resource.h>

G_BEGIN_DECLS

/* For rooms that hold many sockets: raises the process's soft limit of open
 * files to wanted, as far as its hard one allows. It is never lowered. */
static inline void
p2p_file_limit_raise (rlim_t wanted)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return;
  wanted = MIN (limit.rlim_max, wanted);
  if (limit.rlim_cur >= wanted)
    return;
  limit.rlim_cur = wanted;
  setrlimit (RLIMIT_NOFILE, &limit);
}

G_END_DECLS
