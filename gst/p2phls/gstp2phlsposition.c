/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsposition.h"

/* Returns: (transfer full) (nullable): the pipeline that element is in */
static GstElement *
gst_p2p_hls_position_find_pipeline (GstElement * element)
{
  GstObject *top = gst_object_ref (element);
  GstObject *parent;

  while ((parent = gst_object_get_parent (top))) {
    gst_object_unref (top);
    top = parent;
  }
  if (GST_IS_PIPELINE (top))
    return GST_ELEMENT (top);
  gst_object_unref (top);
  return NULL;
}

/* While it changes, as in a seek, what it says is of before. */
static gboolean
gst_p2p_hls_position_is_settled (GstElement * pipeline, gboolean * pauses)
{
  GstState state;
  GstStateChangeReturn result = gst_element_get_state (pipeline, &state, NULL,
      0);

  *pauses = state == GST_STATE_PAUSED;
  return state >= GST_STATE_PAUSED && (result == GST_STATE_CHANGE_SUCCESS
      || result == GST_STATE_CHANGE_NO_PREROLL);
}

static double
gst_p2p_hls_position_get_rate (GstElement * pipeline)
{
  g_autoptr (GstQuery) query = gst_query_new_segment (GST_FORMAT_TIME);
  double rate = 1;

  if (gst_element_query (pipeline, query))
    gst_query_parse_segment (query, &rate, NULL, NULL, NULL);
  return rate;
}

static gboolean
gst_p2p_hls_position_query_pipeline (GstElement * pipeline,
    GstP2pHlsPosition * position)
{
  gint64 time;

  if (!gst_p2p_hls_position_is_settled (pipeline, &position->pauses))
    return FALSE;
  position->rate = gst_p2p_hls_position_get_rate (pipeline);
  if (position->rate <= 0
      || !gst_element_query_position (pipeline, GST_FORMAT_TIME, &time)
      || time < 0)
    return FALSE;
  position->time = GST_TIME_AS_USECONDS (time);
  return gst_p2p_hls_position_is_settled (pipeline, &position->pauses);
}

gboolean
gst_p2p_hls_position_query (GPtrArray * elements, GstP2pHlsPosition * position)
{
  for (guint i = 0; i < elements->len; i++) {
    g_autoptr (GstElement) pipeline =
        gst_p2p_hls_position_find_pipeline (g_ptr_array_index (elements, i));

    if (pipeline)
      return gst_p2p_hls_position_query_pipeline (pipeline, position);
  }
  return FALSE;
}
