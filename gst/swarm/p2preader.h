/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pbody.h"
#include "p2pclock.h"

G_BEGIN_DECLS

/**
 * P2pReader:
 *
 * Somebody who wants a segment's bytes as they come: from the first byte on
 * when it comes over HTTP, in one run when it is loaded and checked if it comes
 * from a peer or somebody looks at it (P2pCheck). No event comes from inside
 * p2p_loader_read().
 */
typedef struct _P2pReader P2pReader;

typedef struct
{
  /* Only if it comes over HTTP and is not all there yet. */
  void (*head) (P2pReader * reader, P2pHttpHead * head, gpointer user_data);
  void (*data) (P2pReader * reader, GBytes * bytes, P2pSource source,
      gpointer user_data);
  /* Last. The reader is still to be closed. head: of the response that failed,
   * or NULL. */
  void (*done) (P2pReader * reader, P2pSource source, P2pHttpHead * head,
      const GError * error, gpointer user_data);
} P2pReaderEvents;

/* Whether the segment was loaded, or on its way, before it was asked for. */
gboolean p2p_reader_was_ahead (P2pReader * self);

/* Only acts on a body too large to be kept: the origin then stands still. */
void p2p_reader_set_paused (P2pReader * self, gboolean paused);

/* No event comes after it. What it read stays in the queue. */
void p2p_reader_close (P2pReader * self);

/* The rest is for who feeds it. */
struct _P2pReader
{
  /*< private >*/
  P2pClock *clock;
  const P2pReaderEvents *events;
  gpointer user_data;
  gpointer item;                /* it waits for, or NULL */
  gboolean ahead, paused, closed;

  grefcount refs;
  void (*changed) (P2pReader * reader, gpointer user_data);
  gpointer changed_data;
  P2pBody *body;                /* that it reads, or NULL: not yet */
  guint position;               /* chunks of it told */
  gboolean head_told, done_told, ended;
  P2pSource source;
  P2pHttpHead *bad_head;
  GError *error;
  guint call;
};

/* changed: called when it was paused, resumed or closed.
 * Returns: (transfer full): goes with p2p_reader_close(). */
P2pReader *p2p_reader_new (P2pClock * clock, const P2pReaderEvents * events,
    gpointer user_data, void (*changed) (P2pReader *, gpointer),
    gpointer changed_data);
P2pReader *p2p_reader_ref (P2pReader * self);
void p2p_reader_unref (P2pReader * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pReader, p2p_reader_unref)

/* From here on it reads body; what is there is told soon. NULL: none. */
void p2p_reader_set_body (P2pReader * self, P2pBody * body);
/* Tells at once what of its body was not told yet. */
void p2p_reader_feed (P2pReader * self);
/* Nothing more is added to its body: done is told soon, after the rest. */
void p2p_reader_end (P2pReader * self, P2pSource source, P2pHttpHead * head,
    const GError * error);

G_END_DECLS
