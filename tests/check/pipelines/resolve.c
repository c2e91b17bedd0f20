/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What hlsdemux asks for is what the engine read from the same playlist: it
 * joins by pasting strings, the engine by RFC 3986. And what GstUri makes of it
 * comes to the same name.
 */

#include "p2pplaylist.h"
#include "p2puri.h"

#include <gst/base/gstpushsrc.h>
#include <gst/gst.h>
#include <string.h>

/* An http source that knows one resource, a playlist, and tells what else it is
 * asked for. */
typedef struct
{
  GstPushSrc parent;
  char *uri;
  gboolean done;
} TestSrc;

typedef GstPushSrcClass TestSrcClass;

/* The case that runs: read by streaming threads */
static char *list_uri, *list_text;
static GAsyncQueue *asked;      /* of char */

static GType test_src_get_type (void);
static void test_src_uri_handler_init (gpointer iface, gpointer data);

G_DEFINE_TYPE_WITH_CODE (TestSrc, test_src, GST_TYPE_PUSH_SRC,
    G_IMPLEMENT_INTERFACE (GST_TYPE_URI_HANDLER, test_src_uri_handler_init));

static GstURIType
test_src_get_uri_type (GType type)
{
  return GST_URI_SRC;
}

static const char *const *
test_src_get_protocols (GType type)
{
  static const char *const protocols[] = { "http", "https", NULL };

  return protocols;
}

static char *
test_src_get_uri (GstURIHandler * handler)
{
  return g_strdup (((TestSrc *) handler)->uri);
}

static gboolean
test_src_set_uri (GstURIHandler * handler, const char *uri, GError ** error)
{
  TestSrc *self = (TestSrc *) handler;

  g_free (self->uri);
  self->uri = g_strdup (uri);
  if (strcmp (uri, list_uri) != 0)
    g_async_queue_push (asked, g_strdup (uri));
  return TRUE;
}

static void
test_src_uri_handler_init (gpointer iface, gpointer data)
{
  GstURIHandlerInterface *handler = iface;

  handler->get_type = test_src_get_uri_type;
  handler->get_protocols = test_src_get_protocols;
  handler->get_uri = test_src_get_uri;
  handler->set_uri = test_src_set_uri;
}

static gboolean
test_src_query (GstBaseSrc * src, GstQuery * query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_URI) {
    gst_query_set_uri (query, ((TestSrc *) src)->uri);
    return TRUE;
  }
  return GST_BASE_SRC_CLASS (test_src_parent_class)->query (src, query);
}

static GstFlowReturn
test_src_create (GstPushSrc * src, GstBuffer ** buffer)
{
  TestSrc *self = (TestSrc *) src;

  if (self->done || strcmp (self->uri, list_uri) != 0)
    return GST_FLOW_EOS;
  self->done = TRUE;
  *buffer = gst_buffer_new_memdup (list_text, strlen (list_text));
  return GST_FLOW_OK;
}

static void
test_src_finalize (GObject * object)
{
  g_free (((TestSrc *) object)->uri);
  G_OBJECT_CLASS (test_src_parent_class)->finalize (object);
}

static void
test_src_class_init (TestSrcClass * klass)
{
  static GstStaticPadTemplate template = GST_STATIC_PAD_TEMPLATE ("src",
      GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

  G_OBJECT_CLASS (klass)->finalize = test_src_finalize;
  GST_BASE_SRC_CLASS (klass)->query = test_src_query;
  klass->create = test_src_create;
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &template);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Test source", "Source/Network", "Serves one playlist", "p2phls");
}

static void
test_src_init (TestSrc * self)
{
}

/* Returns: (transfer full): the first URI that hlsdemux asks for */
static char *
ask_hlsdemux (void)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline, *src, *demux;
  char *uri;

  pipeline = gst_pipeline_new (NULL);
  src = gst_element_make_from_uri (GST_URI_SRC, list_uri, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (G_TYPE_CHECK_INSTANCE_TYPE (src, test_src_get_type ()));
  demux = gst_element_factory_make ("hlsdemux", NULL);
  g_assert_nonnull (demux);
  gst_bin_add_many (GST_BIN (pipeline), src, demux, NULL);
  g_assert_true (gst_element_link (src, demux));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  uri = g_async_queue_timeout_pop (asked, 20 * G_USEC_PER_SEC);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  for (char *more; (more = g_async_queue_try_pop (asked));)
    g_free (more);
  return uri;
}

static void
check_line (const char *base, const char *line)
{
  g_autoptr (P2pPlaylist) playlist = NULL;
  g_autofree char *uri = NULL, *wanted = NULL, *got = NULL;
  P2pMediaSegment *segment;

  list_uri = g_strdup (base);
  list_text = g_strdup_printf ("#EXTM3U\n#EXT-X-TARGETDURATION:1\n"
      "#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n", line);
  playlist = p2p_playlist_parse (base, (const guint8 *) list_text,
      strlen (list_text), NULL);
  g_assert_cmpuint (playlist->segments->len, ==, 1);
  segment = &g_array_index (playlist->segments, P2pMediaSegment, 0);
  g_assert_false (segment->gap);

  uri = ask_hlsdemux ();
  g_assert_nonnull (uri);
  got = p2p_uri_canonical (uri);
  wanted = p2p_uri_canonical (segment->uri);
  g_assert_cmpstr (got, ==, wanted);
  g_clear_pointer (&list_uri, g_free);
  g_clear_pointer (&list_text, g_free);
}

static const char *const bases[] = {
  "http://host.example/dir/sub/list.m3u8",
  "https://user:pw@Host.Example:443/d%69r/list.m3u8?token=a/b&x=../y",
  "http://[2001:DB8::1]:8080/list.m3u8",
};

static const char *const lines[] = {
  "s.ts", "./s.ts", "../s.ts", "../../../s.ts", "a/./b/../s.ts", "/s.ts",
  "/a/../s.ts", "a//s.ts", "s 1.ts", "s%201.ts", "s%7e.ts", "s%7E.ts",
  "s\xc3\xa4.ts", "s%c3%a4.ts", "a+b;c=d,e.ts", "a%2Bb%3b.ts", "a%2Fb.ts",
  "s'()!$&*@.ts", "s\"<>[]\\^`{|}.ts", "s:1.ts.../x", "1:s.ts", "s.ts?",
  "s.ts?a=b&c=d", "s.ts?c=d&a=b&a=c", "s.ts?u=http://o/../x", "s.ts?a+b%20c",
  "s.ts#t", "s.ts?q#t?", "..s.ts", "...", "%2e%2e/s.ts", "s.ts ",
  "http://other.example/s.ts", "HTTPS://Other.Example:0443/../s.ts",
  "http://other.example", "http://u:p@other.example:80/s.ts?q",
  "http://[::1]:8/s.ts",
};

static void
test_hlsdemux (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bases); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (lines); j++)
      check_line (bases[i], lines[j]);
  }
}

/* GstUri writes reserved characters without their escapes in paths (%2B), '+'
 * for blanks in queries, whose order it forgets, no empty segments, keeps
 * blanks at the end and takes one letter for a scheme: to HTTP these are other
 * resources, and hlsdemux does not use it. */
static gboolean
gst_uri_changes (const char *uri)
{
  static const char *const changed[] = { "%2B", "//s.ts", "?c=d", "a=b&",
    "?a+b", "s:1", "s.ts ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changed); i++) {
    if (strstr (uri, changed[i]))
      return TRUE;
  }
  return FALSE;
}

static void
test_gst_uri (void)
{
  guint compared = 0;

  for (guint i = 0; i < G_N_ELEMENTS (bases); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (lines); j++) {
      g_autofree char *theirs = gst_uri_join_strings (bases[i], lines[j]);
      g_autofree char *ours = p2p_uri_resolve (bases[i], lines[j]);
      g_autofree char *got = NULL, *wanted = NULL;

      if (gst_uri_changes (lines[j]))
        continue;
      got = p2p_uri_canonical (theirs);
      wanted = p2p_uri_canonical (ours);
      g_assert_cmpstr (got, ==, wanted);
      compared++;
    }
  }
  g_assert_cmpuint (compared, >, 70);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  asked = g_async_queue_new_full (g_free);
  g_assert_true (gst_element_register (NULL, "testsrc", GST_RANK_PRIMARY * 4,
          test_src_get_type ()));
  g_test_add_func ("/resolve/hlsdemux", test_hlsdemux);
  g_test_add_func ("/resolve/gst-uri", test_gst_uri);
  result = g_test_run ();
  g_async_queue_unref (asked);
  return result;
}
