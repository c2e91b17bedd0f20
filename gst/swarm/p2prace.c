/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2prace.h"

/* Comes over HTTP for a reader, all of it, and can be kept. */
static gboolean
p2p_race_is_run (P2pItem * item)
{
  return item->state == P2P_ITEM_HTTP && !item->streaming && !item->resumed
      && p2p_item_is_read (item);
}

guint
p2p_race_get_share (P2pLoader * loader, guint most, gint64 * wake)
{
  gint64 now = p2p_clock_get_time (p2p_loader_get_world (loader)->clock);
  GPtrArray *queue = p2p_loader_get_queue (loader);

  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);
    gint64 alone = item->started + P2P_RACE_ALONE;

    if (!item->sudden || !p2p_race_is_run (item))
      continue;
    if (now >= alone)
      return MIN (most, 1);
    *wake = MIN (*wake, alone);
    return 0;
  }
  return most;
}

/* How long the rest takes at the pace of what came in elapsed. */
static gint64
p2p_race_get_rest (guint64 size, gsize came, gint64 elapsed)
{
  if (came == 0)
    return P2P_NEVER;
  return (gint64) ((size - MIN (size, came)) * MAX (elapsed, 1) / came);
}

static void
p2p_race_look_at (P2pLoader * loader, P2pSwarm * swarm, P2pItem * item,
    gint64 * wake)
{
  const P2pSettings *settings = p2p_loader_get_settings (loader);
  gint64 now = p2p_clock_get_time (p2p_loader_get_world (loader)->clock);
  guint64 size = p2p_loader_get_expected (loader, item);
  gint64 rest = p2p_race_get_rest (size, item->body->size, now - item->started);
  gint64 due = item->also ? item->also + P2P_RACE_GRACE
      : item->started + P2P_RACE_START;
  const char *id = item->segment->id;

  if (now < due) {
    *wake = MIN (*wake, due);
  } else if (item->also == 0) {
    if (p2p_swarm_get_n_requests (swarm) < settings->simultaneous_p2p_downloads
        && p2p_swarm_request (swarm, id, item->segment->length, size, rest / 2,
            TRUE, NULL, 0, wake)) {
      item->also = now;
      *wake = MIN (*wake, now + P2P_RACE_GRACE);
    }
  } else if (p2p_swarm_is_asked (swarm, id)) {
    if (p2p_race_get_rest (size, p2p_swarm_get_received (swarm, id),
            now - item->also) < rest)
      *wake = MIN (*wake, now + P2P_RACE_GRACE);
    else
      p2p_loader_stop_also (loader, item);
  }
}

void
p2p_race_look (P2pLoader * loader, P2pSwarm * swarm, gint64 * wake)
{
  GPtrArray *queue = p2p_loader_get_queue (loader);

  for (guint i = 0; i < queue->len; i++) {
    P2pItem *item = g_ptr_array_index (queue, i);

    if (p2p_race_is_run (item))
      p2p_race_look_at (loader, swarm, item, wake);
  }
}

void
p2p_race_win (P2pLoader * loader, P2pSwarm * swarm, P2pItem * item,
    P2pBody * body)
{
  g_autofree char *from = g_strdup (body->from);

  item->also = 0;
  if (p2p_race_is_run (item) && p2p_loader_join (loader, item, body))
    return;
  p2p_loader_get_world (loader)->stats->wasted += body->size;
  /* What the server sent begins otherwise: it is not that segment. */
  if (p2p_race_is_run (item))
    p2p_swarm_ban (swarm, from);
}
