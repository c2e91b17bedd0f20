/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pjsonslice.h"

G_BEGIN_DECLS

/* Bytes of a message, in and out: what trackers take, but for those that take
 * more. */
#define P2P_WT_MAX_SIZE (64 * 1024)
/* Offers of one announce; what is beyond is left out. Browsers send 5, old ones
 * 10. */
#define P2P_WT_MAX_OFFERS 32
/* Bytes of an info hash, a peer id and an offer id: any bytes. In JSON each is a
 * code point, U+0000 to U+00FF. */
#define P2P_WT_ID_SIZE 20

typedef struct
{
  guint8 bytes[P2P_WT_ID_SIZE];
} P2pWtId;

typedef enum
{
  P2P_WT_ACTION_NONE,           /* not there: only failures of some trackers */
  P2P_WT_ACTION_ANNOUNCE,
  P2P_WT_ACTION_SCRAPE,
  P2P_WT_ACTION_UNKNOWN,        /* or no string */
} P2pWtAction;

typedef enum
{
  P2P_WT_EVENT_NONE,            /* not there, or what means the same */
  P2P_WT_EVENT_STARTED,
  P2P_WT_EVENT_STOPPED,
  P2P_WT_EVENT_COMPLETED,
  P2P_WT_EVENT_PAUSED,
  P2P_WT_EVENT_UNKNOWN,         /* or no string */
} P2pWtEvent;

/* An item of `offers`; either may be missing. */
typedef struct
{
  P2pJsonSlice offer;
  P2pJsonSlice offer_id;
} P2pWtOffer;

/**
 * P2pWtMessage:
 *
 * A message of a WebTorrent WebSocket tracker, in either direction. What there is
 * in it says what it is: an announce has a peer_id, with an answer and a
 * to_peer_id it is for one viewer only; the tracker's reply to an announce has
 * an interval, an offer or answer that it relays has the peer_id of who it is
 * from. Slices are values as they stand in JSON, so that they can be passed on
 * as they are, and of whatever type strangers sent; those of a message that was
 * read point into its text. What is null is not there, but in items of `offers`.
 */
typedef struct
{
  P2pWtAction action;
  P2pWtEvent event;

  P2pJsonSlice info_hash;       /* of a scrape also an array of them */
  P2pJsonSlice peer_id;
  P2pJsonSlice to_peer_id;
  P2pJsonSlice offer_id;
  P2pJsonSlice offer;           /* {"type":"offer","sdp":…} */
  P2pJsonSlice answer;
  P2pJsonSlice tracker_id;      /* the tracker's "tracker id" … */
  P2pJsonSlice trackerid;       /* … and as viewers send it back */
  P2pJsonSlice failure;         /* "failure reason" */
  P2pJsonSlice warning;         /* "warning message" */
  P2pJsonSlice files;           /* of the reply to a scrape */

  /* -1: not there, or no such number */
  gint64 numwant;
  gint64 uploaded, downloaded, left;    /* bytes; all of a viewer */
  gint64 complete, incomplete;  /* viewers of the swarm that have all, and not */
  gint64 interval, min_interval;        /* seconds */

  gboolean has_offers;          /* there is an array of that name */
  guint n_offers;
  P2pWtOffer offers[P2P_WT_MAX_OFFERS];
} P2pWtMessage;

/* Without anything in it. */
void p2p_wt_message_init (P2pWtMessage * self);
/* text: has to stay as long as self is used. Returns: FALSE if it is longer than
 * P2P_WT_MAX_SIZE or p2p_json_scan() does not take it. */
gboolean p2p_wt_message_read (P2pWtMessage * self, const char *text,
    gsize size);
/* Adds its JSON, without any space between. */
void p2p_wt_message_write (const P2pWtMessage * self, GString * out);

/* Returns: whether it is an id */
gboolean p2p_wt_id_read (P2pWtId * self, const P2pJsonSlice * slice);
/* GHashFunc and GEqualFunc */
guint p2p_wt_id_hash (gconstpointer self);
gboolean p2p_wt_id_equal (gconstpointer self, gconstpointer other);
/* Returns: (transfer full): as #P2pPeer wants it, unique: ASCII, with "%XX" for
 * bytes that are not printable, and for "%" */
char *p2p_wt_id_to_text (const P2pWtId * self);
/* Adds it as JSON. */
void p2p_wt_id_write (const P2pWtId * self, GString * out);

/* Returns: (transfer full) (nullable): the sdp of an offer or answer */
char *p2p_wt_dup_sdp (const P2pJsonSlice * description);
/* Adds such a description as JSON. type: "offer" or "answer" */
void p2p_wt_write_sdp (GString * out, const char *type, const char *sdp);

G_END_DECLS
