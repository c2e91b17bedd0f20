/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * link PID PID RATE DELAY LOSS QUEUE SEED: a line between the network namespaces
 * of two processes, of RATE bits a second and DELAY milliseconds each way, that
 * loses LOSS percent by chance, with a SEED always the same ones, and what finds
 * QUEUE packets waiting. Its ends are the devices "line". Says so when they are
 * there, and goes on until it is killed.
 */

#include <glib.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define MTU 1500
#define MAX_ON_THE_WAY 4096     /* packets; a power of two */
#define NSEC 1e9

typedef struct
{
  double leaves;                /* the queue, seconds */
  gssize size;
  guint8 data[MTU];
} Packet;

typedef struct
{
  int from, to;
  double busy_until;
  GRand *rand;
  guint first, queued, end;     /* to arrive, to leave, behind the last */
  Packet packets[MAX_ON_THE_WAY];
} Way;

static double rate, delay, loss;
static guint queue;
static Way ways[2];

static double
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / NSEC;
}

static Packet *
at (Way * way, guint index)
{
  return &way->packets[index % MAX_ON_THE_WAY];
}

/* Returns: the device */
static int
open_end (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/ns/net", pid);
  int namespace = open (path, O_RDONLY | O_CLOEXEC), fd;
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI };

  if (namespace < 0 || setns (namespace, CLONE_NEWNET) < 0)
    g_error ("%s: %s", path, g_strerror (errno));
  close (namespace);
  g_strlcpy (request.ifr_name, "line", sizeof request.ifr_name);
  fd = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 || ioctl (fd, TUNSETIFF, &request) < 0)
    g_error ("/dev/net/tun: %s", g_strerror (errno));
  return fd;
}

static void
take (Way * way, double now)
{
  for (;;) {
    Packet *packet = at (way, way->end);

    packet->size = read (way->from, packet->data, sizeof packet->data);
    if (packet->size <= 0)
      return;
    while (way->queued != way->end && at (way, way->queued)->leaves <= now)
      way->queued++;
    if (way->end - way->queued >= queue
        || way->end - way->first == MAX_ON_THE_WAY - 1
        || g_rand_double (way->rand) < loss)
      continue;
    way->busy_until = MAX (way->busy_until, now) + packet->size * 8 / rate;
    packet->leaves = way->busy_until;
    way->end++;
  }
}

/* Returns: when the next one arrives */
static double
hand_on (Way * way, double now)
{
  for (; way->first != way->end; way->first++) {
    Packet *packet = at (way, way->first);

    if (packet->leaves + delay > now)
      return packet->leaves + delay;
    if (write (way->to, packet->data, packet->size) < 0 && errno != EIO)
      g_error ("write: %s", g_strerror (errno));
  }
  return G_MAXDOUBLE;
}

static void
run (void)
{
  struct pollfd fds[] =
      { {ways[0].from, POLLIN, 0}, {ways[1].from, POLLIN, 0} };

  for (;;) {
    double now = get_time ();
    double next = MIN (hand_on (&ways[0], now), hand_on (&ways[1], now));
    double left = CLAMP (next - now, 0, 1);
    struct timespec timeout = { (time_t) left, (left - (time_t) left) * NSEC };

    if (ppoll (fds, G_N_ELEMENTS (fds), &timeout, NULL) < 0 && errno != EINTR)
      g_error ("poll: %s", g_strerror (errno));
    now = get_time ();
    take (&ways[0], now);
    take (&ways[1], now);
  }
}

int
main (int argc, char **argv)
{
  if (argc != 8)
    return 2;
  rate = g_ascii_strtod (argv[3], NULL);
  delay = g_ascii_strtod (argv[4], NULL) / 1e3;
  loss = g_ascii_strtod (argv[5], NULL) / 100;
  queue = g_ascii_strtoull (argv[6], NULL, 10);
  ways[0].from = ways[1].to = open_end (argv[1]);
  ways[1].from = ways[0].to = open_end (argv[2]);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    ways[i].rand = g_rand_new_with_seed (g_ascii_strtoull (argv[7], NULL, 10)
        + i);
  prctl (PR_SET_TIMERSLACK, 1UL);
  printf ("\n");
  fflush (stdout);
  run ();
  return 0;
}
