/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "load.h"

#include "p2perror.h"

#include <glib-unix.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE (64 * 1024)
/* Connections that end with one process. */
#define PER_VICTIM 50
/* Microseconds until what ends late, in threads of GLib's, has ended. */
#define REST (100 * P2P_MSEC)

static GBytes *
make_message (void)
{
  return g_bytes_new_take (g_malloc0 (MESSAGE), MESSAGE);
}

static void
exchange (World * world, Peer * a, Peer * b)
{
  g_autoptr (GBytes) bytes = make_message ();

  g_assert_true (p2p_channel_send (a->channel, bytes, FALSE));
  g_assert_true (p2p_channel_send (b->channel, bytes, FALSE));
  world_wait (world, a->messages->len == 1 && b->messages->len == 1);
  g_ptr_array_set_size (a->messages, 0);
  g_ptr_array_set_size (b->messages, 0);
}

static gsize
get_memory (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  words = g_strsplit (text, " ", 3);
  return g_ascii_strtoull (words[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

static void
look (World * world, LoadUsage * usage)
{
  world_settle (world);
  world_run (world, REST);
#ifdef __GLIBC__
  malloc_trim (0);              /* what is free is nobody's */
#endif
  usage->fds = count_fds ();
  usage->threads = count_threads ();
  usage->memory = get_memory ();
}

/* What the process with the other ends and this one say to each other: texts
 * that end with NUL. */

static void
say (int fd, const char *text)
{
  gssize size = strlen (text) + 1;

  g_assert_cmpint (write (fd, text, size), ==, size);
}

typedef struct
{
  int fd;
  GString *text;
  gboolean whole;
} Ear;

static gboolean
on_heard (int fd, GIOCondition condition, gpointer user_data)
{
  Ear *ear = user_data;
  char buffer[8192];
  gssize n = read (fd, buffer, sizeof buffer);

  if (n <= 0)
    _exit (1);
  ear->whole = buffer[n - 1] == '\0';
  g_string_append_len (ear->text, buffer, n - ear->whole);
  return G_SOURCE_CONTINUE;
}

/* Returns: (transfer full) */
static char *
hear (World * world, int fd)
{
  Ear ear = { fd, g_string_new (NULL) };
  GSource *source = g_unix_fd_source_new (fd, G_IO_IN | G_IO_HUP);

  g_source_set_callback (source, G_SOURCE_FUNC (on_heard), &ear, NULL);
  g_source_attach (source, world->context);
  while (!ear.whole)
    world_turn (world);
  g_source_destroy (source);
  g_source_unref (source);
  return g_string_free (ear.text, FALSE);
}

/* The process of other viewers: each takes an offer, answers and exchanges. */

static void
be_victim (int fd)
{
  World *world = world_new ();
  g_autoptr (GBytes) bytes = make_message ();

  world_start (world);
  for (;;) {
    Peer *peer = g_new0 (Peer, 1);
    g_autofree char *offer = hear (world, fd);

    peer_start (world, peer, NULL, P2P_CONNECTION_ANSWER, FALSE);
    p2p_connection_set_remote (peer->connection, offer);
    world_wait (world, peer->n_described);
    say (fd, peer->described);
    world_wait (world, peer->n_open);
    g_assert_true (p2p_channel_send (peer->channel, bytes, FALSE));
  }
}

typedef struct
{
  pid_t pid;
  int fd;
  Peer peers[PER_VICTIM];       /* ours that are connected to it */
} Victim;

/* While nothing of ext/nice runs, that they would inherit. */
static Victim *
fork_victims (guint n)
{
  Victim *victims = g_new0 (Victim, n);

  for (guint i = 0; i < n; i++) {
    int fds[2];

    g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
    victims[i].pid = fork ();
    if (victims[i].pid == 0) {
      for (guint other = 0; other < i; other++)
        close (victims[other].fd);
      close (fds[0]);
      be_victim (fds[1]);
    }
    close (fds[1]);
    victims[i].fd = fds[0];
  }
  return victims;
}

static void
kill_victim (Victim * victim)
{
  kill (victim->pid, SIGKILL);
  g_assert_cmpint (waitpid (victim->pid, NULL, 0), ==, victim->pid);
  close (victim->fd);
}

static void
connect_to_victim (World * world, Victim * victim, Peer * peer)
{
  g_autoptr (GBytes) bytes = make_message ();
  g_autofree char *answer = NULL;

  peer_start (world, peer, NULL, P2P_CONNECTION_OFFER, FALSE);
  world_wait (world, peer->n_described);
  say (victim->fd, peer->described);
  answer = hear (world, victim->fd);
  p2p_connection_set_remote (peer->connection, answer);
  world_wait (world, peer->n_open);
  g_assert_true (p2p_channel_send (peer->channel, bytes, FALSE));
  world_wait (world, peer->messages->len == 1);
  g_ptr_array_set_size (peer->messages, 0);
}

/* Frees those whose end was told. Returns: whether all are */
static gboolean
sweep (Peer * peers, guint n)
{
  gboolean all = TRUE;

  for (guint i = 0; i < n; i++) {
    if (peers[i].n_closed) {
      g_assert_error (peers[i].error, P2P_ERROR, P2P_ERROR_GONE);
      peer_clear (&peers[i]);
    }
    all &= peers[i].channel == NULL;
  }
  return all;
}

static gboolean
sweep_victims (Victim * victims, guint n)
{
  gboolean all = TRUE;

  for (guint i = 0; i < n; i++)
    all &= sweep (victims[i].peers, PER_VICTIM);
  return all;
}

static void
end_kindly (World * world, guint i)
{
  Peer a = { 0 }, b = { 0 };
  Peer *left = i & 4 ? &a : &b, *other = i & 4 ? &b : &a;

  peers_open (world, &a, &b, i & 2);
  exchange (world, &a, &b);
  peer_clear (left);
  world_wait (world, other->n_closed);
  g_assert_no_error (other->error);
  peer_clear (other);
}

void
load_cycles (guint n, guint first, LoadCycles * cycles)
{
  guint n_victims = (n / 2 + PER_VICTIM - 1) / PER_VICTIM, n_killed = 0;
  Victim *victims = fork_victims (n_victims);
  World *world = world_new ();
  gint64 began = g_get_monotonic_time ();

  world_start (world);
  end_kindly (world, 0);        /* what there is once is there */
  look (world, &cycles->before);
  cycles->before.fds -= n_victims;
  for (guint i = 0; i < n; i++) {
    if (i & 1) {
      Victim *victim = &victims[n_killed / PER_VICTIM];

      connect_to_victim (world, victim,
          &victim->peers[n_killed++ % PER_VICTIM]);
      if (n_killed % PER_VICTIM == 0 || n_killed == n / 2)
        kill_victim (victim);
    } else
      end_kindly (world, i);
    sweep_victims (victims, (n_killed + PER_VICTIM - 1) / PER_VICTIM);
    if (i + 1 == first || i + 1 == n) {
      world_wait (world, sweep_victims (victims, n_killed / PER_VICTIM));
      look (world, i + 1 == n ? &cycles->after : &cycles->early);
    }
  }
  cycles->seconds = (g_get_monotonic_time () - began) / 1e6;
  g_free (victims);
  world_free (world);
}

void
load_open (guint n, double *times)
{
  World *world = world_new ();

  world->config.local_address = NULL;
  world_start (world);
  for (guint i = 0; i < n; i++) {
    Peer a = { 0 }, b = { 0 };
    gint64 began = g_get_monotonic_time ();

    peers_open (world, &a, &b, TRUE);
    times[i] = (g_get_monotonic_time () - began) / 1e3;
    peer_clear (&a);
    peer_clear (&b);
    world_settle (world);
  }
  world_free (world);
}

static double
get_cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void
load_crowd (guint n, gint64 time, LoadCrowd * crowd)
{
  World *world = world_new ();
  Peer *peers = g_new0 (Peer, n);
  gsize memory;
  double cpu;

  world->config.local_address = NULL;
  world_start (world);
  end_kindly (world, 0);        /* what there is once is there */
  world_settle (world);
  memory = get_memory ();
  for (guint i = 0; i < n; i += 2) {
    peers_open (world, &peers[i], &peers[i + 1], TRUE);
    g_clear_object (&peers[i].connection);
    g_clear_object (&peers[i + 1].connection);
    exchange (world, &peers[i], &peers[i + 1]);
  }
  world_run (world, 3 * P2P_SECOND);
  crowd->memory = ((double) get_memory () - memory) / n;
  cpu = get_cpu ();
  world_run (world, time);
  crowd->cpu = (get_cpu () - cpu) / (time / 1e6);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpuint (peers[i].n_closed, ==, 0);
    peer_clear (&peers[i]);
  }
  g_free (peers);
  world_free (world);
}
