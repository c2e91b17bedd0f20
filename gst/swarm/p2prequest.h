/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pdownload.h"
#include "p2psession.h"
#include "p2pslot.h"

G_BEGIN_DECLS

/* A request's inside, for its session: what p2psession.h shows of it is for
 * everybody else. */

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
  P2pHttpHead *head;            /* of the download */

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
