/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pnicesctp.h"

#include "p2perror.h"
#include "p2pnicecubic.h"
#include "p2pniceusrsctp.h"

#include <errno.h>
#include <string.h>
#include <usrsctp.h>

#define HEADER 12               /* bytes of SCTP's common header */
/* Of a packet with nothing but a SACK chunk that tells of no gap. */
#define ACK (HEADER + 16)
#define ACK_GAPS (HEADER + 12)  /* where the number of gaps is, two bytes */
/* usrsctp.h leaves it out. */
#ifndef SCTP_PLUGGABLE_CC
#define SCTP_PLUGGABLE_CC 0x00001202
#endif

/* usrsctp says what happens while it holds its locks: it is noted, and told
 * when usrsctp has returned. */
typedef enum
{
  NEWS_UP,
  NEWS_MESSAGE,
  NEWS_RESET,
  NEWS_CLOSED,                  /* by the peer */
  NEWS_GONE,
  NEWS_TOO_LONG,
} NewsType;

typedef struct
{
  NewsType type;
  guint16 stream;
  guint32 ppid;
  GBytes *bytes;
} News;

typedef struct
{
  guint16 stream;
  guint32 ppid;
  GBytes *bytes;
  gsize sent;
} Outgoing;

struct _P2pNiceSctp
{
  P2pClock *clock;
  const P2pNiceSctpEvents *events;
  gpointer user_data;

  guintptr id;                  /* with usrsctp; 0: closed */
  struct socket *socket;
  gboolean up;
  GQueue news;                  /* of News */
  GQueue out;                   /* of Outgoing */
  gsize buffered;

  gboolean hold_acks, has_ack;
  guint8 ack[ACK];              /* a packet that is held */

  /* Of the time since there was always something that waited: */
  gint64 measured_since;        /* 0: now there is not */
  gsize measured;               /* bytes that went */
  gint64 least_round_trip;      /* 0: not known */
  gboolean near;                /* it is short */
  P2pNiceCubic cubic;
  gsize window;                 /* that fits the path */
  gsize limit;                  /* of usrsctp's own; 0: none */
};

static void
news_free (News * news)
{
  if (news->bytes)
    g_bytes_unref (news->bytes);
  g_free (news);
}

static void
outgoing_free (Outgoing * outgoing)
{
  g_bytes_unref (outgoing->bytes);
  g_free (outgoing);
}

static void
add_news (P2pNiceSctp * self, NewsType type, guint16 stream, guint32 ppid,
    GBytes * bytes)
{
  News *news = g_new (News, 1);

  news->type = type;
  news->stream = stream;
  news->ppid = ppid;
  news->bytes = bytes;
  g_queue_push_tail (&self->news, news);
  p2p_nice_usrsctp_note (self->id);
}

static void
on_assoc_change (P2pNiceSctp * self, const struct sctp_assoc_change *change)
{
  switch (change->sac_state) {
    case SCTP_COMM_UP:
      add_news (self, NEWS_UP, 0, 0, NULL);
      break;
    case SCTP_COMM_LOST:
      /* With the peer's ABORT behind it, if there was one. */
      add_news (self, change->sac_length > sizeof *change ? NEWS_CLOSED
          : NEWS_GONE, 0, 0, NULL);
      break;
    case SCTP_SHUTDOWN_COMP:
      add_news (self, NEWS_CLOSED, 0, 0, NULL);
      break;
    case SCTP_CANT_STR_ASSOC:
    case SCTP_RESTART:
      add_news (self, NEWS_GONE, 0, 0, NULL);
      break;
  }
}

static void
on_reset (P2pNiceSctp * self, const struct sctp_stream_reset_event *reset)
{
  guint n = (reset->strreset_length - sizeof *reset) / sizeof (guint16);

  if (!(reset->strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN))
    return;
  if (n == 0)                   /* all of them */
    add_news (self, NEWS_CLOSED, 0, 0, NULL);
  for (guint i = 0; i < n; i++)
    add_news (self, NEWS_RESET, reset->strreset_stream_list[i], 0, NULL);
}

static void
on_notification (P2pNiceSctp * self, const union sctp_notification *note,
    gsize size)
{
  if (size < sizeof note->sn_header || note->sn_header.sn_length != size)
    return;
  switch (note->sn_header.sn_type) {
    case SCTP_ASSOC_CHANGE:
      if (size >= sizeof note->sn_assoc_change)
        on_assoc_change (self, &note->sn_assoc_change);
      break;
    case SCTP_STREAM_RESET_EVENT:
      if (size >= sizeof note->sn_strreset_event)
        on_reset (self, &note->sn_strreset_event);
      break;
    case SCTP_SHUTDOWN_EVENT:
      add_news (self, NEWS_CLOSED, 0, 0, NULL);
      break;
  }
}

/* data: (transfer full): from malloc() */
static int
on_receive (struct socket *socket, union sctp_sockstore address, void *data,
    size_t size, struct sctp_rcvinfo info, int flags, void *id)
{
  P2pNiceSctp *self = p2p_nice_usrsctp_lookup ((guintptr) id);

  if (!data)
    return 1;
  if (self && (flags & MSG_NOTIFICATION))
    on_notification (self, data, size);
  else if (self && (size > P2P_NICE_MAX_MESSAGE || !(flags & MSG_EOR)))
    add_news (self, NEWS_TOO_LONG, 0, 0, NULL);
  else if (self) {
    add_news (self, NEWS_MESSAGE, info.rcv_sid, g_ntohl (info.rcv_ppid),
        g_bytes_new_with_free_func (data, size, free, data));
    return 1;
  }
  free (data);
  return 1;
}

static void
let_ack_go (P2pNiceSctp * self)
{
  if (self->has_ack)
    self->events->output (self->ack, ACK, self->user_data);
  self->has_ack = FALSE;
}

static void
on_output (gpointer user_data, const guint8 * data, gsize size)
{
  P2pNiceSctp *self = user_data;

  if (self->hold_acks && size == ACK && data[HEADER] == SCTP_SELECTIVE_ACK) {
    memcpy (self->ack, data, ACK);
    self->has_ack = TRUE;
    return;
  }
  let_ack_go (self);
  self->events->output (data, size, self->user_data);
}

/* While it waits for a packet that was lost all that went after that stays there,
 * and there has to be room for more. */
static void
set_window (P2pNiceSctp * self, gsize size)
{
  int window = MAX (size, P2P_NICE_SCTP_LOSS_ROOM * self->limit);

  self->window = size;
  usrsctp_setsockopt (self->socket, SOL_SOCKET, SO_SNDBUF, &window,
      sizeof window);
}

static gboolean
get_status (P2pNiceSctp * self, struct sctp_status *status)
{
  socklen_t size = sizeof *status;

  memset (status, 0, size);
  return self->socket && self->up
      && usrsctp_getsockopt (self->socket, IPPROTO_SCTP, SCTP_STATUS, status,
      &size) == 0;
}

static void
set_value (P2pNiceSctp * self, int option, guint32 number)
{
  struct sctp_assoc_value value = { 0, number };

  usrsctp_setsockopt (self->socket, IPPROTO_SCTP, option, &value, sizeof value);
}

static void
set_limit (P2pNiceSctp * self, gsize limit)
{
  limit = MIN (limit, self->window);
  if (limit != self->limit)
    set_value (self, SCTP_MAX_CWND, limit);
  self->limit = limit;
}

static void
set_near (P2pNiceSctp * self, gboolean near)
{
  if (near != self->near)
    set_value (self, SCTP_MAX_BURST,
        near ? P2P_NICE_SCTP_NEAR_BURST : P2P_NICE_USRSCTP_BURST);
  self->near = near;
}

/* A loss leaves usrsctp half of its window, and a packet more each round trip.
 * Told anew how to control congestion it has the window of a new association,
 * which only the burst and the limit hold, and would double it each round trip:
 * from then on the limit says how long the window is. */
static void
restart_at_limit (P2pNiceSctp * self)
{
  set_value (self, SCTP_MAX_BURST, 0);
  set_value (self, SCTP_PLUGGABLE_CC, SCTP_CC_RFC2581);
  set_value (self, SCTP_MAX_BURST,
      self->near ? P2P_NICE_SCTP_NEAR_BURST : P2P_NICE_USRSCTP_BURST);
}

/* Tells usrsctp what is acknowledged; gaps: but not what was before it. */
static void
input_ack (P2pNiceSctp * self, const guint8 * data, gsize size, gboolean gaps)
{
  gint64 now = p2p_clock_get_time (self->clock);
  struct sctp_status status;
  const struct sctp_paddrinfo *path = &status.sstat_primary;
  gint64 before = gaps && get_status (self, &status) ? path->spinfo_cwnd : 0;

  p2p_nice_usrsctp_input (self->id, data, size);
  if (!(gaps || self->limit) || !get_status (self, &status))
    return;
  /* usrsctp halves its window once for all that a round trip lost. It shortens
   * it for a pause too, but not to that. */
  if (path->spinfo_cwnd < before
      && ABS (path->spinfo_cwnd - before / 2) < 2 * path->spinfo_mtu) {
    set_limit (self, p2p_nice_cubic_lose (&self->cubic, before,
            path->spinfo_mtu, now));
    restart_at_limit (self);
    set_window (self, self->window);
  } else
    set_limit (self, p2p_nice_cubic_grow (&self->cubic, path->spinfo_cwnd,
            path->spinfo_mtu, MAX (path->spinfo_srtt, 1) * P2P_MSEC, now));
}

/* Called while something waits for the window: what went through it lately, at
 * the round trip of a path without queues, is what the path takes. That is known
 * best at the beginning. */
static void
adapt_window (P2pNiceSctp * self, gint64 now)
{
  struct sctp_status status;
  gint64 elapsed = now - self->measured_since, round_trip;
  double wanted;

  if (self->measured_since && elapsed < P2P_NICE_SCTP_WINDOW_INTERVAL)
    return;
  if (get_status (self, &status)
      && (self->measured_since || status.sstat_primary.spinfo_srtt)) {
    round_trip = MAX (status.sstat_primary.spinfo_srtt, 1) * P2P_MSEC;
    if (!self->least_round_trip || round_trip < self->least_round_trip)
      self->least_round_trip = round_trip;
    if (self->measured_since) {
      set_near (self, round_trip < P2P_NICE_SCTP_NEAR);
      wanted = 1.5 * self->measured * self->least_round_trip / elapsed;
      set_window (self, CLAMP (wanted, P2P_NICE_USRSCTP_WINDOW,
              P2P_NICE_SCTP_MAX_WINDOW));
    }
  }
  self->measured_since = now;
  self->measured = 0;
}

/* Returns: how much of it usrsctp took; 0: not now */
static gsize
send_some (P2pNiceSctp * self, Outgoing * outgoing)
{
  struct sctp_sndinfo info = {
    .snd_sid = outgoing->stream,
    .snd_flags = SCTP_EOR,
    .snd_ppid = g_htonl (outgoing->ppid),
  };
  gsize size;
  const guint8 *data = g_bytes_get_data (outgoing->bytes, &size);
  gssize n;

  n = usrsctp_sendv (self->socket, data + outgoing->sent,
      size - outgoing->sent, NULL, 0, &info, sizeof info, SCTP_SENDV_SNDINFO,
      0);
  return MAX (n, 0);
}

static void
flush (P2pNiceSctp * self)
{
  gint64 now = p2p_clock_get_time (self->clock);
  Outgoing *outgoing;

  while (self->up && (outgoing = g_queue_peek_head (&self->out))) {
    gsize n = send_some (self, outgoing);

    outgoing->sent += n;
    self->buffered -= n;
    self->measured += n;
    if (outgoing->sent < g_bytes_get_size (outgoing->bytes)) {
      if (n > 0)
        continue;
      adapt_window (self, now);
      return;
    }
    outgoing_free (g_queue_pop_head (&self->out));
  }
  self->measured_since = 0;
}

static void
tell_closed (P2pNiceSctp * self, NewsType type)
{
  g_autoptr (GError) error = NULL;

  if (type == NEWS_GONE)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_GONE,
        "The peer does not answer any more");
  else if (type == NEWS_TOO_LONG)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_PEER,
        "The peer sent a message that is too long");
  p2p_nice_sctp_close (self);
  self->events->closed (error, self->user_data);
}

static void
tell (P2pNiceSctp * self, News * news)
{
  switch (news->type) {
    case NEWS_UP:
      if (!self->up) {
        self->up = TRUE;
        self->events->up (self->user_data);
      }
      break;
    case NEWS_MESSAGE:
      self->events->message (news->stream, news->ppid, news->bytes,
          self->user_data);
      break;
    case NEWS_RESET:
      self->events->reset (news->stream, self->user_data);
      break;
    default:
      tell_closed (self, news->type);
  }
}

/* After anything that usrsctp did for it. */
static void
on_noted (gpointer user_data)
{
  P2pNiceSctp *self = user_data;
  gsize waited = self->buffered;
  News *news;

  while (self->id && (news = g_queue_pop_head (&self->news))) {
    tell (self, news);
    news_free (news);
  }
  if (!self->id)
    return;
  if (!g_queue_is_empty (&self->out))
    flush (self);
  if (self->buffered < waited)
    self->events->sent (self->user_data);
}

static void
set_events (struct socket *socket)
{
  static const guint16 types[] = { SCTP_ASSOC_CHANGE, SCTP_SHUTDOWN_EVENT,
    SCTP_STREAM_RESET_EVENT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    struct sctp_event event = { SCTP_ALL_ASSOC, types[i], 1 };

    usrsctp_setsockopt (socket, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
  }
}

static void
set_options (P2pNiceSctp * self)
{
  struct linger linger = { 1, 0 };      /* close() is at once */
  struct sctp_initmsg init = {
    .sinit_num_ostreams = P2P_NICE_SCTP_STREAMS,
    .sinit_max_instreams = P2P_NICE_SCTP_STREAMS,
  };
  struct sctp_assoc_value reset = { SCTP_ALL_ASSOC,
    SCTP_ENABLE_RESET_STREAM_REQ
  };
  int on = 1, window = P2P_NICE_USRSCTP_RECEIVE_WINDOW;

  usrsctp_set_non_blocking (self->socket, 1);
  usrsctp_setsockopt (self->socket, SOL_SOCKET, SO_LINGER, &linger,
      sizeof linger);
  usrsctp_setsockopt (self->socket, SOL_SOCKET, SO_RCVBUF, &window,
      sizeof window);
  set_window (self, P2P_NICE_USRSCTP_WINDOW);
  usrsctp_setsockopt (self->socket, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on);
  /* A message may be taken piece by piece. */
  usrsctp_setsockopt (self->socket, IPPROTO_SCTP, SCTP_EXPLICIT_EOR, &on,
      sizeof on);
  usrsctp_setsockopt (self->socket, IPPROTO_SCTP, SCTP_INITMSG, &init,
      sizeof init);
  usrsctp_setsockopt (self->socket, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET,
      &reset, sizeof reset);
  set_events (self->socket);
}

static void
set_path (P2pNiceSctp * self, const struct sockaddr_conn *address, guint mtu)
{
  struct sctp_paddrparams path = {
    .spp_flags = SPP_PMTUD_DISABLE,
    .spp_pathmtu = mtu,
  };

  memcpy (&path.spp_address, address, sizeof *address);
  usrsctp_setsockopt (self->socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS,
      &path, sizeof path);
}

P2pNiceSctp *
p2p_nice_sctp_new (P2pClock * clock, const P2pNiceSctpEvents * events,
    gpointer user_data)
{
  P2pNiceSctp *self = g_new0 (P2pNiceSctp, 1);

  self->clock = g_object_ref (clock);
  self->events = events;
  self->user_data = user_data;
  self->id = p2p_nice_usrsctp_add (clock, on_output, on_noted, self);
  self->socket = usrsctp_socket (AF_CONN, SOCK_STREAM, IPPROTO_SCTP,
      on_receive, NULL, 0, (void *) self->id);
  if (self->socket)
    set_options (self);
  return self;
}

gboolean
p2p_nice_sctp_connect (P2pNiceSctp * self, guint16 port, guint16 remote_port,
    guint mtu)
{
  struct sockaddr_conn address = {
    .sconn_family = AF_CONN,
    .sconn_port = g_htons (port),
    .sconn_addr = (void *) self->id,
  };

  p2p_nice_usrsctp_wake ();
  if (!self->socket || usrsctp_bind (self->socket,
          (struct sockaddr *) &address, sizeof address) < 0)
    return FALSE;
  address.sconn_port = g_htons (remote_port);
  if (usrsctp_connect (self->socket, (struct sockaddr *) &address,
          sizeof address) < 0 && errno != EINPROGRESS)
    return FALSE;
  set_path (self, &address, mtu);
  set_near (self, mtu == P2P_NICE_SCTP_NEAR_MTU);
  return TRUE;
}

void
p2p_nice_sctp_input (P2pNiceSctp * self, const guint8 * data, gsize size)
{
  if (!self->id)
    return;
  if (size >= ACK && data[HEADER] == SCTP_SELECTIVE_ACK)
    input_ack (self, data, size, data[ACK_GAPS] || data[ACK_GAPS + 1]);
  else
    p2p_nice_usrsctp_input (self->id, data, size);
}

void
p2p_nice_sctp_hold_acks (P2pNiceSctp * self, gboolean hold)
{
  self->hold_acks = hold;
  if (!hold)
    let_ack_go (self);
}

void
p2p_nice_sctp_send (P2pNiceSctp * self, guint16 stream, P2pNicePpid ppid,
    GBytes * bytes)
{
  Outgoing *outgoing = g_new0 (Outgoing, 1);
  gboolean first = g_queue_is_empty (&self->out);

  outgoing->stream = stream;
  outgoing->ppid = ppid;
  outgoing->bytes = g_bytes_ref (bytes);
  g_queue_push_tail (&self->out, outgoing);
  self->buffered += g_bytes_get_size (bytes);
  /* What waits already will be told of when it goes. */
  if (first && self->id) {
    p2p_nice_usrsctp_wake ();
    flush (self);
  }
}

gsize
p2p_nice_sctp_get_buffered (P2pNiceSctp * self)
{
  return self->buffered;
}

gboolean
p2p_nice_sctp_is_drained (P2pNiceSctp * self)
{
  struct sctp_status status;

  return self->buffered == 0 && (!get_status (self, &status)
      || status.sstat_unackdata + status.sstat_penddata == 0);
}

gint64
p2p_nice_sctp_get_round_trip (P2pNiceSctp * self)
{
  struct sctp_status status;

  return get_status (self, &status)
      ? status.sstat_primary.spinfo_srtt * P2P_MSEC : -1;
}

void
p2p_nice_sctp_close (P2pNiceSctp * self)
{
  if (!self->id)
    return;
  if (self->socket)
    usrsctp_close (self->socket);
  self->socket = NULL;
  p2p_nice_usrsctp_remove (&self->id);
}

void
p2p_nice_sctp_free (P2pNiceSctp * self)
{
  p2p_nice_sctp_close (self);
  g_queue_clear_full (&self->news, (GDestroyNotify) news_free);
  g_queue_clear_full (&self->out, (GDestroyNotify) outgoing_free);
  g_object_unref (self->clock);
  g_free (self);
}
