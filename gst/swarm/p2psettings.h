/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The settings of seed 000's loaders, with its names, units and defaults, and
 * what stands beside them. A plain value: copied, never shared. */
typedef struct
{
  guint cache_segment_expiration;       /* ms since the last access */
  guint max_cache_segments_count;       /* of each stream */
  guint required_segments_count;        /* from the one that is asked for on:
                                         * as quickly as possible, over HTTP */
  gboolean use_p2p;             /* FALSE: all comes over HTTP */
  guint simultaneous_p2p_downloads;     /* of each stream */
  double last_segment_probability;      /* 0 to 1 */
  guint last_segment_probability_interval;      /* ms */
  guint buffer_segments_count;  /* of each stream, loaded ahead */
  guint64 max_cache_bytes;      /* of the whole cache */
  gboolean pace_eos;            /* the end of what was there already is held
                                 * back: see p2p_bandwidth_pace() */
  guint max_peers;              /* of each stream */
  gboolean upload;              /* whether peers get segments from here */
  guint64 max_upload_rate;      /* bytes a second to all peers of a stream, on
                                 * the mean of some seconds; 0: no limit */
  gboolean http_election;       /* beyond the seed: of viewers who are connected
                                 * one is elected for each segment, and fetches
                                 * it over HTTP for all; FALSE: chance decides
                                 * (last_segment_probability) */
} P2pSettings;

#define P2P_DEFAULT_CACHE_SEGMENT_EXPIRATION 300000
#define P2P_DEFAULT_MAX_CACHE_SEGMENTS_COUNT 20
#define P2P_DEFAULT_REQUIRED_SEGMENTS_COUNT 2
#define P2P_DEFAULT_USE_P2P TRUE
#define P2P_DEFAULT_SIMULTANEOUS_P2P_DOWNLOADS 3
#define P2P_DEFAULT_LAST_SEGMENT_PROBABILITY 0.05
#define P2P_DEFAULT_LAST_SEGMENT_PROBABILITY_INTERVAL 1000
#define P2P_DEFAULT_BUFFER_SEGMENTS_COUNT 20
#define P2P_DEFAULT_MAX_CACHE_BYTES (256 * 1024 * 1024)
#define P2P_DEFAULT_PACE_EOS TRUE
#define P2P_DEFAULT_MAX_PEERS 50
#define P2P_DEFAULT_UPLOAD TRUE
#define P2P_DEFAULT_MAX_UPLOAD_RATE 0
#define P2P_DEFAULT_HTTP_ELECTION TRUE

void p2p_settings_init (P2pSettings * self);

G_END_DECLS
