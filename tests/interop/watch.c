/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A tracer that writes down what HTTP sources and adaptive demuxers do, those
 * too that no signal and no bin shows: GST_TRACERS="watch(file=NAME)". One
 * GstStructure a line:
 *
 *   fragment: what left a source's pad from one start to the EOS, or a demuxer's
 *             pad, with its SHA-256; end is "eos", "error" or "cut"
 *   error:    an ERROR that such an element posted
 *   state:    a change of state that such an element made, and how long it took
 *   uri:      what a source answered to the URI query
 *
 * Times are in microseconds, of the monotonic clock. */

#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/gsttracer.h>

#include <stdio.h>
#include <string.h>

typedef GstTracer Watch;
typedef GstTracerClass WatchClass;

/* What is known of a pad. */
typedef struct
{
  char *element;                /* its name; NULL: nothing to watch */
  const char *factory;
  char *pad;
  char *location;
  GChecksum *sum;
  guint64 bytes;
  gint64 began, first;
  gint64 start, stop;
  gboolean is_open;
  guint32 seqnum;               /* of the event that began it */
  gboolean failed;
  GThread *thread;
} Flow;

static GType watch_get_type (void);
G_DEFINE_TYPE (Watch, watch, GST_TYPE_TRACER);

static GMutex lock;
static FILE *file;
static GQuark flow_quark;
static GQuark changing_quark;

static void
watch_write (GstStructure * structure)
{
  char *text = gst_structure_to_string (structure);

  g_mutex_lock (&lock);
  if (file) {
    fprintf (file, "%s\n", text);
    fflush (file);
  }
  g_mutex_unlock (&lock);
  g_free (text);
  gst_structure_free (structure);
}

/* Returns: (nullable): the factory's name if it is one to watch. */
static const char *
watch_find_factory (GstElement * element)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *klass;

  if (factory == NULL)
    return NULL;
  klass = gst_element_factory_get_metadata (factory,
      GST_ELEMENT_METADATA_KLASS);
  if (klass && (strstr (klass, "Adaptive")
          || (strstr (klass, "Source") && strstr (klass, "Network"))))
    return GST_OBJECT_NAME (factory);
  return NULL;
}

/* --- flows --- */

static void
flow_end (Flow * self, const char *end)
{
  if (!self->is_open)
    return;
  self->is_open = FALSE;
  watch_write (gst_structure_new ("fragment",
          "element", G_TYPE_STRING, self->element,
          "factory", G_TYPE_STRING, self->factory,
          "pad", G_TYPE_STRING, self->pad,
          "location", G_TYPE_STRING, self->location,
          "start", G_TYPE_INT64, self->start,
          "stop", G_TYPE_INT64, self->stop,
          "bytes", G_TYPE_UINT64, self->bytes,
          "sha256", G_TYPE_STRING, g_checksum_get_string (self->sum),
          "began", G_TYPE_INT64, self->began,
          "first", G_TYPE_INT64, self->first,
          "ended", G_TYPE_INT64, g_get_monotonic_time (),
          "end", G_TYPE_STRING, self->failed ? "error" : end, NULL));
  g_clear_pointer (&self->sum, g_checksum_free);
}

static void
flow_free (gpointer data)
{
  Flow *self = data;

  flow_end (self, "cut");
  g_free (self->element);
  g_free (self->pad);
  g_free (self->location);
  g_free (self);
}

static void
flow_begin (Flow * self, GstElement * element)
{
  flow_end (self, "cut");
  self->is_open = TRUE;
  self->failed = FALSE;
  self->sum = g_checksum_new (G_CHECKSUM_SHA256);
  self->bytes = 0;
  self->began = g_get_monotonic_time ();
  self->first = -1;
  self->start = 0;
  self->stop = -1;
  g_clear_pointer (&self->location, g_free);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "location"))
    g_object_get (element, "location", &self->location, NULL);
}

/* GStreamer 1.26 tells of sticky events with the pad's lock held. Returns:
 * (transfer full) (nullable) */
static GstElement *
flow_get_element (GstPad * pad)
{
  GstObject *parent = GST_OBJECT_PARENT (pad);

  return parent && GST_IS_ELEMENT (parent) ? gst_object_ref (parent) : NULL;
}

static Flow *
flow_new (GstPad * pad, GstElement * element)
{
  Flow *self = g_new0 (Flow, 1);

  self->factory = watch_find_factory (element);
  if (self->factory) {
    self->element = gst_object_get_name (GST_OBJECT (element));
    self->pad = g_strdup (GST_OBJECT_NAME (pad));
  }
  g_object_set_qdata_full (G_OBJECT (pad), flow_quark, self, flow_free);
  return self;
}

/* Returns: (nullable): NULL if the pad is not one to watch. */
static Flow *
flow_get (GstPad * pad)
{
  Flow *self = g_object_get_qdata (G_OBJECT (pad), flow_quark);

  if (self == NULL) {
    GstElement *element = flow_get_element (pad);

    if (element == NULL)
      return NULL;
    self = flow_new (pad, element);
    gst_object_unref (element);
  }
  return self->element ? self : NULL;
}

static void
flow_add (Flow * self, GstPad * pad, GstBuffer * buffer)
{
  GstMapInfo map;

  if (!self->is_open) {
    GstElement *element = flow_get_element (pad);

    flow_begin (self, element);
    gst_object_unref (element);
  }
  if (self->first < 0)
    self->first = g_get_monotonic_time ();
  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    g_checksum_update (self->sum, map.data, map.size);
    self->bytes += map.size;
    gst_buffer_unmap (buffer, &map);
  }
}

/* --- hooks --- */

static void
watch_on_buffer (Watch * self, GstClockTime time, GstPad * pad,
    GstBuffer * buffer)
{
  Flow *flow = flow_get (pad);

  if (flow)
    flow_add (flow, pad, buffer);
}

static void
watch_on_list (Watch * self, GstClockTime time, GstPad * pad,
    GstBufferList * list)
{
  Flow *flow = flow_get (pad);

  for (guint i = 0; flow && i < gst_buffer_list_length (list); i++)
    flow_add (flow, pad, gst_buffer_list_get (list, i));
}

/* A source starts each run with STREAM_START; a demuxer's pad has but one. */
static void
watch_on_event (Watch * self, GstClockTime time, GstPad * pad, GstEvent * event)
{
  Flow *flow = flow_get (pad);
  const GstSegment *segment;
  GstElement *element;

  if (flow == NULL)
    return;
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      /* It may be told twice. */
      if (flow->is_open && gst_event_get_seqnum (event) == flow->seqnum)
        break;
      flow->seqnum = gst_event_get_seqnum (event);
      element = flow_get_element (pad);
      flow_begin (flow, element);
      flow->thread = g_thread_self ();
      gst_object_unref (element);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_parse_segment (event, &segment);
      if (segment->format == GST_FORMAT_BYTES) {
        flow->start = segment->start;
        flow->stop = segment->stop;
      }
      break;
    case GST_EVENT_EOS:
      flow_end (flow, "eos");
      break;
    default:
      break;
  }
}

static void
watch_on_message (Watch * self, GstClockTime time, GstElement * element,
    GstMessage * message)
{
  const char *factory;
  const GstStructure *details = NULL;
  GError *error = NULL;
  char *debug = NULL;
  GstPad *pad;
  Flow *flow = NULL;
  const GValue *status = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR
      || GST_MESSAGE_SRC (message) != GST_OBJECT (element)
      || (factory = watch_find_factory (element)) == NULL)
    return;
  pad = gst_element_get_static_pad (element, "src");
  if (pad)
    flow = flow_get (pad);
  gst_message_parse_error (message, &error, &debug);
  gst_message_parse_error_details (message, &details);
  if (details)
    status = gst_structure_get_value (details, "http-status-code");
  if (flow)
    flow->failed = TRUE;
  watch_write (gst_structure_new ("error",
          "element", G_TYPE_STRING, GST_OBJECT_NAME (element),
          "factory", G_TYPE_STRING, factory,
          "location", G_TYPE_STRING, flow ? flow->location : NULL,
          "domain", G_TYPE_STRING, g_quark_to_string (error->domain),
          "code", G_TYPE_INT, error->code,
          "text", G_TYPE_STRING, error->message,
          "debug", G_TYPE_STRING, debug,
          "status", G_TYPE_INT, status && G_VALUE_HOLDS_UINT (status) ?
          (int) g_value_get_uint (status) : -1,
          "status-type", G_TYPE_STRING, status ? G_VALUE_TYPE_NAME (status) :
          "", "streaming", G_TYPE_BOOLEAN,
          flow && flow->thread == g_thread_self (), "stopped", G_TYPE_BOOLEAN,
          pad && GST_PAD_IS_FLUSHING (pad), "began", G_TYPE_INT64,
          flow ? flow->began : -1, "time", G_TYPE_INT64,
          g_get_monotonic_time (), NULL));
  gst_clear_object (&pad);
  g_clear_error (&error);
  g_free (debug);
}

static void
watch_before_change (Watch * self, GstClockTime time, GstElement * element,
    GstStateChange change)
{
  gint64 *began;

  if (watch_find_factory (element) == NULL)
    return;
  began = g_new (gint64, 1);
  *began = g_get_monotonic_time ();
  g_object_set_qdata_full (G_OBJECT (element), changing_quark, began, g_free);
}

static void
watch_after_change (Watch * self, GstClockTime time, GstElement * element,
    GstStateChange change, GstStateChangeReturn result)
{
  const char *factory = watch_find_factory (element);
  gint64 *began = g_object_get_qdata (G_OBJECT (element), changing_quark);

  if (factory == NULL || began == NULL)
    return;
  watch_write (gst_structure_new ("state",
          "element", G_TYPE_STRING, GST_OBJECT_NAME (element),
          "factory", G_TYPE_STRING, factory,
          "change", G_TYPE_STRING, gst_state_change_get_name (change),
          "result", G_TYPE_STRING,
          gst_element_state_change_return_get_name (result),
          "time", G_TYPE_INT64, *began,
          "took", G_TYPE_INT64, g_get_monotonic_time () - *began, NULL));
}

static void
watch_after_query (Watch * self, GstClockTime time, GstPad * pad,
    GstQuery * query, gboolean answered)
{
  char *uri = NULL, *redirection = NULL;
  Flow *flow;

  if (GST_QUERY_TYPE (query) != GST_QUERY_URI || !answered
      || !GST_PAD_IS_SRC (pad) || (flow = flow_get (pad)) == NULL)
    return;
  gst_query_parse_uri (query, &uri);
  gst_query_parse_uri_redirection (query, &redirection);
  watch_write (gst_structure_new ("uri",
          "element", G_TYPE_STRING, flow->element,
          "factory", G_TYPE_STRING, flow->factory,
          "uri", G_TYPE_STRING, uri,
          "redirection", G_TYPE_STRING, redirection, NULL));
  g_free (uri);
  g_free (redirection);
}

/* --- class --- */

static void
watch_constructed (GObject * object)
{
  GstTracer *tracer = GST_TRACER (object);
  char *params = NULL;

  G_OBJECT_CLASS (watch_parent_class)->constructed (object);
  g_object_get (object, "params", &params, NULL);
  if (params && g_str_has_prefix (params, "file="))
    file = fopen (params + strlen ("file="), "a");
  g_free (params);
  gst_tracing_register_hook (tracer, "pad-push-pre",
      G_CALLBACK (watch_on_buffer));
  gst_tracing_register_hook (tracer, "pad-push-list-pre",
      G_CALLBACK (watch_on_list));
  gst_tracing_register_hook (tracer, "pad-push-event-pre",
      G_CALLBACK (watch_on_event));
  gst_tracing_register_hook (tracer, "element-post-message-pre",
      G_CALLBACK (watch_on_message));
  gst_tracing_register_hook (tracer, "element-change-state-pre",
      G_CALLBACK (watch_before_change));
  gst_tracing_register_hook (tracer, "element-change-state-post",
      G_CALLBACK (watch_after_change));
  gst_tracing_register_hook (tracer, "pad-query-post",
      G_CALLBACK (watch_after_query));
}

static void
watch_class_init (WatchClass * klass)
{
  G_OBJECT_CLASS (klass)->constructed = watch_constructed;
  flow_quark = g_quark_from_static_string ("watch-flow");
  changing_quark = g_quark_from_static_string ("watch-changing");
}

static void
watch_init (Watch * self)
{
}

static gboolean
plugin_init (GstPlugin * plugin)
{
  return gst_tracer_register (plugin, "watch", watch_get_type ());
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, watch,
    "Writes down what HTTP sources and adaptive demuxers do", plugin_init,
    PACKAGE_VERSION, "LGPL", PACKAGE, GST_PACKAGE_ORIGIN)
