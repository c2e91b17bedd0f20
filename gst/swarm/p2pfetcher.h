/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phttp.h"

G_BEGIN_DECLS

/**
 * P2pFetch:
 *
 * One HTTP request on its way. Made by a #P2pFetcher, ended by its done event,
 * by p2p_fetch_cancel() or by its last unref.
 */
#define P2P_TYPE_FETCH (p2p_fetch_get_type ())
G_DECLARE_DERIVABLE_TYPE (P2pFetch, p2p_fetch, P2P, FETCH, GObject)

struct _P2pFetchClass
{
  GObjectClass parent_class;

  void (*set_paused) (P2pFetch * self, gboolean paused);
  void (*cancel) (P2pFetch * self);
};

/* Paused: no data events until resumed, so that the server's TCP stands still.
 * Head and errors still come. */
void p2p_fetch_set_paused (P2pFetch * self, gboolean paused);

/* No event comes after it. Harmless on one that has ended. */
void p2p_fetch_cancel (P2pFetch * self);

/* What happens to a fetch: head once, data any number of times, done last and
 * once. Never called from inside p2p_fetcher_fetch(), always on the thread of
 * the engine, after the fetcher told its clock the time. A callback may cancel
 * or unref the fetch. */
typedef struct
{
  void (*head) (P2pFetch * fetch, P2pHttpHead * head, gpointer user_data);
  void (*data) (P2pFetch * fetch, GBytes * bytes, gpointer user_data);
  /* error: NULL for a body that came to its end (its length as the head said,
   * if it did), else P2P_ERROR. A status that is no success is no error here:
   * the head says it, its body is not handed on. */
  void (*done) (P2pFetch * fetch, const GError * error, gpointer user_data);
} P2pFetchEvents;

/* One attempt. Retries, time-outs and resuming are P2pDownload's. */
typedef struct
{
  const char *method;           /* NULL: GET */
  const char *uri;              /* plain http(s) */
  gint64 start;                 /* first byte wanted */
  gint64 stop;                  /* byte after the last one; -1: to the end */
  const char *if_range;         /* validator of the bytes held, or NULL */
  P2pHttpOptions *options;
  GBytes *body;                 /* of a POST, or NULL */
  const char *content_type;     /* … and what it is */
} P2pFetchRequest;

/**
 * P2pFetcher:
 *
 * What ext/ has to offer so that the engine can fetch over HTTP.
 */
#define P2P_TYPE_FETCHER (p2p_fetcher_get_type ())
G_DECLARE_INTERFACE (P2pFetcher, p2p_fetcher, P2P, FETCHER, GObject)

struct _P2pFetcherInterface
{
  GTypeInterface parent;

  P2pFetch *(*fetch) (P2pFetcher * self, const P2pFetchRequest * request,
      const P2pFetchEvents * events, gpointer user_data);
};

/* events: static, lives as long as the fetch. Returns: (transfer full): never
 * NULL; what is wrong is told by done. */
P2pFetch *p2p_fetcher_fetch (P2pFetcher * self,
    const P2pFetchRequest * request, const P2pFetchEvents * events,
    gpointer user_data);

G_END_DECLS
