/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pbandwidth.h"
#include "p2pcache.h"
#include "p2pfetcher.h"
#include "p2pitem.h"
#include "p2ppeer.h"
#include "p2pqueue.h"
#include "p2proom.h"
#include "p2psettings.h"
#include "p2pstats.h"
#include "p2pteller.h"

G_BEGIN_DECLS

/**
 * P2pLoader:
 *
 * Seed 000's LoaderInterface: a queue of segments, loaded by the rules of the
 * class. P2pHttpLoader fetches all of them over HTTP, P2pHybridLoader those of
 * high priority over HTTP and the others from peers. A segment is on its way
 * from one place at a time, but for a P2pRace. What a reader is attached to is
 * never aborted. What the owner finds bad (validate) comes another way if a peer
 * sent it, and the peer is gone for good; from HTTP it is tried again, and is an
 * error in the end.
 */
#define P2P_TYPE_LOADER (p2p_loader_get_type ())
G_DECLARE_DERIVABLE_TYPE (P2pLoader, p2p_loader, P2P, LOADER, GObject)

/* Seed 000's LoaderEvents. None comes from inside a call of the loader. */
typedef struct
{
  /* Without data if it was too large to be kept. */
  void (*segment_loaded) (P2pLoader * loader, P2pSegment * segment,
      gpointer user_data);
  /* Over HTTP; trouble of peers only means that it comes another way. */
  void (*segment_error) (P2pLoader * loader, P2pSegment * segment,
      const GError * error, gpointer user_data);
  void (*segment_abort) (P2pLoader * loader, P2pSegment * segment,
      gpointer user_data);
  void (*peer_connect) (P2pLoader * loader, P2pPeer * peer,
      gpointer user_data);
  void (*peer_close) (P2pLoader * loader, const char *id, gpointer user_data);
  /* source: HTTP or P2P */
  void (*piece_bytes_loaded) (P2pLoader * loader, P2pSource source,
      gsize size, gpointer user_data);
  /* The swarm that load() named is another one: find peers for it. swarm_id
   * NULL: for none. */
  void (*swarm_changed) (P2pLoader * loader, const char *swarm_id,
      gpointer user_data);
  /* Bytes went to a peer. */
  void (*uploaded) (P2pLoader * loader, gsize size, gpointer user_data);
  /* Asks whether a segment that came is good; to be answered later. Returns:
   * FALSE: nobody looks at it, it is taken as it is. check NULL: only asks
   * whether somebody would. Comes from inside calls too. NULL: nobody ever
   * does. */
  gboolean (*validate) (P2pLoader * loader, P2pCheck * check,
      gpointer user_data);
} P2pLoaderEvents;

/* What all loaders of a session share. Borrowed pointers: they outlive it. */
typedef struct
{
  P2pClock *clock;
  GRand *rand;
  P2pFetcher *fetcher;
  P2pCache *cache;
  P2pBandwidth *bandwidth;
  P2pStats *stats;              /* gets what no event tells: wasted, retries,
                                 * bad_messages and rejected_segments */
} P2pLoaderWorld;

/* type: P2P_TYPE_HYBRID_LOADER or, as without use_p2p, P2P_TYPE_HTTP_LOADER.
 * Returns: (transfer full) */
P2pLoader *p2p_loader_new (GType type, const P2pLoaderWorld * world,
    const P2pSettings * settings, P2pHttpOptions * options,
    const P2pLoaderEvents * events, gpointer user_data);

/* Acts at once, but for use_p2p: a change of that needs a new loader. What is on
 * its way goes on. The limits of the cache are for its owner to set. */
void p2p_loader_set_settings (P2pLoader * self, const P2pSettings * settings);
/* The id that the viewer is known by to peers that are added from now on: with it,
 * it takes part in the election of who fetches over HTTP. NULL (the default): it
 * does not, and acts as seed 000 says. */
void p2p_loader_set_own_id (P2pLoader * self, const char *id);
/* The segment read last is to be played at when (P2pClock): what comes from
 * peers may take until then. Without it, it is thought that each is played when
 * it is asked for or, if that is later, right after the one before. */
void p2p_loader_set_position (P2pLoader * self, gint64 when);
/* For requests made from now on. */
void p2p_loader_set_options (P2pLoader * self, P2pHttpOptions * options);

/* Makes a new queue: segments (element-type P2pSegment) in the order of their
 * priorities. What was in the queue before and is neither in the new one, nor
 * loaded, nor being read is aborted, with its event. swarm_id: gathers peers;
 * NULL: none. emit_now_url: this segment's segment_loaded is told at once if
 * it is in the cache; NULL: none. */
void p2p_loader_load (P2pLoader * self, GPtrArray * segments,
    const char *swarm_id, const char *emit_now_url);

/* The hybrid loader takes a reference and sets the peer's events; the HTTP
 * loader, and one that has been destroyed, closes it. */
void p2p_loader_add_peer (P2pLoader * self, P2pPeer * peer);

/* All connections aborted, peers closed, queue empty, readers told
 * P2P_ERROR_DESTROYED, what it had cached dropped. No event comes after it. */
void p2p_loader_destroy (P2pLoader * self);

/* Number of peers connected now. */
guint p2p_loader_get_n_peers (P2pLoader * self);
/* Whether id is in the queue (loaded or not). */
gboolean p2p_loader_contains (P2pLoader * self, const char *id);

/* id: of a segment of the queue. A segment that failed before is tried again.
 * Returns: (nullable): to be closed; NULL if it is not in the queue. */
P2pReader *p2p_loader_read (P2pLoader * self, const char *id,
    const P2pReaderEvents * events, gpointer user_data);

/* The rest is for the classes of loaders. None of the functions of a class may
 * tell anybody anything but through the loader. */
struct _P2pLoaderClass
{
  GObjectClass parent_class;

  /* Looks what there is to do now, and begins it. */
  void (*pump) (P2pLoader * self);

  /* The others need not be there. The loader was made: */
  void (*set_up) (P2pLoader * self);
  void (*tear_down) (P2pLoader * self);
  void (*add_peer) (P2pLoader * self, P2pPeer * peer);
  guint (*get_n_peers) (P2pLoader * self);
  /* load() named another swarm. */
  void (*set_swarm) (P2pLoader * self, const char *swarm_id);
  /* What is loaded, or being loaded over HTTP, has changed. */
  void (*holdings_changed) (P2pLoader * self);
  /* What is on its way from a peer is to be stopped; it keeps what came. */
  void (*stop_p2p) (P2pLoader * self, P2pItem * item);
  /* Whether an item that is required need not be fetched over HTTP yet. Not
   * there: none may wait. */
  gboolean (*may_wait) (P2pLoader * self, P2pItem * item);
  /* What came of an item from a peer is good, or not. */
  void (*judged) (P2pLoader * self, P2pItem * item, const char *peer_id,
      gboolean good);
  /* An item left the queue for good. */
  void (*forget) (P2pLoader * self, P2pItem * item);
};

const P2pLoaderWorld *p2p_loader_get_world (P2pLoader * self);
const P2pSettings *p2p_loader_get_settings (P2pLoader * self);
/* (element-type P2pItem) */
GPtrArray *p2p_loader_get_queue (P2pLoader * self);
P2pItem *p2p_loader_lookup (P2pLoader * self, const char *id);
const char *p2p_loader_get_own_id (P2pLoader * self);
/* Whether somebody wants to look at segments before others. */
gboolean p2p_loader_is_looked_at (P2pLoader * self, P2pItem * item);
/* How large it will be, as far as can be known; 0: nothing is. */
guint64 p2p_loader_get_expected (P2pLoader * self, P2pItem * item);
/* Time that HTTP is thought to need for so many bytes; P2P_NEVER if it was not
 * measured yet. */
gint64 p2p_loader_estimate_http (P2pLoader * self, guint64 bytes);

/* Its place in the queue, counted on from the priority of the first. */
guint64 p2p_loader_get_priority (P2pLoader * self, P2pItem * item);
/* Segments of the queue that are there, on their way or, of a priority below
 * required, soon will be. */
guint p2p_loader_count_ahead (P2pLoader * self, guint64 required);
gboolean p2p_loader_is_http_busy (P2pLoader * self);
void p2p_loader_get_room (P2pLoader * self, P2pRoom * room);
/* Whether room can take the item. */
gboolean p2p_loader_fits (P2pLoader * self, P2pItem * item,
    const P2pRoom * room);

/* Starts over HTTP what a reader waits for or, if nothing is, the first pending
 * one of a priority below required. One at a time: a read one, and that of
 * priority 0, takes the place of one that nobody reads. What may wait does. */
void p2p_loader_fetch_urgent (P2pLoader * self, guint64 required);
void p2p_loader_fetch (P2pLoader * self, P2pItem * item);
/* Stops an item wherever it comes from; it is pending again. */
void p2p_loader_stop (P2pLoader * self, P2pItem * item);
/* A peer sent all of what comes over HTTP too: see p2p_item_join(). */
gboolean p2p_loader_join (P2pLoader * self, P2pItem * item, P2pBody * body);
/* Stops what comes from a peer of what comes over HTTP too. */
void p2p_loader_stop_also (P2pLoader * self, P2pItem * item);
/* Stops all that is on its way from peers. */
void p2p_loader_stop_p2p (P2pLoader * self);

/* Has it told: by the clock, or as p2p_teller_tell_size() does. */
void p2p_loader_tell (P2pLoader * self, const P2pNews * news);
void p2p_loader_tell_size (P2pLoader * self, const P2pNews * news);

G_END_DECLS
