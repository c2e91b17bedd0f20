/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psettings.h"

#include <string.h>

void
p2p_settings_init (P2pSettings * self)
{
  memset (self, 0, sizeof *self);
  self->cache_segment_expiration = P2P_DEFAULT_CACHE_SEGMENT_EXPIRATION;
  self->max_cache_segments_count = P2P_DEFAULT_MAX_CACHE_SEGMENTS_COUNT;
  self->required_segments_count = P2P_DEFAULT_REQUIRED_SEGMENTS_COUNT;
  self->use_p2p = P2P_DEFAULT_USE_P2P;
  self->simultaneous_p2p_downloads = P2P_DEFAULT_SIMULTANEOUS_P2P_DOWNLOADS;
  self->last_segment_probability = P2P_DEFAULT_LAST_SEGMENT_PROBABILITY;
  self->last_segment_probability_interval =
      P2P_DEFAULT_LAST_SEGMENT_PROBABILITY_INTERVAL;
  self->buffer_segments_count = P2P_DEFAULT_BUFFER_SEGMENTS_COUNT;
  self->max_cache_bytes = P2P_DEFAULT_MAX_CACHE_BYTES;
  self->pace_eos = P2P_DEFAULT_PACE_EOS;
  self->max_peers = P2P_DEFAULT_MAX_PEERS;
  self->upload = P2P_DEFAULT_UPLOAD;
  self->max_upload_rate = P2P_DEFAULT_MAX_UPLOAD_RATE;
  self->http_election = P2P_DEFAULT_HTTP_ELECTION;
}
