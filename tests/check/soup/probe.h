/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

#include "p2perror.h"
#include "p2psoupfetcher.h"

G_BEGIN_DECLS

/**
 * Probe:
 *
 * A fetcher on a context of its own, one fetch of it and what that told.
 */
typedef struct
{
  GMainContext *context;
  P2pClock *clock;
  P2pFetcher *fetcher;
  P2pHttpOptions *options;
  P2pFetch *fetch;

  GByteArray *data;
  guint64 size;                 /* of the body so far */
  gsize largest;                /* data event */
  P2pHttpHead *head;
  guint n_heads;
  guint n_data;
  guint n_done;
  GError *error;

  gboolean forget;              /* keep no data, only count */
  char leave;                   /* in 'h'ead, 'd'ata, 'e'nd */
  gboolean cancel;              /* leave with a cancel, not an unref */
  gboolean pause;               /* in head, and in each data event */
} Probe;

Probe *probe_new (void);
/* Lets go of all, and of every connection. */
void probe_free (Probe * self);

/* A new fetch takes the place of the last one. */
void probe_start_full (Probe * self, const char *method, const char *uri,
    gint64 start, gint64 stop, const char *if_range);
void probe_start (Probe * self, const char *uri);
/* Runs until done. */
void probe_run (Probe * self);
void probe_fetch (Probe * self, const char *uri);
/* Runs until nothing is left to be done at once. */
void probe_settle (Probe * self);

/* Returns: the first value of a header of the request that was sent */
const char *probe_get_sent (Probe * self, const char *name);
void probe_assert_body (Probe * self, const char *body);

G_END_DECLS
