/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * P2pSoupPipe:
 *
 * Through which pages of memory get into a socket without a copy (vmsplice(),
 * splice()). One is enough for all sockets of a thread: it is empty whenever nobody is
 * in it. It has two file descriptors, from its first use on.
 */
typedef struct _P2pSoupPipe P2pSoupPipe;

P2pSoupPipe *p2p_soup_pipe_new (void);
P2pSoupPipe *p2p_soup_pipe_ref (P2pSoupPipe * self);
void p2p_soup_pipe_unref (P2pSoupPipe * self);

/* data: on the shelf (p2psoupshelf.h). fd: a socket, which is not waited for. Returns:
 * how many bytes of it went; 0: none, as the socket is full or gone, or the system does
 * not do it: who sends in the plain way learns which */
gsize p2p_soup_pipe_send (P2pSoupPipe * self, int fd, gconstpointer data,
    gsize size);

G_END_DECLS
