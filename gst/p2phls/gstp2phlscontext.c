/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlscontext.h"

#include "p2puri.h"

/* What the process knows of a session. */
typedef struct
{
  GWeakRef weak;
  gpointer address;             /* to compare it with */
  gboolean loose;               /* no pipeline was told of it */
} Published;

static GMutex lock;
static GPtrArray *published;    /* of Published, under the lock */

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
gst_p2p_hls_context_published_free (gpointer data)
{
  Published *one = data;

  g_weak_ref_clear (&one->weak);
  g_free (one);
}

/* Under the lock: forgets those that are gone. Returns: (transfer full): the
 * others; to be given up without the lock. */
static GPtrArray *
gst_p2p_hls_context_list (gboolean only_loose)
{
  GPtrArray *alive = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = published ? published->len : 0; i > 0; i--) {
    Published *one = g_ptr_array_index (published, i - 1);
    gpointer session;

    if (only_loose && !one->loose)
      continue;
    session = g_weak_ref_get (&one->weak);
    if (session)
      g_ptr_array_add (alive, session);
    else
      g_ptr_array_remove_index_fast (published, i - 1);
  }
  return alive;
}

/* Under the lock. */
static Published *
gst_p2p_hls_context_add (GstP2pHlsSession * session)
{
  Published *one;

  if (published == NULL)
    published =
        g_ptr_array_new_with_free_func (gst_p2p_hls_context_published_free);
  for (guint i = 0; i < published->len; i++) {
    one = g_ptr_array_index (published, i);
    if (one->address == session)
      return one;
  }
  one = g_new0 (Published, 1);
  g_weak_ref_init (&one->weak, session);
  one->address = session;
  g_ptr_array_add (published, one);
  return one;
}

static void
gst_p2p_hls_context_remember (GstP2pHlsSession * session, gboolean loose)
{
  g_autoptr (GPtrArray) alive = NULL;

  g_mutex_lock (&lock);
  alive = gst_p2p_hls_context_list (FALSE);
  gst_p2p_hls_context_add (session)->loose = loose;
  g_mutex_unlock (&lock);
}

/* What an element of no bin posts, its demuxer throws away. */
static gboolean
gst_p2p_hls_context_is_loose (GstElement * element)
{
  return GST_OBJECT_PARENT (element) == NULL;
}

static GstContext *
gst_p2p_hls_context_new (GstP2pHlsSession * session)
{
  GstContext *context = gst_context_new (GST_P2P_HLS_CONTEXT_SESSION, TRUE);

  gst_structure_set (gst_context_writable_structure (context), "session",
      GST_TYPE_P2P_HLS_SESSION, session, NULL);
  return context;
}

void
gst_p2p_hls_context_give (GstElement * element, GstP2pHlsSession * session)
{
  g_autoptr (GstContext) context = gst_p2p_hls_context_new (session);

  gst_p2p_hls_context_remember (session, FALSE);
  gst_element_set_context (element, context);
}

static void
gst_p2p_hls_context_publish (GstElement * element, GstP2pHlsSession * session)
{
  GstContext *context = gst_p2p_hls_context_new (session);

  gst_p2p_hls_context_remember (session,
      gst_p2p_hls_context_is_loose (element));
  gst_element_set_context (element, context);
  gst_element_post_message (element,
      gst_message_new_have_context (GST_OBJECT (element), context));
}

/* The one session of the process whose playlists name uri; NULL if there is
 * none, or more than one. Two pipelines never share: who is in one may only
 * have a session that is in none. */
static GstP2pHlsSession *
gst_p2p_hls_context_search (const char *uri, gboolean only_loose)
{
  g_autoptr (GPtrArray) alive = NULL;
  GstP2pHlsSession *found = NULL;

  g_mutex_lock (&lock);
  alive = gst_p2p_hls_context_list (only_loose);
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
gst_p2p_hls_context_look_up (GstElement * element, GstPad * pad)
{
  GstP2pHlsSession *session = gst_p2p_hls_context_get (element);

  if (session)
    return session;
  gst_p2p_hls_context_ask (element, pad);
  return gst_p2p_hls_context_get (element);
}

GstP2pHlsSession *
gst_p2p_hls_context_find (GstElement * element, GstPad * pad, const char *uri)
{
  GstP2pHlsSession *session = gst_p2p_hls_context_look_up (element, pad);

  if (session)
    return session;
  session = gst_p2p_hls_context_search (uri,
      !gst_p2p_hls_context_is_loose (element));
  if (session && gst_p2p_hls_context_is_loose (element))
    return session;

  if (session == NULL)
    session = gst_p2p_hls_session_new ();
  gst_p2p_hls_context_publish (element, session);
  /* An element of no bin is a demuxer's own: what it was told does not come
   * from the user. */
  if (p2p_uri_is_p2p (uri) && !gst_p2p_hls_context_is_loose (element))
    gst_p2p_hls_session_ask (session);
  return session;
}
