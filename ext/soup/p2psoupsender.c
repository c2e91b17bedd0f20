/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupsender.h"

#include "p2psoupshelf.h"

#include <sys/socket.h>

#ifndef MSG_MORE
#define MSG_MORE 0              /* what is held goes at once there */
#endif

/* *INDENT-OFF* */

/* Its stream, before that of the socket. */
#define P2P_TYPE_SOUP_SENDER_STREAM (p2p_soup_sender_stream_get_type ())
G_DECLARE_FINAL_TYPE (P2pSoupSenderStream, p2p_soup_sender_stream, P2P,
    SOUP_SENDER_STREAM, GFilterOutputStream)

struct _P2pSoupSenderStream
{
  GFilterOutputStream parent;
  GSocket *socket;
  P2pSoupPipe *pipe;
  gboolean hold;                /* what is written next */
};

struct _P2pSoupSender
{
  GSocketConnection parent;
  P2pSoupPipe *pipe;
  GOutputStream *output;        /* NULL: nobody asked for it */
};

static void p2p_soup_sender_stream_pollable_init
    (GPollableOutputStreamInterface * iface);

G_DEFINE_TYPE_WITH_CODE (P2pSoupSenderStream, p2p_soup_sender_stream,
    G_TYPE_FILTER_OUTPUT_STREAM,
    G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
        p2p_soup_sender_stream_pollable_init))
G_DEFINE_TYPE (P2pSoupSender, p2p_soup_sender, G_TYPE_SOCKET_CONNECTION)
/* *INDENT-ON* */

/* --- its stream --- */

static GPollableOutputStream *
get_base (GPollableOutputStream * stream)
{
  return G_POLLABLE_OUTPUT_STREAM (g_filter_output_stream_get_base_stream
      (G_FILTER_OUTPUT_STREAM (stream)));
}

static gboolean
p2p_soup_sender_stream_is_writable (GPollableOutputStream * stream)
{
  return g_pollable_output_stream_is_writable (get_base (stream));
}

static GSource *
p2p_soup_sender_stream_create_source (GPollableOutputStream * stream,
    GCancellable * cancellable)
{
  return g_pollable_output_stream_create_source (get_base (stream),
      cancellable);
}

static gssize
p2p_soup_sender_stream_write (GPollableOutputStream * stream,
    const void *buffer, gsize size, GError ** error)
{
  P2pSoupSenderStream *self = P2P_SOUP_SENDER_STREAM (stream);
  int fd = g_socket_get_fd (self->socket);
  gssize sent = 0;

  if (self->hold)
    sent = send (fd, buffer, size, MSG_MORE | MSG_DONTWAIT | MSG_NOSIGNAL);
  else if (size >= P2P_SOUP_SHELF_MIN && p2p_soup_shelf_has (buffer, size))
    sent = p2p_soup_pipe_send (self->pipe, fd, buffer, size);
  self->hold = FALSE;
  if (sent > 0)
    return sent;
  return g_pollable_output_stream_write_nonblocking (get_base (stream), buffer,
      size, NULL, error);
}

static void
p2p_soup_sender_stream_pollable_init (GPollableOutputStreamInterface * iface)
{
  iface->is_writable = p2p_soup_sender_stream_is_writable;
  iface->create_source = p2p_soup_sender_stream_create_source;
  iface->write_nonblocking = p2p_soup_sender_stream_write;
}

static void
p2p_soup_sender_stream_finalize (GObject * object)
{
  P2pSoupSenderStream *self = P2P_SOUP_SENDER_STREAM (object);

  g_object_unref (self->socket);
  p2p_soup_pipe_unref (self->pipe);
  G_OBJECT_CLASS (p2p_soup_sender_stream_parent_class)->finalize (object);
}

static void
p2p_soup_sender_stream_class_init (P2pSoupSenderStreamClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_soup_sender_stream_finalize;
}

static void
p2p_soup_sender_stream_init (P2pSoupSenderStream * self)
{
}

/* --- the connection --- */

static GOutputStream *
p2p_soup_sender_get_output_stream (GIOStream * stream)
{
  P2pSoupSender *self = P2P_SOUP_SENDER (stream);
  P2pSoupSenderStream *output;

  if (!self->output) {
    output = g_object_new (P2P_TYPE_SOUP_SENDER_STREAM, "base-stream",
        G_IO_STREAM_CLASS (p2p_soup_sender_parent_class)->get_output_stream
        (stream), "close-base-stream", FALSE, NULL);
    output->pipe = p2p_soup_pipe_ref (self->pipe);
    output->socket = g_object_ref (g_socket_connection_get_socket
        (G_SOCKET_CONNECTION (self)));
    self->output = G_OUTPUT_STREAM (output);
  }
  return self->output;
}

static void
p2p_soup_sender_finalize (GObject * object)
{
  P2pSoupSender *self = P2P_SOUP_SENDER (object);

  g_clear_object (&self->output);
  p2p_soup_pipe_unref (self->pipe);
  G_OBJECT_CLASS (p2p_soup_sender_parent_class)->finalize (object);
}

static void
p2p_soup_sender_class_init (P2pSoupSenderClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = p2p_soup_sender_finalize;
  G_IO_STREAM_CLASS (klass)->get_output_stream =
      p2p_soup_sender_get_output_stream;
}

static void
p2p_soup_sender_init (P2pSoupSender * self)
{
}

void
p2p_soup_sender_hold (P2pSoupSender * self)
{
  p2p_soup_sender_get_output_stream (G_IO_STREAM (self));
  P2P_SOUP_SENDER_STREAM (self->output)->hold = TRUE;
}

GSocketConnection *
p2p_soup_sender_new (GSocket * socket, P2pSoupPipe * pipe)
{
  P2pSoupSender *self = g_object_new (P2P_TYPE_SOUP_SENDER, "socket", socket,
      NULL);

  self->pipe = p2p_soup_pipe_ref (pipe);
  return G_SOCKET_CONNECTION (self);
}
