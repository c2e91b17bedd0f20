/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2ptrackerwebtorrent.h"

#include <string.h>

struct _P2pTrackerWebtorrent
{
  P2pTrackerWtBook *book;
  P2pTrackerSend send;
  guint interval;
  GHashTable *allowed;          /* (nullable): of P2pWtId */
  GString *out;                 /* a message that is being made */
  GString *files;               /* of a scrape */
  P2pTrackerWebtorrentStats stats;
};

gboolean
p2p_tracker_webtorrent_read_info_hash (const char *text, P2pWtId * info_hash)
{
  gsize size = strlen (text);

  if (size == 2 * P2P_WT_ID_SIZE) {
    for (guint i = 0; i < size; i += 2) {
      if (!g_ascii_isxdigit (text[i]) || !g_ascii_isxdigit (text[i + 1]))
        return FALSE;
      info_hash->bytes[i / 2] = g_ascii_xdigit_value (text[i]) << 4
          | g_ascii_xdigit_value (text[i + 1]);
    }
    return TRUE;
  }
  if (size != P2P_WT_ID_SIZE)
    return FALSE;
  for (guint i = 0; i < size; i++) {
    if (!g_ascii_isprint (text[i]))
      return FALSE;
    info_hash->bytes[i] = text[i];
  }
  return TRUE;
}

static GHashTable *
make_allowed (const char *const *info_hashes)
{
  GHashTable *allowed = g_hash_table_new_full (p2p_wt_id_hash, p2p_wt_id_equal,
      g_free, NULL);
  P2pWtId id;

  for (; *info_hashes; info_hashes++)
    if (p2p_tracker_webtorrent_read_info_hash (*info_hashes, &id))
      g_hash_table_add (allowed, g_memdup2 (&id, sizeof (id)));
  return allowed;
}

P2pTrackerWebtorrent *
p2p_tracker_webtorrent_new (P2pClock * clock, GRand * rand,
    const P2pTrackerWebtorrentConfig * config, P2pTrackerSend send)
{
  P2pTrackerWebtorrent *self = g_new0 (P2pTrackerWebtorrent, 1);

  self->book = p2p_tracker_wt_book_new (clock, rand, &config->book);
  self->send = send;
  self->interval = config->book.interval;
  if (config->allowed_info_hashes)
    self->allowed = make_allowed (config->allowed_info_hashes);
  self->out = g_string_new (NULL);
  self->files = g_string_new (NULL);
  return self;
}

void
p2p_tracker_webtorrent_free (P2pTrackerWebtorrent * self)
{
  p2p_tracker_wt_book_free (self->book);
  g_clear_pointer (&self->allowed, g_hash_table_unref);
  g_string_free (self->out, TRUE);
  g_string_free (self->files, TRUE);
  g_free (self);
}

P2pTrackerWtOwner *
p2p_tracker_webtorrent_join (P2pTrackerWebtorrent * self, gpointer socket)
{
  P2pTrackerWtOwner *owner = g_new0 (P2pTrackerWtOwner, 1);

  owner->socket = socket;
  g_queue_init (&owner->peers);
  self->stats.sockets++;
  return owner;
}

void
p2p_tracker_webtorrent_leave (P2pTrackerWebtorrent * self,
    P2pTrackerWtOwner * owner)
{
  P2pTrackerWtPeer *peer;

  while ((peer = g_queue_peek_head (&owner->peers)))
    p2p_tracker_wt_book_remove (self->book, peer);
  self->stats.sockets--;
  g_free (owner);
}

/* --- what is said --- */

static void
say (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * message)
{
  g_string_truncate (self->out, 0);
  p2p_wt_message_write (message, self->out);
  self->send (owner->socket, self->out->str, self->out->len);
}

/* asked: whose action it is, and info hash, whatever string that was: the client
 * of npm's package looks for its own before it looks at the rest. reason: JSON */
static void
fail (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * asked, const char *reason)
{
  const P2pJsonSlice *info_hash = &asked->info_hash;
  P2pWtMessage failure;

  self->stats.failed++;
  p2p_wt_message_init (&failure);
  failure.action = asked->action == P2P_WT_ACTION_SCRAPE
      ? P2P_WT_ACTION_SCRAPE : P2P_WT_ACTION_ANNOUNCE;
  failure.failure = (P2pJsonSlice) {
  reason, strlen (reason)};
  if (info_hash->text && *info_hash->text == '"')
    failure.info_hash = *info_hash;
  say (self, owner, &failure);
}

static void
reply (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * asked, const P2pTrackerWtSwarm * swarm)
{
  P2pWtMessage message;

  self->stats.announces++;
  p2p_wt_message_init (&message);
  message.action = P2P_WT_ACTION_ANNOUNCE;
  message.complete = swarm ? swarm->complete : 0;
  message.incomplete = swarm ? swarm->peers->len - swarm->complete : 0;
  message.interval = self->interval;
  message.info_hash = asked->info_hash;
  say (self, owner, &message);
}

/* Each to another peer */
static void
hand_out (P2pTrackerWebtorrent * self, P2pTrackerWtPeer * peer,
    const P2pWtMessage * asked)
{
  guint wanted = asked->numwant < 0 ? asked->n_offers
      : MIN (asked->numwant, asked->n_offers);
  guint n = p2p_tracker_wt_book_draw (self->book, peer, wanted);
  P2pWtMessage message;

  p2p_wt_message_init (&message);
  message.action = P2P_WT_ACTION_ANNOUNCE;
  message.info_hash = asked->info_hash;
  message.peer_id = asked->peer_id;
  for (guint i = 0; i < n; i++) {
    P2pTrackerWtPeer *other = peer->swarm->peers->pdata[i];

    message.offer = asked->offers[i].offer;
    message.offer_id = asked->offers[i].offer_id;
    self->stats.offers++;
    say (self, other->owner, &message);
  }
}

/* --- what is heard --- */

static void
on_answer (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * asked, const P2pWtId * info_hash,
    const P2pWtId * peer_id)
{
  P2pTrackerWtPeer *peer = p2p_tracker_wt_book_get_peer (self->book, info_hash,
      peer_id);
  P2pTrackerWtPeer *target;
  P2pWtMessage message;
  P2pWtId to;

  if (!p2p_wt_id_read (&to, &asked->to_peer_id)) {
    fail (self, owner, asked, "\"invalid to_peer_id\"");
    return;
  }
  if (!peer || peer->owner != owner) {
    fail (self, owner, asked, "\"peer_id was not announced here\"");
    return;
  }
  target = p2p_tracker_wt_book_get_peer (self->book, info_hash, &to);
  if (!target) {
    self->stats.absent++;
    return;
  }
  p2p_wt_message_init (&message);
  message.action = P2P_WT_ACTION_ANNOUNCE;
  message.answer = asked->answer;
  message.offer_id = asked->offer_id;
  message.peer_id = asked->peer_id;
  message.info_hash = asked->info_hash;
  self->stats.answers++;
  say (self, target->owner, &message);
}

static void
on_stopped (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * asked, const P2pWtId * info_hash,
    const P2pWtId * peer_id)
{
  P2pTrackerWtPeer *peer = p2p_tracker_wt_book_get_peer (self->book, info_hash,
      peer_id);

  if (peer && peer->owner == owner)
    p2p_tracker_wt_book_remove (self->book, peer);
  reply (self, owner, asked, p2p_tracker_wt_book_get_swarm (self->book,
          info_hash));
}

static void
on_here (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * asked, const P2pWtId * info_hash,
    const P2pWtId * peer_id)
{
  P2pTrackerWtPeer *peer = p2p_tracker_wt_book_announce (self->book, info_hash,
      peer_id, owner);

  if (!peer) {
    fail (self, owner, asked, "\"too many swarms or peers, try again later\"");
    return;
  }
  if (asked->event == P2P_WT_EVENT_COMPLETED || asked->left == 0)
    p2p_tracker_wt_book_complete (peer);
  reply (self, owner, asked, peer->swarm);
  hand_out (self, peer, asked);
}

static void
on_announce (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * asked)
{
  P2pWtId info_hash, peer_id;

  if (!p2p_wt_id_read (&info_hash, &asked->info_hash))
    fail (self, owner, asked, "\"invalid info_hash\"");
  else if (!p2p_wt_id_read (&peer_id, &asked->peer_id))
    fail (self, owner, asked, "\"invalid peer_id\"");
  else if (self->allowed && !g_hash_table_contains (self->allowed, &info_hash))
    fail (self, owner, asked, "\"this tracker does not serve that info_hash\"");
  else if (asked->answer.text)
    on_answer (self, owner, asked, &info_hash, &peer_id);
  else if (asked->event == P2P_WT_EVENT_UNKNOWN)
    fail (self, owner, asked, "\"invalid event\"");
  else if (asked->event == P2P_WT_EVENT_STOPPED)
    on_stopped (self, owner, asked, &info_hash, &peer_id);
  else
    on_here (self, owner, asked, &info_hash, &peer_id);
}

static void
add_file (P2pTrackerWebtorrent * self, const P2pWtId * info_hash,
    const P2pTrackerWtSwarm * swarm)
{
  guint complete = swarm ? swarm->complete : 0;
  guint incomplete = swarm ? swarm->peers->len - complete : 0;

  g_string_append_c (self->files, self->files->len > 0 ? ',' : '{');
  p2p_wt_id_write (info_hash, self->files);
  g_string_append_printf (self->files, ":{\"complete\":%u,\"incomplete\":%u,"
      "\"downloaded\":%u}", complete, incomplete, complete);
}

typedef struct
{
  P2pTrackerWebtorrent *self;
  guint left;
} Scrape;

static gboolean
scrape_swarm (const P2pTrackerWtSwarm * swarm, gpointer user_data)
{
  Scrape *scrape = user_data;

  add_file (scrape->self, &swarm->info_hash, swarm);
  return --scrape->left > 0;
}

/* Returns: FALSE if it is no info hash */
static gboolean
scrape_one (P2pTrackerWebtorrent * self, const P2pJsonSlice * info_hash)
{
  P2pWtId id;

  if (!p2p_wt_id_read (&id, info_hash))
    return FALSE;
  add_file (self, &id, p2p_tracker_wt_book_get_swarm (self->book, &id));
  return TRUE;
}

static gboolean
scrape (P2pTrackerWebtorrent * self, const P2pJsonSlice * info_hash)
{
  Scrape scrape = { self, P2P_TRACKER_WT_MAX_SCRAPED };
  P2pJsonSlice rest = *info_hash, item;

  if (!info_hash->text) {
    p2p_tracker_wt_book_foreach (self->book, scrape_swarm, &scrape);
    return TRUE;
  }
  if (*info_hash->text != '[')
    return scrape_one (self, info_hash);
  while (scrape.left > 0 && p2p_json_slice_next_element (&rest, &item)) {
    if (!scrape_one (self, &item))
      return FALSE;
    scrape.left--;
  }
  return TRUE;
}

static void
on_scrape (P2pTrackerWebtorrent * self, P2pTrackerWtOwner * owner,
    const P2pWtMessage * asked)
{
  P2pWtMessage message;

  g_string_truncate (self->files, 0);
  if (!scrape (self, &asked->info_hash)) {
    fail (self, owner, asked, "\"invalid info_hash\"");
    return;
  }
  if (self->files->len == 0)
    g_string_append_c (self->files, '{');
  g_string_append_c (self->files, '}');
  self->stats.scrapes++;
  p2p_wt_message_init (&message);
  message.action = P2P_WT_ACTION_SCRAPE;
  message.files = (P2pJsonSlice) {
  self->files->str, self->files->len};
  say (self, owner, &message);
}

void
p2p_tracker_webtorrent_message (P2pTrackerWebtorrent * self,
    P2pTrackerWtOwner * owner, const char *text, gsize size)
{
  P2pWtMessage message;

  if (!p2p_wt_message_read (&message, text, size))
    fail (self, owner, &message, "\"the message is no JSON object\"");
  else if (message.action == P2P_WT_ACTION_ANNOUNCE)
    on_announce (self, owner, &message);
  else if (message.action == P2P_WT_ACTION_SCRAPE)
    on_scrape (self, owner, &message);
  else
    fail (self, owner, &message, "\"invalid action\"");
}

void
p2p_tracker_webtorrent_get_stats (P2pTrackerWebtorrent * self,
    P2pTrackerWebtorrentStats * stats)
{
  *stats = self->stats;
  stats->swarms = p2p_tracker_wt_book_get_n_swarms (self->book);
  stats->peers = p2p_tracker_wt_book_get_n_peers (self->book);
}

P2pTrackerWtBook *
p2p_tracker_webtorrent_get_book (P2pTrackerWebtorrent * self)
{
  return self->book;
}
