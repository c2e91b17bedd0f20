/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2psoupwebtorrent.h"

#include "p2perror.h"
#include "p2psoupsocket.h"

struct _P2pSoupWebtorrentSwarm
{
  P2pSoupWebtorrent *client;    /* NULL: it has left */
  P2pWtDialer *dialer;
  P2pWtAnnounce *announce;
  const P2pSoupWebtorrentEvents *events;
  gpointer user_data;

  char *peer_id;
  char *trouble;                /* the last one, or NULL */
  guint timer;                  /* to tell the error */
};

struct _P2pSoupWebtorrent
{
  P2pClock *clock;
  GRand *rand;
  P2pSoupPool *pool;
  char *url;
  P2pSoupSocket *socket;        /* NULL: the URL is none */
  gboolean open;
  gboolean failing;             /* since it was open last */
  gboolean warned;              /* of garbage */
  GPtrArray *swarms;            /* of P2pSoupWebtorrentSwarm, a reference each */
};

static const P2pSoupSocketKind kind = {
  P2P_SOUP_WEBTORRENT_RETRY,
  P2P_SOUP_WEBTORRENT_RETRY_MAX,
  P2P_SOUP_WEBTORRENT_KEEPALIVE,
  "The tracker closed the connection. If it does so again, check "
      "tracker-announce.",
  "The tracker sends a message without end.",
  "The tracker sends far too many messages.",
  "The tracker did not answer in time. Check that it runs, and the network.",
};

/* --- one swarm --- */

static void
swarm_clear (gpointer data)
{
  P2pSoupWebtorrentSwarm *swarm = data;

  g_free (swarm->peer_id);
  g_free (swarm->trouble);
}

static void
swarm_unref (gpointer swarm)
{
  g_rc_box_release_full (swarm, swarm_clear);
}

static void
swarm_on_send (const GString * text, gpointer user_data)
{
  P2pSoupWebtorrentSwarm *swarm = user_data;

  p2p_soup_socket_send (swarm->client->socket, text->str);
}

static void
swarm_on_announced (guint n_viewers, gpointer user_data)
{
  P2pSoupWebtorrentSwarm *swarm = user_data;

  swarm->events->announced (MAX (n_viewers, 1) - 1, swarm->user_data);
}

static void
swarm_on_warning (const char *words, gpointer user_data)
{
  P2pSoupWebtorrentSwarm *swarm = user_data;

  g_free (swarm->trouble);
  swarm->trouble = g_strdup (words);
  swarm->events->warning (words, swarm->user_data);
}

static void
swarm_on_silent (gpointer user_data)
{
  P2pSoupWebtorrentSwarm *swarm = user_data;

  p2p_soup_socket_fail (swarm->client->socket, P2P_ERROR_TIMEOUT,
      "The tracker does not reply. Check that it is one of WebTorrent.");
}

static const P2pWtAnnounceEvents announce_events = {
  swarm_on_send,
  swarm_on_announced,
  swarm_on_warning,
  swarm_on_silent,
};

static void
swarm_on_bad_url (gpointer user_data)
{
  P2pSoupWebtorrentSwarm *swarm = user_data;
  g_autoptr (GError) error = g_error_new (P2P_ERROR, P2P_ERROR_URI,
      "%s is not the ws or wss URL of a tracker. Check tracker-announce.",
      swarm->client->url);

  swarm->timer = 0;
  swarm->trouble = g_strdup (error->message);
  swarm->events->error (error, swarm->user_data);
}

P2pSoupWebtorrentSwarm *
p2p_soup_webtorrent_join (P2pSoupWebtorrent * self, P2pWtDialer * dialer,
    guint n_offers, const P2pSoupWebtorrentEvents * events, gpointer user_data)
{
  P2pSoupWebtorrentSwarm *swarm = g_rc_box_new0 (P2pSoupWebtorrentSwarm);

  swarm->client = self;
  swarm->dialer = dialer;
  swarm->announce = p2p_wt_announce_new (self->clock, self->rand, dialer,
      n_offers, &announce_events, swarm);
  swarm->events = events;
  swarm->user_data = user_data;
  swarm->peer_id = p2p_wt_id_to_text (p2p_wt_dialer_get_peer_id (dialer));
  g_ptr_array_add (self->swarms, swarm);
  if (!self->socket)
    swarm->timer = p2p_clock_call_at (self->clock,
        p2p_clock_get_time (self->clock), swarm_on_bad_url, swarm);
  else if (self->open)
    p2p_wt_announce_set_online (swarm->announce, TRUE);
  else
    p2p_soup_socket_set_wanted (self->socket, TRUE);
  return swarm;
}

void
p2p_soup_webtorrent_leave (P2pSoupWebtorrentSwarm * swarm)
{
  P2pSoupWebtorrent *self = swarm->client;

  p2p_clock_cancel (self->clock, &swarm->timer);
  g_clear_pointer (&swarm->announce, p2p_wt_announce_free);
  swarm->client = NULL;
  g_ptr_array_remove_fast (self->swarms, swarm);
  if (self->swarms->len == 0 && self->socket) {
    self->open = FALSE;
    p2p_soup_socket_set_wanted (self->socket, FALSE);
  }
}

static P2pSignallerState
swarm_get_state (P2pSoupWebtorrentSwarm * swarm)
{
  P2pSoupWebtorrent *self = swarm->client;

  if (!self->socket)
    return P2P_SIGNALLER_FAILED;
  if (self->open && p2p_wt_announce_is_taken (swarm->announce))
    return P2P_SIGNALLER_CONNECTED;
  if (self->failing || p2p_wt_announce_is_refused (swarm->announce))
    return P2P_SIGNALLER_WAITING;
  return P2P_SIGNALLER_ANNOUNCING;
}

void
p2p_soup_webtorrent_get_stats (P2pSoupWebtorrentSwarm * swarm,
    P2pSignallerStats * stats)
{
  guint n_viewers = p2p_wt_announce_get_n_viewers (swarm->announce);

  stats->tracker = swarm->client->url;
  stats->state = swarm_get_state (swarm);
  stats->peer_id = swarm->peer_id;
  stats->n_peers = MAX (n_viewers, 1) - 1;
  stats->trouble = swarm->trouble;
}

/* --- the socket --- */

/* Returns: (transfer full): of those that info_hash is of, or that are there; any
 * may leave while somebody goes through them */
static GPtrArray *
p2p_soup_webtorrent_list (P2pSoupWebtorrent * self, const P2pWtId * info_hash)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (swarm_unref);

  for (guint i = 0; i < self->swarms->len; i++) {
    P2pSoupWebtorrentSwarm *swarm = g_ptr_array_index (self->swarms, i);

    if (!info_hash || p2p_wt_id_equal (info_hash,
            p2p_wt_dialer_get_info_hash (swarm->dialer)))
      g_ptr_array_add (list, g_rc_box_acquire (swarm));
  }
  return list;
}

static void
p2p_soup_webtorrent_on_opened (gpointer user_data)
{
  P2pSoupWebtorrent *self = user_data;

  self->open = TRUE;
  self->failing = FALSE;
  for (guint i = 0; i < self->swarms->len; i++) {
    P2pSoupWebtorrentSwarm *swarm = g_ptr_array_index (self->swarms, i);

    p2p_wt_announce_set_online (swarm->announce, TRUE);
  }
}

/* Warns everybody. It may free self. */
static void
p2p_soup_webtorrent_warn (P2pSoupWebtorrent * self, const char *words)
{
  g_autoptr (GPtrArray) swarms = p2p_soup_webtorrent_list (self, NULL);

  for (guint i = 0; i < swarms->len; i++) {
    P2pSoupWebtorrentSwarm *swarm = g_ptr_array_index (swarms, i);

    if (swarm->client)
      swarm_on_warning (words, swarm);
  }
}

static void
p2p_soup_webtorrent_on_garbage (P2pSoupWebtorrent * self)
{
  if (self->warned)
    return;
  self->warned = TRUE;
  p2p_soup_webtorrent_warn (self, "The tracker sent a message that makes no "
      "sense. Check tracker-announce.");
}

/* Two players of one process may be in one swarm. */
static gboolean
p2p_soup_webtorrent_is_own (P2pSoupWebtorrent * self,
    const P2pWtMessage * message)
{
  P2pWtId from;

  if (!p2p_wt_id_read (&from, &message->peer_id))
    return FALSE;
  for (guint i = 0; i < self->swarms->len; i++) {
    P2pSoupWebtorrentSwarm *swarm = g_ptr_array_index (self->swarms, i);

    if (p2p_wt_id_equal (&from, p2p_wt_dialer_get_peer_id (swarm->dialer)))
      return TRUE;
  }
  return FALSE;
}

static void
p2p_soup_webtorrent_on_message (const char *text, gsize size,
    gpointer user_data)
{
  P2pSoupWebtorrent *self = user_data;
  g_autoptr (GPtrArray) swarms = NULL;
  P2pWtMessage message;
  P2pWtId info_hash;

  if (!p2p_wt_message_read (&message, text, size)) {
    p2p_soup_webtorrent_on_garbage (self);
    return;
  }
  if (p2p_soup_webtorrent_is_own (self, &message))
    return;
  if (!message.info_hash.text)
    swarms = p2p_soup_webtorrent_list (self, NULL);
  else if (p2p_wt_id_read (&info_hash, &message.info_hash))
    swarms = p2p_soup_webtorrent_list (self, &info_hash);
  for (guint i = 0; swarms && i < swarms->len; i++) {
    P2pSoupWebtorrentSwarm *swarm = g_ptr_array_index (swarms, i);

    if (swarm->client)
      p2p_wt_announce_receive (swarm->announce, &message);
  }
}

static void
p2p_soup_webtorrent_on_closed (const GError * error, gpointer user_data)
{
  P2pSoupWebtorrent *self = user_data;

  self->open = FALSE;
  self->failing = TRUE;
  self->warned = FALSE;
  for (guint i = 0; i < self->swarms->len; i++) {
    P2pSoupWebtorrentSwarm *swarm = g_ptr_array_index (self->swarms, i);

    p2p_wt_announce_set_online (swarm->announce, FALSE);
  }
  p2p_soup_webtorrent_warn (self, error->message);
}

static const P2pSoupSocketEvents socket_events = {
  p2p_soup_webtorrent_on_opened,
  p2p_soup_webtorrent_on_message,
  p2p_soup_webtorrent_on_closed,
};

/* --- life --- */

P2pSoupWebtorrent *
p2p_soup_webtorrent_new (P2pClock * clock, GRand * rand, const char *url)
{
  P2pSoupWebtorrent *self = g_new0 (P2pSoupWebtorrent, 1);
  g_autofree char *uri = p2p_soup_socket_make_uri (url);
  g_autoptr (P2pHttpOptions) options = p2p_http_options_new ();

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->pool = p2p_soup_pool_new ();
  self->url = g_strdup (url);
  self->swarms = g_ptr_array_new_with_free_func (swarm_unref);
  if (uri)
    self->socket = p2p_soup_socket_new (clock, rand, self->pool, options, uri,
        &kind, &socket_events, self);
  return self;
}

void
p2p_soup_webtorrent_free (P2pSoupWebtorrent * self)
{
  while (self->swarms->len > 0)
    p2p_soup_webtorrent_leave (self->swarms->pdata[self->swarms->len - 1]);
  g_clear_pointer (&self->socket, p2p_soup_socket_free);
  p2p_soup_pool_free (self->pool);
  g_ptr_array_unref (self->swarms);
  g_object_unref (self->clock);
  g_free (self->url);
  g_free (self);
}

void
p2p_soup_webtorrent_set_options (P2pSoupWebtorrent * self,
    P2pHttpOptions * options)
{
  g_autoptr (P2pHttpOptions) copy = p2p_http_options_copy_for_tracker (options);

  if (self->socket)
    p2p_soup_socket_set_options (self->socket, copy);
}
