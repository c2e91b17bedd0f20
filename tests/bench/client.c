/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Reads with one source what the bench serves; the same code for each source.
 *
 * client play SOURCE URL      once to the end
 * client first SOURCE URL     to the first buffer, for each line of input
 *
 * A URL that ends in .m3u8 goes through hlsdemux. Prints name=value pairs, a
 * line each time.
 */

#include <gst/gst.h>
#include <stdio.h>
#include <string.h>

/* Until the first buffer. */
#define PATIENCE (20 * G_USEC_PER_SEC)

typedef struct
{
  GstElement *pipeline;
  GstElement *source;
  GMutex lock;
  GCond cond;
  gint64 first;                 /* when the first buffer came; under the lock */
  guint64 bytes;                /* of the streaming thread */
} Client;

static GstPadProbeReturn
on_buffer (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  Client *self = data;

  if (self->bytes == 0) {
    g_mutex_lock (&self->lock);
    self->first = g_get_monotonic_time ();
    g_cond_signal (&self->cond);
    g_mutex_unlock (&self->lock);
  }
  self->bytes += gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

static void
client_open (Client * self, const char *source, const char *url)
{
  g_autofree char *line = g_strdup_printf
      ("%s name=source ! %sfakesink name=sink sync=false", source,
      g_str_has_suffix (url, ".m3u8") ? "hlsdemux ! " : "");
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  memset (self, 0, sizeof *self);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->pipeline = gst_parse_launch (line, &error);
  if (error)
    g_error ("%s: %s", line, error->message);
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  g_object_set (self->source, "location", url, NULL);
  sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, self, NULL);
}

static void
client_close (Client * self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->source);
  gst_object_unref (self->pipeline);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
}

/* What the source says it holds now, 0 if it says nothing of that. */
static guint64
client_get_cached (Client * self)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 cached = 0;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (self->source), "stats"))
    g_object_get (self->source, "stats", &stats, NULL);
  if (stats)
    gst_structure_get_uint64 (stats, "cached-bytes", &cached);
  return cached;
}

/* KiB of memory at its highest. Not that of getrusage(), which begins with
 * that of the parent. */
static guint64
get_peak (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, "VmHWM:");
  return line ? g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) : 0;
}

/* Of messages nobody here makes anything: on the one core the thread that waits
 * for the end would be woken by each, now and then with a change of threads
 * each time and now and then not, which is no matter of a source. */
static GstBusSyncReply
on_message (GstBus * bus, GstMessage * message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) & (GST_MESSAGE_EOS | GST_MESSAGE_ERROR))
    return GST_BUS_PASS;
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static int
play (const char *source, const char *url)
{
  Client self;
  gint64 start;
  gdouble seconds;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  gboolean whole;

  client_open (&self, source, url);
  bus = gst_element_get_bus (self.pipeline);
  gst_bus_set_sync_handler (bus, on_message, NULL, NULL);
  start = g_get_monotonic_time ();
  gst_element_set_state (self.pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  seconds = (g_get_monotonic_time () - start) / 1e6;
  whole = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  printf ("bytes=%" G_GUINT64_FORMAT " seconds=%f cached=%" G_GUINT64_FORMAT,
      self.bytes, seconds, client_get_cached (&self));
  client_close (&self);
  printf (" peak=%" G_GUINT64_FORMAT "\n", get_peak () * 1024);
  return whole ? 0 : 1;
}

static void
first (const char *source, const char *url)
{
  char line[16];

  while (fgets (line, sizeof line, stdin)) {
    Client self;
    gint64 start;

    client_open (&self, source, url);
    start = g_get_monotonic_time ();
    gst_element_set_state (self.pipeline, GST_STATE_PAUSED);
    g_mutex_lock (&self.lock);
    while (self.first == 0 && g_cond_wait_until (&self.cond, &self.lock,
            start + PATIENCE));
    if (self.first == 0)
      g_error ("%s: no buffer", url);
    g_mutex_unlock (&self.lock);
    printf ("seconds=%f\n", (self.first - start) / 1e6);
    fflush (stdout);
    client_close (&self);
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 4)
    g_error ("client play|first SOURCE URL");
  if (g_str_equal (argv[1], "play"))
    return play (argv[2], argv[3]);
  first (argv[2], argv[3]);
  return 0;
}
