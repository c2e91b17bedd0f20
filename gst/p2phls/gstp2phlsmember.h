/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlssession.h"

G_BEGIN_DECLS

/* What an element tells the session that it takes part in. settings: those of
 * mask were set on it; its to change. */
typedef void (*GstP2pHlsMemberTell) (GstElement * element,
    GstP2pHlsSession * session, GstP2pHlsSettings * settings, guint64 mask);

/**
 * GstP2pHlsMember:
 *
 * An element's part in its session, the same for every element of the plugin:
 * the properties that are the session's settings, those that speak for it
 * (settings, stats), its signals and actions. A field of the element.
 */
typedef struct
{
  /*< private >*/
  GstElement *element;
  GstP2pHlsMemberTell tell;

  /* Under the element's lock: */
  GstP2pHlsSettings settings;
  guint64 settings_set;         /* mask of gst_p2p_hls_settings_find() */
  GstP2pHlsSession *session;    /* attached to; NULL: to none */
  GstP2pHlsLocal *local;        /* being waited for; NULL: none */
  gboolean flushing;
} GstP2pHlsMember;

/* In class_init, once: the properties with the ids first, first + 1 …, the
 * signals and the actions. */
void gst_p2p_hls_member_install (GObjectClass * klass, guint first);

/* tell: called at attach() and when a setting changes after it, with no lock
 * held. */
void gst_p2p_hls_member_init (GstP2pHlsMember * self, GstElement * element,
    GstP2pHlsMemberTell tell);
/* When the element is finalized. */
void gst_p2p_hls_member_clear (GstP2pHlsMember * self);

/* Returns: FALSE if the property is none of those installed here. */
gboolean gst_p2p_hls_member_set_property (GstP2pHlsMember * self,
    GParamSpec * pspec, const GValue * value);
gboolean gst_p2p_hls_member_get_property (GstP2pHlsMember * self,
    GParamSpec * pspec, GValue * value);

/* Tells session, and takes part in it and no longer in another. */
void gst_p2p_hls_member_attach (GstP2pHlsMember * self,
    GstP2pHlsSession * session);
void gst_p2p_hls_member_detach (GstP2pHlsMember * self);

/* Streaming thread: what the playlist at uri, http(s), is called at the gateway.
 * Waits for a moment. url, links: (transfer full). Returns: FALSE if it cannot be
 * had, nothing is set then */
gboolean gst_p2p_hls_member_serve (GstP2pHlsMember * self, const char *uri,
    char **url, P2pSoupGatewayLinks ** links);
/* Any thread: nobody waits until it is taken back. */
void gst_p2p_hls_member_set_flushing (GstP2pHlsMember * self,
    gboolean flushing);

/* Returns: (transfer full) (nullable): the one it is attached to */
GstP2pHlsSession *gst_p2p_hls_member_get_session (GstP2pHlsMember * self);
/* "stats" of that one; after it, of the one it was. Returns: (transfer full) */
GstStructure *gst_p2p_hls_member_get_stats (GstP2pHlsMember * self);

G_END_DECLS
