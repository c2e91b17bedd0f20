/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2phttp.h"

G_BEGIN_DECLS

typedef enum
{
  P2P_SOURCE_CACHE,             /* was there when it was asked for */
  P2P_SOURCE_HTTP,
  P2P_SOURCE_P2P,
} P2pSource;
#define P2P_N_SOURCES 3

/**
 * P2pReader:
 *
 * Somebody who wants a segment's bytes as they come: from the first byte on
 * when it comes over HTTP, in one run when it is loaded and checked if it comes
 * from a peer. No event comes from inside p2p_loader_read().
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

G_END_DECLS
