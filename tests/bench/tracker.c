/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a tracker spends: per announce in swarms of 10 peers and in one of
 * 50,000, and per message passed on with 10 WebSockets open and with 4,000.
 * Both sides of a comparison run in turns; the figure is the median of the
 * rounds. Sequential requests, the dearest way there is, each with its connection. The
 * server's thread is all of the process but the main thread, which is the
 * client.
 */

#define _GNU_SOURCE

#include "client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 7
#define FEW 10
#define MANY 50000
#define N_SWARMS 2000
#define N_ANNOUNCES 2000
#define MANY_SOCKETS 4000
#define N_MESSAGES 10000
#define SDP_SIZE 600

typedef struct
{
  P2pTrackerServer *server;
  Client *client;
  Client *other;
  guint n_swarms;
  double cpu[ROUNDS];           /* microseconds a piece */
} Side;

static double
cpu_of (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static double
server_cpu (void)
{
  return cpu_of (CLOCK_PROCESS_CPUTIME_ID) - cpu_of (CLOCK_THREAD_CPUTIME_ID);
}

static void
side_open (Side * self)
{
  P2pTrackerConfig config;

  server_config (&config);
  config.max_requests_per_second = 10000000;
  config.max_messages_per_second = 10000000;
  config.max_connections_per_address = MANY;
  config.heartbeat_interval = 100000;
  config.idle_timeout = 100000;
  config.request_timeout = 1000;
  self->server = server_start (&config);
}

static void
side_close (Side * self)
{
  p2p_tracker_server_free (self->server);
}

static void
announce_all (Side * self, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autoptr (Client) client = client_new (self->server);
    g_autoptr (Reply) reply = NULL;

    client_say (client, "GET /announce/?key=free&info_hash=%u HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n\r\n", i % self->n_swarms);
    reply = client_read_reply (client);
    g_assert_cmpuint (reply->status, ==, 200);
  }
}

static void
announce_round (Side * self, guint round)
{
  double before = server_cpu ();

  announce_all (self, N_ANNOUNCES);
  self->cpu[round] = (server_cpu () - before) / N_ANNOUNCES;
}

static void
relay_round (Side * self, guint round)
{
  g_autofree char *sdp = g_strnfill (SDP_SIZE, 'x');
  double before = server_cpu ();

  for (guint i = 0; i < N_MESSAGES; i++) {
    g_autofree char *text = NULL;
    guint code;

    socket_say (self->client, "{\"peer_id\":\"0\",\"action\":\"signal\","
        "\"to_peer_id\":\"1\",\"data\":{\"type\":\"offer\",\"sdp\":\"%s\"}}",
        sdp);
    text = socket_read (self->other, &code);
    g_assert_nonnull (text);
  }
  self->cpu[round] = (server_cpu () - before) / N_MESSAGES;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
median (Side * self)
{
  qsort (self->cpu, ROUNDS, sizeof (double), compare);
  return self->cpu[ROUNDS / 2];
}

static void
measure (const char *what, const char *unit, Side * few, guint n_few,
    Side * many, guint n_many, void (*func) (Side * side, guint round))
{
  double x, y;

  for (guint i = 0; i < ROUNDS; i++) {
    func (few, i);
    func (many, i);
  }
  x = median (few);
  y = median (many);
  g_print ("%s: %.1f us CPU with %u %s, %.1f us with %u, ratio %.2f "
      "(median of %d)\n", what, x, n_few, unit, y, n_many, y / x, ROUNDS);
}

static void
bench_announce (void)
{
  Side few = {.n_swarms = N_SWARMS }, many = {.n_swarms = 1 };

  side_open (&few);
  side_open (&many);
  announce_all (&few, N_SWARMS * FEW);
  announce_all (&many, MANY);
  measure ("announce", "peers in the swarm", &few, FEW, &many, MANY,
      announce_round);
  side_close (&few);
  side_close (&many);
}

static gsize
get_resident (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  fields = g_strsplit (text, " ", 3);
  return g_ascii_strtoull (fields[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

static void
open_sockets (Side * self, Client ** sockets, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *target = g_strdup_printf ("/ws?id=%u", i);

    sockets[i] = socket_new (self->server, target);
  }
  self->client = sockets[0];
  self->other = sockets[1];
}

static void
bench_relay (void)
{
  static Client *few_sockets[FEW], *many_sockets[MANY_SOCKETS];
  Side few = { 0 }, many = { 0 };
  gsize before;

  side_open (&few);
  side_open (&many);
  open_sockets (&few, few_sockets, FEW);
  before = get_resident ();
  open_sockets (&many, many_sockets, MANY_SOCKETS);
  g_print ("memory: %.1f KB a WebSocket, both ends\n",
      (get_resident () - before) / 1024.0 / MANY_SOCKETS);
  measure ("message passed on", "WebSockets", &few, FEW, &many, MANY_SOCKETS,
      relay_round);
  for (guint i = 0; i < FEW; i++)
    client_free (few_sockets[i]);
  for (guint i = 0; i < MANY_SOCKETS; i++)
    client_free (many_sockets[i]);
  side_close (&few);
  side_close (&many);
}

int
main (int argc, char **argv)
{
  struct rlimit files;

  getrlimit (RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files);
  bench_announce ();
  bench_relay ();
  return 0;
}
