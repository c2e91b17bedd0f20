/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstp2phlssettings.h"

#include "p2pengine.h"
#include "p2phostfetcher.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsHost:
 *
 * A session's line to the engine of this host, or to that of another which the
 * application named: adds its streams there, and has its fetcher read them from
 * the URLs that it gets. When that engine ends all comes from the servers, and
 * from the engine again when that returns. On the engine's thread.
 */
typedef struct _GstP2pHlsHost GstP2pHlsHost;

/* Never from inside a call, but for refused. */
typedef struct
{
  /* There is none, and with engine=auto it is not looked for again: the session
   * is on its own. */
  void (*absent) (gpointer user_data);
  /* Streams come from it from now on, or no longer. */
  void (*changed) (gboolean there, gpointer user_data);
  /* The one that was named does not let us in, or cannot be asked, and will not
   * until somebody mends it. Once for each reason. */
  void (*refused) (const char *address, const GError * error,
      gpointer user_data);
} GstP2pHlsHostEvents;

GstP2pHlsHost *gst_p2p_hls_host_new (P2pEngine * engine,
    const GstP2pHlsHostEvents * events, gpointer user_data);
/* No event comes after it. */
void gst_p2p_hls_host_free (GstP2pHlsHost * self);

/* For the session; once. fetcher: for what comes from the servers and from the
 * host. Returns: (transfer full): it keeps that, and is not kept here: the
 * connections go with the session's last reference */
P2pFetcher *gst_p2p_hls_host_make_fetcher (GstP2pHlsHost * self,
    P2pFetcher * fetcher);
/* Bytes that came from the host. */
guint64 gst_p2p_hls_host_get_bytes (GstP2pHlsHost * self);

/* Looks for the engine that the settings name, and tells it of trackers that the
 * application named. The user asked for P2P, or named the engine. Once. */
void gst_p2p_hls_host_start (GstP2pHlsHost * self,
    const GstP2pHlsSettings * settings);
/* uri: of a playlist that an application gave; plain or p2phls+http(s). came: it
 * came by another way than this fetcher. */
void gst_p2p_hls_host_add (GstP2pHlsHost * self, const char *uri,
    gboolean came);

G_END_DECLS
