/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * GStreamer's webrtcbin, whose events come from threads of its own.
 */

#include "stack.h"

#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>

static GstElement *webrtc;
static GObject *channel;

typedef struct
{
  enum
  { SAY, OPEN, MESSAGE, ROOM } type;
  char *text;
  gsize size;
} Event;

/* The signal that there is room does not always come. */
static gboolean
on_look (gpointer user_data)
{
  bench_room ();
  return G_SOURCE_CONTINUE;
}

static gboolean
on_event (gpointer user_data)
{
  Event *event = user_data;

  if (event->type == SAY)
    bench_say (event->text);
  else if (event->type == OPEN) {
    bench_open ();
    g_timeout_add (1, on_look, NULL);
  } else if (event->type == MESSAGE)
    bench_message (event->text, event->size, event->text != NULL);
  else
    bench_room ();
  g_free (event->text);
  g_free (event);
  return G_SOURCE_REMOVE;
}

static void
tell (int type, const char *text, gsize size)
{
  Event *event = g_new0 (Event, 1);

  event->type = type;
  event->text = g_strdup (text);
  event->size = size;
  g_idle_add_full (G_PRIORITY_DEFAULT, on_event, event, NULL);
}

static void
on_channel_open (GObject * self, gpointer user_data)
{
  tell (OPEN, NULL, 0);
}

/* It is counted here, without a hop for each: the main context only hears of the
 * texts. */
static void
on_data (GObject * self, GBytes * bytes, gpointer user_data)
{
  bench_message (NULL, g_bytes_get_size (bytes), FALSE);
}

static void
on_string (GObject * self, const char *text, gpointer user_data)
{
  tell (MESSAGE, text, 0);
}

static void
on_low (GObject * self, gpointer user_data)
{
  tell (ROOM, NULL, 0);
}

static void
use_channel (GObject * object)
{
  channel = g_object_ref (object);
  g_object_set (channel, "buffered-amount-low-threshold",
      (guint64) BENCH_LOW, NULL);
  g_signal_connect (channel, "on-open", G_CALLBACK (on_channel_open), NULL);
  g_signal_connect (channel, "on-message-data", G_CALLBACK (on_data), NULL);
  g_signal_connect (channel, "on-message-string", G_CALLBACK (on_string), NULL);
  g_signal_connect (channel, "on-buffered-amount-low", G_CALLBACK (on_low),
      NULL);
}

static void
on_channel (GstElement * self, GObject * object, gpointer user_data)
{
  GstWebRTCDataChannelState state;

  use_channel (object);
  g_object_get (object, "ready-state", &state, NULL);
  if (state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN)
    tell (OPEN, NULL, 0);
}

static void
on_candidate (GstElement * self, guint line, const char *candidate,
    gpointer user_data)
{
  tell (SAY, candidate, 0);
}

static void
on_described (GstPromise * promise, gpointer name)
{
  const GstStructure *reply = gst_promise_get_reply (promise);
  GstWebRTCSessionDescription *description;
  g_autofree char *text = NULL;

  gst_structure_get (reply, name, GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
      &description, NULL);
  g_signal_emit_by_name (webrtc, "set-local-description", description, NULL);
  text = gst_sdp_message_as_text (description->sdp);
  tell (SAY, text, 0);
  gst_webrtc_session_description_free (description);
  gst_promise_unref (promise);
}

static void
start (gboolean offer, const char *options)
{
  GstElement *pipeline;

  gst_init (NULL, NULL);
  pipeline = gst_pipeline_new (NULL);
  webrtc = gst_element_factory_make ("webrtcbin", NULL);
  g_assert_nonnull (webrtc);
  gst_bin_add (GST_BIN (pipeline), webrtc);
  g_signal_connect (webrtc, "on-ice-candidate", G_CALLBACK (on_candidate),
      NULL);
  g_signal_connect (webrtc, "on-data-channel", G_CALLBACK (on_channel), NULL);
  gst_element_set_state (pipeline, GST_STATE_READY);
  if (offer) {
    GObject *object = NULL;

    g_signal_emit_by_name (webrtc, "create-data-channel", "bench", NULL,
        &object);
    use_channel (object);
  }
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  /* Its signal that an offer is needed does not always come. */
  if (offer)
    g_signal_emit_by_name (webrtc, "create-offer", NULL,
        gst_promise_new_with_change_func (on_described, (gpointer) "offer",
            NULL));
}

static void
hear (const char *text)
{
  static gboolean answered;
  gboolean offer = FALSE;
  GstSDPMessage *sdp;
  GstWebRTCSessionDescription *description;

  if (!g_str_has_prefix (text, "v=")) {
    g_signal_emit_by_name (webrtc, "add-ice-candidate", 0, text);
    return;
  }
  offer = channel == NULL && !answered;
  answered = TRUE;
  gst_sdp_message_new_from_text (text, &sdp);
  description = gst_webrtc_session_description_new (offer
      ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
  g_signal_emit_by_name (webrtc, "set-remote-description", description, NULL);
  gst_webrtc_session_description_free (description);
  if (offer)
    g_signal_emit_by_name (webrtc, "create-answer", NULL,
        gst_promise_new_with_change_func (on_described, (gpointer) "answer",
            NULL));
}

static gboolean
send_message (GBytes * bytes, gboolean text)
{
  if (text)
    g_signal_emit_by_name (channel, "send-string",
        g_bytes_get_data (bytes, NULL));
  else
    g_signal_emit_by_name (channel, "send-data", bytes);
  return TRUE;
}

static gsize
get_buffered (void)
{
  guint64 amount;

  g_object_get (channel, "buffered-amount", &amount, NULL);
  return amount;
}

const Stack stack_webrtc = { start, hear, send_message, get_buffered };
