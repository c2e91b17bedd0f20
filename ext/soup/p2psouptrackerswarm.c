/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psouptrackerswarm.h"

#include <string.h>

#include "p2pbackoff.h"
#include "p2perror.h"
#include "p2psncall.h"
#include "p2psnreply.h"
#include "p2psoupsignalling.h"
#include "p2puri.h"

/* Own ids to know again, of as many announces. */
#define MAX_OWN_IDS 256

/* What the tracker took of the statistics, or is told now. */
typedef struct
{
  gint64 source, p2p;           /* KB */
  gint64 conns;                 /* that are open */
  gint64 failed_conns;
} Told;

struct _P2pSoupTrackerSwarm
{
  P2pSoupTrackerWorld *world;
  char *swarm_id;
  char *info_hash;
  P2pNames *names;
  const P2pSignallerEvents *events;
  gpointer user_data;

  char *peer_id;                /* our own; NULL before the first announce */
  guint announces;              /* since a heartbeat was taken */
  gint64 report_interval, heartbeat_interval;
  P2pSnCall *announce, *get_peers, *stats, *heartbeat;
  P2pSnDialer *dialer;
  P2pSoupSignalling *signalling;
  P2pSignallerState state;
  guint n_peers;                /* that the tracker told of last */
  char *trouble;                /* the last one, or NULL */
  gboolean warned;              /* of garbage */
  Told told, telling;
  gint64 get_peers_pause;
  gint64 got_peers_at;
};

static void
p2p_soup_tracker_swarm_note (P2pSoupTrackerSwarm * self, const GError * error)
{
  g_free (self->trouble);
  self->trouble = g_strdup (error->message);
}

/* Not tried again. It may free self. */
static void
p2p_soup_tracker_swarm_fail (P2pSoupTrackerSwarm * self, const GError * error)
{
  self->state = P2P_SIGNALLER_FAILED;
  p2p_soup_tracker_swarm_note (self, error);
  self->events->error (self->world->signaller, self->world->announce, error,
      self->user_data);
}

/* It may free self. */
static void
p2p_soup_tracker_swarm_warn (P2pSoupTrackerSwarm * self, const GError * error)
{
  p2p_soup_tracker_swarm_note (self, error);
  self->events->warning (self->world->signaller, self->world->announce,
      error->message, self->user_data);
}

static char *
p2p_soup_tracker_swarm_make_uri (P2pSoupTrackerSwarm * self, const char *what)
{
  P2pSoupTrackerWorld *world = self->world;
  g_autofree char *id = NULL;

  if (!self->peer_id)
    return g_strdup_printf ("%s/%s?%sinfo_hash=%s%s", world->base, what,
        world->query, self->info_hash, world->client);
  id = g_uri_escape_string (self->peer_id, NULL, FALSE);
  return g_strdup_printf ("%s/%s?%sinfo_hash=%s&peer_id=%s", world->base, what,
      world->query, self->info_hash, id);
}

/* --- the dialer --- */

static void
p2p_soup_tracker_swarm_on_send (const P2pSnSignal * signal, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  if (self->signalling)
    p2p_soup_signalling_send (self->signalling, signal);
}

static P2pPeer *
p2p_soup_tracker_swarm_make_peer (const char *peer_id, P2pChannel * channel,
    gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  return self->world->make_peer (self->world->clock, channel, self->names,
      peer_id);
}

static void
p2p_soup_tracker_swarm_on_connected (P2pPeer * peer, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  self->events->peer (self->world->signaller, peer, self->peer_id,
      self->user_data);
}

/* All neighbours of a viewer who leaves notice it at the same moment. */
static void
p2p_soup_tracker_swarm_on_lost (gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;
  P2pSoupTrackerWorld *world = self->world;
  gint64 since = p2p_clock_get_time (world->clock) - self->got_peers_at;

  if (!self->peer_id)
    return;
  self->get_peers_pause = P2P_SN_GET_PEERS;
  p2p_sn_call_schedule (self->get_peers, MAX (P2P_SN_GET_PEERS - since, 0)
      + g_rand_double (world->rand) * P2P_SECOND);
}

static const P2pSnDialerEvents dialer_events = {
  p2p_soup_tracker_swarm_on_send,
  p2p_soup_tracker_swarm_make_peer,
  p2p_soup_tracker_swarm_on_connected,
  p2p_soup_tracker_swarm_on_lost,
};

static void
p2p_soup_tracker_swarm_learn (P2pSoupTrackerSwarm * self, GPtrArray * peers)
{
  self->n_peers = peers->len;
  for (guint i = 0; i < peers->len; i++) {
    const char *id = g_ptr_array_index (peers, i);

    if (!g_hash_table_contains (self->world->own_ids, id))
      p2p_sn_dialer_learn (self->dialer, id);
  }
}

/* --- the signalling --- */

/* The tracker does not know us, or not any more. */
static void
p2p_soup_tracker_swarm_drop_id (P2pSoupTrackerSwarm * self)
{
  g_clear_pointer (&self->peer_id, g_free);
  p2p_sn_call_cancel (self->get_peers);
  p2p_sn_call_cancel (self->stats);
  p2p_sn_call_cancel (self->heartbeat);
}

static void
p2p_soup_tracker_swarm_close_signalling (P2pSoupTrackerSwarm * self)
{
  p2p_sn_dialer_set_online (self->dialer, FALSE);
  g_clear_pointer (&self->signalling, p2p_soup_signalling_free);
}

static void
p2p_soup_tracker_swarm_on_opened (gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  self->state = P2P_SIGNALLER_CONNECTED;
  p2p_sn_dialer_set_online (self->dialer, TRUE);
}

static void
p2p_soup_tracker_swarm_on_rejected (P2pSoupTrackerSwarm * self,
    const char *reason)
{
  g_autoptr (GError) error = g_error_new (P2P_ERROR, P2P_ERROR_STATUS,
      "The tracker refuses this viewer (%s). Check tracker-announce.",
      reason ? reason : "no reason given");

  p2p_soup_tracker_swarm_drop_id (self);
  p2p_soup_tracker_swarm_close_signalling (self);
  p2p_soup_tracker_swarm_fail (self, error);
}

static void
p2p_soup_tracker_swarm_on_signal (const P2pSnSignal * signal,
    gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  if (signal->type == P2P_SN_SIGNAL_REJECT)
    p2p_soup_tracker_swarm_on_rejected (self, signal->text);
  else if (signal->peer_id
      && !g_hash_table_contains (self->world->own_ids, signal->peer_id))
    p2p_sn_dialer_receive (self->dialer, signal);
}

static void
p2p_soup_tracker_swarm_on_garbage (const GError * error, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  if (self->warned)
    return;
  self->warned = TRUE;
  p2p_soup_tracker_swarm_warn (self, error);
}

static void
p2p_soup_tracker_swarm_on_closed (const GError * error, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  p2p_sn_dialer_set_online (self->dialer, FALSE);
  if (self->state == P2P_SIGNALLER_CONNECTED)
    self->state = P2P_SIGNALLER_CONNECTING;
  p2p_soup_tracker_swarm_warn (self, error);
}

static const P2pSoupSignallingEvents signalling_events = {
  p2p_soup_tracker_swarm_on_opened,
  p2p_soup_tracker_swarm_on_signal,
  p2p_soup_tracker_swarm_on_garbage,
  p2p_soup_tracker_swarm_on_closed,
};

static void
p2p_soup_tracker_swarm_open_signalling (P2pSoupTrackerSwarm * self)
{
  P2pSoupTrackerWorld *world = self->world;
  g_autofree char *id = g_uri_escape_string (self->peer_id, NULL, FALSE);
  g_autofree char *uri = g_strdup_printf ("%s%cid=%s", world->signal_url,
      strchr (world->signal_url, '?') ? '&' : '?', id);

  p2p_soup_tracker_swarm_close_signalling (self);
  self->signalling = p2p_soup_signalling_new (world->clock, world->rand,
      world->pool, world->options, uri, self->peer_id, &signalling_events,
      self);
}

/* --- announce --- */

static void
p2p_soup_tracker_swarm_on_due_announce (P2pSnCall * call, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;
  g_autofree char *uri = NULL;

  if (self->world->error) {
    p2p_soup_tracker_swarm_fail (self, self->world->error);
    return;
  }
  self->state = P2P_SIGNALLER_ANNOUNCING;
  uri = p2p_soup_tracker_swarm_make_uri (self, "announce");
  p2p_sn_call_send (call, uri, NULL);
}

/* The tracker may have been restarted. Whoever is connected, or about to be,
 * stays so until we have another id. */
static void
p2p_soup_tracker_swarm_announce_again (P2pSoupTrackerSwarm * self)
{
  self->state = P2P_SIGNALLER_WAITING;
  p2p_soup_tracker_swarm_drop_id (self);
  p2p_sn_call_schedule (self->announce, p2p_backoff (self->world->rand,
          P2P_SN_CALL_RETRY, P2P_SN_CALL_RETRY_MAX, ++self->announces));
}

static void
p2p_soup_tracker_swarm_take_id (P2pSoupTrackerSwarm * self, const char *id)
{
  GHashTable *own_ids = self->world->own_ids;

  if (g_hash_table_size (own_ids) >= MAX_OWN_IDS)
    g_hash_table_remove_all (own_ids);
  g_hash_table_add (own_ids, g_strdup (id));
  self->peer_id = g_strdup (id);
  self->state = P2P_SIGNALLER_CONNECTING;
  p2p_sn_dialer_set_own_id (self->dialer, id);
  p2p_soup_tracker_swarm_open_signalling (self);
}

static void
p2p_soup_tracker_swarm_on_announced (P2pSnCall * call, GBytes * body,
    gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;
  P2pSoupTrackerWorld *world = self->world;
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pSnReply) reply = p2p_sn_reply_parse (body, &error);

  if (reply && !reply->peer_id)
    error = g_error_new_literal (P2P_ERROR, P2P_ERROR_MALFORMED,
        "The tracker gave no peer id. Check tracker-announce.");
  if (error) {
    p2p_soup_tracker_swarm_announce_again (self);
    p2p_soup_tracker_swarm_warn (self, error);
    return;
  }
  p2p_soup_tracker_swarm_take_id (self, reply->peer_id);
  p2p_soup_tracker_swarm_learn (self, reply->peers);
  self->report_interval = reply->report_interval;
  self->heartbeat_interval = reply->heartbeat_interval;
  self->get_peers_pause = P2P_SN_GET_PEERS;
  self->got_peers_at = p2p_clock_get_time (world->clock);
  p2p_sn_call_schedule (self->stats, self->report_interval);
  p2p_sn_call_schedule (self->heartbeat, self->heartbeat_interval);
  p2p_sn_call_schedule (self->get_peers, self->get_peers_pause);
  self->events->announced (world->signaller, world->announce, self->peer_id,
      reply->peers->len, self->user_data);
}

static void
p2p_soup_tracker_swarm_on_not_announced (P2pSnCall * call, guint status,
    const GError * error, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  self->state = P2P_SIGNALLER_WAITING;
  p2p_soup_tracker_swarm_warn (self, error);
}

static const P2pSnCallEvents announce_events = {
  p2p_soup_tracker_swarm_on_due_announce,
  p2p_soup_tracker_swarm_on_announced,
  p2p_soup_tracker_swarm_on_not_announced,
};

/* --- get_peers --- */

static void
p2p_soup_tracker_swarm_on_due_get_peers (P2pSnCall * call, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;
  g_autofree char *uri = NULL;

  if (!p2p_sn_dialer_is_short (self->dialer)) {
    p2p_sn_call_schedule (call, P2P_SN_GET_PEERS);
    return;
  }
  uri = p2p_soup_tracker_swarm_make_uri (self, "get_peers");
  self->got_peers_at = p2p_clock_get_time (self->world->clock);
  p2p_sn_call_send (call, uri, NULL);
}

static void
p2p_soup_tracker_swarm_get_peers_later (P2pSoupTrackerSwarm * self)
{
  self->get_peers_pause = MIN (self->get_peers_pause * P2P_SN_GET_PEERS_GROWTH,
      P2P_SN_GET_PEERS_MAX);
  p2p_sn_call_schedule (self->get_peers, self->get_peers_pause);
}

static void
p2p_soup_tracker_swarm_on_peers (P2pSnCall * call, GBytes * body,
    gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pSnReply) reply = p2p_sn_reply_parse (body, &error);

  p2p_soup_tracker_swarm_get_peers_later (self);
  if (reply)
    p2p_soup_tracker_swarm_learn (self, reply->peers);
  else
    p2p_soup_tracker_swarm_warn (self, error);
}

static void
p2p_soup_tracker_swarm_on_no_peers (P2pSnCall * call, guint status,
    const GError * error, gpointer user_data)
{
  p2p_soup_tracker_swarm_get_peers_later (user_data);
  p2p_soup_tracker_swarm_warn (user_data, error);
}

static const P2pSnCallEvents get_peers_events = {
  p2p_soup_tracker_swarm_on_due_get_peers,
  p2p_soup_tracker_swarm_on_peers,
  p2p_soup_tracker_swarm_on_no_peers,
};

/* --- stats --- */

/* Of all bytes so far, so that what is rounded away is not lost. */
static gint64
get_kilobytes (guint64 bytes)
{
  return (bytes + 512) / 1024;
}

static void
p2p_soup_tracker_swarm_on_due_stats (P2pSnCall * call, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;
  P2pSignallerCounts counts = { 0 };
  Told *now = &self->telling, *before = &self->told;
  g_autofree char *uri = p2p_soup_tracker_swarm_make_uri (self, "stats");
  g_autofree char *body = NULL;

  self->events->get_counts (self->world->signaller, &counts, self->user_data);
  now->source = get_kilobytes (counts.http_bytes);
  now->p2p = get_kilobytes (counts.p2p_bytes);
  now->conns = p2p_sn_dialer_get_n_open (self->dialer);
  now->failed_conns = p2p_sn_dialer_get_n_failed (self->dialer);
  body = p2p_sn_stats_write (now->source - before->source,
      now->p2p - before->p2p, now->conns - before->conns,
      now->failed_conns - before->failed_conns);
  p2p_sn_call_send (call, uri, body);
}

static void
p2p_soup_tracker_swarm_on_stats (P2pSnCall * call, GBytes * body,
    gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  self->told = self->telling;
  p2p_sn_call_schedule (call, self->report_interval);
}

static void
p2p_soup_tracker_swarm_on_no_stats (P2pSnCall * call, guint status,
    const GError * error, gpointer user_data)
{
  p2p_soup_tracker_swarm_warn (user_data, error);
}

static const P2pSnCallEvents stats_events = {
  p2p_soup_tracker_swarm_on_due_stats,
  p2p_soup_tracker_swarm_on_stats,
  p2p_soup_tracker_swarm_on_no_stats,
};

/* --- heartbeat --- */

static void
p2p_soup_tracker_swarm_on_due_heartbeat (P2pSnCall * call, gpointer user_data)
{
  g_autofree char *uri =
      p2p_soup_tracker_swarm_make_uri (user_data, "heartbeat");

  p2p_sn_call_send (call, uri, NULL);
}

static void
p2p_soup_tracker_swarm_on_heartbeat (P2pSnCall * call, GBytes * body,
    gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  self->announces = 0;
  p2p_sn_call_schedule (call, self->heartbeat_interval);
}

static gboolean
is_forgotten (guint status, const GError * error)
{
  return g_error_matches (error, P2P_ERROR, P2P_ERROR_CONNECT)
      || (status >= 400 && status < 500 && status != 408 && status != 429);
}

static void
p2p_soup_tracker_swarm_on_no_heartbeat (P2pSnCall * call, guint status,
    const GError * error, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = user_data;

  if (is_forgotten (status, error))
    p2p_soup_tracker_swarm_announce_again (self);
  p2p_soup_tracker_swarm_warn (self, error);
}

static const P2pSnCallEvents heartbeat_events = {
  p2p_soup_tracker_swarm_on_due_heartbeat,
  p2p_soup_tracker_swarm_on_heartbeat,
  p2p_soup_tracker_swarm_on_no_heartbeat,
};

/* --- life --- */

static P2pSnCall *
make_call (P2pSoupTrackerSwarm * self, const P2pSnCallEvents * events)
{
  P2pSoupTrackerWorld *world = self->world;

  return p2p_sn_call_new (world->clock, world->rand, world->fetcher,
      world->options, events, self);
}

/* As the browsers' clients make it, of the playlist's URL. What is no URL is a
 * name that somebody gave. */
static char *
make_info_hash (const char *swarm_id)
{
  gsize size = p2p_uri_is_http (swarm_id) ? strcspn (swarm_id, "?")
      : strlen (swarm_id);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA1, swarm_id, size);
}

P2pSoupTrackerSwarm *
p2p_soup_tracker_swarm_new (P2pSoupTrackerWorld * world, const char *swarm_id,
    P2pNames * names, const P2pSignallerEvents * events, gpointer user_data)
{
  P2pSoupTrackerSwarm *self = g_new0 (P2pSoupTrackerSwarm, 1);

  self->world = world;
  self->swarm_id = g_strdup (swarm_id);
  self->info_hash = make_info_hash (swarm_id);
  self->names = p2p_names_ref (names);
  self->events = events;
  self->user_data = user_data;
  self->announce = make_call (self, &announce_events);
  self->get_peers = make_call (self, &get_peers_events);
  self->stats = make_call (self, &stats_events);
  self->heartbeat = make_call (self, &heartbeat_events);
  self->dialer = p2p_sn_dialer_new (world->clock, world->rand,
      world->connector, 0, &dialer_events, self);
  p2p_sn_dialer_set_max_peers (self->dialer, world->max_peers);
  p2p_sn_call_schedule (self->announce, 0);
  return self;
}

void
p2p_soup_tracker_swarm_free (P2pSoupTrackerSwarm * self)
{
  g_clear_pointer (&self->signalling, p2p_soup_signalling_free);
  p2p_sn_dialer_free (self->dialer);
  p2p_sn_call_free (self->announce);
  p2p_sn_call_free (self->get_peers);
  p2p_sn_call_free (self->stats);
  p2p_sn_call_free (self->heartbeat);
  p2p_names_unref (self->names);
  g_free (self->swarm_id);
  g_free (self->info_hash);
  g_free (self->peer_id);
  g_free (self->trouble);
  g_free (self);
}

void
p2p_soup_tracker_swarm_set_max_peers (P2pSoupTrackerSwarm * self,
    guint max_peers)
{
  p2p_sn_dialer_set_max_peers (self->dialer, max_peers);
}

void
p2p_soup_tracker_swarm_get_stats (P2pSoupTrackerSwarm * self,
    P2pSignallerStats * stats)
{
  stats->tracker = self->world->announce;
  stats->swarm_id = self->swarm_id;
  stats->state = self->state;
  stats->peer_id = self->peer_id;
  stats->n_peers = self->n_peers;
  stats->trouble = self->trouble;
}

gboolean
p2p_soup_tracker_swarm_is (P2pSoupTrackerSwarm * self, const char *swarm_id,
    gpointer user_data)
{
  return self->user_data == user_data && g_str_equal (self->swarm_id, swarm_id);
}
