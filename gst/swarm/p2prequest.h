/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pdownload.h"
#include "p2pslot.h"

G_BEGIN_DECLS

/**
 * P2pRequest:
 *
 * What one source element asks for: a resource or a range of it, from whichever
 * place: a slot's loader, or straight over HTTP. Opened by its session.
 */
typedef struct _P2pRequest P2pRequest;

typedef struct
{
  /* Once if HTTP answered, before data; again never. */
  void (*head) (P2pRequest * request, P2pHttpHead * head, gpointer user_data);
  void (*data) (P2pRequest * request, GBytes * bytes, P2pSource source,
      gpointer user_data);
  /* Last; the request is still to be closed. end: the time (of the clock) at
   * which the end may be told downstream; the data may flow at once. head: of a
   * response that failed (416 may be no error), or NULL. */
  void (*done) (P2pRequest * request, gint64 end, P2pHttpHead * head,
      const GError * error, gpointer user_data);
} P2pRequestEvents;

void p2p_request_set_paused (P2pRequest * self, gboolean paused);
/* Has what is there already told at once, from inside this call, in which the
 * request may be closed. */
void p2p_request_hurry (P2pRequest * self);
/* Returns: (transfer full) (nullable): the segment it reads, if the cache has it */
P2pSegment *p2p_request_get_segment (P2pRequest * self);
/* No event comes after it. */
void p2p_request_close (P2pRequest * self);

/* The rest is for its session. */

/* What a request asks of and tells to its session. */
typedef struct
{
  /* When a body that was asked for at opened and is all there now may end. */
  gint64 (*pace) (P2pRequest * request, gint64 opened, guint64 bytes,
      gpointer user_data);
  /* A segment was handed on whole. */
  void (*segment_done) (P2pRequest * request, P2pSource source,
      gpointer user_data);
  /* Bytes that went past the loaders came over HTTP. */
  void (*fetched) (P2pRequest * request, gsize bytes, gpointer user_data);
  /* Last: it is gone. */
  void (*closed) (P2pRequest * request, gpointer user_data);
} P2pRequestOwner;

struct _P2pRequest
{
  const P2pLoaderWorld *world;
  const P2pRequestOwner *owner;
  gpointer owner_data;
  const P2pRequestEvents *events;
  gpointer user_data;

  P2pSlot *slot;                /* it reads from; NULL: it has a download */
  char *id;                     /* of the segment it reads */
  P2pReader *reader;
  P2pDownload *download;
  P2pHttpHead *refusal;         /* of the download */

  gint64 opened;                /* time */
  guint64 bytes;                /* handed on */
  gboolean done;                /* the last event was told */
  guint abandoned;              /* the call that says so */
};

P2pRequest *p2p_request_new (const P2pLoaderWorld * world,
    const P2pRequestOwner * owner, gpointer owner_data,
    const P2pRequestEvents * events, gpointer user_data);

/* One of these three, once. */
void p2p_request_read (P2pRequest * self, P2pSlot * slot);
void p2p_request_download (P2pRequest * self, const char *method,
    const char *uri, gint64 start, gint64 stop, P2pHttpOptions * options);
/* The session is being destroyed: ends with P2P_ERROR_DESTROYED. Also of a
 * request that is under way. */
void p2p_request_abandon (P2pRequest * self);

G_END_DECLS
