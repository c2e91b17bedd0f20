/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2prare.h"

/* Whether the only one left, the last of the queue, has its chance now. All
 * viewers of a live stream come to this point at once: few may go on. */
static gboolean
p2p_rare_roll (P2pLoader * loader, gint64 * last_check, gint64 * wake)
{
  const P2pLoaderWorld *world = p2p_loader_get_world (loader);
  const P2pSettings *settings = p2p_loader_get_settings (loader);
  gint64 interval =
      MAX (settings->last_segment_probability_interval, 1) * P2P_MSEC;
  gint64 now = p2p_clock_get_time (world->clock);

  if (settings->last_segment_probability <= 0)
    return FALSE;
  if (now - *last_check >= interval) {
    *last_check = now;
    if (g_rand_double (world->rand) < settings->last_segment_probability)
      return TRUE;
  }
  *wake = MIN (*wake, *last_check + interval);
  return FALSE;
}

/* Of the segments that are still to come those that no peer has, or will have
 * soon. Returns: (transfer container) */
static GPtrArray *
p2p_rare_find (P2pLoader * loader, P2pSwarm * swarm, gboolean * only_last)
{
  GPtrArray *queue = p2p_loader_get_queue (loader);
  GPtrArray *rare = g_ptr_array_new ();
  guint max = p2p_loader_get_settings (loader)->buffer_segments_count;
  guint pending = 0;
  P2pRoom room;

  *only_last = FALSE;
  p2p_loader_get_room (loader, &room);
  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (item->state != P2P_ITEM_PENDING)
      continue;
    *only_last = pending == 0 && i == queue->len - 1;
    if (++pending <= max && p2p_loader_fits (loader, item, &room)
        && p2p_swarm_has (swarm, item->segment->id) == P2P_PEER_HAS_NOT)
      g_ptr_array_add (rare, item);
  }
  return rare;
}

/* With nothing else to do over HTTP, a later segment: with peers any of them,
 * so that each viewer brings another one to the swarm. */
void
p2p_rare_pump (P2pLoader * loader, P2pSwarm * swarm, gint64 * last_check,
    gint64 * wake)
{
  const P2pLoaderWorld *world = p2p_loader_get_world (loader);
  const P2pSettings *settings = p2p_loader_get_settings (loader);
  guint max = settings->simultaneous_p2p_downloads;
  g_autoptr (GPtrArray) rare = NULL;
  gboolean only_last;
  guint chosen = 0;

  if (p2p_loader_is_http_busy (loader)
      || p2p_swarm_get_n_requests (swarm) >= MAX (max, 1)
      || p2p_loader_count_ahead (loader, settings->required_segments_count)
      >= settings->buffer_segments_count)
    return;
  rare = p2p_rare_find (loader, swarm, &only_last);
  if (rare->len == 0 || (only_last
          && !p2p_rare_roll (loader, last_check, wake)))
    return;
  if (rare->len > 1 && p2p_swarm_get_n_peers (swarm) > 0)
    chosen = g_rand_int_range (world->rand, 0, rare->len);
  p2p_loader_fetch (loader, g_ptr_array_index (rare, chosen));
}
