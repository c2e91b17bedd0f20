/* p2phls: HLS over the other viewers of the same stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two ends in memory: what a peer sends that our own channels would not, and a
 * line that loses a packet.
 */

#include "p2pnicesctp.h"

#include "p2perror.h"

#include <string.h>

typedef struct
{
  P2pNiceSctp *sctp;
  GQueue out;                   /* of GBytes */
  guint n_up, n_closed, sent;
  gsize received;
  GError *error;
} End;

static void
on_output (const guint8 * data, gsize size, gpointer user_data)
{
  End *self = user_data;

  g_assert_cmpuint (size, <=, 12 + P2P_NICE_SCTP_MTU);
  self->sent++;
  g_queue_push_tail (&self->out, g_bytes_new (data, size));
}

static void
on_up (gpointer user_data)
{
  ((End *) user_data)->n_up++;
}

static void
on_message (guint16 stream, P2pNicePpid ppid, GBytes * bytes,
    gpointer user_data)
{
  End *self = user_data;

  g_assert_cmpuint (stream, ==, 3);
  g_assert_cmpuint (ppid, ==, P2P_NICE_PPID_BINARY);
  self->received += g_bytes_get_size (bytes);
}

static void
on_nothing (gpointer user_data)
{
}

static void
on_reset (guint16 stream, gpointer user_data)
{
}

static void
on_closed (const GError * error, gpointer user_data)
{
  End *self = user_data;

  self->n_closed++;
  self->error = error ? g_error_copy (error) : NULL;
}

static const P2pNiceSctpEvents events = {
  on_output, on_up, on_message, on_reset, on_nothing, on_closed,
};

static gboolean
give (End * from, End * to)
{
  g_autoptr (GBytes) packet = g_queue_pop_head (&from->out);

  if (packet)
    p2p_nice_sctp_input (to->sctp, g_bytes_get_data (packet, NULL),
        g_bytes_get_size (packet));
  return packet != NULL;
}

/* Carries for a second, of the clock's. */
static void
carry (P2pClock * clock, End * a, End * b)
{
  for (guint i = 0; i < 100; i++) {
    while (give (a, b) || give (b, a));
    p2p_clock_run (clock, p2p_clock_get_time (clock) + 10 * P2P_MSEC);
  }
}

static void
send_zeros (End * self, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);

  p2p_nice_sctp_send (self->sctp, 3, P2P_NICE_PPID_BINARY, bytes);
}

static void
set_up (P2pClock * clock, End ends[2])
{
  for (guint side = 0; side < 2; side++)
    ends[side].sctp = p2p_nice_sctp_new (clock, &events, &ends[side]);
  for (guint side = 0; side < 2; side++)
    g_assert_true (p2p_nice_sctp_connect (ends[side].sctp, 5000, 5000,
            P2P_NICE_SCTP_MTU));
  carry (clock, &ends[0], &ends[1]);
  g_assert_cmpuint (ends[0].n_up, ==, 1);
  g_assert_cmpuint (ends[1].n_up, ==, 1);
}

static void
tear_down (P2pClock * clock, End ends[2])
{
  for (guint side = 0; side < 2; side++) {
    p2p_nice_sctp_free (ends[side].sctp);
    g_queue_clear_full (&ends[side].out, (GDestroyNotify) g_bytes_unref);
    g_clear_error (&ends[side].error);
  }
  p2p_clock_run (clock, p2p_clock_get_time (clock) + P2P_SECOND);
}

/* The longest message comes; one that is longer ends it, and is not kept. */
static void
test_too_long (void)
{
  static const gsize sizes[] = { P2P_NICE_MAX_MESSAGE + 1,
    16 * P2P_NICE_MAX_MESSAGE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (P2pClock) clock = p2p_clock_new (0);
    End ends[2] = { {NULL}, {NULL}
    };

    set_up (clock, ends);
    send_zeros (&ends[0], P2P_NICE_MAX_MESSAGE);
    carry (clock, &ends[0], &ends[1]);
    g_assert_cmpuint (ends[1].received, ==, P2P_NICE_MAX_MESSAGE);
    send_zeros (&ends[0], sizes[i]);
    carry (clock, &ends[0], &ends[1]);
    g_assert_cmpuint (ends[1].received, ==, P2P_NICE_MAX_MESSAGE);
    g_assert_cmpuint (ends[1].n_closed, ==, 1);
    g_assert_error (ends[1].error, P2P_ERROR, P2P_ERROR_PEER);
    tear_down (clock, ends);
  }
}

/* Carries what is there to the other side, in a round trip of the clock's; lossy:
 * but for the first packet. Returns: how many packets a sent in it */
static guint
carry_round_trip (P2pClock * clock, End * a, End * b, gboolean lossy)
{
  guint sent = a->sent;

  if (lossy)
    g_bytes_unref (g_queue_pop_head (&a->out));
  for (guint n = g_queue_get_length (&a->out); n > 0; n--)
    give (a, b);
  p2p_clock_run (clock, p2p_clock_get_time (clock) + 20 * P2P_MSEC);
  while (give (b, a));
  return a->sent - sent;
}

/* A loss leaves 0.7 of what went before, of little and of all that usrsctp has
 * room for, and a round trip brings little. How little depends on usrsctp's
 * clock, which is none of ours. */
static void
test_loss (gconstpointer least)
{
  g_autoptr (P2pClock) clock = p2p_clock_new (0);
  End ends[2] = { {NULL}, {NULL}
  };
  guint before = 0, after = 0, later = 0;

  set_up (clock, ends);
  for (guint i = 0; i < 32; i++)
    send_zeros (&ends[0], P2P_NICE_MAX_MESSAGE);
  while (before < GPOINTER_TO_UINT (least))
    before = carry_round_trip (clock, &ends[0], &ends[1], FALSE);
  for (guint i = 0; i < 3; i++)
    after = carry_round_trip (clock, &ends[0], &ends[1], i == 0);
  for (guint i = 0; i < 10; i++)
    later = carry_round_trip (clock, &ends[0], &ends[1], FALSE);
  g_test_message ("%u, %u, %u", before, after, later);
  g_assert_cmpuint (after, >=, before * 0.65);
  g_assert_cmpuint (after, <=, before * 0.75);
  g_assert_cmpuint (later, >=, after - 2);
  g_assert_cmpuint (later, <=, after + 16);
  carry (clock, &ends[0], &ends[1]);
  g_assert_cmpuint (ends[1].received, ==, 32 * P2P_NICE_MAX_MESSAGE);
  tear_down (clock, ends);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sctp/too-long", test_too_long);
  g_test_add_data_func ("/sctp/loss", GUINT_TO_POINTER (60), test_loss);
  g_test_add_data_func ("/sctp/loss-of-much", GUINT_TO_POINTER (300),
      test_loss);
  return g_test_run ();
}
