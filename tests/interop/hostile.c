/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Viewers that mean no good: they join a swarm by its tracker and are connected
 * like any other, say that they hold all of it, and then do what --fault says.
 *
 *   hostile --tracker URL --swarm PLAYLIST --folder DIR --fault NAME
 *
 * DIR holds the segments, seg0.ts and on. On its standard output it counts, a line
 * of JSON whenever that changed: connections made, requests that came, pieces
 * that were begun, bytes sent, and faults, which are what it did wrong. */

#include "../check/nice/pair.h"
#include "../check/swarm/fakepeer.h"
#include "p2psnmessage.h"
#include "p2psouptracker.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How much of it is promised. */
#define HELD 4096
#define TICK (100 * P2P_MSEC)

typedef enum
{
  NOTHING_WRONG,                /* an honest one, that holds all */
  SLOW,                         /* honest, at --rate */
  EMPTY,                        /* holds nothing and fetches nothing */
  DENY,                         /* does not have it, when asked */
  SILENT,                       /* never answers */
  TRUNCATE,                     /* sends half, then nothing */
  SIZE,                         /* sizes that cannot be, or are not kept to */
  GARBAGE,                      /* no JSON, and bytes that belong to nothing */
  ENDLESS,                      /* the segment again and again */
  FLOOD,                        /* messages without end */
  LIE,                          /* other bytes, or only half of them, well formed */
} Fault;

static const char *const names[] = {
  "none", "slow", "empty", "deny", "silent", "truncate", "size", "garbage",
  "endless",
  "flood", "lie"
};

/* One that is connected. It lives as long as its channel is open. */
typedef struct
{
  P2pChannel *channel;
  gboolean wanted;              /* it has asked for something */
  GQueue asked;                 /* sn, as pointers */
  GBytes *body;                 /* what is being sent, or NULL */
  gsize position, end;
  guint timer;                  /* of the next packet */
} Link;

static struct
{
  char *tracker, *swarm, *folder, *fault_name;
  gint peers, rate, packet;
  Fault fault;
  P2pClock *clock;
  GRand *rand;
  pid_t parent;
  guint64 connections, requests, pieces, bytes, faults, printed;
} all = {.peers = 1,.packet = P2P_SN_PACKET };

static void link_go_on (Link * self);

static void
link_say (Link * self, const P2pSnMessage * message)
{
  p2p_sn_message_send (message, self->channel);
}

static void
link_send (Link * self, gconstpointer data, gsize size, gboolean text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  if (p2p_channel_send (self->channel, bytes, text))
    all.bytes += size;
}

/* Returns: (transfer full) (nullable) */
static GBytes *
read_segment (gint64 sn)
{
  g_autofree char *name = g_strdup_printf ("seg%" G_GINT64_FORMAT ".ts", sn);
  g_autofree char *path = g_build_filename (all.folder, name, NULL);
  char *data;
  gsize size;

  return g_file_get_contents (path, &data, &size, NULL)
      ? g_bytes_new_take (data, size) : NULL;
}

/* --- what is sent --- */

static void
link_end_piece (Link * self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
  p2p_clock_cancel (all.clock, &self->timer);
}

static void
link_on_timer (gpointer data)
{
  Link *self = data;

  self->timer = 0;
  link_go_on (self);
}

/* The next bytes of the body, which goes round if more than it is sent. */
static void
link_send_packet (Link * self)
{
  gsize all_of_it, size, start;
  const guint8 *data = g_bytes_get_data (self->body, &all_of_it);

  start = self->position % all_of_it;
  size = MIN (MIN ((gsize) all.packet, all_of_it - start),
      self->end - self->position);
  link_send (self, data + start, size, FALSE);
  self->position += size;
  all.faults += all.fault == ENDLESS && self->position > all_of_it;
}

/* Messages that say nothing, as many as there is room for. */
static void
link_flood (Link * self)
{
  P2pSnMessage have = { P2P_SN_HAVE,.sn = 0 };

  for (; p2p_channel_get_buffered (self->channel) < P2P_SN_MAX_BUFFERED / 2;
      all.faults++) {
    have.sn = g_rand_int_range (all.rand, 0, G_MAXINT32);
    link_say (self, &have);
  }
}

static void link_begin_piece (Link * self, gint64 sn);

/* Sends what there is room for, and what the rate allows. */
static void
link_go_on (Link * self)
{
  if (all.fault == FLOOD && self->wanted)
    link_flood (self);
  while (self->timer == 0) {
    if (!self->body) {
      if (g_queue_is_empty (&self->asked))
        return;
      link_begin_piece (self,
          GPOINTER_TO_SIZE (g_queue_pop_head (&self->asked)));
      continue;
    }
    if (p2p_channel_get_buffered (self->channel) > P2P_SN_MAX_BUFFERED / 2)
      return;
    link_send_packet (self);
    if (self->position == self->end)
      link_end_piece (self);
    else if (all.rate > 0)
      self->timer = p2p_clock_call_at (all.clock, g_get_monotonic_time ()
          + (gint64) all.packet * P2P_SECOND / all.rate, link_on_timer, self);
  }
}

/* --- what is said of it --- */

/* Each of these breaks a rule of the protocol. */
static void
spoil_size (P2pSnMessage * piece)
{
  switch (all.faults++ % 4) {
    case 0:
      piece->size += 5000;      /* more than will come */
      break;
    case 1:
      piece->size = (gsize) 1 << 40;
      piece->attachments = G_MAXINT;
      break;
    case 2:
      piece->attachments = 1;   /* that cannot hold it */
      break;
    default:
      piece->size = 100;        /* in so many packets */
      piece->attachments = 50;
  }
}

/* Returns: (transfer full): of the same size in half of the cases */
static GBytes *
make_lie (GBytes * truth)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (truth, &size);
  guint8 *lie = g_memdup2 (data, size);

  if (all.faults++ % 2) {
    size /= 2;
  } else {
    for (gsize i = 0; i < size; i += 188)
      lie[i] ^= 0xff;
  }
  return g_bytes_new_take (lie, size);
}

static void
link_send_garbage (Link * self)
{
  guint8 junk[5000];

  for (gsize i = 0; i < sizeof junk; i++)
    junk[i] = g_rand_int_range (all.rand, 0, 256);
  link_send (self, junk, sizeof junk, all.faults % 2);
  all.faults++;
}

static void
link_begin_piece (Link * self, gint64 sn)
{
  g_autoptr (GBytes) body = read_segment (sn);
  P2pSnMessage piece = { P2P_SN_PIECE,.sn = sn };

  all.faults += all.fault == DENY;
  if (!body || all.fault == DENY) {
    piece.event = P2P_SN_PIECE_NOT_FOUND;
    link_say (self, &piece);
    return;
  }
  if (all.fault == LIE) {
    g_autoptr (GBytes) truth = g_steal_pointer (&body);

    body = make_lie (truth);
  }
  self->body = g_bytes_ref (body);
  self->position = 0;
  self->end = piece.size = g_bytes_get_size (body);
  piece.attachments = (piece.size + all.packet - 1) / all.packet;
  if (all.fault == SIZE)
    spoil_size (&piece);
  else if (all.fault == ENDLESS)
    self->end = G_MAXSIZE;
  else if (all.fault == TRUNCATE)
    self->end /= 2;
  all.faults += all.fault == TRUNCATE || all.fault == SLOW;
  all.pieces++;
  link_say (self, &piece);
}

/* --- what comes --- */

static void
link_take (Link * self, const P2pSnMessage * message)
{
  P2pSnMessage pong = { P2P_SN_PONG,.sn = -1 };

  if (message->event == P2P_SN_PING) {
    link_say (self, &pong);
  } else if (message->event == P2P_SN_HAVE) {
    all.faults += all.fault == EMPTY;
  } else if (message->event == P2P_SN_REQUEST) {
    all.requests++;
    self->wanted = TRUE;
    if (all.fault == SILENT)
      all.faults++;
    else if (all.fault == GARBAGE)
      link_send_garbage (self);
    else
      g_queue_push_tail (&self->asked, GSIZE_TO_POINTER (message->sn));
    link_go_on (self);
  }
}

static void
on_message (P2pChannel * channel, GBytes * bytes, gboolean text, gpointer data)
{
  g_auto (P2pSnMessage) message = { 0, };

  if (text && p2p_sn_message_parse (&message, bytes))
    link_take (data, &message);
}

static void
on_drained (P2pChannel * channel, gpointer data)
{
  link_go_on (data);
}

static void
on_closed (P2pChannel * channel, const GError * error, gpointer data)
{
  Link *self = data;

  p2p_channel_set_events (self->channel, NULL, NULL);
  link_end_piece (self);
  g_queue_clear (&self->asked);
  g_object_unref (self->channel);
  g_free (self);
}

static P2pPeer *
make_peer (P2pClock * clock, P2pChannel * channel, P2pNames * segments,
    const char *peer_id)
{
  static const P2pChannelEvents events = { on_message, on_drained, on_closed };
  g_autoptr (GArray) field = g_array_new (FALSE, FALSE, sizeof (gint64));
  P2pSnMessage message = { P2P_SN_BITFIELD,.sn = -1,.field = field };
  Link *self = g_new0 (Link, 1);

  for (gint64 sn = 0; sn < HELD && all.fault != EMPTY; sn++)
    g_array_append_val (field, sn);
  self->channel = g_object_ref (channel);
  g_queue_init (&self->asked);
  p2p_channel_set_low_water (channel, P2P_SN_MAX_BUFFERED / 4);
  p2p_channel_set_events (channel, &events, self);
  link_say (self, &message);
  all.connections++;
  return P2P_PEER (fake_peer_new (clock, peer_id));
}

/* --- the swarm --- */

static void
on_peer (P2pSignaller * tracker, P2pPeer * peer, const char *own_id,
    gpointer data)
{
}

static void
on_announced (P2pSignaller * tracker, const char *name, const char *peer_id,
    guint n_peers, gpointer data)
{
  g_print ("{\"announced\": \"%s\"}\n", peer_id);
}

static void
on_warning (P2pSignaller * tracker, const char *name, const char *text,
    gpointer data)
{
}

static void
on_error (P2pSignaller * tracker, const char *name, const GError * error,
    gpointer data)
{
  g_error ("%s", error->message);
}

static void
get_counts (P2pSignaller * tracker, P2pSignallerCounts * counts, gpointer data)
{
  *counts = (P2pSignallerCounts) {
  0, 0};
}

static const P2pSignallerEvents events = {
  on_peer, on_announced, on_warning, on_error, get_counts
};

static void
join (World * world)
{
  P2pSoupTrackerConfig config = {
    .announce = all.tracker,
    .connector = world->connector,.make_peer = make_peer
  };
  P2pSoupTracker *tracker = p2p_soup_tracker_new (all.clock, world->context,
      g_rand_new (), &config);
  P2pNames *segments = p2p_names_new ();
  g_autoptr (P2pIdentity) identity = p2p_identity_new_named (all.swarm);

  p2p_signaller_join (P2P_SIGNALLER (tracker), identity, segments, &events,
      tracker);
}

static void
on_tick (gpointer data)
{
  guint64 sum = all.connections + all.requests + all.pieces + all.bytes
      + all.faults;

  if (sum != all.printed)
    g_print ("{\"connections\": %" G_GUINT64_FORMAT ", \"requests\": %"
        G_GUINT64_FORMAT ", \"pieces\": %" G_GUINT64_FORMAT ", \"bytes\": %"
        G_GUINT64_FORMAT ", \"faults\": %" G_GUINT64_FORMAT "}\n",
        all.connections, all.requests, all.pieces, all.bytes, all.faults);
  all.printed = sum;
  if (getppid () != all.parent)
    exit (EXIT_SUCCESS);        /* whoever started it is gone */
  p2p_clock_call_at (all.clock, g_get_monotonic_time () + TICK, on_tick, NULL);
}

static gboolean
read_arguments (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"tracker", 0, 0, G_OPTION_ARG_STRING, &all.tracker,
        "The tracker of the swarm", "URL"},
    {"swarm", 0, 0, G_OPTION_ARG_STRING, &all.swarm, "The playlist", "URL"},
    {"folder", 0, 0, G_OPTION_ARG_FILENAME, &all.folder,
        "Where its segments are", "DIR"},
    {"fault", 0, 0, G_OPTION_ARG_STRING, &all.fault_name, "What to do", "NAME"},
    {"peers", 0, 0, G_OPTION_ARG_INT, &all.peers, "How many they are", "N"},
    {"rate", 0, 0, G_OPTION_ARG_INT, &all.rate,
        "Bytes a second of each connection; 0: as many as it takes", "N"},
    {"packet", 0, 0, G_OPTION_ARG_INT, &all.packet, "Bytes of a message", "N"},
    {NULL}
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || !all.tracker
      || !all.swarm || !all.folder || !all.fault_name)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_equal (names[i], all.fault_name)) {
      all.fault = i;
      return TRUE;
    }
  }
  return FALSE;
}

int
main (int argc, char **argv)
{
  World *world;

  if (!read_arguments (argc, argv)) {
    g_printerr ("Which tracker, swarm, folder and fault?\n");
    return EXIT_FAILURE;
  }
  all.parent = getppid ();
  world = world_new ();
  world->config.local_address = NULL;
  world_start (world);
  all.clock = world->config.clock;
  all.rand = g_rand_new_with_seed (1);
  for (gint i = 0; i < all.peers; i++)
    join (world);
  on_tick (NULL);
  for (;;)
    world_turn (world);
}
