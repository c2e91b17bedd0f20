/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlscontext.h"

#include "p2puri.h"

static GMutex lock;
static GPtrArray *published;    /* of GWeakRef, under the lock */

GstP2pHlsSession *
gst_p2p_hls_context_get (GstElement * element)
{
  GstP2pHlsSession *session = NULL;
  GstContext *context =
      gst_element_get_context (element, GST_P2P_HLS_CONTEXT_SESSION);

  if (context == NULL)
    return NULL;
  gst_structure_get (gst_context_get_structure (context), "session",
      GST_TYPE_P2P_HLS_SESSION, &session, NULL);
  gst_context_unref (context);
  return session;
}

/* The answer comes as gst_element_set_context(), from inside. */
static void
gst_p2p_hls_context_ask (GstElement * element, GstPad * pad)
{
  GstQuery *query = gst_query_new_context (GST_P2P_HLS_CONTEXT_SESSION);
  GstContext *context = NULL;

  if (gst_pad_peer_query (pad, query))
    gst_query_parse_context (query, &context);
  if (context)
    gst_element_set_context (element, context);
  else
    gst_element_post_message (element,
        gst_message_new_need_context (GST_OBJECT (element),
            GST_P2P_HLS_CONTEXT_SESSION));
  gst_query_unref (query);
}

static void
gst_p2p_hls_context_weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Under the lock: forgets those that are gone. Returns: (transfer full): the
 * others; to be given up without the lock. */
static GPtrArray *
gst_p2p_hls_context_list (void)
{
  GPtrArray *alive = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = published ? published->len : 0; i > 0; i--) {
    gpointer session = g_weak_ref_get (g_ptr_array_index (published, i - 1));

    if (session)
      g_ptr_array_add (alive, session);
    else
      g_ptr_array_remove_index_fast (published, i - 1);
  }
  return alive;
}

static void
gst_p2p_hls_context_remember (GstP2pHlsSession * session)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);
  g_autoptr (GPtrArray) alive = NULL;

  g_weak_ref_init (weak, session);
  g_mutex_lock (&lock);
  if (published == NULL)
    published = g_ptr_array_new_with_free_func (gst_p2p_hls_context_weak_free);
  alive = gst_p2p_hls_context_list ();
  g_ptr_array_add (published, weak);
  g_mutex_unlock (&lock);
}

static void
gst_p2p_hls_context_publish (GstElement * element, GstP2pHlsSession * session)
{
  GstContext *context = gst_context_new (GST_P2P_HLS_CONTEXT_SESSION, TRUE);

  gst_structure_set (gst_context_writable_structure (context), "session",
      GST_TYPE_P2P_HLS_SESSION, session, NULL);
  gst_p2p_hls_context_remember (session);
  gst_element_set_context (element, context);
  gst_element_post_message (element,
      gst_message_new_have_context (GST_OBJECT (element), context));
}

/* The one session of the process whose playlists name uri; NULL if there is
 * none, or more than one: two pipelines never share. */
static GstP2pHlsSession *
gst_p2p_hls_context_lookup (const char *uri)
{
  g_autoptr (GPtrArray) alive = NULL;
  GstP2pHlsSession *found = NULL;

  g_mutex_lock (&lock);
  alive = gst_p2p_hls_context_list ();
  g_mutex_unlock (&lock);

  for (guint i = 0; i < alive->len; i++) {
    if (!gst_p2p_hls_session_knows (g_ptr_array_index (alive, i), uri))
      continue;
    if (found)
      return NULL;
    found = g_ptr_array_index (alive, i);
  }
  return found ? g_object_ref (found) : NULL;
}

GstP2pHlsSession *
gst_p2p_hls_context_find (GstElement * element, GstPad * pad, const char *uri)
{
  GstP2pHlsSession *session = gst_p2p_hls_context_get (element);

  if (session)
    return session;
  gst_p2p_hls_context_ask (element, pad);
  session = gst_p2p_hls_context_get (element);
  if (session)
    return session;
  session = gst_p2p_hls_context_lookup (uri);
  if (session)
    return session;

  session = gst_p2p_hls_session_new ();
  gst_p2p_hls_context_publish (element, session);
  /* An element of no bin is a demuxer's own: what it was told does not come
   * from the user. */
  if (p2p_uri_is_p2p (uri) && GST_OBJECT_PARENT (element))
    gst_p2p_hls_session_ask (session);
  return session;
}
