/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsmember.h"

#include "gstp2phlscontext.h"
#include "gstp2phlssignals.h"

GST_DEBUG_CATEGORY_EXTERN (gst_p2p_hls_src_debug);
#define GST_CAT_DEFAULT gst_p2p_hls_src_debug

static GQuark
gst_p2p_hls_member_quark (void)
{
  return g_quark_from_static_string ("gst-p2p-hls-member");
}

/* --- the session --- */

GstP2pHlsSession *
gst_p2p_hls_member_get_session (GstP2pHlsMember * self)
{
  GstP2pHlsSession *session;

  GST_OBJECT_LOCK (self->element);
  session = self->session ? g_object_ref (self->session) : NULL;
  GST_OBJECT_UNLOCK (self->element);
  return session;
}

static void
gst_p2p_hls_member_tell (GstP2pHlsMember * self, GstP2pHlsSession * session)
{
  GstP2pHlsSettings settings;
  guint64 mask;

  GST_OBJECT_LOCK (self->element);
  gst_p2p_hls_settings_copy (&self->settings, &settings);
  mask = self->settings_set;
  GST_OBJECT_UNLOCK (self->element);
  self->tell (self->element, session, &settings, mask);
  gst_p2p_hls_settings_clear (&settings);
}

void
gst_p2p_hls_member_attach (GstP2pHlsMember * self, GstP2pHlsSession * session)
{
  g_autoptr (GstP2pHlsSession) attached = gst_p2p_hls_member_get_session (self);

  gst_p2p_hls_member_tell (self, session);
  if (attached == session)
    return;
  gst_p2p_hls_member_detach (self);
  gst_p2p_hls_session_attach (session, self->element);
  GST_OBJECT_LOCK (self->element);
  self->session = g_object_ref (session);
  GST_OBJECT_UNLOCK (self->element);
}

void
gst_p2p_hls_member_detach (GstP2pHlsMember * self)
{
  GstP2pHlsSession *session;

  GST_OBJECT_LOCK (self->element);
  session = g_steal_pointer (&self->session);
  GST_OBJECT_UNLOCK (self->element);
  if (session) {
    gst_p2p_hls_session_detach (session, self->element);
    g_object_unref (session);
  }
}

/* --- the gateway --- */

gboolean
gst_p2p_hls_member_serve (GstP2pHlsMember * self, const char *uri, char **url,
    P2pSoupGatewayLinks ** links)
{
  g_autoptr (GstP2pHlsSession) session = gst_p2p_hls_member_get_session (self);
  g_autoptr (GstP2pHlsLocal) local = gst_p2p_hls_local_new ();
  gboolean flushing;

  GST_OBJECT_LOCK (self->element);
  flushing = self->flushing;
  self->local = local;
  GST_OBJECT_UNLOCK (self->element);
  if (flushing || session == NULL)
    gst_p2p_hls_local_set (local, NULL, NULL);
  else
    gst_p2p_hls_session_serve (session, uri, local);
  gst_p2p_hls_local_wait (local, url, links);
  GST_OBJECT_LOCK (self->element);
  self->local = NULL;
  GST_OBJECT_UNLOCK (self->element);
  return *url != NULL;
}

void
gst_p2p_hls_member_set_flushing (GstP2pHlsMember * self, gboolean flushing)
{
  GST_OBJECT_LOCK (self->element);
  self->flushing = flushing;
  if (flushing && self->local)
    gst_p2p_hls_local_set (self->local, NULL, NULL);
  GST_OBJECT_UNLOCK (self->element);
}

/* --- properties --- */

gboolean
gst_p2p_hls_member_set_property (GstP2pHlsMember * self, GParamSpec * pspec,
    const GValue * value)
{
  int number = gst_p2p_hls_settings_find (pspec->name);
  g_autoptr (GstP2pHlsSession) session = NULL;

  if (number < 0)
    return FALSE;
  GST_OBJECT_LOCK (self->element);
  gst_p2p_hls_settings_set (&self->settings, number, value);
  self->settings_set |= G_GUINT64_CONSTANT (1) << number;
  GST_OBJECT_UNLOCK (self->element);
  session = gst_p2p_hls_member_get_session (self);
  if (session)
    gst_p2p_hls_member_tell (self, session);
  return TRUE;
}

static GstStructure *
gst_p2p_hls_member_get_settings (GstP2pHlsMember * self)
{
  g_autoptr (GstP2pHlsSession) session = gst_p2p_hls_member_get_session (self);
  GstStructure *structure;

  if (session)
    return gst_p2p_hls_session_get_settings (session);
  GST_OBJECT_LOCK (self->element);
  structure = gst_p2p_hls_settings_to_structure (&self->settings);
  GST_OBJECT_UNLOCK (self->element);
  return structure;
}

GstStructure *
gst_p2p_hls_member_get_stats (GstP2pHlsMember * self)
{
  g_autoptr (GstP2pHlsSession) session = gst_p2p_hls_member_get_session (self);

  if (session == NULL)
    session = gst_p2p_hls_context_get (self->element);
  if (session == NULL)
    session = gst_p2p_hls_session_new ();
  return gst_p2p_hls_session_get_stats (session);
}

gboolean
gst_p2p_hls_member_get_property (GstP2pHlsMember * self, GParamSpec * pspec,
    GValue * value)
{
  int number = gst_p2p_hls_settings_find (pspec->name);

  if (number >= 0) {
    GST_OBJECT_LOCK (self->element);
    gst_p2p_hls_settings_get (&self->settings, number, value);
    GST_OBJECT_UNLOCK (self->element);
  } else if (g_str_equal (pspec->name, "settings")) {
    g_value_take_boxed (value, gst_p2p_hls_member_get_settings (self));
  } else if (g_str_equal (pspec->name, "stats")) {
    g_value_take_boxed (value, gst_p2p_hls_member_get_stats (self));
  } else {
    return FALSE;
  }
  return TRUE;
}

/* --- actions --- */

/* Returns: (transfer full) (nullable) */
static GstP2pHlsSession *
gst_p2p_hls_member_find_session (GstElement * element)
{
  return gst_p2p_hls_member_get_session (g_object_get_qdata (G_OBJECT (element),
          gst_p2p_hls_member_quark ()));
}

static void
gst_p2p_hls_member_load (GstElement * element, GValueArray * segments,
    const char *swarm_id, const char *emit_now_url)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_member_find_session (element);

  if (session)
    gst_p2p_hls_session_load (session,
        gst_p2p_hls_signals_read_segments (element, segments), swarm_id,
        emit_now_url);
  else
    GST_WARNING_OBJECT (element, "load: only in PAUSED and PLAYING");
}

static void
gst_p2p_hls_member_destroy (GstElement * element)
{
  g_autoptr (GstP2pHlsSession) session =
      gst_p2p_hls_member_find_session (element);

  if (session)
    gst_p2p_hls_session_destroy (session);
}

static const GstP2pHlsActions actions = {
  gst_p2p_hls_member_load,
  gst_p2p_hls_member_destroy,
};

/* --- life --- */

void
gst_p2p_hls_member_install (GObjectClass * klass, guint first)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  first = gst_p2p_hls_settings_install (klass, first);
  /**
   * GstP2pHlsSrc:settings:
   *
   * All settings of the session together (seed 000, "getSettings"), by the
   * names of their properties.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, first++,
      g_param_spec_boxed ("settings", "Settings",
          "All settings of the session together", GST_TYPE_STRUCTURE, flags));
  /**
   * GstP2pHlsSrc:stats:
   *
   * What the session did since it began, not more than 50 ms old, and its
   * trackers and peers. See docs/loader.md for the fields.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, first,
      g_param_spec_boxed ("stats", "Statistics",
          "What the session did since it began", GST_TYPE_STRUCTURE, flags));
  gst_p2p_hls_signals_install (klass, &actions);
}

void
gst_p2p_hls_member_init (GstP2pHlsMember * self, GstElement * element,
    GstP2pHlsMemberTell tell)
{
  self->element = element;
  self->tell = tell;
  gst_p2p_hls_settings_init (&self->settings);
  g_object_set_qdata (G_OBJECT (element), gst_p2p_hls_member_quark (), self);
}

void
gst_p2p_hls_member_clear (GstP2pHlsMember * self)
{
  gst_p2p_hls_settings_clear (&self->settings);
}
