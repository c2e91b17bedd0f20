/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlssettings.h"

#include "p2phttp.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsConfig:
 *
 * What was set on one source: where it reads from, how it asks, and the
 * settings of the loaders; and which of these were set at all. Not locked: its
 * owner does that.
 */
typedef struct
{
  char *location;               /* as it was given */
  char *method;
  P2pHttpOptions *options;
  guint64 options_set;          /* mask of gst_p2p_hls_options_find() */
  GstStructure *extra_headers;
  GstP2pHlsSettings settings;
  guint64 settings_set;         /* mask of gst_p2p_hls_settings_find() */
  gboolean use_system_ca_file;
} GstP2pHlsConfig;

void gst_p2p_hls_config_init (GstP2pHlsConfig * self);
void gst_p2p_hls_config_clear (GstP2pHlsConfig * self);

/* Copies all, with options.origin set to the location. to: not initialised. */
void gst_p2p_hls_config_copy (const GstP2pHlsConfig * self,
    GstP2pHlsConfig * to);

/* Installs the properties with the ids first, first + 1 … */
void gst_p2p_hls_config_install (GObjectClass * klass, guint first);

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
