/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pcheck.h"
#include "p2pdownload.h"
#include "p2preader.h"
#include "p2psegment.h"

G_BEGIN_DECLS

typedef enum
{
  P2P_ITEM_PENDING,
  P2P_ITEM_HTTP,                /* on its way */
  P2P_ITEM_P2P,
  P2P_ITEM_CHECK,               /* all there, and looked at */
  P2P_ITEM_LOADED,              /* came; the cache may have dropped it since */
  P2P_ITEM_FAILED,
} P2pItemState;

/**
 * P2pItem:
 *
 * A segment in a loader's queue: how far it is, and who waits for it. It
 * fetches itself over HTTP when it is told to; what comes from a peer is given
 * to it.
 */
typedef struct _P2pItem P2pItem;

typedef struct
{
  /* Bytes came over HTTP. */
  void (*piece) (P2pItem * item, gsize size, gpointer user_data);
  /* Whether a body of size bytes could be kept. */
  gboolean (*fits) (P2pItem * item, gsize size, gpointer user_data);
  /* It cannot, and nobody reads it: to be stopped. */
  void (*overflow) (P2pItem * item, gpointer user_data);
  /* The rest of what a peer began cannot be had: to be fetched anew. */
  void (*anew) (P2pItem * item, gpointer user_data);
  /* Asks whether what came is good: it answers later. Returns: FALSE: nobody
   * looks at it, it is taken as it is. check NULL: only whether somebody
   * would. */
  gboolean (*validate) (P2pItem * item, P2pCheck * check, gpointer user_data);
  /* What came from peer_id (NULL: over HTTP) is good: told before it is done. Or
   * it is not: the item is pending again, or that it failed is told next. */
  void (*judged) (P2pItem * item, const char *peer_id, gboolean good,
      gpointer user_data);
  /* It ended, over HTTP or by p2p_item_take(). loaded: the segment, with its
   * data unless it was too large to be kept; NULL with error. source: all of it
   * came over HTTP, or some of it from a peer. elapsed: since it began, 0 if
   * that says nothing about the network. wasted: bytes that came before the
   * error. */
  void (*done) (P2pItem * item, P2pSegment * loaded, P2pSource source,
      gint64 elapsed, gsize wasted, const GError * error, gpointer user_data);
} P2pItemEvents;

#define P2P_ITEM_STRAY G_MAXUINT

/* What came over HTTP and was found bad so often in a row is an error. */
#define P2P_ITEM_MAX_REJECTED 3

struct _P2pItem
{
  /*< read-only for the loader, but for those marked >*/
  P2pSegment *segment;          /* never with data (set by the loader) */
  P2pItemState state;           /* (set by the loader) */
  guint index;                  /* in the queue; P2P_ITEM_STRAY: left it, and is
                                 * still read (set by the loader) */
  gint64 started;               /* when it was set on its way (dito) */
  gint64 also;                  /* over HTTP: when a peer was asked for it as
                                 * well (dito); 0: none was */
  gsize at_least;               /* its size when it was found to be too much to
                                 * be kept (also set by the loader); 0: it was
                                 * not */
  guint retries;                /* of its downloads (taken by the loader) */
  gsize wasted;                 /* bytes of peers that came in vain (dito) */
  gboolean sudden;              /* the reader came from elsewhere: now it waits */
  gint64 late;                  /* since when another is given time for it; 0: none */
  gint64 deadline;              /* when it has to be there; P2P_NEVER: unknown
                                 * (set by the loader) */
  gboolean streaming;           /* not kept: flows through */
  guint rank, ranked_for;       /* (of the class of the loader) */
  gint64 known;                 /* since when it is pending (dito); 0: it is not */
  P2pBody *body;                /* while on its way over HTTP */
  P2pBody *kept;                /* the first bytes of it, which came before … */
  gsize kept_of;                /* … of so many in all; or NULL */
  gboolean resumed;             /* these are in body */
  gboolean guarded;             /* somebody wants to look at it before others */
  P2pBody *checked;             /* of P2P_ITEM_CHECK */
  GPtrArray *readers;           /* of P2pReader: that wait for it */

  /*< private >*/
  grefcount refs;
  const P2pItemEvents *events;
  gpointer user_data;
  P2pDownload *download;
  P2pHttpHead *bad_head;
  P2pCheck *check;
  gint64 elapsed;               /* that it took to come; 0: says nothing */
  gint64 answered;              /* … that it took until HTTP answered */
  guint n_rejected;
};

P2pItem *p2p_item_new (P2pSegment * segment, const P2pItemEvents * events,
    gpointer user_data);
P2pItem *p2p_item_ref (P2pItem * self);
void p2p_item_unref (P2pItem * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pItem, p2p_item_unref)

/* A reader waits for it, or reads it. */
gboolean p2p_item_is_read (P2pItem * self);
/* It comes, or is there and looked at. */
gboolean p2p_item_is_coming (P2pItem * self);
/* How large it will be, as far as can be known; guess: if nothing is. */
guint64 p2p_item_get_expected (P2pItem * self, guint64 guess);

/* reader: kept (a reference). now: microseconds. */
void p2p_item_add_reader (P2pItem * self, P2pReader * reader, gint64 now);
/* A reader of it was paused, resumed or closed. Returns: FALSE if it now streams
 * for nobody: to be stopped. */
gboolean p2p_item_reader_changed (P2pItem * self, P2pReader * reader);
/* All readers of it are told. */
void p2p_item_end_readers (P2pItem * self, P2pSource source,
    const GError * error);

/* The first bytes of it came, of of in all; body: (transfer full)
 * (nullable). Those that are more than what was kept before stay. */
void p2p_item_keep (P2pItem * self, P2pBody * body, gsize of);
/* What was kept is of no use. */
void p2p_item_drop_kept (P2pItem * self);

/* Starts it over HTTP, with what is missing if something was kept. */
void p2p_item_fetch (P2pItem * self, P2pClock * clock, GRand * rand,
    P2pFetcher * fetcher, P2pHttpOptions * options);
/* Forgets its HTTP, or what is looked at. Returns: the bytes that came in
 * vain */
gsize p2p_item_stop (P2pItem * self);
/* It comes over HTTP, which is not held up by readers, and a peer has sent all of
 * it: HTTP ends. Returns: FALSE: what came over HTTP begins otherwise, and goes
 * on */
gboolean p2p_item_join (P2pItem * self, P2pBody * body);
/* Forgets its HTTP, or what is looked at, and keeps what came if it is known of how
 * much. Returns: the bytes that came in vain */
gsize p2p_item_break (P2pItem * self);
/* All of it came, from a peer. elapsed: as in done */
void p2p_item_take (P2pItem * self, P2pBody * body, gint64 elapsed);

G_END_DECLS
