/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "p2phttp.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsConfig:
 *
 * What was set on one source: where it reads from, how it asks; and which of
 * these were set at all. Not locked: its owner does that.
 */
typedef struct
{
  char *location;               /* as it was given */
  char *method;
  P2pHttpOptions *options;
  guint64 options_set;          /* mask of gst_p2p_hls_options_find() */
  GstStructure *extra_headers;
  gboolean use_system_ca_file;
} GstP2pHlsConfig;

void gst_p2p_hls_config_init (GstP2pHlsConfig * self);
void gst_p2p_hls_config_clear (GstP2pHlsConfig * self);

/* With origin set to the location. Returns: (transfer full) */
P2pHttpOptions *gst_p2p_hls_config_copy_options (const GstP2pHlsConfig * self);

/* Installs the properties with the ids first, first + 1 … Returns: the first id
 * after them. */
guint gst_p2p_hls_config_install (GObjectClass * klass, guint first);

/* Returns: FALSE with GST_URI_ERROR if it is of none of the four schemes. */
gboolean gst_p2p_hls_config_set_location (GstP2pHlsConfig * self,
    const char *location, GError ** error);

/* Of one of the installed properties. A location that cannot be is refused with
 * a warning. */
void gst_p2p_hls_config_set (GstP2pHlsConfig * self, GParamSpec * pspec,
    const GValue * value);
void gst_p2p_hls_config_get (const GstP2pHlsConfig * self, GParamSpec * pspec,
    GValue * value);

/* What this source's own requests are made with: shared, and over it what was
 * set here. Returns: (transfer full) */
P2pHttpOptions *gst_p2p_hls_config_make_options (const GstP2pHlsConfig * self,
    const P2pHttpOptions * shared);

G_END_DECLS
