/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "p2pidentity.h"
#include "p2pplaylist.h"

G_BEGIN_DECLS

/**
 * P2pStream:
 *
 * A media playlist that went by, and where its player is in it: finds the
 * segment that a request is for.
 */
typedef struct
{
  char *uri;                    /* canonical, of the playlist */
  P2pPlaylist *playlist;        /* its newest state */
  guint current;                /* segment that was asked for last */
  guint64 sequence;             /* that one's media sequence number */
  gboolean has_end;             /* from the first state on */
  gboolean started;             /* one was asked for */
  gboolean consumed;            /* … and handed on whole */
  guint64 run;                  /* sequence from which on one was asked for
                                 * after the other */
  gint64 time;                  /* of the first segment, in the stream as its
                                 * player counts; G_MININT64: unknown */
  P2pIdentity *identity;        /* that its owner made; NULL: none yet, or
                                 * the playlist came by other URLs since */
  GPtrArray *ids;               /* of the segments, by position; NULL: of one
                                 * that was in no queue yet */

  /*< private >*/
  GPtrArray *canonical;         /* URIs of the segments, by position; NULL: of one
                                 * that was not looked at yet */
  GHashTable *index;            /* P2pStreamKey -> position + 1 */
  gboolean indexed;             /* … of this playlist */
} P2pStream;

P2pStream *p2p_stream_new (P2pPlaylist * playlist);
void p2p_stream_free (P2pStream * self);

/* Segments that a server may be behind another one of the same stream. */
#define P2P_STREAM_MAX_BEHIND 3

/* Whether playlist, a newer state, is of a live stream that began anew: its media
 * sequence went back, further than from one server to another. */
gboolean p2p_stream_is_anew (P2pStream * self, const P2pPlaylist * playlist);

/* A newer state of the same playlist: current moves to the same media
 * sequence number, or to the nearest there is. */
void p2p_stream_update (P2pStream * self, P2pPlaylist * playlist);

/* uri: canonical. start, stop: of the range asked for; stop -1: to the end.
 * Returns: whether a segment is just that; position is set. */
gboolean p2p_stream_find (P2pStream * self, const char *uri, gint64 start,
    gint64 stop, guint * position);

/* It is live and began when another of the same stream had begun (an alternate):
 * its player counts on from that. */
void p2p_stream_align (P2pStream * self, P2pStream * other);
/* When the segment of a media sequence number is played, in the stream's time.
 * Returns: FALSE if that is not known. */
gboolean p2p_stream_get_time (P2pStream * self, guint64 sequence,
    gint64 * time);

/* position: has to be in the playlist. Returns: (transfer none) */
P2pMediaSegment *p2p_stream_get (P2pStream * self, guint position);

/* Notes that position was asked for. */
void p2p_stream_set_current (P2pStream * self, guint position);

G_END_DECLS
