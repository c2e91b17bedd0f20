/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

#include "gstp2phlshost.h"
#include "gstp2phlsserved.h"
#include "gstp2phlssettings.h"
#include "gstp2phlsvalidator.h"

#include "p2pengine.h"
#include "p2psession.h"
#include "p2psoupfetcher.h"

G_BEGIN_DECLS

/**
 * GstP2pHlsCore:
 *
 * A P2pSession for the time that elements are attached to its GstP2pHlsSession,
 * and what listens to it. Ref-counted from any thread; session is touched on
 * the engine's thread only.
 */
typedef struct _GstP2pHlsCore GstP2pHlsCore;

/* Told on the engine's thread, with no lock held. */
typedef struct
{
  /* Returns: (transfer full) (element-type GstElement): who might have
   * handlers; empty when nothing is to be said any more. */
  GPtrArray *(*get_elements) (gpointer owner);
  /* served: bytes that the gateway handed on. lists: (transfer full) (nullable):
   * as gst_p2p_hls_report_list() makes them; NULL: as last time. */
  void (*publish) (GstP2pHlsCore * core, const P2pStats * stats,
      const guint64 served[P2P_N_SOURCES], GstStructure * lists,
      gpointer owner);
} GstP2pHlsCoreOwner;

struct _GstP2pHlsCore
{
  gatomicrefcount refs;
  P2pEngine *engine;
  P2pSession *session;          /* NULL before begin() and after end() ran */
  GstP2pHlsServed *served;      /* the same */
  P2pSoupFetcher *fetcher;      /* the session's; a weak pointer */

  /*< private >*/
  const GstP2pHlsCoreOwner *owner;
  GObject *owner_data;
  GstP2pHlsSettings settings;
  gboolean asked;               /* P2P was asked for */
  GstP2pHlsHost *host;          /* whose engine may do it; NULL: own */
  gboolean streaming;           /* there is something to do */
  gboolean alone;               /* it finds peers itself */
  gboolean hosted;              /* streams come from the host's engine */
  P2pHttpOptions *options;
  GstP2pHlsValidator *validator;
  guint64 pieces[P2P_N_SOURCES];        /* bytes not told yet */
  guint tick;                   /* the call that tells them, and the stats */
  guint list_tick;              /* the call that makes lists anew */
  gboolean lists_stale;
  guint position_tick;          /* the call that asks where the player is */
  gboolean positioning;         /* it is being asked */
  gint ended;                   /* atomic: nothing is to be told any more */
};

/* Starts the engine if need be, and on it the session. owner_data is kept
 * until end() has run. */
GstP2pHlsCore *gst_p2p_hls_core_new (const GstP2pHlsSettings * settings,
    P2pHttpOptions * options, const GstP2pHlsCoreOwner * owner,
    GObject * owner_data);
GstP2pHlsCore *gst_p2p_hls_core_ref (GstP2pHlsCore * self);
void gst_p2p_hls_core_unref (GstP2pHlsCore * self);

/* Acts at once: what finds peers is made anew if it is to find them otherwise. */
void gst_p2p_hls_core_set_settings (GstP2pHlsCore * self,
    const GstP2pHlsSettings * settings);
/* P2P was asked for: peers are looked for, as the settings say. Once. */
void gst_p2p_hls_core_ask (GstP2pHlsCore * self);

/* On the engine's thread: the application gave a playlist (came: see
 * gst_p2p_hls_session_add_stream()), or, with uri NULL, segments. By what is set
 * now it is decided whose engine has the streams. */
void gst_p2p_hls_core_add_stream (GstP2pHlsCore * self, const char *uri,
    gboolean came);

/* Ends the session, on the engine; returns before. */
void gst_p2p_hls_core_end (GstP2pHlsCore * self);

/* func(data) on the engine's thread, while the core is kept. */
void gst_p2p_hls_core_call (GstP2pHlsCore * self, void (*func) (gpointer),
    gpointer data, GDestroyNotify notify);

G_END_DECLS
