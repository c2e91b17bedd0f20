/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlsfield.h"

#include "p2penginesettings.h"

G_BEGIN_DECLS

/* The settings of a session as properties, the same on every element of the
 * plugin: seed 000's, and those that find peers and connect to them. */
typedef struct
{
  P2pEngineSettings session;
  char *engine;                 /* "auto", "own", or an address */
  char *engine_token_file;
  char *engine_certificate_file;
} GstP2pHlsSettings;

void gst_p2p_hls_settings_init (GstP2pHlsSettings * self);
void gst_p2p_hls_settings_clear (GstP2pHlsSettings * self);
/* to: not initialised */
void gst_p2p_hls_settings_copy (const GstP2pHlsSettings * self,
    GstP2pHlsSettings * to);

/* Installs the properties with the ids first, first + 1 … Returns: the first id
 * after them. */
guint gst_p2p_hls_settings_install (GObjectClass * klass, guint first);

/* The property named name. Returns: its number, for the masks; -1: none of
 * them. */
int gst_p2p_hls_settings_find (const char *name);
void gst_p2p_hls_settings_set (GstP2pHlsSettings * self, int number,
    const GValue * value);
void gst_p2p_hls_settings_get (const GstP2pHlsSettings * self, int number,
    GValue * value);
/* Sets the one named name as gst-launch would. Returns: FALSE if there is none,
 * or text is no value of it. */
gboolean gst_p2p_hls_settings_parse (GstP2pHlsSettings * self,
    const char *name, const char *text);

/* Copies those whose bit (1 << number) is set in mask. */
void gst_p2p_hls_settings_merge (GstP2pHlsSettings * self,
    const GstP2pHlsSettings * other, guint64 mask);
/* Whether engine is an address. */
gboolean gst_p2p_hls_settings_names_engine (const GstP2pHlsSettings * self);
/* Whether trackers or an engine were named, and so were asked for P2P. */
gboolean gst_p2p_hls_settings_ask (const GstP2pHlsSettings * self);
/* The bit of tracker-announce. */
guint64 gst_p2p_hls_settings_get_tracker_bit (void);

/* All of them, by name. Returns: (transfer full) */
GstStructure *gst_p2p_hls_settings_to_structure (const GstP2pHlsSettings *
    self);

G_END_DECLS
