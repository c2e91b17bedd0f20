/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * GstP2pHlsField:
 *
 * A property that is kept in a field of a plain struct: its spec, and where the
 * field is. What its value type may be: gboolean, gint, guint, guint64,
 * gdouble, gchararray, GStrv, an object, or an enum kept in an int.
 */
typedef struct
{
  GParamSpec *pspec;
  gsize offset;
} GstP2pHlsField;

void gst_p2p_hls_field_set (const GstP2pHlsField * self, gpointer base,
    const GValue * value);
void gst_p2p_hls_field_get (const GstP2pHlsField * self, gconstpointer base,
    GValue * value);
/* Copies the field of one struct into another's. */
void gst_p2p_hls_field_copy (const GstP2pHlsField * self, gpointer to,
    gconstpointer from);

G_END_DECLS
