/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "p2pniceusrsctp.h"

#include "p2pnicecrc32c.h"

#include <string.h>
#include <usrsctp.h>

#define HEADER 12               /* bytes of SCTP's common header */
#define CHECKSUM 8              /* where it is in that */

typedef struct
{
  guintptr id;
  P2pNiceUsrsctpOutput output;
  P2pNiceUsrsctpNoted noted;
  gpointer user_data;
  gboolean is_noted;
} User;

/* Of the engine's thread, as all that use it. */
static struct
{
  gboolean ready;
  guintptr last_id;
  GHashTable *users;            /* id -> User */
  GArray *noted;                /* ids */
  P2pClock *clock;              /* while there are users */
  guint timer;
  gint64 next;                  /* time of the timer */
  gint64 ticked;                /* the time as usrsctp knows it */
  gint64 busy_until;
} the;

static User *
get_user (guintptr id)
{
  return g_hash_table_lookup (the.users, (gpointer) id);
}

static void on_tick (gpointer unused);

static void
arm (gint64 now)
{
  gint64 next = now + (now < the.busy_until ? P2P_NICE_USRSCTP_TICK
      : P2P_NICE_USRSCTP_IDLE_TICK);

  if (the.timer && the.next <= next)
    return;
  p2p_clock_cancel (the.clock, &the.timer);
  the.next = next;
  the.timer = p2p_clock_call_at (the.clock, next, on_tick, NULL);
}

/* Tells usrsctp the time. */
static void
run_timers (gint64 now)
{
  gint64 elapsed = (now - the.ticked) / P2P_MSEC;

  the.ticked += elapsed * P2P_MSEC;
  if (elapsed > 0)
    usrsctp_handle_timers (MIN (elapsed, G_MAXINT));
}

/* Whoever is told may add and remove users. */
static void
tell_noted (void)
{
  while (the.noted->len > 0) {
    guintptr id = g_array_index (the.noted, guintptr, the.noted->len - 1);
    User *user = get_user (id);

    g_array_set_size (the.noted, the.noted->len - 1);
    if (user) {
      user->is_noted = FALSE;
      user->noted (user->user_data);
    }
  }
}

static void
on_tick (gpointer unused)
{
  gint64 now = p2p_clock_get_time (the.clock);

  the.timer = 0;
  run_timers (now);
  arm (now);
  tell_noted ();
}

/* Heartbeats do not make it busy. */
static void
look_at (const guint8 * packet, gsize size)
{
  if (size > HEADER && packet[HEADER] != SCTP_HEARTBEAT_REQUEST
      && packet[HEADER] != SCTP_HEARTBEAT_ACK) {
    gint64 now = p2p_clock_get_time (the.clock);

    the.busy_until = now + P2P_NICE_USRSCTP_BUSY;
    arm (now);
  }
}

static int
on_output (void *address, void *packet, size_t size, uint8_t tos,
    uint8_t dont_fragment)
{
  User *user = get_user ((guintptr) address);
  guint32 checksum;

  if (!user || size < HEADER)
    return 0;
  look_at (packet, size);
  checksum = GUINT32_TO_LE (p2p_nice_crc32c (packet, size));
  memcpy ((guint8 *) packet + CHECKSUM, &checksum, sizeof checksum);
  user->output (user->user_data, packet, size);
  return 0;
}

static void
set_up (void)
{
  the.ready = TRUE;
  the.users = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  the.noted = g_array_new (FALSE, FALSE, sizeof (guintptr));
  usrsctp_init_nothreads (0, on_output, NULL);
  /* The checksum is written by us, and not looked at: DTLS knows better. */
  usrsctp_enable_crc32c_offload ();
  usrsctp_sysctl_set_sctp_ecn_enable (0);
  usrsctp_sysctl_set_sctp_asconf_enable (0);
  usrsctp_sysctl_set_sctp_auth_enable (0);
  usrsctp_sysctl_set_sctp_pr_enable (1);
  usrsctp_sysctl_set_sctp_blackhole (2);
  usrsctp_sysctl_set_sctp_sendspace (P2P_NICE_USRSCTP_WINDOW);
  usrsctp_sysctl_set_sctp_recvspace (P2P_NICE_USRSCTP_RECEIVE_WINDOW);
  usrsctp_sysctl_set_sctp_max_chunks_on_queue (64 * 1024);
  /* The burst is what holds it; see p2pnicesctp. */
  usrsctp_sysctl_set_sctp_initial_cwnd (64 * 1024);
  usrsctp_sysctl_set_sctp_max_burst_default (P2P_NICE_USRSCTP_BURST);
  usrsctp_sysctl_set_sctp_sack_freq_default (2);
  usrsctp_sysctl_set_sctp_delayed_sack_time_default (20);
  /* With less the losses of a queue that overflowed cost half of the rate. */
  usrsctp_sysctl_set_sctp_rto_min_default (1000);
  usrsctp_sysctl_set_sctp_rto_initial_default (1000);
  usrsctp_sysctl_set_sctp_rto_max_default (10 * 1000);
  usrsctp_sysctl_set_sctp_heartbeat_interval_default
      (P2P_NICE_USRSCTP_HEARTBEAT / P2P_MSEC);
  /* Ports and tags of one pair of peers are their own. */
  usrsctp_sysctl_set_sctp_vtag_time_wait (1);
}

guintptr
p2p_nice_usrsctp_add (P2pClock * clock, P2pNiceUsrsctpOutput output,
    P2pNiceUsrsctpNoted noted, gpointer user_data)
{
  User *user = g_new0 (User, 1);

  if (!the.ready)
    set_up ();
  if (!the.clock) {
    the.clock = g_object_ref (clock);
    the.ticked = p2p_clock_get_time (clock);
    the.busy_until = 0;
    arm (the.ticked);
  }
  g_assert (the.clock == clock);
  do {
    the.last_id++;
  } while (the.last_id == 0 || get_user (the.last_id));
  user->id = the.last_id;
  user->output = output;
  user->noted = noted;
  user->user_data = user_data;
  g_hash_table_insert (the.users, (gpointer) user->id, user);
  usrsctp_register_address ((void *) user->id);
  return user->id;
}

void
p2p_nice_usrsctp_remove (guintptr * id)
{
  usrsctp_deregister_address ((void *) *id);
  g_hash_table_remove (the.users, (gpointer) * id);
  *id = 0;
  if (g_hash_table_size (the.users) == 0) {
    p2p_clock_cancel (the.clock, &the.timer);
    g_clear_object (&the.clock);
  }
}

gpointer
p2p_nice_usrsctp_lookup (guintptr id)
{
  User *user = get_user (id);

  return user ? user->user_data : NULL;
}

void
p2p_nice_usrsctp_note (guintptr id)
{
  User *user = get_user (id);

  if (!user || user->is_noted)
    return;
  user->is_noted = TRUE;
  g_array_append_val (the.noted, id);
}

void
p2p_nice_usrsctp_wake (void)
{
  gint64 now = p2p_clock_get_time (the.clock);

  if (now >= the.busy_until)
    run_timers (now);
}

void
p2p_nice_usrsctp_input (guintptr id, const guint8 * data, gsize size)
{
  p2p_nice_usrsctp_wake ();
  look_at (data, size);
  usrsctp_conninput ((void *) id, data, size, 0);
  p2p_nice_usrsctp_note (id);
  tell_noted ();
}
