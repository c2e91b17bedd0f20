/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstp2phlsfield.h"

/* GStreamer's core, which reads lists from 1.26 on, takes the NULL of a
 * gst-launch line for a list of that word. */
static char **
gst_p2p_hls_field_dup_strv (const GValue * value)
{
  static const char *const null[] = { "NULL", NULL };
  char **strv = g_value_get_boxed (value);

  return strv && g_strv_equal (null, (const char *const *) strv) ? NULL
      : g_strdupv (strv);
}

void
gst_p2p_hls_field_set (const GstP2pHlsField * self, gpointer base,
    const GValue * value)
{
  gpointer field = G_STRUCT_MEMBER_P (base, self->offset);
  GType type = G_PARAM_SPEC_VALUE_TYPE (self->pspec);

  if (type == G_TYPE_STRV) {
    g_strfreev (*(char ***) field);
    *(char ***) field = gst_p2p_hls_field_dup_strv (value);
    return;
  }
  switch (G_TYPE_FUNDAMENTAL (type)) {
    case G_TYPE_BOOLEAN:
      *(gboolean *) field = g_value_get_boolean (value);
      break;
    case G_TYPE_INT:
      *(gint *) field = g_value_get_int (value);
      break;
    case G_TYPE_ENUM:
      *(gint *) field = g_value_get_enum (value);
      break;
    case G_TYPE_FLAGS:
      *(guint *) field = g_value_get_flags (value);
      break;
    case G_TYPE_UINT:
      *(guint *) field = g_value_get_uint (value);
      break;
    case G_TYPE_UINT64:
      *(guint64 *) field = g_value_get_uint64 (value);
      break;
    case G_TYPE_DOUBLE:
      *(gdouble *) field = g_value_get_double (value);
      break;
    case G_TYPE_STRING:
      g_free (*(char **) field);
      *(char **) field = g_value_dup_string (value);
      break;
    case G_TYPE_OBJECT:
      g_set_object ((GObject **) field, g_value_get_object (value));
      break;
    default:
      g_assert_not_reached ();
  }
}

void
gst_p2p_hls_field_get (const GstP2pHlsField * self, gconstpointer base,
    GValue * value)
{
  gconstpointer field = G_STRUCT_MEMBER_P (base, self->offset);
  GType type = G_PARAM_SPEC_VALUE_TYPE (self->pspec);

  if (type == G_TYPE_STRV) {
    g_value_set_boxed (value, *(char **const *) field);
    return;
  }
  switch (G_TYPE_FUNDAMENTAL (type)) {
    case G_TYPE_BOOLEAN:
      g_value_set_boolean (value, *(const gboolean *) field);
      break;
    case G_TYPE_INT:
      g_value_set_int (value, *(const gint *) field);
      break;
    case G_TYPE_ENUM:
      g_value_set_enum (value, *(const gint *) field);
      break;
    case G_TYPE_FLAGS:
      g_value_set_flags (value, *(const guint *) field);
      break;
    case G_TYPE_UINT:
      g_value_set_uint (value, *(const guint *) field);
      break;
    case G_TYPE_UINT64:
      g_value_set_uint64 (value, *(const guint64 *) field);
      break;
    case G_TYPE_DOUBLE:
      g_value_set_double (value, *(const gdouble *) field);
      break;
    case G_TYPE_STRING:
      g_value_set_string (value, *(char *const *) field);
      break;
    case G_TYPE_OBJECT:
      g_value_set_object (value, *(gpointer const *) field);
      break;
    default:
      g_assert_not_reached ();
  }
}

void
gst_p2p_hls_field_copy (const GstP2pHlsField * self, gpointer to,
    gconstpointer from)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (self->pspec));
  gst_p2p_hls_field_get (self, from, &value);
  gst_p2p_hls_field_set (self, to, &value);
  g_value_unset (&value);
}
