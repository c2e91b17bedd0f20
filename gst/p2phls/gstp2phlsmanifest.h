/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlsdownstream.h"
#include "gstp2phlsmember.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsManifest:
 *
 * A playlist on its way to a demuxer: the session learns it, and the demuxer
 * gets it, and is told its URI, so that all that it asks for next comes to the
 * session. Where that cannot be, it stays as it was.
 */
typedef struct
{
  GBytes *text;                 /* for the demuxer */
  char *uri;                    /* for its URI query */
  char *redirection;            /* the same; NULL for none */
  gboolean serves;              /* whether what it asks for comes to the session */
} GstP2pHlsManifest;

/* member: attached. location, redirection: of the playlist, plain or p2phls+;
 * redirection may be NULL. Waits for the gateway, if that is the way. */
void gst_p2p_hls_manifest_init (GstP2pHlsManifest * self,
    GstP2pHlsMember * member, GBytes * text, const char *location,
    const char *redirection, GstP2pHlsWay way);
void gst_p2p_hls_manifest_clear (GstP2pHlsManifest * self);

G_END_DECLS
