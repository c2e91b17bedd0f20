/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackercore.h"

P2pTrackerCore *
p2p_tracker_core_new (P2pTrackerConfig * config,
    const P2pTrackerHubFuncs * hub_funcs,
    const P2pTrackerIdleFuncs * idle_funcs)
{
  P2pTrackerCore *self = g_new0 (P2pTrackerCore, 1);
  const P2pTrackerBookConfig book = {
    .heartbeat_interval = config->heartbeat_interval,
    .max_swarms = config->max_swarms,
    .max_peers = config->max_peers,
    .max_ids = config->max_ids,
    .max_listed = config->max_listed,
  };
  const P2pTrackerWebtorrentConfig webtorrent = {
    .book.interval = config->announce_interval,
    .book.max_swarms = config->max_swarms,
    .book.max_peers = config->max_peers,
    .book.max_ids = config->max_ids,
    .allowed_info_hashes = (const char *const *) config->allowed_info_hashes,
  };

  g_rec_mutex_init (&self->lock);
  self->config = config;
  self->clock = p2p_clock_new (g_get_monotonic_time ());
  self->rand = g_rand_new ();
  self->book = p2p_tracker_book_new (self->clock, self->rand, &book);
  self->api.book = self->book;
  self->api.report_interval = config->report_interval;
  self->api.heartbeat_interval = config->heartbeat_interval;
  self->hub = p2p_tracker_hub_new (self->book, hub_funcs, config->max_message);
  self->webtorrent = p2p_tracker_webtorrent_new (self->clock, self->rand,
      &webtorrent, hub_funcs->send);
  self->gate = p2p_tracker_gate_new (self->clock,
      config->max_connections_per_address, config->max_requests_per_second);
  p2p_tracker_idle_init (&self->idle, self->clock, config->idle_timeout,
      idle_funcs);
  self->scratch = g_byte_array_new ();
  self->status = g_string_new (NULL);
  self->started = p2p_clock_get_time (self->clock);
  return self;
}

void
p2p_tracker_core_free (P2pTrackerCore * self)
{
  g_string_free (self->status, TRUE);
  g_byte_array_unref (self->scratch);
  p2p_tracker_idle_clear (&self->idle);
  p2p_tracker_gate_free (self->gate);
  p2p_tracker_webtorrent_free (self->webtorrent);
  p2p_tracker_hub_free (self->hub);
  p2p_tracker_book_free (self->book);
  g_rand_free (self->rand);
  g_object_unref (self->clock);
  p2p_tracker_config_free (self->config);
  g_rec_mutex_clear (&self->lock);
  g_free (self);
}

void
p2p_tracker_core_enter (P2pTrackerCore * self)
{
  g_rec_mutex_lock (&self->lock);
  p2p_clock_set_time (self->clock, g_get_monotonic_time ());
}

void
p2p_tracker_core_leave (P2pTrackerCore * self)
{
  g_rec_mutex_unlock (&self->lock);
}
