/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsrequest.h"

struct _GstP2pHlsRequest
{
  GstP2pHlsCore *core;
  GstP2pHlsPipe *pipe;
  P2pHttpOptions *options;
  char *method;
  char *uri;
  gint64 start;
  gint64 stop;
  P2pRequest *request;          /* on the engine's thread only */
};

static void
gst_p2p_hls_request_on_head (P2pRequest * request, P2pHttpHead * head,
    gpointer user_data)
{
  GstP2pHlsRequest *self = user_data;
  GstP2pHlsPipeItem item = { GST_P2P_HLS_PIPE_HEAD, };

  item.head = p2p_http_head_ref (head);
  gst_p2p_hls_pipe_push (self->pipe, &item);
}

static void
gst_p2p_hls_request_on_data (P2pRequest * request, GBytes * bytes,
    P2pSource source, gpointer user_data)
{
  GstP2pHlsRequest *self = user_data;
  GstP2pHlsPipeItem item = { GST_P2P_HLS_PIPE_DATA, };

  item.bytes = g_bytes_ref (bytes);
  item.source = source;
  if (gst_p2p_hls_pipe_push (self->pipe, &item))
    p2p_request_set_paused (request, TRUE);
}

static void
gst_p2p_hls_request_on_done (P2pRequest * request, gint64 end,
    P2pHttpHead * head, const GError * error, gpointer user_data)
{
  GstP2pHlsRequest *self = user_data;
  GstP2pHlsPipeItem item = { GST_P2P_HLS_PIPE_DONE, };

  item.head = head ? p2p_http_head_ref (head) : NULL;
  item.end = end;
  item.error = error ? g_error_copy (error) : NULL;
  gst_p2p_hls_pipe_push (self->pipe, &item);
}

static const P2pRequestEvents events = {
  gst_p2p_hls_request_on_head,
  gst_p2p_hls_request_on_data,
  gst_p2p_hls_request_on_done,
};

static void
gst_p2p_hls_request_do_open (gpointer user_data)
{
  GstP2pHlsRequest *self = user_data;

  self->request = p2p_session_open (self->core->session, NULL, self->method,
      self->uri, self->start, self->stop, self->options, &events, self);
}

static void
gst_p2p_hls_request_do_resume (gpointer user_data)
{
  GstP2pHlsRequest *self = user_data;

  p2p_request_set_paused (self->request, FALSE);
}

static void
gst_p2p_hls_request_do_close (gpointer user_data)
{
  GstP2pHlsRequest *self = user_data;

  p2p_request_close (self->request);
  p2p_http_options_unref (self->options);
  gst_p2p_hls_pipe_unref (self->pipe);
  g_free (self->method);
  g_free (self->uri);
}

static void
gst_p2p_hls_request_free (gpointer user_data)
{
  GstP2pHlsRequest *self = user_data;

  gst_p2p_hls_core_unref (self->core);
  g_free (self);
}

GstP2pHlsRequest *
gst_p2p_hls_request_open (GstP2pHlsCore * core, GstP2pHlsPipe * pipe,
    const char *method, const char *uri, gint64 start, gint64 stop,
    P2pHttpOptions * options)
{
  GstP2pHlsRequest *self = g_new0 (GstP2pHlsRequest, 1);

  self->core = gst_p2p_hls_core_ref (core);
  self->pipe = gst_p2p_hls_pipe_ref (pipe);
  self->options = p2p_http_options_ref (options);
  self->method = g_strdup (method);
  self->uri = g_strdup (uri);
  self->start = start;
  self->stop = stop;
  gst_p2p_hls_core_call (core, gst_p2p_hls_request_do_open, self, NULL);
  return self;
}

void
gst_p2p_hls_request_resume (GstP2pHlsRequest * self)
{
  gst_p2p_hls_core_call (self->core, gst_p2p_hls_request_do_resume, self, NULL);
}

void
gst_p2p_hls_request_close (GstP2pHlsRequest * self)
{
  gst_p2p_hls_core_call (self->core, gst_p2p_hls_request_do_close, self,
      gst_p2p_hls_request_free);
}
