/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "fakefetcher.h"
#include "p2pdownload.h"

G_BEGIN_DECLS

#define WORLD_URI "http://origin.example/a.ts"
#define WORLD_SIZE 100000

/* A server with one resource, a download of it and what it told. */
typedef struct
{
  P2pClock *clock;
  GRand *rand;
  FakeFetcher *fetcher;
  FakeResource *resource;
  P2pHttpOptions *options;
  P2pDownload *download;

  GByteArray *data;
  P2pHttpHead *head;            /* the last one */
  guint n_heads;
  guint n_done;
  GError *error;
  gint64 when;                  /* done, since new() */

  char leave;                   /* in 'h'ead, 'd'ata, 'e'nd */
  gboolean cancel;              /* leave with a cancel, not an unref */
} World;

World *world_new (void);
/* All that was begun must have ended with the download. */
void world_free (World * w);

void world_start_full (World * w, const char *method, gint64 start,
    gint64 stop);
/* The whole of it. */
void world_start (World * w);
/* Runs the clock until done. */
void world_finish (World * w);

/* No error, and exactly the bytes from (inclusive) to (exclusive). */
void world_assert_body (World * w, gsize from, gsize to);
guint world_get_n_requests (World * w);
FakeRequest *world_get_request (World * w, guint i);
/* What lies between request i and the one before, with jitter's tenth. */
void world_assert_gap (World * w, guint i, gint64 gap);

G_END_DECLS
