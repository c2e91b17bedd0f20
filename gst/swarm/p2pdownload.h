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
 * If-Range), a refused connection, an unknown host and the statuses 500, 502,
 * 503 and 504 are tried again after a growing pause, silence ends at the
 * time-out. What it hands on is one gapless run of bytes, each once.
 *
 * Silence is what options->timeout counts: since the request until the head,
 * then since the last byte. A body that was silent for half of it is asked for
 * again on a fresh connection. Any byte gives back all retries.
 *
 * WAITING (for the head) -> BODY -> DONE, with PAUSE between attempts.
 */
#define P2P_TYPE_DOWNLOAD (p2p_download_get_type ())
G_DECLARE_FINAL_TYPE (P2pDownload, p2p_download, P2P, DOWNLOAD, GObject)

/* Pause before the first retry; doubled for each further one that brought
 * nothing, up to the second. A tenth of chance is added (jitter). With the
 * default of 3 retries: 0.5 + 1 + 2 s. The first body that is cut goes on
 * without a pause. A server's Retry-After counts, up to the second. With
 * retry_backoff_factor the first is twice that and the second
 * retry_backoff_max, at most the third. */
#define P2P_DOWNLOAD_BACKOFF (500 * P2P_MSEC)
#define P2P_DOWNLOAD_BACKOFF_MAX (8 * P2P_SECOND)
#define P2P_DOWNLOAD_BACKOFF_LONGEST (24 * 3600 * P2P_SECOND)

typedef struct
{
  /* The head of the first success, once; before any data. Of a status that is
   * no success only the last one, right before done: after a success if the
   * server refused to go on. */
  void (*head) (P2pDownload * download, P2pHttpHead * head,
      gpointer user_data);
  void (*data) (P2pDownload * download, GBytes * bytes, gpointer user_data);
  /* Once, last. error: NULL or P2P_ERROR; for P2P_ERROR_STATUS the head has
   * been told. A range that begins at or after the end of the resource is no
   * error: the head tells status 416 and no data comes. */
  void (*done) (P2pDownload * download, const GError * error,
      gpointer user_data);
} P2pDownloadEvents;

/* Begins at once; no event comes from inside. rand: borrowed. uri: plain
 * http(s). method: NULL is GET. start, stop: as in P2pFetchRequest; never more
 * than stop - start bytes are handed on. Any event may cancel or unref the
 * download. Returns: (transfer full) */
P2pDownload *p2p_download_new (P2pClock * clock, GRand * rand,
    P2pFetcher * fetcher, const char *method, const char *uri, gint64 start,
    gint64 stop, P2pHttpOptions * options, const P2pDownloadEvents * events,
    gpointer user_data);

/* Paused: the origin stands still, and so does the time-out. */
void p2p_download_set_paused (P2pDownload * self, gboolean paused);

/* No event comes after it. Implied by the last unref. */
void p2p_download_cancel (P2pDownload * self);

/* Microseconds since new() (of an ended one: until its end): what the rate is made
 * of. */
gint64 p2p_download_get_elapsed (P2pDownload * self);

/* Requests made again so far. */
guint p2p_download_get_retries (P2pDownload * self);

G_END_DECLS
