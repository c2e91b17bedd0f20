/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The viewers for tests/bench/webtorrent:
 *
 *   bench-wtload PORT VIEWERS SWARM SECONDS RATE SIZE
 *
 * connects VIEWERS to a WebTorrent tracker, in swarms of SWARM, and announces each
 * of them; prints "ready"; waits for a line; announces RATE of them a second, in
 * turn, with 5 offers of SIZE bytes each, and answers each offer that comes with as
 * much; prints how many announces it made, and how many replies, offers, answers
 * and other messages came; and waits for the end of its standard input.
 */

#include "ext/p2pfilelimit.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_OFFERS 5
#define SILENCE (2 * G_USEC_PER_SEC)
#define UPGRADE "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n" \
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" \
    "Sec-WebSocket-Key: avWyhHSbhLd8reuzw1axPg==\r\n\r\n"

typedef struct
{
  int fd;
  char info_hash[21], peer_id[21];
  GByteArray *in, *out;         /* what came, and did not go, so far */
} Viewer;

static int epoll;
static char *sdp, *offers;
static struct
{
  guint announces, replies, offers, answers, others;
} counts;
static gint64 heard;

static void
watch (Viewer * self, int operation, guint32 events)
{
  struct epoll_event event = {.events = events,.data.ptr = self };

  if (epoll_ctl (epoll, operation, self->fd, &event) < 0)
    g_error ("epoll: %s", g_strerror (errno));
}

static void
flush (Viewer * self)
{
  while (self->out->len > 0) {
    gssize n = send (self->fd, self->out->data, self->out->len, MSG_NOSIGNAL);

    if (n < 0 && errno == EAGAIN) {
      watch (self, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
      return;
    }
    if (n < 0)
      g_error ("a viewer was cut off: %s", g_strerror (errno));
    g_byte_array_remove_range (self->out, 0, n);
  }
}

/* Masked with zeros */
static void
say (Viewer * self, const char *text)
{
  gsize size = strlen (text);
  guint8 head[8] = { 0x81, 0x80 | 126, size >> 8, size & 0xff };
  gboolean waits = self->out->len > 0;

  g_assert (size >= 126 && size <= G_MAXUINT16);
  g_byte_array_append (self->out, head, sizeof (head));
  g_byte_array_append (self->out, (const guint8 *) text, size);
  if (!waits)
    flush (self);
}

static void
announce (Viewer * self, const char *event, const char *with)
{
  g_autofree char *text = g_strdup_printf ("{\"numwant\":%d,\"uploaded\":0,"
      "\"downloaded\":0,%s\"action\":\"announce\",\"info_hash\":\"%s\","
      "\"peer_id\":\"%s\",\"offers\":[%s]}", N_OFFERS, event, self->info_hash,
      self->peer_id, with);

  counts.announces++;
  say (self, text);
}

static void
answer (Viewer * self, const char *offer)
{
  const char *from = strstr (offer, "\"peer_id\":\"");
  g_autofree char *text = NULL;

  g_assert (from);
  text = g_strdup_printf ("{\"action\":\"announce\",\"info_hash\":\"%s\","
      "\"peer_id\":\"%s\",\"to_peer_id\":\"%.20s\",\"answer\":{\"type\":"
      "\"answer\",\"sdp\":\"%s\"},\"offer_id\":\"oooooooooooooooooooo\"}",
      self->info_hash, self->peer_id, from + strlen ("\"peer_id\":\""), sdp);
  say (self, text);
}

static void
hear (Viewer * self, const char *text)
{
  heard = g_get_monotonic_time ();
  if (strstr (text, "\"offer\":")) {
    counts.offers++;
    answer (self, text);
  } else if (strstr (text, "\"answer\":")) {
    counts.answers++;
  } else if (strstr (text, "\"interval\":")) {
    counts.replies++;
  } else {
    counts.others++;
  }
}

/* Returns: FALSE if there is no whole frame */
static gboolean
take_frame (Viewer * self)
{
  const guint8 *data = self->in->data;
  gsize head = 2, size;
  g_autofree char *text = NULL;

  if (self->in->len < 4)
    return FALSE;
  size = data[1];
  if (size == 126) {
    size = data[2] << 8 | data[3];
    head = 4;
  }
  g_assert (data[1] <= 126);
  if (self->in->len < head + size)
    return FALSE;
  text = g_strndup ((const char *) data + head, size);
  if (data[0] == 0x81)
    hear (self, text);
  g_byte_array_remove_range (self->in, 0, head + size);
  return TRUE;
}

static void
receive (Viewer * self)
{
  guint8 buffer[65536];
  gssize n = recv (self->fd, buffer, sizeof (buffer), 0);

  if (n < 0 && errno == EAGAIN)
    return;
  if (n <= 0)
    g_error ("a viewer was cut off");
  g_byte_array_append (self->in, buffer, n);
  while (take_frame (self));
}

static void
serve (int milliseconds)
{
  struct epoll_event events[256];
  int n = epoll_wait (epoll, events, G_N_ELEMENTS (events), milliseconds);

  for (int i = 0; i < n; i++) {
    Viewer *viewer = events[i].data.ptr;

    if (events[i].events & EPOLLOUT) {
      watch (viewer, EPOLL_CTL_MOD, EPOLLIN);
      flush (viewer);
    }
    if (events[i].events & ~EPOLLOUT)
      receive (viewer);
  }
}

static void
dial (Viewer * self, guint16 port)
{
  const struct sockaddr_in to = {
    .sin_family = AF_INET,
    .sin_port = htons (port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };
  char head[4096] = "";
  gsize got = 0;
  int on = 1;

  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || connect (self->fd, (gpointer) & to, sizeof (to)) < 0
      || send (self->fd, UPGRADE, strlen (UPGRADE), 0) < 0)
    g_error ("cannot connect: %s", g_strerror (errno));
  /* Nothing follows the head before the first announce. */
  while (!strstr (head, "\r\n\r\n")) {
    gssize n = recv (self->fd, head + got, sizeof (head) - 1 - got, 0);

    if (n <= 0)
      g_error ("no WebSocket: %s", head);
    got += n;
  }
  if (!strstr (head, " 101 "))
    g_error ("no WebSocket: %s", head);
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
  fcntl (self->fd, F_SETFL, O_NONBLOCK);
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
  watch (self, EPOLL_CTL_ADD, EPOLLIN);
}

static void
make_offers (gsize size)
{
  GString *all = g_string_new (NULL);

  sdp = g_strnfill (size, 'x');
  for (guint i = 0; i < N_OFFERS; i++)
    g_string_append_printf (all, "%s{\"offer\":{\"type\":\"offer\",\"sdp\":"
        "\"%s\"},\"offer_id\":\"oooooooooooooooooooo\"}", i ? "," : "", sdp);
  offers = g_string_free (all, FALSE);
}

static void
wait_for_line (void)
{
  char byte = 0;

  while (byte != '\n' && read (STDIN_FILENO, &byte, 1) > 0);
}

/* All that was said is answered, or nothing comes any more. */
static void
drain (void)
{
  heard = g_get_monotonic_time ();
  while ((counts.replies < counts.announces || counts.answers < counts.offers)
      && g_get_monotonic_time () < heard + SILENCE)
    serve (10);
}

static void
run (Viewer * viewers, guint n, double seconds, double rate)
{
  gint64 start = g_get_monotonic_time (), now;
  double due = 0;
  guint next = 0;

  memset (&counts, 0, sizeof (counts));
  while ((now = g_get_monotonic_time ()) < start + seconds * G_USEC_PER_SEC) {
    due = rate * (now - start) / G_USEC_PER_SEC;
    for (; counts.announces < due; next = (next + 1) % n)
      announce (&viewers[next], "", offers);
    serve (1);
  }
  drain ();
}

int
main (int argc, char **argv)
{
  guint n = argc == 7 ? strtoul (argv[2], NULL, 10) : 0;
  guint swarm = argc == 7 ? strtoul (argv[3], NULL, 10) : 0;
  Viewer *viewers = g_new0 (Viewer, n + 1);

  if (n == 0 || swarm == 0)
    g_error ("bench-wtload PORT VIEWERS SWARM SECONDS RATE SIZE");
  p2p_file_limit_raise (n + 100);
  epoll = epoll_create1 (EPOLL_CLOEXEC);
  make_offers (strtoul (argv[6], NULL, 10));
  for (guint i = 0; i < n; i++) {
    g_snprintf (viewers[i].info_hash, 21, "swarm%015u", i / swarm);
    g_snprintf (viewers[i].peer_id, 21, "peer-%015u", i);
    dial (&viewers[i], strtoul (argv[1], NULL, 10));
    announce (&viewers[i], "\"event\":\"started\",", "");
    serve (0);
  }
  drain ();
  if (counts.replies != n)
    g_error ("%u of %u announces were answered", counts.replies, n);
  g_print ("ready\n");
  wait_for_line ();
  run (viewers, n, g_ascii_strtod (argv[4], NULL),
      g_ascii_strtod (argv[5], NULL));
  g_print ("%u %u %u %u %u\n", counts.announces, counts.replies, counts.offers,
      counts.answers, counts.others);
  wait_for_line ();
  return 0;
}
