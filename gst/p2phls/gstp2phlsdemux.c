/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-p2phlsdemux
 * @title: p2phlsdemux
 * @short_description: lets players share what plain URIs of HLS play
 * @see_also: p2phlssrc, p2phlstracker, hlsdemux, hlsdemux2
 *
 * Takes the place of hlsdemux and hlsdemux2, whichever its parent can take, and
 * puts that one behind a session of p2phls: what it fetches comes from the other
 * viewers of the same stream where they have it. The first playlist still comes
 * from whatever source the player has, and so does all that is no HLS.
 *
 * Its rank is NONE. Raised by the user, it works in players that know nothing of
 * it, playbin's and playbin3's, with the http(s) URIs that they play:
 * |[
 * export GST_PLUGIN_FEATURE_RANK=p2phlsdemux:MAX P2PHLS_TRACKERS=http://tracker.example:8000
 * gst-play-1.0 https://example.com/live/master.m3u8
 * ]|
 *
 * Nobody is announced who did not ask for it. What asks is the environment variable
 * P2PHLS_TRACKERS, with URLs of trackers; tracker-announce in the group [p2phls] of
 * the file p2phls/p2phls.conf of the user's configuration folder; the property
 * #GstP2pHlsDemux:tracker-announce; or a p2phlstracker in the pipeline. Without any
 * of them the demuxer inside fetches as if it stood alone, and no session is made.
 *
 * Since: 0.1
 */

#include "gstp2phlsdemux.h"

#include <glib/gi18n-lib.h>

#include "gstp2phlsbody.h"
#include "gstp2phlscontext.h"
#include "gstp2phlsdownstream.h"
#include "gstp2phlsheaders.h"
#include "gstp2phlsmanifest.h"
#include "gstp2phlsmember.h"
#include "gstp2phlsoptions.h"
#include "gstp2phlssrc.h"
#include "gstp2phlsuser.h"

#include "p2puri.h"

GST_DEBUG_CATEGORY_STATIC (gst_p2p_hls_demux_debug);
#define GST_CAT_DEFAULT gst_p2p_hls_demux_debug

#define MAX_CONNECTION_SPEED (G_MAXUINT / 1000)

enum
{
  PROP_0,
  PROP_CONNECTION_SPEED,
  PROP_MEMBER                   /* the first of GstP2pHlsMember's */
};

struct _GstP2pHlsDemux
{
  GstBin parent;

  GstP2pHlsMember member;
  GstPad *sinkpad;              /* a ghost pad; its chain and events are ours */
  GstPad *innerpad;             /* its other side, which faces the demuxer */

  /* Under the object's lock: */
  GstElement *demux;            /* NULL: not made yet */
  guint connection_speed;
  GstP2pHlsManifest manifest;   /* without its text; uri NULL: none */

  /* Of the streaming thread, or of who stopped it: */
  GByteArray *gathered;         /* NULL: what comes goes through */
  GstStructure *headers;        /* of the playlist; NULL: not known */
};

#define gst_p2p_hls_demux_parent_class parent_class
G_DEFINE_TYPE (GstP2pHlsDemux, gst_p2p_hls_demux, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (p2phlsdemux, "p2phlsdemux", GST_RANK_NONE,
    GST_TYPE_P2P_HLS_DEMUX);

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-hls"));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src_%u",
    GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS_ANY);

/* --- the demuxer inside --- */

/* Returns: (transfer full) (nullable) */
static GstElement *
gst_p2p_hls_demux_get_demux (GstP2pHlsDemux * self)
{
  GstElement *demux;

  GST_OBJECT_LOCK (self);
  demux = self->demux ? gst_object_ref (self->demux) : NULL;
  GST_OBJECT_UNLOCK (self);
  return demux;
}

static gboolean
gst_p2p_hls_demux_copy_event (GstPad * pad, GstEvent ** event, gpointer ghost)
{
  gst_pad_store_sticky_event (ghost, *event);
  return TRUE;
}

static void
gst_p2p_hls_demux_pad_added (GstElement * demux, GstPad * pad,
    GstP2pHlsDemux * self)
{
  g_autoptr (GstPadTemplate) template =
      gst_static_pad_template_get (&src_template);
  GstPad *ghost;

  if (GST_PAD_IS_SINK (pad))
    return;
  ghost = gst_ghost_pad_new_from_template (GST_PAD_NAME (pad), pad, template);
  g_object_set_data (G_OBJECT (pad), "p2phls-ghost", ghost);
  gst_pad_set_active (ghost, TRUE);
  gst_pad_sticky_events_foreach (pad, gst_p2p_hls_demux_copy_event, ghost);
  gst_element_add_pad (GST_ELEMENT (self), ghost);
}

static void
gst_p2p_hls_demux_pad_removed (GstElement * demux, GstPad * pad,
    GstP2pHlsDemux * self)
{
  GstPad *ghost = g_object_steal_data (G_OBJECT (pad), "p2phls-ghost");

  if (ghost == NULL)
    return;
  gst_pad_set_active (ghost, FALSE);
  gst_ghost_pad_set_target (GST_GHOST_PAD (ghost), NULL);
  gst_element_remove_pad (GST_ELEMENT (self), ghost);
}

static void
gst_p2p_hls_demux_no_more_pads (GstElement * demux, GstP2pHlsDemux * self)
{
  gst_element_no_more_pads (GST_ELEMENT (self));
}

/* hlsdemux2 wants a parent that knows of streams, and who knows of them wants
 * hlsdemux2. Returns: whether this one's does */
static gboolean
gst_p2p_hls_demux_is_streams_aware (GstP2pHlsDemux * self)
{
  g_autoptr (GstObject) parent = gst_object_get_parent (GST_OBJECT (self));

  return parent && GST_OBJECT_FLAG_IS_SET (parent, GST_BIN_FLAG_STREAMS_AWARE);
}

static void
gst_p2p_hls_demux_set_streams_aware (GstP2pHlsDemux * self, gboolean aware)
{
  GST_OBJECT_LOCK (self);
  if (aware)
    GST_OBJECT_FLAG_SET (self, GST_BIN_FLAG_STREAMS_AWARE);
  else
    GST_OBJECT_FLAG_UNSET (self, GST_BIN_FLAG_STREAMS_AWARE);
  GST_OBJECT_UNLOCK (self);
}

static GstElement *
gst_p2p_hls_demux_make (GstP2pHlsDemux * self)
{
  gboolean streams_aware = gst_p2p_hls_demux_is_streams_aware (self);
  const char *name = streams_aware ? "hlsdemux2" : "hlsdemux";
  GstElement *demux = gst_element_factory_make (name, NULL);

  if (demux == NULL) {
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
        (_("There is no element %s."), name), (NULL));
    return NULL;
  }
  gst_p2p_hls_demux_set_streams_aware (self, streams_aware);
  g_object_bind_property (self, "connection-speed", demux, "connection-speed",
      G_BINDING_SYNC_CREATE);
  g_signal_connect (demux, "pad-added",
      G_CALLBACK (gst_p2p_hls_demux_pad_added), self);
  g_signal_connect (demux, "pad-removed",
      G_CALLBACK (gst_p2p_hls_demux_pad_removed), self);
  g_signal_connect (demux, "no-more-pads",
      G_CALLBACK (gst_p2p_hls_demux_no_more_pads), self);
  return demux;
}

/* The parent says which one, so not before there is one. Returns: FALSE after
 * an ERROR */
static gboolean
gst_p2p_hls_demux_ensure (GstP2pHlsDemux * self)
{
  g_autoptr (GstElement) demux = gst_p2p_hls_demux_get_demux (self);
  g_autoptr (GstPad) target = NULL;

  if (demux)
    return TRUE;
  demux = gst_p2p_hls_demux_make (self);
  if (demux == NULL)
    return FALSE;
  gst_object_ref_sink (demux);
  gst_bin_add (GST_BIN (self), demux);
  target = gst_element_get_static_pad (demux, "sink");
  gst_ghost_pad_set_target (GST_GHOST_PAD (self->sinkpad), target);
  GST_OBJECT_LOCK (self);
  self->demux = gst_object_ref (demux);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

/* The parent may be another one next time. */
static void
gst_p2p_hls_demux_drop (GstP2pHlsDemux * self)
{
  GstElement *demux;

  GST_OBJECT_LOCK (self);
  demux = g_steal_pointer (&self->demux);
  GST_OBJECT_UNLOCK (self);
  if (demux == NULL)
    return;
  gst_ghost_pad_set_target (GST_GHOST_PAD (self->sinkpad), NULL);
  gst_element_set_state (demux, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), demux);
  gst_object_unref (demux);
  gst_p2p_hls_demux_set_streams_aware (self, FALSE);
}

/* --- what comes in --- */

/* Whether the pipeline's own p2phlssrc sees to it that all comes to the session. */
static gboolean
gst_p2p_hls_demux_is_served (GstP2pHlsDemux * self)
{
  GstQuery *query = gst_p2p_hls_downstream_new_query ();
  gboolean served = gst_pad_peer_query (self->sinkpad, query);

  gst_query_unref (query);
  return served;
}

/* Returns: FALSE if it is no http(s) URI, or not known */
static gboolean
gst_p2p_hls_demux_query_uri (GstP2pHlsDemux * self, char **uri,
    char **redirection)
{
  GstQuery *query = gst_query_new_uri ();
  gboolean permanent = FALSE;

  if (gst_pad_peer_query (self->sinkpad, query)) {
    gst_query_parse_uri (query, uri);
    gst_query_parse_uri_redirection (query, redirection);
    gst_query_parse_uri_redirection_permanent (query, &permanent);
  }
  gst_query_unref (query);
  if (permanent && *redirection) {
    g_free (*uri);
    *uri = g_steal_pointer (redirection);
  }
  return *uri && p2p_uri_is_http (*uri);
}

/* The requests of the session are as those of the player's source. */
static void
gst_p2p_hls_demux_tell_headers (GstP2pHlsDemux * self,
    GstP2pHlsSession * session, const char *uri)
{
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();
  g_autofree char *user_agent = NULL;
  g_auto (GStrv) cookies = NULL;

  if (self->headers == NULL)
    return;
  cookies = gst_p2p_hls_headers_get_cookies (self->headers);
  gst_p2p_hls_session_add_cookies (session, uri, (const char *const *) cookies);
  user_agent = gst_p2p_hls_headers_get_user_agent (self->headers);
  if (user_agent == NULL)
    return;
  g_free (options->user_agent);
  options->user_agent = g_steal_pointer (&user_agent);
  gst_p2p_hls_session_merge_options (session, options,
      G_GUINT64_CONSTANT (1) << gst_p2p_hls_options_find ("user-agent"));
}

static gboolean
gst_p2p_hls_demux_asks (GstP2pHlsDemux * self)
{
  gboolean asks;

  GST_OBJECT_LOCK (self);
  asks = gst_p2p_hls_settings_ask (&self->member.settings);
  GST_OBJECT_UNLOCK (self);
  return asks || gst_p2p_hls_user_asks ();
}

/* Returns: (transfer full) (nullable): the session to take part in; NULL if
 * nobody asked for P2P */
static GstP2pHlsSession *
gst_p2p_hls_demux_find_session (GstP2pHlsDemux * self, const char *uri)
{
  g_autoptr (GstP2pHlsSession) session = NULL;

  if (gst_p2p_hls_demux_asks (self))
    return gst_p2p_hls_context_find (GST_ELEMENT (self), self->sinkpad, uri);
  session = gst_p2p_hls_context_look_up (GST_ELEMENT (self), self->sinkpad);
  return session && gst_p2p_hls_session_is_asked (session) ?
      g_steal_pointer (&session) : NULL;
}

static GstP2pHlsWay
gst_p2p_hls_demux_get_way (GstP2pHlsDemux * self)
{
  if (GST_OBJECT_FLAG_IS_SET (self, GST_BIN_FLAG_STREAMS_AWARE))
    return GST_P2P_HLS_WAY_GATEWAY;
  return gst_p2p_hls_downstream_http_is_ours ()? GST_P2P_HLS_WAY_PLAIN :
      GST_P2P_HLS_WAY_SCHEME;
}

/* Puts the demuxer behind the session, if there is to be one. Returns:
 * (transfer full): the playlist that the demuxer gets */
static GBytes *
gst_p2p_hls_demux_handle (GstP2pHlsDemux * self, GBytes * text)
{
  g_autoptr (GstP2pHlsSession) session = NULL;
  g_autofree char *uri = NULL, *redirection = NULL;
  GstP2pHlsManifest manifest = { 0 };

  if (!gst_p2p_hls_demux_query_uri (self, &uri, &redirection))
    return g_bytes_ref (text);
  session = gst_p2p_hls_demux_find_session (self, uri);
  if (session == NULL)
    return g_bytes_ref (text);
  gst_p2p_hls_member_attach (&self->member, session);
  if (gst_p2p_hls_demux_is_served (self))
    return g_bytes_ref (text);
  gst_p2p_hls_session_add_stream (session, uri, TRUE);
  gst_p2p_hls_demux_tell_headers (self, session, uri);
  gst_p2p_hls_manifest_init (&manifest, &self->member, text, uri, redirection,
      gst_p2p_hls_demux_get_way (self));
  text = g_steal_pointer (&manifest.text);
  GST_OBJECT_LOCK (self);
  gst_p2p_hls_manifest_clear (&self->manifest);
  self->manifest = manifest;
  GST_OBJECT_UNLOCK (self);
  return text;
}

/* From here on what comes goes through. */
static GstFlowReturn
gst_p2p_hls_demux_give_up (GstP2pHlsDemux * self)
{
  g_autoptr (GBytes) text = NULL;

  if (self->gathered == NULL)
    return GST_FLOW_OK;
  text = g_byte_array_free_to_bytes (g_steal_pointer (&self->gathered));
  return gst_pad_push (self->innerpad, gst_p2p_hls_body_make_buffer (text, 0));
}

/* It is whole. */
static void
gst_p2p_hls_demux_finish (GstP2pHlsDemux * self)
{
  g_autoptr (GBytes) text = NULL, handled = NULL;

  if (self->gathered == NULL || self->gathered->len == 0)
    return;
  text = g_byte_array_free_to_bytes (g_steal_pointer (&self->gathered));
  handled = gst_p2p_hls_demux_handle (self, text);
  gst_pad_push (self->innerpad, gst_p2p_hls_body_make_buffer (handled, 0));
}

static GstFlowReturn
gst_p2p_hls_demux_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (parent);
  GstMapInfo map;

  if (self->gathered == NULL)
    return gst_pad_push (self->innerpad, buffer);
  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    g_byte_array_append (self->gathered, map.data, map.size);
    gst_buffer_unmap (buffer, &map);
  }
  gst_buffer_unref (buffer);
  return self->gathered->len > P2P_PLAYLIST_MAX_BYTES ?
      gst_p2p_hls_demux_give_up (self) : GST_FLOW_OK;
}

static GstFlowReturn
gst_p2p_hls_demux_chain_list (GstPad * pad, GstObject * parent,
    GstBufferList * list)
{
  GstFlowReturn flow = GST_FLOW_OK;

  for (guint i = 0; i < gst_buffer_list_length (list) && flow == GST_FLOW_OK;
      i++)
    flow = gst_p2p_hls_demux_chain (pad, parent,
        gst_buffer_ref (gst_buffer_list_get (list, i)));
  gst_buffer_list_unref (list);
  return flow;
}

static void
gst_p2p_hls_demux_reset (GstP2pHlsDemux * self, gboolean gather)
{
  GstP2pHlsManifest manifest;

  g_clear_pointer (&self->gathered, g_byte_array_unref);
  g_clear_pointer (&self->headers, gst_structure_free);
  if (gather)
    self->gathered = g_byte_array_new ();
  GST_OBJECT_LOCK (self);
  manifest = self->manifest;
  memset (&self->manifest, 0, sizeof self->manifest);
  GST_OBJECT_UNLOCK (self);
  gst_p2p_hls_manifest_clear (&manifest);
}

static void
gst_p2p_hls_demux_take_headers (GstP2pHlsDemux * self, GstEvent * event)
{
  if (!gst_event_has_name (event, "http-headers"))
    return;
  g_clear_pointer (&self->headers, gst_structure_free);
  self->headers = gst_structure_copy (gst_event_get_structure (event));
}

static gboolean
gst_p2p_hls_demux_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS) {
    gst_p2p_hls_demux_finish (self);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM_STICKY) {
    gst_p2p_hls_demux_take_headers (self, event);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START) {
    gst_p2p_hls_member_set_flushing (&self->member, TRUE);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP) {
    gst_p2p_hls_member_set_flushing (&self->member, FALSE);
    gst_p2p_hls_demux_reset (self, TRUE);
  }
  return gst_pad_event_default (pad, parent, event);
}

/* What the demuxer asks upstream. */
static gboolean
gst_p2p_hls_demux_inner_query (GstPad * pad, GstObject * parent,
    GstQuery * query)
{
  /* The parent of this pad is the ghost pad. */
  g_autoptr (GstObject) bin = parent ? gst_object_get_parent (parent) : NULL;
  GstP2pHlsDemux *self = (GstP2pHlsDemux *) bin;
  gboolean told = FALSE;

  if (self && GST_QUERY_TYPE (query) == GST_QUERY_URI) {
    GST_OBJECT_LOCK (self);
    told = self->manifest.uri != NULL;
    if (told) {
      gst_query_set_uri (query, self->manifest.uri);
      gst_query_set_uri_redirection (query, self->manifest.redirection);
    }
    GST_OBJECT_UNLOCK (self);
  }
  return told || gst_pad_query_default (pad, parent, query);
}

/* --- what the parent asks and says --- */

static gboolean
gst_p2p_hls_demux_query (GstElement * element, GstQuery * query)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (element);
  g_autoptr (GstElement) demux = NULL;

  /* A parent asks in NULL already whether it has to buffer. */
  if (GST_QUERY_TYPE (query) == GST_QUERY_BUFFERING)
    gst_p2p_hls_demux_ensure (self);
  demux = gst_p2p_hls_demux_get_demux (self);
  return demux && gst_element_query (demux, query);
}

static gboolean
gst_p2p_hls_demux_send_event (GstElement * element, GstEvent * event)
{
  g_autoptr (GstElement) demux =
      gst_p2p_hls_demux_get_demux (GST_P2P_HLS_DEMUX (element));

  if (demux)
    return gst_element_send_event (demux, event);
  gst_event_unref (event);
  return FALSE;
}

static GstStateChangeReturn
gst_p2p_hls_demux_change_state (GstElement * element, GstStateChange transition)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY
      && !gst_p2p_hls_demux_ensure (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    gst_p2p_hls_demux_reset (self, TRUE);
    gst_p2p_hls_member_set_flushing (&self->member, FALSE);
  }
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_p2p_hls_member_set_flushing (&self->member, TRUE);
  result = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_p2p_hls_demux_reset (self, FALSE);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL) {
    gst_p2p_hls_demux_drop (self);
    gst_p2p_hls_member_detach (&self->member);
  }
  return result;
}

/* --- the session --- */

static void
gst_p2p_hls_demux_tell (GstElement * element, GstP2pHlsSession * session,
    GstP2pHlsSettings * settings, guint64 mask)
{
  gst_p2p_hls_session_merge_settings (session, settings, mask);
  if (gst_p2p_hls_demux_asks (GST_P2P_HLS_DEMUX (element)))
    gst_p2p_hls_session_ask (session);
}

/* --- properties --- */

static void
gst_p2p_hls_demux_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (object);

  if (gst_p2p_hls_member_set_property (&self->member, pspec, value))
    return;
  GST_OBJECT_LOCK (self);
  self->connection_speed = g_value_get_uint (value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_p2p_hls_demux_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (object);

  if (gst_p2p_hls_member_get_property (&self->member, pspec, value))
    return;
  GST_OBJECT_LOCK (self);
  g_value_set_uint (value, self->connection_speed);
  GST_OBJECT_UNLOCK (self);
}

/* --- class --- */

static void
gst_p2p_hls_demux_dispose (GObject * object)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (object);

  gst_p2p_hls_demux_drop (self);
  gst_p2p_hls_member_detach (&self->member);
  G_OBJECT_CLASS (parent_class)->dispose (object);
}

static void
gst_p2p_hls_demux_finalize (GObject * object)
{
  GstP2pHlsDemux *self = GST_P2P_HLS_DEMUX (object);

  gst_p2p_hls_demux_reset (self, FALSE);
  gst_object_unref (self->innerpad);
  gst_p2p_hls_member_clear (&self->member);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_p2p_hls_demux_class_init (GstP2pHlsDemuxClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_p2p_hls_demux_debug, "p2phlsdemux", 0,
      "lets players share what plain URIs of HLS play");
  /* The options of requests are known to the class of who makes them. */
  g_type_class_unref (g_type_class_ref (GST_TYPE_P2P_HLS_SRC));

  object_class->set_property = gst_p2p_hls_demux_set_property;
  object_class->get_property = gst_p2p_hls_demux_get_property;
  object_class->dispose = gst_p2p_hls_demux_dispose;
  object_class->finalize = gst_p2p_hls_demux_finalize;
  /**
   * GstP2pHlsDemux:connection-speed:
   *
   * That of the demuxer inside: how fast the network is, in kbit/s; 0: what it
   * measures.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_CONNECTION_SPEED,
      g_param_spec_uint ("connection-speed", "Connection Speed",
          "Network connection speed for the demuxer inside (kbit/s); 0: as "
          "measured", 0, MAX_CONNECTION_SPEED, 0, G_PARAM_READWRITE
          | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING));
  gst_p2p_hls_member_install (object_class, PROP_MEMBER);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "P2P HLS demuxer",
      "Codec/Demuxer/Adaptive",
      "hlsdemux or hlsdemux2, fed by the other viewers of the same stream where "
      "the user asked for that", "The p2phls developers");
  element_class->query = gst_p2p_hls_demux_query;
  element_class->send_event = gst_p2p_hls_demux_send_event;
  element_class->change_state = gst_p2p_hls_demux_change_state;
}

static void
gst_p2p_hls_demux_init (GstP2pHlsDemux * self)
{
  g_autoptr (GstPadTemplate) template =
      gst_static_pad_template_get (&sink_template);

  gst_p2p_hls_member_init (&self->member, GST_ELEMENT (self),
      gst_p2p_hls_demux_tell);
  self->sinkpad = gst_ghost_pad_new_no_target_from_template ("sink", template);
  self->innerpad =
      GST_PAD (gst_proxy_pad_get_internal (GST_PROXY_PAD (self->sinkpad)));
  gst_pad_set_chain_function (self->sinkpad, gst_p2p_hls_demux_chain);
  gst_pad_set_chain_list_function (self->sinkpad, gst_p2p_hls_demux_chain_list);
  gst_pad_set_event_function (self->sinkpad, gst_p2p_hls_demux_event);
  gst_pad_set_query_function (self->innerpad, gst_p2p_hls_demux_inner_query);
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);
}
