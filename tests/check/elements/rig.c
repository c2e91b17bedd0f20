/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "rig.h"

#include "../soup/names.h"

#include <string.h>

#define PATIENCE (20 * GST_SECOND)

static GstPadProbeReturn
on_data (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Rig *self = user_data;
  GstMapInfo map;

  g_mutex_lock (&self->lock);
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

    if (!self->forget_buffers)
      g_ptr_array_add (self->buffers, gst_buffer_ref (buffer));
    fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
    g_byte_array_append (self->bytes, map.data, map.size);
    gst_buffer_unmap (buffer, &map);
  } else {
    g_ptr_array_add (self->events,
        gst_event_ref (GST_PAD_PROBE_INFO_EVENT (info)));
  }
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

GstElement *
rig_make_source (const char *uri)
{
  const char *factory = g_getenv ("P2P_TEST_SOURCE");
  GstElement *source =
      gst_element_factory_make (factory ? factory : "p2phlssrc", "src");

  fail_unless (source != NULL, "the plugin is not found");
  names_forget ();
  if (uri)
    g_object_set (source, "location", uri, NULL);
  return source;
}

Rig *
rig_new_launch (const char *uri, const char *downstream)
{
  Rig *self = g_new0 (Rig, 1);
  GError *error = NULL;
  GstPad *pad;

  g_mutex_init (&self->lock);
  self->bytes = g_byte_array_new ();
  self->buffers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  self->events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_event_unref);
  self->messages =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_message_unref);
  self->src = rig_make_source (uri);
  self->sink = gst_parse_bin_from_description (downstream, TRUE, &error);
  g_assert_no_error (error);
  self->pipeline = gst_pipeline_new (NULL);
  self->bus = gst_element_get_bus (self->pipeline);
  gst_bin_add_many (GST_BIN (self->pipeline), self->src, self->sink, NULL);
  fail_unless (gst_element_link (self->src, self->sink));

  pad = gst_element_get_static_pad (self->src, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_data, self, NULL);
  gst_object_unref (pad);
  return self;
}

Rig *
rig_new_uri (const char *uri)
{
  return rig_new_launch (uri, "fakesink sync=false");
}

Rig *
rig_new (Site * origin, const char *path)
{
  g_autofree char *uri = site_uri (origin, path);

  return rig_new_uri (uri);
}

void
rig_free (Rig * self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_bus_set_flushing (self->bus, TRUE);
  gst_object_unref (self->bus);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->buffers);
  g_byte_array_unref (self->bytes);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
rig_set_state (Rig * self, GstState state)
{
  /* Of the pipeline it would be a failure after every error. */
  gst_element_set_state (self->pipeline, state);
  fail_if (GST_STATE_RETURN (self->src) == GST_STATE_CHANGE_FAILURE);
}

void
rig_play (Rig * self)
{
  rig_set_state (self, GST_STATE_PLAYING);
  fail_unless_equals_int (gst_element_get_state (self->pipeline, NULL, NULL,
          PATIENCE), GST_STATE_CHANGE_SUCCESS);
}

GstMessage *
rig_wait_for (Rig * self, GstMessageType types)
{
  for (;;) {
    GstMessage *message = gst_bus_timed_pop (self->bus, PATIENCE);

    fail_if (message == NULL, "nothing came in time");
    g_ptr_array_add (self->messages, message);
    if (GST_MESSAGE_TYPE (message) & types)
      return message;
  }
}

void
rig_wait_for_bytes (Rig * self, gsize size)
{
  gint64 end = g_get_monotonic_time () + PATIENCE / 1000;
  gsize have = 0;

  for (; have < size; g_usleep (2000)) {
    g_mutex_lock (&self->lock);
    have = self->bytes->len;
    g_mutex_unlock (&self->lock);
    fail_unless (g_get_monotonic_time () < end, "only %u bytes came",
        (guint) have);
  }
}

GstMessageType
rig_run (Rig * self)
{
  GstMessage *message;

  /* A start that fails has posted its error, too. */
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  message = rig_wait_for (self, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  return GST_MESSAGE_TYPE (message);
}

void
rig_run_to_eos (Rig * self)
{
  GstMessage *message;
  GError *error = NULL;
  gchar *debug = NULL;

  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  message = rig_wait_for (self, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &debug);
    fail ("%s (%s)", error->message, debug);
  }
  rig_set_state (self, GST_STATE_READY);
}

static void
stop (Rig * self)
{
  GstMessage *message;

  rig_set_state (self, GST_STATE_READY);
  fail_unless_equals_int (GST_STATE (self->src), GST_STATE_READY);
  while ((message = gst_bus_pop (self->bus)))
    g_ptr_array_add (self->messages, message);
}

const GstStructure *
rig_run_to_error (Rig * self, gint code)
{
  const GstStructure *details;
  GError *error = NULL;
  GstMessage *message;

  fail_unless_equals_int (rig_run (self), GST_MESSAGE_ERROR);
  message = g_ptr_array_index (self->messages, self->messages->len - 1);
  fail_unless (GST_MESSAGE_SRC (message) == GST_OBJECT (self->src));
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR, code), "%s %d: %s",
      g_quark_to_string (error->domain), error->code, error->message);
  fail_unless (*error->message != '\0');
  g_error_free (error);
  gst_message_parse_error_details (message, &details);
  stop (self);
  return details;
}

void
rig_clear (Rig * self)
{
  gst_bus_set_flushing (self->bus, TRUE);
  gst_bus_set_flushing (self->bus, FALSE);
  g_mutex_lock (&self->lock);
  g_byte_array_set_size (self->bytes, 0);
  g_ptr_array_set_size (self->buffers, 0);
  g_ptr_array_set_size (self->events, 0);
  g_ptr_array_set_size (self->messages, 0);
  g_mutex_unlock (&self->lock);
}

void
rig_check_bytes (Rig * self, gconstpointer data, gsize size)
{
  fail_unless_equals_int (self->bytes->len, size);
  fail_unless (memcmp (self->bytes->data, data, size) == 0);
}

void
rig_check_text (Rig * self, const char *text)
{
  g_autoptr (GString) got = g_string_new_len
      ((const char *) self->bytes->data, self->bytes->len);

  fail_unless_equals_string (got->str, text);
}

GstEvent *
rig_find_event (Rig * self, GstEventType type)
{
  for (guint i = 0; i < self->events->len; i++) {
    GstEvent *event = g_ptr_array_index (self->events, i);

    if (GST_EVENT_TYPE (event) == type)
      return event;
  }
  return NULL;
}

const GstStructure *
rig_get_headers (Rig * self)
{
  for (guint i = self->messages->len; i > 0; i--) {
    GstMessage *message = g_ptr_array_index (self->messages, i - 1);

    if (gst_message_has_name (message, "http-headers"))
      return gst_message_get_structure (message);
  }
  return NULL;
}

const GstStructure *
rig_get_headers_event (Rig * self)
{
  for (guint i = 0; i < self->events->len; i++) {
    GstEvent *event = g_ptr_array_index (self->events, i);

    if (gst_event_has_name (event, "http-headers"))
      return gst_event_get_structure (event);
  }
  return NULL;
}

guint
rig_count_messages (Rig * self, GstMessageType types)
{
  guint count = 0;

  for (guint i = 0; i < self->messages->len; i++)
    count += (GST_MESSAGE_TYPE (g_ptr_array_index (self->messages, i)) & types)
        != 0;
  return count;
}

char *
rig_get_header (const GstStructure * headers, const char *which,
    const char *name)
{
  g_autoptr (GstStructure) fields = NULL;

  fail_unless (gst_structure_get (headers, which, GST_TYPE_STRUCTURE, &fields,
          NULL));
  for (gint i = 0; i < gst_structure_n_fields (fields); i++) {
    const char *field = gst_structure_nth_field_name (fields, i);

    if (g_ascii_strcasecmp (field, name) == 0)
      return gst_value_serialize (gst_structure_get_value (fields, field));
  }
  return NULL;
}

guint
rig_print_leaks (void)
{
  GList *tracers = gst_tracing_get_active_tracers ();
  guint leaks = 0;

  for (GList * l = tracers; l; l = l->next) {
    g_autoptr (GstStructure) found = NULL;
    g_autofree char *text = NULL;

    if (!g_str_equal (G_OBJECT_TYPE_NAME (l->data), "GstLeaksTracer"))
      continue;
    g_signal_emit_by_name (l->data, "get-live-objects", &found);
    text = gst_structure_to_string (found);
    leaks += gst_value_list_get_size (gst_structure_get_value (found,
            "live-objects-list"));
    if (leaks)
      g_printerr ("leaked: %s\n", text);
  }
  g_list_free_full (tracers, gst_object_unref);
  return leaks;
}
