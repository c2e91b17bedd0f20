/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a session did since it began. Bytes are those of bodies. The names are
 * API: they are the fields of the elements' property "stats", with - for _. */
typedef struct
{
  guint64 http_fetched;         /* bytes that came over HTTP, all requests */
  guint64 host_fetched;         /* of these, from the engine of this host */
  guint64 p2p_fetched;          /* bytes that came from peers */
  guint64 p2p_uploaded;         /* bytes that went to peers */
  guint64 wasted;               /* fetched and thrown away: aborted, failed,
                                 * doubly */
  guint cache_segments;         /* handed on whole: were there when asked for */
  guint http_segments;          /* … came over HTTP */
  guint p2p_segments;           /* … came from a peer */
  guint segments_loaded;
  guint segments_failed;
  guint segments_aborted;
  guint cached_segments;        /* now */
  guint64 cached_bytes;         /* now */
  guint queued_segments;        /* now, of all streams */
  guint peers;                  /* now */
  guint streams;                /* playing now */
  guint64 buffered;             /* ms that what is loaded and was not handed on
                                 * yet will play; of the stream that has least */
  guint retries;                /* requests made again */
  guint playlists;              /* that went by */
  guint odd_lines;              /* of them, that made no sense */
  guint bad_messages;           /* of peers, dropped */
  guint rejected_segments;      /* that came and the application found bad */
  gint64 deadline;              /* microseconds from now: when the segment of
                                 * the main stream that was asked for last is to
                                 * be played, as the player said; below 0: it
                                 * is late; 0: unknown */
  guint64 bandwidth;            /* bits a second, measured; 0: not yet */
} P2pStats;

G_END_DECLS
