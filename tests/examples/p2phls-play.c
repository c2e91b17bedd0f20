/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Plays a stream to its end, or until it is interrupted, through p2phlssrc !
 * hlsdemux, into sinks that keep time, and tells what came from where:
 *
 *   meson devenv -C build tests/examples/p2phls-play URI
 *
 * With --tracker it shares what it loads with the other viewers of that tracker.
 * With --json it writes a line of JSON for each second and one at the end, with
 * --segments one for each segment too. With --sums it takes no segment but those
 * in a list of checksums.
 *
 * Exit status: 0 if it ended without an error, and with as many frames as
 * --frames says. */

#include <gst/gst.h>

#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A gap at a sink, over what the stream says. */
#define STALL (50 * GST_MSECOND)

typedef struct
{
  const char *name;
  GstElement *entry;            /* the sink, or a queue before it */
  /* Of the streaming thread, until the pipeline has stopped. */
  guint buffers;
  guint stalls;
  GstClockTime stalled, longest;
  GstClockTime first, last;     /* when one was rendered */
  GstClockTime last_pts;
} Track;

typedef struct
{
  GMainLoop *loop;
  GstElement *pipeline;
  GstElement *source;
  Track video, audio;
  GChecksum *digest;            /* of what hlsdemux hands on */
  guint64 demuxed;              /* bytes of that */
  GstClockTime begun;
  gint64 position;              /* when it was last looked at */
  gint64 moved;                 /* monotonic: when that changed last */
  gint64 patience;              /* µs */
  gint tracker_warnings;        /* atomic */
  guint warnings;               /* messages */
  gboolean json;
  gboolean segments, hashes;
  gboolean line_open;
  gboolean stopped;
  gboolean failed;
} Play;

static void
play_end_line (Play * play)
{
  if (play->line_open)
    g_print ("\n");
  play->line_open = FALSE;
}

static void
play_fail (Play * play, const char *why)
{
  play_end_line (play);
  g_printerr ("%s\n", why);
  play->failed = TRUE;
  g_main_loop_quit (play->loop);
}

/* Each buffer comes here at the time that it is shown. */
static void
track_handoff (GstElement * sink, GstBuffer * buffer, GstPad * pad,
    Track * self)
{
  GstClockTime now = gst_util_get_timestamp ();
  GstClockTime pts = GST_BUFFER_PTS (buffer);

  self->buffers++;
  if (GST_CLOCK_TIME_IS_VALID (self->last) && GST_CLOCK_TIME_IS_VALID (pts)
      && pts > self->last_pts) {
    GstClockTime shown = now - self->last, due = pts - self->last_pts;

    if (shown > due + STALL) {
      self->stalls++;
      self->stalled += shown - due;
      self->longest = MAX (self->longest, shown - due);
    }
  }
  if (self->buffers == 1)
    self->first = now;
  self->last = now;
  self->last_pts = pts;
}

static void
play_pad_added (GstElement * decodebin, GstPad * pad, Play * play)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *type = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  GstElement *entry = g_str_has_prefix (type, "video/") ?
      play->video.entry : play->audio.entry;
  g_autoptr (GstPad) sinkpad = gst_element_get_static_pad (entry, "sink");

  /* After a variant switch the pads of the old one are gone before. */
  if (!gst_pad_is_linked (sinkpad))
    gst_pad_link (pad, sinkpad);
}

/* hlsdemux hands on the bytes of the segments as they are. */
static GstPadProbeReturn
play_demuxed (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  Play *play = data;
  GstMapInfo map;

  if (gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ)) {
    g_checksum_update (play->digest, map.data, map.size);
    play->demuxed += map.size;
    gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  }
  return GST_PAD_PROBE_OK;
}

static void
play_demux_pad_added (GstElement * demux, GstPad * pad, Play * play)
{
  if (gst_pad_get_direction (pad) == GST_PAD_SRC)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, play_demuxed, play,
        NULL);
}

static void
play_element_added (GstBin * pipeline, GstBin * bin, GstElement * element,
    Play * play)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory && g_str_equal (GST_OBJECT_NAME (factory), "hlsdemux"))
    g_signal_connect (element, "pad-added", G_CALLBACK (play_demux_pad_added),
        play);
}

static GstStructure *
play_get_stats (Play * play)
{
  GstStructure *stats = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (play->source), "stats"))
    g_object_get (play->source, "stats", &stats, NULL);
  return stats ? stats : gst_structure_new_empty ("stats");
}

static guint64
get_bytes (const GstStructure * stats, const char *field)
{
  guint64 bytes = 0;

  gst_structure_get_uint64 (stats, field, &bytes);
  return bytes;
}

static guint
get_count (const GstStructure * stats, const char *field)
{
  guint count = 0;

  gst_structure_get_uint (stats, field, &count);
  return count;
}

/* For programs: all numbers of the statistics, and what the sinks saw. */
static void
play_print_json (Play * play, const GstStructure * stats, gint64 position)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, "{\"time\": %.3f, \"position\": %.3f, "
      "\"frames\": %u, \"stalls\": %u, \"stalled\": %.3f, "
      "\"longest-stall\": %.3f, \"startup\": %.3f, \"tracker-warnings\": %d, "
      "\"warnings\": %u, \"demuxed\": %" G_GUINT64_FORMAT,
      (gst_util_get_timestamp () - play->begun) / 1e9, position / 1e9,
      play->video.buffers, play->video.stalls + play->audio.stalls,
      (play->video.stalled + play->audio.stalled) / 1e9,
      MAX (play->video.longest, play->audio.longest) / 1e9,
      GST_CLOCK_TIME_IS_VALID (play->video.first) ?
      (play->video.first - play->begun) / 1e9 : -1,
      g_atomic_int_get (&play->tracker_warnings), play->warnings,
      play->demuxed);
  if (play->stopped)
    g_string_append_printf (line, ", \"sha256\": \"%s\"",
        g_checksum_get_string (play->digest));
  for (gint i = 0; i < gst_structure_n_fields (stats); i++) {
    const char *name = gst_structure_nth_field_name (stats, i);
    const GValue *value = gst_structure_get_value (stats, name);

    if (G_VALUE_HOLDS_UINT (value))
      g_string_append_printf (line, ", \"%s\": %u", name,
          g_value_get_uint (value));
    else if (G_VALUE_HOLDS_UINT64 (value))
      g_string_append_printf (line, ", \"%s\": %" G_GUINT64_FORMAT, name,
          g_value_get_uint64 (value));
  }
  g_print ("%s}\n", line->str);
}

/* Shows where it is, and ends it if it is there for too long. */
static gboolean
play_tick (gpointer data)
{
  Play *play = data;
  g_autoptr (GstStructure) stats = play_get_stats (play);
  gint64 position = 0, duration = 0;

  gst_element_query_position (play->pipeline, GST_FORMAT_TIME, &position);
  gst_element_query_duration (play->pipeline, GST_FORMAT_TIME, &duration);
  if (play->json) {
    play_print_json (play, stats, position);
  } else {
    g_print ("%s%6.1f s of %.1f s   from cache %7.1f KB   HTTP %7.1f KB   "
        "peers %7.1f KB%s", isatty (1) ? "\r" : "", position / 1e9,
        duration / 1e9, get_bytes (stats, "cache-bytes") / 1e3,
        get_bytes (stats, "http-bytes") / 1e3,
        get_bytes (stats, "p2p-bytes") / 1e3, isatty (1) ? "" : "\n");
    play->line_open = isatty (1);
  }

  if (position != play->position)
    play->moved = g_get_monotonic_time ();
  play->position = position;
  if (g_get_monotonic_time () - play->moved > play->patience)
    play_fail (play, "Nothing moves any more.");
  return G_SOURCE_CONTINUE;
}

static gboolean
play_message (GstBus * bus, GstMessage * message, gpointer data)
{
  Play *play = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL, *text = NULL;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_EOS:
      play_end_line (play);
      g_main_loop_quit (play->loop);
      break;
    case GST_MESSAGE_ERROR:
      gst_message_parse_error (message, &error, &debug);
      text = g_strdup_printf ("%s: %s\n%s", GST_MESSAGE_SRC_NAME (message),
          error->message, debug ? debug : "");
      play_fail (play, text);
      break;
    case GST_MESSAGE_WARNING:
      gst_message_parse_warning (message, &error, NULL);
      play_end_line (play);
      g_printerr ("%s\n", error->message);
      play->warnings++;
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
play_interrupted (gpointer data)
{
  Play *play = data;

  play_end_line (play);
  g_main_loop_quit (play->loop);
  return G_SOURCE_CONTINUE;
}

/* queued: one thread pushes to all tracks. */
static void
track_init (Track * self, const char *name, Play * play, gboolean queued)
{
  GstElement *sink = gst_element_factory_make ("fakesink", name);

  self->name = name;
  self->first = self->last = GST_CLOCK_TIME_NONE;
  g_object_set (sink, "sync", TRUE, "signal-handoffs", TRUE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (track_handoff), self);
  gst_bin_add (GST_BIN (play->pipeline), sink);
  self->entry = sink;
  if (queued) {
    self->entry = gst_element_factory_make ("queue", NULL);
    gst_bin_add (GST_BIN (play->pipeline), self->entry);
    gst_element_link (self->entry, sink);
  }
}

static void
play_tracker_warned (GstElement * tracker, const char *url, const char *text,
    Play * play)
{
  g_atomic_int_inc (&play->tracker_warnings);
}

/* Whether a segment is what the list says, in the words of sha256sum. */
static gboolean
play_validate (GstElement * source, const char *url, GBytes * data,
    const char *method, const char *peer_id, const char *sums)
{
  g_autofree char *name = g_path_get_basename (url);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, data);
  g_autofree char *line = g_strdup_printf ("%s  %s\n", sum, name);

  return strstr (sums, line) != NULL;
}

/* In the form of the other lines. */
static void
play_segment_loaded (GstElement * source, const GstStructure * segment,
    Play * play)
{
  g_autoptr (GBytes) data = NULL;
  g_autofree char *hash = NULL;

  gst_structure_get (segment, "data", G_TYPE_BYTES, &data, NULL);
  hash = play->hashes ?
      g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, data) : NULL;
  g_print ("{\"segment\": \"%s\", \"size\": %" G_GSIZE_FORMAT
      ", \"time\": %.3f, \"sha256\": \"%s\"}\n",
      gst_structure_get_string (segment, "url"), g_bytes_get_size (data),
      (gst_util_get_timestamp () - play->begun) / 1e9, hash ? hash : "");
}

/* Returns: whether all of NAME=VALUE are properties */
static gboolean
play_set (Play * play, char **settings)
{
  for (guint i = 0; settings && settings[i]; i++) {
    g_auto (GStrv) pair = g_strsplit (settings[i], "=", 2);

    if (!pair[0] || !pair[1] || !g_object_class_find_property
        (G_OBJECT_GET_CLASS (play->source), pair[0])) {
      g_printerr ("There is no property for %s.\n", settings[i]);
      return FALSE;
    }
    gst_util_set_object_arg (G_OBJECT (play->source), pair[0], pair[1]);
  }
  return TRUE;
}

/* The pair of the source: it has no pads, to be in the pipeline is enough. */
static gboolean
play_add_tracker (Play * play, const char *url, const char *stun)
{
  const char *urls[] = { url, NULL };
  GstElement *tracker = gst_element_factory_make ("p2phlstracker", NULL);

  if (!tracker) {
    g_printerr ("There is no element p2phlstracker.\n");
    return FALSE;
  }
  g_object_set (tracker, "tracker-announce", urls, "stun-server", stun, NULL);
  g_signal_connect (tracker, "tracker-warning",
      G_CALLBACK (play_tracker_warned), play);
  return gst_bin_add (GST_BIN (play->pipeline), tracker);
}

static gboolean
play_init (Play * play, const char *factory, const char *decoder,
    const char *uri)
{
  GstElement *decodebin = gst_element_factory_make (decoder, NULL);
  gboolean queued = !g_str_equal (decoder, "decodebin");
  g_autoptr (GstBus) bus = NULL;

  play->source = gst_element_factory_make (factory, "source");
  if (!play->source || !decodebin) {
    g_printerr ("There is no element %s.\n", play->source ? decoder : factory);
    return FALSE;
  }
  play->loop = g_main_loop_new (NULL, FALSE);
  play->pipeline = gst_pipeline_new (NULL);
  play->digest = g_checksum_new (G_CHECKSUM_SHA256);
  g_signal_connect (play->pipeline, "deep-element-added",
      G_CALLBACK (play_element_added), play);
  g_object_set (play->source, "location", uri, NULL);
  /* It finds out that this is HLS, and plugs hlsdemux behind the source. */
  gst_bin_add_many (GST_BIN (play->pipeline), play->source, decodebin, NULL);
  gst_element_link (play->source, decodebin);
  g_signal_connect (decodebin, "pad-added", G_CALLBACK (play_pad_added), play);
  track_init (&play->video, "video", play, queued);
  track_init (&play->audio, "audio", play, queued);
  bus = gst_element_get_bus (play->pipeline);
  gst_bus_add_watch (bus, play_message, play);
  return TRUE;
}

/* Returns: (transfer full): the stats of the end */
static GstStructure *
play_run (Play * play)
{
  guint tick = g_timeout_add_seconds (1, play_tick, play);
  guint interrupt = g_unix_signal_add (SIGINT, play_interrupted, play);
  guint terminate = g_unix_signal_add (SIGTERM, play_interrupted, play);
  GstStructure *stats;

  play->begun = gst_util_get_timestamp ();
  play->moved = g_get_monotonic_time ();
  gst_element_set_state (play->pipeline, GST_STATE_PLAYING);
  g_main_loop_run (play->loop);
  g_source_remove (tick);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  stats = play_get_stats (play);
  gst_element_set_state (play->pipeline, GST_STATE_NULL);
  play->stopped = TRUE;
  return stats;
}

static void
play_print_table (Play * play, const GstStructure * stats)
{
  static const char *const sources[][3] = {
    {"cache", "cache-segments", "cache-bytes"},
    {"HTTP", "http-segments", "http-bytes"},
    {"peers", "p2p-segments", "p2p-bytes"},
  };
  Track *tracks[] = { &play->video, &play->audio };
  guint segments = 0;
  guint64 bytes = 0;

  g_print ("\nsource      segments        bytes\n");
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    guint count = get_count (stats, sources[i][1]);
    guint64 size = get_bytes (stats, sources[i][2]);

    g_print ("%-8s %11u %12" G_GUINT64_FORMAT "\n", sources[i][0], count, size);
    segments += count;
    bytes += size;
  }
  g_print ("%-8s %11u %12" G_GUINT64_FORMAT "\n\n", "all", segments, bytes);
  if (GST_CLOCK_TIME_IS_VALID (play->video.first))
    g_print ("startup time        %6.3f s\n",
        (play->video.first - play->begun) / 1e9);
  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
    g_print ("stalls of %s     %6u, %.3f s\n", tracks[i]->name,
        tracks[i]->stalls, tracks[i]->stalled / 1e9);
}

static void
play_print_frames (Play * play, int frames, gboolean all)
{
  g_print ("frames of video     %6u", play->video.buffers);
  if (frames >= 0)
    g_print (" of %d: %s", frames, all ? "all arrived" : "NOT ALL");
  g_print ("\n");
}

static void
play_clear (Play * play)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (play->pipeline);

  gst_bus_remove_watch (bus);
  gst_object_unref (play->pipeline);
  g_checksum_free (play->digest);
  g_main_loop_unref (play->loop);
}

int
main (int argc, char **argv)
{
  g_autofree char *factory = g_strdup ("p2phlssrc");
  g_autofree char *decoder = g_strdup ("decodebin");
  g_autofree char *tracker = NULL, *stun = NULL;
  g_autofree char *sums_file = NULL, *sums = NULL;
  g_auto (GStrv) settings = NULL;
  gint frames = -1, patience = 30;
  Play play = { NULL };
  const GOptionEntry entries[] = {
    {"source", 0, 0, G_OPTION_ARG_STRING, &factory,
        "The element to play with", "ELEMENT"},
    {"decoder", 0, 0, G_OPTION_ARG_STRING, &decoder,
          "The one behind it: parsebin takes hlsdemux2, and decodes nothing",
        "ELEMENT"},
    {"frames", 0, 0, G_OPTION_ARG_INT, &frames,
        "The frames of video that must arrive", "N"},
    {"tracker", 0, 0, G_OPTION_ARG_STRING, &tracker,
        "The tracker that finds the other viewers", "URL"},
    {"stun", 0, 0, G_OPTION_ARG_STRING, &stun,
        "The STUN server for connections to them", "URI"},
    {"sums", 0, 0, G_OPTION_ARG_FILENAME, &sums_file,
        "What sha256sum says of the segments", "FILE"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &play.json,
        "Write lines of JSON", NULL},
    {"segments", 0, 0, G_OPTION_ARG_NONE, &play.segments,
        "Write a line of JSON for each segment", NULL},
    {"hashes", 0, 0, G_OPTION_ARG_NONE, &play.hashes,
        "Write its SHA-256 into it", NULL},
    {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings,
        "A property of the source", "NAME=VALUE"},
    {"patience", 0, 0, G_OPTION_ARG_INT, &patience,
        "Seconds without any move after which it fails", "S"},
    {NULL}
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("URI");
  g_autoptr (GError) error = NULL;
  g_autoptr (GstStructure) stats = NULL;
  gboolean all;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2) {
    g_printerr ("%s\n", error ? error->message : "Which URI?");
    return EXIT_FAILURE;
  }
  play.patience = patience * G_USEC_PER_SEC;
  if (!play_init (&play, factory, decoder, argv[1])
      || !play_set (&play, settings)
      || (tracker && !play_add_tracker (&play, tracker, stun)))
    return EXIT_FAILURE;
  if (stun)
    g_object_set (play.source, "stun-server", stun, NULL);
  if (sums_file && !g_file_get_contents (sums_file, &sums, NULL, &error)) {
    g_printerr ("%s\n", error->message);
    return EXIT_FAILURE;
  }
  if (sums)
    g_signal_connect (play.source, "validate-segment",
        G_CALLBACK (play_validate), sums);
  if (play.segments)
    g_signal_connect (play.source, "segment-loaded",
        G_CALLBACK (play_segment_loaded), &play);
  stats = play_run (&play);
  if (play.json)
    play_print_json (&play, stats, play.position);
  else
    play_print_table (&play, stats);
  all = !play.failed && (frames < 0 || play.video.buffers == (guint) frames);
  if (!play.json)
    play_print_frames (&play, frames, all);
  play_clear (&play);
  return all ? EXIT_SUCCESS : EXIT_FAILURE;
}
