/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pclock.h"
#include "p2perror.h"
#include "p2pfetcher.h"

G_BEGIN_DECLS

/* A web server without a network: resources with a rate, a latency and faults,
 * under the virtual clock. */
#define FAKE_TYPE_FETCHER (fake_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (FakeFetcher, fake_fetcher, FAKE, FETCHER, GObject)

typedef enum
{
  FAKE_ERROR,                   /* arg: P2pError instead of a head */
  FAKE_STATUS,                  /* arg: status */
  FAKE_SILENT,                  /* no head, ever */
  FAKE_STALL,                   /* arg: bytes of the body, then nothing, ever */
  FAKE_CUT,                     /* arg: bytes of the body, then P2P_ERROR_CUT */
  FAKE_SHORT,                   /* arg: bytes of the body, then its end */
  FAKE_LENGTH,                  /* arg: length that the head claims */
} FakeFault;

/* What the server has at one URI. All fields may be changed at any time; they
 * hold for what is asked from then on. */
typedef struct
{
  GBytes *body;
  char *validator;
  char *content_type;
  char *location;               /* the URI that answers, after a redirect */
  gint64 latency;               /* until the head, microseconds */
  guint64 rate;                 /* bytes a second of each request; 0: all at
                                 * once */
  gsize chunk;                  /* bytes of one data event; default 16 KiB */
  gboolean no_ranges;           /* answers 200 to a Range */
  gboolean no_length;           /* says nothing of the length */
  gboolean encoded;             /* gzip, as it were */
  guint retry_after;            /* seconds, with a refused status */

  /*< private >*/
  GQueue faults;
} FakeResource;

/* What was asked for, in the order of asking. */
typedef struct
{
  char *uri;
  char *method;
  gint64 start, stop;
  char *if_range;
  gint64 when;
} FakeRequest;

FakeFetcher *fake_fetcher_new (P2pClock * clock);

/* Returns: owned by the fetcher; takes the place of one that was there. Other
 * URIs answer 404. size bytes that differ from place to place and from URI to
 * URI. */
FakeResource *fake_fetcher_add (FakeFetcher * self, const char *uri,
    gsize size);
void fake_fetcher_remove (FakeFetcher * self, const char *uri);
FakeResource *fake_fetcher_get (FakeFetcher * self, const char *uri);

/* The next times requests fail like this, after those that were told before;
 * -1: all from then on. */
void fake_resource_fault (FakeResource * resource, FakeFault fault, gint64 arg,
    int times);

/* No fault that was told comes from here on. */
void fake_resource_heal (FakeResource * resource);

/* (element-type FakeRequest) */
GPtrArray *fake_fetcher_get_requests (FakeFetcher * self);
/* Fetches neither ended nor cancelled: now, and the most at any time. */
guint fake_fetcher_get_n_open (FakeFetcher * self);
guint fake_fetcher_get_max_open (FakeFetcher * self);
/* (transfer full) (element-type utf8): the URIs of those open now, sorted */
GPtrArray *fake_fetcher_list_open (FakeFetcher * self);
/* Bytes handed out. */
guint64 fake_fetcher_get_served (FakeFetcher * self);

/* Lets so many microseconds go by, event by event. */
void fake_clock_run_for (P2pClock * clock, gint64 duration);

G_END_DECLS
