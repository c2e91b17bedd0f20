/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE             /* vmsplice(), splice() */
#include "p2psouppipe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>

/* Bytes in it at once, if the system lets it be so large: the fewer calls it takes. */
#define ROOM (1024 * 1024)

struct _P2pSoupPipe
{
  grefcount refs;
  int out, in;                  /* its ends; -1: there is none */
};

P2pSoupPipe *
p2p_soup_pipe_new (void)
{
  P2pSoupPipe *self = g_new (P2pSoupPipe, 1);

  g_ref_count_init (&self->refs);
  self->out = self->in = -1;
  return self;
}

P2pSoupPipe *
p2p_soup_pipe_ref (P2pSoupPipe * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

static void
p2p_soup_pipe_close (P2pSoupPipe * self)
{
  if (self->in >= 0) {
    close (self->in);
    close (self->out);
  }
  self->out = self->in = -1;
}

void
p2p_soup_pipe_unref (P2pSoupPipe * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  p2p_soup_pipe_close (self);
  g_free (self);
}

#ifdef SPLICE_F_NONBLOCK
static gboolean
p2p_soup_pipe_open (P2pSoupPipe * self)
{
  int ends[2];

  if (self->in >= 0)
    return TRUE;
  if (pipe2 (ends, O_CLOEXEC | O_NONBLOCK) < 0)
    return FALSE;
  self->out = ends[0];
  self->in = ends[1];
  fcntl (self->in, F_SETPIPE_SZ, ROOM);
  return TRUE;
}

/* Moves what is in the pipe, size bytes. Returns: how many went */
static gsize
p2p_soup_pipe_empty (P2pSoupPipe * self, int fd, gsize size, gboolean more)
{
  guint flags = SPLICE_F_NONBLOCK | (more ? SPLICE_F_MORE : 0);
  gsize moved = 0;

  while (moved < size) {
    gssize n = splice (self->out, NULL, fd, NULL, size - moved, flags);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    moved += n;
  }
  /* What the socket has no room for is thrown away with the pipe: it is still where
   * it came from. */
  if (moved < size)
    p2p_soup_pipe_close (self);
  return moved;
}

static gsize
p2p_soup_pipe_move (P2pSoupPipe * self, int fd, const guint8 * data, gsize size)
{
  gsize moved = 0;

  while (moved < size && p2p_soup_pipe_open (self)) {
    struct iovec rest = { (gpointer) (data + moved), size - moved };
    gssize filled = vmsplice (self->in, &rest, 1, SPLICE_F_NONBLOCK);
    gsize n;

    if (filled <= 0)
      break;
    n = p2p_soup_pipe_empty (self, fd, filled, moved + filled < size);
    moved += n;
    if (n < (gsize) filled)
      break;
  }
  return moved;
}

/* splice() to a socket whose other end has gone raises SIGPIPE, whatever one says.
 * GLib ignores that signal, but an application may think otherwise. */
gsize
p2p_soup_pipe_send (P2pSoupPipe * self, int fd, gconstpointer data, gsize size)
{
  static const struct timespec now = { 0, 0 };
  sigset_t broken, before, pending;
  gsize moved;

  sigemptyset (&broken);
  sigaddset (&broken, SIGPIPE);
  sigpending (&pending);
  pthread_sigmask (SIG_BLOCK, &broken, &before);
  moved = p2p_soup_pipe_move (self, fd, data, size);
  if (moved < size && !sigismember (&pending, SIGPIPE))
    while (sigtimedwait (&broken, NULL, &now) < 0 && errno == EINTR);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return moved;
}
#else
gsize
p2p_soup_pipe_send (P2pSoupPipe * self, int fd, gconstpointer data, gsize size)
{
  return 0;
}
#endif
