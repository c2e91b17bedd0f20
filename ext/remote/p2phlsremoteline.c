/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2phlsremoteline.h"

#include <string.h>

#define READ_SIZE (16 * 1024)
/* How long what waits has to go out once nobody holds the line. */
#define LINGER 5                /* seconds */

struct _P2pHlsRemoteLine
{
  grefcount refs;               /* the owner's, and one for each operation */
  GIOStream *stream;
  GCancellable *cancellable;
  const P2pHlsRemoteLineEvents *events; /* NULL: nobody is told any more */
  gpointer user_data;
  gsize max_line, max_unsent;

  GString *in;                  /* of a line that is not whole */
  char buffer[READ_SIZE];
  GString *out;                 /* that waits for what is being written */
  GString *writing;             /* NULL: nothing is */
  gboolean freed;
  GSource *linger;
};

static void
p2p_hls_remote_line_unref (P2pHlsRemoteLine * self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_object_unref (self->stream);
  g_object_unref (self->cancellable);
  g_string_free (self->in, TRUE);
  g_string_free (self->out, TRUE);
  g_free (self);
}

static P2pHlsRemoteLine *
p2p_hls_remote_line_ref (P2pHlsRemoteLine * self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

static void
p2p_hls_remote_line_break (P2pHlsRemoteLine * self, const GError * error)
{
  const P2pHlsRemoteLineEvents *events = self->events;

  self->events = NULL;
  if (events)
    events->closed (self, error, self->user_data);
}

/* --- reading --- */

static void p2p_hls_remote_line_read (P2pHlsRemoteLine * self);

/* Returns: FALSE: it was broken or freed. */
static gboolean
p2p_hls_remote_line_take (P2pHlsRemoteLine * self, const char *data, gsize size)
{
  while (size > 0) {
    const char *end = memchr (data, '\n', size);
    gsize part = end ? (gsize) (end - data) : size;

    if (self->in->len + part > self->max_line) {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR,
          G_IO_ERROR_MESSAGE_TOO_LARGE, "a message is too long");

      p2p_hls_remote_line_break (self, error);
      return FALSE;
    }
    g_string_append_len (self->in, data, part);
    if (end == NULL)
      return TRUE;
    if (self->in->len > 0)
      self->events->received (self, self->in->str, self->in->len,
          self->user_data);
    if (self->events == NULL)
      return FALSE;
    g_string_truncate (self->in, 0);
    data += part + 1;
    size -= part + 1;
  }
  return TRUE;
}

static void
p2p_hls_remote_line_on_read (GObject * stream, GAsyncResult * result,
    gpointer user_data)
{
  P2pHlsRemoteLine *self = user_data;
  g_autoptr (GError) error = NULL;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (stream), result,
      &error);

  if (self->events) {
    if (size <= 0)
      p2p_hls_remote_line_break (self, error);
    else if (p2p_hls_remote_line_take (self, self->buffer, size))
      p2p_hls_remote_line_read (self);
  }
  p2p_hls_remote_line_unref (self);
}

static void
p2p_hls_remote_line_read (P2pHlsRemoteLine * self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream),
      self->buffer, READ_SIZE, G_PRIORITY_DEFAULT, self->cancellable,
      p2p_hls_remote_line_on_read, p2p_hls_remote_line_ref (self));
}

/* --- writing --- */

static void p2p_hls_remote_line_write (P2pHlsRemoteLine * self);

static void
p2p_hls_remote_line_on_closed (GObject * stream, GAsyncResult * result,
    gpointer user_data)
{
  g_io_stream_close_finish (G_IO_STREAM (stream), result, NULL);
  p2p_hls_remote_line_unref (user_data);
}

/* All has gone out, or cannot. */
static void
p2p_hls_remote_line_shut (P2pHlsRemoteLine * self)
{
  if (self->linger) {
    g_source_destroy (self->linger);
    g_clear_pointer (&self->linger, g_source_unref);
  }
  g_cancellable_cancel (self->cancellable);
  g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL,
      p2p_hls_remote_line_on_closed, p2p_hls_remote_line_ref (self));
}

static void
p2p_hls_remote_line_on_written (GObject * stream, GAsyncResult * result,
    gpointer user_data)
{
  P2pHlsRemoteLine *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean good = g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream),
      result, NULL, &error);

  g_string_free (g_steal_pointer (&self->writing), TRUE);
  if (good && self->out->len > 0)
    p2p_hls_remote_line_write (self);
  else if (self->freed)
    p2p_hls_remote_line_shut (self);
  else if (!good)
    p2p_hls_remote_line_break (self, error);
  p2p_hls_remote_line_unref (self);
}

static void
p2p_hls_remote_line_write (P2pHlsRemoteLine * self)
{
  self->writing = self->out;
  self->out = g_string_new (NULL);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
      self->writing->str, self->writing->len, G_PRIORITY_DEFAULT,
      self->cancellable, p2p_hls_remote_line_on_written,
      p2p_hls_remote_line_ref (self));
}

gsize
p2p_hls_remote_line_get_unsent (P2pHlsRemoteLine * self)
{
  return self->out->len + (self->writing ? self->writing->len : 0);
}

/* Told from the main context, and not from inside the call that was too much. */
static gboolean
p2p_hls_remote_line_on_overflow (gpointer user_data)
{
  P2pHlsRemoteLine *self = user_data;
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR,
      G_IO_ERROR_NO_SPACE, "the other end does not read");

  p2p_hls_remote_line_break (self, error);
  return G_SOURCE_REMOVE;
}

static GSource *
p2p_hls_remote_line_call (P2pHlsRemoteLine * self, GSource * source,
    GSourceFunc func)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_source_set_callback (source, func, p2p_hls_remote_line_ref (self),
      (GDestroyNotify) p2p_hls_remote_line_unref);
  g_source_attach (source, context);
  return source;
}

void
p2p_hls_remote_line_send (P2pHlsRemoteLine * self, const char *text)
{
  gsize unsent = p2p_hls_remote_line_get_unsent (self);
  gsize size = strlen (text) + 1;

  if (self->events == NULL || unsent > self->max_unsent)
    return;
  g_string_append (self->out, text);
  g_string_append_c (self->out, '\n');
  if (unsent + size > self->max_unsent)
    g_source_unref (p2p_hls_remote_line_call (self, g_idle_source_new (),
            p2p_hls_remote_line_on_overflow));
  else if (self->writing == NULL)
    p2p_hls_remote_line_write (self);
}

/* --- life --- */

static gboolean
p2p_hls_remote_line_on_linger (gpointer user_data)
{
  P2pHlsRemoteLine *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

P2pHlsRemoteLine *
p2p_hls_remote_line_new (GIOStream * stream, gsize max_line, gsize max_unsent,
    const P2pHlsRemoteLineEvents * events, gpointer user_data)
{
  P2pHlsRemoteLine *self = g_new0 (P2pHlsRemoteLine, 1);

  g_ref_count_init (&self->refs);
  self->stream = g_object_ref (stream);
  self->cancellable = g_cancellable_new ();
  self->max_line = max_line;
  self->max_unsent = max_unsent;
  self->events = events;
  self->user_data = user_data;
  self->in = g_string_new (NULL);
  self->out = g_string_new (NULL);
  p2p_hls_remote_line_read (self);
  return self;
}

void
p2p_hls_remote_line_free (P2pHlsRemoteLine * self)
{
  self->events = NULL;
  self->freed = TRUE;
  if (self->writing)
    self->linger = p2p_hls_remote_line_call (self,
        g_timeout_source_new_seconds (LINGER), p2p_hls_remote_line_on_linger);
  else
    p2p_hls_remote_line_shut (self);
  p2p_hls_remote_line_unref (self);
}
