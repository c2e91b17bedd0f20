/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-p2phlssrc
 * @title: p2phlssrc
 * @short_description: reads HLS, and whatever else HTTP serves
 * @see_also: souphttpsrc, hlsdemux
 *
 * Takes the place of souphttpsrc inside hlsdemux. All that hlsdemux fetches
 * (playlists, keys, segments) passes through it; from the playlists it learns
 * which segments come next, and loads them ahead. For all else on HTTP it does
 * what souphttpsrc does. The schemes p2phls+http and p2phls+https say that the
 * user asks for P2P; on the wire they are http and https.
 *
 * All sources of a pipeline share one session: what is set on the one that the
 * application made (cookies and credentials for their own server only) holds for
 * those of hlsdemux, and its signals and statistics speak for all of them.
 * Signals are emitted on the engine's thread, with no lock held.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 p2phlssrc location=https://example.com/live/master.m3u8 ! hlsdemux ! decodebin ! autovideosink
 * ]| Plays a stream.
 * |[
 * gst-launch-1.0 playbin uri=p2phls+https://example.com/live/master.m3u8
 * ]| The same with playbin, which finds the element by the scheme. So does playbin3,
 * whose hlsdemux2 fetches by itself: it is told a URL of this process, on 127.0.0.1,
 * behind which the session is.
 *
 * Since: 0.1
 */

#include "gstp2phlssrc.h"

#include <glib/gi18n-lib.h>

#include "gstp2phlsbody.h"
#include "gstp2phlsconfig.h"
#include "gstp2phlscontext.h"
#include "gstp2phlsdownstream.h"
#include "gstp2phlserrors.h"
#include "gstp2phlsheaders.h"
#include "gstp2phlsmanifest.h"
#include "gstp2phlsmember.h"

#include "p2puri.h"

GST_DEBUG_CATEGORY (gst_p2p_hls_src_debug);
#define GST_CAT_DEFAULT gst_p2p_hls_src_debug

enum
{
  PROP_0,
  PROP_IS_LIVE,
  PROP_CONFIG                   /* the first of GstP2pHlsConfig's */
};

struct _GstP2pHlsSrc
{
  GstPushSrc parent;

  GstP2pHlsMember member;

  /* Under the object's lock: */
  GstP2pHlsConfig config;
  GstP2pHlsBody *body;          /* of the request; NULL: none yet */
  GstP2pHlsManifest manifest;   /* without its text; uri NULL: none yet */
  char *redirection;            /* of the last response, or NULL */
  gboolean permanent;
  gint64 size;                  /* of the resource, -1: not known */
  gboolean seekable;
  gboolean answered;            /* a response came since start() */
  gboolean flushing;

  /* Of the streaming thread, or of who stopped it: */
  gint64 start;                 /* first byte wanted */
  gint64 stop;                  /* byte after the last one, or -1 */
  gint64 position;              /* next byte that goes downstream */
};

static void gst_p2p_hls_src_uri_handler_init (gpointer iface,
    gpointer iface_data);

#define gst_p2p_hls_src_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstP2pHlsSrc, gst_p2p_hls_src, GST_TYPE_PUSH_SRC,
    G_IMPLEMENT_INTERFACE (GST_TYPE_URI_HANDLER,
        gst_p2p_hls_src_uri_handler_init));
GST_ELEMENT_REGISTER_DEFINE (p2phlssrc, "p2phlssrc", GST_RANK_MARGINAL,
    GST_TYPE_P2P_HLS_SRC);

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

/* --- the session --- */

/* Tells the session what was set on this element. */
static void
gst_p2p_hls_src_tell (GstElement * element, GstP2pHlsSession * session,
    GstP2pHlsSettings * settings, guint64 mask)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (element);
  g_autoptr (P2pHttpOptions) options = NULL;
  guint64 options_mask;

  GST_OBJECT_LOCK (self);
  options = gst_p2p_hls_config_copy_options (&self->config);
  options_mask = self->config.options_set;
  GST_OBJECT_UNLOCK (self);

  gst_p2p_hls_session_merge_options (session, options, options_mask);
  gst_p2p_hls_session_merge_settings (session, settings, mask);
  if (settings->session.tracker_announce)
    gst_p2p_hls_session_ask (session);
}

static void
gst_p2p_hls_src_attach (GstP2pHlsSrc * self, const char *uri)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_context_find (GST_ELEMENT (self), GST_BASE_SRC_PAD (self),
      uri);

  gst_p2p_hls_member_attach (&self->member, session);
  /* What an element of no bin reads, and what a playlist named, is a demuxer's. */
  if (GST_OBJECT_PARENT (self) && !gst_p2p_hls_session_knows (session, uri))
    gst_p2p_hls_session_add_stream (session, uri, FALSE);
}

/* --- the way of a playlist --- */

/* Under the lock: what is known of the location. */
static void
gst_p2p_hls_src_forget (GstP2pHlsSrc * self)
{
  g_clear_pointer (&self->redirection, g_free);
  gst_p2p_hls_manifest_clear (&self->manifest);
}

static GstP2pHlsWay
gst_p2p_hls_src_get_way (GstP2pHlsSrc * self, gboolean patient)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_member_get_session (&self->member);
  gboolean is_p2p;

  GST_OBJECT_LOCK (self);
  is_p2p = self->config.location && p2p_uri_is_p2p (self->config.location);
  GST_OBJECT_UNLOCK (self);
  return gst_p2p_hls_downstream_get_way (GST_BASE_SRC_PAD (self), is_p2p,
      session && gst_p2p_hls_session_is_asked (session), patient);
}

static gboolean
gst_p2p_hls_src_query_uri (GstP2pHlsSrc * self, GstQuery * query)
{
  GstP2pHlsWay way = gst_p2p_hls_src_get_way (self, FALSE);
  g_autofree char *uri = NULL, *redirection = NULL;
  gboolean permanent;

  GST_OBJECT_LOCK (self);
  if (self->manifest.uri) {
    uri = g_strdup (self->manifest.uri);
    redirection = g_strdup (self->manifest.redirection);
  } else {
    if (self->config.location)
      uri = gst_p2p_hls_downstream_spell (self->config.location, way);
    if (self->redirection)
      redirection = gst_p2p_hls_downstream_spell (self->redirection, way);
  }
  permanent = self->permanent;
  GST_OBJECT_UNLOCK (self);

  gst_query_set_uri (query, uri);
  if (redirection) {
    gst_query_set_uri_redirection (query, redirection);
    gst_query_set_uri_redirection_permanent (query, permanent);
  }
  return TRUE;
}

static gboolean
gst_p2p_hls_src_is_serving (GstP2pHlsSrc * self)
{
  gboolean serving;

  GST_OBJECT_LOCK (self);
  serving = self->manifest.uri && self->manifest.serves;
  GST_OBJECT_UNLOCK (self);
  return serving;
}

static gboolean
gst_p2p_hls_src_query (GstBaseSrc * src, GstQuery * query)
{
  gboolean handled;

  if (GST_QUERY_TYPE (query) == GST_QUERY_URI)
    return gst_p2p_hls_src_query_uri (GST_P2P_HLS_SRC (src), query);
  if (gst_p2p_hls_downstream_is_query (query))
    return gst_p2p_hls_src_is_serving (GST_P2P_HLS_SRC (src));

  handled = GST_BASE_SRC_CLASS (parent_class)->query (src, query);
  if (GST_QUERY_TYPE (query) == GST_QUERY_SCHEDULING) {
    GstSchedulingFlags flags;
    gint minimum, maximum, align;

    gst_query_parse_scheduling (query, &flags, &minimum, &maximum, &align);
    gst_query_set_scheduling (query,
        flags | GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED, minimum, maximum, align);
  }
  return handled;
}

/* --- starting and stopping --- */

/* Ends the request there is; nobody reads from it. */
static void
gst_p2p_hls_src_close (GstP2pHlsSrc * self)
{
  GstP2pHlsBody *body;

  GST_OBJECT_LOCK (self);
  body = g_steal_pointer (&self->body);
  GST_OBJECT_UNLOCK (self);
  g_clear_pointer (&body, gst_p2p_hls_body_free);
}

/* Returns: FALSE when there is nothing to ask for. */
static gboolean
gst_p2p_hls_src_open (GstP2pHlsSrc * self)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_member_get_session (&self->member);
  g_autoptr (P2pHttpOptions) shared = gst_p2p_hls_session_get_options (session);
  g_autoptr (P2pHttpOptions) options = NULL;
  g_autofree char *uri = NULL, *method = NULL;
  GstP2pHlsBody *body;

  if (self->stop >= 0 && self->start >= self->stop)
    return FALSE;
  GST_OBJECT_LOCK (self);
  options = gst_p2p_hls_config_make_options (&self->config, shared);
  uri = p2p_uri_to_http (self->config.location);
  method = g_strdup (self->config.method);
  GST_OBJECT_UNLOCK (self);

  GST_DEBUG_OBJECT (self, "%s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
      uri, self->start, self->stop);
  body = gst_p2p_hls_body_new (session, method, uri, self->start, self->stop,
      options, gst_base_src_get_blocksize (GST_BASE_SRC (self)));
  GST_OBJECT_LOCK (self);
  self->body = body;
  gst_p2p_hls_body_set_flushing (body, self->flushing);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
gst_p2p_hls_src_start (GstBaseSrc * src)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (src);
  g_autofree char *location = NULL;

  GST_OBJECT_LOCK (self);
  location = g_strdup (self->config.location);
  gst_p2p_hls_src_forget (self);
  self->size = -1;
  self->seekable = self->answered = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (location == NULL || *location == '\0') {
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_READ, (_("No URL set.")),
        ("Missing location property"));
    return FALSE;
  }
  self->start = self->position = 0;
  self->stop = -1;
  gst_p2p_hls_src_attach (self, location);
  return TRUE;
}

static gboolean
gst_p2p_hls_src_stop (GstBaseSrc * src)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (src);

  gst_p2p_hls_src_close (self);
  /* A demuxer keeps the source of its downloader, in no bin, in READY for as
   * long as it lives: that must not keep the session after NULL. */
  if (GST_OBJECT_PARENT (self) == NULL)
    gst_p2p_hls_member_detach (&self->member);
  return TRUE;
}

static void
gst_p2p_hls_src_set_flushing (GstP2pHlsSrc * self, gboolean flushing)
{
  GST_OBJECT_LOCK (self);
  self->flushing = flushing;
  if (self->body)
    gst_p2p_hls_body_set_flushing (self->body, flushing);
  GST_OBJECT_UNLOCK (self);
  gst_p2p_hls_member_set_flushing (&self->member, flushing);
}

static gboolean
gst_p2p_hls_src_unlock (GstBaseSrc * src)
{
  gst_p2p_hls_src_set_flushing (GST_P2P_HLS_SRC (src), TRUE);
  return TRUE;
}

static gboolean
gst_p2p_hls_src_unlock_stop (GstBaseSrc * src)
{
  gst_p2p_hls_src_set_flushing (GST_P2P_HLS_SRC (src), FALSE);
  return TRUE;
}

static GstStateChangeReturn
gst_p2p_hls_src_change_state (GstElement * element, GstStateChange transition)
{
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_p2p_hls_member_detach (&GST_P2P_HLS_SRC (element)->member);
  return result;
}

static gboolean
gst_p2p_hls_src_get_size (GstBaseSrc * src, guint64 * size)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (src);

  GST_OBJECT_LOCK (self);
  *size = self->size;
  GST_OBJECT_UNLOCK (self);
  return *size != (guint64) - 1;
}

static gboolean
gst_p2p_hls_src_is_seekable (GstBaseSrc * src)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (src);
  gboolean seekable;

  GST_OBJECT_LOCK (self);
  seekable = self->seekable;
  GST_OBJECT_UNLOCK (self);
  return seekable;
}

static gboolean
gst_p2p_hls_src_do_seek (GstBaseSrc * src, GstSegment * segment)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (src);
  gint64 start = segment->start;
  gint64 stop = GST_CLOCK_TIME_IS_VALID (segment->stop) ?
      (gint64) segment->stop : -1;
  gboolean refused;

  if (segment->rate < 0.0 || segment->format != GST_FORMAT_BYTES)
    return FALSE;
  if (self->body && start == self->position && stop == self->stop)
    return TRUE;
  /* Without an answer it is not known; the server will say. */
  GST_OBJECT_LOCK (self);
  refused = self->answered && !self->seekable && start != 0;
  GST_OBJECT_UNLOCK (self);
  if (refused) {
    GST_WARNING_OBJECT (self, "the server does not serve ranges");
    return FALSE;
  }
  gst_p2p_hls_src_close (self);
  self->start = self->position = start;
  self->stop = stop;
  /* On its way while the streaming thread starts; live begins in PLAYING. */
  if (!gst_base_src_is_live (src))
    gst_p2p_hls_src_open (self);
  return TRUE;
}

/* --- streaming --- */

static void
gst_p2p_hls_src_set_size (GstP2pHlsSrc * self, gint64 size)
{
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = size >= 0 && size != self->size;
  if (changed)
    GST_BASE_SRC (self)->segment.duration = self->size = size;
  GST_OBJECT_UNLOCK (self);
  if (changed)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_duration_changed (GST_OBJECT (self)));
}

/* Tells the application, and notes what queries ask for. Returns: (transfer
 * full): the structure that was told. */
static GstStructure *
gst_p2p_hls_src_tell_head (GstP2pHlsSrc * self, P2pHttpHead * head)
{
  g_autofree char *location = NULL;
  GstStructure *structure;

  GST_OBJECT_LOCK (self);
  g_free (self->redirection);
  self->redirection = head->redirected ? g_strdup (head->uri) : NULL;
  self->permanent = head->permanent;
  self->seekable = head->seekable;
  self->answered = TRUE;
  location = p2p_uri_to_http (self->config.location);
  GST_OBJECT_UNLOCK (self);

  structure = gst_p2p_hls_headers_describe (location, head);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_copy (structure)));
  return structure;
}

static void
gst_p2p_hls_src_handle_head (GstP2pHlsSrc * self, P2pHttpHead * head)
{
  GstStructure *structure = gst_p2p_hls_src_tell_head (self, head);
  GstTagList *tags = gst_p2p_hls_headers_make_tags (head);
  g_autoptr (GstCaps) caps = gst_p2p_hls_headers_make_caps (head);
  GstPad *pad = GST_BASE_SRC_PAD (self);

  gst_p2p_hls_src_set_size (self, head->total);
  if (caps)
    gst_base_src_set_caps (GST_BASE_SRC (self), caps);
  gst_pad_push_event (pad,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, structure));
  if (tags)
    gst_pad_push_event (pad, gst_event_new_tag (tags));
}

/* Returns: (transfer full): the playlist as who reads it needs it */
static GBytes *
gst_p2p_hls_src_handle_playlist (GstP2pHlsSrc * self, GBytes * text)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("application/x-hls");
  g_autofree char *location = NULL, *redirection = NULL;
  GstP2pHlsManifest manifest = { 0 };
  GstP2pHlsWay way;

  /* With caps before it, a typefind plugs the demuxer now, to be looked for. */
  gst_base_src_set_caps (GST_BASE_SRC (self), caps);
  way = gst_p2p_hls_src_get_way (self, TRUE);

  GST_OBJECT_LOCK (self);
  location = g_strdup (self->config.location);
  redirection = g_strdup (self->redirection);
  GST_OBJECT_UNLOCK (self);

  gst_p2p_hls_manifest_init (&manifest, &self->member, text, location,
      redirection, way);
  text = g_steal_pointer (&manifest.text);
  GST_OBJECT_LOCK (self);
  gst_p2p_hls_manifest_clear (&self->manifest);
  self->manifest = manifest;
  GST_OBJECT_UNLOCK (self);
  return text;
}

static GstBuffer *
gst_p2p_hls_src_make_buffer (GstP2pHlsSrc * self, GBytes * bytes,
    P2pSource source)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_member_get_session (&self->member);
  GstBuffer *buffer = gst_p2p_hls_body_make_buffer (bytes, self->position);

  self->position = GST_BUFFER_OFFSET_END (buffer);
  gst_p2p_hls_session_count (session, source, g_bytes_get_size (bytes));
  return buffer;
}

static GstFlowReturn
gst_p2p_hls_src_fail (GstP2pHlsSrc * self, GstP2pHlsPipeItem * item)
{
  g_autofree char *location = NULL;
  gboolean flushing;

  GST_OBJECT_LOCK (self);
  flushing = self->flushing;
  location = p2p_uri_to_http (self->config.location);
  GST_OBJECT_UNLOCK (self);
  /* hlsdemux hangs on an error of a stream that it has stopped. */
  if (flushing)
    return GST_FLOW_FLUSHING;
  if (item->head)
    gst_structure_free (gst_p2p_hls_src_tell_head (self, item->head));
  gst_p2p_hls_errors_post (GST_ELEMENT (self), location, item->head,
      item->error);
  return GST_FLOW_ERROR;
}

static GstFlowReturn
gst_p2p_hls_src_create (GstPushSrc * src, GstBuffer ** buffer)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (src);

  if (self->body == NULL && !gst_p2p_hls_src_open (self))
    return GST_FLOW_EOS;
  for (;;) {
    g_auto (GstP2pHlsPipeItem) item = { 0 };
    g_autoptr (GBytes) playlist = NULL;

    switch (gst_p2p_hls_body_read (self->body, &item)) {
      case GST_P2P_HLS_BODY_HEAD:
        gst_p2p_hls_src_handle_head (self, item.head);
        break;
      case GST_P2P_HLS_BODY_BYTES:
        *buffer = gst_p2p_hls_src_make_buffer (self, item.bytes, item.source);
        return GST_FLOW_OK;
      case GST_P2P_HLS_BODY_PLAYLIST:
        playlist = gst_p2p_hls_src_handle_playlist (self, item.bytes);
        gst_p2p_hls_src_set_size (self, g_bytes_get_size (playlist));
        *buffer = gst_p2p_hls_src_make_buffer (self, playlist, item.source);
        return GST_FLOW_OK;
      case GST_P2P_HLS_BODY_END:
        /* What was wanted begins after the end: no error, but a response. */
        if (item.head)
          gst_structure_free (gst_p2p_hls_src_tell_head (self, item.head));
        return GST_FLOW_EOS;
      case GST_P2P_HLS_BODY_ERROR:
        return gst_p2p_hls_src_fail (self, &item);
      case GST_P2P_HLS_BODY_FLUSHING:
        return GST_FLOW_FLUSHING;
    }
  }
}

/* --- properties --- */

static void
gst_p2p_hls_src_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (object);

  if (gst_p2p_hls_member_set_property (&self->member, pspec, value))
    return;
  if (id == PROP_IS_LIVE) {
    gst_base_src_set_live (GST_BASE_SRC (self), g_value_get_boolean (value));
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_p2p_hls_config_set (&self->config, pspec, value);
  if (g_str_equal (pspec->name, "location"))
    gst_p2p_hls_src_forget (self);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_p2p_hls_src_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (object);

  if (gst_p2p_hls_member_get_property (&self->member, pspec, value))
    return;
  if (id == PROP_IS_LIVE) {
    g_value_set_boolean (value, gst_base_src_is_live (GST_BASE_SRC (self)));
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_p2p_hls_config_get (&self->config, pspec, value);
  GST_OBJECT_UNLOCK (self);
}

/* --- URI handler --- */

static GstURIType
gst_p2p_hls_src_uri_get_type (GType type)
{
  return GST_URI_SRC;
}

static const gchar *const *
gst_p2p_hls_src_uri_get_protocols (GType type)
{
  static const gchar *protocols[] = {
    "p2phls+http", "p2phls+https", "http", "https", NULL
  };

  return protocols;
}

static gchar *
gst_p2p_hls_src_uri_get_uri (GstURIHandler * handler)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (handler);
  gchar *uri;

  GST_OBJECT_LOCK (self);
  uri = g_strdup (self->config.location);
  GST_OBJECT_UNLOCK (self);
  return uri;
}

static gboolean
gst_p2p_hls_src_uri_set_uri (GstURIHandler * handler, const gchar * uri,
    GError ** error)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (handler);
  gboolean set;

  GST_OBJECT_LOCK (self);
  set = gst_p2p_hls_config_set_location (&self->config, uri, error);
  if (set)
    gst_p2p_hls_src_forget (self);
  GST_OBJECT_UNLOCK (self);
  return set;
}

static void
gst_p2p_hls_src_uri_handler_init (gpointer iface, gpointer iface_data)
{
  GstURIHandlerInterface *handler = iface;

  handler->get_type = gst_p2p_hls_src_uri_get_type;
  handler->get_protocols = gst_p2p_hls_src_uri_get_protocols;
  handler->get_uri = gst_p2p_hls_src_uri_get_uri;
  handler->set_uri = gst_p2p_hls_src_uri_set_uri;
}

/* --- class --- */

static void
gst_p2p_hls_src_dispose (GObject * object)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (object);

  gst_p2p_hls_src_close (self);
  gst_p2p_hls_member_detach (&self->member);
  G_OBJECT_CLASS (parent_class)->dispose (object);
}

static void
gst_p2p_hls_src_finalize (GObject * object)
{
  GstP2pHlsSrc *self = GST_P2P_HLS_SRC (object);

  gst_p2p_hls_config_clear (&self->config);
  gst_p2p_hls_member_clear (&self->member);
  gst_p2p_hls_src_forget (self);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_p2p_hls_src_install_properties (GObjectClass * klass)
{
  guint first;

  g_object_class_install_property (klass, PROP_IS_LIVE,
      g_param_spec_boolean ("is-live", "is-live", "Act like a live source",
          FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
          | GST_PARAM_MUTABLE_READY));
  first = gst_p2p_hls_config_install (klass, PROP_CONFIG);
  gst_p2p_hls_member_install (klass, first);
}

static void
gst_p2p_hls_src_class_init (GstP2pHlsSrcClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *src_class = GST_BASE_SRC_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_p2p_hls_src_debug, "p2phlssrc", 0,
      "HLS over the other viewers of the same stream");

  object_class->set_property = gst_p2p_hls_src_set_property;
  object_class->get_property = gst_p2p_hls_src_get_property;
  object_class->dispose = gst_p2p_hls_src_dispose;
  object_class->finalize = gst_p2p_hls_src_finalize;
  gst_p2p_hls_src_install_properties (object_class);

  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "P2P HLS source",
      "Source/Network",
      "Reads HLS (and all else over HTTP) for hlsdemux, from the other viewers "
      "of the same stream and from the server", "The p2phls developers");
  element_class->change_state = gst_p2p_hls_src_change_state;

  src_class->start = gst_p2p_hls_src_start;
  src_class->stop = gst_p2p_hls_src_stop;
  src_class->unlock = gst_p2p_hls_src_unlock;
  src_class->unlock_stop = gst_p2p_hls_src_unlock_stop;
  src_class->get_size = gst_p2p_hls_src_get_size;
  src_class->is_seekable = gst_p2p_hls_src_is_seekable;
  src_class->do_seek = gst_p2p_hls_src_do_seek;
  src_class->query = gst_p2p_hls_src_query;
  GST_PUSH_SRC_CLASS (klass)->create = gst_p2p_hls_src_create;
}

static void
gst_p2p_hls_src_init (GstP2pHlsSrc * self)
{
  gst_p2p_hls_config_init (&self->config);
  gst_p2p_hls_member_init (&self->member, GST_ELEMENT (self),
      gst_p2p_hls_src_tell);
  self->stop = self->size = -1;
  gst_base_src_set_automatic_eos (GST_BASE_SRC (self), FALSE);
}
