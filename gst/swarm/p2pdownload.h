/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2perror.h"
#include "p2pfetcher.h"

G_BEGIN_DECLS

/**
 * P2pDownload:
 *
 * One resource, or a range of it, fetched to its end over as many HTTP requests
 * as that takes: a body that is cut goes on where it stopped (Range with
 * If-Range), a refused connection, an unknown host, a 500 and a 503 are tried
 * again after a growing pause, silence ends at the time-out. What it hands on
 * is one gapless run of bytes, each once.
 *
 * UNSENT -> WAITING (for the head) -> BODY -> DONE, with PAUSE between attempts.
 */
#define P2P_TYPE_DOWNLOAD (p2p_download_get_type ())
G_DECLARE_FINAL_TYPE (P2pDownload, p2p_download, P2P, DOWNLOAD, GObject)

/* Pause before the first retry; doubled for each further one that brought
 * nothing, up to the second. A tenth of chance is added (jitter). With the
 * default of 3 retries: 0.5 + 1 + 2 s. */
#define P2P_DOWNLOAD_BACKOFF (500 * P2P_MSEC)
#define P2P_DOWNLOAD_BACKOFF_MAX (8 * P2P_SECOND)

typedef struct
{
  /* The head of the first success, once; before any data. Of a status that is
   * no success only the last one, before done. */
  void (*head) (P2pDownload * download, P2pHttpHead * head,
      gpointer user_data);
  void (*data) (P2pDownload * download, GBytes * bytes, gpointer user_data);
  /* Once, last. error: NULL or P2P_ERROR; for P2P_ERROR_STATUS the head has
   * been told. */
  void (*done) (P2pDownload * download, const GError * error,
      gpointer user_data);
} P2pDownloadEvents;

/* Begins at once; no event comes from inside. uri: plain http(s). method: NULL
 * is GET. start, stop: as in P2pFetchRequest. Returns: (transfer full) */
P2pDownload *p2p_download_new (P2pClock * clock, GRand * rand,
    P2pFetcher * fetcher, const char *method, const char *uri, gint64 start,
    gint64 stop, P2pHttpOptions * options, const P2pDownloadEvents * events,
    gpointer user_data);

/* Paused: the origin stands still, and so does the time-out. */
void p2p_download_set_paused (P2pDownload * self, gboolean paused);

/* No event comes after it. Implied by the last unref. */
void p2p_download_cancel (P2pDownload * self);

/* Bytes handed on so far, and microseconds since new() (of an ended one: until
 * its end): what the rate is made of. */
guint64 p2p_download_get_bytes (P2pDownload * self);
gint64 p2p_download_get_elapsed (P2pDownload * self);

G_END_DECLS
