/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* p2phlstracker: the server's port, and the session that it gives to the sources
 * of its pipeline. */

#include "rig.h"

#include <gio/gio.h>
#include <string.h>

#define PATIENCE (10 * GST_SECOND)

static GstElement *
make_pipeline (const char *line)
{
  g_autoptr (GError) error = NULL;
  GstElement *parsed = gst_parse_launch (line, &error), *pipeline;

  fail_if (error != NULL, "%s", error ? error->message : "");
  if (GST_IS_PIPELINE (parsed))
    return parsed;
  /* As gst-launch does with one element. */
  pipeline = gst_pipeline_new (NULL);
  gst_bin_add (GST_BIN (pipeline), parsed);
  return pipeline;
}

static GstElement *
get (GstElement * pipeline, const char *name)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), name);

  fail_unless (element != NULL);
  gst_object_unref (element);
  return element;
}

static void
free_pipeline (GstElement * pipeline)
{
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
}

static int
get_int (GstElement * element, const char *name)
{
  int value;

  g_object_get (element, name, &value, NULL);
  return value;
}

/* What a server at port says to a request. */
static char *
ask (int port, const char *request)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  GString *answer = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  fail_unless (connection != NULL);
  fail_unless (g_output_stream_write_all (g_io_stream_get_output_stream
          (G_IO_STREAM (connection)), request, strlen (request), NULL, NULL,
          NULL));
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM
                  (connection)), buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (answer, buffer, n);
  return g_string_free (answer, FALSE);
}

static gboolean
can_connect (int port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection != NULL;
}

GST_START_TEST (test_is_no_part_of_the_flow)
{
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", NULL);

  fail_unless_equals_int (tracker->numpads, 0);
  fail_if (GST_OBJECT_FLAG_IS_SET (tracker, GST_ELEMENT_FLAG_SINK));
  fail_if (GST_OBJECT_FLAG_IS_SET (tracker, GST_ELEMENT_FLAG_SOURCE));
  fail_unless_equals_int (get_int (tracker, "listen-port"), -1);
  fail_unless_equals_int (get_int (tracker, "current-port"), -1);
  gst_object_unref (tracker);
}

GST_END_TEST;

/* Those of its own; what it shares with the source is in settings.c. */
GST_START_TEST (test_properties)
{
  static const struct
  {
    const char *name;
    const char *value;
    gint64 minimum, maximum;
    GParamFlags flags;
  } properties[] = {
    {"listen-address", NULL, 0, 0, G_PARAM_READWRITE},
    {"listen-port", "-1", -1, 65535, G_PARAM_READWRITE},
    {"current-port", "-1", -1, 65535, G_PARAM_READABLE},
    {"report-interval", "60", 1, 86400, G_PARAM_READWRITE},
    {"heartbeat-interval", "60", 1, 86400, G_PARAM_READWRITE},
    {"announce-interval", "120", 1, 86400, G_PARAM_READWRITE},
    {"certificate-file", NULL, 0, 0, G_PARAM_READWRITE},
    {"key-file", NULL, 0, 0, G_PARAM_READWRITE},
    {"stats-interval", "0", 0, G_MAXUINT, G_PARAM_READWRITE},
    {"trusted-proxy", NULL, 0, 0, G_PARAM_READWRITE},
    {"allowed-origins", "NULL", 0, 0, G_PARAM_READWRITE},
    {"allowed-info-hashes", "NULL", 0, 0, G_PARAM_READWRITE},
    {"max-connections-per-address", "256", 1, G_MAXUINT, G_PARAM_READWRITE},
  };
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", NULL);
  GObjectClass *klass = G_OBJECT_GET_CLASS (tracker);

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++) {
    GParamSpec *spec = g_object_class_find_property (klass, properties[i].name);
    GValue value = G_VALUE_INIT;
    g_autofree char *text = NULL;

    fail_unless (spec != NULL, "%s", properties[i].name);
    fail_unless_equals_int (spec->flags & G_PARAM_READWRITE,
        properties[i].flags);
    if (G_IS_PARAM_SPEC_INT (spec)) {
      fail_unless_equals_int64 (G_PARAM_SPEC_INT (spec)->minimum,
          properties[i].minimum);
      fail_unless_equals_int64 (G_PARAM_SPEC_INT (spec)->maximum,
          properties[i].maximum);
    } else if (G_IS_PARAM_SPEC_UINT (spec)) {
      fail_unless_equals_int64 (G_PARAM_SPEC_UINT (spec)->minimum,
          properties[i].minimum);
      fail_unless_equals_int64 (G_PARAM_SPEC_UINT (spec)->maximum,
          properties[i].maximum);
    } else {
      fail_unless (G_IS_PARAM_SPEC_STRING (spec)
          || spec->value_type == G_TYPE_STRV);
    }
    g_value_init (&value, spec->value_type);
    g_object_get_property (G_OBJECT (tracker), spec->name, &value);
    /* GStreamer 1.26 serializes no GStrv that is NULL. */
    if (g_strcmp0 (properties[i].value, "NULL") == 0) {
      fail_unless (g_value_get_boxed (&value) == NULL);
    } else {
      text = gst_value_serialize (&value);
      fail_unless_equals_string (text, properties[i].value);
    }
    fail_unless (strlen (g_param_spec_get_blurb (spec)) > 20);
    g_value_unset (&value);
  }
  gst_object_unref (tracker);
}

GST_END_TEST;

/* Who may come */
GST_START_TEST (test_allowed)
{
#define UPGRADE "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n" \
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" \
    "Sec-WebSocket-Key: avWyhHSbhLd8reuzw1axPg==\r\n"
  GstElement *pipeline = make_pipeline ("p2phlstracker name=t listen-port=0 "
      "listen-address=127.0.0.1 allowed-origins=https://a.example,https://b");
  GstElement *tracker = get (pipeline, "t");
  g_autofree char *answer = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  answer = ask (get_int (tracker, "current-port"),
      UPGRADE "Origin: https://c.example\r\n\r\n");
  fail_unless (strstr (answer, " 403 ") != NULL, "%s", answer);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_util_set_object_arg (G_OBJECT (tracker), "allowed-info-hashes",
      "00112233445566778899aabbccddeeff00112233,x");
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  free_pipeline (pipeline);
}

GST_END_TEST;

/* A pipeline of nothing else is a server, and stays one. */
GST_START_TEST (test_alone)
{
  GstElement *pipeline = make_pipeline ("p2phlstracker name=t listen-port=0 "
      "listen-address=127.0.0.1 heartbeat-interval=7 report-interval=9");
  GstElement *tracker = get (pipeline, "t");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autofree char *answer = NULL;
  int port;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
          PATIENCE), GST_STATE_CHANGE_SUCCESS);
  port = get_int (tracker, "current-port");
  fail_unless (port > 0);
  answer =
      ask (port,
      "GET /announce?info_hash=0123456789012345678901234567890123"
      "456789 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  fail_unless (g_str_has_prefix (answer, "HTTP/1.1 200"), "%s", answer);
  fail_unless (strstr (answer, "\"heartbeat_interval\":7") != NULL, "%s",
      answer);
  fail_unless (strstr (answer, "\"report_interval\":9") != NULL, "%s", answer);
  fail_unless (gst_bus_poll (bus, GST_MESSAGE_EOS | GST_MESSAGE_ERROR,
          GST_SECOND / 2) == NULL);

  gst_element_set_state (pipeline, GST_STATE_NULL);
  fail_unless_equals_int (get_int (tracker, "current-port"), -1);
  fail_if (can_connect (port));
  gst_element_set_state (pipeline, GST_STATE_READY);
  fail_unless (can_connect (get_int (tracker, "current-port")));
  free_pipeline (pipeline);
}

GST_END_TEST;

GST_START_TEST (test_taken_port)
{
  GstElement *holder = make_pipeline ("p2phlstracker name=t listen-port=0 "
      "listen-address=127.0.0.1");
  GstElement *late = make_pipeline ("p2phlstracker name=t "
      "listen-address=127.0.0.1");
  g_autoptr (GstBus) bus = gst_element_get_bus (late);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (holder, GST_STATE_READY);
  g_object_set (get (late, "t"), "listen-port",
      get_int (get (holder, "t"), "current-port"), NULL);
  fail_unless_equals_int (gst_element_set_state (late, GST_STATE_READY),
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_timed_pop_filtered (bus, PATIENCE, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_unless (GST_MESSAGE_SRC (message) == GST_OBJECT (get (late, "t")));
  fail_unless_equals_int (get_int (get (late, "t"), "current-port"), -1);
  free_pipeline (late);
  free_pipeline (holder);
}

GST_END_TEST;

/* Whether source is in the session of the tracker, where what the tracker says
 * counts. */
static void
check_ruled (GstElement * source, gboolean ruled)
{
  g_autoptr (GstStructure) settings = NULL;
  g_autoptr (GstStructure) stats = NULL;
  gboolean asked;
  guint count;

  g_object_get (source, "settings", &settings, "stats", &stats, NULL);
  fail_unless (gst_structure_get_boolean (stats, "p2p-asked", &asked));
  fail_unless_equals_int (asked, ruled);
  fail_unless (gst_structure_get_uint (settings, "buffer-segments-count",
          &count));
  fail_unless_equals_int (count, ruled ? 7 : 5);
}

/* *INDENT-OFF* */
#define SOURCE "p2phlssrc name=s buffer-segments-count=5 ! fakesink "
#define TRACKER "p2phlstracker name=t buffer-segments-count=7 " \
    "tracker-announce=http://127.0.0.1:9 "
/* *INDENT-ON* */

static void
play_once (GstElement * pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, PATIENCE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  gst_message_unref (message);
}

static void
play_and_check_ruled (const char *line, gboolean ruled)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = site_uri (origin, "/body");
  GstElement *pipeline = make_pipeline (line);

  site_serve (origin, "/body", NULL, "body", 4);
  g_object_set (get (pipeline, "s"), "location", uri, NULL);
  play_once (pipeline);
  check_ruled (get (pipeline, "s"), ruled);
  free_pipeline (pipeline);
}

/* In whatever order they stand, and start. */
GST_START_TEST (test_gives_its_session)
{
  play_and_check_ruled (SOURCE TRACKER, TRUE);
  play_and_check_ruled (TRACKER SOURCE, TRUE);
}

GST_END_TEST;

GST_START_TEST (test_without)
{
  play_and_check_ruled (SOURCE, FALSE);
}

GST_END_TEST;

/* Two are as one: they have the pipeline's session, and the last word counts. */
GST_START_TEST (test_doubled)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = site_uri (origin, "/body");
  GstElement *pipeline = make_pipeline (TRACKER SOURCE
      "p2phlstracker name=u max-peers=3");
  g_autoptr (GstStructure) settings = NULL;
  guint count;

  site_serve (origin, "/body", NULL, "body", 4);
  g_object_set (get (pipeline, "s"), "location", uri, NULL);
  play_once (pipeline);
  check_ruled (get (pipeline, "s"), TRUE);
  g_object_get (get (pipeline, "s"), "settings", &settings, NULL);
  fail_unless (gst_structure_get_uint (settings, "max-peers", &count));
  fail_unless_equals_int (count, 3);
  free_pipeline (pipeline);
}

GST_END_TEST;

/* Added to a pipeline that plays, the sources that start from then on have its
 * session; taken away, what plays goes on. */
GST_START_TEST (test_added_and_removed)
{
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = site_uri (origin, "/body");
  GstElement *pipeline = make_pipeline (SOURCE);
  GstElement *source = get (pipeline, "s");
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", "t");

  site_serve (origin, "/body", NULL, "body", 4);
  g_object_set (source, "location", uri, NULL);
  play_once (pipeline);
  g_object_set (tracker, "buffer-segments-count", 7, NULL);
  fail_unless (gst_bin_add (GST_BIN (pipeline), tracker));
  fail_unless (gst_element_sync_state_with_parent (tracker));
  gst_element_set_state (pipeline, GST_STATE_READY);
  play_once (pipeline);
  check_ruled (source, TRUE);

  gst_object_ref (tracker);
  fail_unless (gst_bin_remove (GST_BIN (pipeline), tracker));
  gst_element_set_state (tracker, GST_STATE_NULL);
  gst_object_unref (tracker);
  gst_element_set_state (pipeline, GST_STATE_READY);
  play_once (pipeline);
  free_pipeline (pipeline);
}

GST_END_TEST;

static void
count (GstElement * tracker, const char *url, const char *peer_id,
    guint n_peers, gint * counter)
{
  g_atomic_int_inc (counter);
}

static void
wait_for (gint * counter, int least)
{
  gint64 end = g_get_monotonic_time () + PATIENCE / 1000;

  while (g_atomic_int_get (counter) < least) {
    fail_unless (g_get_monotonic_time () < end);
    g_usleep (1000);
  }
}

/* What plays is announced as soon as there is a tracker, and anew by another
 * name, and each time while others ask how things are. */
GST_START_TEST (test_added_while_playing)
{
  static const char playlist[] = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
      "#EXTINF:2,\n0.ts\n#EXTINF:2,\n1.ts\n#EXT-X-ENDLIST\n";
  g_autoptr (Site) origin = site_new ();
  g_autofree char *uri = site_uri (origin, "/a.m3u8");
  g_autofree char *segment = site_uri (origin, "/0.ts");
  GstElement *pipeline = make_pipeline (SOURCE);
  GstElement *source = get (pipeline, "s");
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", "t");
  gint announced = 0;

  site_serve (origin, "/a.m3u8", NULL, playlist, strlen (playlist));
  site_serve (origin, "/0.ts", NULL, "body", 4);
  site_serve (origin, "/1.ts", NULL, "body", 4);
  g_object_set (source, "location", uri, NULL);
  play_once (pipeline);
  gst_element_set_state (pipeline, GST_STATE_READY);
  g_object_set (source, "location", segment, NULL);
  play_once (pipeline);

  g_object_set (tracker, "listen-port", 0, "listen-address", "127.0.0.1",
      "stun-server", NULL, NULL);
  g_signal_connect (tracker, "announced", G_CALLBACK (count), &announced);
  fail_unless (gst_bin_add (GST_BIN (pipeline), tracker));
  fail_unless (gst_element_sync_state_with_parent (tracker));
  for (int i = 1; i < 6; i++) {
    g_autoptr (GstStructure) stats = NULL;

    wait_for (&announced, i);
    g_object_get (source, "stats", &stats, NULL);
    g_object_set (tracker, "turn-server", i % 2 ? "turn://u:p@127.0.0.1:9"
        : NULL, "max-peers", i, NULL);
  }
  free_pipeline (pipeline);
}

GST_END_TEST;

GST_START_TEST (test_stats_messages)
{
  GstElement *pipeline = make_pipeline ("p2phlstracker name=t "
      "stats-interval=20");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, PATIENCE,
        GST_MESSAGE_ELEMENT);

    fail_unless (message != NULL);
    fail_unless (gst_message_has_name (message, "p2phls-stats"));
    fail_unless (gst_structure_has_field (gst_message_get_structure (message),
            "p2p-uploaded"));
  }
  free_pipeline (pipeline);
  fail_unless (gst_bus_timed_pop_filtered (bus, GST_SECOND / 10,
          GST_MESSAGE_ELEMENT) == NULL);
}

GST_END_TEST;

static Suite *
tracker_suite (void)
{
  Suite *suite = suite_create ("tracker");
  TCase *tc = tcase_create ("tracker");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_is_no_part_of_the_flow);
  tcase_add_test (tc, test_properties);
  tcase_add_test (tc, test_allowed);
  tcase_add_test (tc, test_alone);
  tcase_add_test (tc, test_taken_port);
  tcase_add_test (tc, test_gives_its_session);
  tcase_add_test (tc, test_without);
  tcase_add_test (tc, test_doubled);
  tcase_add_test (tc, test_added_and_removed);
  tcase_add_test (tc, test_added_while_playing);
  tcase_add_test (tc, test_stats_messages);
  return suite;
}

RIG_MAIN (tracker)
